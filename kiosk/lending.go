package kiosk

// Bulk is what an act of the staff on many loans did: each has an event of its
// own, and what could not be done has its reason.
type Bulk struct {
	Done    []BulkDone    `json:"done"`
	Refused []BulkRefused `json:"refused"`
}

// BulkDone is a loan that was changed, and by which event.
type BulkDone struct {
	Loan  ID    `json:"loan"`
	Copy  ID    `json:"copy"`
	Event int64 `json:"event"`
}

// BulkRefused is a loan that was left as it was. Reason is "" for one that had
// ended meanwhile.
type BulkRefused struct {
	Loan   ID       `json:"loan"`
	Copy   CopyView `json:"copy"`
	Reason Reason   `json:"reason"`
	Facts  Facts    `json:"facts,omitempty"`
}

// Events are the events of what was done, in their order.
func (b Bulk) Events() []int64 {
	all := make([]int64, len(b.Done))
	for i, d := range b.Done {
		all[i] = d.Event
	}
	return all
}

// PartlyUndoneError says that some of many acts were taken back, and others
// left because something has happened since.
type PartlyUndoneError struct{ Undone, Left int }

func (e *PartlyUndoneError) Error() string { return "some acts could not be taken back" }

// The events of holds, recalls and what was lost or damaged.
const (
	EventHoldReady     EventType = "hold_ready"     // a copy was set aside
	EventHoldCancelled EventType = "hold_cancelled" // by the staff
	EventHoldOver      EventType = "hold_over"      // nobody came for the copy in time
	EventRecalled      EventType = "recalled"       // a due date was moved earlier by a recall
	EventRecall        EventType = "recall_changed" // a recall was begun, closed, opened again or taken back
	EventCompensated   EventType = "compensated"    // lost or damaged, or what was given for it
)

// LendingEdit is what an event changed beside loans and copies.
type LendingEdit struct {
	Holds        []HoldEdit        `json:"holds,omitempty"`
	Compensation *CompensationEdit `json:"compensation,omitempty"`
	Recall       ID                `json:"recall,omitempty"`
	Run          *Recall           `json:"run,omitempty"` // with Recall, where the recall itself changed: as it is now
}

// LendingRows are the holds, recalls and compensations that events leave.
type LendingRows struct {
	Holds         map[ID]Hold
	Recalls       map[ID]Recall
	Compensations map[ID]Compensation
}

// NewLendingRows is the state before the first event.
func NewLendingRows() LendingRows {
	return LendingRows{Holds: map[ID]Hold{}, Recalls: map[ID]Recall{}, Compensations: map[ID]Compensation{}}
}

// Apply adds what one event changed; nil is nothing.
func (r LendingRows) Apply(e *LendingEdit) {
	if e == nil {
		return
	}
	for _, h := range e.Holds {
		r.Holds[h.After.ID] = h.After
	}
	if e.Run != nil {
		r.Recalls[e.Run.ID] = *e.Run
	}
	if c := e.Compensation; c != nil {
		r.Compensations[c.After.ID] = c.After
	}
}

// HoldEdit is a hold before and after an act; Before is nil for a new one.
type HoldEdit struct {
	Before *Hold `json:"before,omitempty"`
	After  Hold  `json:"after"`
}

// LendingView reads holds, recalls and compensations.
type LendingView interface {
	OpenHolds() ([]Hold, error)         // waiting and ready, of all titles, oldest first
	OpenHoldsOf(ref ID) ([]Hold, error) // the same of one patron
	LeftAside() ([]LeftAside, error)    // oldest first
	Recall(id ID) (Recall, error)
	Recalls() ([]Recall, error) // newest first, those taken back too
	Compensation(id ID) (Compensation, error)
	Compensations() ([]Compensation, error) // newest first, not those taken back
}

// LendingTx writes them.
type LendingTx interface {
	PutRecall(r Recall) error
	PutCompensation(c Compensation) error
}
