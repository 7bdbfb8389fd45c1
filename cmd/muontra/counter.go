package main

import (
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
	"muontra/web"
)

// counterIdle is how long a librarian's own session waits for the next book: she
// is called away in the middle of one.
const counterIdle = 5 * time.Minute

// counter is the station at which an account works from its page. It is made at
// the first use and is no kiosk: no scanner and no screen belongs to it, so that
// it never takes the children's.
func (p *program) counter(account kiosk.ID) web.Counter {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.counters[account]; s != nil {
		return s
	}
	if p.start == nil { // not running yet, or no more
		return nil
	}
	s := station.New(station.Config{Name: web.CounterName(account), Desk: p.desk, Now: p.cfg.now, Logger: p.cfg.logger, Idle: counterIdle})
	if p.counters == nil {
		p.counters = map[kiosk.ID]*station.Station{}
	}
	p.counters[account] = s
	p.start(s)
	return s
}
