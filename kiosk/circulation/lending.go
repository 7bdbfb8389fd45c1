package circulation

import (
	"fmt"
	"slices"

	"muontra/kiosk"
)

// changeHold writes a hold and puts it, with what was before it, into the event.
func (x *deed) changeHold(before *kiosk.Hold, after kiosk.Hold) error {
	if err := x.PutHold(after); err != nil {
		return fmt.Errorf("hold: %w", err)
	}
	e := x.lending()
	e.Holds = append(e.Holds, kiosk.HoldEdit{Before: before, After: after})
	return nil
}

// changeCompensation is the same for a compensation.
func (x *deed) changeCompensation(before *kiosk.Compensation, after kiosk.Compensation) error {
	if err := x.PutCompensation(after); err != nil {
		return fmt.Errorf("compensation: %w", err)
	}
	x.lending().Compensation = &kiosk.CompensationEdit{Before: before, After: after}
	return nil
}

// changeRecall is the same for a recall, which tells of itself as it is now.
func (x *deed) changeRecall(after kiosk.Recall) error {
	if err := x.PutRecall(after); err != nil {
		return fmt.Errorf("recall: %w", err)
	}
	x.event.Type = kiosk.EventRecall
	x.lending().Recall, x.lending().Run = after.ID, &after
	return nil
}

func (x *deed) lending() *kiosk.LendingEdit {
	p := &x.event.Payload
	if p.Lending == nil {
		p.Lending = &kiosk.LendingEdit{}
	}
	return p.Lending
}

// lendingStands reports whether the holds and the compensation are as the event
// left them. A hold may have gone over to another title by a merge.
func (x *deed) lendingStands(e *kiosk.LendingEdit) (bool, error) {
	if e == nil {
		return true, nil
	}
	for _, h := range e.Holds {
		now, err := x.Hold(h.After.ID)
		if err != nil {
			return false, fmt.Errorf("hold: %w", err)
		}
		if now.Status != h.After.Status || now.CopyID != h.After.CopyID || now.Until != h.After.Until {
			return false, nil
		}
	}
	if c := e.Compensation; c != nil {
		now, err := x.Compensation(c.After.ID)
		if err != nil {
			return false, fmt.Errorf("compensation: %w", err)
		}
		was := c.After
		now.At, was.At = x.now, x.now
		return now == was, nil
	}
	return true, nil
}

// reverseLending writes back what was before; what the event made is as if it
// had never been.
func (x *deed) reverseLending(e kiosk.LendingEdit) error {
	// Backwards: a copy that went on to the next is free again before it is kept
	// for the first.
	for _, h := range slices.Backward(e.Holds) {
		now, err := x.Hold(h.After.ID)
		if err != nil {
			return fmt.Errorf("hold: %w", err)
		}
		back := now
		back.Status, back.CopyID, back.Until = kiosk.HoldCancelled, "", kiosk.Day{}
		if h.Before != nil {
			back.Status, back.CopyID, back.Until = h.Before.Status, h.Before.CopyID, h.Before.Until
		}
		if err := x.changeHold(&now, back); err != nil {
			return err
		}
	}
	if c := e.Compensation; c != nil {
		back := c.After
		back.Removed = true
		if c.Before != nil {
			back = *c.Before
		}
		return x.changeCompensation(&c.After, back)
	}
	return nil
}
