package kiosk

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fate is what becomes of a pupil at the end of a school year.
type Fate string

// The fates. A pupil of whom nothing is said goes with the class.
const (
	FatePromote  Fate = "promote"
	FateRepeat   Fate = "repeat"   // stays in the grade
	FateLeave    Fate = "leave"    // is gone
	FateTransfer Fate = "transfer" // to another school
)

// Fates lists all fates.
var Fates = []Fate{FatePromote, FateRepeat, FateLeave, FateTransfer}

// PupilFate is an exception: what becomes of one pupil, and where to.
type PupilFate struct {
	Fate  Fate   `json:"fate"`
	Class string `json:"class,omitempty"` // of the new year; "" is as the rule says
}

// ClassMove says where the pupils of a class go.
type ClassMove struct {
	From   ID     `json:"from"`
	To     string `json:"to"`
	Grade  int    `json:"grade"`
	Leaves bool   `json:"leaves,omitempty"` // the class has finished the school
}

// NewClass is a class that begins without pupils of last year.
type NewClass struct {
	Name  string `json:"name"`
	Grade int    `json:"grade"`
}

// PromotionOrder is how a school year shall begin.
type PromotionOrder struct {
	From  ID               `json:"from"` // the year that ends
	Year  SchoolYear       `json:"year"` // that begins; its ID is not looked at
	Moves []ClassMove      `json:"moves"`
	Extra []NewClass       `json:"extra"`
	Fates map[ID]PupilFate `json:"fates"` // by patron
}

// PromotionPupil is a pupil of the year that ends.
type PromotionPupil struct {
	Patron  Patron
	Class   ID     // in the year that ends
	Open    int    // books at home
	Already string // the class of the new year that the pupil is in, "" for none
}

// PromotionFacts are what a plan is made of.
type PromotionFacts struct {
	From     SchoolYear
	Classes  []Class // of From
	Existing []Class // of the new year, if it is stored
	Pupils   []PromotionPupil
	Begun    bool // the new year was begun before, and not taken back
	// FromBegun says that the year that ends was itself begun by a promotion that
	// stands: then the next one waits until it is nearly over.
	FromBegun bool
	Today     Day
}

// PlannedPupil is a pupil in the plan.
type PlannedPupil struct {
	PromotionPupil
	FromClass string
	FromGrade int
	Fate      Fate
}

// PlannedClass is a class of the new year.
type PlannedClass struct {
	Name   string
	Grade  int
	ID     ID       // of a class that exists already
	From   []string // the classes whose pupils come
	Pupils []PlannedPupil
}

// PromotionTrouble is what stands against a plan, or wants a look.
type PromotionTrouble string

// The troubles. Only a multi-grade class is a hint; the others stop the plan.
const (
	PromotionBegun      PromotionTrouble = "begun"          // the year was begun before
	PromotionEarly      PromotionTrouble = "early"          // the year before has only just begun: it was pressed twice
	PromotionDates      PromotionTrouble = "dates"          // not in order, or before the year that ends
	PromotionNothing    PromotionTrouble = "nothing"        // nobody to promote
	PromotionNoTarget   PromotionTrouble = "no_target"      // pupils without a class to go to
	PromotionBadName    PromotionTrouble = "bad_name"       // too long
	PromotionBadGrade   PromotionTrouble = "bad_grade"      // no grade from 1 to 12
	PromotionGrades     PromotionTrouble = "grades_differ"  // classes of different grades into one
	PromotionOtherGrade PromotionTrouble = "exists_differs" // the class is there already, with another grade
	PromotionMultiGrade PromotionTrouble = "multi_grade"    // the class has several grades: look at each pupil
)

// PromotionTroubles lists all troubles.
var PromotionTroubles = []PromotionTrouble{PromotionBegun, PromotionEarly, PromotionDates, PromotionNothing, PromotionNoTarget, PromotionBadName, PromotionBadGrade, PromotionGrades, PromotionOtherGrade, PromotionMultiGrade}

// PromotionProblem is a trouble with the class that it is about.
type PromotionProblem struct {
	Trouble PromotionTrouble
	Class   string
}

// Stops reports whether nothing can be done before it is mended.
func (p PromotionProblem) Stops() bool { return p.Trouble != PromotionMultiGrade }

// PromotionError refuses a plan.
type PromotionError struct{ Problems []PromotionProblem }

func (e *PromotionError) Error() string {
	return fmt.Sprintf("the year cannot begin so: %v", e.Problems)
}

// PromotionPlan is what the beginning of a year would do; nothing is written.
type PromotionPlan struct {
	From     SchoolYear
	Year     SchoolYear
	Moves    []ClassMove // of every class of the year that ends, as they hold
	Classes  []PlannedClass
	Leavers  []PlannedPupil // gone from the school, with what they owe
	Problems []PromotionProblem

	Promoted, Repeating, Already int
}

// Stopped are the problems that stand against the plan.
func (p PromotionPlan) Stopped() []PromotionProblem {
	return slices.DeleteFunc(slices.Clone(p.Problems), func(x PromotionProblem) bool { return !x.Stops() })
}

// Owing are the leavers with books at home.
func (p PromotionPlan) Owing() []PlannedPupil {
	return slices.DeleteFunc(slices.Clone(p.Leavers), func(x PlannedPupil) bool { return x.Open == 0 })
}

// earliest is how many days before its end a year's pupils are usually moved
// up at the earliest.
const earliest = 92

// EarlyFor reports whether a day is early to end a year.
func EarlyFor(y SchoolYear, today Day) bool { return today.Before(y.End.Add(-earliest)) }

// MaxClassName is the longest name of a class, in letters.
const MaxClassName = 40

var numbersIn = regexp.MustCompile(`[0-9]+`)

// TopGrade is the last grade of a school: 5, 9 or 12, by its highest class.
func TopGrade(classes []Class) int {
	top := 5
	for _, c := range classes {
		for _, last := range []int{9, 12} {
			if c.Grade > top && c.Grade <= last {
				top = last
			}
		}
	}
	return top
}

// MultiGrade reports whether a class's name is of several grades, as "1+2",
// "Lớp ghép 3-4".
func MultiGrade(name string) bool { return len(gradesIn(name)) > 1 }

var severalGrades = regexp.MustCompile(`\b([1-9])\s*[+&,-]\s*([1-9])\b`)

// gradesIn are the grades in the name of a multi-grade class.
func gradesIn(name string) []int {
	m := severalGrades.FindStringSubmatch(name)
	if m == nil {
		return nil
	}
	a, _ := strconv.Atoi(m[1])
	b, _ := strconv.Atoi(m[2])
	if b != a+1 {
		return nil
	}
	return []int{a, b}
}

// NextClass is the usual name of a class one year on: its grade in the name,
// wherever it stands, is one more ("1A" to "2A", "5A1" to "6A1", "11.6" to
// "12.6", "Lớp 3B" to "Lớp 4B", "1+2" to "2+3"). A name without its grade
// stays as it is.
func NextClass(name string, grade int) string {
	if MultiGrade(name) {
		return severalGrades.ReplaceAllStringFunc(name, func(s string) string {
			return numbersIn.ReplaceAllStringFunc(s, plusOne)
		})
	}
	done := false
	return numbersIn.ReplaceAllStringFunc(name, func(s string) string {
		n, err := strconv.Atoi(s)
		if done || err != nil || n != grade {
			return s
		}
		done = true
		return plusOne(s)
	})
}

func plusOne(s string) string {
	n, err := strconv.Atoi(s)
	if err != nil {
		return s
	}
	return strconv.Itoa(n + 1)
}

// UsualMove is where a class goes by the rule.
func UsualMove(c Class, top int) ClassMove {
	m := ClassMove{From: c.ID, To: NextClass(c.Name, c.Grade), Grade: c.Grade + 1, Leaves: c.Grade >= top}
	if m.Leaves {
		m.To, m.Grade = "", 0
	}
	return m
}

// promotion is a plan under way.
type promotion struct {
	PromotionPlan
	facts PromotionFacts
	order PromotionOrder
	at    map[string]int // class of the plan by folded name
}

// PlanPromotion says what the order does. Whoever is in a class of the new
// year already stays there, so that nothing is done twice.
func PlanPromotion(f PromotionFacts, o PromotionOrder) PromotionPlan {
	p := promotion{facts: f, order: o, at: map[string]int{}}
	p.From, p.Year = f.From, o.Year
	if f.Begun {
		p.trouble(PromotionBegun, o.Year.Name)
		return p.PromotionPlan
	}
	if f.FromBegun && EarlyFor(f.From, f.Today) {
		p.trouble(PromotionEarly, f.From.Name)
		return p.PromotionPlan
	}
	if y := o.Year; y.Start.IsZero() || !y.Start.After(f.From.Start) || !y.Semester2.After(y.Start) || y.Recall.Before(y.Semester2) || y.End.Before(y.Recall) {
		p.trouble(PromotionDates, o.Year.Name)
	}
	if len(f.Pupils) == 0 {
		p.trouble(PromotionNothing, "")
	}
	for _, c := range f.Existing {
		p.class(c.Name, c.Grade, c.ID)
	}
	moves := p.moves()
	for _, x := range o.Extra {
		p.class(x.Name, x.Grade, "")
	}
	byID := map[ID]Class{}
	for _, c := range f.Classes {
		byID[c.ID] = c
	}
	for _, x := range f.Pupils {
		p.pupil(x, byID[x.Class], moves[x.Class])
	}
	slices.SortStableFunc(p.Classes, func(a, b PlannedClass) int { return cmp.Or(cmp.Compare(a.Grade, b.Grade), cmp.Compare(a.Name, b.Name)) })
	return p.PromotionPlan
}

func (p *promotion) trouble(t PromotionTrouble, class string) {
	x := PromotionProblem{t, class}
	if !slices.Contains(p.Problems, x) {
		p.Problems = append(p.Problems, x)
	}
}

// moves are the order's, and the rule's for the classes that it leaves out.
func (p *promotion) moves() map[ID]ClassMove {
	top := TopGrade(p.facts.Classes)
	all := map[ID]ClassMove{}
	filled := map[ID]bool{}
	for _, x := range p.facts.Pupils {
		filled[x.Class] = true
	}
	for _, c := range p.facts.Classes {
		m := UsualMove(c, top)
		if i := slices.IndexFunc(p.order.Moves, func(m ClassMove) bool { return m.From == c.ID }); i >= 0 {
			m = p.order.Moves[i]
		}
		m.To = strings.TrimSpace(m.To)
		all[c.ID] = m
		p.Moves = append(p.Moves, m)
		switch {
		case !filled[c.ID]: // nobody goes anywhere
		case m.Leaves:
		case m.To == "":
			p.trouble(PromotionNoTarget, c.Name)
		default:
			if i := p.class(m.To, m.Grade, ""); i >= 0 && !slices.Contains(p.Classes[i].From, c.Name) {
				p.Classes[i].From = append(p.Classes[i].From, c.Name)
			}
		}
		if filled[c.ID] && MultiGrade(c.Name) {
			p.trouble(PromotionMultiGrade, c.Name)
		}
	}
	return all
}

// class finds or plans a class of the new year; -1 for a name that is none.
func (p *promotion) class(name string, grade int, id ID) int {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return -1
	case len([]rune(name)) > MaxClassName:
		p.trouble(PromotionBadName, string([]rune(name)[:MaxClassName])+"…")
		return -1
	}
	key := strings.ToUpper(name)
	if i, ok := p.at[key]; ok {
		switch c := p.Classes[i]; {
		case c.Grade == grade:
		case c.ID != "":
			p.trouble(PromotionOtherGrade, c.Name)
		default:
			p.trouble(PromotionGrades, c.Name)
		}
		return i
	}
	if grade < 1 || grade > 12 {
		p.trouble(PromotionBadGrade, name)
	}
	p.Classes = append(p.Classes, PlannedClass{Name: name, Grade: grade, ID: id})
	p.at[key] = len(p.Classes) - 1
	return p.at[key]
}

// pupil puts one pupil where the fate says.
func (p *promotion) pupil(x PromotionPupil, from Class, m ClassMove) {
	fate := p.order.Fates[x.Patron.ID]
	one := PlannedPupil{PromotionPupil: x, FromClass: from.Name, FromGrade: from.Grade, Fate: cmp.Or(fate.Fate, FatePromote)}
	if x.Already != "" {
		p.Already++
		i := p.at[strings.ToUpper(x.Already)]
		p.Classes[i].Pupils = append(p.Classes[i].Pupils, one)
		return
	}
	if one.Fate == FatePromote && m.Leaves && fate.Class == "" {
		one.Fate = FateLeave
	}
	i := -1
	switch one.Fate {
	case FateLeave, FateTransfer:
		p.Leavers = append(p.Leavers, one)
		return
	case FateRepeat:
		i = p.repeat(from, fate.Class)
		p.Repeating++
	default:
		// A multi-grade class may send a pupil into a class of its own grade too.
		grade := m.Grade
		if j, ok := p.at[strings.ToUpper(strings.TrimSpace(fate.Class))]; ok {
			grade = p.Classes[j].Grade
		}
		i = p.class(cmp.Or(fate.Class, m.To), cmp.Or(grade, from.Grade+1), "")
		p.Promoted++
	}
	if i < 0 {
		p.trouble(PromotionNoTarget, from.Name)
		return
	}
	p.Classes[i].Pupils = append(p.Classes[i].Pupils, one)
}

// repeat is the class of a pupil who stays in the grade: the one named, that of
// the old name, or the first of the grade.
func (p *promotion) repeat(from Class, named string) int {
	if named != "" {
		return p.class(named, from.Grade, "")
	}
	if i, ok := p.at[strings.ToUpper(from.Name)]; ok && p.Classes[i].Grade == from.Grade {
		return i
	}
	best := -1
	for i, c := range p.Classes {
		if c.Grade == from.Grade && (best < 0 || c.Name < p.Classes[best].Name) {
			best = i
		}
	}
	if best >= 0 {
		return best
	}
	return p.class(from.Name, from.Grade, "")
}

// Promotion is a school year's beginning that was done.
type Promotion struct {
	ID       ID
	YearID   ID // that began
	FromYear ID
	At       time.Time
	By       ID
	Seq      int64     // of its event
	Undone   time.Time // zero while it stands
	Record   PromotionRecord
}

// PromotionRecord is what it did, so that it can be taken back.
type PromotionRecord struct {
	Enrolments []ID           `json:"enrolments"`
	Left       []StatusBefore `json:"left,omitempty"`    // who is gone since
	Classes    []ID           `json:"classes,omitempty"` // that were made
	Added      []ID           `json:"added,omitempty"`   // patrons who came with the new list
}

// StatusBefore is what a patron's status was.
type StatusBefore struct {
	Patron ID           `json:"patron"`
	Status PatronStatus `json:"status"`
	LeftOn Day          `json:"left_on"`
}

// PromotionUndoDays is for how many days a beginning can be taken back.
const PromotionUndoDays = 7

// Undoable reports whether p can be taken back at now.
func (p Promotion) Undoable(now time.Time) bool {
	return p.Undone.IsZero() && now.Before(p.At.AddDate(0, 0, PromotionUndoDays))
}

// PromotionUndone is what taking back a beginning did, and what it could not.
type PromotionUndone struct {
	Withdrawn int  `json:"withdrawn"` // enrolments
	Restored  int  `json:"restored"`  // leavers who are back
	Kept      []ID `json:"kept"`      // patrons who came into the new year's classes since, and stay there
	Changed   []ID `json:"changed"`   // leavers whose status was changed since, and stays
	Gone      int  `json:"gone"`      // people who were forgotten since
}
