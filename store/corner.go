package store

import (
	"encoding/json"
	"fmt"
	"time"

	"muontra/kiosk"
)

// records reads rows whose record is the whole of them.
func records[T any](v *view, what, q string, args ...any) ([]T, error) {
	return rows(v, what, q, args, func(row scanner) (x T, err error) {
		var text string
		if err = row.Scan(&text); err == nil {
			err = json.Unmarshal([]byte(text), &x)
		}
		return x, err
	})
}

// record reads one of them by its key.
func record[T any](v *view, table, key string) (T, error) {
	x, err := first(records[T](v, table, `SELECT record FROM `+table+` WHERE id = $1`, key))
	return x, found(table+" "+key, err)
}

func (v *view) Corner(place kiosk.ID) (kiosk.Corner, error) {
	return record[kiosk.Corner](v, "corner", string(place))
}

func (v *view) Corners() ([]kiosk.Corner, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return records[kiosk.Corner](v, "corners", `SELECT c.record FROM corner c JOIN place p ON p.id = c.id WHERE c.site_id = $1 ORDER BY p.code, c.id`, site)
}

func (v *view) Deposit(id kiosk.ID) (kiosk.Deposit, error) {
	return record[kiosk.Deposit](v, "deposit", string(id))
}

func (v *view) Deposits(place kiosk.ID) ([]kiosk.Deposit, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	if place == "" {
		return records[kiosk.Deposit](v, "deposits", `SELECT record FROM deposit WHERE site_id = $1 ORDER BY rowid DESC`, site)
	}
	return records[kiosk.Deposit](v, "deposits of a corner", `SELECT record FROM deposit WHERE place_id = $1 ORDER BY rowid DESC`, place)
}

func (v *view) DepositCopies(deposit kiosk.ID) ([]kiosk.DepositCopy, error) {
	return records[kiosk.DepositCopy](v, "copies of a box", `SELECT record FROM deposit_copy WHERE deposit_id = $1 ORDER BY rowid`, deposit)
}

func (v *view) BoxOf(copyID kiosk.ID) (kiosk.DepositCopy, error) {
	c, err := first(records[kiosk.DepositCopy](v, "box of a copy", `SELECT record FROM deposit_copy WHERE copy_id = $1 AND ended = ''`, copyID))
	return c, found("box of copy "+string(copyID), err)
}

func (v *view) DepositsOfCopy(copyID kiosk.ID) ([]kiosk.DepositCopy, error) {
	return records[kiosk.DepositCopy](v, "boxes of a copy", `SELECT record FROM deposit_copy WHERE copy_id = $1 ORDER BY rowid`, copyID)
}

func (v *view) ItemsAt(place kiosk.ID) ([]kiosk.Item, error) {
	return rows(v, "copies at a place", `SELECT `+itemCols+` FROM copy_state s JOIN copy c ON c.id = s.copy_id JOIN title t ON t.id = c.title_id
		LEFT JOIN place p ON p.id = s.place_id`+byAccession+`WHERE s.place_id = $1`+accOrder, []any{place}, scanItem)
}

func (v *view) OwnBooks(place kiosk.ID) ([]kiosk.OwnBooks, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return records[kiosk.OwnBooks](v, "own books", `SELECT record FROM own_books WHERE site_id = $1 AND ($2 = '' OR place_id = $2) ORDER BY rowid`, site, place)
}

func (v *view) Readings(place kiosk.ID, from, to kiosk.Day) ([]kiosk.Reading, error) {
	const kept = ` AND coalesce(json_extract(record, '$.removed'), 0) = 0 ORDER BY day, rowid`
	if place != "" {
		return records[kiosk.Reading](v, "readings of a corner", `SELECT record FROM reading WHERE place_id = $1 AND day BETWEEN $2 AND $3`+kept, place, from.String(), to.String())
	}
	return records[kiosk.Reading](v, "readings", `SELECT record FROM reading WHERE day BETWEEN $1 AND $2`+kept, from.String(), to.String())
}

func (v *view) Reading(id kiosk.ID) (kiosk.Reading, error) {
	return record[kiosk.Reading](v, "reading", string(id))
}

func (v *view) Finds(deposit kiosk.ID) ([]kiosk.Find, error) {
	return records[kiosk.Find](v, "finds", `SELECT record FROM box_find WHERE deposit_id = $1 ORDER BY rowid`, deposit)
}

func (v *view) Find(id kiosk.ID) (kiosk.Find, error) {
	return record[kiosk.Find](v, "box_find", string(id))
}

func (v *view) OpenFinds() ([]kiosk.Find, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return records[kiosk.Find](v, "open finds", `SELECT record FROM box_find WHERE site_id = $1 AND settled = '' ORDER BY rowid`, site)
}

func (v *view) Rotation(id kiosk.ID) (kiosk.Rotation, error) {
	return record[kiosk.Rotation](v, "rotation", string(id))
}

func (v *view) Rotations() ([]kiosk.Rotation, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return records[kiosk.Rotation](v, "rotations", `SELECT record FROM rotation WHERE site_id = $1 ORDER BY rowid DESC`, site)
}

func (v *view) CornerAct(command string) (kiosk.CornerAct, error) {
	return record[kiosk.CornerAct](v, "corner_act", command)
}

func (v *view) CornerActs(since time.Time) ([]kiosk.CornerAct, error) {
	// JSON leaves out a fraction that is zero, so that whole seconds are compared.
	return records[kiosk.CornerAct](v, "acts of corners", `SELECT record FROM corner_act WHERE json_extract(record, '$.at') >= $1 ORDER BY json_extract(record, '$.at') DESC, rowid DESC`,
		since.UTC().Format("2006-01-02T15:04:05"))
}

func (v *view) CornerLoans(place kiosk.ID, since time.Time) ([]kiosk.LoanItem, error) {
	return v.cornerLoans(place, `l.checked_out_at >= $2 AND l.ended <> 'undone'`, stamp(since))
}

func (v *view) OpenCornerLoans(place kiosk.ID) ([]kiosk.LoanItem, error) {
	return v.cornerLoans(place, `l.checked_out_at >= $2 AND l.ended = ''`, "")
}

func (v *view) cornerLoans(place kiosk.ID, which, since string) ([]kiosk.LoanItem, error) {
	return rows(v, "loans of a corner", `SELECT `+loanCols+`, `+itemCols+` FROM loan l INDEXED BY loan_corner JOIN copy c ON c.id = l.copy_id
		JOIN title t ON t.id = c.title_id LEFT JOIN copy_state s ON s.copy_id = c.id LEFT JOIN place p ON p.id = coalesce(s.place_id, c.home_place)
		WHERE l.corner <> '' AND ($1 = '' OR l.corner = $1) AND `+which+` ORDER BY l.checked_out_at, l.id`, []any{place, since},
		func(row scanner) (l kiosk.LoanItem, err error) {
			err = row.Scan(append(loanTo(&l.Loan), itemTo(&l.Item)...)...)
			return l, err
		})
}

func (v *view) EventsOfCorner(place kiosk.ID, limit int) ([]kiosk.Event, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "events of a corner", eventCols+` AND copy_id = '' AND type IN ('corner_changed', 'handover_changed', 'box_returned', 'rotation_changed')
		AND json_extract(payload, '$.corner.place') = $2 ORDER BY seq DESC LIMIT $3`, []any{site, place, limit}, scanEvent)
}

// putCorner writes what an event leaves of corners.
func (t *tx) putCorner(site string, c *kiosk.CornerChange) error {
	if c == nil {
		return nil
	}
	put := func(table, id string, x any) error {
		text, err := json.Marshal(x)
		if err != nil {
			return fmt.Errorf("%s %s: %w", table, id, err)
		}
		return t.exec(table+" "+id, `INSERT INTO `+table+` (id, site_id, record) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET record = excluded.record`, id, site, string(text))
	}
	for _, x := range c.Corners {
		if err := put("corner", string(x.Place), x); err != nil {
			return err
		}
	}
	for _, x := range c.Deposits {
		if err := put("deposit", string(x.ID), x); err != nil {
			return err
		}
	}
	// Ends before beginnings: one event may move a copy from one box to another.
	for _, in := range []bool{false, true} {
		for _, x := range c.Copies {
			if (x.End == kiosk.InBox) != in {
				continue
			}
			if err := put("deposit_copy", string(x.ID), x); err != nil {
				return err
			}
		}
	}
	for _, x := range c.Own {
		if err := put("own_books", string(x.ID), x); err != nil {
			return err
		}
	}
	for _, x := range c.Readings {
		if err := put("reading", string(x.ID), x); err != nil {
			return err
		}
	}
	for _, x := range c.Rotations {
		if err := put("rotation", string(x.ID), x); err != nil {
			return err
		}
	}
	for _, x := range c.Finds {
		if err := put("box_find", string(x.ID), x); err != nil {
			return err
		}
	}
	if c.Act != nil { // never a second time
		text, err := json.Marshal(c.Act)
		if err != nil {
			return err
		}
		return t.exec("corner act "+c.Act.Command, `INSERT INTO corner_act (id, site_id, record) VALUES ($1, $2, $3)`, c.Act.Command, site, string(text))
	}
	return nil
}
