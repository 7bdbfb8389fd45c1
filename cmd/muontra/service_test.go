package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/store"
)

// The daemon tells systemd that it is ready once it listens, that it is well
// while the database takes writes, and that it ends.
func TestServiceManagerIsTold(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("systemd is Linux's")
	}
	socket := filepath.Join(t.TempDir(), "notify")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	hear := func() string {
		b := make([]byte, 100)
		c.SetReadDeadline(time.Now().Add(patience))
		n, err := c.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
	ctx, cancel := context.WithCancel(t.Context())
	var out, log bytes.Buffer
	e := &env{stdin: strings.NewReader(""), stdout: &out, stderr: &log, now: time.Now, getenv: func(k string) string {
		return map[string]string{"NOTIFY_SOCKET": socket, "WATCHDOG_USEC": "300000"}[k]
	}}
	done := make(chan int)
	go func() { done <- run(ctx, e, []string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0"}) }()
	if s := hear(); s != "READY=1" {
		t.Errorf("first it told %q", s)
	}
	for range 2 {
		if s := hear(); s != "WATCHDOG=1" {
			t.Errorf("then it told %q", s)
		}
	}
	cancel()
	for s := ""; s != "STOPPING=1"; {
		s = hear()
	}
	<-done
}

func TestWatchdogFallsSilent(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("systemd is Linux's")
	}
	socket := filepath.Join(t.TempDir(), "notify")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	probes := 0
	notifier{socket}.watchdog(ctx, time.Millisecond, func(context.Context) error {
		if probes++; probes == 5 {
			cancel()
		}
		return errors.New("stuck")
	})
	c.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if n, err := c.Read(make([]byte, 100)); err == nil {
		t.Errorf("%d bytes were told though the database is stuck", n)
	}
}

func TestUnit(t *testing.T) {
	c := runCLI(t, "", "service", "systemd")
	for _, line := range []string{"Type=notify", "WatchdogSec=60", "UMask=0077", "CapabilityBoundingSet=\n", "MemoryDenyWriteExecute=yes", "StateDirectoryMode=0700", " serve --data /var/lib/muontra"} {
		if c.code != exitDone || !strings.Contains(c.stdout, line) {
			t.Errorf("no %q in the unit", line)
		}
	}
	if strings.Contains(c.stdout, "PROGRAM") {
		t.Error("the program has no name in it")
	}
	if c := runCLI(t, "", "service"); c.code != exitUsage {
		t.Errorf("which? %+v", c)
	}
	tool, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	file := filepath.Join(t.TempDir(), "muontra.service")
	if err := os.WriteFile(file, []byte(c.stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := exec.Command(tool, "verify", file).CombinedOutput(); err != nil {
		t.Errorf("systemd-analyze verify: %v\n%s", err, b)
	}
}

// What a day leaves in the log, kept in the data folder, names nobody.
func TestLogNamesNobody(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "school")
	if c := runCLI(t, "", "import", "patrons", testdata(t, "imports", "hoc-sinh-khoi-1.csv"), "--data", dir); c.code != exitDone && c.code != exitPartly {
		t.Fatalf("import: %+v", c)
	}
	var names, cards []string
	st, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = st.View(t.Context(), func(v kiosk.View) error {
		return v.EachMember(kiosk.Day{Year: 2026, Month: 11, Day: 24}, func(m kiosk.Member) error {
			names, cards = append(names, m.Name), append(cards, m.Card.Barcode)
			return nil
		})
	})
	if err = errors.Join(err, st.Close()); err != nil || len(names) == 0 {
		t.Fatalf("%d names: %v", len(names), err)
	}
	d := startDaemon(t, "serve", "--data", dir, "--listen", "127.0.0.1:0", "--verbose")
	for _, c := range cards[:min(5, len(cards))] {
		d.scan("desk", c)
		d.scan("desk", "30000099")
		d.scan("desk", "no such code")
	}
	d.stop()
	b, err := os.ReadFile(filepath.Join(dir, "log", "muontra.log"))
	if err != nil || !strings.Contains(string(b), "muontra has started") {
		t.Fatalf("the log: %q %v", b, err)
	}
	if info, _ := os.Stat(filepath.Join(dir, "log", "muontra.log")); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	for _, n := range names {
		if strings.Contains(string(b), n) {
			t.Errorf("the log names somebody: %s", n)
		}
	}
}

// A full disk under the log must not silence the console, nor the other way.
func TestLogGoesBothWays(t *testing.T) {
	var b bytes.Buffer
	for _, w := range []both{{&b, broke{}}, {broke{}, &b}} {
		b.Reset()
		if _, err := w.Write([]byte("x")); err != nil || b.String() != "x" {
			t.Errorf("%q %v", b.String(), err)
		}
	}
}

type broke struct{}

func (broke) Write([]byte) (int, error) { return 0, errors.New("full") }
