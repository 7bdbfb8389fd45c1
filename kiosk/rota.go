package kiosk

import "slices"

// The rota of introductions (seed R176): which class introduces a book or tells a
// story in which week of the year, at the flag ceremony that begins it. A turn is an
// activity of the kind [Introduction] with a class: planned, and done when it stands in
// the register of introductions.

// RotaWeek is a week of the rota.
type RotaWeek struct {
	Monday Day
	Day    Day        // on which it is held: the week's first open day; zero when the library is shut all week
	Shut   string     // then why, "" for no name
	Turns  []Activity // by day; more than one when a class joined in
}

// Open is the turn of the week that is still to come and may be changed: the first
// that is planned.
func (w RotaWeek) Open() (Activity, bool) {
	for _, a := range w.Turns {
		if a.Status == ActivityPlanned {
			return a, true
		}
	}
	return Activity{}, false
}

// Taken reports whether a class has the week, or had it.
func (w RotaWeek) Taken() bool { return slices.ContainsFunc(w.Turns, Activity.Stands) }

// IsTurn reports whether an activity is a turn of the rota.
func (a Activity) IsTurn() bool { return a.Kind == Introduction && a.Class != "" && !a.Removed }

// RotaWeeks are the weeks from one day to another with their turns. all are the
// activities of those weeks.
func RotaWeeks(c Calendar, from, to Day, all []Activity) (weeks []RotaWeek) {
	for m := from.Add(-(int(from.Weekday()) + 6) % 7); !m.After(to); m = m.Add(7) {
		w := RotaWeek{Monday: m}
		for i := range 7 {
			d := m.Add(i)
			name, shut := c.Shut(d)
			switch {
			case d.Before(from) || d.After(to):
			case !shut && w.Day.IsZero():
				w.Day = d
			case w.Shut == "":
				w.Shut = name
			}
		}
		for _, a := range all {
			if a.IsTurn() && !a.Day.Before(m) && a.Day.Before(m.Add(7)) {
				w.Turns = append(w.Turns, a)
			}
		}
		slices.SortFunc(w.Turns, CompareActivities)
		weeks = append(weeks, w)
	}
	return weeks
}

// RotaOrder puts classes, which come by grade and name, into the order in which they
// take turns: class by class, or grade by grade, a class of each in turn.
func RotaOrder(classes []Class, byGrade bool) []Class {
	if !byGrade {
		return classes
	}
	nth, of := map[ID]int{}, map[int]int{}
	for _, c := range classes {
		nth[c.ID] = of[c.Grade]
		of[c.Grade]++
	}
	out := slices.Clone(classes)
	slices.SortStableFunc(out, func(a, b Class) int {
		if n := nth[a.ID] - nth[b.ID]; n != 0 {
			return n
		}
		return a.Grade - b.Grade
	})
	return out
}

// RotaTurns gives each free week from a day on a class of the order: the one with the
// fewest turns in the year so far, so that a round goes on where it was left and a new
// class catches up, and none twice running while there are others.
func RotaTurns(order []Class, weeks []RotaWeek, from Day) (turns []RotaTurn) {
	if len(order) == 0 {
		return nil
	}
	had, last := map[string]int{}, ""
	for _, w := range weeks {
		for _, a := range w.Turns {
			if a.Stands() {
				had[a.Class]++
			}
		}
	}
	for _, w := range weeks {
		if w.Taken() {
			last = w.Turns[len(w.Turns)-1].Class
			continue
		}
		if w.Day.IsZero() || w.Day.Before(from) {
			continue
		}
		best := -1
		for i, c := range order {
			if c.Name == last && len(order) > 1 {
				continue
			}
			if best < 0 || had[c.Name] < had[order[best].Name] {
				best = i
			}
		}
		last = order[best].Name
		had[last]++
		turns = append(turns, RotaTurn{w.Day, order[best]})
	}
	return turns
}

// RotaTurn is a turn that the rota gives.
type RotaTurn struct {
	Day   Day
	Class Class
}
