package kiosktest

import (
	"errors"
	"slices"
	"time"

	"muontra/kiosk"
)

func (v *view) Account(id kiosk.ID) (kiosk.Account, error) {
	a, err := v.d.accounts.get("account", id)
	a.Classes = slices.Clone(a.Classes)
	return a, err
}

func (v *view) AccountByName(name string) (kiosk.Account, error) {
	for _, a := range v.d.accounts.rows {
		if a.Name == name {
			return v.Account(a.ID)
		}
	}
	return kiosk.Account{}, missing("account", name)
}

func (v *view) Accounts() ([]kiosk.Account, error) {
	return sorted(v.d.accounts.all(), func(a kiosk.Account) string { return a.Name }), nil
}

func (t *tx) PutAccount(a kiosk.Account) (err error) {
	defer t.whole(&err)()
	if o, err := t.AccountByName(a.Name); err == nil && o.ID != a.ID {
		return conflict("account %s", a.Name)
	}
	if err := t.d.patrons.need("patron", a.PatronID); err != nil {
		return err
	}
	a.Classes = slices.Clone(a.Classes)
	slices.Sort(a.Classes)
	for _, c := range a.Classes {
		if _, err := t.d.classes.get("class", c); err != nil {
			return err
		}
	}
	a.CreatedAt = ms(a.CreatedAt)
	t.d.accounts.put(t, a.ID, a)
	return errors.Join(given("account's name", a.Name), in("role", a.Role, kiosk.Roles...))
}

func (v *view) SignIn(hash string) (kiosk.SignIn, error) {
	if s, ok := v.d.signIns[hash]; ok {
		return s, nil
	}
	return kiosk.SignIn{}, missing("sign-in", "")
}

func (v *view) SignIns() ([]kiosk.SignIn, error) {
	var all []kiosk.SignIn
	for _, s := range v.d.signIns {
		all = append(all, s)
	}
	return sorted(all, func(s kiosk.SignIn) string { return s.Seen.Format("2006-01-02T15:04:05.000") + s.Hash }), nil
}

func (t *tx) PutSignIn(s kiosk.SignIn) error {
	if _, err := t.d.accounts.get("account", s.AccountID); err != nil {
		return err
	}
	if _, err := t.d.browsers.get("phone", s.Phone); s.Phone != "" && err != nil {
		return err
	}
	s.Since, s.Seen = ms(s.Since), ms(s.Seen)
	setKey(t, t.d.signIns, s.Hash, s)
	return nil
}

func (t *tx) EndSignIn(hash string) error {
	dropKey(t, t.d.signIns, hash)
	return nil
}

func (v *view) Browsers() ([]kiosk.Browser, error) {
	return sorted(v.d.browsers.all(), func(b kiosk.Browser) string { return b.EnrolledAt.Format("2006-01-02T15:04:05.000") + string(b.ID) }), nil
}

func (t *tx) PutBrowser(b kiosk.Browser) (err error) {
	defer t.whole(&err)()
	for _, o := range t.d.browsers.rows {
		if o.Hash == b.Hash && o.ID != b.ID {
			return conflict("browser %s", b.Name)
		}
	}
	if _, err := t.d.accounts.get("account", b.EnrolledBy); err != nil {
		return err
	}
	b.EnrolledAt, b.Contact = ms(b.EnrolledAt), ms(b.Contact)
	t.d.browsers.put(t, b.ID, b)
	return given("browser's name", b.Name)
}

func (v *view) Guesses(key string) (kiosk.Guesses, error) {
	if g, ok := v.d.guesses[key]; ok {
		return g, nil
	}
	return kiosk.Guesses{}, missing("guesses", "")
}

func (v *view) AccountEvents(id kiosk.ID, limit int) ([]kiosk.Event, error) {
	all, err := v.Events(0, len(v.d.events))
	var of []kiosk.Event
	for _, e := range slices.Backward(all) {
		if e.Type == kiosk.EventAccount && e.Payload.Account == id && len(of) < limit {
			of = append(of, e)
		}
	}
	return of, err
}

func (t *tx) PutGuesses(g kiosk.Guesses) error {
	g.At = ms(g.At)
	setKey(t, t.d.guesses, g.Key, g)
	return natural("guesses", g.Fails)
}

func (t *tx) DropGuesses(before time.Time) error {
	for k, g := range t.d.guesses {
		if g.At.Before(before) {
			dropKey(t, t.d.guesses, k)
		}
	}
	return nil
}
