package printer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
)

// Code says what went wrong, for programs: words for people are chosen by it
// elsewhere. [Error.Error] is English, for the log.
type Code string

const (
	BadTarget    Code = "bad_target"    // the text is no printer's address
	Refused      Code = "refused"       // a computer is there, but nothing listens
	Unreachable  Code = "unreachable"   // no such name, no way to it, or it is off
	TimedOut     Code = "timed_out"     // it was there and stopped moving
	CutOff       Code = "cut_off"       // it broke the connection off
	Garbage      Code = "garbage"       // it answered something that is not its protocol
	NoPermission Code = "no_permission" // of the system or of the printer
	Busy         Code = "busy"          // somebody else has it; try again
	NotReady     Code = "not_ready"     // it wants a hand: Reasons say what for
	NotFound     Code = "not_found"     // no such device file, queue or job
	NotSupported Code = "not_supported" // this printer cannot do that at all
	Untrusted    Code = "untrusted"     // its certificate is not known; Fingerprint has it
	JobFailed    Code = "job_failed"    // it took the job and gave it up; Reasons
	TooLate      Code = "too_late"      // the job has already ended
	Canceled     Code = "canceled"      // the caller's context
	Failed       Code = "failed"        // anything else; Err has it
)

// Error is the one type of error of this package.
type Error struct {
	Code   Code
	Op     string // "open", "send", "state", "job state", "cancel", "find"
	Target string // the printer, as Target.String gives it; "" from JobState.Err
	// Sent is how many bytes of the document the printer can have at most, as
	// far as this end knows; it may have printed less. On Linux over TCP it is what the printer's end has
	// acknowledged, elsewhere what this system took to send.
	Sent int64
	// Unsure: the whole document was on its way and may print after all.
	Unsure bool
	// Reasons, with NotReady and JobFailed.
	Reasons []Reason
	// Fingerprint, with Untrusted: the certificate that was shown, in the form
	// that a target's ?fingerprint= takes.
	Fingerprint string
	Advice      string // what a person can do, in English
	Err         error  // the cause; may be nil

	refused bool // the printer's side said no to a document, in so many words
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("printer")
	if e.Target != "" {
		b.WriteString(" " + e.Target)
	}
	fmt.Fprintf(&b, ": %s: %s", e.Op, strings.ReplaceAll(string(e.Code), "_", " "))
	for i, r := range e.Reasons {
		b.WriteString([2]string{" (", ", "}[min(i, 1)] + r.String())
	}
	if len(e.Reasons) > 0 {
		b.WriteString(")")
	}
	if e.Sent > 0 {
		fmt.Fprintf(&b, " after %d bytes", e.Sent)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	if e.Advice != "" {
		b.WriteString("; " + e.Advice)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of an error of this package, or "" for any other.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// errStalled is why a connection on which nothing moves is given up.
var errStalled = errors.New("no byte moved in time")

// errRead marks trouble with the caller's document, which is nobody's printer.
var errRead = errors.New("reading the document")

const adviceTarget = "write tcp://HOST, /dev/usb/lp0, ipp://HOST/ipp/print or ipps://HOST/ipp/print"

// advice has what usually helps against a code. Places that know more say more.
var advice = map[Code]string{
	Refused:      "switch the printer on and check the port",
	Unreachable:  "check that the printer is on, its cable or Wi-Fi, and its address",
	TimedOut:     "look at the printer: paper, cover, pause; switch it off and on if it does not answer",
	CutOff:       "look at what came out before printing the rest",
	Garbage:      "check that the address is that of a printer of this kind",
	NoPermission: "let this program's user print there",
	Busy:         "another program or job has the printer; try again in a moment",
	NotReady:     "look at the printer",
	NotFound:     "check the name at the end of the printer's address",
	JobFailed:    "look at the printer, then print again",
	TooLate:      "the job has ended",
}

// wrap makes an Error of a cause met while doing op. An Error passes through:
// whoever made it knew more.
func wrap(t Target, op string, err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		e.Op, e.Target = op, t.String()
		if e.Advice == "" {
			e.Advice = advice[e.Code]
		}
		return e
	}
	e = &Error{Code: classify(err), Op: op, Target: t.String(), Err: err}
	e.Advice = advice[e.Code]
	if e.Code == Untrusted {
		e.Fingerprint = shownFingerprint(err)
		e.Advice = "if this is the school's own printer, add ?fingerprint=" + e.Fingerprint + " to its address"
	}
	if errors.Is(err, http.ErrSchemeMismatch) {
		e.Advice = "the printer does not encrypt on this port; write ipp:// instead of ipps://"
	}
	return e
}

// withSent is wrap for a document that was partly on its way; whole is its size.
func withSent(t Target, err error, sent, whole int64) *Error {
	e := wrap(t, "send", err)
	e.Sent = max(sent, 0)
	e.Unsure = sent >= whole
	return e
}

// classify finds the code of a cause from the system, the network or TLS.
func classify(err error) Code {
	var (
		dns      *net.DNSError
		netErr   net.Error
		unknown  x509.UnknownAuthorityError
		invalid  x509.CertificateInvalidError
		hostname x509.HostnameError
		verify   *tls.CertificateVerificationError
		header   tls.RecordHeaderError
		alert    tls.AlertError
	)
	is := func(targets []error) bool {
		for _, t := range targets {
			if errors.Is(err, t) {
				return true
			}
		}
		return false
	}
	switch {
	case errors.Is(err, errRead):
		return Failed
	case errors.Is(err, context.Canceled):
		return Canceled
	case errors.Is(err, errStalled), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return TimedOut
	case errors.As(err, &dns):
		return Unreachable
	case errors.As(err, &verify), errors.As(err, &unknown), errors.As(err, &invalid), errors.As(err, &hostname):
		return Untrusted
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &header), errors.As(err, &alert):
		return Garbage
	case is(sysRefused):
		return Refused
	case is(sysUnreachable):
		return Unreachable
	case is(sysCutOff), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return CutOff
	case errors.Is(err, syscall.EBUSY):
		return Busy
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ENODEV):
		return NotFound
	case errors.Is(err, os.ErrPermission):
		return NoPermission
	case errors.As(err, &netErr) && netErr.Timeout():
		return TimedOut
	}
	// net/http has no type for an answer that is not HTTP, only these words.
	if s := err.Error(); strings.Contains(s, "malformed ") || strings.Contains(s, "headers exceeded") {
		return Garbage
	}
	return Failed
}
