package kiosk

import (
	"slices"
	"time"
)

// Slot says whom the library serves in one half of one weekday. The weekly
// timetable is guidance: coming out of one's slot is a note, never a refusal
// (seed R158 to R168, I20).
type Slot struct {
	Weekday   time.Weekday
	Afternoon bool
	Grades    []int // pupils of these grades read and borrow
	Teachers  bool
	Note      string // what else is done then, in the school's words
}

// Timetable is the weekly service timetable.
type Timetable []Slot

// noon divides the day's two sessions.
const noon = 12

// At returns the slot of the instant t in the school's zone; a slot without
// grades or teachers when the timetable has none.
func (tt Timetable) At(t time.Time, loc *time.Location) Slot {
	lt := t.In(loc)
	for _, s := range tt {
		if s.Weekday == lt.Weekday() && s.Afternoon == (lt.Hour() >= noon) {
			return s
		}
	}
	return Slot{Weekday: lt.Weekday(), Afternoon: lt.Hour() >= noon}
}

// Serves reports whether the slot is the member's own.
func (s Slot) Serves(m Member) bool {
	if m.Category == Pupil {
		return slices.Contains(s.Grades, m.Grade)
	}
	return s.Teachers
}

// DefaultTimetable is the seed's week: a grade each morning, all of them with
// grade 1 on Friday, the afternoons for teachers.
func DefaultTimetable() Timetable {
	day := func(w time.Weekday, note string, grades ...int) []Slot {
		return []Slot{
			{Weekday: w, Grades: grades, Teachers: true},
			{Weekday: w, Afternoon: true, Teachers: w != time.Friday, Note: note},
		}
	}
	return slices.Concat(
		day(time.Monday, "Làm nghiệp vụ thư viện", 2),
		day(time.Tuesday, "Thư viện xanh", 3),
		day(time.Wednesday, "Thư viện xanh", 4),
		day(time.Thursday, "", 5),
		day(time.Friday, "Dọn vệ sinh kho sách, giao ban cuối tuần", 1, 2, 3, 4, 5),
	)
}
