package web

import (
	"sync"
	"time"
)

// maxOnce bounds the memory of forms that were sent; the oldest go.
const maxOnce = 2000

// once remembers which forms were sent, by sign-in and token, so that a double
// click or a reload does nothing twice. It lives as long as the sign-ins do.
type once struct {
	now func() time.Time
	mu  sync.Mutex
	all map[string]*sent
}

type sent struct {
	busy chan struct{} // closed when the first sending has ended
	done bool
	sum  [32]byte
	to   string
	at   time.Time
}

func newOnce(now func() time.Time) *once { return &once{now: now, all: map[string]*sent{}} }

// do runs fn for the first sending of a form and answers later ones with its
// page. A sending that failed does not count. errFormSent says that the token
// was used for other values.
func (o *once) do(key string, sum [32]byte, fn func() (string, error)) (string, error) {
	var mine *sent
	for mine == nil {
		o.mu.Lock()
		was := o.all[key]
		if was == nil {
			o.sweep()
			mine = &sent{busy: make(chan struct{}), sum: sum, at: o.now()}
			o.all[key] = mine
		}
		o.mu.Unlock()
		if was == nil {
			break
		}
		<-was.busy
		switch {
		case !was.done: // it failed: this one is the first now
		case was.sum != sum:
			return "", errFormSent
		default:
			return was.to, nil
		}
	}
	defer func() { // also when fn panics
		o.mu.Lock()
		defer o.mu.Unlock()
		if !mine.done {
			delete(o.all, key)
		}
		close(mine.busy)
	}()
	to, err := fn()
	if err == nil {
		mine.done, mine.to = true, to
	}
	return to, err
}

// sweep makes room. The caller holds mu.
func (o *once) sweep() {
	if len(o.all) < maxOnce {
		return
	}
	var oldest string
	for k, s := range o.all {
		if oldest == "" || s.at.Before(o.all[oldest].at) {
			oldest = k
		}
	}
	delete(o.all, oldest)
}
