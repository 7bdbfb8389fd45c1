package circulation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"muontra/kiosk"
)

// CountLines notes how many books of quantity lines were counted; -1 takes a
// number out again. What is expected is what should be on the shelf at that
// moment. A number that cannot be is a *kiosk.FieldError of "n-" with the line.
func (d *Desk) CountLines(ctx context.Context, a kiosk.Attempt, stocktake kiosk.ID, counted map[kiosk.ID]int) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		none := kiosk.ID("")
		s, _, err := x.counting(stocktake, &none)
		if err != nil {
			return struct{}{}, err
		}
		was, err := x.quantities(stocktake)
		if err != nil {
			return struct{}{}, err
		}
		var now []kiosk.StockQuantity
		for _, id := range slices.Sorted(maps.Keys(counted)) {
			n := counted[id]
			l, err := x.TextbookLine(id)
			if err != nil {
				return struct{}{}, fmt.Errorf("textbook line: %w", err)
			}
			if n < -1 || n > kiosk.MaxRegister || !s.Holds(l.PlaceID) {
				return struct{}{}, &kiosk.FieldError{Field: "n-" + string(id), Problem: kiosk.FieldOutOfRange, Facts: kiosk.Facts{"value": n, "min": 0, "max": kiosk.MaxRegister}}
			}
			old, had := was[id]
			q := kiosk.StockQuantity{Stocktake: stocktake, Line: id, Expected: l.Shelf(), Counted: n, Seen: x.instant(), By: x.Staff}
			if n < 0 {
				q.Counted, q.Seen = 0, time.Time{}
			}
			if had == (n >= 0) && (!had || old.Counted == n && old.Expected == q.Expected) {
				continue // said before
			}
			now = append(now, q)
		}
		if len(now) == 0 {
			return struct{}{}, nil
		}
		return struct{}{}, x.record(kiosk.EventStockCounted, kiosk.Records{Quantities: now})
	})
	return err
}

func (x *intake) quantities(stocktake kiosk.ID) (map[kiosk.ID]kiosk.StockQuantity, error) {
	all, err := x.StockQuantities(stocktake)
	if err != nil {
		return nil, fmt.Errorf("counted lines: %w", err)
	}
	by := map[kiosk.ID]kiosk.StockQuantity{}
	for _, q := range all {
		by[q.Line] = q
	}
	return by, nil
}

// closeQuantities lowers the numbers of the lines of which books were missing,
// by no more than are on the shelf now, and gives the minutes' lines.
func (x *intake) closeQuantities(stocktake kiosk.ID) ([]kiosk.QuantityMinutes, error) {
	all, err := x.StockQuantities(stocktake)
	if err != nil {
		return nil, fmt.Errorf("counted lines: %w", err)
	}
	var said []kiosk.QuantityMinutes
	for _, q := range all {
		l, err := x.TextbookLine(q.Line)
		if err != nil {
			return nil, fmt.Errorf("textbook line: %w", err)
		}
		t, err := x.Title(l.TitleID)
		if err != nil {
			return nil, fmt.Errorf("title: %w", err)
		}
		said = append(said, kiosk.QuantityMinutes{Title: t.Title, Grade: t.Grade, Expected: q.Expected, Counted: q.Counted, Price: l.Price})
		if q.Lowered = min(q.Missing(), l.Shelf()); q.Lowered > 0 {
			if err := x.lower(l, q.Lowered, q); err != nil {
				return nil, err
			}
		}
	}
	return said, nil
}

// lower takes n books out of a line's number, or gives them back.
func (x *intake) lower(l kiosk.TextbookLine, n int, q kiosk.StockQuantity) error {
	after := l.Bare()
	after.Quantity -= n
	e := x.event
	e.Type = kiosk.EventStockMissed
	e.Payload = kiosk.Payload{Edited: &kiosk.Edited{Textbooks: []kiosk.TextbookEdit{{Before: l.Bare(), After: after}}}, Records: &kiosk.Records{Quantities: []kiosk.StockQuantity{q}}}
	if err := x.PutTextbookLine(after); err != nil {
		return fmt.Errorf("textbook line: %w", err)
	}
	if err := x.Append(&e); err != nil {
		return fmt.Errorf("append %s: %w", e.Type, err)
	}
	x.events = append(x.events, e)
	return nil
}

// reopenQuantities gives back what the close took.
func (x *intake) reopenQuantities(stocktake kiosk.ID) error {
	all, err := x.StockQuantities(stocktake)
	if err != nil {
		return fmt.Errorf("counted lines: %w", err)
	}
	for _, q := range all {
		if q.Lowered == 0 {
			continue
		}
		l, err := x.TextbookLine(q.Line)
		if err != nil {
			return fmt.Errorf("textbook line: %w", err)
		}
		n := q.Lowered
		q.Lowered = 0
		if err := x.lower(l, -n, q); err != nil {
			return err
		}
	}
	return nil
}

// countSet says what belongs to a set whose barcode was scanned, and what of it
// has been met: the bag is not its books, so that nothing is counted by it.
func (x *intake) countSet(s kiosk.Stocktake, code string, said *kiosk.Count) (bool, error) {
	set, err := x.SetByBarcode(code)
	if errors.Is(err, kiosk.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("set: %w", err)
	}
	members, err := x.ItemsOfSet(set.ID)
	if err != nil {
		return false, fmt.Errorf("members: %w", err)
	}
	said.Outcome, said.Title = kiosk.CountSet, set.Name
	for _, i := range members {
		m := kiosk.SetMemberSeen{Code: i.Accession, Title: i.Title.Name()}
		if m.Code == "" {
			m.Code = i.Barcode
		}
		line, err := x.StockLine(s.ID, i.ID)
		if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return false, fmt.Errorf("line: %w", err)
		}
		if m.Seen = err == nil && !line.Seen.IsZero(); m.Seen {
			said.Met++
		}
		said.Members = append(said.Members, m)
	}
	return true, nil
}
