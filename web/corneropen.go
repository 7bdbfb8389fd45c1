package web

import (
	"net/http"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

// bounded reports whether a corner has opening days of its own.
func bounded(c kiosk.Corner) bool {
	return len(c.Days) > 0 || !c.From.IsZero() || !c.Until.IsZero()
}

// openWords says when a corner is open: its days, and its season where it has
// one.
func openWords(l words.Lang, c kiosk.Corner) string {
	text := words.T(l, "corner.open.always")
	if len(c.Days) > 0 {
		var days []string
		for _, d := range []time.Weekday{1, 2, 3, 4, 5, 6, 0} {
			for _, on := range c.Days {
				if on == d {
					days = append(days, words.T(l, "weekday."+string(rune('0'+int(d)))))
				}
			}
		}
		text = words.T(l, "corner.open.days", "days", strings.Join(days, ", "))
	}
	if !c.From.IsZero() {
		text += words.T(l, "corner.open.from", "day", words.Date(c.From))
	}
	if !c.Until.IsZero() {
		text += words.T(l, "corner.open.until", "day", words.Date(c.Until))
	}
	return text
}

// openNow reports whether the corner is open on a day of the school.
func openNow(v kiosk.View, c kiosk.Corner, today kiosk.Day) (bool, error) {
	rules, err := v.Rules(today)
	return err == nil && rules.Calendar.Open(today) && c.OpenOn(today), err
}

// cornerOpens are the opening days of the corners that have some, by place.
func (s *Server) cornerOpens(v kiosk.View, l words.Lang) (map[kiosk.ID]string, error) {
	if s.Corners == nil {
		return nil, nil
	}
	all, err := v.Corners()
	opens := map[kiosk.ID]string{}
	for _, c := range all {
		if c.Ended.IsZero() && bounded(c) {
			opens[c.Place] = openWords(l, c)
		}
	}
	return opens, err
}

// wallCorner is a place of reading on the timetable's poster.
type wallCorner struct{ Name, When string }

// wallCorners are the corners that are everybody's, or have days of their own.
func (s *Server) wallCorners(r *http.Request) (shown []wallCorner, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		places, err := placesByID(v)
		if err != nil {
			return err
		}
		all, err := v.Corners()
		for _, c := range all {
			if p := places[c.Place]; c.Ended.IsZero() && (bounded(c) || c.Class == "" && p.Kind != kiosk.Elsewhere) {
				shown = append(shown, wallCorner{p.Name, openWords(s.lang(r), c)})
			}
		}
		return err
	})
	return shown, err
}
