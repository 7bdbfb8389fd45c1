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

// takers are those to whom books can be handed out: the classes of the year,
// then the adults.
func (s *Server) takers(v kiosk.View, lang words.Lang) ([]choice, error) {
	all := []choice{{"", words.T(lang, "handouts.choose")}}
	classes, err := s.classesNow(v)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(classes, byClass)
	for _, c := range classes {
		all = append(all, choice{"class:" + string(c.ID), words.T(lang, "loans.of_class", "class", c.Name)})
	}
	today, err := s.today(v)
	if err != nil {
		return nil, err
	}
	var adults []kiosk.Member
	err = v.EachMember(today, func(m kiosk.Member) error {
		if m.Category != kiosk.Pupil && kiosk.CanEnter(m).Says() == kiosk.Yes {
			adults = append(adults, m)
		}
		return nil
	})
	slices.SortStableFunc(adults, func(a, b kiosk.Member) int {
		return cmp.Compare(fold.NameOrder(a.Name), fold.NameOrder(b.Name))
	})
	for _, m := range adults {
		all = append(all, choice{"patron:" + string(m.ID), m.Name})
	}
	return all, err
}

// handoutLine is a line of the form.
type handoutLine struct {
	kiosk.TextbookLine
	Title kiosk.Title
	Field string
}

func (s *Server) newHandout(w http.ResponseWriter, r *http.Request) error {
	return s.handoutForm(w, r, http.StatusOK, newForm("to", r.URL.Query().Get("to")), true)
}

// handoutForm shows who gets what; a new one is filled in for a class: a book of
// its grade for each pupil, till the semester's end.
func (s *Server) handoutForm(w http.ResponseWriter, r *http.Request, status int, f *form, fill bool) error {
	lang := s.lang(r)
	var takers []choice
	var lines []handoutLine
	var grades []int
	var name string
	pupils, grade := 0, -1
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if takers, err = s.takers(v, lang); err != nil || f.Get("to") == "" {
			return err
		}
		c, n, m, err := s.handoutTo(v, f.Get("to"))
		if err != nil {
			return err
		}
		name, pupils = cmp.Or(c.Name, m.Name), n
		if c.ID != "" {
			grade = c.Grade
		}
		asked := cmp.Or(f.Get("grade"), r.URL.Query().Get("grade"))
		if g, err := strconv.Atoi(asked); err == nil {
			grade = g
		}
		all, err := v.TextbookLines()
		if err != nil {
			return err
		}
		for _, l := range all {
			t, err := v.Title(l.TitleID)
			if err != nil {
				return err
			}
			if !slices.Contains(grades, t.Grade) {
				grades = append(grades, t.Grade)
			}
			if l.Quantity == 0 || grade >= 0 && t.Grade != grade {
				continue
			}
			line := handoutLine{l, t, "line-" + string(l.ID)}
			if fill && c.ID != "" && t.Grade == c.Grade {
				f.Values.Set(line.Field, strconv.Itoa(min(n, l.Shelf())))
			}
			lines = append(lines, line)
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		rules, err := v.Rules(today)
		if fill && err == nil {
			f.Values.Set("due", rules.Year.SemesterEnd(today).String())
			f.Values.Set("on", today.String())
		}
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(grades)
	slices.SortStableFunc(lines, func(a, b handoutLine) int {
		return cmp.Or(a.Title.Grade-b.Title.Grade, cmp.Compare(fold.Order(a.Title.Title+" "+a.Title.Remainder), fold.Order(b.Title.Title+" "+b.Title.Remainder)), a.Year-b.Year)
	})
	s.deskPage(w, r, status, "handoutnew.html", map[string]any{
		"F": f, "Takers": takers, "Lines": lines, "Name": name, "Pupils": pupils, "Grades": grades, "Grade": grade, "Chosen": f.Get("to") != "",
	})
	return nil
}

// handOut hands out what the form says.
func (s *Server) handOut(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	h := kiosk.Handout{On: f.day("on", true), Due: f.day("due", true), Note: f.text("note", 0, kiosk.MaxText)}
	var items []kiosk.HandoutItem
	sum := 0
	for field := range f.Values {
		if id, is := strings.CutPrefix(field, "line-"); is {
			n := f.count(field, 0, 0, kiosk.MaxRegister)
			items, sum = append(items, kiosk.HandoutItem{Line: kiosk.ID(id), Quantity: n}), sum+n
		}
	}
	slices.SortFunc(items, func(a, b kiosk.HandoutItem) int { return cmp.Compare(a.Line, b.Line) })
	var name string
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		c, _, m, err := s.handoutTo(v, f.Get("to"))
		h.ClassID, h.PatronRef, name = c.ID, m.Ref, cmp.Or(c.Name, m.Name)
		return err
	})
	if isNotFound(err) {
		f.Values.Set("to", "")
		f.fault("to", kiosk.FieldMissing, nil)
	} else if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		ans, err := s.Lending.HandOut(r.Context(), a, h, items)
		if isNotFound(err) {
			return "", errBadBody
		}
		if err != nil {
			return "", err
		}
		s.done(r, handoutsPath, s.undoOf(ans.Result.EventSeq), "handouts.done", "n", sum, "to", name)
		return handoutsPath, nil
	}, func(status int) error { return s.handoutForm(w, r, status, f, false) })
}

func (s *Server) handoutBack(w http.ResponseWriter, r *http.Request) error {
	return s.backForm(w, r, http.StatusOK, newForm("to", r.URL.Query().Get("to")))
}

// backForm shows what a class or teacher has, with fields for what comes back.
func (s *Server) backForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var mine []handoutRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rows, err := s.handoutRows(v)
		for _, h := range rows {
			if h.To() == f.Get("to") && (h.Out() > 0 || h.Lost > 0) {
				mine = append(mine, h)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(mine) == 0 {
		return errNotFound
	}
	s.deskPage(w, r, status, "handoutback.html", map[string]any{"F": f, "Rows": mine, "Name": mine[0].Name()})
	return nil
}

// handBack takes back what the form says: the numbers of each row, or all that
// is out.
func (s *Server) handBack(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	var items []kiosk.HandoutBack
	n := 0
	if f.Is("what", "all") {
		err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
			rows, err := s.handoutRows(v)
			for _, h := range rows {
				if h.To() == f.Get("to") && h.Out() > 0 {
					items, n = append(items, kiosk.HandoutBack{ID: h.ID, Whole: h.Out()}), n+h.Out()
				}
			}
			return err
		})
		if err != nil {
			return err
		}
	} else {
		for field := range f.Values {
			id, is := strings.CutPrefix(field, "whole-")
			if !is {
				continue
			}
			b := kiosk.HandoutBack{ID: kiosk.ID(id)}
			for name, to := range map[string]*int{"whole-": &b.Whole, "damaged-": &b.Damaged, "lost-": &b.Lost, "found-": &b.Found} {
				*to = f.count(name+id, 0, 0, kiosk.MaxRegister)
			}
			items, n = append(items, b), n+b.Whole+b.Damaged+b.Found
		}
		slices.SortFunc(items, func(a, b kiosk.HandoutBack) int { return cmp.Compare(a.ID, b.ID) })
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		ans, err := s.Lending.HandBack(r.Context(), a, items)
		if isNotFound(err) {
			return "", errBadBody
		}
		if err != nil {
			return "", err
		}
		s.done(r, handoutsPath, s.undoOf(ans.Result.EventSeq), "handouts.back_done", "n", n)
		return handoutsPath, nil
	}, func(status int) error { return s.backForm(w, r, status, f) })
}
