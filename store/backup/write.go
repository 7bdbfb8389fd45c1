package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"muontra/store"
)

// Encrypted is how the name of an encrypted copy ends.
const Encrypted = ".age"

// Made says what a copy holds.
type Made struct {
	File    string
	Bytes   int64
	LastSeq int64 // the number of its newest event, 0 without one
}

// ErrExists: a file of that name is there, and nothing is overwritten.
var ErrExists = errors.New("there is a file of that name already: choose another name")

// Write makes a copy of the ledger as out, in the clear or, where out ends in
// .age, to the school's key. It is refused with ErrExists where out is there.
// What is not whole or not right does not stay. key may be nil for a copy in the
// clear. scratch is a private folder on a disk with room for the copy, where it
// is opened and checked: nothing in the clear is ever written outside it but out
// itself.
func Write(ctx context.Context, st *store.Store, out, scratch string, key *Key) (_ Made, err error) {
	if _, err := os.Lstat(out); err == nil {
		return Made{}, fmt.Errorf("%s: %w", out, ErrExists)
	}
	if st, err := os.Stat(filepath.Dir(out)); err != nil {
		return Made{}, err
	} else if !st.IsDir() {
		return Made{}, fmt.Errorf("%s: %w", filepath.Dir(out), fs.ErrInvalid)
	}
	room, err := os.MkdirTemp(scratch, ".backup-")
	if err != nil {
		return Made{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(room)) }()
	plain := filepath.Join(room, "copy.db")
	if err := st.CopyTo(ctx, plain); err != nil {
		return Made{}, err
	}
	return put(ctx, plain, out, room, key)
}

// put brings a copy in the clear to its place, and reads it back from there.
func put(ctx context.Context, plain, out, scratch string, key *Key) (m Made, err error) {
	part := out + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	defer func() {
		// A part of a copy would be taken for one, and stands in the way of the next.
		if rerr := os.Remove(part); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
			err = errors.Join(err, rerr)
		}
	}()
	var to age.Recipient
	if strings.HasSuffix(out, Encrypted) {
		if key == nil {
			return m, ErrWantsKey
		}
		to = key.Recipient()
	}
	if err := pour(plain, part, to); err != nil {
		return m, err
	}
	p, err := prove(ctx, part, to != nil, scratch, key)
	if err != nil {
		return m, fmt.Errorf("the copy was read back: %w", err)
	}
	if err := place(part, out); err != nil {
		return m, err
	}
	st, err := os.Stat(out)
	if err != nil {
		return m, err
	}
	return Made{File: out, Bytes: st.Size(), LastSeq: p.LastSeq}, nil
}

// pour writes a file's content, encrypted if to is given, to the disk.
func pour(from, part string, to age.Recipient) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	f, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var w io.Writer = f
	var seal io.Closer
	if to != nil {
		e, err := age.Encrypt(f, to)
		if err != nil {
			return fmt.Errorf("encrypt: %w", err)
		}
		w, seal = e, e
	}
	if _, err := io.Copy(w, in); err != nil {
		return err
	}
	if seal != nil {
		if err := seal.Close(); err != nil {
			return fmt.Errorf("encrypt: %w", err)
		}
	}
	return f.Sync()
}

// Name is the usual name of a copy made at an instant, in UTC: names sort as the
// copies' times do.
func Name(at time.Time) string { return prefix + at.UTC().Format(stampForm) + plainEnd }

const (
	prefix    = "muontra-"
	plainEnd  = ".db"
	stampForm = "20060102T150405Z"
)
