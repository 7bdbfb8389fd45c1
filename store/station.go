package store

import (
	"fmt"

	"muontra/kiosk"
)

// Stations lists them by name.
func (v *view) Stations() ([]kiosk.Station, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "stations", `SELECT id, name FROM station WHERE site_id = $1 ORDER BY name`, []any{site},
		func(row scanner) (s kiosk.Station, err error) {
			err = row.Scan(&s.ID, &s.Name)
			return s, err
		})
}

// PutStation refuses a name that another station has: ErrConflict.
func (t *tx) PutStation(s kiosk.Station) error {
	if err := kiosk.CheckStationName(s.Name); err != nil {
		return err
	}
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("station "+s.Name, `INSERT INTO station (id, site_id, name) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name`, s.ID, site, s.Name)
}

// DropStation implements kiosk.Tx. One that is not known is no error.
func (t *tx) DropStation(name string) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	for _, held := range []string{
		`SELECT count(*) FROM station_device WHERE site_id = $1 AND station = $2`,
		`SELECT count(*) FROM paired_station WHERE site_id = $1 AND station = $2`,
		`SELECT count(*) FROM stocktake_station WHERE site_id = $1 AND station = $2 AND stocktake_id IS NOT NULL`,
	} {
		n, err := first(rows(&t.view, "station "+name, held, []any{site, name}, func(row scanner) (n int, err error) {
			err = row.Scan(&n)
			return n, err
		}))
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("station %s: %w", name, kiosk.ErrConflict)
		}
	}
	return t.exec("station "+name, `DELETE FROM station WHERE site_id = $1 AND name = $2`, site, name)
}

// StationDevices lists them by key.
func (v *view) StationDevices() ([]kiosk.StationDevice, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "station devices", `SELECT key, station, setting FROM station_device WHERE site_id = $1 ORDER BY key`, []any{site},
		func(row scanner) (d kiosk.StationDevice, err error) {
			err = row.Scan(&d.Key, &d.Station, &d.Setting)
			return d, err
		})
}

// PutStationDevice gives the device to a station, which must be known.
func (t *tx) PutStationDevice(d kiosk.StationDevice) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("device "+d.Key, `INSERT INTO station_device (site_id, key, station, setting) VALUES ($1, $2, $3, $4)
		ON CONFLICT (site_id, key) DO UPDATE SET station = excluded.station, setting = excluded.setting`, site, d.Key, d.Station, d.Setting)
}

// DropStationDevice forgets a scanner.
func (t *tx) DropStationDevice(key string) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("device "+key, `DELETE FROM station_device WHERE site_id = $1 AND key = $2`, site, key)
}
