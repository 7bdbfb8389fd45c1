package printer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// A FIFO stands in for /dev/usb/lp0: it takes bytes until its buffer is full,
// and then waits for its reader as a device waits for its printer.
func fifo(t *testing.T) (path string, reader *os.File) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "lp0")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	return path, reader
}

func device(t *testing.T, path string, o Options) Printer {
	t.Helper()
	target, err := ParseTarget("file://" + path)
	if err != nil {
		t.Fatal(err)
	}
	return open(t, target, o)
}

// readAll reads until it has n bytes: a FIFO without a writer looks ended before
// it has begun.
func readAll(f *os.File, n int) <-chan []byte {
	got := make(chan []byte, 1)
	go func() {
		var all []byte
		buf := make([]byte, 64<<10)
		for len(all) < n {
			k, err := f.Read(buf)
			all = append(all, buf[:k]...)
			if err == io.EOF {
				time.Sleep(time.Millisecond)
			} else if err != nil {
				break
			}
		}
		got <- all
	}()
	return got
}

func TestFileSendsEveryByte(t *testing.T) {
	path, reader := fifo(t)
	doc := labels(1 << 20)
	got := readAll(reader, 2*len(doc))
	r, err := device(t, path, Options{}).Send(t.Context(), Job{Data: bytes.NewReader(doc), Copies: 2})
	if err != nil || r.Sent != int64(2*len(doc)) || !r.Confirmed {
		t.Fatalf("%+v, %v", r, err)
	}
	if b := <-got; !bytes.Equal(b, append(bytes.Clone(doc), doc...)) {
		t.Errorf("%d bytes arrived changed", len(b))
	}
}

// A serial line must not make two bytes of a line feed within a picture.
func TestFileSerialLineIsRaw(t *testing.T) {
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer slave.Close()
	doc := bytes.Repeat([]byte("BITMAP 0,0,\n\r\x00\x03\x04\x11\x13\n"), 500)
	got := make(chan []byte, 1)
	go func() {
		b := make([]byte, len(doc))
		io.ReadFull(master, b)
		got <- b
	}()
	r, err := device(t, slave.Name(), Options{}).Send(t.Context(), Job{Data: bytes.NewReader(doc)})
	if err != nil || r.Sent != int64(len(doc)) {
		t.Fatalf("%+v, %v", r, err)
	}
	if !bytes.Equal(<-got, doc) {
		t.Error("the bytes arrived changed")
	}
}

func TestFileHangsAfterThreeBytes(t *testing.T) {
	t.Parallel()
	path, reader := fifo(t)
	go io.ReadFull(reader, make([]byte, 3))
	o := quick
	o.Stall = 150 * time.Millisecond
	_, err := device(t, path, o).Send(t.Context(), Job{Data: bytes.NewReader(labels(1 << 20))})
	if e := asError(t, err, TimedOut); e.Sent < 3 || e.Sent > 70_000 || e.Unsure {
		t.Errorf("%+v", e)
	}
}

// The cable is pulled in the middle.
func TestFileReaderGoes(t *testing.T) {
	path, reader := fifo(t)
	go func() {
		var n int
		for buf := make([]byte, 4096); n < 100_000; {
			k, _ := reader.Read(buf)
			n += k
		}
		reader.Close()
	}()
	_, err := device(t, path, Options{}).Send(t.Context(), Job{Data: bytes.NewReader(labels(1 << 20))})
	if e := asError(t, err, CutOff); e.Sent < 100_000 || e.Unsure {
		t.Errorf("%+v", e)
	}
}

func TestFileCanceled(t *testing.T) {
	path, _ := fifo(t)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancel)
	_, err := device(t, path, Options{}).Send(ctx, Job{Data: bytes.NewReader(labels(1 << 20))})
	asError(t, err, Canceled)
	_, err = device(t, path, Options{}).State(ctx)
	asError(t, err, Canceled)
}

// The kernel answers "no space" for a printer without paper; /dev/full says the
// same of itself.
func TestFileOutOfPaper(t *testing.T) {
	_, err := device(t, "/dev/full", quick).Send(t.Context(), Job{Data: strings.NewReader("^XA^XZ")})
	e := asError(t, err, NotReady)
	if len(e.Reasons) != 1 || e.Reasons[0].What != MediaEmpty || e.Sent != 0 || e.Unsure {
		t.Errorf("%+v", e)
	}
}

func TestDeviceErrors(t *testing.T) {
	for errno, want := range map[syscall.Errno]Code{syscall.ENOSPC: NotReady, syscall.EIO: NotReady, syscall.EBUSY: Busy,
		syscall.ENODEV: NotFound, syscall.ENXIO: NotFound, syscall.EACCES: NoPermission, syscall.EPERM: NoPermission,
		syscall.ENOENT: NotFound, syscall.EPIPE: CutOff} {
		err := wrap(Target{Scheme: "file", Path: "/dev/usb/lp0"}, "send", deviceError(&os.PathError{Op: "write", Err: errno}))
		if err.Code != want || err.Advice == "" || !errors.Is(err, errno) {
			t.Errorf("%v: %v", errno, err)
		}
	}
}

// A path that is no device is refused, and what is there stays as it was.
func TestFileRefusesWhatIsNoDevice(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(dir, "muontra.db")
	if err := os.WriteFile(db, []byte("loans"), 0o600); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(dir, "lp0")
	lonely := filepath.Join(dir, "lonely")
	if err := unix.Mkfifo(lonely, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]Code{db: NotSupported, missing: NotFound, lonely: NotFound} {
		p := device(t, path, quick)
		_, err := p.Send(t.Context(), Job{Data: strings.NewReader("^XA^XZ")})
		asError(t, err, want)
		_, err = p.State(t.Context())
		asError(t, err, want)
	}
	if b, _ := os.ReadFile(db); string(b) != "loans" {
		t.Errorf("the file is now %q", b)
	}
	if _, err := os.Stat(missing); !os.IsNotExist(err) {
		t.Error("a missing device was made a file")
	}
	if _, err := device(t, dir, quick).State(t.Context()); err == nil {
		t.Error("a directory is no printer")
	}
}

func TestFileState(t *testing.T) {
	path, _ := fifo(t)
	s, err := device(t, path, quick).State(t.Context())
	if err != nil || s.Kind != Unknown || !s.AcceptingJobs {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestLPStatus(t *testing.T) {
	for status, want := range map[int]string{0x18: "[]", 0x38: "[media empty]", 0x30: "[media empty]", 0x08: "[offline]",
		0x28: "[media empty offline]", 0x10: "[printer error]", 0x00: "[offline]"} {
		var got []string
		for _, r := range lpReasons(status) {
			got = append(got, r.String())
		}
		if s := "[" + strings.Join(got, " ") + "]"; s != want {
			t.Errorf("%#x: %s, want %s", status, s, want)
		}
	}
}
