package kiosk

import (
	"fmt"
	"time"
)

// Closure is a run of days, both ends included, on which the library is shut.
type Closure struct {
	From, To Day
	Name     string
}

// Clock is a time of day in minutes after midnight.
type Clock int

// String is HH:MM.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// Break is a recess in which pupils come to the kiosk.
type Break struct {
	From, To Clock
}

// Calendar knows on which days the library is open.
type Calendar struct {
	Weekdays [7]bool // by time.Weekday
	Closures []Closure
	Breaks   []Break
}

// Open reports whether the library serves on d.
func (c Calendar) Open(d Day) bool {
	if !c.Weekdays[d.Weekday()] {
		return false
	}
	for _, x := range c.Closures {
		if !d.Before(x.From) && !d.After(x.To) {
			return false
		}
	}
	return true
}

// maxShift bounds the search for an open day: no closure lasts longer.
const maxShift = 400

// OnOrAfter is the first open day from d on; d itself if none is found.
func (c Calendar) OnOrAfter(d Day) Day { return c.seek(d, 1) }

// OnOrBefore is the last open day up to d; d itself if none is found.
func (c Calendar) OnOrBefore(d Day) Day { return c.seek(d, -1) }

func (c Calendar) seek(d Day, step int) Day {
	for i := range maxShift {
		if x := d.Add(step * i); c.Open(x) {
			return x
		}
	}
	return d
}

// BreakAt returns the break under way at t, if one is.
func (c Calendar) BreakAt(t time.Time, loc *time.Location) (Break, bool) {
	lt := t.In(loc)
	now := Clock(lt.Hour()*60 + lt.Minute())
	for _, b := range c.Breaks {
		if now >= b.From && now < b.To {
			return b, true
		}
	}
	return Break{}, false
}

// Due is the day a loan of n days made on today falls due: an open day, never
// after the last open day up to limit (the year's recall or a semester's end).
func (c Calendar) Due(today Day, n int, limit Day) Day {
	d := c.OnOrAfter(today.Add(n))
	if last := c.OnOrBefore(limit); d.After(last) {
		d = last
	}
	return d
}

// newYear holds the first day of Tết by the calendar year, a fact of the lunar
// calendar; hung the Hùng Kings' day (10th of the third lunar month).
var (
	newYear = map[int]Day{
		2025: {2025, 1, 29}, 2026: {2026, 2, 17}, 2027: {2027, 2, 6}, 2028: {2028, 1, 26}, 2029: {2029, 2, 13},
		2030: {2030, 2, 3}, 2031: {2031, 1, 23}, 2032: {2032, 2, 11}, 2033: {2033, 1, 31}, 2034: {2034, 2, 19}, 2035: {2035, 2, 8},
	}
	hung = map[int]Day{
		2025: {2025, 4, 7}, 2026: {2026, 4, 26}, 2027: {2027, 4, 16}, 2028: {2028, 4, 4}, 2029: {2029, 4, 23}, 2030: {2030, 4, 12},
	}
)

// DefaultCalendar is Monday to Friday with the public holidays of year, the
// summer, and the two usual breaks. The librarian edits it: the school's own
// days of Tết are decided each year.
func DefaultCalendar(y SchoolYear) Calendar {
	c := Calendar{
		Weekdays: [7]bool{false, true, true, true, true, true, false},
		Breaks:   []Break{{9*60 + 20, 9*60 + 40}, {15*60 + 10, 15*60 + 30}},
	}
	a, b := y.Start.Year, y.End.Year
	one := func(d Day, name string) { c.Closures = append(c.Closures, Closure{d, d, name}) }
	c.Closures = append(c.Closures, Closure{Day{a, 6, 1}, Day{a, 7, 31}, "Nghỉ hè"})
	c.Closures = append(c.Closures, Closure{Day{a, 9, 1}, Day{a, 9, 2}, "Quốc khánh"})
	one(Day{b, 1, 1}, "Tết Dương lịch")
	if d, ok := newYear[b]; ok {
		c.Closures = append(c.Closures, Closure{d.Add(-3), d.Add(5), "Tết Nguyên đán"})
	}
	if d, ok := hung[b]; ok {
		one(d, "Giỗ Tổ Hùng Vương")
	}
	c.Closures = append(c.Closures, Closure{Day{b, 4, 30}, Day{b, 5, 1}, "30/4 và 1/5"})
	return c
}
