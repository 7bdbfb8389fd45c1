package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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
	Of   func(T) any    // a string, int, int64, kiosk.Day or time.Time, as the kind wants it; nil for what is not known
	Say  func(T) string // the key of words to show in place of a code that Of gives; nil for none
	Link func(T) string // the path that the cell leads to; nil or "" for none
	Mark func(T) string // a class for the cell: "free" (good), "out" (waits); nil or "" for none
	Note func(T) string // small text below the value, on the page only; nil or "" for none
	// Codes gives, for a column of a long list with Say, every code in the order
	// of its words: codesOf.
	Codes func(words.Lang) []string
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
	return showListAs(s, w, r, http.StatusOK, l, rows, page, data)
}

// showListAs is showList with another status: of a page that has a form beside
// its list, and the form was refused.
func showListAs[T any](s *Server, w http.ResponseWriter, r *http.Request, status int, l list[T], rows []T, page string, data map[string]any) error {
	return showSource(s, w, r, status, l, l.short(rows, func(key string) string { return words.T(s.lang(r), key) }), page, data)
}

// showOwn is showList for a page that shows its rows in its own way, as .Rows in
// the order that the list is asked for, with {{template "listtools" .List}} and
// {{template "listsorts" .List}} above them. Of such rows there are few: all are shown.
func showOwn[T any](s *Server, w http.ResponseWriter, r *http.Request, status int, l list[T], rows []T, page string, data map[string]any) error {
	lang := s.lang(r)
	p := l.page(lang, r.URL.Query())
	col := slices.IndexFunc(l.Columns, func(c column[T]) bool { return c.Key == p.By && p.By != "" })
	rows = l.sorted(rows, col, p.Down, func(key string) string { return words.T(lang, key) })
	data["Rows"] = rows
	return showListAs(s, w, r, status, l, rows, page, data)
}

// source is where the rows of a list come from. A short list has them at hand
// (list.short); a long one asks the ledger, which counts and sorts, for what the
// page shows, and for the whole only on paper and in a workbook. The columns'
// keys are then those by which the ledger sorts.
type source[T any] struct {
	Count func(kiosk.View) (int, error)
	Each  func(kiosk.View, kiosk.Page, func(T) error) error
}

// showLong is showList with the rows from a source.
func showLong[T any](s *Server, w http.ResponseWriter, r *http.Request, l list[T], from source[T], page string, data map[string]any) error {
	return showSource(s, w, r, http.StatusOK, l, from, page, data)
}

func showSource[T any](s *Server, w http.ResponseWriter, r *http.Request, status int, l list[T], from source[T], page string, data map[string]any) error {
	if data == nil {
		data = map[string]any{}
	}
	lang, as := s.lang(r), r.URL.Query().Get("as")
	var sheet bytes.Buffer
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if as == "xlsx" {
			return l.sheet(&sheet, lang, func(fn func(T) error) error { return from.Each(v, l.page(lang, r.URL.Query()), fn) })
		}
		if as == "print" {
			page = "listpaper.html"
			data["Title"] = l.Title
			if data["Paper"], err = s.paperNow(v, lang); err != nil {
				return err
			}
		}
		view, err := l.view(lang, r.URL, v, from)
		if f, is := data["F"].(*form); is && err == nil {
			view.tick(f.Values["pick"])
		}
		data["List"] = view
		return err
	})
	if err != nil {
		return err
	}
	if as == "xlsx" {
		return s.listSheet(w, r, sheet.Bytes(), words.T(lang, l.Title))
	}
	s.deskPage(w, r, status, page, data)
	return nil
}

// page asks for all rows in the order of the query.
func (l list[T]) page(lang words.Lang, q url.Values) kiosk.Page {
	col, down := l.order(q)
	if col < 0 {
		return kiosk.Page{}
	}
	c := l.Columns[col]
	p := kiosk.Page{By: c.Key, Down: down}
	if c.Codes != nil {
		p.Codes = c.Codes(lang)
	}
	return p
}

// short is the source of rows that are at hand.
func (l list[T]) short(rows []T, say func(string) string) source[T] {
	return source[T]{
		Count: func(kiosk.View) (int, error) { return len(rows), nil },
		Each: func(_ kiosk.View, p kiosk.Page, fn func(T) error) error {
			col := slices.IndexFunc(l.Columns, func(c column[T]) bool { return c.Key == p.By && p.By != "" })
			all := l.sorted(rows, col, p.Down, say)
			all = all[min(p.From, len(all)):]
			if p.Most > 0 {
				all = all[:min(p.Most, len(all))]
			}
			for _, r := range all {
				if err := fn(r); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// codesOf are codes in the order of the words that a prefix and each make.
func codesOf[C ~string](prefix string, all []C) func(words.Lang) []string {
	return func(lang words.Lang) []string {
		var codes []string
		for _, c := range all {
			codes = append(codes, string(c))
		}
		slices.SortStableFunc(codes, func(a, b string) int {
			return strings.Compare(fold.Order(words.T(lang, prefix+a)), fold.Order(words.T(lang, prefix+b)))
		})
		return codes
	}
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

// known is a number of which 0 says that nobody knows it: a year, a grade. Such a cell is
// empty on the page, on paper and in the workbook, and sorts behind all others.
func known(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

func sayOr(say func(string) string, key string) string {
	if key == "" {
		return ""
	}
	return say(key)
}

// sheet writes the workbook of the header and of the rows that each gives, one
// after the other.
func (l list[T]) sheet(w io.Writer, lang words.Lang, each func(func(T) error) error) error {
	head := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		head[i] = words.T(lang, c.Word)
	}
	var fault error
	stop := errors.New("no more rows are wanted")
	rows := func(yield func([]exchange.Cell) bool) {
		fault = each(func(r T) error {
			if !yield(l.cells(lang, r)) {
				return stop
			}
			return nil
		})
	}
	if err := exchange.WriteList(w, words.T(lang, l.Title), head, rows); err != nil {
		return fmt.Errorf("sheet of %s: %w", l.Title, err)
	}
	return fault
}

func (l list[T]) cells(lang words.Lang, r T) []exchange.Cell {
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
	return cells
}

// listSheet sends a workbook, which was made whole first, so that a fault is a
// page that says so and not half a file.
func (s *Server) listSheet(w http.ResponseWriter, r *http.Request, sheet []byte, title string) error {
	day, err := s.todayNow(r)
	if err != nil {
		return err
	}
	attach(w, sheetType, strings.ReplaceAll(fold.Text(title), " ", "-")+"-"+day.String()+".xlsx")
	_, err = w.Write(sheet)
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
