package kiosk

import "slices"

// CornerFacts are what the targets of corners, surveys and own books are measured
// from.
type CornerFacts struct {
	Surveys  []Survey        // of the year
	Boxes    map[ID]Day      // of a class: the first day of the year on which its corner had a box handed over
	Readings map[ID][]Day    // of a class: the days on which readings in its corner were noted
	Rotated  []Day           // on which rotations of the year were ended
	Own      []ClassOwnBooks // that the classes keep in their corners themselves
	Moved    map[ID]bool     // of a class: a rotation of the year has taken a box from its corner or to it
}

// ClassOwnBooks are books of a class's own in its corner: counted apart, never in
// the library's stock.
type ClassOwnBooks struct {
	Class ID // whose corner it is; "" for the hallway and its like
	Since Day
	Count int
}

// readCornerFacts reads them for a school year, up to today.
func readCornerFacts(v View, f *TargetFacts) error {
	c := &f.Corners
	c.Boxes, c.Readings, c.Moved = map[ID]Day{}, map[ID][]Day{}, map[ID]bool{}
	var err error
	if c.Surveys, err = v.Surveys(f.Year.ID); err != nil {
		return err
	}
	corners, err := v.Corners()
	if err != nil {
		return err
	}
	classOf := map[ID]ID{}
	for _, x := range corners {
		classOf[x.Place] = x.Class
		if x.Class == "" {
			continue
		}
		boxes, err := v.Deposits(x.Place)
		if err != nil {
			return err
		}
		for _, b := range boxes {
			if b.Handed.IsZero() || b.Undone {
				continue
			}
			day := DayOf(b.Handed, f.Location)
			if first, had := c.Boxes[x.Class]; f.Year.Contains(day) && (!had || day.Before(first)) {
				c.Boxes[x.Class] = day
			}
		}
		read, err := v.Readings(x.Place, f.Year.Start, f.Today)
		if err != nil {
			return err
		}
		for _, r := range read {
			if r.Count > 0 {
				c.Readings[x.Class] = append(c.Readings[x.Class], r.Day)
			}
		}
	}
	own, err := v.OwnBooks("")
	if err != nil {
		return err
	}
	for _, o := range own {
		if f.Year.Contains(o.Since) && !o.Since.After(f.Today) {
			c.Own = append(c.Own, ClassOwnBooks{classOf[o.Place], o.Since, o.Quantity})
		}
	}
	all, err := v.Rotations()
	for _, r := range all {
		for _, m := range r.Moves {
			if !r.Undone && !m.Done.IsZero() && f.Year.Contains(DayOf(m.Done, f.Location)) {
				c.Moved[classOf[m.From]], c.Moved[classOf[m.To]] = true, true
			}
		}
		if day := DayOf(r.Closed, f.Location); !r.Closed.IsZero() && !r.Undone && f.Year.Contains(day) {
			c.Rotated = append(c.Rotated, day)
		}
	}
	return err
}

// surveyed are the days on which pupils with every textbook were counted: of each
// class by its newest round, no more than the class had pupils, by the survey and on
// the census day.
func (f TargetFacts) surveyed() (all []Day) {
	seen := map[ID]bool{}
	for _, c := range f.Corners.Surveys {
		if s, answered := f.newestSurvey(c.Class); answered && !seen[c.Class] {
			seen[c.Class] = true
			full := min(s.Full, s.Pupils)
			if f.ClassSize != nil {
				full = min(full, f.ClassSize[c.Class])
			}
			all = append(all, slices.Repeat([]Day{s.Day}, full)...)
		}
	}
	return all
}

// filled are the days on which classes of the year had their first box.
func (f TargetFacts) filled() (all []Day) {
	for _, c := range f.Classes {
		if day, had := f.Corners.Boxes[c.ID]; had {
			all = append(all, day)
		}
	}
	return all
}

// readMonths are the first days, of each class and month, on which readings in
// the corner were noted.
func (f TargetFacts) readMonths() (all []Day) {
	for _, c := range f.Classes {
		first := map[Day]Day{}
		for _, d := range f.Corners.Readings[c.ID] {
			m := Day{d.Year, d.Month, 1}
			if was, had := first[m]; !had || d.Before(was) {
				first[m] = d
			}
		}
		for _, d := range first {
			all = append(all, d)
		}
	}
	return all
}
