package circulation

import (
	"context"
	"encoding/json"

	"muontra/kiosk"
)

// SetPageSetting keeps what a page of figures or lists goes by, under its key, as
// JSON: the rules of weeding, the goals of the targets, the seats of the room.
func (d *Desk) SetPageSetting(ctx context.Context, a kiosk.Attempt, key string, value any) error {
	after, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return d.ChangePageSetting(ctx, a, key, func(string) (string, error) { return string(after), nil })
}

// ChangePageSetting is SetPageSetting for who must know what is kept: change gets
// it as JSON, "" for nothing, and gives what is to be kept, in the same
// transaction.
func (d *Desk) ChangePageSetting(ctx context.Context, a kiosk.Attempt, key string, change func(string) (string, error)) error {
	return set(ctx, d, a, setting[string]{
		part:   kiosk.SettingPart(key),
		change: change,
		read:   func(x *intake) (string, error) { return x.Setting(key) },
		put:    func(x *intake, text string) error { return x.PutSetting(key, text) },
	})
}
