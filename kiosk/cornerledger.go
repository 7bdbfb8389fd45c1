package kiosk

import "time"

// The events of corners. Lending and returning in a corner are checked_out and
// returned, with a [CornerChange]; a book that was read there and named is
// used_on_site.
const (
	EventCorner   EventType = "corner_changed"   // its keeper, days, own books
	EventHandover EventType = "handover_changed" // a box: begun, filled, handed over, confirmed, counted
	EventBoxBack  EventType = "box_returned"     // copies of a box came back to the library
	EventRead     EventType = "corner_read"      // readings were counted, or the count taken back
	EventRotation EventType = "rotation_changed" // prepared, a box moved, closed
	EventFind     EventType = "find_changed"     // a book that does not belong into a box
)

// CornerChange is what an event leaves of corners: after-images, as [Changes]
// are of loans and copies. The ledger writes them with the event, and replaying
// all events gives the same rows again; nothing else writes them, so that there
// is no CornerTx.
type CornerChange struct {
	Place     ID            `json:"place,omitempty"` // the corner that the event is about
	Source    CornerSource  `json:"source,omitempty"`
	Rule      CornerRule    `json:"rule,omitempty"` // how an act that came late was settled, see LateLending
	Act       *CornerAct    `json:"act,omitempty"`
	Corners   []Corner      `json:"corners,omitempty"`
	Deposits  []Deposit     `json:"deposits,omitempty"`
	Copies    []DepositCopy `json:"copies,omitempty"`
	Own       []OwnBooks    `json:"own,omitempty"`
	Readings  []Reading     `json:"readings,omitempty"`
	Rotations []Rotation    `json:"rotations,omitempty"`
	Finds     []Find        `json:"finds,omitempty"`
	// Before are rows of Copies as they were, where an act can be undone at the
	// place where it was done; nothing applies them but the undoing event.
	Before []DepositCopy `json:"before,omitempty"`
}

// CornerAct is the answer to an act that was sent with a command id from a
// corner. Unlike an [Answered] it is kept for good: a phone may send days late,
// and once more months later, and the act is done once.
type CornerAct struct {
	Command string     `json:"command"`
	Body    string     `json:"body"` // what the command stands for: the same id with another body is ErrUsedID
	At      time.Time  `json:"at"`   // when it arrived
	Done    CornerDone `json:"done"`
}

// CornerView reads corners. What is done in them is written by the acts of
// package circulation (corner.go, cornerlend.go, deposit.go), which take:
//
//   - a command id (Attempt.CommandID), made where the act was done and unique
//     for ever, such as a UUID: the act is applied once, also when it is sent
//     days late or twice. An act without one is done each time it is asked;
//   - when it happened (Attempt.At), by the corner's own clock as its sender has
//     corrected it: the phone adds the difference between the server's time and
//     its own, measured when it last reached it. Zero is now. See CornerTime for
//     what is done with a time that cannot be right;
//   - who did it (Attempt.Staff): the account. That the corner is one of the
//     account's classes' is the caller's to check: Corner.Class against
//     Account.Own;
//   - where it was done (CornerSource).
//
// How an act that comes late is settled against what happened meanwhile is a
// table: LateLending and LateReturn. It is never dropped: the answer says in its
// Rule what was made of it.
type CornerView interface {
	Corner(place ID) (Corner, error)
	Corners() ([]Corner, error)     // by the place's code, ended ones too
	Deposit(id ID) (Deposit, error) // also an ended one
	// Deposits are those of a corner, or of all when place is "", newest first.
	Deposits(place ID) ([]Deposit, error)
	DepositCopies(deposit ID) ([]DepositCopy, error) // in the order in which they came into the box, ended ones too
	BoxOf(copy ID) (DepositCopy, error)              // the box that the copy belongs into now
	DepositsOfCopy(copy ID) ([]DepositCopy, error)   // oldest first
	// ItemsAt are the copies whose state says that they stand in the place, by
	// accession number; those on loan too.
	ItemsAt(place ID) ([]Item, error)
	OwnBooks(place ID) ([]OwnBooks, error) // oldest first, also what was given back; of all corners when place is ""
	// Readings are the counts of the days from..to, both included, oldest first,
	// without those taken back; of all corners when place is "".
	Readings(place ID, from, to Day) ([]Reading, error)
	Reading(id ID) (Reading, error)   // also one taken back
	Finds(deposit ID) ([]Find, error) // oldest first, settled ones too
	Find(id ID) (Find, error)
	OpenFinds() ([]Find, error) // of all corners, oldest first
	Rotation(id ID) (Rotation, error)
	Rotations() ([]Rotation, error) // newest first, those taken back too
	CornerAct(command string) (CornerAct, error)
	// CornerActs are those that arrived from an instant on, to the second, newest
	// first.
	CornerActs(since time.Time) ([]CornerAct, error)
	// CornerLoans are the loans that were made in the corner, or in any when
	// place is "", from a day on; a zero since is from the beginning. Oldest
	// first, those undone left out.
	CornerLoans(place ID, since time.Time) ([]LoanItem, error)
	// EventsOfCorner lists the newest first: its keepers, boxes and rotations, not
	// what was lent there.
	EventsOfCorner(place ID, limit int) ([]Event, error)
	OpenCornerLoans(place ID) ([]LoanItem, error) // those that are open, oldest first
}

// CornerRows are all rows that events leave of corners, by their key.
type CornerRows struct {
	Corners   map[ID]Corner
	Deposits  map[ID]Deposit
	Copies    map[ID]DepositCopy
	Own       map[ID]OwnBooks
	Readings  map[ID]Reading
	Rotations map[ID]Rotation
	Finds     map[ID]Find
	Acts      map[string]CornerAct
}

// NewCornerRows are none.
func NewCornerRows() CornerRows {
	return CornerRows{map[ID]Corner{}, map[ID]Deposit{}, map[ID]DepositCopy{}, map[ID]OwnBooks{}, map[ID]Reading{}, map[ID]Rotation{}, map[ID]Find{}, map[string]CornerAct{}}
}

// Apply writes what one event leaves.
func (r CornerRows) Apply(c *CornerChange) {
	if c == nil {
		return
	}
	for _, x := range c.Corners {
		r.Corners[x.Place] = x
	}
	for _, x := range c.Deposits {
		r.Deposits[x.ID] = x
	}
	for _, x := range c.Copies {
		r.Copies[x.ID] = x
	}
	for _, x := range c.Own {
		r.Own[x.ID] = x
	}
	for _, x := range c.Readings {
		r.Readings[x.ID] = x
	}
	for _, x := range c.Rotations {
		r.Rotations[x.ID] = x
	}
	for _, x := range c.Finds {
		r.Finds[x.ID] = x
	}
	if c.Act != nil {
		r.Acts[c.Act.Command] = *c.Act
	}
}
