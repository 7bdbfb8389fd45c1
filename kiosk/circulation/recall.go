package circulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// StartRecall calls back the open loans that the order wants: those due later
// than the order's day become due on it, the others stay as they are and are
// followed too. The day is kept to an open one up to the year's recall.
func (d *Desk) StartRecall(ctx context.Context, a kiosk.Attempt, o kiosk.Recall) (kiosk.Recall, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Recall, error) {
		r := kiosk.Recall{ID: x.NewID(), Name: o.Name, Due: o.Due, At: x.now, By: x.Staff, Record: kiosk.RecallRecord{
			Kinds: o.Record.Kinds, Categories: o.Record.Categories, Classes: o.Record.Classes, Loans: []kiosk.ID{}, Events: []int64{},
		}}
		var f form
		f.given("name", r.Name)
		f.text("name", &r.Name, kiosk.MaxRecallName)
		// After the year's recall what is still out is called in for today.
		last := x.rules.Calendar.OnOrBefore(x.rules.Year.Recall)
		if last.Before(x.today) {
			last = x.today
		}
		if r.Due.IsZero() {
			f.wrong("due", kiosk.FieldMissing, nil)
		} else if r.Due.Before(x.today) || r.Due.After(last) {
			f.wrong("due", kiosk.FieldOutOfRange, kiosk.Facts{"min": x.today, "max": last})
		}
		for _, k := range r.Record.Kinds {
			among(&f, "kind", k, kiosk.Kinds)
		}
		for _, c := range r.Record.Categories {
			among(&f, "category", c, kiosk.Categories)
		}
		if err := f.failed(); err != nil {
			return r, err
		}
		r.Due = slices.MaxFunc([]kiosk.Day{x.rules.Calendar.OnOrBefore(r.Due), x.today}, func(a, b kiosk.Day) int { return cmp.Compare(a.String(), b.String()) })
		loans, err := x.called(r.Record)
		if err != nil {
			return r, err
		}
		if len(loans) == 0 {
			return r, kiosk.ErrNothingRecalled
		}
		r.Record.Loans = loans
		var later []kiosk.ID
		for _, id := range loans {
			l, err := x.Loan(id)
			if err != nil {
				return r, fmt.Errorf("loan: %w", err)
			}
			if l.DueOn.After(r.Due) {
				later = append(later, id)
			}
		}
		blank := x.event
		did, err := x.eachLoan(later, func(l kiosk.LoanItem) (kiosk.Verdict, error) {
			after := l.Loan
			after.DueOn = r.Due
			x.changeLoan(&l.Loan, after)
			x.event.Type, x.lending().Recall = kiosk.EventRecalled, r.ID
			return kiosk.Verdict{}, nil
		})
		if err != nil {
			return r, err
		}
		r.Record.Events = did.Events()
		x.event = blank
		return r, errors.Join(x.changeRecall(r), x.append())
	})
}

// called are the open loans that a recall wants, oldest first.
func (x *intake) called(want kiosk.RecallRecord) ([]kiosk.ID, error) {
	of := map[kiosk.ID]kiosk.Member{}
	err := x.EachMember(x.today, func(m kiosk.Member) error {
		of[m.Ref] = m
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("patrons: %w", err)
	}
	var open []kiosk.Loan
	err = x.EachLoan(true, func(l kiosk.Loan) error {
		open = append(open, l)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("open loans: %w", err)
	}
	var loans []kiosk.ID
	for _, l := range open {
		i, err := x.Item(l.CopyID)
		if err != nil {
			return nil, fmt.Errorf("copy: %w", err)
		}
		if want.Wants(of[l.PatronRef], i) {
			loans = append(loans, l.ID)
		}
	}
	return loans, nil
}

// SetRecallClosed ends the following of a recall, or takes it up again.
// kiosk.ErrNotNow when it is so already.
func (d *Desk) SetRecallClosed(ctx context.Context, a kiosk.Attempt, id kiosk.ID, closed bool) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		r, err := x.Recall(id)
		if err != nil {
			return struct{}{}, fmt.Errorf("recall: %w", err)
		}
		if !r.Undone.IsZero() || r.Closed.IsZero() != closed {
			return struct{}{}, kiosk.ErrNotNow
		}
		r.Closed = x.now
		if !closed {
			r.Closed = r.Undone
		}
		return struct{}{}, errors.Join(x.changeRecall(r), x.append())
	})
	return err
}

// UndoRecall takes a recall back: the due dates that it moved, where nothing has
// happened to the loan since, are as they were. kiosk.ErrNotNow when it was
// taken back already.
func (d *Desk) UndoRecall(ctx context.Context, a kiosk.Attempt, id kiosk.ID) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		r, err := x.Recall(id)
		if err != nil {
			return struct{}{}, fmt.Errorf("recall: %w", err)
		}
		if !r.Undone.IsZero() {
			return struct{}{}, kiosk.ErrNotNow
		}
		blank := x.event
		for _, seq := range slices.Backward(r.Record.Events) {
			e, err := x.Event(seq)
			if err != nil {
				return struct{}{}, fmt.Errorf("event %d: %w", seq, err)
			}
			stands, err := x.changesStand(e)
			if err != nil {
				return struct{}{}, err
			}
			if !stands {
				continue // it came back, or was extended since
			}
			x.event = blank
			if err := x.reverse(e); err != nil {
				return struct{}{}, err
			}
			if err := x.append(); err != nil {
				return struct{}{}, err
			}
		}
		r.Undone = x.now
		x.event = blank
		return struct{}{}, errors.Join(x.changeRecall(r), x.append())
	})
	return err
}
