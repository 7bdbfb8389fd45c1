package circulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// ShelveByScan is the scan of a label while books are put on their shelves: the
// label is proven, and the copy stands where the answer says. A copy that came
// without a receipt has its label proven too. One that is kept for somebody is
// not shelved: the answer says for which hold it is to be set aside. What cannot be shelved is a
// *kiosk.StepError.
func (d *Desk) ShelveByScan(ctx context.Context, a kiosk.Attempt, code string) (kiosk.Shelved, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Shelved, error) {
		item, err := x.scanned(code)
		if errors.Is(err, kiosk.ErrNotFound) {
			return kiosk.Shelved{}, noShelf(kiosk.StepUnknown, kiosk.CopyView{Barcode: kiosk.Escaped(code)})
		}
		if err != nil {
			return kiosk.Shelved{}, err
		}
		p, err := x.inProcessing(item.ID)
		if err != nil {
			return kiosk.Shelved{}, err
		}
		why, err := x.againstShelf(p)
		if err != nil {
			return kiosk.Shelved{}, err
		}
		if why != "" {
			return kiosk.Shelved{}, noShelf(why, *item.View())
		}
		var done kiosk.Shelved
		kept, err := x.keptFor(p.Item)
		if err != nil {
			return done, err
		}
		if kept.ID != "" {
			event, err := x.setAsideAgain(p.Item, kept)
			return kiosk.Shelved{Item: p.Item, For: kept, Event: event}, err
		}
		for _, step := range []kiosk.Step{kiosk.StepLabel, kiosk.StepShelve} {
			changed, err := x.tick(&p, step)
			if err != nil {
				return kiosk.Shelved{}, err
			}
			if changed {
				done.Ticked = append(done.Ticked, step)
			}
		}
		if done.Event, err = x.shelved(&p.Item); err != nil {
			return kiosk.Shelved{}, err
		}
		done.Item = p.Item
		done.Place, err = x.placeOf(p.Item)
		return done, err
	})
}

func noShelf(why kiosk.StepReason, c kiosk.CopyView) error {
	return &kiosk.StepError{Step: kiosk.StepShelve, Refusals: []kiosk.StepRefusal{{Reason: why, Copy: c}}}
}

// scanned is the copy of a code, by its barcode or its accession number.
func (x *intake) scanned(code string) (kiosk.Item, error) {
	code, err := kiosk.NormalizeCode(code)
	if err != nil {
		return kiosk.Item{}, kiosk.ErrNotFound // what is no barcode is no copy's
	}
	item, err := x.ItemByBarcode(code)
	if acc, ok := kiosk.AccessionOf(code); ok && errors.Is(err, kiosk.ErrNotFound) {
		item, err = x.ItemByAccession(acc)
	}
	if err != nil {
		return item, fmt.Errorf("copy: %w", err)
	}
	return item, nil
}

func (x *intake) againstShelf(p kiosk.ProcessingItem) (kiosk.StepReason, error) {
	s := p.Item.State
	switch why := ended(s); {
	case why != "":
		return why, nil
	case p.LineID != "" && p.Registered.IsZero(), s.Status == kiosk.CopyInProcessing:
		return kiosk.StepNotRegistered, nil
	case s.Status == kiosk.CopyInRepair:
		return kiosk.StepInRepair, nil
	}
	_, err := x.OpenLoan(p.CopyID)
	if errors.Is(err, kiosk.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("open loan: %w", err)
	}
	return kiosk.StepOnLoan, nil
}

// placeOf is where a copy stands now, or would at home.
func (x *intake) placeOf(i kiosk.Item) (kiosk.Place, error) {
	pp, err := x.Places()
	if err != nil {
		return kiosk.Place{}, fmt.Errorf("places: %w", err)
	}
	id := cmp.Or(i.State.Place, i.HomePlace)
	if n := slices.IndexFunc(pp, func(p kiosk.Place) bool { return p.ID == id }); n >= 0 {
		return pp[n], nil
	}
	return kiosk.Place{}, nil
}
