package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
)

// formOfSet is a set as its form shows it.
func formOfSet(b kiosk.BookSet) *form {
	grade := ""
	if b.Grade > 0 {
		grade = strconv.Itoa(b.Grade)
	}
	return newForm("name", b.Name, "grade", grade, "programme", b.Programme, "barcode", b.Barcode)
}

func setOfForm(f *form) kiosk.BookSet {
	return kiosk.BookSet{Name: f.text("name", 1, kiosk.MaxText), Grade: f.count("grade", 0, 0, 12), Programme: oneOf(f, "programme", kiosk.Programmes), Barcode: f.code("barcode")}
}

// lineChoice is a quantity line that a new set may take a book of.
type lineChoice struct {
	kiosk.TextbookLine
	Title  kiosk.Title
	Chosen bool
}

// setForm shows the form; id is "" for new sets.
func (s *Server) setForm(w http.ResponseWriter, r *http.Request, status int, f *form, id kiosk.ID) error {
	var set kiosk.BookSet
	grades := map[int][]lineChoice{}
	var order []int
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if id != "" {
			set, err = v.Set(id)
			return err
		}
		lines, err := v.TextbookLines()
		if err != nil {
			return err
		}
		for _, l := range lines {
			t, err := v.Title(l.TitleID)
			if err != nil {
				return err
			}
			if l.Quantity < 1 {
				continue
			}
			if grades[t.Grade] == nil {
				order = append(order, t.Grade)
			}
			grades[t.Grade] = append(grades[t.Grade], lineChoice{l, t, slices.Contains(f.Values["line"], string(l.ID))})
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(order)
	s.deskPage(w, r, status, "setform.html", map[string]any{"F": f, "Set": set, "Programmes": kiosk.Programmes, "Grades": order, "Lines": grades})
	return nil
}

func (s *Server) newSet(w http.ResponseWriter, r *http.Request) error {
	return s.setForm(w, r, http.StatusOK, newForm("programme", kiosk.Programme2018, "count", "1"), "")
}

// addSet makes one empty set to scan books into, or several of the quantity
// lines that are ticked.
func (s *Server) addSet(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	set, n := setOfForm(f), f.count("count", 1, 1, kiosk.MaxSetsAtOnce)
	var lines []kiosk.ID
	for _, id := range f.Values["line"] {
		lines = append(lines, kiosk.ID(id))
	}
	if n > 1 && len(lines) == 0 {
		f.Wrong["count"] = "sets_need_lines"
	}
	if n > 1 && set.Barcode != "" {
		f.Wrong["barcode"] = "sets_one_barcode"
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if len(lines) == 0 {
			made, ans, err := s.Cataloguing.SaveSet(r.Context(), a, set, nil)
			if err != nil {
				return "", ofBarcode(err)
			}
			s.made(r, setPath(made.ID), setsPath, s.undoOf(ans.Result.EventSeq), "sets.made_empty")
			return setPath(made.ID), nil
		}
		made, ans, err := s.Cataloguing.SetsFromLines(r.Context(), a, set, n, lines)
		if err != nil || len(made) == 0 {
			return "", ofBarcode(err)
		}
		to := setsPath
		if len(made) == 1 {
			to = setPath(made[0].ID)
		}
		s.made(r, to, setsPath, s.undoOf(ans.Result.EventSeq), "sets.made", "n", len(made))
		return to, nil
	}, func(status int) error { return s.setForm(w, r, status, f, "") })
}

// ofBarcode is what is wrong with a set, beside the barcode where another thing bears it.
func ofBarcode(err error) error {
	if errors.As(err, new(*kiosk.BarcodeTakenError)) {
		return atField("barcode", err)
	}
	return err
}

func (s *Server) editSet(w http.ResponseWriter, r *http.Request) error {
	id := kiosk.ID(r.PathValue("id"))
	var set kiosk.BookSet
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		set, err = v.Set(id)
		return err
	})
	if err != nil {
		return err
	}
	return s.setForm(w, r, http.StatusOK, formOfSet(set).stamp(), id)
}

func (s *Server) changeSet(w http.ResponseWriter, r *http.Request) error {
	id := kiosk.ID(r.PathValue("id"))
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	set := setOfForm(f)
	set.ID = id
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		_, done, err := s.Cataloguing.SaveSet(r.Context(), a, set, func(now kiosk.BookSet) error { return f.stale(formOfSet(now)) })
		if err != nil {
			return "", ofBarcode(err)
		}
		s.done(r, setPath(id), s.undoOf(done.Result.EventSeq), "sets.changed")
		return setPath(id), nil
	}, func(status int) error { return s.setForm(w, r, status, f, id) })
}
