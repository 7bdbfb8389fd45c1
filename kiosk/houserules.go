package kiosk

import "encoding/json"

// HouseRules are the rules that hang on the library's wall, in the order in
// which they are read (seed R137, R180). Where the school has written none,
// they are empty, and pages show the usual ones.
type HouseRules []string

// HouseRulesSetting is the key under which HouseRules are kept, as a JSON array;
// see [View].Setting.
const HouseRulesSetting = "house_rules"

// The bounds of HouseRules: what a sheet of paper holds in letters that are
// read from two metres.
const (
	MostHouseRules = 15
	MostHouseRule  = 160 // characters of one
)

// HouseRulesOf reads the school's own rules.
func HouseRulesOf(v View) (HouseRules, error) {
	text, err := v.Setting(HouseRulesSetting)
	if err != nil || text == "" {
		return nil, err
	}
	var r HouseRules
	return r, json.Unmarshal([]byte(text), &r)
}
