package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muontra/kiosk"
)

// cli is one command line as a user types it.
type cli struct {
	code           int
	stdout, stderr string
}

// lastLine is what a script would read.
func (c cli) lastLine() string {
	lines := strings.Split(strings.TrimRight(c.stdout, "\n"), "\n")
	return lines[len(lines)-1]
}

// runCLI runs a command line to its end.
func runCLI(t testing.TB, stdin string, args ...string) cli {
	t.Helper()
	var out, err bytes.Buffer
	e := &env{stdin: strings.NewReader(stdin), stdout: &out, stderr: &err, getenv: func(string) string { return "" }, now: time.Now}
	code := run(t.Context(), e, args)
	return cli{code, out.String(), err.String()}
}

// patience is how long a test waits for what has to come. It says nothing about
// how fast it has to come: machines are shared, and the race detector is slow.
const patience = 2 * time.Minute

// lines is a writer whose lines can be waited for.
type lines struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	grew chan struct{}
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.buf.Write(b)
	select {
	case l.grew <- struct{}{}:
	default:
	}
	return n, err
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// daemon is a serve or demo command that runs until the test ends.
type daemon struct {
	t    testing.TB
	url  string
	out  *lines
	log  *lines
	stop func() int // ends it and returns its exit code
}

// startDaemon runs a command line until it says that it listens.
func startDaemon(t testing.TB, args ...string) *daemon {
	t.Helper()
	d := launch(t, args...)
	t.Cleanup(func() {
		if c := d.stop(); c != exitDone && !t.Failed() {
			t.Errorf("%s ended with %d:\n%s", args[0], c, d.log)
		}
	})
	return d
}

// launch is startDaemon for who ends it and judges how.
func launch(t testing.TB, args ...string) *daemon {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	d := &daemon{t: t, out: &lines{grew: make(chan struct{}, 1)}, log: &lines{grew: make(chan struct{}, 1)}}
	e := &env{stdin: strings.NewReader(""), stdout: d.out, stderr: d.log, getenv: func(string) string { return "" }, now: time.Now}
	done := make(chan int, 1)
	go func() { done <- run(ctx, e, args) }()
	var once sync.Once
	code := 0
	d.stop = func() int {
		once.Do(func() { cancel(); code = <-done })
		return code
	}
	deadline := time.After(2 * time.Minute)
	for {
		if _, rest, ok := strings.Cut(d.out.String(), "muontra: listening on "); ok {
			if u, _, whole := strings.Cut(rest, "\n"); whole {
				d.url = u
				return d
			}
		}
		select {
		case <-d.out.grew:
		case code = <-done:
			once.Do(cancel)
			t.Fatalf("%s ended with %d before it listened:\n%s", args[0], code, d.log)
		case <-deadline:
			d.stop()
			t.Fatalf("%s does not listen:\n%s", args[0], d.log)
		}
	}
}

// scan posts one code to a station.
func (d *daemon) scan(station, code string) kiosk.Result {
	d.t.Helper()
	var r kiosk.Result
	d.post("/api/v1/stations/"+station+"/scans", map[string]string{"code": code}, &r)
	return r
}

func (d *daemon) post(path string, body, answer any) int {
	d.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	res, err := http.Post(d.url+path, "application/json", bytes.NewReader(b))
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err = io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := json.Unmarshal(b, answer); err != nil {
		d.t.Fatalf("%s: %v: %s", path, err, b)
	}
	return res.StatusCode
}

// startProgram runs a program of its own, without a command line.
func startProgram(t testing.TB, cfg programConfig) *program {
	t.Helper()
	if cfg.data == "" {
		cfg.data = t.TempDir()
	}
	if cfg.now == nil {
		cfg.now = time.Now
	}
	if len(cfg.listen) == 0 {
		cfg.listen = []string{"127.0.0.1:0"}
	}
	cfg.lang, cfg.logger = "vi", slog.New(slog.DiscardHandler)
	p, err := newProgram(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// report gives the middle and the tail of what a benchmark has measured, and
// returns the middle.
func report(b *testing.B, took []float64, unit string) (p50 float64) {
	b.Helper()
	slices.Sort(took)
	p50 = took[len(took)/2]
	b.ReportMetric(p50, "p50-"+unit)
	b.ReportMetric(took[min(len(took)-1, len(took)*99/100)], "p99-"+unit)
	return p50
}

// testdata is a file of the project's testdata.
func testdata(t testing.TB, name ...string) string {
	t.Helper()
	p := filepath.Join(append([]string{"..", "..", "testdata"}, name...)...)
	if _, err := os.Stat(p); err != nil {
		t.Fatal(err)
	}
	return p
}
