// Package feed fans committed events out to those who listen: the desk's
// pages, the practice panel. Publish never blocks. A listener that cannot keep
// up loses nothing: it is told to read the ledger from the last number it has,
// because events are numbered without gaps.
package feed

import (
	"sync"

	"muontra/kiosk"
)

// buffer is how many events wait for one listener; a break of sixty pupils
// makes about five a second.
const buffer = 256

// Feed carries committed events to its listeners, in order of their numbers.
type Feed struct {
	mu        sync.Mutex
	listeners map[chan kiosk.Event]bool
}

// New makes a feed without listeners.
func New() *Feed { return &Feed{listeners: map[chan kiosk.Event]bool{}} }

// Publish hands e to every listener. One whose buffer is full is closed: its
// channel ends, and it must read the ledger and listen again.
func (f *Feed) Publish(e kiosk.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.listeners {
		select {
		case c <- e:
		default:
			delete(f.listeners, c)
			close(c)
		}
	}
}

// Listen returns the events from now on, until stop is called or the listener
// falls behind; then the channel is closed.
func (f *Feed) Listen() (events <-chan kiosk.Event, stop func()) {
	c := make(chan kiosk.Event, buffer)
	f.mu.Lock()
	f.listeners[c] = true
	f.mu.Unlock()
	return c, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.listeners[c] {
			delete(f.listeners, c)
			close(c)
		}
	}
}
