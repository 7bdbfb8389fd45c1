package kiosk

import (
	"strings"
	"time"
)

// Category is what kind of patron a person is; policies speak of it.
type Category string

// The patron categories.
const (
	Pupil      Category = "pupil"
	Teacher    Category = "teacher"
	Staff      Category = "staff"
	Manager    Category = "manager"
	ClassGroup Category = "class" // a class as a borrower, for its box or trolley
	Guest      Category = "guest"
)

// Categories lists all patron categories.
var Categories = []Category{Pupil, Teacher, Staff, Manager, ClassGroup, Guest}

// Patron is a person, or a class, that borrows.
type Patron struct {
	ID         ID
	Ref        ID // what events and loans carry in place of the person; cutting the link forgets a child and keeps the counts
	Category   Category
	Name       string // full name, NFC
	BirthDate  Day    // zero when not known
	Sex        string // "", "f", "m"
	SectorCode string // the education sector's pupil code, optional
	Entitled   bool   // may have a textbook set for the year; seen by the librarian only
	Status     PatronStatus
	LeftOn     Day // with PatronLeft: since when; zero when not known
	CreatedAt  time.Time
}

// PatronStatus says whether a patron may borrow at all.
type PatronStatus string

// The patron statuses.
const (
	PatronActive  PatronStatus = "active"
	PatronBlocked PatronStatus = "blocked" // by the librarian
	PatronLeft    PatronStatus = "left"    // gone from the school
)

// GivenName is the name a child is called by: the last word of the full name.
func (p Patron) GivenName() string {
	f := strings.Fields(p.Name)
	if len(f) == 0 {
		return ""
	}
	return f[len(f)-1]
}

// CardStatus is the life of one card.
type CardStatus string

// The card statuses. A lost card is blocked at the kiosk; an expired one was
// replaced or ran out.
const (
	CardActive  CardStatus = "active"
	CardLost    CardStatus = "lost"
	CardExpired CardStatus = "expired"
)

// Card is one card of a patron; a patron has several over time.
type Card struct {
	ID       ID
	PatronID ID
	Barcode  string
	Status   CardStatus
	IssuedAt time.Time
}

// Class is one class of one school year. The name is free text ("1A", "5A1",
// "12.6"); the grade is a number of its own.
type Class struct {
	ID     ID
	YearID ID
	Name   string
	Grade  int
}

// Enrolment puts a patron in a class for a school year. Enrolments are added
// from year to year and never overwritten.
type Enrolment struct {
	ID        ID
	PatronID  ID
	ClassID   ID
	YearID    ID
	Since     Day
	Withdrawn bool // taken back: it never counted
}

// Member is a patron with the class of the present school year, as the rules
// and the screens need it.
type Member struct {
	Patron
	Card  Card
	Class string // "" outside classes
	Grade int    // 0 outside classes
}
