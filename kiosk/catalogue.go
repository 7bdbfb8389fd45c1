package kiosk

import (
	"errors"
	"slices"
	"strings"
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
	// Duplicates lists groups of titles that may be one (GroupDuplicates), at most
	// limit of them.
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
	// ErrWithdrawn says that the copy has left the library: its record stands as it
	// left, as the registers tell it.
	ErrWithdrawn = errors.New("the copy is withdrawn")
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

// GroupDuplicates groups titles that may be one: of one ISBN, or of one title
// and remainder for which some author, where both have one, is the same. "Ký"
// and "kí" are one word, and "Saint-Exupéry, Antoine de" is "Antoine de
// Saint-Exupéry". Volumes of different numbers are never one, though a set's
// volumes often share an ISBN. folded is fold.Text. A title is in one group only.
func GroupDuplicates(candidates []Title, folded func(string) string, limit int) [][]Title {
	seen := make(map[ID]likeness, len(candidates))
	by := map[string][]Title{}
	for _, t := range candidates {
		x := likenessOf(t, folded)
		seen[t.ID] = x
		by[x.name] = append(by[x.name], t)
		if t.ISBN != "" {
			by["isbn "+t.ISBN] = append(by["isbn "+t.ISBN], t)
		}
	}
	var groups [][]Title
	in := map[ID]bool{}
	for _, t := range candidates {
		if in[t.ID] || len(groups) == limit {
			continue
		}
		group := []Title{t}
		for _, k := range []string{seen[t.ID].name, "isbn " + t.ISBN} {
			for _, o := range by[k] {
				same := func(x Title) bool { return x.ID == o.ID }
				if !in[o.ID] && !slices.ContainsFunc(group, same) && seen[t.ID].like(seen[o.ID]) {
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

// likeness is what of a title tells whether another is the same.
type likeness struct {
	name, isbn string   // the title with its remainder
	numbers    string   // those in it: volumes, grades
	authors    []string // each one's words in order
}

func likenessOf(t Title, folded func(string) string) likeness {
	x := likeness{isbn: t.ISBN}
	for _, part := range []string{t.Title, t.Remainder} {
		for w := range strings.FieldsSeq(folded(part)) {
			x.name += oneSpelling(w) + " "
			if strings.Trim(w, "0123456789") == "" || strings.Trim(w, "ivx") == "" {
				x.numbers += w + " "
			}
		}
		x.name += "/"
	}
	for _, a := range t.Authors {
		words := strings.Fields(folded(a))
		slices.Sort(words)
		x.authors = append(x.authors, strings.Join(words, " "))
	}
	return x
}

// oneSpelling writes a folded syllable's y as i where both are in use: ký, lý,
// mỹ, sỹ, tỷ, hy, quý; not where they are different words, as in tay and tai.
func oneSpelling(word string) string {
	switch word {
	case "hy", "ky", "ly", "my", "sy", "ty", "quy":
		return word[:len(word)-1] + "i"
	}
	return word
}

func (x likeness) like(o likeness) bool {
	if x.numbers != o.numbers {
		return false
	}
	if x.isbn != "" && x.isbn == o.isbn {
		return true
	}
	if x.name != o.name {
		return false
	}
	return len(x.authors) == 0 || len(o.authors) == 0 || slices.ContainsFunc(x.authors, func(a string) bool { return slices.Contains(o.authors, a) })
}
