package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// AddLine enters one title of a delivery with its copies: the title l.TitleID,
// or t as a new one when that is empty. Each copy gets its barcode at once and
// its accession number when it is registered; until then it is in processing
// and cannot be lent (seed R182).
func (d *Desk) AddLine(ctx context.Context, a kiosk.Attempt, l kiosk.ReceiptLine, t kiosk.Title) (kiosk.LineCopies, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.LineCopies, error) {
		r, err := x.receipt(l.ReceiptID)
		if err != nil {
			return kiosk.LineCopies{}, err
		}
		if err := x.checkLine(&l); err != nil {
			return kiosk.LineCopies{}, err
		}
		if t, err = x.titleOf(l.TitleID, t); err != nil {
			return kiosk.LineCopies{}, err
		}
		l.ID, l.TitleID = x.NewID(), t.ID
		if err := x.PutReceiptLine(l); err != nil {
			return kiosk.LineCopies{}, fmt.Errorf("receipt line: %w", err)
		}
		cs, err := x.addCopies(r, l, l.Quantity)
		return kiosk.LineCopies{Line: l, Title: t, Copies: cs}, err
	})
}

// ChangeLine corrects a line, by its ID, while none of its copies is
// registered. Copies too many are withdrawn, the last first; those too few are
// added. A line that was removed comes back by it. check, if any, may refuse what
// is stored by then.
func (d *Desk) ChangeLine(ctx context.Context, a kiosk.Attempt, l kiosk.ReceiptLine, check func(now kiosk.ReceiptLine) error) (kiosk.LineCopies, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.LineCopies, error) {
		old, r, ps, err := x.changeable(l.ID)
		if err == nil && check != nil {
			err = check(old)
		}
		if err != nil {
			return kiosk.LineCopies{}, err
		}
		l.ReceiptID = old.ReceiptID
		if l.TitleID == "" {
			l.TitleID = old.TitleID
		}
		if err := x.checkLine(&l); err != nil {
			return kiosk.LineCopies{}, err
		}
		t, err := x.titleOf(l.TitleID, kiosk.Title{})
		if err != nil {
			return kiosk.LineCopies{}, err
		}
		l.TitleID = t.ID
		// A number is of its kind's register, and stays with its copy.
		numbered := 0
		for _, p := range ps {
			if p.Item.Accession != "" {
				numbered++
			}
		}
		if l.Kind != old.Kind && numbered > 0 {
			return kiosk.LineCopies{}, &kiosk.LineRegisteredError{Line: l.ID, Registered: numbered, Quantity: old.Quantity}
		}
		if err := x.PutReceiptLine(l); err != nil {
			return kiosk.LineCopies{}, fmt.Errorf("receipt line: %w", err)
		}
		keep := min(len(ps), l.Quantity)
		if err := x.withdraw(ps[keep:], "receipt_line_changed"); err != nil {
			return kiosk.LineCopies{}, err
		}
		var cs []kiosk.Copy
		for _, p := range ps[:keep] {
			c := p.Item.Copy
			c.TitleID, c.Kind, c.SubKind, c.Price, c.HomePlace = l.TitleID, l.Kind, l.SubKind, l.Price, l.HomePlace
			if err := x.PutCopy(c); err != nil {
				return kiosk.LineCopies{}, fmt.Errorf("copy: %w", err)
			}
			cs = append(cs, c)
		}
		more, err := x.addCopies(r, l, l.Quantity-keep)
		return kiosk.LineCopies{Line: l, Title: t, Copies: append(cs, more...)}, err
	})
}

// RemoveLine takes a line back while none of its copies is registered. Nothing
// is deleted: the line stays with quantity 0, and its copies are withdrawn.
func (d *Desk) RemoveLine(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.ReceiptLine, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.ReceiptLine, error) {
		l, _, ps, err := x.changeable(id)
		if err != nil {
			return l, err
		}
		if err := x.withdraw(ps, "receipt_line_removed"); err != nil {
			return l, err
		}
		l.Quantity = 0
		if err := x.PutReceiptLine(l); err != nil {
			return l, fmt.Errorf("receipt line: %w", err)
		}
		return l, nil
	})
}

// changeable is a line of an open receipt none of whose copies is registered,
// with its copies.
func (x *intake) changeable(id kiosk.ID) (kiosk.ReceiptLine, kiosk.Receipt, []kiosk.ProcessingItem, error) {
	l, err := x.ReceiptLine(id)
	if err != nil {
		return l, kiosk.Receipt{}, nil, fmt.Errorf("receipt line: %w", err)
	}
	r, err := x.receipt(l.ReceiptID)
	if err != nil {
		return l, r, nil, err
	}
	ps, err := x.copiesOf(l)
	if err != nil {
		return l, r, nil, err
	}
	n := 0
	for _, p := range ps {
		if !p.Registered.IsZero() {
			n++
		}
	}
	if n > 0 {
		return l, r, nil, &kiosk.LineRegisteredError{Line: l.ID, Registered: n, Quantity: l.Quantity}
	}
	return l, r, ps, nil
}

func (x *intake) checkLine(l *kiosk.ReceiptLine) error {
	var f form
	among(&f, "kind", l.Kind, kiosk.Kinds)
	f.text("sub_kind", &l.SubKind, kiosk.MaxText)
	within(&f, "quantity", l.Quantity, 1, kiosk.MaxQuantity)
	within(&f, "price", l.Price, 0, kiosk.MaxPrice)
	f.given("home_place", string(l.HomePlace))
	if err := f.failed(); err != nil {
		return err
	}
	pp, err := x.Places()
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	if !slices.ContainsFunc(pp, func(p kiosk.Place) bool { return p.ID == l.HomePlace && !p.Closed }) {
		f.wrong("home_place", kiosk.FieldUnknown, nil)
	}
	return f.failed()
}

// titleOf is the title with the id, or t made new when there is no id.
func (x *intake) titleOf(id kiosk.ID, t kiosk.Title) (kiosk.Title, error) {
	if id != "" {
		t, err := x.Title(id)
		if errors.Is(err, kiosk.ErrNotFound) {
			return t, &kiosk.FieldError{Field: "title", Problem: kiosk.FieldUnknown}
		}
		if err != nil {
			return t, fmt.Errorf("title: %w", err)
		}
		if t.MergedInto != "" { // the form was opened before the merge
			return x.titleOf(t.MergedInto, kiosk.Title{})
		}
		return t, nil
	}
	if err := checkTitle(&t); err != nil {
		return t, err
	}
	t.ID = x.NewID()
	if err := x.PutTitle(t); err != nil {
		return t, fmt.Errorf("title: %w", err)
	}
	return t, nil
}

func checkTitle(t *kiosk.Title) error {
	var f form
	f.text("title.title", &t.Title, kiosk.MaxName)
	f.given("title.title", t.Title)
	f.text("title.remainder", &t.Remainder, kiosk.MaxName)
	for _, l := range []struct {
		field string
		list  *[]string
	}{{"title.authors", &t.Authors}, {"title.subjects", &t.Subjects}} {
		*l.list = slices.Clone(*l.list)
		for i := range *l.list {
			f.text(l.field, &(*l.list)[i], kiosk.MaxText)
		}
	}
	var authors []string
	var relators []kiosk.Relator
	for i, a := range t.Authors {
		if a != "" {
			authors, relators = append(authors, a), append(relators, t.RelatorOf(i))
		}
	}
	t.Authors, t.Relators = authors, relators
	t.Relators = t.TidyRelators()
	t.Subjects = slices.DeleteFunc(t.Subjects, func(s string) bool { return s == "" })
	for _, l := range []struct {
		field string
		s     *string
	}{
		{"title.publisher", &t.Publisher}, {"title.pub_place", &t.PubPlace}, {"title.class_number", &t.ClassNumber},
		{"title.level", &t.Level}, {"title.language", &t.Language}, {"title.call_number", &t.CallNumber},
		{"title.edition", &t.Edition}, {"title.series", &t.Series}, {"title.size", &t.Size},
	} {
		f.text(l.field, l.s, kiosk.MaxText)
	}
	f.text("title.link", &t.Link, kiosk.MaxNoteText)
	checkLink(&f, "title.link", t.Link)
	f.text("title.summary", &t.Summary, kiosk.MaxNoteText)
	if t.ClassScheme != "" {
		among(&f, "title.class_scheme", t.ClassScheme, kiosk.Schemes)
	}
	for _, r := range t.Relators {
		if r != kiosk.Author {
			among(&f, "title.authors", r, kiosk.Relators)
		}
	}
	if t.ISBN != "" {
		isbn, ok := kiosk.ISBNOf(t.ISBN)
		if !ok {
			f.wrong("title.isbn", kiosk.FieldMalformed, kiosk.Facts{"value": kiosk.Escaped(t.ISBN)})
		}
		t.ISBN = isbn
	}
	within(&f, "title.year", t.Year, 0, 9999)
	within(&f, "title.grade", t.Grade, 0, 12)
	within(&f, "title.pages", t.Pages, 0, 100_000)
	within(&f, "title.price", t.Price, 0, kiosk.MaxPrice)
	return f.failed()
}

// addCopies makes n more copies of a line. They stand nowhere yet.
func (x *intake) addCopies(r kiosk.Receipt, l kiosk.ReceiptLine, n int) ([]kiosk.Copy, error) {
	var cs []kiosk.Copy
	for range n {
		c := kiosk.Copy{
			ID: x.NewID(), TitleID: l.TitleID, Kind: l.Kind, SubKind: l.SubKind, Price: l.Price,
			Source: string(r.Source), Received: r.Date, HomePlace: l.HomePlace,
		}
		var err error
		if c.Barcode, err = x.NextBarcode(kiosk.CopySeries); err != nil {
			return nil, fmt.Errorf("barcode: %w", err)
		}
		if err := x.PutCopy(c); err != nil {
			return nil, fmt.Errorf("copy: %w", err)
		}
		if err := x.PutProcessing(kiosk.Processing{CopyID: c.ID, LineID: l.ID}); err != nil {
			return nil, fmt.Errorf("processing: %w", err)
		}
		c.State = kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyInProcessing, Condition: kiosk.ConditionGood}
		if err := x.tell(kiosk.EventCopyAdded, kiosk.Payload{}, nil, c.State); err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, nil
}

// withdraw ends copies that never came into use. Their barcodes, and the
// numbers they may have had, stay theirs.
func (x *intake) withdraw(ps []kiosk.ProcessingItem, code string) error {
	for _, p := range slices.Backward(ps) {
		s := p.Item.State
		s.Status = kiosk.CopyWithdrawn
		if err := x.tell(kiosk.EventCopyChanged, kiosk.Payload{Comment: x.comment(code)}, &p.Item.State, s); err != nil {
			return err
		}
	}
	return nil
}
