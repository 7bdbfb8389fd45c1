package circulation

import (
	"context"

	"muontra/kiosk"
)

// UseOnSite counts the copy as read here. instead names the loan of this
// session's checkout that was meant to be read here: it is taken back in the
// same act.
func (d *Desk) UseOnSite(ctx context.Context, a kiosk.Attempt, patron, copyID kiosk.ID, instead kiosk.ID) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		c, err := x.facts(patron, copyID)
		if err != nil {
			return err
		}
		x.about(&c.Member, &c.Item)
		if !x.allowed(kiosk.CanUseOnSite(c)) {
			return nil
		}
		state := c.Item.State
		state.OnSite++
		if c.Out != nil && instead != "" && c.Out.ID == instead {
			after := *c.Out
			after.End, after.ReturnedAt = kiosk.LoanUndone, x.event.OccurredAt
			state.Loans--
			x.changeLoan(c.Out, after)
		}
		x.changeCopy(c.Item.State, state)
		x.event.Type = kiosk.EventUsedOnSite
		x.answer.Result.Outcome = kiosk.UsedOnSite
		return x.prove(c.Item)
	})
}
