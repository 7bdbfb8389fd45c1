package kiosktest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"muontra/kiosk"
)

// putRecords writes the paperwork that an event leaves.
func (t *tx) putRecords(r *kiosk.Records) error {
	if r == nil {
		return nil
	}
	p := t.d.records
	for _, s := range r.Stocktakes {
		if err := given("stocktake's id", s.ID); err != nil {
			return err
		}
		s.Opened, s.Closed = ms(s.Opened), ms(s.Closed)
		setKey(t, p.Stocktakes, s.ID, s)
	}
	for _, l := range r.Lines {
		if _, ok := p.Stocktakes[l.Stocktake]; !ok {
			return missing("stocktake", l.Stocktake)
		}
		if _, err := t.d.copies.get("copy", l.Copy); err != nil {
			return err
		}
		if err := errors.Join(t.d.places.need("place", l.Place), t.d.places.need("place", l.SeenAt)); err != nil {
			return err
		}
		if l.Final != "" && !l.Seen.IsZero() {
			return fmt.Errorf("copy %s has an end and was met", l.Copy)
		}
		l.Seen = ms(l.Seen)
		setKey(t, p.Lines, kiosk.LineKey{Stocktake: l.Stocktake, Copy: l.Copy}, l)
	}
	for _, s := range r.Strays {
		if _, ok := p.Stocktakes[s.Stocktake]; !ok {
			return missing("stocktake", s.Stocktake)
		}
		s.At = ms(s.At)
		if key := (kiosk.StrayKey{Stocktake: s.Stocktake, Code: s.Code}); s.Times == 0 {
			dropKey(t, p.Strays, key)
		} else {
			setKey(t, p.Strays, key, s)
		}
	}
	for _, w := range r.Withdrawals {
		if old, had := p.Withdrawals[w.ID]; had && !old.Closed.IsZero() {
			return fmt.Errorf("withdrawal %s: closed minutes are never changed", w.ID)
		}
		setKey(t, p.Withdrawals, w.ID, w)
	}
	for _, a := range r.Activities {
		if err := errors.Join(given("activity's kind", a.Kind), given("activity's day", a.Day.String())); err != nil {
			return err
		}
		setKey(t, p.Activities, a.ID, a)
	}
	for _, q := range r.Quantities {
		if _, ok := p.Stocktakes[q.Stocktake]; !ok {
			return missing("stocktake", q.Stocktake)
		}
		if _, err := t.d.lines.get("textbook line", q.Line); err != nil {
			return err
		}
		q.Seen = ms(q.Seen)
		setKey(t, p.Quantities, kiosk.QuantityKey{Stocktake: q.Stocktake, Line: q.Line}, q)
	}
	for _, s := range r.Stations {
		if _, ok := p.Stocktakes[s.Stocktake]; !ok && s.Stocktake != "" {
			return missing("stocktake", s.Stocktake)
		}
		if err := errors.Join(given("counting station", s.Station), t.d.places.need("place", s.Place)); err != nil {
			return err
		}
		s.Since = ms(s.Since)
		setKey(t, p.Stations, s.Station, s)
	}
	return errors.Join(t.putSurveys(r.Surveys), t.putProposals(r.Proposals), t.putInterloans(r))
}

func (v *view) Stocktake(id kiosk.ID) (kiosk.Stocktake, error) {
	s, ok := v.d.records.Stocktakes[id]
	if !ok || s.Dropped {
		return kiosk.Stocktake{}, missing("stocktake", id)
	}
	return s, nil
}

func (v *view) Stocktakes() ([]kiosk.Stocktake, error) {
	var all []kiosk.Stocktake
	for _, s := range v.d.records.Stocktakes {
		if !s.Dropped {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b kiosk.Stocktake) int { return cmp.Or(b.Opened.Compare(a.Opened), cmp.Compare(b.ID, a.ID)) })
	return all, nil
}

func (v *view) StockLine(stocktake, copy kiosk.ID) (kiosk.StockLine, error) {
	l, ok := v.d.records.Lines[kiosk.LineKey{Stocktake: stocktake, Copy: copy}]
	if !ok {
		return l, missing("line of a stocktake", copy)
	}
	return l, nil
}

func (v *view) Counted(stocktake kiosk.ID) ([]kiosk.CountedLine, error) {
	s, err := v.Stocktake(stocktake)
	if err != nil {
		return nil, err
	}
	handled := map[kiosk.ID]bool{}
	for _, e := range v.d.events {
		switch e.Type {
		case kiosk.EventCheckedOut, kiosk.EventReturned, kiosk.EventUsedOnSite, kiosk.EventRenewed, kiosk.EventShelved:
			if e.Seq <= s.Since {
				continue
			}
			handled[e.CopyID] = true
			for _, l := range e.Payload.Changes.Loans { // of a set, which has no copy of its own
				handled[l.CopyID] = true
			}
		}
	}
	var all []kiosk.CountedLine
	err = v.EachItem(func(i kiosk.Item) error {
		l, ok := v.d.records.Lines[kiosk.LineKey{Stocktake: stocktake, Copy: i.ID}]
		if !ok {
			return nil
		}
		_, out := v.d.openLoan[i.ID]
		all = append(all, kiosk.CountedLine{
			StockLine: l, Barcode: i.Barcode, Accession: i.Accession, Kind: i.Kind, Price: i.Price, TitleID: i.TitleID, Title: i.Title.Title, CallNumber: i.Title.CallNumber,
			State: i.State, Out: out, Handled: handled[i.ID],
		})
		return nil
	})
	return all, err
}

func (v *view) StockProgress(stocktake kiosk.ID) (met, expected int, err error) {
	for k, l := range v.d.records.Lines {
		if k.Stocktake != stocktake {
			continue
		}
		if !l.Expected {
			continue
		}
		expected++
		if !l.Seen.IsZero() {
			met++
		}
	}
	return met, expected, nil
}

func (v *view) Strays(stocktake kiosk.ID) ([]kiosk.StockStray, error) {
	var all []kiosk.StockStray
	for k, s := range v.d.records.Strays {
		if k.Stocktake == stocktake {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b kiosk.StockStray) int { return strings.Compare(a.Code, b.Code) })
	return all, nil
}

// StockQuantities are those of a stocktake that were counted, by line.
func (v *view) StockQuantities(stocktake kiosk.ID) ([]kiosk.StockQuantity, error) {
	var all []kiosk.StockQuantity
	for k, q := range v.d.records.Quantities {
		if k.Stocktake == stocktake && !q.Seen.IsZero() {
			all = append(all, q)
		}
	}
	slices.SortFunc(all, func(a, b kiosk.StockQuantity) int { return cmp.Compare(a.Line, b.Line) })
	return all, nil
}

// CountingStations lists those that count, by name.
func (v *view) CountingStations() ([]kiosk.CountingStation, error) {
	var all []kiosk.CountingStation
	for _, s := range v.d.records.Stations {
		if s.Stocktake != "" {
			all = append(all, s)
		}
	}
	kiosk.SortCounting(all)
	return all, nil
}

func (v *view) Missed() (map[kiosk.ID]int, error) {
	all := map[kiosk.ID]int{}
	for k, l := range v.d.records.Lines {
		if l.Final.Missed() {
			all[k.Copy]++
		}
	}
	return all, nil
}

func (v *view) Withdrawal(id kiosk.ID) (kiosk.Withdrawal, error) {
	w, ok := v.d.records.Withdrawals[id]
	if !ok {
		return w, missing("withdrawal", id)
	}
	w.Items = slices.Clone(w.Items)
	return w, nil
}

func (v *view) Withdrawals() ([]kiosk.Withdrawal, error) {
	var all []kiosk.Withdrawal
	for _, w := range v.d.records.Withdrawals {
		w.Items = slices.Clone(w.Items)
		all = append(all, w)
	}
	slices.SortFunc(all, func(a, b kiosk.Withdrawal) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return all, nil
}

func (v *view) LastLent() (map[kiosk.ID]time.Time, error) {
	all := map[kiosk.ID]time.Time{}
	for _, l := range v.d.loans.rows {
		if l.End != kiosk.LoanUndone && l.CheckedOutAt.After(all[l.CopyID]) {
			all[l.CopyID] = l.CheckedOutAt
		}
	}
	return all, nil
}

func (v *view) Activity(id kiosk.ID) (kiosk.Activity, error) {
	a, ok := v.d.records.Activities[id]
	if !ok {
		return a, missing("activity", id)
	}
	a.Titles = slices.Clone(a.Titles)
	return a, nil
}

func (v *view) Activities(from, to kiosk.Day) ([]kiosk.Activity, error) {
	var all []kiosk.Activity
	for _, a := range v.d.records.Activities {
		if !a.Removed && !a.Day.Before(from) && !a.Day.After(to) {
			a.Titles = slices.Clone(a.Titles)
			all = append(all, a)
		}
	}
	slices.SortFunc(all, kiosk.CompareActivities)
	return all, nil
}

func (v *view) FirstDeeds(from, to time.Time) ([]kiosk.FirstDeeds, error) {
	all := map[kiosk.ID]kiosk.FirstDeeds{}
	note := func(ref kiosk.ID, at time.Time, which ...func(*kiosk.FirstDeeds) *time.Time) {
		if ref == "" || at.Before(from) || !at.Before(to) {
			return
		}
		f := all[ref]
		f.Ref = ref
		for _, w := range which {
			if t := w(&f); t.IsZero() || at.Before(*t) {
				*t = at
			}
		}
		all[ref] = f
	}
	visited := func(f *kiosk.FirstDeeds) *time.Time { return &f.Visited }
	read := func(f *kiosk.FirstDeeds) *time.Time { return &f.Read }
	borrowed := func(f *kiosk.FirstDeeds) *time.Time { return &f.Borrowed }
	for _, l := range v.d.loans.rows {
		if l.End == kiosk.LoanUndone {
			continue
		}
		note(l.PatronRef, l.CheckedOutAt, visited, read)
		if l.Type == kiosk.HomeLoan {
			note(l.PatronRef, l.CheckedOutAt, borrowed)
		}
	}
	for _, e := range v.d.events {
		switch e.Type {
		case kiosk.EventUsedOnSite:
			note(e.PatronRef, e.OccurredAt, visited, read)
		case kiosk.EventVisit, kiosk.EventCheckedOut, kiosk.EventReturned, kiosk.EventRenewed:
			note(e.PatronRef, e.OccurredAt, visited)
		}
	}
	var list []kiosk.FirstDeeds
	for _, f := range all {
		list = append(list, f)
	}
	kiosk.SortDeeds(list)
	return list, nil
}

func (v *view) LoansBetween(from, to time.Time) (n int, err error) {
	for _, l := range v.d.loans.rows {
		if l.End != kiosk.LoanUndone && !l.CheckedOutAt.Before(from) && l.CheckedOutAt.Before(to) {
			n++
		}
	}
	return n, nil
}
