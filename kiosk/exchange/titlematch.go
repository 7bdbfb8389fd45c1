package exchange

import (
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// titleRec is a title that is stored, or that an earlier row adds.
type titleRec struct {
	draft  *titleDraft
	isNew  bool
	row    int // the first row that is about it, -1 for none
	stock  map[kiosk.Kind]int
	listed map[kiosk.Kind]int // of the stock, the copies that a row names by code or number already
}

// titleMatcher finds the title of a row: by its id, by ISBN, by its words.
type titleMatcher struct {
	byID   map[kiosk.ID]*titleRec
	byISBN map[string][]*titleRec
	byKey  map[string][]*titleRec
	// titlesOf counts, for each ISBN of the file, the different titles that
	// claim it: where volumes share one, it alone decides nothing.
	titlesOf map[string]map[string]bool
}

func newTitleMatcher(v kiosk.View) (*titleMatcher, error) {
	m := &titleMatcher{byID: map[kiosk.ID]*titleRec{}, byISBN: map[string][]*titleRec{}, byKey: map[string][]*titleRec{}, titlesOf: map[string]map[string]bool{}}
	err := v.EachTitle(func(t kiosk.Title) error {
		m.learn(&titleRec{draft: &titleDraft{title: t, stored: true}, row: -1})
		return nil
	})
	return m, err
}

func (m *titleMatcher) learn(r *titleRec) {
	r.stock, r.listed = map[kiosk.Kind]int{}, map[kiosk.Kind]int{}
	t := r.draft.title
	if t.ID != "" {
		m.byID[t.ID] = r
	}
	if isbn := isbnKey(t.ISBN); isbn != "" {
		m.byISBN[isbn] = append(m.byISBN[isbn], r)
	}
	k := titleKey(t.Title)
	m.byKey[k] = append(m.byKey[k], r)
}

func titleKey(s string) string {
	if f := fold.Text(s); f != "" {
		return f
	}
	return fold.NFC(s) // "???" is a title too
}

// isbnKey is the one form of ISBN-10 and ISBN-13: the digits they share.
func isbnKey(isbn string) string {
	switch len(isbn) {
	case 10:
		return "978" + isbn[:9]
	case 13:
		return isbn[:12]
	}
	return ""
}

// note remembers which titles of the file claim which ISBN.
func (m *titleMatcher) note(b *book) {
	if k := isbnKey(b.title.ISBN); k != "" {
		if m.titlesOf[k] == nil {
			m.titlesOf[k] = map[string]bool{}
		}
		m.titlesOf[k][titleKey(b.title.Title+" "+b.title.Remainder)] = true
	}
}

// find is the row's title, nil when it is new.
func (m *titleMatcher) find(b *book) *titleRec {
	if r := m.byID[b.titleID]; r != nil && b.titleID != "" {
		return r
	}
	if k := isbnKey(b.title.ISBN); k != "" {
		list := m.byISBN[k]
		for _, r := range list {
			if sameTitle(r.draft.title, b.title) {
				return r
			}
		}
		if len(list) == 1 && len(m.titlesOf[k]) == 1 {
			return list[0]
		}
	}
	var best *titleRec
	bestScore := -1
	for _, r := range m.byKey[titleKey(b.title.Title)] {
		if s := likeness(r.draft.title, b.title); s > bestScore {
			best, bestScore = r, s
		}
	}
	return best
}

// sameTitle compares the words of two titles, their volumes included.
func sameTitle(a, b kiosk.Title) bool {
	if titleKey(a.Title) == titleKey(b.Title) {
		return a.Remainder == "" || b.Remainder == "" || fold.Text(a.Remainder) == fold.Text(b.Remainder)
	}
	return titleKey(a.Title+" "+a.Remainder) == titleKey(b.Title+" "+b.Remainder)
}

// likeness says how well two titles of the same words agree in the rest: -1 for
// not at all, more for each thing that both say alike. What one of them leaves
// out is no difference; volumes are.
func likeness(a, b kiosk.Title) int {
	if fold.Text(a.Remainder) != fold.Text(b.Remainder) {
		return -1
	}
	if a.ISBN != "" && b.ISBN != "" && isbnKey(a.ISBN) != isbnKey(b.ISBN) {
		return -1
	}
	score := 0
	for _, pair := range [][2]string{
		{authorKey(a.Authors), authorKey(b.Authors)},
		{fold.Text(a.Publisher), fold.Text(b.Publisher)},
		{yearKey(a.Year), yearKey(b.Year)},
	} {
		switch {
		case pair[0] == pair[1]:
			score += 2
		case pair[0] != "" && pair[1] != "":
			return -1
		}
	}
	return score
}

func yearKey(y int) string {
	if y == 0 {
		return ""
	}
	return limitFact(y)
}

// mergeTitle puts what a row says over a title. Only the first row of a file
// about a title may change what is there; a later one fills what is empty, so
// that two rows that differ do not take turns for ever.
func mergeTitle(t, says kiosk.Title, fillOnly, withPrice bool) (kiosk.Title, bool) {
	changed := false
	set := func(to *string, from string) {
		if from == "" || fillOnly && *to != "" || !better(*to, from) {
			return
		}
		*to, changed = from, true
	}
	num := func(to *int, from int) {
		if from == 0 || fillOnly && *to != 0 || *to == from {
			return
		}
		*to, changed = from, true
	}
	list := func(to *[]string, from []string) {
		if len(from) == 0 || authorKey(*to) == authorKey(from) || fillOnly && len(*to) > 0 {
			return
		}
		*to, changed = from, true
	}
	set(&t.Title, says.Title)
	set(&t.Remainder, says.Remainder)
	if len(says.Authors) > 0 && says.Relators != nil && authorKey(t.Authors) == authorKey(says.Authors) && !slices.Equal(t.TidyRelators(), says.Relators) && !(fillOnly && t.Relators != nil) {
		t.Relators, changed = says.Relators, true
	}
	before := authorKey(t.Authors)
	if list(&t.Authors, says.Authors); authorKey(t.Authors) != before {
		t.Relators = says.Relators
	}
	set(&t.Publisher, says.Publisher)
	set(&t.PubPlace, says.PubPlace)
	num(&t.Year, says.Year)
	if isbnKey(t.ISBN) != isbnKey(says.ISBN) {
		set(&t.ISBN, says.ISBN)
	}
	set(&t.ClassNumber, says.ClassNumber)
	list(&t.Subjects, says.Subjects)
	num(&t.Grade, says.Grade)
	set(&t.Level, says.Level)
	set(&t.Language, says.Language)
	num(&t.Pages, says.Pages)
	set(&t.CallNumber, says.CallNumber)
	set(&t.Edition, says.Edition)
	set(&t.Series, says.Series)
	set(&t.Size, says.Size)
	set(&t.Link, says.Link)
	set(&t.Summary, says.Summary)
	if says.ClassScheme != "" && says.ClassScheme != t.ClassScheme && !(fillOnly && t.ClassScheme != "") {
		t.ClassScheme, changed = says.ClassScheme, true
	}
	if says.Price != 0 && withPrice && t.Price != says.Price && !(fillOnly && t.Price != 0) {
		t.Price, changed = says.Price, true
	}
	return t, changed
}
