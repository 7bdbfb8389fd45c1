package kiosk

import "time"

// CornerRule names what was made of an act in a corner. The empty rule is the
// ordinary case: nothing stood against it.
type CornerRule string

// The rules.
const (
	RuleAlready  CornerRule = "already"     // it is so already: nothing was changed
	RulePast     CornerRule = "past"        // it was over before it was known: kept as a loan of the past
	RuleHandedOn CornerRule = "handed_on"   // another had the book; it changed hands in the corner unscanned
	RuleFound    CornerRule = "found"       // the copy was declared lost
	RuleLibrary  CornerRule = "library"     // the loan that was ended is the library's, not the corner's
	RuleStranger CornerRule = "other_place" // the copy belongs to another place: facts: place
	RuleRefused  CornerRule = "refused"
)

// CornerRules lists them all.
var CornerRules = []CornerRule{RuleAlready, RulePast, RuleHandedOn, RuleFound, RuleLibrary, RuleStranger, RuleRefused}

// CornerDone is the answer to an act in a corner, with ids and no names.
type CornerDone struct {
	Outcome  Outcome    `json:"outcome"` // checked_out, returned, used_on_site, shown, refused
	Rule     CornerRule `json:"rule,omitempty"`
	Reason   Reason     `json:"reason,omitempty"` // with refused
	Refusals []Refusal  `json:"refusals,omitempty"`
	Notes    []Note     `json:"notes,omitempty"`
	Copy     *CopyView  `json:"copy,omitempty"`
	CopyID   ID         `json:"copy_id,omitempty"`
	Loan     ID         `json:"loan,omitempty"`
	DueOn    Day        `json:"due_on,omitzero"`
	At       time.Time  `json:"at"` // when it happened, as it was taken
	Event    int64      `json:"event,omitempty"`
	Again    bool       `json:"-"` // the act was known: nothing was done now
}

// CornerLate is the oldest that an act may say it is.
const CornerLate = 120 * 24 * time.Hour

// CornerTime is when an act is taken to have happened: when it says so, unless
// that is not yet, or so long ago that the clock it was read from was wrong;
// then it is now, and sure is false.
func CornerTime(at, now time.Time) (t time.Time, sure bool) {
	switch {
	case at.IsZero():
		return now, true
	case at.After(now.Add(5 * time.Minute)), at.Before(now.Add(-CornerLate)):
		return now, false
	case at.After(now):
		return now, true
	}
	return at, true
}

// Meanwhile is what the ledger knows of a copy when an act of a corner arrives
// that happened at At.
type Meanwhile struct {
	At     time.Time
	Out    *Loan     // the copy's open loan
	Mine   bool      // it is the patron's of the act
	Next   time.Time // the first thing known of the copy after At: lent, returned or brought elsewhere; zero when nothing
	Status CopyStatus
}

// LateLending is the table of what is made of a lending in a corner. The book
// was in the child's hand: that is stronger than what was not scanned. Of two
// lendings the later at the corner says who has the book, whichever arrives
// first.
//
//	the copy                                   what is made of it
//	withdrawn                                  refused: to the librarian
//	known later than the act (Next)            past: a loan from At to Next; who has it now keeps it
//	open loan of the same child, made before   already: one loan, not two
//	open loan of another, made before          handed_on: that loan ended at At, a new one begins
//	declared lost                              found, and lent
//	else                                       lent
func LateLending(m Meanwhile) CornerRule {
	switch {
	case m.Status == CopyWithdrawn, m.Status == CopyInProcessing:
		return RuleRefused
	case m.Out != nil && m.Mine && !m.Out.CheckedOutAt.After(m.At):
		return RuleAlready
	case !m.Next.IsZero():
		return RulePast
	case m.Out != nil:
		return RuleHandedOn
	case m.Status == CopyLost:
		return RuleFound
	}
	return ""
}

// LateReturn is the table of a return in a corner.
//
//	the copy                                   what is made of it
//	open loan, made after the act              already: the return was of an earlier loan, which has ended
//	open loan of the library, made before      library: returned, and asked for there
//	open loan of a corner, made before         returned
//	no open loan, declared lost                found
//	no open loan                               already
func LateReturn(m Meanwhile) CornerRule {
	switch {
	case m.Out != nil && m.Out.CheckedOutAt.After(m.At):
		return RuleAlready
	case m.Out != nil && m.Out.Corner == "":
		return RuleLibrary
	case m.Out != nil:
		return ""
	case m.Status == CopyLost:
		return RuleFound
	}
	return RuleAlready
}
