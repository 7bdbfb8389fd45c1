package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/web/words"
)

// Posters are sheets for the walls: the library's rules, its weekly timetable,
// and what the colours on the labels mean (seed R121, R122, R137, R180, R190).
// They are made of the settings that the kiosk and the labels go by, so that
// wall, screen and label say the same.
const postersPath = "/desk/posters"

func (s *Server) posterRoutes() []route {
	return []route{
		{"GET", postersPath, librarian, s.settled(s.postersPage)},
		{"POST", postersPath + "/rules", librarian, s.settled(s.putHouseRules)},
		{"GET", postersPath + "/rules", librarian, s.settled(s.rulesPoster)},
		{"GET", postersPath + "/timetable", librarian, s.settled(s.timetablePoster)},
		{"GET", postersPath + "/colours", librarian, s.settled(s.coloursPoster)},
	}
}

// usualRules are the rules where the school has none of its own: each the last
// part of a key "poster.rule.".
var usualRules = []string{"card", "hands", "quiet", "care", "back", "lost", "tidy", "ask"}

// shownRules are the school's own rules, or the usual ones.
func shownRules(own kiosk.HouseRules, lang words.Lang) kiosk.HouseRules {
	if len(own) > 0 {
		return own
	}
	for _, key := range usualRules {
		own = append(own, words.T(lang, "poster.rule."+key))
	}
	return own
}

// houseRules are the rules as they are shown now.
func (s *Server) houseRules(r *http.Request) (rules kiosk.HouseRules, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		own, err := kiosk.HouseRulesOf(v)
		rules = shownRules(own, s.lang(r))
		return err
	})
	return rules, err
}

// postersPage lists the posters, and has the rules' form.
func (s *Server) postersPage(w http.ResponseWriter, r *http.Request) error {
	rules, err := s.houseRules(r)
	if err != nil {
		return err
	}
	return s.postersForm(w, r, http.StatusOK, formOfHouseRules(rules).stamp())
}

func (s *Server) postersForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	s.deskPage(w, r, status, "posters.html", map[string]any{"F": f})
	return nil
}

func formOfHouseRules(rules kiosk.HouseRules) *form {
	return newForm("rules", strings.Join(rules, "\n"))
}

// houseRulesOf reads the rules, one a line.
func houseRulesOf(f *form) (rules kiosk.HouseRules) {
	for line := range strings.Lines(f.lines("rules", 0, kiosk.MostHouseRules*(kiosk.MostHouseRule+1))) {
		if line = strings.TrimSpace(line); line != "" {
			rules = append(rules, line)
		}
	}
	long := slices.IndexFunc(rules, func(rule string) bool { return utf8.RuneCountInString(rule) > kiosk.MostHouseRule })
	switch {
	case len(rules) > kiosk.MostHouseRules:
		f.fault("rules", "rules_many", kiosk.Facts{"max": kiosk.MostHouseRules})
	case long >= 0:
		f.fault("rules", "rules_long", kiosk.Facts{"line": long + 1, "max": kiosk.MostHouseRule})
	}
	return rules
}

// putHouseRules changes them; none brings back the usual ones.
func (s *Server) putHouseRules(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	rules := houseRulesOf(f)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var c swap[kiosk.HouseRules]
		err := s.Settings.SetHouseRules(r.Context(), a, c.remember(func(now kiosk.HouseRules) (kiosk.HouseRules, error) {
			return rules, f.stale(formOfHouseRules(shownRules(now, s.lang(r))))
		}))
		if err != nil {
			return "", err
		}
		s.done(r, postersPath, func(ctx context.Context, a kiosk.Attempt) error { return s.Settings.SetHouseRules(ctx, a, c.back) }, "poster.saved")
		return postersPath, nil
	}, func(status int) error { return s.postersForm(w, r, status, f) })
}

// poster shows one sheet; data is what its part of the template needs.
func (s *Server) poster(w http.ResponseWriter, r *http.Request, name string, data map[string]any) error {
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		data["School"], err = kiosk.SchoolOf(v)
		return err
	})
	if err != nil {
		return err
	}
	data["Poster"] = name
	s.deskPage(w, r, http.StatusOK, "poster.html", data)
	return nil
}

func (s *Server) rulesPoster(w http.ResponseWriter, r *http.Request) error {
	rules, err := s.houseRules(r)
	if err != nil {
		return err
	}
	return s.poster(w, r, "rules", map[string]any{"Rules": rules})
}

// posterDay is a weekday of the timetable's poster.
type posterDay struct {
	Weekday            int
	Morning, Afternoon kiosk.Slot
}

// timetablePoster is the week as the timetable and the calendar have it.
func (s *Server) timetablePoster(w http.ResponseWriter, r *http.Request) error {
	rules, _, err := s.rulesNow(r)
	if err != nil {
		return err
	}
	var days []posterDay
	for _, d := range schoolWeek(rules.Calendar, rules.Timetable) {
		days = append(days, posterDay{int(d), slotOn(rules.Timetable, d, false), slotOn(rules.Timetable, d, true)})
	}
	corners, err := s.wallCorners(r)
	if err != nil {
		return err
	}
	return s.poster(w, r, "timetable", map[string]any{"Days": days, "Breaks": rules.Calendar.Breaks, "Corners": corners})
}

// slotOn is a half of a weekday; empty where the timetable has none.
func slotOn(t kiosk.Timetable, d time.Weekday, afternoon bool) kiosk.Slot {
	i := slices.IndexFunc(t, func(s kiosk.Slot) bool { return s.Weekday == d && s.Afternoon == afternoon })
	if i < 0 {
		return kiosk.Slot{Weekday: d, Afternoon: afternoon}
	}
	return t[i]
}

// sign is a kind, or a group within one, with what its copies bear on the label.
type sign struct{ Key, Prefix, Sign string }

// coloursPoster is the key to the labels: the levels' colours and letters, the
// collections' signs and the beginnings of their numbers.
func (s *Server) coloursPoster(w http.ResponseWriter, r *http.Request) error {
	set, _, err := s.storedLabels(r.Context())
	if err != nil {
		return err
	}
	levels := set.Levels
	if levels == nil {
		levels = labels.DefaultLevels()
	}
	var signs []sign
	for _, k := range kiosk.Kinds {
		signs = append(signs, sign{"kind." + string(k), k.Prefix(), set.Signs[string(k)]})
	}
	for _, k := range subKinds {
		if set.Signs[k] != "" {
			signs = append(signs, sign{"sub." + k, "", set.Signs[k]})
		}
	}
	return s.poster(w, r, "colours", map[string]any{"Levels": levels, "Signs": signs})
}
