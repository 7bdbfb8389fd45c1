package kiosktest

import (
	"cmp"
	"errors"
	"slices"

	"muontra/kiosk"
)

func (v *view) OpenHolds() ([]kiosk.Hold, error) {
	return v.openHolds(func(kiosk.Hold) bool { return true }), nil
}

func (v *view) OpenHoldsOf(ref kiosk.ID) ([]kiosk.Hold, error) {
	return v.openHolds(func(h kiosk.Hold) bool { return h.PatronRef == ref }), nil
}

func (v *view) openHolds(keep func(kiosk.Hold) bool) []kiosk.Hold {
	hs := slices.DeleteFunc(v.d.holds.all(), func(h kiosk.Hold) bool {
		return !keep(h) || h.Status != kiosk.HoldWaiting && h.Status != kiosk.HoldReady
	})
	slices.SortFunc(hs, func(a, b kiosk.Hold) int { return cmp.Or(a.PlacedAt.Compare(b.PlacedAt), cmp.Compare(a.ID, b.ID)) })
	return hs
}

func (v *view) Recall(id kiosk.ID) (kiosk.Recall, error) {
	r, err := v.d.recalls.get("recall", id)
	return copyRecall(r), err
}

func (v *view) Recalls() ([]kiosk.Recall, error) {
	all := v.d.recalls.all()
	slices.SortFunc(all, func(a, b kiosk.Recall) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	for i := range all {
		all[i] = copyRecall(all[i])
	}
	return all, nil
}

// copyRecall is a recall that shares no list with another.
func copyRecall(r kiosk.Recall) kiosk.Recall {
	r.Record.Kinds, r.Record.Categories, r.Record.Classes = slices.Clone(r.Record.Kinds), slices.Clone(r.Record.Categories), slices.Clone(r.Record.Classes)
	r.Record.Loans, r.Record.Events = slices.Clone(r.Record.Loans), slices.Clone(r.Record.Events)
	return r
}

func (t *tx) PutRecall(r kiosk.Recall) (err error) {
	defer t.whole(&err)()
	if r.Name == "" {
		return errors.New("a recall without a name")
	}
	r = copyRecall(r)
	r.At, r.Closed, r.Undone = ms(r.At), ms(r.Closed), ms(r.Undone)
	t.d.recalls.put(t, r.ID, r)
	return nil
}

func (v *view) Compensation(id kiosk.ID) (kiosk.Compensation, error) {
	return v.d.compensations.get("compensation", id)
}

func (v *view) Compensations() ([]kiosk.Compensation, error) {
	all := slices.DeleteFunc(v.d.compensations.all(), func(c kiosk.Compensation) bool { return c.Removed })
	slices.SortFunc(all, func(a, b kiosk.Compensation) int {
		return cmp.Or(cmp.Compare(b.Day.String(), a.Day.String()), cmp.Compare(b.ID, a.ID))
	})
	return all, nil
}

func (t *tx) PutCompensation(c kiosk.Compensation) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.loans.get("loan", c.LoanID); err != nil {
		return err
	}
	if _, err := t.d.copies.get("copy", c.CopyID); err != nil {
		return err
	}
	if _, ok := t.d.refs[c.PatronRef]; !ok {
		return missing("patron ref", c.PatronRef)
	}
	for _, o := range t.d.compensations.rows {
		if o.LoanID == c.LoanID && o.ID != c.ID && !o.Removed && !c.Removed {
			return conflict("loan %s is settled", c.LoanID)
		}
	}
	c.At = ms(c.At)
	t.d.compensations.put(t, c.ID, c)
	if err := natural("amount", int(c.Amount)); err != nil {
		return err
	}
	if err := in("cause", c.Cause, kiosk.Harms...); err != nil {
		return err
	}
	return in("kind of compensation", c.Kind, kiosk.CompensationKinds...)
}
