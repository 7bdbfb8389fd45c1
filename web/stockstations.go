package web

import (
	"net/http"
	"slices"

	"muontra/kiosk"
)

// stationCounts is a station that counts in a stocktake, as its page shows it.
type stationCounts struct{ Station, Place string }

// countingStations are the stations that count in a stocktake, and those that
// could. A station that counts in a closed one lends already.
func (s *Server) countingStations(r *http.Request, x stockSeen) (on []stationCounts, off []string, err error) {
	var all []kiosk.CountingStation
	open := map[kiosk.ID]bool{}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		takes, err := v.Stocktakes()
		if err != nil {
			return err
		}
		for _, t := range takes {
			open[t.ID] = t.Open()
		}
		all, err = v.CountingStations()
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	all = slices.DeleteFunc(all, func(c kiosk.CountingStation) bool { return !open[c.Stocktake] })
	for _, c := range all {
		if c.Stocktake == x.Row.ID {
			on = append(on, stationCounts{c.Station, x.placeName(c.Place)})
		}
	}
	for _, name := range s.realStations() {
		if !slices.ContainsFunc(all, func(c kiosk.CountingStation) bool { return c.Station == name }) {
			off = append(off, name)
		}
	}
	return on, off, nil
}

// startCounting makes a station count in the stocktake.
func (s *Server) startCounting(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	to := stocktakePath + "/" + string(id)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if err := s.Stocktaking.StartCounting(r.Context(), a, f.Get("station"), id, kiosk.ID(f.Get("place"))); err != nil {
			return "", err
		}
		s.done(r, to, nil, "stock.station_on", "station", f.Get("station"))
		return to, nil
	}, s.refused(w, r, f, to))
}

// stopCounting makes it lend and take back again.
func (s *Server) stopCounting(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	to := stocktakePath + "/" + r.PathValue("id")
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if _, err := s.Stocktaking.StopCounting(r.Context(), a, f.Get("station")); err != nil {
			return "", err
		}
		s.done(r, to, nil, "stock.station_off", "station", f.Get("station"))
		return to, nil
	}, s.refused(w, r, f, to))
}
