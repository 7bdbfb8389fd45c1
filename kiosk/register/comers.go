package register

import (
	"time"

	"muontra/kiosk"
)

// comers are those who came in a time as the ledger counts them, by patron: a second way of
// counting the readers beside [activity], which reads what they did line by line.
type comers struct {
	days    []map[kiosk.ID]kiosk.Came
	all     map[kiosk.ID]kiosk.Came
	members map[kiosk.ID]kiosk.Member
}

// comersOf counts a time, both days included, once for all parts that ask for it.
func (s *Source) comersOf(from, to kiosk.Day) (*comers, error) {
	span := [2]kiosk.Day{from, to}
	if c := s.came[span]; c != nil {
		return c, nil
	}
	var instants []time.Time
	for d := from; !d.After(to.Add(1)); d = d.Add(1) {
		instants = append(instants, d.At(0, 0, s.Loc))
	}
	days, err := s.View.Comers(instants)
	if err != nil {
		return nil, err
	}
	c := &comers{all: map[kiosk.ID]kiosk.Came{}, members: map[kiosk.ID]kiosk.Member{}}
	for _, refs := range days {
		day := map[kiosk.ID]kiosk.Came{}
		for ref, x := range refs {
			id, m, err := s.person(ref)
			if err != nil {
				return nil, err
			}
			c.members[id] = m
			addCame(day, id, x) // one may have come by this year's reference and by last year's
			addCame(c.all, id, x)
		}
		c.days = append(c.days, day)
	}
	if s.came == nil {
		s.came = map[[2]kiosk.Day]*comers{}
	}
	s.came[span] = c
	return c, nil
}

func addCame(of map[kiosk.ID]kiosk.Came, id kiosk.ID, x kiosk.Came) {
	was := of[id]
	of[id] = kiosk.Came{Loans: was.Loans + x.Loans, OnSite: was.OnSite + x.OnSite}
}

// figures are who came, and which pupils took something home, each once in the time.
func (c *comers) figures() map[string]int64 {
	p := map[string]int64{"pupils_came": 0, "grown_came": 0, "pupils_borrowed": 0}
	for id, x := range c.all {
		switch {
		case !isPupil(c.members[id]):
			p["grown_came"]++
		case x.Loans > 0:
			p["pupils_borrowed"]++
			fallthrough
		default:
			p["pupils_came"]++
		}
	}
	return p
}

// visits counts everybody once on each day.
func (c *comers) visits() (n int64) {
	for _, day := range c.days {
		n += int64(len(day))
	}
	return n
}

// counted are the loans, the returns and the copies read here, as the ledger counts them.
func (s *Source) counted(from, to kiosk.Day) (loans, returns, onsite int64, err error) {
	first, last := from.At(0, 0, s.Loc), to.Add(1).At(0, 0, s.Loc)
	l, r, err := s.View.LoanCounts(first, last)
	if err != nil {
		return 0, 0, 0, err
	}
	err = s.View.VisitsIn(first, last, func(x kiosk.Visit) error {
		if x.Type == kiosk.EventUsedOnSite {
			onsite++
		}
		return nil
	})
	return int64(l), int64(r), onsite, err
}

// proveJournal counts the readers day by day and the loans by kind, as the ledger has them.
func (s *Source) proveJournal(grades []int) (map[string]int64, error) {
	c, err := s.comersOf(s.From, s.To)
	if err != nil {
		return nil, err
	}
	p := map[string]int64{"grown": 0, "outside": 0, "readers": c.visits(), "textbook": 0, "professional": 0, "reference": 0, "children": 0, "serials": 0, "other": 0}
	of := map[int]string{}
	for _, g := range grades {
		of[g] = gradeKey(g)
		p[of[g]] = 0
	}
	for _, day := range c.days {
		for id := range day {
			m := c.members[id]
			switch key, in := of[m.Grade]; {
			case !isPupil(m):
				p["grown"]++
			case in:
				p[key]++
			default:
				p["outside"]++
			}
		}
	}
	tallies, err := s.View.Tallies(s.Bounds())
	if err != nil {
		return nil, err
	}
	for _, t := range tallies {
		key := string(t.Kind)
		switch t.Kind {
		case kiosk.Textbook, kiosk.Professional, kiosk.Reference, kiosk.Children:
		case kiosk.SerialIssue:
			key = "serials"
		default:
			key = "other"
		}
		p[key] += int64(t.Loans)
	}
	p["loans"], p["returns"], p["onsite"], err = s.counted(s.From, s.To)
	return p, err
}

// proveTitles are the loans of each title.
func (s *Source) proveTitles() (map[string]int64, error) {
	tallies, err := s.View.Tallies(s.Bounds())
	p := map[string]int64{}
	for _, t := range tallies {
		p[string(t.TitleID)] += int64(t.Loans)
	}
	return p, err
}

// proveTimes are the columns of the report's days, weeks and months.
func (s *Source) proveTimes() (map[string]int64, error) {
	c, err := s.comersOf(s.From, s.To)
	if err != nil {
		return nil, err
	}
	p := map[string]int64{"reader_visits": c.visits()}
	p["home_loans"], p["returns"], p["onsite_short"], err = s.counted(s.From, s.To)
	return p, err
}

// proveReaders are what each reader took home and read here.
func (s *Source) proveReaders() (map[string]int64, error) {
	c, err := s.comersOf(s.From, s.To)
	if err != nil {
		return nil, err
	}
	p := map[string]int64{}
	for id := range c.members {
		p[string(id)], p[string(id)+" onsite_short"] = int64(c.all[id].Loans), int64(c.all[id].OnSite)
	}
	return p, nil
}

// proveClasses are each class's pupils, loans and borrowers.
func (s *Source) proveClasses() (map[string]int64, error) {
	p := map[string]int64{}
	classes, err := s.View.Classes(s.Year.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range classes {
		p[c.Name], p[c.Name+" home_loans"], p[c.Name+" borrowers"] = 0, 0, 0
	}
	if err := s.eachEnrolled(func(m kiosk.Member) { p[m.Class]++ }); err != nil {
		return nil, err
	}
	c, err := s.comersOf(s.From, s.To)
	if err != nil {
		return nil, err
	}
	for id, x := range c.all {
		if class := c.members[id].Class; x.Loans > 0 {
			p[class+" home_loans"] += int64(x.Loans)
			p[class+" borrowers"]++
		}
	}
	return p, nil
}
