package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/password"
	"muontra/web/words"
)

func (s *Server) newAccount(w http.ResponseWriter, r *http.Request) error {
	return s.showAccountForm(w, r, http.StatusOK, kiosk.Account{}, newForm("role", string(kiosk.Collaborator)))
}

func (s *Server) account(w http.ResponseWriter, r *http.Request) error {
	a, f, err := s.accountAndForm(r)
	if err != nil {
		return err
	}
	return s.showAccountForm(w, r, http.StatusOK, a, f.stamp())
}

// accountAndForm reads the account of the path, and a form with what it holds.
func (s *Server) accountAndForm(r *http.Request) (a kiosk.Account, f *form, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		if a, err = v.Account(kiosk.ID(r.PathValue("id"))); err != nil {
			return err
		}
		f = newForm("name", a.Name, "role", string(a.Role))
		for _, c := range a.Classes {
			f.Values.Add("class", string(c))
		}
		if a.PatronID != "" {
			p, err := v.Patron(a.PatronID)
			f.Values.Set("person", p.Name)
			return err
		}
		return nil
	})
	return a, f, err
}

// accountLine is a line of an account's history.
type accountLine struct {
	When   string
	Change string
	By     string
	Times  int
}

func (s *Server) showAccountForm(w http.ResponseWriter, r *http.Request, status int, a kiosk.Account, f *form) error {
	if s.Accounts == nil {
		return errNotFound
	}
	data := map[string]any{"A": a, "F": f, "Roles": kiosk.Roles, "Min": password.MinLength, "MinPIN": password.MinPIN, "Own": callerOf(r).account.id == a.ID}
	chosen := map[kiosk.ID]bool{}
	for _, c := range f.Values["class"] {
		chosen[kiosk.ID(c)] = true
	}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		classes, err := s.classesNow(v)
		if err != nil {
			return err
		}
		data["Classes"], data["Chosen"] = classes, chosen
		var adults []string
		today, err := s.today(v)
		if err != nil {
			return err
		}
		err = v.EachMember(today, func(m kiosk.Member) error {
			if m.Category != kiosk.Pupil && m.Category != kiosk.ClassGroup && m.Status == kiosk.PatronActive {
				adults = append(adults, m.Name)
			}
			return nil
		})
		data["Adults"] = adults
		if err != nil || a.ID == "" {
			return err
		}
		data["History"], err = s.accountHistory(v, a.ID)
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "account.html", data)
	return nil
}

func (s *Server) accountHistory(v kiosk.View, id kiosk.ID) ([]accountLine, error) {
	loc, err := kiosk.LocationOf(v)
	if err != nil {
		return nil, err
	}
	events, err := v.AccountEvents(id, 50)
	if err != nil {
		return nil, err
	}
	names := map[kiosk.ID]string{}
	all, err := v.Accounts()
	for _, a := range all {
		names[a.ID] = a.Name
	}
	var lines []accountLine
	for _, e := range events {
		lines = append(lines, accountLine{e.OccurredAt.In(loc).Format("02/01/2006 15:04"), string(e.Payload.Change), names[e.StaffRef], e.Payload.Times})
	}
	return lines, err
}

// addAccount makes an account with a one-time password, which is shown once.
func (s *Server) addAccount(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	a := kiosk.Account{Name: accountName(f.Get("name")), Role: kiosk.Role(f.Get("role")), MustChange: true}
	if a.Name == "" || utf8.RuneCountInString(a.Name) > 64 || !short(a.Name, 256) {
		f.Wrong["name"] = "account_name"
	}
	if err := s.readAccount(r.Context(), f, &a); err != nil {
		return err
	}
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		once, hash, err := password.OneTime()
		if err != nil {
			return "", err
		}
		a.PasswordHash = hash
		id, err := s.Accounts.AddAccount(r.Context(), at, a)
		if errors.Is(err, kiosk.ErrConflict) {
			f.Wrong["name"] = "account_taken"
			return "", errForm
		}
		if err != nil {
			return "", err
		}
		s.done(r, accountPath(id), nil, "account.added", "name", a.Name, "password", once)
		return accountPath(id), nil
	}, func(status int) error { return s.showAccountForm(w, r, status, kiosk.Account{}, f) })
}

// readAccount reads role, person and classes of the form.
func (s *Server) readAccount(ctx context.Context, f *form, a *kiosk.Account) error {
	if !slices.Contains(kiosk.Roles, a.Role) {
		f.Wrong["role"] = "choose"
	}
	a.Classes, a.PatronID = nil, ""
	return s.Ledger.View(ctx, func(v kiosk.View) error {
		names, err := s.classesByID(v)
		if err != nil {
			return err
		}
		for _, c := range f.Values["class"] {
			if names[kiosk.ID(c)] != "" && !slices.Contains(a.Classes, kiosk.ID(c)) {
				a.Classes = append(a.Classes, kiosk.ID(c))
			}
		}
		who := f.Get("person")
		if who == "" {
			return nil
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		found := 0
		err = v.EachMember(today, func(m kiosk.Member) error {
			if m.Card.Barcode == who || fold.Text(m.Name) == fold.Text(who) && strings.EqualFold(fold.NFC(m.Name), who) {
				found++
				a.PatronID = m.ID
			}
			return nil
		})
		switch {
		case found == 0:
			f.Wrong["person"] = "person_unknown"
		case found > 1:
			f.Wrong["person"] = "person_several"
		}
		return err
	})
}

// accountSay are the words of what an account's form holds.
func (s *Server) accountSay(r *http.Request) (func(field, value string) string, error) {
	var names map[kiosk.ID]string
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		names, err = s.classesByID(v)
		return err
	})
	lang := s.lang(r)
	return func(field, value string) string {
		switch field {
		case "role":
			return words.T(lang, "role."+value)
		case "class":
			var said []string
			for id := range strings.SplitSeq(value, ", ") {
				said = append(said, names[kiosk.ID(id)])
			}
			return strings.Join(said, ", ")
		}
		return value
	}, err
}

// changeAccount changes role, person and classes.
func (s *Server) changeAccount(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	a, stored, err := s.accountAndForm(r)
	if err != nil {
		return err
	}
	f.Values.Set("name", a.Name)
	if stored.say, err = s.accountSay(r); err != nil {
		return err
	}
	to := a
	to.Role = kiosk.Role(f.Get("role"))
	if err := s.readAccount(r.Context(), f, &to); err != nil {
		return err
	}
	u := kiosk.AccountUpdate{Change: kiosk.AccountClasses, Role: to.Role, PatronID: to.PatronID, Classes: to.Classes}
	if to.Role != a.Role {
		u.Change = kiosk.AccountRole
	}
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		if err := f.stale(stored); err != nil {
			return "", err
		}
		if _, err := s.Accounts.ChangeAccount(r.Context(), at, a.ID, u, ""); err != nil {
			return "", err
		}
		back := kiosk.AccountUpdate{Change: u.Change, Role: a.Role, PatronID: a.PatronID, Classes: a.Classes}
		s.done(r, accountPath(a.ID), func(ctx context.Context, at kiosk.Attempt) error {
			_, err := s.Accounts.ChangeAccount(ctx, at, a.ID, back, "")
			return err
		}, "account.saved", "name", a.Name)
		return accountPath(a.ID), nil
	}, func(status int) error { return s.showAccountForm(w, r, status, a, f) })
}
