package kiosktest

import "muontra/kiosk"

// BookSet makes a set of the copies with the barcodes.
func (w *World) BookSet(barcode, name string, members ...string) kiosk.BookSet {
	w.tb.Helper()
	var s kiosk.BookSet
	w.update(func(tx kiosk.Tx) error {
		s = kiosk.BookSet{ID: tx.NewID(), Name: name, Grade: 3, Programme: kiosk.Programme2018, Barcode: barcode}
		if err := tx.PutSet(s); err != nil {
			return err
		}
		for _, code := range members {
			i, err := tx.ItemByBarcode(code)
			if err != nil {
				return err
			}
			i.SetID = s.ID
			if err := tx.PutCopy(i.Copy); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

// Entitle gives a card's holder the right to textbooks, or takes it away.
func (w *World) Entitle(card string, yes bool) {
	w.tb.Helper()
	w.update(func(tx kiosk.Tx) error {
		m, err := tx.MemberByCard(card, w.Today())
		if err != nil {
			return err
		}
		m.Entitled = yes
		return tx.PutPatron(m.Patron)
	})
}
