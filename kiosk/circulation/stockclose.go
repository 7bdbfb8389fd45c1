package circulation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// CloseStocktake ends a stocktake by its minutes: what nobody met, and is not
// known to be elsewhere, is lost from then on. Copies of places in which nothing
// was met stay as they are unless m.All says that those were counted too.
func (d *Desk) CloseStocktake(ctx context.Context, a kiosk.Attempt, id kiosk.ID, m kiosk.StockMinutes) (kiosk.Stocktake, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Stocktake, error) {
		none := kiosk.ID("")
		s, places, err := x.counting(id, &none)
		if err != nil {
			return s, err
		}
		if err := x.checkMinutes(&m, s); err != nil {
			return s, err
		}
		lines, err := x.Counted(id)
		if err != nil {
			return s, fmt.Errorf("lines: %w", err)
		}
		strays, err := x.Strays(id)
		if err != nil {
			return s, fmt.Errorf("stray codes: %w", err)
		}
		begun, corners := kiosk.Begun(lines), s.CornersBeside(places)
		if len(begun) == 0 {
			return s, kiosk.ErrNothingMet
		}
		if m.All {
			for _, l := range lines {
				begun[l.Place] = true
			}
		}
		m.Sums = kiosk.SumStock(s, lines, len(strays), begun, corners)
		var quiet []kiosk.StockLine
		for _, l := range lines {
			if !l.Seen.IsZero() {
				continue
			}
			line := l.StockLine
			line.Final = l.StateOf(begun, corners)
			if line.Final != kiosk.StockMissing {
				quiet = append(quiet, line)
				continue
			}
			line.Before = l.State.Status
			state := l.State
			state.Status = kiosk.CopyLost
			if err := x.tell(kiosk.EventStockMissed, kiosk.Payload{Records: &kiosk.Records{Lines: []kiosk.StockLine{line}}}, &l.State, state); err != nil {
				return s, err
			}
		}
		for part := range slices.Chunk(quiet, mostLines) {
			if err := x.record(kiosk.EventStockClosed, kiosk.Records{Lines: part}); err != nil {
				return s, err
			}
		}
		if m.Quantities, err = x.closeQuantities(id); err != nil {
			return s, err
		}
		s.Closed, s.ClosedBy, s.Minutes = x.instant(), x.Staff, &m
		return s, x.record(kiosk.EventStockClosed, kiosk.Records{Stocktakes: []kiosk.Stocktake{s}})
	})
}

func (x *intake) checkMinutes(m *kiosk.StockMinutes, s kiosk.Stocktake) error {
	var f form
	f.text("number", &m.Number, kiosk.MaxMinutesText)
	f.given("number", m.Number)
	f.text("hour", &m.Hour, kiosk.MaxMinutesText)
	f.text("place", &m.Place, kiosk.MaxText)
	f.text("note", &m.Note, kiosk.MaxNoteText)
	if m.Day.IsZero() {
		m.Day = x.today
	}
	opened := kiosk.DayOf(s.Opened, x.rules.Location)
	if m.Day.Before(opened) || m.Day.After(x.today) {
		f.wrong("day", kiosk.FieldOutOfRange, kiosk.Facts{"min": opened, "max": x.today})
	}
	among(&f, "method", m.Method, kiosk.StockMethods)
	f.board(&m.Board)
	return f.failed()
}

// board tidies the members of a board: lines without a name go.
func (f *form) board(b *[]kiosk.BoardMember) {
	var all []kiosk.BoardMember
	for _, m := range *b {
		f.text("board", &m.Name, kiosk.MaxText)
		f.text("board", &m.Position, kiosk.MaxText)
		f.text("board", &m.Role, kiosk.MaxText)
		if m.Name != "" {
			all = append(all, m)
		}
	}
	if len(all) == 0 {
		f.wrong("board", kiosk.FieldMissing, nil)
	}
	if len(all) > kiosk.MostBoard {
		f.wrong("board", kiosk.FieldOutOfRange, kiosk.Facts{"value": len(all), "min": 1, "max": kiosk.MostBoard})
	}
	*b = all
}

// ReopenStocktake takes the close back: what it made lost, and is lost still, is
// what it was. It refuses with kiosk.ErrStockReopened when a later one was
// closed or opened over the same places, or a copy has left the stock meanwhile;
// kiosk.ErrNotNow when it is open.
func (d *Desk) ReopenStocktake(ctx context.Context, a kiosk.Attempt, id kiosk.ID) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		return struct{}{}, x.reopen(id)
	})
	return err
}

func (x *intake) reopen(id kiosk.ID) error {
	s, err := x.Stocktake(id)
	if err != nil {
		return fmt.Errorf("stocktake: %w", err)
	}
	if s.Open() {
		return kiosk.ErrNotNow
	}
	all, err := x.Stocktakes()
	if err != nil {
		return fmt.Errorf("stocktakes: %w", err)
	}
	if slices.ContainsFunc(all, func(o kiosk.Stocktake) bool {
		return o.ID != id && (o.Closed.After(s.Closed) || o.Opened.After(s.Closed))
	}) {
		return kiosk.ErrStockReopened
	}
	lines, err := x.Counted(id)
	if err != nil {
		return fmt.Errorf("lines: %w", err)
	}
	var quiet []kiosk.StockLine
	for _, l := range lines {
		if l.Final == "" {
			continue
		}
		if l.Final == kiosk.StockMissing && l.State.Status == kiosk.CopyWithdrawn {
			return kiosk.ErrStockReopened
		}
		line, state := l.StockLine, l.State
		if line.Final == kiosk.StockMissing && state.Status == kiosk.CopyLost {
			state.Status = line.Before
		}
		line.Final, line.Before = "", ""
		if state == l.State {
			quiet = append(quiet, line)
			continue
		}
		if err := x.tell(kiosk.EventStockMissed, kiosk.Payload{Records: &kiosk.Records{Lines: []kiosk.StockLine{line}}}, &l.State, state); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(quiet, mostLines) {
		if err := x.record(kiosk.EventStockClosed, kiosk.Records{Lines: part}); err != nil {
			return err
		}
	}
	if err := x.reopenQuantities(id); err != nil {
		return err
	}
	s.Closed, s.ClosedBy, s.Minutes = time.Time{}, "", nil
	return x.record(kiosk.EventStockClosed, kiosk.Records{Stocktakes: []kiosk.Stocktake{s}})
}
