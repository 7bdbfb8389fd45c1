package kiosk

// Page asks for a stretch of a list that may be long, in an order. The ledger
// sorts text as a Vietnamese dictionary does and persons by given name; rows that
// are equal keep the list's own order, and a row that has nothing in the column
// comes last, in either direction.
type Page struct {
	By   string // one of the list's columns; "" or one that is not known: the list's own order
	Down bool   // By from the greatest
	// Codes are, for a column that holds codes, all that it may hold, in the order
	// of the reader's words for them.
	Codes      []string
	From, Most int // Most 0: to the end
}

// The columns by which copies are sorted.
const (
	ByAccession = "accession"
	ByBarcode   = "barcode" // shorter codes first
	ByTitle     = "title"
	ByKind      = "kind"   // Codes are kinds
	ByPlace     = "place"  // where the copy stands
	ByStatus    = "status" // Codes are copy statuses
	ByCondition = "condition"
	ByPrice     = "price" // 0 is none
	ByLoans     = "loans" // how often it was lent
	ByNote      = "note"
)

// The columns by which titles are sorted, with ByTitle (volumes one behind the other).
// Copies are those that have not been withdrawn.
const (
	ByAuthor      = "author" // the first
	ByClassNumber = "number"
	ByCopies      = "copies"   // how many there are
	ByReceived    = "received" // when the newest copy came
)

// The columns by which open loans are sorted, with ByTitle and ByAccession (the
// barcode where there is none).
const (
	ByGroup    = "class" // classes, then those outside: Codes are patron categories
	ByName     = "name"
	ByLent     = "lent"
	ByDue      = "due"
	ByLate     = "late" // days overdue
	ByRenewals = "renewals"
)

// OpenLoanQuery asks for loans that are open. Zero fields ask for nothing.
type OpenLoanQuery struct {
	On      Day    // the day on which classes are meant and loans are overdue; never zero
	Class   string // of the borrower
	Grade   int
	Outside bool // of those who are in no class and no pupils
	Kind    Kind // of the copy
	Until   Day  // due on that day or earlier
	Late    bool // overdue, and the library's to ask for: see Loan.LateHere
	Among   []ID // of these loans; nil: of all
	Unsure  bool // lent or renewed by a clock that could not be right, outside corners, and the day due not confirmed since
}

// OpenLoan is an open loan with its copy and its borrower; Member is zero when
// the person was forgotten.
type OpenLoan struct {
	Loan   Loan
	Item   Item
	Member Member
}

// PageView reads the long lists of the desk a stretch at a time.
type PageView interface {
	CountCopies(q CopyQuery) (int, error)
	EachCopy(q CopyQuery, p Page, fn func(Item) error) error // own order: by accession number
	// FindTitles finds what Browse finds, all of it.
	FindTitles(q TitleQuery, freshSince Day) (TitleSet, error)
	// EachFound visits the titles of a set that are still there; own order: the set's.
	EachFound(numbers []int64, p Page, fn func(Found) error) error
	// CountOpenLoans counts the loans, and those who have them.
	CountOpenLoans(q OpenLoanQuery) (loans, people int, err error)
	EachOpenLoan(q OpenLoanQuery, p Page, fn func(OpenLoan) error) error // own order: ByGroup, name, due date
}
