package web

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"time"
	"unicode"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// stationRoutes are a station: its page, its state, its scans.
func (s *Server) stationRoutes() []route {
	return []route{
		{"GET", "/kiosk/{station}", ownStation, s.kioskPage},
		{"GET", "/ws/stations/{station}", ownStation, s.stationSocket},
		{"GET", "/api/v1/stations/{station}", ownStation, s.apiState},
		{"POST", "/api/v1/stations/{station}/scans", ownStation, s.apiScan},
		{"POST", "/api/v1/stations/{station}/actions", ownStation, s.apiAction},
		{"POST", "/api/v1/stations/{station}/override", librarian, s.apiOverride},
	}
}

// maxBody is the largest body of the station paths.
const maxBody = 4 << 10

// readBody reads one JSON object into v and nothing else.
func readBody(w http.ResponseWriter, r *http.Request, v any) error {
	if mt, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || mt != "application/json" {
		return errMediaType
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if p, known := asProblem(err); known {
			return p
		}
		return errBadBody // the sender went away in the middle
	}
	// encoding/json would quietly put U+FFFD for bytes that are no text.
	if !utf8.Valid(b) || json.Unmarshal(b, v) != nil {
		return errBadBody
	}
	return nil
}

// short reports whether an id or a name that a sender chose is fit to be kept
// and logged.
func short(s string, most int) bool {
	if len(s) > most {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

func (s *Server) stationOf(r *http.Request) (Station, error) {
	st, ok := s.Station(r.PathValue("station"))
	if !ok {
		return nil, errNoStation
	}
	return st, nil
}

// apiState is the same state that the websocket pushes.
func (s *Server) apiState(w http.ResponseWriter, r *http.Request) error {
	st, err := s.stationOf(r)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, stateOf(s.lang(r), s.newest(r.PathValue("station"), st), s.Now()))
	return nil
}

// apiScan is one scan.
func (s *Server) apiScan(w http.ResponseWriter, r *http.Request) error {
	st, err := s.stationOf(r)
	if err != nil {
		return err
	}
	var body struct {
		Code      *string `json:"code"`
		CommandID string  `json:"command_id"`
		Device    string  `json:"device"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if body.Code == nil {
		return errNoCode
	}
	if !short(body.CommandID, 128) || !short(body.Device, 64) {
		return errBadBody
	}
	if body.Device == "" {
		body.Device = "http"
	}
	start := time.Now()
	res, err := st.Scan(r.Context(), station.Scan{Code: *body.Code, CommandID: body.CommandID, Device: body.Device, SignedIn: boxHand(r)})
	if err != nil {
		return err
	}
	s.metrics.scanned(res, time.Since(start))
	writeJSON(w, http.StatusOK, resultOf(s.lang(r), res))
	return nil
}

// apiAction is a touch of a button.
func (s *Server) apiAction(w http.ResponseWriter, r *http.Request) error {
	st, err := s.stationOf(r)
	if err != nil {
		return err
	}
	var body struct {
		Action    string `json:"action"`
		Copy      string `json:"copy"`
		CommandID string `json:"command_id"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if !short(body.CommandID, 128) || !short(body.Copy, 256) {
		return errBadBody
	}
	res, err := st.Do(r.Context(), station.Action{Command: kiosk.Command(body.Action), Copy: body.Copy, CommandID: body.CommandID})
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, resultOf(s.lang(r), res))
	return nil
}

// apiOverride is a librarian's yes, with the reason for it. It is done only for
// the patron who was refused; "refused" is the seq of that answer and tells which
// one is meant, where the copy alone does not.
func (s *Server) apiOverride(w http.ResponseWriter, r *http.Request) error {
	st, err := s.stationOf(r)
	if err != nil {
		return err
	}
	var body struct {
		Copy      string `json:"copy"`
		Refused   int64  `json:"refused"`
		Comment   string `json:"comment"`
		CommandID string `json:"command_id"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if !short(body.CommandID, 128) || !short(body.Copy, 256) || !short(body.Comment, 1000) || body.Refused < 0 {
		return errBadBody
	}
	res, err := st.Override(r.Context(), station.Override{Copy: body.Copy, Refused: body.Refused, Comment: body.Comment, Staff: callerOf(r).account.id, CommandID: body.CommandID})
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, resultOf(s.lang(r), res))
	return nil
}
