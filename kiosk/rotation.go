package kiosk

import "time"

// Rotation sends the boxes of a round of corners on, each to the next (seed
// R131). It is prepared at any time, printed, and done by one scan a box; a box
// not scanned yet has not moved.
type Rotation struct {
	ID     ID        `json:"id"`
	Name   string    `json:"name"`
	Day    Day       `json:"day"`   // on which it is meant to be
	Until  Day       `json:"until"` // until when the boxes stay in their new corners
	At     time.Time `json:"at"`
	By     ID        `json:"by,omitempty"`
	Moves  []Move    `json:"moves"`
	Closed time.Time `json:"closed,omitzero"` // all boxes have moved, or it was ended
	Undone bool      `json:"undone,omitempty"`
}

// Move sends what stands in one corner to another.
type Move struct {
	From     ID        `json:"from"`
	To       ID        `json:"to"`
	Deposits []ID      `json:"deposits,omitempty"` // what stood in From when it was prepared
	Copies   int       `json:"copies"`             // how many books, likewise
	Done     time.Time `json:"done,omitzero"`
	Deposit  ID        `json:"deposit,omitempty"` // with Done: the deposit in To
	Out      int       `json:"out,omitempty"`     // with Done: books that left From
	Event    int64     `json:"event,omitempty"`
}

// Left counts the boxes that have not moved.
func (r Rotation) Left() (n int) {
	for _, m := range r.Moves {
		if m.Done.IsZero() {
			n++
		}
	}
	return n
}

// Open reports whether boxes may still move by it.
func (r Rotation) Open() bool { return r.Closed.IsZero() && !r.Undone }

// MaxRotationName is the longest name of a rotation, in letters.
const MaxRotationName = 100

// MaxMoves bounds the corners of one rotation.
const MaxMoves = 200

// RotationBegunError says that a corner is sent on by another rotation, which is
// not over: it was begun twice.
type RotationBegunError struct {
	Rotation ID
	Name     string
}

func (e *RotationBegunError) Error() string { return "an open rotation sends the corner on: " + e.Name }

// BoxMovedError says that the box has moved already.
type BoxMovedError struct {
	Rotation ID
	Move     Move
}

func (e *BoxMovedError) Error() string { return "the box has moved" }

// ErrRotationOver refuses to move a box by a rotation that was ended.
var ErrRotationOver = staticError("the rotation was ended")
