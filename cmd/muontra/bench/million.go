package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"muontra/store"
)

// large is the folder of a school with as many copies and past loans as the
// size asks for. They are written by SQL, which measures the same as a century of
// acts and takes a minute: each row is as an act would have left it.
func (g *Rig) large(ctx context.Context) (string, error) {
	if g.big != "" {
		return g.big, nil
	}
	seed, err := g.small(ctx)
	if err != nil {
		return "", err
	}
	dir, err := g.lay(seed, "large")
	if err != nil {
		return "", err
	}
	g.tell("%d copies and as many past loans are written ...", g.Size.Copies)
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(dir, store.FileName))+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_pragma=cache_size(-262144)")
	if err != nil {
		return "", err
	}
	db.SetMaxOpenConns(1)
	err = fill(ctx, db, g.Size.Copies)
	if err = errors.Join(err, db.Close()); err != nil {
		return "", err
	}
	g.big = dir
	return dir, nil
}

// fill makes of each number a copy, a loan that ended and its event. The ids
// grow as UUIDv7s do. Copies take the titles in turn; loans go through copies and
// readers in steps that scatter them.
func fill(ctx context.Context, db *sql.DB, n int) error {
	const numbers = `WITH RECURSIVE k (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM k WHERE i < $1) `
	id := func(kind string, i string) string {
		return `printf('01800000-%04d-7` + kind + `00-8000-%012d', (` + i + `) / 1000000, ` + i + `)`
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var site, epoch string
	var seq, titles, readers int
	if err := tx.QueryRowContext(ctx, `SELECT s.id, s.epoch, (SELECT max(seq) FROM event), (SELECT max(nr) FROM title), (SELECT count(*) FROM patron_ref)
		FROM meta m JOIN site s ON s.id = m.site_id`).Scan(&site, &epoch, &seq, &titles, &readers); err != nil {
		return err
	}
	begun := time.Now().AddDate(-10, 0, 0)
	second := 10 * 365 * 24 * 3600 / n // between two loans
	for _, q := range []struct {
		text string
		args []any
	}{
		{`CREATE TEMP TABLE reader AS SELECT row_number() OVER (ORDER BY ref) - 1 AS i, ref FROM patron_ref`, nil},
		{`CREATE INDEX temp.reader_i ON reader (i)`, nil},
		{numbers + `INSERT INTO barcode (site_id, code, owner) SELECT $2, printf('L%08d', i), ` + id("c", "i") + ` FROM k`, []any{n, site}},
		{numbers + `INSERT INTO accession (site_id, number, prefix, n, handed, copy_id) SELECT $2, printf('XX.%08d', i), 'XX', i, 0, ` + id("c", "i") + ` FROM k`, []any{n, site}},
		{numbers + `INSERT INTO copy (id, site_id, title_id, barcode, accession, kind, sub_kind, price, source, received, home_place, set_id, labelled)
			SELECT ` + id("c", "i") + `, $2, (SELECT id FROM title WHERE nr = i % $3 + 1), printf('L%08d', i), printf('XX.%08d', i), 'children', '', 20000, '', '', NULL, NULL, 1 FROM k`, []any{n, site, titles}},
		{numbers + `INSERT INTO copy_state (copy_id, site_id, status, condition, place_id, on_site, loans) SELECT ` + id("c", "i") + `, $2, 'available', 'good', NULL, 0, 1 FROM k`, []any{n, site}},
		{numbers + `INSERT INTO loan (id, site_id, copy_id, patron_ref, type, checked_out_at, due_on, renewals, returned_at, ended, station)
			SELECT ` + id("a", "i") + `, $2, ` + id("c", "1 + i * 7919 % $1") + `, (SELECT ref FROM reader r WHERE r.i = k.i % $3), 'home',
			strftime('%Y-%m-%dT%H:%M:%S', $4 + i * $5, 'unixepoch') || '.000Z', '2020-01-01', 0, strftime('%Y-%m-%dT%H:%M:%S', $4 + i * $5 + 3600, 'unixepoch') || '.000Z', 'returned', 'desk' FROM k`,
			[]any{n, site, readers, begun.Unix(), second}},
		{numbers + `INSERT INTO event (id, site_id, epoch, seq, type, copy_id, patron_ref, staff_ref, station, occurred_at, recorded_at, clock_ok, schema_version, payload)
			SELECT ` + id("e", "i") + `, $2, $3, $4 + i, 'returned', ` + id("c", "1 + i * 7919 % $1") + `, (SELECT ref FROM reader r WHERE r.i = k.i % $5), '', 'desk',
			strftime('%Y-%m-%dT%H:%M:%S', $6 + i * $7 + 3600, 'unixepoch') || '.000Z', strftime('%Y-%m-%dT%H:%M:%S', $6 + i * $7 + 3600, 'unixepoch') || '.000Z', 1, 1, $8 FROM k`,
			[]any{n, site, epoch, seq, readers, begun.Unix(), second, payload[:300]}},
	} {
		if q.args == nil {
			q.args = []any{}
		}
		if _, err := tx.ExecContext(ctx, q.text, q.args...); err != nil {
			return fmt.Errorf("%.60s: %w", q.text, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// million is a checkout in a school that has grown two hundredfold, beside one in
// the small.
func (g *Rig) million(ctx context.Context) ([]Row, error) {
	from, err := g.large(ctx)
	if err != nil {
		return nil, err
	}
	seed, err := g.small(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := g.lay(seed, "small")
	if err != nil {
		return nil, err
	}
	few, err := openShelf(ctx, dir, "", bookOf)
	if err != nil {
		return nil, err
	}
	defer few.close()
	step := g.Size.Copies / smallCopies
	many, err := openShelf(ctx, from, "", func(i int) string { return fmt.Sprintf("L%08d", 1+(i*max(step, 1))%g.Size.Copies) })
	if err != nil {
		return nil, err
	}
	defer many.store.Close() // the folder is measured once more
	big, small := newSeries(), newSeries()
	if err := turns(g.Size.Rounds,
		func() error { return big.round(many.timed(ctx, g.Size.Each)) },
		func() error { return small.round(few.timed(ctx, g.Size.Each)) }); err != nil {
		return nil, err
	}
	return []Row{
		Row{Name: "million", Value: big.rate(), Unit: "checkouts/s", Reference: small.rate(), Ratio: big.over(small)}.ratioAtLeast(0.6),
		Row{Name: "million-p99", Value: big.tail(), Unit: "ms", Reference: small.tail(), Ratio: big.tail() / small.tail()}.ratioAtMost(2),
	}, nil
}
