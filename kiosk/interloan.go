package kiosk

import (
	"cmp"
	"slices"
)

// EventInterloan is the event of a lot of books that another library lends the
// school: received, its list changed, books given back.
const EventInterloan EventType = "interloan_changed"

// Interloan is a lot of books that another library lends the school for a while
// (interlibrary lending, luân chuyển sách giữa các thư viện; seed R117, R171). They stay
// the lender's: they are counted, as a class's own books are, and get no
// accession number, so that no register of the school's stock has them. What the
// school sends to another library is a box of a corner of the kind [Elsewhere].
type Interloan struct {
	ID       ID     `json:"id"`
	Lender   string `json:"lender"`          // the library or school, as papers name it
	Paper    string `json:"paper,omitempty"` // number of the lender's own list or minutes
	Place    ID     `json:"place,omitempty"` // where they stand: a shelf, a corner; "" not said
	Received Day    `json:"received"`
	Due      Day    `json:"due"`
	Note     string `json:"note,omitempty"`
	By       ID     `json:"by"`
	Removed  bool   `json:"removed,omitempty"` // was written by mistake
}

// InterloanBook is a line of a lot: one book with the lender's code, or a number
// of equal ones without.
type InterloanBook struct {
	ID       ID     `json:"id"`
	Lot      ID     `json:"lot"`
	Nr       int    `json:"nr"` // its place in the list, from 1
	Title    string `json:"title"`
	Code     string `json:"code,omitempty"` // the lender's barcode or number, as it is scanned; one book has it
	Quantity int    `json:"quantity"`
	Back     int    `json:"back,omitempty"`    // given back whole
	Damaged  int    `json:"damaged,omitempty"` // given back, damaged here
	Lost     int    `json:"lost,omitempty"`    // will not be given back: settled with the lender
	Last     Day    `json:"last,omitzero"`     // when something of it was given back or settled last
	Removed  bool   `json:"removed,omitempty"` // was written by mistake
}

// Out is how many of the line are still with the school.
func (b InterloanBook) Out() int { return b.Quantity - b.Back - b.Damaged - b.Lost }

// GivenBack is how many of the line have left the school.
func (b InterloanBook) GivenBack() int { return b.Back + b.Damaged }

// InterloanSum is what became of a lot's books:
//
//	books = back + damaged + lost + out
type InterloanSum struct{ Books, Back, Damaged, Lost, Out int }

// SumOfInterloan adds up a lot's lines.
func SumOfInterloan(books []InterloanBook) (s InterloanSum) {
	for _, b := range books {
		s.Books += b.Quantity
		s.Back += b.Back
		s.Damaged += b.Damaged
		s.Lost += b.Lost
		s.Out += b.Out()
	}
	return s
}

// LateOn reports whether a lot with so much still here should have gone back
// before a day.
func (l Interloan) LateOn(today Day, s InterloanSum) bool { return s.Out > 0 && l.Due.Before(today) }

// InterloanBack is what becomes of a line, in one act: how many go back whole and
// damaged, and how many are lost; below zero, lost ones that are found.
type InterloanBack struct {
	Book                ID
	Back, Damaged, Lost int
}

// After is the line with it, on a day; false for numbers that cannot be.
func (x InterloanBack) After(b InterloanBook, on Day) (InterloanBook, bool) {
	n := b
	n.Back, n.Damaged, n.Lost, n.Last = b.Back+x.Back, b.Damaged+x.Damaged, b.Lost+x.Lost, on
	if x.Back < 0 || x.Damaged < 0 || n.Lost < 0 || n.Out() < 0 || b.Removed {
		return b, false
	}
	return n, true
}

// IsZero reports whether nothing changes.
func (x InterloanBack) IsZero() bool { return x.Back == 0 && x.Damaged == 0 && x.Lost == 0 }

// InterloanEdit is a change of lines: how they were, and how they are. Before is
// empty for lines that are new.
type InterloanEdit struct {
	Before, After []InterloanBook
}

// The bounds of a lot.
const (
	MostInterloanBooks = 500 // lines
	MaxInterloanCount  = 500 // books of a line
	MaxInterloanMonths = 24  // from the day received to the day due
)

// InterloanView reads the lots. They are projections, written with their events
// as other [Records] are.
type InterloanView interface {
	Interloan(id ID) (Interloan, error) // also one that was taken away
	Interloans() ([]Interloan, error)   // the newest first; those taken away are not in it
	// InterloanBooks are a lot's lines in the order of its list, without those
	// taken away.
	InterloanBooks(lot ID) ([]InterloanBook, error)
	InterloanBook(id ID) (InterloanBook, error) // also one that was taken away
	InterloanLines(lot ID) (int, error)         // how many lines it ever had, which is the greatest Nr
	// InterloanByCode is the line with the lender's code that was not given back,
	// lost or not; of several the one received last.
	InterloanByCode(code string) (InterloanBook, error)
}

// SortInterloans puts the newest first.
func SortInterloans(all []Interloan) {
	slices.SortFunc(all, func(a, b Interloan) int {
		return cmp.Or(cmp.Compare(b.Received.String(), a.Received.String()), cmp.Compare(b.ID, a.ID))
	})
}

// InterloanHere is a book of another library that was scanned, with whose it is.
type InterloanHere struct {
	Book   InterloanBook
	Lender string
	Due    Day
}
