package main

import (
	"fmt"
	"strings"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// Before the year ends everything is called back: a day to bring it, the due
// dates moved, and the list by class that the librarian follows.
func (y *aYear) recall(clock, due string) {
	p := y.page
	y.w.Set(clock)
	out := y.openLoans()
	y.open("/desk/recall/new")
	y.look("recall-new")
	typeOver(p, "#name", "Thu sách cuối năm")
	typeOver(p, "#due", due)
	p.Click("form.grid-form button[type=submit]")
	p.WaitText(fmt.Sprintf("Đã lập đợt thu %d cuốn", len(out)))
	y.look("recall")
	if back, all := y.recalled(); back != 0 || all != len(out) {
		y.t.Errorf("the recall begins with %d of %d back, want 0 of %d", back, all, len(out))
	}
	for _, l := range y.openLoans() {
		if l.DueOn.After(kiosk.MustDay("2027-05-14")) {
			y.t.Errorf("the due date of %s was not moved: %s", l.CopyID, l.DueOn)
		}
	}
}

// recalled reads from the recall's page how many are back, of how many.
func (y *aYear) recalled() (back, all int) {
	n := webtest.Eval[[]int](y.page, `[...document.querySelectorAll("#recall-counts .count-box b")].map(b => +b.textContent)`)
	if len(n) != 3 || n[0] != n[1]+n[2] {
		y.t.Fatalf("the recall's counts: %v", n)
	}
	return n[1], n[0]
}

// follow looks at the recall after some books came back, and ends it when all
// have.
func (y *aYear) follow(back int) {
	p := y.page
	y.open("/desk/recall")
	p.Click(`main a[href^="/desk/recall/0"]`)
	p.Wait(`document.querySelector("#recall-counts")`)
	y.look("recall-back")
	got, all := y.recalled()
	if got != back {
		y.t.Errorf("the recall counts %d back, want %d", got, back)
	}
	if rows := webtest.Eval[int](p, `document.querySelectorAll("table.list tbody tr").length`); rows != all-back {
		y.t.Errorf("the recall lists %d books still out, want %d", rows, all-back)
	}
	if got < all {
		return
	}
	p.Click(`button[name=what][value=close]`)
	p.WaitText("Đã kết thúc đợt thu")
	y.look("recall-closed")
	if !strings.Contains(p.Text(), "đã kết thúc") {
		y.t.Error("the recall's page does not say that it is over")
	}
}

func (y *aYear) openLoans() (all []kiosk.Loan) {
	y.view(func(v kiosk.View) error {
		return v.EachLoan(true, func(l kiosk.Loan) error { all = append(all, l); return nil })
	})
	return all
}

// typeOver replaces what stands in a field.
func typeOver(p *webtest.Page, field, text string) {
	webtest.Eval[bool](p, fmt.Sprintf(`(document.querySelector(%q).value = "", true)`, field))
	p.Type(field, text)
}
