package printer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/OpenPrinting/goipp"
)

// handler answers every request with one HTTP answer.
func handler(status int, kind, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Location", "http://elsewhere.example/\r\n")
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
}

func ippBytes(t testing.TB, m *goipp.Message) string {
	t.Helper()
	b, err := m.EncodeBytes()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestIPPBadAnswers(t *testing.T) {
	t.Parallel()
	ok := goipp.NewResponse(goipp.DefaultVersion, goipp.StatusOk, 1)
	wrongID := goipp.NewResponse(goipp.DefaultVersion, goipp.StatusOk, 99)
	v9 := goipp.NewResponse(goipp.MakeVersion(9, 0), goipp.StatusOk, 1)
	wrongType := goipp.NewResponse(goipp.DefaultVersion, goipp.StatusOk, 1)
	for _, g := range []*goipp.Attributes{&wrongType.Printer, &wrongType.Job} {
		for _, name := range []string{"printer-state", "job-state", "job-id"} {
			g.Add(goipp.MakeAttribute(name, goipp.TagKeyword, goipp.String("idle")))
		}
	}
	const ipp = goipp.ContentType
	for name, c := range map[string]struct {
		h    http.Handler
		want Code
		sure bool // that the document was not taken
	}{
		"garbage":            {handler(200, ipp, "GET OUT\r\n\r\n"), Garbage, false},
		"empty":              {handler(200, ipp, ""), Garbage, false},
		"nothing in it":      {handler(200, ipp, ippBytes(t, ok)), Garbage, false},
		"wrong id":           {handler(200, ipp, ippBytes(t, wrongID)), Garbage, false},
		"version 9":          {handler(200, ipp, ippBytes(t, v9)), Garbage, false},
		"wrong types":        {handler(200, ipp, ippBytes(t, wrongType)), Garbage, false},
		"huge":               {handler(200, ipp, strings.Repeat("x", 3<<20)), Garbage, false},
		"huge but IPP":       {handler(200, ipp, "\x02\x00\x00\x00\x00\x00\x00\x01\x04"+strings.Repeat("\x44\x00\x01a\x00\x01b", 300_000)), Garbage, false},
		"deep":               {handler(200, ipp, "\x02\x00\x00\x00\x00\x00\x00\x01\x04"+strings.Repeat("\x34\x00\x00\x00\x01x", 170_000)), Garbage, false},
		"group by extension": {handler(200, ipp, "\x02\x00\x00\x00\x00\x00\x00\x01\x04\x7f\x00\x01a\x00\x04\x00\x00\x00\x02\x03"), Garbage, false},
		"web page":           {handler(200, "text/html; charset=utf-8", "<html>"), Garbage, false},
		"401":                {handler(401, "text/html", "no"), NoPermission, true},
		"403":                {handler(403, "text/html", "no"), NoPermission, true},
		"404":                {handler(404, "text/html", "no"), NotFound, true},
		"405":                {handler(405, "text/html", "no"), NotSupported, true},
		"426":                {handler(426, "text/html", "no"), NotSupported, true},
		"302":                {handler(302, "text/html", "no"), NotFound, true},
		"500":                {handler(500, ipp, ""), Failed, true},
		"503":                {handler(503, ipp, ""), Busy, true},
	} {
		t.Run(name, func(t *testing.T) {
			target := httpTarget(t, c.h)
			// A printer of its own each time, so that each request is number 1.
			_, err := open(t, target, quick).State(t.Context())
			asError(t, err, c.want)
			_, err = open(t, target, quick).JobState(t.Context(), "1")
			asError(t, err, c.want)
			_, err = open(t, target, quick).Send(t.Context(), Job{Name: "x", Data: strings.NewReader("%PDF")})
			e := asError(t, err, c.want)
			if e.Unsure == c.sure || len(e.Error()) > 700 || strings.ContainsAny(e.Error(), "\r\n") {
				t.Errorf("%+v", e)
			}
			if name == "426" && !strings.Contains(e.Advice, "ipps://") {
				t.Error(e.Advice)
			}
		})
	}
}

// net/http gives up while it is still writing, and which of the two it tells is
// a matter of luck.
func TestIPPEndlessHeader(t *testing.T) {
	target := httpTarget(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X", strings.Repeat("x", 200_000))
	}))
	_, err := open(t, target, quick).State(t.Context())
	if c := CodeOf(err); c != Garbage && c != CutOff {
		t.Error(err)
	}
}

// Below HTTP: a printer that hangs, breaks off, or speaks something else.
func TestIPPBadConnections(t *testing.T) {
	t.Parallel()
	release := hold(t)
	for name, c := range map[string]struct {
		serve func(*net.TCPConn)
		want  Code
	}{
		"hangs after 3 bytes": {func(c *net.TCPConn) { io.ReadFull(c, make([]byte, 3)); <-release }, TimedOut},
		"hangs in the answer": {func(c *net.TCPConn) {
			io.ReadFull(c, make([]byte, 100))
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: 100\r\n\r\n\x02\x00")
			<-release
		}, TimedOut},
		"closes": {func(c *net.TCPConn) { io.ReadFull(c, make([]byte, 3)) }, CutOff},
		"closes in the answer": {func(c *net.TCPConn) {
			// All of the request is read first, so that the end is an orderly one.
			c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
			io.ReadAll(c)
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: 100\r\n\r\n\x02\x00")
		}, CutOff},
		"is a label printer": {func(c *net.TCPConn) {
			c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
			io.ReadAll(c)
			io.WriteString(c, hs("1", "0", "0", "0")+"\n\n")
		}, Garbage},
	} {
		t.Run(name, func(t *testing.T) {
			target := rawPrinter(t, c.serve)
			target.Scheme, target.Path = "ipp", "/ipp/print"
			o := quick
			o.Dial = time.Second // it is part of the patience here
			began := time.Now()
			_, err := open(t, target, o).State(t.Context())
			asError(t, err, c.want)
			if name != "hangs after 3 bytes" { // which serves nobody else
				_, err = open(t, target, o).Send(t.Context(), Job{Data: bytes.NewReader(labels(4 << 20))})
				var e *Error
				if !errors.As(err, &e) || e.Code != c.want && e.Code != CutOff && e.Code != TimedOut || e.Unsure && e.Sent < 4<<20 {
					t.Errorf("%v", err)
				}
			}
			if took := time.Since(began); took > time.Minute {
				t.Errorf("took %v", took)
			}
		})
	}
}

// A large document to a printer that stops reading is an error with how far it
// went.
func TestIPPHangsInTheDocument(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	defer close(release)
	target := httpTarget(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.ReadFull(r.Body, make([]byte, 1000))
		<-release
	}))
	_, err := open(t, target, quick).Send(t.Context(), Job{Format: PDF, Data: bytes.NewReader(labels(16 << 20))})
	if e := asError(t, err, TimedOut); e.Sent < 500 || e.Sent >= 16<<20 || e.Unsure {
		t.Errorf("%+v", e)
	}
}

// The answer to a whole document never comes: it may be printing.
func TestIPPNoAnswerToADocument(t *testing.T) {
	t.Parallel()
	target := httpTarget(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	_, err := open(t, target, quick).Send(t.Context(), Job{Data: strings.NewReader("%PDF")})
	if e := asError(t, err, TimedOut); e.Sent != 4 || !e.Unsure {
		t.Errorf("%+v", e)
	}
}

func TestIPPCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	target := httpTarget(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.ReadFull(r.Body, make([]byte, 1000))
		cancel()
		<-release
	}))
	p := open(t, target, Options{})
	_, err := p.Send(ctx, Job{Data: bytes.NewReader(labels(16 << 20))})
	asError(t, err, Canceled)
	_, err = p.State(ctx)
	asError(t, err, Canceled)
}

func TestIPPRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	_, err = open(t, Target{Scheme: "ipp", Host: l.Addr().String(), Path: "/"}, quick).Send(t.Context(), Job{Data: strings.NewReader("x")})
	if e := asError(t, err, Refused); e.Sent != 0 || e.Unsure {
		t.Errorf("%+v", e)
	}
}

func TestIPPDocumentBreaks(t *testing.T) {
	s := &ippServer{state: 3, path: []int{3}}
	_, err := open(t, s.serve(t), quick).Send(t.Context(), Job{Data: &shrunk{Reader: bytes.NewReader(labels(100_000))}})
	if e := asError(t, err, Failed); !errors.Is(err, errRead) || e.Unsure {
		t.Errorf("%+v", e)
	}
	if len(s.jobs) != 0 {
		t.Error("the printer took half a document for a job")
	}
}

func tlsTarget(t *testing.T, h http.Handler) (Target, *httptest.Server) {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	u, _ := url.Parse(srv.URL)
	return Target{Scheme: "ipps", Host: u.Host, Path: "/ipp/print"}, srv
}

// An unknown certificate is refused with its fingerprint, which then is trusted;
// any other is not.
func TestIPPSTrust(t *testing.T) {
	s := &ippServer{t: t, state: 3, accepting: true}
	target, srv := tlsTarget(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.ContentLength = max(r.ContentLength, 1)
		m, raw := new(goipp.Message), new(bytes.Buffer)
		raw.ReadFrom(r.Body)
		if m.DecodeBytes(raw.Bytes()) != nil || text(m.Operation, "printer-uri", maxText) != "ipps://"+r.Host+"/ipp/print" {
			t.Error("printer-uri")
		}
		w.Header().Set("Content-Type", goipp.ContentType)
		s.answer(m, nil).Encode(w)
	}))
	_, err := open(t, target, quick).State(t.Context())
	e := asError(t, err, Untrusted)
	if e.Fingerprint != "sha256:"+fingerprintOf(srv.Certificate()) || !strings.Contains(e.Advice, e.Fingerprint) {
		t.Fatalf("%+v", e)
	}
	trusted, err := ParseTarget(target.String() + "?fingerprint=" + e.Fingerprint)
	if err != nil {
		t.Fatal(err)
	}
	if state, err := open(t, trusted, quick).State(t.Context()); err != nil || state.Kind != Idle {
		t.Errorf("%+v, %v", state, err)
	}
	trusted.Fingerprint = someFingerprint
	_, err = open(t, trusted, quick).State(t.Context())
	if e := asError(t, err, Untrusted); e.Fingerprint != "sha256:"+fingerprintOf(srv.Certificate()) {
		t.Errorf("%+v", e)
	}
}

func TestIPPSOnAPlainPort(t *testing.T) {
	target := (&ippServer{state: 3}).serve(t)
	target.Scheme = "ipps"
	_, err := open(t, target, quick).State(t.Context())
	if e := asError(t, err, Garbage); !strings.Contains(e.Advice, "ipp://") {
		t.Errorf("%+v", e)
	}
	raw := rawPrinter(t, func(c *net.TCPConn) {
		c.Read(make([]byte, 100))
		io.WriteString(c, hs("0", "0", "0", "0"))
	})
	raw.Scheme, raw.Path = "ipps", "/"
	_, err = open(t, raw, quick).State(t.Context())
	asError(t, err, Garbage)
}

func TestIPPOnATLSPort(t *testing.T) {
	target, _ := tlsTarget(t, handler(200, "text/plain", ""))
	target.Scheme = "ipp"
	_, err := open(t, target, quick).State(t.Context())
	asError(t, err, Failed) // Go's own server says 400; printers vary
}

func FuzzIPPAnswer(f *testing.F) {
	s := &ippServer{state: 5, reasons: []string{"media-empty-error", "door-open"}, path: []int{5}, why: []string{"job-printing"}}
	m := goipp.NewResponse(goipp.DefaultVersion, goipp.StatusOk, 1)
	m.Printer, m.Job = s.printer(), s.job(&ippJob{id: 1, name: "Nhãn"})
	f.Add([]byte(ippBytes(f, m)))
	m.Code = goipp.Code(goipp.StatusErrorNotAcceptingJobs)
	m.Printer.Add(goipp.MakeAttribute("media-col-ready", goipp.TagBeginCollection, goipp.Collection{
		goipp.MakeAttribute("media-size", goipp.TagBeginCollection, goipp.Collection{goipp.MakeAttribute("x-dimension", goipp.TagInteger, goipp.Integer(21000))})}))
	f.Add([]byte(ippBytes(f, m)))
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x01\x04\x34\x00\x00\x00\x00\x7f\x00\x00\x00\x04\x00\x00\x00\x34"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := readAnswer(bytes.NewReader(raw), 1)
		if err != nil {
			return
		}
		if err := statusError(m); err != nil && len(err.Error()) > 40_000 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
		state, err := readState(m)
		for _, r := range state.Reasons {
			if err != nil || r.Text == "" || !utf8.ValidString(r.Text) || strings.ContainsAny(r.Text, "\r\n\x00") {
				t.Errorf("%+v, %v", r, err)
			}
		}
		if js, err := readJobState(m); err == nil && (js.Kind == "" || !utf8.ValidString(js.Name+js.Message) || js.Sheets < -1) {
			t.Errorf("%+v", js)
		}
	})
}
