package circulation

import (
	"errors"
	"fmt"

	"muontra/kiosk"
)

// prove ticks the label of a copy that was just scanned: what a scanner has
// read is stuck on. A number typed by hand proves nothing. It costs the kiosk
// something once in the life of a copy.
func (x *deed) prove(i kiosk.Item) error {
	if i.Labelled {
		return nil
	}
	if code, err := kiosk.NormalizeCode(x.Code); err != nil || code != i.Barcode {
		return nil
	}
	i.Labelled = true
	if err := x.PutCopy(i.Copy); err != nil {
		return fmt.Errorf("label: %w", err)
	}
	x.event.Payload.Step = kiosk.StepLabel
	p, err := x.ProcessingOfCopy(i.ID)
	if errors.Is(err, kiosk.ErrNotFound) || err == nil && (p.Registered.IsZero() || !p.Labelled.IsZero()) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("processing: %w", err)
	}
	p.Tick(kiosk.StepLabel, x.today)
	if err := x.PutProcessing(p); err != nil {
		return fmt.Errorf("processing: %w", err)
	}
	return nil
}
