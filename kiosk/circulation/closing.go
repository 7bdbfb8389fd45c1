package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// CloseRegister closes the lines of a part of a register that were printed and
// signed. lines gives them, of the state in which the act is done. What is closed
// already is never closed again, and nothing opens it: two who close at once close
// each line once.
func (d *Desk) CloseRegister(ctx context.Context, a kiosk.Attempt, lines func(kiosk.View) (kiosk.RegisterClosing, error)) (n int, err error) {
	return takeIn(ctx, d, a, func(x *intake) (int, error) {
		c, err := lines(x)
		if err != nil {
			return 0, err
		}
		have, err := x.Closings(c.Register)
		if err != nil {
			return 0, err
		}
		closed := 0
		for _, h := range have {
			if h.Part == c.Part {
				closed += len(h.Lines)
			}
		}
		switch {
		case len(c.Lines) == 0:
			return 0, kiosk.ErrNothingToClose
		case c.Before != closed:
			return 0, fmt.Errorf("%d lines of %s are closed, not %d: %w", closed, c.Register, c.Before, kiosk.ErrConflict)
		}
		e := x.event
		e.Type, e.Payload = kiosk.EventRegisterClosed, kiosk.Payload{Closing: &c}
		if err := x.Append(&e); err != nil {
			return 0, fmt.Errorf("append %s: %w", e.Type, err)
		}
		x.events = append(x.events, e)
		return len(c.Lines), nil
	})
}
