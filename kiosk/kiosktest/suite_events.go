package kiosktest

import (
	"errors"
	"time"

	"muontra/kiosk"
)

func eventsKept(t *try) {
	s := t.stocked(1)
	var e kiosk.Event
	t.update(func(tx kiosk.Tx) error {
		e = kiosk.Event{Type: kiosk.EventRefused, CopyID: s.copies[0].ID, PatronRef: s.patron.Ref, StaffRef: tx.NewID(), Station: "desk", OccurredAt: Start, ClockOK: true,
			Payload: kiosk.Payload{Outcome: kiosk.Refused, Reason: kiosk.ReasonOverdue, Code: "mã <lạ>", Comment: "Cô giáo cho phép", Reverses: 1,
				Refusals: []kiosk.Refusal{{Reason: kiosk.ReasonOverdue}}, Notes: []kiosk.Note{{Code: kiosk.NoteLastOne}}, Hold: "h"}}
		if err := tx.Append(&e); err != nil {
			return err
		}
		site, err := tx.Site()
		if e.ID == "" || e.Epoch != site.Epoch || e.Seq != 2 || e.Schema != kiosk.SchemaVersion || e.RecordedAt.IsZero() {
			t.tb.Errorf("appended event %+v", e)
		}
		return err
	})
	t.view(func(v kiosk.View) error {
		got, err := v.Event(2)
		equal(t, "event", got, e)
		all, err2 := v.Events(0, 10)
		if len(all) != 2 || all[0].Seq != 1 || all[1].Seq != 2 {
			t.tb.Errorf("events %+v", all)
		}
		after, err3 := v.Events(1, 10)
		equal(t, "events after the first", after, []kiosk.Event{e})
		few, err4 := v.Events(0, 1)
		if len(few) != 1 || few[0].Seq != 1 {
			t.tb.Errorf("one event: %+v", few)
		}
		n, err5 := v.LastSeq()
		equal(t, "last seq", n, 2)
		at, err6 := v.LastRecorded()
		equal(t, "last recorded", at, e.RecordedAt)
		_, nf := v.Event(3)
		t.notFound("event", nf)
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
	// By a clock that was wrong nothing is measured.
	enough := errors.New("enough")
	t.fails("an event that is taken back", enough, func(tx kiosk.Tx) error {
		wrong := kiosk.Event{Type: kiosk.EventRefused, Station: "desk", OccurredAt: Start.AddDate(30, 0, 0), RecordedAt: Start.AddDate(30, 0, 0)}
		err := tx.Append(&wrong)
		at, err2 := tx.LastRecorded()
		equal(t, "last recorded by a right clock", at, e.RecordedAt)
		return errors.Join(err, err2, enough)
	})
	// A new epoch goes on with the numbers.
	t.update(func(tx kiosk.Tx) error {
		site, err := tx.Site()
		site.Epoch = tx.NewID()
		next := kiosk.Event{Type: kiosk.EventHelp}
		err = errors.Join(err, tx.PutSite(site), tx.Append(&next))
		if next.Seq != 3 || next.Epoch != site.Epoch {
			t.tb.Errorf("event of the new epoch: %+v", next)
		}
		return err
	})
}

func imagesWritten(t *try) {
	s := t.stocked(2)
	var l kiosk.Loan
	t.update(func(tx kiosk.Tx) (err error) {
		l, err = lend(tx, s.copies[0], s.patron.Ref)
		return err
	})
	item := kiosk.Item{Copy: s.copies[0], Title: s.title, PlaceName: s.place.Name}
	check := func(open bool) {
		t.tb.Helper()
		t.view(func(v kiosk.View) error {
			got, err := v.Loan(l.ID)
			equal(t, "loan", got, l)
			of, err2 := v.OpenLoansOf(s.patron.Ref)
			out, err3 := v.OpenLoan(s.copies[0].ID)
			if open {
				equal(t, "open loans", of, []kiosk.LoanItem{{Loan: l, Item: item}})
				equal(t, "open loan", out, l)
				return errors.Join(err, err2, err3)
			}
			if len(of) != 0 {
				t.tb.Errorf("open loans %+v", of)
			}
			t.notFound("open loan", err3)
			return errors.Join(err, err2)
		})
	}
	check(true)
	l.Renewals, l.DueOn = 1, l.DueOn.Add(7)
	t.update(func(tx kiosk.Tx) error { return tx.Append(loanEvent(kiosk.EventRenewed, l)) })
	check(true)
	for _, end := range []kiosk.LoanEnd{kiosk.LoanReturned, kiosk.LoanLost, kiosk.LoanUndone} {
		l.End, l.ReturnedAt = end, Start.Add(time.Minute)
		t.update(func(tx kiosk.Tx) error { return tx.Append(loanEvent(kiosk.EventReturned, l)) })
		check(false)
		l.End, l.ReturnedAt = kiosk.LoanOpen, time.Time{} // an undone return
		t.update(func(tx kiosk.Tx) error { return tx.Append(loanEvent(kiosk.EventUndone, l)) })
		check(true)
	}
	t.view(func(v kiosk.View) error {
		_, err := v.Loan("nope")
		t.notFound("loan", err)
		_, err = v.OpenLoan(s.copies[1].ID)
		t.notFound("loan of the copy on its shelf", err)
		return nil
	})
}

func milliseconds(t *try) {
	s := t.stocked(1)
	local := time.FixedZone("ICT", 7*3600)
	at := Start.Add(123456789).In(local)
	var e *kiosk.Event
	t.update(func(tx kiosk.Tx) error {
		l := kiosk.Loan{ID: tx.NewID(), CopyID: s.copies[0].ID, PatronRef: s.patron.Ref, Type: kiosk.HomeLoan, CheckedOutAt: at, DueOn: Today, Station: "desk"}
		e = loanEvent(kiosk.EventCheckedOut, l)
		e.OccurredAt, e.RecordedAt = at, at
		return tx.Append(e)
	})
	want := Start.Add(123 * time.Millisecond)
	t.view(func(v kiosk.View) error {
		got, err := v.Event(e.Seq)
		l, err2 := v.OpenLoan(s.copies[0].ID)
		equal(t, "occurred, recorded, checked out", []time.Time{got.OccurredAt, got.RecordedAt, l.CheckedOutAt}, []time.Time{want, want, want})
		equal(t, "what Append was given", *e, got)
		return errors.Join(err, err2)
	})
}

func oneLoan(t *try) {
	s := t.stocked(1)
	var first kiosk.Loan
	t.update(func(tx kiosk.Tx) (err error) {
		first, err = lend(tx, s.copies[0], s.patron.Ref)
		return err
	})
	for _, ref := range []kiosk.ID{s.patron.Ref, s.other.Ref} {
		t.fails("a second open loan", kiosk.ErrConflict, func(tx kiosk.Tx) error {
			_, err := lend(tx, s.copies[0], ref)
			return err
		})
	}
	t.view(func(v kiosk.View) error {
		l, err := v.OpenLoan(s.copies[0].ID)
		equal(t, "the loan that was first", l, first)
		n := 0
		return errors.Join(err, v.EachLoan(false, func(kiosk.Loan) error {
			if n++; n > 1 {
				t.tb.Errorf("a refused loan was kept")
			}
			return nil
		}))
	})
	t.update(func(tx kiosk.Tx) error { // once it is back, it can be lent again
		if err := tx.Append(loanEvent(kiosk.EventReturned, back(first))); err != nil {
			return err
		}
		_, err := lend(tx, s.copies[0], s.other.Ref)
		return err
	})
}

func movedLoan(t *try) {
	s := t.stocked(1)
	t.update(func(tx kiosk.Tx) error {
		l, err := lend(tx, s.copies[0], s.patron.Ref)
		if err != nil {
			return err
		}
		// The new loan stands first: the order in the event must not matter.
		to := l
		to.ID, to.PatronRef = tx.NewID(), s.other.Ref
		l.End, l.ReturnedAt = kiosk.LoanUndone, Start
		return tx.Append(loanEvent(kiosk.EventCheckedOut, to, l))
	})
	t.view(func(v kiosk.View) error {
		l, err := v.OpenLoan(s.copies[0].ID)
		equal(t, "borrower", l.PatronRef, s.other.Ref)
		return err
	})
}

func eventsChecked(t *try) {
	s := t.stocked(1)
	with := func(change func(*kiosk.Loan)) func(kiosk.Tx) error {
		return func(tx kiosk.Tx) error {
			l := kiosk.Loan{ID: tx.NewID(), CopyID: s.copies[0].ID, PatronRef: s.patron.Ref, Type: kiosk.HomeLoan, CheckedOutAt: Start, DueOn: Today, Station: "desk"}
			change(&l)
			return tx.Append(loanEvent(kiosk.EventCheckedOut, l))
		}
	}
	state := func(c kiosk.CopyState) func(kiosk.Tx) error {
		return func(tx kiosk.Tx) error {
			return tx.Append(&kiosk.Event{Type: kiosk.EventCopyChanged, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{c}}}})
		}
	}
	t.fails("a loan of no copy", kiosk.ErrNotFound, with(func(l *kiosk.Loan) { l.CopyID = "nope" }))
	t.fails("a loan to nobody", kiosk.ErrNotFound, with(func(l *kiosk.Loan) { l.PatronRef = "nope" }))
	t.fails("a loan of no type", nil, with(func(l *kiosk.Loan) { l.Type = "forever" }))
	t.fails("a loan with no due day", nil, with(func(l *kiosk.Loan) { l.DueOn = kiosk.Day{} }))
	t.fails("a loan renewed less than never", nil, with(func(l *kiosk.Loan) { l.Renewals = -1 }))
	t.fails("a loan with no such end", nil, with(func(l *kiosk.Loan) { l.End = "eaten" }))
	good := s.copies[0].State
	t.fails("the state of no copy", kiosk.ErrNotFound, state(kiosk.CopyState{CopyID: "nope", Status: good.Status, Condition: good.Condition}))
	t.fails("a copy at no place", kiosk.ErrNotFound, state(kiosk.CopyState{CopyID: good.CopyID, Status: good.Status, Condition: good.Condition, Place: "nope"}))
	t.fails("a copy of no status", nil, state(kiosk.CopyState{CopyID: good.CopyID, Status: "", Condition: good.Condition}))
	t.fails("a copy of no condition", nil, state(kiosk.CopyState{CopyID: good.CopyID, Status: good.Status}))
	t.fails("a copy lent less than never", nil, state(kiosk.CopyState{CopyID: good.CopyID, Status: good.Status, Condition: good.Condition, Loans: -1}))
	t.fails("an event of no type", nil, func(tx kiosk.Tx) error { return tx.Append(&kiosk.Event{}) })
	t.view(func(v kiosk.View) error {
		n, err := v.LastSeq()
		equal(t, "last seq", n, 1)
		return err
	})
}

func loansInOrder(t *try) {
	s := t.stocked(4)
	var ids []kiosk.ID
	t.update(func(tx kiosk.Tx) error {
		for i, c := range s.copies {
			l := kiosk.Loan{ID: tx.NewID(), CopyID: c.ID, PatronRef: s.patron.Ref, Type: kiosk.HomeLoan, CheckedOutAt: Start.Add(-time.Duration(i) * time.Hour), DueOn: Today, Station: "desk"}
			ids = append([]kiosk.ID{l.ID}, ids...) // each is older than the one before
			if i == 1 {
				l = back(l)
			}
			if err := tx.Append(loanEvent(kiosk.EventLoanAdded, l)); err != nil {
				return err
			}
		}
		return nil
	})
	open := []kiosk.ID{ids[0], ids[1], ids[3]}
	t.view(func(v kiosk.View) error {
		each := func(open bool) (got []kiosk.ID) {
			if err := v.EachLoan(open, func(l kiosk.Loan) error { got = append(got, l.ID); return nil }); err != nil {
				t.tb.Errorf("each loan: %v", err)
			}
			return got
		}
		equal(t, "all loans", each(false), ids)
		equal(t, "open loans", each(true), open)
		of, err := v.OpenLoansOf(s.patron.Ref)
		var got []kiosk.ID
		for _, l := range of {
			got = append(got, l.Loan.ID)
		}
		equal(t, "open loans of the patron", got, open)
		none, err2 := v.OpenLoansOf(s.other.Ref)
		if len(none) != 0 {
			t.tb.Errorf("open loans of the other: %+v", none)
		}
		return errors.Join(err, err2)
	})
}

func replayEquals(t *try) {
	s := t.stocked(3)
	t.update(func(tx kiosk.Tx) error {
		for i, c := range s.copies {
			l, err := lend(tx, c, s.patron.Ref)
			if err != nil {
				return err
			}
			if i > 0 {
				continue
			}
			c.State.Loans, c.State.Condition = 1, kiosk.ConditionDamaged
			e := loanEvent(kiosk.EventReturned, back(l))
			e.Payload.Changes.Copies = []kiosk.CopyState{c.State}
			if err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		want := kiosk.NewProjection()
		es, err := v.Events(0, 100)
		for _, e := range es {
			want.Apply(e)
		}
		got := kiosk.NewProjection()
		err2 := v.EachLoan(false, func(l kiosk.Loan) error { got.Loans[l.ID] = l; return nil })
		err3 := v.EachItem(func(i kiosk.Item) error { got.Copies[i.ID] = i.State; return nil })
		equal(t, "projection", got, want)
		return errors.Join(err, err2, err3)
	})
}

func holdQueue(t *try) {
	s := t.stocked(1)
	hold := func(tx kiosk.Tx, ref kiosk.ID, after time.Duration, status kiosk.HoldStatus) kiosk.Hold {
		return kiosk.Hold{ID: tx.NewID(), TitleID: s.title.ID, PatronRef: ref, PlacedAt: Start.Add(after), Status: status}
	}
	var a, b kiosk.Hold
	t.update(func(tx kiosk.Tx) error {
		a = hold(tx, s.patron.Ref, 2*time.Hour, kiosk.HoldWaiting)
		b = hold(tx, s.other.Ref, time.Hour, kiosk.HoldReady)
		b.CopyID = s.copies[0].ID
		return errors.Join(tx.PutHold(a), tx.PutHold(b), tx.PutHold(hold(tx, s.other.Ref, 0, kiosk.HoldFulfilled)), tx.PutHold(hold(tx, s.other.Ref, 0, kiosk.HoldCancelled)))
	})
	t.view(func(v kiosk.View) error {
		hs, err := v.HoldsOf(s.title.ID)
		equal(t, "queue", hs, []kiosk.Hold{b, a})
		one, err2 := v.Hold(b.ID)
		equal(t, "hold", one, b)
		_, nf := v.Hold("nope")
		t.notFound("hold", nf)
		return errors.Join(err, err2)
	})
	b.Status = kiosk.HoldFulfilled
	t.update(func(tx kiosk.Tx) error { return tx.PutHold(b) })
	t.view(func(v kiosk.View) error {
		hs, err := v.HoldsOf(s.title.ID)
		equal(t, "queue after the first", hs, []kiosk.Hold{a})
		return err
	})
	t.fails("a hold on no title", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		h := hold(tx, s.patron.Ref, 0, kiosk.HoldWaiting)
		h.TitleID = "nope"
		return tx.PutHold(h)
	})
	t.fails("a hold of nobody", kiosk.ErrNotFound, func(tx kiosk.Tx) error { return tx.PutHold(hold(tx, "nope", 0, kiosk.HoldWaiting)) })
	t.fails("a hold of no status", nil, func(tx kiosk.Tx) error { return tx.PutHold(hold(tx, s.patron.Ref, 0, "dreaming")) })
	t.fails("one copy set aside twice", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		for range 2 {
			h := hold(tx, s.patron.Ref, 0, kiosk.HoldReady)
			h.CopyID = s.copies[0].ID
			if err := tx.PutHold(h); err != nil {
				return err
			}
		}
		return nil
	})
}

func answers(t *try) {
	var now time.Time
	t.update(func(tx kiosk.Tx) error { // the ledger's own clock, by what it writes
		e := loanEvent(kiosk.EventHelp)
		e.RecordedAt = time.Time{}
		err := tx.Append(e)
		now = e.RecordedAt
		return err
	})
	a := kiosk.Answered{Station: "desk", CommandID: "c-1", Body: `{"code":"x"}`, Result: []byte(`{"outcome":"shown","message":"xin chào"}`), At: now}
	t.update(func(tx kiosk.Tx) error { return tx.PutAnswer(a) })
	t.view(func(v kiosk.View) error {
		got, err := v.Answer("desk", "c-1")
		equal(t, "answer", got, a)
		_, nf := v.Answer("other", "c-1")
		t.notFound("another station's", nf)
		_, nf = v.Answer("desk", "c-2")
		t.notFound("another command's", nf)
		return err
	})
	t.fails("a second answer", kiosk.ErrConflict, func(tx kiosk.Tx) error { return tx.PutAnswer(a) })
	t.fails("an answer to no command", nil, func(tx kiosk.Tx) error { return tx.PutAnswer(kiosk.Answered{Station: "desk", At: now}) })
	t.update(func(tx kiosk.Tx) error {
		b := a
		b.Station = "other"
		old := a
		old.CommandID, old.At = "c-old", now.Add(-25*time.Hour)
		return errors.Join(tx.PutAnswer(b), tx.PutAnswer(old))
	})
	t.view(func(v kiosk.View) error {
		_, nf := v.Answer("desk", "c-old")
		t.notFound("yesterday's", nf)
		return nil
	})
	t.update(func(tx kiosk.Tx) error { // its id is free again
		old := a
		old.CommandID = "c-old"
		return tx.PutAnswer(old)
	})
}
