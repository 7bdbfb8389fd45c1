package circulation

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"muontra/kiosk"
)

// TakeBack takes back a change of a copy, of a title or of serials, or a merge, by
// a reversing event. A title, set or textbook line that the event made is no more, as
// long as nothing refers to it. It is kiosk.ErrNotUndoable when the event is none of these,
// when it is one that takes back another, or when something has happened since
// to what it changed.
func (d *Desk) TakeBack(ctx context.Context, a kiosk.Attempt, seq int64) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		e, err := x.Event(seq)
		if errors.Is(err, kiosk.ErrNotFound) {
			return kiosk.ErrNotUndoable
		}
		if err != nil {
			return fmt.Errorf("event %d: %w", seq, err)
		}
		switch {
		case e.Payload.Reverses != 0:
			return kiosk.ErrNotUndoable
		case e.Type == kiosk.EventCopyChanged, e.Type == kiosk.EventTitleChanged, e.Type == kiosk.EventTitlesMerged, e.Type == kiosk.EventSetChanged, e.Type == kiosk.EventTextbooks, e.Type == kiosk.EventSerials, e.Type == kiosk.EventHandout, e.Type == kiosk.EventLesson:
		default:
			return kiosk.ErrNotUndoable
		}
		if err := x.editStands(e); errors.Is(err, kiosk.ErrNotFound) {
			return kiosk.ErrNotUndoable // it was unmade since
		} else if err != nil {
			return err
		}
		if err := x.reverse(e); err != nil {
			return err
		}
		stock := func() error {
			x.event.Type = e.Type
			return x.reverseStock(e)
		}
		if e.Payload.Edited == nil {
			if e.Payload.Stock == nil {
				return nil
			}
			return stock()
		}
		if err := x.unfillSets(e); err != nil {
			return err
		}
		back := reversed(*e.Payload.Edited)
		if e.Type != kiosk.EventCopyChanged {
			x.event.Type = e.Type // so that it stands in the title's history
		}
		x.event.Payload.Edited = &back
		if err := x.writeEdit(back, back.Other); errors.Is(err, kiosk.ErrConflict) {
			return kiosk.ErrNotUndoable // something refers to what the event made
		} else if err != nil || e.Payload.Stock == nil {
			return err
		}
		return stock()
	})
}

// editStands refuses when what the event left is not there any more.
func (x *deed) editStands(e kiosk.Event) error {
	ok, err := x.changesStand(e)
	if err != nil {
		return err
	}
	edit := e.Payload.Edited
	if edit == nil {
		edit = &kiosk.Edited{}
	}
	for _, l := range edit.Textbooks {
		now, err := x.TextbookLine(l.After.ID)
		if err != nil {
			return fmt.Errorf("textbook line: %w", err)
		}
		ok = ok && now.Bare() == l.After && now.HandedOut+now.Lost <= l.Before.Quantity
	}
	for _, s := range edit.Sets {
		now, err := x.Set(s.After.ID)
		if err != nil {
			return fmt.Errorf("set: %w", err)
		}
		ok = ok && now == s.After
	}
	for _, t := range edit.Titles {
		now, err := x.Title(t.After.ID)
		if err != nil {
			return fmt.Errorf("title: %w", err)
		}
		ok = ok && sameTitle(now, t.After)
	}
	for _, c := range edit.Copies {
		now, err := x.Item(c.After.ID)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		ok = ok && bare(now.Copy) == c.After
		if c.Before.Barcode != c.After.Barcode {
			// The code that it bore may have been given to something else.
			used, err := x.BarcodeInUse(c.Before.Barcode)
			if err != nil {
				return fmt.Errorf("barcode: %w", err)
			}
			ok = ok && (!used || slices.ContainsFunc(edit.Copies, func(o kiosk.CopyEdit) bool { return o.After.Barcode == c.Before.Barcode }))
		}
	}
	if !ok {
		return kiosk.ErrNotUndoable
	}
	return nil
}

func sameTitle(a, b kiosk.Title) bool {
	tidy := func(t kiosk.Title) kiosk.Title {
		t.Relators = t.TidyRelators()
		t.Authors, t.Subjects = slices.Concat(t.Authors), slices.Concat(t.Subjects)
		return t
	}
	return reflect.DeepEqual(tidy(a), tidy(b))
}

// reversed is the edit that takes another back.
func reversed(e kiosk.Edited) kiosk.Edited {
	e.Titles, e.Copies, e.Sets = slices.Clone(e.Titles), slices.Clone(e.Copies), slices.Clone(e.Sets)
	e.Textbooks = slices.Clone(e.Textbooks)
	for i := range e.Textbooks {
		e.Textbooks[i].Before, e.Textbooks[i].After = e.Textbooks[i].After, e.Textbooks[i].Before
	}
	for i := range e.Sets {
		e.Sets[i].Before, e.Sets[i].After = e.Sets[i].After, e.Sets[i].Before
	}
	for i := range e.Titles {
		e.Titles[i].Before, e.Titles[i].After = e.Titles[i].After, e.Titles[i].Before
	}
	for i := range e.Copies {
		e.Copies[i].Before, e.Copies[i].After = e.Copies[i].After, e.Copies[i].Before
	}
	return e
}
