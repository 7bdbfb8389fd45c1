package web

import (
	"context"
	"net/http"

	"muontra/kiosk"
	"muontra/web/words"
)

// Clocks take a person's word on the PC's clock.
type Clocks interface {
	ClockIsRight(context.Context, kiosk.Attempt) error
}

func (s *Server) clockRoutes() []route {
	return []route{{"POST", "/desk/clock", librarian, s.clockIsRight}}
}

// wrongClock is what the desk says of a clock that cannot be right, "" otherwise.
func (s *Server) wrongClock(v kiosk.View, lang words.Lang) (string, error) {
	last, err := v.LastRecorded()
	if err != nil {
		return "", err
	}
	now := s.Now()
	wrong := kiosk.ClockAt(now, last)
	if wrong == "" {
		return "", nil
	}
	loc, err := kiosk.LocationOf(v)
	if err != nil {
		return "", err
	}
	const form = "15:04 02/01/2006"
	if last.IsZero() {
		return words.T(lang, "clock.wrong_first", "now", now.In(loc).Format(form)), nil
	}
	return words.T(lang, "clock.wrong", "now", now.In(loc).Format(form), "last", last.In(loc).Format(form)), nil
}

// clockIsRight is the librarian's word that the clock is right all the same.
func (s *Server) clockIsRight(w http.ResponseWriter, r *http.Request) error {
	if s.Clocks == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if err := s.Clocks.ClockIsRight(r.Context(), a); err != nil {
			return "", err
		}
		s.done(r, "/desk", nil, "clock.noted")
		return "/desk", nil
	}, func(int) error { return s.deskHome(w, r) })
}
