package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/web/words"
)

// titleList is the catalogue as a list: a page shows its titles in its own way, paper
// and a workbook have these columns. The ledger sorts it by their keys.
func titleList(levels []labels.Level) list[kiosk.Found] {
	text := func(key, word string, of func(kiosk.Title) string) column[kiosk.Found] {
		return column[kiosk.Found]{Key: key, Word: word, Kind: textCell, Of: func(f kiosk.Found) any { return of(f.Title) }}
	}
	fixed := func(c column[kiosk.Found]) column[kiosk.Found] { c.Fixed = true; return c }
	title := text(kiosk.ByTitle, "list.title", kiosk.Title.Name)
	title.Link = func(f kiosk.Found) string { return titlePath(f.Title.ID) }
	return list[kiosk.Found]{Title: "work.titles", Columns: []column[kiosk.Found]{
		title,
		text(kiosk.ByAuthor, "list.author", func(t kiosk.Title) string { return strings.Join(t.Authors, "; ") }),
		fixed(text("publisher", "title.publisher", func(t kiosk.Title) string { return t.Publisher })),
		{Key: "year", Word: "title.year", Kind: numberCell, Fixed: true, Of: func(f kiosk.Found) any { return known(f.Title.Year) }},
		{Key: "isbn", Word: "title.isbn", Kind: codeCell, Fixed: true, Of: func(f kiosk.Found) any { return f.Title.ISBN }},
		{Key: kiosk.ByClassNumber, Word: "title.class_number", Kind: codeCell, Of: func(f kiosk.Found) any { return f.Title.ClassNumber }},
		fixed(text("level", "title.level", func(t kiosk.Title) string { return levelOf(levels, t.Level).Name })),
		{Key: "grade", Word: "title.grade", Kind: numberCell, Fixed: true, Of: func(f kiosk.Found) any { return known(f.Title.Grade) }},
		{Key: kiosk.ByCopies, Word: "list.copies", Kind: numberCell, Of: func(f kiosk.Found) any { return len(f.Copies) }},
		{Key: "free", Word: "titles.free", Kind: numberCell, Fixed: true, Of: func(f kiosk.Found) any { return foundRows([]kiosk.Found{f})[0].Free }},
		{Key: kiosk.ByReceived, Word: "titles.received", Kind: dayCell, Of: func(f kiosk.Found) any {
			var newest kiosk.Day
			for _, c := range f.Copies {
				if c.Item.Received.After(newest) {
					newest = c.Item.Received
				}
			}
			return newest
		}},
	}}
}

// shownTitles are the titles of a page in its own way.
type shownTitles struct{ found []kiosk.Found }

// Rows are they, with where their copies stand.
func (s *shownTitles) Rows() []foundRow { return foundRows(s.found) }

// titles is the catalogue to work on: the search with its facets, what the data
// lacks, and the ways to a new title and to duplicates. Without an order that is asked
// for the newest come first, or what fits the words best.
func (s *Server) titles(w http.ResponseWriter, r *http.Request) error {
	lang, q := s.lang(r), kiosk.TitleQuery{}
	var set kiosk.TitleSet
	var levels []labels.Level
	var lacks kiosk.Completeness
	doubles := 0
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		if levels, err = s.levels(v); err != nil {
			return err
		}
		q = titleQuery(r.URL.Query(), today)
		if set, err = v.FindTitles(q, today.Add(-freshDays)); err != nil || r.URL.Query().Get("as") != "" {
			return err
		}
		if lacks, err = v.Completeness(); err != nil {
			return err
		}
		groups, err := v.Duplicates(mostDuplicates)
		doubles = len(groups)
		return err
	})
	if err != nil {
		return err
	}
	facets, shown := facetsOf(r.URL, set.Facets, levels), &shownTitles{}
	from := source[kiosk.Found]{
		Count: func(kiosk.View) (int, error) { return len(set.Numbers), nil },
		Each: func(v kiosk.View, p kiosk.Page, fn func(kiosk.Found) error) error {
			return v.EachFound(set.Numbers, p, func(f kiosk.Found) error {
				if p.Most > 0 {
					shown.found = append(shown.found, f)
				}
				return fn(f)
			})
		},
	}
	return showLong(s, w, r, titleList(levels), from, "titles.html", map[string]any{
		"Q": q, "Hits": set.Hits, "Shown": shown, "Facets": facets, "Lacks": lacks, "LackOrder": kiosk.Lacks, "Doubles": doubles,
		"Filter": titlesFilter(lang, q, facets), "Narrow": q.Narrow(), "All": withQuery(&url.URL{Path: r.URL.Path}, "q", q.Text), "Near": set.Near > 0,
	})
}

// titlesFilter says on paper what was asked for.
func titlesFilter(lang words.Lang, q kiosk.TitleQuery, facets []facetGroup) string {
	var all []string
	if q.Text != "" {
		all = append(all, "“"+q.Text+"”")
	}
	for _, g := range facets {
		for _, l := range g.Links {
			switch {
			case !l.Here:
			case l.Key != "":
				all = append(all, words.T(lang, l.Key, "n", l.Text))
			default:
				all = append(all, l.Text)
			}
		}
	}
	return strings.Join(slices.Compact(all), " · ")
}
