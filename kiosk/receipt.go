package kiosk

import "time"

// AcquisitionSource says where stock came from; it stands on each receipt and
// copy (seed R138).
type AcquisitionSource string

// The sources.
const (
	Purchase    AcquisitionSource = "purchase"
	Grant       AcquisitionSource = "grant"    // from the superior body
	Donation    AcquisitionSource = "donation" // seed R83 to R85
	Exchange    AcquisitionSource = "exchange" // from another library
	OtherSource AcquisitionSource = "other"
)

// AcquisitionSources lists all sources.
var AcquisitionSources = []AcquisitionSource{Purchase, Grant, Donation, Exchange, OtherSource}

// Receipt is one delivery of new stock: one voucher, one line of the general
// register. Its copies come with it at once, in processing; they may be lent
// when they are registered.
type Receipt struct {
	ID         ID
	Entry      int // number in the general register (số vào sổ tổng quát): from 1 without gaps, across years
	Source     AcquisitionSource
	Supplier   string // who sold or gave it; with Donation the donor's name
	DonorClass string // with Donation: the class of a pupil who gives, "" for others
	Voucher    string // number of the invoice or delivery note
	Date       Day
	Funding    string // budget, socialised, project: the school's own words
	Note       string
	Closed     bool // nothing more is added to it
	CreatedAt  time.Time
	CreatedBy  ID // the account
}

// ReceiptLine is one title of a receipt with its copies.
type ReceiptLine struct {
	ID        ID
	ReceiptID ID
	TitleID   ID
	Kind      Kind
	SubKind   string
	Quantity  int   // 0 when the line was taken back; it stays in its place
	Price     int64 // a copy, in đồng
	HomePlace ID
}

// Step is one step of technical processing. Registered comes first; the others
// are ticked in the order in which the work is done.
type Step string

// The steps (seed R170, R182).
const (
	StepRegister Step = "register" // entered in the accession register: it has its number and may be lent
	StepStamp    Step = "stamp"    // the ownership stamp
	StepLabel    Step = "label"    // the label is printed and stuck on
	StepShelve   Step = "shelve"   // stands at its place
)

// Steps lists the steps in their order.
var Steps = []Step{StepRegister, StepStamp, StepLabel, StepShelve}

// Processing says what has been done to a new copy, and when. A zero Day is
// not yet.
type Processing struct {
	CopyID                                 ID
	LineID                                 ID
	Registered, Stamped, Labelled, Shelved Day
}

// Done is the day on which a step was ticked, zero when it waits.
func (p Processing) Done(s Step) Day {
	switch s {
	case StepRegister:
		return p.Registered
	case StepStamp:
		return p.Stamped
	case StepLabel:
		return p.Labelled
	case StepShelve:
		return p.Shelved
	}
	return Day{}
}

// Tick sets the day of a step.
func (p *Processing) Tick(s Step, d Day) {
	switch s {
	case StepRegister:
		p.Registered = d
	case StepStamp:
		p.Stamped = d
	case StepLabel:
		p.Labelled = d
	case StepShelve:
		p.Shelved = d
	}
}

// Next is the first step that waits, "" when all is done.
func (p Processing) Next() Step {
	for _, s := range Steps {
		if p.Done(s).IsZero() {
			return s
		}
	}
	return ""
}

// ProcessingItem is a copy of a receipt with its steps.
type ProcessingItem struct {
	Processing
	Item Item
}

// ReceiptView reads receipts.
type ReceiptView interface {
	Receipt(id ID) (Receipt, error)
	// Receipts lists the newest first; open ones only, when asked.
	Receipts(open bool) ([]Receipt, error)
	ReceiptLine(id ID) (ReceiptLine, error)
	ReceiptLines(receipt ID) ([]ReceiptLine, error) // in the order in which they were entered
	// ProcessingOf lists the copies of a receipt, the withdrawn too: by line and
	// accession number, and those without a number behind, as they were entered.
	ProcessingOf(receipt ID) ([]ProcessingItem, error)
	// Waiting lists every copy with a step that waits, the longest waiting first:
	// by the receipt's date and entry, and as ProcessingOf. Lost and withdrawn
	// copies wait for nothing.
	Waiting() ([]ProcessingItem, error)
	ProcessingOfCopy(copyID ID) (Processing, error) // ErrNotFound for a copy that came without a receipt
}

// ReceiptTx writes receipts.
type ReceiptTx interface {
	NextReceiptEntry() (int, error)
	// PutReceipt refuses an entry that leaves a gap, or that is not the
	// receipt's own; another's is ErrConflict.
	PutReceipt(r Receipt) error
	PutReceiptLine(l ReceiptLine) error
	// PutProcessing refuses a later step of a copy that is not registered. A
	// copy whose processing is not registered cannot be available: neither this
	// nor an event can make it so.
	PutProcessing(p Processing) error
}
