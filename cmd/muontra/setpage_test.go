//go:build linux

package main

import (
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// A set of textbooks at the children's page: lent by one scan, its books brought
// back one by one, and the page says each time how many are still missing, until
// none is.
func TestTextbookSetAtTheKiosk(t *testing.T) {
	page := webtest.Open(t)
	p := startProgram(t, programConfig{listen: []string{"127.0.0.1:0"}})
	w := furnishForTest(t, p)
	w.Entitle("HS001", true)
	w.Entitle("HS002", true) // else the books are not for this pupil at all
	for code, name := range map[string]string{"GK001": "Toán mẫu 3", "GK002": "Tiếng Việt mẫu 3", "GK003": "Đạo đức mẫu 3"} {
		w.Copy(code, name, kiosk.Textbook, "")
	}
	w.BookSet("BO301", "Bộ sách lớp 3, số 1", "GK001", "GK002", "GK003")
	with := func(card string, codes ...string) {
		t.Helper()
		for _, code := range codes {
			if got, _ := w.Borrower(code); got != card {
				t.Errorf("%s is with %q, want %q", code, got, card)
			}
		}
	}
	finishCode := kiosk.CommandCodes[0].Barcode // a keyboard scanner types digits safely
	page.Resize(webtest.Sizes[0])
	page.Go(p.URLs()[0] + "/kiosk/desk")
	page.Wait(`document.body.dataset.ready === "yes"`)
	scan := func(code string, want ...string) {
		t.Helper()
		page.Keys(typed(code))
		for _, text := range want {
			page.WaitText(text)
		}
	}

	// All of it by one scan.
	scan("HS001", "An")
	scan("BO301", "Bộ sách lớp 3, số 1", "Cả bộ: 3 cuốn")
	page.Picture("set-lent")
	page.Axe("a set that was lent")
	with("HS001", "GK001", "GK002", "GK003")
	scan(finishCode)
	page.Wait(`!document.body.innerText.includes("Bộ sách lớp 3, số 1")`)

	// Back one by one, without a card, as after the last lesson.
	scan("GK002", "Tiếng Việt mẫu 3", "Bộ sách lớp 3, số 1 còn thiếu 2 trên 3 cuốn")
	page.Picture("set-two-missing")
	page.Axe("a set of which two are missing")
	with("HS001", "GK001", "GK003")
	with("", "GK002")
	scan("GK001", "Toán mẫu 3", "Bộ sách lớp 3, số 1 còn thiếu 1 trên 3 cuốn")

	// What is not whole is not lent as a set, and the page says what to do.
	scan("HS002", "Bình")
	scan("BO301", "Bộ sách này chưa đủ", "Thiếu 1 trên 3 cuốn")
	page.Picture("set-incomplete")
	page.Axe("a set that is not whole")
	with("", "GK001", "GK002")
	scan(finishCode)
	page.Wait(`!document.body.innerText.includes("Bộ sách này chưa đủ")`)

	// The last one: nothing is missing any more.
	scan("GK003", "Đạo đức mẫu 3")
	page.Wait(`!document.body.innerText.includes("còn thiếu")`)
	page.Picture("set-whole-again")
	with("", "GK001", "GK002", "GK003")
	w.Replayed()
}
