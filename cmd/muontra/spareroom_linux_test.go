package main

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"muontra/kiosk"
)

// The room has its place on the disk: a file with holes would promise what is not
// there.
func TestSpareRoomIsNoHole(t *testing.T) {
	d := newDisk(t)
	d.left = 100 << 20
	d.step(t.Context())
	var st unix.Stat_t
	mustDo(t, unix.Stat(d.file, &st))
	if st.Size != d.size || st.Blocks*512 < d.size {
		t.Errorf("%d bytes long, %d on the disk", st.Size, st.Blocks*512)
	}
}

// smallDisk is a folder on a disk of 48 MB, with a school in it.
func smallDisk(t *testing.T) (data string) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "disk")
	mustDo(t, os.Mkdir(data, 0o700))
	if err := unix.Mount("none", data, "tmpfs", 0, "size=48m"); err != nil {
		t.Skipf("a small disk cannot be mounted (root can): %v", err)
	}
	t.Cleanup(func() { unix.Unmount(data, unix.MNT_DETACH) })
	schoolOn(t, data)
	return data
}

// A disk that is full to the last byte: the next scans are done in the room that
// was put by, nobody is refused, the desk is told, a copy can be made, and once
// there is room again some is put by again (F03).
func TestFullDiskIsLivedOn(t *testing.T) {
	data := smallDisk(t)
	var later atomic.Int64 // ns
	spare := newSpareRoom(data, func() time.Time { return time.Now().Add(time.Duration(later.Load())) }, slog.New(slog.DiscardHandler))
	spare.size, spare.low, spare.ample = 16<<20, 0, 4<<20
	p := startProgram(t, programConfig{data: data, spare: spare})
	d := &daemon{t: t, url: p.URLs()[0]}
	for end := time.Now().Add(patience); !spare.have(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no room was put by")
		}
	}

	films, err := os.Create(filepath.Join(data, "films"))
	mustDo(t, err)
	defer films.Close()
	fill := func() {
		t.Helper()
		if _, err := io.Copy(films, zero{}); !errors.Is(err, unix.ENOSPC) {
			t.Fatal(err)
		}
	}
	fill()
	// The program writes by itself now and then. Where that fell into the filling, the
	// room it got was filled too: it is made again, and the disk filled once more.
	for n := 0; spare.Spent() && n < 100; n++ {
		mustDo(t, films.Truncate(0))
		_, err := films.Seek(0, io.SeekStart)
		mustDo(t, err)
		later.Add(int64(2 * time.Hour))
		spare.step(t.Context())
		fill()
	}
	for i, x := range []struct {
		code string
		want kiosk.Outcome
	}{
		{"GV1", kiosk.SessionOpened}, {"S000", kiosk.CheckedOut}, {"S001", kiosk.CheckedOut}, {"S002", kiosk.CheckedOut}, {"GV1", kiosk.SessionEnded},
	} {
		if r := d.scan("desk", x.code); r.Outcome != x.want {
			t.Errorf("scan %d, %s: %s/%s, want %s", i, x.code, r.Outcome, r.Reason, x.want)
		}
	}
	// The database's own log may have had room for those.
	for i := 0; !spare.Spent() && i < 1000; i++ {
		fill()
		if err := p.store.Act(t.Context(), func(tx kiosk.Tx) error {
			return tx.Append(&kiosk.Event{Type: kiosk.EventHelp, Payload: kiosk.Payload{Comment: strings.Repeat("đầy ", 10_000)}})
		}); err != nil {
			t.Fatal(err)
		}
	}
	if !spare.Spent() || !p.selfChecked().SpareGone {
		t.Errorf("the room was given back: %v, told: %v", spare.Spent(), p.selfChecked().SpareGone)
	}
	if err := p.keeper.Now(t.Context(), func(int, int) {}); err != nil {
		t.Errorf("a copy: %v", err)
	}

	mustDo(t, films.Truncate(0))
	later.Add(int64(2 * time.Hour))
	spare.step(t.Context())
	if !spare.have() || p.selfChecked().SpareGone {
		t.Error("with room again none is put by")
	}
	if c := runCLI(t, "", "check", "--data", data); c.code != exitDone {
		t.Errorf("check: %+v", c)
	}
}

// A start on a full disk takes the room that was put by.
func TestFullDiskIsStartedOn(t *testing.T) {
	data := smallDisk(t)
	spare := newSpareRoom(data, time.Now, slog.New(slog.DiscardHandler))
	spare.free = func() (int64, error) { return 1 << 40, nil }
	spare.size = 24 << 20
	spare.step(t.Context())
	if !spare.have() {
		t.Fatal("no room was put by")
	}
	fill, err := os.Create(filepath.Join(data, "films"))
	mustDo(t, err)
	if _, err := io.Copy(fill, zero{}); !errors.Is(err, unix.ENOSPC) {
		t.Fatal(err)
	}
	mustDo(t, fill.Close())
	cfg := programConfig{data: data, listen: []string{"127.0.0.1:0"}, lang: "vi", now: time.Now, logger: slog.New(slog.DiscardHandler), spare: spare}
	p, err := startOn(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if !spare.Spent() {
		t.Error("it started without the room: this disk is not full")
	}
	mustDo(t, p.Close())
}

// zero reads as zeros without end.
type zero struct{}

func (zero) Read(b []byte) (int, error) { clear(b); return len(b), nil }
