package printer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// hostStatus is what a ZPL printer answers to ~HS: three lines, each STX, numbers
// with commas between, ETX CR LF (ZPL II Programming Guide, "~HS Host Status
// Return"). The names are those of the guide's letters.
type hostStatus struct {
	paperOut, paused   bool // line 1: b, c
	formats            int  // line 1: eee, labels in the receive buffer
	bufferFull         bool // line 1: f
	corruptRAM         bool // line 1: j
	tooCold, tooHot    bool // line 1: k, l
	headUp, ribbonOut  bool // line 2: o, p
	waitingToBePeeled  bool // line 2: t
	remaining          int  // line 2: uuuuuuuu, labels to go in the batch
	thermalTransferred bool // line 2: q; without it there is no ribbon to run out
}

const (
	stx, etx = 0x02, 0x03
	// maxHostStatus is far above the 82 bytes of an answer, and far below what
	// somebody could fill a memory with.
	maxHostStatus = 1024
)

// askHostStatus sends ~HS and reads the answer until it is whole, the connection
// ends, or its deadline passes. The guide says that some printers do not answer
// while they are out of labels or open: silence is a state, not an error.
func askHostStatus(conn io.ReadWriter) (State, error) {
	if _, err := io.WriteString(conn, "~HS\r\n"); err != nil {
		return State{}, err
	}
	var answer []byte
	buf := make([]byte, 256)
	for bytes.Count(answer, []byte{etx}) < 3 {
		n, err := conn.Read(buf)
		answer = append(answer, buf[:n]...)
		if len(answer) > maxHostStatus {
			return State{}, &Error{Code: Garbage, Err: fmt.Errorf("the answer to ~HS is longer than %d bytes", maxHostStatus)}
		}
		if err == nil {
			continue
		}
		if len(bytes.TrimSpace(answer)) > 0 {
			break // it may be enough, or say why not
		}
		if err == io.EOF || errors.Is(err, os.ErrDeadlineExceeded) {
			return State{Kind: Unknown, AcceptingJobs: true,
				Reasons: []Reason{{What: NoAnswer, Severity: Warning, Text: "no answer to ~HS"}}}, nil
		}
		return State{}, err
	}
	h, err := parseHostStatus(answer)
	if err != nil {
		return State{}, &Error{Code: Garbage, Err: err, Advice: "if this printer does not speak ZPL, take ?status=zpl from its address"}
	}
	return h.state(), nil
}

// parseHostStatus reads an answer to ~HS. What stands around the three lines is
// skipped: a printer may have been saying something else.
func parseHostStatus(answer []byte) (hostStatus, error) {
	var lines [][]string
	for rest := answer; ; {
		_, after, found := bytes.Cut(rest, []byte{stx})
		if !found {
			break
		}
		line, next, found := bytes.Cut(after, []byte{etx})
		if !found {
			break
		}
		lines, rest = append(lines, strings.Split(string(line), ",")), next
	}
	if len(lines) < 2 || len(lines[0]) < 12 || len(lines[1]) < 11 {
		return hostStatus{}, fmt.Errorf("no answer to ~HS in %q", answer[:min(len(answer), 80)])
	}
	f := fields{}
	h := hostStatus{
		paperOut: f.flag(lines[0][1]), paused: f.flag(lines[0][2]), formats: f.number(lines[0][4]),
		bufferFull: f.flag(lines[0][5]), corruptRAM: f.flag(lines[0][9]),
		tooCold: f.flag(lines[0][10]), tooHot: f.flag(lines[0][11]),
		headUp: f.flag(lines[1][2]), ribbonOut: f.flag(lines[1][3]), thermalTransferred: f.flag(lines[1][4]),
		waitingToBePeeled: f.flag(lines[1][7]), remaining: f.number(lines[1][8]),
	}
	if f.err != nil {
		return hostStatus{}, fmt.Errorf("answer to ~HS: %w", f.err)
	}
	return h, nil
}

// fields keeps the first error of many, so that the list above reads as a list.
type fields struct{ err error }

func (f *fields) number(s string) int {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 31)
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("%.40q is no number", s)
	}
	return int(n)
}

func (f *fields) flag(s string) bool {
	s = strings.TrimSpace(s)
	if s != "0" && s != "1" && f.err == nil {
		f.err = fmt.Errorf("%.40q is neither 0 nor 1", s)
	}
	return s == "1"
}

func (h hostStatus) state() State {
	s := State{Kind: Idle, AcceptingJobs: !h.bufferFull, Queued: h.formats + h.remaining}
	if s.Queued > 0 {
		s.Kind = Processing
	}
	for _, c := range []struct {
		is   bool
		what What
		text string
	}{
		{h.paperOut, MediaEmpty, "paper out"},
		{h.headUp, DoorOpen, "head up"},
		{h.ribbonOut && h.thermalTransferred, TonerEmpty, "ribbon out"},
		{h.tooHot, Overheated, "over temperature"},
		{h.tooCold, Other, "under temperature"},
		{h.corruptRAM, Fault, "configuration lost"},
		{h.paused, Paused, "pause"},
	} {
		if c.is {
			s.Kind = Stopped
			s.Reasons = append(s.Reasons, Reason{What: c.what, Severity: Bad, Text: c.text})
		}
	}
	if h.waitingToBePeeled {
		s.Reasons = append(s.Reasons, Reason{What: OutputFull, Severity: Warning, Text: "label waiting to be taken"})
	}
	return s
}
