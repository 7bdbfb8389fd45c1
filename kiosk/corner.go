package kiosk

import (
	"encoding/json"
	"slices"
	"time"
)

// Corner makes a place one where books are read and lent away from the library:
// a class corner, the hallway, the garden, the mobile case, and, of the kind
// elsewhere, another library that is sent books. The place gives its name, code
// and box label; what differs between them is settings, not code. A teacher's
// long loan is no corner: it is a loan to the teacher.
//
// Copies that stand in a corner stay the library's: one accession number, one
// history; [CopyState].Place says where they are.
type Corner struct {
	Place    ID             `json:"place"`              // also the corner's key
	Class    ID             `json:"class,omitempty"`    // whose corner it is; "" for the hallway and its like
	Keeper   ID             `json:"keeper,omitempty"`   // the homeroom teacher's patron ref; "" where nobody keeps it
	Monitors []ID           `json:"monitors,omitempty"` // refs of the pupils who help
	Days     []time.Weekday `json:"days,omitempty"`     // on which it is open; none: whenever the school is
	From     Day            `json:"from,omitzero"`      // with Until: the season, for what is outdoors
	Until    Day            `json:"until,omitzero"`
	Honesty  bool           `json:"honesty,omitempty"` // readings are counted, books are not lent by name
	Ended    time.Time      `json:"ended,omitzero"`    // the class was dissolved or split: what is left is called back
	Closing  string         `json:"closing,omitempty"` // with Ended: why, in a person's words
}

// OpenOn reports whether the corner is open on a day. Lending on another day is
// told, never refused: the teacher is there and the child has the book in hand.
func (c Corner) OpenOn(d Day) bool {
	switch {
	case !c.Ended.IsZero(), !c.From.IsZero() && d.Before(c.From), !c.Until.IsZero() && d.After(c.Until):
		return false
	}
	return len(c.Days) == 0 || slices.Contains(c.Days, d.Weekday())
}

// MaxMonitors bounds the helpers of a corner.
const MaxMonitors = 6

// OwnBooks are books that a class has brought into its corner (seed R132): they
// are counted, never accessioned, and given back at the year's end.
type OwnBooks struct {
	ID        ID        `json:"id"`
	Place     ID        `json:"place"`
	Text      string    `json:"text"` // what they are; never whose
	Quantity  int       `json:"quantity"`
	Since     Day       `json:"since"`
	GivenBack Day       `json:"given_back,omitzero"`
	At        time.Time `json:"at"`
}

// MaxOwnBooks bounds one entry of them.
const MaxOwnBooks = 1000

// Reading is a count of readings in a corner: how often books were read there.
type Reading struct {
	ID      ID           `json:"id"`
	Place   ID           `json:"place"`
	Class   ID           `json:"class,omitempty"` // whose pupils read, where that is known
	Day     Day          `json:"day"`
	Count   int          `json:"count"`             // readings
	Readers int          `json:"readers,omitempty"` // pupils who read; 0 when not counted
	Copy    ID           `json:"copy,omitempty"`    // of one book, when it was named
	Source  CornerSource `json:"source"`
	Removed bool         `json:"removed,omitempty"` // taken back: it never counted
}

// MaxReadings bounds one entry: a class in a month.
const MaxReadings = 5000

// CornerSource says how an act in a corner came to be known.
type CornerSource string

// The sources.
const (
	FromDesk  CornerSource = "desk"
	FromKiosk CornerSource = "kiosk" // a corner hour
	FromPhone CornerSource = "phone"
	FromSheet CornerSource = "sheet" // typed in or scanned from paper afterwards
)

// CornerSources lists them all.
var CornerSources = []CornerSource{FromDesk, FromKiosk, FromPhone, FromSheet}

// CornerTerms is the policy line of the corners of one kind.
type CornerTerms struct {
	Kind     PlaceKind `json:"kind"`
	Days     int       `json:"days"`      // how long
	Limit    int       `json:"limit"`     // how many at once from corners, beside what the library lends
	OwnClass bool      `json:"own_class"` // who may: the corner's class alone, or any pupil
}

// CornersSetting is the key under which the lines are kept, as JSON.
const CornersSetting = "corner_terms"

// The bounds of the lines.
const (
	MaxCornerDays  = 60
	MaxCornerLimit = 20
)

// CornerKinds are the places that may be corners.
var CornerKinds = []PlaceKind{ClassCorner, Hallway, Outdoor, MobileCase, Elsewhere}

// DefaultCornerTerms are the lines a school starts with.
func DefaultCornerTerms() []CornerTerms {
	return []CornerTerms{
		{Kind: ClassCorner, Days: 7, Limit: 2, OwnClass: true},
		{Kind: Hallway, Days: 3, Limit: 1},
		{Kind: Outdoor, Days: 1, Limit: 1},
		{Kind: MobileCase, Days: 7, Limit: 1},
		{Kind: Elsewhere, Days: 30, Limit: 0},
	}
}

// CornerTermsOf reads the line that governs corners of a kind.
func CornerTermsOf(v View, k PlaceKind) (CornerTerms, error) {
	all, err := AllCornerTerms(v)
	if err != nil {
		return CornerTerms{}, err
	}
	for _, t := range all {
		if t.Kind == k {
			return t, nil
		}
	}
	return CornerTerms{Kind: k}, nil
}

// AllCornerTerms reads the lines, one of each of CornerKinds.
func AllCornerTerms(v View) ([]CornerTerms, error) {
	all := DefaultCornerTerms()
	text, err := v.Setting(CornersSetting)
	if err != nil || text == "" {
		return all, err
	}
	var kept []CornerTerms
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, err
	}
	for _, k := range kept {
		for i := range all {
			if all[i].Kind == k.Kind {
				all[i] = k
			}
		}
	}
	return all, nil
}

// ErrClassHasCorner refuses a second corner of one class.
var ErrClassHasCorner = staticError("the class has a corner")

// ErrCornerEnded refuses to fill, or to lend in, a corner that was closed.
var ErrCornerEnded = staticError("the corner was closed")
