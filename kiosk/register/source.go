package register

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"muontra/kiosk"
)

// Ask is what somebody wants of a sheet.
type Ask struct {
	From, To kiosk.Day // both included; zero for what is usual
	Class    string
	Of       string   // which paper, by its id or name; "" for the newest
	Sheets   []string // of a pack: which sheets; those that are usual when nil
}

// Source is what a sheet is made from: one consistent state of the ledger, and
// what was asked for.
type Source struct {
	View     kiosk.View
	From, To kiosk.Day // both zero for all time
	Class    string
	Today    kiosk.Day
	Loc      *time.Location
	Year     kiosk.SchoolYear // that the period lies in, or today
	School   kiosk.School
	Of       Choice   // the paper that the sheet is of; a zero one when there is none
	Packed   []string // of a pack: the names of its sheets
	// Read is told now and then how many lines were read so far, of all parts and
	// each time anew: who waits sees that it goes on. nil for nobody.
	Read func(lines int)

	*cache
	read     int                                  // lines, for Read
	sheet    string                               // its name: what was closed of it is found by it
	firsts   []kiosk.FirstLoan                    // of the time, what firstLoan has read
	replayed map[kiosk.PaperPart]kiosk.Projection // what replay has counted from the events
	// loans of a span of instants are kept where several registers are looked through
	// one after the other; nil, and each reads its own.
	loans map[[2]int64][]kiosk.LoanItem
}

// cache is what was read and counted, for all parts of a sheet and, in a pack, for all its
// sheets of one time.
type cache struct {
	stock      *stock
	present    *[2]counts // what hereAndGone has counted
	activities map[[2]kiosk.Day]*activity
	came       map[[2]kiosk.Day]*comers
	members    map[kiosk.Day]map[kiosk.ID]kiosk.Member
	refs       map[kiosk.ID]kiosk.ID
	targets    *kiosk.TargetsRead
}

func newCache() *cache { return &cache{members: map[kiosk.Day]map[kiosk.ID]kiosk.Member{}} }

// Share has s use what o has read and counted, when both are of one view, time and
// class: half of what a pack takes would be counting the same again.
func (s *Source) Share(o *Source) {
	if s.View == o.View && s.From == o.From && s.To == o.To && s.Year.ID == o.Year.ID && s.Class == o.Class && s.Today == o.Today {
		s.cache = o.cache
	}
}

// loansIn gives the loans of a time, the oldest first.
func (s *Source) loansIn(from, to time.Time, fn func(kiosk.LoanItem) error) error {
	if s.loans == nil {
		return s.View.LoansIn(from, to, fn)
	}
	span := [2]int64{from.Unix(), to.Unix()}
	all, kept := s.loans[span]
	if !kept {
		err := s.View.LoansIn(from, to, func(l kiosk.LoanItem) error { all = append(all, l); return nil })
		if err != nil {
			return err
		}
		s.loans[span] = all
	}
	for _, l := range all {
		if err := fn(l); err != nil {
			return err
		}
	}
	return nil
}

// Trouble is what is wrong with what was asked for.
type Trouble string

// The troubles.
const (
	Backwards    Trouble = "backwards"     // it ends before it begins
	TwoYears     Trouble = "two_years"     // it spans two school years
	InFuture     Trouble = "in_future"     // it begins after today
	NoTime       Trouble = "no_time"       // the sheet is of no time
	NoClass      Trouble = "no_class"      // the sheet is of no class
	UnknownClass Trouble = "unknown_class" // there is no such class in that year
	NoPaper      Trouble = "no_paper"      // the sheet has no paper of that name
	NotPacked    Trouble = "not_packed"    // a sheet that cannot be in a pack
	NotOfPapers  Trouble = "not_of_papers" // the sheet is one, not one of several
)

// AskError says what is wrong with what was asked for.
type AskError struct {
	Trouble  Trouble
	From, To kiosk.Day
	Class    string
	Of       string
	Years    [2]string // with TwoYears: their names
}

func (e *AskError) Error() string { return "asked for: " + string(e.Trouble) }

// Open prepares what a sheet is made from. What cannot be given is an AskError.
func Open(v kiosk.View, s *Sheet, a Ask, now time.Time) (*Source, error) {
	site, err := v.Site()
	if err != nil {
		return nil, err
	}
	src := &Source{View: v, Class: a.Class, sheet: s.Name, cache: newCache()}
	if src.Loc, err = site.Location(); err != nil {
		return nil, err
	}
	src.Today = kiosk.DayOf(now, src.Loc)
	if src.School, err = kiosk.SchoolOf(v); err != nil {
		return nil, err
	}
	if err := src.period(s, a); err != nil {
		return nil, err
	}
	if s.Pack {
		if src.Packed, err = packed(a.Sheets); err != nil {
			return nil, err
		}
	}
	if s.Which != nil {
		all, err := s.Which(v)
		if err != nil {
			return nil, err
		}
		if src.Of, err = chosen(all, a.Of); err != nil {
			return nil, err
		}
	} else if a.Of != "" {
		return nil, &AskError{Trouble: NotOfPapers, Of: a.Of}
	}
	if a.Class == "" {
		return src, nil
	}
	if !s.Class {
		return nil, &AskError{Trouble: NoClass, Class: a.Class}
	}
	classes, err := v.Classes(src.Year.ID)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(classes, func(c kiosk.Class) bool { return c.Name == a.Class }) {
		return nil, &AskError{Trouble: UnknownClass, Class: a.Class}
	}
	return src, nil
}

// period fills From, To and Year.
func (s *Source) period(sheet *Sheet, a Ask) (err error) {
	wrong := func(t Trouble) error { return &AskError{Trouble: t, From: a.From, To: a.To} }
	yearOf := func(d kiosk.Day) (kiosk.SchoolYear, error) {
		r, err := s.View.Rules(d)
		return r.Year, err
	}
	if sheet.Period == NoPeriod && (!a.From.IsZero() || !a.To.IsZero()) {
		return wrong(NoTime)
	}
	switch {
	case !a.From.IsZero() && !a.To.IsZero() && a.To.Before(a.From):
		return wrong(Backwards)
	case a.From.After(s.Today) || a.From.IsZero() && a.To.After(s.Today):
		return wrong(InFuture)
	}
	at := cmp.Or(a.From, a.To, s.Today)
	if s.Year, err = yearOf(at); err != nil {
		return err
	}
	if a.From.IsZero() && a.To.IsZero() && (sheet.Period == AllTime || sheet.Period == NoPeriod) {
		return nil
	}
	s.From, s.To = a.From, a.To
	if s.From.IsZero() && s.To.IsZero() {
		s.From, s.To = s.usual(sheet.Period)
	}
	if s.From.IsZero() {
		s.From = s.Year.Start
	}
	if s.To.IsZero() {
		s.To = s.Year.End
	}
	if s.To.After(s.Today) {
		s.To = s.Today
	}
	last, err := yearOf(s.To)
	if err != nil {
		return err
	}
	if last.Name != s.Year.Name {
		return &AskError{Trouble: TwoYears, From: a.From, To: a.To, Years: [2]string{s.Year.Name, last.Name}}
	}
	return nil
}

// usual is the time of a sheet when nobody says another.
func (s *Source) usual(p Period) (from, to kiosk.Day) {
	d := s.Today
	switch p {
	case OneDay:
		return d, d
	case OneWeek:
		from = d.Add(-(int(d.Weekday()) + 6) % 7)
		return later(from, s.Year.Start), d
	case OneMonth:
		return later(kiosk.Day{Year: d.Year, Month: d.Month, Day: 1}, s.Year.Start), d
	case Semester:
		if d.Before(s.Year.Semester2) {
			return s.Year.Start, d
		}
		return s.Year.Semester2, d
	}
	return s.Year.Start, d
}

func later(a, b kiosk.Day) kiosk.Day {
	if a.Before(b) {
		return b
	}
	return a
}

// In reports whether a day lies in what was asked for.
func (s *Source) In(d kiosk.Day) bool {
	return s.From.IsZero() || !d.Before(s.From) && !d.After(s.To)
}

// Bounds are the first instant of the period, and the first after it.
func (s *Source) Bounds() (from, to time.Time) {
	if s.From.IsZero() {
		return time.Time{}, s.Today.Add(1).At(0, 0, s.Loc)
	}
	return s.From.At(0, 0, s.Loc), s.To.Add(1).At(0, 0, s.Loc)
}

// Days calls fn with each day of the period.
func (s *Source) Days(fn func(kiosk.Day)) {
	if s.From.IsZero() {
		return
	}
	for d := s.From; !d.After(s.To); d = d.Add(1) {
		fn(d)
	}
}

// DayOf is the school's day of an instant.
func (s *Source) DayOf(t time.Time) kiosk.Day { return kiosk.DayOf(t, s.Loc) }

// Who is the patron behind a reference, of this year or an old one, with the
// class of the period's school year. The second value is false when the name was
// taken off.
func (s *Source) Who(ref kiosk.ID) (kiosk.Member, bool, error) {
	if s.refs == nil {
		var err error
		if s.refs, err = s.View.Refs(); err != nil {
			return kiosk.Member{}, false, err
		}
	}
	on := s.To
	if on.IsZero() {
		on = s.Today
	}
	of, err := s.Members(on)
	if err != nil {
		return kiosk.Member{}, false, err
	}
	m, ok := of[s.refs[ref]]
	return m, ok, nil
}

// Members are all patrons by their id, with their classes on a day.
func (s *Source) Members(on kiosk.Day) (map[kiosk.ID]kiosk.Member, error) {
	if of, ok := s.members[on]; ok {
		return of, nil
	}
	of := map[kiosk.ID]kiosk.Member{}
	err := s.View.EachMember(on, func(m kiosk.Member) error {
		of[m.ID] = m
		return nil
	})
	s.members[on] = of
	return of, err
}

// ErrNoSheet says that no sheet has a name.
var ErrNoSheet = errors.New("no such register or report")
