package web

import (
	"fmt"
	"net/http"

	"muontra/kiosk"
	"muontra/web/words"
)

var cornerRegisterList = list[kiosk.CornerMonth]{
	Title: "corner.register",
	Columns: []column[kiosk.CornerMonth]{
		{Key: "month", Word: "corner.month", Kind: codeCell, Of: func(m kiosk.CornerMonth) any { return fmt.Sprintf("%04d-%02d", m.Year, int(m.Month)) }},
		{Key: "code", Word: "places.code", Kind: codeCell, Of: func(m kiosk.CornerMonth) any { return m.Place.Code }, Link: func(m kiosk.CornerMonth) string { return deskCornerPath(m.Place.ID) }},
		{Key: "class", Word: "list.class", Kind: codeCell, Of: func(m kiosk.CornerMonth) any { return m.Class }},
		{Key: "readings", Word: "corner.readings", Kind: numberCell, Of: func(m kiosk.CornerMonth) any { return m.Readings }},
		{Key: "readers", Word: "corner.readers", Kind: numberCell, Of: func(m kiosk.CornerMonth) any { return known(m.Readers) }},
		{Key: "loans", Word: "corner.loans", Kind: numberCell, Of: func(m kiosk.CornerMonth) any { return m.Loans }},
		{Key: "borrowers", Word: "corner.borrowers", Kind: numberCell, Of: func(m kiosk.CornerMonth) any { return m.Borrowers }},
		{Key: "in", Word: "corner.in", Kind: numberCell, Of: func(m kiosk.CornerMonth) any { return m.In }},
		{Key: "out", Word: "corner.out", Kind: numberCell, Of: func(m kiosk.CornerMonth) any { return m.Out }},
		{Key: "rotations", Word: "corner.rotations", Kind: numberCell, Of: func(m kiosk.CornerMonth) any { return m.Rotations }},
		{Key: "own", Word: "corner.own", Kind: numberCell, Of: func(m kiosk.CornerMonth) any { return m.Own }},
	},
}

var cornerBookList = list[kiosk.CornerBook]{
	Title: "corner.books",
	Columns: []column[kiosk.CornerBook]{
		{Key: "title", Word: "list.title", Kind: textCell, Of: func(b kiosk.CornerBook) any { return b.Item.Title.Name() }},
		{Key: "accession", Word: "list.accession", Kind: codeCell, Of: func(b kiosk.CornerBook) any { return b.Item.Accession }},
		{Key: "place", Word: "corner.where", Kind: codeCell, Of: func(b kiosk.CornerBook) any { return b.Place.Code }},
		{Key: "loans", Word: "corner.loans", Kind: numberCell, Of: func(b kiosk.CornerBook) any { return b.Loans }},
		{Key: "readings", Word: "corner.readings_named", Kind: numberCell, Of: func(b kiosk.CornerBook) any { return b.Readings }},
		{Key: "used", Word: "corner.used", Kind: numberCell, Of: func(b kiosk.CornerBook) any { return b.Used() }},
	},
}

var cornerWearList = list[kiosk.WearLine]{
	Title: "corner.wear",
	Columns: []column[kiosk.WearLine]{
		{Key: "day", Word: "corner.left_on", Kind: dayCell, Of: func(l kiosk.WearLine) any { return l.Day }},
		{Key: "place", Word: "corner.where", Kind: codeCell, Of: func(l kiosk.WearLine) any { return l.Place.Code }},
		{Key: "accession", Word: "list.accession", Kind: codeCell, Of: func(l kiosk.WearLine) any { return l.Item.Accession }},
		{Key: "title", Word: "list.title", Kind: textCell, Of: func(l kiosk.WearLine) any { return l.Item.Title.Name() }},
		{Key: "given", Word: "corner.given", Kind: textCell, Of: func(l kiosk.WearLine) any { return string(l.Condition) }, Say: func(l kiosk.WearLine) string { return "copy.condition." + string(l.Condition) }},
		{Key: "back", Word: "corner.came", Kind: textCell, Of: func(l kiosk.WearLine) any { return string(l.Back) }, Say: func(l kiosk.WearLine) string { return sayOrNone("copy.condition.", string(l.Back)) }, Mark: func(l kiosk.WearLine) string {
			if l.Worse() {
				return "out"
			}
			return ""
		}},
		{Key: "end", Word: "corner.end", Kind: textCell, Of: func(l kiosk.WearLine) any { return string(l.End) }, Say: func(l kiosk.WearLine) string { return "corner.end." + string(l.End) }},
	},
}

func sayOrNone(prefix, code string) string {
	if code == "" {
		return ""
	}
	return prefix + code
}

// span is the days that a register is asked for: those of the query, or else the
// school year up to today.
func (s *Server) span(v kiosk.View, r *http.Request) (f *form, from, to kiosk.Day, err error) {
	today, err := s.today(v)
	if err != nil {
		return nil, from, to, err
	}
	rules, err := v.Rules(today)
	if err != nil {
		return nil, from, to, err
	}
	f = newForm("from", tidy(r.URL.Query().Get("from")), "to", tidy(r.URL.Query().Get("to")))
	if from = f.day("from", false); from.IsZero() {
		from = rules.Year.Start
	}
	if to = f.day("to", false); to.IsZero() {
		to = today
	}
	if to.Before(from) {
		f.fault("to", kiosk.FieldOutOfRange, nil)
		to = from
	}
	f.Values.Set("from", words.Date(from))
	f.Values.Set("to", words.Date(to))
	return f, from, to, nil
}

func showSpan[T any](s *Server, w http.ResponseWriter, r *http.Request, l list[T], here string, read func(v kiosk.View, from, to kiosk.Day) ([]T, error)) error {
	var rows []T
	var f *form
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		var from, to kiosk.Day
		var err error
		if f, from, to, err = s.span(v, r); err != nil {
			return err
		}
		rows, err = read(v, from, to)
		return err
	})
	if err != nil {
		return err
	}
	filter := words.T(s.lang(r), "corner.span", "from", f.Get("from"), "to", f.Get("to"))
	return showList(s, w, r, l, rows, "cornerregister.html", map[string]any{"F": f, "Here": here, "Title": l.Title, "Filter": filter})
}

func (s *Server) cornerRegister(w http.ResponseWriter, r *http.Request) error {
	return showSpan(s, w, r, cornerRegisterList, "register", kiosk.CornerRegister)
}

func (s *Server) cornerBooks(w http.ResponseWriter, r *http.Request) error {
	return showSpan(s, w, r, cornerBookList, "books", kiosk.CornerBooks)
}

func (s *Server) cornerWear(w http.ResponseWriter, r *http.Request) error {
	return showSpan(s, w, r, cornerWearList, "wear", kiosk.CornerWear)
}

// boxLine is a numbered line of a hand-over sheet.
type boxLine struct {
	N int
	kiosk.BoxRow
}

// handoverSheet is the paper of a hand-over, with the books and the signatures;
// of a box that is back it is the minutes of the return.
func (s *Server) handoverSheet(w http.ResponseWriter, r *http.Request) error {
	data := map[string]any{}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		place := kiosk.ID(r.PathValue("id"))
		c, err := v.Corner(place)
		if err != nil {
			return err
		}
		d, err := v.Deposit(kiosk.ID(r.URL.Query().Get("deposit")))
		if err != nil {
			return err
		}
		if d.Place != place {
			return kiosk.ErrNotFound
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		places, err := placesByID(v)
		if err != nil {
			return err
		}
		row, err := s.cornerRow(v, c, places, today)
		if err != nil {
			return err
		}
		rows, err := kiosk.BoxRows(v, d.ID, true)
		if err != nil {
			return err
		}
		back := 0
		var shown []boxLine
		for _, x := range rows {
			if x.End == kiosk.BoxUndone {
				continue
			}
			shown = append(shown, boxLine{len(shown) + 1, x})
			if x.End != kiosk.InBox {
				back++
			}
		}
		title := "corner.sheet"
		if c.Class == "" && row.At.Kind == kiosk.Elsewhere {
			title = "corner.sheet_other"
		}
		if back > 0 {
			title += "_back"
		}
		data["C"], data["D"], data["Rows"], data["Returned"] = row, d, shown, back
		data["Title"] = title
		data["Paper"], err = s.paperNow(v, s.lang(r))
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "cornerhandover.html", data)
	return nil
}

// cornerBoard is the sheet for the classroom's wall: the class's totals, and
// nobody's name.
func (s *Server) cornerBoard(w http.ResponseWriter, r *http.Request) error {
	data := map[string]any{}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		c, err := v.Corner(kiosk.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		rules, err := v.Rules(today)
		if err != nil {
			return err
		}
		places, err := placesByID(v)
		if err != nil {
			return err
		}
		row, err := s.cornerRow(v, c, places, today)
		if err != nil {
			return err
		}
		all, err := kiosk.CornerRegister(v, rules.Year.Start, today)
		if err != nil {
			return err
		}
		var year, month kiosk.CornerMonth
		for _, m := range all {
			if m.Place.ID != c.Place {
				continue
			}
			year.Readings += m.Readings
			year.Loans += m.Loans
			year.Rotations += m.Rotations
			month = m
		}
		data["C"], data["Year"], data["Month"] = row, year, month
		if bounded(c) {
			data["Open"] = openWords(s.lang(r), c)
		}
		data["Paper"], err = s.paperNow(v, s.lang(r))
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "cornerboard.html", data)
	return nil
}
