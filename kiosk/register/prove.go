package register

import "muontra/kiosk"

// Second ways of counting the sums of the reports: by the ledger's own counts, or across
// where the lines count along.

// proveLoansOfClasses is what the ledger counts, less what those outside the classes
// did.
func (s *Source) proveLoansOfClasses(a *activity) (map[string]int64, error) {
	from, to := s.Bounds()
	loans, _, err := s.View.LoanCounts(from, to)
	if err != nil {
		return nil, err
	}
	onsite, err := s.readHere()
	if err != nil {
		return nil, err
	}
	pupils, err := s.enrolled()
	for _, p := range a.people {
		if a.classes[p.member.Class] == nil {
			loans -= p.loans
			onsite -= p.onsite
		}
	}
	return map[string]int64{"pupils": pupils, "home_loans": int64(loans), "onsite_short": int64(onsite) - int64(a.nobodys)}, err
}

// readHere counts the copies that were read in the library.
func (s *Source) readHere() (n int, err error) {
	from, to := s.Bounds()
	err = s.View.VisitsIn(from, to, func(x kiosk.Visit) error {
		if x.Type == kiosk.EventUsedOnSite {
			n++
		}
		return nil
	})
	return n, err
}

// enrolled counts the pupils who are in a class at the end of the time.
func (s *Source) enrolled() (n int64, err error) {
	err = s.View.EachMember(s.To, func(m kiosk.Member) error {
		if m.Class != "" && m.Category == kiosk.Pupil && m.Status != kiosk.PatronLeft {
			n++
		}
		return nil
	})
	return n, err
}

// proveFigures counts the lines of the reports' figures anew.
func (s *Source) proveFigures() (map[string]int64, error) {
	j, err := s.proveJournal()
	if err != nil {
		return nil, err
	}
	onsite, err := s.readHere()
	if err != nil {
		return nil, err
	}
	p := map[string]int64{"loans": j["loans"], "returns": j["returns"], "onsite": int64(onsite), "open": 0, "late": 0}
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
	for _, key := range []string{"returns", "open", "late"} {
		delete(p, key)
	}
	classes, err := s.View.Classes(s.Year.ID)
	if err != nil {
		return nil, err
	}
	p["classes"] = int64(len(classes))
	if p["pupils"], err = s.enrolled(); err != nil || s.To != s.Today {
		return p, err
	}
	here, _, err := s.hereAndGone()
	for key, n := range map[string]int{"copies": here.Copies, "textbooks": here.Textbook, "professional": here.Professional, "reference": here.Reference, "children": here.Children, "serials": here.Serials} {
		p[key] = int64(n)
	}
	p["value"] = here.Money
	return p, err
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
