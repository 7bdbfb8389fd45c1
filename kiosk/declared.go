package kiosk

import "encoding/json"

// DeclaredSetting is the key under which the totals of the past are kept, as the
// school's own papers have them: a [Declared] as JSON; see [View].Setting.
const DeclaredSetting = "declared_totals"

// Declared are totals as somebody has added them up by hand. They are never
// believed, and never corrected either: what differs from what is counted is shown
// beside it (seed I1 to I4).
type Declared []DeclaredLine

// DeclaredLine is what papers say of a kind of stock; -1 is "they say nothing".
type DeclaredLine struct {
	Kind   Kind   `json:"kind"`
	Titles int    `json:"titles"`
	Copies int    `json:"copies"`
	Note   string `json:"note,omitempty"` // what explains a difference, in the librarian's words
}

// MaxDeclared bounds a declared total.
const MaxDeclared = 1_000_000

// Of is what is declared of a kind.
func (d Declared) Of(k Kind) DeclaredLine {
	for _, l := range d {
		if l.Kind == k {
			return l
		}
	}
	return DeclaredLine{Kind: k, Titles: -1, Copies: -1}
}

// DeclaredOf reads them.
func DeclaredOf(v View) (d Declared, err error) {
	text, err := v.Setting(DeclaredSetting)
	if err != nil || text == "" {
		return nil, err
	}
	return d, json.Unmarshal([]byte(text), &d)
}
