package queue

import (
	"errors"
	"time"

	"muontra/kiosk"
)

// labelled writes that copies bear their labels: the copy itself, and the step
// of its processing when it came with a receipt. What is marked stays as it is.
func labelled(tx kiosk.Tx, copies []kiosk.ID, now time.Time) error {
	if len(copies) == 0 {
		return nil
	}
	loc, err := kiosk.LocationOf(tx)
	if err != nil {
		return err
	}
	today := kiosk.DayOf(now, loc)
	for _, id := range copies {
		item, err := tx.Item(id)
		if errors.Is(err, kiosk.ErrNotFound) {
			continue // it was printed, and is gone now
		}
		if err != nil {
			return err
		}
		if !item.Labelled {
			item.Copy.Labelled = true
			if err := tx.PutCopy(item.Copy); err != nil {
				return err
			}
		}
		p, err := tx.ProcessingOfCopy(id)
		switch {
		case errors.Is(err, kiosk.ErrNotFound):
			continue
		case err != nil:
			return err
		case p.Labelled.IsZero():
			p.Tick(kiosk.StepLabel, today)
			if err := tx.PutProcessing(p); err != nil {
				return err
			}
		}
	}
	return nil
}
