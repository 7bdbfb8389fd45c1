package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/web/password"
)

const ownPasswordPath = "/desk/password"

// mustChangeFirst reports whether the caller's password was handed out and the
// route is none that such a sign-in may use.
func (c caller) mustChangeFirst(rt route) bool {
	return c.account != nil && c.account.mustChange && rt.who != everyone && rt.pattern != ownPasswordPath
}

// ownPassword is where one changes one's own password, or must.
func (s *Server) ownPassword(w http.ResponseWriter, r *http.Request) error {
	return s.showOwnPassword(w, r, http.StatusOK, newForm())
}

func (s *Server) showOwnPassword(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	if s.Accounts == nil {
		return errNotFound
	}
	f.Values = nil // passwords are never shown again
	in := callerOf(r).account
	s.deskPage(w, r, status, "password.html", map[string]any{"F": f, "Must": in.mustChange, "Min": password.MinLength, "Role": in.role})
	return nil
}

// passwordProblem is what is wrong with a new password, "" for nothing.
func passwordProblem(pw, again, name string) (field, problem string) {
	err := password.Check(pw)
	switch {
	case errors.Is(err, password.ErrCommon), err == nil && accountName(pw) == name:
		return "password", "password_common"
	case err != nil:
		return "password", "password_short"
	case pw != again:
		return "again", "password_differs"
	}
	return "", ""
}

func (s *Server) setOwnPassword(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil {
		return errNotFound
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return errBadBody
	}
	// The fields are taken as they are typed: a password may begin with a blank.
	old, pw, again := r.PostFormValue("old"), r.PostFormValue("password"), r.PostFormValue("again")
	in := callerOf(r).account
	sum := sha256.Sum256([]byte(old + "\x00" + pw + "\x00" + again))
	var err error
	f := newForm("sum", hex.EncodeToString(sum[:]))
	f.Token = r.PostFormValue("token")
	if field, problem := passwordProblem(pw, again, in.name); field != "" {
		f.Wrong[field] = problem
	} else if pw == old {
		f.Wrong["password"] = "password_same"
	}
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		if f.Wrong["old"], err = s.oldPassword(r, in, old); err != nil {
			return "", err
		}
		if f.Wrong["old"] != "" {
			return "", errForm
		}
		delete(f.Wrong, "old")
		hash, err := password.Hash(pw)
		if err != nil {
			return "", err
		}
		if _, err := s.Accounts.ChangeAccount(r.Context(), at, in.id, kiosk.AccountUpdate{Change: kiosk.AccountPassword, Hash: hash}, in.hash()); err != nil {
			return "", err
		}
		to := homeFor(in.role, "/desk")
		if in.role == kiosk.Librarian && !in.mustChange {
			to = ownPasswordPath
		}
		s.done(r, to, nil, "password.done")
		return to, nil
	}, func(status int) error { return s.showOwnPassword(w, r, status, f) })
}

// oldPassword says what is wrong with the old password, "" for nothing. It
// counts as an attempt: whoever finds a signed-in browser must not take the
// account over by guessing.
func (s *Server) oldPassword(r *http.Request, in *signedIn, old string) (string, error) {
	keys := guessKeys(r, in.name)
	fails, ok, err := s.guessing.try(r.Context(), keys...)
	if err != nil {
		return "", err
	}
	if !ok {
		return "password_wait", nil
	}
	a, err := s.check(r.Context(), in.name, old, false)
	if errors.Is(err, errSignIn) {
		return "password_wrong", s.alarm(r.Context(), a, fails[0])
	}
	if err != nil {
		return "", err
	}
	return "", s.guessing.forgive(r.Context(), keys...)
}

// signOutEverywhere ends the caller's sign-ins, this one too.
func (s *Server) signOutEverywhere(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	in := callerOf(r).account
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		_, err := s.Accounts.ChangeAccount(r.Context(), at, in.id, kiosk.AccountUpdate{Change: kiosk.AccountSignedOut}, "")
		return "/desk/sign-in", err
	}, s.refused(w, r, f, ownPasswordPath))
}

// browserAge is how long an enrolled browser stays so, in seconds: browsers keep
// no cookie longer than 400 days.
const browserAge = 400 * 24 * 3600

// enrolBrowser lets helpers and collaborators sign in here with a PIN.
func (s *Server) enrolBrowser(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	name := f.Get("browser")
	if name == "" || utf8.RuneCountInString(name) > 60 || !short(name, 256) {
		f.Wrong["browser"] = "browser_name"
	}
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		token := rand.Text()
		sum := sha256.Sum256([]byte(token))
		if _, err := s.Accounts.EnrolBrowser(r.Context(), at, kiosk.Browser{Name: name, Hash: hex.EncodeToString(sum[:])}); err != nil {
			return "", err
		}
		http.SetCookie(w, ownCookie(r, browserCookie(r), token, browserAge))
		s.done(r, "/desk/accounts", nil, "browser.done", "name", name)
		return "/desk/accounts", nil
	}, s.refused(w, r, f, "/desk/accounts"))
}

func (s *Server) removeBrowser(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		_, err := s.Accounts.RemoveBrowser(r.Context(), at, kiosk.ID(r.PathValue("id")))
		s.done(r, "/desk/accounts", nil, "browser.removed")
		return "/desk/accounts", err
	}, s.refused(w, r, f, "/desk/accounts"))
}
