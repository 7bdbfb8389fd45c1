package circulation_test

import (
	"slices"
	"testing"

	"muontra/kiosk"
)

// While the clock cannot be right, lending goes on: days due are counted from the
// last day that is sure, with a note, the events are marked, and their order is
// their numbers'. Set right, it is as before.
func TestLendingAtAWrongClock(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		an := r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "3A", 3)
		items := []kiosk.Item{}
		for _, b := range []string{"30000012", "30000029", "30000036", "30000043"} {
			items = append(items, r.Copy(b, "Truyện mẫu "+b, kiosk.Children, ""))
		}
		at := kiosk.Attempt{Station: kiosk.DefaultStation}
		lend := func(clock string, i int) (kiosk.Result, kiosk.Day, kiosk.Event) {
			t.Helper()
			r.Set(clock)
			a := must[kiosk.Answer](r)(r.desk.Checkout(t.Context(), at, an.Ref, items[i].ID))
			if a.Result.Outcome != kiosk.CheckedOut {
				t.Fatalf("at %s: %+v", clock, a.Result)
			}
			_, due := r.Borrower([]string{"30000012", "30000029", "30000036", "30000043"}[i])
			all := r.Events()
			must[kiosk.Answer](r)(r.desk.Return(t.Context(), r.staff, "", items[i].ID))
			return a.Result, due, all[len(all)-1]
		}
		noted := func(res kiosk.Result) bool {
			return slices.ContainsFunc(res.Notes, func(n kiosk.Note) bool { return n.Code == kiosk.NoteWrongClock })
		}
		res, due, e := lend("2026-11-24 09:25:00", 0)
		if noted(res) || !e.ClockOK {
			t.Errorf("a right clock: %+v %+v", res, e)
		}
		seq := e.Seq
		for i, wrong := range []string{"1970-01-01 07:00:00", "2036-11-24 09:25:00"} {
			res, d, e := lend(wrong, 1+i)
			if !noted(res) || e.ClockOK || d != due || e.Seq <= seq {
				t.Errorf("at %s: due %v not %v, event %d, sure %v, %+v", wrong, d, due, e.Seq, e.ClockOK, res.Notes)
			}
			seq = e.Seq
		}
		// The battery is changed the next day.
		res, _, e = lend("2026-11-25 09:25:00", 3)
		if noted(res) || !e.ClockOK {
			t.Errorf("set right: %+v %+v", res, e)
		}
		// A library that was closed for long: a person says that the clock is right.
		r.Set("2027-11-24 09:25:00")
		if err := r.desk.ClockIsRight(t.Context(), r.staff); err != nil {
			t.Fatal(err)
		}
		all := r.Events()
		if last := all[len(all)-1]; last.Type != kiosk.EventClockRight || !last.ClockOK {
			t.Errorf("its word: %+v", last)
		}
		r.view(func(v kiosk.View) error {
			last, err := v.LastRecorded()
			if kiosk.ClockAt(r.Now(), last) != "" {
				t.Error("the clock is still called wrong")
			}
			return err
		})
	})
}
