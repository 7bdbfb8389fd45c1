package web

import (
	"net/http"

	"muontra/kiosk"
)

// publicRoutes are what anybody on the network may ask for.
func (s *Server) publicRoutes() []route {
	return []route{
		{"GET", "/{$}", everyone, s.home},
		{"GET", "/catalogue", everyone, s.catalogue},
		{"GET", "/static/", everyone, s.static.serve},
		{"GET", "/healthz", everyone, s.healthz},
		{"GET", "/metrics", atStation, s.showMetrics},
	}
}

// home says where to go. What a visitor's address may not open is not offered.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	var stations []string
	for _, name := range s.Stations() {
		if !s.sandbox(name) {
			stations = append(stations, name)
		}
	}
	here, _ := callerOf(r).may(atStation)
	practice := s.Practice
	if m := callerOf(r).paired; m != nil && !here {
		here, stations, practice = true, []string{m.Station}, ""
	}
	s.page(w, r, http.StatusOK, "home.html", map[string]any{"Stations": stations, "Here": here, "Practice": practice, "Corner": s.CornerActs != nil})
	return nil
}

// sandbox reports whether a station is for practice only. In the demo the
// practice panel clicks at the demo's own kiosk, which is one like any other.
func (s *Server) sandbox(name string) bool {
	return name == s.Practice && name != kiosk.DefaultStation
}
