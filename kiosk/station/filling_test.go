package station_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// keptBy makes the patron of a card the corner's keeper.
func (r *rig) keptBy(place kiosk.ID, card string) {
	r.t.Helper()
	var staff kiosk.Attempt
	var ref kiosk.ID
	err := r.Ledger.View(r.t.Context(), func(v kiosk.View) error {
		a, err := v.AccountByName("thu-thu")
		if err != nil {
			return err
		}
		staff = kiosk.Attempt{Station: kiosk.DefaultStation, Staff: a.ID}
		m, err := v.MemberByCard(card, r.Today())
		ref = m.Ref
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.desk.SetCorner(r.t.Context(), staff, place, func(c kiosk.Corner) (kiosk.Corner, error) { c.Keeper = ref; return c, nil }); err != nil {
		r.t.Fatal(err)
	}
}

// boxes are the corner's, with the barcodes of the books in the first.
func (r *rig) boxes(place kiosk.ID) (all []kiosk.Deposit, books []string) {
	r.t.Helper()
	err := r.Ledger.View(r.t.Context(), func(v kiosk.View) (err error) {
		if all, err = v.Deposits(place); err != nil || len(all) == 0 {
			return err
		}
		rows, err := v.DepositCopies(all[0].ID)
		if err != nil {
			return err
		}
		for _, c := range rows {
			if c.End != kiosk.InBox {
				continue
			}
			i, err := v.Item(c.Copy)
			if err != nil {
				return err
			}
			books = append(books, i.Barcode)
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return all, books
}

func (r *rig) noted(res kiosk.Result, code kiosk.NoteCode, count int) {
	r.t.Helper()
	if f := note(res, code); res.Outcome != kiosk.Shown || f == nil || f["count"] != count {
		r.t.Fatalf("%+v, want %s of %d", res, code, count)
	}
}

// The keeper's card, the box, books, the box; stopped in the middle and gone on
// with at another station; then the card and the box confirm.
func TestABoxIsFilledAtStations(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t), "cua")
		place := r.cornerBox("HOP1")
		r.keptBy(place, "GV001")
		r.want(r.scan("GV001"), kiosk.SessionOpened, "")
		r.noted(r.scan("HOP1"), kiosk.NoteBoxOpened, 0)
		r.noted(r.scan("HOP1"), kiosk.NoteBoxEmpty, 0) // stays open
		r.noted(r.scan("S001"), kiosk.NoteBoxAdded, 1)
		if sc := r.station.Screen(); sc.Box == nil || sc.Box.Count != 1 || sc.Patron == nil || len(sc.Loans) != 0 {
			t.Fatalf("the screen: %+v", sc)
		}
		r.noted(r.scan("S002"), kiosk.NoteBoxAdded, 2)
		r.want(r.do(kiosk.Undo, ""), kiosk.Undone, "")
		r.want(r.do(kiosk.Undo, ""), kiosk.Refused, kiosk.ReasonNothingToUndo)
		r.noted(r.scan("S002"), kiosk.NoteBoxAdded, 2)
		r.Advance(30 * time.Second) // longer than a session: a book is fetched
		r.noted(r.scan("S002"), kiosk.NoteBoxHeld, 2)
		// The card again stops; nothing is lost.
		res := r.scan("GV001")
		r.want(res, kiosk.SessionEnded, "")
		if f := note(res, kiosk.NoteBoxKept); f["count"] != 2 {
			t.Errorf("stopped: %+v", res)
		}
		if sc := r.station.Screen(); sc.Box != nil {
			t.Errorf("the box stands on the screen still: %+v", sc.Box)
		}
		r.want(r.scan("S003"), kiosk.Refused, kiosk.ReasonNoSession) // no box any more
		at := func(code string) kiosk.Result {
			t.Helper()
			r.Advance(2 * time.Second)
			return r.scanAt("cua", station.Scan{Code: code})
		}
		at("GV001")
		r.noted(at("HOP1"), kiosk.NoteBoxOpened, 2)
		r.noted(at("S003"), kiosk.NoteBoxAdded, 3)
		r.noted(at("HOP1"), kiosk.NoteBoxHanded, 3)
		all, books := r.boxes(place)
		slices.Sort(books)
		if len(all) != 1 || all[0].State() != kiosk.DepositHanded || !slices.Equal(books, []string{"S001", "S002", "S003"}) {
			t.Fatalf("%+v with %v", all, books)
		}
		r.noted(at("HOP1"), kiosk.NoteBoxConfirmed, 3)
		if all, _ := r.boxes(place); all[0].State() != kiosk.DepositConfirmed {
			t.Errorf("%+v", all[0])
		}
		// It stands in the corner: the box begins its hour.
		at("GV001")
		if res := at("HOP1"); note(res, kiosk.NoteCornerHour) == nil {
			t.Errorf("a box that stands in its corner: %+v", res)
		}
		r.Replayed()
	})
}

// Who may not is told whose box it is and goes on; without a card the box begins
// the corner's hour, unless the librarian is signed in at the page.
func TestWhoMayFillABoxAtAStation(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		place := r.cornerBox("HOP1")
		for _, card := range []string{"HS001", "GV001"} { // a teacher of another class, too
			r.scan(card)
			res := r.scan("HOP1")
			if res.Outcome != kiosk.Shown || note(res, kiosk.NoteBoxOfOthers) == nil {
				t.Errorf("%s: %+v", card, res)
			}
			if sc := r.station.Screen(); sc.Phase != station.Session || sc.Box != nil {
				t.Errorf("%s: the session does not go on: %+v", card, sc)
			}
			r.do(kiosk.Finish, "")
		}
		if all, _ := r.boxes(place); len(all) != 0 {
			t.Fatalf("a box was begun: %+v", all)
		}
		if res := r.scan("HOP1"); note(res, kiosk.NoteCornerHour) == nil {
			t.Errorf("without a card: %+v", res)
		}
		if res := r.scan("HOP1"); note(res, kiosk.NoteCornerHourOver) == nil {
			t.Errorf("again: %+v", res)
		}
		var me kiosk.ID
		if err := r.Ledger.View(t.Context(), func(v kiosk.View) error {
			a, err := v.AccountByName("thu-thu")
			me = a.ID
			return err
		}); err != nil {
			t.Fatal(err)
		}
		scan := func(code string) kiosk.Result {
			t.Helper()
			r.Advance(2 * time.Second)
			return r.scanAt(kiosk.DefaultStation, station.Scan{Code: code, SignedIn: me})
		}
		r.noted(scan("HOP1"), kiosk.NoteBoxOpened, 0)
		r.Lent("HS002", "S001", "2026-12-01") // its return was never scanned
		res := scan("S001")
		r.noted(res, kiosk.NoteBoxAdded, 1)
		if note(res, kiosk.NoteBoxWasOut) == nil {
			t.Errorf("on loan: %+v", res)
		}
		if card, _ := r.Borrower("S001"); card != "" {
			t.Errorf("S001 is with %s still", card)
		}
		r.CopyStatus("S002", kiosk.CopyWithdrawn)
		r.want(scan("S002"), kiosk.Refused, kiosk.ReasonWithdrawn)
		if sc := r.station.Screen(); sc.Box == nil || sc.Box.Count != 1 || sc.Phase != station.Idle {
			t.Errorf("the screen: %+v", sc)
		}
		// A child comes: the box stays open in the ledger, and off the screen.
		r.want(r.scan("HS001"), kiosk.SessionOpened, "")
		r.want(r.scan("S003"), kiosk.CheckedOut, "")
		if all, books := r.boxes(place); all[0].State() != kiosk.DepositOpen || len(books) != 1 {
			t.Errorf("%+v with %v", all, books)
		}
		r.Replayed()
	})
}

// A keeper who has no account is told from others by the reference of the card: a
// name never stands in an event.
func TestAKeeperWithoutAnAccount(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		place := r.cornerBox("HOP1")
		var keeper kiosk.ID
		staff := kiosk.Attempt{Station: kiosk.DefaultStation}
		if err := r.Ledger.View(t.Context(), func(v kiosk.View) error {
			m, err := v.MemberByCard("GV001", r.Today())
			a, err2 := v.AccountByName("thu-thu")
			keeper, staff.Staff = m.Ref, a.ID
			return errors.Join(err, err2)
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.desk.SetCorner(t.Context(), staff, place, func(c kiosk.Corner) (kiosk.Corner, error) { c.Keeper = keeper; return c, nil }); err != nil {
			t.Fatal(err)
		}
		before := len(r.Events())
		r.want(r.scan("GV001"), kiosk.SessionOpened, "")
		r.noted(r.scan("HOP1"), kiosk.NoteBoxOpened, 0)
		r.noted(r.scan("S001"), kiosk.NoteBoxAdded, 1)
		r.noted(r.scan("HOP1"), kiosk.NoteBoxHanded, 1)
		n := 0
		for _, e := range r.Events()[before:] {
			if e.Type == kiosk.EventHandover {
				n++
				if e.StaffRef != "" || e.PatronRef != keeper {
					t.Errorf("by account %q, by card %q, want %q", e.StaffRef, e.PatronRef, keeper)
				}
			}
		}
		if n != 3 {
			t.Errorf("%d events of the box, want 3", n)
		}
		r.Replayed()
	})
}

// The code of a week on a corner's paper is no dead end.
func TestAWeekOfACornersPaper(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		res := r.scan("W.2026-11-23.G1")
		r.want(res, kiosk.Shown, "")
		if len(res.Notes) != 1 || res.Notes[0].Code != kiosk.NoteCornerPaper {
			t.Errorf("%+v", res)
		}
	})
}

// A book of another library is told whose it is, in a session and without.
func TestABookOfAnotherLibrary(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		lot := kiosk.Interloan{ID: "lot", Lender: "Thư viện mẫu", Received: r.Today(), Due: r.Today().Add(30)}
		e := kiosk.Event{Type: kiosk.EventInterloan, OccurredAt: r.Now(), RecordedAt: r.Now(), ClockOK: true, Payload: kiosk.Payload{Records: &kiosk.Records{
			Interloans: []kiosk.Interloan{lot}, InterloanBooks: []kiosk.InterloanBook{{ID: "b", Lot: lot.ID, Nr: 1, Title: "Sách mẫu mượn về", Code: "TV.001", Quantity: 1}},
		}}}
		if err := r.Ledger.Update(t.Context(), func(tx kiosk.Tx) error { return tx.Append(&e) }); err != nil {
			t.Fatal(err)
		}
		for _, card := range []string{"", "HS001"} {
			if card != "" {
				r.want(r.scan(card), kiosk.SessionOpened, "")
			}
			res := r.scan("TV.001")
			r.want(res, kiosk.Shown, "")
			if len(res.Notes) != 1 || res.Notes[0].Code != kiosk.NoteInterloan || res.Notes[0].Facts["lender"] != lot.Lender || res.Copy == nil || res.Copy.Title != "Sách mẫu mượn về" {
				t.Errorf("%+v", res)
			}
			r.Advance(2 * time.Second)
		}
		if sc := r.poke(); sc.Patron == nil {
			t.Error("the session is over")
		}
	})
}

// A box that is handed over at one place is not filled at another.
func TestABoxHandedOverElsewhere(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t), "cua")
		place := r.cornerBox("HOP1")
		r.keptBy(place, "GV001")
		r.scan("GV001")
		r.scan("HOP1")
		r.scan("S001")
		for _, code := range []string{"GV001", "HOP1", "HOP1"} {
			r.Advance(2 * time.Second)
			r.scanAt("cua", station.Scan{Code: code})
		}
		res := r.scan("S002")
		if note(res, kiosk.NoteBoxElsewhere) == nil {
			t.Fatalf("%+v", res)
		}
		if _, books := r.boxes(place); len(books) != 1 {
			t.Errorf("in the box: %v", books)
		}
		if sc := r.station.Screen(); sc.Box != nil {
			t.Errorf("the screen: %+v", sc.Box)
		}
	})
}

// A box that is sent twice with one command id is begun once, and left alone by
// the clock alone it stays open.
func TestABoxIsBegunOnce(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		place := r.cornerBox("HOP1")
		r.keptBy(place, "GV001")
		r.scan("GV001")
		for range 2 {
			r.Advance(2 * time.Second)
			r.noted(r.scanAt(kiosk.DefaultStation, station.Scan{Code: "HOP1", CommandID: "c1"}), kiosk.NoteBoxOpened, 0)
		}
		r.scan("S001")
		r.Advance(station.FillIdle + time.Second)
		if sc := r.poke(); sc.Box != nil || sc.Phase != station.Idle {
			t.Errorf("after the time: %+v", sc)
		}
		if all, books := r.boxes(place); len(all) != 1 || all[0].State() != kiosk.DepositOpen || len(books) != 1 {
			t.Errorf("%+v with %v", all, books)
		}
	})
}
