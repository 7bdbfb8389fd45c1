package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// Renew extends the patron's loan of one copy, or refuses. It returns kiosk.ErrMoved
// when the patron does not have the copy.
func (d *Desk) Renew(ctx context.Context, a kiosk.Attempt, patron, copyID kiosk.ID) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		m, open, err := x.borrower(patron)
		if err != nil {
			return err
		}
		for _, l := range open {
			if l.CopyID != copyID {
				continue
			}
			x.about(&m, &l.Item)
			v, after, err := x.extend(m, l)
			if err != nil || !x.allowed(v) {
				return err
			}
			x.changeLoan(&l.Loan, after)
			x.event.Type = kiosk.EventRenewed
			x.answer.Result.Outcome = kiosk.Renewed
			x.tellClock(after.DueOn)
			x.showLoan(after, l.Item)
			return nil
		}
		return kiosk.ErrMoved
	})
}

// RenewAll extends every loan that may be extended; the others are told with
// their reasons. It is renewed when at least one was.
func (d *Desk) RenewAll(ctx context.Context, a kiosk.Attempt, patron kiosk.ID) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		m, open, err := x.borrower(patron)
		if err != nil {
			return err
		}
		x.about(&m, nil)
		r := &x.answer.Result
		if len(open) == 0 {
			r.Outcome = kiosk.Shown
			x.note(kiosk.NoteNothing, nil)
			return nil
		}
		var no kiosk.Verdict
		for _, l := range open {
			v, after, err := x.extend(m, l)
			if err != nil {
				return err
			}
			if v.Says() != kiosk.Yes {
				for _, f := range v.Refusals {
					facts := kiosk.Facts{"title": l.Item.Title.Name(), "barcode": l.Item.Barcode}
					for k, val := range f.Facts {
						facts[k] = val
					}
					no.Refusals = append(no.Refusals, kiosk.Refusal{Reason: f.Reason, Facts: facts})
				}
				continue
			}
			x.changeLoan(&l.Loan, after)
			r.Loans = append(r.Loans, kiosk.LoanItem{Loan: after, Item: l.Item}.View(x.today))
		}
		if len(r.Loans) == 0 {
			x.refuse(no)
			return nil
		}
		x.event.Type = kiosk.EventRenewed
		r.Outcome, r.Refusals = kiosk.Renewed, no.Refusals
		if len(no.Refusals) > 0 {
			x.note(kiosk.NotePartly, kiosk.Facts{"have": len(r.Loans), "of": len(open)})
		}
		return nil
	})
}

func (x *deed) borrower(patron kiosk.ID) (kiosk.Member, []kiosk.LoanItem, error) {
	m, err := x.MemberByRef(patron, x.today)
	if err != nil {
		return m, nil, fmt.Errorf("patron: %w", err)
	}
	open, err := x.OpenLoansOf(patron)
	if err != nil {
		return m, nil, fmt.Errorf("open loans: %w", err)
	}
	return m, open, nil
}

func (x *deed) extend(m kiosk.Member, l kiosk.LoanItem) (kiosk.Verdict, kiosk.Loan, error) {
	holds, err := x.HoldsOf(l.Item.TitleID)
	if err != nil {
		return kiosk.Verdict{}, kiosk.Loan{}, fmt.Errorf("holds: %w", err)
	}
	calls, err := x.Recalls()
	if err != nil {
		return kiosk.Verdict{}, kiosk.Loan{}, fmt.Errorf("recalls: %w", err)
	}
	lessons, err := x.claims(l.Item)
	if err != nil {
		return kiosk.Verdict{}, kiosk.Loan{}, err
	}
	v, terms := kiosk.CanRenew(m, l, holds, lessons, calls, x.rules, x.counts)
	after := l.Loan
	after.DueOn = terms.DueOn
	after.Renewals++
	return v, after, nil
}
