package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"muontra/kiosk"
)

// FileName is the database's name in a data folder.
const FileName = dbName

const (
	dbName   = "muontra.db"
	siteName = "muontra.site" // says that there is, or was, a database here
	copies   = "backups"
)

// applicationID marks the file as muontra's: "muon".
const applicationID = 0x6d756f6e

// Open opens the ledger in the data folder dir, making folder and database
// where there are none and migrating an older schema. It refuses with
// ErrForeign, ErrLost, ErrDamaged or a *NewerError, and then has changed
// nothing. It takes no lock against other processes: see [Lock].
func Open(ctx context.Context, dir string, opt Options) (*Store, error) {
	opt = opt.withDefaults()
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := makePrivate(dir); err != nil {
		return nil, err
	}
	file := filepath.Join(dir, dbName)
	if err := notLost(file, filepath.Join(dir, siteName)); err != nil {
		return nil, err
	}
	if err := migrate(ctx, file, opt); err != nil {
		return nil, err
	}
	s := &Store{dir: dir, file: file, opt: opt, words: &wordList{},
		writer: make(chan *session, 1), reader: make(chan *session, readers)}
	if s.writeDB, err = sql.Open("sqlite", WriterDSN(file, opt)); err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	if s.readDB, err = sql.Open("sqlite", dsn(file, opt, "query_only(1)", "cache_size(-8192)")); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", file, err), s.writeDB.Close())
	}
	s.writeDB.SetMaxOpenConns(1)
	s.readDB.SetMaxIdleConns(-1) // the sessions hold the connections; what they let go is closed
	s.writer <- nil
	for range readers {
		s.reader <- nil
	}
	s.startCheckpoints()
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// start seeds a new database and leaves the mark that one exists.
func (s *Store) start(ctx context.Context) error {
	err := s.View(ctx, func(v kiosk.View) error {
		_, err := v.Site()
		return err
	})
	if errors.Is(err, kiosk.ErrNotFound) {
		err = s.Update(ctx, func(tx kiosk.Tx) error {
			// Another process may have been faster.
			if _, err := tx.Site(); !errors.Is(err, kiosk.ErrNotFound) {
				return err
			}
			return kiosk.Seed(tx, s.opt.Now())
		})
	}
	if err != nil {
		return err
	}
	return s.mark()
}

// mark writes the file that says a database exists here. The scan that is lost
// because somebody deleted the database must not look like a new library.
func (s *Store) mark() error {
	f, err := os.OpenFile(filepath.Join(s.dir, siteName), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("mark the data folder: %w", err)
	}
	_, err = f.WriteString("muontra keeps the library's database in this folder. While this file is here, a missing database is an error.\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("mark the data folder: %w", err)
	}
	return nil
}

// makePrivate makes the folder, for its owner only.
func makePrivate(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return narrow(dir, 0o700)
}

// narrow takes from others what they may do with the file, if they may.
func narrow(name string, mode os.FileMode) error {
	st, err := os.Stat(name)
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if st.Mode().Perm()&^mode == 0 {
		return nil
	}
	if err := os.Chmod(name, st.Mode().Perm()&mode); err != nil {
		return fmt.Errorf("children's names must not be readable by others: %w", err)
	}
	return nil
}

// notLost makes an empty file, private from its first byte, where there is
// none, and refuses one that should not be empty.
func notLost(file, mark string) error {
	st, err := os.Stat(file)
	if err == nil && st.Size() > 0 {
		return narrow(file, 0o600)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("data folder: %w", err)
	}
	if _, err := os.Stat(mark); err == nil {
		return ErrLost
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return f.Close()
}

// WriterDSN is the data source of the one connection that writes, for the driver
// "sqlite". What is measured beside a Store is measured with the same.
func WriterDSN(file string, opt Options) string {
	opt = opt.withDefaults()
	return dsn(file, opt, "journal_mode(WAL)", "synchronous("+opt.synchronous+")", "foreign_keys(1)", "recursive_triggers(1)", "cache_size(-16384)",
		fmt.Sprintf("wal_autocheckpoint(%d)", emergencyLog))
}

// dsn is the data source of file with what every connection needs. It is set
// here because a PRAGMA by Exec reaches one connection of a pool only, and
// busy_timeout comes first because the next pragmas may have to wait.
func dsn(file string, opt Options, pragmas ...string) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/...
	}
	q := []string{
		"_txlock=immediate", "_dqs=0", "_defensive=1", "_timezone=UTC",
		fmt.Sprintf("_pragma=busy_timeout(%d)", opt.Wait.Milliseconds()),
	}
	// temp_store: what a savepoint or a sort sets aside stays in memory; children's
	// names have no business in the system's folder for temporary files.
	pragmas = append(pragmas, "temp_store(MEMORY)", "trusted_schema(0)", "cell_size_check(1)", "secure_delete(1)", "journal_size_limit(67108864)")
	for _, p := range pragmas {
		q = append(q, "_pragma="+p)
	}
	if opt.VFS != "" {
		q = append(q, "vfs="+opt.VFS)
	}
	return (&url.URL{Scheme: "file", Path: path}).String() + "?" + strings.Join(q, "&")
}
