package kiosk

import (
	"encoding/json"
	"fmt"
	"slices"
)

// EventSettings is the event of a part of the settings that was changed; its
// payload has a [SettingChange].
const EventSettings EventType = "setting_changed"

// SettingPart is a part of the school's settings that is changed as a whole.
type SettingPart string

// The parts.
const (
	PartSchool    SettingPart = "school"
	PartRules     SettingPart = "house_rules"
	PartDeclared  SettingPart = "declared" // Declared totals of the past
	PartPolicies  SettingPart = "policies"
	PartYear      SettingPart = "year" // its dates and its calendar; Subject is the year
	PartTimetable SettingPart = "timetable"
	PartPlace     SettingPart = "place" // Subject is the place
	PartTeams     SettingPart = "teams"
	PartHolds     SettingPart = "holds"   // HoldTerms
	PartCorners   SettingPart = "corners" // []CornerTerms
)

// SettingChange tells, in an event, what somebody changed about the settings:
// the part as it was and as it is, null for a place that is new. It is a record
// for people; replay leaves it alone, because settings are no projection.
type SettingChange struct {
	Part    SettingPart     `json:"part,omitempty"`
	Subject ID              `json:"subject,omitempty"`
	Before  json.RawMessage `json:"before,omitempty"`
	After   json.RawMessage `json:"after,omitempty"`
}

// IsZero reports whether nothing was changed.
func (c SettingChange) IsZero() bool { return c.Part == "" }

// YearSettings are a school year's dates with its calendar.
type YearSettings struct {
	Year     SchoolYear
	Calendar Calendar
}

// YearSettingsOf reads a stored school year with its calendar; an unknown one is
// ErrNotFound.
func YearSettingsOf(v View, id ID) (YearSettings, error) {
	years, err := v.Years()
	if err != nil {
		return YearSettings{}, err
	}
	i := slices.IndexFunc(years, func(y SchoolYear) bool { return y.ID == id })
	if i < 0 {
		return YearSettings{}, fmt.Errorf("school year %s: %w", id, ErrNotFound)
	}
	// Its first day is in no year that began later, so that its rules are this
	// year's.
	r, err := v.Rules(years[i].Start)
	if err != nil {
		return YearSettings{}, err
	}
	if r.Year.ID != id {
		return YearSettings{}, fmt.Errorf("school year %s begins on the day of another: %w", id, ErrConflict)
	}
	return YearSettings{Year: years[i], Calendar: r.Calendar}, nil
}

// School is what papers say of the school. Name is the site's.
type School struct {
	Name       string
	Superior   string // the body above it, the first line of a paper
	Place      string // where papers are dated: "Hà Nội, ngày ..."
	Librarian  string // who signs for the library
	Management string // who signs for the school
	Title      string // what Management is: headmistress, her deputy
}

// SchoolSetting is the key under which all of School but the name is kept, as
// JSON; see [View].Setting.
const SchoolSetting = "school"

// SchoolOf reads the school's papers' data.
func SchoolOf(v View) (School, error) {
	var s School
	text, err := v.Setting(SchoolSetting)
	if err != nil {
		return s, err
	}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			return s, err
		}
	}
	site, err := v.Site()
	s.Name = site.Name
	return s, err
}

// Ranked are the lines in the order in which they win: what is said of a
// sub-kind, then of a kind, then of a category; equals stay as they are.
func (p Policies) Ranked() Policies {
	q := slices.Clone(p)
	slices.SortStableFunc(q, func(a, b PolicyLine) int { return b.specificity() - a.specificity() })
	return q
}

// SameKey reports whether two lines are about the same patrons and copies.
func (l PolicyLine) SameKey(m PolicyLine) bool {
	return l.Category == m.Category && l.Kind == m.Kind && l.SubKind == m.SubKind
}

// IsFallback reports whether the line holds for whatever no other line does.
func (l PolicyLine) IsFallback() bool { return l.SameKey(PolicyLine{}) }

// PlaceKinds lists all place kinds.
var PlaceKinds = []PlaceKind{Library, Shelf, ClassCorner, Hallway, Outdoor, MobileCase, Elsewhere}
