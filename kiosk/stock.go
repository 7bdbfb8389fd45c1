package kiosk

import "time"

// StockMove is what an event left of one copy, for events that are not of
// everyday circulation: a copy came, went, was found, or what it is was
// changed.
type StockMove struct {
	Seq     int64
	At      time.Time // when it happened
	Type    EventType
	CopyID  ID
	Status  CopyStatus
	Comment string
}

// Visit is somebody's coming to the library, or a copy read there. One that was
// taken back is none.
type Visit struct {
	Seq       int64
	Type      EventType // EventVisit or EventUsedOnSite
	At        time.Time
	PatronRef ID // "" when nobody was signed in at the station
	CopyID    ID
	Kind      Kind // of the copy, "" for none
	Station   string
}

// Came is what one who came to the library did in a time.
type Came struct {
	Loans  int // taken home, but for those undone
	OnSite int // copies read there
}

// Tally is how often copies of a kind of a title were lent.
type Tally struct {
	TitleID ID
	Kind    Kind
	Loans   int
}

// FirstLoan is the first loan of a time that a patron has of a kind.
type FirstLoan struct {
	PatronRef ID
	Kind      Kind
	At        time.Time
}

// PaperPart is a part of the paperwork that events leave behind.
type PaperPart string

// The parts, as events name them.
const (
	PaperCorner  PaperPart = "corner"  // corners, boxes, readings, rotations: [CornerChange]
	PaperStock   PaperPart = "stock"   // serials and what is handed out: [StockEdit]
	PaperRecords PaperPart = "records" // stocktakes, withdrawals, activities, surveys, proposals: [Records]
)

// Has reports whether a payload leaves something in the part.
func (p Payload) Has(part PaperPart) bool {
	switch part {
	case PaperCorner:
		return p.Corner != nil
	case PaperStock:
		return p.Stock != nil
	case PaperRecords:
		return p.Records != nil
	}
	return false
}

// Arrived is by which receipt a copy came.
type Arrived struct {
	CopyID, LineID, ReceiptID ID
	Registered                Day // zero while it waits for its number
}

// RegisterView reads what registers and reports are made of, all of a kind in
// one pass, for there may be many years of it. From and to bound a time from
// the first instant on to before the second.
type RegisterView interface {
	// LoansIn visits the loans made in a time, those undone too, each with its
	// copy; oldest first.
	LoansIn(from, to time.Time, fn func(LoanItem) error) error
	// ReturnsIn visits the loans that were returned in a time, by when they were,
	// each with the kind of its copy.
	ReturnsIn(from, to time.Time, fn func(Loan, Kind) error) error
	// LoanCounts counts the loans made in a time, but for those undone, and the
	// returns.
	LoanCounts(from, to time.Time) (loans, returns int, err error)
	// Comers are, for each span from one of the instants to the next, those who borrowed,
	// returned or were noted in the library, each once, by reference. It is how the
	// readers of the registers are counted a second time.
	Comers(instants []time.Time) ([]map[ID]Came, error)
	// Tallies count the loans made in a time, but for those undone, by title and kind,
	// in no order.
	Tallies(from, to time.Time) ([]Tally, error)
	// FirstLoans are the first loans of a time, but for those undone, by patron and kind,
	// in no order.
	FirstLoans(from, to time.Time) ([]FirstLoan, error)
	// VisitsIn visits the visits of a time, oldest first.
	VisitsIn(from, to time.Time, fn func(Visit) error) error
	// StockMoves visits all moves of the stock, in the order of events.
	StockMoves(fn func(StockMove) error) error
	// Arrivals are the copies that came by receipts.
	Arrivals() ([]Arrived, error)
	// Closings are what was closed of a register, in the order of events.
	Closings(register string) ([]RegisterClosing, error)
	// PaperEvents visits the events that left something in a part of the paperwork:
	// replayed in this order they give its rows again, so that what stands in a
	// register can be counted without them. Readings of named books in a corner come
	// first, then all others in the order of seq; loans are in none.
	PaperEvents(part PaperPart, fn func(Event) error) error
	// Refs leads from every reference that is not cut to its patron's id, those of past years too.
	Refs() (map[ID]ID, error)
}

// Circulating lists the events of everyday circulation, which leave the stock
// as it is but for counts, conditions and a lost copy that is there again.
var Circulating = []EventType{EventVisit, EventCheckedOut, EventReturned, EventRenewed, EventUsedOnSite, EventRefused, EventHelp, EventAnswered, EventLoanAdded, EventHoldPlaced, EventShelved}
