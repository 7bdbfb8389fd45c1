package kiosktest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

func (t *tx) putInterloans(r *kiosk.Records) error {
	p := t.d.records
	for _, l := range r.Interloans {
		if err := errors.Join(given("interloan's id", l.ID), given("interloan's day", l.Received.String()), t.d.places.need("place", l.Place)); err != nil {
			return err
		}
		setKey(t, p.Interloans, l.ID, l)
	}
	for _, removed := range []bool{true, false} {
		for _, b := range r.InterloanBooks {
			if b.Removed != removed {
				continue
			}
			if _, ok := p.Interloans[b.Lot]; !ok {
				return missing("interloan", b.Lot)
			}
			if b.Nr < 1 || b.Quantity < 1 || b.GivenBack() < 0 || b.GivenBack() > b.Quantity {
				return fmt.Errorf("book %s of an interloan: %d of %d given back", b.ID, b.GivenBack(), b.Quantity)
			}
			for _, o := range p.InterloanBooks {
				if o.ID != b.ID && o.Lot == b.Lot && (o.Nr == b.Nr || !b.Removed && !o.Removed && b.Code != "" && o.Code == b.Code) {
					return fmt.Errorf("book %s of an interloan: %w", b.ID, kiosk.ErrConflict)
				}
			}
			setKey(t, p.InterloanBooks, b.ID, b)
		}
	}
	return nil
}

func (v *view) Interloan(id kiosk.ID) (kiosk.Interloan, error) {
	l, ok := v.d.records.Interloans[id]
	if !ok {
		return l, missing("interloan", id)
	}
	return l, nil
}

func (v *view) Interloans() ([]kiosk.Interloan, error) {
	var all []kiosk.Interloan
	for _, l := range v.d.records.Interloans {
		if !l.Removed {
			all = append(all, l)
		}
	}
	kiosk.SortInterloans(all)
	return all, nil
}

func (v *view) InterloanBooks(lot kiosk.ID) ([]kiosk.InterloanBook, error) {
	var all []kiosk.InterloanBook
	for _, b := range v.d.records.InterloanBooks {
		if b.Lot == lot && !b.Removed {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b kiosk.InterloanBook) int { return cmp.Compare(a.Nr, b.Nr) })
	return all, nil
}

func (v *view) InterloanBook(id kiosk.ID) (kiosk.InterloanBook, error) {
	b, ok := v.d.records.InterloanBooks[id]
	if !ok {
		return b, missing("book of an interloan", id)
	}
	return b, nil
}

func (v *view) InterloanLines(lot kiosk.ID) (n int, err error) {
	for _, b := range v.d.records.InterloanBooks {
		if b.Lot == lot {
			n = max(n, b.Nr)
		}
	}
	return n, nil
}

func (v *view) InterloanByCode(code string) (kiosk.InterloanBook, error) {
	lots, err := v.Interloans()
	if err != nil {
		return kiosk.InterloanBook{}, err
	}
	for _, l := range lots {
		books, err := v.InterloanBooks(l.ID)
		if err != nil {
			return kiosk.InterloanBook{}, err
		}
		for _, b := range books {
			if code != "" && b.Code == code && b.GivenBack() < b.Quantity {
				return b, nil
			}
		}
	}
	return kiosk.InterloanBook{}, missing("book of another library", kiosk.ID(code))
}
