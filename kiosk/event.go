package kiosk

import "time"

// EventType says what happened.
type EventType string

// The event types.
const (
	EventCopyAdded    EventType = "copy_added"   // a copy was registered
	EventCopyChanged  EventType = "copy_changed" // status, condition or place, by a person
	EventLoanAdded    EventType = "loan_added"   // an opening balance was taken over
	EventVisit        EventType = "session_opened"
	EventCheckedOut   EventType = "checked_out"
	EventReturned     EventType = "returned"
	EventRenewed      EventType = "renewed"
	EventDueConfirmed EventType = "due_confirmed" // by the staff, after a clock that was wrong
	EventUsedOnSite   EventType = "used_on_site"
	EventUndone       EventType = "undone"
	EventRefused      EventType = "refused"
	EventHelp         EventType = "help"
	EventHoldPlaced   EventType = "hold_placed"
	EventProcessed    EventType = "processed"   // a step of technical processing was ticked
	EventUnprocessed  EventType = "unprocessed" // and taken back
	EventAccount      EventType = "account_changed"
	EventAnswered     EventType = "call_answered" // the desk has seen to a call for help or an alarm
	EventTitleChanged EventType = "title_changed"
	EventTitlesMerged EventType = "titles_merged"
	EventClockRight   EventType = "clock_right"       // a person has said that the clock is right now
	EventTextbooks    EventType = "textbooks_changed" // a quantity line was added or corrected
	EventSetChanged   EventType = "set_changed"       // a set was made, or its record or members changed
)

// SchemaVersion is written into each event; readers tolerate unknown fields
// and types of a later one.
const SchemaVersion = 1

// Event is what happened, to which copy and patron, when, at which station and
// by whom. Events are appended and numbered without gaps, never changed.
type Event struct {
	ID         ID
	Epoch      ID
	Seq        int64 // gap-free in the site and epoch; the order of everything
	Type       EventType
	CopyID     ID
	PatronRef  ID // a reference, never a name
	StaffRef   ID // the account that did it, "" for a patron's own act
	Station    string
	OccurredAt time.Time // when the station says it happened
	RecordedAt time.Time // when it was written
	ClockOK    bool      // false when the PC's clock could not be trusted
	Schema     int
	Payload    Payload
}

// Calls reports whether the event wants somebody of the staff to come or look.
func (e Event) Calls() bool {
	return e.Type == EventHelp || e.Type == EventAccount && e.Payload.Change == AccountGuessed
}

// Payload carries the facts of an event as JSON.
type Payload struct {
	Outcome  Outcome       `json:"outcome,omitempty"`
	Reason   Reason        `json:"reason,omitempty"`
	Refusals []Refusal     `json:"refusals,omitempty"`
	Notes    []Note        `json:"notes,omitempty"`
	Code     string        `json:"code,omitempty"`     // of an unknown or malformed scan, escaped and cut
	Comment  string        `json:"comment,omitempty"`  // with an override
	Reverses int64         `json:"reverses,omitempty"` // the event that this one takes back
	Hold     ID            `json:"hold,omitempty"`     // the hold that a checkout fulfilled
	Step     Step          `json:"step,omitempty"`     // of processing, that was ticked or taken back
	Account  ID            `json:"account,omitempty"`  // whose account was changed, or guessed at
	Change   AccountChange `json:"change,omitempty"`   // with it: how
	Times    int           `json:"times,omitempty"`    // with guessed: wrong passwords in a row
	Answers  int64         `json:"answers,omitempty"`  // the call that was seen to
	Patron   PatronChange  `json:"patron,omitempty"`   // what was done to a patron
	Card     ID            `json:"card,omitempty"`     // with it: the card
	Begins   ID            `json:"begins,omitempty"`   // the promotion that was made or taken back
	Set      ID            `json:"set,omitempty"`      // the set that was lent, returned or changed as one
	Edited   *Edited       `json:"edited,omitempty"`   // what was changed in the catalogue
	Lending  *LendingEdit  `json:"lending,omitempty"`  // what was changed of holds, recalls and compensations
	Stock    *StockEdit    `json:"stock,omitempty"`    // what was changed of serials and what is handed out
	Corner   *CornerChange `json:"corner,omitempty"`   // what was changed of corners, boxes and rotations
	Setting  SettingChange `json:"setting,omitzero"`   // what somebody changed about the settings
	Records  *Records      `json:"records,omitempty"`  // stocktakes, withdrawals and activities as the event left them
	Changes  Changes       `json:"changes,omitzero"`
	Before   Changes       `json:"before,omitzero"` // the same loans and copies as they were: what undo writes back

	Closing *RegisterClosing `json:"closing,omitempty"` // lines of a register that were closed
}

// Changes are the after-images that an event leaves: the whole loan or copy
// state, so that replay is nothing but writing them in order of seq.
type Changes struct {
	Loans  []Loan      `json:"loans,omitempty"`
	Copies []CopyState `json:"copies,omitempty"`
}

// IsZero reports whether nothing changes.
func (c Changes) IsZero() bool { return len(c.Loans) == 0 && len(c.Copies) == 0 }

// Projection is the state that events leave behind.
type Projection struct {
	Loans   map[ID]Loan
	Copies  map[ID]CopyState
	Stock   StockRows
	Lending LendingRows
	Corner  CornerRows
	Records RecordProjection
}

// NewProjection is the state before the first event.
func NewProjection() Projection {
	return Projection{Loans: map[ID]Loan{}, Copies: map[ID]CopyState{}, Stock: NewStockRows(), Lending: NewLendingRows(), Corner: NewCornerRows(), Records: NewRecordProjection()}
}

// Apply adds one event, in the order of seq.
func (p Projection) Apply(e Event) {
	for _, l := range e.Payload.Changes.Loans {
		p.Loans[l.ID] = l
	}
	for _, c := range e.Payload.Changes.Copies {
		p.Copies[c.CopyID] = c
	}
	p.Stock.Apply(e.Payload.Stock)
	p.Lending.Apply(e.Payload.Lending)
	p.Corner.Apply(e.Payload.Corner)
	p.Records.Apply(e)
}
