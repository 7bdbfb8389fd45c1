package kiosk

import (
	"testing"
	"time"
)

func TestYearOf(t *testing.T) {
	for day, want := range map[string]string{
		"2026-05-31": "2025-2026", "2026-06-01": "2026-2027", "2026-11-24": "2026-2027", "2027-01-02": "2026-2027",
	} {
		y := YearOf(MustDay(day))
		if y.Name != want || !y.Contains(MustDay(day)) {
			t.Errorf("YearOf(%s) = %s (%s..%s), want %s", day, y.Name, y.Start, y.End, want)
		}
	}
}

func TestDayArithmetic(t *testing.T) {
	if got := MustDay("2028-02-28").Add(1).String(); got != "2028-02-29" {
		t.Error(got)
	}
	if got := MustDay("2027-02-28").Add(1).String(); got != "2027-03-01" {
		t.Error(got)
	}
	if got := MustDay("2027-03-01").Sub(MustDay("2026-12-31")); got != 60 {
		t.Error(got)
	}
	loc := time.FixedZone("ICT", 7*3600)
	if got := DayOf(time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC), loc).String(); got != "2026-11-24" {
		t.Errorf("17:00 UTC is the next day in Hà Nội: %s", got)
	}
	for _, s := range []string{"2026-02-30", "26-01-01", "x", "2026-1-1"} {
		if _, err := ParseDay(s); err == nil {
			t.Errorf("ParseDay(%q) is accepted", s)
		}
	}
}

func TestDueFallsOnAnOpenDayNeverAfterTheRecall(t *testing.T) {
	y := YearOf(MustDay("2026-11-24"))
	c := DefaultCalendar(y)
	for _, x := range []struct{ today, due, why string }{
		{"2026-11-24", "2026-12-01", "a week later"},
		{"2026-12-25", "2027-01-04", "1 January is a holiday, then a week-end"},
		{"2027-01-27", "2027-02-12", "over Tết"},
		{"2027-05-11", "2027-05-18", "just before the recall"},
		{"2027-05-14", "2027-05-20", "cut by the recall"},
		{"2027-05-19", "2027-05-20", "cut by the recall"},
	} {
		got := c.Due(MustDay(x.today), 7, y.Recall)
		if got.String() != x.due {
			t.Errorf("lent on %s (%s): due %s, want %s", x.today, x.why, got, x.due)
		}
		if !c.Open(got) {
			t.Errorf("due %s is not an open day", got)
		}
	}
}

func TestTimetable(t *testing.T) {
	tt := DefaultTimetable()
	loc := time.FixedZone("ICT", 7*3600)
	at := func(day string, hour int) Slot { return tt.At(MustDay(day).At(hour, 0, loc), loc) }
	pupil := func(g int) Member { return Member{Patron: Patron{Category: Pupil}, Grade: g} }
	teacher := Member{Patron: Patron{Category: Teacher}}
	for _, x := range []struct {
		day  string
		hour int
		m    Member
		want bool
	}{
		{"2026-11-23", 9, pupil(2), true}, // Monday: R158
		{"2026-11-23", 9, pupil(3), false},
		{"2026-11-24", 9, pupil(3), true}, // R159
		{"2026-11-25", 9, pupil(4), true}, // R160
		{"2026-11-26", 9, pupil(5), true}, // R161
		{"2026-11-27", 9, pupil(1), true}, // R163
		{"2026-11-27", 9, pupil(4), true}, // R162
		{"2026-11-26", 15, teacher, true}, // R164
		{"2026-11-26", 15, pupil(5), false},
		{"2026-11-27", 15, teacher, false}, // R167: cleaning
		{"2026-11-28", 9, pupil(1), false}, // Saturday
	} {
		if got := at(x.day, x.hour).Serves(x.m); got != x.want {
			t.Errorf("%s %d:00 grade %d %s: %v", x.day, x.hour, x.m.Grade, x.m.Category, got)
		}
	}
}
