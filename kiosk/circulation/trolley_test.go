package circulation_test

import (
	"errors"
	"slices"
	"testing"

	"muontra/kiosk"
)

// trolley makes a place for returned books and chooses it.
func (r *rig) trolley() kiosk.Place {
	r.t.Helper()
	p := must[kiosk.Place](r)(r.desk.AddPlace(r.t.Context(), r.staff, kiosk.Place{Code: "XE", Name: "Xe trả sách", Kind: kiosk.Library}))
	r.setTrolley(p.ID)
	return p
}

func (r *rig) setTrolley(to kiosk.ID) {
	r.t.Helper()
	if err := r.desk.SetTrolley(r.t.Context(), r.staff, func(t kiosk.Trolley) (kiosk.Trolley, error) { return t.Moved(to), nil }); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) returned(c kiosk.Item) kiosk.Result {
	r.t.Helper()
	return must[kiosk.Answer](r)(r.desk.Return(r.t.Context(), kiosk.Attempt{Station: kiosk.DefaultStation}, "", c.ID)).Result
}

func (r *rig) at(c kiosk.Item) kiosk.ID { return r.item(c.Copy).State.Place }

func hasNote(r kiosk.Result, code kiosk.NoteCode) bool {
	return slices.ContainsFunc(r.Notes, func(n kiosk.Note) bool { return n.Code == code })
}

// A book comes back onto the trolley, is put on its shelf by a scan, and each
// step can be taken back.
func TestTrolley(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		binh := r.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "2A", 2)
		items := r.stock(4)
		for _, i := range items {
			r.Lent("20000016", i.Barcode, "2026-12-01")
		}
		if res := r.returned(items[0]); hasNote(res, kiosk.NoteTrolley) {
			t.Errorf("without a trolley: %v", res.Notes)
		}
		equal(r, "at once at home", r.at(items[0]), items[0].HomePlace)
		xe := r.trolley()

		back := r.returned(items[1])
		if !hasNote(back, kiosk.NoteTrolley) {
			t.Errorf("the child is not told where the book goes: %v", back.Notes)
		}
		equal(r, "on the trolley", r.at(items[1]), xe.ID)
		must[kiosk.Answer](r)(r.desk.Undo(ctx, r.staff, "", back.EventSeq))
		equal(r, "as before the return", r.at(items[1]), items[1].HomePlace)
		r.returned(items[1])

		done := must[kiosk.Shelved](r)(r.desk.ShelveByScan(ctx, r.staff, items[1].Barcode))
		equal(r, "the shelf that is told", done.Place.ID, items[1].HomePlace)
		equal(r, "on its shelf", r.at(items[1]), items[1].HomePlace)
		if done.Event == 0 {
			t.Fatal("no event of the shelving")
		}
		if again := must[kiosk.Shelved](r)(r.desk.ShelveByScan(ctx, r.staff, items[1].Barcode)); again.Event != 0 {
			t.Errorf("shelved twice: event %d", again.Event)
		}
		if err := r.desk.UndoAll(ctx, r.staff, []int64{done.Event}); err != nil {
			t.Fatal(err)
		}
		equal(r, "on the trolley again", r.at(items[1]), xe.ID)

		// Lent from the trolley it is off it; the undo puts it back there.
		lent := must[kiosk.Answer](r)(r.desk.Checkout(ctx, kiosk.Attempt{Station: kiosk.DefaultStation, Staff: r.staff.Staff}, binh.Ref, items[1].ID)).Result
		equal(r, "lent from the trolley", lent.Outcome, kiosk.CheckedOut)
		equal(r, "off the trolley", r.at(items[1]), items[1].HomePlace)
		must[kiosk.Answer](r)(r.desk.Undo(ctx, r.staff, "", lent.EventSeq))
		equal(r, "back on the trolley", r.at(items[1]), xe.ID)

		// Set aside for who waits, it lies there no more; nobody is sent to shelve it.
		hold := must[kiosk.HoldDone](r)(r.desk.PlaceHold(ctx, r.staff, binh.ID, items[1].TitleID))
		kept := must[kiosk.HoldDone](r)(r.desk.SetAside(ctx, r.staff, hold.Hold, items[1].Barcode))
		equal(r, "set aside from the trolley", r.at(items[1]), items[1].HomePlace)
		if err := r.desk.UndoAll(ctx, r.staff, []int64{kept.Event}); err != nil {
			t.Fatal(err)
		}
		equal(r, "on the trolley as before", r.at(items[1]), xe.ID)
		must[kiosk.HoldDone](r)(r.desk.CancelHold(ctx, r.staff, hold.Hold))

		// Chosen away, what lies there still waits; the next comes straight home.
		r.returned(items[2])
		r.setTrolley("")
		r.returned(items[3])
		equal(r, "without a trolley", r.at(items[3]), items[3].HomePlace)
		events := must[[]int64](r)(r.desk.ShelveFromTrolley(ctx, r.staff, []kiosk.ID{items[1].ID, items[2].ID, items[3].ID}))
		equal(r, "shelved at once", len(events), 2)
		equal(r, "home", r.at(items[2]), items[2].HomePlace)
		if err := r.desk.UndoAll(ctx, r.staff, events); err != nil {
			t.Fatal(err)
		}
		equal(r, "all back", r.at(items[2]), xe.ID)
	})
}

// What somebody waits for, what belongs to a corner and what is to be mended
// does not go onto the trolley.
func TestTrolleyIsNotForAll(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		r.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "2A", 2)
		items := r.stock(4)
		r.trolley()
		corner := must[kiosk.Place](r)(r.desk.AddPlace(ctx, r.staff, kiosk.Place{Code: "HL", Name: "Hành lang", Kind: kiosk.Hallway}))
		for _, i := range items {
			r.Lent("20000016", i.Barcode, "2026-12-01")
		}
		r.Hold("20000024", items[0].Barcode)
		must[kiosk.Answer](r)(r.desk.Change(ctx, r.staff, items[1].ID, kiosk.CopyChange{Place: corner.ID}))
		r.CopyStatus(items[2].Barcode, kiosk.CopyInRepair)
		must[kiosk.Answer](r)(r.desk.Change(ctx, r.staff, items[3].ID, kiosk.CopyChange{Status: kiosk.CopyLost}))
		for n, i := range items[:3] {
			want := r.at(i)
			if res := r.returned(i); hasNote(res, kiosk.NoteTrolley) || r.at(i) != want {
				t.Errorf("copy %d: at %s, want %s; %v", n, r.at(i), want, res.Notes)
			}
		}
		err := r.desk.SetTrolley(ctx, r.staff, func(t kiosk.Trolley) (kiosk.Trolley, error) { return t.Moved(corner.ID), nil })
		var wrong *kiosk.FieldError
		if !errors.As(err, &wrong) || wrong.Field != "place" {
			t.Errorf("a corner as the trolley: %v", err)
		}
	})
}

// A stocktake takes what lies on the trolley for what stands on its shelf, and
// one that is met on its shelf for shelved.
func TestTrolleyInAStocktake(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		items := r.stock(3)
		xe := r.trolley()
		for _, i := range items {
			r.Lent("20000016", i.Barcode, "2026-12-01")
			r.returned(i)
		}
		s := must[kiosk.Stocktake](r)(r.desk.OpenStocktake(ctx, r.staff, "Kiểm kê mẫu", []kiosk.ID{items[0].HomePlace, xe.ID}))
		equal(r, "on the trolley", r.count(s, items[0].Barcode, xe.ID).Outcome, kiosk.CountSeen)
		equal(r, "without a place", r.count(s, items[1].Barcode).Outcome, kiosk.CountSeen)
		equal(r, "on its shelf", r.count(s, items[2].Barcode, items[2].HomePlace).Outcome, kiosk.CountSeen)
		equal(r, "still on the trolley", r.at(items[0]), xe.ID)
		equal(r, "then on its shelf", r.count(s, items[0].Barcode, items[0].HomePlace).Outcome, kiosk.CountSeen)
		equal(r, "and again", r.count(s, items[0].Barcode, items[0].HomePlace).Outcome, kiosk.CountAgain)
		equal(r, "shelved meanwhile", r.at(items[2]), items[2].HomePlace)
		for code, st := range r.states(s) {
			if st != kiosk.StockSeen {
				t.Errorf("%s is %s", code, st)
			}
		}
	})
}
