package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// whoPath lists who or what a target still lacks.
const whoPath = targetsPath + "/who"

// missingRow is one that lacks, as the page shows it.
type missingRow struct {
	kiosk.MissingLine
	Who, What string
	Person    bool
	Href      string
}

// whoLacks lists the teachers, classes, months or records that a target lacks. Pupils
// are counted by class: their names are on the list for the class's own teacher.
func (s *Server) whoLacks(w http.ResponseWriter, r *http.Request) error {
	key := kiosk.TargetKey(r.PathValue("target"))
	i := slices.IndexFunc(kiosk.Targets, func(t kiosk.Target) bool { return t.Key == key })
	if i < 0 {
		return errNotFound
	}
	var x targetsSeen
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		x, err = s.targetFacts(v, r)
		return err
	})
	if err != nil {
		return err
	}
	lines, listed := x.Missing(key)
	if !listed {
		return errNotFound
	}
	lang, mine := s.lang(r), callerOf(r).is(kiosk.Librarian)
	var rows []missingRow
	for _, l := range lines {
		rows = append(rows, missingRowOf(lang, x.Members, key, l, mine))
	}
	people := slices.ContainsFunc(rows, func(r missingRow) bool { return r.Person })
	slices.SortStableFunc(rows, func(a, b missingRow) int {
		if a.Person {
			return cmp.Compare(fold.NameOrder(a.Who), fold.NameOrder(b.Who))
		}
		return byClass(a.Class, b.Class)
	})
	// Months stand in their order; their names have another.
	months := slices.ContainsFunc(rows, func(r missingRow) bool { return !r.Month.IsZero() })
	kind := textCell
	switch {
	case people:
		kind = nameCell
	case slices.ContainsFunc(rows, func(r missingRow) bool { return r.Class.ID != "" }):
		kind = codeCell
	}
	l := list[missingRow]{Title: "target.who", Columns: []column[missingRow]{
		{Key: "who", Word: "target.who_col", Kind: kind, Fixed: months, Of: func(r missingRow) any { return r.Who }, Link: func(r missingRow) string { return r.Href }},
		{Key: "what", Word: "target.what_col", Kind: textCell, Of: func(r missingRow) any { return r.What }},
	}}
	st := x.Facts.Measure(x.Settings.Of(kiosk.Targets[i]))
	return showList(s, w, r, l, rows, "targetwho.html", map[string]any{
		"Key": key, "N": len(rows), "Year": x.Facts.Year, "Day": x.Facts.Today, "Goal": goalText(lang, st.Target), "Now": inUnit(lang, st.Unit, st.Now), "Filter": words.T(lang, "target."+string(key)),
		"Pupils": slices.ContainsFunc(lines, func(l kiosk.MissingLine) bool { return l.Class.ID != "" && strings.HasSuffix(string(key), "_pupils") }), "Mine": mine,
	})
}

func missingRowOf(lang words.Lang, members map[kiosk.ID]kiosk.Member, key kiosk.TargetKey, l kiosk.MissingLine, mine bool) missingRow {
	row := missingRow{MissingLine: l, Person: l.Person != ""}
	switch {
	case row.Person:
		row.Who = members[l.Person].Name
		if mine {
			row.Href = "/desk/patrons/" + string(l.Person)
		}
	case l.Class.ID != "":
		row.Who = l.Class.Name
		if mine && key == "borrowers_pupils" {
			row.Href = targetsPath + "/missing/" + string(l.Class.ID)
		}
	case !l.Month.IsZero():
		row.Who = words.T(lang, "target.month", "month", int(l.Month.Month), "year", l.Month.Year)
	case l.Theme != "":
		row.Who = words.T(lang, "sub."+l.Theme)
	case l.Record != "":
		row.Who = words.T(lang, "reg."+l.Record)
	}
	var months []string
	for _, m := range l.Months {
		months = append(months, strconv.Itoa(int(m.Month)))
	}
	// What is said of a target, where it has more to say than who.
	say := "target.lacks." + string(key)
	switch {
	case key == "textbook_sets" && len(l.Semesters) > 0:
		say = "target.lacks.not_surveyed"
	case key == "teacher_sets" && len(l.Grades) == 0:
		say = "target.lacks.any_set"
	case strings.HasSuffix(string(key), "_pupils"):
		say = "target.lacks.pupils"
	}
	if words.Has(lang, say) {
		row.What = words.T(lang, say, "n", l.N, "of", l.Of, "grades", joinInts(l.Grades), "rounds", joinInts(l.Semesters), "months", strings.Join(months, ", "))
	}
	return row
}

func joinInts(all []int) string {
	var text []string
	for _, n := range all {
		text = append(text, strconv.Itoa(n))
	}
	return strings.Join(text, ", ")
}
