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
	now, what := t.now(), "answer to "+a.CommandID
	over := stamp(now.Add(-answersKept))
	// Once an hour is often enough: an answer that is over is not found anyway, and
	// looking for them reads them all.
	if since := now.Sub(t.s.swept); since < 0 || since >= time.Hour {
		if _, err := t.note("old answers", `DELETE FROM answer WHERE site_id = $1 AND at <= $2`, site, over); err != nil {
			return err
		}
		t.s.swept = now
	}
	n, err := t.note(what, `INSERT INTO answer (site_id, station, command_id, body, result, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (site_id, station, command_id) DO UPDATE SET body = excluded.body, result = excluded.result, at = excluded.at WHERE answer.at <= $7`,
		site, a.Station, a.CommandID, a.Body, string(a.Result), stamp(a.At), over)
	if err == nil && n == 0 {
		err = fmt.Errorf("%s: %w", what, kiosk.ErrConflict)
	}
	return err
}
