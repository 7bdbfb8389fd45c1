package store

import (
	"slices"
	"strings"
	"time"

	"muontra/kiosk"
)

const accountCols = `SELECT id, name, role, password_hash, pin_hash, must_change, coalesce(patron_id, ''), disabled, created_at,
	coalesce((SELECT group_concat(class_id, ' ') FROM account_class WHERE account_id = account.id), '') FROM account WHERE site_id = $1`

func scanAccount(row scanner) (a kiosk.Account, err error) {
	var classes string
	err = row.Scan(&a.ID, &a.Name, &a.Role, &a.PasswordHash, &a.PINHash, &a.MustChange, &a.PatronID, &a.Disabled, instantCol{&a.CreatedAt}, &classes)
	for _, c := range strings.Fields(classes) {
		a.Classes = append(a.Classes, kiosk.ID(c))
	}
	slices.Sort(a.Classes)
	return a, err
}

// Account finds the account, a disabled one too.
func (v *view) Account(id kiosk.ID) (kiosk.Account, error) {
	site, err := v.siteID()
	if err != nil {
		return kiosk.Account{}, err
	}
	a, err := first(rows(v, "account", accountCols+` AND id = $2`, []any{site, id}, scanAccount))
	return a, found("account "+string(id), err)
}

// AccountByName finds the account, a disabled one too.
func (v *view) AccountByName(name string) (kiosk.Account, error) {
	site, err := v.siteID()
	if err != nil {
		return kiosk.Account{}, err
	}
	a, err := first(rows(v, "account", accountCols+` AND name = $2`, []any{site, name}, scanAccount))
	return a, found("account "+name, err)
}

// Accounts lists them by name.
func (v *view) Accounts() ([]kiosk.Account, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "accounts", accountCols+` ORDER BY name`, []any{site}, scanAccount)
}

// PutAccount refuses a name that another account has: ErrConflict.
func (t *tx) PutAccount(a kiosk.Account) error {
	return t.whole("account "+a.Name, func() error {
		site, err := t.siteID()
		if err != nil {
			return err
		}
		err = t.exec("account "+a.Name, `INSERT INTO account (id, site_id, name, role, password_hash, pin_hash, must_change, patron_id, disabled, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role,
			password_hash = excluded.password_hash, pin_hash = excluded.pin_hash, must_change = excluded.must_change, patron_id = excluded.patron_id, disabled = excluded.disabled`,
			a.ID, site, a.Name, a.Role, a.PasswordHash, a.PINHash, bit(a.MustChange), orNull(a.PatronID), bit(a.Disabled), stamp(a.CreatedAt))
		if err != nil {
			return err
		}
		if err := t.exec("classes of account "+a.Name, `DELETE FROM account_class WHERE account_id = $1`, a.ID); err != nil {
			return err
		}
		for _, c := range a.Classes {
			if err := t.exec("class of account "+a.Name, `INSERT INTO account_class (account_id, class_id, site_id) VALUES ($1, $2, $3)`, a.ID, c, site); err != nil {
				return err
			}
		}
		return nil
	})
}

const signInCols = `SELECT hash, account_id, since, seen, coalesce(phone_id, '') FROM sign_in `

func scanSignIn(row scanner) (s kiosk.SignIn, err error) {
	err = row.Scan(&s.Hash, &s.AccountID, instantCol{&s.Since}, instantCol{&s.Seen}, &s.Phone)
	return s, err
}

func (v *view) SignIn(hash string) (kiosk.SignIn, error) {
	s, err := first(rows(v, "sign-in", signInCols+`WHERE hash = $1`, []any{hash}, scanSignIn))
	return s, found("sign-in", err)
}

// SignIns lists the longest unused first.
func (v *view) SignIns() ([]kiosk.SignIn, error) {
	return rows(v, "sign-ins", signInCols+`ORDER BY seen, hash`, nil, scanSignIn)
}

func (t *tx) PutSignIn(s kiosk.SignIn) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("sign-in", `INSERT INTO sign_in (hash, site_id, account_id, since, seen, phone_id) VALUES ($1, $2, $3, $4, $5, nullif($6, ''))
		ON CONFLICT (hash) DO UPDATE SET seen = excluded.seen`, s.Hash, site, s.AccountID, stamp(s.Since), stamp(s.Seen), s.Phone)
}

func (t *tx) EndSignIn(hash string) error {
	return t.exec("end of a sign-in", `DELETE FROM sign_in WHERE hash = $1`, hash)
}

// Browsers lists them in the order in which they were enrolled.
func (v *view) Browsers() ([]kiosk.Browser, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "browsers", `SELECT id, name, hash, enrolled_at, enrolled_by, phone, removed, contact_at, unsent FROM browser WHERE site_id = $1 ORDER BY enrolled_at, id`, []any{site},
		func(row scanner) (b kiosk.Browser, err error) {
			err = row.Scan(&b.ID, &b.Name, &b.Hash, instantCol{&b.EnrolledAt}, &b.EnrolledBy, &b.Phone, &b.Removed, instantCol{&b.Contact}, &b.Unsent)
			return b, err
		})
}

func (t *tx) PutBrowser(b kiosk.Browser) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("browser "+b.Name, `INSERT INTO browser (id, site_id, name, hash, enrolled_at, enrolled_by, phone, removed, contact_at, unsent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, hash = excluded.hash, removed = excluded.removed, contact_at = excluded.contact_at, unsent = excluded.unsent`,
		b.ID, site, b.Name, b.Hash, stamp(b.EnrolledAt), b.EnrolledBy, bit(b.Phone), bit(b.Removed), stamp(b.Contact), b.Unsent)
}

// Guesses finds a count, kiosk.ErrNotFound for none.
func (v *view) Guesses(key string) (g kiosk.Guesses, err error) {
	site, err := v.siteID()
	if err != nil {
		return g, err
	}
	err = v.one("guesses", `SELECT key, fails, at FROM guess WHERE site_id = $1 AND key = $2`, []any{site, key}, &g.Key, &g.Fails, instantCol{&g.At})
	return g, err
}

func (t *tx) PutGuesses(g kiosk.Guesses) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("guesses", `INSERT INTO guess (site_id, key, fails, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (site_id, key) DO UPDATE SET fails = excluded.fails, at = excluded.at`, site, g.Key, g.Fails, stamp(g.At))
}

func (t *tx) DropGuesses(before time.Time) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("old guesses", `DELETE FROM guess WHERE site_id = $1 AND at < $2`, site, stamp(before))
}

func (v *view) AccountEvents(id kiosk.ID, limit int) ([]kiosk.Event, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "events of account "+string(id), eventCols+` AND type = 'account_changed' AND json_extract(payload, '$.account') = $2 ORDER BY seq DESC LIMIT $3`,
		[]any{site, id, limit}, scanEvent)
}
