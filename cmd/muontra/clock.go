package main

import (
	"context"

	"muontra/kiosk"
)

// clockWrong says whether the PC's clock cannot be right.
func (p *program) clockWrong(ctx context.Context) (wrong kiosk.WrongClock, err error) {
	err = p.store.View(ctx, func(v kiosk.View) error {
		last, err := v.LastRecorded()
		wrong = kiosk.ClockAt(p.cfg.now(), last)
		return err
	})
	return wrong, err
}
