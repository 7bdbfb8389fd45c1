package printer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
)

func TestReasons(t *testing.T) {
	got := readReasons([]string{"none", "toner-low-report", "media-empty-error", "MEDIA-LOW", "door-open", "cover-open-error",
		"offline-report", "com.example.cat-on-printer-warning", "paused", "media-path-input-feed-error", ""})
	want := []Reason{
		{MediaEmpty, Bad, "media-empty-error"},
		{DoorOpen, Bad, "door-open"},
		{Other, Bad, "media-path-input-feed-error"},
		{MediaLow, Warning, "media-low"},
		{Other, Warning, "com.example.cat-on-printer-warning"},
		{TonerLow, Report, "toner-low-report"},
		{Offline, Report, "offline-report"},
		{Paused, Report, "paused"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	s := State{Reasons: got}
	if !s.Has(DoorOpen) || s.Has(Jam) {
		t.Error("Has")
	}
	for k, w := range map[string]What{"media-jam": Jam, "marker-supply-empty-error": TonerEmpty, "toner-empty": TonerEmpty,
		"output-area-full": OutputFull, "input-tray-missing": TrayMissing, "shutdown": Offline, "timed-out": NoAnswer,
		"connecting-to-device": Connecting, "cups-missing-filter-warning": NoDriver, "spool-area-full-report": SpoolFull,
		"interlock-open-error": DoorOpen, "marker-supply-low-warning": TonerLow, "media-needed-error": MediaNeeded,
		"moving-to-paused-report": Paused, "fuser-over-temp-error": Overheated} {
		if r, ok := readReason(k); !ok || r.What != w {
			t.Errorf("%s: %v", k, r)
		}
	}
}

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Code
	}{
		{sysRefused[0], Refused}, {sysUnreachable[0], Unreachable}, {sysCutOff[0], CutOff},
		{&net.DNSError{Err: "no such host", IsNotFound: true}, Unreachable},
		{io.ErrUnexpectedEOF, CutOff}, {io.EOF, CutOff},
		{errStalled, TimedOut}, {os.ErrDeadlineExceeded, TimedOut}, {context.DeadlineExceeded, TimedOut}, {context.Canceled, Canceled},
		{syscall.EBUSY, Busy}, {os.ErrPermission, NoPermission}, {os.ErrNotExist, NotFound},
		{errors.New(`net/http: malformed HTTP status code "x"`), Garbage},
		{fmt.Errorf("%w: %w", errRead, io.ErrUnexpectedEOF), Failed},
		{errors.New("what else"), Failed},
	} {
		if got := classify(fmt.Errorf("wrapped: %w", c.err)); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
}

// An error is read in a log: it says which printer, what, how far, why, what now.
func TestErrorText(t *testing.T) {
	target, _ := ParseTarget("tcp://10.0.0.9")
	err := withSent(target, &Error{Code: NotReady, Err: errors.New("cause"),
		Reasons: []Reason{{MediaEmpty, Bad, "x"}, {Other, Bad, "cat-on-printer"}}}, 42, 100)
	want := "printer tcp://10.0.0.9:9100: send: not ready (media empty, cat-on-printer) after 42 bytes: cause; look at the printer"
	if err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
	if err.Unsure || !withSent(target, io.EOF, 100, 100).Unsure {
		t.Error("Unsure is for whole documents")
	}
	if CodeOf(errors.New("x")) != "" {
		t.Error("CodeOf a stranger")
	}
}

func TestJobStateErr(t *testing.T) {
	for kind, ended := range map[JobKind]bool{JobPending: false, JobHeld: false, JobProcessing: false, JobStopped: false,
		JobUnknown: false, JobCompleted: true, JobCanceled: true, JobAborted: true} {
		s := JobState{Kind: kind, Name: "Nhãn 1", Reasons: []string{"aborted-by-system"}, Message: "hết giấy"}
		if s.Ended() != ended {
			t.Errorf("%s: ended %v", kind, !ended)
		}
		failed := kind == JobAborted || kind == JobCanceled
		if err := s.Err(); (err != nil) != failed || failed && (CodeOf(err) != JobFailed ||
			!strings.Contains(err.Error(), "aborted-by-system, hết giấy")) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// Jobs that cannot be printed are refused before anybody is dialled.
func TestSendRefusesEmptyJobs(t *testing.T) {
	for _, target := range []Target{{Scheme: "tcp", Host: "127.0.0.1:1"}, {Scheme: "file", Path: "/nowhere"}, {Scheme: "ipp", Host: "127.0.0.1:1"}} {
		p, err := Open(target, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range []Job{{}, {Data: strings.NewReader("")}, {Data: brokenData{}}} {
			if _, err := p.Send(t.Context(), j); CodeOf(err) != Failed {
				t.Errorf("%s: %v", target, err)
			}
		}
	}
}

type brokenData struct{}

func (brokenData) Read([]byte) (int, error)       { return 0, errors.New("bad disk") }
func (brokenData) Seek(int64, int) (int64, error) { return 0, errors.New("bad disk") }
