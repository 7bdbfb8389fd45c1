package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"muontra/store"
)

// When the program is at rest.
const (
	restLook  = 5 * time.Second
	restQuiet = 512 << 10 // bytes of memory asked for between two looks, at the most
	restWorth = 8 << 20   // asked for since the last rest, at the least
)

// rest gives memory back to the system when nobody has asked for anything a
// while: the start, a copy, a report take some that nobody needs afterwards, and
// an old PC has little. Go by itself keeps most of it for the next time.
type rest struct {
	last, given uint64 // bytes asked for since the program began, then
	quiet       int    // looks between which hardly anything happened
}

// due reports whether it is time, by the bytes asked for since the program began.
func (r *rest) due(used uint64) bool {
	r.quiet++
	if used-r.last > restQuiet {
		r.quiet = 0
	}
	r.last = used
	if r.quiet < 2 || used-r.given < restWorth {
		return false
	}
	r.given = used
	return true
}

// restAWhile looks until ctx ends.
func (p *program) restAWhile(ctx context.Context) {
	asked := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	var r rest
	look := time.NewTicker(restLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		if metrics.Read(asked); !r.due(asked[0].Value.Uint64()) {
			continue
		}
		for _, s := range []*store.Store{p.store, p.practice.store} {
			if s == nil {
				continue
			}
			if err := s.Rest(ctx); err != nil && ctx.Err() == nil {
				p.cfg.logger.Warn("the database's memory is not given back", "error", err)
			}
		}
		debug.FreeOSMemory()
	}
}
