package devices

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"
)

// defaultSettle is how long a device must be silent after it was opened before
// it counts as connected. What comes sooner was scanned while nobody listened,
// and lay in the scanner or in the kernel: a book that left the room an hour ago.
const defaultSettle = 200 * time.Millisecond

// Limits for what one scanner may send on. The fastest hand scans two or three
// codes a second, and a batch scanner pours out a few hundred; a device that
// sends more has gone mad, and the others of its station must not drown in it.
const (
	floodBurst = 500
	floodRate  = 20 // a second
)

// A line is noisy after noiseMost unreadable scans that each came within
// noiseGap of the one before. The first few are passed on, so that the screen
// can say "unreadable"; the rest, and a readable one among them, are not to be
// trusted.
const (
	noiseMost = 3
	noiseGap  = 500 * time.Millisecond
)

// guard keeps a mad scanner from flooding its station.
type guard struct {
	flood     *rate.Limiter
	noise     int
	lastNoise time.Time
}

func newGuard() *guard { return &guard{flood: rate.NewLimiter(floodRate, floodBurst)} }

// pass says whether a reading may be sent on.
func (g *guard) pass(text string, at time.Time) bool {
	if at.Sub(g.lastNoise) > noiseGap {
		g.noise = 0
	}
	if !readable(text) {
		g.noise++
		g.lastNoise = at
	}
	return g.noise <= noiseMost && g.flood.AllowN(at, 1)
}

// readable is false for text that no barcode holds. GS, RS, US and EOT structure
// the codes of trade and stay.
func readable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return r == utf8.RuneError || r < 0x20 && r != 0x04 && r < 0x1d || r == 0x7f
	})
}

// settle reads away what waited before the device was opened, until it has been
// silent for quiet, and returns how many scans that were. A device that is never
// silent is not waited for longer than five times that.
func settle(ctx context.Context, w wire, d decoder, quiet time.Duration) (lost int) {
	buf := make([]byte, MaxScan)
	var out []reading
	var p pace
	began := time.Now()
	for last := began; ctx.Err() == nil && time.Since(last) < quiet && time.Since(began) < 5*quiet; {
		start := time.Now()
		n, err := w.read(buf, quiet)
		if err != nil {
			break // the next read says so again
		}
		if n > 0 {
			last = time.Now()
			out = d.feed(buf[:n], out[:0])
			lost += len(out)
		}
		p.after(n, time.Since(start))
	}
	d.drop()
	return lost + d.takeLost()
}

// pace keeps a device that answers every read at once, with nothing, from taking
// a whole processor. Empty reports between others are common and cost nothing.
type pace struct{ empty int }

func (p *pace) after(n int, took time.Duration) {
	if n > 0 || took >= time.Millisecond {
		p.empty = 0
		return
	}
	if p.empty++; p.empty > 100 {
		time.Sleep(time.Millisecond) // far less than what the library keeps for us
	}
}
