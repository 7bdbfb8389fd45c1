package web

import (
	"net/http"

	"muontra/web/words"
)

// kioskPage is the touchscreen of a station. It holds words and pictures only;
// everything about a child comes over the websocket and goes with the session.
func (s *Server) kioskPage(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("station")
	if _, ok := s.Station(name); !ok {
		return errNoStation
	}
	s.keepPaired(w, r)
	s.page(w, r, http.StatusOK, "kiosk.html", map[string]any{
		"Station":  name,
		"Words":    words.Page(s.lang(r), "kiosk."),
		"Practice": s.sandbox(name),
		"Camera":   s.Pictures != nil,
		"Wishes":   s.Wishes != nil,
		"Rules":    []string{"hands", "quiet", "care", "back"},
	})
	return nil
}
