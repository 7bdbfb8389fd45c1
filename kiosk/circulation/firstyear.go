package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// FirstYear changes the days and the name of the school year that contains today; it
// keeps its identifier. A name or first day that the year cannot have is a
// *kiosk.FieldError.
func (d *Desk) FirstYear(ctx context.Context, a kiosk.Attempt, change func(now kiosk.SchoolYear) (kiosk.SchoolYear, error)) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (kiosk.ID, error) {
		now := x.rules.Year
		if now.ID == "" {
			now.ID = x.NewID()
		}
		y, err := change(now)
		if err != nil {
			return "", err
		}
		y.ID = now.ID
		years, err := x.Years()
		if err != nil {
			return "", fmt.Errorf("school years: %w", err)
		}
		for _, o := range years {
			if o.ID != y.ID && o.Name == y.Name {
				return "", &kiosk.FieldError{Field: "year", Problem: kiosk.FieldMalformed}
			}
		}
		if !y.Contains(x.today) {
			return "", &kiosk.FieldError{Field: "start", Problem: kiosk.FieldMalformed}
		}
		if err := x.PutYear(y); err != nil {
			return "", fmt.Errorf("school year: %w", err)
		}
		return y.ID, nil
	})
	return err
}
