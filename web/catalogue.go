package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/queue"
)

// The bounds of a search.
const (
	pageLimit = 20
	maxLimit  = 100
	maxQuery  = 200 // bytes
	fewCopies = 4   // shown of a title before "show all"
	freshDays = 60  // since its arrival a copy is new
)

type catalogueAnswer struct {
	Query   string           `json:"query"`
	Total   int              `json:"total"`
	Page    int              `json:"page"`
	Limit   int              `json:"limit"`
	Results []catalogueTitle `json:"results"`
}

type catalogueTitle struct {
	ID         kiosk.ID        `json:"id"`
	Title      string          `json:"title"`
	Authors    []string        `json:"authors"`
	Publisher  string          `json:"publisher"`
	Year       int             `json:"year"`
	ISBN       string          `json:"isbn"`
	CallNumber string          `json:"call_number"`
	Total      int             `json:"total"`
	Available  int             `json:"available"`
	Copies     []catalogueCopy `json:"copies"`

	level   labels.Level
	grade   int
	link    string
	summary string
}

// Level, Grade, Link and Summary are for the page only.
func (t catalogueTitle) Level() labels.Level { return t.level }
func (t catalogueTitle) Grade() int          { return t.grade }
func (t catalogueTitle) Link() string        { return t.link }
func (t catalogueTitle) Summary() string     { return t.summary }

type catalogueCopy struct {
	Accession string    `json:"accession"`
	Place     string    `json:"place"`
	Available bool      `json:"available"`
	Status    string    `json:"status"` // available, on_loan, reserved, in_processing, in_repair, lost
	DueOn     kiosk.Day `json:"due_on"`

	place kiosk.ID
	open  string // when the place is open, where it has days of its own
}

// Open is for the page only.
func (c catalogueCopy) Open() string { return c.open }

// withOpen says of the copies in corners with opening days when these are open.
func withOpen(t catalogueTitle, opens map[kiosk.ID]string) catalogueTitle {
	for i := range t.Copies {
		t.Copies[i].open = opens[t.Copies[i].place]
	}
	return t
}

// queryText is the q of an address, in one line and not too long.
func queryText(q url.Values) string {
	text := strings.Join(strings.Fields(strings.ToValidUTF8(q.Get("q"), " ")), " ")
	if len(text) > maxQuery {
		text = strings.ToValidUTF8(text[:maxQuery], "")
	}
	return text
}

// titleQuery is what an address asks the catalogue for. What it cannot mean is
// left out.
func titleQuery(q url.Values, today kiosk.Day) kiosk.TitleQuery {
	t := kiosk.TitleQuery{Text: queryText(q), Level: q.Get("level"), Subject: q.Get("subject")}
	if k := kiosk.Kind(q.Get("kind")); slices.Contains(kiosk.Kinds, k) {
		t.Kind = k
	}
	if n, err := strconv.Atoi(q.Get("grade")); err == nil && n > 0 && n <= 12 {
		t.Grade = n
	}
	if q.Get("new") != "" {
		t.Since = today.Add(-freshDays)
	}
	return t
}

// catalogue is the public search: what there is, where it stands and when it
// comes back; never who has it.
func (s *Server) catalogue(w http.ResponseWriter, r *http.Request) error {
	a := catalogueAnswer{Page: number(r, "page", 1, 100000), Limit: number(r, "limit", pageLimit, maxLimit), Results: []catalogueTitle{}}
	var today kiosk.Day
	var q kiosk.TitleQuery
	var hits kiosk.Hits
	var levels []labels.Level
	var opens map[kiosk.ID]string
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if today, err = s.today(v); err != nil {
			return err
		}
		q = titleQuery(r.URL.Query(), today)
		a.Query = q.Text
		from := (a.Page - 1) * a.Limit
		if wantsJSON(r) && !q.Narrow() {
			hits.Total, hits.Found, err = v.Search(q.Text, from, a.Limit)
			return err
		}
		if levels, err = s.levels(v); err != nil {
			return err
		}
		if opens, err = s.cornerOpens(v, s.lang(r)); err != nil {
			return err
		}
		hits, err = v.Browse(q, today.Add(-freshDays), from, a.Limit)
		return err
	})
	if err != nil {
		return err
	}
	a.Total = hits.Total
	if a.Query != "" && (a.Total == 0 || hits.Near > 0) && !q.Narrow() && a.Page == 1 && !wantsJSON(r) {
		s.keepUnmet(r.Context(), s.unmet.note(a.Query, s.Now()))
	}
	for _, f := range hits.Found {
		a.Results = append(a.Results, withOpen(titleOf(f, levels), opens))
	}
	if wantsJSON(r) {
		writeJSON(w, http.StatusOK, a)
		return nil
	}
	pages := (a.Total + a.Limit - 1) / a.Limit
	s.page(w, r, http.StatusOK, "catalogue.html", map[string]any{
		"A": a, "Few": fewCopies, "Today": today, "Pages": pages, "More": a.Page < pages,
		"Prev": withQuery(r.URL, "page", strconv.Itoa(a.Page-1)), "Next": withQuery(r.URL, "page", strconv.Itoa(a.Page+1)),
		"Facets": facetsOf(r.URL, hits.Facets, levels), "Near": hits.Near > 0, "Narrow": q.Narrow(), "All": withQuery(&url.URL{Path: r.URL.Path}, "q", q.Text),
		"Wish": s.wishFor(a, hits.Near > 0, q.Narrow()), "Wished": r.URL.Query().Has("wished"),
		"Most": a.Total >= kiosk.MostHits, "Query": q,
	})
	return nil
}

// levels are the school's reading levels.
func (s *Server) levels(v kiosk.View) ([]labels.Level, error) {
	set, _, err := queue.School(v, s.Now())
	if err != nil {
		return nil, err
	}
	if set.Levels == nil {
		return labels.DefaultLevels(), nil
	}
	return set.Levels, nil
}

// facetLink is one value of a facet: a choice, or the way back from it.
type facetLink struct {
	Key   string // of its words; "" when Text is what is shown
	Text  string
	N     int
	Path  string
	Here  bool
	Level labels.Level
}

// facetGroup is one facet.
type facetGroup struct {
	Key   string // of its words
	Links []facetLink
}

// facetsOf makes links of what the hits are: a click narrows, another click
// takes that back.
func facetsOf(u *url.URL, f kiosk.Facets, levels []labels.Level) (groups []facetGroup) {
	asked := u.Query()
	add := func(name string, counts []kiosk.FacetCount, show func(kiosk.FacetCount, *facetLink) bool) {
		g := facetGroup{Key: "facet." + name}
		for _, c := range counts {
			l := facetLink{N: c.N, Here: asked.Get(name) == c.Value, Path: withQuery(u, name, c.Value, "page", "")}
			if l.Here {
				l.Path = withQuery(u, name, "", "page", "")
			}
			if show(c, &l) {
				g.Links = append(g.Links, l)
			}
		}
		if len(g.Links) > 0 {
			groups = append(groups, g)
		}
	}
	if f.Fresh > 0 {
		add("new", []kiosk.FacetCount{{Value: "1", N: f.Fresh}}, func(_ kiosk.FacetCount, l *facetLink) bool { l.Key = "facet.fresh"; return true })
	}
	// Levels in the school's own order.
	var sorted []kiosk.FacetCount
	for _, level := range levels {
		if i := slices.IndexFunc(f.Levels, func(c kiosk.FacetCount) bool { return c.Value == level.Code }); i >= 0 {
			sorted = append(sorted, f.Levels[i])
		}
	}
	add("level", sorted, func(c kiosk.FacetCount, l *facetLink) bool {
		l.Level = levelOf(levels, c.Value)
		l.Text = l.Level.Name
		return true
	})
	grades := slices.Clone(f.Grades)
	slices.SortFunc(grades, func(a, b kiosk.FacetCount) int { return strings.Compare(a.Value, b.Value) })
	add("grade", grades, func(c kiosk.FacetCount, l *facetLink) bool { l.Key, l.Text = "facet.of_grade", c.Value; return true })
	add("kind", f.Kinds, func(c kiosk.FacetCount, l *facetLink) bool { l.Key = "kind." + c.Value; return true })
	add("subject", f.Subjects, func(c kiosk.FacetCount, l *facetLink) bool { l.Text = c.Value; return true })
	return groups
}

func levelOf(levels []labels.Level, code string) labels.Level {
	for _, l := range levels {
		if l.Code == code && code != "" {
			return l
		}
	}
	return labels.Level{}
}

// withQuery is an address with some values of its query set; "" takes one out.
func withQuery(u *url.URL, pairs ...string) string {
	q := u.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	q.Del("lang")
	return u.Path + "?" + q.Encode()
}

func titleOf(f kiosk.Found, levels []labels.Level) catalogueTitle {
	t := catalogueTitle{
		ID: f.Title.ID, Title: f.Title.Name(), Authors: f.Title.Authors, Publisher: f.Title.Publisher, Year: f.Title.Year,
		ISBN: f.Title.ISBN, CallNumber: f.Title.CallNumber, Copies: []catalogueCopy{},
		level: levelOf(levels, f.Title.Level), grade: f.Title.Grade, link: f.Title.Link, summary: f.Title.Summary,
	}
	if t.Authors == nil {
		t.Authors = []string{}
	}
	for _, c := range f.Copies {
		if c.Item.State.Status == kiosk.CopyWithdrawn {
			continue
		}
		t.Total++
		status := string(c.Item.State.Status)
		switch {
		case c.Available:
			t.Available++
			status = "available"
		case !c.DueOn.IsZero():
			status = "on_loan"
		case status == string(kiosk.CopyAvailable): // it is kept for somebody
			status = "reserved"
		}
		t.Copies = append(t.Copies, catalogueCopy{Accession: c.Item.Accession, Place: c.Item.PlaceName, Available: c.Available, Status: status, DueOn: c.DueOn, place: c.Item.State.Place})
	}
	// What can be had stands first.
	slices.SortStableFunc(t.Copies, func(a, b catalogueCopy) int {
		switch {
		case a.Available == b.Available:
			return 0
		case a.Available:
			return -1
		}
		return 1
	})
	return t
}

// number reads a positive number of the query, kept within bounds.
func number(r *http.Request, name string, missing, most int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 1 {
		return missing
	}
	return min(n, most)
}
