package main

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"muontra/store"
	"muontra/store/backup"
	"muontra/web"
)

// selfCheck looks at the database by itself: quickly after the start, beside
// those who use it, and wholly each night, when it also empties the write-ahead
// log. It changes nothing that it finds.
type selfCheck struct {
	store *store.Store
	now   func() time.Time
	zone  func(context.Context) (*time.Location, error)
	log   *slog.Logger

	mu    sync.Mutex
	state web.SelfCheck
}

func (c *selfCheck) State() web.SelfCheck {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// Run looks until ctx ends.
func (c *selfCheck) Run(ctx context.Context) {
	c.quick(ctx)
	began := c.now()
	look := time.NewTicker(clockLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			c.step(ctx, began)
		}
	}
}

func (c *selfCheck) quick(ctx context.Context) {
	faults, err := c.store.QuickCheck(ctx)
	c.tell(ctx, "quick_check", faults, err, func(s *web.SelfCheck) { s.Quick = c.now() })
	debug.FreeOSMemory() // what the start and a look at everything took is not needed again
}

// step does the night's work when the night has come since the last time.
func (c *selfCheck) step(ctx context.Context, began time.Time) {
	zone, err := c.zone(ctx)
	if err != nil {
		c.tell(ctx, "check", nil, err, nil)
		return
	}
	last := c.State().Full
	if last.IsZero() {
		last = began
	}
	if now := c.now(); now.Before(nextNight(last, zone)) && !now.Before(last) {
		return
	}
	faults, err := c.store.Check(ctx)
	c.tell(ctx, "check", faults, err, func(s *web.SelfCheck) { s.Full = c.now() })
	debug.FreeOSMemory()
	if err := c.store.Checkpoint(ctx); err != nil && ctx.Err() == nil {
		c.log.Warn("the write-ahead log was not emptied", "error", err)
	}
}

// tell keeps what a look found, and logs it by its codes: the texts may hold
// names.
func (c *selfCheck) tell(ctx context.Context, what string, faults []store.Fault, err error, done func(*web.SelfCheck)) {
	if ctx.Err() != nil {
		return
	}
	for _, f := range faults {
		c.log.Error("the database has a fault", "found_by", what, "code", f.Code)
	}
	if err != nil {
		c.log.Error("the database could not be checked", "by", what, "error", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.Trouble = string(backup.TroubleOf(err)); err == nil {
		c.state.Faults = len(faults)
		done(&c.state)
	}
}
