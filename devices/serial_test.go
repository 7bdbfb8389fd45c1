package devices

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// fakePort answers each read after a while with the next of its answers.
type fakePort struct{ answers []answer }

type answer struct {
	after time.Duration
	data  string
	err   error
}

func (p *fakePort) Read(b []byte) (int, error) {
	a := p.answers[0]
	p.answers = p.answers[1:]
	time.Sleep(a.after)
	return copy(b, a.data), a.err
}

func (p *fakePort) Close() error { return nil }

func TestSerialTellsSilenceFromUnplugged(t *testing.T) {
	const late = 2 * tooEarly
	early := answer{err: io.EOF}
	silence := answer{after: late, err: io.EOF}
	broken := errors.New("A device attached to the system is not functioning")
	for name, c := range map[string]struct {
		answers []answer
		want    []string
	}{
		"silence on Linux":   {[]answer{silence, silence, silence, silence}, []string{"", "", "", ""}},
		"silence on Windows": {[]answer{{after: late}, {after: late}, {after: late}}, []string{"", "", ""}},
		"hung up":            {[]answer{early, early, early}, []string{"", "", errUnplugged.Error()}},
		"hung up on Windows": {[]answer{{}, {}, {}}, []string{"", "", errUnplugged.Error()}},
		"two early, then not": {
			[]answer{early, early, silence, early, early, {data: "7"}, early, early, early},
			[]string{"", "", "", "", "", "7", "", "", errUnplugged.Error()},
		},
		"an error":       {[]answer{{data: "7"}, {err: broken}}, []string{"7", broken.Error()}},
		"data and EOF":   {[]answer{{data: "7", err: io.EOF}, silence}, []string{"7", ""}},
		"data and error": {[]answer{{data: "7", err: broken}}, []string{"7" + broken.Error()}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &serialWire{port: &fakePort{c.answers}}
			for i, want := range c.want {
				b := make([]byte, 8)
				n, err := w.read(b, time.Second)
				got := string(b[:n])
				if err != nil {
					got += err.Error()
				}
				if got != want {
					t.Errorf("read %d: %q, want %q", i, got, want)
				}
			}
		})
	}
}

func TestSerialOpenErrors(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows denies a port that is in use")
	}
	for want, err := range map[string]error{
		WhyNoPermission: &os.PathError{Op: "open", Path: "/dev/ttyUSB0", Err: syscall.EACCES},
		WhyAbsent:       &os.PathError{Op: "open", Path: "/dev/ttyUSB0", Err: fs.ErrNotExist},
		WhyBusy:         &os.PathError{Op: "open", Path: "/dev/ttyUSB0", Err: syscall.EBUSY},
		WhyNotAPort:     syscall.ENOTTY,
		WhyBadBaud:      errors.New("Unrecognized baud rate"),
		WhyFailed:       syscall.EIO,
	} {
		e := serialOpenError("/dev/ttyUSB0", err)
		if e.why != want || !errors.Is(e, err) || (e.hint != "") != (want == WhyNoPermission) {
			t.Errorf("%v: %q %q %v", err, e.why, e.hint, e)
		}
	}
	if _, err := openSerial(t.TempDir(), 9600); err == nil {
		t.Error("opened a directory")
	} else if e := (&openError{}); !errors.As(err, &e) || e.why != WhyNotAPort {
		t.Errorf("a directory: %v", err)
	}
	file := t.TempDir() + "/file"
	if err := os.WriteFile(file, []byte("30000016\r"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openSerial(file, 9600); err == nil {
		t.Error("opened a file")
	} else if e := (&openError{}); !errors.As(err, &e) || e.why != WhyNotAPort {
		t.Errorf("a file: %v", err)
	}
}
