package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

// schoolGrades are the grades of a primary school.
var schoolGrades = []int{1, 2, 3, 4, 5}

// slotRow is one half of a weekday in the form; its fields begin with At.
type slotRow struct {
	Weekday   int
	Afternoon bool
	At        string
}

func slotAt(d time.Weekday, afternoon bool) string {
	half := "am"
	if afternoon {
		half = "pm"
	}
	return fmt.Sprintf("%d.%s.", int(d), half)
}

// timetablePage is the form of the weekly timetable.
func (s *Server) timetablePage(w http.ResponseWriter, r *http.Request) error {
	rules, _, err := s.rulesNow(r)
	if err != nil {
		return err
	}
	return s.timetableForm(w, r, http.StatusOK, formOfTimetable(rules.Timetable, schoolWeek(rules.Calendar, rules.Timetable)).stamp())
}

// formOfTimetable has the halves of the given days, and which days they are.
func formOfTimetable(t kiosk.Timetable, days []time.Weekday) *form {
	f := newForm()
	for _, d := range days {
		f.Values.Add("day", fmt.Sprint(int(d)))
	}
	for _, slot := range t {
		at := slotAt(slot.Weekday, slot.Afternoon)
		for _, g := range slot.Grades {
			f.Values.Add(at+"grade", fmt.Sprint(g))
		}
		if slot.Teachers {
			f.Values.Set(at+"teachers", "yes")
		}
		if slot.Note != "" {
			f.Values.Set(at+"note", slot.Note)
		}
	}
	return f
}

// timetableOf reads the timetable: a half without anybody and without a note is
// none, but for days that were there already.
func timetableOf(f *form, now kiosk.Timetable) kiosk.Timetable {
	var t kiosk.Timetable
	for i := range 7 {
		d := time.Weekday((i + 1) % 7)
		if !slices.Contains(f.Values["day"], fmt.Sprint(int(d))) {
			continue
		}
		for _, afternoon := range []bool{false, true} {
			at := slotAt(d, afternoon)
			slot := kiosk.Slot{Weekday: d, Afternoon: afternoon, Teachers: f.Is(at+"teachers", "yes"), Note: f.text(at+"note", 0, 120)}
			for _, g := range schoolGrades {
				if slices.Contains(f.Values[at+"grade"], fmt.Sprint(g)) {
					slot.Grades = append(slot.Grades, g)
				}
			}
			was := slices.ContainsFunc(now, func(s kiosk.Slot) bool { return s.Weekday == d && s.Afternoon == afternoon })
			if was || slot.Grades != nil || slot.Teachers || slot.Note != "" {
				t = append(t, slot)
			}
		}
	}
	return t
}

func (s *Server) timetableForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	rules, _, err := s.rulesNow(r)
	if err != nil {
		return err
	}
	var rows [][]slotRow
	for _, d := range schoolWeek(rules.Calendar, rules.Timetable) {
		rows = append(rows, []slotRow{{int(d), false, slotAt(d, false)}, {int(d), true, slotAt(d, true)}})
	}
	chosen := map[string]bool{}
	for name, list := range f.Values {
		if strings.HasSuffix(name, ".grade") || strings.HasSuffix(name, ".teachers") {
			for _, v := range list {
				chosen[name+v] = true
			}
		}
	}
	s.deskPage(w, r, status, "timetable.html", map[string]any{"F": f, "Rows": rows, "Grades": schoolGrades, "Chosen": chosen, "Days": f.Values["day"]})
	return nil
}

// putTimetable changes the timetable.
func (s *Server) putTimetable(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	rules, _, err := s.rulesNow(r)
	if err != nil {
		return err
	}
	lang := s.lang(r)
	timetableOf(f, rules.Timetable) // finds what is wrong before anything is done
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		return s.setTimetable(r, a, "timetable.saved", func(now kiosk.Timetable) (kiosk.Timetable, error) {
			stored := formOfTimetable(now, schoolWeek(rules.Calendar, now))
			stored.say = func(field, value string) string {
				if value == "yes" {
					return words.T(lang, "timetable.teachers")
				}
				return value
			}
			if err := f.stale(stored); err != nil {
				return nil, err
			}
			return timetableOf(f, now), nil
		})
	}, func(status int) error { return s.timetableForm(w, r, status, f) })
}

func (s *Server) setTimetable(r *http.Request, a kiosk.Attempt, key string, change func(kiosk.Timetable) (kiosk.Timetable, error)) (string, error) {
	var c swap[kiosk.Timetable]
	if err := s.Settings.SetTimetable(r.Context(), a, c.remember(change)); err != nil {
		return "", err
	}
	s.done(r, timetablePath, func(ctx context.Context, a kiosk.Attempt) error { return s.Settings.SetTimetable(ctx, a, c.back) }, key)
	return timetablePath, nil
}

// usualTimetable is one button: the week as most schools keep it.
func (s *Server) usualTimetable(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		return s.setTimetable(r, a, "timetable.usual_done", func(kiosk.Timetable) (kiosk.Timetable, error) { return kiosk.DefaultTimetable(), nil })
	}, s.refused(w, r, f, timetablePath))
}
