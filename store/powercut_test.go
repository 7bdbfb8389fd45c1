package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"muontra/kiosk"
	"muontra/store/vfs"
)

// A power cut at any moment of a day loses nothing that was shown as done (F01).
// The database is written on a recorded disk; then every state that a cut could
// have left is opened, as the daemon would open it after the cut. The same day
// with synchronous=NORMAL must lose loans, which shows that the test can fail.
//
// By default every seventh state of a short day is tried; MUONTRA_LONG tries all
// of a longer one.

func TestPowerCut(t *testing.T) {
	r := playOnDisk(t, "FULL")
	states, lost := r.tryAll(t, func(c vfs.Cut, err error) {
		t.Errorf("cut after operation %d, unflushed %s: %v", c.After, c.Kind, err)
	})
	t.Logf("%d states of %d operations, %d acts promised, %d states lost something", states, len(r.log), r.promised, lost)
	if states < 10 || r.promised < 20 {
		t.Errorf("only %d states and %d promised acts: nothing was tried", states, r.promised)
	}
}

func TestPowerCutIsNoticed(t *testing.T) {
	r := playOnDisk(t, "NORMAL")
	states, lost := r.tryAll(t, func(vfs.Cut, error) {})
	t.Logf("control: %d of %d states lose a promised act", lost, states)
	if lost == 0 {
		t.Errorf("%d states with synchronous=NORMAL and none loses anything: the test sees nothing", states)
	}
}

func long() bool { return !underRace && os.Getenv("MUONTRA_LONG") != "" }

// recorded is a day on a recorded disk.
type recorded struct {
	before   vfs.Files // on the disk when the day began
	log      vfs.Log
	promised int64 // the number of the newest event that was acknowledged
}

// playOnDisk lends and takes back on a recorded disk, alone and several at once,
// with a checkpoint every few acts beside them, and marks each event that was acknowledged.
func playOnDisk(t *testing.T, synchronous string) recorded {
	t.Helper()
	disk, err := vfs.New()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	seed, p := school(t)
	bars := []string{}
	must(t, seed.Update(t.Context(), func(tx kiosk.Tx) error {
		for range 16 {
			c := kiosk.Copy{ID: tx.NewID(), TitleID: p.Comic.TitleID, Kind: kiosk.Children, HomePlace: p.LibraryPlaceID}
			c.Barcode, _ = tx.NextBarcode(kiosk.CopySeries)
			bars = append(bars, c.Barcode)
			st := kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood, Place: p.LibraryPlaceID}
			if err := errors.Join(tx.PutCopy(c), tx.Append(&kiosk.Event{Type: kiosk.EventCopyAdded, CopyID: c.ID, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{st}}}})); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, seed.CopyTo(t.Context(), filepath.Join(dir, dbName)))
	began, err := os.ReadFile(filepath.Join(dir, dbName))
	must(t, err)
	disk.Record()
	s, err := Open(t.Context(), dir, Options{Now: seed.opt.Now, VFS: disk.Name(), synchronous: synchronous, checkpointActs: 4, longLog: 40})
	must(t, err)

	var mu sync.Mutex
	r := recorded{before: vfs.Files{dbName: began}}
	act := func(fn func(kiosk.Tx) error) {
		var seq int64
		err := s.Act(context.Background(), func(tx kiosk.Tx) (err error) {
			if err = fn(tx); err == nil {
				seq, err = tx.LastSeq()
			}
			return err
		})
		if err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if seq > r.promised {
			r.promised = seq
			disk.Mark(seq)
		}
	}
	rounds := 1
	if long() {
		rounds = 3
	}
	for n := range rounds {
		var wg sync.WaitGroup
		for i, bar := range bars {
			one := func() {
				var l kiosk.Loan
				act(func(tx kiosk.Tx) (err error) {
					l, err = checkout(tx, p.Teacher.Card, bar, fmt.Sprint("c", n, "-", i), s.opt.Now())
					return err
				})
				if i%3 > 0 {
					act(func(tx kiosk.Tx) error { return giveBack(tx, l, s.opt.Now()) })
				}
			}
			if i%2 == 0 {
				one()
			} else {
				wg.Go(one)
			}
		}
		wg.Wait()
		// Whoever is still out comes back, so that the next round can lend again.
		for _, bar := range bars {
			var out *kiosk.Loan
			must(t, s.View(t.Context(), func(v kiosk.View) error {
				it, err := v.ItemByBarcode(bar)
				if err != nil {
					return err
				}
				l, err := v.OpenLoan(it.ID)
				if err == nil {
					out = &l
				}
				return nil
			}))
			if out != nil {
				act(func(tx kiosk.Tx) error { return giveBack(tx, *out, s.opt.Now()) })
			}
		}
	}
	mark := len(disk.Peek())
	must(t, s.Close())
	r.log = disk.Stop()
	beside := 0
	for _, op := range r.log[:mark] {
		if op.Kind == vfs.Write && op.File == dbName {
			beside++
		}
	}
	if beside == 0 {
		t.Error("no page was moved into the database beside the acts: no checkpoint was tried")
	}
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tryAll opens the states and reports each that lost something or is not sound.
func (r recorded) tryAll(t *testing.T, bad func(vfs.Cut, error)) (states, lost int) {
	t.Helper()
	torn, step := 1, 7
	switch {
	case underRace:
		step = 60 // the recording is what may race; the states are looked at one by one
	case long():
		torn, step = 2, 1
	}
	dir := t.TempDir()
	n := 0
	err := r.log.Cuts(r.before, torn, rand.New(rand.NewPCG(1, 2)), func(c vfs.Cut) error {
		if n++; n%step != 0 {
			return nil
		}
		states++
		err := survived(t.Context(), dir, c, states%20 == 0)
		if err != nil {
			lost++
			bad(c, err)
		}
		return nil
	})
	must(t, err)
	return states, lost
}

// lay makes the folder's database what a power cut left.
func lay(dir string, files vfs.Files) error {
	file := filepath.Join(dir, dbName)
	for _, name := range []string{file, file + "-wal", file + "-shm", file + "-journal"} {
		if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// survived opens what a power cut left and looks whether all that was promised
// is there, whole; thorough also replays the events.
func survived(ctx context.Context, dir string, c vfs.Cut, thorough bool) error {
	file := filepath.Join(dir, dbName)
	if err := lay(dir, c.Files); err != nil {
		return err
	}
	if c.Promised == 0 {
		return nil // nothing was shown as done yet
	}
	db, err := sql.Open("sqlite", dsn(file, Options{}.withDefaults()))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var sound string
	var last, events, out, open int64
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
		return fmt.Errorf("integrity: %s %w", sound, err)
	}
	err = db.QueryRowContext(ctx, `SELECT max(seq), count(*), sum(type = 'checked_out') - sum(type = 'returned'),
		(SELECT count(*) FROM loan WHERE ended = '') FROM event WHERE type <> 'nothing'`).Scan(&last, &events, &out, &open)
	switch {
	case err != nil:
		return err
	case last < c.Promised:
		return fmt.Errorf("event %d was shown as done, the last that is there is %d", c.Promised, last)
	case last != events:
		return fmt.Errorf("%d events, the last has number %d", events, last)
	case out != open:
		return fmt.Errorf("the events leave %d open loans, the table has %d", out, open)
	}
	if !thorough {
		return nil
	}
	if err := db.Close(); err != nil {
		return err
	}
	s, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	faults, err := s.Check(ctx)
	if len(faults) > 0 {
		err = errors.Join(err, fmt.Errorf("check: %v", faults))
	}
	return errors.Join(err, s.Close())
}
