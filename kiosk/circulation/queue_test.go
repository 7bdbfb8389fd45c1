package circulation_test

import (
	"errors"
	"testing"

	"muontra/kiosk"
)

// A lost book that is found goes to whoever waits for it, by the scan or the
// button that finds it; taken back, it is lost and they wait as before. What is
// kept and then lost waits again, in its old place in the queue.
func TestFoundCopyIsKeptForTheFirstWhoWaits(t *testing.T) {
	ctx := t.Context()
	onEveryLedger(t, func(r *rig) {
		binh := r.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "2A", 2)
		chi := r.Patron(kiosk.Pupil, "20000032", "Lê Mẫu Chi", "2A", 2)
		book := r.Copy("10000014", "Dế mèn mẫu", kiosk.Children, "")
		other := r.Copy("10000022", "Dế mèn mẫu", kiosk.Children, "")
		r.update(func(tx kiosk.Tx) error {
			c := other.Copy
			c.TitleID = book.TitleID
			return tx.PutCopy(c)
		})
		r.Lent("20000024", "10000022", "2026-11-27")
		b := must[kiosk.HoldDone](r)(r.desk.PlaceHold(ctx, r.staff, chi.ID, book.TitleID))
		turn := func(s kiosk.CopyStatus) kiosk.Answer {
			return must[kiosk.Answer](r)(r.desk.Change(ctx, r.staff, book.ID, kiosk.CopyChange{Status: s}))
		}
		waits := func(what string, copy kiosk.ID) {
			r.t.Helper()
			want := kiosk.HoldWaiting
			if copy != "" {
				want = kiosk.HoldReady
			}
			if h := r.hold(b.Hold); h.Status != want || h.CopyID != copy || h.Until.IsZero() != (copy == "") {
				r.t.Errorf("%s: %+v", what, h)
			}
		}
		r.CopyStatus("10000014", kiosk.CopyLost)
		waits("lost", "")

		found := turn(kiosk.CopyAvailable)
		waits("found by the button", book.ID)
		if n := found.Result.Notes; len(n) != 1 || n[0].Code != kiosk.NoteReserved {
			r.t.Errorf("found: %+v", n)
		}
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, found.Result.EventSeq))
		waits("the finding taken back", "")
		equal(r, "the finding taken back", r.status("10000014"), kiosk.CopyLost)

		_, seq, err := r.desk.FindCopy(ctx, r.staff, "10000014")
		if err != nil {
			r.t.Fatal(err)
		}
		waits("found by a scan", book.ID)
		if r.store == nil { // once is enough
			if ans := must[kiosk.Answer](r)(r.desk.Checkout(ctx, r.staff, binh.Ref, book.ID)); ans.Result.Reason != kiosk.ReasonReservedForOther {
				r.t.Errorf("lent to another: %+v", ans.Result)
			}
		}
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, seq))
		waits("the scan taken back", "")

		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Kiểm kê mẫu", nil))
		if c := r.count(s, "10000014"); c.Outcome != kiosk.CountFound || !c.Reserved {
			r.t.Errorf("counted: %+v", c)
		}
		waits("found by a stocktake", book.ID)
		if err := r.desk.Uncount(ctx, r.staff, s.ID, book.ID); err != nil {
			r.t.Fatal(err)
		}
		waits("taken out of the count", "")
		r.count(s, "10000014")

		// Kept, and lost or torn before it was fetched.
		lost := turn(kiosk.CopyLost)
		waits("lost while it was kept", "")
		r.mustSeq(r.desk.TakeBack(ctx, r.staff, lost.Result.EventSeq))
		waits("that taken back", book.ID)
		turn(kiosk.CopyInRepair)
		waits("to be mended", "")
		mended := turn(kiosk.CopyAvailable)
		waits("mended", book.ID)

		// The other copy is taken instead: this one lies aside in vain, and it is told.
		must[kiosk.Answer](r)(r.desk.Return(ctx, r.staff, "", other.ID))
		instead := must[kiosk.Answer](r)(r.desk.Checkout(ctx, r.staff, chi.Ref, other.ID))
		equal(r, "another was taken", r.aside(), []string{"10000014"})
		must[kiosk.Answer](r)(r.desk.Undo(ctx, r.staff, "", instead.Result.EventSeq))
		equal(r, "and given back", len(r.aside()), 0)

		// Handed out meanwhile: what was found is not lost again by a late undo.
		must[kiosk.Answer](r)(r.desk.Checkout(ctx, r.staff, chi.Ref, book.ID))
		if _, err := r.desk.TakeBack(ctx, r.staff, mended.Result.EventSeq); !errors.Is(err, kiosk.ErrNotUndoable) {
			r.t.Errorf("undone after it was lent: %v", err)
		}
	})
}

// A copy that has left keeps the record with which it left.
func TestWithdrawnCopyIsNotEdited(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		i := r.Copy("10000014", "Dế mèn mẫu", kiosk.Children, "")
		r.CopyStatus("10000014", kiosk.CopyWithdrawn)
		i = r.item(i.Copy)
		rec := kiosk.RecordOf(i)
		rec.Note = "sửa sau"
		if _, err := r.desk.EditCopy(t.Context(), r.staff, i.ID, rec, nil); !errors.Is(err, kiosk.ErrWithdrawn) {
			r.t.Errorf("edited: %v", err)
		}
		if _, err := r.desk.MoveBarcode(t.Context(), r.staff, i.ID, "10000030", false, false); !errors.Is(err, kiosk.ErrWithdrawn) {
			r.t.Errorf("another barcode: %v", err)
		}
		if got := r.item(i.Copy); got.Note != i.Note || got.Barcode != "10000014" {
			r.t.Errorf("changed: %+v", got.Copy)
		}
	})
}
