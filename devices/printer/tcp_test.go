package printer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// quick is the patience of tests: long enough for a loaded machine to do what is
// meant to succeed, short enough to wait for what is meant to hang.
var quick = Options{Dial: 10 * time.Second, Stall: time.Second, Finish: time.Second, Reply: time.Second}

// rawPrinter serves each connection with serve until the test ends, and returns
// its target.
func rawPrinter(t *testing.T, serve func(*net.TCPConn)) Target {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serve(c.(*net.TCPConn))
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close() })
	return Target{Scheme: "tcp", Host: l.Addr().String()}
}

// hold keeps a printer's goroutine until the test ends.
func hold(t *testing.T) <-chan struct{} {
	c := make(chan struct{})
	t.Cleanup(func() { close(c) })
	return c
}

func open(t *testing.T, target Target, o Options) Printer {
	t.Helper()
	p, err := Open(target, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// labels is a document that compresses badly and holds every byte.
func labels(size int) []byte {
	b := make([]byte, size)
	rand.New(rand.NewSource(1)).Read(b[:min(size, 1<<20)])
	for n := 1 << 20; n < size; n *= 2 {
		copy(b[n:], b[:n])
	}
	return b
}

func asError(t *testing.T, err error, want Code) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != want {
		t.Fatalf("got %v, want %s", err, want)
	}
	return e
}

func TestTCPSendsEveryByte(t *testing.T) {
	for _, size := range []int{1, chunk, 3*chunk + 1, 1 << 20} {
		got := make(chan []byte, 1)
		target := rawPrinter(t, func(c *net.TCPConn) {
			b, _ := io.ReadAll(c)
			got <- b
		})
		doc := labels(size)
		r, err := open(t, target, Options{}).Send(t.Context(), Job{Data: bytes.NewReader(doc), Format: ZPL})
		if err != nil || r.Sent != int64(size) || !r.Confirmed || r.Handle != "" {
			t.Fatalf("%d bytes: %+v, %v", size, r, err)
		}
		if !bytes.Equal(<-got, doc) {
			t.Fatalf("%d bytes: they arrived changed", size)
		}
	}
}

func TestTCPCopies(t *testing.T) {
	got := make(chan []byte, 1)
	target := rawPrinter(t, func(c *net.TCPConn) {
		b, _ := io.ReadAll(c)
		got <- b
	})
	r, err := open(t, target, quick).Send(t.Context(), Job{Data: strings.NewReader("^XA^XZ"), Copies: 3})
	if b := <-got; err != nil || r.Sent != 18 || string(b) != "^XA^XZ^XA^XZ^XA^XZ" {
		t.Errorf("%+v, %v, %q", r, err, b)
	}
}

func TestTCPRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	p := open(t, Target{Scheme: "tcp", Host: l.Addr().String()}, quick)
	_, err = p.Send(t.Context(), Job{Data: strings.NewReader("x")})
	if e := asError(t, err, Refused); e.Sent != 0 || e.Unsure || e.Op != "send" {
		t.Errorf("%+v", e)
	}
	_, err = p.State(t.Context())
	if e := asError(t, err, Refused); e.Op != "state" || e.Advice == "" {
		t.Errorf("%+v", e)
	}
}

// The printer reads three bytes and hangs. A large document stops on the way, a
// small one fits into buffers: both are errors in time.
func TestTCPHangsAfterThreeBytes(t *testing.T) {
	t.Parallel()
	for _, size := range []int{5000, 8 << 20} {
		release := hold(t)
		target := rawPrinter(t, func(c *net.TCPConn) {
			io.ReadFull(c, make([]byte, 3))
			<-release
		})
		began := time.Now()
		_, err := open(t, target, quick).Send(t.Context(), Job{Data: bytes.NewReader(labels(size))})
		e := asError(t, err, TimedOut)
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%d bytes: gave up after %v", size, took)
		}
		if e.Unsure != (size == 5000) || e.Sent > int64(size) || e.Sent < 3 {
			t.Errorf("%d bytes: %+v", size, e)
		}
	}
}

// A slow printer that never stops for as long as Stall is no error, however long
// it takes in all.
func TestTCPSlowIsNotHanging(t *testing.T) {
	t.Parallel()
	target := rawPrinter(t, func(c *net.TCPConn) {
		c.SetReadBuffer(128 << 10)
		buf := make([]byte, 64<<10)
		for {
			time.Sleep(20 * time.Millisecond)
			if _, err := c.Read(buf); err != nil {
				return
			}
		}
	})
	o := quick
	o.Stall = 250 * time.Millisecond
	began := time.Now()
	r, err := open(t, target, o).Send(t.Context(), Job{Data: bytes.NewReader(labels(2 << 20))})
	if err != nil || !r.Confirmed || time.Since(began) < o.Stall {
		t.Fatalf("%+v, %v after %v", r, err, time.Since(began))
	}
}

// The printer takes 10,000 bytes, and closes. What it took is known to the byte,
// give or take what it had in its buffer when it closed.
func TestTCPClosesInTheMiddle(t *testing.T) {
	t.Parallel()
	target := rawPrinter(t, func(c *net.TCPConn) {
		io.ReadFull(c, make([]byte, 10_000))
	})
	_, err := open(t, target, quick).Send(t.Context(), Job{Data: bytes.NewReader(labels(8 << 20))})
	e := asError(t, err, CutOff)
	if e.Sent < 10_000 || e.Sent > 6<<20 || e.Unsure {
		t.Errorf("sent %d, unsure %v", e.Sent, e.Unsure)
	}
}

// The printer closes its side in good order before the document ends, and goes
// on acknowledging: that is no confirmation.
func TestTCPHalfClosesInTheMiddle(t *testing.T) {
	t.Parallel()
	release := hold(t)
	target := rawPrinter(t, func(c *net.TCPConn) {
		io.ReadFull(c, make([]byte, 3))
		c.CloseWrite()
		<-release
	})
	_, err := open(t, target, quick).Send(t.Context(), Job{Data: bytes.NewReader(labels(8 << 20))})
	asError(t, err, CutOff)
}

// Between the first bytes and the rest the printer goes away with an empty
// buffer, so that its end looks orderly.
func TestTCPClosesBetweenTwoLabels(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells which bytes were acknowledged")
	}
	closed := make(chan struct{})
	target := rawPrinter(t, func(c *net.TCPConn) {
		io.ReadFull(c, make([]byte, chunk))
		c.Close()
		close(closed)
	})
	_, err := open(t, target, quick).Send(t.Context(), Job{Data: &gated{Reader: bytes.NewReader(labels(chunk + 100)), at: chunk, gate: closed}})
	if e := asError(t, err, CutOff); e.Sent < chunk || e.Unsure {
		t.Errorf("sent %d", e.Sent)
	}
}

// gated is a document that stops at a byte until the gate is closed.
type gated struct {
	*bytes.Reader
	at   int64
	gate <-chan struct{}
}

func (g *gated) Read(b []byte) (int, error) {
	here, _ := g.Seek(0, io.SeekCurrent)
	if here < g.at {
		return g.Reader.Read(b[:min(int64(len(b)), g.at-here)])
	}
	<-g.gate
	return g.Reader.Read(b)
}

func TestTCPNeverCloses(t *testing.T) {
	t.Parallel()
	release := hold(t)
	target := rawPrinter(t, func(c *net.TCPConn) {
		io.ReadAll(c)
		<-release
	})
	_, err := open(t, target, quick).Send(t.Context(), Job{Data: strings.NewReader("^XA^XZ")})
	if e := asError(t, err, TimedOut); !e.Unsure || !strings.Contains(e.Advice, "waiteof=no") {
		t.Errorf("%+v", e)
	}
}

func TestTCPNoWaitEOF(t *testing.T) {
	t.Parallel()
	release := hold(t)
	target := rawPrinter(t, func(c *net.TCPConn) {
		io.ReadAll(c)
		<-release
	})
	target.NoWaitEOF = true
	r, err := open(t, target, quick).Send(t.Context(), Job{Data: strings.NewReader("^XA^XZ")})
	if err != nil || r.Confirmed || r.Sent != 6 {
		t.Errorf("%+v, %v", r, err)
	}
}

// What a raw printer says while it prints is not read as anything.
func TestTCPAnswersGarbage(t *testing.T) {
	target := rawPrinter(t, func(c *net.TCPConn) {
		c.Write(labels(100_000))
		io.ReadAll(c)
	})
	r, err := open(t, target, quick).Send(t.Context(), Job{Data: bytes.NewReader(labels(20_000))})
	if err != nil || !r.Confirmed {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestTCPCanceled(t *testing.T) {
	release := hold(t)
	ctx, cancel := context.WithCancel(t.Context())
	target := rawPrinter(t, func(c *net.TCPConn) {
		io.ReadFull(c, make([]byte, 3))
		cancel()
		<-release
	})
	_, err := open(t, target, Options{}).Send(ctx, Job{Data: bytes.NewReader(labels(8 << 20))})
	if e := asError(t, err, Canceled); !errors.Is(err, context.Canceled) || e.Sent < 3 {
		t.Errorf("%+v", e)
	}
	if _, err := open(t, target, Options{}).Send(ctx, Job{Data: strings.NewReader("x")}); CodeOf(err) != Canceled {
		t.Error(err)
	}
}

// The document breaks, not the printer: it must not be told to look at it.
func TestTCPDocumentBreaks(t *testing.T) {
	target := rawPrinter(t, func(c *net.TCPConn) { io.ReadAll(c) })
	doc := &shrunk{Reader: bytes.NewReader(labels(10_000))}
	_, err := open(t, target, quick).Send(t.Context(), Job{Data: doc})
	if e := asError(t, err, Failed); e.Sent == 0 || !errors.Is(err, errRead) {
		t.Errorf("%+v", e)
	}
}

// shrunk is a document that ends before its size.
type shrunk struct{ *bytes.Reader }

func (s *shrunk) Read(b []byte) (int, error) {
	if here, _ := s.Seek(0, io.SeekCurrent); here >= 5000 {
		return 0, io.EOF
	}
	return s.Reader.Read(b)
}

func TestTCPStateIsOnlyReachability(t *testing.T) {
	var asked atomic.Int64
	target := rawPrinter(t, func(c *net.TCPConn) {
		n, _ := io.Copy(io.Discard, c)
		asked.Add(n)
	})
	s, err := open(t, target, quick).State(t.Context())
	if err != nil || s.Kind != Unknown || !s.AcceptingJobs || asked.Load() != 0 {
		t.Errorf("%+v, %v, %d bytes sent", s, err, asked.Load())
	}
}

func TestRawPrintersKnowNoJobs(t *testing.T) {
	for _, p := range []Printer{open(t, Target{Scheme: "tcp", Host: "127.0.0.1:1"}, quick), open(t, Target{Scheme: "file", Path: "/x"}, quick)} {
		_, err := p.JobState(t.Context(), "1")
		asError(t, err, NotSupported)
		asError(t, p.Cancel(t.Context(), "1"), NotSupported)
	}
}

// A school's printer is off for days and is tried again and again.
func TestTCPLeavesNothingBehind(t *testing.T) {
	target := rawPrinter(t, func(c *net.TCPConn) { io.ReadFull(c, make([]byte, 3)) })
	p := open(t, target, quick)
	before := runtime.NumGoroutine()
	for range 50 {
		p.Send(t.Context(), Job{Data: bytes.NewReader(labels(100_000))})
	}
	for end := time.Now().Add(time.Minute); runtime.NumGoroutine() > before+1; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines before, %d after", before, runtime.NumGoroutine())
		}
	}
}
