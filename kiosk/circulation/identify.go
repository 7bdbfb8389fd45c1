package circulation

import (
	"context"
	"errors"
	"fmt"

	"muontra/kiosk"
)

// Identify says what a normalized code is: a command, a patron's card, a copy
// by its barcode or accession number, the ISBN of a known title, or unknown; of
// what is unknown it says whether another library has lent it.
// Barcodes are opaque, so the ledger's own come first: a school may use
// anything on its cards and labels. No two things have the same, so copies, which
// are scanned most, are looked for first.
func (d *Desk) Identify(ctx context.Context, code string) (kiosk.Identity, error) {
	if c, ok := kiosk.CommandOf(code); ok {
		return kiosk.Identity{Kind: kiosk.KindCommand, Command: c}, nil
	}
	id := kiosk.Identity{Kind: kiosk.KindUnknown}
	err := d.Ledger.View(ctx, func(v kiosk.View) error {
		for _, look := range []func() error{
			func() (err error) {
				id.Item, err = v.ItemByBarcode(code)
				return found(err, &id, kiosk.KindCopy)
			},
			func() error {
				loc, err := kiosk.LocationOf(v)
				if err != nil {
					return err
				}
				id.Member, err = v.MemberByCard(code, kiosk.DayOf(d.Now(), loc))
				return found(err, &id, kiosk.KindPatron)
			},
			func() error {
				set, err := v.SetByBarcode(code)
				if err == nil {
					id.Set = &set
				}
				return found(err, &id, kiosk.KindCopy)
			},
			func() error {
				places, err := v.Places()
				for _, p := range places {
					if p.Barcode != code || p.Closed {
						continue
					}
					c, err := v.Corner(p.ID)
					if err == nil && c.Ended.IsZero() {
						id.Place = p
						id.Kind = kiosk.KindPlace
					}
					return found(err, &id, id.Kind)
				}
				return err
			},
			func() (err error) {
				acc, ok := kiosk.AccessionOf(code)
				if !ok {
					return nil
				}
				id.Item, err = v.ItemByAccession(acc)
				return found(err, &id, kiosk.KindCopy)
			},
			func() error {
				isbn, ok := kiosk.ISBNOf(code)
				if !ok {
					return nil
				}
				tt, err := v.TitlesByISBN(isbn)
				if err != nil || len(tt) == 0 {
					return err
				}
				id.Kind, id.Title = kiosk.KindISBN, tt[0]
				return nil
			},
			func() error { return lentByOthers(v, code, &id) },
		} {
			if err := look(); err != nil {
				return err
			}
			if id.Kind != kiosk.KindUnknown {
				break
			}
		}
		if id.Kind != kiosk.KindCopy {
			return nil
		}
		if id.Set != nil {
			var err error
			id.SetOut, err = loansOfSet(v, id.Set.ID)
			return err
		}
		l, err := v.OpenLoan(id.Item.ID)
		if errors.Is(err, kiosk.ErrNotFound) {
			return nil
		}
		id.Out = &l
		return err
	})
	if err != nil {
		return kiosk.Identity{}, fmt.Errorf("identify %q: %w", code, err)
	}
	return id, nil
}

// lentByOthers finds whose a book is that another library has lent.
func lentByOthers(v kiosk.View, code string, id *kiosk.Identity) error {
	b, err := v.InterloanByCode(code)
	if errors.Is(err, kiosk.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	l, err := v.Interloan(b.Lot)
	id.Interloan = &kiosk.InterloanHere{Book: b, Lender: l.Lender, Due: l.Due}
	return err
}

// found turns "not found" into going on, and a find into its kind.
func found(err error, id *kiosk.Identity, k kiosk.CodeKind) error {
	if err == nil {
		id.Kind = k
		return nil
	}
	if errors.Is(err, kiosk.ErrNotFound) {
		return nil
	}
	return err
}

// Holds reports whether the patron has the copy at home.
func (d *Desk) Holds(ctx context.Context, patron, copyID kiosk.ID) (bool, error) {
	var has bool
	err := d.Ledger.View(ctx, func(v kiosk.View) error {
		l, err := v.OpenLoan(copyID)
		if errors.Is(err, kiosk.ErrNotFound) {
			return nil
		}
		has = err == nil && l.PatronRef == patron
		return err
	})
	return has, err
}
