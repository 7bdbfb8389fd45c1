package store

import "muontra/kiosk"

// PairedStations lists them in the order in which they were paired.
func (v *view) PairedStations() ([]kiosk.PairedStation, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "paired stations", `SELECT id, station, program, hash, paired_at, paired_by, seen_at, removed FROM paired_station
		WHERE site_id = $1 ORDER BY paired_at, id`, []any{site},
		func(row scanner) (p kiosk.PairedStation, err error) {
			err = row.Scan(&p.ID, &p.Station, &p.Program, &p.Hash, instantCol{&p.PairedAt}, &p.PairedBy, instantCol{&p.SeenAt}, &p.Removed)
			return p, err
		})
}

// PutPairedStation refuses a station or account that is not known.
func (t *tx) PutPairedStation(p kiosk.PairedStation) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("paired station "+string(p.ID), `INSERT INTO paired_station (id, site_id, station, program, hash, paired_at, paired_by, seen_at, removed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET
		station = excluded.station, program = excluded.program, hash = excluded.hash, paired_at = excluded.paired_at, paired_by = excluded.paired_by,
		seen_at = excluded.seen_at, removed = excluded.removed`,
		p.ID, site, p.Station, bit(p.Program), p.Hash, stamp(p.PairedAt), p.PairedBy, stamp(p.SeenAt), bit(p.Removed))
}
