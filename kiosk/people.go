package kiosk

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// The events of people.
const (
	EventPatronChanged EventType = "patron_changed" // by the staff: Payload.Patron says what
	EventYearPromoted  EventType = "year_promoted"  // a school year began: Payload.Begins
)

// PatronChange is what was done to a patron; events tell it without a name.
type PatronChange string

// The changes of a patron.
const (
	PatronAdded      PatronChange = "added"
	PatronEdited     PatronChange = "edited"
	PatronMoved      PatronChange = "moved"    // into another class
	PatronUnmoved    PatronChange = "unmoved"  // and taken back
	PatronDeparted   PatronChange = "left"     // gone from the school
	PatronHalted     PatronChange = "blocked"  // may not borrow
	PatronReleased   PatronChange = "released" // may borrow again
	PatronEntitled   PatronChange = "entitled"
	PatronUnentitled PatronChange = "unentitled"
	PatronNoted      PatronChange = "noted"
	PatronUnnoted    PatronChange = "unnoted"
	PatronPhoto      PatronChange = "photo"
	PatronCardMade   PatronChange = "card_made"
	PatronCardLost   PatronChange = "card_lost"
	PatronCardFound  PatronChange = "card_found"
	PatronCardNew    PatronChange = "card_replaced"
	PatronCardBack   PatronChange = "card_undone"
	PatronExported   PatronChange = "exported" // the data were handed out
	PatronErased     PatronChange = "erased"
)

// PatronChanges lists all changes.
var PatronChanges = []PatronChange{
	PatronAdded, PatronEdited, PatronMoved, PatronUnmoved, PatronDeparted, PatronHalted, PatronReleased, PatronEntitled, PatronUnentitled, PatronNoted, PatronUnnoted,
	PatronPhoto, PatronCardMade, PatronCardLost, PatronCardFound, PatronCardNew, PatronCardBack, PatronExported, PatronErased,
}

// PatronNote is what the staff wrote down about a patron. It is never shown at
// a station, and goes with the patron.
type PatronNote struct {
	ID       ID
	PatronID ID
	Text     string
	At       time.Time
	By       ID   // the account, "" for none
	Removed  bool // taken away; kept so that it can be put back
}

// Placed is a patron's enrolment with its class and year.
type Placed struct {
	Enrolment
	Class Class
	Year  SchoolYear
}

// OldRef is a reference of past years that still leads to its patron.
type OldRef struct {
	Ref      ID
	PatronID ID
	Until    Day // the day on which a new one took its place
}

// NewestRef is a patron's reference in use, and since when.
type NewestRef struct {
	Ref      ID
	PatronID ID
	Since    Day  // zero when it has been in use from the beginning
	Busy     bool // an open loan or a reservation hangs on it
}

// PeopleView reads what the desk's pages of patrons need.
type PeopleView interface {
	Class(id ID) (Class, error)
	CardsOf(patron ID) ([]Card, error) // newest first
	Card(id ID) (Card, error)
	EnrolmentsOf(patron ID) ([]Placed, error)        // that count, oldest year first
	Enrolment(id ID) (Enrolment, error)              // also a withdrawn one; PatronID is empty when the person was forgotten
	EnrolmentsIn(year ID) ([]Enrolment, error)       // that count, of patrons that are known
	HasEnrolments(year ID) (bool, error)             // whether EnrolmentsIn has any
	NotesOf(patron ID) ([]PatronNote, error)         // not removed, newest first
	PatronNote(id ID) (PatronNote, error)            // also a removed one
	LoansOf(patron ID, most int) ([]LoanItem, error) // of all references that lead to the patron, not those undone; newest first
	// ChangesOf are the patron_changed events of all references that lead to the
	// patron, newest first.
	ChangesOf(patron ID, most int) ([]Event, error)
	OldRefs() ([]OldRef, error)
	NewestRefs() ([]NewestRef, error)
	Promotion(id ID) (Promotion, error)
	Promotions() ([]Promotion, error) // newest first
}

// PeopleTx writes it.
type PeopleTx interface {
	PutPatronNote(n PatronNote) error
	// RenewRef gives a patron a new reference from a day on. The old one leads to
	// the patron until it is cut. ErrConflict while it is busy.
	RenewRef(patron, ref ID, on Day) error
	// CutRef makes an old reference lead to nobody: loans and events stay.
	CutRef(ref ID) error
	// ErasePatron forgets a person: name, notes, references, and who was enrolled.
	// What is counted stays; the cards' codes are nobody's and never used again.
	// ErrConflict while a reference is busy.
	ErasePatron(id ID) error
	PutPromotion(p Promotion) error
}

// RetentionSetting is the key under which Retention is kept.
const RetentionSetting = "retention"

// Retention says how long names stay with what is over.
type Retention struct {
	// Months after the end of the school year in which a loan was closed, and
	// after the day on which somebody left.
	Months  int       `json:"months"`
	LastRun time.Time `json:"last_run,omitzero"`
	Cut     int       `json:"cut"`     // references that the last run cut
	Erased  int       `json:"erased"`  // leavers whom it forgot
	Waiting int       `json:"waiting"` // leavers whose time is over but who still owe a book
}

// The bounds of Retention.Months, and what holds until the school decides.
const (
	MinRetention     = 1
	MaxRetention     = 60
	DefaultRetention = 6
)

// AddMonths is the day n months later, the last of the month where it has no
// such day.
func (d Day) AddMonths(n int) Day {
	first := Day{d.Year, d.Month, 1}.utc().AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return Day{first.Year(), first.Month(), min(d.Day, last)}
}

// RefDue reports whether a reference in use should be replaced: it began in an
// earlier school year and nothing hangs on it. So a reference is one reader of
// one year; only who kept a book over the turn of the year counts as two.
func RefDue(r NewestRef, year SchoolYear) bool { return !r.Busy && r.Since.Before(year.Start) }

// CutDue reports whether an old reference is to be cut.
func (r Retention) CutDue(o OldRef, today Day) bool {
	return !today.Before(o.Until.AddMonths(r.Months))
}

// EraseDue reports whether a leaver is to be forgotten.
func (r Retention) EraseDue(p Patron, today Day) bool {
	return p.Status == PatronLeft && !p.LeftOn.IsZero() && !today.Before(p.LeftOn.AddMonths(r.Months))
}

// OpenLoansError refuses to forget or remove somebody who still has books.
type OpenLoansError struct{ Titles []string }

func (e *OpenLoansError) Error() string { return "open loans stand against it" }

// ErrReserved refuses to forget somebody for whom a book is reserved.
var ErrReserved = staticError("a reservation stands against it")

// ErrNotNow refuses what does not fit the state: a lost card that is lost
// already, a pupil who has left.
var ErrNotNow = staticError("it is not so any more")

// ErrTooLate refuses to take back what is older than it may be, or was taken
// back before.
var ErrTooLate = staticError("it is too late for that")

type staticError string

func (e staticError) Error() string { return string(e) }

// ByGivenName compares names as a Vietnamese list has them: the given name,
// then the rest. fold makes text that sorts.
func ByGivenName(a, b Patron, fold func(string) string) int {
	g, h := a.GivenName(), b.GivenName()
	return cmp.Or(cmp.Compare(fold(g), fold(h)), cmp.Compare(fold(strings.TrimSuffix(a.Name, g)), fold(strings.TrimSuffix(b.Name, h))), cmp.Compare(a.ID, b.ID))
}

// PlacedOn is which of a patron's enrolments of one year counts on a day: the
// last that has begun, or else the last.
func PlacedOn(all []Enrolment, on Day) (Enrolment, bool) {
	if len(all) == 0 {
		return Enrolment{}, false
	}
	began := func(e Enrolment) int {
		if e.Since.After(on) {
			return 0
		}
		return 1
	}
	return slices.MaxFunc(all, func(a, b Enrolment) int {
		return cmp.Or(cmp.Compare(began(a), began(b)), cmp.Compare(a.Since.String(), b.Since.String()), cmp.Compare(a.ID, b.ID))
	}), true
}

// MaxPatronName is the longest name of a person, in letters.
const MaxPatronName = 250

// PatronDone is what an act on a patron did: ids only.
type PatronDone struct {
	Patron    ID   `json:"patron"`
	Card      ID   `json:"card,omitempty"`
	Expired   []ID `json:"expired,omitempty"` // cards that a new one replaced
	Enrolment ID   `json:"enrolment,omitempty"`
	Note      ID   `json:"note,omitempty"`
}

// AlikeError refuses a person who may be another that is known: of the same
// name and day of birth, or with the same code.
type AlikeError struct {
	Other ID
	Field string // name or sector_code
}

func (e *AlikeError) Error() string { return "somebody of the same " + e.Field + " is known" }
