package circulation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// SetHoldTerms changes the terms of holds. Copies that are kept already keep
// their day.
func (d *Desk) SetHoldTerms(ctx context.Context, a kiosk.Attempt, change func(kiosk.HoldTerms) (kiosk.HoldTerms, error)) error {
	return set(ctx, d, a, setting[kiosk.HoldTerms]{
		part: kiosk.PartHolds, change: change,
		read: func(x *intake) (kiosk.HoldTerms, error) { return kiosk.HoldTermsOf(x) },
		put: func(x *intake, t kiosk.HoldTerms) error {
			var f form
			within(&f, "days", t.Days, 1, kiosk.MaxHoldDays)
			within(&f, "most", t.Most, 1, kiosk.MaxHolds)
			if err := f.failed(); err != nil {
				return err
			}
			b, err := json.Marshal(t)
			if err != nil {
				return err
			}
			return x.PutSetting(kiosk.HoldsSetting, string(b))
		},
	})
}

// PlaceHold puts the patron at the end of the title's queue. A *kiosk.HoldError
// says why not.
func (d *Desk) PlaceHold(ctx context.Context, a kiosk.Attempt, patron, title kiosk.ID) (kiosk.HoldDone, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.HoldDone, error) {
		var done kiosk.HoldDone
		p, err := x.Patron(patron)
		if err != nil {
			return done, fmt.Errorf("patron: %w", err)
		}
		m, err := x.MemberByRef(p.Ref, x.today)
		if err != nil {
			return done, fmt.Errorf("patron: %w", err)
		}
		if _, err := x.livingTitle(title); err != nil {
			return done, err
		}
		queue, err := x.HoldsOf(title)
		if err != nil {
			return done, fmt.Errorf("holds: %w", err)
		}
		if err := x.mayHold(m, title, queue); err != nil {
			return done, err
		}
		h := kiosk.Hold{ID: x.NewID(), TitleID: title, PatronRef: m.Ref, PlacedAt: x.now, Status: kiosk.HoldWaiting}
		x.event.Type, x.event.PatronRef, x.event.Payload.Hold = kiosk.EventHoldPlaced, m.Ref, h.ID
		if err := x.changeHold(nil, h); err != nil {
			return done, err
		}
		err = x.append()
		return kiosk.HoldDone{Hold: h.ID, Event: x.event.Seq, Nth: len(queue) + 1}, err
	})
}

func (x *intake) mayHold(m kiosk.Member, title kiosk.ID, queue []kiosk.Hold) error {
	no := func(p kiosk.HoldProblem, f kiosk.Facts) error { return &kiosk.HoldError{Problem: p, Facts: f} }
	if v := kiosk.CanEnter(m); v.Says() != kiosk.Yes {
		return no(kiosk.HoldNoCard, nil)
	}
	if slices.ContainsFunc(queue, func(h kiosk.Hold) bool { return h.PatronRef == m.Ref }) {
		return no(kiosk.HoldTwice, nil)
	}
	terms, err := kiosk.HoldTermsOf(x)
	if err != nil {
		return fmt.Errorf("terms of holds: %w", err)
	}
	mine, err := x.OpenHoldsOf(m.Ref)
	if err != nil {
		return fmt.Errorf("holds: %w", err)
	}
	if len(mine) >= terms.Most {
		return no(kiosk.HoldTooMany, kiosk.Facts{"max": terms.Most})
	}
	items, err := x.ItemsOfTitle(title)
	if err != nil {
		return fmt.Errorf("copies: %w", err)
	}
	lends := false
	for _, i := range items {
		line := x.rules.Policies.For(m.Category, i.Kind, i.SubKind)
		gone := i.State.Status == kiosk.CopyWithdrawn || i.State.Status == kiosk.CopyLost
		lends = lends || !gone && !line.NotForLoan && !line.OnSiteOnly && (!line.EntitledOnly || m.Entitled)
		l, err := x.OpenLoan(i.ID)
		if err == nil && l.PatronRef == m.Ref {
			return no(kiosk.HoldHasIt, nil)
		}
		if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return fmt.Errorf("open loan: %w", err)
		}
	}
	if !lends {
		return no(kiosk.HoldNoCopies, nil)
	}
	return nil
}

// CancelHold takes a patron out of the queue. A copy that was kept goes to the
// next who waits.
func (d *Desk) CancelHold(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.HoldDone, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.HoldDone, error) {
		h, err := x.openHold(id)
		if err != nil {
			return kiosk.HoldDone{}, err
		}
		if err := x.endHold(h, kiosk.EventHoldCancelled); err != nil {
			return kiosk.HoldDone{}, err
		}
		done := kiosk.HoldDone{Hold: id, Event: x.event.Seq, Copy: h.CopyID}
		if edits := x.event.Payload.Lending.Holds; len(edits) > 1 {
			done.Next = edits[1].After.ID
		}
		return done, nil
	})
}

func (x *intake) openHold(id kiosk.ID) (kiosk.Hold, error) {
	h, err := x.Hold(id)
	if err != nil {
		return h, fmt.Errorf("hold: %w", err)
	}
	if h.Status != kiosk.HoldWaiting && h.Status != kiosk.HoldReady {
		return h, &kiosk.HoldError{Problem: kiosk.HoldEnded}
	}
	return h, nil
}

// endHold ends a hold by an event of its own and keeps its copy for the next.
func (x *intake) endHold(h kiosk.Hold, t kiosk.EventType) error {
	x.event.Type, x.event.PatronRef, x.event.CopyID, x.event.Payload.Hold = t, h.PatronRef, h.CopyID, h.ID
	after := h
	after.Status, after.CopyID, after.Until = kiosk.HoldCancelled, "", kiosk.Day{}
	if err := x.changeHold(&h, after); err != nil {
		return err
	}
	if h.CopyID != "" {
		item, err := x.Item(h.CopyID)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		queue, err := x.HoldsOf(h.TitleID)
		if err != nil {
			return fmt.Errorf("holds: %w", err)
		}
		if err := x.keepForNext(item, queue); err != nil {
			return err
		}
	}
	return x.append()
}

// endHolds ends those whose copies nobody came for in time.
func (x *intake) endHolds() error {
	all, err := x.OpenHolds()
	if err != nil {
		return fmt.Errorf("holds: %w", err)
	}
	blank := x.event
	for _, h := range all {
		if !h.Over(x.today) {
			continue
		}
		x.event = blank
		if err := x.endHold(h, kiosk.EventHoldOver); err != nil {
			return err
		}
	}
	x.event = blank
	return nil
}

// keepForNext keeps a copy that has just become free for the first who waits.
// One that is damaged or not for lending now is not promised to anybody.
func (x *deed) keepForNext(i kiosk.Item, queue []kiosk.Hold) error {
	next, waits := kiosk.NextHold(queue)
	if !waits || i.State.Status != kiosk.CopyAvailable && i.State.Status != kiosk.CopyLost {
		return nil
	}
	return x.keepFor(next, i.ID)
}

func (x *deed) keepFor(h kiosk.Hold, copyID kiosk.ID) error {
	terms, err := kiosk.HoldTermsOf(x)
	if err != nil {
		return fmt.Errorf("terms of holds: %w", err)
	}
	after := h
	after.Status, after.CopyID, after.Until = kiosk.HoldReady, copyID, terms.Until(x.today, x.rules.Calendar)
	return x.changeHold(&h, after)
}

// SetAside keeps a copy that stands on the shelf, found by its barcode or
// accession number, for a hold.
func (d *Desk) SetAside(ctx context.Context, a kiosk.Attempt, id kiosk.ID, code string) (kiosk.HoldDone, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.HoldDone, error) {
		var done kiosk.HoldDone
		h, err := x.openHold(id)
		if err != nil {
			return done, err
		}
		i, err := x.itemByCode(code)
		if err != nil {
			return done, err
		}
		queue, err := x.HoldsOf(h.TitleID)
		if err != nil {
			return done, fmt.Errorf("holds: %w", err)
		}
		if slices.ContainsFunc(queue, func(o kiosk.Hold) bool { return o.CopyID == i.ID }) {
			return done, &kiosk.HoldError{Problem: kiosk.HoldKept}
		}
		_, err = x.OpenLoan(i.ID)
		if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return done, fmt.Errorf("open loan: %w", err)
		}
		if err == nil || i.TitleID != h.TitleID || i.State.Status != kiosk.CopyAvailable {
			return done, &kiosk.HoldError{Problem: kiosk.HoldNotHere}
		}
		x.event.Type, x.event.PatronRef, x.event.CopyID, x.event.Payload.Hold = kiosk.EventHoldReady, h.PatronRef, i.ID, h.ID
		if err := x.keepFor(h, i.ID); err != nil {
			return done, err
		}
		// It may have been fetched from the trolley: nobody is to put it on its shelf.
		off, err := x.offTrolley(i)
		if err != nil {
			return done, err
		}
		if off != i.State {
			x.changeCopy(i.State, off)
		}
		err = x.append()
		return kiosk.HoldDone{Hold: id, Event: x.event.Seq}, err
	})
}

// itemByCode is a copy by its barcode or accession number.
func (x *intake) itemByCode(code string) (kiosk.Item, error) {
	i, err := x.ItemByBarcode(code)
	if errors.Is(err, kiosk.ErrNotFound) {
		if acc, ok := kiosk.AccessionOf(code); ok {
			i, err = x.ItemByAccession(acc)
		}
	}
	if errors.Is(err, kiosk.ErrNotFound) {
		return i, &kiosk.FieldError{Field: "code", Problem: kiosk.FieldUnknown, Facts: kiosk.Facts{"value": kiosk.Escaped(code)}}
	}
	return i, err
}
