package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// LendInHour lends a copy of a corner at a kiosk, in the corner's hour: see
// LendInCorner. The answer has the session, with what the pupil has of corners
// and may have.
func (d *Desk) LendInHour(ctx context.Context, a kiosk.Attempt, corner, patron, copyID kiosk.ID) (kiosk.Answer, error) {
	done, err := d.LendInCorner(ctx, d.hourly(a), kiosk.FromKiosk, corner, patron, copyID)
	if err != nil {
		return kiosk.Answer{}, err
	}
	return d.hourAnswer(ctx, a, corner, patron, done)
}

// ReturnInHour takes a copy back there, whoever had it; patron is the session's,
// or "".
func (d *Desk) ReturnInHour(ctx context.Context, a kiosk.Attempt, corner, patron, copyID kiosk.ID) (kiosk.Answer, error) {
	done, err := d.ReturnInCorner(ctx, d.hourly(a), kiosk.FromKiosk, corner, copyID)
	if err != nil {
		return kiosk.Answer{}, err
	}
	return d.hourAnswer(ctx, a, corner, patron, done)
}

// hourly makes a station's command id, which is good for a day there, one that
// is the act's for ever, as corners want it.
func (d *Desk) hourly(a kiosk.Attempt) kiosk.Attempt {
	if a.CommandID != "" {
		at := a.At
		if at.IsZero() {
			at = d.Now()
		}
		a.CommandID = "kiosk-" + a.Station + "-" + at.UTC().Format("2006-01-02") + "-" + a.CommandID
	}
	return a
}

// hourAnswer is what a station shows of an act in a corner.
func (d *Desk) hourAnswer(ctx context.Context, a kiosk.Attempt, corner, patron kiosk.ID, done kiosk.CornerDone) (kiosk.Answer, error) {
	ans := kiosk.Answer{Again: done.Again, Result: kiosk.Result{
		Seq: a.Seq, Code: a.Code, Kind: a.Kind, Outcome: done.Outcome, Reason: done.Reason, Refusals: done.Refusals,
		Notes: done.Notes, Copy: done.Copy, EventSeq: done.Event,
	}}
	err := d.Ledger.View(ctx, func(v kiosk.View) error {
		loc, err := kiosk.LocationOf(v)
		if err != nil {
			return err
		}
		today := kiosk.DayOf(d.Now(), loc)
		if done.Loan != "" && done.CopyID != "" {
			l, err := v.Loan(done.Loan)
			if err != nil {
				return err
			}
			i, err := v.Item(done.CopyID)
			if err != nil {
				return err
			}
			shown := kiosk.LoanItem{Loan: l, Item: i}.View(today)
			ans.Result.Loan = &shown
		}
		if patron == "" {
			return nil
		}
		m, err := v.MemberByRef(patron, today)
		if err != nil {
			return err
		}
		ans.Result.Patron = m.View()
		s := &kiosk.Session{Member: m, Loans: []kiosk.LoanView{}}
		open, err := v.OpenLoansOf(m.Ref)
		if err != nil {
			return err
		}
		have := 0
		for _, l := range open {
			s.Loans = append(s.Loans, l.View(today))
			if l.Corner != "" {
				have++
			}
		}
		places, err := v.Places()
		if err != nil {
			return err
		}
		for _, p := range places {
			if p.ID == corner {
				terms, err := kiosk.CornerTermsOf(v, p.Kind)
				if err != nil {
					return err
				}
				s.Limit, s.Left = terms.Limit, max(terms.Limit-have, 0)
			}
		}
		ans.Session = s
		return nil
	})
	if err != nil {
		return kiosk.Answer{}, fmt.Errorf("answer of the corner's hour: %w", err)
	}
	return ans, nil
}
