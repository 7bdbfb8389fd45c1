package kiosk

import "strings"

// TitleQuery asks the catalogue: words, and what the titles must be besides.
// Zero fields ask for nothing.
type TitleQuery struct {
	Text    string
	Kind    Kind // a copy of it is of this kind
	Level   string
	Grade   int
	Subject string // as it is written
	Since   Day    // a copy of it was received on this day or later
}

// Narrow reports whether the query asks for more than words.
func (q TitleQuery) Narrow() bool { return q != TitleQuery{Text: q.Text} }

// Hits is what a TitleQuery found.
type Hits struct {
	Total int // counted up to MostHits
	Near  int // all of them, when they are only like what was asked, or 0
	Found []Found
	Facets
}

// TitleSet is all that a TitleQuery found, to be read a stretch at a time.
type TitleSet struct {
	Hits            // without Found
	Numbers []int64 // of the titles, as the ledger counts them, in the order of Browse
}

// MostHits is how many titles a query counts and ranks at most: a common word
// is in thousands of titles, and nobody turns fifty pages.
const MostHits = 1000

// MostBrowsed is how many titles are counted when no words are asked for: all
// those of a school library.
const MostBrowsed = 10_000

// Facets say how many hits there are of each kind, level, grade and subject, the
// most frequent first: as narrowed by the other facets, but not by their own, so
// that each number is what a choice would show.
type Facets struct {
	Kinds    []FacetCount
	Levels   []FacetCount
	Grades   []FacetCount
	Subjects []FacetCount // the dozen most frequent
	Fresh    int          // received lately
}

// FacetCount is one value of a facet.
type FacetCount struct {
	Value string
	N     int
}

// MostSubjects is how many subjects a facet shows.
const MostSubjects = 12

// SearchView searches.
type SearchView interface {
	// Search finds titles by folded words of title, author, subject, series,
	// publisher, by ISBN, accession number and barcode; best first: the titles
	// that the query is a code of, and then, with the marks as they were typed
	// and after them without, those titled so, those that begin so, those with
	// the words in the title, those with the words anywhere. The last word may be
	// the beginning of one. Where none is found so, the ten most alike are: those
	// whose whole title stands in the query (TitlesWithin), and those whose words
	// are like the query's. An empty query lists the newest titles. limit is at
	// most 100.
	Search(query string, offset, limit int) (total int, found []Found, err error)
	// Browse is Search with facets: freshSince is the day from which a received
	// copy counts as new.
	Browse(q TitleQuery, freshSince Day, offset, limit int) (Hits, error)
}

// MostNamed is how many titles a query with more words than a title names.
const MostNamed = 3

// TitlesWithin are the titles that a folded query of several words may hold beside
// other words ("truyen hoang tu be ban moi"): each run of two words or more, the
// longest first.
func TitlesWithin(words []string) []string {
	var runs []string
	for n := len(words) - 1; n >= 2; n-- {
		for i := 0; i+n <= len(words); i++ {
			runs = append(runs, strings.Join(words[i:i+n], " "))
		}
	}
	return runs
}

// Beginnings are what a title may begin with whose reader went on in words of
// their own ("de men tai ban"): the first words of a folded query, two or more and
// at least half of them, the longest first.
func Beginnings(words []string) []string {
	var heads []string
	for n := len(words) - 1; n >= max(2, (len(words)+1)/2); n-- {
		heads = append(heads, strings.Join(words[:n], " "))
	}
	return heads
}
