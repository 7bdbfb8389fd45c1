package kiosktest

import (
	"slices"

	"muontra/kiosk"
)

func (v *view) LeftAside() ([]kiosk.LeftAside, error) {
	events, err := v.Events(0, len(v.d.events))
	if err != nil {
		return nil, err
	}
	last := map[kiosk.ID]kiosk.Event{} // by copy: what was done with it last, and stands
	for _, e := range events {
		if e.CopyID == "" || !slices.Contains(kiosk.HandlingEvents, e.Type) {
			continue
		}
		if !slices.ContainsFunc(events, func(u kiosk.Event) bool {
			return u.Type == kiosk.EventUndone && u.CopyID == e.CopyID && u.Payload.Reverses == e.Seq
		}) {
			last[e.CopyID] = e
		}
	}
	var all []kiosk.LeftAside
	for _, e := range events {
		if e.CopyID == "" || last[e.CopyID].Seq != e.Seq {
			continue
		}
		switch e.Type {
		case kiosk.EventHoldOver, kiosk.EventHoldCancelled:
			all = append(all, kiosk.LeftAside{CopyID: e.CopyID, Ref: e.PatronRef, Since: e.OccurredAt})
		case kiosk.EventReturned, kiosk.EventHoldReady, kiosk.EventCopyChanged:
			if e.Payload.Lending == nil {
				continue
			}
			for _, h := range e.Payload.Lending.Holds {
				now, err := v.d.holds.get("hold", h.After.ID)
				if err != nil {
					return nil, err
				}
				if now.Status == kiosk.HoldFulfilled && now.CopyID == e.CopyID {
					all = append(all, kiosk.LeftAside{CopyID: e.CopyID, Ref: now.PatronRef, Since: e.OccurredAt})
				}
			}
		}
	}
	return all, nil
}
