package web

import (
	"context"
	"net/http"
	"slices"

	"muontra/kiosk"
)

// rotationRow is a rotation with how far it is.
type rotationRow struct {
	kiosk.Rotation
	Moves []boxMove
}

// Stands is the rotation in one word.
func (r rotationRow) Stands() string {
	switch {
	case r.Undone:
		return "undone"
	case !r.Closed.IsZero():
		return "closed"
	case r.Left() == len(r.Moves):
		return "prepared"
	}
	return "under_way"
}

// boxMove is the move of a box with the names of its places.
type boxMove struct {
	kiosk.Move
	From, To cornerRow
	Confirm  bool // the keeper of To has confirmed the box
}

func (s *Server) rotationRow(v kiosk.View, r kiosk.Rotation) (rotationRow, error) {
	row := rotationRow{Rotation: r}
	today, err := s.today(v)
	if err != nil {
		return row, err
	}
	places, err := placesByID(v)
	if err != nil {
		return row, err
	}
	at := map[kiosk.ID]cornerRow{}
	corner := func(id kiosk.ID) (cornerRow, error) {
		if c, ok := at[id]; ok {
			return c, nil
		}
		c, err := v.Corner(id)
		if err != nil {
			return cornerRow{}, err
		}
		at[id], err = s.cornerRow(v, c, places, today)
		return at[id], err
	}
	for _, m := range r.Moves {
		x := boxMove{Move: m}
		if x.From, err = corner(m.From); err != nil {
			return row, err
		}
		if x.To, err = corner(m.To); err != nil {
			return row, err
		}
		if m.Deposit != "" {
			b, err := v.Deposit(m.Deposit)
			if err != nil {
				return row, err
			}
			x.Confirm = !b.Confirmed.IsZero()
		}
		row.Moves = append(row.Moves, x)
	}
	return row, nil
}

var rotationList = list[kiosk.RotationLine]{
	Title: "rotation.register",
	Columns: []column[kiosk.RotationLine]{
		{Key: "nth", Word: "rotation.nth", Kind: numberCell, Of: func(l kiosk.RotationLine) any { return l.Nth }},
		{Key: "name", Word: "rotation.name", Kind: textCell, Of: func(l kiosk.RotationLine) any { return l.Rotation.Name }, Link: func(l kiosk.RotationLine) string { return rotationsPath + "/" + string(l.Rotation.ID) }},
		{Key: "day", Word: "rotation.moved", Kind: dayCell, Of: func(l kiosk.RotationLine) any { return l.Moved }},
		{Key: "box", Word: "corner.box", Kind: codeCell, Of: func(l kiosk.RotationLine) any { return l.Box }},
		{Key: "from", Word: "rotation.from", Kind: codeCell, Of: func(l kiosk.RotationLine) any { return l.From.Code }},
		{Key: "to", Word: "rotation.to", Kind: codeCell, Of: func(l kiosk.RotationLine) any { return l.To.Code }},
		{Key: "copies", Word: "rotation.copies", Kind: numberCell, Of: func(l kiosk.RotationLine) any { return l.Copies }},
		{Key: "out", Word: "rotation.out", Kind: numberCell, Of: func(l kiosk.RotationLine) any { return l.Out }},
		{Key: "confirmed", Word: "rotation.confirmed", Kind: dayCell, Of: func(l kiosk.RotationLine) any { return l.Confirmed }},
	},
}

// rotationsPage is the rotation register, with what is under way before it.
func (s *Server) rotationsPage(w http.ResponseWriter, r *http.Request) error {
	var lines []kiosk.RotationLine
	var open []rotationRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		all, err := v.Rotations()
		if err != nil {
			return err
		}
		for _, x := range all {
			if x.Open() {
				open = append(open, rotationRow{Rotation: x, Moves: make([]boxMove, len(x.Moves))})
			}
		}
		lines, err = kiosk.RotationRegister(v)
		return err
	})
	if err != nil {
		return err
	}
	return showList(s, w, r, rotationList, lines, "rotations.html", map[string]any{"Open": open, "Mine": callerOf(r).is(kiosk.Librarian)})
}

func (s *Server) newRotation(w http.ResponseWriter, r *http.Request) error {
	f := newForm("all", "yes")
	return s.rotationForm(w, r, http.StatusOK, f)
}

// rotationForm offers the corners that have a box, in the order of a round.
func (s *Server) rotationForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var rows []cornerRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		all, err := s.cornerRows(v)
		rows = slices.DeleteFunc(all, func(c cornerRow) bool { return !c.Ended.IsZero() })
		for _, c := range rows {
			if f.Is("all", "yes") && len(c.Boxes) > 0 && c.At.Kind == kiosk.ClassCorner {
				f.Values.Add("corner", string(c.Place))
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	f.Values.Del("all")
	s.deskPage(w, r, status, "rotationform.html", map[string]any{"F": f, "Rows": rows})
	return nil
}

// addRotation prepares a round of the corners that are ticked: each box goes to
// the next, the last to the first.
func (s *Server) addRotation(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	x := kiosk.Rotation{Name: f.text("name", 1, kiosk.MaxRotationName), Day: f.day("day", false), Until: f.day("until", false)}
	ids := f.Values["corner"]
	if len(ids) < 2 {
		f.fault("corner", kiosk.FieldMissing, nil)
	}
	for i, id := range ids {
		x.Moves = append(x.Moves, kiosk.Move{From: kiosk.ID(id), To: kiosk.ID(ids[(i+1)%len(ids)])})
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		got, err := s.Corners.PrepareRotation(r.Context(), a, x)
		if err != nil {
			return "", err
		}
		page := rotationsPath + "/" + string(got.ID)
		s.done(r, page, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.Corners.CloseRotation(ctx, a, got.ID)
			return err
		}, "rotation.done.prepared", "n", len(got.Moves))
		return page, nil
	}, func(status int) error { return s.rotationForm(w, r, status, f) })
}

// rotationPage is one rotation: the next scan, and the map of its boxes. On
// paper it is the list that goes along.
func (s *Server) rotationPage(w http.ResponseWriter, r *http.Request) error {
	return s.showRotation(w, r, http.StatusOK, newForm())
}

func (s *Server) showRotation(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var row rotationRow
	data := map[string]any{"F": f}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		x, err := v.Rotation(kiosk.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		if row, err = s.rotationRow(v, x); err != nil {
			return err
		}
		data["Title"] = "rotation.sheet"
		data["Paper"], err = s.paperNow(v, s.lang(r))
		return err
	})
	if err != nil {
		return err
	}
	data["R"] = row
	page := "rotation.html"
	if r.URL.Query().Get("as") == "print" {
		page = "rotationsheet.html"
	}
	s.deskPage(w, r, status, page, data)
	return nil
}

// doRotation takes the scan of a box, or a button.
func (s *Server) doRotation(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	page := rotationsPath + "/" + string(id)
	what := f.Get("what")
	f.Button = what != ""
	if what == "" && f.Get("code") == "" {
		f.fault("code", kiosk.FieldMissing, nil)
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		ctx := r.Context()
		from := kiosk.ID(f.Get("from"))
		switch what {
		case "close":
			_, err := s.Corners.CloseRotation(ctx, a, id)
			if err == nil {
				s.done(r, page, func(ctx context.Context, a kiosk.Attempt) error {
					_, err := s.Corners.ReopenRotation(ctx, a, id)
					return err
				}, "rotation.done.closed")
			}
			return page, err
		case "back":
			_, err := s.Corners.MoveBoxBack(ctx, a, id, from)
			if err == nil {
				s.done(r, page, func(ctx context.Context, a kiosk.Attempt) error {
					_, err := s.Corners.MoveBox(ctx, a, id, from)
					return err
				}, "rotation.done.back")
			}
			return page, err
		case "":
			err := s.Ledger.View(ctx, func(v kiosk.View) error {
				c, ok, err := cornerOfCode(v, f.Get("code"))
				if err == nil && !ok {
					f.Wrong["code"] = "no_corner_code"
					return errForm
				}
				from = c.Place
				return err
			})
			if err != nil {
				return "", err
			}
		}
		got, err := s.Corners.MoveBox(ctx, a, id, from)
		if isNotFound(err) {
			f.Wrong["code"] = "not_in_rotation"
			return "", errForm
		}
		if err != nil {
			return "", err
		}
		s.done(r, page, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.Corners.MoveBoxBack(ctx, a, id, from)
			return err
		}, "rotation.done.moved", "n", got.Left())
		return page, nil
	}, func(status int) error {
		f.Values.Set("code", "")
		return s.showRotation(w, r, status, f)
	})
}
