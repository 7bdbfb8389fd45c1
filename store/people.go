package store

import (
	"encoding/json"
	"fmt"
	"slices"

	"muontra/kiosk"
)

const classCols = `k.id, k.year_id, k.name, k.grade`

func classTo(c *kiosk.Class) []any { return []any{&c.ID, &c.YearID, &c.Name, &c.Grade} }

func (v *view) Class(id kiosk.ID) (c kiosk.Class, err error) {
	err = v.one("class "+string(id), `SELECT `+classCols+` FROM class k WHERE k.id = $1`, []any{id}, classTo(&c)...)
	return c, err
}

const cardCols = `SELECT id, patron_id, barcode, status, issued_at FROM card `

func scanCard(row scanner) (c kiosk.Card, err error) {
	err = row.Scan(&c.ID, &c.PatronID, &c.Barcode, &c.Status, instantCol{&c.IssuedAt})
	return c, err
}

func (v *view) CardsOf(patron kiosk.ID) ([]kiosk.Card, error) {
	return rows(v, "cards", cardCols+`WHERE patron_id = $1 ORDER BY issued_at DESC, id DESC`, []any{patron}, scanCard)
}

func (v *view) Card(id kiosk.ID) (kiosk.Card, error) {
	c, err := first(rows(v, "card", cardCols+`WHERE id = $1`, []any{id}, scanCard))
	return c, found("card "+string(id), err)
}

const enrolmentCols = `e.id, e.patron_id, e.class_id, e.year_id, e.since, e.withdrawn`

func enrolmentTo(e *kiosk.Enrolment) []any {
	return []any{&e.ID, &e.PatronID, &e.ClassID, &e.YearID, dayCol{&e.Since}, &e.Withdrawn}
}

func (v *view) EnrolmentsOf(patron kiosk.ID) ([]kiosk.Placed, error) {
	return rows(v, "enrolments", `SELECT `+enrolmentCols+`, `+classCols+`, y.id, y.name, y.start_day, y.semester2, y.recall, y.end_day
		FROM enrolment e JOIN class k ON k.id = e.class_id JOIN school_year y ON y.id = e.year_id
		WHERE e.patron_id = $1 AND e.withdrawn = 0 ORDER BY y.start_day, e.since, e.id`, []any{patron},
		func(row scanner) (p kiosk.Placed, err error) {
			y := &p.Year
			err = row.Scan(slices.Concat(enrolmentTo(&p.Enrolment), classTo(&p.Class),
				[]any{&y.ID, &y.Name, dayCol{&y.Start}, dayCol{&y.Semester2}, dayCol{&y.Recall}, dayCol{&y.End}})...)
			return p, err
		})
}

func (v *view) EnrolmentsIn(year kiosk.ID) ([]kiosk.Enrolment, error) {
	return rows(v, "enrolments of a year", `SELECT `+enrolmentCols+` FROM enrolment e WHERE e.year_id = $1 AND e.withdrawn = 0 AND e.patron_id IS NOT NULL ORDER BY e.since, e.id`, []any{year},
		func(row scanner) (e kiosk.Enrolment, err error) {
			err = row.Scan(enrolmentTo(&e)...)
			return e, err
		})
}

func (v *view) HasEnrolments(year kiosk.ID) (has bool, err error) {
	err = v.one("enrolments of a year", `SELECT EXISTS (SELECT 1 FROM class k JOIN enrolment e ON e.class_id = k.id AND e.year_id = k.year_id
		WHERE k.year_id = $1 AND e.withdrawn = 0 AND e.patron_id IS NOT NULL)`, []any{year}, &has)
	return has, err
}

func (v *view) Enrolment(id kiosk.ID) (e kiosk.Enrolment, err error) {
	err = v.one("enrolment "+string(id), `SELECT e.id, coalesce(e.patron_id, ''), e.class_id, e.year_id, e.since, e.withdrawn FROM enrolment e WHERE e.id = $1`, []any{id}, enrolmentTo(&e)...)
	return e, err
}

const noteCols = `SELECT id, patron_id, text, at, coalesce(by, ''), removed FROM patron_note `

func scanNote(row scanner) (n kiosk.PatronNote, err error) {
	err = row.Scan(&n.ID, &n.PatronID, &n.Text, instantCol{&n.At}, &n.By, &n.Removed)
	return n, err
}

func (v *view) NotesOf(patron kiosk.ID) ([]kiosk.PatronNote, error) {
	return rows(v, "notes", noteCols+`WHERE patron_id = $1 AND removed = 0 ORDER BY at DESC, id DESC`, []any{patron}, scanNote)
}

func (v *view) PatronNote(id kiosk.ID) (kiosk.PatronNote, error) {
	n, err := first(rows(v, "note", noteCols+`WHERE id = $1`, []any{id}, scanNote))
	return n, found("note "+string(id), err)
}

func (t *tx) PutPatronNote(n kiosk.PatronNote) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("note "+string(n.ID), `INSERT INTO patron_note (id, site_id, patron_id, text, at, by, removed) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET patron_id = excluded.patron_id, text = excluded.text, at = excluded.at, by = excluded.by, removed = excluded.removed`,
		n.ID, site, n.PatronID, n.Text, stamp(n.At), orNull(n.By), bit(n.Removed))
}

func (v *view) LoansOf(patron kiosk.ID, most int) ([]kiosk.LoanItem, error) {
	return rows(v, "loans of a patron", `SELECT `+loanCols+`, `+itemCols+` FROM patron_ref r JOIN loan l ON l.patron_ref = r.ref JOIN copy c ON c.id = l.copy_id
		JOIN title t ON t.id = c.title_id LEFT JOIN copy_state s ON s.copy_id = c.id LEFT JOIN place p ON p.id = coalesce(s.place_id, c.home_place)
		WHERE r.patron_id = $1 AND l.ended <> 'undone' ORDER BY l.checked_out_at DESC, l.id DESC LIMIT $2`, []any{patron, most},
		func(row scanner) (l kiosk.LoanItem, err error) {
			err = row.Scan(append(loanTo(&l.Loan), itemTo(&l.Item)...)...)
			return l, err
		})
}

func (v *view) ChangesOf(patron kiosk.ID, most int) ([]kiosk.Event, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	// Left to itself SQLite reads the newest events of all until enough are this
	// patron's, which may be the whole log.
	return rows(v, "changes of a patron", eventFields+` FROM event INDEXED BY event_of_patron WHERE site_id = $1 AND type = 'patron_changed' AND patron_ref IN (SELECT ref FROM patron_ref WHERE patron_id = $2) ORDER BY seq DESC LIMIT $3`,
		[]any{site, patron, most}, scanEvent)
}

func (v *view) OldRefs() ([]kiosk.OldRef, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "old references", `SELECT ref, patron_id, until FROM patron_ref WHERE site_id = $1 AND until <> '' AND patron_id IS NOT NULL ORDER BY until, ref`, []any{site},
		func(row scanner) (o kiosk.OldRef, err error) {
			err = row.Scan(&o.Ref, &o.PatronID, dayCol{&o.Until})
			return o, err
		})
}

// busyRef is true of a reference on which something open hangs.
const busyRef = `(EXISTS (SELECT 1 FROM loan l WHERE l.patron_ref = r.ref AND l.ended = '') OR EXISTS (SELECT 1 FROM hold h WHERE h.patron_ref = r.ref AND h.status IN ('waiting', 'ready'))
	OR EXISTS (SELECT 1 FROM handout o WHERE o.patron_ref = r.ref AND o.removed = 0 AND o.quantity > o.back + o.lost))`

func (v *view) NewestRefs() ([]kiosk.NewestRef, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "references", `SELECT r.ref, r.patron_id, r.since, `+busyRef+` FROM patron_ref r WHERE r.site_id = $1 AND r.until = '' AND r.patron_id IS NOT NULL ORDER BY r.ref`, []any{site},
		func(row scanner) (n kiosk.NewestRef, err error) {
			err = row.Scan(&n.Ref, &n.PatronID, dayCol{&n.Since}, &n.Busy)
			return n, err
		})
}

// notBusy refuses a patron on whose references something open hangs.
func (t *tx) notBusy(what string, patron kiosk.ID) error {
	var n int
	if err := t.one(what, `SELECT count(*) FROM patron_ref r WHERE r.patron_id = $1 AND `+busyRef, []any{patron}, &n); err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("%s: a loan or reservation is open: %w", what, kiosk.ErrConflict)
	}
	return nil
}

func (t *tx) RenewRef(patron, ref kiosk.ID, on kiosk.Day) error {
	what := "reference of patron " + string(patron)
	return t.whole(what, func() error {
		site, err := t.siteID()
		if err != nil {
			return err
		}
		if _, err := t.Patron(patron); err != nil {
			return err
		}
		if err := t.notBusy(what, patron); err != nil {
			return err
		}
		if err := t.exec(what, `UPDATE patron_ref SET until = $1 WHERE patron_id = $2 AND until = ''`, on.String(), patron); err != nil {
			return err
		}
		return t.exec(what, `INSERT INTO patron_ref (ref, site_id, patron_id, since, until) VALUES ($1, $2, $3, $4, '')`, ref, site, patron, on.String())
	})
}

func (t *tx) CutRef(ref kiosk.ID) error {
	n, err := t.changed("reference "+string(ref), `UPDATE patron_ref SET patron_id = NULL WHERE ref = $1 AND until <> ''`, ref)
	if err == nil && n == 0 {
		err = fmt.Errorf("old reference %s: %w", ref, kiosk.ErrNotFound)
	}
	return err
}

// ErasePatron keeps the rows that are counted: loans and events by their
// references, enrolments by their classes.
func (t *tx) ErasePatron(id kiosk.ID) error {
	what := "erase patron " + string(id)
	return t.whole(what, func() error {
		p, err := t.Patron(id)
		if err != nil {
			return err
		}
		if err := t.notBusy(what, id); err != nil {
			return err
		}
		// The kept answers of the last day tell given names.
		name, err := json.Marshal(p.GivenName())
		if err != nil {
			return err
		}
		if err := t.exec(what, `DELETE FROM answer WHERE instr(result, $1) > 0`, `"name":`+string(name)); err != nil {
			return err
		}
		for _, q := range []string{
			`UPDATE patron_ref SET patron_id = NULL WHERE patron_id = $1`,
			`UPDATE enrolment SET patron_id = NULL WHERE patron_id = $1`,
			`INSERT INTO retired_card (id, site_id, barcode) SELECT id, site_id, barcode FROM card WHERE patron_id = $1`,
			`DELETE FROM card WHERE patron_id = $1`,
			`DELETE FROM patron_note WHERE patron_id = $1`,
			`DELETE FROM patron WHERE id = $1`,
		} {
			if err := t.exec(what, q, id); err != nil {
				return err
			}
		}
		return nil
	})
}

const promotionCols = `SELECT id, year_id, from_year, at, by, seq, undone, record FROM promotion `

func scanPromotion(row scanner) (p kiosk.Promotion, err error) {
	var record string
	if err = row.Scan(&p.ID, &p.YearID, &p.FromYear, instantCol{&p.At}, &p.By, &p.Seq, instantCol{&p.Undone}, &record); err != nil {
		return p, err
	}
	if err = json.Unmarshal([]byte(record), &p.Record); err != nil {
		return p, fmt.Errorf("record of promotion %s: %w", p.ID, err)
	}
	return p, nil
}

func (v *view) Promotion(id kiosk.ID) (kiosk.Promotion, error) {
	p, err := first(rows(v, "promotion", promotionCols+`WHERE id = $1`, []any{id}, scanPromotion))
	return p, found("promotion "+string(id), err)
}

func (v *view) Promotions() ([]kiosk.Promotion, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "promotions", promotionCols+`WHERE site_id = $1 ORDER BY seq DESC`, []any{site}, scanPromotion)
}

// PutPromotion refuses to begin a year that has begun: ErrConflict.
func (t *tx) PutPromotion(p kiosk.Promotion) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	record, err := json.Marshal(p.Record)
	if err != nil {
		return fmt.Errorf("promotion %s: %w", p.ID, err)
	}
	return t.exec("promotion "+string(p.ID), `INSERT INTO promotion (id, site_id, year_id, from_year, at, by, seq, undone, record) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET undone = excluded.undone, record = excluded.record`,
		p.ID, site, p.YearID, p.FromYear, stamp(p.At), p.By, p.Seq, stamp(p.Undone), string(record))
}
