package printer

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/OpenPrinting/goipp"
)

func TestIPPState(t *testing.T) {
	for _, c := range []struct {
		state   int
		reasons []string
		kind    Kind
		want    []Reason
	}{
		{3, []string{"none"}, Idle, nil},
		{3, nil, Idle, nil},
		{4, []string{"toner-low-report", "media-low-warning"}, Processing, []Reason{{MediaLow, Warning, "media-low-warning"}, {TonerLow, Report, "toner-low-report"}}},
		{5, []string{"media-empty-error"}, Stopped, []Reason{{MediaEmpty, Bad, "media-empty-error"}}},
		{5, []string{"door-open"}, Stopped, []Reason{{DoorOpen, Bad, "door-open"}}},
		{5, []string{"offline-error"}, Stopped, []Reason{{Offline, Bad, "offline-error"}}},
		{5, []string{"media-jam"}, Stopped, []Reason{{Jam, Bad, "media-jam"}}},
		{9, []string{"who-knows"}, Unknown, []Reason{{Other, Bad, "who-knows"}}},
	} {
		p := open(t, (&ippServer{state: c.state, reasons: c.reasons, message: "Hết giấy\x07 " + strings.Repeat("ệ", 600), accepting: c.state != 5}).serve(t), Options{})
		s, err := p.State(t.Context())
		if err != nil || s.Kind != c.kind || !reflect.DeepEqual(s.Reasons, c.want) || s.AcceptingJobs != (c.state != 5) {
			t.Errorf("%d %v: %+v, %v", c.state, c.reasons, s, err)
		}
		if s.Model != "Máy in thử" || !reflect.DeepEqual(s.Formats, []Format{PDF, "image/urf"}) || !reflect.DeepEqual(s.Media, []string{A4}) {
			t.Errorf("%+v", s)
		}
		if !strings.HasPrefix(s.Message, "Hết giấy  ệ") || len(s.Message) > maxText || !utf8.ValidString(s.Message) {
			t.Errorf("message %q", s.Message)
		}
	}
}

func TestIPPSend(t *testing.T) {
	s := &ippServer{state: 3, accepting: true, path: []int{3, 5, 5, 9}}
	p := open(t, s.serve(t), Options{})
	doc := labels(300_000)
	r, err := p.Send(t.Context(), Job{Name: "Nhãn gáy sách lớp 4A, đợt 2", Format: PDF, Data: bytes.NewReader(doc), Copies: 2})
	if err != nil || r.Handle != "1" || r.Sent != 300_000 || !r.Confirmed || r.Ignored != nil {
		t.Fatalf("%+v, %v", r, err)
	}
	if !bytes.Equal(s.jobs[0].data, doc) || s.jobs[0].name != "Nhãn gáy sách lớp 4A, đợt 2" {
		t.Errorf("%d bytes as %q", len(s.jobs[0].data), s.jobs[0].name)
	}
	m := s.requests[0]
	for name, want := range map[string]string{"media": A4, "print-scaling": "none", "sides": "one-sided", "copies": "2"} {
		if v := first(m.Job, name); v == nil || v.String() != want {
			t.Errorf("%s is %v, want %s", name, v, want)
		}
	}
	if f := text(m.Operation, "document-format", maxText); f != "application/pdf" {
		t.Errorf("document-format %s", f)
	}
	if u := text(m.Operation, "requesting-user-name", maxText); u != "muontra" {
		t.Errorf("requesting-user-name %s", u)
	}

	for i, want := range []JobKind{JobPending, JobProcessing, JobProcessing, JobCompleted, JobCompleted} {
		js, err := p.JobState(t.Context(), r.Handle)
		if err != nil || js.Kind != want || js.Name != "Nhãn gáy sách lớp 4A, đợt 2" || js.Sheets != min(i, 3) || js.Reasons != nil || js.Err() != nil {
			t.Errorf("question %d: %+v, %v; want %s", i, js, err, want)
		}
	}
	asError(t, p.Cancel(t.Context(), r.Handle), TooLate)
}

// Only a PDF is asked for on A4: a label printer has its own roll in.
func TestIPPSendZPL(t *testing.T) {
	s := &ippServer{state: 3, path: []int{3}}
	p := open(t, s.serve(t), Options{})
	for _, j := range []Job{{Format: ZPL}, {}, {Format: Raw, Media: "om_small_35x22mm"}} {
		j.Data = strings.NewReader("^XA^XZ")
		if _, err := p.Send(t.Context(), j); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"application/vnd.zebra-zpl", "application/octet-stream", "application/octet-stream"} {
		m := s.requests[i]
		if f := text(m.Operation, "document-format", maxText); f != want || len(m.Job) != i/2 {
			t.Errorf("%s, %v", f, m.Job)
		}
		if n := text(m.Operation, "job-name", maxText); n != "muontra" {
			t.Errorf("a job without a name is called %q", n)
		}
	}
}

func TestIPPJobAborted(t *testing.T) {
	s := &ippServer{state: 5, path: []int{5, 6, 8}, why: []string{"aborted-by-system", "media-empty"}}
	p := open(t, s.serve(t), Options{})
	r, err := p.Send(t.Context(), Job{Data: strings.NewReader("x")})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []JobKind{JobProcessing, JobStopped, JobAborted} {
		js, err := p.JobState(t.Context(), r.Handle)
		if err != nil || js.Kind != want || js.Ended() != (want == JobAborted) {
			t.Fatalf("%+v, %v, want %s", js, err, want)
		}
		if want == JobAborted {
			e := asError(t, js.Err(), JobFailed)
			if len(e.Reasons) != 2 || e.Reasons[1].What != MediaEmpty {
				t.Errorf("%+v", e)
			}
		}
	}
}

func TestIPPCancel(t *testing.T) {
	s := &ippServer{state: 4, path: []int{5}}
	p := open(t, s.serve(t), Options{})
	r, err := p.Send(t.Context(), Job{Data: strings.NewReader("x")})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Cancel(t.Context(), r.Handle); err != nil {
		t.Fatal(err)
	}
	if js, err := p.JobState(t.Context(), r.Handle); err != nil || js.Kind != JobCanceled || !reflect.DeepEqual(js.Reasons, []string{"job-canceled-by-user"}) {
		t.Errorf("%+v, %v", js, err)
	}
	s.jobs[0].gone = true
	for _, h := range []Handle{r.Handle, "7", "0", "-1", "abc", "", "99999999999"} {
		_, err := p.JobState(t.Context(), h)
		asError(t, err, NotFound)
		asError(t, p.Cancel(t.Context(), h), NotFound)
	}
}

// After a crash between sending and writing down, the job is found by its name.
func TestIPPFind(t *testing.T) {
	s := &ippServer{state: 3, path: []int{5, 9}}
	p := open(t, s.serve(t), Options{})
	long := strings.Repeat("ệ", 200)
	for _, name := range []string{"job 018f", "job 0190", "job 018f", long} {
		if _, err := p.Send(t.Context(), Job{Name: name, Data: strings.NewReader("x")}); err != nil {
			t.Fatal(err)
		}
	}
	s.jobs[1].ask = 1
	for name, want := range map[string]Handle{"job 018f": "3", "job 0190": "2", long: "4", "job": ""} {
		if h, err := p.(Finder).Find(t.Context(), name); err != nil || h != want {
			t.Errorf("%.10s: %q, %v", name, h, err)
		}
	}
}

func TestIPPIgnoredAttributes(t *testing.T) {
	s := &ippServer{state: 3, path: []int{3}, ignore: []string{"print-scaling", "media"}}
	r, err := open(t, s.serve(t), Options{}).Send(t.Context(), Job{Format: PDF, Data: strings.NewReader("%PDF")})
	if err != nil || !reflect.DeepEqual(r.Ignored, []string{"print-scaling", "media"}) {
		t.Errorf("%+v, %v", r, err)
	}
}

// A printer of 2005 is asked again in its own version, with the whole document.
func TestIPPOldVersion(t *testing.T) {
	s := &ippServer{state: 3, path: []int{3}, onlyV1: true}
	doc := labels(200_000)
	r, err := open(t, s.serve(t), Options{}).Send(t.Context(), Job{Format: PDF, Data: bytes.NewReader(doc)})
	if err != nil || r.Handle != "1" || len(s.jobs) != 1 || !bytes.Equal(s.jobs[0].data, doc) {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestIPPRefusals(t *testing.T) {
	for status, want := range map[goipp.Status]Code{
		goipp.StatusErrorNotAuthorized:              NoPermission,
		goipp.StatusErrorForbidden:                  NoPermission,
		goipp.StatusErrorDocumentFormatNotSupported: NotSupported,
		goipp.StatusErrorOperationNotSupported:      NotSupported,
		goipp.StatusErrorVersionNotSupported:        NotSupported,
		goipp.StatusErrorBusy:                       Busy,
		goipp.StatusErrorTemporary:                  Busy,
		goipp.StatusErrorNotAcceptingJobs:           NotReady,
		goipp.StatusErrorNotFound:                   NotFound,
		goipp.StatusErrorNotPossible:                TooLate,
		goipp.StatusErrorTimeout:                    TimedOut,
		goipp.StatusErrorDocumentFormatError:        JobFailed,
		goipp.StatusErrorInternal:                   Failed,
		0x7777:                                      Failed,
	} {
		s := &ippServer{state: 5, reasons: []string{"door-open"}, refuse: status}
		_, err := open(t, s.serve(t), Options{}).Send(t.Context(), Job{Data: strings.NewReader("x")})
		e := asError(t, err, want)
		if e.Sent != 0 || e.Unsure || !strings.Contains(e.Error(), "(because so)") {
			t.Errorf("%v: %v", status, err)
		}
		if want == NotReady && (len(e.Reasons) != 1 || e.Reasons[0].What != DoorOpen) {
			t.Errorf("%v: %+v", status, e)
		}
	}
}

func TestJobName(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "muontra",
		"\n\t":                   "muontra",
		"Nhãn\r\nlớp 4A\x00":     "Nhãn  lớp 4A",
		"a\xffb":                 "a\uFFFDb",
		strings.Repeat("ệ", 100): strings.Repeat("ệ", 85),
		strings.Repeat("x", 300): strings.Repeat("x", 255),
	} {
		if got := jobName(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}
