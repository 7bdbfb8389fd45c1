package printer

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The IPP Everywhere printer of the makers of CUPS, which shares no code with
// this package or its tests.

// needs finds programs, also where Debian puts those of the administrator.
func needs(t *testing.T, debian string, programs ...string) (paths []string) {
	t.Helper()
	for _, name := range programs {
		path, err := exec.LookPath(name)
		if err != nil {
			path, err = exec.LookPath("/usr/sbin/" + name)
		}
		if err != nil {
			t.Skipf("there is no %s here; on Debian: apt-get install --no-install-recommends %s", name, debian)
		}
		paths = append(paths, path)
	}
	return paths
}

// background runs a program until the test ends, and returns what it says.
func background(t *testing.T, env []string, path string, args ...string) *said {
	t.Helper()
	s := &said{done: make(chan struct{})}
	f, err := os.CreateTemp(t.TempDir(), "said")
	if err != nil {
		t.Fatal(err)
	}
	s.file = f.Name()
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = f, f
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		cmd.Wait()
		close(s.done)
	}()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM) // it may have to tidy up
		if !within(2*time.Second, s.ended) {
			cmd.Process.Kill()
		}
		<-s.done
		f.Close()
	})
	return s
}

type said struct {
	file string
	done chan struct{}
}

func (s *said) String() string {
	b, _ := os.ReadFile(s.file)
	return string(b)
}

func (s *said) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// within asks until the answer is true, a few seconds at most.
func within(d time.Duration, answer func() bool) bool {
	for end := time.Now().Add(d); ; time.Sleep(20 * time.Millisecond) {
		if answer() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

const noDNSSD = "Unable to initialize DNS-SD"

// ippEvePrinter starts the printer and returns its target. It will not start
// without a DNS-SD daemon to announce itself to: a private one is started, on a
// bus of its own and on the loopback interface alone. Where that may not be, not
// being root or another one being there, the system's is taken.
func ippEvePrinter(t *testing.T, args ...string) Target {
	t.Helper()
	bin := needs(t, "cups-ipp-utils dbus avahi-daemon", "ippeveprinter", "dbus-daemon", "avahi-daemon")
	start := func(env ...string) (Target, *said) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
		l.Close()
		s := background(t, env, bin[0], slices.Concat([]string{"-n", "localhost", "-p", port}, args, []string{"muontra test"})...)
		target := Target{Scheme: "ipp", Host: "127.0.0.1:" + port, Path: "/ipp/print"}
		within(5*time.Second, func() bool {
			c, err := net.Dial("tcp", target.Host)
			if err == nil {
				c.Close()
			}
			return err == nil || s.ended()
		})
		return target, s
	}
	if bus, ok := privateDNSSD(t, bin[1], bin[2]); ok {
		if target, s := start("DBUS_SYSTEM_BUS_ADDRESS=" + bus); !s.ended() {
			return target
		}
	}
	target, s := start()
	if s.ended() && strings.Contains(s.String(), noDNSSD) {
		t.Skip("ippeveprinter wants a DNS-SD daemon: run this test as root, or start dbus-daemon --system and avahi-daemon -D before it")
	}
	if s.ended() {
		t.Fatalf("ippeveprinter ended: %s", s)
	}
	return target
}

func privateDNSSD(t *testing.T, dbus, avahi string) (bus string, ok bool) {
	if os.Geteuid() != 0 {
		return "", false // avahi-daemon wants its place under /run
	}
	dir := t.TempDir()
	// The path of a socket has 107 bytes at most, which a test's own directory
	// may exceed.
	sock, err := os.MkdirTemp("", "bus")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(sock) })
	bus = "unix:path=" + sock + "/bus"
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	busConf := write("bus.conf", `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><listen>`+bus+`</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/></policy></busconfig>`)
	avahiConf := write("avahi.conf", "[server]\nuse-ipv4=yes\nuse-ipv6=no\nallow-interfaces=lo\n[wide-area]\nenable-wide-area=no\n")

	background(t, nil, dbus, "--config-file="+busConf, "--nofork", "--nopidfile")
	if !within(2*time.Second, func() bool { _, err := os.Stat(sock + "/bus"); return err == nil }) {
		return "", false
	}
	// Only one runs on a computer. If the other one is another package's test,
	// it ends soon; if it is the system's, that one serves.
	for range 10 {
		a := background(t, []string{"DBUS_SYSTEM_BUS_ADDRESS=" + bus}, avahi, "-f", avahiConf, "--no-drop-root", "--no-chroot", "--no-rlimits", "--no-proc-title")
		up := within(3*time.Second, func() bool { return a.ended() || strings.Contains(a.String(), "Server startup complete") })
		if up && !a.ended() {
			return bus, true
		}
		if _, err := os.Stat("/run/dbus/system_bus_socket"); err == nil || !strings.Contains(a.String(), "already running") {
			break
		}
		time.Sleep(time.Second)
	}
	return "", false
}

// printCommand is what the printer does with a document: it runs out of paper,
// waits until the test has put some in, and then keeps what it "printed".
const printCommand = `#!/bin/sh
here=$(dirname "$0")
for document; do :; done
echo "STATE: +media-empty-error" >&2
n=0
while [ ! -e "$here/paper" ] && [ ! -e "$here/broken" ] && [ $n -lt 200 ]; do n=$((n+1)); sleep 0.05; done
echo "STATE: -media-empty-error" >&2
[ -e "$here/broken" ] && exit 1
cat "$document" >"$here/printed.part" && mv "$here/printed.part" "$here/printed"
`

func TestIPPEvePrinter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script := filepath.Join(dir, "print")
	if err := os.WriteFile(script, []byte(printCommand), 0o755); err != nil {
		t.Fatal(err)
	}
	touch := func(name string) {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	target := ippEvePrinter(t, "-f", "application/pdf", "-d", t.TempDir(), "-c", script)
	p := open(t, target, Options{})

	s, err := p.State(t.Context())
	if err != nil || s.Kind != Idle || !s.AcceptingJobs || !slices.Contains(s.Formats, PDF) || s.Model == "" {
		t.Fatalf("%+v, %v", s, err)
	}

	until := func(h Handle, want JobKind) JobState {
		t.Helper()
		var js JobState
		if !within(5*time.Second, func() bool {
			js, err = p.JobState(t.Context(), h)
			return err != nil || js.Kind == want || js.Ended()
		}) || err != nil || js.Kind != want {
			t.Fatalf("%+v, %v, want %s", js, err, want)
		}
		return js
	}
	send := func(name string, doc []byte) Handle {
		t.Helper()
		var r Receipt
		var err error
		// It takes one job at a time, and says busy a moment longer than the
		// last one lasts.
		if !within(5*time.Second, func() bool {
			r, err = p.Send(t.Context(), Job{Name: name, Format: PDF, Data: bytes.NewReader(doc)})
			return CodeOf(err) != Busy
		}) || err != nil || r.Handle == "" || !r.Confirmed {
			t.Fatalf("%+v, %v", r, err)
		}
		if len(r.Ignored) != 0 {
			t.Errorf("the printer ignores %v", r.Ignored)
		}
		return r.Handle
	}

	const name = "Nhãn gáy sách lớp 4A, đợt 2"
	doc := append([]byte("%PDF-1.4\n"), labels(300_000)...)
	h := send(name, doc)
	if js := until(h, JobProcessing); js.Name != name || js.Err() != nil {
		t.Errorf("%+v", js)
	}
	if !within(5*time.Second, func() bool { s, err = p.State(t.Context()); return err != nil || s.Has(MediaEmpty) }) || err != nil {
		t.Errorf("out of paper: %+v, %v", s, err)
	}
	if found, err := p.(Finder).Find(t.Context(), name); err != nil || found != h {
		t.Errorf("found %q, %v, want %q", found, err, h)
	}
	touch("paper")
	until(h, JobCompleted)
	if printed, err := os.ReadFile(filepath.Join(dir, "printed")); err != nil || !bytes.Equal(printed, doc) {
		t.Errorf("%d bytes printed, %v", len(printed), err)
	}
	if !within(5*time.Second, func() bool { s, err = p.State(t.Context()); return err != nil || !s.Has(MediaEmpty) }) || err != nil {
		t.Errorf("with paper again: %+v, %v", s, err)
	}
	if err := p.Cancel(t.Context(), h); CodeOf(err) != TooLate {
		t.Errorf("canceling what is done: %v", err)
	}

	os.Remove(filepath.Join(dir, "paper"))
	h = send("bị hủy", doc)
	until(h, JobProcessing)
	if err := p.Cancel(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	touch("paper") // it looks only when its command has ended
	until(h, JobCanceled)

	touch("broken")
	h = send("hỏng", doc)
	if js := until(h, JobAborted); CodeOf(js.Err()) != JobFailed {
		t.Errorf("%+v, %v", js, js.Err())
	}

	if _, err := p.Send(t.Context(), Job{Format: ZPL, Data: strings.NewReader("^XA^XZ")}); CodeOf(err) != NotSupported && CodeOf(err) != Busy {
		t.Errorf("ZPL to a PDF printer: %v", err)
	}
	if _, err := p.JobState(t.Context(), "999"); CodeOf(err) != NotFound {
		t.Error(err)
	}
}
