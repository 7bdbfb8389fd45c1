package circulation

import (
	"context"

	"muontra/kiosk"
)

// tellClock says beside a day due that it was counted from the last day that is
// sure, so that a person looks at it.
func (x *deed) tellClock(due kiosk.Day) {
	if x.clock != "" {
		x.note(kiosk.NoteWrongClock, kiosk.Facts{"due_on": due})
	}
}

// ClockIsRight is a person's word that the clock is right now, though it does
// not look so: what comes after is measured by it.
func (d *Desk) ClockIsRight(ctx context.Context, a kiosk.Attempt) error {
	_, err := d.act(ctx, a, func(x *deed) error {
		x.event.Type, x.event.ClockOK = kiosk.EventClockRight, true
		x.answer.Result.Outcome = kiosk.Shown
		return nil
	})
	return err
}
