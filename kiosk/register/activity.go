package register

import (
	"slices"
	"strconv"

	"muontra/kiosk"
)

// activity is what happened in a time, by day and in all.
type activity struct {
	days    map[kiosk.Day]*dayCount
	all     dayCount
	classes map[string]*classCount // by name
	titles  map[kiosk.ID]*titleCount
	people  map[kiosk.ID]*personCount // by patron
	nobodys int                       // copies read here while nobody was signed in
}

// dayCount counts a day, or a longer time. Readers are people, each once.
type dayCount struct {
	readers  map[kiosk.ID]kiosk.Member // whoever came, by patron; those whose names are gone, by reference
	loans    map[kiosk.Kind]int        // taken home
	returns  map[kiosk.Kind]int
	onsite   int
	sessions int
	borrower map[kiosk.ID]bool // whoever took something home
	Loans    int
	Returns  int
}

type classCount struct {
	class     kiosk.Class
	pupils    int
	readers   map[kiosk.ID]bool
	borrowers map[kiosk.ID]bool
	loans     int
	onsite    int
}

type titleCount struct {
	title kiosk.Title
	loans int
}

type personCount struct {
	member        kiosk.Member
	loans, onsite int
}

func newDayCount() dayCount {
	return dayCount{readers: map[kiosk.ID]kiosk.Member{}, loans: map[kiosk.Kind]int{}, returns: map[kiosk.Kind]int{}, borrower: map[kiosk.ID]bool{}}
}

// Activity counts a time, both days included, once for all parts that ask for it.
func (s *Source) Activity(from, to kiosk.Day) (*activity, error) {
	span := [2]kiosk.Day{from, to}
	if a := s.activities[span]; a != nil {
		return a, nil
	}
	a, err := s.count(from, to)
	if err != nil {
		return nil, err
	}
	if s.activities == nil {
		s.activities = map[[2]kiosk.Day]*activity{}
	}
	s.activities[span] = a
	return a, nil
}

func (s *Source) count(from, to kiosk.Day) (*activity, error) {
	a := &activity{days: map[kiosk.Day]*dayCount{}, all: newDayCount(), classes: map[string]*classCount{}, titles: map[kiosk.ID]*titleCount{}, people: map[kiosk.ID]*personCount{}}
	classes, err := s.View.Classes(s.Year.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range classes {
		a.classes[c.Name] = &classCount{class: c, readers: map[kiosk.ID]bool{}, borrowers: map[kiosk.ID]bool{}}
	}
	members, err := s.Members(to)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if c := a.classes[m.Class]; c != nil && m.Category == kiosk.Pupil && m.Status != kiosk.PatronLeft {
			c.pupils++
		}
	}
	first, last := from.At(0, 0, s.Loc), to.Add(1).At(0, 0, s.Loc)
	err = s.loansIn(first, last, func(l kiosk.LoanItem) error {
		if l.End == kiosk.LoanUndone {
			return nil
		}
		id, m, err := s.person(l.PatronRef)
		if err != nil {
			return err
		}
		for _, d := range a.on(s.DayOf(l.CheckedOutAt)) {
			d.readers[id], d.borrower[id] = m, true
			d.loans[l.Item.Kind]++
			d.Loans++
		}
		t := a.titles[l.Item.TitleID]
		if t == nil {
			t = &titleCount{title: l.Item.Title}
			a.titles[l.Item.TitleID] = t
		}
		t.loans++
		a.person(id, m).loans++
		if c := a.classes[m.Class]; c != nil {
			c.readers[id], c.borrowers[id] = true, true
			c.loans++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = s.View.ReturnsIn(first, last, func(l kiosk.Loan, k kiosk.Kind) error {
		id, m, err := s.person(l.PatronRef)
		if err != nil {
			return err
		}
		for _, d := range a.on(s.DayOf(l.ReturnedAt)) {
			d.readers[id] = m
			d.returns[k]++
			d.Returns++
		}
		if c := a.classes[m.Class]; c != nil {
			c.readers[id] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return a, s.View.VisitsIn(first, last, func(x kiosk.Visit) error {
		var id kiosk.ID
		var m kiosk.Member
		if x.PatronRef != "" {
			var err error
			if id, m, err = s.person(x.PatronRef); err != nil {
				return err
			}
		}
		for _, d := range a.on(s.DayOf(x.At)) {
			if id != "" {
				d.readers[id] = m
			}
			if x.Type == kiosk.EventUsedOnSite {
				d.onsite++
			} else {
				d.sessions++
			}
		}
		if id == "" {
			if x.Type == kiosk.EventUsedOnSite {
				a.nobodys++
			}
			return nil
		}
		c := a.classes[m.Class]
		if c != nil {
			c.readers[id] = true
		}
		if x.Type == kiosk.EventUsedOnSite {
			a.person(id, m).onsite++
			if c != nil {
				c.onsite++
			}
		}
		return nil
	})
}

// on are the counts that something of a day goes into.
func (a *activity) on(d kiosk.Day) [2]*dayCount {
	c := a.days[d]
	if c == nil {
		n := newDayCount()
		c = &n
		a.days[d] = c
	}
	return [2]*dayCount{c, &a.all}
}

func (a *activity) person(id kiosk.ID, m kiosk.Member) *personCount {
	p := a.people[id]
	if p == nil {
		p = &personCount{member: m}
		a.people[id] = p
	}
	return p
}

// person is who is behind a reference; whose name was taken off is counted by the
// reference, as a pupil outside classes.
func (s *Source) person(ref kiosk.ID) (kiosk.ID, kiosk.Member, error) {
	m, known, err := s.Who(ref)
	if err != nil || known {
		return m.ID, m, err
	}
	return ref, kiosk.Member{Patron: kiosk.Patron{Category: kiosk.Pupil}}, nil
}

// readersOf counts the readers: teachers and other grown-ups, and pupils by grade;
// grade 0 is those outside classes.
func (d *dayCount) readersOf() (grown int, grades map[int]int) {
	grades = map[int]int{}
	for _, m := range d.readers {
		if isPupil(m) {
			grades[m.Grade]++
		} else {
			grown++
		}
	}
	return grown, grades
}

func (d *dayCount) otherLoans() int {
	n := d.Loans
	for _, k := range []kiosk.Kind{kiosk.Textbook, kiosk.Professional, kiosk.Reference, kiosk.Children, kiosk.SerialIssue} {
		n -= d.loans[k]
	}
	return n
}

// grades of the classes of the year, at least 1 to 5.
func (s *Source) grades() ([]int, error) {
	all := []int{1, 2, 3, 4, 5}
	classes, err := s.View.Classes(s.Year.ID)
	for _, c := range classes {
		if c.Grade > 0 && !slices.Contains(all, c.Grade) {
			all = append(all, c.Grade)
		}
	}
	slices.Sort(all)
	return all, err
}

// journal is the library's daily journal (sổ nhật ký thư viện): a day a line, with
// the sum of each month.
var journal = &Sheet{
	Name: "journal", Wide: true, Period: Year, Signs: []string{"librarian", "head"},
	First: (*Source).firstHappening,
	Parts: func(s *Source) ([]Part, error) {
		grades, err := s.grades()
		if err != nil {
			return nil, err
		}
		n := func(key, group string, w float64) Column {
			return Column{Key: key, Group: group, Kind: Number, Width: w, Sum: true}
		}
		cols := []Column{{Key: "date", Kind: Day, Width: 22}, n("grown", "readers", 13)}
		for _, g := range grades {
			c := n(gradeKey(g), "readers", 11)
			c.Label = strconv.Itoa(g)
			cols = append(cols, c)
		}
		cols = append(cols, n("outside", "readers", 12), n("readers", "readers", 14), n("onsite", "", 18),
			n("textbook", "lent", 12), n("professional", "lent", 12), n("reference", "lent", 12), n("children", "lent", 13), n("serials", "lent", 12), n("other", "lent", 12), n("loans", "lent", 14),
			n("returns", "", 14), Column{Key: "note", Kind: Text, Width: 32})
		return []Part{{Columns: cols, NoNumbers: true,
			Lines: func(yield func(Line) error) error { return s.journalLines(grades, yield) },
			Proof: func() (map[string]int64, error) { return s.proveJournal(grades) }}}, nil
	},
}

// gradeKey is the key of a grade's column.
func gradeKey(g int) string { return "grade " + strconv.Itoa(g) }

func (s *Source) journalLines(grades []int, yield func(Line) error) error {
	a, err := s.Activity(s.From, s.To)
	if err != nil {
		return err
	}
	work, err := s.workOf()
	if err != nil {
		return err
	}
	month := newMonth(len(grades) + 12)
	var failed error
	s.Days(func(d kiosk.Day) {
		if failed != nil {
			return
		}
		if month.day.Month != d.Month && !month.day.IsZero() {
			if failed = month.yield(yield); failed != nil {
				return
			}
			month = newMonth(len(grades) + 12)
		}
		month.day = d
		c, done := a.days[d], work[d]
		switch {
		case c == nil && len(done) == 0:
			return
		case c == nil: // nobody came, and something was done
			none := newDayCount()
			c = &none
		}
		grown, of := c.readersOf()
		cells := []any{d, grown}
		rest := 0
		for g, n := range of {
			if !slices.Contains(grades, g) {
				rest += n
			}
		}
		for _, g := range grades {
			cells = append(cells, of[g])
		}
		cells = append(cells, rest, len(c.readers), c.onsite, c.loans[kiosk.Textbook], c.loans[kiosk.Professional], c.loans[kiosk.Reference], c.loans[kiosk.Children], c.loans[kiosk.SerialIssue], c.otherLoans(), c.Loans, c.Returns, done)
		month.add(cells)
		failed = yield(Line{Key: d.String(), Day: d, Cells: cells})
	})
	if failed != nil {
		return failed
	}
	return month.yield(yield)
}

// workOf is what was done on each day of the time, counted by what it was: the journal's
// notes of work. Lines of the plan have a book of their own.
func (s *Source) workOf() (map[kiosk.Day]Words, error) {
	all, err := s.View.Activities(s.From, s.To)
	if err != nil {
		return nil, err
	}
	count := map[kiosk.Day]map[kiosk.ActivityKind]int{}
	for _, x := range all {
		if x.Kind != kiosk.PlanItem && x.Counts(x.Kind, s.From, s.To) {
			if count[x.Day] == nil {
				count[x.Day] = map[kiosk.ActivityKind]int{}
			}
			count[x.Day][x.Kind]++
		}
	}
	of := map[kiosk.Day]Words{}
	for day, kinds := range count {
		for _, k := range kiosk.ActivityKinds {
			if n := kinds[k]; n > 0 {
				of[day] = append(of[day], W("reg.work", "what", W("activity.kind."+string(k)), "n", n))
			}
		}
	}
	return of, nil
}

// monthSum is the sum of a month among the days.
type monthSum struct {
	day  kiosk.Day
	sums []int64
	some bool
}

func newMonth(n int) *monthSum { return &monthSum{sums: make([]int64, n)} }

func (m *monthSum) add(cells []any) {
	m.some = true
	for i := range m.sums {
		if i+1 < len(cells) {
			m.sums[i] += whole(cells[i+1])
		}
	}
}

func (m *monthSum) yield(yield func(Line) error) error {
	if !m.some {
		return nil
	}
	cells := []any{W("reg.month_sum", "month", int(m.day.Month))}
	for _, n := range m.sums {
		cells = append(cells, n)
	}
	cells = append(cells, nil)
	return yield(Line{Key: "month " + m.day.String()[:7], Day: m.day, Mark: Bold, Aside: true, Cells: cells})
}
