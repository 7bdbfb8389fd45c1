package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/store"
)

// disk is one whose free room a test sets, with the room put by on it.
type disk struct {
	*spareRoom
	left int64
	at   time.Time
}

func newDisk(t *testing.T) *disk {
	d := &disk{at: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)}
	d.spareRoom = newSpareRoom(t.TempDir(), func() time.Time { return d.at }, slog.New(slog.DiscardHandler))
	d.size, d.low, d.ample = 3<<20, 1<<20, 10<<20
	d.free = func() (int64, error) { return d.left, nil }
	return d
}

// Room is put by where there is enough, given back where there is hardly any, and
// put by again, not sooner than after an hour.
func TestSpareRoomComesAndGoes(t *testing.T) {
	d := newDisk(t)
	for _, x := range []struct {
		what        string
		left        int64
		pass        time.Duration
		have, spent bool
	}{
		{"it would take what is left", 13<<20 - 1, 0, false, false},
		{"enough", 13 << 20, 0, true, false},
		{"less, but some", 1 << 20, 0, true, false},
		{"hardly any", 1<<20 - 1, 0, false, true},
		{"a moment later", 100 << 20, 59 * time.Minute, false, true},
		{"an hour later", 100 << 20, time.Minute, true, false},
	} {
		d.left, d.at = x.left, d.at.Add(x.pass)
		d.step(t.Context())
		if d.have() != x.have || d.Spent() != x.spent {
			t.Errorf("%s: put by %v, spent %v", x.what, d.have(), d.Spent())
		}
	}
	if !d.GiveBack() || d.GiveBack() {
		t.Error("it is given back once")
	}
	// A new start knows what became of it.
	again := *d
	again.spareRoom = newSpareRoom(filepath.Dir(filepath.Dir(d.file)), d.now, d.log)
	if !again.Spent() {
		t.Error("after a new start nobody knows that it was given back")
	}
	if st, err := os.Stat(d.file); err != nil || st.Size() != 0 || st.Mode().Perm()&0o077 != 0 {
		t.Errorf("what is left: %v, %v", st, err)
	}
}

// A disk that tells more than one may have is found out by trying.
func TestSpareRoomThatCannotBeHad(t *testing.T) {
	d := newDisk(t)
	d.left = 100 << 20
	mustDo(t, os.WriteFile(filepath.Join(filepath.Dir(filepath.Dir(d.file)), "log"), nil, 0o600)) // no folder
	d.step(t.Context())
	if d.have() || d.Spent() || d.GiveBack() {
		t.Error("room was put by where there is no place for it")
	}
}

// Where the system does not promise room it is written, with what no file system
// makes smaller, and a half of it is not left behind.
func TestSpareRoomIsWritten(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "room"))
	mustDo(t, err)
	defer f.Close()
	const size = 5<<20 + 7
	mustDo(t, write(t.Context(), f, size))
	b, err := os.ReadFile(f.Name())
	if err != nil || len(b) != size || bytes.Count(b, []byte{0}) > size/128 {
		t.Errorf("%d bytes, %d of them zero, %v", len(b), bytes.Count(b, []byte{0}), err)
	}

	d := newDisk(t)
	d.left = 100 << 20
	mustDo(t, os.MkdirAll(filepath.Dir(d.file), 0o700))
	mustDo(t, os.WriteFile(d.part(), []byte("half"), 0o600))
	mustDo(t, os.Mkdir(d.file, 0o700)) // so that it cannot get its name
	if err := d.make(t.Context()); err == nil {
		t.Error("it was made over a folder")
	}
	if _, err := os.Stat(d.part()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a half is left: %v", err)
	}
}

// Check, copies and restore go by it.
func TestSpareRoomIsInNobodysWay(t *testing.T) {
	data := t.TempDir()
	withFolder(t, data, func(st *store.Store) {
		kiosktest.NewWorld(t, st, "2026-11-26 08:00:00").Patron(kiosk.Teacher, "GV1", "Mẫu Thị Cúc", "", 0)
	})
	spare := newSpareRoom(data, time.Now, slog.New(slog.DiscardHandler))
	spare.free = func() (int64, error) { return 1 << 40, nil }
	spare.step(t.Context())
	if !spare.have() {
		t.Skip("this disk has no 64 MB to try it with")
	}
	if c := runCLI(t, "", "check", "--data", data); c.code != exitDone {
		t.Errorf("check: %+v", c)
	}
	out := filepath.Join(t.TempDir(), "copy.db")
	if c := runCLI(t, "", "backup", "--data", data, "--out", out); c.code != exitDone {
		t.Errorf("backup: %+v", c)
	}
	if st, err := os.Stat(out); err != nil || st.Size() >= spareSize {
		t.Errorf("the copy: %v %v", st, err)
	}
	if c := runCLI(t, "", "restore", "--data", data, out); c.code != exitDone || !spare.have() {
		t.Errorf("restore: %+v, the room is there: %v", c, spare.have())
	}
}

// schoolOn makes a data folder with a teacher, GV1, and books, S000 to S008.
func schoolOn(t *testing.T, data string) {
	t.Helper()
	withFolder(t, data, func(st *store.Store) {
		w := kiosktest.NewWorld(t, st, time.Now().UTC().Add(7*time.Hour).Format(time.DateTime))
		w.Patron(kiosk.Teacher, "GV1", "Mẫu Thị Cúc", "", 0)
		for i := range 9 {
			w.Copy(fmt.Sprintf("S%03d", i), "Truyện mẫu", kiosk.Children, "")
		}
	})
}
