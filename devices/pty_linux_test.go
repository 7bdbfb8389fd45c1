package devices

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// cable is a serial scanner on a pseudo-terminal: write is what it sends, and
// pulling it out hangs up the port.
type cable struct {
	t      *testing.T
	master *os.File
	port   string
}

// plugCable makes link, a name like those in /dev/serial/by-id, point at a new
// port.
func plugCable(t *testing.T, link string) *cable {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	c := &cable{t: t, master: master, port: slave.Name()}
	slave.Close() // a slave that stays open here would keep the port from hanging up
	if link != "" {
		if err := os.Symlink(c.port, link+".new"); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(link+".new", link); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { master.Close() })
	return c
}

func (c *cable) write(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.master, text); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cable) pull() { c.master.Close() }

// steady is a gap that a busy machine does not stretch a chunk to.
const steady = 5 * time.Second

func TestSerialScannerOnAPort(t *testing.T) {
	link := filepath.Join(t.TempDir(), "usb-Newland_FM430-if00")
	b := startSupervisor(t, Config{Specs: []Spec{{Kind: Serial, Port: link, Station: "desk"}}, Gap: steady}, 200)
	b.waitWhy(WhyAbsent)
	c := plugCable(t, link)
	key := Key("serial:" + link)
	if st := b.waitConnected(key); st.Name != link || st.Kind != Serial {
		t.Errorf("%+v", st)
	}
	c.write("3000")
	time.Sleep(10 * time.Millisecond)
	c.write("0016\r")
	if s := b.wantScan("30000016"); s.Device != key || s.Station != "desk" || string(s.Raw) != "30000016\r" {
		t.Errorf("%+v", s)
	}
	c.write("\n]E08935244817634\r\n\tTK.00123\t\x0230000024\x03")
	if s := b.wantScan("8935244817634"); s.AIM != "]E0" {
		t.Errorf("%+v", s)
	}
	b.wantScan("TK.00123")
	b.wantScan("30000024")

	// A hundred at once come in order.
	var all strings.Builder
	for i := range 100 {
		fmt.Fprintf(&all, "%08d\r\n", i)
	}
	c.write(all.String())
	for i := range 100 {
		b.wantScan(fmt.Sprintf("%08d", i))
	}
}

func TestSerialWithoutSuffix(t *testing.T) {
	c := plugCable(t, "")
	b := startSupervisor(t, Config{Specs: []Spec{{Kind: Serial, Port: c.port}}}, 10)
	b.waitConnected(Key("serial:" + c.port))
	for _, code := range []string{"30000016", "30000024"} {
		c.write(code)
		b.wantScan(code)
	}
}

func TestSerialPulledAndPutBack(t *testing.T) {
	link := filepath.Join(t.TempDir(), "scanner")
	c := plugCable(t, link)
	b := startSupervisor(t, Config{Specs: []Spec{{Kind: Serial, Port: link}}, Gap: steady}, 10)
	key := Key("serial:" + link)
	b.waitConnected(key)
	c.write("30000016\r300")
	b.wantScan("30000016")
	// The new port has another name before the old one is gone.
	next := plugCable(t, link)
	if next.port == c.port {
		t.Fatal("the same port twice")
	}
	c.pull()
	b.wait("half a scan discarded", func(s Status) bool { return s.Discarded == 1 })
	b.waitConnected(key)
	next.write("00024\r30000032\r")
	b.wantScan("00024") // not glued to the half that was dropped
	b.wantScan("30000032")

	// Gone altogether, and told.
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	next.pull()
	b.waitWhy(WhyAbsent)
}

func TestSerialTroubles(t *testing.T) {
	c := plugCable(t, "")
	link := filepath.Join(t.TempDir(), "alias")
	if err := os.Symlink(c.port, link); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b := startSupervisor(t, Config{Specs: []Spec{{Kind: Serial, Port: c.port}, {Kind: Serial, Port: link}, {Kind: Serial, Port: file}}}, 10)
	for key, why := range map[Key]string{Key("serial:" + link): WhyBusy, Key("serial:" + file): WhyNotAPort} {
		limit := time.Now().Add(patient)
		for ok := false; !ok; time.Sleep(5 * time.Millisecond) {
			for _, s := range b.sup.Statuses() {
				ok = ok || s.Key == key && s.Why == why
			}
			if time.Now().After(limit) {
				t.Fatalf("%s is not %s: %+v", key, why, b.sup.Statuses())
			}
		}
	}
	c.write("30000016\r")
	if s := b.wantScan("30000016"); s.Device != Key("serial:"+c.port) {
		t.Errorf("%+v", s)
	}
}

// The name comes to mean another port, and the first never hangs up.
func TestSerialMovedWithoutHangup(t *testing.T) {
	link := filepath.Join(t.TempDir(), "scanner")
	plugCable(t, link)
	b := startSupervisor(t, Config{Specs: []Spec{{Kind: Serial, Port: link}}, Gap: steady}, 10)
	b.waitConnected(Key("serial:" + link))
	next := plugCable(t, link)
	// The change may be too quick for a Status between, so a scan has to tell.
	for limit := time.Now().Add(patient); len(b.scans) == 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("the new port is not read: %+v", b.sup.Statuses())
		}
		next.write("30000016\r")
	}
	b.wantScan("30000016")
}

// A port that sends noise for ever is bounded, told, and harms no other.
func TestSerialNoise(t *testing.T) {
	noisy, good := plugCable(t, ""), plugCable(t, "")
	b := startSupervisor(t, Config{Specs: []Spec{{Kind: Serial, Port: noisy.port}, {Kind: Serial, Port: good.port}}, Gap: steady}, 10)
	b.waitConnected(Key("serial:" + good.port))
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		noise := bytes.Repeat([]byte{0xfe, 0x81}, 500)
		for {
			select {
			case <-stop:
				return
			default:
				if _, err := noisy.master.Write(noise); err != nil {
					return
				}
			}
		}
	}()
	b.wait("noise counted", func(s Status) bool { return s.Key == Key("serial:"+noisy.port) && s.Discarded == 1 })
	good.write("30000016\r")
	b.wantScan("30000016")
}

// A scanner pulled out in the middle of a scan a hundred times leaves nothing
// behind: no goroutine, no open file, no half a code.
func TestPulledAHundredTimes(t *testing.T) {
	link := filepath.Join(t.TempDir(), "scanner")
	bus := &fakeUSB{}
	scans := make(chan Scan, 1000)
	told := make(chan Status, 10000)
	warm := plugCable(t, "") // the runtime opens its own files at the first use
	warm.pull()
	goroutines, files := runtime.NumGoroutine(), openFiles(t)

	sup, err := New(Config{
		Specs: []Spec{{Kind: Serial, Port: link}, hidSpec(t, "0c2e:0b61")}, Scans: scans, Gap: steady, Poll: time.Millisecond, usb: bus, settle: 1,
		Changed: func(s Status) { told <- s },
		Logger:  slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sup.Run(ctx) }()
	b := &bench{t: t, sup: sup, scans: scans, told: told}
	for i := range 100 {
		c := plugCable(t, link)
		u := honeywell
		u.path = fmt.Sprintf("1-%d:1.0", i%4)
		s := bus.plug(u)
		serial, usb := false, false
		b.wait("both connected", func(st Status) bool {
			serial = serial || st.Kind == Serial && st.Connected
			usb = usb || st.Kind == HID && st.Connected
			return serial && usb
		})
		c.write("30000016\r3000")
		s.send(posBytes("]C0", "30000024", false), posBytes("]Q1", "3000", true))
		got := []string{b.scan().Text, b.scan().Text}
		if got[0]+got[1] != "3000001630000024" && got[0]+got[1] != "3000002430000016" {
			t.Fatalf("round %d: %q", i, got)
		}
		c.pull()
		bus.unplug(s)
		if err := os.Remove(link); err != nil {
			t.Fatal(err)
		}
		b.wait("both gone", func(st Status) bool {
			if !st.Connected {
				serial = serial && st.Kind != Serial
				usb = usb && st.Kind != HID
			}
			return !serial && !usb
		})
	}
	for _, st := range sup.Statuses() {
		if st.Scans != 100 || st.Discarded > 100 || st.Kind == HID && st.Discarded != 100 {
			t.Errorf("%+v", st)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if len(scans) != 0 {
		t.Errorf("half a code was handed on: %+v", <-scans)
	}
	if bus.closed != 100 {
		t.Errorf("closed %d times, want 100", bus.closed)
	}
	limit := time.Now().Add(patient)
	for runtime.NumGoroutine() > goroutines || openFiles(t) > files {
		if time.Now().After(limit) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, were %d; %d open files, were %d\n%s", runtime.NumGoroutine(), goroutines,
				openFiles(t), files, stacks[:runtime.Stack(stacks, true)])
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skipf("open files cannot be counted: %v", err)
	}
	return len(entries)
}
