package web

import (
	"context"
	"net/http"

	"muontra/kiosk"
)

// schoolPage is the form of what papers say of the school, and how its
// collections are numbered.
func (s *Server) schoolPage(w http.ResponseWriter, r *http.Request) error {
	var now kiosk.School
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		now, err = kiosk.SchoolOf(v)
		return err
	})
	if err != nil {
		return err
	}
	return s.schoolForm(w, r, http.StatusOK, formOfSchool(now).stamp())
}

func formOfSchool(c kiosk.School) *form {
	return newForm("name", c.Name, "superior", c.Superior, "place", c.Place, "librarian", c.Librarian, "management", c.Management, "title", c.Title)
}

func schoolOf(f *form) kiosk.School {
	return kiosk.School{
		Name: f.text("name", 1, 120), Superior: f.text("superior", 0, 120), Place: f.text("place", 0, 60),
		Librarian: f.text("librarian", 0, 60), Management: f.text("management", 0, 60), Title: f.text("title", 0, 60),
	}
}

// collection is a kind of stock with the beginning of its accession numbers.
type collection struct{ Kind, Prefix string }

func (s *Server) schoolForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var all []collection
	for _, k := range kiosk.Kinds {
		all = append(all, collection{string(k), k.Prefix()})
	}
	s.deskPage(w, r, status, "school.html", map[string]any{"F": f, "Collections": all})
	return nil
}

// putSchool changes it.
func (s *Server) putSchool(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	school := schoolOf(f)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var c swap[kiosk.School]
		err := s.Settings.SetSchool(r.Context(), a, c.remember(func(now kiosk.School) (kiosk.School, error) {
			return school, f.stale(formOfSchool(now))
		}))
		if err != nil {
			return "", err
		}
		s.done(r, schoolPath, func(ctx context.Context, a kiosk.Attempt) error { return s.Settings.SetSchool(ctx, a, c.back) }, "school.saved")
		return schoolPath, nil
	}, func(status int) error { return s.schoolForm(w, r, status, f) })
}
