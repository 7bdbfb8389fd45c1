package store

import (
	"errors"
	"fmt"

	"muontra/kiosk"
)

// DropTitle leaves it to the references of the tables to refuse.
func (t *tx) DropTitle(id kiosk.ID) error {
	what := "drop title " + string(id)
	return t.whole(what, func() error {
		var nr int64
		if err := t.one(what, `SELECT nr FROM title WHERE id = $1`, []any{id}, &nr); err != nil {
			return err
		}
		t.s.words.puts.Add(1)
		for _, table := range searchTables {
			if err := t.exec(what, `DELETE FROM `+table+` WHERE rowid = $1`, nr); err != nil {
				return err
			}
		}
		for _, q := range []string{`DELETE FROM title_author WHERE title_id = $1`, `DELETE FROM title_subject WHERE title_id = $1`, `DELETE FROM title WHERE id = $1`} {
			if err := t.exec(what, q, id); err != nil {
				return unused(what, err)
			}
		}
		return nil
	})
}

func (t *tx) DropSet(id kiosk.ID) error {
	what := "drop set " + string(id)
	return t.whole(what, func() error {
		if _, err := t.Set(id); err != nil {
			return err
		}
		if err := t.exec(what, `DELETE FROM book_set WHERE id = $1`, id); err != nil {
			return unused(what, err)
		}
		return t.exec(what, `DELETE FROM barcode WHERE owner = $1`, id)
	})
}

func (t *tx) DropTextbookLine(id kiosk.ID) error {
	what := "drop textbook line " + string(id)
	return t.whole(what, func() error {
		if _, err := t.TextbookLine(id); err != nil {
			return err
		}
		return unused(what, t.exec(what, `DELETE FROM textbook_line WHERE id = $1`, id))
	})
}

// unused says of a row that was there that something refers to it: a foreign key
// is all that keeps it.
func unused(what string, err error) error {
	if errors.Is(err, kiosk.ErrNotFound) {
		return fmt.Errorf("%s: it is used: %w", what, kiosk.ErrConflict)
	}
	return err
}
