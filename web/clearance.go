package web

import (
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

const clearancePath = "/desk/clearance"

// classDebt is everything that a class still has (seed R228): the loans of its
// pupils, with the sets they belong to, books handed out by the number, and what
// stands in its corner.
type classDebt struct {
	kiosk.Class
	Loans    []debtLoan
	Handouts []handoutRow
	Corner   int // copies that stand there
	Owing    int // pupils who have something
	Sets     int // sets of which pupils have something
}

// debtLoan is a loan with the set that it came with, "" for none.
type debtLoan struct {
	loanRow
	Set string
}

// Pieces is how many books by the number are out.
func (d classDebt) Pieces() (n int) {
	for _, h := range d.Handouts {
		n += h.Out()
	}
	return n
}

// Clear reports whether the class has given everything back.
func (d classDebt) Clear() bool { return len(d.Loans) == 0 && d.Pieces() == 0 && d.Corner == 0 }

// classDebts reads the debts of this year's classes, and of those of past years
// that still have books by the number.
func (s *Server) classDebts(r *http.Request) ([]classDebt, error) {
	var all []classDebt
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		classes, err := s.classesNow(v)
		if err != nil {
			return err
		}
		slices.SortStableFunc(classes, func(a, b kiosk.Class) int {
			if a.Grade != b.Grade {
				return a.Grade - b.Grade
			}
			return compareText(fold.Order(a.Name), fold.Order(b.Name))
		})
		at := map[kiosk.ID]int{}
		byName := map[string]int{}
		for i, c := range classes {
			all = append(all, classDebt{Class: c})
			at[c.ID], byName[c.Name] = i, i
		}
		if err := s.debtLoans(r, v, all, byName); err != nil {
			return err
		}
		handouts, err := s.handoutRows(v)
		if err != nil {
			return err
		}
		for _, h := range handouts {
			if h.ClassID == "" || h.Out() == 0 {
				continue
			}
			i, known := at[h.ClassID]
			if !known {
				i = len(all)
				at[h.ClassID] = i
				all = append(all, classDebt{Class: h.Class})
			}
			all[i].Handouts = append(all[i].Handouts, h)
		}
		return cornersOf(v, all, at, byName)
	})
	return all, err
}

func (s *Server) debtLoans(r *http.Request, v kiosk.View, all []classDebt, byName map[string]int) error {
	today, err := s.today(v)
	if err != nil {
		return err
	}
	loans, err := s.openRows(v, s.lang(r), kiosk.OpenLoanQuery{On: today})
	if err != nil {
		return err
	}
	sets, err := v.Sets()
	if err != nil {
		return err
	}
	name := map[kiosk.ID]string{}
	for _, set := range sets {
		name[set.ID] = set.Name
	}
	type has struct {
		class int
		what  kiosk.ID
	}
	seen := map[has]bool{}
	for _, l := range loans {
		i, known := byName[l.Member.Class]
		if !known || l.Member.Category != kiosk.Pupil {
			continue
		}
		d := &all[i]
		d.Loans = append(d.Loans, debtLoan{l, name[l.Item.SetID]})
		if p := (has{i, l.PatronRef}); !seen[p] {
			seen[p] = true
			d.Owing++
		}
		if p := (has{i, l.Item.SetID}); p.what != "" && !seen[p] {
			seen[p] = true
			d.Sets++
		}
	}
	return nil
}

// cornersOf counts the copies that stand in the classes' corners and are not on
// loan. at and byName find a class by its id and by its name, which is the code
// of its corner where nobody has said whose it is.
func cornersOf(v kiosk.View, all []classDebt, at map[kiosk.ID]int, byName map[string]int) error {
	places, err := v.Places()
	if err != nil {
		return err
	}
	corners, err := v.Corners()
	if err != nil {
		return err
	}
	whose := map[kiosk.ID]kiosk.ID{}
	for _, c := range corners {
		whose[c.Place] = c.Class
	}
	for _, p := range places {
		class, said := whose[p.ID]
		i, is := at[class]
		if !said {
			i, is = byName[p.Code]
		}
		if !is || p.Kind != kiosk.ClassCorner {
			continue
		}
		items, err := v.ItemsAt(p.ID)
		if err != nil {
			return err
		}
		lent := map[kiosk.ID]bool{}
		for _, l := range all[i].Loans {
			lent[l.CopyID] = true
		}
		for _, c := range items {
			if !lent[c.ID] && c.State.Status != kiosk.CopyWithdrawn && c.State.Status != kiosk.CopyLost {
				all[i].Corner++
			}
		}
	}
	return nil
}

var clearanceList = list[classDebt]{
	Title: "work.clearance",
	Columns: []column[classDebt]{
		{Key: "class", Word: "list.class", Kind: codeCell, Of: func(d classDebt) any { return d.Name }, Link: func(d classDebt) string { return clearancePath + "/sheets?class=" + string(d.ID) }},
		{Key: "owing", Word: "clearance.owing", Kind: numberCell, Of: func(d classDebt) any { return d.Owing }},
		{Key: "loans", Word: "clearance.loans", Kind: numberCell, Of: func(d classDebt) any { return len(d.Loans) }},
		{Key: "sets", Word: "clearance.sets", Kind: numberCell, Of: func(d classDebt) any { return d.Sets }},
		{Key: "pieces", Word: "clearance.pieces", Kind: numberCell, Of: func(d classDebt) any { return d.Pieces() }},
		{Key: "corner", Word: "clearance.corner", Kind: numberCell, Of: func(d classDebt) any { return d.Corner }},
		{Key: "state", Word: "list.status", Kind: textCell, Of: func(d classDebt) any { return d.Clear() }, Say: func(d classDebt) string {
			if d.Clear() {
				return "clearance.clear"
			}
			return "clearance.open"
		}, Mark: func(d classDebt) string {
			if d.Clear() {
				return "free"
			}
			return "out"
		}},
	},
}

// clearance lists the classes with what each still has.
func (s *Server) clearance(w http.ResponseWriter, r *http.Request) error {
	all, err := s.classDebts(r)
	if err != nil {
		return err
	}
	return showList(s, w, r, clearanceList, all, "clearance.html", nil)
}

// clearanceSheets are the lists to sign, a sheet of paper a class: of one, or of
// all that still have something.
func (s *Server) clearanceSheets(w http.ResponseWriter, r *http.Request) error {
	all, err := s.classDebts(r)
	if err != nil {
		return err
	}
	if of := r.URL.Query().Get("class"); of != "" {
		all = slices.DeleteFunc(all, func(d classDebt) bool { return string(d.ID) != of })
		if len(all) == 0 {
			return errNotFound
		}
	} else {
		all = slices.DeleteFunc(all, classDebt.Clear)
	}
	var head letterhead
	err = s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		head, err = s.paperNow(v, s.lang(r))
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "clearancesheets.html", map[string]any{"Classes": all, "Paper": head})
	return nil
}
