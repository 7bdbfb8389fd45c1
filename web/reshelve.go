package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// A new room, a new case or a shelf that is given up: the copies are scanned one
// after the other into the shelf that is theirs from now on. Their numbers and
// labels stay.
const reshelvePath = shelvePath + "/move"

func (s *Server) reshelveRoutes() []route {
	if s.Cataloguing == nil {
		return nil
	}
	return []route{
		{"GET", reshelvePath, librarian, s.reshelvePage},
		{"POST", reshelvePath, librarian, s.reshelve},
	}
}

// shelfKinds are the places that are no corner.
var shelfKinds = []kiosk.PlaceKind{kiosk.Library, kiosk.Shelf, kiosk.Elsewhere}

// errNoShelf says that no shelf was chosen to which copies are moved.
var errNoShelf = errors.New("no shelf was chosen")

// shelvesOf are the places to which copies are moved by scanning. A corner's
// books go there by its box, which its keeper signs for.
func shelvesOf(v kiosk.View) ([]kiosk.Place, error) {
	places, err := v.Places()
	if err != nil {
		return nil, err
	}
	trolley, err := kiosk.TrolleyOf(v)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(places, func(p kiosk.Place) bool {
		return p.Closed || p.ID == trolley.Place || !slices.Contains(shelfKinds, p.Kind)
	}), nil
}

func (s *Server) reshelvePage(w http.ResponseWriter, r *http.Request) error {
	return s.showReshelve(w, r, http.StatusOK, newForm("to", r.URL.Query().Get("to")))
}

func (s *Server) showReshelve(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var shelves []kiosk.Place
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		shelves, err = shelvesOf(v)
		return err
	})
	if err != nil {
		return err
	}
	all := []choice{{"", words.T(s.lang(r), "reshelve.choose")}}
	for _, p := range shelves {
		all = append(all, choice{string(p.ID), placeText(p)})
	}
	data := map[string]any{"F": f, "Shelves": all}
	if n := slices.IndexFunc(shelves, func(p kiosk.Place) bool { return p.ID == kiosk.ID(f.Get("to")) }); n >= 0 {
		data["To"] = shelves[n]
	}
	if list := s.shelf.of(callerOf(r).account); len(list) > 0 {
		data["Last"], data["Before"] = list[0], list[1:]
	}
	s.deskPage(w, r, status, "reshelve.html", data)
	return nil
}

// moving is what a scan while copies are moved means.
type moving struct {
	to     kiosk.Place
	shelf  kiosk.ID // a shelf's label was scanned: that one from now on
	item   kiosk.Item
	why    kiosk.StepReason // it is not moved
	corner bool             // it is in a corner's box, and stays in it
}

func movingOf(v kiosk.View, to kiosk.ID, code string) (m moving, err error) {
	shelves, err := shelvesOf(v)
	if err != nil {
		return m, err
	}
	for _, p := range shelves {
		if p.ID == to {
			m.to = p
		}
		if fold.Text(p.Code) == fold.Text(code) || p.Barcode != "" && p.Barcode == code {
			m.shelf = p.ID
		}
	}
	if m.shelf != "" {
		return m, nil
	}
	m.item, err = v.ItemByBarcode(code)
	if acc, ok := kiosk.AccessionOf(code); ok && errors.Is(err, kiosk.ErrNotFound) {
		m.item, err = v.ItemByAccession(acc)
	}
	if errors.Is(err, kiosk.ErrNotFound) {
		m.item.Barcode, m.why = kiosk.Escaped(code), kiosk.StepUnknown
		return m, nil
	}
	if err != nil {
		return m, err
	}
	switch m.item.State.Status {
	case kiosk.CopyWithdrawn:
		m.why = kiosk.StepWithdrawn
	case kiosk.CopyLost:
		m.why = kiosk.StepLost
	}
	out, err := openLoanOf(v, m.item.ID)
	if err != nil {
		return m, err
	}
	if m.why == "" && out != nil {
		m.why = kiosk.StepOnLoan
	}
	places, err := v.Places()
	if err != nil {
		return m, err
	}
	m.corner = slices.ContainsFunc(places, func(p kiosk.Place) bool {
		return p.ID == m.item.State.Place && !slices.Contains(shelfKinds, p.Kind)
	})
	return m, nil
}

// reshelve takes one scan: a copy's label, or that of the shelf to go on with.
func (s *Server) reshelve(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	who, lang, code := callerOf(r).account, s.lang(r), f.Get("code")
	here := reshelvePath + "?to=" + url.QueryEscape(f.Get("to"))
	if code == "" {
		http.Redirect(w, r, here, http.StatusSeeOther)
		return nil
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var m moving
		err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
			m, err = movingOf(v, kiosk.ID(f.Get("to")), code)
			return err
		})
		switch {
		case err != nil:
			return "", err
		case m.shelf != "":
			return reshelvePath + "?to=" + url.QueryEscape(string(m.shelf)), nil
		case m.to.ID == "":
			return "", atField("to", errNoShelf)
		case m.why != "":
			return "", atField("code", &kiosk.StepError{Step: kiosk.StepShelve, Refusals: []kiosk.StepRefusal{{Reason: m.why, Copy: *m.item.View()}}})
		}
		out := shelved{Good: true, Title: m.item.Title.Name(), Accession: m.item.Accession, Place: placeText(m.to), Code: m.item.Barcode, Text: words.T(lang, "reshelve.same")}
		was := kiosk.RecordOf(m.item)
		now := was
		now.HomePlace = m.to.ID
		if !m.corner {
			now.Place = m.to.ID
		}
		if now != was {
			done, err := s.Cataloguing.EditCopy(r.Context(), a, m.item.ID, now, func(i kiosk.Item) error {
				if kiosk.RecordOf(i) != was {
					return kiosk.ErrMoved
				}
				return nil
			})
			if err != nil {
				return "", err
			}
			out.Text = words.T(lang, "reshelve.moved")
			if m.corner {
				out.Text = words.T(lang, "reshelve.in_corner", "place", m.item.PlaceName)
			}
			s.done(r, reshelvePath, s.undoOf(done.Result.EventSeq), "reshelve.done", "accession", m.item.Accession, "place", m.to.Name)
		}
		s.shelf.add(who, out)
		return here, nil
	}, func(status int) error {
		if why := f.Err("code"); why != "" {
			s.shelf.add(who, shelved{Text: why, Code: kiosk.Escaped(code)})
		}
		return s.showReshelve(w, r, status, f)
	})
}
