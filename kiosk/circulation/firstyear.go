package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// FirstYear keeps the days of the school year that contains today, under the name
// that it is given. A name or first day that the year cannot have is a
// *kiosk.FieldError.
func (d *Desk) FirstYear(ctx context.Context, a kiosk.Attempt, y kiosk.SchoolYear) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (kiosk.ID, error) {
		y.ID = x.rules.Year.ID
		if y.ID == "" {
			y.ID = x.NewID()
		}
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
