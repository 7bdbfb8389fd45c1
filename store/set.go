package store

import "muontra/kiosk"

const setCols = `SELECT id, name, grade, programme, coalesce(barcode, '') FROM book_set `

func scanSet(row scanner) (s kiosk.BookSet, err error) {
	err = row.Scan(&s.ID, &s.Name, &s.Grade, &s.Programme, &s.Barcode)
	return s, err
}

func (v *view) Set(id kiosk.ID) (kiosk.BookSet, error) {
	s, err := first(rows(v, "set", setCols+`WHERE id = $1`, []any{id}, scanSet))
	return s, found("set "+string(id), err)
}

func (v *view) SetByBarcode(barcode string) (s kiosk.BookSet, err error) {
	site, err := v.siteID()
	if err != nil {
		return s, err
	}
	s, err = first(rows(v, "set", setCols+`WHERE site_id = $1 AND barcode = $2`, []any{site, barcode}, scanSet))
	return s, found("set "+barcode, err)
}

func (v *view) Sets() ([]kiosk.BookSet, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "sets", setCols+`WHERE site_id = $1 ORDER BY grade, rowid`, []any{site}, scanSet)
}

func (v *view) ItemsOfSet(id kiosk.ID) ([]kiosk.Item, error) {
	return rows(v, "copies of a set", `SELECT `+itemCols+itemFrom+`WHERE c.set_id = $1 AND c.set_id IS NOT NULL ORDER BY t.title, t.remainder, c.accession, c.id`, []any{id}, scanItem)
}

// SetMembers is one query, however many sets there are.
func (v *view) SetMembers() ([]kiosk.SetMember, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "members of sets", `SELECT coalesce(l.id, ''), coalesce(l.copy_id, ''), coalesce(l.patron_ref, ''), coalesce(l.type, ''), coalesce(l.checked_out_at, ''), coalesce(l.due_on, ''), coalesce(l.renewals, 0), coalesce(l.station, ''), `+
		itemCols+itemFrom+`LEFT JOIN loan l ON l.copy_id = c.id AND l.ended = '' WHERE c.site_id = $1 AND c.set_id IS NOT NULL ORDER BY c.set_id, t.title, t.remainder, c.accession, c.id`, []any{site}, func(row scanner) (m kiosk.SetMember, err error) {
		loan := []any{&m.Loan.ID, &m.Loan.CopyID, &m.Loan.PatronRef, &m.Loan.Type, instantCol{&m.Loan.CheckedOutAt}, dayCol{&m.Loan.DueOn}, &m.Loan.Renewals, &m.Loan.Station}
		m.Item, err = scanItem(after{row, loan})
		return m, err
	})
}

// after is a row whose first columns are read into to, and the rest by who scans
// it.
type after struct {
	row scanner
	to  []any
}

func (a after) Scan(to ...any) error { return a.row.Scan(append(a.to, to...)...) }

func (v *view) EventsOfSet(id kiosk.ID, limit int) ([]kiosk.Event, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "events of a set", eventCols+` AND copy_id = '' AND type IN ('checked_out', 'returned', 'used_on_site', 'undone', 'refused', 'set_changed')
		AND json_extract(payload, '$.set') = $2 ORDER BY seq DESC LIMIT $3`, []any{site, id, limit}, scanEvent)
}

// PutSet refuses a barcode that is another's: ErrConflict.
func (t *tx) PutSet(s kiosk.BookSet) error {
	what := "set " + s.Name
	return t.withBarcode(what, "book_set", s.ID, s.Barcode, func(site string) error {
		return t.exec(what, `INSERT INTO book_set (id, site_id, name, grade, programme, barcode) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, grade = excluded.grade, programme = excluded.programme, barcode = excluded.barcode`,
			s.ID, site, s.Name, s.Grade, s.Programme, orNull(s.Barcode))
	})
}
