package devices

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/tarm/serial"
)

// serialTimeout is the time limit of one read. The library counts in tenths of a
// second; without a limit, closing hangs until the next byte.
const serialTimeout = 100 * time.Millisecond

// A read that comes back empty this early did not wait for its time limit. After
// hangups of them in a row the cable is out: a hung-up port answers so within
// microseconds and for ever, with no error to tell it from silence.
const (
	tooEarly = 20 * time.Millisecond
	hangups  = 3
)

// port is the part of *serial.Port that is used.
type port interface {
	Read(b []byte) (int, error)
	Close() error
}

type serialWire struct {
	port  port
	early int
}

// openSerial opens a port at 8N1. The error is an *openError.
func openSerial(name string, baud int) (*serialWire, error) {
	p, err := serial.OpenPort(&serial.Config{Name: name, Baud: baud, ReadTimeout: serialTimeout})
	if err != nil {
		return nil, serialOpenError(name, err)
	}
	return &serialWire{port: p}, nil
}

// read ignores limit: the library fixes it when the port is opened.
func (w *serialWire) read(b []byte, _ time.Duration) (int, error) {
	start := time.Now()
	n, err := w.port.Read(b)
	if n > 0 {
		w.early = 0
		if errors.Is(err, io.EOF) {
			err = nil // the next read tells
		}
		return n, err
	}
	// An expired time limit is io.EOF on Linux and no error on Windows.
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	if time.Since(start) >= tooEarly {
		w.early = 0
		return 0, nil
	}
	if w.early++; w.early >= hangups {
		return 0, errUnplugged
	}
	return 0, nil
}

func (w *serialWire) close() error { return w.port.Close() }

// openError says why a device cannot be opened.
type openError struct {
	why, hint string
	err       error
}

func (e *openError) Error() string { return e.err.Error() }
func (e *openError) Unwrap() error { return e.err }

const dialoutHint = `sudo usermod -aG dialout "$USER"`

func serialOpenError(name string, err error) *openError {
	e := &openError{why: WhyFailed, err: fmt.Errorf("open serial port %s: %w", name, err)}
	switch {
	case errors.Is(err, fs.ErrPermission) && runtime.GOOS == "windows", errors.Is(err, syscall.EBUSY):
		// Windows opens a port for one program only, and denies it to the second.
		e.why = WhyBusy
	case errors.Is(err, fs.ErrPermission):
		e.why, e.hint = WhyNoPermission, dialoutHint
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENODEV), errors.Is(err, syscall.ENXIO):
		e.why = WhyAbsent
	case errors.Is(err, syscall.ENOTTY), errors.Is(err, syscall.EISDIR):
		e.why = WhyNotAPort
	case strings.Contains(err.Error(), "baud"), errors.Is(err, syscall.EINVAL):
		e.why = WhyBadBaud
	}
	return e
}
