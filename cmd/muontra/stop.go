package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"muontra/store"
)

// stopTime is how long a daemon may take to end.
const stopTime = 20 * time.Second

// stopCommand ends the daemon of a data folder cleanly and waits until the
// folder is free: for scripts, and for Windows, where nothing else can end a
// program without a window of its own but by killing it.
func stopCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("stop")
	data := f.String("data", "", "the data folder")
	words, code, ok := e.parse(f, args)
	switch {
	case !ok:
		return code
	case len(words) > 0:
		return e.usage(sentence("no_words", words[0]))
	}
	dir := *data
	if dir == "" {
		d, err := e.defaultData()
		if err != nil {
			return e.fail(sentence("no_data_dir", err))
		}
		dir = d
	}
	running, err := hasDaemon(dir)
	if err != nil {
		return e.fail(sentence("lock_failed", dir, err))
	}
	if !running {
		fmt.Fprintln(e.stdout, e.word(sentence("stop_none", dir)))
		return exitDone
	}
	if err := askToStop(dir); err != nil {
		return e.fail(sentence("stop_failed", dir, err))
	}
	ctx, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	for {
		if running, err := hasDaemon(dir); err == nil && !running {
			fmt.Fprintln(e.stdout, e.word(sentence("stopped", dir)))
			return exitDone
		}
		select {
		case <-ctx.Done():
			return e.fail(sentence("stop_slow", dir))
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// lockFolder takes the data folder. Whoever had it before is gone, and the process
// number it left behind by a power cut may be somebody else's by now.
func lockFolder(dir string) (*store.FolderLock, error) {
	l, err := store.Lock(dir)
	if err != nil {
		return nil, err
	}
	if err := forgetStop(dir); err != nil {
		return nil, errors.Join(err, l.Unlock())
	}
	return l, nil
}

// hasDaemon reports whether a daemon has the data folder. It makes nothing.
func hasDaemon(dir string) (bool, error) {
	if _, err := os.Stat(filepath.Join(dir, "muontra.lock")); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	l, err := lockFolder(dir)
	if errors.Is(err, store.ErrLocked) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, l.Unlock()
}
