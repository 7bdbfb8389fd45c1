package store

import (
	"errors"
	"fmt"

	"muontra/kiosk"
)

const textbookCols = `SELECT id, title_id, year, from_nr, to_nr, quantity, price, coalesce(place_id, ''), received,
	(SELECT coalesce(sum(h.quantity - h.back - h.lost), 0) FROM handout h WHERE h.line_id = textbook_line.id AND h.removed = 0),
	(SELECT coalesce(sum(h.lost), 0) FROM handout h WHERE h.line_id = textbook_line.id AND h.removed = 0) FROM textbook_line `

func scanTextbookLine(row scanner) (l kiosk.TextbookLine, err error) {
	err = row.Scan(&l.ID, &l.TitleID, &l.Year, &l.From, &l.To, &l.Quantity, &l.Price, &l.PlaceID, dayCol{&l.Received}, &l.HandedOut, &l.Lost)
	return l, err
}

func (v *view) TextbookLine(id kiosk.ID) (kiosk.TextbookLine, error) {
	l, err := first(rows(v, "textbook line", textbookCols+`WHERE id = $1`, []any{id}, scanTextbookLine))
	return l, found("textbook line "+string(id), err)
}

func (v *view) TextbookLines() ([]kiosk.TextbookLine, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "textbook lines", textbookCols+`WHERE site_id = $1 ORDER BY rowid`, []any{site}, scanTextbookLine)
}

// PutTextbookLine refuses fewer books than are handed out and lost: ErrConflict.
func (t *tx) PutTextbookLine(l kiosk.TextbookLine) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	was, err := t.TextbookLine(l.ID)
	if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
		return err
	}
	if n := was.HandedOut + was.Lost; n > 0 && n > l.Quantity {
		return fmt.Errorf("textbook line %s: fewer than are handed out: %w", l.ID, kiosk.ErrConflict)
	}
	return t.exec("textbook line "+string(l.ID), `INSERT INTO textbook_line (id, site_id, title_id, year, from_nr, to_nr, quantity, price, place_id, received)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET
		title_id = excluded.title_id, year = excluded.year, from_nr = excluded.from_nr, to_nr = excluded.to_nr, quantity = excluded.quantity,
		price = excluded.price, place_id = excluded.place_id, received = excluded.received`,
		l.ID, site, l.TitleID, l.Year, l.From, l.To, l.Quantity, l.Price, orNull(l.PlaceID), l.Received.String())
}
