package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web"
	"muontra/web/webtest"
)

const formType = "application/x-www-form-urlencoded"

func (s *site) signIn(t testing.TB, c *http.Client, name, pw string) int {
	t.Helper()
	status, _ := s.send(t, c, "POST", "/desk/sign-in", formType, url.Values{"name": {name}, "password": {pw}}.Encode())
	return status
}

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time        { c.mu.Lock(); defer c.mu.Unlock(); return c.at }
func (c *clock) pass(d time.Duration)  { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }
func (c *clock) config(cf *web.Config) { cf.Now = c.now }

func TestSignInAndOut(t *testing.T) {
	s := newSite(t)
	c := s.client()
	if got := s.signIn(t, c, "librarian", "wrong password"); got != 401 {
		t.Errorf("wrong password: %d", got)
	}
	if got := s.signIn(t, c, "nobody", webtest.Password); got != 401 {
		t.Errorf("unknown name: %d", got)
	}
	if status, _ := s.send(t, c, "GET", "/desk", "", ""); status != 303 {
		t.Errorf("desk before: %d", status)
	}
	if got := s.signIn(t, c, " Librarian ", webtest.Password); got != 303 {
		t.Fatalf("right password: %d", got)
	}
	u, _ := url.Parse(s.URL)
	cookies := c.Jar.Cookies(u)
	if len(cookies) != 1 || cookies[0].Name != "muontra" || len(cookies[0].Value) < 22 {
		t.Errorf("cookies %v", cookies)
	}
	if status, body := s.send(t, c, "GET", "/desk", "", ""); status != 200 || !strings.Contains(body, "Bàn thủ thư") {
		t.Errorf("desk after: %d", status)
	}
	stolen := cookies[0].Value
	if status, _ := s.send(t, c, "POST", "/desk/sign-out", formType, ""); status != 303 {
		t.Errorf("sign-out: %d", status)
	}
	if status, _ := s.send(t, s.client(), "GET", "/desk", "", "", "Cookie", "muontra="+stolen); status != 303 {
		t.Error("the cookie of an ended sign-in still opens the desk")
	}
	if status, _ := s.send(t, c, "GET", "/desk/sign-out", "", ""); status != 405 {
		t.Error("sign-out by GET")
	}
}

func TestSignInEnds(t *testing.T) {
	for role, want := range map[string]struct{ idle, most time.Duration }{"librarian": {time.Hour, 12 * time.Hour}, "management": {10 * time.Minute, 12 * time.Hour}} {
		k := newClock()
		s := newSite(t, k.config)
		c := s.client()
		s.signIn(t, c, role, webtest.Password)
		in := func() bool { status, _ := s.send(t, c, "GET", "/desk", "", ""); return status == 200 }
		for spent := time.Duration(0); spent+want.idle-time.Minute < want.most; spent += want.idle - time.Minute {
			if !in() {
				t.Fatalf("%s: out after %v although at work", role, spent)
			}
			k.pass(want.idle - time.Minute)
		}
		k.pass(want.idle - time.Minute)
		if in() {
			t.Errorf("%s: still in after %v", role, want.most)
		}
		s.signIn(t, c, role, webtest.Password)
		if !in() {
			t.Fatal("not in again")
		}
		k.pass(want.idle)
		if in() {
			t.Errorf("%s: still in after %v idle", role, want.idle)
		}
	}
}

func TestSignInIsSlowedDown(t *testing.T) {
	k := newClock()
	s := newSite(t, k.config)
	c := s.client()
	for i := range 5 {
		if got := s.signIn(t, c, "librarian", "guess number"); got != 401 {
			t.Fatalf("guess %d: %d", i, got)
		}
	}
	if got := s.signIn(t, c, "librarian", webtest.Password); got != 429 {
		t.Errorf("sixth at once: %d", got)
	}
	k.pass(13 * time.Second)
	if got := s.signIn(t, c, "librarian", webtest.Password); got != 303 {
		t.Errorf("after a pause: %d", got)
	}
}

func TestOverrideIsTheLibrariansWithAComment(t *testing.T) {
	s := newSite(t)
	const path = "/api/v1/stations/desk/override"
	c := s.client()
	s.signIn(t, c, "librarian", webtest.Password)
	if status, body := s.send(t, c, "POST", path, jsonType, `{"copy":"30000013"}`); status != 400 || !strings.Contains(body, "no_comment") {
		t.Errorf("without a comment: %d %s", status, body)
	}
	if status, body := s.send(t, c, "POST", path, jsonType, `{"copy":"30000013","refused":7,"comment":"cần cho tiết học","command_id":"x"}`); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	o := s.desk.Overrides()
	if len(o) != 1 || o[0].Staff != "account-0" || o[0].Copy != "30000013" || o[0].CommandID != "x" || o[0].Refused != 7 {
		t.Errorf("%+v", o)
	}
	h := s.client()
	s.signIn(t, h, string(kiosk.Helper), webtest.Password)
	if status, _ := s.send(t, h, "POST", path, jsonType, `{"copy":"30000013","comment":"x"}`); status != 403 {
		t.Errorf("a helper's override: %d", status)
	}
}
