package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// A list is the one way in which the desk shows a table of things: the columns
// are declared once, and the page has sorting by a click on a header, paging,
// a sheet to print and the rows as they stand in an .xlsx. A page needs
//
//	var overdueList = list[overdueRow]{
//		Title: "overdue.title", Sort: "due",
//		Columns: []column[overdueRow]{
//			{Key: "name", Word: "list.name", Kind: nameCell, Of: func(r overdueRow) any { return r.Name }, Link: func(r overdueRow) string { return "/desk/patrons/" + string(r.ID) }},
//			{Key: "class", Word: "list.class", Kind: codeCell, Of: func(r overdueRow) any { return r.Class }},
//			{Key: "due", Word: "list.due", Kind: dayCell, Of: func(r overdueRow) any { return r.DueOn }},
//		},
//	}
//
//	func (s *Server) overdue(w http.ResponseWriter, r *http.Request) error {
//		rows, err := ...                       // filtered by the query, in any order
//		if err != nil { return err }
//		return showList(s, w, r, overdueList, rows, "overdue.html", map[string]any{"Filter": words.T(lang, "x.of_class", "class", "3A")})
//	}
//
// and in overdue.html, where the table is to stand, {{template "list" .List}}
// (inside a form, when the rows can be picked). The head of the page needs
// nothing. What the query asks for beyond sort, dir, page, all and as is the
// page's own filter: all links of the list keep it. Filter, which may be left
// out, says it in words on paper.
type list[T any] struct {
	Title   string // the key of its words: the heading on paper, and the file's name
	Columns []column[T]
	Sort    string // the column that the rows are sorted by when nobody asks; "" leaves them as they come
	Down    bool   // that order from the greatest
	// Pick gives each row a box to tick, named "pick", with this value; Name
	// says which row it is, for those who hear the page.
	Pick func(T) (value, name string)
	// Mute reports whether a row is shown pale: done, closed, left.
	Mute func(T) bool
}

// column is a column of a list.
type column[T any] struct {
	Key  string // in ?sort=
	Word string // the key of its heading's words
	Kind cellKind
	Of   func(T) any    // a string, int, int64, kiosk.Day or time.Time, as the kind wants it
	Say  func(T) string // the key of words to show in place of a code that Of gives; nil for none
	Link func(T) string // the path that the cell leads to; nil or "" for none
	Mark func(T) string // a class for the cell: "free" (good), "out" (waits); nil or "" for none
	Note func(T) string // small text below the value, on the page only; nil or "" for none
	// Fixed is a column that nobody sorts by.
	Fixed bool
}

// cellKind says what a column holds: how it is sorted, set and written.
type cellKind string

const (
	textCell   cellKind = "text"   // words, as a Vietnamese dictionary sorts them
	nameCell   cellKind = "name"   // a person: by given name, then family name
	codeCell   cellKind = "code"   // barcodes, numbers of copies, classes: a text in a sheet, K2 before K10
	numberCell cellKind = "number" // an int or int64
	moneyCell  cellKind = "money"  // an int64 in dong; 0 is not known
	dayCell    cellKind = "day"    // a kiosk.Day
	timeCell   cellKind = "time"   // a time.Time in the school's zone
)

// listPage is how many rows a page of a list has.
const listPage = 100

// showList answers with the page that shows the rows, with all of them on paper
// (?as=print) or in a workbook (?as=xlsx). The order is the query's.
func showList[T any](s *Server, w http.ResponseWriter, r *http.Request, l list[T], rows []T, page string, data map[string]any) error {
	if data == nil {
		data = map[string]any{}
	}
	lang, q := s.lang(r), r.URL.Query()
	sort, down := l.order(q)
	rows = l.sorted(rows, sort, down, func(key string) string { return words.T(lang, key) })
	switch q.Get("as") {
	case "xlsx":
		return s.listSheet(w, r, l.sheet(lang, rows), words.T(lang, l.Title))
	case "print":
		v := l.view(lang, r.URL, rows, sort, down, true)
		return s.listPaper(w, r, v, l.Title, data)
	}
	data["List"] = l.view(lang, r.URL, rows, sort, down, false)
	s.deskPage(w, r, http.StatusOK, page, data)
	return nil
}

// order is the column to sort by, -1 for none, as the query or the list says.
// Only a column that may be sorted by is taken.
func (l list[T]) order(q url.Values) (col int, down bool) {
	find := func(key string) int {
		return slices.IndexFunc(l.Columns, func(c column[T]) bool { return c.Key == key && !c.Fixed })
	}
	if col := find(q.Get("sort")); q.Get("sort") != "" && col >= 0 {
		return col, q.Get("dir") == "down"
	}
	if l.Sort == "" {
		return -1, false
	}
	return find(l.Sort), l.Down
}

// sortKey is what a row is sorted by: a text or a number. Nothing comes last,
// in either direction.
type sortKey struct {
	none bool
	text string
	n    int64
}

func (a sortKey) compare(b sortKey, down bool) int {
	switch {
	case a.none && b.none:
		return 0
	case a.none:
		return 1
	case b.none:
		return -1
	}
	c := strings.Compare(a.text, b.text)
	if c == 0 {
		c = compareInt(a.n, b.n)
	}
	if down {
		return -c
	}
	return c
}

func compareInt(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// sorted is the rows in order; those that are equal keep theirs.
func (l list[T]) sorted(rows []T, col int, down bool, say func(string) string) []T {
	if col < 0 {
		return rows
	}
	type keyed struct {
		key sortKey
		row T
	}
	c := l.Columns[col]
	all := make([]keyed, len(rows))
	for i, r := range rows {
		all[i] = keyed{c.sortKey(r, say), r}
	}
	slices.SortStableFunc(all, func(a, b keyed) int { return a.key.compare(b.key, down) })
	out := make([]T, len(rows))
	for i, k := range all {
		out[i] = k.row
	}
	return out
}

func (c column[T]) sortKey(r T, say func(string) string) sortKey {
	v := c.Of(r)
	if c.Say != nil {
		v = sayOr(say, c.Say(r))
	}
	switch v := v.(type) {
	case string:
		if c.Kind == nameCell {
			return sortKey{none: v == "", text: fold.NameOrder(v)}
		}
		return sortKey{none: v == "", text: fold.Order(v)}
	case int:
		return sortKey{n: int64(v)}
	case int64:
		return sortKey{n: v, none: c.Kind == moneyCell && v == 0}
	case kiosk.Day:
		return sortKey{none: v.IsZero(), text: v.String()}
	case time.Time:
		return sortKey{none: v.IsZero(), n: v.UnixNano()}
	}
	return sortKey{none: true}
}

func sayOr(say func(string) string, key string) string {
	if key == "" {
		return ""
	}
	return say(key)
}

// sheet is the header and the rows for a workbook.
func (l list[T]) sheet(lang words.Lang, rows []T) (out [][]exchange.Cell) {
	head := make([]exchange.Cell, len(l.Columns))
	for i, c := range l.Columns {
		head[i] = words.T(lang, c.Word)
	}
	out = append(out, head)
	for _, r := range rows {
		cells := make([]exchange.Cell, len(l.Columns))
		for i, c := range l.Columns {
			v := c.Of(r)
			if c.Say != nil {
				v = sayOr(func(key string) string { return words.T(lang, key) }, c.Say(r))
			}
			if n, is := v.(int64); is && n == 0 && c.Kind == moneyCell {
				v = nil
			}
			cells[i] = v
		}
		out = append(out, cells)
	}
	return out
}

// listSheet sends a workbook: it is made whole first, so that a fault is a page
// that says so and not half a file.
func (s *Server) listSheet(w http.ResponseWriter, r *http.Request, cells [][]exchange.Cell, title string) error {
	head := make([]string, len(cells[0]))
	for i, c := range cells[0] {
		head[i] = c.(string)
	}
	var b bytes.Buffer
	if err := exchange.WriteList(&b, title, head, slices.Values(cells[1:])); err != nil {
		return fmt.Errorf("sheet of %s: %w", r.URL.Path, err)
	}
	day, err := s.todayNow(r)
	if err != nil {
		return err
	}
	attach(w, sheetType, strings.ReplaceAll(fold.Text(title), " ", "-")+"-"+day.String()+".xlsx")
	_, err = w.Write(b.Bytes())
	return err
}

const sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// attach makes the answer a file to keep; the name is plain ASCII.
func attach(w http.ResponseWriter, kind, name string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// todayNow is the school's day.
func (s *Server) todayNow(r *http.Request) (day kiosk.Day, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		day, err = s.today(v)
		return err
	})
	return day, err
}

// listPaper is the list as it is printed: the school, the heading, the day, and
// every row under a head that stands on each sheet of paper again.
func (s *Server) listPaper(w http.ResponseWriter, r *http.Request, v listView, title string, data map[string]any) error {
	err := s.Ledger.View(r.Context(), func(view kiosk.View) error {
		site, err := view.Site()
		if err != nil {
			return err
		}
		data["School"] = site.Name
		data["Today"], err = s.today(view)
		return err
	})
	if err != nil {
		return err
	}
	data["List"], data["Title"] = v, title
	s.deskPage(w, r, http.StatusOK, "listpaper.html", data)
	return nil
}
