package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
)

// TextbookKeeping are the acts on textbooks that are kept as quantities.
type TextbookKeeping interface {
	SaveTextbookLine(context.Context, kiosk.Attempt, kiosk.TextbookLine, func(kiosk.TextbookLine) error) (kiosk.TextbookLine, kiosk.Answer, error)
	WriteOff(ctx context.Context, a kiosk.Attempt, line kiosk.ID, lost, shelf int, cause kiosk.WithdrawalCause) (kiosk.Answer, error)
}

const textbooksPath = "/desk/textbooks"

func (s *Server) textbookRoutes() []route {
	if s.Cataloguing == nil {
		return nil
	}
	return []route{
		{"GET", textbooksPath, librarian, s.textbooks},
		{"GET", textbooksPath + "/new", librarian, s.newTextbooks},
		{"POST", textbooksPath + "/new", librarian, named(s.addTextbooks)},
		{"GET", textbooksPath + "/{id}", librarian, named(s.editTextbooks)},
		{"POST", textbooksPath + "/{id}", librarian, named(s.changeTextbooks)},
		{"GET", textbooksPath + "/{id}/off", librarian, named(s.writeOffPage)},
		{"POST", textbooksPath + "/{id}/off", librarian, named(s.writeOff)},
	}
}

// textbookRow is a quantity line with its title and place.
type textbookRow struct {
	kiosk.TextbookLine
	Title kiosk.Title
	Place string
}

var textbookList = list[textbookRow]{
	Title: "work.textbooks",
	Columns: []column[textbookRow]{
		{Key: "title", Word: "list.title", Kind: textCell, Of: func(l textbookRow) any { return l.Title.Title }, Link: func(l textbookRow) string { return textbooksPath + "/" + string(l.ID) }, Note: func(l textbookRow) string { return l.Title.Remainder }},
		{Key: "grade", Word: "title.grade", Kind: numberCell, Of: func(l textbookRow) any { return known(l.Title.Grade) }},
		{Key: "year", Word: "title.year", Kind: numberCell, Of: func(l textbookRow) any { return known(l.Year) }},
		{Key: "from", Word: "textbooks.from", Kind: numberCell, Of: func(l textbookRow) any { return known(l.From) }},
		{Key: "to", Word: "textbooks.to", Kind: numberCell, Of: func(l textbookRow) any { return known(l.To) }},
		{Key: "quantity", Word: "textbooks.quantity", Kind: numberCell, Of: func(l textbookRow) any { return l.Quantity }},
		{Key: "out", Word: "handouts.out", Kind: numberCell, Of: func(l textbookRow) any { return l.HandedOut }},
		{Key: "lost", Word: "handouts.lost", Kind: numberCell, Of: func(l textbookRow) any { return l.Lost }},
		{Key: "shelf", Word: "handouts.shelf", Kind: numberCell, Of: func(l textbookRow) any { return l.Shelf() }},
		{Key: "price", Word: "list.price", Kind: moneyCell, Of: func(l textbookRow) any { return l.Price }},
		{Key: "place", Word: "list.place", Kind: textCell, Of: func(l textbookRow) any { return l.Place }},
		{Key: "received", Word: "textbooks.received", Kind: dayCell, Of: func(l textbookRow) any { return l.Received }},
	},
	Mute: func(l textbookRow) bool { return l.Quantity == 0 },
}

// gradeTotal is what there is of a grade.
type gradeTotal struct{ Grade, Lines, Books int }

// textbooks lists the quantity lines, with the totals by grade.
func (s *Server) textbooks(w http.ResponseWriter, r *http.Request) error {
	grade := -1
	if n, err := strconv.Atoi(r.URL.Query().Get("grade")); err == nil {
		grade = n
	}
	var rows []textbookRow
	var totals []gradeTotal
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		lines, err := v.TextbookLines()
		if err != nil {
			return err
		}
		places, err := v.Places()
		if err != nil {
			return err
		}
		for _, l := range lines {
			row := textbookRow{TextbookLine: l}
			if row.Title, err = v.Title(l.TitleID); err != nil {
				return err
			}
			if i := slices.IndexFunc(places, func(p kiosk.Place) bool { return p.ID == l.PlaceID }); i >= 0 {
				row.Place = places[i].Name
			}
			i := slices.IndexFunc(totals, func(t gradeTotal) bool { return t.Grade == row.Title.Grade })
			if i < 0 {
				totals, i = append(totals, gradeTotal{Grade: row.Title.Grade}), len(totals)
			}
			totals[i].Lines++
			totals[i].Books += l.Quantity
			if grade < 0 || row.Title.Grade == grade {
				rows = append(rows, row)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(totals, func(a, b gradeTotal) int { return a.Grade - b.Grade })
	return showList(s, w, r, textbookList, rows, "textbooks.html", map[string]any{"Totals": totals, "Grade": grade})
}

// formOfTextbooks is a quantity line as its form shows it.
func formOfTextbooks(l kiosk.TextbookLine) *form {
	num := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	received := ""
	if !l.Received.IsZero() {
		received = l.Received.String()
	}
	return newForm("title", string(l.TitleID), "year", num(int64(l.Year)), "from", num(int64(l.From)), "to", num(int64(l.To)), "quantity", strconv.Itoa(l.Quantity),
		"price", num(l.Price), "place", string(l.PlaceID), "received", received)
}

func textbooksOfForm(f *form) kiosk.TextbookLine {
	l := kiosk.TextbookLine{
		TitleID: kiosk.ID(f.Get("title")), Year: f.count("year", 0, 0, 9999), From: f.count("from", -1, 1, kiosk.MaxRegister), To: f.count("to", 0, 0, kiosk.MaxRegister),
		Quantity: f.count("quantity", -1, 0, kiosk.MaxRegister), Price: f.money("price"), PlaceID: kiosk.ID(f.Get("place")),
	}
	// The number in the register follows from how many there are, unless some of
	// the row's are gone already.
	if f.Get("to") == "" && f.Wrong["from"] == "" && f.Wrong["quantity"] == "" && l.Quantity > 0 {
		l.To = l.From + l.Quantity - 1
	} else if l.To == 0 && f.Wrong["to"] == "" {
		f.Wrong["to"] = "missing"
	}
	if v := f.Get("received"); v != "" {
		day, ok := readDay(v)
		if !ok {
			f.Wrong["received"] = "day"
		}
		l.Received = day
	}
	return l
}

// textbookForm shows the form. A new line begins with the title: found by a
// search, then chosen.
func (s *Server) textbookForm(w http.ResponseWriter, r *http.Request, status int, f *form, id kiosk.ID) error {
	var title kiosk.Title
	var hits []kiosk.Found
	var places []kiosk.Place
	q := queryText(r.URL.Query())
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if places, err = v.Places(); err != nil {
			return err
		}
		places = slices.DeleteFunc(slices.Clone(places), func(p kiosk.Place) bool { return p.Closed && string(p.ID) != f.Get("place") })
		if t := f.Get("title"); t != "" {
			title, err = v.Title(kiosk.ID(t))
			return err
		}
		if q != "" {
			_, hits, err = v.Search(q, 0, pageLimit)
		}
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "textbookform.html", map[string]any{"F": f, "ID": id, "Title": title, "Hits": hits, "Places": places, "Q": q})
	return nil
}

func (s *Server) newTextbooks(w http.ResponseWriter, r *http.Request) error {
	return s.textbookForm(w, r, http.StatusOK, newForm("title", r.URL.Query().Get("title"), "from", "1"), "")
}

func (s *Server) addTextbooks(w http.ResponseWriter, r *http.Request) error {
	return s.saveTextbooks(w, r, "")
}

func (s *Server) editTextbooks(w http.ResponseWriter, r *http.Request) error {
	id := kiosk.ID(r.PathValue("id"))
	var l kiosk.TextbookLine
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		l, err = v.TextbookLine(id)
		return err
	})
	if err != nil {
		return err
	}
	return s.textbookForm(w, r, http.StatusOK, formOfTextbooks(l).stamp(), id)
}

func (s *Server) changeTextbooks(w http.ResponseWriter, r *http.Request) error {
	return s.saveTextbooks(w, r, kiosk.ID(r.PathValue("id")))
}

func (s *Server) saveTextbooks(w http.ResponseWriter, r *http.Request, id kiosk.ID) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	l := textbooksOfForm(f)
	l.ID = id
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		_, done, err := s.Cataloguing.SaveTextbookLine(r.Context(), a, l, func(now kiosk.TextbookLine) error { return f.stale(formOfTextbooks(now)) })
		if err != nil {
			return "", err
		}
		if id == "" {
			s.done(r, textbooksPath, s.undoOf(done.Result.EventSeq), "textbooks.added")
		} else {
			s.done(r, textbooksPath, s.undoOf(done.Result.EventSeq), "textbooks.changed")
		}
		return textbooksPath, nil
	}, func(status int) error { return s.textbookForm(w, r, status, f, id) })
}
