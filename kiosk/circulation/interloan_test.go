package circulation_test

import (
	"errors"
	"testing"

	"muontra/kiosk"
)

// A lot of another library's books: its list is written, books go back whole,
// damaged and lost, each step is undone, and what cannot be is refused.
func TestBooksOfAnotherLibrary(t *testing.T) {
	t.Parallel()
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		put := func(l kiosk.Interloan) (kiosk.Interloan, error) {
			return r.desk.PutInterloan(ctx, r.staff, l, nil)
		}
		good := kiosk.Interloan{Lender: " Thư viện mẫu ", Place: r.shelf.ID, Received: r.Today(), Due: r.Today().Add(60)}
		r.nothing("a lot that cannot be", func() {
			for what, c := range map[string]struct {
				spoil   func(*kiosk.Interloan)
				field   string
				problem kiosk.FieldProblem
			}{
				"no lender":      {func(l *kiosk.Interloan) { l.Lender = " " }, "lender", kiosk.FieldMissing},
				"tomorrow":       {func(l *kiosk.Interloan) { l.Received = r.Today().Add(1) }, "received", kiosk.FieldInFuture},
				"no day due":     {func(l *kiosk.Interloan) { l.Due = kiosk.Day{} }, "due", kiosk.FieldMissing},
				"due before":     {func(l *kiosk.Interloan) { l.Due = r.Today().Add(-1) }, "due", kiosk.FieldOutOfRange},
				"due in decades": {func(l *kiosk.Interloan) { l.Due = r.Today().AddMonths(240) }, "due", kiosk.FieldOutOfRange},
				"no such place":  {func(l *kiosk.Interloan) { l.Place = "nope" }, "place", kiosk.FieldUnknown},
			} {
				bad := good
				c.spoil(&bad)
				_, err := put(bad)
				r.wrongField(what, err, c.field, c.problem)
			}
		})
		lot := must[kiosk.Interloan](r)(put(good))
		if lot.Lender != "Thư viện mẫu" || lot.By != r.staff.Staff {
			r.t.Errorf("%+v", lot)
		}
		add := func(b ...kiosk.InterloanBook) ([]kiosk.InterloanBook, error) {
			return r.desk.AddInterloanBooks(ctx, r.staff, lot.ID, b)
		}
		books := must[[]kiosk.InterloanBook](r)(add(kiosk.InterloanBook{Title: "Sách mẫu", Code: "TV.001", Quantity: 1}, kiosk.InterloanBook{Title: "Truyện mẫu", Quantity: 5}))
		r.nothing("a line that cannot be", func() {
			for what, c := range map[string]struct {
				b       kiosk.InterloanBook
				field   string
				problem kiosk.FieldProblem
			}{
				"no title":         {kiosk.InterloanBook{Quantity: 1}, "title-0", kiosk.FieldMissing},
				"none of it":       {kiosk.InterloanBook{Title: "x"}, "quantity-0", kiosk.FieldOutOfRange},
				"two of one code":  {kiosk.InterloanBook{Title: "x", Code: "TV.9", Quantity: 2}, "quantity-0", kiosk.FieldOutOfRange},
				"a code once more": {kiosk.InterloanBook{Title: "x", Code: "TV.001", Quantity: 1}, "code-0", kiosk.FieldUnexpected},
			} {
				_, err := add(c.b)
				r.wrongField(what, err, c.field, c.problem)
			}
			_, err := add()
			r.wrongField("no line", err, "books", kiosk.FieldOutOfRange)
		})
		give := func(items ...kiosk.InterloanBack) (kiosk.InterloanEdit, error) {
			return r.desk.GiveBackInterloan(ctx, r.staff, lot.ID, items)
		}
		sum := func(want kiosk.InterloanSum) {
			r.t.Helper()
			r.view(func(v kiosk.View) error {
				all, err := v.InterloanBooks(lot.ID)
				if got := kiosk.SumOfInterloan(all); got != want {
					r.t.Errorf("%+v, want %+v", got, want)
				}
				return err
			})
		}
		// One is scanned, of the others one is damaged and one lost.
		must[kiosk.InterloanEdit](r)(give(kiosk.InterloanBack{Book: books[0].ID, Back: 1}))
		edit := must[kiosk.InterloanEdit](r)(give(kiosk.InterloanBack{Book: books[1].ID, Back: 2, Damaged: 1, Lost: 1}))
		sum(kiosk.InterloanSum{Books: 6, Back: 3, Damaged: 1, Lost: 1, Out: 1})
		r.nothing("more than there are", func() {
			for what, items := range map[string][]kiosk.InterloanBack{
				"two of one":        {{Book: books[1].ID, Back: 2}},
				"one that is back":  {{Book: books[0].ID, Back: 1}},
				"less than nothing": {{Book: books[1].ID, Back: -1}},
				"two found of one":  {{Book: books[1].ID, Lost: -2}},
			} {
				_, err := give(items...)
				r.wrongField(what, err, "back-"+string(items[0].Book), kiosk.FieldOutOfRange)
			}
			_, err := give()
			r.wrongField("none", err, "back", kiosk.FieldMissing)
			if err := r.desk.RemoveInterloan(ctx, r.staff, lot.ID, true); !errors.Is(err, kiosk.ErrNotNow) {
				r.t.Errorf("a lot of which books went back is taken away: %v", err)
			}
			if _, err := r.desk.DropInterloanBook(ctx, r.staff, lot.ID, books[1].ID); !errors.Is(err, kiosk.ErrNotNow) {
				r.t.Errorf("a line of which books went back is taken off: %v", err)
			}
		})
		// The lost one is found and goes back; then that is not undone out of turn.
		found := must[kiosk.InterloanEdit](r)(give(kiosk.InterloanBack{Book: books[1].ID, Back: 1, Lost: -1}))
		if err := r.desk.TakeBackInterloan(ctx, r.staff, edit); !errors.Is(err, kiosk.ErrNotUndoable) {
			r.t.Errorf("undone out of turn: %v", err)
		}
		for _, e := range []kiosk.InterloanEdit{found, edit} {
			if err := r.desk.TakeBackInterloan(ctx, r.staff, e); err != nil {
				r.t.Error(err)
			}
		}
		sum(kiosk.InterloanSum{Books: 6, Back: 1, Out: 5})
		// A line by mistake, its undo while the code stands elsewhere, a number of the
		// list never twice.
		wrong := must[[]kiosk.InterloanBook](r)(add(kiosk.InterloanBook{Title: "Nhầm", Code: "TV.002", Quantity: 1}))
		dropped := must[kiosk.InterloanEdit](r)(r.desk.DropInterloanBook(ctx, r.staff, lot.ID, wrong[0].ID))
		right := must[[]kiosk.InterloanBook](r)(add(kiosk.InterloanBook{Title: "Đúng", Code: "TV.002", Quantity: 1}))
		if right[0].Nr != 4 {
			r.t.Errorf("the new line has number %d", right[0].Nr)
		}
		if err := r.desk.TakeBackInterloan(ctx, r.staff, dropped); !errors.Is(err, kiosk.ErrNotUndoable) {
			r.t.Errorf("two lines with one code: %v", err)
		}
		if err := r.desk.TakeBackInterloan(ctx, r.staff, kiosk.InterloanEdit{After: right}); err != nil {
			r.t.Error(err)
		}
		if err := r.desk.TakeBackInterloan(ctx, r.staff, dropped); err != nil {
			r.t.Error(err)
		}
		// The same command is done once.
		again := r.staff
		again.CommandID, again.Body = "back-1", "x"
		for range 2 {
			must[kiosk.InterloanEdit](r)(r.desk.GiveBackInterloan(ctx, again, lot.ID, []kiosk.InterloanBack{{Book: books[1].ID, Back: 2}}))
		}
		sum(kiosk.InterloanSum{Books: 7, Back: 3, Out: 4})
		// What is not the staff's, and another lot's line.
		if _, err := r.desk.PutInterloan(ctx, kiosk.Attempt{}, good, nil); !errors.Is(err, kiosk.ErrStaffOnly) {
			r.t.Errorf("by nobody: %v", err)
		}
		other := must[kiosk.Interloan](r)(put(good))
		if _, err := r.desk.GiveBackInterloan(ctx, r.staff, other.ID, []kiosk.InterloanBack{{Book: books[1].ID, Back: 1}}); !errors.Is(err, kiosk.ErrNotFound) {
			r.t.Errorf("another lot's line: %v", err)
		}
		for _, remove := range []bool{true, false, true} {
			if err := r.desk.RemoveInterloan(ctx, r.staff, other.ID, remove); err != nil {
				r.t.Error(err)
			}
		}
		// It is known at a station, until it is given back.
		id := must[kiosk.Identity](r)(r.desk.Identify(ctx, "TV.002"))
		if id.Kind != kiosk.KindUnknown || id.Interloan == nil || id.Interloan.Lender != "Thư viện mẫu" || id.Interloan.Due != lot.Due {
			r.t.Errorf("%+v", id)
		}
		if id := must[kiosk.Identity](r)(r.desk.Identify(ctx, "TV.001")); id.Interloan != nil {
			r.t.Errorf("given back, it is %+v", id.Interloan)
		}
	})
}
