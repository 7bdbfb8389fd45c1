package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// placeRow is a place with the copies that stand there.
type placeRow struct {
	kiosk.Place
	Copies int
}

var placeList = list[placeRow]{
	Title: "places.title", Sort: "code",
	Columns: []column[placeRow]{
		{Key: "code", Word: "places.code", Kind: codeCell, Of: func(p placeRow) any { return p.Code }, Link: func(p placeRow) string { return placesPath + "/" + string(p.ID) }},
		{Key: "name", Word: "places.name", Kind: textCell, Of: func(p placeRow) any { return p.Name }},
		{Key: "kind", Word: "places.kind", Kind: textCell, Of: func(p placeRow) any { return string(p.Kind) }, Say: func(p placeRow) string { return "place_kind." + string(p.Kind) }},
		{Key: "barcode", Word: "list.barcode", Kind: codeCell, Of: func(p placeRow) any { return p.Barcode }},
		{Key: "copies", Word: "places.copies", Kind: numberCell, Of: func(p placeRow) any { return p.Copies }},
		{Key: "state", Word: "list.status", Kind: textCell, Of: func(p placeRow) any { return "" }, Say: func(p placeRow) string { return placeState(p.Closed) }},
	},
	Mute: func(p placeRow) bool { return p.Closed },
}

func placeState(closed bool) string {
	if closed {
		return "places.closed"
	}
	return "places.open"
}

// placesPage lists the places where copies stand.
func (s *Server) placesPage(w http.ResponseWriter, r *http.Request) error {
	var rows []placeRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		places, err := v.Places()
		if err != nil {
			return err
		}
		house, err := v.HouseFigures()
		for _, p := range places {
			rows = append(rows, placeRow{p, house.At[p.ID]})
		}
		return err
	})
	if err != nil {
		return err
	}
	data := map[string]any{}
	if err := s.trolleyData(r, data); err != nil {
		return err
	}
	return showList(s, w, r, placeList, rows, "places.html", data)
}

func formOfPlace(p kiosk.Place) *form {
	f := newForm("code", p.Code, "name", p.Name, "kind", string(p.Kind), "barcode", p.Barcode)
	if p.Closed {
		f.Values.Set("closed", "yes")
	}
	return f
}

// placeOf reads a place; its ID stays.
func placeOf(f *form, p kiosk.Place) kiosk.Place {
	p.Code, p.Name = f.text("code", 1, 12), f.text("name", 1, 60)
	p.Kind, p.Barcode, p.Closed = oneOf(f, "kind", kiosk.PlaceKinds), f.code("barcode"), f.Is("closed", "yes")
	return p
}

func (s *Server) newPlace(w http.ResponseWriter, r *http.Request) error {
	return s.placeForm(w, r, http.StatusOK, newForm("kind", string(kiosk.Shelf)), kiosk.Place{})
}

func (s *Server) placeForm(w http.ResponseWriter, r *http.Request, status int, f *form, known kiosk.Place) error {
	s.deskPage(w, r, status, "placeform.html", map[string]any{"F": f, "P": known, "Kinds": choices(s.lang(r), "place_kind.", kiosk.PlaceKinds)})
	return nil
}

// placeNamed is the place that a path names.
func (s *Server) placeNamed(r *http.Request) (p kiosk.Place, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		all, err := v.Places()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(p kiosk.Place) bool { return string(p.ID) == r.PathValue("id") })
		if i < 0 {
			return kiosk.ErrNotFound
		}
		p = all[i]
		return nil
	})
	return p, err
}

func (s *Server) editPlace(w http.ResponseWriter, r *http.Request) error {
	p, err := s.placeNamed(r)
	if err != nil {
		return err
	}
	return s.placeForm(w, r, http.StatusOK, formOfPlace(p).stamp(), p)
}

// addPlace makes a place. To take it back is to close it: something may stand
// there by then.
func (s *Server) addPlace(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	p := placeOf(f, kiosk.Place{})
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		made, err := s.Settings.AddPlace(r.Context(), a, p)
		if err != nil {
			return "", placeTaken(f, err)
		}
		s.done(r, placesPath, func(ctx context.Context, a kiosk.Attempt) error {
			return s.Settings.SetPlace(ctx, a, made.ID, func(now kiosk.Place) (kiosk.Place, error) {
				now.Closed = true
				return now, nil
			})
		}, "places.added", "code", made.Code)
		return placesPath, nil
	}, func(status int) error { return s.placeForm(w, r, status, f, kiosk.Place{}) })
}

// placeTaken finds which of a place's two names is another's.
func placeTaken(f *form, err error) error {
	if !errors.Is(err, kiosk.ErrConflict) {
		return err
	}
	f.Wrong["code"] = "taken"
	if f.Get("barcode") != "" {
		f.Wrong["barcode"] = "taken_or"
	}
	return errForm
}

// putPlace renames, closes or opens a place.
func (s *Server) putPlace(w http.ResponseWriter, r *http.Request) error {
	old, err := s.placeNamed(r)
	if err != nil {
		return err
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	lang := s.lang(r)
	p := placeOf(f, old)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var c swap[kiosk.Place]
		err := s.Settings.SetPlace(r.Context(), a, old.ID, c.remember(func(now kiosk.Place) (kiosk.Place, error) {
			stored := formOfPlace(now)
			stored.say = func(field, value string) string {
				switch {
				case field == "kind":
					return words.T(lang, "place_kind."+value)
				case field == "closed":
					return words.T(lang, placeState(value == "yes"))
				}
				return value
			}
			return p, f.stale(stored)
		}))
		if err != nil {
			return "", placeTaken(f, err)
		}
		s.done(r, placesPath, func(ctx context.Context, a kiosk.Attempt) error { return s.Settings.SetPlace(ctx, a, old.ID, c.back) }, "places.saved", "code", p.Code)
		return placesPath, nil
	}, func(status int) error { return s.placeForm(w, r, status, f, old) })
}
