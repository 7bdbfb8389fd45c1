package kiosktest

import "muontra/kiosk"

// refers reports whether a row of a table refers to what is to go.
func refers[V any](t *table[V], of func(V) bool) bool {
	for _, v := range t.rows {
		if of(v) {
			return true
		}
	}
	return false
}

func (t *tx) DropTitle(id kiosk.ID) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.titles.get("title", id); err != nil {
		return err
	}
	if refers(&t.d.titles, func(x kiosk.Title) bool { return x.MergedInto == id }) ||
		refers(&t.d.copies, func(c kiosk.Copy) bool { return c.TitleID == id }) ||
		refers(&t.d.lines, func(l kiosk.TextbookLine) bool { return l.TitleID == id }) ||
		refers(&t.d.holds, func(h kiosk.Hold) bool { return h.TitleID == id }) ||
		refers(&t.d.receiptLines, func(l kiosk.ReceiptLine) bool { return l.TitleID == id }) ||
		refers(&t.d.subscribed, func(s kiosk.Subscription) bool { return s.TitleID == id }) ||
		refers(&t.d.lessons, func(l kiosk.Lesson) bool { return l.TitleID == id }) {
		return conflict("title %s is used", id)
	}
	t.d.titles.drop(t, id)
	return nil
}

func (t *tx) DropSet(id kiosk.ID) (err error) {
	defer t.whole(&err)()
	s, err := t.d.sets.get("set", id)
	if err != nil {
		return err
	}
	if refers(&t.d.copies, func(c kiosk.Copy) bool { return c.SetID == id }) {
		return conflict("set %s is used", id)
	}
	if s.Barcode != "" {
		dropKey(t, t.d.barcodes, s.Barcode)
	}
	t.d.sets.drop(t, id)
	return nil
}

func (t *tx) DropTextbookLine(id kiosk.ID) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.lines.get("textbook line", id); err != nil {
		return err
	}
	quantities := false
	for k := range t.d.records.Quantities {
		quantities = quantities || k.Line == id
	}
	if quantities || refers(&t.d.handouts, func(h kiosk.Handout) bool { return h.LineID == id }) ||
		refers(&t.d.lessons, func(l kiosk.Lesson) bool { return l.LineID == id }) {
		return conflict("textbook line %s is used", id)
	}
	t.d.lines.drop(t, id)
	return nil
}
