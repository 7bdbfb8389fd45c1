//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// school is the address of this machine in a test's own network.
const schoolIP = "10.77.0.1"

// ownNetwork runs the test in a network of its own, which has nothing but a
// loopback device with an address that is none of the loopback's: there "beyond
// this machine" is real and nothing leaves it. It reports whether this is the
// run inside.
func ownNetwork(t *testing.T) bool {
	t.Helper()
	if os.Getenv("MUONTRA_OWN_NETWORK") == t.Name() {
		for _, args := range []string{"link set lo up", "addr add " + schoolIP + "/24 dev lo"} {
			if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
				t.Fatalf("ip %s: %v: %s", args, err, out)
			}
		}
		return true
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("no ip command (package iproute2) to make a network of the test's own")
	}
	args := []string{"-test.run", "^" + t.Name() + "$", "-test.v", "-test.timeout", "10m"}
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "MUONTRA_OWN_NETWORK="+t.Name())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EINVAL):
		t.Skipf("this machine does not let the test make a network of its own (root or user namespaces are needed): %v", err)
	case err != nil:
		t.Fatalf("in its own network: %v\n%s", err, out)
	case bytes.Contains(out, []byte("--- SKIP")):
		t.Skipf("in its own network: %s", out)
	}
	t.Logf("%s", out)
	return false
}

// librarian is a signed-in librarian at the hub's own machine.
type librarian struct {
	t    testing.TB
	base string
	http *http.Client
}

const librarianPassword = "mat-khau-cua-thu-thu-7"

func newLibrarian(t testing.TB, p *program) *librarian {
	t.Helper()
	if c := runCLI(t, librarianPassword+"\n", "user", "add", "thuthu", "--role", "librarian", "--password-stdin", "--data", p.cfg.data); c.code != exitDone && !strings.Contains(c.stderr, "thuthu") {
		t.Fatal(c.stderr)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	l := &librarian{t, p.URLs()[0], &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if status, body := l.post("/desk/sign-in", url.Values{"name": {"thuthu"}, "password": {librarianPassword}}); status != http.StatusSeeOther {
		t.Fatal(status, body)
	}
	return l
}

func (l *librarian) post(path string, form url.Values) (int, string) {
	l.t.Helper()
	res, err := l.http.PostForm(l.base+path, form)
	if err != nil {
		l.t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

func (l *librarian) get(path string) string {
	l.t.Helper()
	res, err := l.http.Get(l.base + path)
	if err != nil {
		l.t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return string(b)
}

var typedCode = regexp.MustCompile(`--name ([a-z0-9-]+) --code ([0-9]{6}(?:-[0-9a-z-]+)?)`)

// code asks the desk's page for a station's code, as it is typed for the
// program.
func (l *librarian) code(station string) string {
	l.t.Helper()
	if status, body := l.post("/desk/machines", url.Values{"station": {station}, "token": {"t" + time.Now().String()[:26]}}); status != http.StatusSeeOther {
		l.t.Fatal(status, body)
	}
	for _, m := range typedCode.FindAllStringSubmatch(l.get("/desk/machines"), -1) {
		if m[1] == station {
			return m[2]
		}
	}
	l.t.Fatalf("no code for %s on the page", station)
	return ""
}

// removeAll removes every paired machine by the page's buttons.
func (l *librarian) removeAll() {
	l.t.Helper()
	for _, m := range regexp.MustCompile(`action="(/desk/machines/[^"]+/remove)"`).FindAllStringSubmatch(l.get("/desk/machines"), -1) {
		if status, body := l.post(m[1], url.Values{"token": {"t" + m[1][len(m[1])-30:]}}); status != http.StatusSeeOther {
			l.t.Fatal(status, body)
		}
	}
}

// wire is a TCP proxy between a station and its hub: a cable that can be cut.
type wire struct {
	t    testing.TB
	l    net.Listener
	to   string
	deaf atomic.Bool  // what the hub answers is lost, and the line with it
	cut  atomic.Bool  // nothing gets through
	lost atomic.Int64 // answers that were lost
	mu   sync.Mutex
	open map[net.Conn]bool // and whether something was asked on it that is not answered yet
}

func newWire(t testing.TB, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", schoolIP+":0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{t: t, l: l, to: to, open: map[net.Conn]bool{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(c)
		}
	}()
	t.Cleanup(func() { l.Close(); w.drop() })
	return w
}

func (w *wire) url() string { return "https://" + w.l.Addr().String() }

func (w *wire) carry(c net.Conn) {
	defer c.Close()
	if w.cut.Load() {
		return
	}
	s, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer s.Close()
	w.mu.Lock()
	w.open[c], w.open[s] = false, false
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		delete(w.open, c)
		delete(w.open, s)
		w.mu.Unlock()
	}()
	asks := func(yes bool) {
		w.mu.Lock()
		defer w.mu.Unlock()
		if _, ok := w.open[c]; ok {
			w.open[c] = yes
		}
	}
	// The hub's first flight and the end of the handshake have to pass, or the
	// request would never be sent: what the station says after that flight is 80
	// bytes for the handshake, and then the request.
	var answered atomic.Bool
	var asked atomic.Int64
	go func() {
		defer s.Close()
		b := make([]byte, 16<<10)
		for {
			n, err := c.Read(b)
			if answered.Load() {
				asked.Add(int64(n))
			}
			if err != nil {
				return
			}
			asks(true)
			if _, err := s.Write(b[:n]); err != nil {
				return
			}
		}
	}()
	b := make([]byte, 16<<10)
	for {
		n, err := s.Read(b)
		if err != nil {
			return
		}
		answered.Store(true)
		if w.deaf.Load() && asked.Load() > 200 {
			w.lost.Add(1)
			return
		}
		if _, err := c.Write(b[:n]); err != nil {
			return
		}
		asks(false)
	}
}

// goDeaf loses all answers from now on, once those that are on their way have
// come: a station that waits for the answer to one scan sends no other.
func (w *wire) goDeaf() {
	w.t.Helper()
	until(w.t, "what was asked is answered", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, asking := range w.open {
			if asking {
				return false
			}
		}
		w.deaf.Store(true)
		return true
	})
	w.drop()
}

// drop ends every connection that is open.
func (w *wire) drop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.open {
		c.Close()
	}
}

// runningStation is a station command that runs.
type runningStation struct {
	out, err *lines
	stop     func()
	done     chan int
}

func startStation(t testing.TB, args ...string) *runningStation {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &runningStation{&lines{grew: make(chan struct{}, 1)}, &lines{grew: make(chan struct{}, 1)}, cancel, make(chan int, 1)}
	// A scan is kept longer than at school, so that a slow machine, too, sends it
	// often enough before it is given up.
	e := &env{stdin: strings.NewReader(""), stdout: r.out, stderr: r.err, getenv: func(string) string { return "" }, now: time.Now, keepScan: 30 * time.Second}
	go func() { r.done <- run(ctx, e, append([]string{"station"}, args...)) }()
	t.Cleanup(cancel)
	return r
}

// until waits for a thing to become true.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}
