package store

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
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
	set, err := v.FindTitles(q, freshSince)
	if err != nil {
		return kiosk.Hits{}, err
	}
	page := set.Numbers[min(max(offset, 0), len(set.Numbers)):]
	set.Found, err = v.foundTitles(page[:min(max(limit, 0), pageMax, len(page))])
	return set.Hits, err
}

func (v *view) FindTitles(q kiosk.TitleQuery, freshSince kiosk.Day) (set kiosk.TitleSet, err error) {
	site, err := v.siteID()
	if err != nil {
		return set, err
	}
	var nrs []int64
	near := 0
	if strings.TrimSpace(q.Text) == "" {
		nrs, err = rows(v, "search", `SELECT nr FROM title WHERE site_id = $1 AND merged_into IS NULL ORDER BY nr DESC LIMIT $2`, []any{site, kiosk.MostBrowsed}, scanNr)
	} else {
		nrs, near, err = v.hits(site, q.Text)
	}
	if err != nil {
		return set, err
	}
	all, err := v.faceted(nrs)
	if err != nil {
		return set, err
	}
	exact := len(all) - near
	count := newFacetCounts()
	for i, f := range all {
		misses := f.misses(q)
		count.add(f, misses, freshSince)
		if len(misses) > 0 {
			continue
		}
		set.Numbers = append(set.Numbers, f.nr)
		if i >= exact {
			set.Near++
		}
	}
	set.Total, set.Facets = len(set.Numbers), count.facets()
	return set, nil
}

// faceted reads what titles are counted by, in the order of nrs.
func (v *view) faceted(nrs []int64) ([]faceted, error) {
	list, err := json.Marshal(nrs)
	if err != nil {
		return nil, err
	}
	// One row of one text, for the reason that numbers gives. Fields and titles
	// are held apart by control characters, which no name may hold.
	text, err := rows(v, "facets", `SELECT group_concat(concat_ws(char(31), t.nr, t.level, t.grade, coalesce(
			(SELECT concat(max(c.received), char(31), group_concat(CASE WHEN NOT EXISTS (SELECT 1 FROM copy_state s WHERE s.copy_id = c.id AND s.status = 'withdrawn') THEN c.kind END))
				FROM copy c WHERE c.title_id = t.id), char(31)),
			(SELECT group_concat(u.name, char(29)) FROM title_subject u WHERE u.title_id = t.id)), char(30))
		FROM json_each($1) j CROSS JOIN title t ON t.nr = j.value`, []any{string(list)}, func(row scanner) (text sql.NullString, err error) {
		err = row.Scan(&text)
		return text, err
	})
	if err != nil || len(text) == 0 || text[0].String == "" {
		return nil, err
	}
	by := make(map[int64]faceted, len(nrs))
	for one := range strings.SplitSeq(text[0].String, "\x1e") {
		var f faceted
		if err := f.read(strings.Split(one, "\x1f")); err != nil {
			return nil, fault("facets", err)
		}
		by[f.nr] = f
	}
	all := make([]faceted, 0, len(nrs))
	for _, nr := range nrs {
		if f, ok := by[nr]; ok {
			all = append(all, f)
		}
	}
	return all, nil
}

// read takes the fields of a title apart: its number, level, grade, newest copy,
// kinds and, where it has any, subjects.
func (f *faceted) read(parts []string) (err error) {
	if len(parts) < 5 {
		return fmt.Errorf("%d fields", len(parts))
	}
	if f.nr, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
		return err
	}
	if f.grade, err = strconv.Atoi(parts[2]); err != nil {
		return err
	}
	f.level, f.received = parts[1], parts[3]
	for kind := range strings.SplitSeq(parts[4], ",") { // of each copy
		if kind != "" && !slices.Contains(f.kinds, kind) {
			f.kinds = append(f.kinds, kind)
		}
	}
	if len(parts) > 5 {
		f.subjects = strings.Split(parts[5], "\x1d")
	}
	return nil
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
