package circulation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// SetTrolley chooses the place where books lie that have come back, or with ""
// none. A place that is closed or a corner is a *kiosk.FieldError. What lies at
// the place that it was before stays there until it is shelved.
func (d *Desk) SetTrolley(ctx context.Context, a kiosk.Attempt, change func(kiosk.Trolley) (kiosk.Trolley, error)) error {
	return set(ctx, d, a, setting[kiosk.Trolley]{
		part: kiosk.PartTrolley, change: change,
		read: func(x *intake) (kiosk.Trolley, error) { return kiosk.TrolleyOf(x) },
		put: func(x *intake, t kiosk.Trolley) error {
			if _, ok, err := x.trolleyPlace(t); err != nil || !ok && t.Place != "" {
				return errors.Join(err, &kiosk.FieldError{Field: "place", Problem: kiosk.FieldUnknown})
			}
			text, err := json.Marshal(t)
			if err != nil {
				return err
			}
			return x.PutSetting(kiosk.TrolleySetting, string(text))
		},
	})
}

// trolleyPlace is the trolley's place, if there is one that can be used.
func (x *deed) trolleyPlace(t kiosk.Trolley) (kiosk.Place, bool, error) {
	if t.Place == "" {
		return kiosk.Place{}, false, nil
	}
	p, err := x.placeByID(t.Place)
	if errors.Is(err, kiosk.ErrNotFound) {
		return p, false, nil
	}
	return p, err == nil && !p.Closed && slices.Contains(kiosk.TrolleyKinds, p.Kind), err
}

// toTrolley is where the return under way leaves the copy, and the trolley's
// name where it is that.
func (x *deed) toTrolley(i kiosk.Item) (place kiosk.ID, name string, err error) {
	t, err := kiosk.TrolleyOf(x)
	if err != nil {
		return "", "", fmt.Errorf("trolley: %w", err)
	}
	if !t.Takes(i) {
		return i.State.Place, "", nil
	}
	p, ok, err := x.trolleyPlace(t)
	if err != nil || !ok {
		return i.State.Place, "", err
	}
	return p.ID, p.Name, nil
}

// offTrolley is the copy's state once it does not lie on the trolley.
func (x *deed) offTrolley(i kiosk.Item) (kiosk.CopyState, error) {
	s := i.State
	if s.Place == i.HomePlace { // nearly always: nothing has to be read for it
		return s, nil
	}
	t, err := kiosk.TrolleyOf(x)
	if err != nil {
		return s, fmt.Errorf("trolley: %w", err)
	}
	if t.Has(i) {
		s.Place = i.HomePlace
	}
	return s, nil
}

// ShelveFromTrolley notes that copies which lay on the trolley, or aside for
// somebody who did not come, are on their shelves; the answer is the events, one
// a copy. Those that lie at neither, are kept for somebody or are not to be lent
// now are left.
func (d *Desk) ShelveFromTrolley(ctx context.Context, a kiosk.Attempt, copies []kiosk.ID) ([]int64, error) {
	return takeIn(ctx, d, a, func(x *intake) ([]int64, error) {
		events := []int64{}
		for _, id := range copies {
			i, err := x.Item(id)
			if err != nil {
				return nil, fmt.Errorf("copy: %w", err)
			}
			kept, err := x.keptFor(i)
			if err != nil {
				return nil, err
			}
			if i.State.Status != kiosk.CopyAvailable || kept.ID != "" {
				continue
			}
			seq, err := x.shelved(&i)
			if err != nil {
				return nil, err
			}
			if seq != 0 {
				events = append(events, seq)
			}
		}
		return events, nil
	})
}

// shelved notes that a copy has gone to its shelf from the trolley, or from
// where it lay aside; 0 when it lay at neither.
func (x *intake) shelved(i *kiosk.Item) (int64, error) {
	home, err := x.offTrolley(*i)
	if err != nil {
		return 0, err
	}
	if home == i.State {
		if _, aside, err := x.leftAside(i.ID); err != nil || !aside {
			return 0, err
		}
	}
	if err := x.tell(kiosk.EventShelved, kiosk.Payload{}, &i.State, home); err != nil {
		return 0, err
	}
	i.State = home
	return x.events[len(x.events)-1].Seq, nil
}
