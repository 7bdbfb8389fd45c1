package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"

	"muontra/store"
	"muontra/store/backup"
)

// backupCommand makes a copy of the database that was opened and checked, also
// beside a running daemon.
func backupCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("backup")
	data := f.String("data", "", "the data folder")
	out := f.String("out", "", "the copy's file; encrypted to the school's key where it ends in .age")
	words, code, ok := e.parse(f, args)
	switch {
	case !ok:
		return code
	case len(words) > 0:
		return e.usage(sentence("no_words", words[0]))
	case *out == "":
		return e.usage(sentence("backup_out"))
	}
	return e.withExisting(ctx, *data, func(st *store.Store) int {
		var key *backup.Key
		if strings.HasSuffix(*out, backup.Encrypted) {
			k, err := backup.MakeKey(st.Dir())
			if err != nil {
				return e.fail(sentence("backup_failed", *out, err))
			}
			key = &k
		}
		made, err := backup.Write(ctx, st, *out, st.Dir(), key)
		switch {
		case errors.Is(err, backup.ErrExists):
			return e.fail(sentence("backup_exists", *out))
		case backup.TroubleOf(err) == backup.Full:
			return e.fail(sentence("backup_full", *out))
		case err != nil:
			return e.fail(sentence("backup_failed", *out, err))
		}
		fmt.Fprintln(e.stdout, e.word(sentence("backup_made", made.File, made.LastSeq)))
		if key != nil {
			fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("backup_key", filepath.Join(st.Dir(), backup.KeyFile))))
		}
		return exitDone
	})
}

// restoreCommand puts a copy in the database's place; the old one stays beside.
func restoreCommand(ctx context.Context, e *env, args []string) int {
	f := e.flags("restore")
	data := f.String("data", "", "the data folder")
	keyFile := f.String("key", "", "a file with the key of an encrypted copy; the data folder's own if none is given")
	words, code, ok := e.parse(f, args)
	switch {
	case !ok:
		return code
	case len(words) != 1:
		return e.usage(sentence("restore_which"))
	}
	dir := *data
	if dir == "" {
		d, err := e.defaultData()
		if err != nil {
			return e.fail(sentence("no_data_dir", err))
		}
		dir = d
	}
	file := words[0]
	key, problem := restoreKey(dir, file, *keyFile)
	if problem != nil {
		return e.fail(*problem)
	}
	r, err := backup.Restore(ctx, dir, file, key, e.now())
	if backup.TroubleOf(err) == backup.Full && newSpareRoom(dir, e.now, slog.New(slog.DiscardHandler)).GiveBack() {
		r, err = backup.Restore(ctx, dir, file, key, e.now())
	}
	if err != nil {
		return e.fail(restoreFailure(dir, file, err))
	}
	fmt.Fprintln(e.stdout, e.word(sentence("restored", file, dir, r.LastSeq)))
	if r.Kept != "" {
		fmt.Fprintln(e.stdout, e.word(sentence("restore_kept", r.Kept)))
	}
	return exitDone
}

// restoreKey finds the key for a copy; nil for one in the clear.
func restoreKey(dir, file, keyFile string) (*backup.Key, *said) {
	if !strings.HasSuffix(file, backup.Encrypted) {
		return nil, nil
	}
	own := keyFile == ""
	if own {
		keyFile = filepath.Join(dir, backup.KeyFile)
	}
	k, err := backup.ReadKey(keyFile)
	switch {
	case own && errors.Is(err, fs.ErrNotExist):
		return nil, wrong("restore_wants_key", file)
	case errors.Is(err, backup.ErrNoKey):
		return nil, wrong("restore_no_key", keyFile)
	case err != nil:
		return nil, wrong("read_failed", keyFile, err)
	}
	return &k, nil
}

// restoreFailure says why nothing was restored. Whatever it is, the database
// that is there was not touched.
func restoreFailure(dir, file string, err error) said {
	var newer *store.NewerError
	var faults *backup.FaultsError
	switch {
	case errors.Is(err, store.ErrLocked):
		return sentence("restore_running", dir)
	case errors.Is(err, fs.ErrNotExist):
		return sentence("restore_missing", file)
	case errors.As(err, &newer):
		return sentence("restore_newer", file)
	case errors.Is(err, backup.ErrOtherKey):
		return sentence("restore_other_key", file)
	case errors.As(err, &faults):
		return sentence("restore_faults", file, len(faults.Faults), faults.Faults[0].Code)
	case errors.Is(err, store.ErrForeign):
		return sentence("restore_foreign", file)
	case errors.Is(err, backup.ErrTorn):
		return sentence("restore_torn", file)
	case backup.TroubleOf(err) == backup.Full:
		return sentence("restore_full", dir)
	}
	return sentence("restore_failed", file, err)
}
