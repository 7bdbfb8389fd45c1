package circulation

import (
	"context"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// DropStocktake takes back the opening of a stocktake, as when the wrong places were
// chosen. One in which anything was counted already, or that a station counts for, is
// kiosk.ErrNotUndoable: it ends by its minutes.
func (d *Desk) DropStocktake(ctx context.Context, a kiosk.Attempt, id kiosk.ID) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		none := kiosk.ID("")
		s, _, err := x.counting(id, &none)
		if err != nil {
			return struct{}{}, err
		}
		lines, err := x.Counted(id)
		if err != nil {
			return struct{}{}, fmt.Errorf("lines: %w", err)
		}
		strays, err := x.Strays(id)
		if err != nil {
			return struct{}{}, fmt.Errorf("stray codes: %w", err)
		}
		sums, err := x.StockQuantities(id)
		if err != nil {
			return struct{}{}, fmt.Errorf("quantities: %w", err)
		}
		stations, err := x.CountingStations()
		if err != nil {
			return struct{}{}, fmt.Errorf("stations: %w", err)
		}
		if len(strays)+len(sums) > 0 ||
			slices.ContainsFunc(lines, func(l kiosk.CountedLine) bool { return !l.Seen.IsZero() }) ||
			slices.ContainsFunc(stations, func(c kiosk.CountingStation) bool { return c.Stocktake == id }) {
			return struct{}{}, kiosk.ErrNotUndoable
		}
		s.Dropped, s.Closed, s.ClosedBy = true, x.instant(), x.Staff
		return struct{}{}, x.record(kiosk.EventStockClosed, kiosk.Records{Stocktakes: []kiosk.Stocktake{s}})
	})
	return err
}
