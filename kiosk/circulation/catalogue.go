package circulation

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"muontra/kiosk"
)

// The acts of the catalogue: a title's record, a copy's. Each keeps what was
// before and what is now in its event, so that it can be taken back.

// AddTitle makes a title without copies. The answer carries the event's number, by
// which it is taken back as long as nothing refers to the title.
func (d *Desk) AddTitle(ctx context.Context, a kiosk.Attempt, t kiosk.Title) (kiosk.Title, kiosk.Answer, error) {
	ans, err := d.staffAct(ctx, a, func(x *deed) error {
		if err := checkTitle(&t); err != nil {
			return err
		}
		t.ID, t.MergedInto = x.NewID(), ""
		return x.putTitle(kiosk.Title{}, t)
	})
	return t, ans, err
}

// EditTitle changes a title's record. look is given the title as it is stored
// and ends the act by an error, when it is not as it was when the edit began;
// it may be nil. The answer carries the event's number.
func (d *Desk) EditTitle(ctx context.Context, a kiosk.Attempt, t kiosk.Title, look func(kiosk.Title) error) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		now, err := x.livingTitle(t.ID)
		if err != nil {
			return err
		}
		if look != nil {
			if err := look(now); err != nil {
				return err
			}
		}
		if err := checkTitle(&t); err != nil {
			return err
		}
		t.MergedInto = ""
		return x.putTitle(now, t)
	})
}

// MergeTitles makes one title of two that are the same: keep gets the values of
// merged and the copies, the places in the queue and the receipts' lines of
// gone, which stays as a pointer to keep.
func (d *Desk) MergeTitles(ctx context.Context, a kiosk.Attempt, keep, gone kiosk.ID, merged kiosk.Title) (kiosk.Answer, error) {
	if keep == gone {
		return kiosk.Answer{}, kiosk.ErrSameTitle
	}
	return d.staffAct(ctx, a, func(x *deed) error {
		k, err := x.livingTitle(keep)
		if err != nil {
			return err
		}
		g, err := x.livingTitle(gone)
		if err != nil {
			return err
		}
		merged.ID, merged.MergedInto = keep, ""
		if err := checkTitle(&merged); err != nil {
			return err
		}
		after := g
		after.MergedInto = keep
		e := &kiosk.Edited{Title: keep, Other: gone, Titles: []kiosk.TitleEdit{{Before: k, After: merged}, {Before: g, After: after}}}
		x.event.Type, x.event.Payload.Edited = kiosk.EventTitlesMerged, e
		x.event.Payload.Comment = x.Comment
		x.answer.Result.Outcome = kiosk.Shown
		items, err := x.ItemsOfTitle(gone)
		if err != nil {
			return fmt.Errorf("copies: %w", err)
		}
		for _, i := range items {
			e.Copies = append(e.Copies, kiosk.CopyEdit{Before: bare(i.Copy), After: bare(i.Copy)})
			e.Copies[len(e.Copies)-1].After.TitleID = keep
		}
		holds, err := x.HoldsOf(gone)
		if err != nil {
			return fmt.Errorf("holds: %w", err)
		}
		for _, h := range holds {
			e.Holds = append(e.Holds, h.ID)
		}
		lines, err := x.ReceiptLinesOf(gone)
		if err != nil {
			return fmt.Errorf("receipt lines: %w", err)
		}
		for _, l := range lines {
			e.Lines = append(e.Lines, l.ID)
		}
		return x.writeEdit(*e, keep)
	})
}

// EditCopy changes a copy's record; look is as in EditTitle. That of a copy which
// has left is closed: kiosk.ErrWithdrawn.
func (d *Desk) EditCopy(ctx context.Context, a kiosk.Attempt, id kiosk.ID, r kiosk.CopyRecord, look func(kiosk.Item) error) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		i, err := x.Item(id)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		if i.State.Status == kiosk.CopyWithdrawn {
			return kiosk.ErrWithdrawn
		}
		x.about(nil, &i)
		if look != nil {
			if err := look(i); err != nil {
				return err
			}
		}
		if err := x.checkRecord(&r, i); err != nil {
			return err
		}
		after, state := i.Copy, i.State
		after.SubKind, after.Price, after.HomePlace, after.Note, after.Pieces = r.SubKind, r.Price, r.HomePlace, r.Note, r.Pieces
		state.Condition, state.Place = r.Condition, r.Place
		x.event.Type = kiosk.EventCopyChanged
		x.event.Payload.Comment = x.Comment
		x.answer.Result.Outcome = kiosk.Shown
		if state != i.State {
			x.changeCopy(i.State, state)
		}
		e := kiosk.Edited{Copies: []kiosk.CopyEdit{{Before: bare(i.Copy), After: bare(after)}}}
		x.event.Payload.Edited = &e
		return x.writeEdit(e, "")
	})
}

func (x *deed) checkRecord(r *kiosk.CopyRecord, i kiosk.Item) error {
	var f form
	f.text("sub_kind", &r.SubKind, kiosk.MaxText)
	f.text("note", &r.Note, kiosk.MaxNoteText)
	within(&f, "price", r.Price, 0, kiosk.MaxPrice)
	within(&f, "pieces", r.Pieces, 0, kiosk.MaxPieces)
	among(&f, "condition", r.Condition, []kiosk.Condition{kiosk.ConditionGood, kiosk.ConditionWorn, kiosk.ConditionDamaged})
	places, err := x.Places()
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	for _, p := range []struct {
		field    string
		id, have kiosk.ID
	}{{"home_place", r.HomePlace, i.HomePlace}, {"place", r.Place, i.State.Place}} {
		if p.id != "" && p.id != p.have && !slices.ContainsFunc(places, func(x kiosk.Place) bool { return x.ID == p.id && !x.Closed }) {
			f.wrong(p.field, kiosk.FieldUnknown, nil)
		}
	}
	return f.failed()
}

// MoveBarcode gives a copy another barcode. A code that another copy bears is
// only taken from it when swap or take says so, else a *kiosk.BarcodeTakenError:
// with swap the two copies exchange their codes, as when two labels were stuck
// on the wrong books; with take the other one gets a new code and needs a new
// label. The code that the copy bore is free then. Loans stay with their copies.
func (d *Desk) MoveBarcode(ctx context.Context, a kiosk.Attempt, to kiosk.ID, code string, swap, take bool) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		i, err := x.Item(to)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		if i.State.Status == kiosk.CopyWithdrawn {
			return kiosk.ErrWithdrawn
		}
		x.about(nil, &i)
		code, err := kiosk.NormalizeCode(code)
		if err != nil {
			return &kiosk.FieldError{Field: "barcode", Problem: kiosk.FieldMalformed}
		}
		if code == i.Barcode {
			return &kiosk.FieldError{Field: "barcode", Problem: kiosk.FieldUnexpected}
		}
		e := kiosk.Edited{}
		mine := bare(i.Copy)
		mine.Barcode, mine.Labelled = code, true // it is on the book: that is why it is typed
		other, err := x.ItemByBarcode(code)
		switch {
		case err == nil && !swap && !take:
			return &kiosk.BarcodeTakenError{Code: code, Copy: other.ID}
		case err == nil:
			theirs := bare(other.Copy)
			if swap {
				theirs.Barcode, theirs.Labelled = i.Barcode, true
			} else {
				if theirs.Barcode, err = x.NextBarcode(kiosk.CopySeries); err != nil {
					return fmt.Errorf("barcode: %w", err)
				}
				theirs.Labelled = false
			}
			e.Copies = append(e.Copies, kiosk.CopyEdit{Before: bare(other.Copy), After: theirs})
		case !errors.Is(err, kiosk.ErrNotFound):
			return fmt.Errorf("barcode: %w", err)
		default:
			used, err := x.BarcodeInUse(code)
			if err != nil {
				return fmt.Errorf("barcode: %w", err)
			}
			if used {
				return &kiosk.BarcodeTakenError{Code: code}
			}
		}
		e.Copies = append(e.Copies, kiosk.CopyEdit{Before: bare(i.Copy), After: mine})
		x.event.Type, x.event.Payload.Edited = kiosk.EventCopyChanged, &e
		x.event.Payload.Comment = x.Comment
		x.answer.Result.Outcome = kiosk.Shown
		return x.writeEdit(e, "")
	})
}

// staffAct is act for a member of the staff only.
func (d *Desk) staffAct(ctx context.Context, a kiosk.Attempt, fn func(*deed) error) (kiosk.Answer, error) {
	if a.Staff == "" {
		return kiosk.Answer{}, kiosk.ErrStaffOnly
	}
	return d.act(ctx, a, fn)
}

// livingTitle is a title that was not merged into another.
func (x *deed) livingTitle(id kiosk.ID) (kiosk.Title, error) {
	t, err := x.Title(id)
	switch {
	case err != nil:
		return t, fmt.Errorf("title: %w", err)
	case t.MergedInto != "":
		return t, fmt.Errorf("title %s: %w", id, kiosk.ErrMerged)
	}
	return t, nil
}

// putTitle writes a title and makes the act a change of it.
func (x *deed) putTitle(before, after kiosk.Title) error {
	e := kiosk.Edited{Title: after.ID, Titles: []kiosk.TitleEdit{{Before: before, After: after}}}
	x.event.Type, x.event.Payload.Edited = kiosk.EventTitleChanged, &e
	x.event.Payload.Comment = x.Comment
	x.answer.Result.Outcome = kiosk.Shown
	return x.writeEdit(e, "")
}

// bare is the catalogue's part of a copy.
func bare(c kiosk.Copy) kiosk.Copy {
	c.State = kiosk.CopyState{}
	return c
}

// writeEdit writes what an edit says is now. Holds and lines of receipts go to
// the title into.
func (x *deed) writeEdit(e kiosk.Edited, into kiosk.ID) error {
	for _, t := range e.Titles {
		if t.After.ID == "" {
			continue
		}
		if err := x.PutTitle(t.After); err != nil {
			return fmt.Errorf("title: %w", err)
		}
	}
	for _, l := range e.Textbooks {
		if l.After.ID == "" {
			continue
		}
		if err := x.PutTextbookLine(l.After); err != nil {
			return fmt.Errorf("textbook line: %w", err)
		}
	}
	for _, s := range e.Sets {
		if s.After.ID == "" {
			continue
		}
		if err := x.PutSet(s.After); err != nil {
			return fmt.Errorf("set: %w", err)
		}
	}
	if err := x.putCopies(e.Copies); err != nil {
		return err
	}
	for _, id := range e.Holds {
		h, err := x.Hold(id)
		if err != nil {
			return fmt.Errorf("hold: %w", err)
		}
		was := h
		h.TitleID = into
		if err := x.changeHold(&was, h); err != nil {
			return err
		}
	}
	for _, id := range e.Lines {
		l, err := x.ReceiptLine(id)
		if err != nil {
			return fmt.Errorf("receipt line: %w", err)
		}
		l.TitleID = into
		if err := x.PutReceiptLine(l); err != nil {
			return fmt.Errorf("receipt line: %w", err)
		}
	}
	return x.unmake(e)
}

// unmake takes out what an edit that made it is taken back of: there is nothing of
// it now. kiosk.ErrConflict when something refers to it.
func (x *deed) unmake(e kiosk.Edited) error {
	for _, l := range e.Textbooks {
		if l.After.ID == "" {
			if err := x.DropTextbookLine(l.Before.ID); err != nil {
				return err
			}
		}
	}
	for _, s := range e.Sets {
		if s.After.ID == "" {
			if err := x.DropSet(s.Before.ID); err != nil {
				return err
			}
		}
	}
	for _, t := range e.Titles {
		if t.After.ID == "" {
			if err := x.DropTitle(t.Before.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// putCopies writes the copies as they are after the edit. Two that exchange
// their barcodes cannot both be written at once: one bears a new code between.
func (x *deed) putCopies(edits []kiosk.CopyEdit) error {
	bearer := map[string]bool{}
	for _, c := range edits {
		bearer[c.Before.Barcode] = true
	}
	for _, c := range edits {
		if c.After.Barcode == c.Before.Barcode || !bearer[c.After.Barcode] {
			continue
		}
		between := c.Before
		var err error
		if between.Barcode, err = x.NextBarcode(kiosk.CopySeries); err != nil {
			return fmt.Errorf("barcode: %w", err)
		}
		if err := x.PutCopy(between); err != nil {
			return fmt.Errorf("copy: %w", err)
		}
	}
	// Whoever gives a code away is written before who gets it.
	slices.SortStableFunc(edits, func(a, b kiosk.CopyEdit) int {
		switch {
		case a.After.Barcode == b.Before.Barcode && a.Before.Barcode != b.After.Barcode:
			return 1
		case b.After.Barcode == a.Before.Barcode && b.Before.Barcode != a.After.Barcode:
			return -1
		}
		return 0
	})
	for _, c := range edits {
		if err := x.PutCopy(c.After); err != nil {
			return fmt.Errorf("copy: %w", err)
		}
	}
	return nil
}

// checkLink takes an address of the web only.
func checkLink(f *form, field, link string) {
	if link == "" {
		return
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		f.wrong(field, kiosk.FieldMalformed, nil)
	}
}
