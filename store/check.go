package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"muontra/kiosk"
)

// Fault is one thing that is wrong with a ledger.
type Fault struct {
	Code    string // English, stable
	Subject string // what it is about
	Text    string
}

// maxFaults bounds what one kind of fault reports: past a hundred, the rest
// tells nothing new.
const maxFaults = 100

// Check looks at the whole ledger: whether SQLite finds the file intact,
// whether the domain's invariants hold, and whether replaying every event gives
// the loans and copy states that are stored. It reads one consistent state
// while others go on writing, and changes nothing. No faults is a nil slice; an
// error says that the check itself could not be done.
func (s *Store) Check(ctx context.Context) ([]Fault, error) {
	var c checker
	err := s.apart(ctx, func(t *tx) error {
		c.v = &t.view
		return c.run()
	})
	if IsDamaged(err) {
		// Beyond what integrity_check could say: that is a finding, not a failure.
		return append(c.faults, Fault{"damaged", dbName, err.Error()}), nil
	}
	return c.faults, err
}

type checker struct {
	v      *view
	faults []Fault
	count  map[string]int
}

func (c *checker) add(code, subject, format string, args ...any) {
	if c.count == nil {
		c.count = map[string]int{}
	}
	if c.count[code]++; c.count[code] <= maxFaults {
		c.faults = append(c.faults, Fault{code, subject, fmt.Sprintf(format, args...)})
	}
}

func (c *checker) run() error {
	if err := c.file(); err != nil {
		return err
	}
	for _, q := range invariants {
		type row struct{ subject, text string }
		rs, err := rows(c.v, "check "+q.code, q.query, nil, func(s scanner) (r row, err error) {
			err = s.Scan(&r.subject, &r.text)
			return r, err
		})
		if err != nil {
			return err
		}
		for _, r := range rs {
			c.add(q.code, r.subject, "%s", r.text)
		}
	}
	if err := c.search(); err != nil {
		return err
	}
	return c.replay()
}

// lookAnew makes a connection that has searched before forget the shape of the
// search tables that it keeps in memory. integrity_check trusts it even when
// another connection has written since: it would report a checksum that is
// right. A search in the same transaction makes it look anew.
func lookAnew(v *view) error {
	for _, table := range searchTables {
		_, err := rows(v, "look anew", `SELECT rowid FROM `+table+` WHERE `+table+` MATCH $1 LIMIT 1`, []any{`"a"`}, scanNr)
		if err != nil && !IsDamaged(err) {
			return err // a damaged one is integrity_check's to name
		}
	}
	return nil
}

// file asks SQLite.
func (c *checker) file() error {
	if err := lookAnew(c.v); err != nil {
		return err
	}
	lines, err := rows(c.v, "integrity check", "PRAGMA integrity_check", nil, func(s scanner) (l string, err error) {
		err = s.Scan(&l)
		return l, err
	})
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l != "ok" {
			c.add("integrity", dbName, "%s", l)
		}
	}
	orphans, err := foreignKeyFaults(c.v.ctx, c.v.s.conn)
	if err != nil {
		return fault("foreign key check", err)
	}
	for _, f := range orphans {
		c.add(f.Code, f.Subject, "%s", f.Text)
	}
	return nil
}

// invariants are queries whose every row is a fault: its subject and its text.
// Several repeat what a constraint already forbids: a constraint can be dropped
// by hand, and an index can be damaged.
var invariants = []struct{ code, query string }{
	{"two_open_loans", `SELECT copy_id, count(*) || ' open loans of one copy' FROM loan NOT INDEXED WHERE ended = '' GROUP BY copy_id HAVING count(*) > 1`},
	{"loan_unknown_copy", `SELECT l.id, 'loan of a copy that is not there: ' || l.copy_id FROM loan l WHERE NOT EXISTS (SELECT 1 FROM copy c WHERE c.id = l.copy_id)`},
	{"loan_unknown_patron", `SELECT l.id, 'loan to a patron reference that is not there: ' || l.patron_ref FROM loan l WHERE NOT EXISTS (SELECT 1 FROM patron_ref r WHERE r.ref = l.patron_ref)`},
	{"loan_unregistered_copy", `SELECT l.id, 'open loan of a copy that no event has registered' FROM loan l WHERE l.ended = '' AND NOT EXISTS (SELECT 1 FROM copy_state s WHERE s.copy_id = l.copy_id)`},
	{"copy_unregistered", `SELECT c.barcode, 'copy that no event has registered' FROM copy c WHERE NOT EXISTS (SELECT 1 FROM copy_state s WHERE s.copy_id = c.id)`},
	{"event_gap", `SELECT 'event ' || seq, 'the event before it has number ' || before FROM (
		SELECT seq, lag(seq, 1, 0) OVER (PARTITION BY site_id ORDER BY seq) AS before FROM event) WHERE seq <> before + 1`},
	{"outbox_missing", `SELECT 'event ' || e.seq, 'not in the outbox' FROM event e WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event_id = e.id AND o.seq = e.seq AND o.epoch = e.epoch)`},
	{"outbox_unknown", `SELECT 'event ' || o.seq, 'in the outbox only' FROM outbox o WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.id = o.event_id)`},
	{"accession_gap", `SELECT a.number, 'handed out though the number before it was never used' FROM accession a WHERE a.handed = 1 AND a.n > 1
		AND NOT EXISTS (SELECT 1 FROM accession b WHERE b.site_id = a.site_id AND b.prefix = a.prefix AND b.n = a.n - 1)`},
	{"accession_unused", `SELECT a.number, 'handed out, but no copy has it' FROM accession a WHERE a.copy_id IS NULL`},
	{"accession_unknown", `SELECT c.barcode, 'its number is not in the register of numbers: ' || c.accession FROM copy c WHERE c.accession IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM accession a WHERE a.site_id = c.site_id AND a.number = c.accession AND a.copy_id = c.id)`},
	{"accession_twice", `SELECT accession, 'number of ' || count(*) || ' copies' FROM copy NOT INDEXED WHERE accession IS NOT NULL GROUP BY site_id, accession HAVING count(*) > 1`},
	{"barcode_twice", `SELECT barcode, 'on ' || count(*) || ' things' FROM (` + owners + `) GROUP BY site_id, barcode HAVING count(*) > 1`},
	{"barcode_unknown", `SELECT x.barcode, 'not in the one space of barcodes' FROM (` + owners + `) x
		WHERE NOT EXISTS (SELECT 1 FROM barcode b WHERE b.site_id = x.site_id AND b.code = x.barcode AND b.owner = x.id)`},
	{"barcode_unowned", `SELECT b.code, 'kept for something that does not carry it' FROM barcode b
		LEFT JOIN card c ON c.id = b.owner AND c.barcode = b.code LEFT JOIN copy y ON y.id = b.owner AND y.barcode = b.code
		LEFT JOIN book_set s ON s.id = b.owner AND s.barcode = b.code LEFT JOIN place p ON p.id = b.owner AND p.barcode = b.code
		LEFT JOIN retired_card x ON x.id = b.owner AND x.barcode = b.code
		WHERE x.id IS NULL AND c.id IS NULL AND y.id IS NULL AND s.id IS NULL AND p.id IS NULL`},
	{"patron_without_reference", `SELECT p.id, 'events cannot name this patron' FROM patron p WHERE NOT EXISTS (SELECT 1 FROM patron_ref r WHERE r.patron_id = p.id AND r.until = '')`},
	{"patron_two_references", `SELECT patron_id, count(*) || ' references in use' FROM patron_ref WHERE until = '' AND patron_id IS NOT NULL GROUP BY patron_id HAVING count(*) > 1`},
	{"open_loan_old_reference", `SELECT l.id, 'open loan under a reference of past years, or of nobody' FROM loan l JOIN patron_ref r ON r.ref = l.patron_ref WHERE l.ended = '' AND (r.until <> '' OR r.patron_id IS NULL)`},
	{"promotion_without_event", `SELECT p.id, 'no event tells of this beginning of a year' FROM promotion p WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.site_id = p.site_id AND e.seq = p.seq AND e.type = 'year_promoted')`},
	{"class_of_other_year", `SELECT e.id, 'enrolled in a class of another school year' FROM enrolment e JOIN class k ON k.id = e.class_id WHERE k.year_id <> e.year_id`},
	{"receipt_gap", `SELECT 'receipt ' || entry, 'the entry before it in the general register is ' || before FROM (
		SELECT entry, lag(entry, 1, 0) OVER (PARTITION BY site_id ORDER BY entry) AS before FROM receipt) WHERE entry <> before + 1`},
	{"processing_unknown_copy", `SELECT w.copy_id, 'steps of a copy that is not there' FROM processing w WHERE NOT EXISTS (SELECT 1 FROM copy c WHERE c.id = w.copy_id)`},
	{"not_registered_available", `SELECT c.barcode, 'can be lent, but is not in the accession register' FROM processing w JOIN copy c ON c.id = w.copy_id
		JOIN copy_state s ON s.copy_id = w.copy_id WHERE w.registered = '' AND s.status = 'available'`},
	{"not_registered_lent", `SELECT c.barcode, 'was lent, but is not in the accession register' FROM processing w JOIN copy c ON c.id = w.copy_id
		WHERE w.registered = '' AND EXISTS (SELECT 1 FROM loan l WHERE l.copy_id = w.copy_id AND l.ended <> 'undone')`},
	{"registered_without_number", `SELECT c.barcode, 'is in the accession register without a number' FROM processing w JOIN copy c ON c.id = w.copy_id
		WHERE w.registered <> '' AND c.accession IS NULL`},
	{"handout_more_than_owned", `SELECT l.id, 'on the shelf ' || (l.quantity - o.out - o.lost) || ', handed out ' || o.out || ', lost ' || o.lost || ' of ' || l.quantity || ' owned' FROM textbook_line l
		JOIN (SELECT line_id, sum(quantity - back - lost) AS out, sum(lost) AS lost FROM handout WHERE removed = 0 GROUP BY line_id) o ON o.line_id = l.id WHERE o.out + o.lost > l.quantity`},
	{"handout_uneven", `SELECT h.id, h.back || ' came back, ' || h.damaged || ' of them damaged, and ' || h.lost || ' were lost of ' || h.quantity FROM handout h
		WHERE h.back + h.lost > h.quantity OR h.damaged > h.back OR min(h.back, h.damaged, h.lost) < 0`},
	{"policy_fallback", `SELECT m.site_id, 'the policy line for any patron and any copy is missing' FROM meta m
		WHERE NOT EXISTS (SELECT 1 FROM policy p WHERE p.site_id = m.site_id AND p.category = '' AND p.kind = '' AND p.sub_kind = '')`},
	{"other_site", `SELECT 'event ' || e.seq, 'of another site than this ledger''s' FROM event e WHERE e.site_id NOT IN (SELECT site_id FROM meta)`},
}

const owners = `SELECT site_id, barcode, id FROM card UNION ALL SELECT site_id, barcode, id FROM copy
	UNION ALL SELECT site_id, barcode, id FROM retired_card UNION ALL SELECT site_id, barcode, id FROM book_set WHERE barcode IS NOT NULL UNION ALL SELECT site_id, barcode, id FROM place WHERE barcode IS NOT NULL`

// search compares the searched text of every title with what it should be.
func (c *checker) search() error {
	have := map[kiosk.ID]searched{}
	for _, q := range []struct {
		query string
		to    func(*searched) []any
	}{
		{`SELECT coalesce(t.id, ''), x.title, x.other FROM title_search x LEFT JOIN title t ON t.nr = x.rowid`, func(x *searched) []any { return []any{&x.title, &x.other} }},
		{`SELECT coalesce(t.id, ''), x.title FROM title_words x LEFT JOIN title t ON t.nr = x.rowid`, func(x *searched) []any { return []any{&x.words} }},
		{`SELECT coalesce(t.id, ''), x.title FROM title_marked x LEFT JOIN title t ON t.nr = x.rowid`, func(x *searched) []any { return []any{&x.marked} }},
	} {
		_, err := rows(c.v, "search table", q.query, nil, func(s scanner) (struct{}, error) {
			var id kiosk.ID
			var part searched
			if err := s.Scan(append([]any{&id}, q.to(&part)...)...); err != nil {
				return struct{}{}, err
			}
			x := have[id]
			x.title, x.other = x.title+part.title, x.other+part.other
			x.words, x.marked = x.words+part.words, x.marked+part.marked
			have[id] = x
			return struct{}{}, nil
		})
		if err != nil {
			return err
		}
	}
	err := c.v.EachTitle(func(t kiosk.Title) error {
		want := searchText(t)
		if x, ok := have[t.ID]; !ok || x != want {
			c.add("search_stale", string(t.ID), "not found by its own words: %s", t.Title)
		}
		delete(have, t.ID)
		return nil
	})
	for id, x := range have { // those of no title, and of one that was merged
		c.add("search_unknown", cmp.Or(string(id), x.title, x.words, x.marked), "these words are searched, but belong to no title")
	}
	return err
}

// replay writes all events into an empty projection and compares each column of
// each row. It reads the columns as text: a byte that is wrong may make a value
// that no Go type holds, and it must be named all the same.
func (c *checker) replay() error {
	want, err := c.projection()
	if err != nil {
		return err
	}
	loans := map[string][]string{}
	for id, l := range want.Loans {
		loans[string(id)] = []string{string(l.CopyID), string(l.PatronRef), string(l.Type), stamp(l.CheckedOutAt), l.DueOn.String(),
			fmt.Sprint(l.Renewals), stamp(l.ReturnedAt), string(l.End), l.Station, string(l.Corner)}
	}
	if err := c.compare("loan_differs", loans, []string{"copy", "patron_ref", "type", "checked_out_at", "due_on", "renewals", "returned_at", "end", "station", "corner"},
		`SELECT id, copy_id, patron_ref, type, checked_out_at, due_on, CAST(renewals AS TEXT), returned_at, ended, station, corner FROM loan ORDER BY id`); err != nil {
		return err
	}
	states := map[string][]string{}
	for id, s := range want.Copies {
		states[string(id)] = []string{string(s.Status), string(s.Condition), string(s.Place), fmt.Sprint(s.OnSite), fmt.Sprint(s.Loans)}
	}
	if err := c.stock(want.Stock); err != nil {
		return err
	}
	if err := c.corners(want.Corner); err != nil {
		return err
	}
	if err := c.compare("copy_differs", states, []string{"status", "condition", "place", "on_site", "loans"},
		`SELECT copy_id, status, condition, coalesce(place_id, ''), CAST(on_site AS TEXT), CAST(loans AS TEXT) FROM copy_state ORDER BY copy_id`); err != nil {
		return err
	}
	if err := c.lending(want.Lending); err != nil {
		return err
	}
	if err := c.records(want.Records); err != nil {
		return err
	}
	return c.papers(want.Records)
}

// projection is what the events, as far as they can be read, leave behind.
func (c *checker) projection() (kiosk.Projection, error) {
	p := kiosk.NewProjection()
	const page = 2000
	for after := int64(0); ; {
		type entry struct {
			seq     int64
			payload string
		}
		es, err := rows(c.v, "events", `SELECT seq, payload FROM event WHERE seq > $1 ORDER BY seq LIMIT $2`, []any{after, page}, func(s scanner) (e entry, err error) {
			err = s.Scan(&e.seq, &e.payload)
			return e, err
		})
		if err != nil {
			return p, err
		}
		for _, x := range es {
			e := kiosk.Event{Seq: x.seq}
			if err := json.Unmarshal([]byte(x.payload), &e.Payload); err != nil {
				c.add("event_unreadable", fmt.Sprintf("event %d", x.seq), "%v", err)
			}
			p.Apply(e)
			after = x.seq
		}
		if len(es) < page {
			return p, nil
		}
	}
}

// compare reads rows of an id and the named columns, and names each that is not
// as wanted.
func (c *checker) compare(code string, want map[string][]string, names []string, query string) error {
	return c.compareTold(code, want, names, query, func(id string) { c.add(code, id, "no event tells of it") })
}

// compareTold is compare with untold called for a row that no event tells of.
func (c *checker) compareTold(code string, want map[string][]string, names []string, query string, untold func(id string)) error {
	rs, err := c.v.s.conn.QueryContext(c.v.ctx, query)
	if err != nil {
		return fault("check "+code, err)
	}
	defer rs.Close()
	have := make([]string, len(names)+1)
	to := make([]any, len(have))
	for i := range have {
		to[i] = &have[i]
	}
	for rs.Next() {
		if err := rs.Scan(to...); err != nil {
			return fault("check "+code, err)
		}
		id := have[0]
		w, ok := want[id]
		if !ok {
			untold(id)
		}
		for i, v := range w {
			if have[i+1] != v {
				c.add(code, id, "%s is %q, the events say %q", names[i], have[i+1], v)
			}
		}
		delete(want, id)
	}
	for _, id := range slices.Sorted(maps.Keys(want)) {
		c.add(code, id, "the events tell of it, but it is not stored")
	}
	return fault("check "+code, rs.Err())
}
