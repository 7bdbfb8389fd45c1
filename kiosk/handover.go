package kiosk

import "time"

// BoxScan is what became of one scan into a box, or out of one.
type BoxScan struct {
	Deposit   ID        `json:"deposit"`
	Copy      *CopyView `json:"copy,omitempty"`
	CopyID    ID        `json:"copy_id,omitempty"`
	Done      BoxDone   `json:"done"`
	Find      FindKind  `json:"find,omitempty"` // what stood against it: see BoxRule
	From      ID        `json:"from,omitempty"` // the place where it should have been
	Condition Condition `json:"condition,omitempty"`
	Was       Condition `json:"was,omitempty"` // with back: its condition at hand-over
	Count     int       `json:"count"`         // books in the box after it
	Ended     bool      `json:"ended,omitempty"`
	At        time.Time `json:"at"`
}

// BoxDone is what was done with the scanned copy.
type BoxDone string

// What is done.
const (
	BoxAdded   BoxDone = "added"
	BoxHeld    BoxDone = "already" // it is in this box
	BoxSeen    BoxDone = "seen"    // counted: it is there
	BoxFound   BoxDone = "find"    // counted, and it does not belong here: on the list
	BoxRefused BoxDone = "refused" // it stays out: Find says why
	BoxBack    BoxDone = "back"    // returned to the library
)

// BoxRule is the table of what is made of a book that is scanned into a box at
// its hand-over. The book is in the hand: what the ledger thinks of it follows.
//
//	the copy                     what is made of it
//	no code of the library's     private: refused, it stays its owner's
//	withdrawn, not registered    withdrawn: refused, to the librarian
//	on loan to somebody          on_loan: the loan is ended, and it goes in
//	declared lost                lost: found, and it goes in
//	in another corner's box      other_corner: it leaves that box, and goes in
//	else                         it goes in
func BoxRule(s CopyStatus, out *Loan, otherBox bool) (FindKind, bool) {
	switch {
	case s == CopyWithdrawn, s == CopyInProcessing:
		return FindWithdrawn, false
	case out != nil:
		return FindOnLoan, true
	case s == CopyLost:
		return FindLost, true
	case otherBox:
		return FindCorner, true
	}
	return "", true
}

// ErrBoxOver refuses an act on a box whose hand-over is over.
var ErrBoxOver = staticError("the box is not there any more")

// ErrBoxEmpty refuses to hand over an empty box.
var ErrBoxEmpty = staticError("there is no book in the box")

// MaxBox bounds the copies of a box.
const MaxBox = 500
