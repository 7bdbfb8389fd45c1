package kiosk

import (
	"context"
	"errors"
	"time"
)

// The errors of a ledger. Any other is a fault of the storage.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("already taken") // a unique barcode, accession number or open loan
	ErrBusy     = errors.New("storage is busy")
)

// Ledger keeps everything that is known. View and Update run fn once, on one
// consistent state; Update commits when fn returns nil, and what it has
// committed survives a power cut. An error of fn rolls back and is returned as
// it is. Update returns ErrBusy when the writer could not be had within the
// context's deadline or the ledger's own limit.
//
// Act is Update for what is over in a moment: acts that come at the same time
// may share a commit. Each sees what those before it did, fails alone, and is
// answered after the commit; a fault of the commit itself is all of theirs. Its fn
// may be run a second time from the beginning, after what the first run did was
// rolled back: what it sets outside the transaction, it sets anew each time.
type Ledger interface {
	View(ctx context.Context, fn func(View) error) error
	Update(ctx context.Context, fn func(Tx) error) error
	Act(ctx context.Context, fn func(Tx) error) error
}

// View reads. A method that looks for one thing returns ErrNotFound when there
// is none; a method that lists returns an empty list.
type View interface {
	Site() (Site, error)
	// Rules are the settings that hold on the given day; its school year is the
	// stored one that contains the day, or YearOf(day) when none does.
	Rules(on Day) (Rules, error)
	Years() ([]SchoolYear, error)
	Stations() ([]Station, error)
	StationDevices() ([]StationDevice, error)
	Places() ([]Place, error)
	Classes(year ID) ([]Class, error)

	Patron(id ID) (Patron, error)
	// MemberByCard finds the holder of a card, whatever the card's status; the
	// class is that of the school year that contains the day.
	MemberByCard(barcode string, on Day) (Member, error)
	MemberByRef(ref ID, on Day) (Member, error) // with the newest active card, if any
	// EachMember visits every patron, by class and name, each with the newest
	// active card (Card is zero when there is none).
	EachMember(on Day, fn func(Member) error) error

	Title(id ID) (Title, error)
	TitlesByISBN(isbn string) ([]Title, error)
	EachTitle(fn func(Title) error) error

	Item(copy ID) (Item, error)
	ItemByBarcode(barcode string) (Item, error)
	ItemByAccession(accession string) (Item, error)
	EachItem(fn func(Item) error) error // by accession number
	// EachOfStock visits every copy, in the order in which they came, with no title
	// and no name of a place: a tenth of the work of EachItem, for a question that
	// few copies answer.
	EachOfStock(fn func(Copy) error) error
	ItemsOfTitle(title ID) ([]Item, error)
	OpenLoan(copy ID) (Loan, error)
	Loan(id ID) (Loan, error)
	OpenLoansOf(ref ID) ([]LoanItem, error)        // oldest first
	EachLoan(open bool, fn func(Loan) error) error // all, or the open ones only; oldest first
	Hold(id ID) (Hold, error)
	HoldsOf(title ID) ([]Hold, error) // waiting and ready, first in the queue first

	LastSeq() (int64, error) // 0 before the first event
	Events(after int64, limit int) ([]Event, error)
	Event(seq int64) (Event, error)
	// LastRecorded is when the newest event was written whose clock was right,
	// zero before the first.
	LastRecorded() (time.Time, error)
	Answer(station, commandID string) (Answered, error)

	AccountView
	SearchView
	CatalogueView
	SetView
	TextbookView
	SerialView
	HandoutView
	LessonView
	ReceiptView
	RegisterView
	PrintView
	PeopleView
	PairedView
	WishView
	LendingView
	FiguresView
	PageView
	CornerView
	RecordView
}

// Tx reads and writes in one transaction.
type Tx interface {
	View
	UnmakeTx
	NewID() ID
	// Append writes e with the next Seq, the site's epoch and its outbox row,
	// and writes e's Changes to the loans and copy states, and its Records. It fills ID, Epoch,
	// Seq, Schema and, where zero, RecordedAt. A second open loan of a copy is
	// ErrConflict.
	Append(e *Event) error
	PutAnswer(a Answered) error

	PutSite(s Site) error
	PutYear(y SchoolYear) error
	PutPolicies(p Policies) error
	PutCalendar(year ID, c Calendar) error
	PutTimetable(t Timetable) error
	PutStation(s Station) error
	// DropStation removes a station; ErrConflict while a scanner, another machine or a
	// stocktake has it. Events tell of it still.
	DropStation(name string) error
	PutStationDevice(d StationDevice) error
	PutPlace(p Place) error
	PutClass(c Class) error
	PutEnrolment(e Enrolment) error

	// The Puts insert a row or change the one with the same ID. A barcode is
	// unique among cards, copies, sets and places together: ErrConflict.
	PutPatron(p Patron) error
	PutCard(c Card) error
	PutTitle(t Title) error
	// PutCopy writes the catalogue's part; State is written by events only.
	PutCopy(c Copy) error
	PutSet(s BookSet) error
	PutTextbookLine(l TextbookLine) error
	PutHold(h Hold) error

	// NextAccession hands out the next number of a prefix: one more than the
	// greatest ever used, taken inside the transaction.
	NextAccession(prefix string) (string, error)
	// NextBarcode hands out the next free code of a series.
	NextBarcode(s Series) (string, error)
	// BarcodeInUse reports whether a code is a card's, copy's, set's, place's or
	// command's: a Put of it would be ErrConflict.
	BarcodeInUse(code string) (bool, error)

	AccountTx
	ReceiptTx
	PrintTx
	PeopleTx
	PairedTx
	WishTx
	ProposalTx
	LendingTx
	SerialTx
	HandoutTx
	LessonTx
	ScannerTx
}

// ScannerTx writes what is known of scanners, beside PutStationDevice.
type ScannerTx interface {
	// DropStationDevice forgets a scanner; one that is not known is no error.
	DropStationDevice(key string) error
}

// Found is one title of a search, with its copies.
type Found struct {
	Title  Title
	Copies []FoundCopy
}

// FoundCopy is a copy in the catalogue: where it is and whether it can be had.
// It never says who has it.
type FoundCopy struct {
	Item      Item
	Available bool
	DueOn     Day // when it is on loan
}

// Answered is the stored answer to a command that a page or station sent with
// an id of its own, so that a command sent twice is done once. Answers are kept
// for 24 hours.
type Answered struct {
	Station   string
	CommandID string
	Body      string // what was asked: the same id with another body is an error of the sender
	Result    []byte // the Result as JSON
	At        time.Time
}
