package circulation_test

import (
	"errors"
	"testing"
	"time"

	"muontra/kiosk"
)

func (r *rig) hold(id kiosk.ID) (h kiosk.Hold) {
	r.t.Helper()
	r.view(func(v kiosk.View) (err error) { h, err = v.Hold(id); return err })
	return h
}

func (r *rig) loan(id kiosk.ID) (l kiosk.Loan) {
	r.t.Helper()
	r.view(func(v kiosk.View) (err error) { l, err = v.Loan(id); return err })
	return l
}

func (r *rig) holdRefused(err error, p kiosk.HoldProblem) {
	r.t.Helper()
	var e *kiosk.HoldError
	if !errors.As(err, &e) || e.Problem != p {
		r.t.Errorf("%v, want %s", err, p)
	}
}

// A title's queue: a returned copy is kept for the first, refused to others,
// goes on to the next when nobody comes, and every step is taken back.
func TestHolds(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		an := r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		binh := r.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "2A", 2)
		chi := r.Patron(kiosk.Pupil, "20000032", "Lê Mẫu Chi", "2A", 2)
		book := r.Copy("10000014", "Dế mèn mẫu", kiosk.Children, "")
		other := r.Copy("10000022", "Truyện mẫu", kiosk.Children, "")
		map1 := r.Copy("10000030", "Bản đồ mẫu", kiosk.Map, "")
		out := r.Lent("20000016", "10000014", "2026-11-27")

		b := must[kiosk.HoldDone](r)(r.desk.PlaceHold(t.Context(), r.staff, binh.ID, book.TitleID))
		c := must[kiosk.HoldDone](r)(r.desk.PlaceHold(t.Context(), r.staff, chi.ID, book.TitleID))
		if b.Nth != 1 || c.Nth != 2 {
			t.Errorf("queue %d %d", b.Nth, c.Nth)
		}
		place := func(p kiosk.Patron, title kiosk.ID) error {
			_, err := r.desk.PlaceHold(t.Context(), r.staff, p.ID, title)
			return err
		}
		r.holdRefused(place(binh, book.TitleID), kiosk.HoldTwice)
		r.holdRefused(place(an, book.TitleID), kiosk.HoldHasIt)
		r.holdRefused(place(binh, map1.TitleID), kiosk.HoldNoCopies)
		if err := r.desk.SetHoldTerms(t.Context(), r.staff, func(h kiosk.HoldTerms) (kiosk.HoldTerms, error) { h.Most = 1; return h, nil }); err != nil {
			t.Fatal(err)
		}
		r.holdRefused(place(binh, other.TitleID), kiosk.HoldTooMany)
		_, err := r.desk.SetAside(t.Context(), r.staff, b.Hold, "10000022")
		r.holdRefused(err, kiosk.HoldNotHere)
		_, err = r.desk.SetAside(t.Context(), r.staff, b.Hold, "10000014") // it is lent
		r.holdRefused(err, kiosk.HoldNotHere)

		// It comes back: kept for Bình for three opening days, over the weekend.
		back := must[kiosk.Answer](r)(r.desk.Return(t.Context(), r.staff, "", book.ID))
		if h := r.hold(b.Hold); h.Status != kiosk.HoldReady || h.CopyID != book.ID || h.Until != kiosk.MustDay("2026-11-27") {
			t.Errorf("kept: %+v", h)
		}
		if n := back.Result.Notes; len(n) != 1 || n[0].Code != kiosk.NoteReserved {
			t.Errorf("notes %v", n)
		}
		kiosk1 := kiosk.Attempt{Station: kiosk.DefaultStation}
		no := must[kiosk.Answer](r)(r.desk.Checkout(t.Context(), kiosk1, chi.Ref, book.ID))
		if no.Result.Reason != kiosk.ReasonReservedForOther {
			t.Errorf("another at the kiosk: %+v", no.Result)
		}
		// The return is undone: nothing is kept, the queue is as it was.
		undone := must[kiosk.Answer](r)(r.desk.Undo(t.Context(), r.staff, "", back.Result.EventSeq))
		if h := r.hold(b.Hold); undone.Result.Outcome != kiosk.Undone || h.Status != kiosk.HoldWaiting || h.CopyID != "" || !r.loan(out.ID).Open() {
			t.Errorf("undone: %+v", h)
		}
		must[kiosk.Answer](r)(r.desk.Return(t.Context(), r.staff, "", book.ID))

		// Nobody comes: on the day after, anybody's rules hold, and by night the
		// copy is the next one's.
		r.Set("2026-11-30 09:25:00")
		must[kiosk.Retention](r)(r.desk.Retain(t.Context()))
		if h := r.hold(b.Hold); h.Status != kiosk.HoldCancelled || h.CopyID != "" {
			t.Errorf("over: %+v", h)
		}
		if h := r.hold(c.Hold); h.Status != kiosk.HoldReady || h.CopyID != book.ID || h.Until != kiosk.MustDay("2026-12-03") {
			t.Errorf("next: %+v", h)
		}
		lent := must[kiosk.Answer](r)(r.desk.Checkout(t.Context(), kiosk1, chi.Ref, book.ID))
		if lent.Result.Outcome != kiosk.CheckedOut || r.hold(c.Hold).Status != kiosk.HoldFulfilled {
			t.Errorf("fetched: %+v", lent.Result)
		}
		must[kiosk.Answer](r)(r.desk.Undo(t.Context(), kiosk1, chi.Ref, lent.Result.EventSeq))
		if h := r.hold(c.Hold); h.Status != kiosk.HoldReady || h.CopyID != book.ID {
			t.Errorf("fetched and undone: %+v", h)
		}
		gone := must[kiosk.HoldDone](r)(r.desk.CancelHold(t.Context(), r.staff, c.Hold))
		if err := r.desk.UndoAll(t.Context(), r.staff, []int64{gone.Event}); err != nil || r.hold(c.Hold).Status != kiosk.HoldReady {
			t.Errorf("cancelled and undone: %v", err)
		}
		must[kiosk.HoldDone](r)(r.desk.CancelHold(t.Context(), r.staff, c.Hold))
		_, err = r.desk.CancelHold(t.Context(), r.staff, c.Hold)
		r.holdRefused(err, kiosk.HoldEnded)

		// From the shelf, by its number.
		d := must[kiosk.HoldDone](r)(r.desk.PlaceHold(t.Context(), r.staff, an.ID, book.TitleID))
		aside := must[kiosk.HoldDone](r)(r.desk.SetAside(t.Context(), r.staff, d.Hold, "10000014"))
		if r.hold(d.Hold).Status != kiosk.HoldReady {
			t.Error("not set aside")
		}
		if err := r.desk.UndoAll(t.Context(), r.staff, []int64{aside.Event, d.Event}); err != nil || r.hold(d.Hold).Status != kiosk.HoldCancelled {
			t.Errorf("undone: %v %+v", err, r.hold(d.Hold))
		}
	})
}

// A recall moves due dates earlier and never later, holds renewals to its day,
// and is taken back but for what has happened since.
func TestRecall(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		r.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "3A", 3)
		for _, c := range []string{"10000014", "10000022", "10000030"} {
			r.Copy(c, "Truyện mẫu "+c, kiosk.Children, "")
		}
		r.Copy("10000048", "Tranh mẫu", kiosk.Picture, "")
		early := r.Lent("20000016", "10000014", "2026-11-26")
		late := r.Lent("20000016", "10000022", "2026-12-16")
		kept := r.Lent("20000024", "10000030", "2026-12-16")
		other := r.Lent("20000016", "10000048", "2026-12-16")
		order := kiosk.Recall{Name: "Thu sách học kỳ I", Due: kiosk.MustDay("2026-12-06"), Record: kiosk.RecallRecord{Kinds: []kiosk.Kind{kiosk.Children}}}
		run := must[kiosk.Recall](r)(r.desk.StartRecall(t.Context(), r.staff, order))
		if run.Due != kiosk.MustDay("2026-12-04") || len(run.Record.Loans) != 3 || len(run.Record.Events) != 2 { // the 6th is a Sunday
			t.Fatalf("run %+v", run)
		}
		if r.loan(early.ID).DueOn != early.DueOn || r.loan(late.ID).DueOn != run.Due || r.loan(other.ID).DueOn != other.DueOn {
			t.Error("due dates")
		}
		no := must[kiosk.Answer](r)(r.desk.Renew(t.Context(), kiosk.Attempt{Station: "desk"}, late.PatronRef, late.CopyID))
		if no.Result.Reason != kiosk.ReasonClosed {
			t.Errorf("renewed in spite of the recall: %+v", no.Result)
		}
		must[kiosk.Answer](r)(r.desk.Return(t.Context(), r.staff, "", kept.CopyID))
		if err := r.desk.SetRecallClosed(t.Context(), r.staff, run.ID, true); err != nil {
			t.Fatal(err)
		}
		if err := r.desk.SetRecallClosed(t.Context(), r.staff, run.ID, true); !errors.Is(err, kiosk.ErrNotNow) {
			t.Errorf("closed twice: %v", err)
		}
		if err := r.desk.UndoRecall(t.Context(), r.staff, run.ID); err != nil {
			t.Fatal(err)
		}
		if r.loan(late.ID).DueOn != late.DueOn || r.loan(kept.ID).Open() || r.loan(kept.ID).DueOn != run.Due {
			t.Error("taken back")
		}
		if err := r.desk.UndoRecall(t.Context(), r.staff, run.ID); !errors.Is(err, kiosk.ErrNotNow) {
			t.Errorf("taken back twice: %v", err)
		}
		for field, o := range map[string]kiosk.Recall{
			"name": {Due: order.Due}, "due": {Name: "x", Due: kiosk.MustDay("2026-11-01")}, "kind": {Name: "x", Due: order.Due, Record: kiosk.RecallRecord{Kinds: []kiosk.Kind{"x"}}},
		} {
			_, err := r.desk.StartRecall(t.Context(), r.staff, o)
			var f *kiosk.FieldError
			if !errors.As(err, &f) || f.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		if _, err := r.desk.StartRecall(t.Context(), r.staff, kiosk.Recall{Name: "x", Due: kiosk.MustDay("2027-05-21")}); err == nil {
			t.Error("later than the year's recall")
		}
		order.Record.Classes = []string{"9Z"}
		if _, err := r.desk.StartRecall(t.Context(), r.staff, order); !errors.Is(err, kiosk.ErrNothingRecalled) {
			t.Errorf("of nobody: %v", err)
		}
		// After the year's recall, what is still out is called in for the same day.
		r.Advance(181 * 24 * time.Hour)
		after := must[kiosk.Recall](r)(r.desk.StartRecall(t.Context(), r.staff, kiosk.Recall{Name: "Thu nốt", Due: r.Today()}))
		if !kiosk.MustDay("2027-05-20").Before(after.Due) || len(after.Record.Loans) == 0 {
			t.Errorf("after the year's recall: %+v", after)
		}
	})
}

// What is lost or damaged: the loan ends, what is given is written down and can
// be changed, and all of it is taken back.
func TestCompensation(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		lost := r.Copy("10000014", "Dế mèn mẫu", kiosk.Children, "")
		torn := r.Copy("10000022", "Truyện mẫu", kiosk.Children, "")
		l1, l2 := r.Lent("20000016", "10000014", "2026-11-26"), r.Lent("20000016", "10000022", "2026-11-26")
		end := func(l kiosk.Loan, c kiosk.Compensation) (kiosk.Compensation, int64, error) {
			return r.desk.EndLoanHarmed(t.Context(), r.staff, l.ID, c)
		}
		for field, c := range map[string]kiosk.Compensation{
			"cause":  {Cause: "eaten", Kind: kiosk.CompensationOpen},
			"kind":   {Cause: kiosk.HarmLost, Kind: "thanks"},
			"amount": {Cause: kiosk.HarmLost, Kind: kiosk.CompensationPaid, Amount: -5},
			"day":    {Cause: kiosk.HarmLost, Kind: kiosk.CompensationOpen, Day: kiosk.MustDay("2026-11-25")},
		} {
			_, _, err := end(l1, c)
			var f *kiosk.FieldError
			if !errors.As(err, &f) || f.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		c, seq, err := end(l1, kiosk.Compensation{Cause: kiosk.HarmLost, Kind: kiosk.CompensationPaid, Amount: 35000, Comment: "mẫu"})
		if err != nil {
			t.Fatal(err)
		}
		if r.item(lost.Copy).State.Status != kiosk.CopyLost || r.loan(l1.ID).End != kiosk.LoanLost || c.Day != kiosk.MustDay("2026-11-24") {
			t.Error("lost")
		}
		if _, _, err := end(l1, kiosk.Compensation{Cause: kiosk.HarmLost, Kind: kiosk.CompensationOpen}); !errors.Is(err, kiosk.ErrNotNow) {
			t.Errorf("twice: %v", err)
		}
		if err := r.desk.UndoAll(t.Context(), r.staff, []int64{seq}); err != nil || !r.loan(l1.ID).Open() || r.item(lost.Copy).State.Status != kiosk.CopyAvailable {
			t.Errorf("undone: %v", err)
		}
		c, _, err = end(l1, kiosk.Compensation{Cause: kiosk.HarmLost, Kind: kiosk.CompensationOpen})
		if err != nil {
			t.Fatal(err)
		}
		given := must[int64](r)(r.desk.SetCompensation(t.Context(), r.staff, c.ID, kiosk.Compensation{Kind: kiosk.CompensationSame, Day: r.Today()}, nil))
		if err := r.desk.UndoAll(t.Context(), r.staff, []int64{given}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := end(l2, kiosk.Compensation{Cause: kiosk.HarmDamaged, Kind: kiosk.CompensationFree}); err != nil {
			t.Fatal(err)
		}
		if s := r.item(torn.Copy).State; s.Status != kiosk.CopyAvailable || s.Condition != kiosk.ConditionDamaged || r.loan(l2.ID).End != kiosk.LoanReturned {
			t.Errorf("damaged: %+v", s)
		}
		r.view(func(v kiosk.View) error {
			all, err := v.Compensations()
			if len(all) != 2 || all[1].Kind != kiosk.CompensationOpen && all[0].Kind != kiosk.CompensationOpen {
				t.Errorf("%+v", all)
			}
			return err
		})
	})
}
