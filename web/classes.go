package web

import (
	"cmp"
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// personRow is somebody in a class list.
type personRow struct {
	kiosk.Member
	Lost   bool // no card in use, and one that was lost
	Photo  bool
	Open   int
	Late   int
	InYear kiosk.ID // the class in the year that is shown, "" outside classes
}

// classRow is a class with its counts.
type classRow struct {
	kiosk.Class
	People, Cards, Out, Late int
}

// rollOf reads everybody, with the class in a year and what is on loan, in the
// order of the names.
func (s *Server) rollOf(v kiosk.View, year kiosk.SchoolYear) ([]personRow, error) {
	today, err := s.today(v)
	if err != nil {
		return nil, err
	}
	es, err := v.EnrolmentsIn(year.ID)
	if err != nil {
		return nil, err
	}
	of := map[kiosk.ID][]kiosk.Enrolment{}
	for _, e := range es {
		of[e.PatronID] = append(of[e.PatronID], e)
	}
	on := today
	if !year.Contains(today) {
		on = year.End
	}
	open, late := map[kiosk.ID]int{}, map[kiosk.ID]int{}
	err = v.EachLoan(true, func(l kiosk.Loan) error {
		open[l.PatronRef]++
		if l.LateHere(today) {
			late[l.PatronRef]++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var rows []personRow
	err = v.EachMember(today, func(m kiosk.Member) error {
		p := personRow{Member: m, Open: open[m.Ref], Late: late[m.Ref]}
		if e, ok := kiosk.PlacedOn(of[m.ID], on); ok {
			p.InYear = e.ClassID
		}
		rows = append(rows, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	keys := make(map[kiosk.ID]string, len(rows)) // made once each, not once a comparison
	for _, p := range rows {
		keys[p.ID] = fold.NameOrder(p.Name)
	}
	slices.SortStableFunc(rows, func(a, b personRow) int { return cmp.Compare(keys[a.ID], keys[b.ID]) })
	return rows, nil
}

// yearShown is the year that a page is about: the one asked for, that of today
// where it has classes, or the last that has.
func (s *Server) yearShown(v kiosk.View, want kiosk.ID) (shown kiosk.SchoolYear, years []kiosk.SchoolYear, err error) {
	all, err := v.Years()
	if err != nil {
		return shown, nil, err
	}
	today, err := s.today(v)
	if err != nil {
		return shown, nil, err
	}
	for _, y := range slices.Backward(all) { // the newest first
		has, err := v.HasEnrolments(y.ID)
		if err != nil {
			return shown, nil, err
		}
		if !has {
			continue
		}
		years = append(years, y)
		better := shown.ID == "" || y.ID == want || shown.ID != want && !shown.Contains(today) && y.Contains(today)
		if better {
			shown = y
		}
	}
	if want != "" && shown.ID != want {
		return shown, nil, kiosk.ErrNotFound
	}
	if shown.ID == "" { // nobody is in a class yet
		rules, err := v.Rules(today)
		return rules.Year, years, err
	}
	return shown, years, nil
}

var classesList = list[classRow]{
	Title: "classes.title",
	Columns: []column[classRow]{
		{Key: "class", Word: "list.class", Kind: codeCell, Of: func(c classRow) any { return c.Name }, Link: func(c classRow) string { return "/desk/classes/" + string(c.ID) }},
		{Key: "grade", Word: "classes.grade", Kind: numberCell, Of: func(c classRow) any { return known(c.Grade) }},
		{Key: "people", Word: "classes.people", Kind: numberCell, Of: func(c classRow) any { return c.People }},
		{Key: "cards", Word: "classes.cards", Kind: numberCell, Of: func(c classRow) any { return c.Cards }, Mark: func(c classRow) string {
			if c.Cards < c.People {
				return "out"
			}
			return ""
		}},
		{Key: "out", Word: "classes.out", Kind: numberCell, Of: func(c classRow) any { return c.Out }},
		{Key: "late", Word: "classes.late", Kind: numberCell, Of: func(c classRow) any { return c.Late }, Mark: func(c classRow) string {
			if c.Late > 0 {
				return "out"
			}
			return ""
		}},
	},
}

// classesPage lists the classes of a year with what they have.
func (s *Server) classesPage(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	var rows []classRow
	var outside, unplaced, sum classRow
	data := map[string]any{}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		year, years, err := s.yearShown(v, kiosk.ID(r.URL.Query().Get("year")))
		if err != nil {
			return err
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		data["Year"], data["Years"], data["Past"] = year, years, !year.Contains(today)
		people, err := s.rollOf(v, year)
		if err != nil {
			return err
		}
		classes, err := v.Classes(year.ID)
		if err != nil {
			return err
		}
		undone, err := undoneClasses(v)
		if err != nil {
			return err
		}
		at := map[kiosk.ID]*classRow{}
		all := make([]classRow, len(classes))
		for i, c := range classes {
			all[i].Class = c
			at[c.ID] = &all[i]
		}
		for _, p := range people {
			if p.Status == kiosk.PatronLeft && year.Contains(today) {
				continue
			}
			c := at[p.InYear]
			if c == nil {
				c = &outside
				if p.Category == kiosk.Pupil {
					c = &unplaced
				}
			}
			c.count(p)
			sum.count(p)
		}
		for _, c := range all {
			if c.People > 0 || !undone[c.ID] {
				rows = append(rows, c)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	data["Outside"], data["Unplaced"], data["Sum"] = outside, unplaced, sum
	return showList(s, w, r, classesList, rows, "classes.html", data)
}

func (c *classRow) count(p personRow) {
	c.People++
	if p.Card.ID != "" {
		c.Cards++
	}
	c.Out += p.Open
	c.Late += p.Late
}

// undoneClasses are those that a beginning of a year made which was taken back.
func undoneClasses(v kiosk.View) (map[kiosk.ID]bool, error) {
	ps, err := v.Promotions()
	all := map[kiosk.ID]bool{}
	for _, p := range slices.Backward(ps) {
		for _, c := range p.Record.Classes {
			all[c] = !p.Undone.IsZero()
		}
	}
	return all, err
}

var personList = list[personRow]{
	Title: "class.list",
	Columns: []column[personRow]{
		{Key: "name", Word: "list.name", Kind: nameCell, Of: func(p personRow) any { return p.Name }},
		{Key: "birth", Word: "patron.birth_date", Kind: dayCell, Of: func(p personRow) any { return p.BirthDate }},
		{Key: "category", Word: "patron.category", Kind: textCell, Of: func(p personRow) any { return string(p.Category) }, Say: func(p personRow) string { return "patron.category." + string(p.Category) }},
		{Key: "card", Word: "patron.card", Kind: codeCell, Of: func(p personRow) any { return p.Card.Barcode }},
		{Key: "out", Word: "classes.out", Kind: numberCell, Of: func(p personRow) any { return p.Open }},
		{Key: "late", Word: "classes.late", Kind: numberCell, Of: func(p personRow) any { return p.Late }},
	},
}

// unplacedPupils stands in place of a class for pupils who have none.
const unplacedPupils = "none"

// classPage is the list of one class, of those outside classes ("-"), or of
// pupils without a class ("none").
func (s *Server) classPage(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	id := kiosk.ID(r.PathValue("id"))
	var rows []personRow
	data := map[string]any{"Outside": id == outsideClasses, "Unplaced": id == unplacedPupils}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		class, year, err := s.classAndYear(v, id)
		if err != nil {
			return err
		}
		if class.ID != "" {
			data["Filter"] = words.T(s.lang(r), "class.title", "class", class.Name, "year", year.Name)
		}
		data["Class"], data["Year"] = class, year
		data["Past"] = class.ID != "" && !year.Contains(today) && year.End.Before(today)
		people, err := s.rollOf(v, year)
		if err != nil {
			return err
		}
		for _, p := range people {
			if !p.inClass(id) || p.Status == kiosk.PatronLeft && data["Past"] != true {
				continue
			}
			if p.Card.ID == "" {
				cards, err := v.CardsOf(p.ID)
				if err != nil {
					return err
				}
				p.Lost = slices.ContainsFunc(cards, func(c kiosk.Card) bool { return c.Status == kiosk.CardLost })
			} else if s.Photos != nil {
				p.Photo = s.Photos.Has(p.Card.Barcode)
			}
			rows = append(rows, p)
		}
		return nil
	})
	if err != nil {
		return err
	}
	data["Rows"], data["Photos"] = rows, s.Photos != nil
	return showList(s, w, r, personList, rows, "class.html", data)
}

// classAndYear is a class with its school year; those outside classes and the
// pupils without one are of the present.
func (s *Server) classAndYear(v kiosk.View, id kiosk.ID) (class kiosk.Class, year kiosk.SchoolYear, err error) {
	class.Name = outsideClasses
	if id == outsideClasses || id == unplacedPupils {
		year, _, err = s.yearShown(v, "")
		return class, year, err
	}
	if class, err = v.Class(id); err != nil {
		return class, year, err
	}
	years, err := v.Years()
	if err != nil {
		return class, year, err
	}
	return class, years[slices.IndexFunc(years, func(y kiosk.SchoolYear) bool { return y.ID == class.YearID })], nil
}

// inClass reports whether somebody is on the list of a class, of those outside
// classes, or of the pupils without one.
func (p personRow) inClass(id kiosk.ID) bool {
	return p.InYear == id || id == outsideClasses && p.Category != kiosk.Pupil || id == unplacedPupils && p.InYear == "" && p.Category == kiosk.Pupil
}

// byClass is the order in which people read classes: by grade, 2A before 10A, then
// by name.
func byClass(a, b kiosk.Class) int {
	return cmp.Or(cmp.Compare(a.Grade, b.Grade), cmp.Compare(fold.Order(a.Name), fold.Order(b.Name)))
}
