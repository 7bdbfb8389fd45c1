package store

import "muontra/kiosk"

const accountCols = `SELECT id, name, role, password_hash, disabled, created_at FROM account WHERE site_id = $1`

func scanAccount(row scanner) (a kiosk.Account, err error) {
	err = row.Scan(&a.ID, &a.Name, &a.Role, &a.PasswordHash, &a.Disabled, instantCol{&a.CreatedAt})
	return a, err
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
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("account "+a.Name, `INSERT INTO account (id, site_id, name, role, password_hash, disabled, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, password_hash = excluded.password_hash, disabled = excluded.disabled`,
		a.ID, site, a.Name, a.Role, a.PasswordHash, bit(a.Disabled), stamp(a.CreatedAt))
}
