package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// SaveSet makes a set (no ID: it gets one, and a barcode where it has none), or
// changes its record. look is as in EditTitle.
func (d *Desk) SaveSet(ctx context.Context, a kiosk.Attempt, s kiosk.BookSet, look func(kiosk.BookSet) error) (kiosk.BookSet, kiosk.Answer, error) {
	done := s
	ans, err := d.staffAct(ctx, a, func(x *deed) error {
		s := s // a new one is new again when the act is done once more
		var now kiosk.BookSet
		if s.ID != "" {
			var err error
			if now, err = x.Set(s.ID); err != nil {
				return fmt.Errorf("set: %w", err)
			}
			if look != nil {
				if err := look(now); err != nil {
					return err
				}
			}
		}
		if err := x.checkSet(&s, now); err != nil {
			return err
		}
		done = s
		return x.changeSet(s.ID, kiosk.Edited{Sets: []kiosk.SetEdit{{Before: now, After: s}}})
	})
	return done, ans, err
}

// checkSet looks at a set's fields and gives a new one its id and barcode.
func (x *deed) checkSet(s *kiosk.BookSet, now kiosk.BookSet) error {
	var f form
	f.text("name", &s.Name, kiosk.MaxText)
	f.given("name", s.Name)
	within(&f, "grade", s.Grade, 0, 12)
	if s.Programme != "" {
		among(&f, "programme", s.Programme, kiosk.Programmes)
	}
	if err := f.failed(); err != nil {
		return err
	}
	var err error
	if s.ID == "" {
		s.ID = x.NewID()
	}
	if s.Barcode == "" {
		if s.Barcode, err = x.NextBarcode(kiosk.CopySeries); err != nil {
			return fmt.Errorf("barcode: %w", err)
		}
		return nil
	}
	if s.Barcode, err = kiosk.NormalizeCode(s.Barcode); err != nil {
		return &kiosk.FieldError{Field: "barcode", Problem: kiosk.FieldMalformed}
	}
	if s.Barcode == now.Barcode {
		return nil
	}
	used, err := x.BarcodeInUse(s.Barcode)
	if err != nil {
		return fmt.Errorf("barcode: %w", err)
	}
	if used {
		return &kiosk.BarcodeTakenError{Code: s.Barcode}
	}
	return nil
}

// changeSet makes the act a change of a set.
func (x *deed) changeSet(set kiosk.ID, e kiosk.Edited) error {
	x.event.Type, x.event.Payload.Set, x.event.Payload.Edited = kiosk.EventSetChanged, set, &e
	x.event.Payload.Comment = x.Comment
	x.answer.Result.Outcome = kiosk.Shown
	return x.writeEdit(e, "")
}

// AddToSet makes the copy with the barcode or accession number a member of the
// set. A member of another set is refused with a *kiosk.InOtherSetError, an
// unknown code and a withdrawn copy with a *kiosk.FieldError of "code".
func (d *Desk) AddToSet(ctx context.Context, a kiosk.Attempt, set kiosk.ID, code string) (kiosk.Item, kiosk.Answer, error) {
	var i kiosk.Item
	ans, err := d.staffAct(ctx, a, func(x *deed) error {
		if _, err := x.Set(set); err != nil {
			return fmt.Errorf("set: %w", err)
		}
		members, err := x.ItemsOfSet(set)
		if err != nil {
			return fmt.Errorf("members: %w", err)
		}
		if i, err = x.copyNamed(code); err != nil {
			return err
		}
		switch {
		case i.SetID == set:
			return &kiosk.FieldError{Field: "code", Problem: kiosk.FieldUnexpected}
		case i.SetID != "":
			other, err := x.Set(i.SetID)
			if err != nil {
				return fmt.Errorf("set: %w", err)
			}
			return &kiosk.InOtherSetError{Set: other}
		case i.State.Status == kiosk.CopyWithdrawn:
			return &kiosk.FieldError{Field: "code", Problem: kiosk.FieldUnknown}
		case len(members) >= kiosk.MaxSetSize:
			return &kiosk.FieldError{Field: "code", Problem: kiosk.FieldOutOfRange, Facts: kiosk.Facts{"min": 0, "max": kiosk.MaxSetSize}}
		}
		after := bare(i.Copy)
		after.SetID = set
		return x.changeSet(set, kiosk.Edited{Copies: []kiosk.CopyEdit{{Before: bare(i.Copy), After: after}}})
	})
	return i, ans, err
}

// copyNamed finds a copy by what a scanner or a hand gives.
func (x *deed) copyNamed(code string) (kiosk.Item, error) {
	unknown := &kiosk.FieldError{Field: "code", Problem: kiosk.FieldUnknown}
	code, err := kiosk.NormalizeCode(code)
	if err != nil {
		return kiosk.Item{}, &kiosk.FieldError{Field: "code", Problem: kiosk.FieldMalformed}
	}
	i, err := x.ItemByBarcode(code)
	if acc, ok := kiosk.AccessionOf(code); ok && errors.Is(err, kiosk.ErrNotFound) {
		i, err = x.ItemByAccession(acc)
	}
	if errors.Is(err, kiosk.ErrNotFound) {
		return i, unknown
	}
	return i, err
}

// RemoveFromSet takes a member out of the set. The copy stays in the library,
// and on loan where it is.
func (d *Desk) RemoveFromSet(ctx context.Context, a kiosk.Attempt, set, copyID kiosk.ID) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		i, err := x.Item(copyID)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		if i.SetID != set || set == "" {
			return kiosk.ErrMoved
		}
		after := bare(i.Copy)
		after.SetID = ""
		return x.changeSet(set, kiosk.Edited{Copies: []kiosk.CopyEdit{{Before: bare(i.Copy), After: after}}})
	})
}

// SetsFromLines makes n sets of one book of each quantity line: each book
// becomes a copy with a barcode and leaves its line. Sets of one name are
// numbered behind it. Lines that have fewer than n books left are refused with
// a *kiosk.LineShortError.
func (d *Desk) SetsFromLines(ctx context.Context, a kiosk.Attempt, s kiosk.BookSet, n int, lines []kiosk.ID) (made []kiosk.BookSet, ans kiosk.Answer, err error) {
	ans, err = d.staffAct(ctx, a, func(x *deed) error {
		if n < 1 || n > kiosk.MaxSetsAtOnce {
			return &kiosk.FieldError{Field: "count", Problem: kiosk.FieldOutOfRange, Facts: kiosk.Facts{"min": 1, "max": kiosk.MaxSetsAtOnce}}
		}
		if len(lines) == 0 {
			return &kiosk.FieldError{Field: "line", Problem: kiosk.FieldMissing}
		}
		var from []kiosk.TextbookLine
		for _, id := range lines {
			if slices.ContainsFunc(from, func(l kiosk.TextbookLine) bool { return l.ID == id }) {
				continue
			}
			l, err := x.TextbookLine(id)
			if err != nil {
				return fmt.Errorf("textbook line: %w", err)
			}
			if l.Shelf() < n {
				t, err := x.Title(l.TitleID)
				if err != nil {
					return fmt.Errorf("title: %w", err)
				}
				return &kiosk.LineShortError{Title: t.Title, Have: l.Shelf(), Want: n}
			}
			from = append(from, l)
		}
		if len(from) > kiosk.MaxSetSize {
			return &kiosk.FieldError{Field: "line", Problem: kiosk.FieldOutOfRange, Facts: kiosk.Facts{"min": 1, "max": kiosk.MaxSetSize}}
		}
		name, all := s.Name, kiosk.Edited{}
		made = nil
		for k := range n {
			set := s
			set.ID, set.Barcode, set.Name = "", "", name
			if n > 1 {
				set.Name = fmt.Sprintf("%s (%d/%d)", name, k+1, n)
			}
			if err := x.checkSet(&set, kiosk.BookSet{}); err != nil {
				return err
			}
			made = append(made, set)
			all.Sets = append(all.Sets, kiosk.SetEdit{After: set})
			if err := x.PutSet(set); err != nil {
				return fmt.Errorf("set: %w", err)
			}
			if err := x.fillSet(set, from); err != nil {
				return err
			}
		}
		for _, l := range from {
			after := l
			after.Quantity -= n
			all.Textbooks = append(all.Textbooks, kiosk.TextbookEdit{Before: l, After: after})
		}
		return x.changeSet(made[0].ID, all)
	})
	if err != nil {
		return nil, ans, err
	}
	return made, ans, nil
}

// FillSet puts a book of each quantity line into a set: each becomes a copy with
// a barcode and leaves its line, as in SetsFromLines.
func (d *Desk) FillSet(ctx context.Context, a kiosk.Attempt, set kiosk.ID, lines []kiosk.ID) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		s, err := x.Set(set)
		if err != nil {
			return fmt.Errorf("set: %w", err)
		}
		have, err := x.ItemsOfSet(set)
		if err != nil {
			return fmt.Errorf("members: %w", err)
		}
		if n := len(have) + len(lines); len(lines) == 0 || n > kiosk.MaxSetSize {
			return &kiosk.FieldError{Field: "line", Problem: kiosk.FieldOutOfRange, Facts: kiosk.Facts{"min": 1, "max": kiosk.MaxSetSize}}
		}
		var from []kiosk.TextbookLine
		var e kiosk.Edited
		for _, id := range lines {
			l, err := x.TextbookLine(id)
			if err != nil {
				return fmt.Errorf("textbook line: %w", err)
			}
			if l.Shelf() < 1 {
				t, err := x.Title(l.TitleID)
				if err != nil {
					return fmt.Errorf("title: %w", err)
				}
				return &kiosk.LineShortError{Title: t.Title, Have: l.Shelf(), Want: 1}
			}
			from = append(from, l)
			after := l
			after.Quantity--
			e.Textbooks = append(e.Textbooks, kiosk.TextbookEdit{Before: l, After: after})
		}
		if err := x.fillSet(s, from); err != nil {
			return err
		}
		return x.changeSet(set, e)
	})
}

// unfillSets takes the copies out of the stock that the event made of lines: they
// never were more than numbers of the lines, to which they go back.
func (x *deed) unfillSets(e kiosk.Event) error {
	if e.Payload.Edited == nil || len(e.Payload.Edited.Textbooks) == 0 || len(e.Payload.Before.Copies) > 0 {
		return nil
	}
	for _, made := range e.Payload.Changes.Copies {
		i, err := x.Item(made.CopyID)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		if i.SetID == "" || i.Labelled { // it was taken out, or has its label on
			return kiosk.ErrNotUndoable
		}
		gone := i.State
		gone.Status = kiosk.CopyWithdrawn
		x.changeCopy(i.State, gone)
		i.SetID = ""
		if err := x.PutCopy(i.Copy); err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		x.event.Payload.Comment = kiosk.MadeByMistake
	}
	return nil
}

// fillSet makes a registered copy of each line, a member of the set. Textbooks
// have a register of their own: no accession number.
func (x *deed) fillSet(set kiosk.BookSet, from []kiosk.TextbookLine) error {
	for _, l := range from {
		code, err := x.NextBarcode(kiosk.CopySeries)
		if err != nil {
			return fmt.Errorf("barcode: %w", err)
		}
		c := kiosk.Copy{
			ID: x.NewID(), TitleID: l.TitleID, Barcode: code, Kind: kiosk.Textbook, Price: l.Price,
			Received: l.Received, HomePlace: l.PlaceID, SetID: set.ID,
		}
		if err := x.PutCopy(c); err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		p := &x.event.Payload
		p.Changes.Copies = append(p.Changes.Copies, kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood, Place: l.PlaceID})
	}
	return nil
}
