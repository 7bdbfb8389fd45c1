package web

import (
	"net/http"

	"muontra/kiosk"
	"muontra/web/words"
)

// deskRoutes are the desk's first page and what it shows live.
func (s *Server) deskRoutes() []route {
	return []route{
		{"GET", "/desk", signedInAny, s.deskHome},
		{"GET", "/desk/{$}", signedInAny, s.deskHome},
		{"GET", "/ws/desk", staff, s.deskSocket},
		// Pupils practise at the station itself (seed R101).
		{"GET", "/desk/practice", atStation, s.practice},
		{"POST", "/desk/undo", librarian, s.undo},
	}
}

// deskHome is the first page, of today: whose day it is and what it brought so
// far, what waits, and live who calls, what was refused, and each movement.
//
// A collaborator's first page is of the own classes: every page's "to the desk"
// leads there.
func (s *Server) deskHome(w http.ResponseWriter, r *http.Request) error {
	if !callerOf(r).is(staffRoles...) {
		http.Redirect(w, r, "/desk/my-classes", http.StatusSeeOther)
		return nil
	}
	var stations []string
	for _, name := range s.Stations() {
		if !s.sandbox(name) {
			stations = append(stations, name)
		}
	}
	mine := callerOf(r).is(kiosk.Librarian)
	data := map[string]any{
		"Stations": stations, "Practice": s.Practice, "MayOverride": mine, "Mine": mine,
		"Words": words.Page(s.lang(r), "desk.live."),
	}
	data["HasCounter"] = mine && s.Counter != nil
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		if err := s.todayData(v, callerOf(r), s.lang(r), data); err != nil {
			return err
		}
		if mine && s.Clocks != nil {
			var err error
			if data["WrongClock"], err = s.wrongClock(v, s.lang(r)); err != nil {
				return err
			}
		}
		if mine {
			if err := s.interloansToday(v, s.lang(r), data); err != nil {
				return err
			}
		}
		if mine && s.Lending != nil {
			today, err := s.today(v)
			if err != nil {
				return err
			}
			if err := asideToday(v, today, s.lang(r), data); err != nil {
				return err
			}
			if data["UnsureLoans"], _, err = v.CountOpenLoans(kiosk.OpenLoanQuery{On: today, Unsure: true}); err != nil {
				return err
			}
		}
		if !mine || s.Acquisitions == nil {
			return nil
		}
		_, lying, err := onTrolley(v)
		if err != nil {
			return err
		}
		data["OnTrolley"] = len(lying)
		now, err := s.waitingNow(v)
		data["Waiting"] = now
		return err
	})
	if err != nil {
		return err
	}
	if mine {
		data["Unsafe"], data["Safe"] = s.safety(s.lang(r))
	}
	if mine && s.Printing != nil {
		q, err := s.queueData(r)
		if err != nil {
			return err
		}
		data["Jobs"] = q["Jobs"]
	}
	s.deskPage(w, r, http.StatusOK, "desk.html", data)
	return nil
}

// practice is where pupils and new staff learn: a kiosk of its own beside cards
// and books to click, without a scanner and without touching real loans.
func (s *Server) practice(w http.ResponseWriter, r *http.Request) error {
	if s.Practice == "" || s.Samples == nil {
		return errNotFound
	}
	samples, err := s.Samples(r.Context())
	if err != nil {
		return err
	}
	s.page(w, r, http.StatusOK, "practice.html", map[string]any{
		"Station": s.Practice, "Sandbox": s.sandbox(s.Practice), "Samples": samples, "Commands": kiosk.CommandCodes,
		"Words": words.Page(s.lang(r), "practice.live."),
	})
	return nil
}
