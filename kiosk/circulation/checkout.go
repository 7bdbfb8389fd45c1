package circulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// Checkout lends the copy to the patron, or refuses with every reason against
// it. It returns kiosk.ErrMoved when the patron has the copy already.
func (d *Desk) Checkout(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, copyID kiosk.ID) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		c, err := x.facts(patron, copyID)
		if err != nil {
			return err
		}
		if c.Out != nil && c.Out.PatronRef == c.Member.Ref {
			return kiosk.ErrMoved
		}
		x.about(&c.Member, &c.Item)
		v, terms := kiosk.CanCheckOut(c, x.rules)
		lesson, own := c.OwnLesson(x.rules)
		if own {
			v = kiosk.CanCheckOutForLesson(c, lesson, x.rules)
			terms.Type, terms.DueOn = kiosk.HomeLoan, lesson.On
		}
		if !x.allowed(v) {
			return nil
		}
		loan := kiosk.Loan{
			ID: x.NewID(), CopyID: c.Item.ID, PatronRef: c.Member.Ref, Type: terms.Type,
			CheckedOutAt: x.event.OccurredAt, DueOn: terms.DueOn, Station: x.Station,
		}
		state, err := x.offTrolley(c.Item)
		if err != nil {
			return err
		}
		state.Loans++
		x.changeLoan(nil, loan)
		x.changeCopy(c.Item.State, state)
		if err := x.fulfil(c); err != nil {
			return err
		}
		if own {
			if err := x.giveTo(lesson, loan); err != nil {
				return err
			}
		}
		x.event.Type = kiosk.EventCheckedOut
		x.answer.Result.Outcome = kiosk.CheckedOut
		x.tellClock(loan.DueOn)
		x.showLoan(loan, c.Item)
		x.open = withLoan(c.Open, loan, c.Item)
		return x.prove(c.Item)
	})
}

// withLoan is the loans that were read with the new one among them, as reading
// them again would give them: by time, which the ledger keeps to the millisecond.
func withLoan(open []kiosk.LoanItem, l kiosk.Loan, i kiosk.Item) []kiosk.LoanItem {
	l.CheckedOutAt = l.CheckedOutAt.Truncate(time.Millisecond)
	all := append(slices.Clone(open), kiosk.LoanItem{Loan: l, Item: i})
	slices.SortStableFunc(all, func(a, b kiosk.LoanItem) int {
		if c := a.CheckedOutAt.Compare(b.CheckedOutAt); c != 0 {
			return c
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return all
}

// facts reads what a decision about the patron and the copy looks at.
func (x *deed) facts(patron, copyID kiosk.ID) (kiosk.Checkout, error) {
	c := kiosk.Checkout{Now: x.counts}
	var err error
	if c.Member, err = x.MemberByRef(patron, x.today); err != nil {
		return c, fmt.Errorf("patron: %w", err)
	}
	if c.Item, err = x.Item(copyID); err != nil {
		return c, fmt.Errorf("copy: %w", err)
	}
	if c.Open, err = x.OpenLoansOf(patron); err != nil {
		return c, fmt.Errorf("open loans: %w", err)
	}
	if c.Holds, err = x.HoldsOf(c.Item.TitleID); err != nil {
		return c, fmt.Errorf("holds: %w", err)
	}
	out, err := x.OpenLoan(copyID)
	switch {
	case err == nil:
		c.Out = &out
	case !errors.Is(err, kiosk.ErrNotFound):
		return c, fmt.Errorf("open loan: %w", err)
	}
	if c.Lessons, err = x.claims(c.Item); err != nil {
		return c, err
	}
	if len(c.Holds) > 0 {
		if c.Ready, err = x.ready(c.Item.TitleID); err != nil {
			return c, err
		}
	}
	return c, nil
}

// ready counts the title's copies that stand in the library for loan.
func (x *deed) ready(title kiosk.ID) (int, error) {
	items, err := x.ItemsOfTitle(title)
	if err != nil {
		return 0, fmt.Errorf("copies of the title: %w", err)
	}
	n := 0
	for _, i := range items {
		if i.State.Status != kiosk.CopyAvailable {
			continue
		}
		_, err := x.OpenLoan(i.ID)
		switch {
		case errors.Is(err, kiosk.ErrNotFound):
			n++
		case err != nil:
			return 0, fmt.Errorf("open loan: %w", err)
		}
	}
	return n, nil
}

// fulfil ends the patron's own hold on the title. The copy that was kept goes to
// the next who waits when another was taken.
func (x *deed) fulfil(c kiosk.Checkout) error {
	for _, h := range c.Holds {
		if h.PatronRef == c.Member.Ref {
			after := h
			after.Status = kiosk.HoldFulfilled
			x.event.Payload.Hold = h.ID
			if err := x.changeHold(&h, after); err != nil || h.CopyID == "" || h.CopyID == c.Item.ID {
				return err
			}
			kept, err := x.Item(h.CopyID)
			if err != nil {
				return fmt.Errorf("copy that was kept: %w", err)
			}
			return x.keepForNext(kept, c.Holds)
		}
	}
	return nil
}
