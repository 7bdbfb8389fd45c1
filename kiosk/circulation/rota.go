package circulation

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// PutActivities writes several down as one event, as the rota of a year: new ones
// without an ID, the others in place of those with it; one that is removed is taken
// away. It answers what they are now, and what those with an ID were. look refuses
// when what is stored is not what the caller saw.
func (d *Desk) PutActivities(ctx context.Context, a kiosk.Attempt, all []kiosk.Activity, look func(kiosk.View) error) (now, before []kiosk.Activity, err error) {
	type answer struct {
		Now    []kiosk.Activity `json:"now"`
		Before []kiosk.Activity `json:"before"`
	}
	done, err := takeIn(ctx, d, a, func(x *intake) (answer, error) {
		var done answer
		if look != nil {
			if err := look(x); err != nil {
				return done, err
			}
		}
		for _, act := range all {
			if act.ID == "" {
				act.ID = x.NewID()
			} else {
				was, err := x.Activity(act.ID)
				if err != nil {
					return done, fmt.Errorf("activity: %w", err)
				}
				done.Before = append(done.Before, was)
				act.Kind = was.Kind
			}
			act.By, act.Result = x.Staff, act.Outcome()
			if !act.Removed {
				if err := x.checkActivity(&act); err != nil {
					return done, err
				}
			}
			done.Now = append(done.Now, act)
		}
		if len(done.Now) == 0 {
			return done, nil
		}
		return done, x.record(kiosk.EventActivity, kiosk.Records{Activities: done.Now})
	})
	return done.Now, done.Before, err
}
