package kiosk

// Revised is a record before and after an act; Before is nil for one that the
// act made.
type Revised[T any] struct {
	Before *T `json:"before,omitempty"`
	After  T  `json:"after"`
}

// StockEdit is what an event changed of serials, handouts and lessons: the after-images are the
// projection, and what was before is what undo writes back. A record that an
// act made and undo takes back stays as Removed.
type StockEdit struct {
	Subscriptions []Revised[Subscription] `json:"subscriptions,omitempty"`
	Issues        []Revised[Issue]        `json:"issues,omitempty"`
	Handouts      []Revised[Handout]      `json:"handouts,omitempty"`
	Lessons       []Revised[Lesson]       `json:"lessons,omitempty"`
}

// StockRows is the state that these edits leave behind.
type StockRows struct {
	Subscriptions map[ID]Subscription
	Issues        map[ID]Issue
	Handouts      map[ID]Handout
	Lessons       map[ID]Lesson
}

// NewStockRows is the state before the first event.
func NewStockRows() StockRows {
	return StockRows{map[ID]Subscription{}, map[ID]Issue{}, map[ID]Handout{}, map[ID]Lesson{}}
}

// Apply adds what an event changed, which may be nothing.
func (r StockRows) Apply(e *StockEdit) {
	if e == nil {
		return
	}
	for _, x := range e.Subscriptions {
		r.Subscriptions[x.After.ID] = x.After
	}
	for _, x := range e.Issues {
		r.Issues[x.After.ID] = x.After
	}
	for _, x := range e.Handouts {
		r.Handouts[x.After.ID] = x.After
	}
	for _, x := range e.Lessons {
		r.Lessons[x.After.ID] = x.After
	}
}
