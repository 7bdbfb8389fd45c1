package store

import (
	"errors"
	"fmt"

	"muontra/kiosk"
)

const loanCols = `l.id, l.copy_id, l.patron_ref, l.type, l.checked_out_at, l.due_on, l.renewals, l.returned_at, l.ended, l.station, l.corner`

func loanTo(l *kiosk.Loan) []any {
	return []any{&l.ID, &l.CopyID, &l.PatronRef, &l.Type, instantCol{&l.CheckedOutAt}, dayCol{&l.DueOn}, &l.Renewals, instantCol{&l.ReturnedAt}, &l.End, &l.Station, &l.Corner}
}

func scanLoan(row scanner) (l kiosk.Loan, err error) {
	err = row.Scan(loanTo(&l)...)
	return l, err
}

func (v *view) OpenLoan(copyID kiosk.ID) (kiosk.Loan, error) {
	r, err := v.recent()
	if err != nil {
		return kiosk.Loan{}, err
	}
	if r == nil {
		return v.openLoan(copyID)
	}
	if l, ok := r.out[copyID]; ok && l.ID == "" {
		return l, fmt.Errorf("open loan of copy %s: %w", copyID, kiosk.ErrNotFound)
	}
	return recall(&r.out, copyID, func() (kiosk.Loan, error) { return v.openLoan(copyID) })
}

func (v *view) openLoan(copyID kiosk.ID) (l kiosk.Loan, err error) {
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
	if open { // not so many: no order is kept of them
		return each(v, "open loans", `SELECT `+loanCols+` FROM loan l INDEXED BY loan_one_open WHERE l.site_id = $1 AND l.ended = '' ORDER BY l.checked_out_at, l.id`, []any{site}, scanLoan, fn)
	}
	const page = 2000
	for since, last := "", kiosk.ID(""); ; {
		ls, err := rows(v, "loans", `SELECT `+loanCols+` FROM loan l WHERE l.site_id = $1 AND (l.checked_out_at, l.id) > ($2, $3) ORDER BY l.checked_out_at, l.id LIMIT $4`,
			[]any{site, since, last, page}, scanLoan)
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

// putLoan writes the after-image that an event leaves of a loan. before is the
// loan as the event found it, nil when the event names none: then most often it is
// a new one. What identifies a loan does not change as a rule, and is in most of the
// indexes: a return or a renewal writes the rest. The index loan_one_open refuses
// a second open loan of a copy.
func (t *tx) putLoan(site string, before *kiosk.Loan, l kiosk.Loan) error {
	what := "loan of copy " + string(l.CopyID)
	if before != nil && before.CopyID == l.CopyID && before.PatronRef == l.PatronRef && before.CheckedOutAt.Equal(l.CheckedOutAt) && before.Corner == l.Corner {
		n, err := t.note(what, `UPDATE loan SET type = $1, due_on = $2, renewals = $3, returned_at = $4, ended = $5, station = $6
			WHERE id = $7 AND copy_id = $8 AND patron_ref = $9 AND checked_out_at = $10 AND corner = $11`,
			l.Type, l.DueOn.String(), l.Renewals, stamp(l.ReturnedAt), l.End, l.Station, l.ID, l.CopyID, l.PatronRef, stamp(l.CheckedOutAt), l.Corner)
		if err == nil && n == 1 {
			t.s.seen.relent(l)
		}
		if err != nil || n == 1 {
			return err
		}
	}
	args := []any{l.ID, site, l.CopyID, l.PatronRef, l.Type, stamp(l.CheckedOutAt), l.DueOn.String(), l.Renewals, stamp(l.ReturnedAt), l.End, l.Station, l.Corner}
	// An upsert sets aside each page that it is about to change, in case it fails in
	// the middle; an insert of one row cannot.
	_, err := t.note(what, `INSERT INTO loan (id, site_id, copy_id, patron_ref, type, checked_out_at, due_on, renewals, returned_at, ended, station, corner)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, args...)
	if err == nil {
		t.s.seen.lent(l)
	}
	if !errors.Is(err, kiosk.ErrConflict) {
		return err
	}
	t.s.seen.open, t.s.seen.out = nil, nil
	n, uerr := t.note(what, `UPDATE loan SET copy_id = $3, patron_ref = $4, type = $5, checked_out_at = $6, due_on = $7, renewals = $8, returned_at = $9,
		ended = $10, station = $11, corner = $12 WHERE id = $1 AND site_id = $2`, args...)
	if uerr != nil || n == 1 {
		return uerr
	}
	return err // another loan's: the copy is out
}
