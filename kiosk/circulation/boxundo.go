package circulation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// UndoBoxStep takes back a step of a hand-over that moved no book: the box was
// begun, confirmed, or its counting begun. is is the box as the step left it, was as
// it was before; with the zero Deposit for was the step began the box, which is ended
// by it. A box that is not as the step left it, or one just begun that has books by
// now, is kiosk.ErrNotUndoable.
func (d *Desk) UndoBoxStep(ctx context.Context, a kiosk.Attempt, was, is kiosk.Deposit) (kiosk.Deposit, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Deposit, error) {
		now, err := x.Deposit(is.ID)
		if err != nil {
			return now, fmt.Errorf("box: %w", err)
		}
		same, err := sameJSON(now, is)
		if err != nil {
			return now, err
		}
		if was.ID == "" {
			in, err := x.inBox(is.ID)
			if err != nil {
				return now, err
			}
			was, same = is, same && len(in) == 0
			was.Ended = x.now
		}
		if !same {
			return now, kiosk.ErrNotUndoable
		}
		x.corner(kiosk.EventHandover, is.Place).Deposits = []kiosk.Deposit{was}
		return was, x.append()
	})
}

// ReopenRotation takes the end of a rotation back: its boxes move on. One that has
// boxes which another open rotation moves is a *kiosk.RotationBegunError.
func (d *Desk) ReopenRotation(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.Rotation, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Rotation, error) {
		r, err := x.Rotation(id)
		if err != nil {
			return r, fmt.Errorf("rotation: %w", err)
		}
		if r.Open() {
			return r, nil
		}
		all, err := x.Rotations()
		if err != nil {
			return r, fmt.Errorf("rotations: %w", err)
		}
		for _, m := range r.Moves {
			if m.Done.IsZero() {
				if err := againstMove(all, m.From); err != nil {
					return r, err
				}
			}
		}
		r.Closed, r.Undone = time.Time{}, false
		x.corner(kiosk.EventRotation, "").Rotations = []kiosk.Rotation{r}
		return r, x.append()
	})
}

// againstMove refuses a corner whose box an open rotation is about to move.
func againstMove(all []kiosk.Rotation, from kiosk.ID) error {
	for _, o := range all {
		if o.Open() && slices.ContainsFunc(o.Moves, func(n kiosk.Move) bool { return n.From == from && n.Done.IsZero() }) {
			return &kiosk.RotationBegunError{Rotation: o.ID, Name: o.Name}
		}
	}
	return nil
}
