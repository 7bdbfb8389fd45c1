package circulation_test

import (
	"errors"
	"testing"
	"time"

	"muontra/kiosk"
)

// counted are the events of copies that were met, by the copy.
func (r *rig) counted() map[kiosk.ID]int {
	n := map[kiosk.ID]int{}
	for _, e := range r.Events() {
		if e.Type == kiosk.EventStockCounted && e.CopyID != "" { // a code of no copy is told by one too
			n[e.CopyID]++
		}
	}
	return n
}

// A stocktake that is closed twice, by the same button or by another, keeps the
// minutes that it was closed with, and marks nothing a second time.
func TestStocktakeClosedTwice(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		items := r.stock(3)
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Mẫu", nil))
		r.count(s, items[0].Barcode)
		r.Advance(time.Minute)
		first := must[kiosk.Stocktake](r)(r.desk.CloseStocktake(ctx, r.staff, s.ID, r.minutes()))
		before := len(r.Events())
		other := r.minutes()
		other.Number = "02/KK"
		if _, err := r.desk.CloseStocktake(ctx, r.staff, s.ID, other); !errors.Is(err, kiosk.ErrStockClosed) {
			r.t.Errorf("closed twice: %v", err)
		}
		if n := len(r.Events()); n != before {
			r.t.Errorf("%d events became %d", before, n)
		}
		r.view(func(v kiosk.View) error {
			now, err := v.Stocktake(s.ID)
			if now.Minutes == nil || now.Minutes.Number != first.Minutes.Number {
				r.t.Errorf("the minutes are %+v", now.Minutes)
			}
			return err
		})
		r.Replayed()
	})
}

// A code of another library, while counting, is told and becomes no copy: the
// copies that are expected stay as they are, however often it is scanned.
func TestCodeOfAnotherLibraryWhileCounting(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		items := r.stock(2)
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(r.t.Context(), r.staff, "Mẫu", nil))
		for range 2 {
			// An ISBN says which title it is, and stands on every copy in the world.
			for code, want := range map[string]kiosk.CountOutcome{"TVX.00017": kiosk.CountUnknown, "39999997": kiosk.CountUnknown, "9786041234567": kiosk.CountTitle} {
				if c := r.count(s, code); c.Outcome != want || c.Copy != "" || c.Seen != 0 || c.Expected != 2 {
					r.t.Errorf("%s: %+v", code, c)
				}
			}
		}
		if states := r.states(s); len(states) != 2 || states[items[0].Barcode] != kiosk.StockExpected || states[items[1].Barcode] != kiosk.StockExpected {
			r.t.Errorf("%v", states)
		}
		if n := r.counted(); len(n) != 0 {
			r.t.Errorf("copies were met: %v", n)
		}
		r.Advance(time.Minute)
		r.count(s, items[0].Barcode)
		closed := must[kiosk.Stocktake](r)(r.desk.CloseStocktake(r.t.Context(), r.staff, s.ID, r.minutes()))
		if closed.Minutes.Sums.Strays != 2 { // each once
			r.t.Errorf("%d strays", closed.Minutes.Sums.Strays)
		}
		r.Replayed()
	})
}

// Two people count the same shelf: each hears that the other was there, nothing is
// met twice, and who met a copy first stays the one who did.
func TestTwoCountOneShelf(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		items := r.stock(4)
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Mẫu", nil))
		two := r.staff
		r.update(func(tx kiosk.Tx) error {
			two.Staff = tx.NewID()
			return tx.PutAccount(kiosk.Account{ID: two.Staff, Name: "giup", Role: kiosk.Helper, CreatedAt: r.Now()})
		})
		for n, i := range items {
			for k := range 2 {
				who := []kiosk.Attempt{r.staff, two}[(n+k)%2]
				r.Advance(time.Second)
				c := must[kiosk.Count](r)(r.desk.CountCopy(ctx, who, kiosk.CountScan{Stocktake: s.ID, Code: i.Barcode, Place: i.HomePlace}))
				if want := []kiosk.CountOutcome{kiosk.CountSeen, kiosk.CountAgain}[k]; c.Outcome != want || c.Seen != n+1 {
					r.t.Errorf("copy %d, scan %d: %+v", n, k, c)
				}
			}
			r.view(func(v kiosk.View) error {
				l, err := v.StockLine(s.ID, i.ID)
				if want := []kiosk.ID{r.staff.Staff, two.Staff}[n%2]; l.By != want {
					r.t.Errorf("copy %d was met by %s, want %s", n, l.By, want)
				}
				return err
			})
		}
		for id, n := range r.counted() {
			if n != 1 {
				r.t.Errorf("copy %s was met %d times", id, n)
			}
		}
		r.Replayed()
	})
}

// A copy that is seen in two places was carried about, or is two with one label:
// it counts once, it is where it was seen last, and the one who scans is told each
// time that it is not where it belongs.
func TestCopySeenInTwoPlaces(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		items := r.stock(2)
		home, other := items[0].HomePlace, r.shelf.ID
		if home == other {
			r.t.Fatal("the rig's other shelf is the copies' own")
		}
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(r.t.Context(), r.staff, "Mẫu", nil))
		for n, c := range []struct {
			at    kiosk.ID
			want  kiosk.CountOutcome
			state kiosk.StockState
		}{
			{home, kiosk.CountSeen, kiosk.StockSeen},
			{other, kiosk.CountMisplaced, kiosk.StockMisplaced},
			{other, kiosk.CountMisplaced, kiosk.StockMisplaced},
			{home, kiosk.CountSeen, kiosk.StockSeen},
		} {
			r.Advance(time.Second)
			said := r.count(s, items[0].Barcode, c.at)
			if said.Outcome != c.want || said.Seen != 1 || (said.Belongs == "") != (c.at == home) {
				r.t.Errorf("scan %d: %+v", n, said)
			}
			if have := r.states(s)[items[0].Barcode]; have != c.state {
				r.t.Errorf("after scan %d it is %s, want %s", n, have, c.state)
			}
		}
		if n := r.counted()[items[0].ID]; n != 3 { // the same place again is nothing new
			r.t.Errorf("%d sightings", n)
		}
		r.Replayed()
	})
}
