package kiosk

import (
	"testing"
	"time"
)

// A phone's clock, wrong and set right, or right and set wrong: when the act was
// done by the server's clock.
func TestPhoneClock(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for name, c := range map[string]struct {
		clock PhoneClock
		want  string
		sure  bool
	}{
		"right, sent at once":                   {PhoneClock{day("2026-11-24 09:00"), day("2026-11-24 09:00"), day("2026-11-24 09:00"), day("2026-11-24 08:00"), day("2026-11-24 08:00")}, "2026-11-24 09:00", true},
		"right, sent three days late":           {PhoneClock{day("2026-11-24 09:00"), day("2026-11-27 07:00"), day("2026-11-27 07:00"), day("2026-11-24 08:00"), day("2026-11-24 08:00")}, "2026-11-24 09:00", true},
		"five hours fast":                       {PhoneClock{day("2026-11-24 14:00"), day("2026-11-24 16:00"), day("2026-11-24 11:00"), day("2026-11-24 08:00"), day("2026-11-24 13:00")}, "2026-11-24 09:00", true},
		"eleven years behind":                   {PhoneClock{day("2015-01-01 00:30"), day("2015-01-03 00:00"), day("2026-11-26 08:00"), day("2026-11-24 08:00"), day("2015-01-01 00:00")}, "2026-11-24 08:30", true},
		"a year fast, set right before sending": {PhoneClock{day("2027-11-24 09:00"), day("2026-11-25 08:00"), day("2026-11-25 08:00"), day("2026-11-24 08:00"), day("2027-11-24 08:00")}, "2026-11-24 09:00", true},
		"right, set wrong before the act":       {PhoneClock{day("2020-01-01 10:00"), day("2020-01-01 12:00"), day("2026-11-24 11:00"), day("2026-11-24 08:00"), day("2026-11-24 08:00")}, "2026-11-24 09:00", true},
		"never met before":                      {PhoneClock{day("2031-05-05 10:00"), day("2031-05-05 12:00"), day("2026-11-24 11:00"), time.Time{}, time.Time{}}, "2026-11-24 09:00", true},
		"set twice, nothing fits":               {PhoneClock{day("2040-01-01 10:00"), day("2019-01-01 00:00"), day("2026-11-24 11:00"), day("2026-11-24 08:00"), day("2026-11-24 08:00")}, "2026-11-24 11:00", false},
		"the server's own clock was set back":   {PhoneClock{day("2026-11-24 09:00"), day("2026-11-24 10:00"), day("2026-11-20 10:00"), day("2026-11-24 08:00"), day("2026-11-24 08:00")}, "2026-11-20 09:00", true},
	} {
		at, sure := c.clock.Time()
		if !at.Equal(day(c.want)) || sure != c.sure {
			t.Errorf("%s: %s sure=%v, want %s sure=%v", name, at.Format("2006-01-02 15:04"), sure, c.want, c.sure)
		}
	}
}
