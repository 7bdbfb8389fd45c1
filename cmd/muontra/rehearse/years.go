package rehearse

import (
	"context"
	"fmt"
	"time"
)

// years goes through the school days of all years, and from one to the next.
func (r *rehearsal) years(ctx context.Context) error {
	first := r.now
	for y := range r.Years {
		days := schoolDays(first.AddDate(y, 0, 0))
		if r.Days > 0 {
			days = spread(days, (r.Days+r.Years-1-y)/r.Years)
		}
		for i, at := range days {
			if !r.ended.After(time.Now()) && r.Limit > 0 {
				return nil
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			if i == 0 && y > 0 {
				if err := r.turn(ctx, at.Add(-time.Hour)); err != nil {
					return err
				}
			}
			if at.After(r.now) {
				r.now = at
			}
			if err := r.day(ctx, at); err != nil {
				return fmt.Errorf("%s: %w", at.Format(time.DateOnly), err)
			}
		}
	}
	return nil
}

// schoolDays are those of a year, from its first to the end of May.
func schoolDays(first time.Time) (all []time.Time) {
	for d := range 270 {
		at := first.AddDate(0, 0, d)
		if w := at.Weekday(); w != time.Saturday && w != time.Sunday {
			all = append(all, at)
		}
	}
	return all
}

// spread is n of the days, as far from each other as can be, the first among them.
func spread(days []time.Time, n int) (some []time.Time) {
	n = min(n, len(days))
	for i := range n {
		some = append(some, days[i*len(days)/n])
	}
	return some
}
