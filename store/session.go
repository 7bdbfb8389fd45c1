package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"muontra/kiosk"
)

// session is one connection with the statements prepared on it. One goroutine
// has it at a time. It holds its connection, and begins and ends transactions
// itself, because database/sql's own Tx costs a goroutine and a statement
// object for each call.
type session struct {
	conn  *sql.Conn
	begin string
	stmts map[string]*sql.Stmt
	seen  settings  // valid while dataVersion is the file's
	at    int64     // the data_version that seen was read at; 0 for nothing
	site  string    // the site's ID, in a session that only reads; "" before it was asked for
	swept time.Time // when old answers were dropped last
	words *wordList
	// committed is how long the last commit took.
	committed time.Duration
}

func newSession(ctx context.Context, db *sql.DB, begin string, words *wordList) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn: conn, begin: begin, stmts: map[string]*sql.Stmt{}, words: words}, nil
}

func (s *session) close() error {
	var errs []error
	for _, st := range s.stmts {
		errs = append(errs, st.Close())
	}
	return errors.Join(append(errs, s.conn.Close())...)
}

// prepared is the statement of a query, prepared at its first use.
func (s *session) prepared(q string) (*sql.Stmt, error) {
	if st := s.stmts[q]; st != nil {
		return st, nil
	}
	st, err := s.conn.PrepareContext(context.Background(), q)
	if err != nil {
		return nil, err
	}
	s.stmts[q] = st
	return st, nil
}

// run does fn in one transaction. Whatever ends it other than a commit, a
// panic included, rolls it back. The second result tells whether the session
// can be used again.
func (s *session) run(ctx context.Context, fn func(*tx) error) (err error, usable bool) {
	t := &tx{view{s: s, ctx: ctx}}
	// A wait for the lock ends with the context; only here, since an interrupt in
	// the middle of a commit would leave its outcome in doubt.
	if _, err := s.conn.ExecContext(ctx, s.begin); err != nil {
		// An interrupted BEGIN may have begun.
		usable := s.rollback()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fault("begin", err), usable
	}
	done := false
	defer func() {
		if !done {
			usable = s.rollback()
		}
		if t.touched {
			s.forget()
		}
	}()
	if err := fn(t); err != nil {
		return err, true
	}
	if err := t.alive(); err != nil {
		return err, true
	}
	began := time.Now()
	if _, err := s.step("COMMIT"); err != nil {
		return fault("commit", err), true
	}
	s.committed = time.Since(began)
	done = true
	return nil, true
}

// step runs a prepared statement without arguments.
func (s *session) step(q string) (sql.Result, error) {
	st, err := s.prepared(q)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(context.Background())
}

// rollback reports whether the connection is outside a transaction afterwards.
func (s *session) rollback() bool {
	s.forget()
	if _, err := s.conn.ExecContext(context.Background(), "ROLLBACK"); err == nil {
		return true
	}
	// The usual case: SQLite has already rolled back, as it does on a full disk.
	// A BEGIN tells for certain.
	if _, err := s.conn.ExecContext(context.Background(), "BEGIN"); err != nil {
		return false
	}
	_, err := s.conn.ExecContext(context.Background(), "ROLLBACK")
	return err == nil
}

// view is a transaction that reads; tx adds what writes.
type (
	view struct {
		s       *session
		ctx     context.Context
		checked bool // seen was compared with the file in this transaction
		touched bool // settings were written in this transaction
		wrote   bool // something was to be written by this act
		plain   bool // there is no savepoint to go back to; see asked.plain
		broken  bool // a write of several statements failed in the middle, in a plain act
		now     func() time.Time
	}
	tx struct{ view }
)

var (
	_ kiosk.View = (*view)(nil)
	_ kiosk.Tx   = (*tx)(nil)
)

// alive ends a transaction whose caller has gone away or run out of time.
func (v *view) alive() error {
	if err := v.ctx.Err(); err != nil {
		return fault("transaction", err)
	}
	return nil
}

// one scans the only row of a query; kiosk.ErrNotFound when there is none.
// what, and the first argument that is text, tell a reader of the error what
// was looked for.
func (v *view) one(what, q string, args []any, to ...any) error {
	if err := v.alive(); err != nil {
		return err
	}
	st, err := v.s.prepared(q)
	if err != nil {
		return fault(what, err)
	}
	err = st.QueryRowContext(context.Background(), args...).Scan(to...)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s: %w", what, kiosk.ErrNotFound)
	}
	return fault(what, err)
}

// rows reads all rows of a query before the first is used, so that a caller's
// function may run any other query, this one too.
func rows[T any](v *view, what, q string, args []any, scan func(scanner) (T, error)) ([]T, error) {
	if err := v.alive(); err != nil {
		return nil, err
	}
	st, err := v.s.prepared(q)
	if err != nil {
		return nil, fault(what, err)
	}
	rs, err := st.QueryContext(context.Background(), args...)
	if err != nil {
		return nil, fault(what, err)
	}
	defer rs.Close()
	var all []T
	for rs.Next() {
		x, err := scan(rs)
		if err != nil {
			return nil, fault(what, err)
		}
		if all = append(all, x); len(all)%256 == 0 {
			if err := v.alive(); err != nil {
				return nil, err
			}
		}
	}
	return all, fault(what, rs.Err())
}

// first is the one that a lookup found; kiosk.ErrNotFound when it found none.
func first[T any](all []T, err error) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	if len(all) == 0 {
		return none, kiosk.ErrNotFound
	}
	return all[0], nil
}

// each calls fn with every row.
func each[T any](v *view, what, q string, args []any, scan func(scanner) (T, error), fn func(T) error) error {
	all, err := rows(v, what, q, args, scan)
	if err != nil {
		return err
	}
	for _, x := range all {
		if err := fn(x); err != nil {
			return err
		}
	}
	return nil
}

// exec runs a statement that changes. What is remembered of readers and copies
// may be no longer so afterwards; a statement for which it stays so is run by
// note.
func (t *tx) exec(what, q string, args ...any) error {
	_, err := t.changed(what, q, args...)
	return err
}

// changed is exec with the number of rows that it touched.
func (t *tx) changed(what, q string, args ...any) (int64, error) {
	t.s.seen.recent = recent{}
	return t.note(what, q, args...)
}

// note is changed for a statement that touches nothing of what is remembered
// (see recent), or whose caller mends what is remembered.
func (t *tx) note(what, q string, args ...any) (int64, error) {
	if err := t.alive(); err != nil {
		return 0, err
	}
	t.wrote = true
	st, err := t.s.prepared(q)
	if err != nil {
		return 0, fault(what, err)
	}
	r, err := st.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, fault(what, err)
	}
	n, err := r.RowsAffected()
	return n, fault(what, err)
}

// whole makes a write of several statements leave nothing behind when it fails,
// so that its caller may go on in the same transaction.
func (t *tx) whole(what string, fn func() error) error {
	if t.plain {
		err := fn()
		t.broken = t.broken || err != nil
		return err
	}
	if _, err := t.note(what, "SAVEPOINT whole"); err != nil {
		return err
	}
	err := fn()
	if err != nil {
		t.s.seen = settings{}
		// A full disk may have ended the whole transaction, and the savepoint with it.
		if _, rerr := t.s.conn.ExecContext(context.Background(), "ROLLBACK TO whole"); rerr != nil {
			return err
		}
	}
	_, rerr := t.s.step("RELEASE whole")
	if err == nil {
		err = fault(what, rerr)
	}
	return err
}
