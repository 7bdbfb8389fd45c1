package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const lockName = "muontra.lock"

// FolderLock says that one daemon serves a data folder. The operating system
// gives it back when the process ends, however it ends.
type FolderLock struct{ f *os.File }

// Lock takes the data folder for a daemon; ErrLocked when another has it. Only
// what serves takes it, and restore, which must not run beside that.
func Lock(dir string) (*FolderLock, error) {
	if err := makePrivate(dir); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := lockFile(f); err != nil {
		if errors.Is(err, errHeld) {
			err = ErrLocked
		}
		return nil, errors.Join(fmt.Errorf("lock the data folder: %w", err), f.Close())
	}
	return &FolderLock{f}, nil
}

// Unlock gives the folder back. The file stays: removing it would let two
// daemons lock two files of one name.
func (l *FolderLock) Unlock() error { return l.f.Close() }

// errHeld is lockFile's "another process has it".
var errHeld = errors.New("held by another process")
