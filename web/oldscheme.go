package web

import (
	"net/http"
	"strconv"

	"muontra/kiosk"
	"muontra/web/words"
)

const oldSchemePath = targetsPath + "/old-scheme"

// oldSchemeRoutes are the points of the older scheme, for a school that keeps it.
func (s *Server) oldSchemeRoutes() []route {
	if s.Yearly == nil {
		return nil
	}
	return []route{
		{"GET", oldSchemePath, librarian, s.oldScheme},
		{"POST", oldSchemePath, librarian, s.setOldScheme},
	}
}

func (s *Server) oldScheme(w http.ResponseWriter, r *http.Request) error {
	var o kiosk.OldScheme
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		o, err = kiosk.OldSchemeOf(v)
		return err
	})
	if err != nil {
		return err
	}
	return s.showOldScheme(w, r, http.StatusOK, formOfOldScheme(s.lang(r))(o).stamp())
}

func formOfOldScheme(lang words.Lang) func(kiosk.OldScheme) *form {
	return func(o kiosk.OldScheme) *form {
		f := newForm()
		set := func(field string, n float64) {
			if n > 0 {
				f.Values.Set(field, figure(lang, n))
			}
		}
		for i := range kiosk.OldStandards {
			n := strconv.Itoa(i + 1)
			set("most_"+n, o.Most[i])
			if o.Most[i] > 0 {
				f.Values.Set("points_"+n, figure(lang, o.Points[i]))
			}
			f.Values.Set("note_"+n, o.Notes[i])
		}
		for i, least := range o.Titles {
			set("title_"+strconv.Itoa(i+1), least)
		}
		return f
	}
}

func (s *Server) showOldScheme(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	s.deskPage(w, r, status, "oldscheme.html", map[string]any{"F": f, "Standards": []string{"1", "2", "3", "4", "5"}, "Titles": []string{"1", "2", "3"}})
	return nil
}

// mostPoints bounds what is typed.
const mostPoints = 1000

func (s *Server) setOldScheme(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	points := func(field string, most float64) float64 {
		if f.Get(field) == "" {
			return 0
		}
		n := f.length(field)
		if f.Wrong[field] == "" && (n < 0 || n > most) {
			f.fault(field, kiosk.FieldOutOfRange, kiosk.Facts{"min": 0, "max": figure(s.lang(r), most)})
		}
		return n
	}
	var o kiosk.OldScheme
	for i := range kiosk.OldStandards {
		n := strconv.Itoa(i + 1)
		o.Most[i] = points("most_"+n, mostPoints)
		o.Points[i] = points("points_"+n, o.Most[i])
		o.Notes[i] = f.text("note_"+n, 0, kiosk.MaxText)
	}
	for i := range o.Titles {
		o.Titles[i] = points("title_"+strconv.Itoa(i+1), mostPoints*kiosk.OldStandards)
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		return keepPage(s, r, a, s.Yearly, f, pageForm[kiosk.OldScheme]{
			Key: kiosk.OldSchemeSetting, Page: oldSchemePath, Said: "old.saved", FormOf: formOfOldScheme(s.lang(r)),
		}, o)
	}, func(status int) error { return s.showOldScheme(w, r, status, f) })
}
