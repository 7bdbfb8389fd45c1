package kiosk

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// EventActivity is the event of something that was planned, done, corrected or
// taken away.
const EventActivity EventType = "activity_changed"

// Activity is one thing that the library plans or does: a line of the plan book,
// a reading period, a book introduction, a campaign. What it has beside the day
// and the text depends on its kind; see [ActivityKind].
type Activity struct {
	ID      ID             `json:"id"`
	Kind    ActivityKind   `json:"kind"`
	Day     Day            `json:"day"`   // of a plan's line: the first of its month
	Until   Day            `json:"until"` // of what lasts, zero for one day
	From    Clock          `json:"from,omitempty"`
	To      Clock          `json:"to,omitempty"` // of what is held in the room: both 0 for the whole day
	Status  ActivityStatus `json:"status"`
	Text    string         `json:"text"`
	Class   string         `json:"class,omitempty"`
	Teacher ID             `json:"teacher,omitempty"` // a reference, never a name
	Room    bool           `json:"room,omitempty"`    // it takes the library's room
	People  int            `json:"people,omitempty"`  // who came, or were reached
	Channel Channel        `json:"channel,omitempty"` // of an introduction
	Titles  []Annotated    `json:"titles,omitempty"`  // in their order
	Of      ID             `json:"of,omitempty"`      // of a gift: its campaign
	Goal    int            `json:"goal,omitempty"`    // of a campaign: books
	Taken   int            `json:"taken,omitempty"`   // of a gift: books that were accepted
	Refused int            `json:"refused,omitempty"` // and that were not
	Donor   Donor          `json:"donor,omitempty"`
	Corner  bool           `json:"corner,omitempty"`  // of a gift: it went to the class corner, not to the library
	Receipt ID             `json:"receipt,omitempty"` // of a gift or a campaign: the receipt by which its books came into the stock
	Result  string         `json:"result,omitempty"`
	Note    string         `json:"note,omitempty"`
	By      ID             `json:"by"`
	Removed bool           `json:"removed,omitempty"` // taken away: it never counted
}

// Annotated is a title with what is said of it.
type Annotated struct {
	Title ID     `json:"t"`
	Group string `json:"g,omitempty"`
	Text  string `json:"x,omitempty"`
}

// ActivityKind is what an activity is.
type ActivityKind string

// The kinds.
const (
	PlanItem      ActivityKind = "plan"         // a line of the plan book: month, text, done, result (R89, R143, R203, R204)
	ReadingPeriod ActivityKind = "reading"      // a reading period of a class with its teacher (R107, R156)
	LibraryLesson ActivityKind = "lesson"       // a subject's lesson held in the library (R183, R184)
	Introduction  ActivityKind = "introduction" // a book was introduced (R62, R108, R125, R127)
	Bibliography  ActivityKind = "bibliography" // a list of titles, annotated and grouped (R60, R128)
	Display       ActivityKind = "display"      // books laid out for a theme (R210, R226, R234)
	Happening     ActivityKind = "event"        // a contest, a festival, a week (R63, R64, R185, R205)
	Meeting       ActivityKind = "meeting"      // of the collaborators (R111)
	Campaign      ActivityKind = "campaign"     // a call for gifts (R83, R206, R224)
	Gift          ActivityKind = "gift"         // what a class or a giver brought to a campaign (R84, R85)
	Inspection    ActivityKind = "inspection"   // somebody came to look (R44, R227)
	ClassVisit    ActivityKind = "class_visit"  // a class came as one (R120)
	SharedStock   ActivityKind = "shared_stock" // rotation with another library (R117)
	Electronic    ActivityKind = "e_resource"   // electronic materials that were added (R82, R86)
)

// ActivityKinds lists them, in the order of the pages.
var ActivityKinds = []ActivityKind{PlanItem, ReadingPeriod, LibraryLesson, ClassVisit, Introduction, Bibliography, Display, Happening, Meeting, Campaign, Gift, Electronic, SharedStock, Inspection}

// ActivityStatus is how far an activity is.
type ActivityStatus string

// The statuses.
const (
	ActivityPlanned   ActivityStatus = "planned"
	ActivityDone      ActivityStatus = "done"
	ActivityCancelled ActivityStatus = "cancelled"
)

// ActivityStatuses lists them.
var ActivityStatuses = []ActivityStatus{ActivityPlanned, ActivityDone, ActivityCancelled}

// Channel is how books were introduced.
type Channel string

// The channels.
const (
	ChannelFlag      Channel = "flag_ceremony"
	ChannelBroadcast Channel = "broadcast"
	ChannelWebsite   Channel = "website"
	ChannelClass     Channel = "class"
	ChannelBoard     Channel = "board"
	ChannelLibrary   Channel = "library"
)

// Channels lists them.
var Channels = []Channel{ChannelFlag, ChannelBroadcast, ChannelWebsite, ChannelClass, ChannelBoard, ChannelLibrary}

// Donor is who gave. Single givers are counted with their class and never named.
type Donor string

// The donors.
const (
	DonorPupils       Donor = "pupils"
	DonorTeachers     Donor = "teachers"
	DonorParents      Donor = "parents"
	DonorOrganisation Donor = "organisation" // Text is its name
)

// Donors lists them.
var Donors = []Donor{DonorPupils, DonorTeachers, DonorParents, DonorOrganisation}

// The bounds of an activity.
const (
	MaxActivityText = 300
	MaxAnnotation   = 1000
	MostTitles      = 200
	MostPeople      = 5000
)

// CompareActivities orders by day, time and id.
func CompareActivities(a, b Activity) int {
	return cmp.Or(cmp.Compare(a.Day.String(), b.Day.String()), cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID))
}

// ErrNotPlanned refuses to take a plan over that is there already.
var ErrNotPlanned = errors.New("the plan of this year has lines already")

// PlanLine is a line of the usual year's plan: its words are "plan.line.MONTH.NR" of
// the pages' words.
type PlanLine struct{ Month, Nr int }

// planLines is how many lines the usual plan has in each month.
var planLines = map[int]int{8: 3, 9: 7, 10: 5, 11: 4, 12: 6, 1: 5, 2: 4, 3: 5, 4: 5, 5: 8}

// UsualPlan is the usual year's plan by month, from August to May, with the day
// in the school year for each line.
func UsualPlan(y SchoolYear) []PlannedLine {
	var all []PlannedLine
	for _, m := range []int{8, 9, 10, 11, 12, 1, 2, 3, 4, 5} {
		year := y.Start.Year
		if m < 6 {
			year = y.End.Year
		}
		for n := 1; n <= planLines[m]; n++ {
			all = append(all, PlannedLine{PlanLine{m, n}, MustDay(fmt.Sprintf("%04d-%02d-01", year, m))})
		}
	}
	return all
}

// PlannedLine is a line with the first day of its month.
type PlannedLine struct {
	PlanLine
	Day Day
}

// CampaignSum is what a campaign brought.
type CampaignSum struct {
	Taken, Refused, Library, Corner int
	Classes                         map[string]int // by class, "" for what no class brought
	Donors                          map[Donor]int
}

// SumCampaign adds up the gifts of a campaign.
func SumCampaign(campaign ID, all []Activity) CampaignSum {
	s := CampaignSum{Classes: map[string]int{}, Donors: map[Donor]int{}}
	for _, a := range all {
		if a.Kind != Gift || a.Of != campaign || a.Removed || a.Status != ActivityDone {
			continue
		}
		s.Taken += a.Taken
		s.Refused += a.Refused
		if a.Corner {
			s.Corner += a.Taken
		} else {
			s.Library += a.Taken
		}
		s.Classes[a.Class] += a.Taken
		s.Donors[a.Donor] += a.Taken
	}
	return s
}

// Outcome is the result, which a line of the plan has once it is done: what stands in
// one that is still planned was written there before that was so.
func (a Activity) Outcome() string {
	if a.Kind == PlanItem && a.Status == ActivityPlanned {
		return ""
	}
	return a.Result
}

// TakenBy is the receipt by which the books of a gift came into the stock: its own,
// or its campaign's when they went to the library; "" when by none.
func (a Activity) TakenBy(campaign Activity) ID {
	if a.Receipt == "" && !a.Corner && !campaign.Removed {
		return campaign.Receipt
	}
	return a.Receipt
}

// Counts reports whether an activity counts among what was done in a span.
func (a Activity) Counts(kind ActivityKind, from, to Day) bool {
	return a.Kind == kind && a.Status == ActivityDone && !a.Removed && !a.Day.Before(from) && !a.Day.After(to)
}

// HasTitle reports whether a title is named.
func (a Activity) HasTitle(title ID) bool {
	return slices.ContainsFunc(a.Titles, func(x Annotated) bool { return x.Title == title })
}
