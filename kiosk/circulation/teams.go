package circulation

import (
	"context"
	"encoding/json"

	"muontra/kiosk"
)

// SetTeams changes who is in the library's teams. The event tells of members by
// their ids, which lead to nobody once somebody is forgotten.
func (d *Desk) SetTeams(ctx context.Context, a kiosk.Attempt, change func(kiosk.Teams) (kiosk.Teams, error)) error {
	return set(ctx, d, a, setting[kiosk.Teams]{
		part: kiosk.PartTeams, change: change,
		read: func(x *intake) (kiosk.Teams, error) { return kiosk.TeamsOf(x) },
		put: func(x *intake, t kiosk.Teams) error {
			text, err := json.Marshal(t)
			if err != nil {
				return err
			}
			return x.PutSetting(kiosk.TeamsSetting, string(text))
		},
	})
}
