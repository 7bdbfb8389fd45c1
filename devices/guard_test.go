package devices

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestGuard(t *testing.T) {
	at := time.Now()
	g := newGuard()
	passed := 0
	for range 5000 {
		if g.pass("30000016", at) {
			passed++
		}
	}
	if passed != floodBurst {
		t.Errorf("%d codes of a flood passed, want %d", passed, floodBurst)
	}
	if at = at.Add(time.Second); !g.pass("30000016", at) {
		t.Error("nothing passes a second after the flood")
	}

	g = newGuard()
	passed = 0
	for range 100 {
		at = at.Add(10 * time.Millisecond)
		if g.pass("\xfe\x81", at) {
			passed++
		}
	}
	if passed != noiseMost {
		t.Errorf("%d unreadable codes passed, want %d", passed, noiseMost)
	}
	if g.pass("30000016", at.Add(10*time.Millisecond)) {
		t.Error("a code in the middle of noise is believed")
	}
	// A child that tries an unreadable card again and again is answered each time.
	for range 20 {
		if at = at.Add(noiseGap + time.Millisecond); !g.pass("\xfe\x81", at) {
			t.Fatal("an unreadable code got no answer")
		}
	}
}

// A scanner gone mad is told and held back; the one beside it reads on.
func TestFloodingScanner(t *testing.T) {
	bus := &fakeUSB{}
	mad := bus.plug(honeywell)
	u := honeywell
	u.path, u.product = "1-2:1.0", 0x0b62
	good := bus.plug(u)
	b := startSupervisor(t, Config{Specs: []Spec{hidSpec(t, "0c2e:0b61"), hidSpec(t, "0c2e:0b62")}, usb: bus}, 5000)
	b.waitConnected("usb:0c2e:0b61")
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case mad.reports <- posBytes("]C0", fmt.Sprint(i), false):
			}
		}
	}()
	b.wait("the flood is told", func(s Status) bool { return s.Key == "usb:0c2e:0b61" && s.Discarded > 2000 })
	good.send(posBytes("]C0", "30000016", false))
	mads := 0
	for s := b.scan(); s.Device != "usb:0c2e:0b62"; s = b.scan() {
		mads++
	}
	close(stop)
	<-done
	if mads < floodBurst || mads > floodBurst+floodRate*int(patient/time.Second) {
		t.Errorf("%d codes of the flood were passed on", mads)
	}
}

// Empty reports, reports cut short, and a layout that is another after the cable
// was out: nothing wrong is read, and it goes on.
func TestBrokenReports(t *testing.T) {
	bus := &fakeUSB{}
	s := bus.plug(honeywell)
	b := startSupervisor(t, Config{Specs: []Spec{hidSpec(t, "0c2e:0b61")}, usb: bus}, 100)
	b.waitConnected("usb:0c2e:0b61")
	whole := posBytes("]C0", strings.Repeat("9", 56), false)
	for n := range whole {
		s.send(whole[:n], nil, nil)
	}
	time.Sleep(2 * posPause) // a hand needs longer for the next code
	s.send(posBytes("]C0", "30000016", false))
	if st := b.sup.Statuses()[0]; !st.Connected {
		t.Errorf("%+v", st)
	}
	b.wantScan("30000016")
	bus.unplug(s)
	if st := b.waitWhy(WhyAbsent); st.Discarded == 0 {
		t.Errorf("broken reports are not told: %+v", st)
	}
	u := honeywell
	u.descriptor = bootDescriptor
	s = bus.plug(u)
	b.waitConnected("usb:0c2e:0b61")
	s.send(typed("30000024\r")...)
	b.wantScan("30000024")
}

// What was scanned while the scanner was not open is not sent when it is.
func TestWhatWaitedIsNotSent(t *testing.T) {
	bus := &fakeUSB{}
	s := bus.plug(honeywell)
	s.send(posBytes("]C0", "30000016", false), posBytes("]Q1", "3000", true))
	b := startSupervisor(t, Config{Specs: []Spec{hidSpec(t, "0c2e:0b61")}, usb: bus, settle: 50 * time.Millisecond}, 100)
	if st := b.waitConnected("usb:0c2e:0b61"); st.Discarded != 2 || st.Scans != 0 {
		t.Errorf("%+v, want both counted", st)
	}
	s.send(posBytes("]C0", "30000024", false))
	b.wantScan("30000024")
}

// restless answers every read at once, with nothing.
type restless struct{ reads int }

func (r *restless) read([]byte, time.Duration) (int, error) { r.reads++; return 0, nil }
func (r *restless) close() error                            { return nil }

func TestRestlessDeviceTakesNoProcessor(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	w := &restless{}
	if err := pump(ctx, w, newFramer(DefaultGap), func(reading, time.Time) {}, func(int) {}); err == nil {
		t.Fatal("ended without a reason")
	}
	if w.reads > 100+110 {
		t.Errorf("%d reads in 100 ms", w.reads)
	}
	// One that never falls silent is waited for a while, not for ever.
	began := time.Now()
	settle(t.Context(), chatter{}, newFramer(DefaultGap), 10*time.Millisecond)
	if took := time.Since(began); took > patient {
		t.Errorf("settled after %v", took)
	}
}

type chatter struct{}

func (chatter) read(b []byte, _ time.Duration) (int, error) {
	time.Sleep(time.Millisecond)
	return copy(b, "x"), nil
}
func (chatter) close() error { return nil }
