package web

import (
	"net/http"

	"muontra/kiosk"
)

// rotaSlot is a week of the rota's form: its class, its teacher and what is told.
type rotaSlot struct {
	Nr               int
	On               kiosk.Day
	Class, Who, What string // the names of its fields
	turn             kiosk.Activity
}

// slots are the weeks that can still be changed: from this one on, those on which the
// library is open, without those that were held.
func (x rota) slots() (all []rotaSlot) {
	for i, w := range x.Weeks {
		turn, open := w.Open()
		if !open && (w.Taken() || w.Day.IsZero()) || w.Monday.Add(6).Before(x.Today) && !open {
			continue
		}
		slot := rotaSlot{Nr: i + 1, On: w.Day, turn: turn}
		if open {
			slot.On = turn.Day
		}
		key := w.Monday.String()
		slot.Class, slot.Who, slot.What = "class-"+key, "teacher-"+key, "text-"+key
		all = append(all, slot)
	}
	return all
}

func (x rota) form() *form {
	f := newForm()
	for _, s := range x.slots() {
		f.Values.Set(s.Class, s.turn.Class)
		f.Values.Set(s.Who, string(s.turn.Teacher))
		f.Values.Set(s.What, s.turn.Text)
	}
	return f
}

// editRota is the whole year in one form.
func (s *Server) editRota(w http.ResponseWriter, r *http.Request) error {
	return s.rotaForm(w, r, http.StatusOK, nil)
}

func (s *Server) rotaForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var x rota
	var teachers []choice
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if x, err = s.rotaOf(v, r); err != nil {
			return err
		}
		teachers, err = teacherChoices(v, x.Today)
		return err
	})
	if err != nil {
		return err
	}
	if f == nil {
		f = x.form().stamp()
	}
	classes := []choice{{"", "-"}}
	for _, c := range x.Classes {
		classes = append(classes, choice{c.Name, c.Name})
	}
	s.deskPage(w, r, status, "rotaedit.html", map[string]any{"X": x, "F": f, "Slots": x.slots(), "Classes": classes, "Teachers": teachers})
	return nil
}

// changeRota saves the form: a week without a class is free again.
func (s *Server) changeRota(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	var x rota
	var lines []kiosk.Activity
	err = s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if x, err = s.rotaOf(v, r); err != nil {
			return err
		}
		keepers, err := keepersOf(v, x.Today)
		lines = x.changes(f, keepers)
		return err
	})
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		err := s.putRota(r, a, lines, func(v kiosk.View) error {
			now, err := s.rotaOf(v, r)
			if err != nil {
				return err
			}
			return f.stale(now.form())
		}, "rota.saved")
		return rotaYear(rotaPath, x), err
	}, func(status int) error { return s.rotaForm(w, r, status, f) })
}

// changes are the turns that the form makes, changes or takes away.
func (x rota) changes(f *form, keepers map[kiosk.ID]kiosk.ID) (lines []kiosk.Activity) {
	for _, slot := range x.slots() {
		if !f.Values.Has(slot.Class) {
			continue
		}
		a := slot.turn
		a.Class, a.Teacher, a.Text = f.Get(slot.Class), kiosk.ID(f.Get(slot.Who)), f.text(slot.What, 0, kiosk.MaxActivityText)
		switch {
		case a.ID == "" && a.Class == "":
			continue
		case a.ID == "":
			made := turnOf(slot.On, a.Class, a.Teacher)
			if a.Text != "" {
				made.Text = a.Text
			}
			a = made
		case a.Class == "":
			a = slot.turn
			a.Removed = true
		}
		for _, c := range x.Classes { // another class, and still the other's teacher
			if c.Name == a.Class && a.Class != slot.turn.Class && a.Teacher == slot.turn.Teacher {
				a.Teacher = keepers[c.ID]
			}
		}
		if a.ID == "" || !sameTurn(a, slot.turn) {
			lines = append(lines, a)
		}
	}
	return lines
}
