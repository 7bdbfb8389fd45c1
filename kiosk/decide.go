package kiosk

import (
	"slices"
	"time"
)

// Rules are the school's settings as a decision needs them on one day.
type Rules struct {
	Site      Site
	Year      SchoolYear
	Calendar  Calendar
	Timetable Timetable
	Policies  Policies
	Location  *time.Location
}

// Today is the civil day of now in the school's zone.
func (r Rules) Today(now time.Time) Day { return DayOf(now, r.Location) }

// CanEnter decides whether m's card may open a session.
func CanEnter(m Member) Verdict {
	var v Verdict
	switch {
	case m.Card.Status == CardLost, m.Status == PatronBlocked:
		v.refuse(ReasonCardBlocked, nil)
	case m.Card.Status == CardExpired, m.Status == PatronLeft:
		v.refuse(ReasonCardExpired, nil)
	}
	return v
}

// Checkout is what the decision about a checkout looks at.
type Checkout struct {
	Member Member
	Item   Item
	Open   []LoanItem // the member's open loans
	Out    *Loan      // the copy's own open loan, nil when it is on its shelf
	Holds  []Hold     // waiting or ready holds on the title, first in the queue first
	// Lessons are the reservations for lessons that want a copy like this one, by day.
	Lessons []LessonClaim
	Ready   int // copies of the title on the shelf, this one included
	Now     time.Time
}

// Terms are what a checkout or renewal is made on.
type Terms struct {
	Line  PolicyLine
	Type  LoanType
	DueOn Day
}

// CanCheckOut decides whether the copy may be lent to the member, gathering
// every reason against it, and on which terms.
func CanCheckOut(c Checkout, r Rules) (Verdict, Terms) {
	v := CanEnter(c.Member)
	today := r.Today(c.Now)
	c.Holds = standing(c.Holds, today)
	line := r.Policies.For(c.Member.Category, c.Item.Kind, c.Item.SubKind)
	t := Terms{Line: line, Type: line.Term.LoanType(), DueOn: dueOn(line, today, r)}

	refuseState(&v, c.Item)
	switch {
	case line.NotForLoan, line.EntitledOnly && !c.Member.Entitled:
		v.refuse(ReasonNotForLoan, nil)
	case line.OnSiteOnly:
		v.refuse(ReasonOnSiteOnly, nil)
	}
	if c.Out != nil {
		if c.Out.PatronRef != c.Member.Ref {
			v.refuse(ReasonOnLoanToOther, nil)
		}
	} else if reservedForOther(c) {
		v.refuse(ReasonReservedForOther, nil)
	} else if i := slices.IndexFunc(c.Lessons, func(l LessonClaim) bool { return l.keeps(c.Member, today, t.DueOn) }); i >= 0 {
		v.refuse(ReasonReservedForOther, Facts{"lesson": c.Lessons[i].On})
	}
	if late, oldest := overdue(c.Open, today); late > 0 {
		v.refuse(ReasonOverdue, Facts{"have": late, "due_on": oldest.DueOn, "title": oldest.Item.Title.Name()})
	}
	have := governed(c.Open, line, c.Member, r)
	// A line that lends nothing has its own reason above; its limit of 0 says no more.
	if lends := !line.NotForLoan && !line.OnSiteOnly; lends && have >= line.Limit {
		v.refuse(ReasonLimitReached, Facts{"have": have, "limit": line.Limit})
	}
	last := r.Calendar.OnOrBefore(r.Year.Recall)
	if !today.Before(last) && r.Year.Contains(today) {
		v.refuse(ReasonClosed, Facts{"recall": r.Year.Recall})
	}
	if len(v.Refusals) > 0 {
		return v, t
	}
	if !r.Timetable.At(c.Now, r.Location).Serves(c.Member) {
		v.note(NoteOutOfSlot, nil)
	}
	if have+1 >= line.Limit {
		v.note(NoteLastOne, Facts{"have": have + 1, "limit": line.Limit})
	}
	if line.Term == TermDays && t.DueOn.Before(today.Add(line.Days)) {
		v.note(NoteDueShortened, Facts{"due_on": t.DueOn})
	}
	return v, t
}

// CanUseOnSite decides whether the copy may be read here: anything that stands
// in the library and is registered.
func CanUseOnSite(c Checkout) Verdict {
	v := CanEnter(c.Member)
	refuseState(&v, c.Item)
	if c.Out != nil {
		if c.Out.PatronRef != c.Member.Ref {
			v.refuse(ReasonOnLoanToOther, nil)
		}
	}
	return v
}

// CanRenew decides whether the member may keep the loan for longer. calls are
// the recalls that stand: what they call back is not extended beyond their day.
// lessons are the reservations that want a copy like this one: one that counts on it
// after the day it is due keeps it.
func CanRenew(m Member, l LoanItem, holds []Hold, lessons []LessonClaim, calls []Recall, r Rules, now time.Time) (Verdict, Terms) {
	call, calledBack := recalled(l.ID, calls)
	v := CanEnter(m)
	today := r.Today(now)
	line := r.Policies.For(m.Category, l.Item.Kind, l.Item.SubKind)
	t := Terms{Line: line, Type: l.Type, DueOn: extended(line, l, r)}
	if l.Overdue(today) {
		v.refuse(ReasonOverdue, Facts{"have": 1, "due_on": l.DueOn, "title": l.Item.Title.Name()})
	}
	if slices.ContainsFunc(standing(holds, today), func(h Hold) bool { return h.PatronRef != m.Ref }) {
		v.refuse(ReasonReservedForOther, nil)
	} else if i := slices.IndexFunc(lessons, func(c LessonClaim) bool { return c.On.After(l.DueOn) && c.keeps(m, today, t.DueOn) }); i >= 0 {
		v.refuse(ReasonReservedForOther, Facts{"lesson": lessons[i].On})
	}
	switch {
	case l.Corner != "": // whoever waits for it sits in the same classroom
		v.refuse(ReasonRenewalLimit, Facts{"have": l.Renewals, "limit": l.Renewals})
	case l.Renewals >= line.Renewals:
		v.refuse(ReasonRenewalLimit, Facts{"have": l.Renewals, "limit": line.Renewals})
	case calledBack && t.DueOn.After(call):
		v.refuse(ReasonClosed, Facts{"recall": call})
	case !t.DueOn.After(l.DueOn):
		v.refuse(ReasonClosed, Facts{"recall": r.Year.Recall})
	}
	return v, t
}

// OnReturn gives the notes of a return: taking back always works.
func OnReturn(l LoanItem, holds []Hold, r Rules, now time.Time) []Note {
	var v Verdict
	today := r.Today(now)
	if l.Overdue(today) {
		v.note(NoteWasOverdue, Facts{"days": today.Sub(l.DueOn)})
	}
	switch l.Item.State.Status {
	case CopyLost:
		v.note(NoteFound, nil)
	case CopyWithdrawn, CopyInRepair, CopyInProcessing:
		v.note(NoteGiveBack, nil)
	}
	if l.Item.Counted() {
		v.note(NotePieces, Facts{"count": l.Item.Pieces})
	}
	if _, waits := NextHold(holds); waits {
		v.note(NoteReserved, nil)
	}
	return v.Notes
}

func refuseState(v *Verdict, i Item) {
	switch i.State.Status {
	case CopyWithdrawn:
		v.refuse(ReasonWithdrawn, nil)
	case CopyLost:
		v.refuse(ReasonLost, nil)
	case CopyInProcessing, CopyInRepair:
		v.refuse(ReasonNotProcessed, nil)
	}
}

// reservedForOther: a copy set aside for somebody is theirs alone; of the
// others, as many must stay on the shelf as people wait before this patron.
func reservedForOther(c Checkout) bool {
	before := len(c.Holds)
	for i, h := range c.Holds {
		if h.CopyID == c.Item.ID {
			return h.PatronRef != c.Member.Ref
		}
		if h.PatronRef == c.Member.Ref {
			before = min(before, i)
		}
	}
	return before > 0 && c.Ready <= before
}

func overdue(open []LoanItem, today Day) (n int, oldest LoanItem) {
	for _, l := range open {
		if !l.LateHere(today) {
			continue
		}
		if n == 0 || l.DueOn.Before(oldest.DueOn) {
			oldest = l
		}
		n++
	}
	return n, oldest
}

// governed counts the open loans that the same line governs; what corners lent
// has a limit of its own.
func governed(open []LoanItem, line PolicyLine, m Member, r Rules) int {
	n := 0
	for _, l := range open {
		if l.Corner == "" && r.Policies.For(m.Category, l.Item.Kind, l.Item.SubKind) == line {
			n++
		}
	}
	return n
}

func dueOn(line PolicyLine, today Day, r Rules) Day {
	switch line.Term {
	case TermSemester:
		return semesterDue(today, r)
	case TermYear:
		return r.Calendar.OnOrBefore(r.Year.Recall)
	}
	return r.Calendar.Due(today, line.Days, r.Year.Recall)
}

// extended counts a renewal from the present due date, so that a child who
// renews early loses no days.
func extended(line PolicyLine, l LoanItem, r Rules) Day {
	switch line.Term {
	case TermSemester:
		return semesterDue(l.DueOn, r)
	case TermYear:
		return r.Calendar.OnOrBefore(r.Year.Recall)
	}
	return r.Calendar.Due(l.DueOn, line.Days, r.Year.Recall)
}

// semesterDue is the last open day of the semester that goes on after from. On
// a semester's last days that is the next one: nobody borrows until today.
func semesterDue(from Day, r Rules) Day {
	if d := r.Calendar.OnOrBefore(r.Year.SemesterEnd(from.Add(1))); d.After(from) {
		return d
	}
	return r.Calendar.OnOrBefore(r.Year.Recall)
}
