package circulation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"muontra/kiosk"
)

// ForgetPatron erases a person: what is counted stays without a name. It
// cannot be taken back. Open loans are a *kiosk.OpenLoansError, reservations
// kiosk.ErrReserved.
func (d *Desk) ForgetPatron(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, id, func(x *intake, p kiosk.Patron) (done kiosk.PatronDone, err error) {
		return done, x.forget(p)
	})
}

func (x *intake) forget(p kiosk.Patron) error {
	open, err := x.OpenLoansOf(p.Ref)
	if err != nil {
		return fmt.Errorf("open loans: %w", err)
	}
	if len(open) > 0 {
		stands := &kiosk.OpenLoansError{}
		for _, l := range open {
			stands.Titles = append(stands.Titles, l.Item.Title.Name())
		}
		return stands
	}
	err = x.ErasePatron(p.ID)
	if errors.Is(err, kiosk.ErrConflict) {
		return kiosk.ErrReserved
	}
	if err != nil {
		return err
	}
	return x.changed(p, kiosk.PatronErased, "")
}

// RetentionOf is the school's setting, or the usual one.
func RetentionOf(v kiosk.View) (kiosk.Retention, error) {
	r := kiosk.Retention{Months: kiosk.DefaultRetention}
	text, err := v.Setting(kiosk.RetentionSetting)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &r)
	}
	if err != nil {
		return r, fmt.Errorf("retention: %w", err)
	}
	return r, nil
}

func putRetention(tx kiosk.Tx, r kiosk.Retention) error {
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	return tx.PutSetting(kiosk.RetentionSetting, string(text))
}

// Retention is the school's setting, with what the last night did.
func (d *Desk) Retention(ctx context.Context) (r kiosk.Retention, err error) {
	err = d.Ledger.View(ctx, func(v kiosk.View) error {
		r, err = RetentionOf(v)
		return err
	})
	return r, err
}

// SetRetention changes how many months names stay.
func (d *Desk) SetRetention(ctx context.Context, a kiosk.Attempt, months int) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (int, error) {
		var f form
		within(&f, "months", months, kiosk.MinRetention, kiosk.MaxRetention)
		if err := f.failed(); err != nil {
			return 0, err
		}
		r, err := RetentionOf(x)
		if err != nil {
			return 0, err
		}
		r.Months = months
		return months, putRetention(x, r)
	})
	return err
}

// Retain does the night's forgetting, by the clock of the desk: references of
// past school years that are over long enough are cut from their patrons,
// references in use begin anew with a school year, and who left long enough ago
// is forgotten. Whoever still has a book waits. Run twice it does nothing the
// second time.
func (d *Desk) Retain(ctx context.Context) (kiosk.Retention, error) {
	var r kiosk.Retention
	var done *intake
	err := d.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		x := &intake{deed: &deed{Tx: tx, Attempt: kiosk.Attempt{Station: kiosk.DefaultStation}, now: d.Now().UTC()}}
		done = x
		if err := x.begin(); err != nil {
			return err
		}
		var err error
		if r, err = RetentionOf(tx); err != nil {
			return err
		}
		r.LastRun, r.Cut, r.Erased, r.Waiting = x.now, 0, 0, 0
		if err := x.endHolds(); err != nil {
			return err
		}
		if err := x.renewRefs(); err != nil {
			return err
		}
		if err := x.cutRefs(&r); err != nil {
			return err
		}
		if err := x.forgetLeavers(&r); err != nil {
			return err
		}
		return putRetention(tx, r)
	})
	if err != nil {
		return r, err
	}
	if d.Publish != nil {
		for _, e := range done.events {
			d.Publish(e)
		}
	}
	return r, nil
}

// renewRefs begins new references for those whose present one is of an earlier
// school year.
func (x *intake) renewRefs() error {
	refs, err := x.NewestRefs()
	if err != nil {
		return fmt.Errorf("references: %w", err)
	}
	for _, n := range refs {
		// One that has been in use from the beginning began with its patron.
		if n.Since.IsZero() {
			p, err := x.Patron(n.PatronID)
			if err != nil {
				return fmt.Errorf("patron: %w", err)
			}
			n.Since = kiosk.DayOf(p.CreatedAt, x.rules.Location)
		}
		if !kiosk.RefDue(n, x.rules.Year) {
			continue
		}
		if err := x.RenewRef(n.PatronID, x.NewID(), x.today); err != nil {
			return fmt.Errorf("new reference: %w", err)
		}
	}
	return nil
}

func (x *intake) cutRefs(r *kiosk.Retention) error {
	old, err := x.OldRefs()
	if err != nil {
		return fmt.Errorf("old references: %w", err)
	}
	for _, o := range old {
		if !r.CutDue(o, x.today) {
			continue
		}
		if err := x.CutRef(o.Ref); err != nil {
			return fmt.Errorf("cut: %w", err)
		}
		r.Cut++
	}
	return nil
}

func (x *intake) forgetLeavers(r *kiosk.Retention) error {
	var left []kiosk.Patron
	err := x.EachMember(x.today, func(m kiosk.Member) error {
		if m.Status == kiosk.PatronLeft {
			left = append(left, m.Patron)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("leavers: %w", err)
	}
	for _, p := range left {
		if p.LeftOn.IsZero() { // a list said it: the time begins now
			p.LeftOn = x.today
			if err := x.PutPatron(p); err != nil {
				return fmt.Errorf("leaver: %w", err)
			}
		}
		if !r.EraseDue(p, x.today) {
			continue
		}
		var open *kiosk.OpenLoansError
		switch err := x.forget(p); {
		case errors.As(err, &open), errors.Is(err, kiosk.ErrReserved):
			r.Waiting++
		case err != nil:
			return err
		default:
			r.Erased++
		}
	}
	return nil
}
