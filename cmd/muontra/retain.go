package main

import (
	"context"
	"path/filepath"
	"time"
)

// nightHour is when names are taken off, by the school's clock.
const nightHour = 2

// nextNight is the first night after the last run. A PC that was off then does
// the work when it is on again: it must not keep names for ever.
func nextNight(last time.Time, loc *time.Location) time.Time {
	lt := last.In(loc)
	next := time.Date(lt.Year(), lt.Month(), lt.Day(), nightHour, 0, 0, 0, loc)
	if !next.After(last) {
		next = next.AddDate(0, 0, 1)
	}
	return next
}

// retain forgets what is over long enough, every night.
func (p *program) retain(ctx context.Context) {
	look := time.NewTicker(clockLook)
	defer look.Stop()
	for {
		p.dropPhotosAside(time.Now().Add(-longestAside))
		if err := p.retainIfDue(ctx); err != nil && ctx.Err() == nil {
			p.cfg.logger.Error("names could not be taken off what is over", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// clockLook is how often the clock is looked at: it may jump.
const clockLook = 10 * time.Minute

// dropPhotosAside removes the photos that others took the place of before a time.
func (p *program) dropPhotosAside(before time.Time) {
	if err := photoFolder(filepath.Join(p.cfg.data, photosFolder)).dropAside(before); err != nil {
		p.cfg.logger.Error("old photos could not be removed", "error", err)
	}
}

func (p *program) retainIfDue(ctx context.Context) error {
	r, err := p.desk.Retention(ctx)
	if err != nil {
		return err
	}
	rules, err := p.desk.Rules(ctx)
	if err != nil {
		return err
	}
	now := p.cfg.now()
	if wrong, err := p.clockWrong(ctx); err != nil || wrong != "" {
		return err // names would go years too early
	}
	if !r.LastRun.IsZero() && now.Before(nextNight(r.LastRun, rules.Location)) {
		return nil
	}
	_, err = p.desk.Retain(ctx)
	return err
}
