package circulation

import (
	"context"
	"errors"
	"fmt"

	"muontra/kiosk"
)

// Return takes the copy back. It always works, whatever the loan's or the
// copy's state; a lost copy is thereby found. With a patron only that patron's
// loan is ended; with "" anybody's, and the answer does not say whose.
// It returns kiosk.ErrMoved when there is no such loan.
func (d *Desk) Return(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, copyID kiosk.ID) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		loan, err := x.OpenLoan(copyID)
		if errors.Is(err, kiosk.ErrNotFound) || err == nil && patron != "" && loan.PatronRef != patron {
			return kiosk.ErrMoved
		}
		if err != nil {
			return fmt.Errorf("open loan: %w", err)
		}
		item, err := x.Item(copyID)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		holds, err := x.HoldsOf(item.TitleID)
		if err != nil {
			return fmt.Errorf("holds: %w", err)
		}
		if patron != "" {
			m, err := x.MemberByRef(patron, x.today)
			if err != nil {
				return fmt.Errorf("patron: %w", err)
			}
			x.about(&m, &item)
		} else {
			x.about(nil, &item)
			x.event.PatronRef = loan.PatronRef
		}
		was := kiosk.LoanItem{Loan: loan, Item: item}
		x.answer.Result.Notes = kiosk.OnReturn(was, holds, x.rules, x.now)
		after := loan
		after.End, after.ReturnedAt = kiosk.LoanReturned, x.event.OccurredAt
		x.changeLoan(&loan, after)
		if item.State.Status == kiosk.CopyLost {
			found := item.State
			found.Status = kiosk.CopyAvailable
			x.changeCopy(item.State, found)
		}
		x.event.Type = kiosk.EventReturned
		x.answer.Result.Outcome = kiosk.Returned
		x.showLoan(after, item)
		return x.prove(item)
	})
}
