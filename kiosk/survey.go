package kiosk

import (
	"cmp"
	"slices"
)

// EventSurvey is the event of a class's answers to the textbook survey.
const EventSurvey EventType = "survey_answered"

// Survey is what a class has of its textbooks, notebooks and tools in one round of a
// school year (seed R17, R70, R150, R197, R219). It counts pupils and names
// nobody.
type Survey struct {
	ID        ID           `json:"id"`
	Class     ID           `json:"class"`
	Round     int          `json:"round"` // 1 at the year's start, 2 at the start of the second semester
	Day       Day          `json:"day"`   // on which it was counted
	Pupils    int          `json:"pupils"`
	Full      int          `json:"full"`      // pupils with every textbook
	Notebooks int          `json:"notebooks"` // pupils with all notebooks
	Tools     int          `json:"tools"`     // pupils with all tools for learning
	Lines     []SurveyLine `json:"lines,omitempty"`
	Note      string       `json:"note,omitempty"`
	By        ID           `json:"by"`
	Removed   bool         `json:"removed,omitempty"` // was taken back
}

// SurveyLine is one textbook of a survey. Who has it neither way lacks it:
//
//	own + from the library + lacking = pupils
type SurveyLine struct {
	Title ID  `json:"t"`
	Own   int `json:"own"`  // pupils who have one of their own
	Lent  int `json:"lent"` // pupils who have one of the library's
}

// Lacks is how many pupils have the line's book neither way.
func (s Survey) Lacks(l SurveyLine) int { return s.Pupils - l.Own - l.Lent }

// Lacking is how many books the class lacks in all.
func (s Survey) Lacking() (n int) {
	for _, l := range s.Lines {
		n += s.Lacks(l)
	}
	return n
}

// Rounds lists the rounds of a year's survey.
var Rounds = []int{1, 2}

// RoundOf is the round that a day belongs to.
func RoundOf(y SchoolYear, d Day) int {
	if d.Before(y.Semester2) {
		return 1
	}
	return 2
}

// The bounds of a survey.
const (
	MostSurveyed    = 100 // pupils of a class
	MostSurveyLines = 60
)

// SurveyView reads surveys.
type SurveyView interface {
	// Survey is that of a class and round, ErrNotFound while there is none. One that
	// was taken back is there with Removed.
	Survey(class ID, round int) (Survey, error)
	// Surveys are those of a school year's classes, by round and class; those that
	// were taken back are not in it.
	Surveys(year ID) ([]Survey, error)
}

// SortSurveys puts them in the order of rounds and classes.
func SortSurveys(all []Survey) {
	slices.SortFunc(all, func(a, b Survey) int { return cmp.Or(cmp.Compare(a.Round, b.Round), cmp.Compare(a.Class, b.Class)) })
}
