package store

import "muontra/kiosk"

const loanCols = `l.id, l.copy_id, l.patron_ref, l.type, l.checked_out_at, l.due_on, l.renewals, l.returned_at, l.ended, l.station, l.corner`

func loanTo(l *kiosk.Loan) []any {
	return []any{&l.ID, &l.CopyID, &l.PatronRef, &l.Type, instantCol{&l.CheckedOutAt}, dayCol{&l.DueOn}, &l.Renewals, instantCol{&l.ReturnedAt}, &l.End, &l.Station, &l.Corner}
}

func scanLoan(row scanner) (l kiosk.Loan, err error) {
	err = row.Scan(loanTo(&l)...)
	return l, err
}

func (v *view) OpenLoan(copyID kiosk.ID) (l kiosk.Loan, err error) {
	err = v.one("open loan of copy "+string(copyID), `SELECT `+loanCols+` FROM loan l WHERE l.copy_id = $1 AND l.ended = ''`, []any{copyID}, loanTo(&l)...)
	return l, err
}

func (v *view) Loan(id kiosk.ID) (l kiosk.Loan, err error) {
	err = v.one("loan "+string(id), `SELECT `+loanCols+` FROM loan l WHERE l.id = $1`, []any{id}, loanTo(&l)...)
	return l, err
}

func (v *view) OpenLoansOf(ref kiosk.ID) ([]kiosk.LoanItem, error) {
	if r, err := v.recent(); r != nil || err != nil {
		if err != nil {
			return nil, err
		}
		return v.recentLoansOf(r, ref)
	}
	return rows(v, "open loans of "+string(ref), `SELECT `+loanCols+`, `+itemCols+` FROM loan l JOIN copy c ON c.id = l.copy_id
		JOIN title t ON t.id = c.title_id LEFT JOIN copy_state s ON s.copy_id = c.id LEFT JOIN place p ON p.id = coalesce(s.place_id, c.home_place)
		WHERE l.patron_ref = $1 AND l.ended = '' ORDER BY l.checked_out_at, l.id`, []any{ref},
		func(row scanner) (l kiosk.LoanItem, err error) {
			err = row.Scan(append(loanTo(&l.Loan), itemTo(&l.Item)...)...)
			return l, err
		})
}

// EachLoan reads a page of loans at a time: there may be many years of them.
// What fn itself changes may or may not be seen by it later.
func (v *view) EachLoan(open bool, fn func(kiosk.Loan) error) error {
	site, err := v.siteID()
	if err != nil {
		return err
	}
	const page = 2000
	// Of the open ones, a few hundred, the index by time would read all years.
	from, which := `FROM loan l`, ``
	if open {
		from, which = `FROM loan l INDEXED BY loan_open_since`, `AND l.ended = '' `
	}
	q := `SELECT ` + loanCols + ` ` + from + ` WHERE l.site_id = $1 AND (l.checked_out_at, l.id) > ($2, $3) ` + which
	q += `ORDER BY l.checked_out_at, l.id LIMIT $4`
	for since, last := "", kiosk.ID(""); ; {
		ls, err := rows(v, "loans", q, []any{site, since, last, page}, scanLoan)
		if err != nil {
			return err
		}
		for _, l := range ls {
			if err := fn(l); err != nil {
				return err
			}
			since, last = stamp(l.CheckedOutAt), l.ID
		}
		if len(ls) < page {
			return nil
		}
	}
}

// putLoan writes the after-image that an event leaves of a loan. The index
// loan_one_open refuses a second open loan of a copy.
func (t *tx) putLoan(site string, l kiosk.Loan) error {
	_, err := t.note("loan of copy "+string(l.CopyID), `INSERT INTO loan (id, site_id, copy_id, patron_ref, type, checked_out_at, due_on, renewals, returned_at, ended, station, corner)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO UPDATE SET
		copy_id = excluded.copy_id, patron_ref = excluded.patron_ref, type = excluded.type, checked_out_at = excluded.checked_out_at, due_on = excluded.due_on,
		renewals = excluded.renewals, returned_at = excluded.returned_at, ended = excluded.ended, station = excluded.station, corner = excluded.corner`,
		l.ID, site, l.CopyID, l.PatronRef, l.Type, stamp(l.CheckedOutAt), l.DueOn.String(), l.Renewals, stamp(l.ReturnedAt), l.End, l.Station, l.Corner)
	return err
}
