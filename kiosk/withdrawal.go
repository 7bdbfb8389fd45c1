package kiosk

import (
	"errors"
	"slices"
	"time"
)

// The events of withdrawals.
const (
	EventWithdrawal EventType = "withdrawal_changed" // proposed, changed, approved, dropped, closed
	EventWithdrawn  EventType = "copy_withdrawn"     // one copy left the stock by minutes
)

// Withdrawal is a list of copies that are to leave the stock: proposed, approved
// by the management, and done when its minutes are closed. Until then it may be
// changed or dropped; after that never.
type Withdrawal struct {
	ID         ID               `json:"id"`
	Name       string           `json:"name"`
	Items      []WithdrawalItem `json:"items"`
	At         time.Time        `json:"at"`
	By         ID               `json:"by"`
	Approved   time.Time        `json:"approved,omitzero"`
	ApprovedBy ID               `json:"approved_by,omitempty"` // the account that wrote it down
	Approver   string           `json:"approver,omitempty"`    // who of the management approved
	ApprovedOn Day              `json:"approved_on"`
	Dropped    time.Time        `json:"dropped,omitzero"`
	Closed     time.Time        `json:"closed,omitzero"`
	ClosedBy   ID               `json:"closed_by,omitempty"`
	Minutes    *WithdrawalPaper `json:"minutes,omitempty"` // with Closed
}

// WithdrawalItem is one copy of it.
type WithdrawalItem struct {
	Copy   ID              `json:"c"`
	Reason WithdrawalCause `json:"r"`
	Price  int64           `json:"p,omitempty"` // in đồng when it was put down, 0 when not known
}

// WithdrawalPaper is what its minutes say beside the list.
type WithdrawalPaper struct {
	Number string        `json:"number"`
	Day    Day           `json:"day"`
	Hour   string        `json:"hour,omitempty"`
	Place  string        `json:"place,omitempty"`
	Board  []BoardMember `json:"board"`
	Note   string        `json:"note,omitempty"`
}

// WithdrawalCause is why a copy leaves.
type WithdrawalCause string

// The causes, as the general register has them and the minutes of schools.
const (
	CauseTorn      WithdrawalCause = "torn"
	CauseLost      WithdrawalCause = "lost"
	CauseOutdated  WithdrawalCause = "outdated"
	CauseProgramme WithdrawalCause = "programme" // of a curriculum that is taught no more
	CauseTermites  WithdrawalCause = "termites"
	CauseUnused    WithdrawalCause = "unused"
	CauseGiven     WithdrawalCause = "given" // to another library
	CauseOther     WithdrawalCause = "other"
)

// WithdrawalCauses lists them.
var WithdrawalCauses = []WithdrawalCause{CauseTorn, CauseLost, CauseOutdated, CauseProgramme, CauseTermites, CauseUnused, CauseGiven, CauseOther}

// State is how far a withdrawal is.
func (w Withdrawal) State() WithdrawalState {
	switch {
	case !w.Closed.IsZero():
		return WithdrawalClosed
	case !w.Dropped.IsZero():
		return WithdrawalDropped
	case !w.Approved.IsZero():
		return WithdrawalApproved
	}
	return WithdrawalProposed
}

// WithdrawalState is how far a withdrawal is.
type WithdrawalState string

// The states.
const (
	WithdrawalProposed WithdrawalState = "proposed"
	WithdrawalApproved WithdrawalState = "approved"
	WithdrawalClosed   WithdrawalState = "closed"
	WithdrawalDropped  WithdrawalState = "dropped"
)

// Value is what the copies with a price cost; unpriced counts the others.
func (w Withdrawal) Value() (value int64, unpriced int) {
	for _, i := range w.Items {
		value += i.Price
		if i.Price == 0 {
			unpriced++
		}
	}
	return value, unpriced
}

// Lists reports whether a copy is on the list.
func (w Withdrawal) Lists(copy ID) bool {
	return slices.ContainsFunc(w.Items, func(i WithdrawalItem) bool { return i.Copy == copy })
}

// The refusals of a withdrawal.
var (
	ErrNotApproved    = errors.New("the withdrawal is not approved")
	ErrWithdrawalDone = errors.New("the minutes are closed")
	ErrNoItems        = errors.New("no copy is on the list")
	ErrLeftStock      = errors.New("the copy has been withdrawn")
)

// CopyListedError refuses a copy that another open withdrawal lists, that is on
// loan, or that has left the stock already.
type CopyListedError struct {
	Copy   CopyView
	Reason ListedReason
}

// ListedReason says why a copy cannot be put down.
type ListedReason string

// The reasons.
const (
	ListedElsewhere ListedReason = "elsewhere"
	ListedOnLoan    ListedReason = "on_loan"
	ListedGone      ListedReason = "gone"
)

func (e *CopyListedError) Error() string { return "copy cannot be withdrawn: " + string(e.Reason) }

// WeedingRules say which copies are proposed for withdrawal.
type WeedingRules struct {
	LostTimes int    `json:"lost_times"` // missing at so many stocktakes; 0 turns the rule off
	Worn      bool   `json:"worn"`       // condition damaged
	Unlent    int    `json:"unlent"`     // years without a loan; 0 turns it off
	Kinds     []Kind `json:"kinds"`      // that Unlent is about
	Before    int    `json:"before"`     // published before this year: an old programme; 0 turns it off
	Programme []Kind `json:"programme"`  // that Before is about
}

// WeedingSetting is the key under which WeedingRules are kept, as JSON.
const WeedingSetting = "weeding"

// DefaultWeeding are the rules until the school decides.
var DefaultWeeding = WeedingRules{
	LostTimes: 2, Worn: true, Unlent: 5, Kinds: []Kind{Children, Reference}, Programme: []Kind{Textbook},
}

// Candidate is why a copy should leave the stock.
type Candidate struct {
	Item  Item
	Cause WithdrawalCause
	Times int // with CauseLost: stocktakes
	Years int // with CauseUnused: since it was lent last, or came
}

// Weed says whether a copy is a candidate, by the first rule that holds of it.
// last is its last loan, zero for never.
func (r WeedingRules) Weed(i Item, missed int, last time.Time, today Day, loc *time.Location) (Candidate, bool) {
	c := Candidate{Item: i}
	switch i.State.Status {
	case CopyWithdrawn, CopyInProcessing:
		return c, false
	case CopyLost:
		c.Cause, c.Times = CauseLost, missed
		return c, r.LostTimes > 0 && missed >= r.LostTimes
	}
	if r.Worn && i.State.Condition == ConditionDamaged {
		c.Cause = CauseTorn
		return c, true
	}
	if r.Before > 0 && i.Title.Year > 0 && i.Title.Year < r.Before && slices.Contains(r.Programme, i.Kind) {
		c.Cause = CauseProgramme
		return c, true
	}
	if r.Unlent > 0 && slices.Contains(r.Kinds, i.Kind) {
		if since, idle := r.idle(i.Copy, last, today, loc); idle {
			c.Cause, c.Years = CauseUnused, today.Sub(since)/365
			return c, true
		}
	}
	return c, false
}

// idle says since when a copy has not been used, and whether that is long enough.
func (r WeedingRules) idle(c Copy, last time.Time, today Day, loc *time.Location) (since Day, long bool) {
	since = c.Received
	if !last.IsZero() {
		if d := DayOf(last, loc); since.IsZero() || d.After(since) {
			since = d
		}
	}
	// What came at an unknown day and was never lent says nothing.
	return since, !since.IsZero() && !since.AddMonths(12*r.Unlent).After(today)
}

// MayWeed is false of a copy that Weed refuses whatever its title is: most of a
// library's, whose titles need not be read then.
func (r WeedingRules) MayWeed(c Copy, last time.Time, today Day, loc *time.Location) bool {
	if c.State.Status == CopyLost || r.Worn && c.State.Condition == ConditionDamaged || r.Before > 0 && slices.Contains(r.Programme, c.Kind) {
		return true
	}
	if r.Unlent == 0 || !slices.Contains(r.Kinds, c.Kind) {
		return false
	}
	_, idle := r.idle(c, last, today, loc)
	return idle
}
