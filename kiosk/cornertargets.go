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
}

// ClassOwnBooks are books of a class's own in its corner: counted apart, never in
// the library's stock.
type ClassOwnBooks struct {
	Since Day
	Count int
}

// readCornerFacts reads them for a school year, up to today.
func readCornerFacts(v View, f *TargetFacts) error {
	c := &f.Corners
	c.Boxes, c.Readings = map[ID]Day{}, map[ID][]Day{}
	var err error
	if c.Surveys, err = v.Surveys(f.Year.ID); err != nil {
		return err
	}
	corners, err := v.Corners()
	if err != nil {
		return err
	}
	for _, x := range corners {
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
			c.Own = append(c.Own, ClassOwnBooks{o.Since, o.Quantity})
		}
	}
	all, err := v.Rotations()
	for _, r := range all {
		if day := DayOf(r.Closed, f.Location); !r.Closed.IsZero() && !r.Undone && f.Year.Contains(day) {
			c.Rotated = append(c.Rotated, day)
		}
	}
	return err
}

// surveyed are the days on which pupils with every textbook were counted: of each
// class by its newest round, no more than the class had pupils.
func (f TargetFacts) surveyed() (all []Day) {
	newest := map[ID]Survey{}
	for _, s := range f.Corners.Surveys {
		if old, had := newest[s.Class]; !s.Removed && !s.Day.After(f.Today) && (!had || s.Round > old.Round) {
			newest[s.Class] = s
		}
	}
	for _, s := range newest {
		all = append(all, slices.Repeat([]Day{s.Day}, min(s.Full, s.Pupils))...)
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
