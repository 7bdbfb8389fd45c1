package main

import (
	"context"
	"time"

	"muontra/kiosk"
)

// eventsAfter gives the committed events with numbers over after, in order and
// without gaps, then each new one: first from the ledger, then from the feed.
// A reader that falls behind the feed is taken back to the ledger, so it never
// misses one. The channel ends when stop is called.
func (p *program) eventsAfter(after int64) (<-chan kiosk.Event, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	out := make(chan kiosk.Event)
	go func() {
		defer close(out)
		for ctx.Err() == nil {
			live, stop := p.feed.Listen()
			last, ok := p.backlog(ctx, after, out)
			after = last
			if ok {
				after = follow(ctx, after, live, out)
			}
			stop()
			select { // a ledger that does not answer is not asked without pause
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
	}()
	return out, cancel
}

// backlog sends what the ledger has after a number.
func (p *program) backlog(ctx context.Context, after int64, out chan<- kiosk.Event) (last int64, ok bool) {
	const page = 500
	for {
		var events []kiosk.Event
		err := p.store.View(ctx, func(v kiosk.View) (err error) {
			events, err = v.Events(after, page)
			return err
		})
		if err != nil {
			return after, false
		}
		for _, e := range events {
			select {
			case out <- e:
				after = e.Seq
			case <-ctx.Done():
				return after, false
			}
		}
		if len(events) < page {
			return after, true
		}
	}
}

// follow sends live events until the feed drops this reader or ctx ends.
func follow(ctx context.Context, after int64, live <-chan kiosk.Event, out chan<- kiosk.Event) int64 {
	for {
		select {
		case <-ctx.Done():
			return after
		case e, open := <-live:
			if !open || e.Seq > after+1 { // another process wrote between: read the ledger
				return after
			}
			if e.Seq <= after {
				continue
			}
			select {
			case out <- e:
				after = e.Seq
			case <-ctx.Done():
				return after
			}
		}
	}
}
