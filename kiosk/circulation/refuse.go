package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// Refuse records that a scan was turned away before any act: an unknown or
// malformed code, a copy without a card before it. patron is the session's, or
// "". A code that is nobody's is kept escaped and cut, so that the librarian
// can see what the children scan.
func (d *Desk) Refuse(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, item *kiosk.Item, reasons ...kiosk.Reason) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		var m *kiosk.Member
		if patron != "" {
			p, err := x.MemberByRef(patron, x.today)
			if err != nil {
				return fmt.Errorf("patron: %w", err)
			}
			m = &p
		}
		x.about(m, item)
		var v kiosk.Verdict
		for _, r := range reasons {
			v.Refusals = append(v.Refusals, kiosk.Refusal{Reason: r})
		}
		x.refuse(v)
		if item == nil {
			x.event.Payload.Code = kiosk.Escaped(a.Code)
		}
		if v.Reason() == kiosk.ReasonLost {
			x.note(kiosk.NoteGiveBack, nil)
		}
		return nil
	})
}

// CallHelp tells the desk that somebody at the station needs help.
func (d *Desk) CallHelp(ctx context.Context, a kiosk.Attempt, patron kiosk.ID) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		if patron != "" {
			m, err := x.MemberByRef(patron, x.today)
			if err != nil {
				return fmt.Errorf("patron: %w", err)
			}
			x.about(&m, nil)
		}
		x.event.Type = kiosk.EventHelp
		x.answer.Result.Outcome = kiosk.Shown
		x.note(kiosk.NoteHelpCalled, nil)
		return nil
	})
}
