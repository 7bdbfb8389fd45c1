package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// Teaming changes who is in the library's teams.
type Teaming interface {
	SetTeams(ctx context.Context, a kiosk.Attempt, change func(kiosk.Teams) (kiosk.Teams, error)) error
}

const teamsPath = "/desk/teams"

// teamRoutes are the two teams of the principal's decision (seed R11, R155,
// R189) and the minutes of their monthly meeting (R111).
func (s *Server) teamRoutes() []route {
	return []route{
		{"GET", teamsPath, librarian, s.settled(s.teams)},
		{"POST", teamsPath, librarian, s.settled(s.joinTeam)},
		{"GET", teamsPath + "/new", librarian, s.settled(named(s.newInTeam))},
		{"GET", teamsPath + "/minutes", librarian, s.settled(named(s.teamMinutes))},
		{"GET", teamsPath + "/{id}", librarian, s.settled(named(s.editInTeam))},
		{"POST", teamsPath + "/{id}", librarian, s.settled(named(s.changeInTeam))},
	}
}

// teamRow is a member as the list shows it.
type teamRow struct {
	kiosk.TeamMember
	Who kiosk.Member
	Now bool
}

var teamList = list[teamRow]{
	Title: "teams.list",
	Columns: []column[teamRow]{
		{Key: "name", Word: "list.name", Kind: nameCell, Of: func(r teamRow) any { return r.Who.Name }, Link: func(r teamRow) string { return teamsPath + "/" + string(r.ID) }},
		{Key: "what", Word: "teams.what", Kind: textCell, Of: func(r teamRow) any { return r.Who.Class }},
		{Key: "role", Word: "teams.role", Kind: textCell, Of: func(r teamRow) any { return r.Role }},
		{Key: "task", Word: "teams.task", Kind: textCell, Of: func(r teamRow) any { return r.Task }},
		{Key: "from", Word: "teams.from", Kind: dayCell, Of: func(r teamRow) any { return r.From }},
		{Key: "to", Word: "teams.to", Kind: dayCell, Of: func(r teamRow) any { return r.To }},
	},
	Mute: func(r teamRow) bool { return !r.Now },
}

// teamOf is the team that a query asks for, the library's own when it asks for
// none.
func teamOf(q url.Values) kiosk.TeamKind {
	if t := kiosk.TeamKind(q.Get("team")); slices.Contains(kiosk.TeamKinds, t) {
		return t
	}
	return kiosk.TeamLibrary
}

// teamRows are the members of a team, those whose time is over last; a person
// who was forgotten is left out.
func teamRows(v kiosk.View, lang words.Lang, team kiosk.TeamKind, today kiosk.Day, past bool) (rows []teamRow, err error) {
	teams, err := kiosk.TeamsOf(v)
	if err != nil {
		return nil, err
	}
	for _, m := range teams {
		r := teamRow{TeamMember: m, Now: m.To.IsZero() || !today.After(m.To)}
		if m.Team != team || !r.Now && !past {
			continue
		}
		if r.Who, err = memberOf(v, m.Patron, today); errors.Is(err, kiosk.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		r.Who.Class = cmp.Or(r.Who.Class, words.T(lang, "patron.category."+string(r.Who.Category)))
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b teamRow) int {
		if a.Now != b.Now {
			if a.Now {
				return -1
			}
			return 1
		}
		return 0
	})
	return rows, nil
}

func memberOf(v kiosk.View, patron kiosk.ID, today kiosk.Day) (kiosk.Member, error) {
	p, err := v.Patron(patron)
	if err != nil {
		return kiosk.Member{}, err
	}
	return v.MemberByRef(p.Ref, today)
}

// teams lists the members of one team; ?past=yes those too whose time is over.
func (s *Server) teams(w http.ResponseWriter, r *http.Request) error {
	q, lang := r.URL.Query(), s.lang(r)
	team, past := teamOf(q), q.Get("past") == "yes"
	var rows []teamRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		rows, err = teamRows(v, lang, team, today, past)
		return err
	})
	if err != nil {
		return err
	}
	return showList(s, w, r, teamList, rows, "teams.html", map[string]any{
		"Team": team, "Teams": kiosk.TeamKinds, "Past": past, "Some": len(rows) > 0, "Filter": words.T(lang, "teams.is."+string(team)),
	})
}

// newInTeam finds the person, then asks for the rest.
func (s *Server) newInTeam(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if id := kiosk.ID(q.Get("patron")); id != "" {
		var today kiosk.Day
		err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) { today, err = s.today(v); return err })
		if err != nil {
			return err
		}
		f := newForm("team", string(teamOf(q)), "patron", string(id), "role", "", "task", "", "from", today.String(), "to", "")
		return s.teamForm(w, r, http.StatusOK, f, kiosk.TeamMember{Team: teamOf(q), Patron: id})
	}
	text := queryText(q)
	data := map[string]any{"Q": text, "Team": teamOf(q)}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil || text == "" {
			return err
		}
		if code, err := kiosk.NormalizeCode(text); err == nil {
			if m, err := v.MemberByCard(code, today); err == nil {
				data["People"] = []kiosk.Member{m}
				return nil
			}
		}
		people, err := findPeople(v, text, today)
		data["People"] = people[:min(len(people), mostPeople)]
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "teamnew.html", data)
	return nil
}

func (s *Server) teamForm(w http.ResponseWriter, r *http.Request, status int, f *form, m kiosk.TeamMember) error {
	var who kiosk.Member
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		who, err = memberOf(v, m.Patron, today)
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "teamform.html", map[string]any{"F": f, "M": m, "Who": who, "Teams": choices(s.lang(r), "teams.is.", kiosk.TeamKinds)})
	return nil
}

func formOfTeam(m kiosk.TeamMember) *form {
	return newForm("team", string(m.Team), "role", m.Role, "task", m.Task, "from", m.From.String(), "to", m.To.String())
}

func readTeam(f *form, m kiosk.TeamMember) kiosk.TeamMember {
	m.Team = kiosk.TeamKind(f.Get("team"))
	m.Role, m.Task = f.text("role", 1, kiosk.MaxTeamRole), f.text("task", 0, kiosk.MaxTeamTask)
	m.From, m.To = f.day("from", true), f.day("to", false)
	return m
}

// joinTeam adds somebody.
func (s *Server) joinTeam(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	m := readTeam(f, kiosk.TeamMember{ID: kiosk.ID(rand.Text()), Patron: kiosk.ID(f.Get("patron"))})
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error { _, err := v.Patron(m.Patron); return err })
	if errors.Is(err, kiosk.ErrNotFound) {
		return errBadBody
	} else if err != nil {
		return err
	}
	return s.setTeam(w, r, f, m, "teams.joined", func(now kiosk.Teams) (kiosk.Teams, error) { return now.With(m), now.Check(m) })
}

// inTeam is the member that a path names.
func (s *Server) inTeam(r *http.Request) (m kiosk.TeamMember, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		teams, err := kiosk.TeamsOf(v)
		if err != nil {
			return err
		}
		m, err = memberIn(teams, kiosk.ID(r.PathValue("id")))
		return err
	})
	return m, err
}

func memberIn(teams kiosk.Teams, id kiosk.ID) (kiosk.TeamMember, error) {
	i := slices.IndexFunc(teams, func(m kiosk.TeamMember) bool { return m.ID == id })
	if i < 0 {
		return kiosk.TeamMember{}, errNotFound
	}
	return teams[i], nil
}

func (s *Server) editInTeam(w http.ResponseWriter, r *http.Request) error {
	m, err := s.inTeam(r)
	if err != nil {
		return err
	}
	return s.teamForm(w, r, http.StatusOK, formOfTeam(m).stamp(), m)
}

// changeInTeam corrects a member's time, or takes one away that was entered by
// mistake.
func (s *Server) changeInTeam(w http.ResponseWriter, r *http.Request) error {
	old, err := s.inTeam(r)
	if err != nil {
		return err
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	if f.Is("what", "remove") {
		f.Button = true
		return s.setTeam(w, r, f, old, "teams.removed", func(now kiosk.Teams) (kiosk.Teams, error) {
			_, err := memberIn(now, old.ID)
			return now.Without(old.ID), err
		})
	}
	m := readTeam(f, old)
	return s.setTeam(w, r, f, m, "teams.changed", func(now kiosk.Teams) (kiosk.Teams, error) {
		stored, err := memberIn(now, m.ID)
		if err == nil {
			err = f.stale(formOfTeam(stored))
		}
		if err == nil {
			err = now.Check(m)
		}
		return now.With(m), err
	})
}

func (s *Server) setTeam(w http.ResponseWriter, r *http.Request, f *form, m kiosk.TeamMember, said string, change func(kiosk.Teams) (kiosk.Teams, error)) error {
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var c swap[kiosk.Teams]
		if err := s.Settings.SetTeams(r.Context(), a, c.remember(change)); err != nil {
			return "", err
		}
		s.done(r, teamsPath, func(ctx context.Context, a kiosk.Attempt) error { return s.Settings.SetTeams(ctx, a, c.back) }, said)
		return teamsPath + "?team=" + url.QueryEscape(string(m.Team)), nil
	}, func(status int) error { return s.teamForm(w, r, status, f, m) })
}
