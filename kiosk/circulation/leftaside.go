package circulation

import (
	"fmt"
	"slices"

	"muontra/kiosk"
)

// leftAside is what is known of a copy that lies where it was set aside for a
// hold that is over.
func (x *intake) leftAside(id kiosk.ID) (kiosk.LeftAside, bool, error) {
	all, err := x.LeftAside()
	if err != nil {
		return kiosk.LeftAside{}, false, fmt.Errorf("copies left aside: %w", err)
	}
	n := slices.IndexFunc(all, func(a kiosk.LeftAside) bool { return a.CopyID == id })
	if n < 0 {
		return kiosk.LeftAside{}, false, nil
	}
	return all[n], true, nil
}

// keptFor is the hold for which a copy is set aside today, zero for none.
func (x *intake) keptFor(i kiosk.Item) (kiosk.Hold, error) {
	queue, err := x.HoldsOf(i.TitleID)
	if err != nil {
		return kiosk.Hold{}, fmt.Errorf("holds: %w", err)
	}
	n := slices.IndexFunc(queue, func(h kiosk.Hold) bool { return h.CopyID == i.ID && !h.Over(x.today) })
	if n < 0 {
		return kiosk.Hold{}, nil
	}
	return queue[n], nil
}

// setAsideAgain notes that a copy which lay aside for another lies now where the
// hold's own patron finds it; 0 when it had not lain there.
func (x *intake) setAsideAgain(i kiosk.Item, h kiosk.Hold) (int64, error) {
	if _, aside, err := x.leftAside(i.ID); err != nil || !aside {
		return 0, err
	}
	x.event.Type, x.event.PatronRef, x.event.CopyID, x.event.Payload.Hold = kiosk.EventHoldReady, h.PatronRef, i.ID, h.ID
	if err := x.changeHold(&h, h); err != nil { // no change, so that the undo leaves it as it is
		return 0, err
	}
	err := x.append()
	return x.event.Seq, err
}
