package kiosk

import "encoding/json"

// OldSchemeSetting is the key under which [OldScheme] is kept, as JSON.
const OldSchemeSetting = "old_scheme"

// OldStandards is how many standards the older scheme has: Decision 01/2003 counts five,
// each with points. How many points a standard gives, and how many a title takes, could
// not be read: both are the school's to set.
const OldStandards = 5

// OldScheme is a school's standing by the older scheme of points, which Circular
// 16/2022 replaced: an optional printout beside the self-assessment (seed R59, R157).
type OldScheme struct {
	Most   [OldStandards]float64 `json:"most"`   // points that a standard can give, 0 for not set
	Points [OldStandards]float64 `json:"points"` // that the school gives itself
	Notes  [OldStandards]string  `json:"notes"`
	Titles [3]float64            `json:"titles"` // points in all for each title, the lowest first; 0 for not set
}

// OldSchemeOf is what the school has set; a zero one until it does.
func OldSchemeOf(v View) (o OldScheme, err error) {
	text, err := v.Setting(OldSchemeSetting)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &o)
	}
	return o, err
}

// Sum are the points given, and those that could be.
func (o OldScheme) Sum() (points, most float64) {
	for i := range o.Points {
		points += o.Points[i]
		most += o.Most[i]
	}
	return points, most
}

// Title is the number of the highest title that the points reach, from 1; 0 for none,
// or while no threshold is set.
func (o OldScheme) Title() (n int) {
	points, _ := o.Sum()
	for i, least := range o.Titles {
		if least > 0 && points >= least {
			n = i + 1
		}
	}
	return n
}
