package kiosk

import "cmp"

// CopyStatus says what a copy is doing when it is not simply on its shelf.
// Being on loan is not a status: the open loan says it.
type CopyStatus string

// The copy statuses.
const (
	CopyInProcessing CopyStatus = "in_processing" // received, not yet registered: not for loan
	CopyAvailable    CopyStatus = "available"
	CopyInRepair     CopyStatus = "in_repair"
	CopyLost         CopyStatus = "lost"
	CopyWithdrawn    CopyStatus = "withdrawn"
)

// Condition grades a copy's wear.
type Condition string

// The conditions.
const (
	ConditionGood    Condition = "good"
	ConditionWorn    Condition = "worn"
	ConditionDamaged Condition = "damaged"
)

// Conditions lists them, the best first.
var Conditions = []Condition{ConditionGood, ConditionWorn, ConditionDamaged}

// Copy is one book that stands in the library. What circulation changes about
// it is its [CopyState]; the rest is the catalogue's.
type Copy struct {
	ID        ID
	TitleID   ID
	Barcode   string // opaque; unique among patrons' cards and copies
	Accession string // "TK.00123"; unique, never used again
	Kind      Kind
	SubKind   string
	Price     int64  // in đồng, 0 when not known
	Source    string // purchase, grant, donation
	Received  Day
	HomePlace ID
	SetID     ID   // of a textbook set, "" otherwise
	Labelled  bool // its label was printed or proven by a scan
	Note      string
	Pieces    int // of which it consists: a game, a box of pictures, a book with a disc; 0 for one thing alone
	State     CopyState
}

// MaxPieces bounds the pieces of one copy.
const MaxPieces = 9999

// Counted reports whether the copy is of several pieces, to be counted when it
// comes back.
func (c Copy) Counted() bool { return c.Pieces > 1 }

// CopyState is what events change about a copy. It is a projection: the last
// after-image among the events.
type CopyState struct {
	CopyID    ID         `json:"copy"`
	Status    CopyStatus `json:"status"`
	Condition Condition  `json:"condition"`
	Place     ID         `json:"place"` // where it is now
	OnSite    int        `json:"on_site"`
	Loans     int        `json:"loans"` // how often it was lent
}

// Item is a copy with its title and the names of its places: what a decision
// or a screen needs of it.
type Item struct {
	Copy
	Title     Title
	PlaceName string
}

// CallNumber is the copy's shelf mark.
func (i Item) CallNumber() string { return i.Title.CallNumber }

// CompareAccessions orders copies as the registers do: by prefix, then by number,
// "TK.99999" before "TK.100000"; those without a number, or with one of an old
// kind, first.
func CompareAccessions(a, b Copy) int {
	return cmp.Or(CompareNumbers(a.Accession, b.Accession), cmp.Compare(a.ID, b.ID))
}

// CompareNumbers is the same of accession numbers.
func CompareNumbers(a, b string) int {
	p, n, _ := SplitAccession(a)
	q, m, _ := SplitAccession(b)
	return cmp.Or(cmp.Compare(p, q), cmp.Compare(n, m), cmp.Compare(a, b))
}
