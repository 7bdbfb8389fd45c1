package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
)

// TestTwoStoresOnOneFolder is a daemon and an import beside it: numbers have no
// gap, and neither believes what it remembered.
func TestTwoStoresOnOneFolder(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, dir), open(t, dir)
	const each = 20
	var wg sync.WaitGroup
	for w := range 8 {
		s := []*Store{a, b}[w%2]
		wg.Go(func() {
			for i := range each {
				err := s.Update(t.Context(), func(tx kiosk.Tx) error {
					if _, err := tx.NextAccession("TK"); err != nil {
						return err
					}
					return tx.Append(&kiosk.Event{Type: kiosk.EventHelp, Station: fmt.Sprint(w, i)})
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, s := range []*Store{a, b} {
		err := s.Update(t.Context(), func(tx kiosk.Tx) error {
			n, err := tx.LastSeq()
			if n != 8*each {
				t.Errorf("last seq %d", n)
			}
			es, err2 := tx.Events(0, 1000)
			for i, e := range es {
				if e.Seq != int64(i)+1 {
					t.Errorf("event %d has number %d", i+1, e.Seq)
				}
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	// Settings changed by one are the other's at once, reading and writing.
	for i := range 4 {
		from, to := []*Store{a, b}[i%2], []*Store{b, a}[i%2]
		want := kiosk.Policies{{Limit: i + 1}}
		if err := from.Update(t.Context(), func(tx kiosk.Tx) error { return tx.PutPolicies(want) }); err != nil {
			t.Fatal(err)
		}
		look := func(v kiosk.View) error {
			r, err := v.Rules(kiosktest.Today)
			if len(r.Policies) != 1 || r.Policies[0].Limit != i+1 {
				t.Errorf("round %d: policies %+v", i, r.Policies)
			}
			return err
		}
		for _, s := range []*Store{from, to} {
			err := s.View(t.Context(), look)
			err2 := s.Update(t.Context(), func(tx kiosk.Tx) error { return look(tx) })
			if err := errors.Join(err, err2); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestOpenedAtOnce seeds once, whoever is first.
func TestOpenedAtOnce(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := Open(t.Context(), dir, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s := open(t, dir)
	clean(t, s)
	if err := s.View(t.Context(), func(v kiosk.View) error {
		st, err := v.Stations()
		if len(st) != 1 {
			t.Errorf("stations %+v", st)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestWaits holds the file's lock from outside: the store gives up after its
// own limit or the context's, keeps nothing, and works again afterwards.
func TestWaits(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	s, err := Open(t.Context(), dir, Options{Wait: 150 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	help := func(tx kiosk.Tx) error { return tx.Append(&kiosk.Event{Type: kiosk.EventHelp}) }
	other, err := rawDB(t, dir).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), help); !errors.Is(err, kiosk.ErrBusy) {
		t.Errorf("own limit: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if err := s.Update(ctx, help); !errors.Is(err, kiosk.ErrBusy) {
		t.Errorf("context's limit: %v", err)
	}
	if d := time.Since(begun); d > 5*time.Second {
		t.Errorf("waited %v", d)
	}
	if err := s.View(t.Context(), func(v kiosk.View) error { _, err := v.LastSeq(); return err }); err != nil {
		t.Errorf("a reader beside a writer: %v", err)
	}
	if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := s.Update(t.Context(), help); err != nil {
			t.Fatal(err)
		}
	}
	clean(t, s)
}

// TestFullDisk lets the file grow no more, as on a full disk: what was
// acknowledged is there, the rest is not, and the same store goes on once there
// is room.
func TestFullDisk(t *testing.T) {
	s := open(t, t.TempDir())
	pages := func(limit string) {
		t.Helper()
		ses := <-s.writer
		defer func() { s.writer <- ses }()
		var n int
		if err := ses.conn.QueryRowContext(t.Context(), "PRAGMA max_page_count="+limit).Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	write := func() error {
		return s.Update(t.Context(), func(tx kiosk.Tx) error {
			return tx.Append(&kiosk.Event{Type: kiosk.EventHelp, Payload: kiosk.Payload{Comment: strings.Repeat("đầy ", 2000)}})
		})
	}
	if err := write(); err != nil {
		t.Fatal(err)
	}
	pages("1") // no less than it has: no growth
	acked := int64(1)
	var err error
	for range 1000 {
		if err = write(); err != nil {
			break
		}
		acked++
	}
	if !IsFull(err) || IsReadOnly(err) || IsDamaged(err) {
		t.Fatalf("after %d events: %v", acked, err)
	}
	if err := write(); !IsFull(err) {
		t.Errorf("again: %v", err)
	}
	clean(t, s)
	pages("1073741823")
	if err := write(); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	if err := s.View(t.Context(), func(v kiosk.View) error {
		n, err := v.LastSeq()
		if n != acked+1 {
			t.Errorf("%d events, %d acknowledged", n, acked+1)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	clean(t, s)
}

func TestReadOnlyFileIsSaid(t *testing.T) {
	s := open(t, t.TempDir())
	err := s.with(t.Context(), s.reader, s.readDB, "BEGIN", func(tx *tx) error {
		return tx.Append(&kiosk.Event{Type: kiosk.EventHelp})
	})
	if !IsReadOnly(err) || IsFull(err) {
		t.Errorf("writing where it cannot be: %v", err)
	}
}

func TestCopyTo(t *testing.T) {
	s, p := lived(t)
	file := filepath.Join(t.TempDir(), "copy.db")
	if err := s.CopyTo(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if err := s.CopyTo(t.Context(), file); !errors.Is(err, os.ErrExist) {
		t.Errorf("over another copy: %v", err)
	}
	if err := s.CopyTo(t.Context(), filepath.Join(file, "below")); err == nil {
		t.Error("below a file")
	}
	dir := t.TempDir()
	copyFile(t, file, filepath.Join(dir, dbName))
	c := open(t, dir)
	clean(t, c)
	if err := c.View(t.Context(), func(v kiosk.View) error {
		l, err := v.OpenLoan(p.Comic.ID)
		if l.PatronRef != p.Two.Ref {
			t.Errorf("loan %+v", l)
		}
		_, found, err2 := v.Search("truyen tranh", 0, 10)
		if len(found) != 1 || found[0].Copies[0].Available {
			t.Errorf("found %+v", found)
		}
		return errors.Join(err, err2)
	}); err != nil {
		t.Fatal(err)
	}
	// It still writes, and its readers still cannot.
	if err := s.Update(t.Context(), func(tx kiosk.Tx) error { return tx.Append(&kiosk.Event{Type: kiosk.EventHelp}) }); err != nil {
		t.Fatal(err)
	}
}

// TestViewsSeeOneState holds a view open while others write.
func TestViewsSeeOneState(t *testing.T) {
	s := open(t, t.TempDir())
	help := func(tx kiosk.Tx) error { return tx.Append(&kiosk.Event{Type: kiosk.EventHelp}) }
	err := s.View(t.Context(), func(v kiosk.View) error {
		before, err := v.LastSeq()
		if err != nil {
			return err
		}
		if err := s.Update(t.Context(), help); err != nil {
			return err
		}
		after, err := v.LastSeq()
		if before != after {
			t.Errorf("a view saw %d, then %d", before, after)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
