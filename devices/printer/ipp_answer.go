package printer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/OpenPrinting/goipp"
)

// What an IPP answer may cost and how much of it is kept.
const (
	maxAnswer  = 1 << 20 // bytes; a printer that tells all it knows sends about 60 KB
	maxText    = 1023    // bytes of a text (RFC 8011, 5.1.2)
	maxKeyword = 255     // bytes of a keyword (RFC 8011, 5.1.4)
	maxValues  = 200     // of one attribute
	// maxDepth is how many collections may stand in one another. goipp calls
	// itself for each, and has no limit of its own.
	maxDepth = 16
)

// readAnswer reads one IPP message and nothing behind it. id is that of the
// request.
func readAnswer(r io.Reader, id uint32) (*goipp.Message, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxAnswer+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxAnswer {
		return nil, &Error{Code: Garbage, Err: fmt.Errorf("the answer is longer than %d bytes", maxAnswer)}
	}
	m, err := decode(raw)
	if err != nil {
		return nil, &Error{Code: Garbage, Err: fmt.Errorf("IPP: %w", err)}
	}
	if m.RequestID != id {
		return nil, &Error{Code: Garbage, Err: fmt.Errorf("IPP: an answer to request %d, not %d", m.RequestID, id)}
	}
	return m, nil
}

func decode(raw []byte) (m *goipp.Message, err error) {
	// goipp 1.1.0 panics on an extended tag (0x7f) that stands for a group; the
	// fuzz test found it. A printer must not be able to end the program.
	defer func() {
		if p := recover(); p != nil {
			m, err = nil, fmt.Errorf("a message that cannot be: %v", p)
		}
	}()
	if deepest := nesting(raw); deepest > maxDepth {
		return nil, fmt.Errorf("collections stand %d deep in one another", deepest)
	}
	m = new(goipp.Message)
	if err := m.DecodeBytes(raw); err != nil {
		return nil, err
	}
	if major := m.Version.Major(); major != 1 && major != 2 {
		return nil, fmt.Errorf("version %v", m.Version)
	}
	return m, nil
}

// nesting is how deep the collections of a message stand in one another. It walks
// the tags as RFC 8010, 3.1 has them: below 0x10 a tag stands alone, every other
// has a name and a value behind it, each with two bytes of length before it.
func nesting(raw []byte) (deepest int) {
	depth := 0
	for i := 8; i < len(raw); {
		tag := goipp.Tag(raw[i])
		i++
		if tag.IsDelimiter() {
			if tag == goipp.TagEnd {
				break
			}
			continue
		}
		for range 2 {
			if i+2 > len(raw) {
				return deepest // cut off; the decoder will say so
			}
			i += 2 + int(binary.BigEndian.Uint16(raw[i:]))
		}
		switch tag {
		case goipp.TagBeginCollection:
			depth++
			deepest = max(deepest, depth)
		case goipp.TagEndCollection:
			depth--
		}
	}
	return deepest
}

// statusError is nil for a success (RFC 8011, appendix B.1: below 0x0100).
func statusError(m *goipp.Message) error {
	status := goipp.Status(m.Code)
	if m.Code < 0x0100 {
		return nil
	}
	cause := errors.New(status.String())
	if said := text(m.Operation, "status-message", maxText); said != "" {
		cause = fmt.Errorf("%w (%s)", cause, said)
	}
	e := &Error{Code: Failed, Err: cause}
	switch status {
	case goipp.StatusErrorForbidden, goipp.StatusErrorNotAuthenticated, goipp.StatusErrorNotAuthorized:
		e.Code = NoPermission
	case goipp.StatusErrorNotFound, goipp.StatusErrorGone:
		e.Code = NotFound
	case goipp.StatusErrorNotPossible:
		e.Code = TooLate
	case goipp.StatusErrorDocumentFormatNotSupported:
		e.Code, e.Advice = NotSupported, "this printer does not take this kind of document; choose another output for it"
	case goipp.StatusErrorAttributesOrValues, goipp.StatusErrorConflicting, goipp.StatusErrorOperationNotSupported,
		goipp.StatusErrorVersionNotSupported, goipp.StatusErrorURIScheme, goipp.StatusErrorCharset:
		e.Code = NotSupported
	case goipp.StatusErrorBusy, goipp.StatusErrorTemporary, goipp.StatusErrorServiceUnavailable, goipp.StatusErrorTooManyJobs:
		e.Code = Busy
	case goipp.StatusErrorNotAcceptingJobs, goipp.StatusErrorPrinterIsDeactivated, goipp.StatusErrorDevice:
		e.Code = NotReady
		e.Reasons = readReasons(words(m.Printer, "printer-state-reasons"))
	case goipp.StatusErrorTimeout:
		e.Code = TimedOut
	case goipp.StatusErrorJobCanceled, goipp.StatusErrorDocumentFormatError, goipp.StatusErrorDocumentUnprintable:
		e.Code = JobFailed
	}
	return e
}

// readState takes the printer's condition out of an answer. An answer without
// printer-state, which every printer must give (RFC 8011, 5.4.11), is garbage.
func readState(m *goipp.Message) (State, error) {
	number, found := integer(m.Printer, "printer-state")
	if !found {
		return State{}, &Error{Code: Garbage, Err: errors.New("IPP: no printer-state in the answer")}
	}
	kinds := map[int]Kind{3: Idle, 4: Processing, 5: Stopped}
	s := State{
		Kind:    Unknown,
		Reasons: readReasons(words(m.Printer, "printer-state-reasons")),
		Message: text(m.Printer, "printer-state-message", maxText),
		Model:   text(m.Printer, "printer-make-and-model", maxText),
		Media:   words(m.Printer, "media-ready"),
	}
	if k, known := kinds[number]; known {
		s.Kind = k
	}
	s.AcceptingJobs = true // unless it says no; old printers do not say
	if v, ok := first(m.Printer, "printer-is-accepting-jobs").(goipp.Boolean); ok {
		s.AcceptingJobs = bool(v)
	}
	n, _ := integer(m.Printer, "queued-job-count")
	s.Queued = max(n, 0)
	for _, f := range words(m.Printer, "document-format-supported") {
		s.Formats = append(s.Formats, Format(f))
	}
	return s, nil
}

// readJobState takes a job's state out of an answer (RFC 8011, 5.3.7: job-state).
func readJobState(m *goipp.Message) (JobState, error) {
	number, found := integer(m.Job, "job-state")
	if !found {
		return JobState{}, &Error{Code: Garbage, Err: errors.New("IPP: no job-state in the answer")}
	}
	kinds := map[int]JobKind{3: JobPending, 4: JobHeld, 5: JobProcessing, 6: JobStopped, 7: JobCanceled, 8: JobAborted, 9: JobCompleted}
	s := JobState{Kind: JobUnknown, Sheets: -1,
		Name: text(m.Job, "job-name", maxText), Message: text(m.Job, "job-state-message", maxText)}
	if k, known := kinds[number]; known {
		s.Kind = k
	}
	for _, w := range words(m.Job, "job-state-reasons") {
		if w != "none" {
			s.Reasons = append(s.Reasons, w)
		}
	}
	if n, ok := integer(m.Job, "job-media-sheets-completed"); ok && n >= 0 {
		s.Sheets = n
	}
	return s, nil
}

// first is the first value of an attribute, or nil.
func first(attrs goipp.Attributes, name string) goipp.Value {
	for _, a := range attrs {
		if a.Name == name && len(a.Values) > 0 {
			return a.Values[0].V
		}
	}
	return nil
}

func integer(attrs goipp.Attributes, name string) (int, bool) {
	v, ok := first(attrs, name).(goipp.Integer)
	return int(v), ok
}

func text(attrs goipp.Attributes, name string, most int) string {
	return asText(first(attrs, name), most)
}

func asText(v goipp.Value, most int) string {
	switch v := v.(type) {
	case goipp.String:
		return clean(string(v), most)
	case goipp.TextWithLang:
		return clean(v.Text, most)
	}
	return ""
}

// words are all values of an attribute of keywords.
func words(attrs goipp.Attributes, name string) []string {
	var all []string
	for _, a := range attrs {
		if a.Name != name {
			continue
		}
		for _, v := range a.Values[:min(len(a.Values), maxValues)] {
			if s := asText(v.V, maxKeyword); s != "" {
				all = append(all, s)
			}
		}
		break
	}
	return all
}
