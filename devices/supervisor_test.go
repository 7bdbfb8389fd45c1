package devices

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// patient is how long a test waits for what must come. It is long because the
// machine may be busy; nothing waits that long when all is well.
const patient = 2 * time.Minute

// bench is a supervisor under test.
type bench struct {
	t     *testing.T
	sup   *Supervisor
	scans chan Scan
	told  chan Status
	stop  func() error
}

func startSupervisor(t *testing.T, cfg Config, buffer int) *bench {
	t.Helper()
	b := &bench{t: t, scans: make(chan Scan, buffer), told: make(chan Status, 10000)}
	cfg.Scans = b.scans
	cfg.Changed = func(s Status) { b.told <- s }
	cfg.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	if cfg.Poll == 0 {
		cfg.Poll = 5 * time.Millisecond
	}
	if cfg.settle == 0 {
		cfg.settle = 1 // what a test sends is for it, however soon it comes
	}
	if cfg.usb == nil {
		cfg.usb = &fakeUSB{}
	}
	sup, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b.sup = sup
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sup.Run(ctx) }()
	b.stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(patient):
			return fmt.Errorf("Run did not return")
		}
	})
	t.Cleanup(func() {
		if err := b.stop(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// scan waits for the next scan.
func (b *bench) scan() Scan {
	b.t.Helper()
	select {
	case s := <-b.scans:
		return s
	case <-time.After(patient):
		b.t.Fatalf("no scan came; devices: %+v", b.sup.Statuses())
	}
	return Scan{}
}

func (b *bench) wantScan(text string) Scan {
	b.t.Helper()
	s := b.scan()
	if s.Text != text {
		b.t.Fatalf("scan %q, want %q", s.Text, text)
	}
	return s
}

// wait waits until a told status is as wanted.
func (b *bench) wait(what string, ok func(Status) bool) Status {
	b.t.Helper()
	limit := time.After(patient)
	for {
		select {
		case s := <-b.told:
			if ok(s) {
				return s
			}
		case <-limit:
			b.t.Fatalf("never %s; devices: %+v", what, b.sup.Statuses())
		}
	}
}

func (b *bench) waitConnected(key Key) Status {
	b.t.Helper()
	return b.wait("connected", func(s Status) bool { return s.Key == key && s.Connected })
}

func (b *bench) waitWhy(why string) Status {
	b.t.Helper()
	return b.wait(why, func(s Status) bool { return !s.Connected && s.Why == why })
}

func hidSpec(t *testing.T, text string) Spec {
	t.Helper()
	s, err := ParseHID(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var honeywell = usbInterface{path: "1-1:1.0", vendor: 0x0c2e, product: 0x0b61, serialNo: "SN1", productName: "Voyager", manufacturer: "Honeywell", descriptor: posDescriptor}

func TestHIDScannerPluggedInAndOut(t *testing.T) {
	bus := &fakeUSB{}
	b := startSupervisor(t, Config{Specs: []Spec{hidSpec(t, "0c2e:0b61:SN1=desk")}, usb: bus}, 100)
	absent := b.waitWhy(WhyAbsent)
	if absent.Key != "usb:0c2e:0b61:SN1" || absent.Kind != HID || absent.Station != "desk" {
		t.Errorf("absent: %+v", absent)
	}

	other := honeywell
	other.path, other.serialNo = "1-9:1.0", "SN2"
	bus.plug(other)
	s := bus.plug(honeywell)
	if st := b.waitConnected(absent.Key); st.Name != "Honeywell Voyager" || st.Why != "" {
		t.Errorf("connected: %+v", st)
	}
	s.send(posBytes("]E0", "8935244817634", false))
	got := b.wantScan("8935244817634")
	if got.Device != absent.Key || got.Station != "desk" || got.AIM != "]E0" || string(got.Raw) != "8935244817634" || time.Since(got.At) > patient {
		t.Errorf("scan: %+v", got)
	}
	if len(s.sent) != 1 || !slices.Equal(s.sent[0], []byte{0xfe, 1}) {
		t.Errorf("feature reports %x", s.sent)
	}

	// Pulled out in the middle of a message, put back into another socket.
	s.send(posBytes("]Q1", "3000", true))
	bus.unplug(s)
	if st := b.wait("cut off", func(s Status) bool { return s.Why == WhyAbsent && s.Discarded == 1 }); st.Scans != 1 || st.LastScan.IsZero() {
		t.Errorf("pulled out: %+v", st)
	}
	moved := honeywell
	moved.path = "2-3.1:1.0"
	s = bus.plug(moved)
	b.waitConnected(absent.Key)
	s.send(posBytes("]C0", "30000016", false))
	b.wantScan("30000016")
	if err := b.stop(); err != nil {
		t.Fatal(err)
	}
	if n := bus.openings("1-9:1.0"); n != 0 {
		t.Error("a device that was not chosen was opened")
	}
	if bus.closed != 2 {
		t.Errorf("%d devices closed, want 2", bus.closed)
	}
	if st := b.sup.Statuses(); len(st) != 1 || st[0].Connected || st[0].Why != WhyStopped {
		t.Errorf("after Run: %+v", st)
	}
}

func TestCompositeScannerAndItsTwin(t *testing.T) {
	bus := &fakeUSB{}
	pos, kbd, twin, own := honeywell, honeywell, honeywell, honeywell
	kbd.path, kbd.descriptor, kbd.protocol = "1-1:1.1", bootDescriptor, 1
	twin.path, twin.serialNo = "1-2:1.0", "SN2"
	own.path, own.serialNo = "1-3:1.0", "SN3"
	scanners := []*fakeScanner{bus.plug(pos), bus.plug(kbd), bus.plug(twin)}
	third := bus.plug(own)
	// The choice with a serial number comes second and wins all the same.
	b := startSupervisor(t, Config{Specs: []Spec{hidSpec(t, "0c2e:0b61=desk"), hidSpec(t, "0c2e:0b61:SN3=lop")}, usb: bus}, 100)
	b.waitConnected("usb:0c2e:0b61")
	scanners[0].send(posBytes("]C0", "1", false))
	b.wantScan("1")
	scanners[1].send(typed("2\r")...)
	b.wantScan("2")
	scanners[2].send(posBytes("]C0", "3", false))
	if s := b.wantScan("3"); s.Device != "usb:0c2e:0b61" || s.Station != "desk" {
		t.Errorf("twin: %+v", s)
	}
	third.send(posBytes("]C0", "4", false))
	if s := b.wantScan("4"); s.Device != "usb:0c2e:0b61:SN3" || s.Station != "lop" {
		t.Errorf("by serial number: %+v", s)
	}
	// One of two pulled out: the other still reads, and the choice is connected.
	bus.unplug(scanners[2])
	scanners[0].send(posBytes("]C0", "5", false))
	b.wantScan("5")
	if st := b.sup.Statuses()[0]; !st.Connected {
		t.Errorf("%+v", st)
	}
}

func TestHIDThatCannotBeOpened(t *testing.T) {
	spec := hidSpec(t, "0c2e:0b61")
	t.Run("no support", func(t *testing.T) {
		b := startSupervisor(t, Config{Specs: []Spec{spec}, usb: &fakeUSB{unsupported: true}}, 1)
		b.waitWhy(WhyNoHIDSupport)
	})
	t.Run("no permission, then a rule", func(t *testing.T) {
		bus := &fakeUSB{}
		s := bus.plug(honeywell)
		s.openErr = &openError{why: WhyNoPermission, hint: udevRule(s.vendor, s.product), err: errors.New("permission denied")}
		b := startSupervisor(t, Config{Specs: []Spec{spec}, usb: bus}, 1)
		st := b.waitWhy(WhyNoPermission)
		if st.Hint != `SUBSYSTEM=="usb", ATTR{idVendor}=="0c2e", ATTR{idProduct}=="0b61", GROUP="plugdev", MODE="0660"` || st.Detail == "" {
			t.Errorf("%+v", st)
		}
		bus.mu.Lock()
		s.openErr = nil
		bus.mu.Unlock()
		b.waitConnected(spec.Key())
	})
	t.Run("keyboard on Windows", func(t *testing.T) {
		bus := &fakeUSB{noKeyboards: true, noisy: true}
		u := honeywell
		u.descriptor, u.usage = nil, usageKeyboard
		bus.plug(u)
		b := startSupervisor(t, Config{Specs: []Spec{spec}, usb: bus}, 1)
		b.waitWhy(WhyKeyboardOnly)
		if bus.openings(u.path) != 0 {
			t.Error("a keyboard was opened")
		}
	})
	t.Run("a mouse", func(t *testing.T) {
		bus := &fakeUSB{}
		u := honeywell
		u.descriptor = mouseDescriptor
		bus.plug(u)
		b := startSupervisor(t, Config{Specs: []Spec{spec}, usb: bus}, 1)
		b.waitWhy(WhyNoScanner)
	})
	t.Run("gone while opening, and back", func(t *testing.T) {
		bus := &fakeUSB{}
		s := bus.plug(honeywell)
		s.openErr = errors.New("hidapi: failed to open device")
		b := startSupervisor(t, Config{Specs: []Spec{spec}, usb: bus}, 1)
		b.waitWhy(WhyAbsent)
		bus.unplug(s)
		bus.plug(honeywell)
		b.waitConnected(spec.Key())
	})
	t.Run("undescribed at the first look only", func(t *testing.T) {
		bus := &fakeUSB{}
		u := honeywell
		u.descriptor = nil
		s := bus.plug(u)
		b := startSupervisor(t, Config{Specs: []Spec{spec}, usb: bus}, 1)
		b.waitConnected(spec.Key())
		s.send(posBytes("]C0", "30000016", false))
		b.wantScan("30000016")
	})
}

// On a bus where looking disturbs the devices, nobody looks while all is well.
func TestNoisyBusIsLeftAlone(t *testing.T) {
	bus := &fakeUSB{noisy: true}
	s := bus.plug(honeywell)
	b := startSupervisor(t, Config{Specs: []Spec{hidSpec(t, "0c2e:0b61")}, usb: bus, Poll: time.Millisecond}, 1)
	b.waitConnected("usb:0c2e:0b61")
	asked := func() int {
		bus.mu.Lock()
		defer bus.mu.Unlock()
		return bus.asked
	}
	before := asked()
	time.Sleep(50 * time.Millisecond)
	if after := asked(); after != before {
		t.Errorf("asked %d times with the scanner open", after-before)
	}
	bus.unplug(s)
	b.waitWhy(WhyAbsent)
	bus.plug(honeywell)
	b.waitConnected("usb:0c2e:0b61")
}

func TestFullChannelDropsAndTells(t *testing.T) {
	bus := &fakeUSB{}
	s := bus.plug(honeywell)
	b := startSupervisor(t, Config{Specs: []Spec{hidSpec(t, "0c2e:0b61")}, usb: bus}, 2)
	for i := range 10 {
		s.send(posBytes("]C0", fmt.Sprint("3000", i), false))
	}
	st := b.wait("eight dropped", func(s Status) bool { return s.Dropped == 8 })
	if !st.Connected || st.Scans != 2 {
		t.Errorf("%+v", st)
	}
	b.wantScan("30000")
	b.wantScan("30001")
	s.send(posBytes("]C0", "after", false))
	b.wantScan("after")
}

// A callback that takes its time must not cost a scan.
func TestSlowCallbackDoesNotStopReading(t *testing.T) {
	bus := &fakeUSB{}
	s := bus.plug(honeywell)
	scans := make(chan Scan, 500)
	release := make(chan struct{})
	connected := make(chan struct{}, 100)
	sup, err := New(Config{
		Specs: []Spec{hidSpec(t, "0c2e:0b61")}, Scans: scans, Poll: time.Millisecond, usb: bus,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Changed: func(s Status) {
			if s.Connected {
				connected <- struct{}{}
				<-release
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sup.Run(ctx) }()
	<-connected
	for i := range 400 {
		s.send(posBytes("]C0", fmt.Sprint(i), false))
	}
	for i := range 400 {
		select {
		case got := <-scans:
			if got.Text != fmt.Sprint(i) {
				t.Fatalf("scan %d is %q", i, got.Text)
			}
		case <-time.After(patient):
			t.Fatalf("scan %d did not come", i)
		}
	}
	sup.Statuses() // does not wait for the callback either
	close(release)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestChooseWhileRunning(t *testing.T) {
	bus := &fakeUSB{}
	second := honeywell
	second.path, second.product = "1-2:1.0", 0x0b62
	one, two := bus.plug(honeywell), bus.plug(second)
	b := startSupervisor(t, Config{Specs: []Spec{hidSpec(t, "0c2e:0b61")}, usb: bus, Poll: time.Hour}, 10)
	b.waitConnected("usb:0c2e:0b61")
	// The first stays open, the second comes without waiting for the poll.
	if err := b.sup.Choose([]Spec{hidSpec(t, "0c2e:0b62=lop"), hidSpec(t, "0c2e:0b61")}); err != nil {
		t.Fatal(err)
	}
	b.waitConnected("usb:0c2e:0b62")
	two.send(posBytes("]C0", "2", false))
	b.wantScan("2")
	// Another station: the same device is closed and opened for it.
	if err := b.sup.Choose([]Spec{hidSpec(t, "0c2e:0b62=desk")}); err != nil {
		t.Fatal(err)
	}
	b.wait("moved", func(s Status) bool { return s.Connected && s.Station == "desk" })
	two.send(posBytes("]C0", "3", false))
	if s := b.wantScan("3"); s.Station != "desk" {
		t.Errorf("%+v", s)
	}
	one.send(posBytes("]C0", "no more", false))
	if err := b.sup.Choose([]Spec{hidSpec(t, "0c2e:0b62"), hidSpec(t, "0c2e:0b62=desk")}); err == nil {
		t.Error("one device for two stations")
	}
	if err := b.stop(); err != nil {
		t.Fatal(err)
	}
	if len(b.scans) != 0 {
		t.Errorf("a scan of a device no longer chosen: %+v", <-b.scans)
	}
	if bus.openings(honeywell.path) != 1 {
		t.Error("the scanner that stayed was opened again")
	}
}

// A library that hangs in closing one device must not keep the program, or the
// other devices.
func TestStuckClose(t *testing.T) {
	bus := &fakeUSB{stuck: make(chan struct{})}
	second := honeywell
	second.path, second.product = "1-2:1.0", 0x0b62
	one, two := bus.plug(honeywell), bus.plug(second)
	scans := make(chan Scan, 10)
	told := make(chan Status, 1000)
	sup, err := New(Config{
		Specs: []Spec{hidSpec(t, "0c2e:0b61"), hidSpec(t, "0c2e:0b62")}, Scans: scans, Poll: 5 * time.Millisecond, usb: bus,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Changed: func(s Status) { told <- s },
		closeLimit: 50 * time.Millisecond, settle: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sup.Run(ctx) }()
	b := &bench{t: t, sup: sup, scans: scans, told: told}
	b.waitConnected("usb:0c2e:0b61")
	bus.unplug(one)
	b.waitWhy(WhyAbsent) // told although it is still closing
	two.send(posBytes("]C0", "30000016", false))
	b.wantScan("30000016")
	cancel()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "usb:0c2e:0b61") {
		t.Errorf("Run returned %v, want the names of what does not close", err)
	}
	close(bus.stuck)
}
