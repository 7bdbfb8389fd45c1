package kiosktest

import (
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

func (t *tx) PutPatron(p kiosk.Patron) (err error) {
	defer t.whole(&err)()
	if old, ok := t.d.patrons.rows[p.ID]; ok && old.Ref != p.Ref {
		return conflict("patron %s: another reference", p.ID)
	}
	if owner, ok := t.d.refs[p.Ref]; ok && owner != p.ID {
		return conflict("patron %s: reference of another", p.ID)
	}
	if err := errors.Join(given("patron's id, reference or name", string(p.ID), string(p.Ref), p.Name), in("category", p.Category, kiosk.Categories...),
		in("patron status", p.Status, kiosk.PatronActive, kiosk.PatronBlocked, kiosk.PatronLeft), in("sex", p.Sex, "", "f", "m")); err != nil {
		return err
	}
	p.CreatedAt = ms(p.CreatedAt)
	t.d.patrons.put(t, p.ID, p)
	setKey(t, t.d.refs, p.Ref, p.ID)
	return nil
}

func (t *tx) PutCard(c kiosk.Card) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.patrons.get("patron", c.PatronID); err != nil {
		return err
	}
	if err := errors.Join(given("card's id or barcode", string(c.ID), c.Barcode), in("card status", c.Status, kiosk.CardActive, kiosk.CardLost, kiosk.CardExpired)); err != nil {
		return err
	}
	if err := t.barcode(c.ID, t.d.cards.rows[c.ID].Barcode, c.Barcode); err != nil {
		return err
	}
	c.IssuedAt = ms(c.IssuedAt)
	t.d.cards.put(t, c.ID, c)
	return nil
}

func (t *tx) PutClass(c kiosk.Class) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.years.get("school year", c.YearID); err != nil {
		return err
	}
	for _, o := range t.d.classes.rows {
		if o.YearID == c.YearID && o.Name == c.Name && o.ID != c.ID {
			return conflict("class %s", c.Name)
		}
	}
	t.d.classes.put(t, c.ID, c)
	return errors.Join(given("class's name", c.Name), natural("grade", c.Grade))
}

func (t *tx) PutEnrolment(e kiosk.Enrolment) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.patrons.get("patron", e.PatronID); err != nil {
		return err
	}
	c, err := t.d.classes.get("class", e.ClassID)
	if err != nil {
		return err
	}
	if c.YearID != e.YearID {
		return missing("class "+c.Name+" in year", e.YearID)
	}
	t.d.enrolments.put(t, e.ID, e)
	return nil
}

func (t *tx) PutTitle(b kiosk.Title) (err error) {
	defer t.whole(&err)()
	if err := errors.Join(given("title's id or title", string(b.ID), b.Title), natural("pages, year or grade", b.Pages, b.Year, b.Grade), natural("price", b.Price)); err != nil {
		return err
	}
	if !slices.Contains(append([]kiosk.Scheme{""}, kiosk.Schemes...), b.ClassScheme) {
		return fmt.Errorf("title: scheme %q", b.ClassScheme)
	}
	if err := t.d.titles.need("title", b.MergedInto); err != nil {
		return err
	}
	if b.MergedInto == b.ID {
		return fmt.Errorf("title %s is merged into itself", b.ID)
	}
	b.Relators = b.TidyRelators()
	b.Authors, b.Subjects = someOf(b.Authors), someOf(b.Subjects)
	t.d.titles.put(t, b.ID, b)
	return nil
}

// someOf is a copy of ss, nil when there are none.
func someOf(ss []string) []string {
	if len(ss) == 0 {
		return nil
	}
	return slices.Clone(ss)
}

func (t *tx) PutCopy(c kiosk.Copy) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.titles.get("title", c.TitleID); err != nil {
		return err
	}
	if err := t.d.places.need("place", c.HomePlace); err != nil {
		return err
	}
	if err := t.d.sets.need("set", c.SetID); err != nil {
		return err
	}
	if err := errors.Join(given("copy's id or barcode", string(c.ID), c.Barcode), in("kind", c.Kind, kiosk.Kinds...), natural("price", c.Price)); err != nil {
		return err
	}
	if err := t.barcode(c.ID, t.d.copies.rows[c.ID].Barcode, c.Barcode); err != nil {
		return err
	}
	if c.Accession != "" {
		c.Accession, _, _ = numberOf(c.Accession)
		if owner := t.d.accessions[c.Accession].copyID; owner != "" && owner != c.ID && !t.m.dropped[accessionStays] {
			return conflict("accession %s", c.Accession)
		}
		t.takeNumber(c.Accession, c.ID)
	}
	c.State = kiosk.CopyState{}
	t.d.copies.put(t, c.ID, c)
	return nil
}

func (t *tx) PutSet(s kiosk.BookSet) (err error) {
	defer t.whole(&err)()
	if err := given("set's id or name", string(s.ID), s.Name); err != nil {
		return err
	}
	if err := t.barcode(s.ID, t.d.sets.rows[s.ID].Barcode, s.Barcode); err != nil {
		return err
	}
	t.d.sets.put(t, s.ID, s)
	return nil
}

func (t *tx) PutTextbookLine(l kiosk.TextbookLine) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.titles.get("title", l.TitleID); err != nil {
		return err
	}
	if err := t.d.places.need("place", l.PlaceID); err != nil {
		return err
	}
	if l.To < l.From {
		return fmt.Errorf("textbook line: from %d to %d", l.From, l.To)
	}
	if c := t.counted(l); c.HandedOut+c.Lost > max(l.Quantity, 0) {
		return conflict("textbook line %s", l.ID)
	}
	t.d.lines.put(t, l.ID, l.Bare())
	return natural("quantity", l.Quantity, l.From)
}

func (t *tx) PutHold(h kiosk.Hold) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.titles.get("title", h.TitleID); err != nil {
		return err
	}
	if err := t.d.copies.need("copy", h.CopyID); err != nil {
		return err
	}
	if _, ok := t.d.refs[h.PatronRef]; !ok {
		return missing("patron ref", h.PatronRef)
	}
	for _, o := range t.d.holds.rows {
		if h.Status == kiosk.HoldReady && h.CopyID != "" && o.ID != h.ID && o.CopyID == h.CopyID && o.Status == kiosk.HoldReady {
			return conflict("copy %s is set aside", h.CopyID)
		}
	}
	h.PlacedAt = ms(h.PlacedAt)
	t.d.holds.put(t, h.ID, h)
	return in("hold status", h.Status, kiosk.HoldWaiting, kiosk.HoldReady, kiosk.HoldFulfilled, kiosk.HoldCancelled)
}
