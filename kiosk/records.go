package kiosk

import (
	"cmp"
	"slices"
	"time"
)

// Records are the after-images that an event leaves of the library's paperwork:
// stocktakes with what was counted, withdrawals, what was planned and done in the
// year, what classes have of their textbooks, what is proposed to buy, what other
// libraries have lent. They are projections as loans are: the ledger writes them with the
// event, and replaying the events gives them again.
type Records struct {
	Stocktakes  []Stocktake       `json:"stocktakes,omitempty"`
	Lines       []StockLine       `json:"lines,omitempty"`
	Strays      []StockStray      `json:"strays,omitempty"`
	Withdrawals []Withdrawal      `json:"withdrawals,omitempty"`
	Activities  []Activity        `json:"activities,omitempty"`
	Surveys     []Survey          `json:"surveys,omitempty"`
	Proposals   []Proposal        `json:"proposals,omitempty"`
	Stations    []CountingStation `json:"stations,omitempty"`
	Quantities  []StockQuantity   `json:"quantities,omitempty"`

	Interloans     []Interloan     `json:"interloans,omitempty"`
	InterloanBooks []InterloanBook `json:"interloan_books,omitempty"`
}

// LineKey names a line: one copy in one stocktake.
type LineKey struct{ Stocktake, Copy ID }

// StrayKey names a code that is no copy's in one stocktake.
type StrayKey struct {
	Stocktake ID
	Code      string
}

// RecordProjection is the paperwork that events leave behind.
type RecordProjection struct {
	Stocktakes  map[ID]Stocktake
	Lines       map[LineKey]StockLine
	Strays      map[StrayKey]StockStray
	Withdrawals map[ID]Withdrawal
	Activities  map[ID]Activity
	Surveys     map[ID]Survey
	Proposals   map[ID]Proposal
	Stations    map[string]CountingStation // those that count, or did
	Quantities  map[QuantityKey]StockQuantity

	Interloans     map[ID]Interloan
	InterloanBooks map[ID]InterloanBook
}

// NewRecordProjection is the paperwork before the first event.
func NewRecordProjection() RecordProjection {
	return RecordProjection{map[ID]Stocktake{}, map[LineKey]StockLine{}, map[StrayKey]StockStray{}, map[ID]Withdrawal{}, map[ID]Activity{}, map[ID]Survey{}, map[ID]Proposal{}, map[string]CountingStation{}, map[QuantityKey]StockQuantity{}, map[ID]Interloan{}, map[ID]InterloanBook{}}
}

// Apply adds one event, in the order of seq.
func (p RecordProjection) Apply(e Event) {
	r := e.Payload.Records
	if r == nil {
		return
	}
	for _, x := range r.Stocktakes {
		p.Stocktakes[x.ID] = x
	}
	for _, x := range r.Lines {
		p.Lines[LineKey{x.Stocktake, x.Copy}] = x
	}
	for _, x := range r.Strays {
		if key := (StrayKey{x.Stocktake, x.Code}); x.Times == 0 {
			delete(p.Strays, key)
		} else {
			p.Strays[key] = x
		}
	}
	for _, x := range r.Withdrawals {
		p.Withdrawals[x.ID] = x
	}
	for _, x := range r.Activities {
		p.Activities[x.ID] = x
	}
	for _, x := range r.Surveys {
		p.Surveys[x.ID] = x
	}
	for _, x := range r.Proposals {
		p.Proposals[x.ID] = x
	}
	for _, x := range r.Stations {
		p.Stations[x.Station] = x
	}
	for _, x := range r.Quantities {
		p.Quantities[QuantityKey{x.Stocktake, x.Line}] = x
	}
	for _, x := range r.Interloans {
		p.Interloans[x.ID] = x
	}
	for _, x := range r.InterloanBooks {
		p.InterloanBooks[x.ID] = x
	}
}

// RecordView reads the paperwork.
type RecordView interface {
	SurveyView
	ProposalView
	CountingView
	QuantityView
	InterloanView

	Stocktake(id ID) (Stocktake, error)
	Stocktakes() ([]Stocktake, error) // newest first, but those dropped
	StockLine(stocktake, copy ID) (StockLine, error)
	// Counted are all lines of a stocktake with what their copies are doing now,
	// by accession number.
	Counted(stocktake ID) ([]CountedLine, error)
	// StockProgress is how many copies were expected, and how many of them were
	// met: what was met of other places is no part of either.
	StockProgress(stocktake ID) (met, expected int, err error)
	Strays(stocktake ID) ([]StockStray, error) // by code
	// Missed is in how many closed stocktakes a copy was missing; only copies that
	// were missing at least once are in it.
	Missed() (map[ID]int, error)

	Withdrawal(id ID) (Withdrawal, error)
	Withdrawals() ([]Withdrawal, error) // newest first
	// LastLent is when each copy was lent last, of those that ever were.
	LastLent() (map[ID]time.Time, error)

	Activity(id ID) (Activity, error)
	// Activities are those of a run of days, both ends included, by day and time.
	// Those that were taken away are not in it.
	Activities(from, to Day) ([]Activity, error)

	// FirstDeeds are the first home loan, the first reading (a loan of any kind or
	// a reading on the spot) and the first visit of each reference in a span of
	// time, from included and to not. Refused acts and loans that were taken back
	// do not count.
	FirstDeeds(from, to time.Time) ([]FirstDeeds, error)
	// LoansBetween counts the loans that began in a span; not those taken back.
	LoansBetween(from, to time.Time) (int, error)
}

// FirstDeeds is when a reader did each thing for the first time in a span; zero
// for never.
type FirstDeeds struct {
	Ref                     ID
	Visited, Read, Borrowed time.Time
}

// SortDeeds puts them in the order of their references.
func SortDeeds(all []FirstDeeds) {
	slices.SortFunc(all, func(a, b FirstDeeds) int { return cmp.Compare(a.Ref, b.Ref) })
}
