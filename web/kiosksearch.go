package web

import (
	"net/http"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/web/words"
)

// findRoutes are the search of the children's page.
func (s *Server) findRoutes() []route {
	return []route{
		{"GET", "/kiosk/{station}/search", ownStation, s.kioskSearch},
	}
}

// foundAtKiosk is how many titles the children's page shows: nobody there turns
// pages.
const foundAtKiosk = 20

// kioskTitle is a title as a child needs it. It says nothing of who has a copy.
type kioskTitle struct {
	Title     string      `json:"title"`
	Level     *kioskLevel `json:"level"` // null for none
	Available int         `json:"available"`
	Where     string      `json:"where"` // a sentence: where it stands, or when one comes back
}

type kioskLevel struct {
	Letter string `json:"letter"`
	Name   string `json:"name"`
	Color  string `json:"color"` // "#rrggbb"
}

// kioskSearch answers what a child at the station looks for.
func (s *Server) kioskSearch(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.stationOf(r); err != nil {
		return err
	}
	q := queryText(r.URL.Query())
	var hits kiosk.Hits
	var levels []labels.Level
	var opens map[kiosk.ID]string
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if q == "" {
			return nil
		}
		if levels, err = s.levels(v); err != nil {
			return err
		}
		if opens, err = s.cornerOpens(v, s.lang(r)); err != nil {
			return err
		}
		hits, err = v.Browse(kiosk.TitleQuery{Text: q}, kiosk.Day{}, 0, foundAtKiosk)
		return err
	})
	if err != nil {
		return err
	}
	answer := struct {
		Total   int          `json:"total"`
		Near    bool         `json:"near"` // only like what was asked
		Results []kioskTitle `json:"results"`
	}{Total: hits.Total, Near: hits.Near > 0, Results: []kioskTitle{}}
	lang := s.lang(r)
	for _, f := range hits.Found {
		t := withOpen(titleOf(f, levels), opens)
		k := kioskTitle{Title: t.Title, Available: t.Available, Where: whereOf(lang, t)}
		if t.level.Code != "" {
			k.Level = &kioskLevel{t.level.Letter, t.level.Name, t.level.Color}
		}
		answer.Results = append(answer.Results, k)
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}

func inParens(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// whereOf says where a title can be found, or when one of its copies comes back.
func whereOf(lang words.Lang, t catalogueTitle) string {
	var places []string
	var back kiosk.Day
	for _, c := range t.Copies {
		switch {
		case c.Available && c.Place != "" && len(places) < 3 && !slices.Contains(places, c.Place+inParens(c.open)):
			places = append(places, c.Place+inParens(c.open))
		case !c.Available && !c.DueOn.IsZero() && (back.IsZero() || c.DueOn.Before(back)):
			back = c.DueOn
		}
	}
	switch {
	case t.Available > 0 && len(places) > 0:
		return words.T(lang, "kiosk.find.at", "n", t.Available, "place", strings.Join(places, ", "))
	case t.Available > 0:
		return words.T(lang, "kiosk.find.here", "n", t.Available)
	case !back.IsZero():
		return words.T(lang, "kiosk.find.back", "day", words.Day(lang, back))
	}
	return words.T(lang, "kiosk.find.away")
}
