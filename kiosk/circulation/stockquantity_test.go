package circulation_test

import (
	"errors"
	"testing"

	"muontra/kiosk"
)

// quantity is a line's number.
func (r *rig) quantity(l kiosk.TextbookLine) (n int) {
	r.t.Helper()
	r.view(func(v kiosk.View) error {
		now, err := v.TextbookLine(l.ID)
		n = now.Quantity
		return err
	})
	return n
}

// What classes have lost and what is torn on the shelf leaves the number by one
// act, and comes back by one undo; more than there is never leaves.
func TestWriteOff(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		r.person("Nguyễn Mẫu An", "2A")
		maths := r.textbooks("Toán 2", 30)
		to := kiosk.Handout{ClassID: r.class("2A"), Due: kiosk.MustDay("2027-01-10")}
		for _, n := range []int{2, 5} {
			if _, err := r.desk.HandOut(ctx, r.staff, to, []kiosk.HandoutItem{{Line: maths.ID, Quantity: n}}); err != nil {
				t.Fatal(err)
			}
		}
		var back []kiosk.HandoutBack
		for _, h := range r.handouts() {
			back = append(back, kiosk.HandoutBack{ID: h.ID, Lost: 2, Whole: h.Quantity - 2})
		}
		if _, err := r.desk.HandBack(ctx, r.staff, back); err != nil {
			t.Fatal(err)
		}
		if r.counts(maths) != [3]int{0, 4, 26} || r.quantity(maths) != 30 {
			t.Fatalf("before: %v of %d", r.counts(maths), r.quantity(maths))
		}
		for _, bad := range []struct {
			lost, shelf int
			cause       kiosk.WithdrawalCause
			field       string
		}{{5, 0, kiosk.CauseLost, "lost"}, {0, 27, kiosk.CauseTorn, "shelf"}, {-1, 1, kiosk.CauseTorn, "lost"}, {0, 0, kiosk.CauseTorn, "shelf"}, {1, 0, "x", "cause"}} {
			_, err := r.desk.WriteOff(ctx, r.staff, maths.ID, bad.lost, bad.shelf, bad.cause)
			var f *kiosk.FieldError
			if !errors.As(err, &f) || f.Field != bad.field {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		done, err := r.desk.WriteOff(ctx, r.staff, maths.ID, 3, 1, kiosk.CauseLost)
		if err != nil {
			t.Fatal(err)
		}
		if r.counts(maths) != [3]int{0, 1, 25} || r.quantity(maths) != 26 {
			t.Errorf("after: %v of %d", r.counts(maths), r.quantity(maths))
		}
		r.Replayed()
		if _, err := r.desk.TakeBack(ctx, r.staff, done.Result.EventSeq); err != nil {
			t.Fatal(err)
		}
		if r.counts(maths) != [3]int{0, 4, 26} || r.quantity(maths) != 30 {
			t.Errorf("after the undo: %v of %d", r.counts(maths), r.quantity(maths))
		}
		if _, err := r.desk.TakeBack(ctx, r.staff, done.Result.EventSeq); !errors.Is(err, kiosk.ErrNotUndoable) {
			t.Errorf("a second undo: %v", err)
		}
		r.Replayed()
	})
}

// The number that is typed in stands beside what should be on the shelf; the
// close lowers the register by what is missing, and the reopening gives it back.
func TestStocktakeOfQuantities(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		r.person("Nguyễn Mẫu An", "2A")
		r.stock(2)
		maths, music, art := r.textbooks("Toán 2", 30), r.textbooks("Âm nhạc 2", 5), r.textbooks("Mĩ thuật 2", 4)
		to := kiosk.Handout{ClassID: r.class("2A"), Due: kiosk.MustDay("2027-01-10")}
		if _, err := r.desk.HandOut(ctx, r.staff, to, []kiosk.HandoutItem{{Line: maths.ID, Quantity: 10}}); err != nil {
			t.Fatal(err)
		}
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Mẫu", nil))
		count := func(n map[kiosk.ID]int) error { return r.desk.CountLines(ctx, r.staff, s.ID, n) }
		var f *kiosk.FieldError
		if err := count(map[kiosk.ID]int{maths.ID: -2}); !errors.As(err, &f) || f.Field != "n-"+string(maths.ID) {
			t.Errorf("less than nothing: %v", err)
		}
		if err := count(map[kiosk.ID]int{maths.ID: 9, music.ID: 7, art.ID: 0}); err != nil {
			t.Fatal(err)
		}
		// A slip is typed over, and another number taken out again.
		if err := count(map[kiosk.ID]int{maths.ID: 17, art.ID: -1}); err != nil {
			t.Fatal(err)
		}
		r.nothing("the same numbers again", func() {
			if err := count(map[kiosk.ID]int{maths.ID: 17, music.ID: 7}); err != nil {
				t.Fatal(err)
			}
		})
		r.count(s, "30000000", r.shelf.ID)
		closed := must[kiosk.Stocktake](r)(r.desk.CloseStocktake(ctx, r.staff, s.ID, r.minutes()))
		said := map[string][2]int{}
		for _, q := range closed.Minutes.Quantities {
			said[q.Title] = [2]int{q.Expected, q.Counted}
		}
		if len(said) != 2 || said["Toán 2"] != [2]int{20, 17} || said["Âm nhạc 2"] != [2]int{5, 7} {
			t.Errorf("the minutes: %v", said)
		}
		if r.quantity(maths) != 27 || r.quantity(music) != 5 || r.quantity(art) != 4 || r.counts(maths) != [3]int{10, 0, 17} {
			t.Errorf("the numbers are %d, %d, %d", r.quantity(maths), r.quantity(music), r.quantity(art))
		}
		if err := count(map[kiosk.ID]int{maths.ID: 1}); !errors.Is(err, kiosk.ErrStockClosed) {
			t.Errorf("counted after the close: %v", err)
		}
		r.Replayed()
		if err := r.desk.ReopenStocktake(ctx, r.staff, s.ID); err != nil {
			t.Fatal(err)
		}
		if r.quantity(maths) != 30 {
			t.Errorf("reopened: %d", r.quantity(maths))
		}
		r.Replayed()
	})
}

// A set's barcode tells its books and which of them were met, and counts none.
func TestStocktakeOfASet(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		r.stock(3)
		r.BookSet("BO-1", "Bộ mẫu", "30000000", "30000001")
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(t.Context(), r.staff, "Mẫu", nil))
		r.count(s, "30000001")
		c := r.count(s, "BO-1")
		if c.Outcome != kiosk.CountSet || c.Title != "Bộ mẫu" || c.Met != 1 || len(c.Members) != 2 || c.Seen != 1 {
			t.Errorf("%+v", c)
		}
		for _, m := range c.Members {
			if m.Seen != (m.Title == "Truyện mẫu 1") {
				t.Errorf("%+v", m)
			}
		}
	})
}
