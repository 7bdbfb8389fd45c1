package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"

	"muontra/kiosk"
	"muontra/web/password"
)

// signInRoutes are the way in and out.
func (s *Server) signInRoutes() []route {
	return []route{
		{"GET", "/desk/sign-in", everyone, s.signInPage},
		{"POST", "/desk/sign-in", everyone, s.signIn},
		{"POST", "/desk/sign-out", everyone, s.signOut},
	}
}

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) error {
	if c := callerOf(r); c.account != nil {
		http.Redirect(w, r, homeFor(c.account.role, nextPath(r.URL.Query().Get("next"))), http.StatusSeeOther)
		return nil
	}
	none, err := s.noAccounts(r.Context())
	if err != nil {
		return err
	}
	if none && callerOf(r).loopback && s.Accounts != nil {
		http.Redirect(w, r, "/desk/set-up", http.StatusSeeOther)
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
		"None": none, "Trouble": trouble, "Enrolled": callerOf(r).browser != "",
		"Next": nextPath(r.FormValue("next")), "Name": r.PostFormValue("name"),
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
	keys := guessKeys(r, name)
	fails, ok, err := s.guessing.try(r.Context(), keys...)
	if err != nil {
		return err
	}
	if !ok {
		return s.showSignIn(w, r, http.StatusTooManyRequests, "signin.too_many")
	}
	a, err := s.check(r.Context(), name, r.PostFormValue("password"), callerOf(r).browser != "")
	if errors.Is(err, errSignIn) {
		if err := s.alarm(r.Context(), a, fails[0]); err != nil {
			return err
		}
		return s.showSignIn(w, r, http.StatusUnauthorized, "signin.wrong")
	}
	if err != nil {
		return err
	}
	if err := s.guessing.forgive(r.Context(), keys...); err != nil {
		return err
	}
	if err := s.sessions.start(w, r, a, ""); err != nil {
		return err
	}
	http.Redirect(w, r, homeFor(a.Role, nextPath(r.PostFormValue("next"))), http.StatusSeeOther)
	return nil
}

// guessKeys are what an attempt is counted by: the account first. It is counted
// apart at this machine and at each enrolled browser, so that a stranger who
// guesses from elsewhere cannot lock the librarian out of her own PC.
func guessKeys(r *http.Request, name string) []string {
	c := callerOf(r)
	from := "elsewhere"
	switch {
	case c.loopback:
		from = "here"
	case c.browser != "":
		from = string(c.browser)
	}
	address, _, _ := net.SplitHostPort(r.RemoteAddr)
	return []string{guessKey("name at "+from, name), guessKey("address", address)}
}

// alarm tells the desk of each fifth wrong password for an account that exists.
func (s *Server) alarm(ctx context.Context, a kiosk.Account, fails int) error {
	if a.ID == "" || fails%freeGuesses != 0 || s.Accounts == nil {
		return nil
	}
	return s.Accounts.Guessed(ctx, a.ID, fails)
}

// check takes the same time whether the account exists or not. At an enrolled
// browser a PIN is looked at too, whether there is one or not.
func (s *Server) check(ctx context.Context, name, pw string, enrolled bool) (kiosk.Account, error) {
	var a kiosk.Account
	err := s.Ledger.View(ctx, func(v kiosk.View) (err error) {
		a, err = v.AccountByName(name)
		return err
	})
	if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
		return a, err
	}
	select {
	case s.guessing.hashing <- struct{}{}:
		defer func() { <-s.guessing.hashing }()
	case <-ctx.Done():
		return a, ctx.Err()
	}
	right := password.Verify(a.PasswordHash, pw)
	if enrolled {
		pin := ""
		if a.Role.TakesPIN() {
			pin = a.PINHash
		}
		right = password.Verify(pin, pw) || right
	}
	if !right || a.Disabled {
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

// homeFor is where a role begins: the desk is not a collaborator's.
func homeFor(role kiosk.Role, next string) string {
	if next == "/desk" && role == kiosk.Collaborator {
		return "/desk/my-classes"
	}
	return next
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.sessions.end(r); err != nil {
		return err
	}
	http.SetCookie(w, s.sessions.cookie(r, "", -1))
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}
