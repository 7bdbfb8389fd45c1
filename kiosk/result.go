package kiosk

import "time"

// CodeKind is what a scanned code turned out to be.
type CodeKind string

// The kinds of codes.
const (
	KindPatron  CodeKind = "patron"
	KindCopy    CodeKind = "copy"
	KindCommand CodeKind = "command"
	KindISBN    CodeKind = "isbn"
	KindPlace   CodeKind = "place" // a corner's box
	KindUnknown CodeKind = "unknown"
)

// Outcome is what became of one scan or action.
type Outcome string

// The outcomes.
const (
	SessionOpened Outcome = "session_opened"
	SessionEnded  Outcome = "session_ended"
	CheckedOut    Outcome = "checked_out"
	Returned      Outcome = "returned"
	Renewed       Outcome = "renewed"
	UsedOnSite    Outcome = "used_on_site"
	Undone        Outcome = "undone"
	Shown         Outcome = "shown"
	Ignored       Outcome = "ignored"
	Refused       Outcome = "refused"
)

// Outcomes lists all outcomes.
var Outcomes = []Outcome{SessionOpened, SessionEnded, CheckedOut, Returned, Renewed, UsedOnSite, Undone, Shown, Ignored, Refused}

// Reason says why something was refused.
type Reason string

// The reasons.
const (
	ReasonMalformed        Reason = "malformed"
	ReasonUnknownBarcode   Reason = "unknown_barcode"
	ReasonCardBlocked      Reason = "card_blocked"
	ReasonCardExpired      Reason = "card_expired"
	ReasonNoSession        Reason = "no_session"
	ReasonWithdrawn        Reason = "withdrawn"
	ReasonLost             Reason = "lost"
	ReasonNotProcessed     Reason = "not_processed"
	ReasonNotForLoan       Reason = "not_for_loan"
	ReasonOnSiteOnly       Reason = "on_site_only"
	ReasonOnLoanToOther    Reason = "on_loan_to_other"
	ReasonReservedForOther Reason = "reserved_for_other"
	ReasonOverdue          Reason = "overdue"
	ReasonSetIncomplete    Reason = "set_incomplete" // members of the set are not here
	ReasonLimitReached     Reason = "limit_reached"
	ReasonRenewalLimit     Reason = "renewal_limit"
	ReasonClosed           Reason = "closed"
	ReasonNothingToUndo    Reason = "nothing_to_undo"
	ReasonStaffOnly        Reason = "staff_only"   // the library's own people do this
	ReasonNoStocktake      Reason = "no_stocktake" // none is open, or several: the desk chooses
	ReasonBusy             Reason = "busy"
	ReasonStorageFailure   Reason = "storage_failure"
)

// Reasons lists all reasons in their order of precedence: of several refusals
// of one attempt, the first in this list is what the child is told.
var Reasons = []Reason{
	ReasonMalformed, ReasonUnknownBarcode, ReasonCardBlocked, ReasonCardExpired, ReasonNoSession, ReasonWithdrawn, ReasonLost, ReasonNotProcessed, ReasonNotForLoan, ReasonOnSiteOnly,
	ReasonOnLoanToOther, ReasonReservedForOther, ReasonSetIncomplete, ReasonOverdue, ReasonLimitReached, ReasonRenewalLimit, ReasonClosed, ReasonStaffOnly, ReasonNoStocktake, ReasonNothingToUndo, ReasonBusy, ReasonStorageFailure,
}

// Askable reports whether a librarian may override the refusal. Nobody can
// lend a copy that is gone, on loan or not registered.
func (r Reason) Askable() bool {
	switch r {
	case ReasonCardBlocked, ReasonCardExpired, ReasonNotForLoan, ReasonOnSiteOnly, ReasonReservedForOther, ReasonSetIncomplete, ReasonOverdue, ReasonLimitReached, ReasonRenewalLimit, ReasonClosed:
		return true
	}
	return false
}

// Facts are the numbers and days behind a refusal or a note: have and limit,
// due_on, title. Values are int, string or Day.
type Facts map[string]any

// Refusal is one reason with its facts.
type Refusal struct {
	Reason Reason `json:"reason"`
	Facts  Facts  `json:"facts,omitempty"`
}

// NoteCode names something worth saying beside a yes.
type NoteCode string

// The notes.
const (
	NoteOutOfSlot      NoteCode = "out_of_slot"    // today is another grade's
	NoteWasOverdue     NoteCode = "was_overdue"    // returned late; facts: days
	NoteLastOne        NoteCode = "last_one"       // the limit is now reached; facts: have, limit
	NoteHasOverdue     NoteCode = "has_overdue"    // facts: have
	NoteFound          NoteCode = "found"          // a lost copy came back
	NoteReserved       NoteCode = "reserved"       // somebody waits for this copy: keep it at the desk
	NoteElsewhere      NoteCode = "elsewhere"      // belongs to another place; facts: place
	NoteDueShortened   NoteCode = "due_shortened"  // the due date is the year's recall
	NoteOverridden     NoteCode = "overridden"     // a librarian allowed it
	NoteGiveBack       NoteCode = "give_librarian" // hand the copy to the librarian
	NotePartly         NoteCode = "partly"         // some loans were not renewed
	NoteNextOnSite     NoteCode = "next_on_site"   // the next copy scanned is read here
	NoteHelpCalled     NoteCode = "help_called"    // the desk has been told
	NoteWrongClock     NoteCode = "wrong_clock"    // the day due is counted from the last day that is sure
	NoteNothing        NoteCode = "nothing_to_renew"
	NoteCornerHour     NoteCode = "corner_hour"      // the corner's books go by its rules now; facts: place
	NoteCornerHourOver NoteCode = "corner_hour_over" // and no more
	NoteCornerPaper    NoteCode = "corner_paper"     // the code of a week on a corner's paper: it is copied elsewhere
	NoteBoxOpened      NoteCode = "box_opened"       // books that are scanned go into the corner's box; facts: place, count
	NoteBoxAdded       NoteCode = "box_added"        // facts: place, count
	NoteBoxHeld        NoteCode = "box_held"         // the book is in it already; facts as before
	NoteBoxFull        NoteCode = "box_full"         // it takes no more
	NoteBoxOut         NoteCode = "box_out"          // taken out again
	NoteBoxEmpty       NoteCode = "box_empty"        // it cannot be handed over yet
	NoteBoxHanded      NoteCode = "box_handed"       // it is full: the keeper's scan of it confirms
	NoteBoxKept        NoteCode = "box_kept"         // stopped in the middle: it is gone on with anywhere
	NoteBoxConfirmed   NoteCode = "box_confirmed"    // the keeper has it
	NoteBoxFound       NoteCode = "box_found"        // it was lost
	NoteBoxElsewhere   NoteCode = "box_elsewhere"    // it was handed over at another place meanwhile
	NoteBoxOneByOne    NoteCode = "box_one_by_one"   // a set's books are scanned each
	NoteBoxOfOthers    NoteCode = "box_of_others"    // somebody else's business; facts: place
	NoteBoxWasOut      NoteCode = "box_was_out"      // the book's loan is ended
	NoteBoxFrom        NoteCode = "box_from"         // it was in another corner's box; facts: place
	NoteWholeSet       NoteCode = "whole_set"        // the act moved a set; facts: count
	NotePieces         NoteCode = "pieces"           // it came back: are all its pieces there?; facts: count
	NoteTrolley        NoteCode = "trolley"          // put it there; facts: place
	NoteSetShort       NoteCode = "set_short"        // of the set some are not here; facts: set, missing, of
	NoteCounting       NoteCode = "counting"         // the station counts the stock from now on; facts: stocktake
	NoteCountingOver   NoteCode = "counting_over"    // and no more
	NoteForLesson      NoteCode = "for_lesson"       // it was reserved for the teacher's lesson; facts: have, limit
	NotePaperOn        NoteCode = "paper_on"         // the paper of a week is copied: a child's card, the child's books; facts: place, week
	NotePaperChild     NoteCode = "paper_child"      // whose line of the paper comes; facts as before
	NotePaperWeek      NoteCode = "paper_week"       // beside an act: it was copied from paper; facts as before
	NotePaperOneByOne  NoteCode = "paper_one_by_one" // a set's books are copied each
	NotePaperOld       NoteCode = "paper_old"        // a week to come, or too long ago; facts as before
	NotePaperOver      NoteCode = "paper_over"       // copied; facts: place
	NoteInterloan      NoteCode = "interloan"        // another library's book: it is read here; facts: lender, due_on
)

// NoteCodes lists all notes.
var NoteCodes = []NoteCode{NoteOutOfSlot, NoteWasOverdue, NoteLastOne, NoteHasOverdue, NoteFound, NoteReserved, NoteElsewhere, NoteDueShortened, NoteOverridden, NoteGiveBack, NotePartly, NoteNextOnSite, NoteHelpCalled, NoteWrongClock, NoteNothing, NoteCornerHour, NoteCornerHourOver,
	NoteCornerPaper, NoteBoxOpened, NoteBoxAdded, NoteBoxHeld, NoteBoxFull, NoteBoxOut, NoteBoxEmpty, NoteBoxHanded, NoteBoxKept, NoteBoxConfirmed, NoteBoxFound, NoteBoxElsewhere, NoteBoxOneByOne, NoteBoxOfOthers, NoteBoxWasOut, NoteBoxFrom, NoteWholeSet, NoteSetShort, NotePieces, NoteTrolley, NoteCounting, NoteCountingOver, NoteForLesson, NotePaperOn, NotePaperChild, NotePaperWeek, NotePaperOneByOne, NotePaperOld, NotePaperOver, NoteInterloan}

// Note is a note with its facts.
type Note struct {
	Code  NoteCode `json:"code"`
	Facts Facts    `json:"facts,omitempty"`
}

// PatronView is what a public screen may know of a patron: the given name, not
// the full one.
type PatronView struct {
	Name     string   `json:"name"`
	Class    string   `json:"class"`
	Category Category `json:"category"`
}

// CopyView is what a public screen shows of a copy.
type CopyView struct {
	Barcode    string `json:"barcode"`
	Accession  string `json:"accession"`
	Title      string `json:"title"`
	CallNumber string `json:"call_number"`
	Place      string `json:"place,omitempty"`
}

// LoanView is one loan on a screen.
type LoanView struct {
	ID           ID        `json:"id"`
	Copy         CopyView  `json:"copy"`
	CheckedOutAt time.Time `json:"checked_out_at"`
	DueOn        Day       `json:"due_on"`
	Renewals     int       `json:"renewals"`
	Overdue      bool      `json:"overdue"`
}

// Result is the answer to one scan or action. It is a value also when the
// answer is no. Words for people are made from it at the edge.
type Result struct {
	Seq         int64       `json:"seq"` // of the station's state that it made
	Code        string      `json:"code"`
	Kind        CodeKind    `json:"kind"`
	Outcome     Outcome     `json:"outcome"`
	Reason      Reason      `json:"reason"`
	Message     string      `json:"message"` // filled at the edge, in the user's language
	Refusals    []Refusal   `json:"refusals,omitempty"`
	Notes       []Note      `json:"notes,omitempty"`
	MayOverride bool        `json:"may_override"`
	Patron      *PatronView `json:"patron"`
	Copy        *CopyView   `json:"copy"`
	Loan        *LoanView   `json:"loan"`
	Loans       []LoanView  `json:"loans,omitempty"`   // of renew_all, and of a set
	Set         *SetShown   `json:"set,omitempty"`     // with a set's barcode: copy carries its name
	Repeats     Outcome     `json:"repeats,omitempty"` // with ignored: the outcome of the scan it repeats
	EventSeq    int64       `json:"event_seq,omitempty"`
	Count       *Count      `json:"count,omitempty"` // at a station that counts the stock, with shown
}

// View is the public face of m.
func (m Member) View() *PatronView {
	return &PatronView{Name: m.GivenName(), Class: m.Class, Category: m.Category}
}

// View is the public face of i.
func (i Item) View() *CopyView {
	return &CopyView{Barcode: i.Barcode, Accession: i.Accession, Title: i.Title.Name(), CallNumber: i.CallNumber(), Place: i.PlaceName}
}

// View is the loan on a screen, on the given day.
func (l LoanItem) View(today Day) LoanView {
	return LoanView{ID: l.ID, Copy: *l.Item.View(), CheckedOutAt: l.CheckedOutAt, DueOn: l.DueOn, Renewals: l.Renewals, Overdue: l.Overdue(today)}
}
