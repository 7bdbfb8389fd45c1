package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"muontra/kiosk"
)

// OpenToRead opens the ledger where nothing can be written: on a disk that the
// system has made read-only, or in a folder of somebody else's. Views work,
// Update and Act fail with an error of which IsReadOnly is true. What the
// write-ahead log alone has is not seen, since without writing it cannot be put
// in order. It refuses as Open does, and a schema that is not this program's.
func OpenToRead(ctx context.Context, dir string, opt Options) (_ *Store, err error) {
	opt = opt.withDefaults()
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	file := filepath.Join(dir, dbName)
	if st, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	} else if st.Size() == 0 {
		return nil, ErrLost
	}
	s := &Store{dir: dir, file: file, opt: opt, words: &wordList{},
		writer: make(chan *session, 1), reader: make(chan *session, readers)}
	source := dsn(file, opt, "query_only(1)", "cache_size(-8192)") + "&mode=ro&immutable=1"
	if s.writeDB, err = sql.Open("sqlite", source); err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	if s.readDB, err = sql.Open("sqlite", source); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", file, err), s.writeDB.Close())
	}
	s.writer <- nil
	for range readers {
		s.reader <- nil
	}
	if err := s.knows(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// knows refuses a file that is not of this program's schema.
func (s *Store) knows(ctx context.Context) error {
	conn, err := s.readDB.Conn(ctx)
	if err != nil {
		return unreadable(err)
	}
	defer conn.Close()
	have, err := schemaOf(ctx, conn)
	if err != nil {
		return err
	}
	steps, err := migrations(migrationFiles)
	if err != nil {
		return err
	}
	if have > len(steps) {
		return &NewerError{have, len(steps)}
	}
	if have < len(steps) {
		return fmt.Errorf("muontra.db has schema %d, this program needs %d and cannot write here", have, len(steps))
	}
	return s.View(ctx, func(v kiosk.View) error {
		_, err := v.Site()
		return err
	})
}
