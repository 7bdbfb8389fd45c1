package main

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// supervisor keeps the parts of the program going: one that breaks is told in the
// log and begun anew, and never takes the others with it.
type supervisor struct {
	log      *slog.Logger
	first    time.Duration // the wait before the first new beginning; it doubles
	restarts atomic.Int64
}

const (
	firstWait = time.Second
	mostWait  = time.Minute
	// healthy is how long a part goes on before its next break counts as a first.
	healthy = 10 * time.Minute
)

// keep runs a part until ctx ends or the part ends by itself without an error.
func (s *supervisor) keep(ctx context.Context, name string, part func(context.Context) error) {
	wait := s.first
	for {
		began := time.Now()
		err := guarded(ctx, part)
		if err == nil || ctx.Err() != nil {
			return
		}
		s.restarts.Add(1)
		if time.Since(began) > healthy {
			wait = s.first
		}
		s.log.Error("a part of the program broke and begins anew", "part", name, "after", wait, "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, mostWait)
	}
}

// guarded makes an error of a panic.
func guarded(ctx context.Context, part func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return part(ctx)
}

// endless is a part that ends only with its context.
func endless(part func(context.Context)) func(context.Context) error {
	return func(ctx context.Context) error { part(ctx); return nil }
}
