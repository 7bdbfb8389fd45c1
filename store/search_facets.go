package store

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
)

// faceted is what a title is counted by.
type faceted struct {
	nr       int64
	level    string
	grade    int
	kinds    []string
	subjects []string
	received string // the newest copy
}

// Browse narrows what the words found, or without words all titles, and counts
// what there is of each kind, level, grade and subject.
func (v *view) Browse(q kiosk.TitleQuery, freshSince kiosk.Day, offset, limit int) (kiosk.Hits, error) {
	limit, offset = min(max(limit, 0), pageMax), max(offset, 0)
	var h kiosk.Hits
	site, err := v.siteID()
	if err != nil {
		return h, err
	}
	var nrs []int64
	near := 0
	if strings.TrimSpace(q.Text) == "" {
		nrs, err = rows(v, "search", `SELECT nr FROM title WHERE site_id = $1 AND merged_into IS NULL ORDER BY nr DESC LIMIT $2`, []any{site, kiosk.MostBrowsed}, scanNr)
	} else {
		nrs, near, err = v.hits(site, q.Text)
	}
	if err != nil {
		return h, err
	}
	all, err := v.faceted(nrs)
	if err != nil {
		return h, err
	}
	exact := len(all) - near
	count := newFacetCounts()
	var page []int64
	for i, f := range all {
		misses := f.misses(q)
		count.add(f, misses, freshSince)
		if len(misses) > 0 {
			continue
		}
		if h.Total >= offset && len(page) < limit {
			page = append(page, f.nr)
		}
		h.Total++
		if i >= exact {
			h.Near++
		}
	}
	h.Facets = count.facets()
	h.Found, err = v.foundTitles(page)
	return h, err
}

// faceted reads what titles are counted by, in the order of nrs.
func (v *view) faceted(nrs []int64) ([]faceted, error) {
	list, err := json.Marshal(nrs)
	if err != nil {
		return nil, err
	}
	type part struct {
		nr    int64
		value string
	}
	parts := func(what, query string) (map[int64][]string, error) {
		ps, err := rows(v, what, query, []any{string(list)}, func(row scanner) (p part, err error) {
			err = row.Scan(&p.nr, &p.value)
			return p, err
		})
		by := make(map[int64][]string, len(nrs))
		for _, p := range ps {
			by[p.nr] = append(by[p.nr], p.value)
		}
		return by, err
	}
	all, err := rows(v, "facets", `SELECT t.nr, t.level, t.grade FROM json_each($1) j CROSS JOIN title t ON t.nr = j.value ORDER BY j.key`, []any{string(list)}, func(row scanner) (f faceted, err error) {
		err = row.Scan(&f.nr, &f.level, &f.grade)
		return f, err
	})
	if err != nil {
		return nil, err
	}
	kinds, err := parts("kinds", `SELECT DISTINCT t.nr, c.kind FROM json_each($1) j CROSS JOIN title t ON t.nr = j.value CROSS JOIN copy c ON c.title_id = t.id
		LEFT JOIN copy_state s ON s.copy_id = c.id WHERE coalesce(s.status, '') <> 'withdrawn'`)
	if err != nil {
		return nil, err
	}
	received, err := parts("received", `SELECT t.nr, max(c.received) FROM json_each($1) j CROSS JOIN title t ON t.nr = j.value CROSS JOIN copy c ON c.title_id = t.id GROUP BY t.nr`)
	if err != nil {
		return nil, err
	}
	subjects, err := parts("subjects", `SELECT t.nr, u.name FROM json_each($1) j CROSS JOIN title t ON t.nr = j.value CROSS JOIN title_subject u ON u.title_id = t.id`)
	for i := range all {
		f := &all[i]
		f.kinds, f.subjects, f.received = kinds[f.nr], subjects[f.nr], strings.Join(received[f.nr], "")
	}
	return all, err
}

// The facets.
const (
	byKind = iota
	byLevel
	byGrade
	bySubject
	bySince
	facetCount
)

// misses are the facets by which the title is not what was asked for.
func (f faceted) misses(q kiosk.TitleQuery) (m []int) {
	if q.Kind != "" && !slices.Contains(f.kinds, string(q.Kind)) {
		m = append(m, byKind)
	}
	if q.Level != "" && f.level != q.Level {
		m = append(m, byLevel)
	}
	if q.Grade != 0 && f.grade != q.Grade {
		m = append(m, byGrade)
	}
	if q.Subject != "" && !slices.Contains(f.subjects, q.Subject) {
		m = append(m, bySubject)
	}
	if !q.Since.IsZero() && f.received < q.Since.String() {
		m = append(m, bySince)
	}
	return m
}

// facetCounts counts values of facets.
type facetCounts [facetCount]map[string]int

func newFacetCounts() *facetCounts {
	var c facetCounts
	for i := range c {
		c[i] = map[string]int{}
	}
	return &c
}

// add counts a title for each facet in which it would be shown: it fits in all
// the others.
func (c *facetCounts) add(f faceted, misses []int, freshSince kiosk.Day) {
	count := func(facet int, values ...string) {
		if len(misses) > 1 || len(misses) == 1 && misses[0] != facet {
			return
		}
		for _, v := range values {
			c[facet][v]++
		}
	}
	count(byKind, f.kinds...)
	count(bySubject, f.subjects...)
	if f.level != "" {
		count(byLevel, f.level)
	}
	if f.grade != 0 {
		count(byGrade, strconv.Itoa(f.grade))
	}
	if !freshSince.IsZero() && f.received >= freshSince.String() {
		count(bySince, "")
	}
}

func (c *facetCounts) facets() kiosk.Facets {
	list := func(facet int) (all []kiosk.FacetCount) {
		for v, n := range c[facet] {
			all = append(all, kiosk.FacetCount{Value: v, N: n})
		}
		slices.SortFunc(all, func(a, b kiosk.FacetCount) int {
			return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Value, b.Value))
		})
		return all
	}
	subjects := list(bySubject)
	return kiosk.Facets{Kinds: list(byKind), Levels: list(byLevel), Grades: list(byGrade),
		Subjects: subjects[:min(len(subjects), kiosk.MostSubjects)], Fresh: c[bySince][""]}
}
