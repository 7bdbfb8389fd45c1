package store

import (
	"errors"
	"fmt"

	"muontra/kiosk"
)

var handouts = recordTable[kiosk.Handout]{
	name: "handout", code: "handout_differs",
	cols: "id, line_id, class_id, patron_ref, quantity, out_on, due, back, damaged, lost, note, removed",
	args: func(h kiosk.Handout) []any {
		return []any{h.ID, h.LineID, orNull(h.ClassID), orNull(h.PatronRef), h.Quantity, h.On.String(), h.Due.String(), h.Back, h.Damaged, h.Lost, h.Note, bit(h.Removed)}
	},
	to: func(h *kiosk.Handout) []any {
		return []any{&h.ID, &h.LineID, refCol{&h.ClassID}, refCol{&h.PatronRef}, &h.Quantity, dayCol{&h.On}, dayCol{&h.Due}, &h.Back, &h.Damaged, &h.Lost, &h.Note, &h.Removed}
	},
}

func (v *view) Handout(id kiosk.ID) (kiosk.Handout, error) { return handouts.get(v, id) }

func (v *view) Handouts() ([]kiosk.Handout, error) {
	return handouts.list(v, `AND removed = 0 AND quantity > back ORDER BY out_on, id`)
}

func (v *view) HandoutsOf(line kiosk.ID) ([]kiosk.Handout, error) {
	return handouts.list(v, `AND line_id = $2 AND removed = 0 ORDER BY out_on DESC, id DESC`, line)
}

// PutHandout looks before a trigger does, for an error that callers act on.
func (t *tx) PutHandout(h kiosk.Handout) error {
	l, err := t.TextbookLine(h.LineID)
	if err != nil {
		return err
	}
	was, err := t.Handout(h.ID)
	if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
		return err
	}
	if !h.Removed {
		room := l.Shelf()
		if err == nil && !was.Removed {
			room += was.Quantity - was.Back
		}
		if h.Quantity-h.Back > room {
			return fmt.Errorf("handout %s: more than there is: %w", h.ID, kiosk.ErrConflict)
		}
	}
	return handouts.put(t, h)
}
