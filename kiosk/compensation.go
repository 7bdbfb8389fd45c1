package kiosk

import "time"

// Compensation is what became of a book that was lost or damaged. It is the
// staff's alone and is never shown at a station.
type Compensation struct {
	ID        ID               `json:"id"`
	LoanID    ID               `json:"loan"`
	CopyID    ID               `json:"copy"`
	PatronRef ID               `json:"patron_ref"`
	Cause     Harm             `json:"cause"`
	Kind      CompensationKind `json:"kind"`
	Amount    int64            `json:"amount"` // in đồng, with Paid
	Comment   string           `json:"comment"`
	Day       Day              `json:"day"`
	By        ID               `json:"by"`
	At        time.Time        `json:"at"`
	Removed   bool             `json:"removed"` // taken back: it never counted
}

// Harm is what happened to a book.
type Harm string

// The harms.
const (
	HarmLost    Harm = "lost"
	HarmDamaged Harm = "damaged"
)

// Harms lists them.
var Harms = []Harm{HarmLost, HarmDamaged}

// CompensationKind is how it was made good.
type CompensationKind string

// The kinds of compensation.
const (
	CompensationOpen CompensationKind = "open"      // not settled yet
	CompensationSame CompensationKind = "same_book" // the same book in its place
	CompensationPaid CompensationKind = "paid"
	CompensationFree CompensationKind = "waived"
	CompensationBack CompensationKind = "given_back" // the book was found, and what was given went back
)

// CompensationKinds lists them.
var CompensationKinds = []CompensationKind{CompensationOpen, CompensationSame, CompensationPaid, CompensationFree, CompensationBack}

// The bounds of a compensation.
const (
	MaxCompensation        = 10_000_000 // đồng
	MaxCompensationComment = 500        // letters
)

// CompensationEdit is a compensation before and after an act; Before is nil for
// a new one.
type CompensationEdit struct {
	Before *Compensation `json:"before,omitempty"`
	After  Compensation  `json:"after"`
}
