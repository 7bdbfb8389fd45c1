package kiosk

import "slices"

// Handout is a number of books of one quantity line that went to a class or a
// teacher (seed R147, R212): they carry no barcode each, so that what is lent is
// a count. What was lost stays counted in the line:
//
//	on the shelf + handed out + lost = owned
type Handout struct {
	ID        ID     `json:"id"`
	LineID    ID     `json:"line"`
	ClassID   ID     `json:"class,omitempty"`      // one of both
	PatronRef ID     `json:"patron_ref,omitempty"` // a teacher's
	Quantity  int    `json:"quantity"`
	On        Day    `json:"on"`
	Due       Day    `json:"due"`
	Back      int    `json:"back,omitempty"`    // came back, damaged or not
	Damaged   int    `json:"damaged,omitempty"` // of those
	Lost      int    `json:"lost,omitempty"`
	Note      string `json:"note,omitempty"`
	Removed   bool   `json:"removed,omitempty"` // was taken back by undo
}

// Out is how many are still with the class or teacher.
func (h Handout) Out() int {
	if h.Removed {
		return 0
	}
	return h.Quantity - h.Back - h.Lost
}

// Overdue reports whether some should be back by now.
func (h Handout) Overdue(today Day) bool { return h.Out() > 0 && today.After(h.Due) }

// HandoutItem is how many books of a line are handed out.
type HandoutItem struct {
	Line     ID
	Quantity int
}

// HandoutBack is what came back of a handout now, on top of what had come.
type HandoutBack struct {
	ID      ID
	Whole   int // came back undamaged
	Damaged int // came back damaged
	Lost    int // will not come
	Found   int // was lost, and came after all
}

// IsZero reports whether nothing is said.
func (b HandoutBack) IsZero() bool {
	return b.Whole == 0 && b.Damaged == 0 && b.Lost == 0 && b.Found == 0
}

// After is the handout with what came back; false when the numbers cannot be.
func (b HandoutBack) After(h Handout) (Handout, bool) {
	if min(b.Whole, b.Damaged, b.Lost, b.Found) < 0 || b.Found > h.Lost || b.Whole+b.Damaged+b.Lost > h.Out() {
		return h, false
	}
	h.Back += b.Whole + b.Damaged + b.Found
	h.Damaged += b.Damaged
	h.Lost += b.Lost - b.Found
	return h, true
}

// Shelf is how many books of the line are there to be handed out.
func (l TextbookLine) Shelf() int { return l.Quantity - l.HandedOut - l.Lost }

// Bare is the line as its record has it, without what handouts say.
func (l TextbookLine) Bare() TextbookLine {
	l.HandedOut, l.Lost = 0, 0
	return l
}

// EventHandout says that books of quantity lines were handed out or came back.
const EventHandout EventType = "handouts_changed"

// HandoutView reads what was handed out.
type HandoutView interface {
	Handout(id ID) (Handout, error)
	// Handouts lists those of which some are out or lost, the earliest first.
	Handouts() ([]Handout, error)
	HandoutsOf(line ID) ([]Handout, error) // all that count, the newest first
}

// HandoutTx writes it; events carry the same.
type HandoutTx interface {
	// PutHandout refuses one by which more books of the line are out and lost than
	// there are: ErrConflict.
	PutHandout(h Handout) error
}

// SortHandouts puts handouts into their order, the earliest first.
func SortHandouts(all []Handout, newest bool) {
	slices.SortFunc(all, func(a, b Handout) int {
		c := 0
		switch {
		case a.On != b.On && a.On.Before(b.On), a.On == b.On && a.ID < b.ID:
			c = -1
		case a.ID != b.ID:
			c = 1
		}
		if newest {
			return -c
		}
		return c
	})
}
