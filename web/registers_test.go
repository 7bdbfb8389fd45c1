package web_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk"
	"muontra/kiosk/register"
	"muontra/web/webtest"
)

func registerPathOf(s *register.Sheet) string {
	if s.Report {
		return "/desk/reports/" + s.Name
	}
	return "/desk/registers/" + s.Name
}

// registerOffice has something in every kind of register.
func registerOffice(t *testing.T) *office {
	o := lendingOffice(t)
	gift := o.open("supplier", "Phụ huynh Mẫu", "source", "donation", "donor_class", "2A", "note", "Ngày hội góp sách mẫu")
	o.line(gift, "Truyện mẫu: Chú mèo nhỏ", "3")
	receipt := o.open("voucher", "HD-0192", "funding", "Ngân sách")
	o.line(receipt, "Những câu chuyện mẫu rất dài kể trước giờ đi ngủ dành cho học sinh tiểu học, tập mười hai, in lần thứ ba có sửa chữa", "20")
	o.post(receipt+"/tick", "token", o.token(receipt), "step", "register")
	o.Copy("10000090", "Bản đồ mẫu", kiosk.Map, "")
	o.Lent("20000040", "10000090", "2026-11-27")
	return o
}

// Every register and report opens with its words, as a page and as both files; a
// time that cannot be is told with what to do, and makes no file.
func TestRegistersOnPagesAndInFiles(t *testing.T) {
	o := registerOffice(t)
	for _, list := range []string{"/desk/registers", "/desk/reports"} {
		status, body := o.get(list)
		if status != 200 || strings.Contains(body, ">reg.") {
			t.Errorf("%s: %d", list, status)
		}
	}
	for _, s := range register.Sheets() {
		path := registerPathOf(s)
		status, body := o.get(path)
		if status != 200 || regexp.MustCompile(`>(?:reg|kind|source|patron)\.[a-z_.-]+<`).MatchString(body) {
			t.Errorf("%s: %d, %s", path, status, regexp.MustCompile(`>(?:reg|kind|source|patron)\.[a-z_.-]+<`).FindString(body))
		}
		if status, body := o.get(path + "?as=pdf"); status != 200 || !strings.HasPrefix(body, "%PDF-") {
			t.Errorf("%s as a PDF: %d", path, status)
		}
		status, body = o.get(path + "?as=xlsx")
		f, err := excelize.OpenReader(bytes.NewReader([]byte(body)))
		if err != nil || status != 200 {
			t.Errorf("%s as a workbook: %d %v", path, status, err)
			continue
		}
		for _, tab := range f.GetSheetList() {
			if panes, err := f.GetPanes(tab); err != nil || !panes.Freeze || panes.YSplit != 1 {
				t.Errorf("%s, %s: the header is not frozen: %+v %v", path, tab, panes, err)
			}
		}
		f.Close()
	}
	for query, want := range map[string]string{
		"from=2026-11-20&to=2026-11-01": "trước ngày bắt đầu",
		"from=2026-05-01&to=2026-07-01": "hai năm học",
		"from=2999-01-01":               "chưa đến",
		"from=hello":                    "Ngày chưa đúng",
		"class=9Z":                      "không có lớp 9Z",
	} {
		for _, as := range []string{"", "&as=pdf", "&as=xlsx"} {
			if status, body := o.get("/desk/registers/loans-pupils?" + query + as); status != 422 || !strings.Contains(body, want) {
				t.Errorf("%s%s: %d, without %q", query, as, status, want)
			}
		}
	}
	for _, path := range []string{"/desk/registers/nothing", "/desk/reports/journal"} {
		if status, _ := o.get(path); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
	_, body := o.get("/desk/registers/loans-pupils?class=2A")
	if !strings.Contains(body, "Nguyễn Mẫu Bình") || strings.Contains(body, "Lê Mẫu Đạt") {
		t.Error("the loans of class 2A are not those of class 2A")
	}
}

// The pages of registers and reports at both widths: nothing sticks out, axe finds
// nothing.
func TestRegisterPages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	o := registerOffice(t)
	p := webtest.Open(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	signInAt(p, o.URL, "/desk/registers")
	paths := []string{"/desk/registers", "/desk/registers/general-register", "/desk/registers/accession-register?part=children", "/desk/registers/journal", "/desk/registers/loans-pupils?from=2026-11-30&to=2026-11-01", "/desk/reports"}
	for _, s := range register.Sheets() {
		if s.Report && s.Name == "month" {
			paths = append(paths, registerPathOf(s))
		}
	}
	for _, path := range paths {
		p.Go(o.URL + path)
		name := strings.Trim(regexp.MustCompile(`[^a-z]+`).ReplaceAllString(strings.TrimPrefix(path, "/desk/"), "-"), "-")
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide", path, size.name, wide)
			}
			p.Axe(path + size.name)
			p.Picture("papers-" + name + size.name)
		}
	}
}

// A register's lines are closed by one press after they are signed; what is closed
// stays, and closing is said with what to do when it cannot be.
func TestRegisterIsClosed(t *testing.T) {
	o := registerOffice(t)
	const page = "/desk/registers/general-register"
	_, body := o.get(page)
	if !strings.Contains(body, "Còn 3 dòng chưa khoá") {
		t.Fatal("three lines are open")
	}
	shut := func() string {
		t.Helper()
		status, _, where := o.post(page+"/close", "token", o.token(page), "part", "", "sure", "yes")
		if status != 303 {
			t.Fatalf("%d", status)
		}
		_, body := o.get(where)
		return body
	}
	if body := o.besides(page+"/close", "sure", "Đánh dấu vào ô", "token", o.token(page), "part", ""); !strings.Contains(body, "Còn 3 dòng chưa khoá") {
		t.Error("closed without being sure")
	}
	if body := shut(); !strings.Contains(body, "Đã khoá 3 dòng.") || strings.Contains(body, "chưa khoá") {
		t.Error("the lines are not closed")
	}
	if body := shut(); !strings.Contains(body, "không có gì để khoá thêm") {
		t.Error("closed twice without a word")
	}
	// A voucher that is corrected is a new line, in red the old one taken back.
	o.update(func(tx kiosk.Tx) error {
		rs, err := tx.Receipts(false)
		if err != nil {
			return err
		}
		rs[0].Voucher = "HD-0193"
		return tx.PutReceipt(rs[0])
	})
	_, body = o.get(page)
	for _, want := range []string{"HD-0192", "HD-0193", `<tr class="back">`, "sửa dòng đã khoá", "Còn 2 dòng chưa khoá"} {
		if !strings.Contains(body, want) {
			t.Errorf("the corrected register is without %q", want)
		}
	}
	for _, as := range []string{"pdf", "xlsx"} {
		if status, _ := o.get(page + "?as=" + as); status != 200 {
			t.Errorf("as %s: %d", as, status)
		}
	}
	if status, _, _ := o.post("/desk/registers/nothing/close", "token", "x"); status != 404 {
		t.Errorf("a register that is none: %d", status)
	}
}
