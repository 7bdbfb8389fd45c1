package printer

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"github.com/OpenPrinting/goipp"
)

// A small IPP printer for tests: it holds what it was told to be, keeps what it
// was sent, and moves its jobs on only when it is asked about them, so that no
// test waits for a clock.
type ippServer struct {
	t  *testing.T
	mu sync.Mutex

	state     int // printer-state
	reasons   []string
	message   string
	accepting bool
	ignore    []string // attributes that come back as unsupported
	onlyV1    bool     // answers IPP/2.0 with version-not-supported
	refuse    goipp.Status
	path      []int // job-state at each question; the last one stays
	why       []string

	jobs     []*ippJob
	requests []*goipp.Message
}

type ippJob struct {
	id   int
	name string
	data []byte
	ask  int
	gone bool
}

// serve starts the server and returns the target of it.
func (s *ippServer) serve(t *testing.T) Target {
	t.Helper()
	s.t = t
	return httpTarget(t, s)
}

func httpTarget(t *testing.T, h http.Handler) Target {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	u, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	return Target{Scheme: "ipp", Host: u.Host, Path: "/ipp/print"}
}

func (s *ippServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return // whoever asked has gone
	}
	body := bytes.NewReader(raw)
	var m goipp.Message
	if err := m.Decode(body); err != nil {
		s.t.Errorf("a request that is no IPP: %v", err)
	}
	doc := raw[len(raw)-body.Len():]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, &m)
	s.check(r, &m)
	w.Header().Set("Content-Type", goipp.ContentType)
	answer := s.answer(&m, doc)
	answer.Operation = append(goipp.Attributes{
		goipp.MakeAttribute("attributes-charset", goipp.TagCharset, goipp.String("utf-8")),
		goipp.MakeAttribute("attributes-natural-language", goipp.TagLanguage, goipp.String("en"))}, answer.Operation...)
	if err := answer.Encode(w); err != nil {
		s.t.Error(err)
	}
}

// check holds every request to what RFC 8011, 4.1.4 and 4.1.5 demand of it.
func (s *ippServer) check(r *http.Request, m *goipp.Message) {
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") != goipp.ContentType || r.URL.Path != "/ipp/print" || r.ContentLength <= 0 {
		s.t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
	}
	for i, name := range []string{"attributes-charset", "attributes-natural-language", "printer-uri"} {
		if m.Operation[i].Name != name {
			s.t.Errorf("attribute %d is %s, not %s", i, m.Operation[i].Name, name)
		}
	}
	if uri := text(m.Operation, "printer-uri", maxText); uri != "ipp://"+r.Host+"/ipp/print" {
		s.t.Errorf("printer-uri %s", uri)
	}
}

func (s *ippServer) answer(m *goipp.Message, doc []byte) *goipp.Message {
	ok := goipp.NewResponse(m.Version, goipp.StatusOk, m.RequestID)
	fail := func(status goipp.Status) *goipp.Message {
		a := goipp.NewResponse(m.Version, status, m.RequestID)
		a.Operation.Add(goipp.MakeAttribute("status-message", goipp.TagText, goipp.String("because\nso")))
		a.Printer = s.printer()
		return a
	}
	if s.onlyV1 && m.Version.Major() > 1 {
		return fail(goipp.StatusErrorVersionNotSupported)
	}
	id, _ := integer(m.Operation, "job-id")
	var job *ippJob
	if id > 0 && id <= len(s.jobs) && !s.jobs[id-1].gone {
		job = s.jobs[id-1]
	}
	switch goipp.Op(m.Code) {
	case goipp.OpGetPrinterAttributes:
		ok.Printer = s.printer()
	case goipp.OpPrintJob:
		if s.refuse != 0 {
			return fail(s.refuse)
		}
		job = &ippJob{id: len(s.jobs) + 1, name: text(m.Operation, "job-name", maxText), data: doc}
		s.jobs = append(s.jobs, job)
		for _, name := range s.ignore {
			ok.Code = goipp.Code(goipp.StatusOkIgnoredOrSubstituted)
			ok.Unsupported.Add(goipp.MakeAttribute(name, goipp.TagUnsupportedValue, goipp.Void{}))
		}
		ok.Job = s.job(job)
	case goipp.OpGetJobAttributes:
		if job == nil {
			return fail(goipp.StatusErrorNotFound)
		}
		ok.Job = s.job(job)
		job.ask = min(job.ask+1, len(s.path)-1)
	case goipp.OpCancelJob:
		switch {
		case job == nil:
			return fail(goipp.StatusErrorNotFound)
		case s.path[job.ask] >= 7:
			return fail(goipp.StatusErrorNotPossible)
		}
		s.path, s.why, job.ask = []int{7}, []string{"job-canceled-by-user"}, 0
	case goipp.OpGetJobs:
		done := text(m.Operation, "which-jobs", maxText) == "completed"
		for _, j := range s.jobs {
			if (s.path[j.ask] >= 7) == done && !j.gone {
				ok.Groups.Add(goipp.Group{Tag: goipp.TagJobGroup, Attrs: s.job(j)})
			}
		}
		ok.Groups = append(goipp.Groups{{Tag: goipp.TagOperationGroup}}, ok.Groups...)
	default:
		return fail(goipp.StatusErrorOperationNotSupported)
	}
	return ok
}

func (s *ippServer) printer() (a goipp.Attributes) {
	a.Add(goipp.MakeAttribute("printer-state", goipp.TagEnum, goipp.Integer(s.state)))
	reasons := goipp.Attribute{Name: "printer-state-reasons"}
	for _, r := range s.reasons {
		reasons.Values.Add(goipp.TagKeyword, goipp.String(r))
	}
	if len(s.reasons) > 0 {
		a.Add(reasons)
	}
	a.Add(goipp.MakeAttribute("printer-is-accepting-jobs", goipp.TagBoolean, goipp.Boolean(s.accepting)))
	a.Add(goipp.MakeAttribute("queued-job-count", goipp.TagInteger, goipp.Integer(len(s.jobs))))
	a.Add(goipp.MakeAttribute("printer-make-and-model", goipp.TagTextLang, goipp.TextWithLang{Lang: "vi", Text: "Máy in thử"}))
	a.Add(goipp.MakeAttribute("printer-state-message", goipp.TagText, goipp.String(s.message)))
	formats := goipp.MakeAttribute("document-format-supported", goipp.TagMimeType, goipp.String("application/pdf"))
	formats.Values.Add(goipp.TagMimeType, goipp.String("image/urf"))
	a.Add(formats)
	a.Add(goipp.MakeAttribute("media-ready", goipp.TagKeyword, goipp.String(A4)))
	return a
}

func (s *ippServer) job(j *ippJob) (a goipp.Attributes) {
	a.Add(goipp.MakeAttribute("job-id", goipp.TagInteger, goipp.Integer(j.id)))
	a.Add(goipp.MakeAttribute("job-name", goipp.TagName, goipp.String(j.name)))
	a.Add(goipp.MakeAttribute("job-state", goipp.TagEnum, goipp.Integer(s.path[j.ask])))
	why := goipp.MakeAttribute("job-state-reasons", goipp.TagKeyword, goipp.String("none"))
	for i, w := range s.why {
		if i == 0 {
			why.Values = nil
		}
		why.Values.Add(goipp.TagKeyword, goipp.String(w))
	}
	a.Add(why)
	a.Add(goipp.MakeAttribute("job-media-sheets-completed", goipp.TagInteger, goipp.Integer(j.ask)))
	return a
}
