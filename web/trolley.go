package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// Trolleys are the acts on the place where books lie that have come back.
type Trolleys interface {
	SetTrolley(ctx context.Context, a kiosk.Attempt, change func(kiosk.Trolley) (kiosk.Trolley, error)) error
	ShelveFromTrolley(ctx context.Context, a kiosk.Attempt, copies []kiosk.ID) ([]int64, error)
}

// trolleyPath lies behind the page of shelving, whose menu and help it shares.
const trolleyPath = shelvePath + "/trolley"

func (s *Server) trolleyRoutes() []route {
	if s.Lending == nil {
		return nil
	}
	return []route{
		{"GET", trolleyPath, librarian, s.settled(s.trolley)},
		{"POST", trolleyPath, librarian, s.settled(named(s.shelveTrolley))},
		{"POST", placesPath + "/trolley", librarian, s.settled(s.setTrolley)},
	}
}

// trolleyRow is a copy that waits to be put on its shelf.
type trolleyRow struct {
	kiosk.Item
	Shelf kiosk.Place // its home, zero where none was chosen
	Aside bool        // it lies where it was set aside for somebody who did not come
}

// Lies is the place where it waits.
func (c trolleyRow) Lies() string {
	if c.Aside {
		return ""
	}
	return c.PlaceName
}

// trolleyList is in the order in which one walks along the shelves.
var trolleyList = list[trolleyRow]{
	Title: "trolley.title", Sort: "shelf",
	Columns: []column[trolleyRow]{
		{Key: "shelf", Word: "trolley.shelf", Kind: codeCell, Of: func(c trolleyRow) any { return placeText(c.Shelf) }},
		{Key: "call", Word: "title.call_number", Kind: codeCell, Of: func(c trolleyRow) any { return c.CallNumber() }},
		{Key: "title", Word: "list.title", Kind: textCell, Of: func(c trolleyRow) any { return c.Title.Name() }, Link: func(c trolleyRow) string { return "/desk/copies/" + string(c.ID) }},
		{Key: "accession", Word: "list.accession", Kind: codeCell, Of: func(c trolleyRow) any { return c.Accession }},
		{Key: "lies", Word: "trolley.lies", Kind: textCell, Of: func(c trolleyRow) any { return c.Lies() }, Say: func(c trolleyRow) string {
			if c.Aside {
				return "aside.lies"
			}
			return ""
		}},
		{Key: "barcode", Word: "list.barcode", Kind: codeCell, Of: func(c trolleyRow) any { return c.Barcode }},
	},
	Pick: func(c trolleyRow) (string, string) { return string(c.ID), c.Accession },
}

// onTrolley are the copies that lie there and can be shelved.
func onTrolley(v kiosk.View) (kiosk.Trolley, []trolleyRow, error) {
	t, err := kiosk.TrolleyOf(v)
	if err != nil || len(t.Places()) == 0 {
		return t, nil, err
	}
	places, err := v.Places()
	if err != nil {
		return t, nil, err
	}
	var rows []trolleyRow
	for _, at := range t.Places() {
		items, err := v.ItemsAt(at)
		if err != nil {
			return t, nil, err
		}
		for _, i := range items {
			if !t.Has(i) || i.State.Status != kiosk.CopyAvailable {
				continue
			}
			row := trolleyRow{Item: i}
			if n := slices.IndexFunc(places, func(p kiosk.Place) bool { return p.ID == i.HomePlace }); n >= 0 {
				row.Shelf = places[n]
			}
			rows = append(rows, row)
		}
	}
	return t, rows, nil
}

// toShelve is all that waits for its shelf: what lies on the trolley, and what
// was set aside in vain.
func toShelve(v kiosk.View, today kiosk.Day) (t kiosk.Trolley, rows []trolleyRow, aside int, err error) {
	if t, rows, err = onTrolley(v); err != nil {
		return t, nil, 0, err
	}
	left, err := leftAside(v, today)
	if err != nil {
		return t, nil, 0, err
	}
	for _, c := range left {
		if c.Next.ID == "" {
			rows, aside = append(rows, trolleyRow{Item: c.Item, Shelf: c.Shelf, Aside: true}), aside+1
		}
	}
	slices.SortStableFunc(rows, func(a, b trolleyRow) int {
		return strings.Compare(fold.Order(a.CallNumber()), fold.Order(b.CallNumber()))
	})
	return t, rows, aside, nil
}

// trolley lists what lies there.
func (s *Server) trolley(w http.ResponseWriter, r *http.Request) error {
	var t kiosk.Trolley
	var rows []trolleyRow
	aside := 0
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		t, rows, aside, err = toShelve(v, today)
		return err
	})
	if err != nil {
		return err
	}
	ids := make([]kiosk.ID, len(rows)) // of all pages, for the button
	for i, c := range rows {
		ids[i] = c.ID
	}
	return showList(s, w, r, trolleyList, rows, "trolley.html", map[string]any{"On": t.Place != "", "N": len(rows), "Aside": aside, "IDs": ids})
}

// shelveTrolley notes that all of it, or what was ticked, is on the shelves.
func (s *Server) shelveTrolley(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	var copies []kiosk.ID
	for _, id := range f.Values["pick"] {
		copies = append(copies, kiosk.ID(id))
	}
	if f.Is("what", "all") {
		copies = nil
		for _, id := range f.Values["all"] { // what the page showed: a book that came since is not among them
			copies = append(copies, kiosk.ID(id))
		}
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if len(copies) == 0 {
			s.memory.put(callerOf(r).account, &said{page: trolleyPath, key: "trolley.none_ticked", bad: true})
			return trolleyPath, nil
		}
		events, err := s.Settings.ShelveFromTrolley(r.Context(), a, copies)
		if err != nil {
			return "", err
		}
		s.done(r, trolleyPath, func(ctx context.Context, a kiosk.Attempt) error { return s.Lending.UndoAll(ctx, a, events) }, "trolley.done", "n", len(events))
		return trolleyPath, nil
	}, s.refused(w, r, f, trolleyPath))
}

// newTrolley is what the form sends to make a place for it.
const newTrolley = "new"

// trolleyData is what the form of the setting shows: the places that it may be,
// a new one where there is none of that name yet.
func (s *Server) trolleyData(r *http.Request, data map[string]any) error {
	if s.Lending == nil {
		return nil
	}
	lang := s.lang(r)
	return s.Ledger.View(r.Context(), func(v kiosk.View) error {
		t, err := kiosk.TrolleyOf(v)
		if err != nil {
			return err
		}
		places, err := v.Places()
		if err != nil {
			return err
		}
		all := []choice{{"", words.T(lang, "trolley.off")}}
		name := words.T(lang, "trolley.new_name")
		if !slices.ContainsFunc(places, func(p kiosk.Place) bool { return p.Name == name || p.Code == words.T(lang, "trolley.new_code") }) {
			all = append(all, choice{newTrolley, words.T(lang, "trolley.new")})
		}
		for _, p := range places {
			if !p.Closed && slices.Contains(kiosk.TrolleyKinds, p.Kind) || p.ID == t.Place {
				all = append(all, choice{string(p.ID), placeText(p)})
			}
		}
		data["Trolley"], data["TrolleyPlaces"] = newForm("place", string(t.Place)), all
		return nil
	})
}

// setTrolley chooses the place, and makes it where it is new.
func (s *Server) setTrolley(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	lang := s.lang(r)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		to := kiosk.ID(f.Get("place"))
		if to == newTrolley {
			made := a
			made.CommandID += "-place"
			p, err := s.Settings.AddPlace(r.Context(), made, kiosk.Place{Code: words.T(lang, "trolley.new_code"), Name: words.T(lang, "trolley.new_name"), Kind: kiosk.Library})
			if err != nil {
				return "", placeTaken(f, err)
			}
			to = p.ID
		}
		var c swap[kiosk.Trolley]
		err := s.Settings.SetTrolley(r.Context(), a, c.remember(func(now kiosk.Trolley) (kiosk.Trolley, error) {
			if now.Place == to {
				return now, nil
			}
			return now.Moved(to), nil
		}))
		if err != nil {
			return "", err
		}
		key := "trolley.saved"
		if to == "" {
			key = "trolley.saved_off"
		}
		s.done(r, placesPath, func(ctx context.Context, a kiosk.Attempt) error { return s.Settings.SetTrolley(ctx, a, c.back) }, key)
		return placesPath, nil
	}, s.refused(w, r, f, placesPath))
}
