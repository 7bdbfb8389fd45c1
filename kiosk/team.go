package kiosk

import (
	"cmp"
	"encoding/json"
	"slices"
)

// TeamKind is one of the two teams that the principal founds by a decision
// (seed R11, R155).
type TeamKind string

// The teams.
const (
	TeamLibrary       TeamKind = "library"       // the professional team of the library
	TeamCollaborators TeamKind = "collaborators" // deputy head, team heads, Pioneers' officer, class monitors
)

// TeamKinds lists them.
var TeamKinds = []TeamKind{TeamLibrary, TeamCollaborators}

// TeamMember is somebody's time in a team. Whoever was forgotten since is no
// member any more.
type TeamMember struct {
	ID     ID       `json:"id"`
	Team   TeamKind `json:"team"`
	Patron ID       `json:"patron"`
	Role   string   `json:"role"` // head, deputy, member
	Task   string   `json:"task"` // what is theirs to do, "" for none
	From   Day      `json:"from"`
	To     Day      `json:"to,omitzero"` // the last day; zero while it goes on
}

// On reports whether the member belongs to the team on a day.
func (m TeamMember) On(day Day) bool {
	return !day.Before(m.From) && (m.To.IsZero() || !day.After(m.To))
}

// Teams are all times of all members, those that are over too.
type Teams []TeamMember

// The bounds of a member's texts, in characters.
const (
	MaxTeamRole = 80
	MaxTeamTask = 300
)

// TeamsSetting is the key under which Teams are kept, as JSON; see
// [View].Setting.
const TeamsSetting = "teams"

// TeamsOf reads the teams.
func TeamsOf(v View) (Teams, error) {
	text, err := v.Setting(TeamsSetting)
	if err != nil || text == "" {
		return nil, err
	}
	var t Teams
	return t, json.Unmarshal([]byte(text), &t)
}

// Check looks a time in a team over, beside the others.
func (t Teams) Check(m TeamMember) error {
	switch {
	case !slices.Contains(TeamKinds, m.Team):
		return &FieldError{Field: "team", Problem: FieldMissing}
	case m.From.IsZero():
		return &FieldError{Field: "from", Problem: FieldMissing}
	case !m.To.IsZero() && m.To.Before(m.From):
		return &FieldError{Field: "to", Problem: FieldOutOfRange, Facts: Facts{"min": m.From, "max": m.From.AddMonths(120)}}
	}
	for _, o := range t {
		if o.ID != m.ID && o.Team == m.Team && o.Patron == m.Patron && (o.To.IsZero() || !m.From.After(o.To)) && (m.To.IsZero() || !o.From.After(m.To)) {
			return ErrInTeam
		}
	}
	return nil
}

// ErrInTeam says that somebody is in the team already at that time.
var ErrInTeam = staticError("is in the team already")

// With is the teams with a member's time added or changed, in the order of the
// days on which they begin.
func (t Teams) With(m TeamMember) Teams {
	all := append(t.Without(m.ID), m)
	slices.SortStableFunc(all, func(a, b TeamMember) int {
		return cmp.Or(cmp.Compare(a.From.String(), b.From.String()), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// Without is the teams without one of the times.
func (t Teams) Without(id ID) Teams {
	return slices.DeleteFunc(slices.Clone(t), func(m TeamMember) bool { return m.ID == id })
}
