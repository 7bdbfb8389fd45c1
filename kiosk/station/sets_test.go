package station_test

import (
	"slices"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// set is a set of two textbooks and a story, with card's holder, or on its shelf;
// the pupil An may borrow textbooks.
func set(card string) func(*rig) {
	return func(r *rig) {
		r.Copy("GK1", "Toán 3", kiosk.Textbook, "")
		r.Copy("GK2", "Tiếng Việt 3", kiosk.Textbook, "")
		r.BookSet("BO3", "Bộ sách lớp 3", "S001", "GK1", "GK2")
		r.Entitle("HS001", true)
		if card != "" {
			for _, code := range []string{"S001", "GK1", "GK2"} {
				r.Lent(card, code, "2026-12-01")
			}
		}
	}
}

// with is who has each of the set's books.
func (r *rig) with(card string) {
	r.t.Helper()
	for _, code := range []string{"S001", "GK1", "GK2"} {
		if got, _ := r.Borrower(code); got != card {
			r.t.Errorf("%s is with %q, want %q", code, got, card)
		}
	}
}

// note is a note of a result, nil when it has none of the code.
func note(res kiosk.Result, code kiosk.NoteCode) kiosk.Facts {
	if i := slices.IndexFunc(res.Notes, func(n kiosk.Note) bool { return n.Code == code }); i >= 0 {
		if f := res.Notes[i].Facts; f != nil {
			return f
		}
		return kiosk.Facts{}
	}
	return nil
}

func TestSetAsOneScan(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		set("")(r)
		open("HS001")(r)
		before := len(r.Events())
		res := r.scan("BO3")
		r.want(res, kiosk.CheckedOut, "")
		r.with("HS001")
		if n := len(r.Events()) - before; n != 1 {
			t.Errorf("a set made %d events, want 1", n)
		}
		if res.Set == nil || res.Set.Name != "Bộ sách lớp 3" || res.Set.Count != 3 || len(res.Loans) != 3 || res.Copy.Title != "Bộ sách lớp 3" || res.Copy.Barcode != "BO3" || note(res, kiosk.NoteWholeSet)["count"] != 3 {
			t.Errorf("the result shows %+v, %+v, %d loans, %+v", res.Set, res.Copy, len(res.Loans), res.Notes)
		}
		if got := len(r.station.Screen().Loans); got != 3 {
			t.Errorf("the screen shows %d loans", got)
		}
		// Textbooks are for the year, the story for a week: each by its own line.
		if _, due := r.Borrower("GK1"); due.Before(kiosk.MustDay("2027-05-01")) {
			t.Errorf("the textbook is due on %s, want the year's recall", due)
		}
		if _, due := r.Borrower("S001"); due.After(kiosk.MustDay("2026-12-05")) || res.Loan.DueOn != due {
			t.Errorf("the story is due on %s, the answer says %s", due, res.Loan.DueOn)
		}

		r.want(r.do(kiosk.Undo, ""), kiosk.Undone, "")
		r.with("")
		for _, code := range []string{"S001", "GK1"} {
			if i := r.item(code); i.State.Loans != 0 {
				t.Errorf("%s counts %d loans after undo", code, i.State.Loans)
			}
		}
		r.want(r.scan("BO3"), kiosk.CheckedOut, "")
		r.want(r.scan("BO3"), kiosk.Returned, "")
		r.with("")
		r.want(r.do(kiosk.Undo, ""), kiosk.Undone, "")
		r.with("HS001")
		r.want(r.do(kiosk.Finish, ""), kiosk.SessionEnded, "")

		// Without a card, and nobody is named.
		res = r.scan("BO3")
		r.want(res, kiosk.Returned, "")
		r.with("")
		if res.Patron != nil || res.Set == nil || res.Set.Count != 3 {
			t.Errorf("an idle return: %+v", res)
		}
		r.want(r.do(kiosk.Undo, ""), kiosk.Undone, "")
		r.with("HS001")
		r.Replayed()
	})
}

// A member that is scanned alone comes back alone, and the set says what it
// still lacks.
func TestSetMembersAlone(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		set("HS001")(r)
		res := r.scan("GK1")
		r.want(res, kiosk.Returned, "")
		if f := note(res, kiosk.NoteSetShort); f["missing"] != 2 || f["of"] != 3 || f["set"] != "Bộ sách lớp 3" {
			t.Errorf("notes %+v", res.Notes)
		}
		open("GV001")(r)
		res = r.scan("BO3")
		r.want(res, kiosk.Refused, kiosk.ReasonSetIncomplete)
		if f := res.Refusals[0].Facts; f["missing"] != 2 || f["of"] != 3 || f["title"] == "" || !res.MayOverride {
			t.Errorf("refusal %+v, may override %v", res.Refusals, res.MayOverride)
		}
		// The librarian lends what is there.
		res, err := r.station.Override(t.Context(), station.Override{Staff: "staff", Comment: "mượn trước phần còn lại"})
		if err != nil {
			t.Fatal(err)
		}
		r.want(res, kiosk.CheckedOut, "")
		if card, _ := r.Borrower("GK1"); card != "GV001" || res.Set.Count != 1 {
			t.Errorf("GK1 is with %q, %+v", card, res.Set)
		}
		r.want(r.do(kiosk.Finish, ""), kiosk.SessionEnded, "")
		// Of two who have some of it, the bag is with whom most of it is.
		res = r.scan("BO3")
		r.want(res, kiosk.Returned, "")
		if f := note(res, kiosk.NoteSetShort); res.Set.Count != 2 || f["missing"] != 1 {
			t.Errorf("%+v %+v", res.Set, res.Notes)
		}
		res = r.scan("GK1")
		r.want(res, kiosk.Returned, "")
		if note(res, kiosk.NoteSetShort) != nil {
			t.Errorf("the set is whole, and the notes are %+v", res.Notes)
		}
		r.Replayed()
	})
}

// Each book of a set is a copy under the limit.
func TestSetCountsItsBooks(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		var codes []string
		for n := range 21 {
			code := "GK" + strings.Repeat("x", n)
			r.Copy(code, "Sách giáo khoa mẫu", kiosk.Textbook, "")
			codes = append(codes, code)
		}
		r.Entitle("HS001", true)
		r.BookSet("BO1", "Bộ vừa", codes[:20]...)
		r.BookSet("BO2", "Bộ thêm", codes[20])
		open("HS001")(r)
		r.want(r.scan("BO1"), kiosk.CheckedOut, "")
		res := r.scan("BO2")
		r.want(res, kiosk.Refused, kiosk.ReasonLimitReached)
		if f := res.Refusals[0].Facts; f["have"] != 20 || f["limit"] != 20 || f["count"] != 1 {
			t.Errorf("facts %+v", f)
		}
		r.Replayed()
	})
}

// A set that a pupil may only read here is read here whole.
func TestSetReadHere(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		r.Copy("TA1", "Tranh mẫu một", kiosk.Picture, "")
		r.Copy("TA2", "Tranh mẫu hai", kiosk.Picture, "")
		r.BookSet("BOT", "Bộ tranh lớp 1", "TA1", "TA2")
		open("HS001")(r)
		r.want(r.scan("BOT"), kiosk.Refused, kiosk.ReasonOnSiteOnly)
		res := r.do(kiosk.OnSite, "")
		r.want(res, kiosk.UsedOnSite, "")
		if r.item("TA1").State.OnSite != 1 || r.item("TA2").State.OnSite != 1 || res.Set.Count != 2 {
			t.Errorf("read here: %+v", res)
		}
		r.want(r.do(kiosk.Undo, ""), kiosk.Undone, "")
		if r.item("TA2").State.OnSite != 0 {
			t.Error("undo left a reading")
		}
		r.want(r.do(kiosk.OnSite, ""), kiosk.Shown, "")
		r.want(r.scan("BOT"), kiosk.UsedOnSite, "")
		// A teacher takes it home as one.
		open("GV001")(r)
		r.want(r.scan("BOT"), kiosk.CheckedOut, "")
		r.Replayed()
	})
}

func (r *rig) item(barcode string) (i kiosk.Item) {
	r.t.Helper()
	err := r.Ledger.View(r.t.Context(), func(v kiosk.View) (err error) {
		i, err = v.ItemByBarcode(barcode)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return i
}
