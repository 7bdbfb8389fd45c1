package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/web/words"
)

// loanRow is an open loan in a list.
type loanRow struct {
	kiosk.Loan
	Item   kiosk.Item
	Member kiosk.Member // zero when the person was forgotten
	Lent   kiosk.Day
	Late   int    // days
	Group  string // the class, or what the patron is outside classes
}

// openLoans is the source of a list of open loans. Its own order is by class,
// name and due date.
func (s *Server) openLoans(lang words.Lang, q kiosk.OpenLoanQuery) source[loanRow] {
	return source[loanRow]{
		Count: func(v kiosk.View) (n int, err error) {
			if q.On, err = s.today(v); err != nil {
				return 0, err
			}
			n, _, err = v.CountOpenLoans(q)
			return n, err
		},
		Each: func(v kiosk.View, p kiosk.Page, fn func(loanRow) error) error {
			loc, err := kiosk.LocationOf(v)
			if err != nil {
				return err
			}
			if q.On, err = s.today(v); err != nil {
				return err
			}
			p.Codes = groupCodes(lang)
			return v.EachOpenLoan(q, p, func(l kiosk.OpenLoan) error {
				r := loanRow{Loan: l.Loan, Item: l.Item, Member: l.Member, Lent: kiosk.DayOf(l.Loan.CheckedOutAt, loc), Late: max(q.On.Sub(l.Loan.DueOn), 0), Group: l.Member.Class}
				if r.Group == "" && r.Member.Category != "" {
					r.Group = words.T(lang, "patron.category."+string(r.Member.Category))
				}
				return fn(r)
			})
		},
	}
}

var groupCodes = codesOf("patron.category.", kiosk.Categories)

// openRows are all of them.
func (s *Server) openRows(v kiosk.View, lang words.Lang, q kiosk.OpenLoanQuery) (rows []loanRow, err error) {
	err = s.openLoans(lang, q).Each(v, kiosk.Page{}, func(r loanRow) error { rows = append(rows, r); return nil })
	return rows, err
}

// loanFilter is what the address of a list of loans asks for. What it cannot
// mean is left out.
type loanFilter struct {
	Who    string // "class:2A", "grade:2", "staff", "" for everybody
	Kind   kiosk.Kind
	Until  kiosk.Day // due until, zero for any
	Unsure bool      // lent by a clock that could not be right
	Bad    bool      // the day cannot be read
}

func loanFilterOf(q url.Values) loanFilter {
	f := loanFilter{Who: q.Get("who"), Unsure: q.Get("unsure") == "yes"}
	if k := kiosk.Kind(q.Get("kind")); slices.Contains(kiosk.Kinds, k) {
		f.Kind = k
	}
	day := newForm("until", strings.TrimSpace(q.Get("until")))
	f.Until = day.day("until", false)
	f.Bad = day.Err("until") != ""
	return f
}

// query asks the ledger for what the filter keeps.
func (f loanFilter) query() kiosk.OpenLoanQuery {
	q := kiosk.OpenLoanQuery{Kind: f.Kind, Until: f.Until, Unsure: f.Unsure}
	switch kind, name, _ := strings.Cut(f.Who, ":"); kind {
	case "class":
		q.Class = name
	case "grade":
		var err error
		if q.Grade, err = strconv.Atoi(name); err != nil || q.Grade == 0 {
			q.Grade = -1 // nobody's
		}
	case "staff":
		q.Outside = true
	}
	return q
}

// words says the filter on paper, "" for none.
func (f loanFilter) words(lang words.Lang) string {
	var all []string
	switch kind, name, _ := strings.Cut(f.Who, ":"); kind {
	case "class":
		all = append(all, words.T(lang, "loans.of_class", "class", name))
	case "grade":
		all = append(all, words.T(lang, "loans.of_grade", "grade", name))
	case "staff":
		all = append(all, words.T(lang, "loans.of_staff"))
	}
	if f.Kind != "" {
		all = append(all, words.T(lang, "kind."+string(f.Kind)))
	}
	if !f.Until.IsZero() {
		all = append(all, words.T(lang, "loans.due_until", "day", words.Date(f.Until)))
	}
	if f.Unsure {
		all = append(all, words.T(lang, "loans.unsure"))
	}
	return strings.Join(all, " · ")
}

// whoChoices are the groups by which loans are filtered.
func (s *Server) whoChoices(v kiosk.View, lang words.Lang) ([]choice, error) {
	all := []choice{{"", words.T(lang, "loans.everybody")}}
	classes, err := s.classesNow(v)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(classes, byClass)
	grades := map[int]bool{}
	for _, c := range classes {
		if c.Grade > 0 && !grades[c.Grade] {
			grades[c.Grade] = true
			all = append(all, choice{"grade:" + strconv.Itoa(c.Grade), words.T(lang, "loans.of_grade", "grade", c.Grade)})
		}
	}
	for _, c := range classes {
		all = append(all, choice{"class:" + c.Name, words.T(lang, "loans.of_class", "class", c.Name)})
	}
	return append(all, choice{"staff", words.T(lang, "loans.of_staff")}), nil
}

// kindChoices are the kinds of copies, with "any" before them.
func kindChoices(lang words.Lang) []choice {
	all := []choice{{"", words.T(lang, "loans.any_kind")}}
	for _, k := range kiosk.Kinds {
		all = append(all, choice{string(k), words.T(lang, "kind."+string(k))})
	}
	return all
}

// loanColumns are the columns of lists of loans; only a librarian's lead on.
func loanColumns(mine bool) []column[loanRow] {
	link := func(path func(loanRow) string) func(loanRow) string {
		if !mine {
			return nil
		}
		return path
	}
	return []column[loanRow]{
		{Key: kiosk.ByGroup, Word: "loans.group", Kind: codeCell, Of: func(r loanRow) any { return r.Group }},
		{Key: kiosk.ByName, Word: "list.name", Kind: nameCell, Of: func(r loanRow) any { return r.Member.Name }, Link: link(func(r loanRow) string {
			if r.Member.ID == "" {
				return ""
			}
			return patronPath(r.Member.ID)
		})},
		{Key: kiosk.ByTitle, Word: "list.title", Kind: textCell, Of: func(r loanRow) any { return r.Item.Title.Name() }, Link: link(func(r loanRow) string { return loansPath + "/" + string(r.ID) })},
		{Key: kiosk.ByAccession, Word: "list.accession", Kind: codeCell, Of: func(r loanRow) any { return cmp.Or(r.Item.Accession, r.Item.Barcode) }, Link: link(func(r loanRow) string { return copyPath(r.CopyID) })},
		{Key: kiosk.ByDue, Word: "list.due", Kind: dayCell, Of: func(r loanRow) any { return r.DueOn }, Mark: func(r loanRow) string {
			if r.Late > 0 {
				return "out"
			}
			return ""
		}},
		{Key: kiosk.ByLate, Word: "loans.late", Kind: numberCell, Of: func(r loanRow) any { return r.Late }},
	}
}

func pickLoan(r loanRow) (value, name string) {
	return string(r.ID), r.Member.Name + ", " + r.Item.Title.Name()
}
