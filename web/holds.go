package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// Holding are the acts of the staff on holds.
type Holding interface {
	PlaceHold(ctx context.Context, a kiosk.Attempt, patron, title kiosk.ID) (kiosk.HoldDone, error)
	CancelHold(ctx context.Context, a kiosk.Attempt, hold kiosk.ID) (kiosk.HoldDone, error)
	SetAside(ctx context.Context, a kiosk.Attempt, hold kiosk.ID, code string) (kiosk.HoldDone, error)
	SetHoldTerms(ctx context.Context, a kiosk.Attempt, change func(kiosk.HoldTerms) (kiosk.HoldTerms, error)) error
}

const holdsPath = "/desk/holds"

func (s *Server) holdRoutes() []route {
	if s.Lending == nil {
		return nil
	}
	return []route{
		{"GET", holdsPath, reader, s.holds},
		{"POST", holdsPath, librarian, s.placeHold},
		{"GET", holdsPath + "/new", librarian, named(s.newHold)},
		{"POST", holdsPath + "/terms", librarian, s.setHoldTerms},
		{"POST", holdsPath + "/{id}", librarian, named(s.doHold)},
	}
}

// holdRow is a hold in a list.
type holdRow struct {
	kiosk.Hold
	Title  kiosk.Title
	Item   kiosk.Item // the copy that is kept, zero for none
	Member kiosk.Member
	Nth    int // in the title's queue, from 1
	Placed kiosk.Day
	Over   bool
}

// Ready reports whether a copy waits for the patron.
func (h holdRow) Ready() bool { return h.Status == kiosk.HoldReady }

var holdsList = list[holdRow]{
	Title: "work.holds",
	Columns: []column[holdRow]{
		{Key: "title", Word: "list.title", Kind: textCell, Of: func(h holdRow) any { return h.Title.Name() }},
		{Key: "nth", Word: "holds.nth", Kind: numberCell, Of: func(h holdRow) any { return h.Nth }},
		{Key: "name", Word: "list.name", Kind: nameCell, Of: func(h holdRow) any { return h.Member.Name }},
		{Key: "class", Word: "list.class", Kind: codeCell, Of: func(h holdRow) any { return h.Member.Class }},
		{Key: "placed", Word: "holds.placed", Kind: dayCell, Of: func(h holdRow) any { return h.Placed }},
		{Key: "copy", Word: "holds.copy", Kind: codeCell, Of: func(h holdRow) any { return h.Item.Accession }},
		{Key: "until", Word: "holds.until", Kind: dayCell, Of: func(h holdRow) any { return h.Until }},
	},
}

// holdRows are the open holds, kept copies first, then by title and queue.
func (s *Server) holdRows(v kiosk.View) ([]holdRow, error) {
	today, err := s.today(v)
	if err != nil {
		return nil, err
	}
	rules, err := v.Rules(today)
	if err != nil {
		return nil, err
	}
	all, err := v.OpenHolds()
	if err != nil {
		return nil, err
	}
	nth := map[kiosk.ID]int{}
	rows := make([]holdRow, 0, len(all))
	for _, h := range all {
		nth[h.TitleID]++
		r := holdRow{Hold: h, Nth: nth[h.TitleID], Placed: kiosk.DayOf(h.PlacedAt, rules.Location), Over: h.Over(today)}
		if r.Title, err = v.Title(h.TitleID); err != nil {
			return nil, err
		}
		if h.CopyID != "" {
			if r.Item, err = v.Item(h.CopyID); err != nil {
				return nil, err
			}
		}
		if r.Member, err = holdPatron(v, h, today); err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b holdRow) int {
		if a.Ready() != b.Ready() {
			if a.Ready() {
				return -1
			}
			return 1
		}
		if c := compareText(fold.Order(a.Title.Title), fold.Order(b.Title.Title)); c != 0 {
			return c
		}
		return a.Nth - b.Nth
	})
	return rows, nil
}

// holdPatron is whose hold it is, zero where the name is gone.
func holdPatron(v kiosk.View, h kiosk.Hold, today kiosk.Day) (kiosk.Member, error) {
	m, err := v.MemberByRef(h.PatronRef, today)
	if errors.Is(err, kiosk.ErrNotFound) {
		return kiosk.Member{}, nil
	}
	return m, err
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (s *Server) holds(w http.ResponseWriter, r *http.Request) error {
	return s.showHolds(w, r, http.StatusOK, nil)
}

// showHolds lists the holds of all, of one title or of one patron; f is the form
// of the terms as it was typed, or nil.
func (s *Server) showHolds(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	q := r.URL.Query()
	var rows []holdRow
	var terms kiosk.HoldTerms
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if terms, err = kiosk.HoldTermsOf(v); err != nil {
			return err
		}
		rows, err = s.holdRows(v)
		return err
	})
	if err != nil {
		return err
	}
	filter := ""
	rows = slices.DeleteFunc(rows, func(h holdRow) bool {
		title, patron := kiosk.ID(q.Get("title")), kiosk.ID(q.Get("patron"))
		drop := title != "" && h.TitleID != title || patron != "" && h.Member.ID != patron
		if !drop && title != "" {
			filter = h.Title.Name()
		} else if !drop && patron != "" {
			filter = h.Member.Name
		}
		return drop
	})
	ready := 0
	for _, h := range rows {
		if h.Ready() {
			ready++
		}
	}
	if f == nil {
		f = formOfTerms(terms).stamp()
	}
	return showOwn(s, w, r, status, holdsList, rows, "holds.html", map[string]any{
		"Ready": ready, "Waiting": len(rows) - ready, "Mine": callerOf(r).is(kiosk.Librarian), "F": f, "Terms": terms,
		"Filter": filter, "Some": q.Get("title") != "" || q.Get("patron") != "",
	})
}

func formOfTerms(t kiosk.HoldTerms) *form {
	return newForm("days", strconv.Itoa(t.Days), "most", strconv.Itoa(t.Most))
}

// setHoldTerms changes for how long copies are kept.
func (s *Server) setHoldTerms(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	t := kiosk.HoldTerms{Days: int(f.whole("days", 0, false)), Most: int(f.whole("most", 0, false))}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var was kiosk.HoldTerms
		err := s.Lending.SetHoldTerms(r.Context(), a, func(now kiosk.HoldTerms) (kiosk.HoldTerms, error) {
			was = now
			return t, f.stale(formOfTerms(now))
		})
		if err != nil {
			return "", err
		}
		s.done(r, holdsPath, func(ctx context.Context, a kiosk.Attempt) error {
			return s.Lending.SetHoldTerms(ctx, a, func(now kiosk.HoldTerms) (kiosk.HoldTerms, error) {
				if now != t {
					return now, errChangedSince
				}
				return was, nil
			})
		}, "holds.terms_saved")
		return holdsPath, nil
	}, func(status int) error { return s.showHolds(w, r, status, f) })
}

// newHold finds the other half of a hold: a patron for a title, or a title for a
// patron.
func (s *Server) newHold(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	text := queryText(q)
	data := map[string]any{"Q": text, "TitleID": q.Get("title"), "PatronID": q.Get("patron")}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		if id := kiosk.ID(q.Get("title")); id != "" {
			t, err := v.Title(id)
			if err != nil {
				return err
			}
			data["Title"] = t
			if text == "" {
				return nil
			}
			if code, err := kiosk.NormalizeCode(text); err == nil {
				if m, err := v.MemberByCard(code, today); err == nil {
					data["People"] = []kiosk.Member{m}
					return nil
				}
			}
			people, err := findPeople(v, text, today)
			data["People"] = people[:min(len(people), mostPeople)]
			return err
		}
		p, err := v.Patron(kiosk.ID(q.Get("patron")))
		if err != nil {
			return err
		}
		data["Patron"] = p
		if text == "" {
			return nil
		}
		_, found, err := v.Search(text, 0, pageLimit)
		data["Found"] = found
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "holdnew.html", data)
	return nil
}

// placeHold puts a patron into a title's queue.
func (s *Server) placeHold(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	from := holdsPath + "/new?" + url.Values{"title": {f.Get("from_title")}, "patron": {f.Get("from_patron")}}.Encode()
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		done, err := s.Lending.PlaceHold(r.Context(), a, kiosk.ID(f.Get("patron")), kiosk.ID(f.Get("title")))
		if errors.Is(err, kiosk.ErrNotFound) {
			return "", errBadBody
		}
		if err != nil {
			return "", err
		}
		s.done(r, holdsPath, s.undoEvent(done.Event), "holds.done.placed", "nth", done.Nth)
		return holdsPath, nil
	}, s.refused(w, r, f, from))
}

// undoEvent takes one event back.
func (s *Server) undoEvent(seq int64) func(context.Context, kiosk.Attempt) error {
	return func(ctx context.Context, a kiosk.Attempt) error { return s.Lending.UndoAll(ctx, a, []int64{seq}) }
}

// doHold cancels a hold, or keeps a copy from the shelf for it.
func (s *Server) doHold(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var done kiosk.HoldDone
		key, facts := "holds.done.aside", []any(nil)
		if f.Is("what", "aside") {
			code, err := kiosk.NormalizeCode(f.Get("code"))
			if err != nil {
				return "", &kiosk.HoldError{Problem: kiosk.HoldNoCode}
			}
			done, err = s.Lending.SetAside(r.Context(), a, id, code)
			if errors.As(err, new(*kiosk.FieldError)) {
				err = &kiosk.HoldError{Problem: kiosk.HoldNoCode}
			}
			if err != nil {
				return "", err
			}
		} else {
			if done, err = s.Lending.CancelHold(r.Context(), a, id); err != nil {
				return "", err
			}
			if err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
				key, facts, err = s.cancelledText(v, s.lang(r), done)
				return err
			}); err != nil {
				return "", err
			}
		}
		s.done(r, holdsPath, s.undoEvent(done.Event), key, facts...)
		return holdsPath, nil
	}, s.refused(w, r, f, holdsPath))
}

// explainedHold says why an act on a hold was refused.
func explainedHold(l words.Lang, e *kiosk.HoldError) string {
	return words.Fact(l, "holds.trouble."+string(e.Problem), e.Facts)
}
