package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestABrokenPartBeginsAnew(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var log strings.Builder
	s := &supervisor{log: slog.New(slog.NewTextHandler(&log, nil)), first: time.Millisecond}
	n := 0
	s.keep(ctx, "sample", func(context.Context) error {
		switch n++; n {
		case 1:
			panic("broken")
		case 2:
			return errors.New("failed")
		}
		return nil
	})
	if n != 3 || s.restarts.Load() != 2 || !strings.Contains(log.String(), "part=sample") || !strings.Contains(log.String(), "broken") {
		t.Errorf("begun %d times, %d told: %s", n, s.restarts.Load(), log.String())
	}
	cancel()
	s.keep(ctx, "sample", func(context.Context) error { panic("at the end") })
}
