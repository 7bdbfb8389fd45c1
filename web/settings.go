package web

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// Settings are the acts of the settings pages; each change makes the new part of
// the stored one.
type Settings interface {
	SetPolicies(ctx context.Context, a kiosk.Attempt, change func(kiosk.Policies) (kiosk.Policies, error)) error
	SetYear(ctx context.Context, a kiosk.Attempt, id kiosk.ID, change func(kiosk.YearSettings) (kiosk.YearSettings, error)) error
	SetTimetable(ctx context.Context, a kiosk.Attempt, change func(kiosk.Timetable) (kiosk.Timetable, error)) error
	SetPlace(ctx context.Context, a kiosk.Attempt, id kiosk.ID, change func(kiosk.Place) (kiosk.Place, error)) error
	AddPlace(ctx context.Context, a kiosk.Attempt, p kiosk.Place) (kiosk.Place, error)
	SetHouseRules(ctx context.Context, a kiosk.Attempt, change func(kiosk.HouseRules) (kiosk.HouseRules, error)) error
	CloseRegister(ctx context.Context, a kiosk.Attempt, lines func(kiosk.View) (kiosk.RegisterClosing, error)) (int, error)
	SetDeclared(ctx context.Context, a kiosk.Attempt, change func(kiosk.Declared) (kiosk.Declared, error)) error
	SetSchool(ctx context.Context, a kiosk.Attempt, change func(kiosk.School) (kiosk.School, error)) error
	Teaming
	PageKeeping
	Trolleys
}

// The settings' pages.
const (
	policiesPath  = "/desk/settings/policies"
	calendarPath  = "/desk/settings/calendar"
	timetablePath = "/desk/settings/timetable"
	placesPath    = "/desk/settings/places"
	schoolPath    = "/desk/settings/school"
)

// settingsRoutes are the rules that the school sets itself.
func (s *Server) settingsRoutes() []route {
	return []route{
		{"GET", policiesPath, librarian, s.settled(s.policiesPage)},
		{"GET", policiesPath + "/line", librarian, s.settled(s.policyLinePage)},
		{"POST", policiesPath + "/line", librarian, s.settled(s.putPolicyLine)},
		{"POST", policiesPath + "/remove", librarian, s.settled(s.removePolicyLine)},
		{"GET", calendarPath, librarian, s.settled(s.calendarPage)},
		{"POST", calendarPath, librarian, s.settled(s.putCalendar)},
		{"GET", timetablePath, librarian, s.settled(s.timetablePage)},
		{"POST", timetablePath, librarian, s.settled(s.putTimetable)},
		{"POST", timetablePath + "/usual", librarian, s.settled(s.usualTimetable)},
		{"GET", placesPath, librarian, s.settled(s.placesPage)},
		{"POST", placesPath, librarian, s.settled(s.addPlace)},
		{"GET", placesPath + "/new", librarian, s.settled(s.newPlace)},
		{"GET", placesPath + "/{id}", librarian, s.settled(named(s.editPlace))},
		{"POST", placesPath + "/{id}", librarian, s.settled(named(s.putPlace))},
		{"GET", schoolPath, librarian, s.settled(s.schoolPage)},
		{"POST", schoolPath, librarian, s.settled(s.putSchool)},
	}
}

// settled leaves the pages out where there are no acts behind them.
func (s *Server) settled(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if s.Settings == nil {
			return errNotFound
		}
		return h(w, r)
	}
}

// errChangedSince refuses an undo: somebody has changed the same part since.
var errChangedSince = errors.New("changed again since")

// swap remembers how a part of the settings was and is made, so that an undo
// puts back what was, if it is still what was made of it.
type swap[T any] struct{ before, after T }

// remember wraps a change of a part.
func (c *swap[T]) remember(change func(T) (T, error)) func(T) (T, error) {
	return func(now T) (T, error) {
		after, err := change(now)
		c.before, c.after = now, after
		return after, err
	}
}

// back is the change that takes it back.
func (c *swap[T]) back(now T) (T, error) {
	if !reflect.DeepEqual(now, c.after) {
		return now, errChangedSince
	}
	return c.before, nil
}

// rulesNow are the settings of today.
func (s *Server) rulesNow(r *http.Request) (rules kiosk.Rules, today kiosk.Day, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		if today, err = s.today(v); err != nil {
			return err
		}
		rules, err = v.Rules(today)
		return err
	})
	return rules, today, err
}

// choice is an entry of a select.
type choice struct{ Value, Text string }

func choices[T ~string](lang words.Lang, key string, all []T) []choice {
	var out []choice
	for _, x := range all {
		out = append(out, choice{string(x), words.T(lang, key+string(x))})
	}
	return out
}

// textOf finds the text of a value among choices.
func textOf(all []choice, value string) string {
	if i := slices.IndexFunc(all, func(c choice) bool { return c.Value == value }); i >= 0 {
		return all[i].Text
	}
	return value
}
