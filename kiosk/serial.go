package kiosk

import (
	"fmt"
	"slices"
	"strings"
)

// A serial is a title that comes in issues (seed R30, R31, R80). What the
// library ordered of it is a [Subscription]; each number of it is an [Issue],
// expected from the first day, so that one that does not come is seen.

// Frequency is how often issues of a serial appear.
type Frequency string

// The frequencies.
const (
	Weekly      Frequency = "weekly"
	Fortnightly Frequency = "fortnightly"
	Monthly     Frequency = "monthly"
	Quarterly   Frequency = "quarterly"
)

// Frequencies lists all frequencies.
var Frequencies = []Frequency{Weekly, Fortnightly, Monthly, Quarterly}

// Grace is how many days after its expected day an issue is late: the post is
// slow, and a quarterly has no day of its own.
func (f Frequency) Grace() int {
	switch f {
	case Weekly:
		return 3
	case Fortnightly:
		return 5
	case Monthly:
		return 10
	}
	return 20
}

// period is the first day of the period k of a subscription that begins on from.
func (f Frequency) period(from Day, k int) Day {
	switch f {
	case Weekly:
		return from.Add(7 * k)
	case Fortnightly:
		return from.Add(14 * k)
	case Monthly:
		return from.AddMonths(k)
	}
	return from.AddMonths(3 * k)
}

// The bounds of subscriptions.
const (
	MaxPerPeriod    = 7
	MaxIssueCopies  = 100
	MaxIssueNumber  = 99_999
	MaxSubscription = 800 // days
	MaxRoute        = 60  // stops
)

// Subscription is an order of a serial for some time.
type Subscription struct {
	ID        ID        `json:"id"`
	TitleID   ID        `json:"title"`
	Code      string    `json:"code,omitempty"` // an ISSN "1234-5679" or the digits of the cover's barcode; "" for none
	Frequency Frequency `json:"frequency"`
	PerPeriod int       `json:"per_period"` // issues in each week, fortnight, month or quarter
	From      Day       `json:"from"`
	To        Day       `json:"to"` // inclusive
	First     int       `json:"first"`
	Copies    int       `json:"copies"` // of each issue
	Price     int64     `json:"price"`  // of a copy, in đồng; 0 when not known
	Supplier  string    `json:"supplier,omitempty"`
	PlaceID   ID        `json:"place,omitempty"`
	Lend      bool      `json:"lend,omitempty"` // issues become copies with a number each
	// Route are the classes and places that get each issue, one after the other
	// (seed R126), by their names: it is a list for people.
	Route   []string `json:"route,omitempty"`
	Note    string   `json:"note,omitempty"`
	Removed bool     `json:"removed,omitempty"`
}

// Planned is an issue as the subscription leads to expect it.
type Planned struct {
	Number   int
	Expected Day
}

// Plan lists the issues of the subscription: in each period its issues, evenly
// spread over it, numbered on from First.
func (s Subscription) Plan() []Planned {
	var all []Planned
	for k := 0; ; k++ {
		begin, next := s.Frequency.period(s.From, k), s.Frequency.period(s.From, k+1)
		if begin.After(s.To) || !next.After(begin) {
			return all
		}
		for i := range s.PerPeriod {
			if day := begin.Add(i * next.Sub(begin) / s.PerPeriod); !day.After(s.To) {
				all = append(all, Planned{s.First + len(all), day})
			}
		}
	}
}

// Next is the subscription that goes on where this one ends, as long and with
// numbers that follow.
func (s Subscription) Next() Subscription {
	n := s
	n.ID, n.From, n.First = "", s.To.Add(1), s.First+len(s.Plan())
	n.To = n.From.Add(s.To.Sub(s.From))
	if s.From.AddMonths(12) == s.To.Add(1) { // a year stays one, leap or not
		n.To = n.From.AddMonths(12).Add(-1)
	}
	return n
}

// IssueStatus is the life of an issue.
type IssueStatus string

// The statuses of an issue.
const (
	IssueExpected  IssueStatus = "expected"
	IssueReceived  IssueStatus = "received"
	IssueGivenUp   IssueStatus = "given_up"  // it will not come
	IssueBound     IssueStatus = "bound"     // into a volume
	IssueWithdrawn IssueStatus = "withdrawn" // out of the library
	IssueDropped   IssueStatus = "dropped"   // the subscription does not lead to expect it any more
)

// IssueStatuses lists all statuses.
var IssueStatuses = []IssueStatus{IssueExpected, IssueReceived, IssueGivenUp, IssueBound, IssueWithdrawn, IssueDropped}

// Issue is one number of a serial.
type Issue struct {
	ID             ID          `json:"id"`
	SubscriptionID ID          `json:"subscription"`
	Number         int         `json:"number"`
	Expected       Day         `json:"expected"`
	Status         IssueStatus `json:"status"`
	Received       Day         `json:"received,omitzero"` // when the first copy of it came
	Count          int         `json:"count,omitempty"`   // copies that came
	Copies         []ID        `json:"copies,omitempty"`  // those of them with a number each
	Claimed        Day         `json:"claimed,omitzero"`  // when the supplier was last asked for it
	ClaimNote      string      `json:"claim_note,omitempty"`
	Moves          []IssueMove `json:"moves,omitempty"` // where it went, in order
}

// IssueMove is a step on an issue's way. The last step, home, has no stop.
type IssueMove struct {
	Stop string `json:"stop,omitempty"`
	On   Day    `json:"on"`
}

// Here reports whether copies of the issue are in the library's keeping.
func (i Issue) Here() bool { return i.Status == IssueReceived }

// Late reports whether the issue should have come by now.
func (i Issue) Late(f Frequency, today Day) bool {
	return i.Status == IssueExpected && today.After(i.Expected.Add(f.Grace()))
}

// Missing is how many copies did not come: all of one that never came.
func (i Issue) Missing(s Subscription) int {
	switch i.Status {
	case IssueExpected, IssueDropped:
		return 0
	}
	return max(s.Copies-i.Count, 0)
}

// At is where on its way the issue is; "" before the first stop and after the
// last.
func (i Issue) At() string {
	if len(i.Moves) == 0 {
		return ""
	}
	return i.Moves[len(i.Moves)-1].Stop
}

// NextStop is where the issue goes next. home is true when it has been
// everywhere and comes back; both are empty when it is back, or has no way to go.
func (i Issue) NextStop(s Subscription) (stop string, home bool) {
	if !i.Here() || len(s.Route) == 0 {
		return "", false
	}
	switch n := len(i.Moves); {
	case n > 0 && i.Moves[n-1].Stop == "":
		return "", false
	case n < len(s.Route):
		return s.Route[n], false
	}
	return "", true
}

// Travels reports whether the issue has still a step to make.
func (i Issue) Travels(s Subscription) bool {
	stop, home := i.NextStop(s)
	return stop != "" || home
}

// SerialEntry is a line of the serials register: an issue with what it is of.
type SerialEntry struct {
	Issue        Issue
	Subscription Subscription
	Title        Title
}

// Missing is how many copies of the issue did not come.
func (e SerialEntry) Missing() int { return e.Issue.Missing(e.Subscription) }

// SortSerialRegister puts a register in its order: by title, those of one title
// by expected day and number, as they come. order makes a text that sorts as a
// dictionary has it.
func SortSerialRegister(all []SerialEntry, order func(string) string) {
	slices.SortStableFunc(all, func(a, b SerialEntry) int {
		return strings.Compare(order(a.Title.Title)+" "+string(a.Title.ID), order(b.Title.Title)+" "+string(b.Title.ID))
	})
}

// SerialView reads serials.
type SerialView interface {
	Subscription(id ID) (Subscription, error)
	Subscriptions() ([]Subscription, error) // not removed; in the order they were made
	Issue(id ID) (Issue, error)
	IssuesOf(subscription ID) ([]Issue, error) // not dropped, by number
	// DroppedIssuesOf are those that a change of the plan has dropped: their
	// numbers are theirs, should the plan lead to them again.
	DroppedIssuesOf(subscription ID) ([]Issue, error)
	// SerialRegister lists the issues expected from one day to another, not
	// dropped nor of a removed subscription, by title, then by expected day and
	// number.
	SerialRegister(from, to Day) ([]SerialEntry, error)
}

// SerialTx writes them; events carry the same.
type SerialTx interface {
	PutSubscription(s Subscription) error
	// PutIssue refuses a second issue of a number: ErrConflict.
	PutIssue(i Issue) error
}

// EventSerials says that a subscription was made or changed, or that an issue
// came, was asked for, went on, was bound or withdrawn.
const EventSerials EventType = "serials_changed"

// SerialCode is what the barcode on a serial's cover says.
type SerialCode struct {
	Code  string // as in [Subscription.Code]
	Issue int    // the number in the add-on of 2 or 5 digits, 0 for none
}

// SerialCodeOf reads an ISSN as people write it (1234-5679, ISO 3297), or what a
// scanner sends of a cover: an EAN-13 or UPC-A, with the add-on of 2 or 5 digits
// behind it where the scanner reads it. An EAN of 977 holds the ISSN.
func SerialCodeOf(text string) (SerialCode, bool) {
	s := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(text))
	s = strings.TrimPrefix(s, "ISSN")
	if len(s) == 8 {
		return SerialCode{Code: issn(s[:7])}, isISSN(s)
	}
	var c SerialCode
	if len(s) == 15 || len(s) == 18 || len(s) == 14 || len(s) == 17 {
		base := 13
		if len(s) == 14 || len(s) == 17 {
			base = 12
		}
		for _, d := range []byte(s[base:]) {
			if !isDigit(d) {
				return c, false
			}
			c.Issue = c.Issue*10 + int(d-'0')
		}
		s = s[:base]
	}
	if len(s) == 12 {
		s = "0" + s
	}
	if len(s) != 13 || !isEAN(s) || s[:3] == "978" || s[:3] == "979" {
		return SerialCode{}, false
	}
	c.Code = s
	if s[:3] == "977" {
		c.Code = issn(s[3:10])
	}
	return c, true
}

func isEAN(s string) bool {
	sum := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
		sum += int(s[i]-'0') * (1 + 2*(i%2))
	}
	return sum%10 == 0
}

func isISSN(s string) bool {
	for i := range 7 {
		if !isDigit(s[i]) {
			return false
		}
	}
	return issn(s[:7]) == s[:4]+"-"+s[4:]
}

// issn is the ISSN of seven digits, with its check character.
func issn(digits string) string {
	sum := 0
	for i := range len(digits) {
		sum += int(digits[i]-'0') * (8 - i)
	}
	check := fmt.Sprint((11 - sum%11) % 11)
	if check == "10" {
		check = "X"
	}
	return digits[:4] + "-" + digits[4:] + check
}

// IssueFor picks, among the issues of one subscription, the one that a scan of
// a cover received. With a number on the cover that is the waiting issue of that
// number, or of one that ends in it where the add-on has two digits; without one,
// or where no waiting issue has it, it is the only issue that is due. false asks
// a person.
func IssueFor(issues []Issue, number int, today Day) (Issue, bool) {
	var named, due []Issue
	for _, i := range issues {
		if i.Status != IssueExpected && i.Status != IssueGivenUp {
			continue
		}
		if number > 0 && (i.Number == number || number < 100 && i.Number%100 == number) {
			named = append(named, i)
		}
		if i.Status == IssueExpected && !i.Expected.After(today.Add(3)) {
			due = append(due, i)
		}
	}
	slices.SortFunc(named, func(a, b Issue) int { // the nearest to today: numbers come round
		return abs(a.Expected.Sub(today)) - abs(b.Expected.Sub(today))
	})
	switch {
	case len(named) > 0:
		return named[0], true
	case len(due) == 1 && number == 0:
		return due[0], true
	}
	return Issue{}, false
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// SerialProblem says why an act on serials was not done.
type SerialProblem string

// The problems of serials.
const (
	SerialNotWaiting SerialProblem = "not_waiting" // the issue came already, or is not expected
	SerialNotHere    SerialProblem = "not_here"    // the issue did not come, or is gone
	SerialNoRoute    SerialProblem = "no_route"    // it has nowhere to go
	SerialOnLoan     SerialProblem = "on_loan"     // a copy of it is lent
	SerialUnknown    SerialProblem = "unknown"     // nothing has this code
	SerialWhich      SerialProblem = "which"       // several may be meant
	SerialNothing    SerialProblem = "nothing"     // nothing was chosen
	SerialCame       SerialProblem = "came"        // issues came: the subscription stays
)

// SerialProblems lists them all.
var SerialProblems = []SerialProblem{SerialNotWaiting, SerialNotHere, SerialNoRoute, SerialOnLoan, SerialUnknown, SerialWhich, SerialNothing, SerialCame}

// SerialError refuses an act on serials.
type SerialError struct {
	Problem      SerialProblem
	Subscription ID // with which: where to choose
	Number       int
}

func (e *SerialError) Error() string { return "serials: " + string(e.Problem) }
