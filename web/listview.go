package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

// listView is a list as its template shows it.
type listView struct {
	Heads           []headView
	Rows            []rowView // of the page; of all on paper
	Picks           bool
	Total, From, To int // rows in all, and the first and last shown, from 1
	Prev, Next      string
	All             string // to every row on one page, "" when they are
	Pages           string // back to pages, "" when they are
	Sheet, Paper    string
	Back            string // from the paper to the page
}

// headView is a heading, with the link that sorts by it.
type headView struct {
	Label, Kind string
	Href        string // "" for a column that nobody sorts by
	Order       string // aria-sort: "ascending", "descending", "" when another column is the order
}

// rowView is a row.
type rowView struct {
	Cells          []cellView
	Pick, PickName string
	Ticked         bool // it was, in a form that comes back
	Mute           bool
}

// cellView is a cell. Label is its heading again: on a phone a row is a card.
type cellView struct {
	Label, Kind, Text, Href, Mark, Note string
}

// view makes the list's view: of the page that the query asks for, or of all
// rows where it wants them or asks for paper.
func (l list[T]) view(lang words.Lang, at *url.URL, from kiosk.View, rows source[T]) (*listView, error) {
	total, err := rows.Count(from)
	if err != nil {
		return nil, err
	}
	v := l.empty(lang, at, total)
	p := l.page(lang, at.Query())
	p.From, p.Most = v.From-1, max(v.To-v.From+1, 1)
	err = rows.Each(from, p, func(r T) error {
		v.Rows = append(v.Rows, l.row(lang, v.Heads, r))
		return nil
	})
	return v, err
}

// tick ticks the rows of a form that comes back as they were.
func (v *listView) tick(picked []string) {
	for i := range v.Rows {
		v.Rows[i].Ticked = v.Rows[i].Pick != "" && slices.Contains(picked, v.Rows[i].Pick)
	}
}

// empty is the view of one page of total rows, without them.
func (l list[T]) empty(lang words.Lang, at *url.URL, total int) *listView {
	q := at.Query()
	link := func(pairs ...string) string {
		next := at.Query()
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i+1] == "" {
				next.Del(pairs[i])
			} else {
				next.Set(pairs[i], pairs[i+1])
			}
		}
		next.Del("lang")
		if len(next) == 0 {
			return at.Path
		}
		return at.Path + "?" + next.Encode()
	}
	v := &listView{
		Total: total, From: 1, To: total, Picks: l.Pick != nil,
		Sheet: link("as", "xlsx", "page", "", "all", ""), Paper: link("as", "print", "page", "", "all", ""), Back: link("as", ""),
	}
	all, wanted := q.Get("as") == "print", q.Get("all") == "yes"
	sort, down := l.order(q)
	if !all && wanted && total > listPage {
		v.Pages = link("all", "", "page", "")
	}
	if !all && !wanted && total > listPage {
		last := (total + listPage - 1) / listPage
		page, _ := strconv.Atoi(q.Get("page"))
		page = max(1, min(page, last))
		v.From, v.To = (page-1)*listPage+1, min(page*listPage, total)
		if page > 1 {
			v.Prev = link("page", strconv.Itoa(page-1))
		}
		if page < last {
			v.Next = link("page", strconv.Itoa(page+1))
		}
		v.All = link("all", "yes", "page", "")
	}
	for i, c := range l.Columns {
		h := headView{Label: words.T(lang, c.Word), Kind: string(c.Kind)}
		if !c.Fixed {
			dir := ""
			if i == sort {
				h.Order = "ascending"
				if down {
					h.Order = "descending"
				} else {
					dir = "down"
				}
			}
			h.Href = link("sort", c.Key, "dir", dir, "page", "")
		}
		v.Heads = append(v.Heads, h)
	}
	return v
}

// row is a row under its headings.
func (l list[T]) row(lang words.Lang, heads []headView, r T) rowView {
	row := rowView{Cells: make([]cellView, len(l.Columns)), Mute: l.Mute != nil && l.Mute(r)}
	if l.Pick != nil {
		row.Pick, row.PickName = l.Pick(r)
	}
	for i, c := range l.Columns {
		row.Cells[i] = cellView{
			Label: heads[i].Label, Kind: string(c.Kind), Text: c.text(lang, r),
			Href: orNone(c.Link, r), Mark: orNone(c.Mark, r), Note: orNone(c.Note, r),
		}
		if x := &row.Cells[i]; x.Text == "" && x.Href != "" {
			x.Text = words.T(lang, "list.open") // what has no number yet is still opened
		}
	}
	return row
}

func orNone[T any](f func(T) string, r T) string {
	if f == nil {
		return ""
	}
	return f(r)
}

// text is a cell as people read it.
func (c column[T]) text(lang words.Lang, r T) string {
	if c.Say != nil {
		return sayOr(func(key string) string { return words.T(lang, key) }, c.Say(r))
	}
	switch v := c.Of(r).(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case int64:
		if c.Kind == moneyCell {
			if v == 0 {
				return ""
			}
			return words.Money(v)
		}
		return strconv.FormatInt(v, 10)
	case kiosk.Day:
		return words.Date(v)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return fmt.Sprintf("%02d:%02d %s", v.Hour(), v.Minute(), words.Date(kiosk.DayOf(v, v.Location())))
	}
	return ""
}
