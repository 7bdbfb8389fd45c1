package bench

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"muontra/kiosk"
	"muontra/store"
)

// bare is a transaction of prepared statements on the driver alone: what is left
// when nothing is checked, decided or answered.
type bare struct {
	db     *sql.DB
	dir    string
	conn   *sql.Conn
	begin  *sql.Stmt
	commit *sql.Stmt
	stmts  []*sql.Stmt
	five   bool
	site   string
	epoch  string
	seq    int64
	refs   []kiosk.ID
	n      int
}

// payload is as long as the event of a checkout.
var payload = `{"outcome":"checked_out","filler":"` + strings.Repeat("x", 560) + `"}`

// newSeven is the reference of a durable checkout: the same seven statements
// on the same schema with the same indexes, pragmas and disk. Two look up (the
// copy by its barcode, the patron's open loans), five write (loan, copy's state,
// event, outbox, answer to the command).
func newSeven(ctx context.Context, dir, vfs string, refs []kiosk.ID) (*bare, error) {
	x := &bare{dir: dir, refs: refs}
	if err := x.open(ctx, filepath.Join(dir, store.FileName), vfs); err != nil {
		return nil, err
	}
	err := x.conn.QueryRowContext(ctx, `SELECT s.id, s.epoch, (SELECT max(seq) FROM event) FROM meta m JOIN site s ON s.id = m.site_id`).Scan(&x.site, &x.epoch, &x.seq)
	if err == nil {
		err = x.prepare(ctx,
			`SELECT id FROM copy WHERE site_id = $1 AND barcode = $2`,
			`SELECT count(*) FROM loan WHERE patron_ref = $1 AND ended = ''`,
			`INSERT INTO loan (id, site_id, copy_id, patron_ref, type, checked_out_at, due_on, renewals, returned_at, ended, station) VALUES ($1, $2, $3, $4, 'home', $5, $6, 0, '', '', 'desk')`,
			`UPDATE copy_state SET loans = loans + 1 WHERE copy_id = $1`,
			`INSERT INTO event (id, site_id, epoch, seq, type, copy_id, patron_ref, staff_ref, station, occurred_at, recorded_at, clock_ok, schema_version, payload)
			VALUES ($1, $2, $3, $4, 'checked_out', $5, $6, '', 'desk', $7, $7, 1, 1, $8)`,
			`INSERT INTO outbox (event_id, site_id, epoch, seq, created_at, sent_at, applied_at) VALUES ($1, $2, $3, $4, $5, '', '')`,
			`INSERT INTO answer (site_id, station, command_id, body, result, at) VALUES ($1, 'desk', $2, '', $3, $4)`)
	}
	if err != nil {
		x.close()
		return nil, err
	}
	return x, nil
}

// newFive is the least that a loan can be: five statements on three small tables
// with whole numbers for keys.
func newFive(ctx context.Context, dir, vfs string) (*bare, error) {
	x := &bare{dir: dir, five: true}
	if err := x.open(ctx, filepath.Join(dir, "five.db"), vfs); err != nil {
		return nil, err
	}
	for _, q := range []string{
		`CREATE TABLE copy (id INTEGER PRIMARY KEY, barcode TEXT NOT NULL UNIQUE, loans INTEGER NOT NULL) STRICT`,
		`CREATE TABLE loan (id INTEGER PRIMARY KEY, copy_id INTEGER NOT NULL REFERENCES copy (id), patron TEXT NOT NULL, at TEXT NOT NULL, ended TEXT NOT NULL) STRICT`,
		`CREATE UNIQUE INDEX loan_one_open ON loan (copy_id) WHERE ended = ''`,
		`CREATE INDEX loan_open_of ON loan (patron) WHERE ended = ''`,
		`CREATE TABLE event (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, payload TEXT NOT NULL) STRICT`,
		fmt.Sprintf(`WITH RECURSIVE n (i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO copy SELECT i + 1, printf('S%%06d', i), 0 FROM n`, smallCopies-1),
	} {
		if _, err := x.conn.ExecContext(ctx, q); err != nil {
			x.close()
			return nil, err
		}
	}
	err := x.prepare(ctx,
		`SELECT id FROM copy WHERE barcode = $1`,
		`SELECT count(*) FROM loan WHERE patron = $1 AND ended = ''`,
		`INSERT INTO loan (copy_id, patron, at, ended) VALUES ($1, $2, $3, '')`,
		`UPDATE copy SET loans = loans + 1 WHERE id = $1`,
		`INSERT INTO event (at, payload) VALUES ($1, $2)`)
	if err != nil {
		x.close()
		return nil, err
	}
	return x, nil
}

func (x *bare) open(ctx context.Context, file, vfs string) (err error) {
	if x.db, err = sql.Open("sqlite", store.WriterDSN(file, store.Options{VFS: vfs})); err != nil {
		return err
	}
	x.db.SetMaxOpenConns(1)
	if x.conn, err = x.db.Conn(ctx); err == nil {
		// SQLite's own default: nobody moves the log for the reference.
		_, err = x.conn.ExecContext(ctx, "PRAGMA wal_autocheckpoint=1000")
	}
	if err != nil {
		x.db.Close()
	}
	return err
}

func (x *bare) prepare(ctx context.Context, queries ...string) (err error) {
	for _, q := range append([]string{"BEGIN IMMEDIATE", "COMMIT"}, queries...) {
		st, err := x.conn.PrepareContext(ctx, q)
		if err != nil {
			return err
		}
		x.stmts = append(x.stmts, st)
	}
	x.begin, x.commit, x.stmts = x.stmts[0], x.stmts[1], x.stmts[2:]
	return nil
}

func (x *bare) close() error {
	for _, st := range append([]*sql.Stmt{x.begin, x.commit}, x.stmts...) {
		if st != nil {
			st.Close()
		}
	}
	if x.conn != nil {
		x.conn.Close()
	}
	err := x.db.Close()
	if rerr := os.RemoveAll(x.dir); err == nil {
		err = rerr
	}
	return err
}

// once is one durable loan.
func (x *bare) once(ctx context.Context) error { return x.loans(ctx, 1) }

// loans are n loans in one durable transaction.
func (x *bare) loans(ctx context.Context, n int) error {
	if _, err := x.begin.ExecContext(ctx); err != nil {
		return err
	}
	var err error
	for range n {
		x.n++
		book := bookOf((x.n * 7919) % smallCopies)
		if x.five {
			err = x.fiveSteps(ctx, book)
		} else {
			err = x.sevenSteps(ctx, book)
		}
		if err != nil {
			break
		}
	}
	if err != nil {
		x.conn.ExecContext(ctx, "ROLLBACK")
		return err
	}
	_, err = x.commit.ExecContext(ctx)
	return err
}

func (x *bare) fiveSteps(ctx context.Context, book string) error {
	at, patron := stamp(time.Now()), fmt.Sprint(x.n/3%readers)
	var id, open int64
	if err := x.stmts[0].QueryRowContext(ctx, book).Scan(&id); err != nil {
		return err
	}
	if err := x.stmts[1].QueryRowContext(ctx, patron).Scan(&open); err != nil {
		return err
	}
	return x.write(ctx, x.stmts[2:], []any{id, patron, at}, []any{id}, []any{at, payload})
}

func (x *bare) sevenSteps(ctx context.Context, book string) error {
	at, patron := stamp(time.Now()), x.refs[x.n/3%len(x.refs)]
	var id string
	var open int64
	if err := x.stmts[0].QueryRowContext(ctx, x.site, book).Scan(&id); err != nil {
		return err
	}
	if err := x.stmts[1].QueryRowContext(ctx, patron).Scan(&open); err != nil {
		return err
	}
	loan, event := uuid.Must(uuid.NewV7()).String(), uuid.Must(uuid.NewV7()).String()
	x.seq++
	return x.write(ctx, x.stmts[2:],
		[]any{loan, x.site, id, patron, at, at[:10]},
		[]any{id},
		[]any{event, x.site, x.epoch, x.seq, id, patron, at, payload},
		[]any{event, x.site, x.epoch, x.seq, at},
		[]any{x.site, fmt.Sprint("bare", x.seq), payload, at})
}

func (x *bare) write(ctx context.Context, stmts []*sql.Stmt, args ...[]any) error {
	for i, a := range args {
		if _, err := stmts[i].ExecContext(ctx, a...); err != nil {
			return err
		}
	}
	return nil
}

// timed is one round, as of a shelf.
func (x *bare) timed(ctx context.Context, n int) (each []float64, all time.Duration, err error) {
	for range n {
		began := time.Now()
		if err := x.once(ctx); err != nil {
			return nil, 0, err
		}
		took := time.Since(began)
		each, all = append(each, ms(took)), all+took
	}
	_, err = x.conn.ExecContext(ctx, `UPDATE loan SET ended = 'returned' WHERE ended = ''`)
	return each, all, err
}

// grouped is one round of n loans, so many to a commit: what no ledger that
// writes these rows can surpass, since nothing is asked, decided or answered and
// nobody waits for anybody.
func (x *bare) grouped(ctx context.Context, n, together int) (each []float64, all time.Duration, err error) {
	for done := 0; done < n; done += together {
		began := time.Now()
		if err := x.loans(ctx, min(together, n-done)); err != nil {
			return nil, 0, err
		}
		all += time.Since(began)
	}
	_, err = x.conn.ExecContext(ctx, `UPDATE loan SET ended = 'returned' WHERE ended = ''`)
	return make([]float64, n), all, err
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
