package store

import (
	"context"
	"fmt"
)

// Checkpoint moves the write-ahead log into the database's file and empties it.
// It waits for the writer; readers that are under way may keep a part, which is
// no error.
func (s *Store) Checkpoint(ctx context.Context) error {
	ses, err := s.take(ctx, s.writer)
	if err != nil {
		return err
	}
	defer func() { s.writer <- ses }()
	if ses == nil {
		if ses, err = newSession(ctx, s.writeDB, beginWrite, s.words); err != nil {
			return fault("open a connection", err)
		}
	}
	_, err = ses.conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA wal_checkpoint(TRUNCATE)")
	return fault("checkpoint", err)
}

// QuickCheck asks SQLite whether the file is whole, without comparing its
// indexes: some tenths of a second where Check takes longer. No faults is nil.
func (s *Store) QuickCheck(ctx context.Context) (faults []Fault, err error) {
	err = s.apart(ctx, func(t *tx) error {
		if err := lookAnew(&t.view); err != nil {
			return err
		}
		lines, err := rows(&t.view, "quick check", "PRAGMA quick_check", nil, func(s scanner) (l string, err error) {
			err = s.Scan(&l)
			return l, err
		})
		for _, l := range lines {
			if l != "ok" {
				faults = append(faults, Fault{"integrity", dbName, l})
			}
		}
		return err
	})
	if IsDamaged(err) {
		return append(faults, Fault{"damaged", dbName, fmt.Sprint(err)}), nil
	}
	return faults, err
}
