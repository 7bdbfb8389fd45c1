package circulation

import (
	"context"

	"muontra/kiosk"
)

// ConfirmDue is a person's word on the days due of loans that were lent or
// renewed while the clock could not be right: due for all of them, on a day on
// which the library is open and never before today, or with a zero due each as
// it was counted. Each is an event of its own, in one transaction;
// kiosk.ErrClockWrong while the clock is still not to be trusted.
func (d *Desk) ConfirmDue(ctx context.Context, a kiosk.Attempt, loans []kiosk.ID, due kiosk.Day) (kiosk.Bulk, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Bulk, error) {
		if x.clock != "" {
			return kiosk.Bulk{}, kiosk.ErrClockWrong
		}
		if !due.IsZero() {
			if due = x.rules.Calendar.OnOrBefore(due); due.Before(x.today) {
				due = x.today
			}
		}
		return x.eachLoan(loans, func(l kiosk.LoanItem) (kiosk.Verdict, error) {
			after := l.Loan
			if !due.IsZero() {
				after.DueOn = due
			}
			x.changeLoan(&l.Loan, after)
			x.event.Type = kiosk.EventDueConfirmed
			return kiosk.Verdict{}, nil
		})
	})
}
