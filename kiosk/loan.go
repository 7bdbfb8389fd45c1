package kiosk

import "time"

// LoanEnd says how a loan came to its end.
type LoanEnd string

// The ends of a loan.
const (
	LoanOpen     LoanEnd = ""
	LoanReturned LoanEnd = "returned"
	LoanUndone   LoanEnd = "undone" // the checkout was taken back: it never counts as a loan
	LoanLost     LoanEnd = "lost"   // ended by the librarian because the copy is gone
)

// LoanType tells home loans from those for a longer term.
type LoanType string

// The loan types.
const (
	HomeLoan     LoanType = "home"
	SemesterLoan LoanType = "semester"
	YearLoan     LoanType = "year"
)

// Loan is one copy lent to one patron. It is a projection: the last
// after-image among the events.
type Loan struct {
	ID           ID        `json:"id"`
	CopyID       ID        `json:"copy"`
	PatronRef    ID        `json:"patron_ref"`
	Type         LoanType  `json:"type"`
	CheckedOutAt time.Time `json:"checked_out_at"`
	DueOn        Day       `json:"due_on"`
	Renewals     int       `json:"renewals"`
	ReturnedAt   time.Time `json:"returned_at,omitzero"` // zero while open
	End          LoanEnd   `json:"end"`
	Station      string    `json:"station"`          // where it was checked out
	Corner       ID        `json:"corner,omitempty"` // the corner that lent it: its own limit, and overdue it is its keeper's; "" for the library's
}

// Open reports whether the copy is still out.
func (l Loan) Open() bool { return l.End == LoanOpen }

// Overdue reports whether the loan is open past its due date. A book is in
// time on the whole of its due day.
func (l Loan) Overdue(today Day) bool { return l.Open() && today.After(l.DueOn) }

// LateHere reports whether the loan is overdue for the library to ask for: what
// a corner lent is its keeper's to ask for.
func (l Loan) LateHere(today Day) bool { return l.Corner == "" && l.Overdue(today) }

// LoanItem is a loan with the copy it is of.
type LoanItem struct {
	Loan
	Item Item
}
