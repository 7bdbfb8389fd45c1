package store

import "muontra/kiosk"

func (t *tx) putCountingStation(site string, s kiosk.CountingStation) error {
	return t.exec("counting station "+s.Station, `INSERT INTO stocktake_station (site_id, station, stocktake_id, place_id, by, since) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (site_id, station) DO UPDATE SET stocktake_id = excluded.stocktake_id, place_id = excluded.place_id, by = excluded.by, since = excluded.since`,
		site, s.Station, orNull(s.Stocktake), orNull(s.Place), s.By, stamp(s.Since))
}

// CountingStations lists those that count, by name.
func (v *view) CountingStations() ([]kiosk.CountingStation, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "counting stations", `SELECT station, stocktake_id, coalesce(place_id, ''), by, since FROM stocktake_station WHERE site_id = $1 AND stocktake_id IS NOT NULL ORDER BY station`,
		[]any{site}, func(row scanner) (s kiosk.CountingStation, err error) {
			err = row.Scan(&s.Station, &s.Stocktake, &s.Place, &s.By, instantCol{&s.Since})
			return s, err
		})
}

// StockQuantities are those of a stocktake that were counted, by line.
func (v *view) StockQuantities(stocktake kiosk.ID) ([]kiosk.StockQuantity, error) {
	return rows(v, "counted lines", `SELECT record FROM stocktake_quantity WHERE stocktake_id = $1 AND json_extract(record, '$.seen') IS NOT NULL ORDER BY line_id`,
		[]any{stocktake}, scanRecord[kiosk.StockQuantity])
}
