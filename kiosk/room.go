package kiosk

import "fmt"

// RoomSeats is how many seats the library's room has when the school has not
// said otherwise (R37). More may come: pupils read on the floor too (R43).
const RoomSeats = 30

// SeatsSetting is the key under which the school's own number of seats is kept.
const SeatsSetting = "seats"

// MostSeats bounds the seats that a school may say its room has.
const MostSeats = 500

// PeriodsEach is how many reading periods the plan gives each class in each
// semester (R107): 76 a year in 19 classes.
const PeriodsEach = 2

// RoomTakenError refuses what would be in the room together with another.
type RoomTakenError struct{ By Activity }

func (e *RoomTakenError) Error() string { return fmt.Sprintf("the room is taken by %s", e.By.ID) }

// RoomShutError refuses to plan a class's period for a day on which the library
// is shut. Name is that of the closure, "" for a weekday without service.
type RoomShutError struct {
	Day  Day
	Name string
}

func (e *RoomShutError) Error() string { return fmt.Sprintf("the library is shut on %s", e.Day) }

// Ends is the last day of an activity.
func (a Activity) Ends() Day {
	if a.Until.IsZero() {
		return a.Day
	}
	return a.Until
}

// On reports whether an activity is held on a day.
func (a Activity) On(d Day) bool { return !d.Before(a.Day) && !d.After(a.Ends()) }

// OfClass reports whether an activity is a class's hour with the library: those
// are on days on which it is open; a festival may be on a Sunday.
func (a Activity) OfClass() bool {
	return a.Kind == ReadingPeriod || a.Kind == LibraryLesson || a.Kind == ClassVisit
}

// Stands reports whether an activity is planned or was done: not given up, not
// taken away.
func (a Activity) Stands() bool { return !a.Removed && a.Status != ActivityCancelled }

// Meets reports whether two activities would be in the room at once.
func (a Activity) Meets(b Activity) bool {
	if a.ID == b.ID || !a.Room || !b.Room || !a.Stands() || !b.Stands() || a.Day.After(b.Ends()) || b.Day.After(a.Ends()) {
		return false
	}
	return a.to() > b.From && b.to() > a.From
}

func (a Activity) to() Clock {
	if a.To == 0 {
		return 24 * 60
	}
	return a.To
}

// Shut is why the library is shut on a day; false when it is open. The name is
// empty for a weekday without service.
func (c Calendar) Shut(d Day) (name string, shut bool) {
	for _, x := range c.Closures {
		if !d.Before(x.From) && !d.After(x.To) {
			return x.Name, true
		}
	}
	return "", !c.Weekdays[d.Weekday()]
}

// ClassPeriods are the reading periods of a class in a semester.
type ClassPeriods struct {
	Class   Class
	Done    int
	Planned int // for today and later; one that is over counts when it is written down as done
}

// Left is how many are still to be planned.
func (p ClassPeriods) Left() int { return max(PeriodsEach-p.Done-p.Planned, 0) }

// PeriodsOfClasses counts each class's reading periods in the semester that a day of
// the year lies in.
func PeriodsOfClasses(classes []Class, all []Activity, y SchoolYear, d, today Day) []ClassPeriods {
	from, to := y.Semester(d)
	out := make([]ClassPeriods, len(classes))
	for i, c := range classes {
		out[i].Class = c
		for _, a := range all {
			if a.Kind != ReadingPeriod || a.Removed || a.Class != c.Name || a.Day.Before(from) || a.Day.After(to) {
				continue
			}
			switch {
			case a.Status == ActivityDone:
				out[i].Done++
			case a.Status == ActivityPlanned && !a.Day.Before(today):
				out[i].Planned++
			}
		}
	}
	return out
}
