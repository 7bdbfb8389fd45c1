package kiosk

import (
	"testing"
	"time"
)

func TestClockAt(t *testing.T) {
	last := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		now, last time.Time
		want      WrongClock
	}{
		{last, last, ""},
		{last.Add(-5 * time.Minute), last, ""},
		{last.Add(-5*time.Minute - time.Second), last, ClockBehind},
		{last.AddDate(-1, 0, 0), last, ClockBehind},
		{time.Unix(0, 0), last, ClockBefore},
		{time.Unix(0, 0), time.Time{}, ClockBefore},
		{last, time.Time{}, ""},
		{last.AddDate(0, 3, 0), last, ""}, // a summer
		{last.AddDate(0, 0, 201), last, ClockAhead},
		{last.AddDate(10, 0, 0), last, ClockAhead},
		{last.AddDate(10, 0, 0), time.Time{}, ""}, // nothing to compare with
	} {
		if got := ClockAt(x.now, x.last); got != x.want {
			t.Errorf("%v after %v: %q, want %q", x.now, x.last, got, x.want)
		}
	}
}

// Days are the school's civil days: a leap day, a zone whose clocks change, and
// holidays do not move them.
func TestDaysDueAreCivilDays(t *testing.T) {
	ny, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	week := Calendar{Weekdays: [7]bool{time.Monday: true, time.Tuesday: true, time.Wednesday: true, time.Thursday: true, time.Friday: true}}
	for _, x := range []struct {
		now  time.Time
		loc  *time.Location
		days int
		off  string
		want string
	}{
		{time.Date(2028, 2, 22, 2, 0, 0, 0, time.UTC), time.UTC, 7, "", "2028-02-29"},
		{time.Date(2028, 2, 29, 2, 0, 0, 0, time.UTC), time.UTC, 7, "", "2028-03-07"},
		// Clocks go forward on 8 March 2026 and back on 1 November: days of 23 and 25 hours.
		{time.Date(2026, 3, 5, 4, 30, 0, 0, time.UTC), ny, 5, "", "2026-03-09"},
		{time.Date(2026, 10, 30, 3, 59, 0, 0, time.UTC), ny, 4, "", "2026-11-02"},
		{time.Date(2026, 12, 25, 2, 0, 0, 0, time.UTC), time.UTC, 7, "2027-01-01", "2027-01-04"},
	} {
		c := week
		if x.off != "" {
			c.Closures = []Closure{{From: MustDay(x.off), To: MustDay(x.off)}}
		}
		if got := c.Due(DayOf(x.now, x.loc), x.days, MustDay("2099-01-01")); got.String() != x.want {
			t.Errorf("%d days from %v: %v, want %s", x.days, x.now.In(x.loc), got, x.want)
		}
	}
}
