package kiosk

import (
	"errors"
	"time"
	"unicode/utf8"
)

// Wish is a book that a reader would like the library to have (seed R53, R110).
// It tells a class and no name.
type Wish struct {
	ID     ID
	Text   string // as the reader wrote it, in one line
	From   WishFrom
	Class  string // of the first who asked, "" when it is not known
	At     time.Time
	Times  int // how often it was asked for while it waited
	Status WishStatus
	Note   string    // the librarian's, to say why or when
	DoneAt time.Time // when the status was last set by a person; zero for never
	DoneBy ID        // the account that did
}

// WishFrom is where a wish was written.
type WishFrom string

// Where wishes come from.
const (
	WishAtCatalogue WishFrom = "catalogue"
	WishAtKiosk     WishFrom = "kiosk"
)

// WishStatus is what became of a wish.
type WishStatus string

// The statuses of a wish.
const (
	Wished      WishStatus = "wished" // nobody has decided yet
	WishOrdered WishStatus = "ordered"
	WishHere    WishStatus = "here"
	WishNo      WishStatus = "no"
)

// WishStatuses lists all statuses, in the order in which a wish passes through
// them.
var WishStatuses = []WishStatus{Wished, WishOrdered, WishHere, WishNo}

// The bounds of wishes: letters of one, letters of a note and of a class, and
// how many may wait for a decision.
const (
	MaxWish       = 120
	MaxWishNote   = 300
	MaxWishClass  = 20
	MostWaiting   = 1000
	leastOfWishes = 2
)

// ErrManyWishes says that too many wishes wait for a decision already.
var ErrManyWishes = errors.New("too many wishes wait")

// Check refuses a wish that says nothing or too much: a *FieldError of wish,
// class, note or status.
func (w Wish) Check() error {
	switch {
	case utf8.RuneCountInString(w.Text) < leastOfWishes:
		return &FieldError{Field: "wish", Problem: FieldMissing}
	case utf8.RuneCountInString(w.Text) > MaxWish:
		return &FieldError{Field: "wish", Problem: FieldTooLong, Facts: Facts{"max": MaxWish}}
	case utf8.RuneCountInString(w.Class) > MaxWishClass:
		return &FieldError{Field: "class", Problem: FieldTooLong, Facts: Facts{"max": MaxWishClass}}
	case utf8.RuneCountInString(w.Note) > MaxWishNote:
		return &FieldError{Field: "note", Problem: FieldTooLong, Facts: Facts{"max": MaxWishNote}}
	}
	for _, s := range WishStatuses {
		if s == w.Status {
			return nil
		}
	}
	return &FieldError{Field: "status", Problem: FieldUnknown}
}

// WishView reads wishes.
type WishView interface {
	Wishes() ([]Wish, error) // the newest first
	Wish(id ID) (Wish, error)
	// WaitingWish is the one that waits for a decision under the same words,
	// folded.
	WaitingWish(text string) (Wish, error)
}

// WishTx writes them.
type WishTx interface {
	PutWish(w Wish) error // by an account that is not known is ErrNotFound
}
