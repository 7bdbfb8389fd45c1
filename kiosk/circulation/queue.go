package circulation

import (
	"errors"
	"fmt"

	"muontra/kiosk"
)

// followQueue moves the queue of a copy whose status the act under way turns by
// hand, not by a loan: one that is in the library again is kept for the first who
// waits, as one that comes back is, and the answer is true. For whom a copy was kept that is
// not there any more waits again, in the old place.
func (x *deed) followQueue(i kiosk.Item, to kiosk.CopyState) (kept bool, err error) {
	was := i.State.Status == kiosk.CopyAvailable
	is := to.Status == kiosk.CopyAvailable
	if was == is {
		return false, nil
	}
	queue, err := x.HoldsOf(i.TitleID)
	if err != nil {
		return false, fmt.Errorf("holds: %w", err)
	}
	if was {
		for _, h := range queue {
			if h.CopyID != i.ID {
				continue
			}
			after := h
			after.Status, after.CopyID, after.Until = kiosk.HoldWaiting, "", kiosk.Day{}
			if err := x.changeHold(&h, after); err != nil {
				return false, err
			}
		}
		return false, nil
	}
	next, waits := kiosk.NextHold(queue)
	if !waits {
		return false, nil
	}
	// On loan, or a corner's: nobody has it in hand here.
	_, err = x.OpenLoan(i.ID)
	if err == nil || !errors.Is(err, kiosk.ErrNotFound) {
		return false, err
	}
	_, err = x.BoxOf(i.ID)
	if err == nil || !errors.Is(err, kiosk.ErrNotFound) {
		return false, err
	}
	return true, x.keepFor(next, i.ID)
}

// queueFollows is followQueue for one of several events of an act: what became of
// the queue is that event's.
func (x *intake) queueFollows(i kiosk.Item, to kiosk.CopyState, event *kiosk.Payload) (kept bool, err error) {
	kept, err = x.followQueue(i, to)
	event.Lending, x.event.Payload.Lending = x.event.Payload.Lending, nil
	return kept, err
}
