package store

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
)

// When the write-ahead log is moved into the database's file. SQLite does it by
// itself in the commit that makes the log a thousand pages long, and a child waits
// meanwhile; here a goroutine does it beside the acts.
const (
	checkpointActs = 64   // after so many acts: about a thousand pages
	longLog        = 4000 // pages; then the writer pauses so that the log begins anew
	// emergencyLog is where SQLite does it itself, for a transaction that is larger
	// than a day: an import.
	emergencyLog = 8000
)

// checkpointer moves the log into the file, with a connection of its own.
type checkpointer struct {
	every int64
	long  int
	acts  atomic.Int64
	ring  chan struct{}
	stop  context.CancelFunc
	wg    sync.WaitGroup
}

// startCheckpoints begins it; Close ends it.
func (s *Store) startCheckpoints() {
	ctx, stop := context.WithCancel(context.Background())
	c := &s.checkpoints
	c.every, c.long, c.ring, c.stop = s.opt.checkpointActs, s.opt.longLog, make(chan struct{}, 1), stop
	c.wg.Go(func() {
		var db *sql.DB
		defer func() {
			if db != nil {
				db.Close()
			}
		}()
		for {
			select {
			case <-ctx.Done():
				return
			case <-c.ring:
			}
			if db == nil {
				var err error
				if db, err = sql.Open("sqlite", WriterDSN(s.file, s.opt)); err != nil {
					s.opt.Logger.Warn("the log is not moved into the database beside the acts", "error", err)
					return
				}
				db.SetMaxOpenConns(1)
			}
			s.checkpointBeside(ctx, db)
		}
	})
}

// wrote counts the acts of a commit and rings when there are enough. Those that
// share one share pages too, the ends of the log, of the outbox, of the loans: each
// beyond the first writes about a third as many.
func (c *checkpointer) wrote(acts int) {
	if n := c.acts.Add(int64(1 + (acts-1)/3)); n < c.every {
		return
	}
	c.acts.Store(0)
	select {
	case c.ring <- struct{}{}:
	default:
	}
}

// checkpointBeside moves what is in the log while the acts go on, flushes and
// all. The log begins anew only when all of it has been moved, for which, when it
// has grown long, the writer waits: the little that came meanwhile is moved then.
func (s *Store) checkpointBeside(ctx context.Context, db *sql.DB) {
	pages, err := passive(ctx, db)
	if err == nil && pages >= s.checkpoints.long {
		var ses *session
		if ses, err = s.take(ctx, s.writer); err == nil {
			_, err = passive(ctx, db)
			s.writer <- ses
		}
	}
	if err != nil && ctx.Err() == nil {
		// The disk is full or gone, which the acts find out themselves.
		s.opt.Logger.Debug("checkpoint", "error", err)
	}
}

// passive reports how many pages the log has, moved or not.
func passive(ctx context.Context, db *sql.DB) (pages int, err error) {
	var busy, moved int
	err = db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &pages, &moved)
	return pages, err
}
