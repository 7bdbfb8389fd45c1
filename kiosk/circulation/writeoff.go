package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// WriteOff takes books of a quantity line out of its number: so many of those
// that classes and teachers have lost, and so many from the shelf, for one cause.
// What is written off cannot be found again but by undo. Numbers that cannot be
// are a *kiosk.FieldError of "lost" or "shelf".
func (d *Desk) WriteOff(ctx context.Context, a kiosk.Attempt, line kiosk.ID, lost, shelf int, cause kiosk.WithdrawalCause) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		l, err := x.TextbookLine(line)
		if err != nil {
			return fmt.Errorf("textbook line: %w", err)
		}
		var f form
		within(&f, "lost", lost, 0, l.Lost)
		within(&f, "shelf", shelf, 0, l.Shelf())
		among(&f, "cause", cause, kiosk.WithdrawalCauses)
		if lost == 0 && shelf == 0 {
			f.wrong("shelf", kiosk.FieldMissing, nil)
		}
		if err := f.failed(); err != nil {
			return err
		}
		x.event.Type = kiosk.EventTextbooks
		x.event.Payload.Comment = string(cause)
		x.answer.Result.Outcome = kiosk.Shown
		if err := x.writeOffLost(line, lost); err != nil {
			return err
		}
		after := l.Bare()
		after.Quantity -= lost + shelf
		x.event.Payload.Edited = &kiosk.Edited{Textbooks: []kiosk.TextbookEdit{{Before: l.Bare(), After: after}}}
		return x.writeEdit(*x.event.Payload.Edited, "")
	})
}

// writeOffLost takes lost books out of the handouts that lost them, the earliest
// first: what was handed out is then what may still come.
func (x *deed) writeOffLost(line kiosk.ID, lost int) error {
	all, err := x.HandoutsOf(line)
	if err != nil {
		return fmt.Errorf("handouts: %w", err)
	}
	kiosk.SortHandouts(all, false)
	for _, h := range all {
		n := min(lost, h.Lost)
		if n == 0 {
			continue
		}
		after := h
		after.Quantity -= n
		after.Lost -= n
		if after.Quantity == 0 {
			after = h
			after.Removed = true // nothing of it is left
		}
		if err := x.changeHandout(&h, after); err != nil {
			return err
		}
		lost -= n
	}
	return nil
}
