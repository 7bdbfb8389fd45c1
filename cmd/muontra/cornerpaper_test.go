//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/web/password"
	"muontra/web/webtest"
)

// A corner's paper at the kiosk's page: the teacher's card, the code of a week,
// then children and their books, each shown in big words and dated back; and
// once more by a librarian who is signed in at the page, with no card at all.
func TestACornersPaperAtTheKiosk(t *testing.T) {
	if testing.Short() {
		t.Skip("browser test")
	}
	page := webtest.Open(t)
	c := kiosktest.NewClock()
	c.Set(time.Date(2026, 11, 10, 8, 0, 0, 0, time.FixedZone("+7", 7*60*60))) // a Tuesday
	p := startProgram(t, programConfig{now: c.Now})
	w := kiosktest.NewWorldBy(t, p.store, c)
	hash, err := password.Hash(webtest.Password)
	if err != nil {
		t.Fatal(err)
	}
	err = p.store.Update(t.Context(), func(tx kiosk.Tx) error {
		return tx.PutAccount(kiosk.Account{ID: tx.NewID(), Name: "thuthu", Role: kiosk.Librarian, PasswordHash: hash, CreatedAt: c.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Patron(kiosk.Pupil, "HS001", "Mẫu Văn An", "3A", 3)
	w.Patron(kiosk.Pupil, "HS002", "Mẫu Thị Bình", "3A", 3)
	w.Copy("S001", "Truyện mẫu một", kiosk.Children, "")
	w.Copy("S002", "Truyện mẫu hai", kiosk.Children, "")
	classCorner(t, p, w)
	w.Advance(14 * 24 * time.Hour)
	monday := w.Today().Add(-8) // of last week
	week := kiosk.WeekCode(monday, "G3A")

	base := p.URLs()[0]
	page.CalmMotion()
	page.Resize(webtest.Size{W: 1280, H: 800})
	open := func() {
		t.Helper()
		page.Go(base + "/kiosk/desk")
		page.Wait(`document.body.dataset.ready === "yes"`)
	}
	// The wedge scanner of this very page: so it carries the page's sign-in.
	scan := func(code, says, picture string) {
		t.Helper()
		w.Advance(3 * time.Second)
		b, _ := json.Marshal(code)
		webtest.Eval[int](page, `fetch("/api/v1/stations/desk/scans", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({code: `+string(b)+`})}).then((r) => r.status)`)
		page.WaitText(says)
		if picture != "" {
			page.Layout(picture)
			page.Axe(picture)
			page.Picture("kiosk-paper-" + picture)
		}
	}
	lentOnPaper := func(book, card string) {
		t.Helper()
		if got, _ := w.Borrower(book); got != card {
			t.Errorf("%s is with %q, want %q", book, got, card)
		}
		for _, e := range w.Events() {
			if e.Type == kiosk.EventCheckedOut && e.Payload.Reverses == 0 && (e.Payload.Corner == nil || e.Payload.Corner.Source != kiosk.FromSheet || e.StaffRef == "" || kiosk.DayOf(e.OccurredAt, c.Now().Location()) != monday) {
				t.Errorf("%s is not of the paper of %s: %+v", e.Type, monday, e)
			}
		}
	}

	open()
	scan(week, "Đây là tờ giấy của góc lớp", "told")
	scan("20002119", "Chào Lan!", "")
	scan(week, "Chép giấy góc lớp", "begun")
	scan("HS001", "Dòng của An", "child")
	scan("S001", "Truyện mẫu một", "lent")
	page.WaitText("Xong thì quét mã tuần.")
	lentOnPaper("S001", "HS001")
	scan(week, "Chép xong giấy", "over")

	page.Go(base + "/desk")
	page.Type("#name", "thuthu")
	page.Type("#password", webtest.Password)
	page.Click("main button[type=submit]")
	page.Wait(`document.querySelector(".who")`)
	open()
	scan(week, "Chép giấy góc lớp", "")
	scan("HS002", "Dòng của Bình", "")
	scan("S002", "Truyện mẫu hai", "")
	lentOnPaper("S002", "HS002")
	// The first book comes back on the same paper.
	scan("HS001", "Dòng của An", "")
	scan("S001", "Truyện mẫu một", "back")
	lentOnPaper("S001", "")

	err = p.store.View(t.Context(), func(v kiosk.View) error {
		n := 0
		err := v.EachLoan(false, func(kiosk.Loan) error { n++; return nil })
		if n != 2 {
			err = errors.Join(err, fmt.Errorf("%d loans, want 2", n))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	w.Replayed()
}
