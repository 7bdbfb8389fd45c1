package circulation

import (
	"context"
	"errors"
	"fmt"

	"muontra/kiosk"
)

// A set is lent, taken back and read here as one: one act, one event with the
// after-images of all its members.

// CheckoutSet lends all of the set to the patron, or refuses with every reason
// against it; see kiosk.CanCheckOutSet. It returns kiosk.ErrMoved when the
// patron has some of it already.
func (d *Desk) CheckoutSet(ctx context.Context, a kiosk.Attempt, patron, set kiosk.ID) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		s, all, err := x.membersOf(patron, set)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.Out != nil && c.Out.PatronRef == c.Member.Ref {
				return kiosk.ErrMoved
			}
		}
		v, lent := kiosk.CanCheckOutSet(all, x.rules)
		if !x.allowed(v) {
			return nil
		}
		var loans []kiosk.LoanItem
		for _, c := range lent {
			loan := kiosk.Loan{
				ID: x.NewID(), CopyID: c.Item.ID, PatronRef: c.Member.Ref, Type: c.Terms.Type,
				CheckedOutAt: x.event.OccurredAt, DueOn: c.Terms.DueOn, Station: x.Station,
			}
			state, err := x.offTrolley(c.Item)
			if err != nil {
				return err
			}
			state.Loans++
			x.changeLoan(nil, loan)
			x.changeCopy(c.Item.State, state)
			if err := x.fulfil(c.Checkout); err != nil {
				return err
			}
			loans = append(loans, kiosk.LoanItem{Loan: loan, Item: c.Item})
		}
		x.event.Type = kiosk.EventCheckedOut
		x.answer.Result.Outcome = kiosk.CheckedOut
		x.showSet(s, loans)
		return nil
	})
}

// ReturnSet takes back what was lent of the set; see kiosk.SetLoans. With a
// patron only that patron's loans are ended, with "" anybody's, and the answer
// does not say whose. It returns kiosk.ErrMoved when nothing of it is out.
func (d *Desk) ReturnSet(ctx context.Context, a kiosk.Attempt, patron, set kiosk.ID) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		s, err := x.Set(set)
		if err != nil {
			return fmt.Errorf("set: %w", err)
		}
		open, err := loansOfSet(x, set)
		if err != nil {
			return err
		}
		loans := kiosk.SetLoans(open, patron)
		if len(loans) == 0 {
			return kiosk.ErrMoved
		}
		if patron != "" {
			m, err := x.MemberByRef(patron, x.today)
			if err != nil {
				return fmt.Errorf("patron: %w", err)
			}
			x.about(&m, nil)
		}
		x.event.PatronRef = loans[0].PatronRef
		said, back := map[kiosk.NoteCode]bool{}, []kiosk.ID{}
		for i, was := range loans {
			after, notes, err := x.giveBack(was)
			if err != nil {
				return err
			}
			for _, n := range notes {
				if !said[n.Code] {
					said[n.Code] = true
					x.answer.Result.Notes = append(x.answer.Result.Notes, n)
				}
			}
			back = append(back, was.CopyID)
			loans[i].Loan = after
		}
		x.answer.Result.Outcome = kiosk.Returned
		x.showSet(s, loans)
		return x.noteShort(set, back...)
	})
}

// UseSetOnSite counts what is here of the set as read here.
func (d *Desk) UseSetOnSite(ctx context.Context, a kiosk.Attempt, patron, set kiosk.ID) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		s, all, err := x.membersOf(patron, set)
		if err != nil {
			return err
		}
		v := kiosk.Verdict{Refusals: []kiosk.Refusal{{Reason: kiosk.ReasonNotProcessed}}}
		var here []kiosk.Item
		for _, c := range all {
			one := kiosk.CanUseOnSite(c)
			if one.Says() == kiosk.Yes && c.Out == nil {
				here = append(here, c.Item)
			} else if len(here) == 0 && len(one.Refusals) > 0 {
				v = one
			}
		}
		if len(here) == 0 {
			x.refuse(v)
			return nil
		}
		for _, i := range here {
			state := i.State
			state.OnSite++
			x.changeCopy(i.State, state)
		}
		x.event.Type = kiosk.EventUsedOnSite
		x.answer.Result.Outcome = kiosk.UsedOnSite
		x.answer.Result.Set = &kiosk.SetShown{Barcode: s.Barcode, Name: s.Name, Count: len(here)}
		x.note(kiosk.NoteWholeSet, kiosk.Facts{"count": len(here)})
		return nil
	})
}

// RefuseSet is Refuse for a set's barcode.
func (d *Desk) RefuseSet(ctx context.Context, a kiosk.Attempt, set kiosk.BookSet, why kiosk.Reason) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		x.aboutSet(set)
		x.refuse(kiosk.Verdict{Refusals: []kiosk.Refusal{{Reason: why}}})
		return nil
	})
}

// membersOf reads the set and what a decision looks at of each member, and puts
// the patron and the set into the event and the answer.
func (x *deed) membersOf(patron, set kiosk.ID) (kiosk.BookSet, []kiosk.Checkout, error) {
	s, err := x.Set(set)
	if err != nil {
		return s, nil, fmt.Errorf("set: %w", err)
	}
	m, err := x.MemberByRef(patron, x.today)
	if err != nil {
		return s, nil, fmt.Errorf("patron: %w", err)
	}
	x.about(&m, nil)
	x.aboutSet(s)
	items, err := x.ItemsOfSet(set)
	if err != nil {
		return s, nil, fmt.Errorf("members: %w", err)
	}
	all := make([]kiosk.Checkout, 0, len(items))
	for _, i := range items {
		c, err := x.facts(patron, i.ID)
		if err != nil {
			return s, nil, err
		}
		all = append(all, c)
	}
	return s, all, nil
}

func (x *deed) aboutSet(s kiosk.BookSet) {
	x.event.Payload.Set = s.ID
	x.answer.Result.Copy = s.View()
}

// showSet puts the loans of a set into the answer. Loan speaks for all: it has
// the set's name, and the day on which the first is due.
func (x *deed) showSet(s kiosk.BookSet, loans []kiosk.LoanItem) {
	x.aboutSet(s)
	r := &x.answer.Result
	r.Set = &kiosk.SetShown{Barcode: s.Barcode, Name: s.Name, Count: len(loans)}
	for _, l := range loans {
		v := l.View(x.today)
		r.Loans = append(r.Loans, v)
		if r.Loan == nil || v.DueOn.Before(r.Loan.DueOn) {
			v.Copy = *s.View()
			r.Loan = &v
		}
	}
	x.note(kiosk.NoteWholeSet, kiosk.Facts{"count": len(loans)})
}

// noteShort says that members of the set are still out or gone when those named
// have come back; nothing when the set is whole, or when there is none.
func (x *deed) noteShort(set kiosk.ID, back ...kiosk.ID) error {
	if set == "" {
		return nil
	}
	s, err := x.Set(set)
	if err != nil {
		return fmt.Errorf("set: %w", err)
	}
	items, err := x.ItemsOfSet(set)
	if err != nil {
		return fmt.Errorf("members: %w", err)
	}
	in := map[kiosk.ID]bool{}
	for _, id := range back {
		in[id] = true
	}
	missing := 0
	for _, i := range items {
		if in[i.ID] {
			continue
		}
		_, err := x.OpenLoan(i.ID)
		switch {
		case err == nil, errors.Is(err, kiosk.ErrNotFound) && i.State.Status != kiosk.CopyAvailable:
			missing++
		case !errors.Is(err, kiosk.ErrNotFound):
			return fmt.Errorf("open loan: %w", err)
		}
	}
	if missing > 0 {
		x.note(kiosk.NoteSetShort, kiosk.Facts{"set": s.Name, "missing": missing, "of": len(items)})
	}
	return nil
}

// undoneSet puts the set whose act was taken back into the answer.
func (x *deed) undoneSet(e kiosk.Event) error {
	s, err := x.Set(e.Payload.Set)
	if err != nil {
		return fmt.Errorf("set: %w", err)
	}
	x.aboutSet(s)
	x.answer.Result.Set = &kiosk.SetShown{Barcode: s.Barcode, Name: s.Name, Count: max(len(e.Payload.Changes.Loans), len(e.Payload.Changes.Copies))}
	return nil
}

// loansOfSet are the open loans of the set's members.
func loansOfSet(v kiosk.View, set kiosk.ID) ([]kiosk.LoanItem, error) {
	items, err := v.ItemsOfSet(set)
	if err != nil {
		return nil, fmt.Errorf("members: %w", err)
	}
	var open []kiosk.LoanItem
	for _, i := range items {
		l, err := v.OpenLoan(i.ID)
		if errors.Is(err, kiosk.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open loan: %w", err)
		}
		open = append(open, kiosk.LoanItem{Loan: l, Item: i})
	}
	return open, nil
}
