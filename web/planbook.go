package web

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// monthInWords are a month's figures as a result of the plan: what was lent, who
// was here, what was held.
func (s *Server) monthInWords(v kiosk.View, lang words.Lang, month kiosk.Day) (string, error) {
	m, err := monthFigures(v, month)
	if err != nil {
		return "", err
	}
	return words.T(lang, "plan.figures", "loans", m.Loans, "borrowers", m.Borrowers, "visitors", m.Visitors, "periods", m.Periods, "introductions", m.Introductions), nil
}

type monthFigure struct{ Loans, Borrowers, Visitors, Periods, Introductions int }

func monthFigures(v kiosk.View, month kiosk.Day) (m monthFigure, err error) {
	loc, err := kiosk.LocationOf(v)
	if err != nil {
		return m, err
	}
	first := kiosk.Day{Year: month.Year, Month: month.Month, Day: 1}
	next := first.AddMonths(1)
	from, to := first.At(0, 0, loc), next.At(0, 0, loc)
	deeds, err := v.FirstDeeds(from, to)
	if err != nil {
		return m, err
	}
	for _, d := range deeds {
		if !d.Visited.IsZero() {
			m.Visitors++
		}
		if !d.Borrowed.IsZero() {
			m.Borrowers++
		}
	}
	if m.Loans, err = v.LoansBetween(from, to); err != nil {
		return m, err
	}
	all, err := v.Activities(first, next.Add(-1))
	for _, a := range all {
		switch {
		case a.Counts(kiosk.ReadingPeriod, first, next), a.Counts(kiosk.LibraryLesson, first, next):
			m.Periods++
		case a.Counts(kiosk.Introduction, first, next):
			m.Introductions++
		}
	}
	return m, err
}

// planMonth is a month of the plan book.
type planMonth struct {
	Month, Year int
	First       kiosk.Day
	Items       []activityRow
	Others      []activityRow
	Done        int
}

// plan is the plan book, month by month.
func (s *Server) plan(w http.ResponseWriter, r *http.Request) error {
	var months []planMonth
	var year kiosk.SchoolYear
	var years []kiosk.SchoolYear
	items := 0
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rules, today, _, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		if year, years, err = yearOf(v, r.URL.Query(), rules.Year); err != nil {
			return err
		}
		seats, err := seatsOf(v)
		if err != nil {
			return err
		}
		all, err := v.Activities(year.Start, year.End)
		if err != nil {
			return err
		}
		at := map[string]*planMonth{}
		for _, a := range all {
			key := fmt.Sprintf("%04d-%02d", a.Day.Year, a.Day.Month)
			m := at[key]
			if m == nil {
				m = &planMonth{Month: int(a.Day.Month), Year: a.Day.Year, First: kiosk.Day{Year: a.Day.Year, Month: a.Day.Month, Day: 1}}
				at[key] = m
			}
			row, err := activityRowOf(v, a, today, seats)
			if err != nil {
				return err
			}
			if a.Kind != kiosk.PlanItem {
				if a.Kind == kiosk.Happening || a.Kind == kiosk.Display || a.Kind == kiosk.Campaign || a.Kind == kiosk.Bibliography {
					m.Others = append(m.Others, row)
				}
				continue
			}
			items++
			if a.Status == kiosk.ActivityDone {
				m.Done++
			}
			m.Items = append(m.Items, row)
		}
		for _, key := range slices.Sorted(maps.Keys(at)) {
			if m := at[key]; len(m.Items)+len(m.Others) > 0 {
				months = append(months, *m)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	school, err := s.schoolNow(r)
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "planbook.html", map[string]any{"Months": months, "Year": year, "Years": years, "Items": items, "Mine": callerOf(r).is(kiosk.Librarian), "School": school, "F": newForm()})
	return nil
}

// takePlan writes the usual year's plan into the plan book.
func (s *Server) takePlan(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	year, err := s.yearNow(r)
	if err != nil {
		return err
	}
	var lines []kiosk.Activity
	for _, l := range kiosk.UsualPlan(year) {
		lines = append(lines, kiosk.Activity{Day: l.Day, Text: words.T(words.VI, fmt.Sprintf("plan.line.%d.%d", l.Month, l.Nr))})
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		had, err := s.activitiesOf(r.Context(), year)
		if err != nil {
			return "", err
		}
		n, err := s.Yearly.PlanYear(r.Context(), a, year, lines)
		if err != nil {
			return "", err
		}
		has, err := s.activitiesOf(r.Context(), year)
		if err != nil {
			return "", err
		}
		made := slices.DeleteFunc(has, func(id kiosk.ID) bool { return slices.Contains(had, id) })
		s.done(r, planBookPath, func(ctx context.Context, a kiosk.Attempt) error {
			for _, id := range made {
				one := a
				one.CommandID += "-" + string(id)
				if err := s.Yearly.RemoveActivity(ctx, one, id, true); err != nil {
					return err
				}
			}
			return nil
		}, "plan.taken", "n", n)
		return planBookPath, nil
	}, s.refused(w, r, f, planBookPath))
}

// activitiesOf are the activities of a school year.
func (s *Server) activitiesOf(ctx context.Context, y kiosk.SchoolYear) (ids []kiosk.ID, err error) {
	err = s.Ledger.View(ctx, func(v kiosk.View) error {
		all, err := v.Activities(y.Start, y.End)
		for _, x := range all {
			ids = append(ids, x.ID)
		}
		return err
	})
	return ids, err
}
