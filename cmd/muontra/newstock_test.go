package main

import (
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/web/webtest"
)

// The whole way of a box of new books, in the real program and a browser: the
// librarian's first sign-in, sixty books on three lines, registered with one
// button, their labels as a PDF, one shelved by its scan, and lent at the
// kiosk. At the end nothing contradicts anything.
func TestNewStockFromTheBoxToTheFirstLoan(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	page := webtest.Open(t)
	p := startProgram(t, programConfig{})
	w := kiosktest.NewWorld(t, p.store, time.Now().UTC().Add(7*time.Hour).Format(time.DateTime))
	w.Patron(kiosk.Pupil, "HS001", "Mẫu Văn An", "3A", 3)
	page.Resize(webtest.Size{W: 1366, H: 768})

	page.Go(p.URLs()[0] + "/desk")
	page.Type("#name", "thuvien")
	page.Type("#password", webtest.Password)
	page.Type("#again", webtest.Password)
	page.Click("main button[type=submit]")
	// The school's name is asked first; its year is filled in already.
	page.WaitText("Cơ quan chủ quản")
	page.Type("#school", "Trường Tiểu học Mẫu")
	page.Click("main button[type=submit]")
	page.WaitText("Ba việc tiếp theo")
	page.Go(p.URLs()[0] + "/desk")
	page.WaitText("Nhận sách, vào sổ, dán nhãn")

	page.Click(`.tiles a[href="/desk/receipts"]`)
	page.WaitText("Không có sách nào chờ")
	page.Click(`a[href="/desk/receipts/new"]`)
	page.WaitText("Nơi bán")
	page.Type("#supplier", "Nhà sách mẫu")
	page.Type("#voucher", "HD-01")
	page.Click("main .grid-form button[type=submit]")
	page.WaitText("Phiếu nhập số 1")
	receipt := webtest.Eval[string](page, "location.pathname")

	for _, l := range []struct{ scan, title, n string }{
		{"9780306406157", "Truyện mẫu một", "30"},
		{"Truyện mẫu hai", "", "20"},
		{"Từ điển mẫu", "", "10"},
	} {
		page.Type("#q", l.scan+"\r") // as a scanner types it
		page.Wait(`location.pathname.endsWith("/add")`)
		page.Wait(`document.readyState === "complete"`)
		if page.Has(`a[href*="new=yes"]`) {
			page.Click(`a[href*="new=yes"]`)
			page.Wait(`document.getElementById("quantity")`)
		}
		if l.title != "" {
			page.Type(`[id="title.title"]`, l.title)
		}
		page.Type(`[id="title.class_number"]`, "895")
		webtest.Eval[bool](page, `(() => { const s = document.getElementById("home_place"); if (!s.value) s.value = s.options[1].value; document.getElementById("quantity").value = ""; return true })()`)
		page.Type("#quantity", l.n)
		page.Click("main .grid-form button[type=submit]")
		page.WaitText("Đã thêm " + l.n + " cuốn")
	}
	page.WaitText("Việc cần làm với 60 cuốn")

	// Nothing is lent before it is registered.
	var code string
	w.Ledger.View(t.Context(), func(v kiosk.View) error {
		items, err := v.ProcessingOf(kiosk.ID(strings.TrimPrefix(receipt, "/desk/receipts/")))
		if err != nil {
			t.Fatal(err)
		}
		code = items[len(items)-1].Item.Barcode
		return nil
	})
	lend := func() string {
		return webtest.Eval[string](page, `(async () => {
  let said = "";
  for (const code of ["HS001", "`+code+`", "%FINISH"]) {
    const res = await fetch("/api/v1/stations/desk/scans", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({code})});
    const r = await res.json();
    said += r.outcome + (r.reason ? ":" + r.reason : "") + " ";
  }
  return said.trim();
})()`)
	}
	if got := lend(); got != "session_opened refused:not_processed session_ended" {
		t.Errorf("before registration: %s", got)
	}

	page.Go(p.URLs()[0] + receipt)
	page.Click(".columns li:nth-child(1) button")
	page.WaitText("Đã vào sổ 60 cuốn")
	page.WaitText("TN.00060")
	page.Picture("newstock-registered")
	page.Click(".columns li:nth-child(2) button")
	page.WaitText("60 cuốn có dấu")

	page.Click(".columns li:nth-child(3) a.button")
	page.WaitText("In: 60 nhãn, 1 trang")
	page.Wait(`document.querySelector(".page-picture img").complete`)
	page.Picture("newstock-labels")
	pdf := webtest.Eval[string](page, `(async () => {
  const res = await fetch(document.querySelector('a[href*="labels.pdf"]').href);
  const b = await res.text();
  return res.headers.get("content-type") + " " + b.slice(0, 5) + " " + (b.length > 20000);
})()`)
	if pdf != "application/pdf %PDF- true" {
		t.Errorf("the PDF: %s", pdf)
	}
	page.Click(`form[action="/desk/labels/mark"] button`)
	page.WaitText("60 cuốn có nhãn")

	page.Click(`.tabs a[href="/desk/titles"]`)
	page.Wait(`location.pathname === "/desk/titles"`)
	page.Click(`.tabs a[href="/desk/receipts"]`)
	page.Wait(`location.pathname === "/desk/receipts"`)
	page.Click(`.tabs a[href="/desk/shelve"]`)
	page.WaitText("Còn 60 cuốn mới chờ xếp")
	page.Type("#code", code+"\r")
	page.WaitText("Để ở")
	page.WaitText("TN.00060")
	page.Picture("newstock-shelved")

	if got := lend(); got != "session_opened checked_out session_ended" {
		t.Errorf("the first loan: %s", got)
	}
	if card, _ := w.Borrower(code); card != "HS001" {
		t.Errorf("the book is with %q", card)
	}
	page.Go(p.URLs()[0] + "/desk/receipts")
	page.WaitText("59 cuốn đang chờ xử lý")
	w.Replayed()
	faults, err := p.store.Check(t.Context())
	if err != nil || len(faults) > 0 {
		t.Errorf("check: %v %v", faults, err)
	}
}
