package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/web/webtest"
)

// Who may use which route. Y is let in, "in" is sent to the sign-in, 401 is
// told to sign in, 403 is turned away. A route without a row fails.
type mayRow struct{ stranger, loopback, collaborator, helper, management, librarian string }

// What is the librarian's alone: pages, and acts.
var (
	librarianPage = mayRow{"in", "in", "403", "403", "403", "Y"}
	librarianAct  = mayRow{"401", "401", "403", "403", "403", "Y"}
)

// mayTable is put together of the areas' tables.
var mayTable = together(mayYearly, maySurveys, mayTrolley, mayReshelve, mayStocktake, mayPeople, mayLending, mayNetwork, mayBasics, mayPictures, mayReceipts, mayLabels, mayPrinters, mayTitles, maySets, mayCorners, mayStock, maySettings, mayAccounts, mayScanners, mayFind, mayBackup, mayPhones, mayRegisters, mayTeams, mayInterloans, mayRota)

func together(areas ...map[string]mayRow) map[string]mayRow {
	all := map[string]mayRow{}
	for _, a := range areas {
		maps.Copy(all, a)
	}
	return all
}

var mayBasics = map[string]mayRow{
	"GET /{$}":                                 {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /catalogue":                           {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /static/":                             {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /healthz":                             {"Y", "Y", "Y", "Y", "Y", "Y"},
	"GET /metrics":                             {"in", "Y", "403", "403", "403", "Y"},
	"GET /kiosk/{station}":                     {"in", "Y", "403", "403", "403", "Y"},
	"GET /ws/stations/{station}":               {"401", "Y", "403", "403", "403", "Y"},
	"GET /api/v1/stations/{station}":           {"401", "Y", "403", "403", "403", "Y"},
	"POST /api/v1/stations/{station}/scans":    {"401", "Y", "403", "403", "403", "Y"},
	"POST /api/v1/stations/{station}/actions":  {"401", "Y", "403", "403", "403", "Y"},
	"POST /api/v1/stations/{station}/override": {"401", "401", "403", "403", "403", "Y"},
	"GET /desk":                                {"in", "in", "Y", "Y", "Y", "Y"},
	"GET /desk/{$}":                            {"in", "in", "Y", "Y", "Y", "Y"},
	"GET /desk/practice":                       {"in", "Y", "403", "403", "403", "Y"},
	"GET /ws/desk":                             {"401", "401", "403", "Y", "Y", "Y"},
	"POST /desk/undo":                          librarianAct,
}

var mayReceipts = map[string]mayRow{
	"GET /desk/receipts":                           librarianPage,
	"POST /desk/receipts":                          librarianAct,
	"GET /desk/receipts/new":                       librarianPage,
	"GET /desk/receipts/waiting":                   librarianPage,
	"GET /desk/receipts/{id}":                      librarianPage,
	"POST /desk/receipts/{id}":                     librarianAct,
	"GET /desk/receipts/{id}/edit":                 librarianPage,
	"GET /desk/receipts/{id}/sheet":                librarianPage,
	"POST /desk/receipts/{id}/close":               librarianAct,
	"POST /desk/receipts/{id}/tick":                librarianAct,
	"GET /desk/receipts/{id}/add":                  librarianPage,
	"POST /desk/receipts/{id}/add":                 librarianAct,
	"GET /desk/receipts/{id}/lines/{line}":         librarianPage,
	"POST /desk/receipts/{id}/lines/{line}":        librarianAct,
	"POST /desk/receipts/{id}/lines/{line}/remove": librarianAct,
	"GET /desk/shelve":                             librarianPage,
	"POST /desk/shelve":                            librarianAct,
}

var mayLabels = map[string]mayRow{
	"GET /desk/labels":                    librarianPage,
	"GET /desk/labels/preview.png":        librarianPage,
	"GET /desk/labels/labels.pdf":         librarianPage,
	"POST /desk/labels/print":             librarianAct,
	"POST /desk/labels/mark":              librarianAct,
	"GET /desk/labels/settings":           librarianPage,
	"POST /desk/labels/settings":          librarianAct,
	"GET /desk/stocks":                    librarianPage,
	"POST /desk/stocks":                   librarianAct,
	"GET /desk/stocks/new":                librarianPage,
	"GET /desk/stocks/own/{name}":         librarianPage,
	"POST /desk/stocks/own/{name}":        librarianAct,
	"POST /desk/stocks/own/{name}/remove": librarianAct,
}

var mayPrinters = map[string]mayRow{
	"GET /desk/printers":                   librarianPage,
	"POST /desk/printers":                  librarianAct,
	"GET /desk/printers/new":               librarianPage,
	"GET /desk/printers/queue":             librarianPage,
	"GET /desk/printers/{id}":              librarianPage,
	"POST /desk/printers/{id}":             librarianAct,
	"POST /desk/printers/{id}/do":          librarianAct,
	"GET /desk/printers/{id}/calibration":  librarianPage,
	"POST /desk/printers/{id}/calibration": librarianAct,
	"POST /desk/jobs/{job}":                librarianAct,
}

func testServer(t testing.TB) *Server {
	t.Helper()
	hub := NewHub()
	st := webtest.NewStation("desk", hub.Show)
	return New(Config{Ledger: webtest.NewLedger(), Hub: hub, Cataloguing: noActs{}, Wishes: struct{ Wishes }{}, Lending: struct{ Lending }{}, Corners: struct{ CornerKeeping }{}, Stocktaking: struct{ Stocktaking }{}, Withdrawing: struct{ Withdrawing }{}, Yearly: struct{ Yearly }{}, Station: func(n string) (Station, bool) { return st, n == "desk" }})
}

func TestWhoMay(t *testing.T) {
	t.Parallel()
	s := testServer(t)
	seen := map[string]bool{}
	for _, rt := range s.routes() {
		key := rt.method + " " + rt.pattern
		seen[key] = true
		row, ok := mayTable[key]
		if !ok {
			t.Errorf("%s has no row in the table of who may", key)
			continue
		}
		for _, c := range []struct {
			name, want, remote string
			role               kiosk.Role
		}{
			{"stranger", row.stranger, "192.0.2.7:1234", ""},
			{"loopback", row.loopback, "127.0.0.1:1234", ""},
			{"loopback 6", row.loopback, "[::1]:1234", ""},
			{"collaborator", row.collaborator, "192.0.2.7:1234", kiosk.Collaborator},
			{"helper", row.helper, "192.0.2.7:1234", kiosk.Helper},
			{"management", row.management, "192.0.2.7:1234", kiosk.Management},
			{"librarian", row.librarian, "192.0.2.7:1234", kiosk.Librarian},
		} {
			if got := s.try(t, rt, c.remote, c.role); got != c.want {
				t.Errorf("%s by %s: %s, want %s", key, c.name, got, c.want)
			}
		}
	}
	for key := range mayTable {
		if !seen[key] {
			t.Errorf("the table has a row for %s, which is no route", key)
		}
	}
}

// try asks for a route and says how it was received.
func (s *Server) try(t *testing.T, rt route, remote string, role kiosk.Role) string {
	t.Helper()
	path := strings.NewReplacer("{$}", "", "{station}", "desk", "{id}", "x", "{line}", "y", "{name}", "z", "{job}", "j", "{class}", "c", "{seq}", "1").Replace(rt.pattern)
	r := httptest.NewRequest(rt.method, "http://localhost"+path, nil)
	r.RemoteAddr = remote
	r.Header.Set("X-Forwarded-For", "127.0.0.1") // anybody can write that
	r.Header.Set("Forwarded", "for=127.0.0.1")
	if role != "" {
		w := httptest.NewRecorder()
		i := slices.Index(kiosk.Roles, role)
		if err := s.sessions.start(w, r, kiosk.Account{ID: kiosk.ID(fmt.Sprint("account-", i)), Name: string(role), Role: role}, ""); err != nil {
			t.Fatal(err)
		}
		r.AddCookie(w.Result().Cookies()[0])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	switch {
	case w.Code == 303 && strings.HasPrefix(w.Header().Get("Location"), "/desk/sign-in?next="):
		return "in"
	case w.Code == 401 && strings.HasPrefix(path, "/desk/sign-in"):
		return "Y" // the form itself answers so to a wrong password
	case w.Code == 401, w.Code == 403:
		return fmt.Sprint(w.Code)
	}
	return "Y"
}

// Nothing changes by GET: every route that does is a POST.
func TestGETRoutesChangeNothing(t *testing.T) {
	for _, rt := range testServer(t).routes() {
		if rt.method != "GET" && rt.method != "POST" {
			t.Errorf("%s %s: another method?", rt.method, rt.pattern)
		}
	}
}

func TestHeaders(t *testing.T) {
	s := testServer(t)
	for _, path := range []string{"/", "/kiosk/desk", "/catalogue", "/desk/sign-in", "/nothing", "/api/v1/stations/desk"} {
		r := httptest.NewRequest("GET", "http://localhost"+path, nil)
		r.RemoteAddr = "127.0.0.1:1"
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		csp := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'self'") || !strings.Contains(csp, "frame-ancestors 'self'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", path, w.Header())
		}
		body := w.Body.String()
		for _, bad := range []string{"<script>", " style=", " onclick=", "https://", "//cdn", "<style"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s holds %q", path, bad)
			}
		}
	}
}

func TestOwnHost(t *testing.T) {
	s := testServer(t)
	s.Hosts = []string{"thu-vien.lan"}
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST:7373": true, "127.0.0.1:7373": true, "[::1]:7373": true, "thu-vien.lan": true, "Thu-Vien.lan:443": true,
		"evil.example": false, "localhost.evil.example": false, "": false, "192.0.2.1": false, "0.0.0.0:80": false,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		if got := s.ownHost(r); got != want {
			t.Errorf("host %q: %v", host, got)
		}
	}
}

func TestNextPath(t *testing.T) {
	for next, want := range map[string]string{
		"/desk/practice": "/desk/practice", "/kiosk/desk?lang=en": "/kiosk/desk?lang=en", "": "/desk", "//evil.example": "/desk", "https://evil.example/": "/desk",
		`/\evil.example`: "/desk", "javascript:alert(1)": "/desk", "/desk/sign-in": "/desk", "/%2fevil.example": "/desk", "/" + url.PathEscape("\t") + "/evil.example": "/%09/evil.example",
	} {
		if got := nextPath(next); got != want {
			t.Errorf("next %q: %q, want %q", next, got, want)
		}
	}
}

func TestPanicShowsNothing(t *testing.T) {
	s := testServer(t)
	h := s.guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a secret") }))
	r := httptest.NewRequest("GET", "http://localhost/", nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Error(w.Code, w.Body)
	}
}
