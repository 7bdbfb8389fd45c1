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

// Accounts are the acts on accounts and enrolled browsers.
type Accounts interface {
	FirstAccount(context.Context, kiosk.Account) (kiosk.Account, error)
	AddAccount(context.Context, kiosk.Attempt, kiosk.Account) (kiosk.ID, error)
	ChangeAccount(ctx context.Context, a kiosk.Attempt, id kiosk.ID, u kiosk.AccountUpdate, keep string) (kiosk.ID, error)
	EnrolBrowser(context.Context, kiosk.Attempt, kiosk.Browser) (kiosk.ID, error)
	RemoveBrowser(context.Context, kiosk.Attempt, kiosk.ID) (kiosk.ID, error)
	Guessed(ctx context.Context, account kiosk.ID, times int) error
	FirstYear(context.Context, kiosk.Attempt, kiosk.SchoolYear) error
	AnswerCall(ctx context.Context, a kiosk.Attempt, seq int64) (kiosk.ID, error)
}

// accountRoutes are who may sign in.
func (s *Server) accountRoutes() []route {
	return []route{
		{"GET", "/desk/accounts", librarian, s.accounts},
		{"POST", "/desk/accounts", librarian, s.addAccount},
		{"GET", "/desk/accounts/new", librarian, s.newAccount},
		{"GET", "/desk/accounts/{id}", librarian, named(s.account)},
		{"POST", "/desk/accounts/{id}", librarian, named(s.changeAccount)},
		{"POST", "/desk/accounts/{id}/do", librarian, named(s.doAccount)},
		{"POST", "/desk/accounts/{id}/pin", librarian, named(s.setPIN)},
		{"POST", "/desk/browsers", librarian, s.enrolBrowser},
		{"POST", "/desk/browsers/{id}/remove", librarian, named(s.removeBrowser)},
		{"GET", ownPasswordPath, signedInAny, s.ownPassword},
		{"POST", ownPasswordPath, signedInAny, s.setOwnPassword},
		{"POST", "/desk/sign-out-everywhere", signedInAny, s.signOutEverywhere},
	}
}

func accountPath(id kiosk.ID) string { return "/desk/accounts/" + string(id) }

// accountRow is an account in the list.
type accountRow struct {
	kiosk.Account
	Person  string
	Classes string
}

var accountList = list[accountRow]{
	Title: "accounts.title", Sort: "name",
	Columns: []column[accountRow]{
		{Key: "name", Word: "account.name", Kind: textCell, Of: func(a accountRow) any { return a.Name }, Link: func(a accountRow) string { return accountPath(a.ID) }},
		{Key: "role", Word: "account.role", Kind: textCell, Of: func(a accountRow) any { return string(a.Role) }, Say: func(a accountRow) string { return "role." + string(a.Role) }},
		{Key: "person", Word: "account.person", Kind: nameCell, Of: func(a accountRow) any { return a.Person }},
		{Key: "classes", Word: "account.classes", Kind: codeCell, Of: func(a accountRow) any { return a.Classes }},
		{Key: "state", Word: "list.status", Kind: textCell, Of: func(a accountRow) any { return accountState(a.Account) }, Say: func(a accountRow) string { return "account.state." + accountState(a.Account) }},
	},
	Mute: func(a accountRow) bool { return a.Disabled },
}

func accountState(a kiosk.Account) string {
	switch {
	case a.Disabled:
		return "disabled"
	case a.MustChange:
		return "must_change"
	}
	return "active"
}

// accounts lists who may sign in, and the enrolled browsers.
func (s *Server) accounts(w http.ResponseWriter, r *http.Request) error {
	if s.Accounts == nil {
		return errNotFound
	}
	var rows []accountRow
	var browsers []kiosk.Browser
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		all, err := v.Accounts()
		if err != nil {
			return err
		}
		classes, err := s.classesByID(v)
		if err != nil {
			return err
		}
		for _, a := range all {
			row := accountRow{Account: a}
			if a.PatronID != "" {
				p, err := v.Patron(a.PatronID)
				if err != nil {
					return err
				}
				row.Person = p.Name
			}
			var names []string
			for _, c := range a.Classes {
				if n := classes[c]; n != "" {
					names = append(names, n)
				}
			}
			slices.Sort(names)
			row.Classes = strings.Join(names, ", ")
			rows = append(rows, row)
		}
		list, err := v.Browsers()
		browsers = slices.DeleteFunc(list, func(b kiosk.Browser) bool { return b.Removed || b.Phone })
		return err
	})
	if err != nil {
		return err
	}
	return showList(s, w, r, accountList, rows, "accounts.html", map[string]any{
		"Browsers": browsers, "Here": callerOf(r).browser, "F": newForm(), "MinPIN": password.MinPIN,
	})
}

// classesByID are the names of this school year's classes.
func (s *Server) classesByID(v kiosk.View) (map[kiosk.ID]string, error) {
	list, err := s.classesNow(v)
	names := map[kiosk.ID]string{}
	for _, c := range list {
		names[c.ID] = c.Name
	}
	return names, err
}

// classesNow are the classes of this school year.
func (s *Server) classesNow(v kiosk.View) ([]kiosk.Class, error) {
	today, err := s.today(v)
	if err != nil {
		return nil, err
	}
	rules, err := v.Rules(today)
	if err != nil || rules.Year.ID == "" {
		return nil, err
	}
	return v.Classes(rules.Year.ID)
}

func (s *Server) newAccount(w http.ResponseWriter, r *http.Request) error {
	return s.showAccountForm(w, r, http.StatusOK, kiosk.Account{}, newForm("role", string(kiosk.Collaborator)))
}

func (s *Server) account(w http.ResponseWriter, r *http.Request) error {
	a, f, err := s.accountAndForm(r)
	if err != nil {
		return err
	}
	return s.showAccountForm(w, r, http.StatusOK, a, f)
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
	site, err := v.Site()
	if err != nil {
		return nil, err
	}
	loc, err := site.Location()
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

// changeAccount changes role, person and classes.
func (s *Server) changeAccount(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	a, _, err := s.accountAndForm(r)
	if err != nil {
		return err
	}
	f.Values.Set("name", a.Name)
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

// doAccount is a button of an account: disable, enable, reset, sign out.
func (s *Server) doAccount(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	a, _, err := s.accountAndForm(r)
	if err != nil {
		return err
	}
	page := accountPath(a.ID)
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		u := kiosk.AccountUpdate{Change: kiosk.AccountChange(f.Get("do"))}
		once := ""
		switch u.Change {
		case kiosk.AccountDisabled, kiosk.AccountEnabled, kiosk.AccountSignedOut:
		case kiosk.AccountPIN: // as a button it takes the PIN away
		case kiosk.AccountReset:
			if once, u.Hash, err = password.OneTime(); err != nil {
				return "", err
			}
		default:
			return "", errBadBody
		}
		if _, err := s.Accounts.ChangeAccount(r.Context(), at, a.ID, u, ""); err != nil {
			return "", err
		}
		var back func(context.Context, kiosk.Attempt) error
		if u.Change == kiosk.AccountDisabled {
			back = func(ctx context.Context, at kiosk.Attempt) error {
				_, err := s.Accounts.ChangeAccount(ctx, at, a.ID, kiosk.AccountUpdate{Change: kiosk.AccountEnabled}, "")
				return err
			}
		}
		s.done(r, page, back, "account.done."+string(u.Change), "name", a.Name, "password", once)
		return page, nil
	}, s.refused(w, r, f, page))
}

// setPIN gives an account a PIN for enrolled browsers.
func (s *Server) setPIN(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	a, show, err := s.accountAndForm(r)
	if err != nil {
		return err
	}
	if !a.Role.TakesPIN() {
		return errBadBody
	}
	hash, err := password.HashPIN(f.Get("pin"))
	if err != nil {
		f.Wrong["pin"] = "pin"
	}
	// A secret is neither kept with the form nor shown again.
	f.Values.Set("pin", hash[:min(len(hash), 8)])
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		if _, err := s.Accounts.ChangeAccount(r.Context(), at, a.ID, kiosk.AccountUpdate{Change: kiosk.AccountPIN, Hash: hash}, ""); err != nil {
			return "", err
		}
		s.done(r, accountPath(a.ID), nil, "account.done.pin_set", "name", a.Name)
		return accountPath(a.ID), nil
	}, func(status int) error {
		show.Wrong, show.Trouble = f.Wrong, f.Trouble
		return s.showAccountForm(w, r, status, a, show)
	})
}

// explainAccount is what an account act's refusal says.
func explainAccount(l words.Lang, err error) (string, bool) {
	switch {
	case errors.Is(err, kiosk.ErrLastLibrarian):
		return words.T(l, "account.last"), true
	case errors.Is(err, kiosk.ErrSetUp):
		return words.T(l, "setup.taken"), true
	}
	return "", false
}
