package store

import (
	"fmt"
	"time"

	"muontra/kiosk"
)

// answersKept is how long an answer to a command is remembered.
const answersKept = 24 * time.Hour

func (v *view) Answer(station, commandID string) (a kiosk.Answered, err error) {
	site, err := v.siteID()
	if err != nil {
		return a, err
	}
	err = v.one("answer to "+commandID, `SELECT station, command_id, body, result, at FROM answer
		WHERE site_id = $1 AND station = $2 AND command_id = $3 AND at > $4`, []any{site, station, commandID, stamp(v.now().Add(-answersKept))},
		&a.Station, &a.CommandID, &a.Body, &a.Result, instantCol{&a.At})
	return a, err
}

// PutAnswer also drops the answers that are too old. A second answer to one
// command is ErrConflict.
func (t *tx) PutAnswer(a kiosk.Answered) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	if a.At.IsZero() {
		a.At = t.now()
	}
	if a.CommandID == "" {
		return fmt.Errorf("answer at station %s: no command id", a.Station)
	}
	if err := t.exec("old answers", `DELETE FROM answer WHERE site_id = $1 AND at <= $2`, site, stamp(t.now().Add(-answersKept))); err != nil {
		return err
	}
	return t.exec("answer to "+a.CommandID, `INSERT INTO answer (site_id, station, command_id, body, result, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		site, a.Station, a.CommandID, a.Body, string(a.Result), stamp(a.At))
}
