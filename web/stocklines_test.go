package web_test

import (
	"errors"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// lineOf adds a quantity line of n books.
func (o *office) lineOf(title string, n int) (l kiosk.TextbookLine) {
	o.t.Helper()
	err := o.Ledger.Update(o.t.Context(), func(tx kiosk.Tx) error {
		t := kiosk.Title{ID: tx.NewID(), Title: title, Grade: 2}
		l = kiosk.TextbookLine{ID: tx.NewID(), TitleID: t.ID, Year: 2024, From: 1, To: n, Quantity: n, Price: 10_000}
		return errors.Join(tx.PutTitle(t), tx.PutTextbookLine(l))
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return l
}

// The librarian types how many textbooks stand on the shelf: the page says what
// is missing, a number that cannot be is told beside its field with the others
// kept, and the minutes have it with its worth.
func TestBooksCountedByNumber(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("browser test")
	}
	o := mayOffice(t)
	maths, music := o.lineOf("Toán 2", 30), o.lineOf("Âm nhạc 2", 5)
	id := o.begin()
	p := webtest.Open(t)
	p.CalmMotion()
	p.Resize(deskSizes[0].Size)
	page := "/desk/stocktake/" + id + "/lines"
	signInAt(p, o.URL, page)
	p.Type(`[name="n-`+string(maths.ID)+`"]`, "28")
	p.Type(`[name="n-`+string(music.ID)+`"]`, "năm")
	p.Click("main form button[type=submit]")
	p.WaitText("Chưa lưu")
	if got := webtest.Eval[string](p, `document.querySelector("[name='n-`+string(maths.ID)+`']").value`); got != "28" {
		t.Errorf("the number typed is now %q", got)
	}
	webtest.Eval[bool](p, `(document.querySelector("[name='n-`+string(music.ID)+`']").value = "7", true)`)
	p.Click("main form button[type=submit]")
	p.WaitText("Đã ghi số đếm được")
	p.WaitText("đã đếm 2 trên 2 dòng")
	for _, size := range deskSizes {
		p.Resize(size.Size)
		p.Axe("books counted by number")
		if wide := p.TooWide(); wide > 0 {
			t.Errorf("%s: %d too wide", size.name, wide)
		}
		p.Picture("may-lines-" + size.name)
	}
	p.Resize(deskSizes[0].Size)
	p.Go(o.URL + "/desk/count?stocktake=" + id)
	p.Wait(`document.body.dataset.ready === "yes"`)
	p.Type("#code", "30000000\r")
	p.WaitText("Đúng rồi")
	p.Go(o.URL + "/desk/stocktake/" + id + "/close")
	webtest.Eval[string](p, `document.querySelector("[name=name1]").value = "Bà Mẫu"`)
	p.Click("main form.grid-form button[type=submit]")
	p.WaitText("Sách giáo khoa đếm theo số")
	if text := p.Text(); !strings.Contains(text, "20.000 đ") {
		t.Error("the minutes do not say what two books of 10.000 đ are worth")
	}
	p.Go(o.URL + "/desk/reports/stocktake-minutes") // as it is printed, what is over beside what is missing
	p.WaitText("Sách giáo khoa đếm theo số")
	if text := strings.Join(strings.Fields(p.Text()), " "); !strings.Contains(text, "Toán 2 30 28 2 20.000") || !strings.Contains(text, "35 35 2 2 20.000") {
		t.Error("the paper of the minutes:", text)
	}
	p.Go(o.URL + "/desk/textbooks/" + string(maths.ID) + "/off")
	p.WaitText("Đang có 28 cuốn trong sổ")
	webtest.Eval[bool](p, `(document.querySelector("#shelf").value = "29", true)`)
	p.Click("main form button[type=submit]")
	p.WaitText("Chưa lưu")
	webtest.Eval[bool](p, `(document.querySelector("#shelf").value = "3", true)`)
	for _, size := range deskSizes {
		p.Resize(size.Size)
		p.Axe("write off")
		p.Picture("may-writeoff-" + size.name)
	}
	p.Resize(deskSizes[0].Size)
	p.Click("main form button[type=submit]")
	p.WaitText("Đã ghi giảm 3 cuốn")
	p.Click(`form[action="/desk/undo"] button, .said form button, .ok form button`)
	p.Wait(`!document.body.innerText.includes("Đã ghi giảm 3 cuốn")`)
	err := o.Ledger.View(t.Context(), func(v kiosk.View) error {
		l, err := v.TextbookLine(maths.ID)
		if l.Quantity != 28 {
			t.Errorf("after the undo there are %d", l.Quantity)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Replayed()
}
