package store

import (
	"encoding/json"

	"muontra/kiosk"
)

// corners compares what the events leave of corners with what is stored, record
// by record.
func (c *checker) corners(want kiosk.CornerRows) error {
	for _, t := range []struct {
		table string
		rows  map[string][]string
	}{
		{"corner", texts(want.Corners)}, {"deposit", texts(want.Deposits)}, {"deposit_copy", texts(want.Copies)}, {"own_books", texts(want.Own)},
		{"reading", texts(want.Readings)}, {"rotation", texts(want.Rotations)}, {"box_find", texts(want.Finds)}, {"corner_act", texts(want.Acts)},
	} {
		if err := c.compare(t.table+"_differs", t.rows, []string{"record"}, `SELECT id, record FROM `+t.table+` ORDER BY id`); err != nil {
			return err
		}
	}
	return nil
}

func texts[K ~string, V any](rows map[K]V) map[string][]string {
	all := make(map[string][]string, len(rows))
	for id, x := range rows {
		b, err := json.Marshal(x)
		if err != nil {
			b = []byte(err.Error()) // differs from what is stored, and is named
		}
		all[string(id)] = []string{string(b)}
	}
	return all
}
