package web

import (
	"net/http"

	"muontra/kiosk"
)

// myClassRoutes are what a collaborator may read: the own classes, no other.
func (s *Server) myClassRoutes() []route {
	return []route{
		{"GET", "/desk/my-classes", collaborator, s.myClasses},
		{"GET", "/desk/my-classes/{class}", collaborator, s.myClass},
	}
}

// myClassRow is one of the collaborator's classes.
type myClassRow struct {
	kiosk.Class
	Pupils, Loans, Late int
}

// ownLoan is a pupil of an own class with one book, or none.
type ownLoan struct {
	Name, Title, Accession string
	Due                    kiosk.Day
	Late                   bool
}

var myClassList = list[ownLoan]{
	Title: "my_class.list", Sort: "name",
	Columns: []column[ownLoan]{
		{Key: "name", Word: "list.name", Kind: nameCell, Of: func(l ownLoan) any { return l.Name }},
		{Key: "title", Word: "list.title", Kind: textCell, Of: func(l ownLoan) any { return l.Title }},
		{Key: "accession", Word: "list.accession", Kind: codeCell, Of: func(l ownLoan) any { return l.Accession }},
		{Key: "due", Word: "list.due", Kind: dayCell, Of: func(l ownLoan) any { return l.Due }, Mark: func(l ownLoan) string {
			if l.Late {
				return "out"
			}
			return ""
		}},
	},
}

// ownClass is a class of the caller's account in this school year; false for
// another's, whether it exists or not.
func (s *Server) ownClass(v kiosk.View, r *http.Request, id kiosk.ID) (kiosk.Class, bool, error) {
	if !callerOf(r).account.account.Own(id) {
		return kiosk.Class{}, false, nil
	}
	list, err := s.classesNow(v)
	for _, c := range list {
		if c.ID == id {
			return c, true, err
		}
	}
	return kiosk.Class{}, false, err
}

// eachOwn visits the pupils of a class with their loans.
func (s *Server) eachOwn(v kiosk.View, c kiosk.Class, fn func(kiosk.Member, []kiosk.LoanItem, kiosk.Day)) error {
	today, err := s.today(v)
	if err != nil {
		return err
	}
	return v.EachMember(today, func(m kiosk.Member) error {
		if m.Class != c.Name || m.Status == kiosk.PatronLeft {
			return nil
		}
		open, err := v.OpenLoansOf(m.Ref)
		fn(m, open, today)
		return err
	})
}

// myClasses are the collaborator's classes with their numbers.
func (s *Server) myClasses(w http.ResponseWriter, r *http.Request) error {
	var rows []myClassRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		classes, err := s.classesNow(v)
		if err != nil {
			return err
		}
		for _, c := range classes {
			if !callerOf(r).account.account.Own(c.ID) {
				continue
			}
			row := myClassRow{Class: c}
			err := s.eachOwn(v, c, func(_ kiosk.Member, open []kiosk.LoanItem, today kiosk.Day) {
				row.Pupils++
				for _, l := range open {
					row.Loans++
					if l.Overdue(today) {
						row.Late++
					}
				}
			})
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "myclasses.html", map[string]any{"Classes": rows})
	return nil
}

// myClass is one class: each pupil with the books at home.
func (s *Server) myClass(w http.ResponseWriter, r *http.Request) error {
	var class kiosk.Class
	var rows []ownLoan
	mine := false
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if class, mine, err = s.ownClass(v, r, kiosk.ID(r.PathValue("class"))); err != nil || !mine {
			return err
		}
		return s.eachOwn(v, class, func(m kiosk.Member, open []kiosk.LoanItem, today kiosk.Day) {
			if len(open) == 0 {
				rows = append(rows, ownLoan{Name: m.Name})
			}
			for _, l := range open {
				rows = append(rows, ownLoan{m.Name, l.Item.Title.Name(), l.Item.Accession, l.DueOn, l.Overdue(today)})
			}
		})
	})
	if err != nil {
		return err
	}
	if !mine {
		return errForbidden
	}
	return showList(s, w, r, myClassList, rows, "myclass.html", map[string]any{"Class": class, "Filter": class.Name, "Targets": s.Yearly != nil})
}
