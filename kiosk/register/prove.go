package register

import "muontra/kiosk"

// Second ways of counting the sums of the reports: by the ledger's own counts, or across
// where the lines count along.

// proveLoansOfClasses is what the ledger counts, less what those outside the classes
// did.
func (s *Source) proveLoansOfClasses(a *activity) (map[string]int64, error) {
	loans, _, onsite, err := s.counted(s.From, s.To)
	if err != nil {
		return nil, err
	}
	pupils, err := s.enrolled()
	if err != nil {
		return nil, err
	}
	for _, p := range a.people {
		if a.classes[p.member.Class] == nil {
			loans -= int64(p.loans)
			onsite -= int64(p.onsite)
		}
	}
	came, err := s.comersOf(s.From, s.To)
	if err != nil {
		return nil, err
	}
	all := map[string]int64{"pupils": pupils, "home_loans": loans, "onsite_short": onsite - int64(a.nobodys), "came": 0, "borrowers": 0}
	for id, x := range came.all {
		if a.classes[came.members[id].Class] == nil {
			continue
		}
		all["came"]++
		if x.Loans > 0 {
			all["borrowers"]++
		}
	}
	return all, nil
}

// enrolled counts the pupils who are in a class at the end of the time.
func (s *Source) enrolled() (n int64, err error) {
	err = s.eachEnrolled(func(kiosk.Member) { n++ })
	return n, err
}

func (s *Source) eachEnrolled(fn func(kiosk.Member)) error {
	return s.View.EachMember(s.To, func(m kiosk.Member) error {
		if m.Class != "" && m.Category == kiosk.Pupil && m.Status != kiosk.PatronLeft {
			fn(m)
		}
		return nil
	})
}

// proveFigures counts the lines of the reports' figures anew.
func (s *Source) proveFigures() (map[string]int64, error) {
	p, err := s.proveUse(s.From, s.To)
	if err != nil {
		return nil, err
	}
	n := s.To.Sub(s.From) + 1
	if from := s.From.Add(-n); !from.Before(s.Year.Start) {
		before, err := s.proveUse(from, s.From.Add(-1))
		if err != nil {
			return nil, err
		}
		for key, n := range before {
			p[key+" before"] = n
		}
	}
	p["open"], p["late"] = 0, 0
	if p["new_copies"], err = s.proveNew(); err != nil {
		return nil, err
	}
	if err := s.View.EachLoan(true, func(l kiosk.Loan) error {
		p["open"]++
		if l.DueOn.Before(s.Today) {
			p["late"]++
		}
		return nil
	}); err != nil {
		return nil, err
	}
	p["gifts"], p["lost"], err = s.giftsAndGone()
	return p, err
}

// proveUse counts who came in a time and what they did.
func (s *Source) proveUse(from, to kiosk.Day) (map[string]int64, error) {
	c, err := s.comersOf(from, to)
	if err != nil {
		return nil, err
	}
	p := c.figures()
	p["loans"], p["returns"], p["onsite"], err = s.counted(from, to)
	return p, err
}

// proveNew counts what the receipts of the time say, the copies without a receipt by the
// first event that tells of them, and the textbooks without labels.
func (s *Source) proveNew() (n int64, err error) {
	rs, err := s.View.Receipts(false)
	if err != nil {
		return 0, err
	}
	for _, r := range rs {
		if !s.In(r.Date) {
			continue
		}
		lines, err := s.View.ReceiptLines(r.ID)
		if err != nil {
			return 0, err
		}
		for _, l := range lines {
			n += int64(l.Quantity)
		}
	}
	arrived, err := s.View.Arrivals()
	if err != nil {
		return 0, err
	}
	seen := map[kiosk.ID]bool{}
	for _, a := range arrived {
		seen[a.CopyID] = true
	}
	st, err := s.Stock()
	if err != nil {
		return 0, err
	}
	if err := s.View.StockMoves(func(m kiosk.StockMove) error {
		if x := st.of[m.CopyID]; x != nil && !x.Never && !seen[m.CopyID] && s.In(s.DayOf(m.At)) {
			n++
		}
		seen[m.CopyID] = true
		return nil
	}); err != nil {
		return 0, err
	}
	lines, err := s.View.TextbookLines()
	for _, l := range lines {
		if s.In(l.Received) {
			n += int64(l.Quantity)
		}
	}
	return n, err
}

// giftsAndGone counts the copies that receipts say were given in the time, and those
// that the moves of the stock took out of it.
func (s *Source) giftsAndGone() (gifts, gone int64, err error) {
	rs, err := s.View.Receipts(false)
	if err != nil {
		return 0, 0, err
	}
	for _, r := range rs {
		if r.Source != kiosk.Donation || !s.In(r.Date) {
			continue
		}
		lines, err := s.View.ReceiptLines(r.ID)
		if err != nil {
			return 0, 0, err
		}
		for _, l := range lines {
			gifts += int64(l.Quantity)
		}
	}
	st, err := s.Stock()
	if err != nil {
		return 0, 0, err
	}
	out := map[kiosk.ID]kiosk.Day{}
	err = s.View.StockMoves(func(m kiosk.StockMove) error {
		switch _, was := out[m.CopyID]; {
		case m.Status != kiosk.CopyWithdrawn:
			delete(out, m.CopyID)
		case !was:
			out[m.CopyID] = s.DayOf(m.At)
		}
		return nil
	})
	for id, day := range out {
		if x := st.of[id]; x != nil && !x.Never && s.In(day) {
			gone++
		}
	}
	return gifts, gone, err
}

// proveSector counts the lines of the sector's figures anew: people as they are
// enrolled, the stock by its present state where the time ends today.
func (s *Source) proveSector() (map[string]int64, error) {
	p, err := s.proveFigures()
	if err != nil {
		return nil, err
	}
	classes, err := s.View.Classes(s.Year.ID)
	if err != nil {
		return nil, err
	}
	p["classes"] = int64(len(classes))
	p["teachers"] = 0
	if err := s.View.EachMember(s.To, func(m kiosk.Member) error {
		if m.Category == kiosk.Teacher && m.Status != kiosk.PatronLeft {
			p["teachers"]++
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if p["pupils"], err = s.enrolled(); err != nil {
		return p, err
	}
	if p["titles"], err = s.titlesHere(); err != nil || s.To != s.Today {
		return p, err
	}
	here, _, err := s.hereAndGone()
	for key, n := range map[string]int{"copies": here.Copies, "textbooks": here.Textbook, "professional": here.Professional, "reference": here.Reference, "children": here.Children, "serials": here.Serials} {
		p[key] = int64(n)
	}
	p["value"] = here.Money
	return p, err
}

// titlesHere counts the titles of which a book is in stock.
func (s *Source) titlesHere() (int64, error) {
	of, err := s.titlesBy(func(i kiosk.Item) string {
		if booked(i.Kind) {
			return "books"
		}
		return ""
	})
	return of["books"], err
}

// titlesBy counts the titles that are in stock by what a copy is counted under, "" for
// nothing: each once there, by the copies' present state.
func (s *Source) titlesBy(under func(kiosk.Item) string) (map[string]int64, error) {
	of, seen := map[string]int64{}, map[[2]string]bool{}
	add := func(i kiosk.Item) error {
		key := under(i)
		if id := [2]string{key, string(i.TitleID)}; key != "" && i.State.Status != kiosk.CopyWithdrawn && !seen[id] {
			seen[id] = true
			of[key]++
		}
		return nil
	}
	if err := s.View.EachItem(add); err != nil {
		return nil, err
	}
	lines, err := s.View.TextbookLines()
	for _, l := range lines {
		if l.Quantity > 0 {
			_ = add(kiosk.Item{Copy: kiosk.Copy{TitleID: l.TitleID, Kind: kiosk.Textbook}})
		}
	}
	return of, err
}

// proveGiftMoney adds up the prices of the copies that came by gifts of the time.
func (s *Source) proveGiftMoney(in func(kiosk.Day) bool) (int64, error) {
	arrived, err := s.View.Arrivals()
	if err != nil {
		return 0, err
	}
	rs, err := s.View.Receipts(false)
	if err != nil {
		return 0, err
	}
	given := map[kiosk.ID]bool{}
	for _, r := range rs {
		given[r.ID] = r.Source == kiosk.Donation && in(r.Date)
	}
	of, waits := map[kiosk.ID]bool{}, map[kiosk.ID]bool{}
	for _, a := range arrived {
		of[a.CopyID], waits[a.CopyID] = given[a.ReceiptID], a.Registered.IsZero()
	}
	money := int64(0)
	err = s.View.EachItem(func(i kiosk.Item) error {
		if of[i.ID] && !(waits[i.ID] && i.State.Status == kiosk.CopyWithdrawn) {
			money += i.Price
		}
		return nil
	})
	return money, err
}
