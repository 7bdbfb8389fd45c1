package kiosktest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

func (v *view) Receipt(id kiosk.ID) (kiosk.Receipt, error) { return v.d.receipts.get("receipt", id) }

func (v *view) Receipts(open bool) ([]kiosk.Receipt, error) {
	rs := slices.DeleteFunc(v.d.receipts.all(), func(r kiosk.Receipt) bool { return open && r.Closed })
	slices.SortFunc(rs, func(a, b kiosk.Receipt) int { return cmp.Compare(b.Entry, a.Entry) })
	return rs, nil
}

func (v *view) ReceiptLine(id kiosk.ID) (kiosk.ReceiptLine, error) {
	return v.d.receiptLines.get("receipt line", id)
}

func (v *view) ReceiptLines(receipt kiosk.ID) ([]kiosk.ReceiptLine, error) {
	return slices.DeleteFunc(v.d.receiptLines.all(), func(l kiosk.ReceiptLine) bool { return l.ReceiptID != receipt }), nil
}

// processingWhere lists copies with their steps, as they stand in the receipts.
func (v *view) processingWhere(keep func(kiosk.Receipt, kiosk.ProcessingItem) bool) []kiosk.ProcessingItem {
	var ps []kiosk.ProcessingItem
	for _, p := range v.d.processing.all() {
		x := kiosk.ProcessingItem{Processing: p, Item: v.item(v.d.copies.rows[p.CopyID])}
		if keep(v.receiptOf(p), x) {
			ps = append(ps, x)
		}
	}
	line := func(p kiosk.ProcessingItem) int { return slices.Index(v.d.receiptLines.order, p.LineID) }
	return sorted(ps, func(p kiosk.ProcessingItem) string {
		r := v.receiptOf(p.Processing)
		_, prefix, n := numberOf(p.Item.Accession)
		unnumbered := p.Item.Accession == ""
		return fmt.Sprintf("%s\x00%09d\x00%09d\x00%t\x00%s\x00%012d\x00%s", r.Date, r.Entry, line(p), unnumbered, prefix, n, p.Item.Accession)
	})
}

func (v *view) receiptOf(p kiosk.Processing) kiosk.Receipt {
	return v.d.receipts.rows[v.d.receiptLines.rows[p.LineID].ReceiptID]
}

func (v *view) ProcessingOf(receipt kiosk.ID) ([]kiosk.ProcessingItem, error) {
	return v.processingWhere(func(r kiosk.Receipt, _ kiosk.ProcessingItem) bool { return r.ID == receipt }), nil
}

func (v *view) Waiting() ([]kiosk.ProcessingItem, error) {
	return v.processingWhere(func(_ kiosk.Receipt, p kiosk.ProcessingItem) bool {
		s := p.Item.State.Status
		return p.Next() != "" && s != kiosk.CopyWithdrawn && s != kiosk.CopyLost
	}), nil
}

func (v *view) ProcessingOfCopy(copyID kiosk.ID) (kiosk.Processing, error) {
	return v.d.processing.get("processing of copy", copyID)
}

func (t *tx) NextReceiptEntry() (int, error) { return len(t.d.receipts.rows) + 1, nil }

func (t *tx) PutReceipt(r kiosk.Receipt) (err error) {
	defer t.whole(&err)()
	for _, o := range t.d.receipts.rows {
		if o.Entry == r.Entry && o.ID != r.ID {
			return conflict("entry %d", r.Entry)
		}
	}
	if o, ok := t.d.receipts.rows[r.ID]; ok && o.Entry != r.Entry {
		return fmt.Errorf("receipt: entry %d becomes %d", o.Entry, r.Entry)
	} else if next := len(t.d.receipts.rows) + 1; !ok && r.Entry != next && !t.m.dropped[entriesFollow] {
		return fmt.Errorf("receipt: entry %d, want %d", r.Entry, next)
	}
	if err := t.d.accounts.need("account", r.CreatedBy); err != nil {
		return err
	}
	if r.DonorClass != "" && r.Source != kiosk.Donation {
		return fmt.Errorf("receipt: donor's class with source %s", r.Source)
	}
	r.CreatedAt = ms(r.CreatedAt)
	t.d.receipts.put(t, r.ID, r)
	return errors.Join(given("receipt's id or date", string(r.ID), r.Date.String()), in("source", r.Source, kiosk.AcquisitionSources...), natural("entry", r.Entry-1))
}

func (t *tx) PutReceiptLine(l kiosk.ReceiptLine) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.receipts.get("receipt", l.ReceiptID); err != nil {
		return err
	}
	if _, err := t.d.titles.get("title", l.TitleID); err != nil {
		return err
	}
	if err := t.d.places.need("place", l.HomePlace); err != nil {
		return err
	}
	t.d.receiptLines.put(t, l.ID, l)
	return errors.Join(given("receipt line's id", l.ID), in("kind", l.Kind, kiosk.Kinds...), natural("quantity", l.Quantity), natural("price", l.Price))
}

func (t *tx) PutProcessing(p kiosk.Processing) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.copies.get("copy", p.CopyID); err != nil {
		return err
	}
	if _, err := t.d.receiptLines.get("receipt line", p.LineID); err != nil {
		return err
	}
	if p.Registered.IsZero() && !(p.Stamped.IsZero() && p.Labelled.IsZero() && p.Shelved.IsZero()) {
		return fmt.Errorf("processing of copy %s: a later step before it is registered", p.CopyID)
	}
	if err := t.registered(p, t.d.states[p.CopyID]); err != nil {
		return err
	}
	t.d.processing.put(t, p.CopyID, p)
	return nil
}

// registered refuses a copy that is available and not registered. The zero
// Processing is that of a copy without a receipt.
func (t *tx) registered(p kiosk.Processing, s kiosk.CopyState) error {
	if p.CopyID != "" && p.Registered.IsZero() && s.Status == kiosk.CopyAvailable && !t.m.dropped[registersFirst] {
		return fmt.Errorf("copy %s is available, but not registered", p.CopyID)
	}
	return nil
}
