package web

import (
	"sync"

	"muontra/kiosk/station"
)

// Hub keeps the newest screen of each station and rings every page that shows
// it. A page that is slow finds the bell already rung and later takes the
// newest picture: it skips some, never the last.
type Hub struct {
	mu     sync.Mutex
	newest map[string]station.Screen
	pages  map[string]map[*bell]bool
	count  int
}

// bell is one page's: it holds one ring.
type bell chan struct{}

// NewHub makes an empty Hub.
func NewHub() *Hub {
	return &Hub{newest: map[string]station.Screen{}, pages: map[string]map[*bell]bool{}}
}

// Show makes sc the station's picture. It never blocks: the station's own
// goroutine calls it between two scans.
func (h *Hub) Show(sc station.Screen) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if old, ok := h.newest[sc.Station]; ok && old.Seq > sc.Seq {
		return
	}
	h.newest[sc.Station] = sc
	for b := range h.pages[sc.Station] {
		b.ring()
	}
}

func (b *bell) ring() {
	select {
	case *b <- struct{}{}:
	default:
	}
}

// join adds a page; leave takes it away again.
func (h *Hub) join(name string) (b *bell, leave func()) {
	c := make(bell, 1)
	b = &c
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pages[name] == nil {
		h.pages[name] = map[*bell]bool{}
	}
	h.pages[name][b] = true
	h.count++
	return b, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.pages[name][b] {
			delete(h.pages[name], b)
			h.count--
		}
	}
}

// Newest is the station's newest picture, false before the first.
func (h *Hub) Newest(name string) (station.Screen, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	sc, ok := h.newest[name]
	return sc, ok
}

// Pages is how many pages are connected.
func (h *Hub) Pages() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}
