package devices

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultPoll is how often a supervisor looks for devices.
const DefaultPoll = time.Second

// defaultCloseLimit bounds how long Run waits for devices to close. The USB
// library has been seen to hang in it; the program must end all the same.
const defaultCloseLimit = 5 * time.Second

// vanishedLimit is how long a reader may go on whose device is no longer listed.
// Nearly always it notices by itself, after what was sent before the plug was
// pulled; some drivers give no error (tarm/serial issue 100).
const vanishedLimit = time.Second

// earlyLook is when to look again at a device that has just been plugged in and
// that the kernel has not yet described.
const earlyLook = 200 * time.Millisecond

// Config is what a Supervisor needs. Scans is required.
type Config struct {
	Specs []Spec
	// Scans receives every scan. Give it a buffer: a scan that finds it full is
	// dropped, for the reader never waits.
	Scans chan<- Scan
	// Changed is told each new Status, except when nothing but LastScan and Scans
	// are new; lost scans within one Poll. It is called by Run's goroutine, one
	// call at a time; while it does not return no device is looked for, but
	// scans go on.
	Changed func(Status)
	Poll    time.Duration // DefaultPoll if 0
	Gap     time.Duration // silence that ends a scan without terminator; DefaultGap if 0
	Logger  *slog.Logger  // slog.Default if nil

	usb        usbBus        // nil: the machine's
	closeLimit time.Duration // how long Run waits for devices to close
	settle     time.Duration // how long a device must be silent at first
}

// Supervisor keeps the chosen scanners open: see the package comment.
type Supervisor struct {
	cfg  Config
	wake chan struct{}

	mu    sync.Mutex // held for moments, never while sending or opening
	slots []*slot

	readers map[string]*reader // by path; Run's own
	early   bool               // a device is not yet described: look again soon; Run's own
}

// slot is one Spec and what became of it.
type slot struct {
	spec  Spec
	tally tally

	status Status // without tally; guarded by Supervisor.mu
	told   Status // Run's own, as all below

	trouble openError
	retries map[string]retry     // by path
	seen    map[string]time.Time // paths that are there, and since when
}

// retry is when a path that failed may be tried again.
type retry struct {
	failures int
	after    time.Time
}

// tally is written by readers and read by anybody.
type tally struct {
	scans, dropped, discarded, lastScan atomic.Int64
}

// New makes a supervisor. It is an error to choose one device twice.
func New(cfg Config) (*Supervisor, error) {
	if cfg.Scans == nil {
		return nil, errors.New("supervise scanners: no channel for scans")
	}
	cfg.Poll = cmp.Or(cfg.Poll, DefaultPoll)
	cfg.Gap = cmp.Or(cfg.Gap, DefaultGap)
	cfg.closeLimit = cmp.Or(cfg.closeLimit, defaultCloseLimit)
	cfg.settle = cmp.Or(cfg.settle, defaultSettle)
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	if cfg.usb == nil {
		cfg.usb = machineUSB
	}
	s := &Supervisor{cfg: cfg, wake: make(chan struct{}, 1), readers: map[string]*reader{}}
	if err := s.Choose(cfg.Specs); err != nil {
		return nil, err
	}
	return s, nil
}

// Choose replaces the chosen scanners, also while Run runs. Those that stay the
// same stay open; those that are left out are closed.
func (s *Supervisor) Choose(specs []Spec) error {
	byKey := map[Key]bool{}
	for _, spec := range specs {
		if err := spec.valid(); err != nil {
			return fmt.Errorf("choose scanners: %w", err)
		}
		if byKey[spec.Key()] {
			return fmt.Errorf("choose scanners: %s is chosen twice", spec.Key())
		}
		byKey[spec.Key()] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old := map[Spec]*slot{}
	for _, sl := range s.slots {
		old[sl.spec] = sl
	}
	s.slots = make([]*slot, 0, len(specs))
	for _, spec := range specs {
		sl := old[spec]
		if sl == nil {
			sl = newSlot(spec)
		}
		s.slots = append(s.slots, sl)
	}
	s.nudge()
	return nil
}

func newSlot(spec Spec) *slot {
	return &slot{
		spec:    spec,
		trouble: openError{why: WhyStarting},
		retries: map[string]retry{},
		status: Status{
			Key: spec.Key(), Name: cmp.Or(spec.Name, spec.Port, string(spec.Key())), Kind: spec.Kind, Station: spec.Station,
			Why: WhyStarting, Since: time.Now(),
		},
	}
}

// Statuses gives the newest Status of each chosen scanner, in the order chosen.
func (s *Supervisor) Statuses() []Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Status, len(s.slots))
	for i, sl := range s.slots {
		all[i] = sl.current()
	}
	return all
}

// Spec gives the chosen scanner of a key.
func (s *Supervisor) Spec(key Key) (Spec, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sl := range s.slots {
		if sl.spec.Key() == key {
			return sl.spec, true
		}
	}
	return Spec{}, false
}

// current needs Supervisor.mu.
func (sl *slot) current() Status {
	st := sl.status
	// In this order, so that a loss is never told before the scans it followed.
	st.Discarded = int(sl.tally.discarded.Load())
	st.Dropped = int(sl.tally.dropped.Load())
	st.Scans = int(sl.tally.scans.Load())
	if t := sl.tally.lastScan.Load(); t != 0 {
		st.LastScan = time.Unix(0, t)
	}
	return st
}

// nudge has Run look at its readers now. It never blocks.
func (s *Supervisor) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run keeps the scanners open until ctx is done, closes them, and returns. It
// returns nil, or an error that names devices which would not close. A device
// that fails is not an error; its Status says so. It may be run again, but not
// twice at once.
func (s *Supervisor) Run(ctx context.Context) error {
	readers, cancel := context.WithCancel(ctx)
	defer cancel()
	tick := time.NewTicker(s.cfg.Poll)
	defer tick.Stop()
	s.look(readers, time.Now())
	for {
		s.tell()
		var soon <-chan time.Time
		if s.early {
			soon = time.After(min(s.cfg.Poll, earlyLook))
		}
		select {
		case <-soon:
			s.reap(time.Now())
			s.look(readers, time.Now())
		case <-ctx.Done():
			cancel()
			return s.closeAll()
		case <-s.wake:
			if s.reap(time.Now()) {
				s.look(readers, time.Now())
			}
		case <-tick.C:
			s.reap(time.Now())
			s.look(readers, time.Now())
		}
	}
}

// chosen is a copy of the slots, so that none of Run's work needs the lock.
func (s *Supervisor) chosen() []*slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*slot(nil), s.slots...)
}

// reap removes the readers that have ended. It reports true where the choice has
// changed, so that the next look need not wait for the poll.
func (s *Supervisor) reap(now time.Time) (changed bool) {
	wanted := map[*slot]bool{}
	for _, sl := range s.chosen() {
		wanted[sl] = true
		changed = changed || sl.trouble.why == WhyStarting
	}
	for path, r := range s.readers {
		if !wanted[r.slot] {
			r.cancel()
		}
		switch r.state.Load() {
		case readerClosing:
			r.slot.trouble = openError{why: WhyAbsent, err: r.err}
			if now.Sub(r.closing) > s.cfg.closeLimit && !r.complained {
				r.complained = true
				s.cfg.Logger.Warn("scanner does not close", "device", r.slot.spec.Key(), "path", path)
			}
		case readerEnded:
			delete(s.readers, path)
			s.ended(r, path, now)
			changed = changed || errors.Is(r.err, context.Canceled)
		}
	}
	return changed
}

// ended notes why a reader ended and when its path may be tried again. One that
// worked for a while is simply unplugged.
func (s *Supervisor) ended(r *reader, path string, now time.Time) {
	sl := r.slot
	var open *openError
	switch {
	case errors.As(r.err, &open):
		sl.trouble = *open
	default:
		sl.trouble = openError{why: WhyAbsent, err: r.err}
	}
	if errors.Is(r.err, context.Canceled) || open != nil && open.why == WhyAbsent {
		return // nothing failed: look again at each poll
	}
	if !r.opened.IsZero() && now.Sub(r.opened) > 2*s.cfg.Poll {
		delete(sl.retries, path)
		return
	}
	n := sl.retries[path].failures
	// The first try again is at the next poll, later ones at 2, 4, 8 polls.
	wait := s.cfg.Poll<<min(n, 3) - s.cfg.Poll/2
	sl.retries[path] = retry{failures: n + 1, after: now.Add(wait)}
}

// look starts a reader for each device that is there and has none, and stops
// those whose device has gone away without a word.
func (s *Supervisor) look(ctx context.Context, now time.Time) {
	slots := s.chosen()
	s.early = false
	for _, sl := range slots {
		if sl.spec.Kind == Serial {
			s.lookSerial(ctx, sl, now)
		}
	}
	s.lookUSB(ctx, slots, now)
}

func (s *Supervisor) lookSerial(ctx context.Context, sl *slot, now time.Time) {
	path, err := resolvePort(sl.spec.Port)
	var mine *reader
	for _, r := range s.readers {
		if r.slot == sl {
			mine = r
		}
	}
	if mine != nil {
		mine.listed(err == nil && mine.path == path, now) // the name may mean another port by now, or none
		return
	}
	if err != nil {
		clear(sl.retries)
		sl.trouble = openError{why: WhyAbsent, err: err}
		return
	}
	if _, taken := s.readers[path]; taken {
		sl.trouble = openError{why: WhyBusy, err: fmt.Errorf("%s is in use under another name", path)}
		return
	}
	if now.Before(sl.retries[path].after) {
		return
	}
	baud := sl.spec.baud()
	s.start(ctx, sl, path, cmp.Or(sl.spec.Name, sl.spec.Port), func() (wire, decoder, error) {
		w, err := openSerial(path, baud)
		if err != nil {
			return nil, nil, err
		}
		f := newFramer(s.cfg.Gap)
		f.suffixed = sl.spec.Learned.terminated()
		return w, f, nil
	})
}

// resolvePort follows a name such as those in /dev/serial/by-id to the port it
// means at the moment. On Windows ports are no files, and opening one tells.
func resolvePort(name string) (string, error) {
	if runtime.GOOS == "windows" {
		return strings.ToUpper(name), nil
	}
	path, err := filepath.EvalSymlinks(name)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err != nil {
		return "", err
	}
	return path, nil
}

// tell passes on each Status that is news.
func (s *Supervisor) tell() {
	open := map[*slot]string{} // names of open devices; of several the first, so that it stays the same
	for _, r := range s.readers {
		if name, more := open[r.slot]; r.state.Load() == readerOpen && (!more || r.name < name) {
			open[r.slot] = r.name
		}
	}
	for _, sl := range s.chosen() {
		s.mu.Lock()
		st := &sl.status
		name, connected := open[sl]
		if connected != st.Connected {
			st.Connected, st.Since = connected, time.Now()
		}
		if connected {
			st.Name, st.Why, st.Hint, st.Detail = name, "", "", ""
		} else {
			st.Why, st.Hint, st.Detail = sl.trouble.why, sl.trouble.hint, ""
			if sl.trouble.err != nil {
				st.Detail = sl.trouble.err.Error()
			}
		}
		now := sl.current()
		s.mu.Unlock()
		if news(now, sl.told) {
			if now.Connected != sl.told.Connected || now.Why != sl.told.Why {
				level := slog.LevelInfo
				if !now.Connected && now.Why != WhyStarting {
					level = slog.LevelWarn
				}
				s.cfg.Logger.Log(context.Background(), level, "scanner", "device", now.Key, "station", now.Station,
					"connected", now.Connected, "why", now.Why, "hint", now.Hint, "detail", now.Detail)
			}
			sl.told = now
			if s.cfg.Changed != nil {
				s.cfg.Changed(now)
			}
		}
	}
}

func news(now, told Status) bool {
	now.LastScan, now.Scans = told.LastScan, told.Scans
	now.Detail = told.Detail // error texts may hold a path or a count that changes
	return now != told
}
