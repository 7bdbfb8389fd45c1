package web_test

import (
	"net/http"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// A list that was the wrong one is taken back from the page that says what was
// written: all that the ledger knows is as it was, but for the numbers of the copies,
// which are struck out, and places in a class that are nobody's.
func TestImportIsTakenBack(t *testing.T) {
	t.Parallel()
	w := newUndoWalk(t)
	o := w.o
	for _, c := range []struct {
		subject, file string
		wrote, undone string
		stays         []string // that begin the lines of what is not as it was
	}{
		{"patrons", "Họ và tên,Ngày sinh,Lớp,Mã thẻ\nHồ Mẫu Mới,01/02/2019,2A,20000206\nVũ Mẫu Mới,,2B,\n", "thêm 2", "2 bạn đọc", []string{"enrolments: "}},
		{"titles", "Tên sách,Số lượng,Loại sách\nSách Mẫu Nhập Nhầm,0,STK\n", "thêm 1", "1 tên sách", nil},
		{"copies", "Mã vạch,Tên sách,Loại sách\n30000906,Sách Mẫu Nhập Nhầm,Sách thiếu nhi\n", "thêm 1", "1 tên sách, 1 cuốn", []string{"copies: ", "titles: "}},
	} {
		before := w.rows()
		status, body, page := o.upload(c.subject, "nhầm.csv", []byte(c.file))
		if status != http.StatusOK || strings.Contains(body, page+`/undo"`) {
			t.Fatalf("%s: %d, or an undo of what is not written", c.subject, status)
		}
		if status, _, next := o.post(page+"/apply", "token", o.token(page)); status != http.StatusSeeOther || o.finished(next) != page {
			t.Fatalf("%s: apply %d", c.subject, status)
		}
		_, body = o.get(page)
		if !strings.Contains(body, c.wrote) || !strings.Contains(body, "Hoàn tác cả danh sách này") || len(differ(before, w.rows())) == 0 {
			t.Errorf("%s: what was written, and its undo, are not there: %s", c.subject, saidIn(body))
		}
		token := o.token(page)
		for range 2 { // a double click
			if status, _, next := o.post(page+"/undo", "token", token); status != http.StatusSeeOther || o.finished(next) != page {
				t.Fatalf("%s: undo %d", c.subject, status)
			}
		}
		_, body = o.get(page)
		if !strings.Contains(body, c.undone) || strings.Contains(body, "Còn giữ lại") || strings.Contains(body, page+`/undo"`) {
			t.Errorf("%s: what was taken back is not said, or can be taken back again", c.subject)
		}
	left:
		for _, left := range differ(before, w.rows()) {
			for _, s := range c.stays {
				if strings.HasPrefix(left, s) {
					continue left
				}
			}
			t.Errorf("%s: not as it was: %s", c.subject, left)
		}
	}
}

// What came after the list stays, and the page names it with the reason and a link.
func TestImportKeepsWhatCameAfter(t *testing.T) {
	t.Parallel()
	o := undoOffice(t)
	_, _, page := o.upload("patrons", "nhầm.csv", []byte("Họ và tên,Ngày sinh,Lớp,Mã thẻ\nHồ Mẫu <b>Mới,01/02/2019,2A,20000206\n"))
	_, _, next := o.post(page+"/apply", "token", o.token(page))
	o.finished(next)
	o.Copy("30000906", "Truyện mẫu chín", kiosk.Children, "")
	o.Lent("20000206", "30000906", "2026-11-20")
	_, _, next = o.post(page+"/undo", "token", o.token(page))
	o.finished(next)
	_, body := o.get(page)
	for _, want := range []string{"Không hoàn tác được mục nào.", "Còn giữ lại 1 mục.", "Hồ Mẫu &lt;b&gt;Mới</a>: đã có lượt mượn", `href="/desk/patrons/` + o.patronID("20000206")} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q", want)
		}
	}
}

// The way back as its reader goes it: one button on the page of the list, and the
// sentence of what became of it, on a PC and on a phone.
func TestImportUndoInABrowser(t *testing.T) {
	t.Parallel()
	p := webtest.Open(t)
	o := undoOffice(t)
	_, _, page := o.upload("patrons", "danh sách lớp 2B.csv", []byte("Họ và tên,Ngày sinh,Lớp,Mã thẻ\nHồ Mẫu Mới,01/02/2019,2A,20000206\nVũ Mẫu Mới,,2B,\n"))
	_, _, next := o.post(page+"/apply", "token", o.token(page))
	o.finished(next)
	o.Copy("30000906", "Truyện mẫu chín", kiosk.Children, "")
	o.Lent("20000206", "30000906", "2026-11-20")
	look := func(name string) {
		for _, size := range deskSizes {
			p.Resize(size.Size)
			p.Axe(name)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s, %s: %d too wide", name, size.name, wide)
			}
			p.Picture("import-" + name + "-" + size.name)
		}
	}
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, page)
	p.WaitText("Đã ghi: thêm 2")
	look("written")
	p.Click(`form[action="` + page + `/undo"] button`)
	p.WaitText("Đã hoàn tác: 1 bạn đọc.")
	p.WaitText("Hồ Mẫu Mới: đã có lượt mượn")
	look("taken-back")
}
