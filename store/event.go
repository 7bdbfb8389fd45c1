package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"muontra/kiosk"
)

// NewID is a UUIDv7: random, and growing with time, so that new rows lie side
// by side in the file.
func (t *tx) NewID() kiosk.ID { return kiosk.ID(uuid.Must(uuid.NewV7()).String()) }

const (
	eventFields = `SELECT id, epoch, seq, type, copy_id, patron_ref, staff_ref, station, occurred_at, recorded_at, clock_ok, schema_version, payload`
	eventCols   = eventFields + ` FROM event WHERE site_id = $1`
)

func scanEvent(row scanner) (e kiosk.Event, err error) {
	var payload string
	if err = row.Scan(&e.ID, &e.Epoch, &e.Seq, &e.Type, &e.CopyID, &e.PatronRef, &e.StaffRef, &e.Station,
		instantCol{&e.OccurredAt}, instantCol{&e.RecordedAt}, &e.ClockOK, &e.Schema, &payload); err != nil {
		return e, err
	}
	if err = json.Unmarshal([]byte(payload), &e.Payload); err != nil {
		err = fmt.Errorf("payload of event %d: %w", e.Seq, err)
	}
	return e, err
}

// LastSeq is the number of the newest event. Numbers go on from one epoch to
// the next, so they mean one thing within this file; what another epoch's
// events were, in a copy that was replaced, the pair of both tells.
func (v *view) LastSeq() (int64, error) {
	r, err := v.recent()
	if err != nil {
		return 0, err
	}
	if r == nil {
		return v.lastSeq()
	}
	n, err := v.newest(r)
	return n.seq, err
}

func (v *view) lastSeq() (n int64, err error) {
	site, err := v.siteID()
	if err != nil {
		return 0, err
	}
	err = v.one("last event", `SELECT coalesce(max(seq), 0) FROM event WHERE site_id = $1`, []any{site}, &n)
	return n, err
}

func (v *view) Events(after int64, limit int) ([]kiosk.Event, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "events", eventCols+` AND seq > $2 ORDER BY seq LIMIT $3`, []any{site, after, limit}, scanEvent)
}

func (v *view) Event(seq int64) (kiosk.Event, error) {
	site, err := v.siteID()
	if err != nil {
		return kiosk.Event{}, err
	}
	e, err := first(rows(v, "event", eventCols+` AND seq = $2`, []any{site, seq}, scanEvent))
	return e, found(fmt.Sprintf("event %d", seq), err)
}

func (v *view) LastRecorded() (time.Time, error) {
	r, err := v.recent()
	if err != nil {
		return time.Time{}, err
	}
	if r == nil {
		return v.lastRecorded()
	}
	n, err := v.newest(r)
	return n.recorded, err
}

func (v *view) lastRecorded() (time.Time, error) {
	site, err := v.siteID()
	if err != nil {
		return time.Time{}, err
	}
	var at time.Time
	err = v.one("last event", `SELECT recorded_at FROM event WHERE site_id = $1 AND clock_ok = 1 ORDER BY seq DESC LIMIT 1`, []any{site}, instantCol{&at})
	if errors.Is(err, kiosk.ErrNotFound) {
		return at, nil
	}
	return at, err
}

// Append writes the event, its outbox row and what it changes. Instants lose
// what is finer than a millisecond, in e too, so that what is replayed equals
// what was written.
func (t *tx) Append(e *kiosk.Event) error {
	return t.whole(string(e.Type), func() error {
		site, err := t.Site()
		if err != nil {
			return err
		}
		last, err := t.LastSeq()
		if err != nil {
			return err
		}
		e.ID, e.Epoch, e.Seq, e.Schema = t.NewID(), site.Epoch, last+1, kiosk.SchemaVersion
		if e.RecordedAt.IsZero() {
			e.RecordedAt = t.now()
		}
		if e.OccurredAt.IsZero() {
			e.OccurredAt = e.RecordedAt
		}
		e.OccurredAt, e.RecordedAt = ms(e.OccurredAt), ms(e.RecordedAt)
		for _, c := range []*kiosk.Changes{&e.Payload.Changes, &e.Payload.Before} {
			c.Loans = slices.Clone(c.Loans)
			for i, l := range c.Loans {
				c.Loans[i].CheckedOutAt, c.Loans[i].ReturnedAt = ms(l.CheckedOutAt), ms(l.ReturnedAt)
			}
		}
		e.Payload.Corner = e.Payload.Corner.Tidied()
		payload, err := json.Marshal(e.Payload)
		if err != nil {
			return fmt.Errorf("payload of %s: %w", e.Type, err)
		}
		what := fmt.Sprintf("event %d (%s)", e.Seq, e.Type)
		if _, err := t.note(what, `INSERT INTO event (id, site_id, epoch, seq, type, copy_id, patron_ref, staff_ref, station, occurred_at, recorded_at, clock_ok, schema_version, payload)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			e.ID, site.ID, e.Epoch, e.Seq, e.Type, e.CopyID, e.PatronRef, e.StaffRef, e.Station, stamp(e.OccurredAt), stamp(e.RecordedAt), bit(e.ClockOK), e.Schema, string(payload)); err != nil {
			return err
		}
		t.s.seen.appended(e)
		if _, err := t.note(what+": outbox", `INSERT INTO outbox (event_id, site_id, epoch, seq, created_at, sent_at, applied_at) VALUES ($1, $2, $3, $4, $5, '', '')`,
			e.ID, site.ID, e.Epoch, e.Seq, stamp(e.RecordedAt)); err != nil {
			return err
		}
		// Ends before beginnings: one event may move a copy from one loan to another.
		for _, open := range []bool{false, true} {
			for _, l := range e.Payload.Changes.Loans {
				if l.Open() != open {
					continue
				}
				var before *kiosk.Loan
				if i := slices.IndexFunc(e.Payload.Before.Loans, func(b kiosk.Loan) bool { return b.ID == l.ID }); i >= 0 {
					before = &e.Payload.Before.Loans[i]
				}
				if err := t.putLoan(string(site.ID), before, l); err != nil {
					return fmt.Errorf("%s: %w", what, err)
				}
			}
		}
		for _, c := range e.Payload.Changes.Copies {
			known := slices.ContainsFunc(e.Payload.Before.Copies, func(b kiosk.CopyState) bool { return b.CopyID == c.CopyID })
			if err := t.putState(string(site.ID), c, known); err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
		}
		if err := t.putCorner(string(site.ID), e.Payload.Corner); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if err := t.putRecords(string(site.ID), e.Payload.Records); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	})
}
