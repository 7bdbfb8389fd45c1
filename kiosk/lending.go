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
