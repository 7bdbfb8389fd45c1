//go:build linux

package printertest

import (
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

// How ippeveprinter says that there is no DNS-SD daemon: in words, or, where a bus
// answers but no Avahi on it, by falling over its library.
var noDNSSD = []string{"Unable to initialize DNS-SD", "avahi_entry_group_add_service"}

// IPPEverywhere starts ippeveprinter, the IPP Everywhere printer of the makers
// of CUPS, with more arguments, and returns its target: ipp://HOST:PORT/ipp/print.
// The test is skipped where the program is not installed. It will not start
// without a DNS-SD daemon to announce itself to: a private one is started, on a
// bus of its own and on the loopback interface alone. Where that may not be, not
// being root or another one being there, the system's is taken.
func IPPEverywhere(t *testing.T, args ...string) (target string) {
	t.Helper()
	bin := needs(t, "cups-ipp-utils dbus avahi-daemon", "ippeveprinter", "dbus-daemon", "avahi-daemon")
	start := func(env ...string) (string, *said) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
		l.Close()
		s := background(t, env, bin[0], slices.Concat([]string{"-n", "localhost", "-p", port}, args, []string{"muontra test"})...)
		host := "127.0.0.1:" + port
		within(time.Minute, func() bool {
			c, err := net.Dial("tcp", host)
			if err == nil {
				c.Close()
			}
			return err == nil || s.ended()
		})
		return "ipp://" + host + "/ipp/print", s
	}
	if bus, ok := privateDNSSD(t, bin[1], bin[2]); ok {
		if target, s := start("DBUS_SYSTEM_BUS_ADDRESS=" + bus); !s.ended() {
			return target
		}
	}
	target, s := start()
	if s.ended() && slices.ContainsFunc(noDNSSD, func(words string) bool { return strings.Contains(s.String(), words) }) {
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
	if !within(time.Minute, func() bool { _, err := os.Stat(sock + "/bus"); return err == nil }) {
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
