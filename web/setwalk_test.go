package web_test

import (
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// The pages of sets, as the librarian sees them: at both widths, nothing sticks
// out, axe finds nothing.
func TestSetPagesLook(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	o, set, line := setOf(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	o.Copy("30000039", "Âm nhạc 2", kiosk.Textbook, "")
	o.BookSet("BO202", "Bộ sách lớp 2, chương trình 2018, số 2, của thư viện trường", "30000021", "30000039")
	o.Lent("20000016", "30000021", "2027-05-20")
	o.CopyStatus("30000039", kiosk.CopyLost)
	signInAt(p, o.URL, "/desk")
	look := func(name, path, want string) {
		t.Helper()
		if path != "" {
			p.Go(o.URL + path)
		}
		p.WaitText(want)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", name, size.name, wide)
			}
			p.Axe(name + size.name)
			p.Picture("stock-" + name + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
	look("sets", "/desk/sets", "Thiếu cuốn")
	look("set-new", "/desk/sets/new", "Lấy sách giáo khoa")
	look("set", "/desk/sets/"+string(set.ID), "Thêm một cuốn")
	p.Type("#code", "30000021")
	p.Click("main .grid-form button[type=submit]")
	look("set-refused", "", "đang ở trong bộ")
	o.Copy("30000047", "Đạo đức 2", kiosk.Textbook, "")
	p.Type("#code", "30000047")
	p.Click("main .grid-form button[type=submit]")
	look("set-added", "", "Đã thêm “Đạo đức 2” vào bộ.")
	look("textbooks", "/desk/textbooks", "Lớp 2 (30 cuốn)")
	look("textbooks-find", "/desk/textbooks/new?q=dao+duc", "Tên sách nào?")
	look("textbooks-edit", "/desk/textbooks/"+string(line.ID), "Số cuốn có")
}
