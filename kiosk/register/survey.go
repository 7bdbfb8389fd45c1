package register

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// survey is the register of the textbook survey (sổ điều tra sách giáo khoa): what the
// classes answered in each round, and what the newest round lacks against the
// library's stock (seed R17, R70, R150, R197, R219).
var survey = &Sheet{
	Name: "textbook-survey", Wide: true, Period: Year, Signs: []string{"librarian", "head"},
	Parts: func(s *Source) ([]Part, error) {
		n := func(key, group string, w float64) Column {
			return Column{Key: key, Group: group, Kind: Number, Width: w, Sum: true}
		}
		classes := []Column{
			{Key: "class", Kind: Code, Width: 16}, {Key: "surveyed", Kind: Day, Width: 24}, n("pupils", "", 16), n("full", "have_all", 20), {Key: "full_percent", Group: "have_all", Kind: Code, Width: 16}, n("notebooks", "have_all", 20), n("tools", "have_all", 22),
			n("wanted", "survey_books", 18), n("own", "survey_books", 18), n("from_library", "survey_books", 20), n("lacking", "survey_books", 18), {Key: "note", Kind: Text, Width: 50},
		}
		var parts []Part
		for _, round := range kiosk.Rounds {
			parts = append(parts, Part{Key: fmt.Sprint("round", round), Columns: classes,
				Lines: func(yield func(Line) error) error { return s.surveyLines(round, yield) },
				Proof: func() (map[string]int64, error) { return s.proveSurvey(round) }})
		}
		return append(parts, Part{Key: "needs", Columns: []Column{
			{Key: "author_title", Kind: Text, Width: 76}, n("wanted", "survey_books", 18), n("own", "survey_books", 18), n("from_library", "survey_books", 20), n("lacking", "survey_books", 18),
			n("stock", "survey_stock", 18), n("free", "survey_stock", 18), n("to_buy", "", 18), {Key: "price", Kind: Money, Width: 22}, {Key: "money", Kind: Money, Width: 28, Sum: true},
		}, Lines: s.needLines, Proof: s.proveNeeds}), nil
	},
}

// surveysOf are a round's surveys with their classes, by grade and name; classes that
// did not answer have no survey.
func (s *Source) surveysOf(round int) (classes []kiosk.Class, of map[kiosk.ID]kiosk.Survey, err error) {
	all, err := s.View.Surveys(s.Year.ID)
	if err != nil {
		return nil, nil, err
	}
	of = map[kiosk.ID]kiosk.Survey{}
	for _, x := range all {
		if x.Round == round && s.In(x.Day) {
			of[x.Class] = x
		}
	}
	if classes, err = s.View.Classes(s.Year.ID); err != nil {
		return nil, nil, err
	}
	slices.SortFunc(classes, func(a, b kiosk.Class) int {
		return cmp.Or(cmp.Compare(a.Grade, b.Grade), cmp.Compare(fold.Order(a.Name), fold.Order(b.Name)))
	})
	return classes, of, nil
}

func (s *Source) surveyLines(round int, yield func(Line) error) error {
	classes, of, err := s.surveysOf(round)
	if err != nil || len(of) == 0 {
		return err
	}
	for _, c := range classes {
		x, answered := of[c.ID]
		if !answered {
			if err := yield(Line{Key: string(c.ID), Day: s.To, Cells: []any{c.Name, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, W("reg.not_surveyed")}}); err != nil {
				return err
			}
			continue
		}
		own, lent := 0, 0
		for _, l := range x.Lines {
			own, lent = own+l.Own, lent+l.Lent
		}
		if err := yield(Line{Key: string(c.ID), Day: x.Day, Cells: []any{c.Name, x.Day, x.Pupils, x.Full, percent(x.Full, x.Pupils), x.Notebooks, x.Tools, x.Pupils * len(x.Lines), own, lent, x.Lacking(), x.Note}}); err != nil {
			return err
		}
	}
	return nil
}

// proveSurvey counts a round title by title where the lines count class by class; the
// pupils by what the events say.
func (s *Source) proveSurvey(round int) (map[string]int64, error) {
	needs, err := s.needs(round)
	p := map[string]int64{"wanted": 0, "own": 0, "from_library": 0, "lacking": 0}
	for _, n := range needs {
		p["wanted"] += int64(n.wanted)
		p["own"] += int64(n.own)
		p["from_library"] += int64(n.lent)
		p["lacking"] += int64(n.wanted - n.own - n.lent)
	}
	if err != nil {
		return nil, err
	}
	answers, err := s.answers(round)
	for _, key := range []string{"pupils", "full", "notebooks", "tools"} {
		p[key] = 0
	}
	for _, x := range answers {
		p["pupils"] += int64(x.Pupils)
		p["full"] += int64(x.Full)
		p["notebooks"] += int64(x.Notebooks)
		p["tools"] += int64(x.Tools)
	}
	return p, err
}

// need is what the classes say of one textbook, with what the library has of it.
type need struct {
	title             kiosk.Title
	wanted, own, lent int
	stock, free       int
	price             int64
}

func (n *need) lacking() int { return n.wanted - n.own - n.lent }

// buy is how many are lacking beyond what lies free in the library.
func (n *need) buy() int { return max(0, n.lacking()-n.free) }

// needs are a round's textbooks by grade and title.
func (s *Source) needs(round int) ([]*need, error) {
	_, of, err := s.surveysOf(round)
	if err != nil {
		return nil, err
	}
	by := map[kiosk.ID]*need{}
	var all []*need
	for _, x := range of {
		for _, l := range x.Lines {
			n := by[l.Title]
			if n == nil {
				title, err := s.View.Title(l.Title)
				if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
					return nil, err
				}
				n = &need{title: title, price: title.Price}
				by[l.Title] = n
				all = append(all, n)
			}
			n.wanted += x.Pupils
			n.own += l.Own
			n.lent += l.Lent
		}
	}
	keys := orders{}
	slices.SortFunc(all, func(a, b *need) int {
		return cmp.Or(cmp.Compare(a.title.Grade, b.title.Grade), keys.compare(a.title, b.title), cmp.Compare(a.title.ID, b.title.ID))
	})
	return all, s.holdings(by)
}

// holdings adds what the library has of the textbooks: in all, and free to be given
// out now.
func (s *Source) holdings(by map[kiosk.ID]*need) error {
	if len(by) == 0 {
		return nil
	}
	st, err := s.Stock()
	if err != nil {
		return err
	}
	for _, l := range st.lines {
		if n := by[l.TitleID]; n != nil {
			n.stock += l.Quantity - l.Lost
			n.free += l.Shelf()
			n.price = cmp.Or(n.price, l.Price)
		}
	}
	out := map[kiosk.ID]bool{}
	loans, err := s.View.OpenLoans()
	if err != nil {
		return err
	}
	for _, l := range loans {
		out[l.CopyID] = true
	}
	for _, x := range st.items {
		n := by[x.TitleID]
		if n == nil || !x.Gone.IsZero() || x.State.Status == kiosk.CopyLost {
			continue
		}
		n.stock++
		n.price = cmp.Or(n.price, x.Price)
		if x.State.Status == kiosk.CopyAvailable && !out[x.ID] {
			n.free++
		}
	}
	return nil
}

// newestRound is the last round that a class has answered, 1 before the first answer.
func (s *Source) newestRound() (int, error) {
	all, err := s.View.Surveys(s.Year.ID)
	newest := 1
	for _, x := range all {
		if s.In(x.Day) {
			newest = max(newest, x.Round)
		}
	}
	return newest, err
}

func (s *Source) needLines(yield func(Line) error) error {
	round, err := s.newestRound()
	if err != nil {
		return err
	}
	needs, err := s.needs(round)
	if err != nil {
		return err
	}
	grade := -1
	for _, n := range needs {
		l := Line{Key: string(n.title.ID), Day: s.To, Cells: []any{authorTitle(n.title), n.wanted, n.own, n.lent, n.lacking(), n.stock, n.free, n.buy(), n.price, int64(n.buy()) * n.price}}
		if n.title.Grade != grade {
			l.Head, grade = W("reg.grade_round", "grade", n.title.Grade, "round", round), n.title.Grade
			if grade == 0 {
				l.Head = W("reg.any_grade_round", "round", round)
			}
		}
		if err := yield(l); err != nil {
			return err
		}
	}
	return nil
}

// proveNeeds counts class by class, as the events have it, where the lines count title by
// title.
func (s *Source) proveNeeds() (map[string]int64, error) {
	round, err := s.newestRound()
	if err != nil {
		return nil, err
	}
	answers, err := s.answers(round)
	if err != nil {
		return nil, err
	}
	p := map[string]int64{"wanted": 0, "own": 0, "from_library": 0, "lacking": 0, "stock": 0, "free": 0, "to_buy": 0, "money": 0}
	lacks := map[kiosk.ID]int{}
	for _, x := range answers {
		p["wanted"] += int64(x.Pupils * len(x.Lines))
		p["lacking"] += int64(x.Lacking())
		for _, l := range x.Lines {
			p["own"] += int64(l.Own)
			p["from_library"] += int64(l.Lent)
			lacks[l.Title] += x.Pupils - l.Own - l.Lent
		}
	}
	return p, s.proveHoldings(lacks, p)
}

// proveHoldings counts what the library has of titles by the copies' present state and by
// whether each is on loan, and what is left to buy of what is lacking.
func (s *Source) proveHoldings(lacks map[kiosk.ID]int, p map[string]int64) error {
	free, price := map[kiosk.ID]int{}, map[kiosk.ID]int64{}
	for id := range lacks {
		t, err := s.View.Title(id)
		if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return err
		}
		price[id] = t.Price
	}
	lines, err := s.View.TextbookLines()
	if err != nil {
		return err
	}
	for _, l := range lines {
		if _, asked := lacks[l.TitleID]; asked {
			p["stock"] += int64(l.Quantity - l.Lost)
			free[l.TitleID] += l.Shelf()
			price[l.TitleID] = cmp.Or(price[l.TitleID], l.Price)
		}
	}
	out := map[kiosk.ID]bool{}
	if err := s.View.EachLoan(true, func(l kiosk.Loan) error { out[l.CopyID] = true; return nil }); err != nil {
		return err
	}
	if err := s.View.EachItem(func(i kiosk.Item) error {
		_, asked := lacks[i.TitleID]
		switch status := i.State.Status; {
		case !asked || status == kiosk.CopyWithdrawn || status == kiosk.CopyLost:
			return nil
		case status == kiosk.CopyAvailable && !out[i.ID]:
			free[i.TitleID]++
		}
		p["stock"]++
		price[i.TitleID] = cmp.Or(price[i.TitleID], i.Price)
		return nil
	}); err != nil {
		return err
	}
	for id, n := range lacks {
		p["free"] += int64(free[id])
		buy := int64(max(0, n-free[id]))
		p["to_buy"] += buy
		p["money"] += buy * price[id]
	}
	return nil
}

// Lacked is a textbook that the newest survey lacks beyond what lies free.
type Lacked struct {
	Title  kiosk.Title
	Copies int // to buy
	Price  int64
}

// Lacking are the textbooks to buy by this year's newest survey.
func Lacking(v kiosk.View, now time.Time) ([]Lacked, error) {
	s, err := Open(v, survey, Ask{}, now)
	if err != nil {
		return nil, err
	}
	round, err := s.newestRound()
	if err != nil {
		return nil, err
	}
	needs, err := s.needs(round)
	var all []Lacked
	for _, n := range needs {
		if n.buy() > 0 {
			all = append(all, Lacked{n.title, n.buy(), n.price})
		}
	}
	return all, err
}
