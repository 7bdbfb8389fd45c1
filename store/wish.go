package store

import (
	"database/sql"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

const wishCols = `id, text, source, class, at, times, status, note, done_at, coalesce(done_by, '')`

func wishTo(w *kiosk.Wish) []any {
	return []any{&w.ID, &w.Text, &w.From, &w.Class, instantCol{&w.At}, &w.Times, &w.Status, &w.Note, instantCol{&w.DoneAt}, &w.DoneBy}
}

// Wishes lists the newest first.
func (v *view) Wishes() ([]kiosk.Wish, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "wishes", `SELECT `+wishCols+` FROM wish WHERE site_id = $1 ORDER BY at DESC, id DESC`, []any{site},
		func(row scanner) (w kiosk.Wish, err error) {
			err = row.Scan(wishTo(&w)...)
			return w, err
		})
}

func (v *view) Wish(id kiosk.ID) (w kiosk.Wish, err error) {
	err = v.one("wish "+string(id), `SELECT `+wishCols+` FROM wish WHERE id = $1`, []any{id}, wishTo(&w)...)
	return w, err
}

// PutWish refuses an account that is not known.
func (t *tx) PutWish(w kiosk.Wish) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("wish "+string(w.ID), `INSERT INTO wish (id, site_id, text, source, class, at, times, status, note, done_at, done_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO UPDATE SET
		text = excluded.text, source = excluded.source, class = excluded.class, at = excluded.at, times = excluded.times, status = excluded.status,
		note = excluded.note, done_at = excluded.done_at, done_by = excluded.done_by`,
		w.ID, site, w.Text, w.From, w.Class, stamp(w.At), w.Times, w.Status, w.Note, stamp(w.DoneAt), orNull(w.DoneBy))
}

func (v *view) WaitingWish(text string) (kiosk.Wish, error) {
	all, err := v.Wishes()
	if err != nil {
		return kiosk.Wish{}, err
	}
	for _, w := range all {
		if w.Status == kiosk.Wished && fold.Text(w.Text) == fold.Text(text) {
			return w, nil
		}
	}
	return kiosk.Wish{}, fault("wish", sql.ErrNoRows)
}
