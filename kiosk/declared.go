package kiosk

import "encoding/json"

// DeclaredSetting is the key under which the totals of the past are kept, as the
// school's own papers have them: a [Declared] as JSON; see [View].Setting.
const DeclaredSetting = "declared_totals"

// Declared are totals as somebody has added them up by hand. They are never
// believed, and never corrected either: what differs from what is counted is shown
// beside it (seed I1 to I4).
type Declared []DeclaredLine

// DeclaredLine is what papers say of a kind of stock, or of one of its parts; -1 is
// "they say nothing".
type DeclaredLine struct {
	Kind    Kind   `json:"kind"`
	SubKind string `json:"sub_kind,omitempty"` // of a part
	Titles  int    `json:"titles"`
	Copies  int    `json:"copies"`
	Note    string `json:"note,omitempty"` // what explains a difference, in the librarian's words
}

// DeclaredParts are the sub-kinds into which papers divide a kind.
var DeclaredParts = map[Kind][]string{
	Reference:    {Dictionary, Subject, Law, Ethics, Story, HoChiMinh},
	Professional: {Guidance, Pedagogy, InService},
}

// MaxDeclared bounds a declared total.
const MaxDeclared = 1_000_000

// Of is what is declared of a kind.
func (d Declared) Of(k Kind) DeclaredLine { return d.Part(k, "") }

// Part is what is declared of a part of a kind.
func (d Declared) Part(k Kind, sub string) DeclaredLine {
	for _, l := range d {
		if l.Kind == k && l.SubKind == sub {
			return l
		}
	}
	return DeclaredLine{Kind: k, SubKind: sub, Titles: -1, Copies: -1}
}

// Added are the declared parts of a kind added up: -1 where none is declared.
func (d Declared) Added(k Kind) (titles, copies int) {
	titles, copies = -1, -1
	add := func(to *int, n int) {
		if n >= 0 {
			*to = max(*to, 0) + n
		}
	}
	for _, l := range d {
		if l.Kind == k && l.SubKind != "" {
			add(&titles, l.Titles)
			add(&copies, l.Copies)
		}
	}
	return titles, copies
}

// DeclaredOf reads them.
func DeclaredOf(v View) (d Declared, err error) {
	text, err := v.Setting(DeclaredSetting)
	if err != nil || text == "" {
		return nil, err
	}
	return d, json.Unmarshal([]byte(text), &d)
}
