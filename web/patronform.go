package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"muontra/kiosk"
	"muontra/web/words"
)

// explainedPeople says why an act on people was refused.
func explainedPeople(l words.Lang, err error) string {
	var open *kiosk.OpenLoansError
	var alike *kiosk.AlikeError
	var year *kiosk.PromotionError
	var no errNoAct
	switch {
	case errors.As(err, &open):
		return words.T(l, "patron.open_loans", "n", len(open.Titles), "titles", strings.Join(open.Titles, "; "))
	case errors.As(err, &alike):
		return words.T(l, "patron.alike."+alike.Field)
	case errors.As(err, &no):
		return words.T(l, "reason."+string(no.reason)+".head")
	case errors.As(err, &year):
		var all []string
		for _, p := range year.Problems {
			all = append(all, words.T(l, "year.trouble."+string(p.Trouble), "class", p.Class))
		}
		return strings.Join(all, " ")
	}
	return ""
}

// patronSexes and patronCategories are the choices of the form; a class that
// borrows as one is made elsewhere.
var (
	patronSexes      = []string{"f", "m"}
	patronCategories = []kiosk.Category{kiosk.Pupil, kiosk.Teacher, kiosk.Staff, kiosk.Manager, kiosk.Guest}
)

// patronOf reads a person from the form.
func patronOf(f *form) kiosk.Patron {
	return kiosk.Patron{
		Name: f.text("name", 1, kiosk.MaxPatronName), Category: kiosk.Category(f.Get("category")), BirthDate: f.day("birth_date", false),
		Sex: f.Get("sex"), SectorCode: f.Get("sector_code"),
	}
}

func formOfPatron(p kiosk.Patron) *form {
	return newForm("name", p.Name, "category", string(p.Category), "birth_date", p.BirthDate.String(), "sex", p.Sex, "sector_code", p.SectorCode)
}

// patronForm shows the form of a person, new or known.
func (s *Server) patronForm(w http.ResponseWriter, r *http.Request, status int, f *form, known kiosk.Patron, twin kiosk.ID) error {
	data := map[string]any{"F": f, "P": known, "Twin": twin, "Sexes": patronSexes, "Categories": patronCategories}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		year, _, err := s.yearShown(v, "")
		if err != nil {
			return err
		}
		data["Classes"], err = v.Classes(year.ID)
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "patronform.html", data)
	return nil
}

// newPatron is the empty form, of the class from which one comes.
func (s *Server) newPatron(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	f := newForm("category", string(kiosk.Pupil), "class", r.URL.Query().Get("class"), "card", "yes")
	if f.Get("class") == outsideClasses {
		f.Values.Set("category", string(kiosk.Teacher))
		f.Values.Set("class", "")
	}
	return s.patronForm(w, r, http.StatusOK, f, kiosk.Patron{}, "")
}

// addPatron adds a person; who is like somebody known is shown beside, and
// added when it is said to be another.
func (s *Server) addPatron(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	p := patronOf(f)
	var twin kiosk.ID
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		done, err := s.People.AddPatron(r.Context(), a, p, kiosk.ID(f.Get("class")), f.Is("card", "yes"), f.Is("twin", "yes"))
		var alike *kiosk.AlikeError
		if errors.As(err, &alike) {
			twin = alike.Other
		}
		if err != nil {
			return "", err
		}
		to := patronPath(done.Patron)
		s.made(r, to, "/desk/classes", func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.People.UndoAddPatron(ctx, a, done)
			return err
		}, "patron.added")
		return to, nil
	}, func(status int) error { return s.patronForm(w, r, status, f, kiosk.Patron{}, twin) })
}

// patronIn is the person of the path.
func (s *Server) patronIn(r *http.Request) (p kiosk.Patron, err error) {
	if s.People == nil {
		return p, errNotFound
	}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		p, err = v.Patron(kiosk.ID(r.PathValue("id")))
		return err
	})
	return p, err
}

func (s *Server) editPatron(w http.ResponseWriter, r *http.Request) error {
	p, err := s.patronIn(r)
	if err != nil {
		return err
	}
	return s.patronForm(w, r, http.StatusOK, formOfPatron(p).stamp(), p, "")
}

// changePatron corrects what is known of a person.
func (s *Server) changePatron(w http.ResponseWriter, r *http.Request) error {
	old, err := s.patronIn(r)
	if err != nil {
		return err
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	p := patronOf(f)
	p.ID = old.ID
	to := patronPath(p.ID)
	var twin kiosk.ID
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		_, err := s.People.ChangePatron(r.Context(), a, p, func(now kiosk.Patron) error {
			old = now
			return f.stale(formOfPatron(now))
		})
		var alike *kiosk.AlikeError
		if errors.As(err, &alike) {
			twin = alike.Other
		}
		if err != nil {
			return "", err
		}
		s.done(r, to, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.People.ChangePatron(ctx, a, old, nil)
			return err
		}, "patron.changed")
		return to, nil
	}, func(status int) error { return s.patronForm(w, r, status, f, old, twin) })
}
