package kiosk

import "fmt"

// BookSet is a set of textbooks, or of pictures, that is lent and returned as
// one. Its members are the copies that name it in their SetID.
type BookSet struct {
	ID        ID
	Name      string
	Grade     int    // 0 for none
	Programme string // one of Programmes
	Barcode   string
}

// The programmes that a set belongs to.
const (
	Programme2018 = "2018"
	ProgrammeOld  = "old"
)

// Programmes lists the programmes; the first is a new set's.
var Programmes = []string{Programme2018, ProgrammeOld, ""}

// MaxSetSize bounds the members of a set: one scan lends all of them.
const MaxSetSize = 60

// SetView reads the sets.
type SetView interface {
	Set(id ID) (BookSet, error)
	SetByBarcode(barcode string) (BookSet, error)
	Sets() ([]BookSet, error) // by grade, then in the order they were made
	// ItemsOfSet lists the members by title, then by accession number and id.
	ItemsOfSet(id ID) ([]Item, error)
	// SetMembers lists the members of all sets, each set's in that order, with the
	// open loan of each.
	SetMembers() ([]SetMember, error)
	// EventsOfSet lists the newest first: when the set was lent, returned,
	// changed.
	EventsOfSet(id ID, limit int) ([]Event, error)
}

// SetMember is a copy of a set; Loan is zero while it is not lent.
type SetMember struct {
	Item
	Loan Loan
}

// Out reports whether the copy is lent.
func (m SetMember) Out() bool { return m.Loan.ID != "" }

// SetEdit is one set before and after.
type SetEdit struct {
	Before BookSet `json:"before"`
	After  BookSet `json:"after"`
}

// SetShown is what a public screen shows of a set that was lent or returned as
// one.
type SetShown struct {
	Barcode string `json:"barcode"`
	Name    string `json:"name"`
	Count   int    `json:"count"` // members that the act moved
}

// View is the set in the place of a copy.
func (s BookSet) View() *CopyView { return &CopyView{Barcode: s.Barcode, Title: s.Name} }

// InOtherSetError says that a copy is a member of another set.
type InOtherSetError struct{ Set BookSet }

func (e *InOtherSetError) Error() string { return fmt.Sprintf("in set %s already", e.Set.Name) }

// SetCheckout is a member that the checkout of its set lends, with its terms.
type SetCheckout struct {
	Checkout
	Terms Terms
}

// CanCheckOutSet decides whether the whole set may be lent to the member of the
// library before the screen, gathering every reason against it once, and lists
// what is lent. A copy that is gone, out or not ready does not refuse the set by
// its own reason: it is missing from it, which is a question to the librarian,
// who may lend what is there. Each member counts as one copy under the limit.
func CanCheckOutSet(members []Checkout, r Rules) (Verdict, []SetCheckout) {
	var v Verdict
	var lent []SetCheckout
	need, have, order := map[PolicyLine]int{}, map[PolicyLine]int{}, []PolicyLine{}
	told, notes := map[Reason]bool{}, map[NoteCode]bool{}
	missing, others := Facts{}, 0
	for _, c := range members {
		one, t := CanCheckOut(c, r)
		gone := false
		for _, x := range one.Refusals {
			if x.Reason.ofCopy() {
				gone = true
			}
		}
		if gone {
			if c.Out != nil {
				others++
			}
			if len(missing) == 0 {
				missing["title"] = c.Item.Title.Name()
			}
			continue
		}
		for _, x := range one.Refusals {
			if x.Reason != ReasonLimitReached && !told[x.Reason] {
				told[x.Reason] = true
				v.refuse(x.Reason, x.Facts)
			}
		}
		for _, n := range one.Notes {
			if n.Code != NoteLastOne && !notes[n.Code] {
				notes[n.Code] = true
				v.note(n.Code, n.Facts)
			}
		}
		if _, seen := need[t.Line]; !seen {
			order = append(order, t.Line)
			have[t.Line] = governed(c.Open, t.Line, c.Member, r)
		}
		need[t.Line]++
		lent = append(lent, SetCheckout{c, t})
	}
	for _, line := range order {
		if lends := !line.NotForLoan && !line.OnSiteOnly; lends && have[line]+need[line] > line.Limit && !told[ReasonLimitReached] {
			told[ReasonLimitReached] = true
			v.refuse(ReasonLimitReached, Facts{"have": have[line], "limit": line.Limit, "count": need[line]})
		}
	}
	switch n := len(members) - len(lent); {
	case len(members) == 0:
		v.refuse(ReasonNotProcessed, nil)
	case len(lent) == 0 && others == n:
		v.refuse(ReasonOnLoanToOther, nil)
	case len(lent) == 0:
		v.refuse(ReasonNotProcessed, nil)
	case n > 0:
		missing["missing"], missing["of"] = n, len(members)
		v.refuse(ReasonSetIncomplete, missing)
	}
	if len(v.Refusals) > 0 {
		v.Notes = nil
	}
	return v, lent
}

// ofCopy reports whether the reason lies in the copy and not in who wants it.
func (r Reason) ofCopy() bool {
	switch r {
	case ReasonWithdrawn, ReasonLost, ReasonNotProcessed, ReasonOnLoanToOther:
		return true
	}
	return false
}

// SetLoans picks, of the open loans of a set's members, those that came with the
// set: all of the patron who has most of it, the earliest where two have as
// many. With a patron only that one's.
func SetLoans(open []LoanItem, patron ID) []LoanItem {
	by, best := map[ID][]LoanItem{}, ID("")
	for _, l := range open {
		by[l.PatronRef] = append(by[l.PatronRef], l)
	}
	if patron != "" {
		return by[patron]
	}
	for _, l := range open {
		b := by[best]
		if mine := by[l.PatronRef]; len(mine) > len(b) || len(mine) == len(b) && mine[0].CheckedOutAt.Before(b[0].CheckedOutAt) {
			best = l.PatronRef
		}
	}
	return by[best]
}

// MaxSetsAtOnce bounds the sets that one act makes.
const MaxSetsAtOnce = 40
