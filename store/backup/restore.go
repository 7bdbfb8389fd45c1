package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/store"
)

// Restored says what a restore did.
type Restored struct {
	Proof
	Kept string // where the database is that was there before, "" if there was none
}

// kept is how the name of a database begins that a restore has put aside.
const kept = "muontra-before-restore-"

// The files that SQLite keeps beside a database.
const (
	wal = "-wal"
	shm = "-shm"
)

// Restore puts a copy in the place of the data folder's database. It refuses
// with store.ErrLocked while a daemon serves the folder, and refuses a copy that
// is not right before anything is touched. Nothing is overwritten: what was
// there stays beside, with its log, under a dated name. The restored school has
// a new epoch, so that the events after the copy, which some other machine may
// know, are never taken for those that come now under the same numbers; and
// everybody signs in anew.
func Restore(ctx context.Context, dir, file string, key *Key, now time.Time) (r Restored, err error) {
	if _, err := os.Stat(file); err != nil {
		return r, err
	}
	lock, err := store.Lock(dir)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	room, err := os.MkdirTemp(dir, ".restore-")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(room)) }()
	st, err := unpack(ctx, file, strings.HasSuffix(file, Encrypted), room, key)
	if err != nil {
		return r, err
	}
	if r.Proof, err = proofOf(ctx, st); err != nil {
		return r, errors.Join(err, st.Close())
	}
	err = st.Update(ctx, func(tx kiosk.Tx) error {
		site, err := tx.Site()
		if err != nil {
			return err
		}
		site.Epoch = tx.NewID()
		return tx.PutSite(site)
	})
	if err == nil {
		err = st.EndSignIns(ctx)
	}
	if err = errors.Join(err, st.Close()); err != nil {
		return r, err
	}
	if r.Kept, err = putAside(dir, now); err != nil {
		return r, fmt.Errorf("keep the old database: %w", err)
	}
	if err := place(filepath.Join(room, store.FileName), filepath.Join(dir, store.FileName)); err != nil {
		return r, err
	}
	// The mark that a database exists here.
	st, err = store.Open(ctx, dir, store.Options{})
	if err != nil {
		return r, err
	}
	return r, st.Close()
}

// putAside renames the database and then its log: a cut in between leaves a
// folder without a database, which is refused, and never a database without the
// newest loans. The log that such a cut has left follows its database.
func putAside(dir string, now time.Time) (string, error) {
	db := filepath.Join(dir, store.FileName)
	to := filepath.Join(dir, kept+now.UTC().Format("20060102T150405.000Z")+plainEnd)
	if _, err := os.Lstat(db); errors.Is(err, fs.ErrNotExist) {
		if to = interrupted(dir); to == "" {
			return "", nil
		}
	} else if err != nil {
		return "", err
	} else if err := os.Rename(db, to); err != nil {
		return "", err
	}
	for _, end := range []string{wal, shm} {
		if err := os.Rename(db+end, to+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return to, syncDir(dir)
}

// interrupted is the database that was put aside without its log, "" for none.
func interrupted(dir string) string {
	if _, err := os.Lstat(filepath.Join(dir, store.FileName+wal)); err != nil {
		return ""
	}
	all, err := filepath.Glob(filepath.Join(dir, kept+"*"+plainEnd))
	if err != nil || len(all) == 0 {
		// A log whose database was taken away by hand: kept all the same.
		return filepath.Join(dir, kept+"log"+plainEnd)
	}
	return slices.Max(all)
}
