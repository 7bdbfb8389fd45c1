package store

import "muontra/kiosk"

// PutSet refuses a barcode that is another's: ErrConflict.
func (t *tx) PutSet(s kiosk.BookSet) error {
	what := "set " + s.Name
	return t.withBarcode(what, "book_set", s.ID, s.Barcode, func(site string) error {
		return t.exec(what, `INSERT INTO book_set (id, site_id, name, grade, programme, barcode) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, grade = excluded.grade, programme = excluded.programme, barcode = excluded.barcode`,
			s.ID, site, s.Name, s.Grade, s.Programme, orNull(s.Barcode))
	})
}

func (t *tx) PutTextbookLine(l kiosk.TextbookLine) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("textbook line "+string(l.ID), `INSERT INTO textbook_line (id, site_id, title_id, year, from_nr, to_nr, quantity, price, place_id, received)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET
		title_id = excluded.title_id, year = excluded.year, from_nr = excluded.from_nr, to_nr = excluded.to_nr, quantity = excluded.quantity,
		price = excluded.price, place_id = excluded.place_id, received = excluded.received`,
		l.ID, site, l.TitleID, l.Year, l.From, l.To, l.Quantity, l.Price, orNull(l.PlaceID), l.Received.String())
}
