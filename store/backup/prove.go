package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"muontra/kiosk"
	"muontra/store"
)

// Why a copy is refused.
var (
	// ErrWantsKey: the copy is encrypted and no key was given.
	ErrWantsKey = errors.New("the copy is encrypted: give the key file, or a file with the line of the recovery sheet")
	// ErrOtherKey: the copy was made with another key.
	ErrOtherKey = errors.New("the copy was made with another key: use the recovery sheet of the school that made it")
	// ErrTorn: the copy is not whole, or is no copy.
	ErrTorn = errors.New("the copy is damaged or not whole: use another one")
)

// FaultsError: the copy can be read, but what is in it is not right.
type FaultsError struct{ Faults []store.Fault }

func (e *FaultsError) Error() string {
	return fmt.Sprintf("%d faults in the copy, the first: %s %s: %s: use another one", len(e.Faults), e.Faults[0].Code, e.Faults[0].Subject, e.Faults[0].Text)
}

// Proof is what a rehearsed restore found.
type Proof struct {
	LastSeq int64
	Newest  time.Time // when the newest event was recorded, zero without one
	School  string    // its name
}

// Prove rehearses a restore: it brings a copy into the scratch folder,
// decrypted, opens it, migrates it, checks everything and throws it away.
func Prove(ctx context.Context, file, scratch string, key *Key) (Proof, error) {
	return prove(ctx, file, strings.HasSuffix(file, Encrypted), scratch, key)
}

func prove(ctx context.Context, file string, sealed bool, scratch string, key *Key) (p Proof, err error) {
	room, err := os.MkdirTemp(scratch, ".rehearsal-")
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(room)) }()
	st, err := unpack(ctx, file, sealed, room, key)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return proofOf(ctx, st)
}

func proofOf(ctx context.Context, st *store.Store) (p Proof, err error) {
	err = st.View(ctx, func(v kiosk.View) error {
		site, err := v.Site()
		if err != nil {
			return err
		}
		p.School = site.Name
		if p.LastSeq, err = v.LastSeq(); err != nil {
			return err
		}
		es, err := v.Events(p.LastSeq-1, 1)
		if err == nil && len(es) > 0 {
			p.Newest = es[0].RecordedAt
		}
		return err
	})
	return p, err
}

// unpack opens the ledger of a copy in room, checked; it is the caller's to
// close. The copy itself is not touched.
func unpack(ctx context.Context, file string, sealed bool, room string, key *Key) (_ *store.Store, err error) {
	if err := bring(file, sealed, filepath.Join(room, store.FileName), key); err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, room, store.Options{})
	if err != nil {
		if store.IsDamaged(err) {
			return nil, fmt.Errorf("%w (%w)", ErrTorn, err)
		}
		return nil, err
	}
	faults, err := st.Check(ctx)
	if err == nil && len(faults) > 0 {
		err = &FaultsError{faults}
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st, nil
}

// bring writes a copy's content, decrypted, as a new file.
func bring(file string, sealed bool, to string, key *Key) (err error) {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	var r io.Reader = in
	if sealed {
		if key == nil {
			return ErrWantsKey
		}
		var none *age.NoIdentityMatchError
		switch r, err = age.Decrypt(in, key); {
		case errors.As(err, &none):
			return ErrOtherKey
		case err != nil:
			return fmt.Errorf("%w (%w)", ErrTorn, err)
		}
	}
	// An empty file would open as a new, empty school.
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(r, head); err != nil || !bytes.Equal(head, []byte(magic)) {
		return fmt.Errorf("%w (it does not begin as a database)", ErrTorn)
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(head); err != nil {
		return err
	}
	src := &reading{r: r}
	if _, err := io.Copy(f, src); err != nil {
		if src.err != nil && sealed {
			return fmt.Errorf("%w (%w)", ErrTorn, err)
		}
		return err
	}
	return f.Sync()
}

// magic is how each SQLite file begins (https://sqlite.org/fileformat.html, 1.3).
const magic = "SQLite format 3\x00"

// reading remembers that it was reading that failed, and not writing.
type reading struct {
	r   io.Reader
	err error
}

func (r *reading) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}
