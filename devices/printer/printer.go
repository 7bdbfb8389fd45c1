// Package printer sends finished print data to printers and says how they are.
//
// It knows nothing of labels and books: a [Job] is bytes that a printer
// understands (PDF, ZPL, TSPL, EPL), made elsewhere. Where a printer stands is a
// [Target], one line of text that a person can type and a database can keep;
// [Open] makes a [Printer] of it:
//
//	tcp://192.168.1.50            raw data to port 9100, as label printers take it
//	/dev/usb/lp0                  a device file on this computer
//	ipp://192.168.1.60/ipp/print  IPP: driverless printers, and the queues of CUPS
//	ipps://...                    the same, encrypted
//
// # Promises
//
//   - Nothing waits for ever. A printer that takes no byte for [Options.Stall]
//     is an [Error] with [TimedOut], whatever it did before.
//   - Nothing is half printed without being told. [Error.Sent] is how many bytes
//     of the document the printer can have at most, so that whoever knows where
//     each label ends in the document can say "continue from label k".
//   - Taken is not printed. Only IPP says what became of a job
//     ([Printer.JobState]). A raw printer or a device file says at most that it
//     has taken all bytes ([Receipt.Confirmed]), and then nobody knows more.
//   - Nothing is sent twice: there is no second try in here, save to an IPP
//     printer that refused the version of the request. An error with [Error.Unsure] means that the printer may
//     have all of it: a person has to look before it is sent again.
//   - What a printer answers is limited in size and time, and never believed
//     beyond its form: nonsense is an [Error] with [Garbage].
//   - A document goes to printers only: a target that turns out to be an ordinary
//     file or a disk is refused before it is changed.
//
// A Printer holds no connection between calls and may be used by several
// goroutines, though most printers serve one connection at a time: one owner a
// printer is kinder.
package printer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Format is the media type of a document. Raw targets send any format as it is;
// an IPP printer refuses what it does not know ([NotSupported]).
type Format string

const (
	PDF Format = "application/pdf"
	ZPL Format = "application/vnd.zebra-zpl"
	// Raw is for TSPL, EPL and all else without a registered type; an IPP
	// printer is to look at the bytes and find out (RFC 8011, 5.1.10).
	Raw Format = "application/octet-stream"
)

// A4 is the name of the paper in PWG 5101.1, as [Job.Media] wants it.
const A4 = "iso_a4_210x297mm"

// Job is one document to print.
type Job struct {
	// Name is what people see in the printer's list; UTF-8. IPP keeps at most
	// 255 bytes of it; raw printers never see it.
	Name   string
	Format Format
	// Data is read from its beginning to its end, once a copy for raw targets.
	// bytes.Reader, os.File and io.SectionReader do.
	Data io.ReadSeeker
	// Copies is how often the whole document is printed; 0 means once.
	Copies int
	// Media is a PWG 5101.1 size name such as [A4]. For a PDF, "" means A4; for
	// the rest "" asks for nothing. Raw targets ignore it.
	Media string
}

// Handle names a job at its printer: the decimal job-id of IPP. It is text that
// may be kept over a restart. "" means that nobody can be asked about the job.
type Handle string

// Receipt is what is known when a document has gone out without an error.
type Receipt struct {
	Handle Handle
	Sent   int64 // bytes, all copies together for raw targets
	// Confirmed says that the printer has taken every byte: it accepted the job
	// (IPP), closed the connection after the last byte (TCP), or the kernel has
	// handed over all of it (a device file on Linux).
	Confirmed bool
	// Ignored names what was asked for and will not be done, by its IPP name.
	// "print-scaling" or "media" in it means that labels may miss their places.
	Ignored []string
}

// Printer is one printer. Every error is an [*Error].
type Printer interface {
	// Send prints a job. It returns when the printer has taken the document,
	// not when it has printed it.
	Send(ctx context.Context, job Job) (Receipt, error)
	// State asks how the printer is. A printer that cannot be asked, but is
	// there, is [Unknown] without an error.
	State(ctx context.Context) (State, error)
	// JobState asks what became of a job. Raw targets have no answer:
	// [NotSupported]. A printer that has forgotten the job: [NotFound].
	JobState(ctx context.Context, h Handle) (JobState, error)
	// Cancel stops a job that is not finished. Raw targets cannot:
	// [NotSupported] (cancel the context of Send instead). A job that has
	// ended: [TooLate].
	Cancel(ctx context.Context, h Handle) error
}

// Finder is a Printer that can look for a job by its name, for the one moment
// when a program died between sending and writing down the handle. IPP printers
// are Finders.
type Finder interface {
	// Find returns the newest job of exactly this name that the printer
	// remembers, or "" if there is none. Give jobs names that do not repeat.
	Find(ctx context.Context, name string) (Handle, error)
}

// Options are the patience of a Printer. A zero field has the value named here.
type Options struct {
	Dial  time.Duration // to connect, TLS included; 5 s
	Stall time.Duration // without one byte moving, or for IPP's answer to a job; 30 s
	// Finish is for a raw printer to close the connection after the last byte;
	// 60 s. Some do so only when the last label is out.
	Finish time.Duration
	Reply  time.Duration // for an answer to a question about state; 5 s
}

func (o Options) filled() Options {
	fill := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	fill(&o.Dial, 5*time.Second)
	fill(&o.Stall, 30*time.Second)
	fill(&o.Finish, time.Minute)
	fill(&o.Reply, 5*time.Second)
	return o
}

// Open makes a Printer. It touches neither network nor device; the printer may
// be off.
func Open(t Target, o Options) (Printer, error) {
	o = o.filled()
	switch t.Scheme {
	case "tcp":
		return &tcpPrinter{target: t, opt: o}, nil
	case "file":
		return &filePrinter{target: t, opt: o}, nil
	case "ipp", "ipps":
		return newIPP(t, o)
	}
	return nil, &Error{Code: BadTarget, Op: "open", Target: t.String(), Advice: adviceTarget,
		Err: fmt.Errorf("unknown kind of printer %q", t.Scheme)}
}

// sized returns the job's length in bytes and stands its data at the beginning.
func (j Job) sized() (int64, error) {
	if j.Data == nil {
		return 0, errors.New("the job has no data")
	}
	n, err := j.Data.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = j.Data.Seek(0, io.SeekStart)
	}
	if err != nil {
		return 0, fmt.Errorf("reading the document: %w", err)
	}
	if n == 0 {
		return 0, errors.New("the document is empty")
	}
	return n, nil
}

func (j Job) copies() int { return max(j.Copies, 1) }
