package store

import "muontra/kiosk"

// Places lists them by code.
func (v *view) Places() ([]kiosk.Place, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "places", `SELECT id, code, name, kind, coalesce(barcode, ''), closed FROM place WHERE site_id = $1 ORDER BY code`, []any{site},
		func(row scanner) (p kiosk.Place, err error) {
			err = row.Scan(&p.ID, &p.Code, &p.Name, &p.Kind, &p.Barcode, &p.Closed)
			return p, err
		})
}

// PutPlace refuses a code or barcode that is another's: ErrConflict.
func (t *tx) PutPlace(p kiosk.Place) error {
	return t.withBarcode("place "+p.Code, "place", p.ID, p.Barcode, func(site string) error {
		return t.exec("place "+p.Code, `INSERT INTO place (id, site_id, code, name, kind, barcode, closed) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, kind = excluded.kind, barcode = excluded.barcode, closed = excluded.closed`,
			p.ID, site, p.Code, p.Name, p.Kind, orNull(p.Barcode), bit(p.Closed))
	})
}
