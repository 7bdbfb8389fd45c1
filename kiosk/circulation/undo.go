package circulation

import (
	"context"
	"errors"
	"fmt"

	"muontra/kiosk"
)

// Undo takes back the act of event seq by a reversing event. It refuses with
// nothing_to_undo when the event is not an act that can be taken back, or when
// something has happened since to what it changed.
func (d *Desk) Undo(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, seq int64) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		e, err := x.Event(seq)
		if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return fmt.Errorf("event %d: %w", seq, err)
		}
		if patron != "" {
			m, err := x.MemberByRef(patron, x.today)
			if err != nil {
				return fmt.Errorf("patron: %w", err)
			}
			x.about(&m, nil)
		}
		ok := err == nil
		if ok {
			if ok, err = x.standsAsLeftBy(e); err != nil {
				return err
			}
		}
		if !ok {
			x.refuse(kiosk.Verdict{Refusals: []kiosk.Refusal{{Reason: kiosk.ReasonNothingToUndo}}})
			return nil
		}
		return x.reverse(e)
	})
}

// standsAsLeftBy reports whether e can be taken back and what it changed is
// still as it left it.
func (x *deed) standsAsLeftBy(e kiosk.Event) (bool, error) {
	switch e.Type {
	case kiosk.EventCheckedOut, kiosk.EventReturned, kiosk.EventRenewed, kiosk.EventUsedOnSite, kiosk.EventCopyChanged:
	default:
		return false, nil
	}
	return x.changesStand(e)
}

// changesStand reports whether the loans and copies that e changed are still as
// it left them.
func (x *deed) changesStand(e kiosk.Event) (bool, error) {
	for _, want := range e.Payload.Changes.Loans {
		l, err := x.Loan(want.ID)
		if err != nil {
			return false, fmt.Errorf("loan: %w", err)
		}
		if !sameLoan(l, want) {
			return false, nil
		}
		if want.Open() {
			continue
		}
		// A loan of a past year stays closed: its reference may be anybody's by now.
		m, err := x.MemberByRef(want.PatronRef, x.today)
		if errors.Is(err, kiosk.ErrNotFound) || err == nil && m.Ref != want.PatronRef {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("patron: %w", err)
		}
		// A reopened loan must not meet a newer one of the same copy.
		_, err = x.OpenLoan(want.CopyID)
		switch {
		case err == nil:
			return false, nil
		case !errors.Is(err, kiosk.ErrNotFound):
			return false, fmt.Errorf("open loan: %w", err)
		}
	}
	if ok, err := x.lendingStands(e.Payload.Lending); !ok || err != nil {
		return false, err
	}
	if ok, err := x.stockStands(e.Payload.Stock); !ok || err != nil {
		return false, err
	}
	for _, want := range e.Payload.Changes.Copies {
		i, err := x.Item(want.CopyID)
		if err != nil {
			return false, fmt.Errorf("copy: %w", err)
		}
		if i.State != want {
			return false, nil
		}
	}
	return true, nil
}

func sameLoan(a, b kiosk.Loan) bool {
	return a.End == b.End && a.DueOn == b.DueOn && a.Renewals == b.Renewals && a.ReturnedAt.Equal(b.ReturnedAt)
}

func (x *deed) reverse(e kiosk.Event) error {
	x.event.Type = kiosk.EventUndone
	x.event.Payload.Reverses = e.Seq
	x.event.PatronRef = e.PatronRef
	x.answer.Result.Outcome = kiosk.Undone
	before := map[kiosk.ID]kiosk.Loan{}
	for _, l := range e.Payload.Before.Loans {
		before[l.ID] = l
	}
	var shown kiosk.Loan
	for _, l := range e.Payload.Changes.Loans {
		back, was := before[l.ID]
		if !was { // the event made it: it never was a loan
			back = l
			back.End, back.ReturnedAt = kiosk.LoanUndone, x.event.OccurredAt
		}
		x.changeLoan(&l, back)
		shown = back
	}
	after := map[kiosk.ID]kiosk.CopyState{}
	for _, c := range e.Payload.Changes.Copies {
		after[c.CopyID] = c
	}
	for _, c := range e.Payload.Before.Copies {
		x.changeCopy(after[c.CopyID], c)
	}
	if e.Payload.Corner != nil {
		if err := x.reverseCorner(e); err != nil {
			return err
		}
	}
	if e.Payload.Lending != nil {
		if err := x.reverseLending(*e.Payload.Lending); err != nil {
			return err
		}
	} else if err := x.unfulfil(e.Payload.Hold); err != nil {
		return err
	}
	if e.Type == kiosk.EventCheckedOut { // what was fetched for a lesson
		if err := x.reverseStock(e); err != nil {
			return err
		}
	}
	if e.Payload.Set != "" {
		return x.undoneSet(e)
	}
	id := e.CopyID
	if id == "" {
		id = shown.CopyID
	}
	if id == "" {
		return nil
	}
	i, err := x.Item(id)
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	x.event.CopyID = i.ID
	x.answer.Result.Copy = i.View()
	if shown.ID != "" {
		x.showLoan(shown, i)
	}
	return nil
}

// unfulfil puts the patron back into the queue that the checkout had ended.
func (x *deed) unfulfil(hold kiosk.ID) error {
	if hold == "" {
		return nil
	}
	h, err := x.Hold(hold)
	if err != nil {
		return fmt.Errorf("hold: %w", err)
	}
	was := h
	h.Status = kiosk.HoldWaiting
	if h.CopyID != "" {
		h.Status = kiosk.HoldReady
	}
	return x.changeHold(&was, h)
}
