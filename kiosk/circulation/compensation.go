package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// EndLoanHarmed ends an open loan whose copy is lost, or comes back damaged, and
// records what is given for it. kiosk.ErrNotNow when the loan has ended.
func (d *Desk) EndLoanHarmed(ctx context.Context, a kiosk.Attempt, loan kiosk.ID, c kiosk.Compensation) (kiosk.Compensation, int64, error) {
	type answer struct {
		Compensation kiosk.Compensation `json:"compensation"`
		Event        int64              `json:"event"`
	}
	done, err := takeIn(ctx, d, a, func(x *intake) (answer, error) {
		l, err := x.Loan(loan)
		if err != nil {
			return answer{}, fmt.Errorf("loan: %w", err)
		}
		if !l.Open() {
			return answer{}, kiosk.ErrNotNow
		}
		i, err := x.Item(l.CopyID)
		if err != nil {
			return answer{}, fmt.Errorf("copy: %w", err)
		}
		c.ID, c.LoanID, c.CopyID, c.PatronRef, c.By, c.At, c.Removed = x.NewID(), loan, l.CopyID, l.PatronRef, x.Staff, x.now, false
		if err := x.checkCompensation(&c); err != nil {
			return answer{}, err
		}
		x.event.CopyID, x.event.PatronRef = l.CopyID, l.PatronRef
		after, state := l, i.State
		after.ReturnedAt = x.event.OccurredAt
		if c.Cause == kiosk.HarmLost {
			after.End, state.Status = kiosk.LoanLost, kiosk.CopyLost
		} else {
			after.End, state.Condition = kiosk.LoanReturned, kiosk.ConditionDamaged
		}
		x.changeLoan(&l, after)
		if state != i.State {
			x.changeCopy(i.State, state)
		}
		x.event.Type, x.event.Payload.Comment = kiosk.EventCompensated, c.Comment
		if err := x.changeCompensation(nil, c); err != nil {
			return answer{}, err
		}
		err = x.append()
		return answer{c, x.event.Seq}, err
	})
	return done.Compensation, done.Event, err
}

// SetCompensation changes what was given for a book that was lost or damaged.
// look refuses when the stored one is not what the caller saw.
func (d *Desk) SetCompensation(ctx context.Context, a kiosk.Attempt, id kiosk.ID, c kiosk.Compensation, look func(kiosk.Compensation) error) (int64, error) {
	return takeIn(ctx, d, a, func(x *intake) (int64, error) {
		was, err := x.Compensation(id)
		if err != nil {
			return 0, fmt.Errorf("compensation: %w", err)
		}
		if was.Removed {
			return 0, kiosk.ErrNotNow
		}
		if look != nil {
			if err := look(was); err != nil {
				return 0, err
			}
		}
		after := was
		after.Kind, after.Amount, after.Comment, after.Day, after.By, after.At = c.Kind, c.Amount, c.Comment, c.Day, x.Staff, x.now
		if err := x.checkCompensation(&after); err != nil {
			return 0, err
		}
		x.event.Type, x.event.CopyID, x.event.PatronRef, x.event.Payload.Comment = kiosk.EventCompensated, was.CopyID, was.PatronRef, after.Comment
		if err := x.changeCompensation(&was, after); err != nil {
			return 0, err
		}
		err = x.append()
		return x.event.Seq, err
	})
}

func (x *intake) checkCompensation(c *kiosk.Compensation) error {
	var f form
	among(&f, "cause", c.Cause, kiosk.Harms)
	among(&f, "kind", c.Kind, kiosk.CompensationKinds)
	if c.Kind == kiosk.CompensationPaid {
		within(&f, "amount", c.Amount, 1, kiosk.MaxCompensation)
	} else if c.Amount != 0 {
		f.wrong("amount", kiosk.FieldUnexpected, nil)
	}
	f.text("note", &c.Comment, kiosk.MaxCompensationComment)
	if c.Day.IsZero() {
		c.Day = x.today
	} else if c.Day.After(x.today) {
		f.wrong("day", kiosk.FieldInFuture, kiosk.Facts{"max": x.today})
	} else if c.Day.Before(x.today.AddMonths(-60)) {
		f.wrong("day", kiosk.FieldOutOfRange, kiosk.Facts{"min": x.today.AddMonths(-60), "max": x.today})
	}
	return f.failed()
}
