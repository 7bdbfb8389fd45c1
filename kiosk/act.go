package kiosk

import (
	"errors"
	"strconv"
	"time"
)

// The errors that an act's caller acts on. Others are faults of the storage.
var (
	// ErrMoved says that the copy changed hands between the look at it and the
	// act: look again.
	ErrMoved = errors.New("the copy changed hands meanwhile")
	// ErrUsedID says that the command id was used for something else.
	ErrUsedID = errors.New("command id was used with another body")
)

// Attempt says where an act comes from and how to answer it.
type Attempt struct {
	Station   string
	Code      string // as it is answered
	Kind      CodeKind
	Seq       int64     // of the state that the answer makes
	At        time.Time // when it was scanned; zero is now
	CommandID string    // "" for none
	Body      string    // what the command id stands for
	Staff     ID        // who does it, "" for the patron
	Comment   string    // with a staff member's override: why
}

// Overrides reports whether a librarian stands behind the attempt and has said
// why.
func (a Attempt) Overrides() bool { return a.Staff != "" && a.Comment != "" }

// Session is what a station keeps of the patron before it.
type Session struct {
	Member Member
	Loans  []LoanView
	Limit  int // of the patron's ordinary loans
	Left   int // how many more of them
}

// Answer is a result with the session as the act left it; Session is nil when
// the act leaves no session, or when the answer is an old one sent again.
type Answer struct {
	Result  Result
	Session *Session
	Filling *Filling    // the corner's box that books go into now; nil when none
	Paper   *PaperSheet // the corner's paper that is copied now; nil when none
	Again   bool        // the answer was given before; nothing was done now
	Card    string      // with an admission: the patron's card, "" for none
}

// Identity is what a code turned out to be.
type Identity struct {
	Kind    CodeKind
	Command Command
	Member  Member     // with KindPatron
	Item    Item       // with KindCopy
	Out     *Loan      // the copy's open loan, nil on the shelf
	Set     *BookSet   // with KindCopy, in place of Item: a set's barcode
	SetOut  []LoanItem // the open loans of the set's members
	Title   Title      // with KindISBN
	Place   Place      // with KindPlace: a corner's

	// Interloan is with KindUnknown a book that another library has lent: it is on
	// no loan and of no register here, but it is known whose it is.
	Interloan *InterloanHere
}

// CopyChange is what a person changes about a copy; empty fields stay.
type CopyChange struct {
	Status    CopyStatus
	Condition Condition
	Place     ID
}

// maxKept is how much of a senseless code is kept, in bytes.
const maxKept = 64

// Escaped is a code made safe to keep and to log: control characters and what
// is not ASCII escaped, cut to 64 bytes.
func Escaped(code string) string {
	q := strconv.QuoteToASCII(code)
	q = q[1 : len(q)-1]
	if len(q) > maxKept {
		q = q[:maxKept] + "..."
	}
	return q
}
