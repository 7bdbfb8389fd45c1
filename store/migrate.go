package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"muontra/kiosk"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one step of the schema.
type migration struct {
	number int
	name   string
	script string
}

// migrations reads the steps of a folder, in order, and insists on the law's
// first line: numbered from 1 without gaps.
func migrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var all []migration
	for i, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		base := filepath.Base(name)
		digits, _, _ := strings.Cut(base, "_")
		n, err := strconv.Atoi(digits)
		if err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s: want number %04d", base, i+1)
		}
		all = append(all, migration{n, base, string(b)})
	}
	return all, nil
}

// migrate brings file to the program's schema, or refuses it untouched.
func migrate(ctx context.Context, file string, opt Options) error {
	steps, err := migrations(migrationFiles)
	if err != nil {
		return err
	}
	return migrateTo(ctx, file, opt, steps)
}

func migrateTo(ctx context.Context, file string, opt Options, steps []migration) (err error) {
	// Without journal_mode and with foreign keys off: the first would write to a
	// file that may not be ours, the second would stop a table being rebuilt.
	db, err := sql.Open("sqlite", dsn(file, opt, "foreign_keys(0)", "synchronous(FULL)"))
	if err != nil {
		return fmt.Errorf("open %s: %w", file, err)
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return unreadable(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()

	have, err := schemaOf(ctx, conn)
	if err != nil {
		return err
	}
	if have > len(steps) {
		return &NewerError{have, len(steps)}
	}
	if have == len(steps) {
		return nil
	}
	if have > 0 {
		name := fmt.Sprintf("before-schema-%04d-%s.db", have+1, opt.Now().UTC().Format("20060102T150405.000Z"))
		to := filepath.Join(filepath.Dir(file), copies, name)
		if err := copyInto(ctx, conn, to); err != nil {
			return fmt.Errorf("copy before migrating: %w", err)
		}
		opt.Logger.Info("copied the database before migrating", "file", to)
	}
	// The file is ours, or empty: now it may become a WAL file.
	if err := logAhead(ctx, conn, opt); err != nil {
		return err
	}
	for _, m := range steps[have:] {
		if err := apply(ctx, conn, m); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	return nil
}

// logAhead makes the file a WAL file. SQLite does not wait for others here as
// it does elsewhere (two that waited for each other would never end), so this
// tries again for as long as the store waits.
func logAhead(ctx context.Context, conn *sql.Conn, opt Options) error {
	for end := time.Now().Add(opt.Wait); ; {
		_, err := conn.ExecContext(ctx, "PRAGMA journal_mode=WAL")
		err = fault("write-ahead log", err)
		if !errors.Is(err, kiosk.ErrBusy) || time.Now().After(end) {
			return err
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			return fault("write-ahead log", ctx.Err())
		}
	}
}

// schemaOf is the number of the file's schema, 0 for an empty file.
func schemaOf(ctx context.Context, conn *sql.Conn) (int, error) {
	var id, version, tables int
	for q, to := range map[string]*int{
		"PRAGMA application_id":              &id,
		"PRAGMA user_version":                &version,
		"SELECT count(*) FROM sqlite_schema": &tables,
	} {
		if err := conn.QueryRowContext(ctx, q).Scan(to); err != nil {
			return 0, unreadable(err)
		}
	}
	switch {
	case id == applicationID && version > 0:
		return version, nil
	case id == 0 && version == 0 && tables == 0:
		return 0, nil
	}
	return 0, ErrForeign
}

// unreadable tells a file that is no database from one that is broken.
func unreadable(err error) error {
	switch {
	case hasCode(err, codeNotADB):
		return fmt.Errorf("%w (%w)", ErrForeign, err)
	case hasCode(err, codeCorrupt):
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return fault("read the database", err)
}

// apply runs one step in a transaction of its own.
func apply(ctx context.Context, conn *sql.Conn, m migration) (err error) {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return fault("begin", err)
	}
	defer func() {
		if err != nil {
			_, rerr := conn.ExecContext(context.Background(), "ROLLBACK")
			err = errors.Join(err, rerr)
		}
	}()
	var have int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return err
	}
	if have >= m.number {
		// Another process did it while this one waited for the lock.
		_, err := conn.ExecContext(ctx, "COMMIT")
		return err
	}
	end := fmt.Sprintf(";\nPRAGMA application_id=%d; PRAGMA user_version=%d;", applicationID, m.number)
	if _, err := conn.ExecContext(ctx, m.script+end); err != nil {
		return err
	}
	orphans, err := foreignKeyFaults(ctx, conn)
	if err != nil {
		return err
	}
	if len(orphans) > 0 {
		return fmt.Errorf("%d rows name something that is not there, the first: %s: %s", len(orphans), orphans[0].Subject, orphans[0].Text)
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}

// foreignKeyFaults reads foreign_key_check as rows: run as a statement it
// throws its answer away.
func foreignKeyFaults(ctx context.Context, conn *sql.Conn) ([]Fault, error) {
	rs, err := conn.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	var all []Fault
	for rs.Next() {
		var table, parent string
		var row sql.NullInt64
		var n int
		if err := rs.Scan(&table, &row, &parent, &n); err != nil {
			return nil, err
		}
		all = append(all, Fault{"foreign_key", fmt.Sprintf("%s row %d", table, row.Int64), "names a row of " + parent + " that is not there"})
	}
	return all, rs.Err()
}

// copyInto writes a consistent copy of the database into a new private file.
func copyInto(ctx context.Context, conn *sql.Conn, to string) (err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	// VACUUM INTO takes an empty file; made here, it is private from the start.
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(to)) // a partial copy would be taken for a copy
		}
	}()
	if err := f.Close(); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "VACUUM INTO $1", to); err != nil {
		return fault("copy the database", err)
	}
	return syncFile(to)
}

func syncFile(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
