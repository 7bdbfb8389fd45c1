package kiosk

import (
	"errors"
	"fmt"
)

// ErrStaffOnly says that an act needs a signed-in account.
var ErrStaffOnly = errors.New("only staff may do this")

// The bounds of a receipt. What lies beyond them is a slip of the hand, and
// would make thousands of copies or a price of milliards.
const (
	MaxQuantity = 500         // copies of one line
	MaxPrice    = 100_000_000 // of one copy, in đồng
	MaxName     = 500         // of a title, in letters
	MaxText     = 200         // of a supplier, voucher, author, in letters
	MaxNoteText = 2000        // of a note, in letters
	MinYear     = 1900        // of a delivery
)

// FieldProblem says why a value cannot be taken.
type FieldProblem string

// The problems of a field.
const (
	FieldMissing    FieldProblem = "missing"
	FieldUnknown    FieldProblem = "unknown"      // not one of those that can be chosen
	FieldOutOfRange FieldProblem = "out_of_range" // facts: min, max
	FieldInFuture   FieldProblem = "in_future"    // facts: max is today
	FieldTooLong    FieldProblem = "too_long"     // facts: max, in letters
	FieldMalformed  FieldProblem = "malformed"
	FieldUnexpected FieldProblem = "unexpected" // does not go with the other fields
	FieldReserved   FieldProblem = "reserved"   // for a lesson; facts: lesson is its day, n how many it keeps, max how many are left
)

// FieldProblems lists all problems.
var FieldProblems = []FieldProblem{FieldMissing, FieldUnknown, FieldOutOfRange, FieldInFuture, FieldTooLong, FieldMalformed, FieldUnexpected, FieldReserved}

// FieldError names the one value of a receipt or line that cannot be taken:
// source, supplier, donor_class, voucher, date, funding, note, quantity, price,
// kind, sub_kind, home_place, title, and the fields of a title as title.isbn.
type FieldError struct {
	Field   string
	Problem FieldProblem
	Facts   Facts // value, and what the problem tells
}

func (e *FieldError) Error() string { return fmt.Sprintf("%s: %s %v", e.Field, e.Problem, e.Facts) }

// ReceiptClosedError refuses a change of a closed receipt's lines.
type ReceiptClosedError struct {
	Receipt ID
	Entry   int
}

func (e *ReceiptClosedError) Error() string { return fmt.Sprintf("receipt %d is closed", e.Entry) }

// LineRegisteredError refuses a change of a line whose copies stand in the
// accession register.
type LineRegisteredError struct {
	Line       ID
	Registered int // of its copies
	Quantity   int
}

func (e *LineRegisteredError) Error() string {
	return fmt.Sprintf("%d of the line's %d copies are registered", e.Registered, e.Quantity)
}

// StepReason says why a step of a copy was refused.
type StepReason string

// The reasons.
const (
	StepUnknown       StepReason = "unknown"        // no copy has this id or code
	StepNoReceipt     StepReason = "no_receipt"     // the copy came without a receipt: it has no such step
	StepNotRegistered StepReason = "not_registered" // the first step waits
	StepWithdrawn     StepReason = "withdrawn"
	StepLost          StepReason = "lost"
	StepInRepair      StepReason = "in_repair"
	StepOnLoan        StepReason = "on_loan"    // take it back first
	StepLater         StepReason = "later_step" // a later step is ticked: take that back first
	StepWasUsed       StepReason = "was_used"   // it was lent or read: its registration stands
	StepReserved      StepReason = "reserved"   // it is set aside for somebody
)

// StepReasons lists all reasons.
var StepReasons = []StepReason{StepUnknown, StepNoReceipt, StepNotRegistered, StepWithdrawn, StepLost, StepInRepair, StepOnLoan, StepLater, StepWasUsed, StepReserved}

// StepRefusal is why the step of one copy was refused.
type StepRefusal struct {
	Reason StepReason
	Copy   CopyView // only what was scanned, as its barcode, when it is unknown
}

// StepError refuses a step, with every copy that stands against it. Nothing
// was done to the others either.
type StepError struct {
	Step     Step
	Refusals []StepRefusal
}

func (e *StepError) Error() string {
	s := fmt.Sprintf("%s refused for %d copies", e.Step, len(e.Refusals))
	for i, r := range e.Refusals {
		if i == 3 {
			return s + ", ..."
		}
		s += fmt.Sprintf(", %s: %s", r.Copy.Barcode, r.Reason)
	}
	return s
}

// LineCopies is a line of a receipt as an act left it, with its copies that
// are not withdrawn.
type LineCopies struct {
	Line   ReceiptLine
	Title  Title
	Copies []Copy
}

// Ticked is what a bulk tick, or its undo, changed. Copies that were as asked
// before are not among them: so that an undo takes back these and no others.
type Ticked struct {
	Step   Step
	Copies []ProcessingItem // as they are now, in the order of receipts and lines
}

// Shelved is the answer to the scan of a label at the shelf.
type Shelved struct {
	Item   Item
	Place  Place  // where it belongs; zero when no place was given to it
	Ticked []Step // what the scan ticked; none the second time
	Event  int64  `json:",omitempty"` // by which it left the trolley, or where it was set aside; 0 when it lay at neither
	For    Hold   `json:",omitzero"`  // for which it is kept, and not shelved; zero for none
}
