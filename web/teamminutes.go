package web

import (
	"net/http"
	"slices"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

// monthLink leads to the minutes of a month, or of a school year's last one.
type monthLink struct {
	Name, Month string
	Here        bool
}

// monthAsked is the first day of the month that a query asks for, "2026-10"; the
// present one where it asks for none, for none that is, or for one to come.
func monthAsked(text string, today kiosk.Day) kiosk.Day {
	now := kiosk.Day{Year: today.Year, Month: today.Month, Day: 1}
	t, err := time.Parse("2006-01", text)
	if err != nil {
		return now
	}
	if m := kiosk.DayOf(t, time.UTC); !m.After(now) {
		return m
	}
	return now
}

func monthKey(d kiosk.Day) string { return d.String()[:7] }

// minutesLinks are the school years, and the months so far of the one in which
// the month lies; the summer belongs to the year before it.
func minutesLinks(v kiosk.View, lang words.Lang, month, today kiosk.Day) (years, months []monthLink, err error) {
	all, err := v.Years()
	if err != nil {
		return nil, nil, err
	}
	if len(all) == 0 {
		r, err := v.Rules(today)
		if err != nil {
			return nil, nil, err
		}
		all = []kiosk.SchoolYear{r.Year}
	}
	slices.SortFunc(all, func(a, b kiosk.SchoolYear) int { return b.Start.Sub(a.Start) })
	until := kiosk.Day{Year: today.Year, Month: today.Month, Day: 1}
	for _, y := range all {
		first := kiosk.Day{Year: y.Start.Year, Month: y.Start.Month, Day: 1}
		if first.After(until) {
			continue // it has not begun
		}
		here := !month.Before(first) && !month.After(until)
		years = append(years, monthLink{y.Name, monthKey(until), here})
		for m := first; here && !m.After(until); m = m.AddMonths(1) {
			months = append(months, monthLink{words.T(lang, "teams.month", "m", int(m.Month)), monthKey(m), m == month})
		}
		until = first.AddMonths(-1)
	}
	return years, months, nil
}

// figuresOfMonth counts what was taken down in a month, but for what was undone.
func figuresOfMonth(v kiosk.View, month kiosk.Day) (d dayFigures, err error) {
	loc, err := kiosk.LocationOf(v)
	if err != nil {
		return d, err
	}
	from, to := month.At(0, 0, loc), month.AddMonths(1).At(0, 0, loc)
	if d.Loans, d.Returns, err = v.LoanCounts(from, to); err != nil {
		return d, err
	}
	err = v.VisitsIn(from, to, func(x kiosk.Visit) error {
		if x.Type == kiosk.EventVisit {
			d.Visits++
		} else {
			d.OnSite++
		}
		return nil
	})
	return d, err
}

// teamMinutes is the sheet for the minutes of a month's meeting: who belonged to
// the team, the month's figures, and lines to write on. What is overdue is of
// today, and stands on the present month's sheet alone.
func (s *Server) teamMinutes(w http.ResponseWriter, r *http.Request) error {
	lang, team := s.lang(r), teamOf(r.URL.Query())
	data := map[string]any{"Team": team}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		month := monthAsked(r.URL.Query().Get("month"), today)
		at, now := month.AddMonths(1).Add(-1), false
		if !at.Before(today) {
			at, now = today, true
		}
		data["Month"], data["Year"], data["Now"] = int(month.Month), month.Year, now
		if data["Years"], data["Months"], err = minutesLinks(v, lang, month, today); err != nil {
			return err
		}
		if data["Paper"], err = letterheadOf(v, lang, today); err != nil {
			return err
		}
		rows, err := teamRows(v, lang, team, at, false)
		if err != nil {
			return err
		}
		data["Rows"] = slices.DeleteFunc(rows, func(m teamRow) bool { return !m.On(at) })
		if now {
			if data["Late"], data["LatePeople"], err = v.CountOpenLoans(kiosk.OpenLoanQuery{On: today, Late: true}); err != nil {
				return err
			}
		}
		data["Figures"], err = figuresOfMonth(v, month)
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "teamminutes.html", data)
	return nil
}
