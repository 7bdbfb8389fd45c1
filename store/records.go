package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// putRecords writes the paperwork that an event leaves.
func (t *tx) putRecords(site string, r *kiosk.Records) error {
	if r == nil {
		return nil
	}
	for _, s := range r.Stocktakes {
		if err := t.putRecord("stocktake", string(s.ID), s, `INSERT INTO stocktake (id, site_id, opened, closed, record) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (id) DO UPDATE SET closed = excluded.closed, record = excluded.record`, s.ID, site, stamp(s.Opened), stamp(s.Closed)); err != nil {
			return err
		}
	}
	for _, l := range r.Lines {
		if err := t.putStockLine(l); err != nil {
			return err
		}
	}
	for _, s := range r.Strays {
		if s.Times == 0 {
			if err := t.exec("stray code of a stocktake", `DELETE FROM stocktake_stray WHERE stocktake_id = $1 AND code = $2`, s.Stocktake, s.Code); err != nil {
				return err
			}
			continue
		}
		if err := t.exec("stray code of a stocktake", `INSERT INTO stocktake_stray (stocktake_id, code, at, seen_at, times) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (stocktake_id, code) DO UPDATE SET at = excluded.at, seen_at = excluded.seen_at, times = excluded.times`,
			s.Stocktake, s.Code, stamp(s.At), orNull(s.SeenAt), s.Times); err != nil {
			return err
		}
	}
	for _, w := range r.Withdrawals {
		if err := t.putRecord("withdrawal", string(w.ID), w, `INSERT INTO withdrawal (id, site_id, at, closed, record) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (id) DO UPDATE SET closed = excluded.closed, record = excluded.record`, w.ID, site, stamp(w.At), stamp(w.Closed)); err != nil {
			return err
		}
	}
	for _, a := range r.Activities {
		if err := t.putRecord("activity", string(a.ID), a, `INSERT INTO activity (id, site_id, kind, day, starts, removed, record) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, day = excluded.day, starts = excluded.starts, removed = excluded.removed, record = excluded.record`,
			a.ID, site, a.Kind, a.Day.String(), int(a.From), bit(a.Removed)); err != nil {
			return err
		}
	}
	for _, q := range r.Quantities {
		if err := t.putRecord("counted line", string(q.Line), q, `INSERT INTO stocktake_quantity (stocktake_id, line_id, record) VALUES ($1, $2, $3)
			ON CONFLICT (stocktake_id, line_id) DO UPDATE SET record = excluded.record`, q.Stocktake, q.Line); err != nil {
			return err
		}
	}
	for _, s := range r.Stations {
		if err := t.putCountingStation(site, s); err != nil {
			return err
		}
	}
	if err := t.putSurveys(site, r.Surveys); err != nil {
		return err
	}
	if err := t.putProposals(site, r.Proposals); err != nil {
		return err
	}
	return t.putInterloans(site, r)
}

// putRecord writes one record; its JSON is the last argument.
func (t *tx) putRecord(what, id string, record any, query string, args ...any) error {
	b, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("%s %s: %w", what, id, err)
	}
	return t.exec(what+" "+id, query, append(args, string(b))...)
}

func (t *tx) putStockLine(l kiosk.StockLine) error {
	return t.exec("line of a stocktake", `INSERT INTO stocktake_line (stocktake_id, copy_id, expected, place_id, lost, seen, seen_at, away, by, condition, found, surplus, final, before)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (stocktake_id, copy_id) DO UPDATE SET
		expected = excluded.expected, place_id = excluded.place_id, lost = excluded.lost, seen = excluded.seen, seen_at = excluded.seen_at, away = excluded.away, by = excluded.by,
		condition = excluded.condition, found = excluded.found, surplus = excluded.surplus, final = excluded.final, before = excluded.before`,
		l.Stocktake, l.Copy, bit(l.Expected), orNull(l.Place), bit(l.Lost), stamp(l.Seen), orNull(l.SeenAt), bit(l.Away), l.By, l.Condition, bit(l.Found), bit(l.Surplus), l.Final, l.Before)
}

// scanRecord reads a noun that is kept whole.
func scanRecord[T any](row scanner) (x T, err error) {
	var record string
	if err = row.Scan(&record); err != nil {
		return x, err
	}
	if err = json.Unmarshal([]byte(record), &x); err != nil {
		err = fmt.Errorf("record: %w", err)
	}
	return x, err
}

func (v *view) Stocktake(id kiosk.ID) (kiosk.Stocktake, error) {
	s, err := first(rows(v, "stocktake", `SELECT record FROM stocktake WHERE id = $1 AND json_extract(record, '$.dropped') IS NULL`, []any{id}, scanRecord[kiosk.Stocktake]))
	return s, found("stocktake "+string(id), err)
}

func (v *view) Stocktakes() ([]kiosk.Stocktake, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "stocktakes", `SELECT record FROM stocktake WHERE site_id = $1 AND json_extract(record, '$.dropped') IS NULL ORDER BY opened DESC, id DESC`, []any{site}, scanRecord[kiosk.Stocktake])
}

const stockLineCols = `k.stocktake_id, k.copy_id, k.expected, coalesce(k.place_id, ''), k.lost, k.seen, coalesce(k.seen_at, ''), k.away, k.by, k.condition, k.found, k.surplus, k.final, k.before`

func stockLineTo(l *kiosk.StockLine) []any {
	return []any{&l.Stocktake, &l.Copy, &l.Expected, &l.Place, &l.Lost, instantCol{&l.Seen}, &l.SeenAt, &l.Away, &l.By, &l.Condition, &l.Found, &l.Surplus, &l.Final, &l.Before}
}

func (v *view) StockLine(stocktake, copy kiosk.ID) (l kiosk.StockLine, err error) {
	err = v.one("line of a stocktake", `SELECT `+stockLineCols+` FROM stocktake_line k WHERE k.stocktake_id = $1 AND k.copy_id = $2`, []any{stocktake, copy}, stockLineTo(&l)...)
	return l, err
}

// Counted reads the lines in one query. What was handled since the opening is
// read from the events after it alone, however many years lie before.
func (v *view) Counted(stocktake kiosk.ID) ([]kiosk.CountedLine, error) {
	s, err := v.Stocktake(stocktake)
	if err != nil {
		return nil, err
	}
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	handled, err := rows(v, "handled copies", `SELECT copy_id FROM event WHERE site_id = $1 AND seq > $2 AND type IN ('checked_out', 'returned', 'used_on_site', 'renewed', 'shelved') AND copy_id <> ''
		UNION SELECT json_extract(l.value, '$.copy') FROM event e, json_each(e.payload, '$.changes.loans') l WHERE e.site_id = $1 AND e.seq > $2 AND e.type IN ('checked_out', 'returned', 'renewed')`,
		[]any{site, s.Since}, func(row scanner) (id kiosk.ID, err error) {
			err = row.Scan(&id)
			return id, err
		})
	if err != nil {
		return nil, err
	}
	was := map[kiosk.ID]bool{}
	for _, id := range handled {
		was[id] = true
	}
	// The few loans that are open and the titles are read once each, not looked for
	// ten thousand times.
	out := map[kiosk.ID]bool{}
	if err := v.EachLoan(true, func(l kiosk.Loan) error { out[l.CopyID] = true; return nil }); err != nil {
		return nil, err
	}
	type named struct {
		id                kiosk.ID
		title, callNumber string
	}
	titles, err := rows(v, "titles of a stocktake", `SELECT id, title, call_number FROM title WHERE site_id = $1`, []any{site}, func(row scanner) (n named, err error) {
		err = row.Scan(&n.id, &n.title, &n.callNumber)
		return n, err
	})
	if err != nil {
		return nil, err
	}
	of := make(map[kiosk.ID]named, len(titles))
	for _, t := range titles {
		of[t.id] = t
	}
	lines, err := rows(v, "lines of a stocktake", `SELECT `+stockLineCols+`, c.barcode, coalesce(c.accession, ''), c.kind, c.price, c.title_id,
		c.id, coalesce(s.status, 'in_processing'), coalesce(s.condition, 'good'), coalesce(s.place_id, ''), coalesce(s.on_site, 0), coalesce(s.loans, 0)
		FROM stocktake_line k JOIN copy c ON c.id = k.copy_id LEFT JOIN copy_state s ON s.copy_id = c.id
		WHERE k.stocktake_id = $1`, []any{stocktake}, func(row scanner) (l kiosk.CountedLine, err error) {
		x := &l.State
		err = row.Scan(append(stockLineTo(&l.StockLine), &l.Barcode, &l.Accession, &l.Kind, &l.Price, &l.TitleID,
			&x.CopyID, &x.Status, &x.Condition, &x.Place, &x.OnSite, &x.Loans)...)
		l.Title, l.CallNumber = of[l.TitleID].title, of[l.TitleID].callNumber
		l.Handled, l.Out = was[l.Copy], out[l.Copy]
		return l, err
	})
	slices.SortFunc(lines, func(a, b kiosk.CountedLine) int {
		return cmp.Or(kiosk.CompareNumbers(a.Accession, b.Accession), cmp.Compare(a.Copy, b.Copy))
	})
	return lines, err
}

func (v *view) StockProgress(stocktake kiosk.ID) (met, expected int, err error) {
	err = v.one("progress of a stocktake", `SELECT coalesce(sum(expected AND seen <> ''), 0), coalesce(sum(expected), 0) FROM stocktake_line WHERE stocktake_id = $1`, []any{stocktake}, &met, &expected)
	return met, expected, err
}

func (v *view) Strays(stocktake kiosk.ID) ([]kiosk.StockStray, error) {
	return rows(v, "stray codes", `SELECT stocktake_id, code, at, coalesce(seen_at, ''), times FROM stocktake_stray WHERE stocktake_id = $1 ORDER BY code`, []any{stocktake}, func(row scanner) (s kiosk.StockStray, err error) {
		err = row.Scan(&s.Stocktake, &s.Code, instantCol{&s.At}, &s.SeenAt, &s.Times)
		return s, err
	})
}

func (v *view) Missed() (map[kiosk.ID]int, error) {
	all := map[kiosk.ID]int{}
	_, err := rows(v, "copies missed at stocktakes", `SELECT copy_id, count(*) FROM stocktake_line INDEXED BY stocktake_line_missing WHERE final IN ('missing', 'gone') GROUP BY copy_id`, nil, func(row scanner) (struct{}, error) {
		var id kiosk.ID
		var n int
		err := row.Scan(&id, &n)
		all[id] = n
		return struct{}{}, err
	})
	return all, err
}

func (v *view) Withdrawal(id kiosk.ID) (kiosk.Withdrawal, error) {
	w, err := first(rows(v, "withdrawal", `SELECT record FROM withdrawal WHERE id = $1`, []any{id}, scanRecord[kiosk.Withdrawal]))
	return w, found("withdrawal "+string(id), err)
}

func (v *view) Withdrawals() ([]kiosk.Withdrawal, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "withdrawals", `SELECT record FROM withdrawal WHERE site_id = $1 ORDER BY at DESC, id DESC`, []any{site}, scanRecord[kiosk.Withdrawal])
}

func (v *view) LastLent() (map[kiosk.ID]time.Time, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	all := map[kiosk.ID]time.Time{}
	_, err = rows(v, "last loans", `SELECT c.id, (SELECT l.checked_out_at FROM loan l
		WHERE l.copy_id = c.id AND l.ended <> 'undone' ORDER BY l.checked_out_at DESC LIMIT 1) FROM copy c WHERE c.site_id = $1`, []any{site}, func(row scanner) (struct{}, error) {
		var id kiosk.ID
		var at time.Time
		err := row.Scan(&id, instantCol{&at})
		if !at.IsZero() {
			all[id] = at
		}
		return struct{}{}, err
	})
	return all, err
}

func (v *view) Activity(id kiosk.ID) (kiosk.Activity, error) {
	a, err := first(rows(v, "activity", `SELECT record FROM activity WHERE id = $1`, []any{id}, scanRecord[kiosk.Activity]))
	return a, found("activity "+string(id), err)
}

func (v *view) Activities(from, to kiosk.Day) ([]kiosk.Activity, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "activities", `SELECT record FROM activity WHERE site_id = $1 AND removed = 0 AND day >= $2 AND day <= $3 ORDER BY day, starts, id`,
		[]any{site, from.String(), to.String()}, scanRecord[kiosk.Activity])
}

// FirstDeeds reads loans by their index of instants, and of the events those
// numbers between which the span must lie: the numbers grow with time, but for a
// clock that was wrong, whose days are looked at a month around.
func (v *view) FirstDeeds(from, to time.Time) ([]kiosk.FirstDeeds, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	all := map[kiosk.ID]*kiosk.FirstDeeds{}
	of := func(ref kiosk.ID) *kiosk.FirstDeeds {
		if all[ref] == nil {
			all[ref] = &kiosk.FirstDeeds{Ref: ref}
		}
		return all[ref]
	}
	_, err = rows(v, "first loans", `SELECT patron_ref, min(CASE WHEN type = 'home' THEN checked_out_at END), min(checked_out_at) FROM loan INDEXED BY loan_since
		WHERE site_id = $1 AND checked_out_at >= $2 AND checked_out_at < $3 AND ended <> 'undone' GROUP BY patron_ref`, []any{site, stamp(from), stamp(to)}, func(row scanner) (struct{}, error) {
		var ref kiosk.ID
		var home, any time.Time
		err := row.Scan(&ref, instantCol{&home}, instantCol{&any})
		f := of(ref)
		f.Borrowed, f.Read = home, any
		return struct{}{}, err
	})
	if err != nil {
		return nil, err
	}
	low, high, err := v.seqsAround(string(site), from, to)
	if err != nil {
		return nil, err
	}
	_, err = rows(v, "first visits", `SELECT patron_ref, min(occurred_at), min(CASE WHEN type = 'used_on_site' THEN occurred_at END) FROM event
		WHERE site_id = $1 AND seq > $2 AND seq <= $3 AND occurred_at >= $4 AND occurred_at < $5 AND patron_ref <> ''
		AND type IN ('session_opened', 'checked_out', 'returned', 'renewed', 'used_on_site') GROUP BY patron_ref`,
		[]any{site, low, high, stamp(from), stamp(to)}, func(row scanner) (struct{}, error) {
			var ref kiosk.ID
			var visited, read time.Time
			err := row.Scan(&ref, instantCol{&visited}, instantCol{&read})
			f := of(ref)
			f.Visited = visited
			if !read.IsZero() && (f.Read.IsZero() || read.Before(f.Read)) {
				f.Read = read
			}
			return struct{}{}, err
		})
	if err != nil {
		return nil, err
	}
	var list []kiosk.FirstDeeds
	for _, f := range all {
		// Who borrowed was here, whatever the events of the taking over say.
		if f.Visited.IsZero() || !f.Read.IsZero() && f.Read.Before(f.Visited) {
			f.Visited = f.Read
		}
		list = append(list, *f)
	}
	kiosk.SortDeeds(list)
	return list, nil
}

// slack is how far an event's number may stand from its instant: a scan that is
// written down later from paper, or a clock that was wrong for some days.
const slack = 31 * 24 * time.Hour

// seqsAround are numbers between which all events of a span lie, found by halving.
func (v *view) seqsAround(site string, from, to time.Time) (low, high int64, err error) {
	last, err := v.LastSeq()
	if err != nil {
		return 0, 0, err
	}
	before := func(at time.Time) (int64, error) { // how many events were written before
		lo, hi := int64(0), last
		for lo < hi {
			mid := (lo + hi + 1) / 2
			var recorded time.Time
			if err := v.one("event", `SELECT recorded_at FROM event WHERE site_id = $1 AND seq = $2`, []any{site, mid}, instantCol{&recorded}); err != nil {
				return 0, err
			}
			if recorded.Before(at) {
				lo = mid
			} else {
				hi = mid - 1
			}
		}
		return lo, nil
	}
	if low, err = before(from.Add(-slack)); err != nil {
		return 0, 0, err
	}
	high, err = before(to.Add(slack))
	return low, high, err
}

func (v *view) LoansBetween(from, to time.Time) (n int, err error) {
	site, err := v.siteID()
	if err != nil {
		return 0, err
	}
	err = v.one("loans of a span", `SELECT count(*) FROM loan INDEXED BY loan_since WHERE site_id = $1 AND checked_out_at >= $2 AND checked_out_at < $3 AND ended <> 'undone'`, []any{site, stamp(from), stamp(to)}, &n)
	return n, err
}
