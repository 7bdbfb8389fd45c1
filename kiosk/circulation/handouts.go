package circulation

import (
	"context"
	"errors"
	"fmt"

	"muontra/kiosk"
)

// HandOut gives books of quantity lines to a class (to.ClassID) or a teacher
// (to.PatronRef), from to.On till to.Due, in one act (seed R147, R212). A line
// that has fewer on the shelf than are wanted is a *kiosk.FieldError of the
// field "line-" with its id, and nothing is handed out.
func (d *Desk) HandOut(ctx context.Context, a kiosk.Attempt, to kiosk.Handout, items []kiosk.HandoutItem) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		if err := x.checkHandout(&to); err != nil {
			return err
		}
		x.handouts()
		x.event.PatronRef = to.PatronRef
		given := 0
		for _, i := range items {
			if i.Quantity == 0 {
				continue
			}
			l, err := x.TextbookLine(i.Line)
			if err != nil {
				return fmt.Errorf("textbook line: %w", err)
			}
			if i.Quantity < 0 || i.Quantity > l.Shelf() {
				return &kiosk.FieldError{Field: "line-" + string(l.ID), Problem: kiosk.FieldOutOfRange, Facts: kiosk.Facts{"min": 0, "max": l.Shelf()}}
			}
			if err := x.freeOfLessons(to, l, i.Quantity); err != nil {
				return err
			}
			h := to
			h.ID, h.LineID, h.Quantity, h.Back, h.Damaged, h.Lost, h.Removed = x.NewID(), l.ID, i.Quantity, 0, 0, 0, false
			if err := x.changeHandout(nil, h); err != nil {
				return err
			}
			given += i.Quantity
		}
		if given == 0 {
			return &kiosk.FieldError{Field: "line", Problem: kiosk.FieldMissing}
		}
		return nil
	})
}

// freeOfLessons refuses to hand out what a lesson of others has reserved for a day on which
// it would be away.
func (x *deed) freeOfLessons(to kiosk.Handout, line kiosk.TextbookLine, n int) error {
	waiting, err := x.LessonsToGive()
	if err != nil {
		return fmt.Errorf("lessons: %w", err)
	}
	for _, l := range waiting {
		own := to.ClassID != "" && to.ClassID == l.ClassID || to.PatronRef != "" && to.PatronRef == l.PatronRef
		if own || l.What != kiosk.LessonPieces || l.LineID != line.ID || l.On.Before(x.today) || l.On.After(to.Due) {
			continue
		}
		stock, err := LessonStockOf(x, l, x.today)
		if err != nil {
			return err
		}
		if left := max(stock.Free()-l.Left(), 0); n > left {
			return &kiosk.FieldError{Field: "line-" + string(line.ID), Problem: kiosk.FieldReserved, Facts: kiosk.Facts{"lesson": l.On, "n": l.Left(), "max": left}}
		}
	}
	return nil
}

func (x *deed) handouts() {
	x.event.Type = kiosk.EventHandout
	x.event.Payload.Comment = x.Comment
	x.answer.Result.Outcome = kiosk.Shown
}

// checkHandout looks at who gets it and for how long.
func (x *deed) checkHandout(to *kiosk.Handout) error {
	var f form
	f.text("note", &to.Note, kiosk.MaxText)
	if to.On.IsZero() {
		to.On = x.today
	}
	if to.On.After(x.today) {
		f.wrong("on", kiosk.FieldInFuture, kiosk.Facts{"max": x.today})
	}
	switch last := x.rules.Year.End; {
	case to.Due.IsZero():
		f.wrong("due", kiosk.FieldMissing, nil)
	case to.Due.Before(to.On) || to.Due.After(last) && !last.IsZero():
		f.wrong("due", kiosk.FieldOutOfRange, kiosk.Facts{"min": to.On, "max": last})
	}
	if (to.ClassID == "") == (to.PatronRef == "") {
		f.wrong("to", kiosk.FieldMissing, nil)
	}
	if err := f.failed(); err != nil {
		return err
	}
	if to.ClassID != "" {
		c, err := x.Class(to.ClassID)
		if errors.Is(err, kiosk.ErrNotFound) || err == nil && c.YearID != x.rules.Year.ID {
			return &kiosk.FieldError{Field: "to", Problem: kiosk.FieldUnknown}
		}
		return err
	}
	m, err := x.MemberByRef(to.PatronRef, x.today)
	if errors.Is(err, kiosk.ErrNotFound) || err == nil && (m.Ref != to.PatronRef || m.Category == kiosk.Pupil || kiosk.CanEnter(m).Says() != kiosk.Yes) {
		return &kiosk.FieldError{Field: "to", Problem: kiosk.FieldUnknown}
	}
	return err
}

// HandBack takes back what came of handouts, and writes down what is damaged or
// lost, in one act. Numbers that cannot be are a *kiosk.FieldError of the field
// "back-" with the handout's id.
func (d *Desk) HandBack(ctx context.Context, a kiosk.Attempt, items []kiosk.HandoutBack) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		x.handouts()
		n := 0
		for _, b := range items {
			if b.IsZero() {
				continue
			}
			h, err := x.Handout(b.ID)
			if err != nil {
				return fmt.Errorf("handout: %w", err)
			}
			after, ok := b.After(h)
			if !ok || h.Removed {
				return &kiosk.FieldError{Field: "back-" + string(h.ID), Problem: kiosk.FieldOutOfRange, Facts: kiosk.Facts{"min": 0, "max": h.Out()}}
			}
			if err := x.changeHandout(&h, after); err != nil {
				return err
			}
			x.event.PatronRef = h.PatronRef
			n++
		}
		if n == 0 {
			return &kiosk.FieldError{Field: "back", Problem: kiosk.FieldMissing}
		}
		return nil
	})
}
