package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// SetKeeping are the acts on sets of textbooks.
type SetKeeping interface {
	SaveSet(context.Context, kiosk.Attempt, kiosk.BookSet, func(kiosk.BookSet) error) (kiosk.BookSet, kiosk.Answer, error)
	AddToSet(ctx context.Context, a kiosk.Attempt, set kiosk.ID, code string) (kiosk.Item, kiosk.Answer, error)
	RemoveFromSet(ctx context.Context, a kiosk.Attempt, set, copyID kiosk.ID) (kiosk.Answer, error)
	SetsFromLines(ctx context.Context, a kiosk.Attempt, s kiosk.BookSet, n int, lines []kiosk.ID) ([]kiosk.BookSet, kiosk.Answer, error)
}

const setsPath = "/desk/sets"

func setPath(id kiosk.ID) string { return setsPath + "/" + string(id) }

func (s *Server) setRoutes() []route {
	if s.Cataloguing == nil {
		return nil
	}
	return []route{
		{"GET", setsPath, librarian, s.setsPage},
		{"GET", setsPath + "/new", librarian, s.newSet},
		{"POST", setsPath + "/new", librarian, s.addSet},
		{"GET", setsPath + "/{id}", librarian, named(s.setPage)},
		{"GET", setsPath + "/{id}/edit", librarian, named(s.editSet)},
		{"POST", setsPath + "/{id}/edit", librarian, named(s.changeSet)},
		{"POST", setsPath + "/{id}/add", librarian, named(s.addToSet)},
		{"POST", setsPath + "/{id}/remove", librarian, named(s.removeFromSet)},
		{"POST", setsPath + "/{id}/take-back", librarian, named(s.takeBackSet)},
	}
}

// setMember is a book of a set, with who has it.
type setMember struct {
	kiosk.Item
	Out    *kiosk.Loan
	Holder kiosk.Member // zero when nobody has it, or when who has it was forgotten
}

// Status is what the book is doing, a loan included.
func (m setMember) Status() string {
	if m.Out != nil {
		return "on_loan"
	}
	return string(m.State.Status)
}

// setCard is a set with its books and where they are.
type setCard struct {
	kiosk.BookSet
	Members []setMember
	Out     int // on loan
	Gone    int // lost, withdrawn, being mended, not registered
	Holder  kiosk.Member
	Holders int // people who have some of it
}

// State is the set in one word: empty, short, out, partly, in.
func (c setCard) State() string {
	switch {
	case len(c.Members) == 0:
		return "empty"
	case c.Gone > 0:
		return "short"
	case c.Out == len(c.Members):
		return "out"
	case c.Out > 0:
		return "partly"
	}
	return "in"
}

// setCardOf puts a set and its members together; seen keeps the holders that were
// read already.
func setCardOf(v kiosk.View, set kiosk.BookSet, members []kiosk.SetMember, seen map[kiosk.ID]kiosk.Member, today kiosk.Day) (setCard, error) {
	c := setCard{BookSet: set}
	have := map[kiosk.ID]bool{}
	for _, x := range members {
		m := setMember{Item: x.Item}
		switch {
		case x.Out():
			m.Out = &x.Loan
			c.Out++
			holder, read := seen[x.Loan.PatronRef]
			if !read {
				var err error
				if holder, err = v.MemberByRef(x.Loan.PatronRef, today); err != nil && !isNotFound(err) {
					return c, err
				}
				seen[x.Loan.PatronRef] = holder
			}
			m.Holder = holder
			if !have[x.Loan.PatronRef] {
				have[x.Loan.PatronRef] = true
				c.Holder = m.Holder
			}
		case x.State.Status != kiosk.CopyAvailable:
			c.Gone++
		}
		c.Members = append(c.Members, m)
	}
	c.Holders = len(have)
	return c, nil
}

// setCard reads one set.
func (s *Server) setCard(v kiosk.View, set kiosk.BookSet, today kiosk.Day) (setCard, error) {
	items, err := v.ItemsOfSet(set.ID)
	if err != nil {
		return setCard{}, err
	}
	members := make([]kiosk.SetMember, len(items))
	for i, item := range items {
		members[i].Item = item
		l, err := openLoanOf(v, item.ID)
		if err != nil {
			return setCard{}, err
		}
		if l != nil {
			members[i].Loan = *l
		}
	}
	return setCardOf(v, set, members, map[kiosk.ID]kiosk.Member{}, today)
}

var setList = list[setCard]{
	Title: "work.sets",
	Columns: []column[setCard]{
		{Key: "name", Word: "sets.name", Kind: textCell, Of: func(c setCard) any { return c.Name }, Link: func(c setCard) string { return setPath(c.ID) }},
		{Key: "grade", Word: "title.grade", Kind: numberCell, Of: func(c setCard) any { return known(c.Grade) }},
		{Key: "programme", Word: "sets.programme", Kind: textCell, Of: func(c setCard) any { return c.Programme }, Say: func(c setCard) string { return "programme." + c.Programme }},
		{Key: "books", Word: "sets.books", Kind: numberCell, Of: func(c setCard) any { return len(c.Members) }},
		{Key: "gone", Word: "sets.gone", Kind: numberCell, Of: func(c setCard) any { return c.Gone }},
		{Key: "state", Word: "list.status", Kind: textCell, Of: func(c setCard) any { return c.State() }, Say: func(c setCard) string { return "sets.state." + c.State() }, Mark: func(c setCard) string {
			if c.State() == "in" {
				return "free"
			}
			return "out"
		}},
		{Key: "holder", Word: "sets.holder", Kind: nameCell, Of: func(c setCard) any { return c.Holder.Name }, Link: func(c setCard) string {
			if c.Holder.ID == "" {
				return ""
			}
			return "/desk/patrons/" + string(c.Holder.ID)
		}, Note: func(c setCard) string { return c.Holder.Class }},
		{Key: "barcode", Word: "list.barcode", Kind: codeCell, Of: func(c setCard) any { return c.Barcode }},
	},
}

var setStates = []string{"in", "out", "partly", "short", "empty"}

// setsPage lists the sets, all or by their state.
func (s *Server) setsPage(w http.ResponseWriter, r *http.Request) error {
	state := r.URL.Query().Get("state")
	if !slices.Contains(setStates, state) {
		state = ""
	}
	var rows []setCard
	counts := map[string]int{}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		sets, err := v.Sets()
		if err != nil {
			return err
		}
		members, err := v.SetMembers()
		if err != nil {
			return err
		}
		of, seen := map[kiosk.ID][]kiosk.SetMember{}, map[kiosk.ID]kiosk.Member{}
		for _, m := range members {
			of[m.SetID] = append(of[m.SetID], m)
		}
		for _, set := range sets {
			c, err := setCardOf(v, set, of[set.ID], seen, today)
			if err != nil {
				return err
			}
			counts[c.State()]++
			if state == "" || c.State() == state {
				rows = append(rows, c)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	said := ""
	if state != "" {
		said = words.T(s.lang(r), "sets.state."+state)
	}
	return showList(s, w, r, setList, rows, "sets.html", map[string]any{"State": state, "States": setStates, "Counts": counts, "Filter": said})
}

// setPage is one set: its books, who has it, what is missing, what happened.
func (s *Server) setPage(w http.ResponseWriter, r *http.Request) error {
	return s.showSet(w, r, http.StatusOK, newForm())
}

func (s *Server) showSet(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var c setCard
	var past []pastEvent
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		set, err := v.Set(kiosk.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		if c, err = s.setCard(v, set, today); err != nil {
			return err
		}
		es, err := v.EventsOfSet(set.ID, mostPast)
		if err != nil {
			return err
		}
		past, err = s.past(v, s.lang(r), es)
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "set.html", map[string]any{"C": c, "F": f, "Past": past, "Label": "/desk/labels?" + url.Values{"what": {"codes"}, "codes": {c.Barcode}}.Encode()})
	return nil
}

// addToSet makes a scanned book a member.
func (s *Server) addToSet(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	code := f.code("code")
	if f.Get("code") == "" {
		f.fault("code", kiosk.FieldMissing, nil)
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		i, done, err := s.Cataloguing.AddToSet(r.Context(), a, id, code)
		var field *kiosk.FieldError
		if errors.As(err, &field) && field.Field == "code" {
			f.Wrong["code"] = "set_" + string(field.Problem)
			f.facts = map[string]kiosk.Facts{"code": field.Facts}
			return "", errForm
		}
		if err != nil {
			return "", err
		}
		s.done(r, setPath(id), s.undoOf(done.Result.EventSeq), "sets.added_book", "title", i.Title.Name())
		return setPath(id), nil
	}, func(status int) error {
		f.Values.Set("code", "") // the next scan would be typed behind it
		return s.showSet(w, r, status, f)
	})
}

func (s *Server) removeFromSet(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		done, err := s.Cataloguing.RemoveFromSet(r.Context(), a, id, kiosk.ID(f.Get("copy")))
		if err != nil {
			return "", err
		}
		s.done(r, setPath(id), s.undoOf(done.Result.EventSeq), "sets.removed_book")
		return setPath(id), nil
	}, s.refused(w, r, f, setPath(id)))
}

func (s *Server) takeBackSet(w http.ResponseWriter, r *http.Request) error {
	return s.takeBack(w, r, setPath(kiosk.ID(r.PathValue("id"))))
}

// setText is what the desk is told of a set beside its name: how many books, and
// what is missing.
func setText(lang words.Lang, e kiosk.Event) string {
	text := ""
	for _, n := range e.Payload.Notes {
		if n.Code == kiosk.NoteWholeSet || n.Code == kiosk.NoteSetShort {
			if text != "" {
				text += " "
			}
			text += words.Fact(lang, "desk.note."+string(n.Code), n.Facts)
		}
	}
	return text
}
