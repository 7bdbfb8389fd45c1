package register

import (
	"time"

	"muontra/kiosk"
)

// What the events alone leave of the paperwork: the registers' sums are counted from
// it a second time, so that a row that says something else than what happened is
// seen on the page and not printed as right.

// replay applies the events of a part of the paperwork.
func (s *Source) replay(part kiosk.PaperPart) (kiosk.Projection, error) {
	if p, had := s.replayed[part]; had {
		return p, nil
	}
	p := kiosk.NewProjection()
	err := s.View.PaperEvents(part, func(e kiosk.Event) error {
		switch part {
		case kiosk.PaperCorner:
			p.Corner.Apply(e.Payload.Corner)
		case kiosk.PaperStock:
			p.Stock.Apply(e.Payload.Stock)
		case kiosk.PaperRecords:
			p.Records.Apply(e)
		}
		return nil
	})
	if s.replayed == nil {
		s.replayed = map[kiosk.PaperPart]kiosk.Projection{}
	}
	if err == nil {
		s.replayed[part] = p
	}
	return p, err
}

// proveHandovers counts the books that went into the boxes.
func (s *Source) proveHandovers() (map[string]int64, error) {
	p, err := s.replay(kiosk.PaperCorner)
	n := int64(0)
	for _, c := range p.Corner.Copies {
		d := p.Corner.Deposits[c.Deposit]
		if _, of := p.Corner.Corners[d.Place]; of && c.End != kiosk.BoxUndone && !d.Undone && !d.Handed.IsZero() && s.In(s.DayOf(d.Handed)) {
			n++
		}
	}
	return map[string]int64{"copies": n}, err
}

// proveCornerUse counts the readings that were noted, and the loans of the time that
// corners made among all loans.
func (s *Source) proveCornerUse() (map[string]int64, error) {
	p, err := s.replay(kiosk.PaperCorner)
	if err != nil {
		return nil, err
	}
	sums := map[string]int64{"readings": 0, "readers_counted": 0, "lent_there": 0}
	for _, r := range p.Corner.Readings {
		if _, of := p.Corner.Corners[r.Place]; of && !r.Removed && s.In(r.Day) {
			sums["readings"] += int64(r.Count)
			sums["readers_counted"] += int64(r.Readers)
		}
	}
	from, to := s.Bounds()
	return sums, s.View.LoansIn(from, to, func(l kiosk.LoanItem) error {
		if _, of := p.Corner.Corners[l.Corner]; of && l.End != kiosk.LoanUndone {
			sums["lent_there"]++
		}
		return nil
	})
}

func (s *Source) proveOwnBooks() (map[string]int64, error) {
	p, err := s.replay(kiosk.PaperCorner)
	n := int64(0)
	for _, o := range p.Corner.Own {
		if s.In(o.Since) {
			n += int64(o.Quantity)
		}
	}
	return map[string]int64{"copies": n}, err
}

// proveRotations counts what was planned, and the books that left their boxes for the
// next corner, one by one.
func (s *Source) proveRotations() (map[string]int64, error) {
	p, err := s.replay(kiosk.PaperCorner)
	sums := map[string]int64{"copies_planned": 0, "copies_moved": 0, "copies_in": 0}
	moved := map[kiosk.ID]bool{}       // boxes that a move of the time emptied
	filled := map[kiosk.ID]time.Time{} // and that it filled, with when
	for _, r := range p.Corner.Rotations {
		for _, m := range r.Moves {
			day := r.Day
			if !m.Done.IsZero() {
				day = s.DayOf(m.Done)
			}
			if r.Undone || !s.In(day) {
				continue
			}
			sums["copies_planned"] += int64(m.Copies)
			for _, d := range m.Deposits {
				moved[d] = moved[d] || !m.Done.IsZero()
			}
			if !m.Done.IsZero() && m.Deposit != "" {
				filled[m.Deposit] = m.Done
			}
		}
	}
	for _, c := range p.Corner.Copies {
		if moved[c.Deposit] && c.End == kiosk.BoxRotated {
			sums["copies_moved"]++
		}
		if at, is := filled[c.Deposit]; is && !c.Since.After(at) {
			sums["copies_in"]++
		}
	}
	return sums, err
}

// proveIntroductions counts who was reached.
func (s *Source) proveIntroductions() (map[string]int64, error) {
	p, err := s.replay(kiosk.PaperRecords)
	n := int64(0)
	for _, a := range p.Records.Activities {
		if a.Counts(kiosk.Introduction, s.From, s.To) {
			n += int64(a.People)
		}
	}
	return map[string]int64{"people": n}, err
}

// proveSerials counts what came and what did not.
func (s *Source) proveSerials() (map[string]int64, error) {
	p, err := s.replay(kiosk.PaperStock)
	sums := map[string]int64{"copies": 0, "missing": 0, "money": 0}
	for _, i := range p.Stock.Issues {
		sub := p.Stock.Subscriptions[i.SubscriptionID]
		if i.Status == kiosk.IssueDropped || sub.Removed || !s.In(i.Expected) {
			continue
		}
		sums["copies"] += int64(i.Count)
		sums["money"] += int64(i.Count) * sub.Price
		if i.Status != kiosk.IssueExpected || i.Expected.Before(s.Today) {
			sums["missing"] += int64(i.Missing(sub))
		}
	}
	return sums, err
}

// answers are a round's answers to the survey as the events have them.
func (s *Source) answers(round int) ([]kiosk.Survey, error) {
	p, err := s.replay(kiosk.PaperRecords)
	if err != nil {
		return nil, err
	}
	classes, err := s.View.Classes(s.Year.ID)
	of := map[kiosk.ID]bool{}
	for _, c := range classes {
		of[c.ID] = true
	}
	var all []kiosk.Survey
	for _, x := range p.Records.Surveys {
		if of[x.Class] && x.Round == round && !x.Removed && s.In(x.Day) {
			all = append(all, x)
		}
	}
	return all, err
}

// proveWithdrawn counts what the events put on the list.
func (s *Source) proveWithdrawn() (copies, money int64, err error) {
	if s.Of.ID == "" {
		return 0, 0, nil
	}
	p, err := s.replay(kiosk.PaperRecords)
	for _, i := range p.Records.Withdrawals[s.Of.ID].Items {
		copies++
		money += i.Price
	}
	return copies, money, err
}

// proveProposal counts what the events ask for.
func (s *Source) proveProposal() (map[string]int64, error) {
	if s.Of.ID == "" {
		return nil, nil
	}
	p, err := s.replay(kiosk.PaperRecords)
	sums := map[string]int64{"quantity": 0, "money": 0}
	for _, l := range p.Records.Proposals[s.Of.ID].Lines {
		sums["quantity"] += int64(l.Quantity)
		sums["money"] += int64(l.Quantity) * l.Price
	}
	return sums, err
}
