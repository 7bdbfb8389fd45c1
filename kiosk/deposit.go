package kiosk

import "time"

// Deposit is a box of the library's copies that stands in a corner from its
// hand-over until its return. A rotation ends it in one corner and begins it in
// the next; so the history of a corner is its deposits, and that of a copy too.
type Deposit struct {
	ID        ID        `json:"id"`
	Place     ID        `json:"place"`
	Box       string    `json:"box"`             // the name it keeps on its way: the code of the corner where it began
	Before    ID        `json:"before,omitzero"` // the deposit that a rotation made this of
	Rotation  ID        `json:"rotation,omitempty"`
	Until     Day       `json:"until"` // return date
	Begun     time.Time `json:"begun"`
	BegunBy   ID        `json:"begun_by,omitempty"` // the account
	Handed    time.Time `json:"handed,omitzero"`    // scanned and counted: the sheet says what is in it
	Confirmed time.Time `json:"confirmed,omitzero"` // the keeper has scanned the box
	Counted   time.Time `json:"counted,omitzero"`   // since when its books are scanned to see what is missing
	Ended     time.Time `json:"ended,omitzero"`     // every book of it is back, gone on, or lost
	Undone    bool      `json:"undone,omitempty"`   // with Ended: a hand-over that was called off
	BoxLost   time.Time `json:"box_lost,omitzero"`  // nobody knows where the box is
}

// DepositState says how far a deposit is.
type DepositState string

// The states of a deposit.
const (
	DepositOpen      DepositState = "open"      // books are being scanned into the box
	DepositHanded    DepositState = "handed"    // the keeper has not confirmed yet
	DepositConfirmed DepositState = "confirmed" // it stands in the corner
	DepositLost      DepositState = "lost"
	DepositEnded     DepositState = "ended"
)

// State is how far the deposit is.
func (d Deposit) State() DepositState {
	switch {
	case !d.Ended.IsZero():
		return DepositEnded
	case !d.BoxLost.IsZero():
		return DepositLost
	case !d.Confirmed.IsZero():
		return DepositConfirmed
	case !d.Handed.IsZero():
		return DepositHanded
	}
	return DepositOpen
}

// DepositCopy is one copy of a deposit: it belongs into that box until End. A
// copy is in one box at a time. Where it stands is its [CopyState].Place; when
// that is not the deposit's, somebody took it elsewhere, and the box's list of
// differences says so.
type DepositCopy struct {
	ID        ID         `json:"id"`
	Deposit   ID         `json:"deposit"`
	Place     ID         `json:"place"` // the deposit's
	Copy      ID         `json:"copy"`
	Condition Condition  `json:"condition"` // at hand-over
	Since     time.Time  `json:"since"`
	Seen      time.Time  `json:"seen,omitzero"`   // last scanned in the box
	Astray    time.Time  `json:"astray,omitzero"` // since when it lies in the library: it was given back there, and is asked back to its corner
	End       DepositEnd `json:"end"`
	EndedAt   time.Time  `json:"ended_at,omitzero"`
	Back      Condition  `json:"back,omitempty"` // condition at return
}

// DepositEnd says how a copy left a box.
type DepositEnd string

// The ends.
const (
	InBox        DepositEnd = ""
	BoxReturned  DepositEnd = "returned" // back in the library
	BoxMoved     DepositEnd = "moved"    // into another box, by itself
	BoxRotated   DepositEnd = "rotated"  // into another corner with its box
	BoxCopyLost  DepositEnd = "lost"
	BoxWithdrawn DepositEnd = "withdrawn"
	BoxUndone    DepositEnd = "undone" // taken out again before the hand-over
)

// DepositEnds lists them all.
var DepositEnds = []DepositEnd{InBox, BoxReturned, BoxMoved, BoxRotated, BoxCopyLost, BoxWithdrawn, BoxUndone}

// Find is a book that was scanned with a box and does not belong into it. It
// stays on the box's list until somebody settles it.
type Find struct {
	ID      ID        `json:"id"`
	Deposit ID        `json:"deposit"`
	Place   ID        `json:"place"`
	Kind    FindKind  `json:"kind"`
	Copy    ID        `json:"copy,omitempty"` // "" for a book that is none of the library's
	Code    string    `json:"code,omitempty"` // of such a book, escaped and cut
	From    ID        `json:"from,omitempty"` // the place that it should stand in
	At      time.Time `json:"at"`
	Settled FindDone  `json:"settled,omitempty"`
	DoneAt  time.Time `json:"done_at,omitzero"`
}

// FindKind says why the book does not belong into the box.
type FindKind string

// The kinds of finds.
const (
	FindShelf     FindKind = "shelf"        // it belongs in the library, or to no deposit
	FindCorner    FindKind = "other_corner" // it belongs into another corner's box
	FindLost      FindKind = "lost"         // it was declared lost: found
	FindWithdrawn FindKind = "withdrawn"
	FindOnLoan    FindKind = "on_loan" // somebody has it by name: its return was never scanned
	FindPrivate   FindKind = "private" // no code of the library's: a child's or the class's own
)

// FindKinds lists them all.
var FindKinds = []FindKind{FindShelf, FindCorner, FindLost, FindWithdrawn, FindOnLoan, FindPrivate}

// FindDone says how a find was settled.
type FindDone string

// The ways to settle it.
const (
	FindOpen   FindDone = ""
	FindTaken  FindDone = "taken"  // it stays in this box from now on
	FindSent   FindDone = "sent"   // it goes back to where it belongs
	FindHanded FindDone = "handed" // a private book is given back; a withdrawn one goes to the librarian
)

// FindDones lists them all.
var FindDones = []FindDone{FindOpen, FindTaken, FindSent, FindHanded}
