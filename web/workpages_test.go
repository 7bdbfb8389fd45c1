package web_test

import (
	"regexp"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/labels/queue"
	"muontra/web/webtest"
)

// The screens of the librarian: her PC's, and a phone.
var deskSizes = []struct {
	name string
	webtest.Size
}{{"", webtest.Size{W: 1366, H: 768}}, {"-phone", webtest.Size{W: 390, H: 780}}}

// signInAt signs the librarian in and goes to a page.
func signInAt(p *webtest.Page, url, path string) {
	p.Go(url + "/desk/sign-in?next=" + path)
	p.Type("#name", "librarian")
	p.Type("#password", webtest.Password)
	p.Click("main button[type=submit]")
	p.Wait(`location.pathname === "` + path + `"`)
}

// The pages of new stock, labels and printers: each opens at both widths, does
// not stick out of the screen, and axe finds nothing.
func TestWorkPages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	p := webtest.Open(t)
	out := &paperless{}
	o := newOffice(t, printing(t, out))
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)

	o.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	o.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "2A", 2)
	done := o.open("supplier", "Phụ huynh Mẫu", "source", "donation", "donor_class", "2A", "note", "Ngày hội góp sách mẫu")
	receipt := o.open("voucher", "HD-0192", "funding", "Ngân sách", "note", "Đợt một, hai thùng")
	o.line(receipt, "Truyện mẫu: Chú chó nhỏ và vầng trăng", "30")
	o.line(receipt, "Những câu chuyện mẫu rất dài kể trước giờ đi ngủ dành cho học sinh tiểu học, tập mười hai, in lần thứ ba có sửa chữa", "20")
	o.post(receipt+"/tick", "token", o.token(receipt), "step", "register")
	o.line(receipt, "Từ điển mẫu bằng hình", "10")
	o.post(done+"/close", "token", o.token(done))
	var line, code string
	o.view(func(v kiosk.View) error {
		items, err := v.ProcessingOf(kiosk.ID(strings.TrimPrefix(receipt, "/desk/receipts/")))
		code, line = items[0].Item.Barcode, string(items[len(items)-1].LineID)
		return err
	})
	o.printer("Máy in văn phòng mẫu")
	o.printer("Máy nhãn mẫu", "language", "zpl", "stock", "35x22")
	id := strings.TrimPrefix(receipt, "/desk/receipts/")
	_, body := o.get("/desk/labels?what=receipt&receipt=" + id)
	printer := regexp.MustCompile(`<select id="printer" name="printer"><option value="([^"]+)"`).FindStringSubmatch(body)[1]
	out.set(&queue.Failure{Code: "media_empty", Detail: "khay 1"})
	o.post("/desk/labels/print", "token", "first", "order", "what=receipt&receipt="+id, "printer", printer)
	until(t, func() bool { _, body := o.get("/desk/printers/queue"); return strings.Contains(body, "hỏng sau") })

	signInAt(p, o.URL, "/desk")
	look := func(name, path, want string) {
		t.Helper()
		p.Go(o.URL + path)
		p.WaitText(want)
		for _, size := range deskSizes {
			p.Resize(size.Size)
			if wide := p.TooWide(); wide > 0 {
				t.Errorf("%s%s is %d too wide: %s", name, size.name, wide, webtest.Eval[string](p, `[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")).slice(0, 4).map(e => e.outerHTML.slice(0, 90)).join(" | ")`))
			}
			p.Axe(name + size.name)
			p.Picture("work-" + name + size.name)
		}
		p.Resize(deskSizes[0].Size)
	}
	look("desk", "/desk", "hết giấy hoặc nhãn")
	look("receipts", "/desk/receipts", "Đã khoá")
	look("receipt-new", "/desk/receipts/new", "Nơi bán")
	p.Type("#date", "")
	p.Click("main form button[type=submit]")
	p.WaitText("Phiếu nhập số 3")
	look("receipt-empty", webtest.Eval[string](p, "location.pathname"), "Phiếu còn trống")
	look("receipt", receipt, "Vào sổ")
	look("receipt-closed", done, "đã khoá")
	look("receipt-edit", receipt+"/edit", "Sửa phiếu")
	look("handover", receipt+"/sheet", "BIÊN BẢN")
	look("line-find", receipt+"/add?q=truyen", "Là cuốn nào")
	look("line-new", receipt+"/add?new=yes&q=Truyện mẫu mới", "Ký hiệu phân loại")
	p.Type("#quantity", "-")
	p.Click("main .grid-form button[type=submit]")
	p.WaitText("Điền từ 1 đến 500")
	p.Axe("line-bad")
	p.Picture("work-line-bad")
	look("line-edit", receipt+"/lines/"+line, "Sửa dòng")

	p.Go(o.URL + "/desk/shelve")
	p.Type("#code", code)
	p.Click("main .scan-box button")
	p.WaitText("Để ở")
	p.Type("#code", "99999999")
	p.Click("main .scan-box button")
	p.WaitText("Không có cuốn nào")
	p.Picture("work-shelve-refused")
	p.Type("#code", code)
	p.Click("main .scan-box button")
	p.WaitText("đã ghi lên kệ từ trước")
	look("shelve", "/desk/shelve", "Vừa quét")

	look("labels", "/desk/labels", "In gì?")
	look("labels-receipt", "/desk/labels?what=receipt&receipt="+id, "Mở tệp PDF")
	// A touch on the sheet begins there.
	p.Click(".pick a:nth-of-type(8)")
	p.Wait(`new URLSearchParams(location.search).get("skip") === "7"`)
	p.Wait(`document.querySelector(".page-picture img").complete`)
	p.Picture("work-labels-skip")
	look("labels-codes", "/desk/labels?what=codes&codes="+code+"%0A99", "99")
	look("labels-cards", "/desk/labels?what=cards&class=2A", "2 nhãn")
	look("labels-range", "/desk/labels?what=range", "Từ số")
	look("settings", "/desk/labels/settings", "Trình độ đọc")
	look("stocks", "/desk/stocks", "Chép rồi sửa")
	look("stock-new", "/desk/stocks/new?of=a4-24", "Đúng tỉ lệ")
	// The picture follows what is typed, without a button.
	p.Type("#label_width", "9")
	p.WaitText("không thể")
	p.Picture("work-stock-bad")
	look("printers", "/desk/printers", "hết giấy")
	// The queue lives: the printer has paper again.
	out.set(nil)
	p.Click(".job button[value=retry]")
	p.WaitText("xong 50 nhãn")
	look("printers-done", "/desk/printers", "xong 50 nhãn")
	look("printer-new", "/desk/printers/new", "Địa chỉ")
	_, body = o.get("/desk/printers")
	paths := regexp.MustCompile(`href="(/desk/printers/[^"]+)/calibration"`).FindAllStringSubmatch(body, -1)
	look("calibration", paths[0][1]+"/calibration", "Căn chỉnh")
	look("calibration-roll", paths[1][1]+"/calibration", "Căn chỉnh")
	look("labels-en", "/desk/labels?lang=en", "What to print?")
	p.Go(o.URL + "/desk?lang=vi")
}
