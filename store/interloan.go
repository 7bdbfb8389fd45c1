package store

import "muontra/kiosk"

func (t *tx) putInterloans(site string, r *kiosk.Records) error {
	for _, l := range r.Interloans {
		if err := t.putRecord("interloan", string(l.ID), l, `INSERT INTO interloan (id, site_id, place_id, received, removed, record) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET place_id = excluded.place_id, received = excluded.received, removed = excluded.removed, record = excluded.record`,
			l.ID, site, orNull(l.Place), l.Received.String(), bit(l.Removed)); err != nil {
			return err
		}
	}
	// What is taken away goes first: its code may stand on a new line of the same act.
	for _, removed := range []bool{true, false} {
		for _, b := range r.InterloanBooks {
			if b.Removed != removed {
				continue
			}
			if err := t.putRecord("book of an interloan", string(b.ID), b, `INSERT INTO interloan_book (id, lot_id, nr, code, quantity, gone, removed, record) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
				ON CONFLICT (id) DO UPDATE SET code = excluded.code, quantity = excluded.quantity, gone = excluded.gone, removed = excluded.removed, record = excluded.record`,
				b.ID, b.Lot, b.Nr, b.Code, b.Quantity, b.GivenBack(), bit(b.Removed)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *view) Interloan(id kiosk.ID) (kiosk.Interloan, error) {
	return record[kiosk.Interloan](v, "interloan", string(id))
}

func (v *view) Interloans() ([]kiosk.Interloan, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return records[kiosk.Interloan](v, "interloans", `SELECT record FROM interloan WHERE site_id = $1 AND removed = 0 ORDER BY received DESC, id DESC`, site)
}

func (v *view) InterloanBooks(lot kiosk.ID) ([]kiosk.InterloanBook, error) {
	return records[kiosk.InterloanBook](v, "books of an interloan", `SELECT record FROM interloan_book WHERE lot_id = $1 AND removed = 0 ORDER BY nr`, lot)
}

func (v *view) InterloanBook(id kiosk.ID) (kiosk.InterloanBook, error) {
	return record[kiosk.InterloanBook](v, "interloan_book", string(id))
}

func (v *view) InterloanLines(lot kiosk.ID) (int, error) {
	return first(rows(v, "lines of an interloan", `SELECT coalesce(max(nr), 0) FROM interloan_book WHERE lot_id = $1`, []any{lot}, func(row scanner) (n int, err error) {
		err = row.Scan(&n)
		return n, err
	}))
}

func (v *view) InterloanByCode(code string) (kiosk.InterloanBook, error) {
	b, err := first(records[kiosk.InterloanBook](v, "interloan by code", `SELECT b.record FROM interloan_book b JOIN interloan l ON l.id = b.lot_id
		WHERE b.code = $1 AND b.code <> '' AND b.removed = 0 AND b.gone < b.quantity AND l.removed = 0 ORDER BY l.received DESC, l.id DESC LIMIT 1`, code))
	return b, found("book of another library", err)
}
