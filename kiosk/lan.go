package kiosk

import "encoding/json"

// LanSetting is the key under which is kept whether other machines of the
// school's network may connect, as JSON: true or false. It holds from the next
// start of the program on.
const LanSetting = "lan"

// LanOf reports whether other machines may connect; they may not until somebody
// has said so.
func LanOf(v View) (on bool, err error) {
	text, err := v.Setting(LanSetting)
	if err != nil || text == "" {
		return false, err
	}
	return on, json.Unmarshal([]byte(text), &on)
}
