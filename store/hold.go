package store

import (
	"slices"

	"muontra/kiosk"
)

const holdCols = `SELECT id, title_id, patron_ref, coalesce(copy_id, ''), placed_at, status, until FROM hold `

func scanHold(row scanner) (h kiosk.Hold, err error) {
	err = row.Scan(&h.ID, &h.TitleID, &h.PatronRef, &h.CopyID, instantCol{&h.PlacedAt}, &h.Status, dayCol{&h.Until})
	return h, err
}

func (v *view) Hold(id kiosk.ID) (kiosk.Hold, error) {
	h, err := first(rows(v, "hold", holdCols+`WHERE id = $1`, []any{id}, scanHold))
	return h, found("hold "+string(id), err)
}

func (v *view) HoldsOf(title kiosk.ID) ([]kiosk.Hold, error) {
	r, err := v.recent()
	if err != nil {
		return nil, err
	}
	if r == nil {
		return v.holdsOf(title)
	}
	hs, err := recall(&r.holds, title, func() ([]kiosk.Hold, error) { return v.holdsOf(title) })
	return slices.Clone(hs), err
}

func (v *view) holdsOf(title kiosk.ID) ([]kiosk.Hold, error) {
	return rows(v, "holds", holdCols+`WHERE title_id = $1 AND status IN ('waiting', 'ready') ORDER BY placed_at, id`, []any{title}, scanHold)
}

// PutHold refuses to set one copy aside for two patrons: ErrConflict.
func (t *tx) PutHold(h kiosk.Hold) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("hold "+string(h.ID), `INSERT INTO hold (id, site_id, title_id, patron_ref, copy_id, placed_at, status, until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET title_id = excluded.title_id, patron_ref = excluded.patron_ref, copy_id = excluded.copy_id, placed_at = excluded.placed_at, status = excluded.status, until = excluded.until`,
		h.ID, site, h.TitleID, h.PatronRef, orNull(h.CopyID), stamp(h.PlacedAt), h.Status, h.Until.String())
}
