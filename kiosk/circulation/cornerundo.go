package circulation

import (
	"errors"
	"fmt"
	"time"

	"muontra/kiosk"
)

// reverseCorner takes back what an act left of a corner's box: the mark that the
// copy lies in the library, or that it is back in its corner, and the find that
// it became. What somebody has changed since stays as it is.
func (x *deed) reverseCorner(e kiosk.Event) error {
	c := e.Payload.Corner
	back := &kiosk.CornerChange{Place: c.Place, Source: c.Source}
	before := c.Before
	if len(before) == 0 && e.Type == kiosk.EventReturned {
		// Events of older versions do not say how it was: on loan, so not astray.
		for _, left := range c.Copies {
			if !left.Astray.IsZero() {
				left.Astray = time.Time{}
				before = append(before, left)
			}
		}
	}
	for _, was := range before {
		now, err := x.BoxOf(was.Copy)
		if errors.Is(err, kiosk.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("box of the copy: %w", err)
		}
		for _, left := range c.Copies {
			if left.ID == was.ID && now.ID == was.ID && now.Astray.Equal(left.Astray) && now.Seen.Equal(left.Seen) {
				back.Copies = append(back.Copies, was)
			}
		}
	}
	for _, f := range c.Finds {
		now, err := x.Find(f.ID)
		if err != nil {
			return fmt.Errorf("find: %w", err)
		}
		if now.Settled == kiosk.FindOpen {
			now.Settled, now.DoneAt = kiosk.FindSent, x.now
			back.Finds = append(back.Finds, now)
		}
	}
	if len(back.Copies)+len(back.Finds) > 0 {
		x.event.Payload.Corner = back
	}
	return nil
}
