package web

import (
	"context"
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// Interlending are the acts on books that other libraries lend the school.
type Interlending interface {
	PutInterloan(ctx context.Context, a kiosk.Attempt, l kiosk.Interloan, look func(kiosk.Interloan) error) (kiosk.Interloan, error)
	RemoveInterloan(ctx context.Context, a kiosk.Attempt, id kiosk.ID, remove bool) error
	AddInterloanBooks(ctx context.Context, a kiosk.Attempt, lot kiosk.ID, books []kiosk.InterloanBook) ([]kiosk.InterloanBook, error)
	GiveBackInterloan(ctx context.Context, a kiosk.Attempt, lot kiosk.ID, items []kiosk.InterloanBack) (kiosk.InterloanEdit, error)
	DropInterloanBook(ctx context.Context, a kiosk.Attempt, lot, book kiosk.ID) (kiosk.InterloanEdit, error)
	TakeBackInterloan(ctx context.Context, a kiosk.Attempt, edit kiosk.InterloanEdit) error
}

const interloansPath = "/desk/interloans"

func interloanPath(id kiosk.ID) string { return interloansPath + "/" + string(id) }

// interloanRoutes are the books that other libraries lend the school, and beside
// them what the school has sent away.
func (s *Server) interloanRoutes() []route {
	if s.Corners == nil {
		return nil
	}
	return []route{
		{"GET", interloansPath, librarian, s.interloans},
		{"GET", interloansPath + "/new", librarian, s.newInterloan},
		{"POST", interloansPath + "/new", librarian, s.addInterloan},
		{"GET", interloansPath + "/{id}", librarian, named(s.interloan)},
		{"POST", interloansPath + "/{id}", librarian, named(s.doInterloan)},
		{"GET", interloansPath + "/{id}/edit", librarian, named(s.editInterloan)},
		{"POST", interloansPath + "/{id}/edit", librarian, named(s.changeInterloan)},
	}
}

// interloanRow is a lot with what became of its books.
type interloanRow struct {
	kiosk.Interloan
	Books []kiosk.InterloanBook
	Sum   kiosk.InterloanSum
	At    string // the place's name
	Late  bool
}

func interloanRowOf(v kiosk.View, l kiosk.Interloan, places map[kiosk.ID]kiosk.Place, today kiosk.Day) (interloanRow, error) {
	books, err := v.InterloanBooks(l.ID)
	sum := kiosk.SumOfInterloan(books)
	return interloanRow{l, books, sum, places[l.Place].Name, l.LateOn(today, sum)}, err
}

// interloanRows are all lots: those with books still here first.
func (s *Server) interloanRows(v kiosk.View) (rows []interloanRow, err error) {
	lots, err := v.Interloans()
	if err != nil {
		return nil, err
	}
	places, err := placesByID(v)
	if err != nil {
		return nil, err
	}
	today, err := s.today(v)
	if err != nil {
		return nil, err
	}
	for _, l := range lots {
		row, err := interloanRowOf(v, l, places, today)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	done := func(r interloanRow) int {
		if r.Sum.Out == 0 && r.Sum.Books > 0 {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(rows, func(a, b interloanRow) int { return done(a) - done(b) })
	return rows, nil
}

var interloanList = list[interloanRow]{
	Title: "interloan.lent_in",
	Columns: []column[interloanRow]{
		{Key: "lender", Word: "list.lender", Kind: textCell, Of: func(r interloanRow) any { return r.Lender }},
		{Key: "received", Word: "list.received", Kind: dayCell, Of: func(r interloanRow) any { return r.Received }},
		{Key: "due", Word: "list.due", Kind: dayCell, Of: func(r interloanRow) any { return r.Due }},
		{Key: "at", Word: "list.place", Kind: textCell, Of: func(r interloanRow) any { return r.At }},
		{Key: "books", Word: "list.copies", Kind: numberCell, Of: func(r interloanRow) any { return r.Sum.Books }},
		{Key: "back", Word: "list.given_back", Kind: numberCell, Of: func(r interloanRow) any { return r.Sum.Back }},
		{Key: "damaged", Word: "list.damaged", Kind: numberCell, Of: func(r interloanRow) any { return r.Sum.Damaged }},
		{Key: "lost", Word: "list.lost", Kind: numberCell, Of: func(r interloanRow) any { return r.Sum.Lost }},
		{Key: "out", Word: "list.still_out", Kind: numberCell, Of: func(r interloanRow) any { return r.Sum.Out }},
	},
}

func (s *Server) interloans(w http.ResponseWriter, r *http.Request) error {
	var rows []interloanRow
	var sent []cornerRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if rows, err = s.interloanRows(v); err != nil {
			return err
		}
		all, err := s.cornerRows(v)
		sent = slices.DeleteFunc(all, func(c cornerRow) bool { return c.At.Kind != kiosk.Elsewhere })
		return err
	})
	if err != nil {
		return err
	}
	return showOwn(s, w, r, http.StatusOK, interloanList, rows, "interloans.html", map[string]any{"Sent": sent})
}

// interloanSoon is how many days before its day a lot is told on the first page.
const interloanSoon = 7

// interloansToday are the lots that go back in the next days, or should have.
func (s *Server) interloansToday(v kiosk.View, lang words.Lang, data map[string]any) error {
	if s.Corners == nil {
		return nil
	}
	rows, err := s.interloanRows(v)
	if err != nil {
		return err
	}
	today, err := s.today(v)
	if err != nil {
		return err
	}
	var wait []cornerNotice
	for _, l := range rows {
		if l.Sum.Out == 0 || l.Due.Sub(today) > interloanSoon {
			continue
		}
		key := "today.interloan"
		if l.Late {
			key = "today.interloan_late"
		}
		wait = append(wait, cornerNotice{"give", l.Lender, words.T(lang, key, "n", l.Sum.Out, "day", words.Date(l.Due)), interloanPath(l.ID)})
	}
	data["Interloans"] = wait
	return nil
}

func formOfInterloan(l kiosk.Interloan) *form {
	f := newForm("lender", l.Lender, "paper", l.Paper, "place", string(l.Place), "note", l.Note, "received", "", "due", "")
	if !l.Received.IsZero() {
		f.Values.Set("received", l.Received.String())
	}
	if !l.Due.IsZero() {
		f.Values.Set("due", l.Due.String())
	}
	return f
}

func interloanOf(f *form) kiosk.Interloan {
	return kiosk.Interloan{
		Lender: f.text("lender", 1, kiosk.MaxText), Paper: f.text("paper", 0, kiosk.MaxText), Place: kiosk.ID(f.Get("place")),
		Received: f.day("received", true), Due: f.day("due", true), Note: f.lines("note", 0, kiosk.MaxNoteText),
	}
}

func (s *Server) newInterloan(w http.ResponseWriter, r *http.Request) error {
	var l kiosk.Interloan
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		l.Received, err = s.today(v)
		l.Due = l.Received.AddMonths(3)
		return err
	})
	if err != nil {
		return err
	}
	return s.showInterloanForm(w, r, http.StatusOK, formOfInterloan(l), "")
}

func (s *Server) showInterloanForm(w http.ResponseWriter, r *http.Request, status int, f *form, id kiosk.ID) error {
	places := []choice{{"", words.T(s.lang(r), "interloan.place_none")}}
	var lenders []string
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		all, err := v.Places()
		if err != nil {
			return err
		}
		for _, p := range all {
			if !p.Closed && p.Kind != kiosk.Elsewhere || f.Is("place", string(p.ID)) {
				places = append(places, choice{string(p.ID), p.Name})
			}
		}
		lots, err := v.Interloans()
		for _, l := range lots {
			if !slices.Contains(lenders, l.Lender) {
				lenders = append(lenders, l.Lender)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "interloanform.html", map[string]any{"F": f, "ID": id, "Places": places, "Lenders": lenders})
	return nil
}

func (s *Server) addInterloan(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	l := interloanOf(f)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		done, err := s.Corners.PutInterloan(r.Context(), a, l, nil)
		if err != nil {
			return "", err
		}
		page := interloanPath(done.ID)
		s.done(r, page, func(ctx context.Context, a kiosk.Attempt) error {
			return s.Corners.RemoveInterloan(ctx, a, done.ID, true)
		}, "interloan.made")
		return page, nil
	}, func(status int) error { return s.showInterloanForm(w, r, status, f, "") })
}

func (s *Server) editInterloan(w http.ResponseWriter, r *http.Request) error {
	x, err := s.interloanIn(r)
	if err != nil {
		return err
	}
	return s.showInterloanForm(w, r, http.StatusOK, formOfInterloan(x.Interloan).stamp(), x.ID)
}

func (s *Server) changeInterloan(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	page := interloanPath(id)
	if f.Is("what", "remove") {
		return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
			if err := s.Corners.RemoveInterloan(r.Context(), a, id, true); err != nil {
				return "", begun(err)
			}
			s.done(r, interloansPath, func(ctx context.Context, a kiosk.Attempt) error { return s.Corners.RemoveInterloan(ctx, a, id, false) }, "interloan.removed")
			return interloansPath, nil
		}, s.refused(w, r, f, page))
	}
	l := interloanOf(f)
	l.ID = id
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var was kiosk.Interloan
		if _, err := s.Corners.PutInterloan(r.Context(), a, l, func(now kiosk.Interloan) error {
			was = now
			return f.stale(formOfInterloan(now))
		}); err != nil {
			return "", err
		}
		s.done(r, page, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.Corners.PutInterloan(ctx, a, was, nil)
			return err
		}, "interloan.changed")
		return page, nil
	}, func(status int) error { return s.showInterloanForm(w, r, status, f, id) })
}
