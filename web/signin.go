package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"muontra/kiosk"
	"muontra/web/password"
)

// signInRoutes are the way in and out.
func (s *Server) signInRoutes() []route {
	return []route{
		{"GET", "/desk/sign-in", everyone, s.signInPage},
		{"POST", "/desk/sign-in", everyone, s.signIn},
		{"POST", "/desk/set-up", onMachine, s.setUp},
		{"POST", "/desk/sign-out", everyone, s.signOut},
	}
}

// signInLimits slow guessing down, by account and by address: five at once,
// then one in twelve seconds.
type signInLimits struct {
	now func() time.Time
	mu  sync.Mutex
	by  map[string]*rate.Limiter
	// Each hash takes 19 MiB; two at a time are enough for a school.
	hashing chan struct{}
}

func newSignInLimits(now func() time.Time) *signInLimits {
	return &signInLimits{now: now, by: map[string]*rate.Limiter{}, hashing: make(chan struct{}, 2)}
}

func (l *signInLimits) allow(keys ...string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if len(l.by) > 10000 {
		for k, lim := range l.by {
			if lim.TokensAt(now) >= 5 {
				delete(l.by, k)
			}
		}
	}
	ok := true
	for _, k := range keys {
		lim := l.by[k]
		if lim == nil {
			lim = rate.NewLimiter(rate.Every(12*time.Second), 5)
			l.by[k] = lim
		}
		ok = lim.AllowN(now, 1) && ok
	}
	return ok
}

// forgive starts an account afresh after a right password.
func (l *signInLimits) forgive(keys ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range keys {
		delete(l.by, k)
	}
}

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) error {
	if callerOf(r).account != nil {
		http.Redirect(w, r, nextPath(r.URL.Query().Get("next")), http.StatusSeeOther)
		return nil
	}
	return s.showSignIn(w, r, http.StatusOK, "")
}

// showSignIn shows the form, or, while there is no account at all, how to make
// the first.
func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request, status int, trouble string) error {
	none, err := s.noAccounts(r.Context())
	if err != nil {
		return err
	}
	s.page(w, r, status, "signin.html", map[string]any{
		"None": none, "SetUp": none && callerOf(r).loopback, "Trouble": trouble,
		"Next": nextPath(r.FormValue("next")), "Name": r.PostFormValue("name"), "Min": password.MinLength,
	})
	return nil
}

func (s *Server) noAccounts(ctx context.Context) (bool, error) {
	none := false
	err := s.Ledger.View(ctx, func(v kiosk.View) error {
		all, err := v.Accounts()
		none = len(all) == 0
		return err
	})
	return none, err
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return errBadBody
	}
	name := accountName(r.PostFormValue("name"))
	address, _, _ := net.SplitHostPort(r.RemoteAddr)
	keys := []string{"name " + name, "address " + address}
	if !s.limits.allow(keys...) {
		return s.showSignIn(w, r, http.StatusTooManyRequests, "signin.too_many")
	}
	a, err := s.check(r.Context(), name, r.PostFormValue("password"))
	if errors.Is(err, errSignIn) {
		return s.showSignIn(w, r, http.StatusUnauthorized, "signin.wrong")
	}
	if err != nil {
		return err
	}
	s.limits.forgive(keys...)
	s.sessions.start(w, r, a)
	http.Redirect(w, r, nextPath(r.PostFormValue("next")), http.StatusSeeOther)
	return nil
}

// check takes the same time whether the account exists or not.
func (s *Server) check(ctx context.Context, name, pw string) (kiosk.Account, error) {
	var a kiosk.Account
	err := s.Ledger.View(ctx, func(v kiosk.View) (err error) {
		a, err = v.AccountByName(name)
		return err
	})
	if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
		return a, err
	}
	select {
	case s.limits.hashing <- struct{}{}:
		defer func() { <-s.limits.hashing }()
	case <-ctx.Done():
		return a, ctx.Err()
	}
	if !password.Verify(a.PasswordHash, pw) || a.Disabled {
		return a, errSignIn
	}
	return a, nil
}

// accountName is a name as it is stored and compared.
func accountName(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// nextPath is where to go after the sign-in: a path of ours, never another
// host's.
func nextPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.Contains(next, `\`) || strings.HasPrefix(u.Path, "/desk/sign-") {
		return "/desk"
	}
	return u.RequestURI()
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	s.sessions.end(r)
	http.SetCookie(w, s.sessions.cookie(r, "", -1))
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}
