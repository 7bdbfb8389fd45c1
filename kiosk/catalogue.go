package kiosk

import (
	"errors"
	"slices"
)

// CopyQuery asks for copies that need work. Zero fields ask for nothing;
// withdrawn copies are only listed when they are asked for.
type CopyQuery struct {
	Status    CopyStatus
	Condition Condition
	Lack      Lack
}

// Lack is what is missing in the data of a copy or of its title (seed R91).
type Lack string

// The lacks.
const (
	LackPrice   Lack = "price"   // of the copy
	LackPlace   Lack = "place"   // where it belongs
	LackLabel   Lack = "label"   // neither printed nor proven by a scan
	LackLevel   Lack = "level"   // the title's reading level
	LackClass   Lack = "class"   // the title's class number
	LackAuthors Lack = "authors" // the title's
)

// Lacks lists all lacks.
var Lacks = []Lack{LackPrice, LackPlace, LackLabel, LackLevel, LackClass, LackAuthors}

// Completeness counts what the data of the stock lacks: copies for price, place
// and label, titles for the others.
type Completeness struct {
	Copies, Titles int
	Missing        map[Lack]int
}

// CatalogueView reads what the librarian works on.
type CatalogueView interface {
	Completeness() (Completeness, error)
	// Alike lists the titles that have the ISBN (in either form), or the folded
	// title with its remainder, of t; not t itself.
	Alike(t Title) ([]Title, error)
	// Duplicates lists groups of titles of one ISBN, or of one folded title,
	// remainder and first author; at most limit groups.
	Duplicates(limit int) ([][]Title, error)
	// ReceiptLinesOf lists the receipts' lines of a title, oldest first.
	ReceiptLinesOf(title ID) ([]ReceiptLine, error)
	// EventsOfCopy and EventsOfTitle list the newest first: what happened to the
	// copy, and how the title's record was changed.
	EventsOfCopy(copyID ID, limit int) ([]Event, error)
	EventsOfTitle(title ID, limit int) ([]Event, error)
}

// Edited is what a person changed in the catalogue, as it was before and as it
// is now: what undo writes back.
type Edited struct {
	Title     ID             `json:"title,omitempty"` // whose history it belongs to
	Other     ID             `json:"other,omitempty"` // with a merge: the title that went
	Titles    []TitleEdit    `json:"titles,omitempty"`
	Copies    []CopyEdit     `json:"copies,omitempty"`
	Sets      []SetEdit      `json:"sets,omitempty"`
	Textbooks []TextbookEdit `json:"textbooks,omitempty"`
	Holds     []ID           `json:"holds,omitempty"` // that went from one title to the other
	Lines     []ID           `json:"lines,omitempty"` // of receipts, likewise
}

// TitleEdit is one title before and after.
type TitleEdit struct {
	Before Title `json:"before"`
	After  Title `json:"after"`
}

// CopyEdit is the catalogue's part of a copy before and after.
type CopyEdit struct {
	Before Copy `json:"before"`
	After  Copy `json:"after"`
}

// CopyRecord is what the desk changes about a copy: its catalogue's part and
// its state.
type CopyRecord struct {
	SubKind   string
	Price     int64
	HomePlace ID
	Note      string
	Condition Condition
	Place     ID // where it stands now; "" when nobody knows
	Pieces    int
}

// RecordOf is a copy's record as it stands.
func RecordOf(i Item) CopyRecord {
	return CopyRecord{i.SubKind, i.Price, i.HomePlace, i.Note, i.State.Condition, i.State.Place, i.Pieces}
}

// The errors of the catalogue's acts.
var (
	// ErrSameTitle says that a title cannot be merged with itself.
	ErrSameTitle = errors.New("a title cannot be merged with itself")
	// ErrMerged says that the title was merged into another.
	ErrMerged = errors.New("the title was merged into another")
	// ErrCopyOnLoan says that the copy is out: take it back first.
	ErrCopyOnLoan = errors.New("the copy is on loan")
	// ErrNotUndoable says that something has happened since to what an act
	// changed, or that it is no act that can be taken back.
	ErrNotUndoable = errors.New("this can no longer be taken back")
)

// BarcodeTakenError says that another copy, or something else, bears the code.
type BarcodeTakenError struct {
	Code string
	Copy ID // "" when it is a card's, a set's, a place's or a command's
}

func (e *BarcodeTakenError) Error() string { return "barcode " + e.Code + " is in use" }

// GroupDuplicates groups titles that may be one: of one ISBN, or of one folded
// title and remainder whose first authors, where both are known, are the same.
// A title is in one group only.
func GroupDuplicates(candidates []Title, folded func(string) string, limit int) [][]Title {
	var groups [][]Title
	in := map[ID]bool{}
	alike := func(a, b Title) bool {
		if folded(a.Title) != folded(b.Title) {
			return a.ISBN != "" && a.ISBN == b.ISBN && folded(a.Title+" "+a.Remainder) == folded(b.Title+" "+b.Remainder)
		}
		if folded(a.Remainder) != folded(b.Remainder) {
			return false
		}
		if a.ISBN != "" && a.ISBN == b.ISBN {
			return true
		}
		return len(a.Authors) == 0 || len(b.Authors) == 0 || folded(a.Authors[0]) == folded(b.Authors[0])
	}
	by := map[string][]Title{}
	for _, t := range candidates {
		k := folded(t.Title)
		by[k] = append(by[k], t)
		if t.ISBN != "" {
			by["isbn "+t.ISBN] = append(by["isbn "+t.ISBN], t)
		}
	}
	for _, t := range candidates {
		if in[t.ID] || len(groups) == limit {
			continue
		}
		group := []Title{t}
		for _, k := range []string{folded(t.Title), "isbn " + t.ISBN} {
			for _, o := range by[k] {
				same := func(x Title) bool { return x.ID == o.ID }
				if !in[o.ID] && !slices.ContainsFunc(group, same) && alike(t, o) {
					group = append(group, o)
				}
			}
		}
		if len(group) > 1 {
			for _, x := range group {
				in[x.ID] = true
			}
			groups = append(groups, group)
		}
	}
	return groups
}
