package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"muontra/kiosk"
)

// Why a data folder is refused. Each text says what to do.
var (
	// ErrForeign: the file is not muontra's, or no database at all.
	ErrForeign = errors.New("muontra.db is not a muontra database: choose another data folder, or put the right file back (newest copy: backups/)")
	// ErrLost: there was a database here and it is gone or empty. Beginning anew
	// in silence would hide the loss of every loan.
	ErrLost = errors.New("muontra.db is missing or empty, but there was one in this folder: put it back (newest copy: backups/); to begin anew on purpose, delete muontra.site first")
	// ErrDamaged: SQLite cannot read the file.
	ErrDamaged = errors.New("muontra.db is damaged: keep it, and restore the newest copy in backups/")
	// ErrLocked: another daemon serves this folder.
	ErrLocked = errors.New("another muontra is already serving this data folder: close it first")
)

// NewerError refuses a database that a later program has written.
type NewerError struct {
	Have, Know int // schema numbers: the file's, the program's
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("muontra.db was written by a newer muontra (schema %d, this program knows %d): install the newer program; the older one must not write to it", e.Have, e.Know)
}

// IsFull reports whether err says that the disk, or the file's allowance, is
// full. Nothing of the transaction was kept; once there is room the same store
// works again. SQLite has another word for it where the log's shared index finds
// no room, as in a start on a full disk.
func IsFull(err error) bool {
	var e *sqlite.Error
	return hasCode(err, lib.SQLITE_FULL) || errors.As(err, &e) && e.Code() == lib.SQLITE_IOERR_SHMSIZE
}

// NoRoom reports whether err may come of a full disk: for SQLite a quota or a
// limit on a file that is reached is a fault in writing like any other.
func NoRoom(err error) bool {
	var e *sqlite.Error
	return IsFull(err) || errors.As(err, &e) && e.Code() == lib.SQLITE_IOERR_WRITE
}

// MakeRoom asks for the room that is kept free for a full disk, and reports
// whether there is some now.
func (s *Store) MakeRoom() bool { return s.opt.MakeRoom != nil && s.opt.MakeRoom() }

// IsReadOnly reports whether err says that the file or its folder cannot be
// written.
func IsReadOnly(err error) bool {
	return hasCode(err, lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_PERM)
}

// IsDamaged reports whether err says that the file's content is broken.
func IsDamaged(err error) bool {
	return errors.Is(err, ErrDamaged) || hasCode(err, lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB)
}

func hasCode(err error, codes ...int) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	for _, c := range codes {
		if e.Code()&0xff == c {
			return true
		}
	}
	return false
}

// fault gives err the context it happened in and, where a caller acts on it,
// the ledger's own error.
func fault(what string, err error) error {
	if err == nil {
		return nil
	}
	if s := sentinel(err); s != nil && !errors.Is(err, s) {
		return fmt.Errorf("%s: %w (%w)", what, s, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

func sentinel(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return kiosk.ErrNotFound
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return kiosk.ErrBusy
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Code() {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return kiosk.ErrConflict
	case lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		return kiosk.ErrNotFound
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return kiosk.ErrBusy
	}
	return nil
}

const (
	codeNotADB  = lib.SQLITE_NOTADB
	codeCorrupt = lib.SQLITE_CORRUPT
)

// found names in a "not found" what was looked for; other errors carry it.
func found(what string, err error) error {
	if err == kiosk.ErrNotFound {
		return fmt.Errorf("%s: %w", what, err)
	}
	return err
}
