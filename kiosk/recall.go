package kiosk

import (
	"slices"
	"time"
)

// Recall is a call to bring books back: at the end of a semester or of the year.
// It moves due dates earlier, never later, and is followed until it is closed.
type Recall struct {
	ID     ID
	Name   string
	Due    Day
	At     time.Time
	By     ID
	Closed time.Time // zero while it is followed
	Undone time.Time // zero while it counts
	Record RecallRecord
}

// RecallRecord says what a recall asked for, and of which loans.
type RecallRecord struct {
	Kinds      []Kind     `json:"kinds,omitempty"`      // empty: all
	Categories []Category `json:"categories,omitempty"` // empty: all
	Classes    []string   `json:"classes,omitempty"`    // empty: all
	Loans      []ID       `json:"loans"`
	Events     []int64    `json:"events"` // one for each loan whose due date moved
}

// Wants reports whether a loan of the item to the member is called back.
func (r RecallRecord) Wants(m Member, i Item) bool {
	return (len(r.Kinds) == 0 || slices.Contains(r.Kinds, i.Kind)) &&
		(len(r.Categories) == 0 || slices.Contains(r.Categories, m.Category)) &&
		(len(r.Classes) == 0 || slices.Contains(r.Classes, m.Class))
}

// Standing reports whether the recall still binds.
func (r Recall) Standing() bool { return r.Closed.IsZero() && r.Undone.IsZero() }

// MaxRecallName is the longest name of a recall, in letters.
const MaxRecallName = 100

// recalled is the earliest day for which a standing recall calls the loan.
func recalled(loan ID, all []Recall) (due Day, ok bool) {
	for _, r := range all {
		if r.Standing() && slices.Contains(r.Record.Loans, loan) && (!ok || r.Due.Before(due)) {
			due, ok = r.Due, true
		}
	}
	return due, ok
}

// ErrNothingRecalled refuses a recall of no loan at all.
var ErrNothingRecalled = staticError("nothing on loan is called back by this")
