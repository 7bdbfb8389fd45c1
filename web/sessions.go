package web

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"sync"
	"time"

	"muontra/kiosk"
)

// idleLimit and absoluteLimit end a sign-in: management looks at a page now and
// then on a shared PC, a librarian types long forms.
func idleLimit(r kiosk.Role) time.Duration {
	if r == kiosk.Management {
		return 10 * time.Minute
	}
	return time.Hour
}

const absoluteLimit = 12 * time.Hour

// maxSignedIn bounds the memory that sign-ins take; the one idle longest goes.
const maxSignedIn = 1000

// signedIn is one sign-in. Its fields but seen never change.
type signedIn struct {
	key   [32]byte // SHA-256 of the token: the token itself is the browser's alone
	id    kiosk.ID
	name  string
	role  kiosk.Role
	since time.Time
	seen  time.Time // guarded by sessions.mu
}

// sessions are the sign-ins, in memory only: a restart ends them all, and a
// backup holds none.
type sessions struct {
	now func() time.Time
	mu  sync.Mutex
	all map[[32]byte]*signedIn
}

func newSessions(now func() time.Time) *sessions {
	return &sessions{now: now, all: map[[32]byte]*signedIn{}}
}

// cookieName is __Host- on https. On http a browser and the cookie jars of Go
// and Python would never send a Secure cookie back.
func cookieName(r *http.Request) string {
	if r.TLS != nil {
		return "__Host-muontra"
	}
	return "muontra"
}

// start signs an account in with a new token; a token that the browser had
// before ends, so that none can be planted.
func (s *sessions) start(w http.ResponseWriter, r *http.Request, a kiosk.Account) {
	s.end(r)
	token := rand.Text() // 130 bits
	now := s.now()
	in := &signedIn{key: sha256.Sum256([]byte(token)), id: a.ID, name: a.Name, role: a.Role, since: now, seen: now}
	s.mu.Lock()
	s.sweep()
	s.all[in.key] = in
	s.mu.Unlock()
	http.SetCookie(w, s.cookie(r, token, 0))
}

func (s *sessions) cookie(r *http.Request, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: cookieName(r), Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode}
}

// find is who sends the request, nil for nobody.
func (s *sessions) find(r *http.Request) *signedIn {
	c, err := r.Cookie(cookieName(r))
	if err != nil || c.Value == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.all[sha256.Sum256([]byte(c.Value))]
	if in == nil || s.over(in) {
		return nil
	}
	in.seen = s.now()
	return in
}

// alive asks without counting as use.
func (s *sessions) alive(in *signedIn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[in.key] == in && !s.over(in)
}

// over reports, and forgets, a sign-in past its limits. The caller holds mu.
func (s *sessions) over(in *signedIn) bool {
	now := s.now()
	if now.Sub(in.seen) < idleLimit(in.role) && now.Sub(in.since) < absoluteLimit {
		return false
	}
	delete(s.all, in.key)
	return true
}

func (s *sessions) sweep() {
	var oldest *signedIn
	for _, in := range s.all {
		if !s.over(in) && (oldest == nil || in.seen.Before(oldest.seen)) {
			oldest = in
		}
	}
	if len(s.all) >= maxSignedIn {
		delete(s.all, oldest.key)
	}
}

// end kills the request's sign-in on this side, whatever the browser keeps.
func (s *sessions) end(r *http.Request) {
	c, err := r.Cookie(cookieName(r))
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, sha256.Sum256([]byte(c.Value)))
}
