package store

import (
	"encoding/json"
	"fmt"

	"muontra/kiosk"
)

func (v *view) OpenHolds() ([]kiosk.Hold, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "open holds", holdCols+`WHERE site_id = $1 AND status IN ('waiting', 'ready') ORDER BY placed_at, id`, []any{site}, scanHold)
}

func (v *view) OpenHoldsOf(ref kiosk.ID) ([]kiosk.Hold, error) {
	return rows(v, "open holds of a patron", holdCols+`WHERE patron_ref = $1 AND status IN ('waiting', 'ready') ORDER BY placed_at, id`, []any{ref}, scanHold)
}

const recallCols = `SELECT id, name, due, at, by, closed, undone, record FROM recall `

func scanRecall(row scanner) (r kiosk.Recall, err error) {
	var record string
	if err = row.Scan(&r.ID, &r.Name, dayCol{&r.Due}, instantCol{&r.At}, &r.By, instantCol{&r.Closed}, instantCol{&r.Undone}, &record); err != nil {
		return r, err
	}
	if err = json.Unmarshal([]byte(record), &r.Record); err != nil {
		return r, fmt.Errorf("record of recall %s: %w", r.ID, err)
	}
	return r, nil
}

func (v *view) Recall(id kiosk.ID) (kiosk.Recall, error) {
	r, err := first(rows(v, "recall", recallCols+`WHERE id = $1`, []any{id}, scanRecall))
	return r, found("recall "+string(id), err)
}

func (v *view) Recalls() ([]kiosk.Recall, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "recalls", recallCols+`WHERE site_id = $1 ORDER BY at DESC, id DESC`, []any{site}, scanRecall)
}

func (t *tx) PutRecall(r kiosk.Recall) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	record, err := json.Marshal(r.Record)
	if err != nil {
		return fmt.Errorf("recall %s: %w", r.ID, err)
	}
	return t.exec("recall "+string(r.ID), `INSERT INTO recall (id, site_id, name, due, at, by, closed, undone, record) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, due = excluded.due, closed = excluded.closed, undone = excluded.undone, record = excluded.record`,
		r.ID, site, r.Name, r.Due.String(), stamp(r.At), r.By, stamp(r.Closed), stamp(r.Undone), string(record))
}

const compensationCols = `SELECT id, loan_id, copy_id, patron_ref, cause, kind, amount, comment, day, by, at, removed FROM compensation `

func scanCompensation(row scanner) (c kiosk.Compensation, err error) {
	err = row.Scan(&c.ID, &c.LoanID, &c.CopyID, &c.PatronRef, &c.Cause, &c.Kind, &c.Amount, &c.Comment, dayCol{&c.Day}, &c.By, instantCol{&c.At}, &c.Removed)
	return c, err
}

func (v *view) Compensation(id kiosk.ID) (kiosk.Compensation, error) {
	c, err := first(rows(v, "compensation", compensationCols+`WHERE id = $1`, []any{id}, scanCompensation))
	return c, found("compensation "+string(id), err)
}

func (v *view) Compensations() ([]kiosk.Compensation, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "compensations", compensationCols+`WHERE site_id = $1 AND removed = 0 ORDER BY day DESC, id DESC`, []any{site}, scanCompensation)
}

// PutCompensation refuses a second one of a loan: ErrConflict.
func (t *tx) PutCompensation(c kiosk.Compensation) error {
	site, err := t.siteID()
	if err != nil {
		return err
	}
	return t.exec("compensation "+string(c.ID), `INSERT INTO compensation (id, site_id, loan_id, copy_id, patron_ref, cause, kind, amount, comment, day, by, at, removed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, amount = excluded.amount, comment = excluded.comment, day = excluded.day, by = excluded.by, at = excluded.at, removed = excluded.removed`,
		c.ID, site, c.LoanID, c.CopyID, c.PatronRef, c.Cause, c.Kind, c.Amount, c.Comment, c.Day.String(), c.By, stamp(c.At), bit(c.Removed))
}
