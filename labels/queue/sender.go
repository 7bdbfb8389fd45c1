package queue

import (
	"context"
	"fmt"
	"io"

	"muontra/labels"
)

// Sender is one printer, as the drivers reach it. The errors of its methods
// are *Failure; another error is read as one without a code. All methods end
// with their context.
type Sender interface {
	// Send hands a document over and returns when the printer has taken it. No
	// document is sent again by itself.
	Send(ctx context.Context, d Document) (Receipt, error)
	State(ctx context.Context) (Status, error)
	// JobState and Cancel are asked only about a Remote that a Receipt had.
	JobState(ctx context.Context, remote string) (JobStatus, error)
	Cancel(ctx context.Context, remote string) error
}

// Document is what goes to a printer.
type Document struct {
	Name          string // for the printer's list; no two jobs have the same
	Format        labels.Format
	Data          io.ReadSeeker
	Width, Height float64 // of the page or label, in mm
}

// Receipt is what a printer that has taken a document says of it.
type Receipt struct {
	Remote string // the job's name at the printer; "" when it can say no more
	// Ignored is what was asked for and will not be done, in the printer's
	// words: "print-scaling" means that labels may miss their places.
	Ignored []string
}

// Status is how a printer is.
type Status struct {
	Kind    string   // idle, processing, stopped; unknown when it is there and cannot say more
	Reasons []string // codes, worst first: media_empty, door_open; none that it prints in spite of
	Message string   // the printer's own words
}

// The kinds of a Status; Away is a printer that could not be asked.
const (
	Unknown    = "unknown"
	Idle       = "idle"
	Processing = "processing"
	Halted     = "stopped"
	Away       = "away"
)

// JobStatus is where a job stands at its printer.
type JobStatus struct {
	End     End
	Name    string // as the printer has it; "" when it keeps none
	Reasons []string
	Message string
	Sheets  int // printed so far, -1 when the printer does not count
	Halted  bool
}

// End is how a job ended at its printer.
type End string

// The ends. NotYet is a job that still waits or prints.
const (
	NotYet    End = ""
	Completed End = "completed"
	Canceled  End = "canceled" // at the printer's own buttons, or by its system
	Aborted   End = "aborted"
)

// Failure is why something could not be printed: a code for programs, and
// what the printer or the system said.
type Failure struct {
	Code   string
	Detail string
	Sent   int64 // bytes of the document that the printer can have at most
	Away   bool  // it could not be reached at all
	Err    error
}

func (f *Failure) Error() string {
	if f.Detail == "" {
		return f.Code
	}
	return fmt.Sprintf("%s: %s", f.Code, f.Detail)
}

func (f *Failure) Unwrap() error { return f.Err }

// The codes of this package; those of the printers come from their drivers
// and those of labels that cannot be drawn from package say.
const (
	ReasonInterrupted = "interrupted"         // the program ended while it was sent or printed
	ReasonStopped     = "stopped"             // a person stopped it
	ReasonCancelled   = "cancelled"           // a person gave it up
	ReasonAtPrinter   = "cancelled_at_screen" // cancelled at the printer
	ReasonAborted     = "aborted"             // the printer gave it up and did not say why
	ReasonForgotten   = "forgotten"           // the printer does not know the job any more
	ReasonUnknown     = "unknown_subject"     // a copy, patron or place of it does not exist any more
	ReasonDisabled    = "printer_disabled"    // its printer was put out of use
	ReasonIgnored     = "ignored"             // printed, but the printer did not do all that was asked
	ReasonSpool       = "spool"               // it could not be kept on the disk while it is sent
	ReasonFailed      = "failed"              // anything else
	ReasonNotReady    = "not_ready"           // the printer waits for a hand and does not say why
)

// notFound is the drivers' code for a job that the printer does not know.
const notFound = "not_found"

// Reasons lists the codes of this package.
var Reasons = []string{ReasonInterrupted, ReasonStopped, ReasonCancelled, ReasonAtPrinter, ReasonAborted, ReasonForgotten,
	ReasonUnknown, ReasonDisabled, ReasonIgnored, ReasonSpool, ReasonFailed, ReasonNotReady}
