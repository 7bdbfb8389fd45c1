package printer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/OpenPrinting/goipp"
)

// ippPrinter speaks IPP (RFC 8010 for the bytes, RFC 8011 for the meaning) to a
// driverless printer or to a queue of CUPS, over one HTTP connection a question.
type ippPrinter struct {
	target Target
	opt    Options
	url    string // http or https
	uri    string // printer-uri: ipp or ipps, without our own options
	client *http.Client
	last   atomic.Uint32 // request-id
}

var _ Finder = (*ippPrinter)(nil)

// userName is whose jobs ours are (requesting-user-name): a name of the program,
// never of a person.
const userName = "muontra"

// request begins a request for this printer with the attributes that every
// request bears first and in this order (RFC 8011, 4.1.4 and 4.1.5).
func (p *ippPrinter) request(op goipp.Op) *goipp.Message {
	m := goipp.NewRequest(goipp.DefaultVersion, op, p.last.Add(1))
	add := func(name string, tag goipp.Tag, v goipp.Value) {
		m.Operation.Add(goipp.MakeAttribute(name, tag, v))
	}
	add("attributes-charset", goipp.TagCharset, goipp.String("utf-8"))
	add("attributes-natural-language", goipp.TagLanguage, goipp.String("en"))
	add("printer-uri", goipp.TagURI, goipp.String(p.uri))
	return m
}

func user(m *goipp.Message) {
	m.Operation.Add(goipp.MakeAttribute("requesting-user-name", goipp.TagName, goipp.String(userName)))
}

// want limits an answer to what is read of it (RFC 8011, 4.2.5.1).
func want(m *goipp.Message, names ...string) {
	a := goipp.Attribute{Name: "requested-attributes"}
	for _, n := range names {
		a.Values.Add(goipp.TagKeyword, goipp.String(n))
	}
	m.Operation.Add(a)
}

// Send is Print-Job (RFC 8011, 4.2.1). A PDF is asked for at its true size on one
// side of the sheet: a label printed at 97 percent misses its place, and one on
// the back of a label sheet is lost.
func (p *ippPrinter) Send(ctx context.Context, job Job) (Receipt, error) {
	size, err := job.sized()
	if err != nil {
		return Receipt{}, wrap(p.target, "send", err)
	}
	answer, err := p.call(ctx, p.opt.Stall, p.printJob(job), &document{data: job.Data, size: size})
	if err != nil {
		return Receipt{}, wrap(p.target, "send", err)
	}
	id, found := integer(answer.Job, "job-id")
	if !found || id <= 0 {
		return Receipt{}, withSent(p.target, &Error{Code: Garbage, Err: errors.New("the printer took the job without naming it")}, size, size)
	}
	r := Receipt{Handle: Handle(strconv.Itoa(id)), Sent: size, Confirmed: true}
	for _, a := range answer.Unsupported {
		r.Ignored = append(r.Ignored, clean(a.Name, maxKeyword))
	}
	return r, nil
}

func (p *ippPrinter) printJob(job Job) *goipp.Message {
	m := p.request(goipp.OpPrintJob)
	user(m)
	m.Operation.Add(goipp.MakeAttribute("job-name", goipp.TagName, goipp.String(jobName(job.Name))))
	format := job.Format
	if format == "" {
		format = Raw
	}
	m.Operation.Add(goipp.MakeAttribute("document-format", goipp.TagMimeType, goipp.String(format)))
	if job.copies() > 1 {
		m.Job.Add(goipp.MakeAttribute("copies", goipp.TagInteger, goipp.Integer(job.copies())))
	}
	media := job.Media
	if job.Format == PDF {
		if media == "" {
			media = A4
		}
		m.Job.Add(goipp.MakeAttribute("print-scaling", goipp.TagKeyword, goipp.String("none"))) // PWG 5100.13
		m.Job.Add(goipp.MakeAttribute("sides", goipp.TagKeyword, goipp.String("one-sided")))
	}
	if media != "" {
		m.Job.Add(goipp.MakeAttribute("media", goipp.TagKeyword, goipp.String(media)))
	}
	return m
}

// jobName makes any text a name of IPP: UTF-8 without control characters, 255
// bytes at most (RFC 8011, 5.1.3), cut between letters.
func jobName(s string) string {
	if s = clean(s, 255); s == "" {
		return userName
	}
	return s
}

// clean makes text from outside fit to keep and to show.
func clean(s string, most int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if len(s) > most {
		cut := most
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	return strings.TrimSpace(s)
}

// State is Get-Printer-Attributes (RFC 8011, 4.2.5).
func (p *ippPrinter) State(ctx context.Context) (State, error) {
	m := p.request(goipp.OpGetPrinterAttributes)
	user(m)
	want(m, "printer-state", "printer-state-reasons", "printer-state-message", "printer-is-accepting-jobs",
		"queued-job-count", "printer-make-and-model", "document-format-supported", "media-ready")
	answer, err := p.call(ctx, p.opt.Reply, m, nil)
	if err != nil {
		return State{}, wrap(p.target, "state", err)
	}
	s, err := readState(answer)
	if err != nil {
		return State{}, wrap(p.target, "state", err)
	}
	return s, nil
}

// job is a request about one job.
func (p *ippPrinter) job(op goipp.Op, h Handle) (*goipp.Message, error) {
	id, err := strconv.ParseInt(string(h), 10, 32)
	if err != nil || id <= 0 {
		return nil, &Error{Code: NotFound, Err: fmt.Errorf("%q names no job of this printer", h)}
	}
	m := p.request(op)
	m.Operation.Add(goipp.MakeAttribute("job-id", goipp.TagInteger, goipp.Integer(id)))
	user(m)
	return m, nil
}

// JobState is Get-Job-Attributes (RFC 8011, 4.3.4).
func (p *ippPrinter) JobState(ctx context.Context, h Handle) (JobState, error) {
	m, err := p.job(goipp.OpGetJobAttributes, h)
	if err != nil {
		return JobState{}, wrap(p.target, "job state", err)
	}
	want(m, "job-id", "job-name", "job-state", "job-state-reasons", "job-state-message", "job-media-sheets-completed")
	answer, err := p.call(ctx, p.opt.Reply, m, nil)
	if err != nil {
		return JobState{}, wrap(p.target, "job state", err)
	}
	s, err := readJobState(answer)
	if err != nil {
		return JobState{}, wrap(p.target, "job state", err)
	}
	return s, nil
}

// Cancel is Cancel-Job (RFC 8011, 4.3.3).
func (p *ippPrinter) Cancel(ctx context.Context, h Handle) error {
	m, err := p.job(goipp.OpCancelJob, h)
	if err == nil {
		_, err = p.call(ctx, p.opt.Reply, m, nil)
	}
	if err != nil {
		return wrap(p.target, "cancel", err)
	}
	return nil
}

// Find is Get-Jobs (RFC 8011, 4.2.6), first for the jobs that wait and print,
// then for those that have ended.
func (p *ippPrinter) Find(ctx context.Context, name string) (Handle, error) {
	for _, which := range []string{"not-completed", "completed"} {
		m := p.request(goipp.OpGetJobs)
		user(m)
		m.Operation.Add(goipp.MakeAttribute("limit", goipp.TagInteger, goipp.Integer(500)))
		want(m, "job-id", "job-name")
		m.Operation.Add(goipp.MakeAttribute("which-jobs", goipp.TagKeyword, goipp.String(which)))
		m.Operation.Add(goipp.MakeAttribute("my-jobs", goipp.TagBoolean, goipp.Boolean(true)))
		answer, err := p.call(ctx, p.opt.Reply, m, nil)
		if err != nil {
			return "", wrap(p.target, "find", err)
		}
		newest := 0
		for _, g := range answer.Groups {
			id, _ := integer(g.Attrs, "job-id")
			if g.Tag == goipp.TagJobGroup && text(g.Attrs, "job-name", maxText) == jobName(name) {
				newest = max(newest, id)
			}
		}
		if newest > 0 {
			return Handle(strconv.Itoa(newest)), nil
		}
	}
	return "", nil
}

// call sends a request, with a document behind it or nil, and returns the answer
// if it says success. A printer older than IPP/2.0 is asked again in 1.1: it has
// refused the version before it looked at the document (RFC 8011, 4.1.8).
func (p *ippPrinter) call(ctx context.Context, stall time.Duration, m *goipp.Message, doc *document) (*goipp.Message, error) {
	answer, err := p.exchange(ctx, stall, m, doc)
	if err == nil && goipp.Status(answer.Code) == goipp.StatusErrorVersionNotSupported {
		m.Version = goipp.MakeVersion(1, 1)
		answer, err = p.exchange(ctx, stall, m, doc)
	}
	if err != nil {
		return nil, err
	}
	return answer, statusError(answer)
}

// exchange is one HTTP POST. No byte moving for stall ends it.
func (p *ippPrinter) exchange(ctx context.Context, stall time.Duration, m *goipp.Message, doc *document) (*goipp.Message, error) {
	head, err := m.EncodeBytes()
	if err != nil {
		return nil, err
	}
	ctx, dog := watchdog(ctx, p.opt.Dial, stall)
	defer dog.stop()
	body := &body{Reader: bytes.NewReader(head), closed: make(chan struct{})}
	length := int64(len(head))
	if doc != nil {
		if _, err := doc.data.Seek(0, io.SeekStart); err != nil {
			return nil, fmt.Errorf("%w: %w", errRead, err)
		}
		doc.sent.Store(0)
		body.Reader, length = io.MultiReader(body.Reader, doc), length+doc.size
	}
	body.Reader = dog.reader(body.Reader)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, body)
	if err != nil {
		return nil, err
	}
	req.ContentLength = length
	req.Header.Set("Content-Type", goipp.ContentType)
	if doc != nil {
		// A refusal (401, 426) can then come before megabytes have gone out.
		req.Header.Set("Expect", "100-continue")
	}
	answer, err := p.post(req, dog, m.RequestID)
	if stalled := context.Cause(ctx) == errStalled; err != nil && stalled {
		err = errStalled
	}
	dog.stop()
	<-body.closed
	var e *Error
	if refused := errors.As(err, &e) && e.refused; err != nil && doc != nil && !refused {
		err = withSent(p.target, err, doc.sent.Load(), doc.size)
	}
	return answer, err
}

// body tells when net/http reads no more of it, which may be after the answer:
// the document is the caller's own, and not to be read behind his back.
type body struct {
	io.Reader
	closed chan struct{}
	once   sync.Once
}

func (b *body) Close() error {
	b.once.Do(func() { close(b.closed) })
	return nil
}

func (p *ippPrinter) post(req *http.Request, dog *dog, id uint32) (*goipp.Message, error) {
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if err := httpError(resp); err != nil {
		return nil, err
	}
	return readAnswer(dog.reader(resp.Body), id)
}

// document counts how much of it was read to be sent.
type document struct {
	data io.ReadSeeker
	size int64
	sent atomic.Int64
}

func (d *document) Read(b []byte) (int, error) {
	left := d.size - d.sent.Load()
	if left <= 0 {
		return 0, io.EOF
	}
	n, err := d.data.Read(b[:min(int64(len(b)), left)])
	sent := d.sent.Add(int64(n))
	if err == io.EOF && sent < d.size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: %w", errRead, err)
	}
	return n, err
}
