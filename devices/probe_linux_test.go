package devices

import (
	"context"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func startProbe(t *testing.T, offers ...Offer) *Probe {
	t.Helper()
	p, err := NewProbe(ProbeConfig{
		Offers: offers, Limit: patient, Poll: 20 * time.Millisecond, Gap: 50 * time.Millisecond,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), usb: &fakeUSB{},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return p
}

func portOffer(path string) Offer {
	c := Candidate{Key: Key("serial:" + path), Kind: Serial, Name: "Máy mẫu", Path: path, RecognisedAs: "USB serial", Likely: 1, Openable: true}
	return Offer{Candidate: c, Spec: specFor(c)}
}

func (p *Probe) wait(t *testing.T, what string, ok func(ProbeState) bool) ProbeState {
	t.Helper()
	deadline := time.Now().Add(patient)
	for time.Now().Before(deadline) {
		if s := p.State(); ok(s) {
			return s
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%s: %+v", what, p.State())
	return ProbeState{}
}

func heard(what Hearing) func(ProbeState) bool {
	return func(s ProbeState) bool { return s.Heard != nil && s.Heard.What == what }
}

func open(s ProbeState) bool {
	for _, st := range s.Listening {
		if !st.Connected {
			return false
		}
	}
	return true
}

// Of two ports one sends the test code, after a code that is another.
func TestProbeFindsTheScanner(t *testing.T) {
	a, b := plugCable(t, ""), plugCable(t, "")
	p := startProbe(t, portOffer(a.port), portOffer(b.port))
	p.wait(t, "both open", open)
	b.write("30000016\r")
	if s := p.wait(t, "another code", heard(HeardOther)); s.Heard.Text != "30000016" || !s.Running {
		t.Errorf("%+v", s.Heard)
	}
	b.write("#" + TestCode + "\t")
	s := p.wait(t, "the test code", func(s ProbeState) bool { return heard(HeardTest)(s) && !s.Running })
	want := Spec{Kind: Serial, Port: b.port, Name: "Máy mẫu", Baud: DefaultBaud, Learned: Learned{Prefix: "#", End: "tab"}}
	if s.Heard.Spec != want || s.Heard.Device != Key("serial:"+b.port) {
		t.Errorf("%+v", s.Heard)
	}
	for _, st := range s.Listening {
		if st.Connected {
			t.Errorf("%s is still open", st.Key)
		}
	}
}

// A scanner at 38400 baud: at any other speed its code is garbled.
func TestProbeFindsTheSpeed(t *testing.T) {
	c := plugCable(t, "")
	p := startProbe(t, portOffer(c.port))
	p.wait(t, "open", open)
	speed := func() int {
		term, err := unix.IoctlGetTermios(int(c.master.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		return map[uint32]int{unix.B9600: 9600, unix.B115200: 115200, unix.B19200: 19200, unix.B38400: 38400}[term.Cflag&unix.CBAUD]
	}
	// As a person: scan, wait, scan again.
	garbled := []string{"\xf0\x80\xe6\x00\r", "\x00\x01\x05", "\xff\xfe"}
	for _, sent := range garbled {
		before := speed()
		time.Sleep(speedPause + 100*time.Millisecond)
		c.write(sent)
		p.wait(t, "another speed", func(ProbeState) bool { return speed() != before })
	}
	if speed() != 38400 {
		t.Fatalf("at %d baud", speed())
	}
	time.Sleep(speedPause + 100*time.Millisecond)
	c.write(TestCode + "\r\n")
	if s := p.wait(t, "the test code", heard(HeardTest)); s.Heard.Spec.Baud != 38400 || s.Heard.Spec.End != "cr" {
		t.Errorf("%+v", s.Heard.Spec)
	}
}

// A port that never stops is heard out for a while and told; the other is found.
func TestProbeBesideAPortOfNoise(t *testing.T) {
	noise, c := plugCable(t, ""), plugCable(t, "")
	p := startProbe(t, portOffer(noise.port), portOffer(c.port))
	p.wait(t, "both open", open)
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
				io.WriteString(noise.master, "\x9b\x00\xf1~")
			}
		}
	}()
	defer close(stop)
	p.wait(t, "the noise", heard(HeardGarbled))
	c.write(TestCode + "\r")
	if s := p.wait(t, "the test code", heard(HeardTest)); s.Heard.Spec.Port != c.port {
		t.Errorf("%+v", s.Heard)
	}
}

func TestProbeEndsByItself(t *testing.T) {
	c := plugCable(t, "")
	p, err := NewProbe(ProbeConfig{Offers: []Offer{portOffer(c.port)}, Limit: 50 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), usb: &fakeUSB{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(t.Context()); err != nil {
		t.Error(err)
	}
	if s := p.State(); s.Running || s.Heard != nil {
		t.Errorf("%+v", s)
	}
	if _, err := os.Stat("/proc/self/fd"); err == nil {
		found, _ := os.ReadDir("/proc/self/fd")
		for _, f := range found {
			if to, _ := os.Readlink("/proc/self/fd/" + f.Name()); strings.TrimSpace(to) == c.port {
				t.Errorf("%s is still open", c.port)
			}
		}
	}
	if _, err := NewProbe(ProbeConfig{}); err == nil {
		t.Error("a probe of nothing")
	}
}
