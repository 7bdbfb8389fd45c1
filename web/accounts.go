package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"muontra/kiosk"
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
	FirstYear(ctx context.Context, a kiosk.Attempt, change func(now kiosk.SchoolYear) (kiosk.SchoolYear, error)) error
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
