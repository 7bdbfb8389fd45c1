package kiosk

// Revised is a record before and after an act; Before is nil for one that the
// act made.
type Revised[T any] struct {
	Before *T `json:"before,omitempty"`
	After  T  `json:"after"`
}

// StockEdit is what an event changed of serials: the after-images are the
// projection, and what was before is what undo writes back. A record that an
// act made and undo takes back stays as Removed.
type StockEdit struct {
	Subscriptions []Revised[Subscription] `json:"subscriptions,omitempty"`
	Issues        []Revised[Issue]        `json:"issues,omitempty"`
}
