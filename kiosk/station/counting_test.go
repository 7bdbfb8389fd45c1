package station_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// librarian is an account in whose name things are done.
func (r *rig) librarian() kiosk.Attempt {
	r.t.Helper()
	staff := kiosk.Attempt{Station: kiosk.DefaultStation}
	err := r.Ledger.Update(r.t.Context(), func(tx kiosk.Tx) error {
		a := kiosk.Account{ID: tx.NewID(), Name: "thu-thu", Role: kiosk.Librarian, CreatedAt: r.Now().UTC()}
		staff.Staff = a.ID
		return tx.PutAccount(a)
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return staff
}

// stocktake opens one over the whole library.
func (r *rig) stocktake(staff kiosk.Attempt) kiosk.Stocktake {
	r.t.Helper()
	s, err := r.desk.OpenStocktake(r.t.Context(), staff, "Kiểm kê mẫu", nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// shelf adds a place with a label.
func (r *rig) shelf(staff kiosk.Attempt, code, name, label string) kiosk.ID {
	r.t.Helper()
	p, err := r.desk.AddPlace(r.t.Context(), staff, kiosk.Place{Code: code, Name: name, Kind: kiosk.Shelf})
	if err != nil {
		r.t.Fatal(err)
	}
	p.Barcode = label
	if err := r.Ledger.Update(r.t.Context(), func(tx kiosk.Tx) error { return tx.PutPlace(p) }); err != nil {
		r.t.Fatal(err)
	}
	return p.ID
}

func (r *rig) counts(code string, want kiosk.CountOutcome) kiosk.Result {
	r.t.Helper()
	res := r.scan(code)
	if res.Outcome != kiosk.Shown || res.Count == nil || res.Count.Outcome != want {
		r.t.Fatalf("%s: %s/%s %+v, want %s", code, res.Outcome, res.Reason, res.Count, want)
	}
	return res
}

// A station that the desk has told to count says of each scan what it is, lends
// nothing, goes on after a restart at the same place, and lends again when it is
// told. The other station lends meanwhile.
func TestStationCounts(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, open func(*testing.T) kiosk.Ledger) {
		r := newRig(t, open(t), "cua")
		staff := r.librarian()
		here := r.shelf(staff, "M1", "Kệ mẫu một", "KE-1")
		there := r.shelf(staff, "M2", "Kệ mẫu hai", "KE-2")
		for copy, c := range map[string]kiosk.CopyChange{"S001": {Place: here}, "S002": {Place: there}, "S003": {Place: here}, "TD01": {Place: here, Status: kiosk.CopyLost}} {
			if _, err := r.desk.Change(t.Context(), staff, r.item(copy).ID, c); err != nil {
				t.Fatal(err)
			}
		}
		take := r.stocktake(staff)
		r.scan("HS001")
		r.want(r.scan("S003"), kiosk.CheckedOut, "")
		r.want(r.do(kiosk.Finish, ""), kiosk.SessionEnded, "")
		if err := r.desk.StartCounting(t.Context(), staff, "khong-co", take.ID, ""); err == nil {
			t.Error("a station that is none counts")
		}
		if err := r.desk.StartCounting(t.Context(), staff, kiosk.DefaultStation, take.ID, ""); err != nil {
			t.Fatal(err)
		}
		r.station.Look()
		if n := r.poke().Counting; n == nil || n.Name != "Kiểm kê mẫu" || n.Place != "" {
			t.Fatalf("the screen says %+v", n)
		}
		r.counts("KE-1", kiosk.CountPlace)
		if n := r.poke().Counting; n == nil || n.Place != "Kệ mẫu một" {
			t.Fatalf("the screen says %+v", n)
		}
		res := r.counts("S001", kiosk.CountSeen)
		if res.Copy == nil || res.Copy.Title != "Truyện mẫu một" || res.Count.Seen != 1 {
			t.Errorf("%+v %+v", res.Copy, res.Count)
		}
		if res := r.counts("S002", kiosk.CountMisplaced); res.Count.Belongs != "Kệ mẫu hai" {
			t.Errorf("it belongs to %q", res.Count.Belongs)
		}
		r.want(r.do(kiosk.Undo, ""), kiosk.Undone, "")
		r.counts("S003", kiosk.CountOnLoan)
		r.counts("HS001", kiosk.CountCard)
		r.counts("x-999", kiosk.CountUnknown)
		r.counts("TD01", kiosk.CountFound)
		if open := r.openLoans(); open != 1 {
			t.Errorf("%d loans are open: a count lent or took back", open)
		}
		// The other station lends meanwhile.
		r.want(r.scanAt("cua", station.Scan{Code: "HS002"}), kiosk.SessionOpened, "")
		r.Advance(2 * time.Second)
		r.want(r.scanAt("cua", station.Scan{Code: "S002"}), kiosk.CheckedOut, "")
		// The last copy counted is taken back, once.
		r.want(r.do(kiosk.Undo, ""), kiosk.Undone, "")
		r.want(r.do(kiosk.Undo, ""), kiosk.Refused, kiosk.ReasonNothingToUndo)
		if r.item("TD01").State.Status != kiosk.CopyLost {
			t.Error("what was found by mistake is not lost again")
		}
		// After a restart it counts on, at the same place.
		again := r.anew(kiosk.DefaultStation)
		if n := again.Screen().Counting; n == nil || n.Place != "Kệ mẫu một" {
			t.Fatalf("after a restart: %+v", n)
		}
		// The close ends it: the next scan says so and is no sighting.
		if _, err := r.desk.CloseStocktake(t.Context(), staff, take.ID, kiosk.StockMinutes{Number: "1", Method: kiosk.StockPeriodic, Board: []kiosk.BoardMember{{Name: "Bà Mẫu"}}}); err != nil {
			t.Fatal(err)
		}
		r.want(r.scan("S001"), kiosk.Refused, kiosk.ReasonNoStocktake)
		r.want(r.scan("HS002"), kiosk.SessionOpened, "")
	})
}

// A card of the staff and the command's barcode do it at the station itself; a
// child's card does not, and without a card nobody's.
func TestStationCountsByCard(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, open func(*testing.T) kiosk.Ledger) {
		r := newRig(t, open(t))
		code := kiosk.CountCode.Barcode
		r.want(r.scan(code), kiosk.Refused, kiosk.ReasonStaffOnly)
		r.scan("GV001")
		r.want(r.scan(code), kiosk.Refused, kiosk.ReasonNoStocktake)
		r.stocktake(r.librarian())
		r.scan("HS001")
		r.want(r.scan(code), kiosk.Refused, kiosk.ReasonStaffOnly)
		r.scan("GV001")
		res := r.scan("%COUNT")
		r.want(res, kiosk.Shown, "")
		if note(res, kiosk.NoteCounting)["stocktake"] != "Kiểm kê mẫu" {
			t.Errorf("notes %+v", res.Notes)
		}
		if s := r.poke(); s.Counting == nil || s.Patron != nil || s.Phase != station.Idle {
			t.Fatalf("the screen is %+v", s)
		}
		r.counts("S001", kiosk.CountSeen)
		r.Advance(time.Second / 2)
		if res := r.scanAt(kiosk.DefaultStation, station.Scan{Code: "S001"}); res.Outcome != kiosk.Ignored {
			t.Errorf("a double scan is %s", res.Outcome)
		}
		r.counts("S001", kiosk.CountAgain)
		r.want(r.scan(code), kiosk.Shown, "")
		if r.poke().Counting != nil {
			t.Error("it counts on")
		}
		r.want(r.scan("S001"), kiosk.Refused, kiosk.ReasonNoSession)
	})
}

// anew is the station as the program makes it at its next start.
func (r *rig) anew(name string) *station.Station {
	s := station.New(station.Config{Name: name, Desk: r.desk, Now: r.Now})
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { s.Run(ctx) })
	r.t.Cleanup(func() { stop(); wg.Wait() })
	if _, err := s.Do(r.t.Context(), station.Action{Command: kiosk.Touch}); err != nil {
		r.t.Fatal(err)
	}
	return s
}

func (r *rig) openLoans() (n int) {
	r.t.Helper()
	err := r.Ledger.View(r.t.Context(), func(v kiosk.View) error {
		return v.EachLoan(true, func(kiosk.Loan) error { n++; return nil })
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}
