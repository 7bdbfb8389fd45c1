package kiosktest

import (
	"cmp"
	"slices"
	"time"

	"muontra/kiosk"
)

func within(t, from, to time.Time) bool { return !t.Before(from) && t.Before(to) }

func (v *view) LoansIn(from, to time.Time, fn func(kiosk.LoanItem) error) error {
	for _, l := range v.loans(func(l kiosk.Loan) bool { return within(l.CheckedOutAt, from, to) }) {
		if err := fn(kiosk.LoanItem{Loan: l, Item: v.item(v.d.copies.rows[l.CopyID])}); err != nil {
			return err
		}
	}
	return nil
}

func (v *view) ReturnsIn(from, to time.Time, fn func(kiosk.Loan, kiosk.Kind) error) error {
	ls := v.loans(func(l kiosk.Loan) bool { return l.End == kiosk.LoanReturned && within(l.ReturnedAt, from, to) })
	slices.SortFunc(ls, func(a, b kiosk.Loan) int { return cmp.Or(a.ReturnedAt.Compare(b.ReturnedAt), cmp.Compare(a.ID, b.ID)) })
	for _, l := range ls {
		if err := fn(l, v.d.copies.rows[l.CopyID].Kind); err != nil {
			return err
		}
	}
	return nil
}

func (v *view) LoanCounts(from, to time.Time) (loans, returns int, err error) {
	for _, l := range v.d.loans.all() {
		if l.End != kiosk.LoanUndone && within(l.CheckedOutAt, from, to) {
			loans++
		}
		if l.End == kiosk.LoanReturned && within(l.ReturnedAt, from, to) {
			returns++
		}
	}
	return loans, returns, nil
}

func (v *view) Comers(instants []time.Time) ([]map[kiosk.ID]kiosk.Came, error) {
	spans := make([]map[kiosk.ID]kiosk.Came, max(0, len(instants)-1))
	for i := range spans {
		from, to, span := instants[i], instants[i+1], map[kiosk.ID]kiosk.Came{}
		for _, l := range v.d.loans.all() {
			c := span[l.PatronRef]
			lent := l.End != kiosk.LoanUndone && within(l.CheckedOutAt, from, to)
			if lent {
				c.Loans++
			}
			if lent || l.End == kiosk.LoanReturned && within(l.ReturnedAt, from, to) {
				span[l.PatronRef] = c
			}
		}
		if err := v.VisitsIn(from, to, func(x kiosk.Visit) error {
			if x.PatronRef == "" {
				return nil
			}
			c := span[x.PatronRef]
			if x.Type == kiosk.EventUsedOnSite {
				c.OnSite++
			}
			span[x.PatronRef] = c
			return nil
		}); err != nil {
			return nil, err
		}
		spans[i] = span
	}
	return spans, nil
}

func (v *view) Tallies(from, to time.Time) ([]kiosk.Tally, error) {
	type key struct {
		title kiosk.ID
		kind  kiosk.Kind
	}
	of := map[key]int{}
	for _, l := range v.d.loans.all() {
		if c := v.d.copies.rows[l.CopyID]; l.End != kiosk.LoanUndone && within(l.CheckedOutAt, from, to) {
			of[key{c.TitleID, c.Kind}]++
		}
	}
	var all []kiosk.Tally
	for k, n := range of {
		all = append(all, kiosk.Tally{TitleID: k.title, Kind: k.kind, Loans: n})
	}
	return all, nil
}

func (v *view) FirstLoans(from, to time.Time) (all []kiosk.FirstLoan, err error) {
	for _, l := range v.loans(func(l kiosk.Loan) bool { return l.End != kiosk.LoanUndone && within(l.CheckedOutAt, from, to) }) {
		kind := v.d.copies.rows[l.CopyID].Kind
		if !slices.ContainsFunc(all, func(f kiosk.FirstLoan) bool { return f.PatronRef == l.PatronRef && f.Kind == kind }) {
			all = append(all, kiosk.FirstLoan{PatronRef: l.PatronRef, Kind: kind, At: l.CheckedOutAt})
		}
	}
	return all, nil
}

func (v *view) VisitsIn(from, to time.Time, fn func(kiosk.Visit) error) error {
	es, err := v.Events(0, len(v.d.events))
	if err != nil {
		return err
	}
	undone := map[int64]bool{}
	for _, e := range es {
		if e.Type == kiosk.EventUndone {
			undone[e.Payload.Reverses] = true
		}
	}
	slices.SortStableFunc(es, func(a, b kiosk.Event) int { return a.OccurredAt.Compare(b.OccurredAt) })
	for _, e := range es {
		if e.Type != kiosk.EventVisit && e.Type != kiosk.EventUsedOnSite || undone[e.Seq] || !within(e.OccurredAt, from, to) {
			continue
		}
		x := kiosk.Visit{Seq: e.Seq, Type: e.Type, At: e.OccurredAt, PatronRef: e.PatronRef, CopyID: e.CopyID, Kind: v.d.copies.rows[e.CopyID].Kind, Station: e.Station}
		if err := fn(x); err != nil {
			return err
		}
	}
	return nil
}

func (v *view) StockMoves(fn func(kiosk.StockMove) error) error {
	es, err := v.Events(0, len(v.d.events))
	if err != nil {
		return err
	}
	for _, e := range es {
		if slices.Contains(kiosk.Circulating, e.Type) {
			continue
		}
		for _, c := range e.Payload.Changes.Copies {
			if err := fn(kiosk.StockMove{Seq: e.Seq, At: e.OccurredAt, Type: e.Type, CopyID: c.CopyID, Status: c.Status, Comment: e.Payload.Comment}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *view) Arrivals() ([]kiosk.Arrived, error) {
	var all []kiosk.Arrived
	for _, p := range v.d.processing.all() {
		all = append(all, kiosk.Arrived{CopyID: p.CopyID, LineID: p.LineID, ReceiptID: v.receiptOf(p).ID, Registered: p.Registered})
	}
	return all, nil
}

func (v *view) Refs() (map[kiosk.ID]kiosk.ID, error) {
	of := map[kiosk.ID]kiosk.ID{}
	for ref, p := range v.d.refs {
		if p != "" {
			of[ref] = p
		}
	}
	return of, nil
}

func (v *view) Closings(register string) ([]kiosk.RegisterClosing, error) {
	es, err := v.Events(0, len(v.d.events))
	var all []kiosk.RegisterClosing
	for _, e := range es {
		if c := e.Payload.Closing; c != nil && c.Register == register {
			all = append(all, *c)
		}
	}
	return all, err
}

func (v *view) PaperEvents(part kiosk.PaperPart, fn func(kiosk.Event) error) error {
	es, err := v.Events(0, len(v.d.events))
	if err != nil {
		return err
	}
	read := func(e kiosk.Event) bool { return e.Type == kiosk.EventUsedOnSite && part == kiosk.PaperCorner }
	for _, first := range []bool{true, false} {
		for _, e := range es {
			if !e.Payload.Has(part) || first != read(e) || !first && slices.Contains(kiosk.Circulating, e.Type) {
				continue
			}
			if err := fn(e); err != nil {
				return err
			}
		}
	}
	return nil
}
