package kiosk

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// The events of stocktaking.
const (
	EventStockOpened   EventType = "stocktake_opened"
	EventStockExpected EventType = "stocktake_expected" // what was expected, in parts
	EventStockCounted  EventType = "stocktake_counted"  // one copy, or one code that is no copy's
	EventStockMissed   EventType = "stocktake_missed"   // a copy was not there at the close, or is not missed any more
	EventStockClosed   EventType = "stocktake_closed"   // or opened again
)

// Stocktake is one counting of the stock, whole or of some places. Circulation
// goes on meanwhile; it may be left and taken up again for as long as it is open.
type Stocktake struct {
	ID       ID            `json:"id"`
	Name     string        `json:"name"`
	Places   []ID          `json:"places,omitempty"` // empty: the whole library
	Opened   time.Time     `json:"opened"`
	OpenedBy ID            `json:"opened_by"`
	Since    int64         `json:"since"` // the last event before it: what was handled later is there
	Closed   time.Time     `json:"closed,omitzero"`
	ClosedBy ID            `json:"closed_by,omitempty"`
	Minutes  *StockMinutes `json:"minutes,omitempty"` // with Closed
	// Dropped says that it was opened by mistake and taken back before anything was
	// met; it is Closed without minutes and in no list.
	Dropped bool `json:"dropped,omitempty"`
}

// Open reports whether counting goes on.
func (s Stocktake) Open() bool { return s.Closed.IsZero() }

// Holds reports whether a place is counted.
func (s Stocktake) Holds(place ID) bool {
	return len(s.Places) == 0 || slices.Contains(s.Places, place)
}

// wholeStocktakes are the days of a year on which the whole library had been counted:
// in one stocktake, or in several of some places each that hold together every place
// where copies belong.
func wholeStocktakes(all []Stocktake, year SchoolYear, homes map[ID]bool) (days []Day) {
	var closed []Stocktake
	for _, s := range all {
		if s.Minutes != nil && year.Contains(s.Minutes.Day) {
			closed = append(closed, s)
		}
	}
	slices.SortStableFunc(closed, func(a, b Stocktake) int { return a.Minutes.Day.Sub(b.Minutes.Day) })
	left := maps.Clone(homes)
	for _, s := range closed {
		maps.DeleteFunc(left, func(p ID, _ bool) bool { return s.Holds(p) })
		if len(s.Places) == 0 || len(left) == 0 {
			days = append(days, s.Minutes.Day)
			left = maps.Clone(homes)
		}
	}
	return days
}

// StockLine is one copy in one stocktake: expected there, or met.
type StockLine struct {
	Stocktake ID         `json:"s"`
	Copy      ID         `json:"c"`
	Expected  bool       `json:"e,omitempty"`      // the copy was in stock, in a place that is counted, when it was opened
	Place     ID         `json:"p,omitempty"`      // where it was expected, or belongs
	Lost      bool       `json:"lost,omitempty"`   // it counted as lost already
	Seen      time.Time  `json:"seen,omitzero"`    // zero while nobody has met it
	SeenAt    ID         `json:"at,omitempty"`     // the place that was being counted, "" when none was named
	Away      bool       `json:"away,omitempty"`   // met, though it belongs to a place that is not counted: misplaced wherever it was met
	By        ID         `json:"by,omitempty"`     // the account
	Condition Condition  `json:"cond,omitempty"`   // that was noted, "" for none
	Found     bool       `json:"found,omitempty"`  // lost before, and back in stock by this scan
	Surplus   bool       `json:"more,omitempty"`   // met though it is not in stock: withdrawn, or never registered
	Final     StockState `json:"end,omitempty"`    // of what nobody met: what the close made of it
	Before    CopyStatus `json:"before,omitempty"` // with a Final of missing: what the copy was
}

// StockStray is a code that was read while counting and is no copy's. Written with
// zero Times it is off the list again: it never was read.
type StockStray struct {
	Stocktake ID        `json:"s"`
	Code      string    `json:"code"` // escaped and cut
	At        time.Time `json:"at"`
	SeenAt    ID        `json:"place,omitempty"`
	Times     int       `json:"times"`
}

// CountedLine is a line with what its copy is doing now: what the lists of a
// stocktake need, and no more.
type CountedLine struct {
	StockLine
	Barcode, Accession string
	Kind               Kind
	Price              int64
	TitleID            ID
	Title              string
	CallNumber         string
	State              CopyState
	Out                bool // on loan now
	Handled            bool // lent, returned or read here since the stocktake was opened
}

// StockState is what a line says at one moment.
type StockState string

// The states of a line.
const (
	StockExpected  StockState = "expected"  // not met yet, and its place has not been begun
	StockMissing   StockState = "missing"   // not met, though its place has been begun
	StockSeen      StockState = "seen"      // where it should be
	StockMisplaced StockState = "misplaced" // met at another place than its own
	StockSurplus   StockState = "surplus"   // met, but not in stock
	StockOut       StockState = "out"       // on loan
	StockCorner    StockState = "corner"    // known to be in a class corner that is not counted by itself
	StockGone      StockState = "gone"      // counted as lost before, and not met
	StockFound     StockState = "found"     // counted as lost before, and met
	StockLeft      StockState = "left"      // withdrawn meanwhile
)

// StockStates lists the states in the order in which they are shown.
var StockStates = []StockState{StockMissing, StockExpected, StockMisplaced, StockSurplus, StockFound, StockSeen, StockOut, StockCorner, StockGone, StockLeft}

// Missed reports whether a copy counts as missing at a stocktake that is closed.
func (s StockState) Missed() bool { return s == StockMissing || s == StockGone }

// Unmet reports whether the copy should be here and was not met.
func (s StockState) Unmet() bool { return s == StockMissing || s == StockExpected }

// StateOf is what a line says. begun are the places in which something was met;
// corners are the class corners that are not counted by themselves.
func (l CountedLine) StateOf(begun, corners map[ID]bool) StockState {
	switch {
	case l.Final != "":
		return l.Final
	case l.Surplus:
		return StockSurplus
	case l.Found:
		return StockFound
	case l.misplaced():
		return StockMisplaced
	case !l.Seen.IsZero():
		return StockSeen
	case l.State.Status == CopyWithdrawn:
		return StockLeft
	case l.Lost && l.State.Status == CopyLost:
		return StockGone
	case l.Out:
		return StockOut
	case l.Handled:
		return StockSeen
	case corners[l.Place]:
		return StockCorner
	case begun[l.Place]:
		return StockMissing
	}
	return StockExpected
}

// ClosedState is what the line of a closed stocktake says, by the line alone.
func (l StockLine) ClosedState() StockState {
	switch {
	case l.Final != "":
		return l.Final
	case l.Surplus:
		return StockSurplus
	case l.Found:
		return StockFound
	case l.Seen.IsZero():
		return StockExpected
	case l.misplaced():
		return StockMisplaced
	}
	return StockSeen
}

// misplaced reports whether the copy was met elsewhere than where it belongs.
// Where no place was named, all that is known is whether it belongs to one that is
// counted.
func (l StockLine) misplaced() bool {
	return !l.Seen.IsZero() && (l.Away || l.SeenAt != "" && l.SeenAt != l.Place)
}

// Begun are the places where something was met.
func Begun(lines []CountedLine) map[ID]bool {
	begun := map[ID]bool{}
	for _, l := range lines {
		if l.Seen.IsZero() {
			continue
		}
		if l.SeenAt != "" {
			begun[l.SeenAt] = true
		} else {
			begun[l.Place] = true
		}
	}
	return begun
}

// CornersBeside are the class corners that a stocktake does not count by itself:
// their copies are where the corners' registers say.
func (s Stocktake) CornersBeside(places []Place) map[ID]bool {
	beside := map[ID]bool{}
	for _, p := range places {
		if p.Kind == ClassCorner && !slices.Contains(s.Places, p.ID) {
			beside[p.ID] = true
		}
	}
	return beside
}

// CountOutcome is what one scan of a stocktake says.
type CountOutcome string

// The outcomes of a scan.
const (
	CountSeen      CountOutcome = "seen"
	CountAgain     CountOutcome = "again"     // met before; nothing new
	CountMisplaced CountOutcome = "misplaced" // Belongs says where it belongs
	CountOnLoan    CountOutcome = "on_loan"   // it is here, though the ledger says that somebody has it
	CountFound     CountOutcome = "found"     // it was lost, and is back in stock
	CountWithdrawn CountOutcome = "withdrawn" // not in stock any more
	CountUnready   CountOutcome = "unready"   // not registered yet
	CountUnknown   CountOutcome = "unknown"   // no copy has this code
	CountCard      CountOutcome = "card"      // a reader's card: not kept
	CountPlace     CountOutcome = "place"     // a place's code: it is counted from now on
	CountTitle     CountOutcome = "title"     // the code on the back of the book: the library's own is needed
	CountSet       CountOutcome = "set"       // a set's barcode: each of its books is scanned
	CountOther     CountOutcome = "other"     // a place that is not counted in this stocktake
)

// CountOutcomes lists all outcomes.
var CountOutcomes = []CountOutcome{CountSeen, CountAgain, CountMisplaced, CountOnLoan, CountFound, CountWithdrawn, CountUnready, CountUnknown, CountCard, CountPlace, CountTitle, CountSet, CountOther}

// Good reports whether the book may stay where it is.
func (o CountOutcome) Good() bool {
	return o == CountSeen || o == CountAgain || o == CountFound || o == CountPlace
}

// Count is the answer to one scan.
type Count struct {
	Outcome   CountOutcome    `json:"outcome"`
	Code      string          `json:"code"` // as it was read, escaped
	Copy      ID              `json:"copy,omitempty"`
	Accession string          `json:"accession,omitempty"`
	Title     string          `json:"title,omitempty"`
	Condition Condition       `json:"condition,omitempty"`
	Place     ID              `json:"place,omitempty"`      // being counted now
	PlaceName string          `json:"place_name,omitempty"` // the same in words
	Belongs   string          `json:"belongs,omitempty"`    // where a misplaced copy belongs
	Call      string          `json:"call,omitempty"`       // its shelf mark
	Reserved  bool            `json:"reserved,omitempty"`   // found again, and kept for the first who waits
	Seen      int             `json:"seen"`                 // of those that were expected, met so far
	Expected  int             `json:"expected"`             // copies in all
	Members   []SetMemberSeen `json:"members,omitempty"`    // with a set
	Met       int             `json:"met,omitempty"`        // of them
}

// SetMemberSeen is a book of a set in a stocktake.
type SetMemberSeen struct {
	Code  string `json:"code"` // its number, or barcode where it has none
	Title string `json:"title"`
	Seen  bool   `json:"seen,omitempty"`
}

// CountScan is one scan of a stocktake.
type CountScan struct {
	Stocktake ID
	Code      string
	Place     ID        // that is being counted, "" for none
	Condition Condition // to note, "" for none
}

// CountedFile is what became of a memory scanner's file.
type CountedFile struct {
	Codes    int                  `json:"codes"`
	Outcomes map[CountOutcome]int `json:"outcomes"`
	Told     []Count              `json:"told"` // those that somebody should look at, the first hundred
	// What UncountFile takes back: Met are the copies that nobody had met before, At when
	// they count as met; Strays are the codes that are nobody's, and how often each was read.
	Met    []ID           `json:"met,omitempty"`
	Strays map[string]int `json:"strays,omitempty"`
	At     time.Time      `json:"at,omitzero"`
}

// StockMinutes are what the close of a stocktake is written down with. The
// figures are those of that moment: the paper says the same for ever.
type StockMinutes struct {
	Number string        `json:"number"`
	Day    Day           `json:"day"` // "counted up to"
	Hour   string        `json:"hour,omitempty"`
	Place  string        `json:"place,omitempty"`
	Method StockMethod   `json:"method"`
	Board  []BoardMember `json:"board"`
	Note   string        `json:"note,omitempty"`
	All    bool          `json:"all,omitempty"` // places that nobody counted are missing too
	Sums   StockSums     `json:"sums"`
	// Quantities are the quantity lines that were counted by number.
	Quantities []QuantityMinutes `json:"quantities,omitempty"`
}

// StockMethod is the occasion of a stocktake.
type StockMethod string

// The occasions.
const (
	StockPeriodic StockMethod = "periodic"
	StockSpecial  StockMethod = "special"
)

// StockMethods lists them.
var StockMethods = []StockMethod{StockPeriodic, StockSpecial}

// BoardMember is one who signs.
type BoardMember struct {
	Name     string `json:"name"`
	Position string `json:"position,omitempty"` // at the school
	Role     string `json:"role,omitempty"`     // in the board
}

// The bounds of a board and of a stocktake's texts.
const (
	MostBoard      = 8
	MaxStockName   = 100
	MaxMinutesText = 60
)

// StockSums are a stocktake in figures.
type StockSums struct {
	All       StockSum               `json:"all"`
	Kinds     map[Kind]StockSum      `json:"kinds,omitempty"`
	Condition map[Condition]StockSum `json:"condition,omitempty"` // of what is there
	Strays    int                    `json:"strays"`              // codes that are no copy's
}

// StockSum is one line of them. In stock is what should be there or is known to
// be elsewhere; lost before and withdrawn are not.
type StockSum struct {
	Count     map[StockState]int   `json:"count,omitempty"`
	Value     map[StockState]int64 `json:"value,omitempty"` // in đồng, of copies whose price is known
	Unpriced  int                  `json:"unpriced"`        // copies in stock without a price
	Condition map[Condition]int    `json:"condition,omitempty"`
	// Of places that this stocktake does not count: met among its books, and in
	// Count and Value, but neither expected here nor part of what is there.
	Outside      int   `json:"outside,omitempty"`
	OutsideWorth int64 `json:"outside_worth,omitempty"` // in đồng
}

// present are the states in which a copy is in stock and accounted for.
var present = []StockState{StockSeen, StockMisplaced, StockFound, StockOut, StockCorner}

// There is how many copies are accounted for: met, on loan, or in a corner.
func (s StockSum) There() (n int) { return s.sum(present...) - s.Outside }

// Unmet is how many should be here and were not met.
func (s StockSum) Unmet() int { return s.sum(StockMissing, StockExpected) }

// InStock is both.
func (s StockSum) InStock() int { return s.There() + s.Unmet() }

// Of is how many are in a state.
func (s StockSum) Of(x StockState) int { return s.Count[x] }

// Worth is what the copies of a state cost.
func (s StockSum) Worth(x StockState) int64 { return s.Value[x] }

// WorthThere is what the copies that are accounted for cost; WorthUnmet the others.
func (s StockSum) WorthThere() (n int64) {
	for _, x := range present {
		n += s.Value[x]
	}
	return n - s.OutsideWorth
}

// WorthUnmet is what the copies that were not met cost.
func (s StockSum) WorthUnmet() int64 { return s.Value[StockMissing] + s.Value[StockExpected] }

func (s StockSum) sum(of ...StockState) (n int) {
	for _, x := range of {
		n += s.Count[x]
	}
	return n
}

func (s *StockSum) add(x StockState, price int64, outside bool) {
	if s.Count == nil {
		s.Count, s.Value = map[StockState]int{}, map[StockState]int64{}
	}
	s.Count[x]++
	s.Value[x] += price
	if outside {
		s.Outside++
		s.OutsideWorth += price
		return
	}
	if price == 0 && (slices.Contains(present, x) || x.Unmet()) {
		s.Unpriced++
	}
}

// SumStock adds up a stocktake.
func SumStock(s Stocktake, lines []CountedLine, strays int, begun, corners map[ID]bool) StockSums {
	sums := StockSums{Kinds: map[Kind]StockSum{}, Condition: map[Condition]StockSum{}, Strays: strays}
	for _, l := range lines {
		x := l.StateOf(begun, corners)
		outside := !l.Expected && !s.Holds(l.Place) && slices.Contains(present, x)
		sums.All.add(x, l.Price, outside)
		k := sums.Kinds[l.Kind]
		k.add(x, l.Price, outside)
		sums.Kinds[l.Kind] = k
		if slices.Contains(present, x) {
			c := sums.Condition[l.State.Condition]
			c.add(x, l.Price, outside)
			sums.Condition[l.State.Condition] = c
		}
	}
	return sums
}

// The refusals of a stocktake.
var (
	ErrStockClosed   = errors.New("the stocktake is closed")
	ErrStockOpen     = errors.New("another stocktake counts the same places")
	ErrNothingThere  = errors.New("no copy is expected in these places")
	ErrNothingMet    = errors.New("nothing has been counted yet")
	ErrStockReopened = errors.New("a later stocktake was closed, or what was missing is withdrawn")
)

// ForeignFileError refuses a memory scanner's file most of whose codes are no
// copies of this library.
type ForeignFileError struct{ Codes, Known int }

func (e *ForeignFileError) Error() string {
	return fmt.Sprintf("%d of %d codes are known", e.Known, e.Codes)
}

// Foreign reports whether a file of so many codes is another library's: fewer
// than half of them are known here.
func Foreign(codes, known int) bool { return codes > 0 && known*2 < codes }

// MostCodes bounds a memory scanner's file.
const MostCodes = 20_000
