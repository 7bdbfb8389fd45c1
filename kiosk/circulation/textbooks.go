package circulation

import (
	"context"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// SaveTextbookLine adds a quantity line (no ID) or corrects one; look is given
// the line as it is stored and ends the act by an error, when it is not as it
// was when the correction began. A number that cannot be is a *kiosk.FieldError.
func (d *Desk) SaveTextbookLine(ctx context.Context, a kiosk.Attempt, l kiosk.TextbookLine, look func(kiosk.TextbookLine) error) (kiosk.TextbookLine, kiosk.Answer, error) {
	done := l
	ans, err := d.staffAct(ctx, a, func(x *deed) error {
		l := l // a new one is new again when the act is done once more
		var now kiosk.TextbookLine
		if l.ID != "" {
			var err error
			if now, err = x.TextbookLine(l.ID); err != nil {
				return fmt.Errorf("textbook line: %w", err)
			}
			if look != nil {
				if err := look(now); err != nil {
					return err
				}
			}
			l.TitleID = now.TitleID // another title's books are another line
		}
		if _, err := x.Title(l.TitleID); err != nil {
			return fmt.Errorf("title: %w", err)
		}
		if err := x.checkTextbooks(l, now); err != nil {
			return err
		}
		if l.ID == "" {
			l.ID = x.NewID()
		}
		x.event.Type = kiosk.EventTextbooks
		x.event.Payload.Edited = &kiosk.Edited{Textbooks: []kiosk.TextbookEdit{{Before: now, After: l}}}
		x.event.Payload.Comment = x.Comment
		x.answer.Result.Outcome = kiosk.Shown
		done = l
		return x.writeEdit(*x.event.Payload.Edited, "")
	})
	return done, ans, err
}

func (x *deed) checkTextbooks(l, now kiosk.TextbookLine) error {
	var f form
	within(&f, "year", l.Year, 0, 9999)
	within(&f, "from", l.From, 1, kiosk.MaxRegister)
	within(&f, "to", l.To, l.From, kiosk.MaxRegister)
	within(&f, "quantity", l.Quantity, now.HandedOut+now.Lost, max(l.To-l.From+1, 0))
	within(&f, "price", l.Price, 0, kiosk.MaxPrice)
	if !l.Received.IsZero() && l.Received.After(x.today) {
		f.wrong("received", kiosk.FieldInFuture, kiosk.Facts{"max": x.today})
	}
	places, err := x.Places()
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	if l.PlaceID != "" && l.PlaceID != now.PlaceID && !slices.ContainsFunc(places, func(p kiosk.Place) bool { return p.ID == l.PlaceID && !p.Closed }) {
		f.wrong("place", kiosk.FieldUnknown, nil)
	}
	return f.failed()
}
