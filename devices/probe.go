package devices

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// ProbeLimit is how long a probe listens at most.
const ProbeLimit = time.Minute

// speeds are what a serial scanner may be set to, the likeliest first. 9600 and
// 115200 are the factory values that were found in manuals.
var speeds = []int{9600, 115200, 19200, 38400, 57600, 4800, 2400, 1200}

const (
	// speedPause is how long a port is left at a new speed before what it sends
	// is judged again: the rest of a code at the wrong speed is no news.
	speedPause = 700 * time.Millisecond
	// strangers is after how many readable codes that are not the test code a
	// port is tried at the next speed: some wrong speeds give readable text.
	strangers = 3
	// probeRounds is how often all speeds are tried on a port that only sends
	// noise, before it is left alone.
	probeRounds = 3
)

// Hearing is what a probe has heard from a device.
type Hearing string

const (
	HeardTest    Hearing = "test"    // the test code: this is the scanner
	HeardOther   Hearing = "other"   // a code, but another one
	HeardGarbled Hearing = "garbled" // no code; a port is tried at its next speed
	HeardNoise   Hearing = "noise"   // garbled at every speed: given up
)

// Heard is the newest thing that a probe has heard.
type Heard struct {
	What   Hearing
	Device Key
	Name   string
	Text   string // as read, without terminator
	Raw    []byte
	Baud   int    // of a port: the speed it was read at
	Next   int    // of a port with HeardGarbled: the speed it is tried at now
	Lesson Lesson // with HeardTest
	Spec   Spec   // with HeardTest: what to choose, without a station
	At     time.Time
}

// ProbeState is how a probe is doing; a value.
type ProbeState struct {
	Running   bool
	Until     time.Time // when it ends by itself
	Heard     *Heard    // nil before anything came
	Listening []Status  // what it has open or tries to open
}

// ProbeConfig is what a probe needs.
type ProbeConfig struct {
	Offers []Offer       // the devices to listen to, none of which may be open elsewhere
	Limit  time.Duration // ProbeLimit if 0
	Poll   time.Duration
	Gap    time.Duration
	Logger *slog.Logger

	usb usbBus
}

// Probe listens for a while to devices of which one may be the scanner, until
// one of them sends [TestCode]. It opens and closes them as a Supervisor does.
type Probe struct {
	cfg   ProbeConfig
	sup   *Supervisor
	scans chan Scan

	mu    sync.Mutex
	state ProbeState

	ports map[Key]*probed // Run's own
}

// probed is a device of a probe and how far it has got.
type probed struct {
	offer   Offer
	spec    Spec
	speed   int // index in speeds, counted on over the rounds
	strange int // readable codes that were not the test code
	changed time.Time
	lost    int // discarded so far
	givenUp bool
}

// NewProbe makes a probe. It is an error to listen to nothing.
func NewProbe(cfg ProbeConfig) (*Probe, error) {
	if len(cfg.Offers) == 0 {
		return nil, errors.New("listen for a scanner: nothing to listen to")
	}
	p := &Probe{cfg: cfg, scans: make(chan Scan, 64), ports: map[Key]*probed{}}
	p.cfg.Limit = cmp.Or(cfg.Limit, ProbeLimit)
	for _, o := range cfg.Offers {
		p.ports[o.Key] = &probed{offer: o, spec: o.Spec}
	}
	sup, err := New(Config{Specs: p.specs(), Scans: p.scans, Poll: cfg.Poll, Gap: cfg.Gap, Logger: cfg.Logger, usb: cfg.usb})
	if err != nil {
		return nil, fmt.Errorf("listen for a scanner: %w", err)
	}
	p.sup = sup
	p.state = ProbeState{Running: true, Until: time.Now().Add(p.cfg.Limit)}
	return p, nil
}

func (p *Probe) specs() []Spec {
	var all []Spec
	for _, o := range p.cfg.Offers {
		if d := p.ports[o.Key]; !d.givenUp {
			all = append(all, d.spec)
		}
	}
	return all
}

// State says how the probe is doing.
func (p *Probe) State() ProbeState {
	p.mu.Lock()
	s := p.state
	p.mu.Unlock()
	s.Listening = p.sup.Statuses()
	return s
}

// Run listens until the test code came, the time is over or ctx is done. Every
// device is closed when it returns. It may be run once.
func (p *Probe) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, p.cfg.Limit)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- p.sup.Run(ctx) }()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case scan := <-p.scans:
			if p.hear(scan) {
				cancel()
			}
		case <-tick.C:
			p.lookForNoise()
		case err := <-ended:
			p.mu.Lock()
			p.state.Running = false
			p.mu.Unlock()
			return err
		}
	}
}

// hear judges one scan; true when it was the test code.
func (p *Probe) hear(scan Scan) (found bool) {
	d := p.ports[scan.Device]
	if d == nil || d.givenUp || scan.At.Sub(d.changed) < speedPause {
		return false
	}
	h := Heard{Device: scan.Device, Name: d.offer.Name, Text: scan.Text, Raw: scan.Raw, Baud: d.spec.Baud, At: scan.At}
	pos := d.offer.RecognisedAs == string(rolePOS)
	if lesson, ok := Learn(scan.Raw, d.offer.Kind == HID, pos); ok {
		lesson.AIM = lesson.AIM || scan.AIM != ""
		h.What, h.Lesson, h.Spec = HeardTest, lesson, d.spec
		h.Spec.Learned = lesson.Learned
		p.tell(h)
		return true
	}
	h.What = HeardOther
	if d.strange++; !ascii(scan.Text) || d.offer.Kind == Serial && d.strange >= strangers {
		h.What = HeardGarbled
		p.nextSpeed(d, &h)
	}
	p.tell(h)
	return false
}

// lookForNoise finds ports whose bytes never become a scan: at a wrong speed a
// code may be nothing but control characters.
func (p *Probe) lookForNoise() {
	for _, st := range p.sup.Statuses() {
		d := p.ports[st.Key]
		if d == nil || d.offer.Kind != Serial {
			continue
		}
		fresh := st.Discarded > d.lost
		d.lost = st.Discarded
		if !fresh || d.givenUp || time.Since(d.changed) < speedPause {
			continue
		}
		h := Heard{What: HeardGarbled, Device: st.Key, Name: d.offer.Name, Baud: d.spec.Baud, At: time.Now()}
		p.nextSpeed(d, &h)
		p.tell(h)
	}
}

// nextSpeed has a port opened at its next speed.
func (p *Probe) nextSpeed(d *probed, h *Heard) {
	if d.offer.Kind != Serial {
		return
	}
	d.strange, d.lost, d.changed = 0, 0, time.Now()
	if d.speed++; d.speed >= probeRounds*len(speeds) {
		d.givenUp, h.What = true, HeardNoise
	} else {
		d.spec.Baud = speeds[d.speed%len(speeds)]
		h.Next = d.spec.Baud
	}
	if err := p.sup.Choose(p.specs()); err != nil {
		p.sup.cfg.Logger.Error("probe at another speed", "device", d.offer.Key, "err", err)
	}
}

func (p *Probe) tell(h Heard) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.Heard = &h
}

// ascii says whether a text could be a code: ASCII that can be seen.
func ascii(text string) bool {
	if text == "" {
		return false
	}
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
