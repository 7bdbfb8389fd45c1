package printer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// What the two raw drivers, TCP and device files, share: bytes go out as they
// are, and how many went is known to the byte.

// chunk is small because progress is judged a chunk at a time, and because a
// label printer's own buffer is a few kilobytes.
const chunk = 4096

// drain is a place for raw bytes, a connection or a device.
type drain interface {
	io.Writer
	SetWriteDeadline(time.Time) error
}

// pump sends size bytes of data, copies times over, and returns how many the
// system took. It gives up when no byte moved for stall, when ctx ends, or with
// what arrives on gone.
func pump(ctx context.Context, to drain, job Job, size int64, stall time.Duration, gone <-chan error) (sent int64, err error) {
	buf := make([]byte, chunk)
	for range job.copies() {
		if _, err := job.Data.Seek(0, io.SeekStart); err != nil {
			return sent, fmt.Errorf("%w: %w", errRead, err)
		}
		for left := size; left > 0; {
			select {
			case err := <-gone:
				return sent, err
			default:
			}
			n, err := io.ReadFull(job.Data, buf[:min(left, chunk)])
			if err != nil {
				return sent, fmt.Errorf("%w: %w", errRead, err)
			}
			left -= int64(n)
			w, err := push(ctx, to, buf[:n], stall)
			sent += int64(w)
			if err != nil {
				return sent, err
			}
		}
	}
	return sent, nil
}

// push writes all of b; the deadline moves on with every byte taken.
func push(ctx context.Context, to drain, b []byte, stall time.Duration) (sent int, err error) {
	moved := time.Now()
	for len(b) > 0 {
		// A device that cannot be waited for has no deadline; its open was
		// non-blocking, so that a write says EAGAIN instead of hanging.
		if err := to.SetWriteDeadline(moved.Add(stall)); err != nil && !errors.Is(err, os.ErrNoDeadline) {
			return sent, err
		}
		// Only now: whoever ends ctx sets a deadline too, which the line above
		// may have just overwritten.
		if err := ctx.Err(); err != nil {
			return sent, err
		}
		n, err := to.Write(b)
		if n > 0 {
			sent, b, moved = sent+n, b[n:], time.Now()
		}
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return sent, ctx.Err()
		case errors.Is(err, os.ErrDeadlineExceeded) && n > 0:
		case errors.Is(err, os.ErrDeadlineExceeded):
			return sent, errStalled
		case errors.Is(err, syscall.EAGAIN):
			if time.Since(moved) > stall {
				return sent, errStalled
			}
			if err := pause(ctx, 10*time.Millisecond); err != nil {
				return sent, err
			}
		default:
			return sent, err
		}
	}
	return sent, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// noJobs is the half of Printer that a raw printer cannot do.
type noJobs struct{}

func (noJobs) unsupported(t Target, op string) error {
	return &Error{Code: NotSupported, Op: op, Target: t.String(),
		Err: errors.New("a raw printer knows no jobs"), Advice: "look at what came out of the printer"}
}
