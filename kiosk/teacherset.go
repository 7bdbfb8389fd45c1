package kiosk

import (
	"math"
	"slices"
	"time"
)

// TeacherSet is whether a teacher had the books of the grade that she teaches (seed
// R65, R79): as many different titles of that grade's textbooks and of the teachers'
// own books as the library's smallest set of the grade has. It does not matter
// whether they came as a set by one scan, one by one, or counted out of a quantity
// line.
type TeacherSet struct {
	Teacher ID
	Grades  []int // that she teaches; none where it is not known: then any grade's will do
	Lacking []int // of Grades: those whose set she did not have
	Titles  int   // different titles that she had, of those grades
	Since   Day   // the day on which the last book of it came; zero while something lacks
}

// gotBook is a book that a teacher got in the year.
type gotBook struct {
	teacher, title ID
	grade          int
	day            Day
}

// teacherSets decides for each teacher. least is how many titles make a set of a
// grade; a grade that has no set in the library needs one title.
func teacherSets(teachers []ID, grades map[ID][]int, got []gotBook, least map[int]int) []TeacherSet {
	slices.SortStableFunc(got, func(a, b gotBook) int { return a.day.Sub(b.day) })
	all := make([]TeacherSet, 0, len(teachers))
	for _, id := range teachers {
		t := TeacherSet{Teacher: id, Grades: slices.Sorted(slices.Values(grades[id]))}
		t.Grades = slices.Compact(t.Grades)
		of, whole := map[int]map[ID]bool{}, map[int]Day{}
		for _, b := range got {
			if b.teacher != id || len(t.Grades) > 0 && !slices.Contains(t.Grades, b.grade) {
				continue
			}
			if of[b.grade] == nil {
				of[b.grade] = map[ID]bool{}
			}
			if !of[b.grade][b.title] {
				of[b.grade][b.title] = true
				t.Titles++
			}
			if _, had := whole[b.grade]; !had && len(of[b.grade]) >= max(least[b.grade], 1) {
				whole[b.grade] = b.day
			}
		}
		for _, g := range t.Grades {
			if day, had := whole[g]; !had {
				t.Lacking = append(t.Lacking, g)
			} else if t.Since.Before(day) {
				t.Since = day
			}
		}
		if len(t.Lacking) > 0 {
			t.Since = Day{}
		}
		if len(t.Grades) == 0 {
			for _, day := range whole {
				if t.Since.IsZero() || day.Before(t.Since) {
					t.Since = day
				}
			}
		}
		all = append(all, t)
	}
	return all
}

// readTeacherSets reads who of the year's teachers had the books of her grade.
func readTeacherSets(v View, f *TargetFacts) error {
	if len(f.Teachers) == 0 {
		return nil
	}
	grades, err := gradesTaught(v, f)
	if err != nil {
		return err
	}
	members, err := v.SetMembers()
	if err != nil {
		return err
	}
	sets, err := v.Sets()
	if err != nil {
		return err
	}
	gradeOf, least := map[ID]int{}, map[int]int{}
	for _, s := range sets {
		gradeOf[s.ID] = s.Grade
	}
	titles := map[ID]map[ID]bool{}
	for _, m := range members {
		if st := m.State.Status; st == CopyWithdrawn || st == CopyLost || st == CopyInProcessing {
			continue
		}
		if titles[m.SetID] == nil {
			titles[m.SetID] = map[ID]bool{}
		}
		titles[m.SetID][m.TitleID] = true
	}
	for set, of := range titles {
		if g := gradeOf[set]; g > 0 && (least[g] == 0 || len(of) < least[g]) {
			least[g] = len(of)
		}
	}
	got, err := booksOfTeachers(v, f, gradeOf)
	if err != nil {
		return err
	}
	f.TeacherSets = teacherSets(f.Teachers, grades, got, least)
	return nil
}

// gradesTaught are the grades of the classes of which a teacher is known to be in
// charge: as the keeper of their corner, or by her account.
func gradesTaught(v View, f *TargetFacts) (map[ID][]int, error) {
	gradeOf := map[ID]int{}
	for _, c := range f.Classes {
		gradeOf[c.ID] = c.Grade
	}
	grades := map[ID][]int{}
	teaches := func(who, class ID) {
		if g := gradeOf[class]; g > 0 && slices.Contains(f.Teachers, who) {
			grades[who] = append(grades[who], g)
		}
	}
	corners, err := v.Corners()
	if err != nil {
		return nil, err
	}
	for _, c := range corners {
		if c.Ended.IsZero() {
			teaches(f.TeacherOf[c.Keeper], c.Class)
		}
	}
	accounts, err := v.Accounts()
	for _, a := range accounts {
		for _, c := range a.Classes {
			if !a.Disabled {
				teaches(a.PatronID, c)
			}
		}
	}
	return grades, err
}

// booksOfTeachers are the textbooks and teachers' books that teachers borrowed in the
// year, or have since before it.
func booksOfTeachers(v View, f *TargetFacts, gradeOfSet map[ID]int) ([]gotBook, error) {
	var got []gotBook
	is := map[ID]bool{}
	for _, id := range f.Teachers {
		is[id] = true
	}
	first, last := f.Year.Start.At(0, 0, f.Location), f.Today.Add(1).At(0, 0, f.Location)
	for _, who := range f.Teachers {
		loans, err := v.LoansOf(who, math.MaxInt32)
		if err != nil {
			return nil, err
		}
		for _, l := range loans {
			inYear := !l.CheckedOutAt.Before(first) && l.CheckedOutAt.Before(last)
			since := l.CheckedOutAt.Before(first) && l.Open()
			if !inYear && !since || l.Item.Kind != Textbook && l.Item.Kind != Professional {
				continue
			}
			grade := l.Item.Title.Grade
			if g := gradeOfSet[l.Item.SetID]; g > 0 {
				grade = g
			}
			got = append(got, gotBook{who, l.Item.TitleID, grade, f.notBefore(l.CheckedOutAt)})
		}
	}
	lines, err := v.TextbookLines()
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		out, err := v.HandoutsOf(line.ID)
		if err != nil {
			return nil, err
		}
		for _, h := range out {
			who := f.TeacherOf[h.PatronRef]
			if !is[who] || h.Removed || h.Quantity == 0 || h.On.After(f.Today) || h.On.Before(f.Year.Start) && h.Out() == 0 {
				continue
			}
			title, err := v.Title(line.TitleID)
			if err != nil {
				return nil, err
			}
			got = append(got, gotBook{who, line.TitleID, title.Grade, f.inYear(h.On)})
		}
	}
	return got, nil
}

// notBefore is the day of an instant, the year's first for what was before.
func (f TargetFacts) notBefore(at time.Time) Day { return f.inYear(DayOf(at, f.Location)) }

func (f TargetFacts) inYear(d Day) Day {
	if d.Before(f.Year.Start) {
		return f.Year.Start
	}
	return d
}
