package circulation

import (
	"context"
	"errors"
	"fmt"

	"muontra/kiosk"
)

// Change records a copy's new status, condition or place, with a comment. A
// copy that is declared lost or withdrawn ends its open loan as lost. A copy
// that waits to be registered becomes available by that alone: else a
// *kiosk.StepError. One that is available again is kept for the first who waits for
// its title, which a note says; who was promised one that is not, waits again.
func (d *Desk) Change(ctx context.Context, a kiosk.Attempt, copyID kiosk.ID, c kiosk.CopyChange) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		item, err := x.Item(copyID)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		x.about(nil, &item)
		s := item.State
		if c.Status != "" {
			s.Status = c.Status
		}
		if c.Condition != "" {
			s.Condition = c.Condition
		}
		if c.Place != "" {
			s.Place = c.Place
		}
		if s.Status == kiosk.CopyAvailable {
			if err := x.needRegistered(item); err != nil {
				return err
			}
		}
		x.changeCopy(item.State, s)
		kept, err := x.followQueue(item, s)
		if err != nil {
			return err
		}
		if kept {
			x.answer.Result.Notes = append(x.answer.Result.Notes, kiosk.Note{Code: kiosk.NoteReserved})
		}
		if s.Status == kiosk.CopyLost || s.Status == kiosk.CopyWithdrawn {
			l, err := x.OpenLoan(copyID)
			switch {
			case err == nil:
				after := l
				after.End, after.ReturnedAt = kiosk.LoanLost, x.event.OccurredAt
				x.changeLoan(&l, after)
				x.event.PatronRef = l.PatronRef
			case !errors.Is(err, kiosk.ErrNotFound):
				return fmt.Errorf("open loan: %w", err)
			}
		}
		x.event.Type = kiosk.EventCopyChanged
		x.event.Payload.Comment = x.Comment
		x.answer.Result.Outcome = kiosk.Shown
		return nil
	})
}

// needRegistered refuses a copy whose registration waits.
func (x *deed) needRegistered(i kiosk.Item) error {
	p, err := x.ProcessingOfCopy(i.ID)
	switch {
	case errors.Is(err, kiosk.ErrNotFound): // it came without a receipt
		return nil
	case err != nil:
		return fmt.Errorf("processing: %w", err)
	case p.Registered.IsZero():
		return &kiosk.StepError{Step: kiosk.StepRegister, Refusals: []kiosk.StepRefusal{{Reason: kiosk.StepNotRegistered, Copy: *i.View()}}}
	}
	return nil
}
