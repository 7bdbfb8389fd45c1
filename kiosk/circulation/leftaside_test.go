package circulation_test

import (
	"testing"

	"muontra/kiosk"
)

// aside is where each copy that is left aside lies in the ledger's answer, by
// barcode.
func (r *rig) aside() (codes []string) {
	r.view(func(v kiosk.View) error {
		all, err := v.LeftAside()
		for _, a := range all {
			i, err := v.Item(a.CopyID)
			if err != nil {
				return err
			}
			codes = append(codes, i.Barcode)
		}
		return err
	})
	return codes
}

// A copy that was set aside and not fetched lies there until somebody has it in
// hand: one scan shelves it, or says for whom it is to be kept now.
func TestLeftAside(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		an := r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		binh := r.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "2A", 2)
		chi := r.Patron(kiosk.Pupil, "20000032", "Lê Mẫu Chi", "2A", 2)
		book := r.Copy("10000014", "Dế mèn mẫu", kiosk.Children, "")
		r.Lent("20000016", "10000014", "2026-11-27")
		b := must[kiosk.HoldDone](r)(r.desk.PlaceHold(ctx, r.staff, binh.ID, book.TitleID))
		c := must[kiosk.HoldDone](r)(r.desk.PlaceHold(ctx, r.staff, chi.ID, book.TitleID))
		must[kiosk.Answer](r)(r.desk.Return(ctx, r.staff, "", book.ID))
		if got := r.aside(); len(got) != 0 {
			t.Errorf("while it waits for its patron: %v", got)
		}
		// A scan at the shelf says whose it is, and shelves nothing.
		done := must[kiosk.Shelved](r)(r.desk.ShelveByScan(ctx, r.staff, "10000014"))
		if done.For.ID != b.Hold || done.Event != 0 || len(done.Ticked) != 0 {
			t.Errorf("scanned while kept: %+v", done)
		}

		// Nobody came: it goes to the next, which a scan settles.
		r.Set("2026-11-30 09:25:00")
		must[kiosk.Retention](r)(r.desk.Retain(ctx))
		equal(r, "passed on", r.aside(), []string{"10000014"})
		if all := must[[]int64](r)(r.desk.ShelveFromTrolley(ctx, r.staff, []kiosk.ID{book.ID})); len(all) != 0 {
			t.Error("what is kept for the next is shelved")
		}
		done = must[kiosk.Shelved](r)(r.desk.ShelveByScan(ctx, r.staff, "10000014"))
		if done.For.ID != c.Hold || done.Event == 0 {
			t.Errorf("passed on, scanned: %+v", done)
		}
		equal(r, "set aside for the next", len(r.aside()), 0)
		if err := r.desk.UndoAll(ctx, r.staff, []int64{done.Event}); err != nil || r.hold(c.Hold).Status != kiosk.HoldReady || r.hold(c.Hold).CopyID != book.ID {
			t.Errorf("the scan undone: %v %+v", err, r.hold(c.Hold))
		}
		equal(r, "the scan undone", r.aside(), []string{"10000014"})

		// Nor did the next: back to the shelf, by one scan.
		r.Set("2026-12-07 09:25:00")
		must[kiosk.Retention](r)(r.desk.Retain(ctx))
		equal(r, "in vain", r.aside(), []string{"10000014"})
		no := must[kiosk.Answer](r)(r.desk.Checkout(ctx, kiosk.Attempt{Station: kiosk.DefaultStation}, an.Ref, book.ID)).Result
		equal(r, "lent as it lies there", no.Outcome, kiosk.CheckedOut)
		equal(r, "lent", len(r.aside()), 0)
		must[kiosk.Answer](r)(r.desk.Undo(ctx, r.staff, "", no.EventSeq))
		equal(r, "the loan undone", r.aside(), []string{"10000014"})
		done = must[kiosk.Shelved](r)(r.desk.ShelveByScan(ctx, r.staff, "10000014"))
		if done.For.ID != "" || done.Event == 0 || done.Place.ID != book.HomePlace {
			t.Errorf("shelved: %+v", done)
		}
		equal(r, "shelved", len(r.aside()), 0)
		if again := must[kiosk.Shelved](r)(r.desk.ShelveByScan(ctx, r.staff, "10000014")); again.Event != 0 {
			t.Error("shelved twice")
		}
		if err := r.desk.UndoAll(ctx, r.staff, []int64{done.Event}); err != nil {
			t.Fatal(err)
		}
		equal(r, "the shelving undone", r.aside(), []string{"10000014"})
		if all := must[[]int64](r)(r.desk.ShelveFromTrolley(ctx, r.staff, []kiosk.ID{book.ID})); len(all) != 1 || len(r.aside()) != 0 {
			t.Errorf("shelved from the list: %v, %v", all, r.aside())
		}

		// Cancelled by the staff, and that undone.
		d := must[kiosk.HoldDone](r)(r.desk.PlaceHold(ctx, r.staff, binh.ID, book.TitleID))
		must[kiosk.HoldDone](r)(r.desk.SetAside(ctx, r.staff, d.Hold, "10000014"))
		gone := must[kiosk.HoldDone](r)(r.desk.CancelHold(ctx, r.staff, d.Hold))
		equal(r, "the copy that is told", gone.Copy, book.ID)
		equal(r, "cancelled", r.aside(), []string{"10000014"})
		if err := r.desk.UndoAll(ctx, r.staff, []int64{gone.Event}); err != nil {
			t.Fatal(err)
		}
		equal(r, "not cancelled", len(r.aside()), 0)
		r.allPublished()
	})
}

// Who takes another copy than the one that was set aside leaves that one behind:
// for the next who waits, else for its shelf.
func TestAnotherCopyTaken(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		binh := r.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "2A", 2)
		chi := r.Patron(kiosk.Pupil, "20000032", "Lê Mẫu Chi", "2A", 2)
		one := r.Copy("10000014", "Dế mèn mẫu", kiosk.Children, "")
		two := r.Copy("10000022", "Dế mèn mẫu", kiosk.Children, "")
		r.update(func(tx kiosk.Tx) error {
			two.TitleID = one.TitleID
			return tx.PutCopy(two.Copy)
		})
		b := must[kiosk.HoldDone](r)(r.desk.PlaceHold(ctx, r.staff, binh.ID, one.TitleID))
		must[kiosk.HoldDone](r)(r.desk.SetAside(ctx, r.staff, b.Hold, "10000014"))
		c := must[kiosk.HoldDone](r)(r.desk.PlaceHold(ctx, r.staff, chi.ID, one.TitleID))
		kiosk1 := kiosk.Attempt{Station: kiosk.DefaultStation}
		lent := must[kiosk.Answer](r)(r.desk.Checkout(ctx, kiosk.Attempt{Station: kiosk.DefaultStation, Staff: r.staff.Staff}, binh.Ref, two.ID)).Result
		if lent.Outcome != kiosk.CheckedOut {
			t.Fatalf("%+v", lent)
		}
		if h := r.hold(c.Hold); h.Status != kiosk.HoldReady || h.CopyID != one.ID {
			t.Errorf("the next: %+v", h)
		}
		equal(r, "left behind", r.aside(), []string{"10000014"})
		must[kiosk.Answer](r)(r.desk.Undo(ctx, kiosk1, binh.Ref, lent.EventSeq))
		if h := r.hold(b.Hold); h.Status != kiosk.HoldReady || h.CopyID != one.ID || r.hold(c.Hold).Status != kiosk.HoldWaiting {
			t.Errorf("undone: %+v %+v", h, r.hold(c.Hold))
		}
		equal(r, "undone", len(r.aside()), 0)
	})
}
