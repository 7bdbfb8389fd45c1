package printer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// filePrinter writes to a device file: a USB printer (/dev/usb/lp0), a parallel
// port, or a serial line with its speed already set.
type filePrinter struct {
	noJobs
	target Target
	opt    Options
}

// open never creates or shortens a file, and accepts only what can be a printer.
// A missing /dev/usb/lp0 must not become a file that swallows labels, and a
// mistyped path must not cost somebody a database.
func (p *filePrinter) open() (*os.File, error) {
	f, err := os.OpenFile(p.target.Path, os.O_WRONLY|openFlags, 0)
	if err != nil {
		return nil, deviceError(err)
	}
	info, err := f.Stat()
	if err == nil && info.Mode()&(fs.ModeCharDevice|fs.ModeNamedPipe) == 0 {
		err = &Error{Code: NotSupported, Err: fmt.Errorf("%s is no device (%v)", p.target.Path, info.Mode().Type()),
			Advice: "name the printer's device file, such as /dev/usb/lp0"}
	}
	if err == nil {
		err = makeRaw(f)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// deviceError gives the meanings that printers give to the errors of files.
func deviceError(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC): // of a device, not of a disk
		return &Error{Code: NotReady, Err: err, Reasons: []Reason{{What: MediaEmpty, Severity: Bad, Text: "no space left on device"}},
			Advice: "put paper or labels in"}
	case errors.Is(err, syscall.EIO):
		return &Error{Code: NotReady, Err: err, Reasons: []Reason{{What: Fault, Severity: Bad, Text: "input/output error"}},
			Advice: "look at the printer: is it on, is its cover closed, is its cable in"}
	case errors.Is(err, syscall.ENXIO):
		return &Error{Code: NotFound, Err: err, Advice: "switch the printer on and plug it in"}
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ENODEV):
		return &Error{Code: NotFound, Err: err, Advice: "switch the printer on, plug it in, and look which name it has under /dev/usb"}
	case errors.Is(err, os.ErrPermission):
		return &Error{Code: NoPermission, Err: err, Advice: "add this program's user to the group lp: usermod -aG lp USER"}
	}
	return err
}

// Send writes the document. Confirmed is true where the kernel tells that the
// device has taken all of it.
func (p *filePrinter) Send(ctx context.Context, job Job) (Receipt, error) {
	size, err := job.sized()
	if err != nil {
		return Receipt{}, wrap(p.target, "send", err)
	}
	f, err := p.open()
	if err != nil {
		return Receipt{}, wrap(p.target, "send", err)
	}
	defer f.Close()
	defer context.AfterFunc(ctx, func() { f.SetWriteDeadline(time.Unix(1, 0)) })()

	whole := size * int64(job.copies())
	sent, err := pump(ctx, f, job, size, p.opt.Stall, nil)
	confirmed := false
	if err == nil {
		// Closing a USB printer stops the transfer that is under way, so the
		// last bytes are waited for.
		f.SetWriteDeadline(time.Now().Add(p.opt.Stall))
		confirmed, err = drained(f)
		if ctx.Err() != nil {
			err = ctx.Err()
		} else if errors.Is(err, os.ErrDeadlineExceeded) {
			err = errStalled
		}
	}
	reasons, asked := deviceReasons(f)
	if err == nil && len(reasons) > 0 {
		// The kernel counts a transfer as done when the printer runs out of
		// paper, so "done" means little here.
		err = &Error{Code: NotReady, Err: errors.New("the printer has trouble after the last byte")}
	}
	if err == nil {
		return Receipt{Sent: sent, Confirmed: confirmed}, nil
	}
	e := withSent(p.target, deviceError(err), sent, whole)
	if asked && len(reasons) > 0 {
		e.Reasons = reasons
	}
	return Receipt{}, e
}

// State opens the device and asks it. While a job is being sent it is [Busy].
func (p *filePrinter) State(ctx context.Context) (State, error) {
	if err := ctx.Err(); err != nil {
		return State{}, wrap(p.target, "state", err)
	}
	f, err := p.open()
	if err != nil {
		return State{}, wrap(p.target, "state", err)
	}
	defer f.Close()
	reasons, asked := deviceReasons(f)
	switch {
	case !asked:
		return State{Kind: Unknown, AcceptingJobs: true}, nil
	case len(reasons) > 0:
		return State{Kind: Stopped, Reasons: reasons}, nil
	}
	return State{Kind: Idle, AcceptingJobs: true}, nil
}

func (p *filePrinter) JobState(context.Context, Handle) (JobState, error) {
	return JobState{}, p.unsupported(p.target, "job state")
}

func (p *filePrinter) Cancel(context.Context, Handle) error {
	return p.unsupported(p.target, "cancel")
}

// lpReasons reads the status byte of LPGETSTATUS, which is that of the parallel
// port and of the USB printer class (1.1, 4.2.2): no error 0x08, selected 0x10,
// paper empty 0x20.
func lpReasons(status int) []Reason {
	var all []Reason
	if status&0x20 != 0 {
		all = append(all, Reason{What: MediaEmpty, Severity: Bad, Text: "paper empty"})
	}
	if status&0x10 == 0 {
		all = append(all, Reason{What: Offline, Severity: Bad, Text: "not selected"})
	}
	if status&0x08 == 0 && len(all) == 0 {
		all = append(all, Reason{What: Fault, Severity: Bad, Text: "error"})
	}
	return all
}
