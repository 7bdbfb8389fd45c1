package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

// The rows that the form has beyond the stored ones, and the most there may be.
const (
	moreRows     = 3
	mostClosures = 60
	mostBreaks   = 8
)

// calendarPage is the form of a school year: its dates, the days on which the
// library is open, closures and breaks, with a picture of its months.
func (s *Server) calendarPage(w http.ResponseWriter, r *http.Request) error {
	_, now, err := s.yearAsked(r)
	if err != nil {
		return err
	}
	return s.calendarForm(w, r, http.StatusOK, formOfYear(now).stamp(), now)
}

// yearAsked is the stored year that the query names, or the present one, or the
// last.
func (s *Server) yearAsked(r *http.Request) (all []kiosk.SchoolYear, y kiosk.YearSettings, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		if all, err = v.Years(); err != nil {
			return err
		}
		if len(all) == 0 {
			return errNotFound
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		at := len(all) - 1
		for i, x := range all {
			if x.Contains(today) {
				at = i
			}
		}
		if want := r.FormValue("year"); want != "" {
			if at = slices.IndexFunc(all, func(x kiosk.SchoolYear) bool { return string(x.ID) == want }); at < 0 {
				return errNotFound
			}
		}
		y, err = kiosk.YearSettingsOf(v, all[at].ID)
		return err
	})
	return all, y, err
}

func formOfYear(y kiosk.YearSettings) *form {
	f := newForm("start", y.Year.Start.String(), "semester2", y.Year.Semester2.String(), "recall", y.Year.Recall.String(), "end", y.Year.End.String())
	for d, open := range y.Calendar.Weekdays {
		if open {
			f.Values.Add("open", fmt.Sprint(d))
		}
	}
	for i, c := range y.Calendar.Closures {
		f.Values.Set(fmt.Sprint("closure.", i, ".name"), c.Name)
		f.Values.Set(fmt.Sprint("closure.", i, ".from"), c.From.String())
		f.Values.Set(fmt.Sprint("closure.", i, ".to"), c.To.String())
	}
	for i, b := range y.Calendar.Breaks {
		f.Values.Set(fmt.Sprint("break.", i, ".from"), b.From.String())
		f.Values.Set(fmt.Sprint("break.", i, ".to"), b.To.String())
	}
	return f
}

// yearOfForm reads a year; what the form does not show stays as it was.
func yearOfForm(f *form, y kiosk.YearSettings) kiosk.YearSettings {
	y.Year.Start, y.Year.Semester2 = f.day("start", true), f.day("semester2", true)
	y.Year.Recall, y.Year.End = f.day("recall", true), f.day("end", true)
	for _, x := range []struct {
		field         string
		before, after kiosk.Day
	}{{"semester2", y.Year.Start, y.Year.Semester2}, {"recall", y.Year.Semester2, y.Year.Recall}, {"end", y.Year.Recall.Add(-1), y.Year.End}} {
		if f.Wrong[x.field] == "" && !x.before.IsZero() && !x.after.After(x.before) {
			f.Wrong[x.field] = "days_order"
		}
	}
	if f.Wrong["end"] == "" && f.Wrong["start"] == "" && y.Year.End.Sub(y.Year.Start) > 400 {
		f.Wrong["end"] = "year_long"
	}
	c := kiosk.Calendar{}
	for d := range c.Weekdays {
		c.Weekdays[d] = slices.Contains(f.Values["open"], fmt.Sprint(d))
	}
	if c.Weekdays == ([7]bool{}) {
		f.Wrong["open"] = "no_weekday"
	}
	for i := range mostClosures {
		at := fmt.Sprint("closure.", i, ".")
		if f.Get(at+"name") == "" && f.Get(at+"from") == "" && f.Get(at+"to") == "" {
			continue // a row that is empty is none: emptied rows are taken away
		}
		x := kiosk.Closure{Name: f.text(at+"name", 1, 60), From: f.day(at+"from", true), To: f.day(at+"to", false)}
		if x.To.IsZero() {
			x.To = x.From // one day
		}
		if f.Wrong[at+"to"] == "" && x.To.Before(x.From) {
			f.Wrong[at+"to"] = "days_order"
		}
		c.Closures = append(c.Closures, x)
	}
	slices.SortStableFunc(c.Closures, func(a, b kiosk.Closure) int { return a.From.Sub(b.From) })
	for i := range mostBreaks {
		at := fmt.Sprint("break.", i, ".")
		if f.Get(at+"from") == "" && f.Get(at+"to") == "" {
			continue
		}
		b := kiosk.Break{From: f.clock(at + "from"), To: f.clock(at + "to")}
		if f.Wrong[at+"from"] == "" && f.Wrong[at+"to"] == "" && b.From >= b.To {
			f.Wrong[at+"to"] = "clock_order"
		}
		c.Breaks = append(c.Breaks, b)
	}
	slices.SortStableFunc(c.Breaks, func(a, b kiosk.Break) int { return int(a.From - b.From) })
	y.Calendar = c
	return y
}

// monthView is a month as a picture: weeks from Monday, days that are not the
// month's are zero.
type monthView struct {
	Name  string
	Weeks [][7]dayView
}

type dayView struct {
	N    int    // 0 for none
	Kind string // open, shut, holiday, today, recall
	Why  string // of a holiday
}

// months are the months of a year as its settings make them.
func months(lang words.Lang, y kiosk.YearSettings, today kiosk.Day) []monthView {
	var out []monthView
	for m := (kiosk.Day{Year: y.Year.Start.Year, Month: y.Year.Start.Month, Day: 1}); !m.After(y.Year.End) && len(out) < 14; m = (kiosk.Day{Year: m.Add(31).Year, Month: m.Add(31).Month, Day: 1}) {
		v := monthView{Name: words.T(lang, "calendar.month", "month", int(m.Month), "year", m.Year)}
		var week [7]dayView
		for d := m; d.Month == m.Month; d = d.Add(1) {
			at := (int(d.Weekday()) + 6) % 7
			week[at] = dayOfView(lang, y, d, today)
			if at == 6 || d.Add(1).Month != m.Month {
				v.Weeks = append(v.Weeks, week)
				week = [7]dayView{}
			}
		}
		out = append(out, v)
	}
	return out
}

func dayOfView(lang words.Lang, y kiosk.YearSettings, d, today kiosk.Day) dayView {
	v := dayView{N: d.Day, Kind: "shut"}
	if y.Calendar.Open(d) {
		v.Kind = "open"
	}
	for _, c := range y.Calendar.Closures {
		if !d.Before(c.From) && !d.After(c.To) {
			v.Kind, v.Why = "holiday", c.Name
		}
	}
	if !y.Year.Contains(d) {
		v.Kind = "out"
	}
	if d == y.Year.Recall {
		v.Kind, v.Why = "recall", words.T(lang, "calendar.recall")
	}
	if d == today {
		v.Why = words.T(lang, "calendar.today") + " " + v.Why
		v.Kind += " today"
	}
	return v
}

func (s *Server) calendarForm(w http.ResponseWriter, r *http.Request, status int, f *form, y kiosk.YearSettings) error {
	all, _, err := s.yearAsked(r)
	if err != nil {
		return err
	}
	today, err := s.todayNow(r)
	if err != nil {
		return err
	}
	rows := func(prefix string, stored, most int) []string {
		n := stored
		for i := range most {
			if f.Get(fmt.Sprint(prefix, ".", i, ".from"))+f.Get(fmt.Sprint(prefix, ".", i, ".name"))+f.Get(fmt.Sprint(prefix, ".", i, ".to")) != "" {
				n = max(n, i+1)
			}
		}
		var names []string
		for i := range min(n+moreRows, most) {
			names = append(names, fmt.Sprint(prefix, ".", i))
		}
		return names
	}
	open := map[string]bool{}
	for _, d := range f.Values["open"] {
		open[d] = true
	}
	s.deskPage(w, r, status, "calendar.html", map[string]any{
		"F": f, "Y": y.Year, "Years": all, "Open": open, "Days": []string{"1", "2", "3", "4", "5", "6", "0"},
		"Closures": rows("closure", len(y.Calendar.Closures), mostClosures), "Breaks": rows("break", len(y.Calendar.Breaks), mostBreaks),
		"Months": months(s.lang(r), y, today),
	})
	return nil
}

// putCalendar changes a year.
func (s *Server) putCalendar(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	_, old, err := s.yearAsked(r)
	if err != nil {
		return err
	}
	lang := s.lang(r)
	year := yearOfForm(f, old)
	to := calendarPath + "?year=" + string(old.Year.ID)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var c swap[kiosk.YearSettings]
		err := s.Settings.SetYear(r.Context(), a, old.Year.ID, c.remember(func(now kiosk.YearSettings) (kiosk.YearSettings, error) {
			stored := formOfYear(now)
			stored.say = calendarSay(lang)
			return year, f.stale(stored)
		}))
		if errors.Is(err, kiosk.ErrNotFound) {
			return "", errNotFound
		}
		if err != nil {
			return "", err
		}
		s.done(r, calendarPath, func(ctx context.Context, a kiosk.Attempt) error {
			return s.Settings.SetYear(ctx, a, old.Year.ID, c.back)
		}, "calendar.saved", "year", old.Year.Name)
		return to, nil
	}, func(status int) error { return s.calendarForm(w, r, status, f, old) })
}

func calendarSay(lang words.Lang) func(field, value string) string {
	return func(field, value string) string {
		if d, ok := readDay(value); ok {
			return words.Date(d)
		}
		if field == "open" {
			var out string
			for _, c := range value {
				if c >= '0' && c <= '6' {
					if out != "" {
						out += ", "
					}
					out += words.T(lang, "weekday."+string(c))
				}
			}
			return out
		}
		return value
	}
}

// schoolWeek are the weekdays of the timetable: those on which the library is
// open, and those that the timetable speaks of.
func schoolWeek(c kiosk.Calendar, t kiosk.Timetable) []time.Weekday {
	var out []time.Weekday
	for i := range 7 {
		d := time.Weekday((i + 1) % 7)
		if c.Weekdays[d] || slices.ContainsFunc(t, func(s kiosk.Slot) bool { return s.Weekday == d }) {
			out = append(out, d)
		}
	}
	return out
}
