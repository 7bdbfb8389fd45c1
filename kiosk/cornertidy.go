package kiosk

import (
	"slices"
	"time"
)

// Tidied is the change with its instants cut to milliseconds, as a ledger keeps
// all instants, sharing no list with c.
func (c *CornerChange) Tidied() *CornerChange {
	if c == nil {
		return nil
	}
	t := *c
	t.Corners, t.Deposits, t.Copies, t.Own = slices.Clone(c.Corners), slices.Clone(c.Deposits), slices.Clone(c.Copies), slices.Clone(c.Own)
	t.Readings, t.Rotations, t.Finds = slices.Clone(c.Readings), slices.Clone(c.Rotations), slices.Clone(c.Finds)
	for i := range t.Corners {
		x := &t.Corners[i]
		x.Monitors, x.Days = slices.Clone(x.Monitors), slices.Clone(x.Days)
		milli(&x.Ended)
	}
	for i := range t.Deposits {
		x := &t.Deposits[i]
		milli(&x.Begun, &x.Handed, &x.Confirmed, &x.Counted, &x.Ended, &x.BoxLost)
	}
	for i := range t.Copies {
		milli(&t.Copies[i].Since, &t.Copies[i].Seen, &t.Copies[i].Astray, &t.Copies[i].EndedAt)
	}
	t.Before = slices.Clone(c.Before)
	for i := range t.Before {
		milli(&t.Before[i].Since, &t.Before[i].Seen, &t.Before[i].Astray, &t.Before[i].EndedAt)
	}
	for i := range t.Own {
		milli(&t.Own[i].At)
	}
	for i := range t.Rotations {
		x := &t.Rotations[i]
		milli(&x.At, &x.Closed)
		x.Moves = slices.Clone(x.Moves)
		for j := range x.Moves {
			x.Moves[j].Deposits = slices.Clone(x.Moves[j].Deposits)
			milli(&x.Moves[j].Done)
		}
	}
	for i := range t.Finds {
		milli(&t.Finds[i].At, &t.Finds[i].DoneAt)
	}
	if c.Act != nil {
		a := *c.Act
		milli(&a.At, &a.Done.At)
		t.Act = &a
	}
	return &t
}

func milli(ts ...*time.Time) {
	for _, t := range ts {
		if !t.IsZero() {
			*t = t.UTC().Truncate(time.Millisecond)
		}
	}
}
