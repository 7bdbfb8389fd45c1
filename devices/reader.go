package devices

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// idleRead is how long a read waits where nothing is half read. It bounds how
// late a reader notices that it shall stop.
const idleRead = 250 * time.Millisecond

// errUnplugged says that the device is gone where the system has no error of
// its own for it.
var errUnplugged = errors.New("device unplugged")

// wire is an open device. Only the goroutine that opened it may touch it: both
// libraries below break if one goroutine closes while another reads.
type wire interface {
	// read waits for bytes or for one report, at most about limit. (0, nil)
	// says that nothing came, or that an empty report came, which some devices
	// send all the time: it says nothing about the time that has passed. Any
	// error means that the device is gone.
	read(b []byte, limit time.Duration) (int, error)
	close() error
}

// decoder makes readings of what a wire brings. It is used by one goroutine.
type decoder interface {
	// feed takes the bytes of one read and appends the readings they complete.
	feed(b []byte, out []reading) []reading
	// idle says that a read waited this long and brought nothing.
	idle(silence time.Duration, out []reading) []reading
	// patience is how long the next read may wait before idle is wanted.
	patience() time.Duration
	// drop throws away what is half read.
	drop()
	// takeLost counts what was discarded since it was last asked.
	takeLost() int
}

// pump reads until the device is gone or ctx is done, and returns why. It does
// not close the wire.
//
// Between two reads it must be quick: the USB library keeps some 31 reports and
// then silently forgets the oldest, which are two for each character.
func pump(ctx context.Context, w wire, d decoder, deliver func(reading, time.Time), discarded func(int)) error {
	buf := make([]byte, MaxScan)
	var out []reading
	var err error
	var p pace
	for err == nil {
		if err = ctx.Err(); err != nil {
			break
		}
		var n int
		start := time.Now()
		n, err = w.read(buf, d.patience())
		now := time.Now()
		if ctx.Err() != nil {
			err = ctx.Err() // whatever came is for a station that no longer wants it
			break
		}
		out = out[:0]
		if n > 0 {
			out = d.feed(buf[:n], out)
		} else if err == nil {
			out = d.idle(now.Sub(start), out)
		}
		for _, r := range out {
			deliver(r, now)
		}
		p.after(n, now.Sub(start))
		if n := d.takeLost(); n > 0 {
			discarded(n)
		}
	}
	d.drop()
	if n := d.takeLost(); n > 0 {
		discarded(n)
	}
	return err
}

// States of a reader.
const (
	readerOpening int32 = iota
	readerOpen
	readerClosing
	readerEnded
)

// reader is the goroutine that owns one open device. It tells the supervisor how
// it fares through state alone: the fields beside a state are written before it
// is, and not after.
type reader struct {
	slot   *slot
	path   string
	name   string
	cancel context.CancelFunc
	state  atomic.Int32

	opened  time.Time // with readerOpen
	err     error     // with readerClosing, or readerEnded if it never opened
	closing time.Time // with readerClosing

	// The supervisor's own.
	complained bool
	missing    time.Time // since when the device is not listed; zero while it is
}

// listed has the reader stopped when its device has not been there for a while.
func (r *reader) listed(there bool, now time.Time) {
	switch {
	case there:
		r.missing = time.Time{}
	case r.missing.IsZero():
		r.missing = now
	case now.Sub(r.missing) >= vanishedLimit:
		r.cancel()
	}
}

// start makes a reader for a path that has none.
func (s *Supervisor) start(ctx context.Context, sl *slot, path, name string, open func() (wire, decoder, error)) {
	ctx, cancel := context.WithCancel(ctx)
	r := &reader{slot: sl, path: path, name: name, cancel: cancel}
	s.readers[path] = r
	go func() {
		defer cancel()
		r.run(ctx, s, open)
	}()
}

func (r *reader) run(ctx context.Context, s *Supervisor, open func() (wire, decoder, error)) {
	become := func(state int32) {
		r.state.Store(state)
		s.nudge()
	}
	w, d, err := open()
	if err != nil {
		r.err = err
		become(readerEnded)
		return
	}
	spec, t := r.slot.spec, &r.slot.tally
	key := spec.Key()
	t.discarded.Add(int64(settle(ctx, w, d, s.cfg.settle)))
	r.opened = time.Now()
	become(readerOpen)
	g := newGuard()
	err = pump(ctx, w, d, func(rd reading, at time.Time) {
		if !g.pass(rd.text, at) {
			t.discarded.Add(1)
			return
		}
		rd = spec.Learned.strip(rd)
		select {
		case s.cfg.Scans <- Scan{Device: key, Station: spec.Station, Text: rd.text, AIM: rd.aim, At: at, Raw: rd.raw}:
			t.scans.Add(1)
			t.lastScan.Store(at.UnixNano())
		default:
			t.dropped.Add(1)
		}
	}, func(n int) { t.discarded.Add(int64(n)) })
	r.err, r.closing = err, time.Now()
	become(readerClosing)
	if err := w.close(); err != nil {
		s.cfg.Logger.Debug("close scanner", "device", key, "err", err)
	}
	become(readerEnded)
}

// closeAll waits for the readers to close their devices.
func (s *Supervisor) closeAll() error {
	limit := time.NewTimer(s.cfg.closeLimit)
	defer limit.Stop()
	for {
		for path, r := range s.readers {
			if r.state.Load() == readerEnded {
				delete(s.readers, path)
			}
		}
		if len(s.readers) == 0 {
			break
		}
		select {
		case <-s.wake:
		case <-limit.C:
			var stuck []error
			for path, r := range s.readers {
				stuck = append(stuck, fmt.Errorf("scanner %s at %s does not close", r.slot.spec.Key(), path))
			}
			return errors.Join(stuck...)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sl := range s.slots {
		sl.status.Connected, sl.status.Why, sl.status.Hint, sl.status.Since = false, WhyStopped, "", time.Now()
		sl.told = Status{}
	}
	return nil
}
