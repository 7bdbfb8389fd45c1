package kiosk

import (
	"math"
	"slices"
	"time"
)

// TargetKey names a target of the year's plan.
type TargetKey string

// TargetUnit is what a target is measured in.
type TargetUnit string

// The units.
const (
	UnitPercent  TargetUnit = "percent"
	UnitPerPupil TargetUnit = "per_pupil" // copies a pupil, two decimals, rounded half up
	UnitPerWeek  TargetUnit = "per_week"
	UnitCount    TargetUnit = "count"
)

// Target is a goal as a range. Max is 0 where only the lower end counts.
type Target struct {
	Key      TargetKey
	Unit     TargetUnit
	Min, Max float64
}

// Targets are the plan's, with the goals that it sets itself. Visitors, readers
// and home borrowers are three figures (I9): who came in, who read or borrowed,
// who took a book home.
var Targets = []Target{
	{"visitors_pupils", UnitPercent, 90, 95},     // R120
	{"visitors_teachers", UnitPercent, 100, 0},   // R120
	{"readers_pupils", UnitPercent, 100, 0},      // R61
	{"borrowers_pupils", UnitPercent, 80, 0},     // R114, R115
	{"borrowers_teachers", UnitPercent, 100, 0},  // R114, R115
	{"reference_plan", UnitPerPupil, 6, 7},       // R66
	{"reference_standard", UnitPerPupil, 4, 5},   // R81
	{"electronic", UnitPercent, 3, 5},            // R82
	{"theme_cases", UnitPercent, 100, 0},         // R67: a bookcase of a theme with something new
	{"serials_received", UnitPercent, 100, 0},    // R80: of the issues that are due
	{"donations", UnitCount, 567, 0},             // R83
	{"gift_each", UnitPercent, 100, 0},           // R84: one of each pupil and grown-up (I13)
	{"reading_periods", UnitPercent, 100, 0},     // R107: two a semester for each class
	{"library_lessons", UnitPercent, 100, 0},     // R184: one a semester for each teacher
	{"introductions", UnitPerWeek, 1, 2},         // R62
	{"introduction_months", UnitPercent, 100, 0}, // R108: a month with one
	{"web_months", UnitPercent, 100, 0},          // R69: a month with one on the website
	{"bibliographies", UnitCount, 4, 0},          // R60, R128
	{"events", UnitCount, 2, 0},                  // R63, R64, R185
	{"contest_months", UnitPercent, 100, 0},      // R185: a month with one
	{"textbook_sets", UnitPercent, 100, 0},       // R17
	{"survey_rounds", UnitPercent, 100, 0},       // R70: a class in each round
	{"teacher_sets", UnitPercent, 100, 0},        // R65, R79
	{"corner_boxes", UnitPercent, 100, 0},        // R129: a class with one
	{"corner_registers", UnitPercent, 100, 0},    // R130: a month of a class with readings noted
	{"rotations", UnitCount, 2, 0},               // R131: one a semester
	{"class_books", UnitCount, 1, 0},             // R132
	{"meetings", UnitPercent, 100, 0},            // R111: a month with one
	{"shared_stock", UnitCount, 1, 0},            // R117
	{"stocktakes", UnitCount, 1, 0},              // R71, R151
	{"withdrawals", UnitCount, 1, 0},             // R72, R151
	{"records", UnitPercent, 100, 0},             // R73
}

// TargetsSetting is the key under which a school's own goals are kept:
// [TargetSettings] as JSON.
const TargetsSetting = "targets"

// TargetSettings are the school's own goals and the day on which it is counted
// who belongs to it.
type TargetSettings struct {
	Census Day                      `json:"census"`
	Goals  map[TargetKey][2]float64 `json:"goals,omitempty"`
}

// Of is a target with the school's own goal.
func (s TargetSettings) Of(t Target) Target {
	if g, is := s.Goals[t.Key]; is {
		t.Min, t.Max = g[0], g[1]
	}
	return t
}

// CensusOf is the day whose members are the denominators: the one that the school
// set, where it lies in the year, else 30 September or, before it, today.
func (s TargetSettings) CensusOf(y SchoolYear, today Day) Day {
	if !s.Census.IsZero() && y.Contains(s.Census) && !s.Census.After(today) {
		return s.Census
	}
	usual := Day{y.Start.Year, time.September, 30}
	if usual.After(today) {
		return today
	}
	return usual
}

// TargetFacts are what targets are measured from.
type TargetFacts struct {
	Year       SchoolYear
	Today      Day // the last day that counts: today, or the end of a past year
	Pupils     []ID
	Teachers   []ID
	Deeds      map[ID]FirstDeeds // of the year, by person
	Classes    []Class
	Activities []Activity
	TeacherOf  map[ID]ID // of a reference: the person
	Reference  []Day     // of the copies in stock for reading beside the lessons: when each came
	Copies     int       // all in stock
	Stocktakes []Day     // that were closed in the year
	Withdrawn  []Day     // minutes that were closed in the year
	Corners    CornerFacts
	Grown      int            // everybody of the census who is no pupil
	ClassSize  map[ID]int     // pupils of the census, by class; nil where it is not known
	Themes     map[string]Day // of a sub-kind with a bookcase of its own: its first new copy of the year
	Issues     []IssueDue     // of newspapers and magazines, due by today
	// TeacherSets are whether each teacher had the books of her grade; Records are the
	// records that have to be kept. They are read by who knows them: see
	// register.ReadTargets.
	TeacherSets []TeacherSet
	Records     []RecordKept
	Calendar    Calendar
	Location    *time.Location
}

// TargetPoint is where a target stood at the end of a day.
type TargetPoint struct {
	Day Day
	Now float64
}

// Standing is where a target stands.
type Standing struct {
	Target
	Have, Of int     // what is measured: Have of Of, Of 0 where it is a count
	Now      float64 // in the unit
	Need     int     // how many more it would take to reach Min; 0 when it is reached
	Points   []TargetPoint
}

// Met reports whether the goal is reached.
func (s Standing) Met() bool { return s.Need == 0 }

// Unmeasured reports whether there is nothing to measure by yet: no class, no issue
// that is due. Such a target is not reached, and it cannot be said what it would take.
func (s Standing) Unmeasured() bool { return s.Of == 0 && s.Unit != UnitCount }

// Above reports whether it is past the upper end.
func (s Standing) Above() bool { return s.Max > 0 && s.Now > s.Max }

// Measure says where a target stands, and where it stood over the year.
func (f TargetFacts) Measure(t Target) Standing {
	s := Standing{Target: t}
	days := f.days(t.Key)
	until := func(d Day) int {
		n := 0
		for _, x := range days {
			if !x.After(d) {
				n++
			}
		}
		return n
	}
	s.Of = f.of(t.Key, f.Today)
	s.Have = until(f.Today)
	s.Now = f.value(t, s.Have, s.Of)
	for need := 0; ; need++ {
		if f.value(t, s.Have+need, s.Of) >= t.Min || need > 1_000_000 || s.Of == 0 && t.Unit != UnitCount {
			s.Need = need
			break
		}
	}
	if s.Unmeasured() {
		s.Need = 1 // nothing to measure by: not reached
	}
	for d := f.Year.Start; !d.After(f.Today); d = d.Add(7) {
		s.Points = append(s.Points, TargetPoint{d, f.value(t, until(d), f.of(t.Key, d))})
	}
	if n := len(s.Points); n == 0 || s.Points[n-1].Day != f.Today {
		s.Points = append(s.Points, TargetPoint{f.Today, s.Now})
	}
	return s
}

// value is a count in the target's unit, rounded half up to two decimals.
func (f TargetFacts) value(t Target, have, of int) float64 {
	x := float64(have)
	switch {
	case t.Unit == UnitCount:
		return x
	case of == 0:
		return 0
	case t.Unit == UnitPercent:
		x *= 100
	}
	return math.Floor(x/float64(of)*100+0.5) / 100
}

// of is the denominator up to a day.
func (f TargetFacts) of(k TargetKey, d Day) int {
	switch k {
	case "visitors_pupils", "readers_pupils", "borrowers_pupils", "reference_plan", "reference_standard":
		return len(f.Pupils)
	case "visitors_teachers", "borrowers_teachers":
		return len(f.Teachers)
	case "electronic":
		return f.Copies
	case "reading_periods":
		return 4 * len(f.Classes)
	case "library_lessons":
		return 2 * len(f.Teachers)
	case "introductions":
		return f.weeks(d)
	case "textbook_sets":
		return len(f.Pupils)
	case "theme_cases":
		return len(ThemeCases)
	case "serials_received":
		n := 0
		for _, i := range f.Issues {
			if !i.Due.After(d) {
				n++
			}
		}
		return n
	case "gift_each":
		return len(f.Pupils) + f.Grown
	case "survey_rounds":
		return len(f.Classes) * f.roundsDue(d)
	case "teacher_sets":
		return len(f.TeacherSets)
	case "records":
		return len(f.Records)
	case "corner_boxes":
		return len(f.Classes)
	case "corner_registers":
		return len(f.Classes) * f.months(d)
	case "introduction_months", "web_months", "meetings", "contest_months":
		return f.months(d)
	}
	return 0
}

// weeks are the weeks of service up to a day: those with an open day.
func (f TargetFacts) weeks(until Day) int {
	seen := map[Day]bool{}
	for d := f.Year.Start; !d.After(until); d = d.Add(1) {
		if f.Calendar.Open(d) {
			seen[d.Add(-(int(d.Weekday())+6)%7)] = true
		}
	}
	return len(seen)
}

// months are how many months of service there are up to a day.
func (f TargetFacts) months(until Day) int { return len(f.serviceMonths(until)) }

// serviceMonths are the first days of the months of service up to a day: those with
// five open days.
func (f TargetFacts) serviceMonths(until Day) (all []Day) {
	open := map[Day]int{}
	for d := f.Year.Start; !d.After(until); d = d.Add(1) {
		if f.Calendar.Open(d) {
			m := Day{d.Year, d.Month, 1}
			if open[m]++; open[m] == 5 {
				all = append(all, m)
			}
		}
	}
	return all
}

// days are the days on which the numerator grew by one.
func (f TargetFacts) days(k TargetKey) (all []Day) {
	people := func(who []ID, when func(FirstDeeds) time.Time) {
		for _, id := range who {
			if at := when(f.Deeds[id]); !at.IsZero() {
				all = append(all, DayOf(at, f.Location))
			}
		}
	}
	visited := func(d FirstDeeds) time.Time { return d.Visited }
	borrowed := func(d FirstDeeds) time.Time { return d.Borrowed }
	switch k {
	case "visitors_pupils":
		people(f.Pupils, visited)
	case "visitors_teachers":
		people(f.Teachers, visited)
	case "readers_pupils":
		people(f.Pupils, func(d FirstDeeds) time.Time { return d.Read })
	case "borrowers_pupils":
		people(f.Pupils, borrowed)
	case "borrowers_teachers":
		people(f.Teachers, borrowed)
	case "reference_plan", "reference_standard":
		return f.Reference
	case "electronic":
		for _, a := range f.done(Electronic) {
			all = append(all, slices.Repeat([]Day{a.Day}, a.Taken)...)
		}
	case "theme_cases":
		return f.themes()
	case "serials_received":
		for _, i := range f.Issues {
			if !i.Came.IsZero() {
				all = append(all, i.Came)
			}
		}
	case "donations", "gift_each":
		for _, a := range f.done(Gift) {
			all = append(all, slices.Repeat([]Day{a.Day}, a.Taken)...)
		}
	case "reading_periods":
		got := map[string]int{}
		for _, a := range f.done(ReadingPeriod) {
			key := a.Class + f.semester(a.Day)
			if f.hasClass(a.Class) && got[key] < PeriodsEach {
				got[key]++
				all = append(all, a.Day)
			}
		}
	case "library_lessons":
		got := map[string]bool{}
		for _, a := range f.done(LibraryLesson) {
			who := f.TeacherOf[a.Teacher]
			key := string(who) + f.semester(a.Day)
			if slices.Contains(f.Teachers, who) && !got[key] {
				got[key] = true
				all = append(all, a.Day)
			}
		}
	case "introductions":
		for _, a := range f.done(Introduction) {
			all = append(all, slices.Repeat([]Day{a.Day}, max(len(a.Titles), 1))...)
		}
	case "introduction_months":
		return f.monthsWith(Introduction)
	case "web_months":
		return f.webMonths()
	case "survey_rounds":
		return f.surveyRounds()
	case "teacher_sets":
		for _, t := range f.TeacherSets {
			if !t.Since.IsZero() {
				all = append(all, t.Since)
			}
		}
	case "records":
		for _, r := range f.Records {
			if r.Kept() {
				all = append(all, r.Day())
			}
		}
	case "meetings":
		return f.monthsWith(Meeting)
	case "contest_months":
		return f.monthsWith(Happening)
	case "textbook_sets":
		return f.surveyed()
	case "corner_boxes":
		return f.filled()
	case "corner_registers":
		return f.readMonths()
	case "rotations":
		return f.Corners.Rotated
	case "class_books":
		for _, o := range f.Corners.Own {
			all = append(all, slices.Repeat([]Day{o.Since}, o.Count)...)
		}
	case "bibliographies":
		return f.daysOf(Bibliography)
	case "events":
		return f.daysOf(Happening)
	case "shared_stock":
		return f.daysOf(SharedStock)
	case "stocktakes":
		return f.Stocktakes
	case "withdrawals":
		return f.Withdrawn
	}
	return all
}

func (f TargetFacts) done(kind ActivityKind) (all []Activity) {
	for _, a := range f.Activities {
		if a.Counts(kind, f.Year.Start, f.Today) {
			all = append(all, a)
		}
	}
	return all
}

func (f TargetFacts) daysOf(kind ActivityKind) (all []Day) {
	for _, a := range f.done(kind) {
		all = append(all, a.Day)
	}
	return all
}

func (f TargetFacts) monthsWith(kind ActivityKind) (all []Day) {
	seen := map[Day]bool{}
	for _, a := range f.done(kind) {
		if m := (Day{a.Day.Year, a.Day.Month, 1}); !seen[m] {
			seen[m] = true
			all = append(all, a.Day)
		}
	}
	return all
}

func (f TargetFacts) semester(d Day) string {
	if d.Before(f.Year.Semester2) {
		return " 1"
	}
	return " 2"
}

func (f TargetFacts) hasClass(name string) bool {
	return slices.ContainsFunc(f.Classes, func(c Class) bool { return c.Name == name })
}

// PeriodsOf is how many reading periods a class had in each semester.
func (f TargetFacts) PeriodsOf(class string) (first, second int) {
	for _, a := range f.done(ReadingPeriod) {
		switch {
		case a.Class != class:
		case f.semester(a.Day) == " 1":
			first++
		default:
			second++
		}
	}
	return first, second
}

// AssessmentSetting is the key under which [Assessment] is kept, as JSON.
const AssessmentSetting = "assessment"

// Assessment is what a school says of itself beside the figures, by the line's
// key, and its own thresholds: those of the Circular that are not known for sure
// are the school's to set.
type Assessment struct {
	Values     map[string]float64 `json:"values,omitempty"`
	Thresholds map[string]float64 `json:"thresholds,omitempty"`
	Notes      map[string]string  `json:"notes,omitempty"`
}

// Criterion is a line of the self-assessment by the five standards of Circular
// 16/2022: its standard, its threshold for level 1, and whether it is measured
// here or typed.
type Criterion struct {
	Key      string
	Standard int
	Min      float64
	Target   TargetKey // measured as this target, "" otherwise
	Typed    bool
}

// Criteria are the lines. 3 copies a pupil is read in Decree 93/2020 article 17;
// the others are the plan's own words or to be set by the school.
var Criteria = []Criterion{
	{Key: "copies_per_pupil", Standard: 1, Min: 3},
	{Key: "labelled", Standard: 1, Min: 100},
	{Key: "priced", Standard: 1, Min: 90},
	{Key: "teacher_sets", Standard: 1, Min: 100, Target: "teacher_sets"},
	{Key: "area", Standard: 2, Min: 50, Typed: true},
	{Key: "seats", Standard: 2, Min: 30, Typed: true},
	{Key: "computers", Standard: 3, Min: 1, Typed: true},
	{Key: "software", Standard: 3, Min: 1},
	{Key: "borrowers_teachers", Standard: 4, Min: 100, Target: "borrowers_teachers"},
	{Key: "borrowers_pupils", Standard: 4, Min: 80, Target: "borrowers_pupils"},
	{Key: "reading_periods", Standard: 4, Min: 100, Target: "reading_periods"},
	{Key: "bibliographies", Standard: 4, Min: 1, Target: "bibliographies"},
	{Key: "shared_stock", Standard: 4, Min: 1, Target: "shared_stock"},
	{Key: "plan", Standard: 5, Min: 1},
	{Key: "stocktakes", Standard: 5, Min: 1, Target: "stocktakes"},
	{Key: "withdrawals", Standard: 5, Min: 1, Target: "withdrawals"},
	{Key: "records", Standard: 5, Min: 100, Target: "records"},
}
