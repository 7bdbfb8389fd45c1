package web

import "net/http"

// home says where to go. What a visitor's address may not open is not offered.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	var stations []string
	for _, name := range s.Stations() {
		if name != s.Practice {
			stations = append(stations, name)
		}
	}
	here, _ := callerOf(r).may(atStation)
	s.page(w, r, http.StatusOK, "home.html", map[string]any{"Stations": stations, "Here": here})
	return nil
}
