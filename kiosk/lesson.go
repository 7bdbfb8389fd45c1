package kiosk

import (
	"cmp"
	"fmt"
	"slices"
)

// Lesson is a reservation for a lesson (seed R147): so many copies of a title,
// sets of a grade, or books of a quantity line, kept for a class and its teacher
// on a day. It is handed out in one act and taken back in one.
type Lesson struct {
	ID        ID           `json:"id"`
	What      LessonWhat   `json:"what"`
	TitleID   ID           `json:"title,omitempty"` // with copies and, as the line's, with pieces
	LineID    ID           `json:"line,omitempty"`  // with pieces
	Grade     int          `json:"grade,omitempty"` // with sets: of which grade
	Count     int          `json:"count"`
	ClassID   ID           `json:"class"`
	PatronRef ID           `json:"patron_ref"` // the teacher who answers for it
	On        Day          `json:"on"`
	Period    int          `json:"period"` // of the day's periods, from 1; 0 when it does not matter
	Note      string       `json:"note,omitempty"`
	Status    LessonStatus `json:"status"`
	Loans     []ID         `json:"loans,omitempty"`   // of what was handed out
	Handout   ID           `json:"handout,omitempty"` // with pieces
	Given     int          `json:"given,omitempty"`   // how many were handed out
}

// LessonWhat is what is reserved.
type LessonWhat string

// What can be reserved.
const (
	LessonCopies LessonWhat = "copies"
	LessonSets   LessonWhat = "sets"
	LessonPieces LessonWhat = "pieces"
)

// LessonWhats lists them all.
var LessonWhats = []LessonWhat{LessonCopies, LessonSets, LessonPieces}

// LessonStatus is the life of a reservation.
type LessonStatus string

// The statuses of a reservation.
const (
	LessonWaiting   LessonStatus = "waiting"
	LessonOut       LessonStatus = "out"
	LessonBack      LessonStatus = "back"
	LessonCancelled LessonStatus = "cancelled"
)

// LessonStatuses lists them all.
var LessonStatuses = []LessonStatus{LessonWaiting, LessonOut, LessonBack, LessonCancelled}

// The bounds of reservations.
const (
	MaxLesson  = 60 // copies, sets or books
	MaxPeriod  = 10
	MaxCodes   = 200 // scanned into one act
	LessonSoon = 1   // opening days before its own on which the desk shows a reservation
)

// Open reports whether something is still to be done.
func (l Lesson) Open() bool { return l.Status == LessonWaiting || l.Status == LessonOut }

// same reports whether two reservations want the same things.
func (l Lesson) same(o Lesson) bool {
	return l.What == o.What && l.TitleID == o.TitleID && l.LineID == o.LineID && l.Grade == o.Grade
}

// Meets reports whether two reservations want the same things on the same day.
// Lessons of different periods may share them; one without a period wants the
// whole day.
func (l Lesson) Meets(o Lesson) bool {
	return l.ID != o.ID && o.Open() && l.same(o) && l.On == o.On && (l.Period == 0 || o.Period == 0 || l.Period == o.Period)
}

// LessonStock is what there is on the day of a reservation.
type LessonStock struct {
	All      int // that the library has and can lend
	Out      int // of those, on loan beyond the day, or overdue already
	Holds    int // kept or waited for by readers
	Reserved int // by other reservations of the day
}

// Free is how many are left.
func (s LessonStock) Free() int { return max(s.All-s.Out-s.Holds-s.Reserved, 0) }

// LessonShortError says at once that there are fewer than are wanted, and why.
type LessonShortError struct {
	Want  int
	Stock LessonStock
}

func (e *LessonShortError) Error() string {
	return fmt.Sprintf("%d wanted, %d left", e.Want, e.Stock.Free())
}

// AwayOn reports whether a loan keeps its copy from a lesson on a day: one that
// is due on it or later, or is overdue today.
func (l Loan) AwayOn(day, today Day) bool {
	return l.Open() && (!l.DueOn.Before(day) || l.Overdue(today))
}

// Left is how many things are still to be handed out.
func (l Lesson) Left() int {
	if l.Open() {
		return max(l.Count-l.Given, 0)
	}
	return 0
}

// LessonClaim is a reservation that wants a copy like the one that is asked for.
type LessonClaim struct {
	Lesson
	Free int // of what it wants there are so many on its day, this copy among them
}

// keeps reports whether the lesson cannot do without the copy, were it away from
// today until due.
func (c LessonClaim) keeps(m Member, today, due Day) bool {
	return c.PatronRef != m.Ref && !c.On.Before(today) && !c.On.After(due) && c.Free <= c.Left()
}

// OwnLesson is the reservation for which the member fetches the copy now: an own
// one of today, or of the next open day.
func (c Checkout) OwnLesson(r Rules) (Lesson, bool) {
	today := r.Today(c.Now)
	last := today
	for range LessonSoon {
		last = r.Calendar.OnOrAfter(last.Add(1))
	}
	for _, l := range c.Lessons {
		// Sets are handed out at the desk, by their labels.
		if l.What == LessonCopies && l.PatronRef == c.Member.Ref && !l.On.Before(today) && !l.On.After(last) {
			return l.Lesson, true
		}
	}
	return Lesson{}, false
}

// CanCheckOutForLesson decides whether a copy is handed to the teacher whose
// lesson it is reserved for: beyond the limits, since the librarian has agreed to
// it, and not when it is lent, set aside for a reader, or not fit to be lent.
func CanCheckOutForLesson(c Checkout, l Lesson, r Rules) Verdict {
	v := CanEnter(c.Member)
	today := r.Today(c.Now)
	refuseState(&v, c.Item)
	switch {
	case c.Out != nil:
		v.refuse(ReasonOnLoanToOther, nil)
	case slices.ContainsFunc(standing(c.Holds, today), func(h Hold) bool { return h.CopyID == c.Item.ID && h.PatronRef != c.Member.Ref }):
		v.refuse(ReasonReservedForOther, nil)
	}
	if len(v.Refusals) == 0 {
		v.note(NoteForLesson, Facts{"have": l.Given + 1, "limit": l.Count})
	}
	return v
}

// LessonProblem says why an act on a reservation was not done.
type LessonProblem string

// The problems of reservations.
const (
	LessonNotNow   LessonProblem = "not_now"   // it is over, or not handed out
	LessonNothing  LessonProblem = "nothing"   // nothing was scanned or typed
	LessonUnknown  LessonProblem = "unknown"   // a code that nothing has; facts: code
	LessonOther    LessonProblem = "other"     // a copy of something else; facts: title
	LessonNotHere  LessonProblem = "not_here"  // lost, withdrawn, being mended; facts: title, code
	LessonOnLoan   LessonProblem = "on_loan"   // facts: title, code
	LessonKept     LessonProblem = "kept"      // for a reader who holds it; facts: title, code
	LessonTwice    LessonProblem = "twice"     // one code twice; facts: code
	LessonNobody   LessonProblem = "nobody"    // the teacher is not there any more
	LessonNotOfIt  LessonProblem = "not_of_it" // a copy that was not handed out with it; facts: code
	LessonTooMany  LessonProblem = "too_many"  // more scanned, or typed, than can be; facts: max
	LessonPastDays LessonProblem = "past"      // its day is over
)

// LessonProblems lists them all.
var LessonProblems = []LessonProblem{LessonNotNow, LessonNothing, LessonUnknown, LessonOther, LessonNotHere, LessonOnLoan, LessonKept, LessonTwice, LessonNobody, LessonNotOfIt, LessonTooMany, LessonPastDays}

// LessonError refuses an act on a reservation.
type LessonError struct {
	Problem LessonProblem
	Facts   Facts
}

func (e *LessonError) Error() string { return "lesson: " + string(e.Problem) }

// EventLesson says that something was reserved for a lesson, handed out, taken
// back or cancelled.
const EventLesson EventType = "lessons_changed"

// LessonView reads reservations.
type LessonView interface {
	Lesson(id ID) (Lesson, error)
	// Lessons lists those that are open, and those of the days from..to, both
	// included, by day and period.
	Lessons(from, to Day) ([]Lesson, error)
	// LessonsToGive lists those of which something is still to be handed out, by
	// day and period. Every checkout asks for it.
	LessonsToGive() ([]Lesson, error)
}

// LessonTx writes them; events carry the same.
type LessonTx interface {
	PutLesson(l Lesson) error
}

// SortLessons puts reservations into their order: by day, period and id.
func SortLessons(all []Lesson) {
	slices.SortFunc(all, func(a, b Lesson) int {
		return cmp.Or(cmp.Compare(a.On.String(), b.On.String()), a.Period-b.Period, cmp.Compare(a.ID, b.ID))
	})
}
