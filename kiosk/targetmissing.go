package kiosk

import (
	"slices"
	"time"
)

// MissingLine is one that a target still lacks: a teacher, a class, a month, a theme
// or a record. Pupils are never in it: of a class it says how many.
type MissingLine struct {
	Person ID
	Class  Class
	Month  Day
	Theme  string
	Record string

	N         int   // how many are missing of it, 0 where it is itself
	Of        int   // of how many
	Semesters []int // in which; of a survey: in which round
	Grades    []int // of which
	Months    []Day // in which
}

// Missing lists who or what a target lacks by today; false for a target that is a
// mere count and has nobody to ask.
func (x TargetsRead) Missing(k TargetKey) (all []MissingLine, listed bool) {
	f := x.Facts
	teachers := func(when func(FirstDeeds) time.Time) {
		for _, id := range f.Teachers {
			if when(f.Deeds[id]).IsZero() {
				all = append(all, MissingLine{Person: id})
			}
		}
	}
	pupils := func(when func(FirstDeeds) time.Time) {
		for _, c := range f.Classes {
			l := MissingLine{Class: c}
			for _, id := range f.Pupils {
				if x.Members[id].Class == c.Name {
					l.Of++
					if when(f.Deeds[id]).IsZero() {
						l.N++
					}
				}
			}
			if l.N > 0 {
				all = append(all, l)
			}
		}
	}
	visited := func(d FirstDeeds) time.Time { return d.Visited }
	borrowed := func(d FirstDeeds) time.Time { return d.Borrowed }
	switch k {
	case "visitors_pupils":
		pupils(visited)
	case "readers_pupils":
		pupils(func(d FirstDeeds) time.Time { return d.Read })
	case "borrowers_pupils":
		pupils(borrowed)
	case "visitors_teachers":
		teachers(visited)
	case "borrowers_teachers":
		teachers(borrowed)
	case "reading_periods":
		for _, c := range f.Classes {
			first, second := f.PeriodsOf(c.Name)
			all = f.semesters(all, MissingLine{Class: c, Of: 4}, 2, first, second)
		}
	case "library_lessons":
		for _, id := range f.Teachers {
			var n [2]int
			for _, a := range f.done(LibraryLesson) {
				if f.TeacherOf[a.Teacher] == id {
					n[RoundOf(f.Year, a.Day)-1]++
				}
			}
			all = f.semesters(all, MissingLine{Person: id, Of: 2}, 1, n[0], n[1])
		}
	case "teacher_sets":
		for _, t := range f.TeacherSets {
			if t.Since.IsZero() {
				all = append(all, MissingLine{Person: t.Teacher, Grades: t.Lacking})
			}
		}
	case "records":
		for _, r := range f.Records {
			if !r.Kept() {
				all = append(all, MissingLine{Record: r.Record})
			}
		}
	case "theme_cases":
		for _, c := range ThemeCases {
			if _, had := f.Themes[c]; !had {
				all = append(all, MissingLine{Theme: c})
			}
		}
	case "introduction_months":
		all = f.monthsWithout(f.monthsWith(Introduction))
	case "web_months":
		all = f.monthsWithout(f.webMonths())
	case "meetings":
		all = f.monthsWithout(f.monthsWith(Meeting))
	case "contest_months":
		all = f.monthsWithout(f.monthsWith(Happening))
	default:
		return f.missingInClasses(k)
	}
	return all, true
}

// semesters adds a line for what lacks in the semesters that have begun.
func (f TargetFacts) semesters(all []MissingLine, l MissingLine, each, first, second int) []MissingLine {
	for i, n := range []int{first, second} {
		if i+1 <= RoundOf(f.Year, f.Today) && n < each {
			l.N += each - n
			l.Semesters = append(l.Semesters, i+1)
		}
	}
	if l.N > 0 {
		all = append(all, l)
	}
	return all
}

// missingInClasses are the classes that lack something of their corners, surveys or
// own books.
func (f TargetFacts) missingInClasses(k TargetKey) (all []MissingLine, listed bool) {
	for _, c := range f.Classes {
		l := MissingLine{Class: c}
		lacks := false
		switch k {
		case "corner_boxes":
			_, had := f.Corners.Boxes[c.ID]
			lacks = !had
		case "corner_registers":
			noted := map[Day]bool{}
			for _, d := range f.Corners.Readings[c.ID] {
				noted[Day{d.Year, d.Month, 1}] = true
			}
			for _, m := range f.serviceMonths(f.Today) {
				l.Of++
				if !noted[m] {
					l.Months = append(l.Months, m)
				}
			}
			l.N = len(l.Months)
			lacks = l.N > 0
		case "class_books":
			lacks = !slices.ContainsFunc(f.Corners.Own, func(o ClassOwnBooks) bool { return o.Class == c.ID })
		case "rotations":
			lacks = f.Corners.Boxes[c.ID] != Day{} && !f.Corners.Moved[c.ID]
		case "survey_rounds":
			for round := 1; round <= f.roundsDue(f.Today); round++ {
				if !slices.ContainsFunc(f.Corners.Surveys, func(s Survey) bool {
					return s.Class == c.ID && s.Round == round && !s.Removed && !s.Day.After(f.Today)
				}) {
					l.Semesters = append(l.Semesters, round)
				}
			}
			l.N = len(l.Semesters)
			lacks = l.N > 0
		case "textbook_sets":
			s, answered := f.newestSurvey(c.ID)
			if l.Of = s.Pupils; answered {
				l.N = max(0, s.Pupils-s.Full)
			} else {
				l.Semesters = []int{f.roundsDue(f.Today)}
			}
			lacks = !answered || l.N > 0
		default:
			return nil, false
		}
		if lacks {
			all = append(all, l)
		}
	}
	return all, true
}

// newestSurvey is what a class answered last.
func (f TargetFacts) newestSurvey(class ID) (newest Survey, answered bool) {
	for _, s := range f.Corners.Surveys {
		if s.Class == class && !s.Removed && !s.Day.After(f.Today) && (!answered || s.Round > newest.Round) {
			newest, answered = s, true
		}
	}
	return newest, answered
}

// monthsWithout are the months of service in which none of the days lies.
func (f TargetFacts) monthsWithout(days []Day) (all []MissingLine) {
	had := map[Day]bool{}
	for _, d := range days {
		had[Day{d.Year, d.Month, 1}] = true
	}
	for _, m := range f.serviceMonths(f.Today) {
		if !had[m] {
			all = append(all, MissingLine{Month: m})
		}
	}
	return all
}
