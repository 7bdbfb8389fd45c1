package web

import (
	"context"
	"sync"
	"time"

	"muontra/kiosk/fold"
)

// unmet gathers what readers look for in vain, so that a search does not wait for a
// write. It knows words and a number, and nothing of who.
type unmet struct {
	mu    sync.Mutex
	texts map[string]int
	since time.Time // when the first of them was noted
}

const (
	mostUnmet  = 200         // texts that are gathered
	unmetEvery = time.Minute // they are written down no later than with the next search after it
	leastUnmet = 3           // letters: less is a slip
	mostLetter = 80          // of a text
)

// note counts a search. It gives what is to be written down now, nil for nothing.
func (u *unmet) note(text string, now time.Time) map[string]int {
	if n := len([]rune(fold.Text(text))); n < leastUnmet || n > mostLetter {
		return nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.texts == nil {
		u.texts, u.since = map[string]int{}, now
	}
	if _, has := u.texts[text]; has || len(u.texts) < mostUnmet {
		u.texts[text]++
	}
	if now.Sub(u.since) < unmetEvery {
		return nil
	}
	return u.take()
}

func (u *unmet) take() map[string]int {
	all := u.texts
	u.texts = nil
	return all
}

// all gives what is gathered, to be written down.
func (u *unmet) all() map[string]int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.take()
}

// keepUnmet writes searches down. They are figures: a fault is logged and no more.
func (s *Server) keepUnmet(ctx context.Context, texts map[string]int) {
	if len(texts) == 0 || s.Yearly == nil {
		return
	}
	if err := s.Yearly.AddUnmetSearches(ctx, texts); err != nil {
		s.log.Warn("searches in vain are not written down", "err", err)
	}
}
