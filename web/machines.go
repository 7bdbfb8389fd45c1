package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// machineRoutes are other machines: how they are paired, and what they report.
func (s *Server) machineRoutes() []route {
	return []route{
		{"GET", "/desk/machines", librarian, s.machinesPage},
		{"POST", "/desk/machines", librarian, s.makePairCode},
		{"POST", "/desk/machines/{id}/remove", librarian, named(s.removeMachine)},
		{"GET", "/pair", everyone, s.pairPage},
		{"POST", "/pair", everyone, s.pairBrowser},
		{"POST", "/api/v1/pair", everyone, s.pairProgram},
		{"POST", "/api/v1/stations/{station}/devices", ownStation, s.apiDevices},
	}
}

var (
	errPairCode    = problem{http.StatusUnprocessableEntity, "pair_code"}
	errPairOften   = problem{http.StatusTooManyRequests, "pair_often"}
	errPairStation = problem{http.StatusConflict, "pair_station"}
)

// machineRow is a paired machine as the page shows it.
type machineRow struct {
	ID      kiosk.ID
	Station string
	Program bool
	Here    bool
	Seen    string
	Paired  kiosk.Day
}

// codeRow is a code that waits, with what to do with it.
type codeRow struct {
	Code, Station, Until string
	Digits               string // the code alone
	Typed                string // with the beginning of the fingerprint, for the program
}

func (s *Server) machinesPage(w http.ResponseWriter, r *http.Request) error {
	return s.showMachines(w, r, http.StatusOK, newForm())
}

func (s *Server) showMachines(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var loc *time.Location
	var phones []phoneRow
	lan := false
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		site, err := v.Site()
		if err != nil {
			return err
		}
		if loc, err = site.Location(); err != nil {
			return err
		}
		if phones, err = phonesOf(v, loc); err != nil {
			return err
		}
		lan, err = kiosk.LanOf(v)
		return err
	})
	if err != nil {
		return err
	}
	list, err := s.pairings.list(r.Context())
	if err != nil {
		return err
	}
	today := kiosk.DayOf(s.Now(), loc)
	var rows []machineRow
	for _, m := range list {
		seen := m.seen.In(loc).Format("15:04")
		if d := kiosk.DayOf(m.seen, loc); d != today {
			seen = m.seen.In(loc).Format("15:04 02/01/2006")
		}
		rows = append(rows, machineRow{m.ID, m.Station, m.Program, s.pairings.here(m), seen, kiosk.DayOf(m.PairedAt, loc)})
	}
	t := s.trust()
	var codes []codeRow
	var invited []codeRow
	for _, c := range s.pairings.waiting() {
		if c.Phone != "" {
			invited = append(invited, codeRow{Code: c.Code[:3] + " " + c.Code[3:], Typed: c.Code, Station: c.Phone, Until: c.Until.In(loc).Format("15:04")})
			continue
		}
		row := codeRow{Code: c.Code[:3] + " " + c.Code[3:], Digits: c.Code, Typed: c.Code, Station: c.Station, Until: c.Until.In(loc).Format("15:04")}
		if t.Certificate != nil {
			row.Typed += "-" + t.Short
		}
		codes = append(codes, row)
	}
	out := s.outside()
	first := ""
	if len(out) > 0 {
		first = trustURL(out[0])
	}
	hub := "http://" + r.Host
	if r.TLS != nil {
		hub = "https://" + r.Host
	}
	if len(out) > 0 {
		hub = out[0]
	}
	s.deskPage(w, r, status, "machines.html", map[string]any{
		"F": f, "Machines": rows, "Codes": codes, "Trust": t, "Outside": out, "Hub": hub, "First": first,
		"Phones": phones, "Invited": invited, "Enrols": s.Accounts != nil, "Lan": lan, "Settles": s.Settings != nil,
	})
	return nil
}

// makePairCode makes the station, if it is new, and a code for it.
func (s *Server) makePairCode(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	name := strings.ToLower(f.Get("station"))
	if kiosk.CheckStationName(name) != nil || s.sandbox(name) {
		f.Wrong["station"] = "station"
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if _, known := s.Station(name); !known {
			if s.Network == nil {
				return "", errNoStation
			}
			if err := s.Network.AddStation(name); errors.Is(err, kiosk.ErrConflict) {
				return "", &kiosk.FieldError{Field: "station", Problem: "station"}
			} else if err != nil {
				return "", err
			}
		}
		s.log.Info("a pairing code was made", "station", name)
		_, err := s.pairings.offer(name, a.Staff)
		return "/desk/machines", err
	}, func(status int) error { return s.showMachines(w, r, status, f) })
}

func (s *Server) removeMachine(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		name, err := s.pairings.remove(r.Context(), id)
		if err != nil {
			return "", err
		}
		s.log.Info("a paired machine was removed", "station", name, "machine", id)
		if s.Network != nil {
			s.Network.RemoteDevices(name, string(id), nil)
		}
		s.done(r, "/desk/machines", nil, "machines.removed", "station", name)
		return "/desk/machines", nil
	}, s.refused(w, r, f, "/desk/machines"))
}

func (s *Server) pairPage(w http.ResponseWriter, r *http.Request) error {
	return s.showPair(w, r, http.StatusOK, digitsOf(r.URL.Query().Get("code")), "")
}

func (s *Server) showPair(w http.ResponseWriter, r *http.Request, status int, code, trouble string) error {
	c := callerOf(r)
	data := map[string]any{"Code": code, "Trouble": trouble, "Plain": r.TLS == nil && !c.loopback}
	if c.paired != nil {
		data["Station"] = c.paired.Station
	}
	s.page(w, r, status, "pair.html", data)
	return nil
}

// pairBrowser makes a browser a station: its cookie is the token.
func (s *Server) pairBrowser(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return errBadBody
	}
	m, token, err := s.pairings.redeem(r.Context(), addressOf(r), r.PostFormValue("code"), "", false)
	if p, known := asProblem(err); err != nil && known && (p == errPairCode || p == errPairOften) {
		return s.showPair(w, r, p.status, "", "error."+p.code)
	}
	if err != nil {
		return err
	}
	s.replaced(r)
	s.log.Info("a browser was paired", "station", m.Station, "machine", m.ID)
	http.SetCookie(w, s.stationCookie(r, token))
	http.Redirect(w, r, "/kiosk/"+m.Station, http.StatusSeeOther)
	return nil
}

// replaced removes what a browser was before it was paired anew: nobody could
// use that token any more.
func (s *Server) replaced(r *http.Request) {
	old := callerOf(r).paired
	if old == nil {
		return
	}
	if _, err := s.pairings.remove(context.WithoutCancel(r.Context()), old.ID); err != nil {
		s.log.Warn("the machine's former pairing stays", "machine", old.ID, "err", err)
	}
}

// stationCookie lasts as long as browsers let one (400 days) and is given anew
// whenever the kiosk page is opened.
func (s *Server) stationCookie(r *http.Request, token string) *http.Cookie {
	return &http.Cookie{Name: pairedCookie(r), Value: token, Path: "/", MaxAge: 400 * 24 * 3600, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode}
}

// keepPaired gives a paired browser its cookie anew.
func (s *Server) keepPaired(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(pairedCookie(r)); err == nil && callerOf(r).paired != nil {
		http.SetCookie(w, s.stationCookie(r, c.Value))
	}
}

// pairProgram is the same for the program: the token comes in the answer.
func (s *Server) pairProgram(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Code    string `json:"code"`
		Station string `json:"station"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if body.Code == "" {
		return errNoCode
	}
	m, token, err := s.pairings.redeem(r.Context(), addressOf(r), body.Code, body.Station, true)
	if err != nil {
		return err
	}
	s.log.Info("a program was paired", "station", m.Station, "machine", m.ID)
	// Its browser shows the page, and needs a code of its own.
	answer := map[string]string{"station": m.Station, "token": token}
	if code, err := s.pairings.offer(m.Station, m.PairedBy); err == nil {
		answer["page_code"] = code
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}

func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// apiDevices is what a station's program reports every two seconds: its
// scanners, and how many scans it has given up since.
func (s *Server) apiDevices(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.stationOf(r); err != nil {
		return err
	}
	var body struct {
		Devices []station.Device `json:"devices"`
		Lost    int              `json:"lost"`
	}
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if len(body.Devices) > 16 {
		return errBadBody
	}
	for _, d := range body.Devices {
		if !short(d.Name, 128) || !short(d.Kind, 32) {
			return errBadBody
		}
	}
	c := callerOf(r)
	id := "here"
	if c.paired != nil {
		id = string(c.paired.ID)
	}
	if s.Network != nil {
		s.Network.RemoteDevices(r.PathValue("station"), id, body.Devices)
		if body.Lost > 0 {
			s.Network.RemoteLost(r.PathValue("station"))
		}
	}
	writeJSON(w, http.StatusOK, map[string]bool{"ok": true})
	return nil
}
