package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"muontra/kiosk"
)

// Options are what a store asks of its surroundings. The zero value is usable.
type Options struct {
	Now    func() time.Time // time.Now when nil
	Logger *slog.Logger     // silent when nil
	// Wait is how long a transaction waits for another writer before it is
	// kiosk.ErrBusy: 5 s when zero.
	Wait time.Duration
	// MakeRoom, if not nil, is asked when the disk is full, while the writer waits,
	// and reports whether it has made some: what was kept free for that moment.
	MakeRoom func() bool
	// VFS is the name of a disk of package vfs; "" is the system's own.
	VFS string
	// synchronous is SQLite's setting, FULL when empty. A test shows that it
	// notices the loss that another setting brings.
	synchronous string
	// checkpointActs and longLog are the constants of the same names when zero; a
	// test has them smaller.
	checkpointActs int64
	longLog        int
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Wait == 0 {
		o.Wait = 5 * time.Second
	}
	if o.synchronous == "" {
		o.synchronous = "FULL"
	}
	if o.checkpointActs == 0 {
		o.checkpointActs = checkpointActs
	}
	if o.longLog == 0 {
		o.longLog = longLog
	}
	return o
}

// readers is how many views run at once; each has a connection of its own.
const readers = 4

// Store is an open ledger. Its methods may be called from many goroutines.
type Store struct {
	dir, file string
	opt       Options
	writeDB   *sql.DB
	readDB    *sql.DB
	// A channel each holds the sessions that are free; a nil one is opened by
	// whoever takes it.
	writer chan *session
	reader chan *session
	acts   line
	words  *wordList

	checkpoints checkpointer
}

var _ kiosk.Ledger = (*Store)(nil)

// Dir is the data folder.
func (s *Store) Dir() string { return s.dir }

// File is the database's file.
func (s *Store) File() string { return s.file }

// View runs fn on one consistent state. Writers go on meanwhile.
func (s *Store) View(ctx context.Context, fn func(kiosk.View) error) error {
	return s.with(ctx, s.reader, s.readDB, "BEGIN", func(t *tx) error { return fn(&t.view) })
}

// Update runs fn in the one writing transaction and commits what it did.
func (s *Store) Update(ctx context.Context, fn func(kiosk.Tx) error) error {
	err := s.with(ctx, s.writer, s.writeDB, beginWrite, func(t *tx) error { return fn(t) })
	if err == nil {
		s.checkpoints.wrote(1)
	} else if NoRoom(err) {
		s.MakeRoom() // for the next: fn need not bear to be run twice
	}
	return err
}

// beginWrite takes the file's one write lock at once: a transaction that reads
// first and writes then can be refused in the middle.
const beginWrite = "BEGIN IMMEDIATE"

// apart is View on a connection that is closed afterwards: who reads all of the
// file fills the connection's memory with it, and an old PC has little.
func (s *Store) apart(ctx context.Context, fn func(*tx) error) error {
	db, err := sql.Open("sqlite", dsn(s.file, s.opt, "query_only(1)", "cache_size(-4096)"))
	if err != nil {
		return fault("open a connection", err)
	}
	defer db.Close()
	pool := make(chan *session, 1)
	err = s.using(ctx, nil, pool, db, "BEGIN", fn)
	if ses := <-pool; ses != nil {
		err = errors.Join(err, ses.close())
	}
	return err
}

func (s *Store) with(ctx context.Context, pool chan *session, db *sql.DB, begin string, fn func(*tx) error) error {
	ses, err := s.take(ctx, pool)
	if err != nil {
		return err
	}
	return s.using(ctx, ses, pool, db, begin, fn)
}

// using does fn in one transaction of a session that was taken from the pool,
// and puts the session back.
func (s *Store) using(ctx context.Context, ses *session, pool chan *session, db *sql.DB, begin string, fn func(*tx) error) error {
	defer func() { pool <- ses }()
	return s.transact(ctx, &ses, db, begin, fn)
}

// transact does fn in one transaction of a session that the caller has, which is
// opened where it is nil and nil afterwards where it cannot be used again.
func (s *Store) transact(ctx context.Context, held **session, db *sql.DB, begin string, fn func(*tx) error) (err error) {
	ses := *held
	if ses == nil {
		if ses, err = newSession(ctx, db, begin, s.words); err != nil {
			return fault("open a connection", err)
		}
		*held = ses
	}
	// A panic of fn leaves usable false: the session is closed, not used again.
	usable := false
	defer func() {
		if !usable {
			if err := ses.close(); err != nil {
				s.opt.Logger.Warn("a broken database connection did not close", "error", err)
			}
			*held = nil
		}
	}()
	fnNow := func(t *tx) error { t.now = s.opt.Now; return fn(t) }
	err, usable = ses.run(ctx, fnNow)
	return err
}

// take waits for a free session: at most the store's own limit, at most the
// context's.
func (s *Store) take(ctx context.Context, pool chan *session) (*session, error) {
	select {
	case ses, ok := <-pool:
		return opened(pool, ses), closedErr(ok)
	default:
	}
	t := time.NewTimer(s.opt.Wait)
	defer t.Stop()
	select {
	case ses, ok := <-pool:
		return ses, closedErr(ok)
	case <-t.C:
		return nil, fmt.Errorf("waited %v for the database: %w", s.opt.Wait, kiosk.ErrBusy)
	case <-ctx.Done():
		return nil, fault("wait for the database", ctx.Err())
	}
}

// opened is a free session that is open, where there is one, in place of one that
// would have to be opened: who comes alone finds one warm connection, and the
// others, with a memory of their own each, are opened in a crowd only.
func opened(pool chan *session, ses *session) *session {
	for range cap(pool) - 1 {
		if ses != nil {
			return ses
		}
		select {
		case other, ok := <-pool:
			if !ok {
				return ses
			}
			pool <- ses
			ses = other
		default:
			return ses
		}
	}
	return ses
}

// Rest gives back the memory that quick answers to many take and a quiet library
// does not need: all readers' connections but one are closed until they are needed
// again, and the caches of what stays open are emptied. What is in use is left.
func (s *Store) Rest(ctx context.Context) error {
	var errs []error
	kept := 0
	for _, pool := range []chan *session{s.reader, s.writer} {
		for range cap(pool) {
			var ses *session
			var ok bool
			select {
			case ses, ok = <-pool:
			default:
			}
			if !ok {
				break
			}
			switch {
			case ses == nil:
			case pool == s.reader && kept > 0:
				errs = append(errs, ses.close())
				ses = nil
			default:
				_, err := ses.conn.ExecContext(ctx, "PRAGMA shrink_memory")
				errs = append(errs, err)
				kept++
			}
			pool <- ses
		}
	}
	return errors.Join(errs...)
}

// ErrClosed is what a closed store answers.
var ErrClosed = errors.New("the store is closed")

func closedErr(ok bool) error {
	if !ok {
		return ErrClosed
	}
	return nil
}

// Close waits for what is under way, moves the write-ahead log into the file
// and closes it.
func (s *Store) Close() error {
	if s.checkpoints.stop != nil {
		s.checkpoints.stop()
		s.checkpoints.wg.Wait()
	}
	var errs []error
	for range cap(s.reader) {
		if ses, ok := <-s.reader; ok && ses != nil {
			errs = append(errs, ses.close())
		}
	}
	ses, ok := <-s.writer
	if !ok {
		return ErrClosed
	}
	if ses != nil {
		// Readers of another process may keep the log; then it stays, which is fine.
		_, err := ses.conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
		errs = append(errs, err, ses.close())
	}
	close(s.reader)
	close(s.writer)
	errs = append(errs, s.readDB.Close(), s.writeDB.Close())
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}
