package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	"muontra/store"
)

// defaultData is the data folder when none is named: $XDG_DATA_HOME/muontra,
// on Windows %LOCALAPPDATA%\muontra.
func (e *env) defaultData() (string, error) {
	if runtime.GOOS == "windows" {
		if d := e.getenv("LOCALAPPDATA"); d != "" {
			return filepath.Join(d, "muontra"), nil
		}
		return "", errors.New("LOCALAPPDATA is not set")
	}
	if d := e.getenv("XDG_DATA_HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, "muontra"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, ".local", "share", "muontra"), nil
}

// withExisting is withStore for a command that only looks: a folder without a
// database is a slip of the hand, and must not be made and called sound.
func (e *env) withExisting(ctx context.Context, dir string, fn func(*store.Store) int) int {
	if dir == "" {
		d, err := e.defaultData()
		if err != nil {
			return e.fail(sentence("no_data_dir", err))
		}
		dir = d
	}
	if _, err := os.Stat(filepath.Join(dir, "muontra.site")); errors.Is(err, os.ErrNotExist) {
		if _, err := os.Stat(filepath.Join(dir, "muontra.db")); errors.Is(err, os.ErrNotExist) {
			return e.fail(sentence("no_database", dir))
		}
	}
	return e.withStore(ctx, dir, fn)
}

// withStore opens the data folder for a command that works beside a running
// daemon, and closes it.
func (e *env) withStore(ctx context.Context, dir string, fn func(*store.Store) int) int {
	if dir == "" {
		d, err := e.defaultData()
		if err != nil {
			return e.fail(sentence("no_data_dir", err))
		}
		dir = d
	}
	spare := newSpareRoom(dir, e.now, slog.New(slog.DiscardHandler))
	st, err := store.Open(ctx, dir, store.Options{Now: e.now, MakeRoom: spare.GiveBack})
	if err != nil {
		return e.fail(sentence("open_store", dir, err))
	}
	code := fn(st)
	if err := st.Close(); err != nil && code == exitDone {
		return e.fail(sentence("open_store", dir, err))
	}
	return code
}
