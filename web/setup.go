package web

import (
	"errors"
	"net/http"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/web/password"
)

// setUp makes the first librarian's account, from the daemon's own machine and
// only while there is none: whoever sits there could read the database anyway.
func (s *Server) setUp(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return errBadBody
	}
	name, pw := accountName(r.PostFormValue("name")), r.PostFormValue("password")
	switch {
	case name == "" || utf8.RuneCountInString(name) > 64 || !short(name, 256):
		return s.showSignIn(w, r, http.StatusUnprocessableEntity, "setup.name")
	case pw != r.PostFormValue("again"):
		return s.showSignIn(w, r, http.StatusUnprocessableEntity, "setup.differ")
	case password.Check(pw) != nil:
		return s.showSignIn(w, r, http.StatusUnprocessableEntity, "setup.password")
	}
	hash, err := password.Hash(pw)
	if err != nil {
		return err
	}
	a := kiosk.Account{Name: name, Role: kiosk.Librarian, PasswordHash: hash, CreatedAt: s.Now().UTC()}
	errTaken := errors.New("there is an account")
	err = s.Ledger.Update(r.Context(), func(tx kiosk.Tx) error {
		all, err := tx.Accounts()
		if err != nil {
			return err
		}
		if len(all) > 0 {
			return errTaken
		}
		a.ID = tx.NewID()
		return tx.PutAccount(a)
	})
	if errors.Is(err, errTaken) {
		return s.showSignIn(w, r, http.StatusConflict, "setup.taken")
	}
	if err != nil {
		return err
	}
	s.sessions.start(w, r, a)
	http.Redirect(w, r, "/desk", http.StatusSeeOther)
	return nil
}
