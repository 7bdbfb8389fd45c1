package register

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// The reports of a time: one page each, with pictures. The week's is that of the
// Friday service (seed R168).
var (
	dayReport      = report("day", OneDay)
	weekReport     = report("week", OneWeek)
	monthReport    = report("month", OneMonth)
	semesterReport = report("semester", Semester)
	yearReport     = report("year", Year)
)

const topTitles = 8

func report(name string, p Period) *Sheet {
	s := &Sheet{Name: name, Report: true, Period: p, Signs: []string{"librarian", "head"}}
	s.Parts = func(src *Source) ([]Part, error) {
		a, err := src.Activity(src.From, src.To)
		if err != nil {
			return nil, err
		}
		parts := []Part{
			{Key: "figures", NoNumbers: true, Columns: []Column{{Key: "figure", Kind: Text, Width: 58}, {Key: "count", Kind: Number, Width: 18, Zero: true}, {Key: "before", Kind: Number, Width: 18, Zero: true}}, Lines: func(yield func(Line) error) error { return src.figures(a, yield) }, ProofOf: src.proveFigures},
			{Key: "classes", NoNumbers: true, Columns: []Column{
				{Key: "class", Kind: Code, Width: 14}, {Key: "pupils", Kind: Number, Width: 15, Sum: true}, {Key: "came", Kind: Number, Width: 15, Sum: true}, {Key: "borrowers", Kind: Number, Width: 17, Sum: true}, {Key: "percent", Kind: Code, Width: 13}, {Key: "home_loans", Kind: Number, Width: 17, Sum: true}, {Key: "onsite_short", Kind: Number, Width: 16, Sum: true},
			}, Lines: func(yield func(Line) error) error { return a.classLines(yield) }, Proof: func() (map[string]int64, error) { return src.proveLoansOfClasses(a) }},
			{Key: "titles", Columns: []Column{{Key: "book", Kind: Text, Width: 70}, {Key: "home_loans", Kind: Number, Width: 17}}, Lines: func(yield func(Line) error) error { return a.titleLines(yield) }, ProofOf: src.proveTitles},
		}
		if name != "day" {
			parts = append(parts, Part{Key: "times", NoNumbers: true, Columns: []Column{{Key: "time", Kind: Code, Width: 26}, {Key: "reader_visits", Kind: Number, Width: 18, Sum: true}, {Key: "home_loans", Kind: Number, Width: 18, Sum: true}, {Key: "returns", Kind: Number, Width: 18, Sum: true}, {Key: "onsite_short", Kind: Number, Width: 18, Sum: true}},
				Lines: func(yield func(Line) error) error { return src.timeLines(a, yield) },
				Proof: src.proveTimes})
		}
		return parts, nil
	}
	s.Plots = func(src *Source) ([]Plot, error) {
		a, err := src.Activity(src.From, src.To)
		if err != nil {
			return nil, err
		}
		var plots []Plot
		if name != "day" {
			p := Plot{Key: "times", Series: []Series{{Key: "home_loans"}, {Key: "returns"}}}
			for _, t := range src.times(a) {
				p.Labels = append(p.Labels, t.label)
				p.Series[0].Values = append(p.Series[0].Values, int64(t.loans))
				p.Series[1].Values = append(p.Series[1].Values, int64(t.returns))
			}
			plots = append(plots, p)
		}
		c := Plot{Key: "classes", Series: []Series{{Key: "home_loans"}}}
		for _, x := range a.classesInOrder() {
			c.Labels = append(c.Labels, x.class.Name)
			c.Series[0].Values = append(c.Series[0].Values, int64(x.loans))
		}
		return append(plots, c), nil
	}
	return s
}

// figures are the counts of the time, beside those of as many days before it within
// the school year. Visitors, readers and home borrowers are three figures (seed I9).
func (s *Source) figures(a *activity, yield func(Line) error) error {
	n := s.To.Sub(s.From) + 1
	before := newDayCount()
	has := false
	if from := s.From.Add(-n); !from.Before(s.Year.Start) {
		b, err := s.Activity(from, s.From.Add(-1))
		if err != nil {
			return err
		}
		before, has = b.all, true
	}
	people := func(d *dayCount) (pupils, grown int) {
		grown, _ = d.readersOf()
		return len(d.readers) - grown, grown
	}
	home := func(d *dayCount) (n int) {
		for id := range d.borrower {
			if isPupil(d.readers[id]) {
				n++
			}
		}
		return n
	}
	pupils, grown := people(&a.all)
	pupilsBefore, grownBefore := people(&before)
	come, gift, lost, err := s.newcomers()
	if err != nil {
		return err
	}
	open, late := 0, 0
	loans, err := s.View.OpenLoans()
	if err != nil {
		return err
	}
	for _, l := range loans {
		open++
		if l.Overdue(s.Today) {
			late++
		}
	}
	row := func(key string, now, was int, compared bool) error {
		l := Line{Key: key, Cells: []any{W("reg.figure." + key), now, nil}}
		if compared && has {
			l.Cells[2] = was
		}
		return yield(l)
	}
	for _, r := range []struct {
		key      string
		now, was int
		compared bool
	}{
		{"pupils_came", pupils, pupilsBefore, true}, {"grown_came", grown, grownBefore, true}, {"pupils_borrowed", home(&a.all), home(&before), true},
		{"loans", a.all.Loans, before.Loans, true}, {"returns", a.all.Returns, before.Returns, true}, {"onsite", a.all.onsite, before.onsite, true},
		{"open", open, 0, false}, {"late", late, 0, false}, {"new_copies", come, 0, false}, {"gifts", gift, 0, false}, {"lost", lost, 0, false},
	} {
		if err := row(r.key, r.now, r.was, r.compared); err != nil {
			return err
		}
	}
	return nil
}

// newcomers counts the copies that came in the time, those given, and those that were
// taken out of the stock.
func (s *Source) newcomers() (come, gift, gone int, err error) {
	st, err := s.Stock()
	if err != nil {
		return 0, 0, 0, err
	}
	for _, x := range st.items {
		if !x.Never && s.In(x.Came) {
			come++
			if st.receipts[x.Receipt].Source == kiosk.Donation && x.Receipt != "" {
				gift++
			}
		}
		if !x.Never && !x.Gone.IsZero() && s.In(x.Gone) {
			gone++
		}
	}
	for _, l := range st.lines { // textbooks without labels came too
		if s.In(l.Received) {
			come += l.Quantity
		}
	}
	return come, gift, gone, nil
}

func (a *activity) classesInOrder() []*classCount {
	var all []*classCount
	for _, c := range a.classes {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *classCount) int {
		return cmp.Or(cmp.Compare(a.class.Grade, b.class.Grade), cmp.Compare(fold.Order(a.class.Name), fold.Order(b.class.Name)))
	})
	return all
}

// percent is a share, rounded to the nearest whole.
func percent(n, of int) any {
	if of == 0 {
		return nil
	}
	return fmt.Sprintf("%d%%", (n*200+of)/(2*of))
}

func (a *activity) classLines(yield func(Line) error) error {
	for _, c := range a.classesInOrder() {
		if err := yield(Line{Key: c.class.Name, Cells: []any{c.class.Name, c.pupils, len(c.readers), len(c.borrowers), percent(len(c.borrowers), c.pupils), c.loans, c.onsite}}); err != nil {
			return err
		}
	}
	return nil
}

func (a *activity) titleLines(yield func(Line) error) error {
	var all []*titleCount
	for _, t := range a.titles {
		all = append(all, t)
	}
	keys := orders{}
	slices.SortFunc(all, func(a, b *titleCount) int {
		return cmp.Or(cmp.Compare(b.loans, a.loans), keys.compare(a.title, b.title), cmp.Compare(a.title.ID, b.title.ID))
	})
	for _, t := range all[:min(len(all), topTitles)] {
		if err := yield(Line{Key: string(t.title.ID), Cells: []any{authorTitle(t.title), t.loans}}); err != nil {
			return err
		}
	}
	return nil
}

// timeCount is a day, a week or a month of a report.
type timeCount struct {
	label                           any
	from                            kiosk.Day
	visits, loans, returns, onsites int
}

// times are the days of up to a fortnight, the weeks of up to ten, the months of more.
func (s *Source) times(a *activity) []*timeCount {
	var all []*timeCount
	n := s.To.Sub(s.From) + 1
	s.Days(func(d kiosk.Day) {
		var from kiosk.Day
		var label any
		switch {
		case n <= 14:
			from, label = d, fmt.Sprintf("%02d/%02d", d.Day, int(d.Month))
		case n <= 70:
			from = d.Add(-(int(d.Weekday()) + 6) % 7)
			label = fmt.Sprintf("%02d/%02d", from.Day, int(from.Month))
		default:
			from = kiosk.Day{Year: d.Year, Month: d.Month, Day: 1}
			label = fmt.Sprintf("%d/%d", int(d.Month), d.Year)
		}
		if len(all) == 0 || all[len(all)-1].from != from {
			all = append(all, &timeCount{label: label, from: from})
		}
		if c := a.days[d]; c != nil {
			t := all[len(all)-1]
			t.visits, t.loans, t.returns, t.onsites = t.visits+len(c.readers), t.loans+c.Loans, t.returns+c.Returns, t.onsites+c.onsite
		}
	})
	return all
}

func (s *Source) timeLines(a *activity, yield func(Line) error) error {
	for _, t := range s.times(a) {
		if err := yield(Line{Key: t.from.String(), Cells: []any{t.label, t.visits, t.loans, t.returns, t.onsites}}); err != nil {
			return err
		}
	}
	return nil
}

// overdue lists what is out too long, by class and name, for the staff.
var overdue = &Sheet{
	Name: "overdue", Report: true, Period: NoPeriod, Class: true, Names: true, Signs: []string{"librarian"},
	Parts: func(s *Source) ([]Part, error) {
		return []Part{{Columns: []Column{
			{Key: "group", Kind: Code, Width: 18}, {Key: "name", Kind: Text, Width: 44}, {Key: "book", Kind: Text, Width: 66}, {Key: "accession", Kind: Code, Width: 22}, {Key: "due", Kind: Day, Width: 24}, {Key: "days_late", Kind: Number, Width: 16},
		}, Lines: s.overdueLines}}, nil
	},
}

func (s *Source) overdueLines(yield func(Line) error) error {
	loans, err := s.View.OpenLoans()
	if err != nil {
		return err
	}
	type row struct {
		kiosk.LoanItem
		m     kiosk.Member
		known bool
	}
	var all []row
	for _, l := range loans {
		if !l.Overdue(s.Today) {
			continue
		}
		m, known, err := s.Who(l.PatronRef)
		if err != nil {
			return err
		}
		if s.Class == "" || m.Class == s.Class {
			all = append(all, row{l, m, known})
		}
	}
	outside := func(m kiosk.Member) int { return strings.Compare(m.Class, "") }
	slices.SortStableFunc(all, func(a, b row) int {
		return cmp.Or(cmp.Compare(outside(b.m), outside(a.m)), cmp.Compare(a.m.Grade, b.m.Grade), cmp.Compare(fold.Order(a.m.Class), fold.Order(b.m.Class)), cmp.Compare(fold.NameOrder(a.m.Name), fold.NameOrder(b.m.Name)), cmp.Compare(a.DueOn.String(), b.DueOn.String()))
	})
	for _, r := range all {
		l := s.loanLine(r.LoanItem, r.m, r.known)
		if err := yield(Line{Key: l.Key, Cells: []any{l.Cells[2], l.Cells[1], l.Cells[4], l.Cells[3], r.DueOn, s.Today.Sub(r.DueOn)}}); err != nil {
			return err
		}
	}
	return nil
}

// topReaders ranks pupils, for the staff alone; topClasses ranks classes by loans a
// pupil, for the wall: it names nobody (seed R109).
var (
	topReaders = &Sheet{
		Name: "ranking-readers", Report: true, Period: Year, Class: true, Names: true, Signs: []string{"librarian"},
		Parts: func(s *Source) ([]Part, error) {
			return []Part{{Columns: []Column{{Key: "name", Kind: Text, Width: 70}, {Key: "class", Kind: Code, Width: 24}, {Key: "home_loans", Kind: Number, Width: 26}, {Key: "onsite_short", Kind: Number, Width: 26}}, Lines: s.readerRanks, ProofOf: s.proveReaders}}, nil
		},
	}
	topClasses = &Sheet{
		Name: "ranking-classes", Report: true, Period: Year, Signs: []string{"librarian"},
		Parts: func(s *Source) ([]Part, error) {
			return []Part{{Columns: []Column{{Key: "class", Kind: Code, Width: 26}, {Key: "pupils", Kind: Number, Width: 24}, {Key: "home_loans", Kind: Number, Width: 26}, {Key: "per_pupil", Kind: Code, Width: 26}, {Key: "borrowers", Kind: Number, Width: 26}, {Key: "percent", Kind: Code, Width: 22}}, Lines: s.classRanks, ProofOf: s.proveClasses}}, nil
		},
		Plots: func(s *Source) ([]Plot, error) {
			a, err := s.Activity(s.From, s.To)
			if err != nil {
				return nil, err
			}
			p := Plot{Key: "ranks", Series: []Series{{Key: "home_loans"}}}
			for _, c := range a.ranked() {
				p.Labels = append(p.Labels, c.class.Name)
				p.Series[0].Values = append(p.Series[0].Values, int64(c.loans))
			}
			return []Plot{p}, nil
		},
	}
)

// mostRanked is how many readers are ranked.
const mostRanked = 50

func (s *Source) readerRanks(yield func(Line) error) error {
	a, err := s.Activity(s.From, s.To)
	if err != nil {
		return err
	}
	var all []*personCount
	for _, p := range a.people {
		if p.member.Category == kiosk.Pupil && p.member.ID != "" && (s.Class == "" || p.member.Class == s.Class) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b *personCount) int {
		return cmp.Or(cmp.Compare(b.loans, a.loans), cmp.Compare(b.onsite, a.onsite), cmp.Compare(fold.NameOrder(a.member.Name), fold.NameOrder(b.member.Name)), cmp.Compare(a.member.ID, b.member.ID))
	})
	for _, p := range all[:min(len(all), mostRanked)] {
		if err := yield(Line{Key: string(p.member.ID), Cells: []any{p.member.Name, p.member.Class, p.loans, p.onsite}}); err != nil {
			return err
		}
	}
	return nil
}

func (a *activity) ranked() []*classCount {
	all := a.classesInOrder()
	slices.SortStableFunc(all, func(a, b *classCount) int {
		return cmp.Compare(b.loans*max(a.pupils, 1), a.loans*max(b.pupils, 1))
	})
	return all
}

func (s *Source) classRanks(yield func(Line) error) error {
	a, err := s.Activity(s.From, s.To)
	if err != nil {
		return err
	}
	for _, c := range a.ranked() {
		var each any
		if c.pupils > 0 {
			tenths := (c.loans*20 + c.pupils) / (2 * c.pupils)
			each = Tenths(tenths)
		}
		if err := yield(Line{Key: c.class.Name, Cells: []any{c.class.Name, c.pupils, c.loans, each, len(c.borrowers), percent(len(c.borrowers), c.pupils)}}); err != nil {
			return err
		}
	}
	return nil
}
