package circulation

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"

	"muontra/kiosk"
)

// PutInterloan writes what is said of a lot of another library's books: a new lot
// without an ID, else the one with it. look refuses when the stored one is not
// what the caller saw.
func (d *Desk) PutInterloan(ctx context.Context, a kiosk.Attempt, l kiosk.Interloan, look func(kiosk.Interloan) error) (kiosk.Interloan, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Interloan, error) {
		if l.ID == "" {
			l.ID = x.NewID()
		} else {
			was, err := x.lot(l.ID)
			if err != nil {
				return l, err
			}
			if look != nil {
				if err := look(was); err != nil {
					return l, err
				}
			}
		}
		l.By, l.Removed = x.Staff, false
		if err := x.checkInterloan(&l); err != nil {
			return l, err
		}
		return l, x.record(kiosk.EventInterloan, kiosk.Records{Interloans: []kiosk.Interloan{l}})
	})
}

// RemoveInterloan takes a lot away that was written by mistake, or puts it back.
// kiosk.ErrNotNow when it is so already, or when books of it were given back.
func (d *Desk) RemoveInterloan(ctx context.Context, a kiosk.Attempt, id kiosk.ID, remove bool) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		l, err := x.Interloan(id)
		if err != nil {
			return struct{}{}, fmt.Errorf("interloan: %w", err)
		}
		books, err := x.InterloanBooks(id)
		if err != nil {
			return struct{}{}, fmt.Errorf("books of the interloan: %w", err)
		}
		if sum := kiosk.SumOfInterloan(books); l.Removed == remove || sum.Out != sum.Books {
			return struct{}{}, kiosk.ErrNotNow
		}
		l.Removed = remove
		return struct{}{}, x.record(kiosk.EventInterloan, kiosk.Records{Interloans: []kiosk.Interloan{l}})
	})
	return err
}

// lot finds a lot that was not taken away.
func (x *intake) lot(id kiosk.ID) (kiosk.Interloan, error) {
	l, err := x.Interloan(id)
	if err != nil {
		return l, fmt.Errorf("interloan: %w", err)
	}
	if l.Removed {
		return l, kiosk.ErrNotNow
	}
	return l, nil
}

func (x *intake) checkInterloan(l *kiosk.Interloan) error {
	var f form
	f.text("lender", &l.Lender, kiosk.MaxText)
	f.given("lender", l.Lender)
	f.text("paper", &l.Paper, kiosk.MaxText)
	f.text("note", &l.Note, kiosk.MaxNoteText)
	switch {
	case l.Received.IsZero():
		f.wrong("received", kiosk.FieldMissing, nil)
	case l.Received.After(x.today):
		f.wrong("received", kiosk.FieldInFuture, kiosk.Facts{"max": x.today})
	case l.Received.Before(x.today.AddMonths(-60)):
		f.wrong("received", kiosk.FieldOutOfRange, kiosk.Facts{"min": x.today.AddMonths(-60), "max": x.today})
	}
	if most := l.Received.AddMonths(kiosk.MaxInterloanMonths); l.Due.IsZero() {
		f.wrong("due", kiosk.FieldMissing, nil)
	} else if !l.Received.IsZero() && (l.Due.Before(l.Received) || l.Due.After(most)) {
		f.wrong("due", kiosk.FieldOutOfRange, kiosk.Facts{"min": l.Received, "max": most})
	}
	if err := f.failed(); err != nil || l.Place == "" {
		return err
	}
	p, err := x.placeByID(l.Place)
	if errors.Is(err, kiosk.ErrNotFound) || err == nil && p.Closed {
		return &kiosk.FieldError{Field: "place", Problem: kiosk.FieldUnknown}
	}
	return err
}

// AddInterloanBooks writes lines at the end of a lot's list, in one act. A line
// that cannot be is a *kiosk.FieldError of the field "title-", "code-" or
// "quantity-" with its number among those given, from 0, and nothing is written.
// A code that stands in the lot already is FieldUnexpected.
func (d *Desk) AddInterloanBooks(ctx context.Context, a kiosk.Attempt, lot kiosk.ID, books []kiosk.InterloanBook) ([]kiosk.InterloanBook, error) {
	return takeIn(ctx, d, a, func(x *intake) ([]kiosk.InterloanBook, error) {
		if _, err := x.lot(lot); err != nil {
			return nil, err
		}
		have, err := x.InterloanBooks(lot)
		if err != nil {
			return nil, fmt.Errorf("books of the interloan: %w", err)
		}
		nr, err := x.InterloanLines(lot) // a number on a signed list is never given again
		if err != nil {
			return nil, fmt.Errorf("lines of the interloan: %w", err)
		}
		codes := map[string]bool{"": false}
		for _, b := range have {
			codes[b.Code] = b.Code != ""
		}
		var f form
		within(&f, "books", len(books), 1, kiosk.MostInterloanBooks-len(have))
		done := make([]kiosk.InterloanBook, len(books))
		for i, b := range books {
			n := strconv.Itoa(i)
			f.text("title-"+n, &b.Title, kiosk.MaxText)
			f.given("title-"+n, b.Title)
			most := kiosk.MaxInterloanCount
			if b.Code != "" {
				if b.Code, err = kiosk.NormalizeCode(b.Code); err != nil {
					f.wrong("code-"+n, kiosk.FieldMalformed, nil)
				}
				most = 1 // a code is of one book
			}
			within(&f, "quantity-"+n, b.Quantity, 1, most)
			if codes[b.Code] {
				f.wrong("code-"+n, kiosk.FieldUnexpected, nil)
			}
			codes[b.Code] = b.Code != ""
			nr++
			done[i] = kiosk.InterloanBook{ID: x.NewID(), Lot: lot, Nr: nr, Title: b.Title, Code: b.Code, Quantity: b.Quantity}
		}
		if err := f.failed(); err != nil {
			return nil, err
		}
		return done, x.record(kiosk.EventInterloan, kiosk.Records{InterloanBooks: done})
	})
}

// GiveBackInterloan notes what becomes of a lot's books, in one act, and gives
// the lines as they were before it and as it left them. Numbers that cannot be
// are a *kiosk.FieldError of the field "back-" with the line's id.
func (d *Desk) GiveBackInterloan(ctx context.Context, a kiosk.Attempt, lot kiosk.ID, items []kiosk.InterloanBack) (kiosk.InterloanEdit, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.InterloanEdit, error) {
		var edit kiosk.InterloanEdit
		if _, err := x.lot(lot); err != nil {
			return edit, err
		}
		for _, i := range items {
			if i.IsZero() {
				continue
			}
			b, err := x.InterloanBook(i.Book)
			if err == nil && b.Lot != lot {
				err = kiosk.ErrNotFound
			}
			if err != nil {
				return edit, fmt.Errorf("book of the interloan: %w", err)
			}
			after, ok := i.After(b, x.today)
			if !ok {
				return edit, &kiosk.FieldError{Field: "back-" + string(b.ID), Problem: kiosk.FieldOutOfRange, Facts: kiosk.Facts{"min": 0, "max": b.Out()}}
			}
			edit.Before, edit.After = append(edit.Before, b), append(edit.After, after)
		}
		if len(edit.After) == 0 {
			return edit, &kiosk.FieldError{Field: "back", Problem: kiosk.FieldMissing}
		}
		return edit, x.record(kiosk.EventInterloan, kiosk.Records{InterloanBooks: edit.After})
	})
}

// DropInterloanBook takes a line off the list that was written by mistake.
// kiosk.ErrNotNow when something of it was given back or lost.
func (d *Desk) DropInterloanBook(ctx context.Context, a kiosk.Attempt, lot, book kiosk.ID) (kiosk.InterloanEdit, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.InterloanEdit, error) {
		b, err := x.InterloanBook(book)
		if err == nil && b.Lot != lot {
			err = kiosk.ErrNotFound
		}
		if err != nil {
			return kiosk.InterloanEdit{}, fmt.Errorf("book of the interloan: %w", err)
		}
		if b.Removed || b.Out() != b.Quantity {
			return kiosk.InterloanEdit{}, kiosk.ErrNotNow
		}
		after := b
		after.Removed = true
		edit := kiosk.InterloanEdit{Before: []kiosk.InterloanBook{b}, After: []kiosk.InterloanBook{after}}
		return edit, x.record(kiosk.EventInterloan, kiosk.Records{InterloanBooks: edit.After})
	})
}

// TakeBackInterloan takes a change of lines back: they are again as they were. It
// is kiosk.ErrNotUndoable when one of them is not any more as the change left it.
// Lines that the change has added have no Before: they are taken away.
func (d *Desk) TakeBackInterloan(ctx context.Context, a kiosk.Attempt, edit kiosk.InterloanEdit) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		var back []kiosk.InterloanBook
		for i, left := range edit.After {
			now, err := x.InterloanBook(left.ID)
			if err != nil {
				return struct{}{}, fmt.Errorf("book of the interloan: %w", err)
			}
			if !reflect.DeepEqual(now, left) {
				return struct{}{}, kiosk.ErrNotUndoable
			}
			if len(edit.Before) == 0 {
				left.Removed = true
				back = append(back, left)
				continue
			}
			back = append(back, edit.Before[i])
		}
		err := x.record(kiosk.EventInterloan, kiosk.Records{InterloanBooks: back})
		if errors.Is(err, kiosk.ErrConflict) { // its code stands on another line by now
			return struct{}{}, kiosk.ErrNotUndoable
		}
		return struct{}{}, err
	})
	return err
}
