package kiosk

import (
	"encoding/json"
	"slices"
	"time"
)

// Hold is a patron's reservation of a title; the first in the queue gets the
// next copy.
type Hold struct {
	ID        ID         `json:"id"`
	TitleID   ID         `json:"title"`
	PatronRef ID         `json:"patron_ref"`
	CopyID    ID         `json:"copy,omitempty"` // set once a copy waits for the patron
	PlacedAt  time.Time  `json:"placed_at"`
	Status    HoldStatus `json:"status"`
	Until     Day        `json:"until,omitzero"` // the last day on which a ready copy is kept; zero for no end
}

// HoldStatus is the life of a hold.
type HoldStatus string

// The hold statuses.
const (
	HoldWaiting   HoldStatus = "waiting"
	HoldReady     HoldStatus = "ready"
	HoldFulfilled HoldStatus = "fulfilled"
	HoldCancelled HoldStatus = "cancelled"
)

// Over reports whether a ready copy was kept long enough.
func (h Hold) Over(today Day) bool {
	return h.Status == HoldReady && !h.Until.IsZero() && today.After(h.Until)
}

// standing are the holds that still bind somebody.
func standing(all []Hold, today Day) []Hold {
	return slices.DeleteFunc(slices.Clone(all), func(h Hold) bool {
		return h.Over(today) || h.Status != HoldWaiting && h.Status != HoldReady
	})
}

// NextHold is the first in the queue for whom no copy is kept.
func NextHold(queue []Hold) (Hold, bool) {
	i := slices.IndexFunc(queue, func(h Hold) bool { return h.Status == HoldWaiting })
	if i < 0 {
		return Hold{}, false
	}
	return queue[i], true
}

// HoldsSetting is the key under which HoldTerms is kept.
const HoldsSetting = "holds"

// HoldTerms say how long a ready copy is kept, and how many holds a patron may
// have.
type HoldTerms struct {
	Days int `json:"days"` // opening days
	Most int `json:"most"`
}

// The bounds of HoldTerms, and what holds until the school decides.
const (
	MaxHoldDays = 30
	MaxHolds    = 20
)

// DefaultHoldTerms are kept for three opening days, two of them a patron.
var DefaultHoldTerms = HoldTerms{Days: 3, Most: 2}

// HoldTermsOf are the terms of holds as they are set.
func HoldTermsOf(v View) (HoldTerms, error) {
	text, err := v.Setting(HoldsSetting)
	t := DefaultHoldTerms
	if err != nil || text == "" {
		return t, err
	}
	return t, json.Unmarshal([]byte(text), &t)
}

// Until is the last day on which a copy is kept that is set aside on a day.
func (t HoldTerms) Until(today Day, c Calendar) Day {
	d := today
	for range t.Days {
		d = c.OnOrAfter(d.Add(1))
	}
	return d
}

// LeftAside is a copy that was set aside for a hold which has ended without it:
// nobody came in time, the hold was cancelled, or the patron took another copy.
// Until somebody has had it in hand it lies there still, to be put back on its
// shelf, or to be kept for the next who waits.
type LeftAside struct {
	CopyID ID
	Ref    ID        // for whom it was kept
	Since  time.Time // the end of the hold; where another copy was taken, when this one was set aside
}

// HandlingEvents are the events of a copy after which it does not lie where it
// was set aside: somebody has taken it, moved it, or set it aside anew.
var HandlingEvents = []EventType{
	EventCheckedOut, EventReturned, EventUsedOnSite, EventShelved, EventHoldReady, EventHoldOver, EventHoldCancelled, EventCopyChanged, EventWithdrawn, EventLoanAdded,
}

// HoldProblem says why a hold was not placed or changed.
type HoldProblem string

// The problems of holds.
const (
	HoldTwice    HoldProblem = "twice"     // the patron is in the queue already
	HoldHasIt    HoldProblem = "has_it"    // the patron has a copy
	HoldNoCopies HoldProblem = "no_copies" // nothing of the title is ever lent to the patron
	HoldTooMany  HoldProblem = "too_many"  // facts: max
	HoldNoCard   HoldProblem = "no_card"   // the patron may not borrow
	HoldEnded    HoldProblem = "ended"     // the hold is over
	HoldNotHere  HoldProblem = "not_here"  // the copy is of another title, lent, or cannot be lent
	HoldNoCode   HoldProblem = "no_code"   // no copy has the code
	HoldKept     HoldProblem = "kept"      // the copy is kept for somebody else
)

// HoldProblems lists them all.
var HoldProblems = []HoldProblem{HoldTwice, HoldHasIt, HoldNoCopies, HoldTooMany, HoldNoCard, HoldEnded, HoldNotHere, HoldNoCode, HoldKept}

// HoldError refuses an act on a hold.
type HoldError struct {
	Problem HoldProblem
	Facts   Facts
}

func (e *HoldError) Error() string { return "hold refused: " + string(e.Problem) }

// HoldDone is what an act on a hold did.
type HoldDone struct {
	Hold  ID    `json:"hold"`
	Event int64 `json:"event"`
	Nth   int   `json:"nth,omitempty"`  // the place in the queue, from 1
	Copy  ID    `json:"copy,omitempty"` // that was kept for a hold that is over
	Next  ID    `json:"next,omitempty"` // the hold for which it is kept now; "" and it goes back to its shelf
}
