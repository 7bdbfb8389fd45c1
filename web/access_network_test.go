package web

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web/webtest"
)

var mayNetwork = map[string]mayRow{
	"GET /trust":                              {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /trust/muontra.crt":                  {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /trust/muontra.pem":                  {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /trust/muontra.mobileconfig":         {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /trust/qr.png":                       {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /desk/machines":                      librarianPage,
	"POST /desk/machines":                     librarianAct,
	"POST /desk/machines/lan":                 librarianAct,
	"GET /desk/machines/qr.png":               librarianPage,
	"POST /desk/machines/{id}/remove":         librarianAct,
	"GET /pair":                               {"Y", "Y", "Y", "Y", "Y", "Y"},
	"POST /pair":                              {"Y", "Y", "Y", "Y", "Y", "Y"},
	"POST /api/v1/pair":                       {"Y", "Y", "Y", "Y", "Y", "Y"},
	"POST /api/v1/stations/{station}/devices": {"401", "Y", "403", "403", "403", "Y"},
}

// mayPaired is one more column of the table: what a machine that is paired as
// one station may use for its own station, and is turned away from (403) for
// every other. All routes that are not here treat it as a stranger.
var mayPaired = map[string]bool{
	"GET /kiosk/{station}":                     true,
	"GET /kiosk/{station}/search":              true,
	"GET /ws/stations/{station}":               true,
	"GET /api/v1/stations/{station}":           true,
	"POST /kiosk/{station}/wishes":             true,
	"POST /api/v1/stations/{station}/scans":    true,
	"POST /api/v1/stations/{station}/pictures": true,
	"POST /api/v1/stations/{station}/actions":  true,
	"POST /api/v1/stations/{station}/devices":  true,
	"POST /api/v1/stations/{station}/spoilt":   true,
}

// twoStations is a server with the stations desk and cua-so, and a token for
// each.
func twoStations(t testing.TB) (s *Server, tokens map[string]string, hub *Hub) {
	t.Helper()
	hub = NewHub()
	stations := map[string]*webtest.Station{"desk": webtest.NewStation("desk", hub.Show), "cua-so": webtest.NewStation("cua-so", hub.Show)}
	s = New(Config{
		Wishes: struct{ Wishes }{},
		Ledger: webtest.NewLedger(), Hub: hub, Stations: func() []string { return []string{"desk", "cua-so"} },
		Station: func(n string) (Station, bool) { st, ok := stations[n]; return st, ok },
	})
	tokens = map[string]string{}
	for name := range stations {
		tokens[name] = pairFor(t, s, name)
	}
	return s, tokens, hub
}

// pairFor pairs a machine and gives its token.
func pairFor(t testing.TB, s *Server, station string) string {
	t.Helper()
	code, err := s.pairings.offer(station, "account-0")
	if err != nil {
		t.Fatal(err)
	}
	_, token, err := s.pairings.redeem(t.Context(), "192.0.2."+fmt.Sprint(len(station)), code, station, true)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestWhoMayPaired(t *testing.T) {
	s, tokens, _ := twoStations(t)
	try := func(rt route, station, token string) string {
		path := strings.NewReplacer("{$}", "", "{station}", station, "{id}", "x", "{line}", "y", "{name}", "z", "{job}", "j").Replace(rt.pattern)
		r := httptest.NewRequest(rt.method, "http://localhost"+path, nil)
		r.RemoteAddr = "192.0.2.7:1234"
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		switch {
		case w.Code == 303 && strings.HasPrefix(w.Header().Get("Location"), "/desk/sign-in?next="):
			return "in"
		case w.Code == 401, w.Code == 403:
			return fmt.Sprint(w.Code)
		}
		return "Y"
	}
	seen := 0
	for _, rt := range s.routes() {
		key := rt.method + " " + rt.pattern
		if mayPaired[key] {
			seen++
			if got := try(rt, "desk", tokens["desk"]); got != "Y" {
				t.Errorf("%s for the machine's own station: %s", key, got)
			}
			if got := try(rt, "cua-so", tokens["desk"]); got != "403" {
				t.Errorf("%s for another station: %s, want 403", key, got)
			}
			continue
		}
		if got, want := try(rt, "desk", tokens["desk"]), try(rt, "desk", ""); got != want {
			t.Errorf("%s: a paired machine gets %s, a stranger %s", key, got, want)
		}
	}
	if seen != len(mayPaired) {
		t.Errorf("%d of %d rows are routes", seen, len(mayPaired))
	}
}

// A guess that is right after a thousand wrong ones comes too late.
func TestPairingIsGuessedSlowly(t *testing.T) {
	now := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)
	p := newPairings(webtest.NewLedger(), func() time.Time { return now })
	right, err := p.offer("desk", "a")
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for i := range 1000 {
		guess := fmt.Sprintf("%06d", i)
		if guess == right {
			continue
		}
		// From ever new addresses, all within one second.
		if _, _, err := p.redeem(t.Context(), fmt.Sprint("192.0.2.", i%250), guess, "", false); err == errPairCode {
			looked++
		} else if err != errPairOften {
			t.Fatal(err)
		}
	}
	if looked > 20 {
		t.Errorf("%d of 1,000 guesses were looked at", looked)
	}
	one := newPairings(webtest.NewLedger(), func() time.Time { return now })
	looked = 0
	for range 1000 {
		if one.allow("192.0.2.7") {
			looked++
		}
	}
	if looked != 5 {
		t.Errorf("%d guesses at once from one address", looked)
	}
	now = now.Add(codeLasts)
	if _, _, err := p.redeem(t.Context(), "198.51.100.1", right, "", false); err != errPairCode {
		t.Errorf("a code after ten minutes: %v", err)
	}
}

func TestACodeIsGoodOnce(t *testing.T) {
	p := newPairings(webtest.NewLedger(), time.Now)
	code, err := p.offer("cua-so", "a")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.redeem(t.Context(), "192.0.2.1", code, "desk", true); err != errPairStation {
		t.Errorf("typed at another station: %v", err)
	}
	m, token, err := p.redeem(t.Context(), "192.0.2.1", code[:3]+" "+code[3:], "cua-so", true)
	if err != nil || len(token) < 50 || m.Station != "cua-so" {
		t.Fatal(m, err)
	}
	if _, _, err := p.redeem(t.Context(), "192.0.2.1", code, "cua-so", true); err != errPairCode {
		t.Errorf("a code used twice: %v", err)
	}
	// Of a hundred at the same moment one wins.
	if code, err = p.offer("desk", "a"); err != nil {
		t.Fatal(err)
	}
	won := make(chan bool, 100)
	for i := range 100 {
		go func() {
			_, _, err := p.redeem(t.Context(), fmt.Sprint("192.0.2.", 100+i), code, "", false)
			won <- err == nil
		}()
	}
	n := 0
	for range 100 {
		if <-won {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d machines have one code's token", n)
	}
}

// What is kept is worth nothing to who reads the database.
func TestOnlyTheHashIsKept(t *testing.T) {
	s, tokens, _ := twoStations(t)
	list, err := s.pairings.list(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	for _, m := range list {
		if m.Hash == tokens[m.Station] || strings.Contains(fmt.Sprint(m.PairedStation), tokens[m.Station]) {
			t.Error("the token itself is kept")
		}
	}
	// A server that was started again knows them.
	again := New(Config{Ledger: s.Ledger, Station: s.Station, Stations: s.Stations})
	r := httptest.NewRequest("GET", "http://localhost/api/v1/stations/desk", nil)
	r.RemoteAddr = "192.0.2.7:1234"
	r.Header.Set("Authorization", "Bearer "+tokens["desk"])
	w := httptest.NewRecorder()
	again.Handler().ServeHTTP(w, r)
	if w.Code != 200 {
		t.Error("after a restart:", w.Code)
	}
	list, _ = again.pairings.list(t.Context())
	if _, err := again.pairings.remove(t.Context(), list[0].ID); err != nil {
		t.Fatal(err)
	}
	third := newPairings(s.Ledger, time.Now)
	if list, err := third.list(t.Context()); err != nil || len(list) != 1 {
		t.Error("a removed machine is there again after a restart", list, err)
	}
	if _, err := again.pairings.remove(t.Context(), kiosk.ID("none")); err == nil {
		t.Error("removed what is not there")
	}
}
