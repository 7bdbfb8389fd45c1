package circulation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// SetCorner makes a place a corner, or changes one: its class, keeper, monitors,
// opening days. change gets the stored corner, with only Place set for a new
// one; it must not alter what it is given. What is the same as before leaves no
// event. The keeper and the monitors are given by any of their references and
// kept by the newest.
func (d *Desk) SetCorner(ctx context.Context, a kiosk.Attempt, place kiosk.ID, change func(kiosk.Corner) (kiosk.Corner, error)) (kiosk.Corner, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Corner, error) {
		was, err := x.Corner(place)
		if errors.Is(err, kiosk.ErrNotFound) {
			was = kiosk.Corner{}
		} else if err != nil {
			return was, fmt.Errorf("corner: %w", err)
		}
		given := was
		given.Place = place
		c, err := change(given)
		if err != nil {
			return was, err
		}
		c.Place = place
		if err := x.checkCorner(&c); err != nil {
			return was, err
		}
		if same, err := sameJSON(was, c); same || err != nil {
			return c, err
		}
		x.corner(kiosk.EventCorner, place).Corners = []kiosk.Corner{c}
		return c, x.append()
	})
}

func sameJSON(a, b any) (bool, error) {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return string(x) == string(y), errors.Join(err, err2)
}

// corner begins the event of an act on a corner.
func (x *deed) corner(t kiosk.EventType, place kiosk.ID) *kiosk.CornerChange {
	x.event.Type = t
	x.event.Payload.Corner = &kiosk.CornerChange{Place: place, Source: kiosk.FromDesk}
	return x.event.Payload.Corner
}

func (x *deed) placeByID(id kiosk.ID) (kiosk.Place, error) {
	pp, err := x.Places()
	if err != nil {
		return kiosk.Place{}, fmt.Errorf("places: %w", err)
	}
	n := slices.IndexFunc(pp, func(p kiosk.Place) bool { return p.ID == id })
	if n < 0 {
		return kiosk.Place{}, fmt.Errorf("place %s: %w", id, kiosk.ErrNotFound)
	}
	return pp[n], nil
}

func (x *intake) checkCorner(c *kiosk.Corner) error {
	var f form
	p, err := x.placeByID(c.Place)
	if err != nil {
		return err
	}
	if p.Closed && c.Ended.IsZero() || !slices.Contains(kiosk.CornerKinds, p.Kind) {
		f.wrong("place", kiosk.FieldUnknown, nil)
	}
	if c.Class != "" {
		if _, err := x.Class(c.Class); errors.Is(err, kiosk.ErrNotFound) {
			f.wrong("class", kiosk.FieldUnknown, nil)
		} else if err != nil {
			return fmt.Errorf("class: %w", err)
		}
		others, err := x.Corners()
		if err != nil {
			return fmt.Errorf("corners: %w", err)
		}
		if slices.ContainsFunc(others, func(o kiosk.Corner) bool { return o.Class == c.Class && o.Place != c.Place && o.Ended.IsZero() }) && c.Ended.IsZero() {
			return kiosk.ErrClassHasCorner
		}
	}
	if c.Keeper != "" {
		m, err := x.MemberByRef(c.Keeper, x.today)
		switch {
		case errors.Is(err, kiosk.ErrNotFound) || err == nil && m.Category == kiosk.Pupil:
			f.wrong("keeper", kiosk.FieldUnknown, nil)
		case err != nil:
			return fmt.Errorf("keeper: %w", err)
		default:
			c.Keeper = m.Ref
		}
	}
	var helpers []kiosk.ID
	for _, ref := range c.Monitors {
		m, err := x.MemberByRef(ref, x.today)
		switch {
		case errors.Is(err, kiosk.ErrNotFound):
			f.wrong("monitors", kiosk.FieldUnknown, nil)
		case err != nil:
			return fmt.Errorf("monitor: %w", err)
		case !slices.Contains(helpers, m.Ref):
			helpers = append(helpers, m.Ref)
		}
	}
	c.Monitors = helpers
	within(&f, "monitors", len(helpers), 0, kiosk.MaxMonitors)
	if !c.From.IsZero() && !c.Until.IsZero() && c.Until.Before(c.From) {
		f.wrong("until", kiosk.FieldOutOfRange, nil)
	}
	f.text("closing", &c.Closing, kiosk.MaxNoteText)
	return f.failed()
}

// SetCornerTerms changes the policy lines of the corners; loans that are out
// keep their day.
func (d *Desk) SetCornerTerms(ctx context.Context, a kiosk.Attempt, change func([]kiosk.CornerTerms) ([]kiosk.CornerTerms, error)) error {
	return set(ctx, d, a, setting[[]kiosk.CornerTerms]{
		part: kiosk.PartCorners, change: change,
		read: func(x *intake) ([]kiosk.CornerTerms, error) { return kiosk.AllCornerTerms(x) },
		put: func(x *intake, all []kiosk.CornerTerms) error {
			var f form
			for _, t := range all {
				among(&f, "kind", t.Kind, kiosk.CornerKinds)
				within(&f, "days", t.Days, 1, kiosk.MaxCornerDays)
				within(&f, "limit", t.Limit, 0, kiosk.MaxCornerLimit)
			}
			if err := f.failed(); err != nil {
				return err
			}
			b, err := json.Marshal(all)
			if err != nil {
				return err
			}
			return x.PutSetting(kiosk.CornersSetting, string(b))
		},
	})
}

// AddOwnBooks counts books that a class has brought into its corner.
func (d *Desk) AddOwnBooks(ctx context.Context, a kiosk.Attempt, o kiosk.OwnBooks) (kiosk.OwnBooks, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.OwnBooks, error) {
		var f form
		f.text("text", &o.Text, kiosk.MaxText)
		f.given("text", o.Text)
		within(&f, "quantity", o.Quantity, 1, kiosk.MaxOwnBooks)
		if err := f.failed(); err != nil {
			return o, err
		}
		o.ID, o.At, o.GivenBack = x.NewID(), x.now, kiosk.Day{}
		if o.Since.IsZero() {
			o.Since = x.today
		}
		return o, x.changeOwn(o)
	})
}

// GiveBackOwnBooks notes that they went back to the children; taking that back
// counts them again.
func (d *Desk) GiveBackOwnBooks(ctx context.Context, a kiosk.Attempt, place, id kiosk.ID, back bool) (kiosk.OwnBooks, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.OwnBooks, error) {
		all, err := x.OwnBooks(place)
		if err != nil {
			return kiosk.OwnBooks{}, fmt.Errorf("own books: %w", err)
		}
		n := slices.IndexFunc(all, func(o kiosk.OwnBooks) bool { return o.ID == id })
		if n < 0 {
			return kiosk.OwnBooks{}, fmt.Errorf("own books %s: %w", id, kiosk.ErrNotFound)
		}
		o := all[n]
		if back == !o.GivenBack.IsZero() {
			return o, nil
		}
		o.GivenBack = kiosk.Day{}
		if back {
			o.GivenBack = x.today
		}
		return o, x.changeOwn(o)
	})
}

func (x *intake) changeOwn(o kiosk.OwnBooks) error {
	if _, err := x.Corner(o.Place); err != nil {
		return fmt.Errorf("corner: %w", err)
	}
	x.corner(kiosk.EventCorner, o.Place).Own = []kiosk.OwnBooks{o}
	return x.append()
}
