package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// Enter opens a session for the holder of a card. An opened session is a visit
// (seed R120).
func (d *Desk) Enter(ctx context.Context, a kiosk.Attempt, card string) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		m, err := x.MemberByCard(card, x.today)
		if err != nil {
			return fmt.Errorf("card: %w", err)
		}
		return x.enter(m)
	})
}

// Admit opens a session for a patron whom the staff knows: the card was left at
// home, or there is none yet.
func (d *Desk) Admit(ctx context.Context, a kiosk.Attempt, patron kiosk.ID) (kiosk.Answer, error) {
	if a.Staff == "" {
		return kiosk.Answer{}, kiosk.ErrStaffOnly
	}
	return d.act(ctx, a, func(x *deed) error {
		m, err := x.MemberByRef(patron, x.today)
		if err != nil {
			return fmt.Errorf("patron: %w", err)
		}
		x.answer.Card = m.Card.Barcode
		return x.enter(m)
	})
}

func (x *deed) enter(m kiosk.Member) error {
	if v := kiosk.CanEnter(m); !x.allowed(v) {
		x.event.PatronRef = m.Ref // for the desk; the screen shows no name
		return nil
	}
	x.about(&m, nil)
	x.event.Type = kiosk.EventVisit
	x.answer.Result.Outcome = kiosk.SessionOpened
	open, err := x.OpenLoansOf(m.Ref)
	if err != nil {
		return fmt.Errorf("open loans: %w", err)
	}
	late := 0
	for _, l := range open {
		if l.LateHere(x.today) {
			late++
		}
	}
	if late > 0 {
		x.note(kiosk.NoteHasOverdue, kiosk.Facts{"have": late})
	}
	if !x.rules.Timetable.At(x.now, x.rules.Location).Serves(m) {
		x.note(kiosk.NoteOutOfSlot, nil)
	}
	return nil
}

func (x *deed) note(c kiosk.NoteCode, f kiosk.Facts) {
	x.answer.Result.Notes = append(x.answer.Result.Notes, kiosk.Note{Code: c, Facts: f})
}
