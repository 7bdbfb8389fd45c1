package store

import (
	"encoding/json"
	"time"

	"muontra/kiosk"
)

// loanItemCols and loanItemFrom read loans with their copies, without the titles.
const (
	loanItemCols = loanCols + `, ` + copyCols + `, coalesce(p.name, '')`
	loanItemFrom = ` FROM loan l JOIN copy c ON c.id = l.copy_id
	LEFT JOIN copy_state s ON s.copy_id = c.id LEFT JOIN place p ON p.id = coalesce(s.place_id, c.home_place) `
)

func scanLoanItem(row scanner) (l kiosk.LoanItem, err error) {
	err = row.Scan(append(append(loanTo(&l.Loan), copyTo(&l.Item.Copy)...), &l.Item.PlaceName)...)
	return l, err
}

// LoansIn reads a page of loans at a time: there may be many years of them.
func (v *view) LoansIn(from, to time.Time, fn func(kiosk.LoanItem) error) error {
	site, err := v.siteID()
	if err != nil {
		return err
	}
	const page = 1000
	titles := v.titlesRead()
	for since, last := stamp(from), kiosk.ID(""); ; {
		ls, err := rows(v, "loans of a time", `SELECT `+loanItemCols+loanItemFrom+`
			WHERE l.site_id = $1 AND (l.checked_out_at, l.id) > ($2, $3) AND l.checked_out_at < $4 ORDER BY l.checked_out_at, l.id LIMIT $5`,
			[]any{site, since, last, stamp(to), page}, scanLoanItem)
		if err != nil {
			return err
		}
		for _, l := range ls {
			if err := titles.put(&l.Item); err != nil {
				return err
			}
			if err := fn(l); err != nil {
				return err
			}
			since, last = stamp(l.CheckedOutAt), l.ID
		}
		if len(ls) < page {
			return nil
		}
	}
}

func (v *view) ReturnsIn(from, to time.Time, fn func(kiosk.Loan, kiosk.Kind) error) error {
	site, err := v.siteID()
	if err != nil {
		return err
	}
	type ended struct {
		kiosk.Loan
		kind kiosk.Kind
	}
	return each(v, "returns of a time", `SELECT `+loanCols+`, c.kind FROM loan l INDEXED BY loan_returned JOIN copy c ON c.id = l.copy_id
		WHERE l.site_id = $1 AND l.ended = 'returned' AND l.returned_at >= $2 AND l.returned_at < $3 ORDER BY l.returned_at, l.id`, []any{site, stamp(from), stamp(to)},
		func(row scanner) (e ended, err error) {
			err = row.Scan(append(loanTo(&e.Loan), &e.kind)...)
			return e, err
		}, func(e ended) error { return fn(e.Loan, e.kind) })
}

func (v *view) LoanCounts(from, to time.Time) (loans, returns int, err error) {
	site, err := v.siteID()
	if err != nil {
		return 0, 0, err
	}
	if err := v.one("loans counted", `SELECT count(*) FROM loan INDEXED BY loan_since WHERE site_id = $1 AND checked_out_at >= $2 AND checked_out_at < $3 AND ended <> 'undone'`, []any{site, stamp(from), stamp(to)}, &loans); err != nil {
		return 0, 0, err
	}
	err = v.one("returns counted", `SELECT count(*) FROM loan INDEXED BY loan_returned WHERE site_id = $1 AND ended = 'returned' AND returned_at >= $2 AND returned_at < $3`, []any{site, stamp(from), stamp(to)}, &returns)
	return loans, returns, err
}

// Comers counts in SQL, span by span, where the registers read the loans line by line.
func (v *view) Comers(instants []time.Time) ([]map[kiosk.ID]kiosk.Came, error) {
	site, err := v.siteID()
	if err != nil || len(instants) < 2 {
		return nil, err
	}
	type comer struct {
		ref kiosk.ID
		kiosk.Came
	}
	scan := func(row scanner) (c comer, err error) { err = row.Scan(&c.ref, &c.Loans, &c.OnSite); return c, err }
	spans := make([]map[kiosk.ID]kiosk.Came, len(instants)-1)
	for i := range spans {
		all, err := rows(v, "who borrowed and returned", `SELECT patron_ref, sum(lent), 0 FROM (
			SELECT patron_ref, 1 AS lent FROM loan INDEXED BY loan_since WHERE site_id = $1 AND checked_out_at >= $2 AND checked_out_at < $3 AND ended <> 'undone'
			UNION ALL SELECT patron_ref, 0 FROM loan INDEXED BY loan_returned WHERE site_id = $1 AND ended = 'returned' AND returned_at >= $2 AND returned_at < $3)
			GROUP BY patron_ref`, []any{site, stamp(instants[i]), stamp(instants[i+1])}, scan)
		if err != nil {
			return nil, err
		}
		spans[i] = map[kiosk.ID]kiosk.Came{}
		for _, c := range all {
			spans[i][c.ref] = c.Came
		}
	}
	i := 0
	return spans, v.VisitsIn(instants[0], instants[len(instants)-1], func(x kiosk.Visit) error {
		for !x.At.Before(instants[i+1]) {
			i++
		}
		if x.PatronRef != "" {
			c := spans[i][x.PatronRef]
			if x.Type == kiosk.EventUsedOnSite {
				c.OnSite++
			}
			spans[i][x.PatronRef] = c
		}
		return nil
	})
}

func (v *view) Tallies(from, to time.Time) ([]kiosk.Tally, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "loans tallied", `SELECT c.title_id, c.kind, count(*) FROM loan l INDEXED BY loan_since JOIN copy c ON c.id = l.copy_id
		WHERE l.site_id = $1 AND l.checked_out_at >= $2 AND l.checked_out_at < $3 AND l.ended <> 'undone' GROUP BY c.title_id, c.kind`, []any{site, stamp(from), stamp(to)},
		func(row scanner) (t kiosk.Tally, err error) {
			err = row.Scan(&t.TitleID, &t.Kind, &t.Loans)
			return t, err
		})
}

func (v *view) FirstLoans(from, to time.Time) ([]kiosk.FirstLoan, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "first loans", `SELECT l.patron_ref, c.kind, min(l.checked_out_at) FROM loan l INDEXED BY loan_since JOIN copy c ON c.id = l.copy_id
		WHERE l.site_id = $1 AND l.checked_out_at >= $2 AND l.checked_out_at < $3 AND l.ended <> 'undone' GROUP BY l.patron_ref, c.kind`, []any{site, stamp(from), stamp(to)},
		func(row scanner) (f kiosk.FirstLoan, err error) {
			err = row.Scan(&f.PatronRef, &f.Kind, instantCol{&f.At})
			return f, err
		})
}

func (v *view) VisitsIn(from, to time.Time, fn func(kiosk.Visit) error) error {
	site, err := v.siteID()
	if err != nil {
		return err
	}
	undone := map[int64]bool{}
	back, err := rows(v, "visits taken back", `SELECT coalesce(json_extract(payload, '$.reverses'), 0) FROM event WHERE site_id = $1 AND type = 'undone' AND `+stockEvents, []any{site},
		func(row scanner) (n int64, err error) { err = row.Scan(&n); return n, err })
	if err != nil {
		return err
	}
	for _, n := range back {
		undone[n] = true
	}
	return each(v, "visits of a time", `SELECT e.seq, e.type, e.occurred_at, e.patron_ref, e.copy_id, coalesce(c.kind, ''), e.station
		FROM event e LEFT JOIN copy c ON c.id = e.copy_id
		WHERE e.site_id = $1 AND e.type IN ('session_opened', 'used_on_site') AND e.occurred_at >= $2 AND e.occurred_at < $3 ORDER BY e.occurred_at, e.seq`, []any{site, stamp(from), stamp(to)},
		func(row scanner) (x kiosk.Visit, err error) {
			err = row.Scan(&x.Seq, &x.Type, instantCol{&x.At}, &x.PatronRef, &x.CopyID, &x.Kind, &x.Station)
			return x, err
		}, func(x kiosk.Visit) error {
			if undone[x.Seq] {
				return nil
			}
			return fn(x)
		})
}

// stockEvents is the condition of the index event_stock, word by word.
const stockEvents = `event.type <> 'session_opened' AND event.type <> 'checked_out' AND event.type <> 'returned' AND event.type <> 'renewed' AND event.type <> 'used_on_site'
	AND event.type <> 'refused' AND event.type <> 'help' AND event.type <> 'call_answered' AND event.type <> 'loan_added' AND event.type <> 'hold_placed' AND event.type <> 'shelved'`

func (v *view) StockMoves(fn func(kiosk.StockMove) error) error {
	site, err := v.siteID()
	if err != nil {
		return err
	}
	return each(v, "moves of the stock", `SELECT event.seq, event.occurred_at, event.type, json_extract(j.value, '$.copy'), json_extract(j.value, '$.status'), coalesce(json_extract(event.payload, '$.comment'), '')
		FROM event INDEXED BY event_stock, json_each(event.payload, '$.changes.copies') j WHERE event.site_id = $1 AND `+stockEvents+` ORDER BY event.seq, j.key`, []any{site},
		func(row scanner) (m kiosk.StockMove, err error) {
			err = row.Scan(&m.Seq, instantCol{&m.At}, &m.Type, &m.CopyID, &m.Status, &m.Comment)
			return m, err
		}, fn)
}

func (v *view) Arrivals() ([]kiosk.Arrived, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "arrivals", `SELECT r.copy_id, r.line_id, l.receipt_id, r.registered FROM processing r JOIN receipt_line l ON l.id = r.line_id WHERE r.site_id = $1 ORDER BY r.nr`, []any{site},
		func(row scanner) (a kiosk.Arrived, err error) {
			err = row.Scan(&a.CopyID, &a.LineID, &a.ReceiptID, dayCol{&a.Registered})
			return a, err
		})
}

func (v *view) Refs() (map[kiosk.ID]kiosk.ID, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	of := map[kiosk.ID]kiosk.ID{}
	err = each(v, "references", `SELECT ref, patron_id FROM patron_ref WHERE site_id = $1 AND patron_id IS NOT NULL`, []any{site},
		func(row scanner) (p [2]kiosk.ID, err error) { err = row.Scan(&p[0], &p[1]); return p, err },
		func(p [2]kiosk.ID) error { of[p[0]] = p[1]; return nil })
	return of, err
}

func (v *view) Closings(register string) ([]kiosk.RegisterClosing, error) {
	site, err := v.siteID()
	if err != nil {
		return nil, err
	}
	return rows(v, "closed lines", `SELECT json_extract(payload, '$.closing') FROM event INDEXED BY event_stock
		WHERE site_id = $1 AND type = 'register_closed' AND `+stockEvents+` AND json_extract(payload, '$.closing.register') = $2 ORDER BY seq`, []any{site, register},
		func(row scanner) (c kiosk.RegisterClosing, err error) {
			var text string
			if err = row.Scan(&text); err == nil {
				err = json.Unmarshal([]byte(text), &c)
			}
			return c, err
		})
}

func (v *view) PaperEvents(part kiosk.PaperPart, fn func(kiosk.Event) error) error {
	site, err := v.siteID()
	if err != nil {
		return err
	}
	if part == kiosk.PaperCorner {
		err := each(v, "readings of named books", eventFields+` FROM event INDEXED BY event_visit WHERE site_id = $1 AND type IN ('session_opened', 'used_on_site')
			AND type = 'used_on_site' AND json_type(payload, '$.corner') IS NOT NULL ORDER BY occurred_at, seq`, []any{site}, scanEvent, fn)
		if err != nil {
			return err
		}
	}
	return each(v, "events of the paperwork", eventFields+` FROM event INDEXED BY event_stock WHERE site_id = $1 AND `+stockEvents+`
		AND json_type(payload, $2) IS NOT NULL ORDER BY seq`, []any{site, "$." + string(part)}, scanEvent, fn)
}
