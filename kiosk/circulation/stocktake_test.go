package circulation_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"muontra/kiosk"
)

// stock is a library of n copies that stand on its first place, with the codes
// 30000000 and on.
func (r *rig) stock(n int) []kiosk.Item {
	var all []kiosk.Item
	for i := range n {
		all = append(all, r.Copy(fmt.Sprintf("3%07d", i), fmt.Sprintf("Truyện mẫu %d", i), kiosk.Children, ""))
	}
	return all
}

func (r *rig) count(s kiosk.Stocktake, code string, place ...kiosk.ID) kiosk.Count {
	r.t.Helper()
	c := kiosk.CountScan{Stocktake: s.ID, Code: code}
	if len(place) > 0 {
		c.Place = place[0]
	}
	return must[kiosk.Count](r)(r.desk.CountCopy(r.t.Context(), r.staff, c))
}

// states are the states of a stocktake's lines by barcode.
func (r *rig) states(s kiosk.Stocktake) map[string]kiosk.StockState {
	r.t.Helper()
	m := map[string]kiosk.StockState{}
	r.view(func(v kiosk.View) error {
		lines, err := v.Counted(s.ID)
		if err != nil {
			return err
		}
		places, err := v.Places()
		begun, corners := kiosk.Begun(lines), s.CornersBeside(places)
		for _, l := range lines {
			m[l.Barcode] = l.StateOf(begun, corners)
		}
		return err
	})
	return m
}

func (r *rig) status(barcode string) (s kiosk.CopyStatus) {
	r.t.Helper()
	r.view(func(v kiosk.View) error {
		i, err := v.ItemByBarcode(barcode)
		s = i.State.Status
		return err
	})
	return s
}

var board = []kiosk.BoardMember{{Name: "Bà Mẫu", Position: "Phó Hiệu trưởng", Role: "Trưởng ban"}}

func (r *rig) minutes() kiosk.StockMinutes {
	return kiosk.StockMinutes{Number: "01/KK", Day: r.Today(), Method: kiosk.StockPeriodic, Board: board}
}

// A stocktake with one copy for each thing that can be: every state, circulation
// going on, the close, the way back, and the one scan by which a copy is found.
func TestStocktake(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		items := r.stock(12)
		var corner kiosk.Place
		r.update(func(tx kiosk.Tx) error {
			corner = kiosk.Place{ID: tx.NewID(), Code: "G2A", Name: "Góc lớp 2A", Kind: kiosk.ClassCorner, Barcode: "70000014"}
			return tx.PutPlace(corner)
		})
		move := func(i kiosk.Item, c kiosk.CopyChange) {
			if _, err := r.desk.Change(ctx, r.staff, i.ID, c); err != nil {
				r.t.Fatal(err)
			}
		}
		move(items[1], kiosk.CopyChange{Place: r.shelf.ID})
		move(items[2], kiosk.CopyChange{Place: corner.ID})
		move(items[3], kiosk.CopyChange{Status: kiosk.CopyLost})
		move(items[4], kiosk.CopyChange{Status: kiosk.CopyLost})
		move(items[5], kiosk.CopyChange{Status: kiosk.CopyWithdrawn})
		r.Lent("20000016", items[6].Barcode, "2026-12-01")
		r.Lent("20000016", items[7].Barcode, "2026-12-01")
		r.Lent("20000016", items[11].Barcode, "2026-12-01")

		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Kiểm kê mẫu", nil))
		if _, err := r.desk.OpenStocktake(ctx, r.staff, "Nữa", []kiosk.ID{r.shelf.ID}); !errors.Is(err, kiosk.ErrStockOpen) {
			r.t.Errorf("a second over the same places: %v", err)
		}
		if _, err := r.desk.CloseStocktake(ctx, r.staff, s.ID, r.minutes()); !errors.Is(err, kiosk.ErrNothingMet) {
			r.t.Errorf("closed with nothing met: %v", err)
		}
		home := items[0].HomePlace
		says := func(code string, want kiosk.CountOutcome, place ...kiosk.ID) kiosk.Count {
			r.t.Helper()
			c := r.count(s, code, place...)
			if c.Outcome != want {
				r.t.Errorf("%s says %s, want %s", code, c.Outcome, want)
			}
			return c
		}
		if c := says(items[0].Barcode, kiosk.CountSeen, home); c.Seen != 1 || c.Expected != 9 || c.Title != items[0].Title.Title {
			r.t.Errorf("%+v", c)
		}
		says(items[0].Accession, kiosk.CountAgain, home)
		if c := says(items[1].Barcode, kiosk.CountMisplaced, home); c.Belongs != r.shelf.Name {
			r.t.Errorf("belongs to %q", c.Belongs)
		}
		says(items[3].Barcode, kiosk.CountFound)
		says(items[5].Barcode, kiosk.CountWithdrawn)
		says(items[6].Barcode, kiosk.CountOnLoan, home)
		says("31234567", kiosk.CountUnknown)
		says("31234567", kiosk.CountUnknown)
		says("20000016", kiosk.CountCard)
		says("9786041234567", kiosk.CountTitle)
		if c := says("70000014", kiosk.CountPlace); c.Place != corner.ID {
			r.t.Errorf("%+v", c)
		}
		// One comes back while the count goes on: it is there.
		if _, err := r.desk.Return(ctx, kiosk.Attempt{Station: "desk"}, "", items[7].ID); err != nil {
			r.t.Fatal(err)
		}
		if c := must[kiosk.Count](r)(r.desk.CountCopy(ctx, r.staff, kiosk.CountScan{Stocktake: s.ID, Code: items[8].Barcode, Place: home, Condition: kiosk.ConditionDamaged})); c.Condition != kiosk.ConditionDamaged {
			r.t.Errorf("%+v", c)
		}
		want := map[int]kiosk.StockState{
			0: kiosk.StockSeen, 1: kiosk.StockMisplaced, 2: kiosk.StockCorner, 3: kiosk.StockFound, 4: kiosk.StockGone, 5: kiosk.StockSurplus,
			6: kiosk.StockSeen, 7: kiosk.StockSeen, 8: kiosk.StockSeen, 9: kiosk.StockMissing, 10: kiosk.StockMissing, 11: kiosk.StockOut,
		}
		check := func(when string) {
			r.t.Helper()
			have := r.states(s)
			for n, w := range want {
				if have[items[n].Barcode] != w {
					r.t.Errorf("%s: copy %d is %s, want %s", when, n, have[items[n].Barcode], w)
				}
			}
			if len(have) != len(want) {
				r.t.Errorf("%s: %d lines, want %d", when, len(have), len(want))
			}
		}
		check("counting")
		// A scan by mistake is taken back.
		says(items[9].Barcode, kiosk.CountSeen, home)
		if err := r.desk.Uncount(ctx, r.staff, s.ID, items[9].ID); err != nil {
			r.t.Fatal(err)
		}
		if err := r.desk.Uncount(ctx, r.staff, s.ID, items[9].ID); !errors.Is(err, kiosk.ErrNotNow) {
			r.t.Error(err)
		}
		check("taken back")

		if _, err := r.desk.CloseStocktake(ctx, r.staff, s.ID, kiosk.StockMinutes{Number: "1", Method: kiosk.StockPeriodic}); !isField(err, "board") {
			r.t.Errorf("minutes without a board: %v", err)
		}
		r.Advance(time.Minute)
		closed := must[kiosk.Stocktake](r)(r.desk.CloseStocktake(ctx, r.staff, s.ID, r.minutes()))
		check("closed")
		if n := closed.Minutes.Sums.All; n.Unmet() != 2 || n.There() != 8 || n.Of(kiosk.StockGone) != 1 || n.Of(kiosk.StockSurplus) != 1 || closed.Minutes.Sums.Strays != 1 {
			r.t.Errorf("sums %+v", closed.Minutes.Sums)
		}
		if closed.Minutes.Sums.Condition[kiosk.ConditionDamaged].There() != 1 {
			r.t.Errorf("conditions %+v", closed.Minutes.Sums.Condition)
		}
		for n, want := range map[int]kiosk.CopyStatus{9: kiosk.CopyLost, 10: kiosk.CopyLost, 4: kiosk.CopyLost, 3: kiosk.CopyAvailable, 2: kiosk.CopyAvailable, 7: kiosk.CopyAvailable} {
			if have := r.status(items[n].Barcode); have != want {
				r.t.Errorf("copy %d is %s, want %s", n, have, want)
			}
		}
		if _, err := r.desk.CloseStocktake(ctx, r.staff, s.ID, r.minutes()); !errors.Is(err, kiosk.ErrStockClosed) {
			r.t.Errorf("closed twice: %v", err)
		}
		if _, err := r.desk.CountCopy(ctx, r.staff, kiosk.CountScan{Stocktake: s.ID, Code: items[9].Barcode}); !errors.Is(err, kiosk.ErrStockClosed) {
			r.t.Errorf("counted after the close: %v", err)
		}
		// The close is taken back, and done again.
		if err := r.desk.ReopenStocktake(ctx, r.staff, s.ID); err != nil {
			r.t.Fatal(err)
		}
		check("opened again")
		if r.status(items[9].Barcode) != kiosk.CopyAvailable || r.status(items[4].Barcode) != kiosk.CopyLost {
			r.t.Error("what was missing is not what it was")
		}
		r.Advance(time.Minute)
		must[kiosk.Stocktake](r)(r.desk.CloseStocktake(ctx, r.staff, s.ID, r.minutes()))
		// A copy turns up: one scan.
		if i, _, err := r.desk.FindCopy(ctx, r.staff, items[10].Accession); err != nil || i.State.Status != kiosk.CopyAvailable {
			r.t.Errorf("found: %+v %v", i.State, err)
		}
		if _, _, err := r.desk.FindCopy(ctx, r.staff, items[10].Accession); !errors.Is(err, kiosk.ErrNotNow) {
			r.t.Errorf("found twice: %v", err)
		}
		// At the next one, what is still away is missing twice.
		r.Advance(time.Minute)
		s = must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Lần sau", nil))
		r.count(s, items[0].Barcode, home)
		r.Advance(time.Minute)
		m := r.minutes()
		m.All = true
		must[kiosk.Stocktake](r)(r.desk.CloseStocktake(ctx, r.staff, s.ID, m))
		r.view(func(v kiosk.View) error {
			missed, err := v.Missed()
			if missed[items[9].ID] != 2 || missed[items[4].ID] != 2 || missed[items[8].ID] != 1 || missed[items[0].ID] != 0 {
				r.t.Errorf("missed %v", missed)
			}
			return err
		})
	})
}

func isField(err error, field string) bool {
	var f *kiosk.FieldError
	return errors.As(err, &f) && f.Field == field
}

// Places that were not begun are not missing: a shelf that was forgotten has lost
// nothing.
func TestStocktakeLeavesWhatWasNotCounted(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		items := r.stock(4)
		for _, i := range items[2:] {
			if _, err := r.desk.Change(ctx, r.staff, i.ID, kiosk.CopyChange{Place: r.shelf.ID}); err != nil {
				r.t.Fatal(err)
			}
		}
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Mẫu", nil))
		r.count(s, items[0].Barcode, items[0].HomePlace)
		closed := must[kiosk.Stocktake](r)(r.desk.CloseStocktake(ctx, r.staff, s.ID, r.minutes()))
		if n := closed.Minutes.Sums.All; n.Of(kiosk.StockMissing) != 1 || n.Of(kiosk.StockExpected) != 2 {
			r.t.Errorf("%+v", n)
		}
		if r.status(items[1].Barcode) != kiosk.CopyLost || r.status(items[2].Barcode) != kiosk.CopyAvailable {
			r.t.Error("the wrong ones are lost")
		}
	})
}

func TestStocktakeOfSomePlaces(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		items := r.stock(3)
		if _, err := r.desk.OpenStocktake(ctx, r.staff, "Mẫu", []kiosk.ID{r.shelf.ID}); !errors.Is(err, kiosk.ErrNothingThere) {
			r.t.Error(err)
		}
		if _, err := r.desk.OpenStocktake(ctx, r.staff, "Mẫu", []kiosk.ID{"x"}); !isField(err, "place") {
			r.t.Error(err)
		}
		if _, err := r.desk.OpenStocktake(ctx, r.staff, " ", nil); !isField(err, "name") {
			r.t.Error(err)
		}
		if _, err := r.desk.Change(ctx, r.staff, items[2].ID, kiosk.CopyChange{Place: r.shelf.ID}); err != nil {
			r.t.Fatal(err)
		}
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Mẫu", []kiosk.ID{r.shelf.ID}))
		if c := r.count(s, items[0].Barcode, r.shelf.ID); c.Outcome != kiosk.CountMisplaced || c.Expected != 1 {
			r.t.Errorf("%+v", c)
		}
		if _, err := r.desk.CountCopy(ctx, r.staff, kiosk.CountScan{Stocktake: s.ID, Code: items[0].Barcode, Place: items[0].HomePlace}); !isField(err, "place") {
			r.t.Errorf("a place that is not counted: %v", err)
		}
		// Where only one place is counted nobody needs to name it, and what belongs
		// elsewhere is no part of what should be there.
		if c := r.count(s, items[1].Barcode, ""); c.Outcome != kiosk.CountMisplaced || c.Place != r.shelf.ID || c.Seen != 0 || c.Expected != 1 {
			r.t.Errorf("no place named: %+v", c)
		}
		r.count(s, items[2].Barcode, "")
		closed := must[kiosk.Stocktake](r)(r.desk.CloseStocktake(ctx, r.staff, s.ID, r.minutes()))
		sums := closed.Minutes.Sums
		n, worth := sums.All, sums.All.Worth(kiosk.StockSeen)
		if n.InStock() != 1 || n.There() != 1 || n.Outside != 2 || n.Of(kiosk.StockMisplaced) != 2 || n.WorthThere() != worth {
			r.t.Errorf("sums of one shelf: %+v", n)
		}
		for _, c := range sums.Condition {
			if c.There() != 1 {
				r.t.Errorf("by condition: %+v", sums.Condition)
			}
		}
	})
}

// Where several places are counted and none is named, a book of another place is
// sent there all the same.
func TestStocktakeOfPlacesWithoutOneNamed(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		items := r.stock(3)
		var other kiosk.Place
		r.update(func(tx kiosk.Tx) error {
			other = r.shelf
			other.ID, other.Code, other.Name, other.Barcode = tx.NewID(), "KX", "Kệ khác", ""
			return tx.PutPlace(other)
		})
		for i, place := range []kiosk.ID{r.shelf.ID, other.ID} {
			if _, err := r.desk.Change(ctx, r.staff, items[i].ID, kiosk.CopyChange{Place: place}); err != nil {
				r.t.Fatal(err)
			}
		}
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Mẫu", []kiosk.ID{r.shelf.ID, other.ID}))
		if c := r.count(s, items[0].Barcode, ""); c.Outcome != kiosk.CountSeen || c.Belongs != "" {
			r.t.Errorf("a book of a counted place: %+v", c)
		}
		if c := r.count(s, items[2].Barcode, ""); c.Outcome != kiosk.CountMisplaced || c.Belongs == "" || c.Seen != 1 || c.Expected != 2 {
			r.t.Errorf("a book of another place: %+v", c)
		}
		is := func(when string, want ...kiosk.StockState) {
			r.t.Helper()
			have := r.states(s)
			for i, w := range want {
				if have[items[i].Barcode] != w {
					r.t.Errorf("%s: copy %d is %q, want %q", when, i, have[items[i].Barcode], w)
				}
			}
		}
		is("counted", kiosk.StockSeen, kiosk.StockExpected, kiosk.StockMisplaced)
		before := len(r.Events())
		if c := r.count(s, items[2].Barcode, ""); c.Outcome != kiosk.CountMisplaced || len(r.Events()) != before {
			r.t.Errorf("met again: %+v, %d events more", c, len(r.Events())-before)
		}
		if err := r.desk.Uncount(ctx, r.staff, s.ID, items[2].ID); err != nil {
			r.t.Fatal(err)
		}
		r.count(s, items[2].Barcode, other.ID) // named, it is no other
		is("at a shelf", kiosk.StockSeen, kiosk.StockMissing, kiosk.StockMisplaced)
		r.count(s, items[2].Barcode, "")
		sums := must[kiosk.Stocktake](r)(r.desk.CloseStocktake(ctx, r.staff, s.ID, r.minutes())).Minutes.Sums.All
		if sums.Of(kiosk.StockMisplaced) != 1 || sums.Of(kiosk.StockSeen) != 1 || sums.Outside != 1 || sums.There() != 1 || sums.Unmet() != 1 {
			r.t.Errorf("minutes: %+v", sums)
		}
		is("closed", kiosk.StockSeen, kiosk.StockExpected, kiosk.StockMisplaced)
	})
}

// Lines that were written before it was noted whether a copy belongs to a place
// that is counted say what they said.
func TestLinesOfOldStocktakes(t *testing.T) {
	old := kiosk.StockLine{Place: "other", Seen: time.Date(2026, 5, 31, 8, 0, 0, 0, time.UTC)}
	if old.ClosedState() != kiosk.StockSeen || (kiosk.CountedLine{StockLine: old}).StateOf(nil, nil) != kiosk.StockSeen {
		t.Error("an old line has another meaning")
	}
	old.Away = true
	if old.ClosedState() != kiosk.StockMisplaced || (kiosk.CountedLine{StockLine: old}).StateOf(nil, nil) != kiosk.StockMisplaced {
		t.Error("a copy of another place is no misplaced one")
	}
}

// A memory scanner's file, and one of another library.
func TestStocktakeFile(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		items := r.stock(4)
		var shelf kiosk.Place
		r.update(func(tx kiosk.Tx) error {
			shelf = r.shelf
			shelf.Barcode = "70000022"
			return tx.PutPlace(shelf)
		})
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Mẫu", nil))
		var foreign *kiosk.ForeignFileError
		_, err := r.desk.CountFile(ctx, r.staff, s.ID, "", [][]string{{"11111111"}, {"22222222"}, {items[0].Barcode}})
		if !errors.As(err, &foreign) || foreign.Codes != 3 || foreign.Known != 1 {
			r.t.Errorf("another library's file: %v", err)
		}
		if _, err := r.desk.CountFile(ctx, r.staff, s.ID, "", nil); !errors.As(err, &foreign) {
			r.t.Errorf("an empty file: %v", err)
		}
		if len(r.states(s)) != 4 || r.states(s)[items[0].Barcode] != kiosk.StockExpected {
			r.t.Error("something of a refused file was counted")
		}
		done := must[kiosk.CountedFile](r)(r.desk.CountFile(ctx, r.staff, s.ID, items[0].HomePlace, [][]string{
			{"2026-11-24", items[0].Barcode}, {items[1].Barcode, "10:20"}, {items[1].Barcode}, {""}, {"70000022"}, {items[2].Barcode}, {"99999999"},
		}))
		if done.Codes != 6 || done.Outcomes[kiosk.CountSeen] != 2 || done.Outcomes[kiosk.CountAgain] != 1 || done.Outcomes[kiosk.CountMisplaced] != 1 || done.Outcomes[kiosk.CountUnknown] != 1 || len(done.Told) != 2 {
			r.t.Errorf("%+v", done)
		}
		// Taken back, but for what was met elsewhere since.
		r.Advance(time.Minute)
		must[kiosk.Count](r)(r.desk.CountCopy(ctx, r.staff, kiosk.CountScan{Stocktake: s.ID, Place: shelf.ID, Code: items[0].Barcode}))
		var partly *kiosk.PartlyUndoneError
		if err := r.desk.UncountFile(ctx, r.staff, s.ID, done); !errors.As(err, &partly) || partly.Undone != 2 || partly.Left != 1 {
			r.t.Errorf("taken back: %v", err)
		}
		r.view(func(v kiosk.View) error {
			strays, err := v.Strays(s.ID)
			if len(strays) > 0 {
				r.t.Errorf("%+v", strays)
			}
			return err
		})
		if st := r.states(s); st[items[1].Barcode] != kiosk.StockExpected || st[items[2].Barcode] != kiosk.StockExpected || st[items[0].Barcode] == kiosk.StockExpected {
			r.t.Errorf("%v", st)
		}
		if err := r.desk.UncountFile(ctx, r.staff, s.ID, done); !errors.Is(err, kiosk.ErrNotUndoable) {
			r.t.Errorf("twice: %v", err)
		}
	})
}

// Four devices at once, each with its own copies and all with some of the same:
// every copy is met once, and recounting the events gives the same.
func TestStocktakeByFour(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		items := r.stock(40)
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(r.t.Context(), r.staff, "Mẫu", nil))
		var wg sync.WaitGroup
		for d := range 4 {
			wg.Go(func() {
				for n := range 10 {
					for _, i := range []kiosk.Item{items[d*10+n], items[n]} { // the first ten by all
						if _, err := r.desk.CountCopy(r.t.Context(), r.staff, kiosk.CountScan{Stocktake: s.ID, Code: i.Barcode}); err != nil {
							r.t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		met := map[kiosk.ID]int{}
		for _, e := range r.Events() {
			if e.Type == kiosk.EventStockCounted {
				met[e.CopyID]++
			}
		}
		if len(met) != 40 {
			r.t.Errorf("%d copies in the events", len(met))
		}
		for id, n := range met {
			if n != 1 {
				r.t.Errorf("copy %s was met %d times", id, n)
			}
		}
		r.view(func(v kiosk.View) error {
			n, of, err := v.StockProgress(s.ID)
			if n != 40 || of != 40 {
				r.t.Errorf("%d of %d", n, of)
			}
			return err
		})
	})
}

// A stocktake opened over the wrong places is taken back before the first scan, and
// another may be opened at once; once something was met it ends by its minutes.
func TestStocktakeOpenedByMistake(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		r.Copy("10000014", "Dế mèn mẫu", kiosk.Children, "")
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Mở nhầm", nil))
		if err := r.desk.DropStocktake(ctx, r.staff, s.ID); err != nil {
			r.t.Fatal(err)
		}
		r.view(func(v kiosk.View) error {
			all, err := v.Stocktakes()
			if _, gone := v.Stocktake(s.ID); len(all) != 0 || !errors.Is(gone, kiosk.ErrNotFound) {
				r.t.Errorf("still there: %v %v", all, gone)
			}
			return err
		})
		if err := r.desk.DropStocktake(ctx, r.staff, s.ID); !errors.Is(err, kiosk.ErrNotFound) {
			r.t.Errorf("twice: %v", err)
		}
		s = must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Mở đúng", nil))
		r.count(s, "10000014")
		if err := r.desk.DropStocktake(ctx, r.staff, s.ID); !errors.Is(err, kiosk.ErrNotUndoable) {
			r.t.Errorf("with a book that was met: %v", err)
		}
		if err := r.desk.Uncount(ctx, r.staff, s.ID, r.item(r.Copy("10000022", "Sách mẫu", kiosk.Children, "").Copy).ID); err == nil {
			r.t.Error("a book that was not met is taken out")
		}
	})
}
