package kiosktest

import (
	"errors"
	"time"

	"muontra/kiosk"
)

// openHolds are listed over all titles and of one patron.
func openHolds(t *try) {
	s := t.stocked(1)
	var a, b kiosk.Hold
	t.update(func(tx kiosk.Tx) error {
		a = kiosk.Hold{ID: tx.NewID(), TitleID: s.title.ID, PatronRef: s.patron.Ref, PlacedAt: Start.Add(time.Hour), Status: kiosk.HoldWaiting}
		b = kiosk.Hold{ID: tx.NewID(), TitleID: s.title.ID, PatronRef: s.other.Ref, CopyID: s.copies[0].ID, PlacedAt: Start, Status: kiosk.HoldReady, Until: kiosk.MustDay("2026-11-27")}
		over := kiosk.Hold{ID: tx.NewID(), TitleID: s.title.ID, PatronRef: s.other.Ref, PlacedAt: Start, Status: kiosk.HoldCancelled}
		return errors.Join(tx.PutHold(a), tx.PutHold(b), tx.PutHold(over))
	})
	t.view(func(v kiosk.View) error {
		all, err := v.OpenHolds()
		equal(t, "open holds", all, []kiosk.Hold{b, a})
		mine, err2 := v.OpenHoldsOf(s.patron.Ref)
		equal(t, "open holds of one", mine, []kiosk.Hold{a})
		return errors.Join(err, err2)
	})
}

func recallsComeBack(t *try) {
	one := kiosk.Recall{Name: "Thu sách học kỳ I", Due: kiosk.MustDay("2026-12-18"), At: Start, By: "x", Record: kiosk.RecallRecord{
		Kinds: []kiosk.Kind{kiosk.Textbook}, Classes: []string{"2A"}, Loans: []kiosk.ID{"l"}, Events: []int64{3},
	}}
	two := one
	two.Name, two.At = "Cuối năm", Start.Add(time.Hour)
	t.update(func(tx kiosk.Tx) error {
		one.ID, two.ID = tx.NewID(), tx.NewID()
		return errors.Join(tx.PutRecall(one), tx.PutRecall(two))
	})
	one.Closed = Start.Add(2 * time.Hour)
	t.update(func(tx kiosk.Tx) error { return tx.PutRecall(one) })
	t.view(func(v kiosk.View) error {
		all, err := v.Recalls()
		equal(t, "recalls", all, []kiosk.Recall{two, one})
		got, err2 := v.Recall(one.ID)
		equal(t, "recall", got, one)
		_, nf := v.Recall("nope")
		t.notFound("recall", nf)
		return errors.Join(err, err2)
	})
	t.fails("a recall without a name", nil, func(tx kiosk.Tx) error {
		x := one
		x.ID, x.Name = tx.NewID(), ""
		return tx.PutRecall(x)
	})
}

func compensationsComeBack(t *try) {
	s := t.stocked(2)
	var c kiosk.Compensation
	t.update(func(tx kiosk.Tx) error {
		l := kiosk.Loan{ID: tx.NewID(), CopyID: s.copies[0].ID, PatronRef: s.patron.Ref, Type: kiosk.HomeLoan, CheckedOutAt: Start, DueOn: kiosk.MustDay("2026-11-27"), ReturnedAt: Start.Add(time.Hour), End: kiosk.LoanLost, Station: "desk"}
		if err := tx.Append(&kiosk.Event{Type: kiosk.EventLoanAdded, CopyID: l.CopyID, PatronRef: l.PatronRef, Station: "desk", OccurredAt: Start, RecordedAt: Start, ClockOK: true, Payload: kiosk.Payload{Changes: kiosk.Changes{Loans: []kiosk.Loan{l}}}}); err != nil {
			return err
		}
		c = kiosk.Compensation{ID: tx.NewID(), LoanID: l.ID, CopyID: l.CopyID, PatronRef: l.PatronRef, Cause: kiosk.HarmLost, Kind: kiosk.CompensationOpen, Comment: "mẫu", Day: kiosk.MustDay("2026-11-24"), By: "x", At: Start}
		return tx.PutCompensation(c)
	})
	c.Kind, c.Amount = kiosk.CompensationPaid, 35000
	t.update(func(tx kiosk.Tx) error { return tx.PutCompensation(c) })
	t.view(func(v kiosk.View) error {
		all, err := v.Compensations()
		equal(t, "compensations", all, []kiosk.Compensation{c})
		got, err2 := v.Compensation(c.ID)
		equal(t, "compensation", got, c)
		_, nf := v.Compensation("nope")
		t.notFound("compensation", nf)
		return errors.Join(err, err2)
	})
	t.fails("a loan settled twice", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		x := c
		x.ID = tx.NewID()
		return tx.PutCompensation(x)
	})
	t.fails("a kind that is none", nil, func(tx kiosk.Tx) error {
		x := c
		x.Kind = "forgotten"
		return tx.PutCompensation(x)
	})
	c.Removed = true
	t.update(func(tx kiosk.Tx) error { return tx.PutCompensation(c) })
	t.view(func(v kiosk.View) error {
		all, err := v.Compensations()
		equal(t, "none that was taken back", len(all), 0)
		return err
	})
}

// leftAsideTold follows two copies: of one the hold is over and the next event
// decides, of the other's hold another copy was lent.
func leftAsideTold(t *try) {
	s := t.stocked(2)
	over := kiosk.Event{Type: kiosk.EventHoldOver, CopyID: s.copies[0].ID, PatronRef: s.patron.Ref, OccurredAt: Start, RecordedAt: Start, ClockOK: true}
	look := func(what string, want ...kiosk.LeftAside) {
		t.view(func(v kiosk.View) error {
			all, err := v.LeftAside()
			equal(t, what, all, want)
			return err
		})
	}
	add := func(e kiosk.Event) kiosk.Event {
		t.update(func(tx kiosk.Tx) error { return tx.Append(&e) })
		return e
	}
	look("nothing yet")
	over = add(over)
	first := kiosk.LeftAside{CopyID: s.copies[0].ID, Ref: s.patron.Ref, Since: Start}
	look("over", first)
	e := over
	e.Type = kiosk.EventRefused // somebody had it in hand, and left it
	add(e)
	look("refused since", first)
	e.Type = kiosk.EventShelved
	shelved := add(e)
	look("shelved")
	undo := e
	undo.Type, undo.Payload.Reverses = kiosk.EventUndone, shelved.Seq
	add(undo)
	look("not shelved", first)

	h := kiosk.Hold{TitleID: s.title.ID, PatronRef: s.other.Ref, CopyID: s.copies[1].ID, PlacedAt: Start, Status: kiosk.HoldReady}
	t.update(func(tx kiosk.Tx) error {
		h.ID = tx.NewID()
		if err := tx.PutHold(h); err != nil {
			return err
		}
		return tx.Append(&kiosk.Event{Type: kiosk.EventHoldReady, CopyID: h.CopyID, PatronRef: h.PatronRef, OccurredAt: Start.Add(time.Hour), RecordedAt: Start.Add(time.Hour), ClockOK: true, Payload: kiosk.Payload{Hold: h.ID, Lending: &kiosk.LendingEdit{Holds: []kiosk.HoldEdit{{After: h}}}}})
	})
	look("another waits for its patron", first)
	h.Status = kiosk.HoldFulfilled
	t.update(func(tx kiosk.Tx) error { return tx.PutHold(h) })
	look("fulfilled by another copy", first, kiosk.LeftAside{CopyID: h.CopyID, Ref: h.PatronRef, Since: Start.Add(time.Hour)})
	t.update(func(tx kiosk.Tx) error {
		l := kiosk.Loan{ID: tx.NewID(), CopyID: h.CopyID, PatronRef: h.PatronRef, Type: kiosk.HomeLoan, CheckedOutAt: Start.Add(2 * time.Hour), DueOn: kiosk.MustDay("2026-12-04"), Station: "desk"}
		return tx.Append(&kiosk.Event{Type: kiosk.EventCheckedOut, CopyID: l.CopyID, PatronRef: l.PatronRef, Station: "desk", OccurredAt: l.CheckedOutAt, RecordedAt: l.CheckedOutAt, ClockOK: true, Payload: kiosk.Payload{Hold: h.ID, Changes: kiosk.Changes{Loans: []kiosk.Loan{l}}}})
	})
	look("its own copy was lent", first)
}
