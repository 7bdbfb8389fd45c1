package kiosktest

import (
	"fmt"

	"muontra/kiosk"
)

func (v *view) PairedStations() ([]kiosk.PairedStation, error) {
	return sorted(v.d.paired.all(), func(p kiosk.PairedStation) string { return p.PairedAt.Format("2006-01-02T15:04:05.000") + string(p.ID) }), nil
}

func (t *tx) PutPairedStation(p kiosk.PairedStation) (err error) {
	defer t.whole(&err)()
	for _, o := range t.d.paired.rows {
		if o.Hash == p.Hash && o.ID != p.ID {
			return conflict("paired station %s", string(p.ID))
		}
	}
	known := false
	for _, s := range t.d.stations.rows {
		known = known || s.Name == p.Station
	}
	if !known {
		return missing("station", p.Station)
	}
	if _, err := t.d.accounts.get("account", p.PairedBy); err != nil {
		return err
	}
	if p.PairedAt.IsZero() || p.SeenAt.IsZero() || len(p.Hash) != 64 {
		return fmt.Errorf("paired station %s: no time or no hash", p.ID)
	}
	p.PairedAt, p.SeenAt = ms(p.PairedAt), ms(p.SeenAt)
	t.d.paired.put(t, p.ID, p)
	return given("paired station's id", string(p.ID))
}
