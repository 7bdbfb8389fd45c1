package kiosk

// MadeByMistake is the comment of the event that ends a copy which never was: the
// registers strike its line out and count it neither as come nor as gone.
const MadeByMistake = "made_by_mistake"

// Unmade reports whether a move of the stock says that its copy never was.
func (m StockMove) Unmade() bool {
	return (m.Type == EventUndone || m.Type == EventSetChanged) && m.Status == CopyWithdrawn && m.Comment == MadeByMistake
}

// Imported is what the reading in of a list wrote, so that it can be taken back.
type Imported struct {
	Patrons []ImportedPatron
	Titles  []TitleEdit // without Before.ID: made
	Copies  []ImportedCopy
	Loans   []int64 // the events that took them over
}

// Len is how many things were written.
func (i Imported) Len() int { return len(i.Patrons) + len(i.Titles) + len(i.Copies) + len(i.Loans) }

// ImportedPatron is a person before and after; without Before.ID the list added
// the person.
type ImportedPatron struct {
	Before, After     Patron
	Cards, Enrolments []ID // that were added
}

// ImportedCopy is a copy, with its state, before and after; without Before.ID the
// list added it, by the event Seq.
type ImportedCopy struct {
	Before, After Copy
	Seq           int64
}

// ImportKind is what a list has written.
type ImportKind string

// The kinds.
const (
	ImportPatron ImportKind = "patron"
	ImportTitle  ImportKind = "title"
	ImportCopy   ImportKind = "copy"
	ImportLoan   ImportKind = "loan"
)

// KeptWhy is why something that a list has written is not taken back.
type KeptWhy string

// The reasons.
const (
	KeptLent    KeptWhy = "lent"    // a book is out, or was
	KeptChanged KeptWhy = "changed" // it is not any more as the list left it
	KeptUsed    KeptWhy = "used"    // something else refers to it
)

// ImportKept is something that was not taken back.
type ImportKept struct {
	Kind ImportKind `json:"kind"`
	ID   ID         `json:"id"`
	Why  KeptWhy    `json:"why"`
}

// ImportUndone is what became of taking a list back. It has ids only.
type ImportUndone struct {
	Patrons int          `json:"patrons,omitempty"`
	Titles  int          `json:"titles,omitempty"`
	Copies  int          `json:"copies,omitempty"`
	Loans   int          `json:"loans,omitempty"`
	Kept    []ImportKept `json:"kept,omitempty"`
}

// Len is how many things were taken back.
func (u ImportUndone) Len() int { return u.Patrons + u.Titles + u.Copies + u.Loans }
