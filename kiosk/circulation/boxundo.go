package circulation

import (
	"cmp"
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

// UndoScanBack takes back the scan by which a book of a corner came back to the library:
// it belongs into its box again, and the box stands again if it was the last. It is
// kiosk.ErrNotUndoable when anything has happened to the book since, or when a reader
// gave it back by that scan: then the loan is what is to be mended.
func (d *Desk) UndoScanBack(ctx context.Context, a kiosk.Attempt, copyID kiosk.ID) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		e, err := x.lastAtBox(kiosk.EventBoxBack, copyID)
		if err != nil {
			return struct{}{}, err
		}
		if len(e.Payload.Changes.Loans) > 0 {
			return struct{}{}, kiosk.ErrNotUndoable
		}
		if err := x.reverseAtBox(x.corner(kiosk.EventHandover, e.Payload.Corner.Place), e); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, x.append()
	})
	return err
}

// UndoSettleFind takes back how a find was settled: it waits again, and its book is
// where it was. is is the find as settling left it. kiosk.ErrNotUndoable when
// anything has happened to it or to the book since.
func (d *Desk) UndoSettleFind(ctx context.Context, a kiosk.Attempt, is kiosk.Find) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		now, err := x.Find(is.ID)
		if err != nil {
			return struct{}{}, fmt.Errorf("find: %w", err)
		}
		if now.Settled != is.Settled || now.Settled == kiosk.FindOpen || !now.DoneAt.Equal(is.DoneAt) {
			return struct{}{}, kiosk.ErrNotUndoable
		}
		change := x.corner(kiosk.EventFind, now.Place)
		if now.Settled != kiosk.FindHanded { // a book that was handed over is none of the box's
			e, err := x.lastAtBox(kiosk.EventFind, now.Copy)
			if err != nil {
				return struct{}{}, err
			}
			if err := x.reverseAtBox(change, e); err != nil {
				return struct{}{}, err
			}
		}
		now.Settled, now.DoneAt = kiosk.FindOpen, time.Time{}
		change.Finds = []kiosk.Find{now}
		return struct{}{}, x.append()
	})
	return err
}

// UndoSettleMissing takes back how a book was settled that was not scanned at the
// count: it is missing again. kiosk.ErrNotUndoable when anything has happened to it
// since.
func (d *Desk) UndoSettleMissing(ctx context.Context, a kiosk.Attempt, copyID kiosk.ID) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		e, err := x.lastAtBox(kiosk.EventHandover, copyID)
		if err != nil {
			return struct{}{}, err
		}
		if len(e.Payload.Corner.Before) == 0 {
			return struct{}{}, kiosk.ErrNotUndoable // another step of the box
		}
		if err := x.reverseAtBox(x.corner(kiosk.EventHandover, e.Payload.Corner.Place), e); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, x.append()
	})
	return err
}

// lastAtBox is the last event of a copy, when it is one of that type which is no
// taking back itself; else kiosk.ErrNotUndoable.
func (x *intake) lastAtBox(t kiosk.EventType, copyID kiosk.ID) (kiosk.Event, error) {
	last, err := x.EventsOfCopy(copyID, 1)
	if err != nil {
		return kiosk.Event{}, fmt.Errorf("events of the copy: %w", err)
	}
	if len(last) == 0 || last[0].Type != t || last[0].Payload.Corner == nil || last[0].Payload.Reverses != 0 {
		return kiosk.Event{}, kiosk.ErrNotUndoable
	}
	return last[0], nil
}

// reverseAtBox reverses, within the event under way, an event that changed a copy and
// its lines in boxes; kiosk.ErrNotUndoable when they are not as it left them.
func (x *intake) reverseAtBox(change *kiosk.CornerChange, e kiosk.Event) error {
	copyID, left := e.CopyID, e.Payload.Corner
	if ok, err := x.changesStand(e); err != nil || !ok {
		return cmp.Or(err, kiosk.ErrNotUndoable)
	}
	x.event.CopyID, x.event.PatronRef, x.event.Payload.Reverses = copyID, e.PatronRef, e.Seq
	before := map[kiosk.ID]kiosk.DepositCopy{}
	for _, was := range left.Before {
		before[was.ID] = was
	}
	for _, row := range left.Copies {
		all, err := x.DepositCopies(row.Deposit)
		if err != nil {
			return fmt.Errorf("copies of the box: %w", err)
		}
		i := slices.IndexFunc(all, func(now kiosk.DepositCopy) bool { return now.ID == row.ID })
		if i < 0 {
			return kiosk.ErrNotUndoable
		}
		if same, err := sameJSON(all[i], row); err != nil || !same {
			return cmp.Or(err, kiosk.ErrNotUndoable)
		}
		back, was := before[row.ID]
		if !was { // it was put into this box by that
			back = row
			back.End, back.EndedAt = kiosk.BoxUndone, x.now
		}
		change.Copies = append(change.Copies, back)
	}
	for _, b := range left.Deposits {
		b.Ended = time.Time{}
		change.Deposits = append(change.Deposits, b)
	}
	for _, was := range e.Payload.Before.Loans {
		now, err := x.Loan(was.ID)
		if err != nil {
			return fmt.Errorf("loan: %w", err)
		}
		x.changeLoan(&now, was)
	}
	for _, was := range e.Payload.Before.Copies {
		item, err := x.Item(copyID)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		x.changeCopy(item.State, was)
	}
	return nil
}
