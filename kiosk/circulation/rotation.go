package circulation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// PrepareRotation writes down which corner's books go where; nothing moves yet.
// A corner that an open rotation sends on already is a *kiosk.RotationBegunError.
func (d *Desk) PrepareRotation(ctx context.Context, a kiosk.Attempt, r kiosk.Rotation) (kiosk.Rotation, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Rotation, error) {
		var f form
		f.text("name", &r.Name, kiosk.MaxRotationName)
		f.given("name", r.Name)
		if r.Day.IsZero() {
			r.Day = x.today
		}
		if r.Until.IsZero() {
			r.Until = x.rules.Calendar.OnOrBefore(x.rules.Year.Recall)
		}
		if r.Until.Before(r.Day) {
			f.wrong("until", kiosk.FieldOutOfRange, kiosk.Facts{"min": r.Day})
		}
		within(&f, "moves", len(r.Moves), 1, kiosk.MaxMoves)
		if err := f.failed(); err != nil {
			return r, err
		}
		all, err := x.Rotations()
		if err != nil {
			return r, fmt.Errorf("rotations: %w", err)
		}
		from, to := map[kiosk.ID]bool{}, map[kiosk.ID]bool{}
		r.Moves = slices.Clone(r.Moves)
		for i, m := range r.Moves {
			for _, place := range []kiosk.ID{m.From, m.To} {
				c, err := x.Corner(place)
				if err != nil {
					return r, fmt.Errorf("corner: %w", err)
				}
				if place == m.To && !c.Ended.IsZero() {
					return r, kiosk.ErrCornerEnded
				}
			}
			if m.From == m.To || from[m.From] || to[m.To] {
				return r, &kiosk.FieldError{Field: "moves", Problem: kiosk.FieldUnexpected}
			}
			from[m.From], to[m.To] = true, true
			if err := againstMove(all, m.From); err != nil {
				return r, err
			}
			m = kiosk.Move{From: m.From, To: m.To}
			boxes, err := x.boxesAt(m.From, "")
			if err != nil {
				return r, err
			}
			for _, b := range boxes {
				in, err := x.inBox(b.ID)
				if err != nil {
					return r, err
				}
				m.Deposits, m.Copies = append(m.Deposits, b.ID), m.Copies+len(in)
			}
			r.Moves[i] = m
		}
		r.ID, r.At, r.By, r.Closed, r.Undone = x.NewID(), x.now, x.Staff, time.Time{}, false
		x.corner(kiosk.EventRotation, "").Rotations = []kiosk.Rotation{r}
		return r, x.append()
	})
}

// boxesAt are the boxes that stand in a corner, but those that came by rotation.
func (x *deed) boxesAt(place, rotation kiosk.ID) ([]kiosk.Deposit, error) {
	all, err := x.Deposits(place)
	if err != nil {
		return nil, fmt.Errorf("boxes: %w", err)
	}
	return slices.DeleteFunc(all, func(b kiosk.Deposit) bool {
		return !b.Ended.IsZero() || !b.BoxLost.IsZero() || rotation != "" && b.Rotation == rotation
	}), nil
}

// MoveBox is the scan of a corner's box on the rotation's day: what stands there
// goes to the next corner, whose keeper confirms it by a scan. What pupils have
// on loan goes along: it is asked back to the new corner. A box that has moved is
// a *kiosk.BoxMovedError.
func (d *Desk) MoveBox(ctx context.Context, a kiosk.Attempt, rotation, from kiosk.ID) (kiosk.Rotation, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Rotation, error) {
		r, n, err := x.moveOf(rotation, from)
		if err != nil {
			return r, err
		}
		m := &r.Moves[n]
		if !m.Done.IsZero() {
			return r, &kiosk.BoxMovedError{Rotation: r.ID, Move: *m}
		}
		if !r.Open() {
			return r, kiosk.ErrRotationOver
		}
		boxes, err := x.boxesAt(from, r.ID)
		if err != nil {
			return r, err
		}
		change := x.corner(kiosk.EventRotation, from)
		m.Done, m.Deposits = x.now, nil
		next := kiosk.Deposit{ID: x.NewID(), Place: m.To, Rotation: r.ID, Until: r.Until, Begun: x.now, BegunBy: x.Staff, Handed: x.now}
		for _, b := range slices.Backward(boxes) { // the oldest gives the name
			if next.Box == "" {
				next.Box, next.Before = b.Box, b.ID
			}
			moved, err := x.moveCopies(change, b, next)
			if err != nil {
				return r, err
			}
			m.Out += moved
			m.Deposits = append(m.Deposits, b.ID)
			b.Ended = x.now
			change.Deposits = append(change.Deposits, b)
		}
		if m.Out > 0 {
			m.Deposit = next.ID
			change.Deposits = append(change.Deposits, next)
		}
		if r.Left() == 0 {
			r.Closed = x.now
		}
		change.Rotations = []kiosk.Rotation{r}
		return r, x.append()
	})
}

func (x *intake) moveOf(rotation, from kiosk.ID) (kiosk.Rotation, int, error) {
	r, err := x.Rotation(rotation)
	if err != nil {
		return r, 0, fmt.Errorf("rotation: %w", err)
	}
	n := slices.IndexFunc(r.Moves, func(m kiosk.Move) bool { return m.From == from })
	if n < 0 {
		return r, 0, fmt.Errorf("corner %s in rotation: %w", from, kiosk.ErrNotFound)
	}
	return r, n, nil
}

// moveCopies sends the copies of a box into the next, within the event under way.
func (x *intake) moveCopies(change *kiosk.CornerChange, b, next kiosk.Deposit) (moved int, err error) {
	in, err := x.inBox(b.ID)
	if err != nil {
		return 0, err
	}
	for _, row := range in {
		item, err := x.Item(row.Copy)
		if err != nil {
			return 0, fmt.Errorf("copy: %w", err)
		}
		s := item.State
		row.EndedAt, row.Back, row.End = x.now, s.Condition, kiosk.BoxRotated
		switch {
		case s.Status == kiosk.CopyLost:
			row.End = kiosk.BoxCopyLost
		case s.Status == kiosk.CopyWithdrawn:
			row.End = kiosk.BoxWithdrawn
		case s.Place != b.Place: // somebody took it elsewhere: it is not in the box
			row.End = kiosk.BoxMoved
		}
		change.Copies = append(change.Copies, row)
		if row.End != kiosk.BoxRotated {
			continue
		}
		moved++
		s.Place = next.Place
		x.changeCopy(item.State, s)
		change.Copies = append(change.Copies, kiosk.DepositCopy{ID: x.NewID(), Deposit: next.ID, Place: next.Place, Copy: row.Copy, Condition: s.Condition, Since: x.now})
	}
	return moved, nil
}

// MoveBoxBack takes the move of a box back: the wrong one was scanned. Copies
// that have left the new box since stay where they are. After the keeper has
// confirmed it, it is kiosk.ErrBoxOver.
func (d *Desk) MoveBoxBack(ctx context.Context, a kiosk.Attempt, rotation, from kiosk.ID) (kiosk.Rotation, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Rotation, error) {
		r, n, err := x.moveOf(rotation, from)
		if err != nil {
			return r, err
		}
		m := &r.Moves[n]
		if m.Done.IsZero() {
			return r, nil
		}
		change := x.corner(kiosk.EventRotation, from)
		stays := map[kiosk.ID]bool{} // copies that are in the new box still
		if m.Deposit != "" {
			b, err := x.boxIn(m.Deposit, kiosk.DepositHanded)
			if err != nil {
				return r, err
			}
			in, err := x.inBox(b.ID)
			if err != nil {
				return r, err
			}
			for _, row := range in {
				stays[row.Copy] = true
				row.End, row.EndedAt = kiosk.BoxUndone, x.now
				change.Copies = append(change.Copies, row)
				item, err := x.Item(row.Copy)
				if err != nil {
					return r, fmt.Errorf("copy: %w", err)
				}
				if s := item.State; s.Place == m.To {
					s.Place = from
					x.changeCopy(item.State, s)
				}
			}
			b.Ended, b.Undone = x.now, true
			change.Deposits = append(change.Deposits, b)
		}
		for _, id := range m.Deposits {
			b, err := x.Deposit(id)
			if err != nil {
				return r, fmt.Errorf("box: %w", err)
			}
			rows, err := x.DepositCopies(id)
			if err != nil {
				return r, fmt.Errorf("copies of the box: %w", err)
			}
			for _, row := range rows {
				if row.End == kiosk.BoxRotated && row.EndedAt.Equal(m.Done) && stays[row.Copy] {
					row.End, row.EndedAt, row.Back = kiosk.InBox, time.Time{}, ""
					change.Copies = append(change.Copies, row)
				}
			}
			b.Ended = time.Time{}
			change.Deposits = append(change.Deposits, b)
		}
		m.Done, m.Deposit, m.Out = time.Time{}, "", 0
		r.Closed = time.Time{}
		change.Rotations = []kiosk.Rotation{r}
		return r, x.append()
	})
}

// CloseRotation ends a rotation: boxes that were not scanned stay where they
// are. One of which no box has moved is taken back by it.
func (d *Desk) CloseRotation(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.Rotation, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Rotation, error) {
		r, err := x.Rotation(id)
		if err != nil || !r.Open() {
			return r, err
		}
		r.Closed, r.Undone = x.now, r.Left() == len(r.Moves)
		x.corner(kiosk.EventRotation, "").Rotations = []kiosk.Rotation{r}
		return r, x.append()
	})
}
