package station_test

import (
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// cornerBox makes 3A's corner with a box code and puts books into it.
func (r *rig) cornerBox(box string, books ...string) (place kiosk.ID) {
	r.t.Helper()
	ctx := r.t.Context()
	var class kiosk.ID
	staff := kiosk.Attempt{Station: kiosk.DefaultStation}
	err := r.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		a := kiosk.Account{ID: tx.NewID(), Name: "thu-thu", Role: kiosk.Librarian, CreatedAt: r.Now().UTC()}
		staff.Staff = a.ID
		rules, err := tx.Rules(r.Today())
		if err != nil {
			return err
		}
		all, err := tx.Classes(rules.Year.ID)
		if err != nil {
			return err
		}
		m, err := tx.MemberByCard("HS001", r.Today())
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.Name == m.Class {
				class = c.ID
			}
		}
		return tx.PutAccount(a)
	})
	if err != nil {
		r.t.Fatal(err)
	}
	p, err := r.desk.AddPlace(ctx, staff, kiosk.Place{Code: "G1", Name: "Góc lớp mẫu", Kind: kiosk.ClassCorner})
	if err != nil {
		r.t.Fatal(err)
	}
	p.Barcode = box
	err = r.Ledger.Update(ctx, func(tx kiosk.Tx) error { return tx.PutPlace(p) })
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.desk.SetCorner(ctx, staff, p.ID, func(c kiosk.Corner) (kiosk.Corner, error) { c.Class = class; return c, nil }); err != nil {
		r.t.Fatal(err)
	}
	for _, b := range books {
		if _, err := r.desk.Change(ctx, staff, r.item(b).ID, kiosk.CopyChange{Place: p.ID}); err != nil {
			r.t.Fatal(err)
		}
	}
	return p.ID
}

// The box, then child, book, child, book: the books of the corner go by its
// rules and are marked as from the kiosk; those of the library as ever.
func TestACornersHourAtTheKiosk(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		place := r.cornerBox("HOP1", "S001", "S002")
		scan := func(code string) kiosk.Result {
			t.Helper()
			r.Advance(2 * time.Second)
			return r.scan(code)
		}
		res := scan("HOP1")
		r.want(res, kiosk.Shown, "")
		if res.Kind != kiosk.KindPlace || note(res, kiosk.NoteCornerHour)["place"] != "Góc lớp mẫu" {
			t.Errorf("the box: %+v", res)
		}
		r.want(scan("HS001"), kiosk.SessionOpened, "")
		r.want(scan("S001"), kiosk.CheckedOut, "")
		if got := r.station.Screen(); len(got.Loans) != 1 || got.Left != got.Limit-1 {
			t.Errorf("the screen: %d loans, %d of %d left", len(got.Loans), got.Left, got.Limit)
		}
		r.want(scan("HS002"), kiosk.SessionOpened, "")
		r.want(scan("S002"), kiosk.CheckedOut, "")
		r.want(scan("S002"), kiosk.Returned, "") // the child's own book again
		r.want(r.do(kiosk.Undo, ""), kiosk.Undone, "")
		// In nobody's session a book is taken back, whoever had it.
		r.Advance(station.SessionIdle + time.Second)
		r.want(scan("S001"), kiosk.Returned, "")
		if card, _ := r.Borrower("S002"); card != "HS002" {
			t.Errorf("S002 is with %q", card)
		}
		n := 0
		for _, e := range r.Events() {
			if c := e.Payload.Corner; c != nil && c.Source == kiosk.FromKiosk && c.Place == place {
				n++
			}
		}
		if n != 4 {
			t.Errorf("%d events of the hour, want 4", n)
		}
		// The box again ends it: then a card and a book are the library's.
		res = scan("HOP1")
		if note(res, kiosk.NoteCornerHourOver) == nil {
			t.Errorf("the box again: %+v", res)
		}
		before := len(r.Events())
		scan("HS001")
		scan("S001")
		for _, e := range r.Events()[before:] {
			if e.Payload.Corner != nil && e.Payload.Corner.Source == kiosk.FromKiosk && e.Type == kiosk.EventCheckedOut {
				t.Errorf("the corner's rules hold after its hour: %+v", e)
			}
		}
		r.Replayed()
	})
}

// An hour in which nothing is scanned ends by itself.
func TestACornersHourEndsByItself(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		r.cornerBox("HOP1", "S001")
		r.scan("HOP1")
		r.Advance(station.HourIdle + time.Minute)
		if note(r.scan("HOP1"), kiosk.NoteCornerHour) == nil {
			t.Error("the box does not begin a new hour")
		}
	})
}
