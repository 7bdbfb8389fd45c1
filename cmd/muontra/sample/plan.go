package sample

import (
	"fmt"

	"muontra/kiosk"
)

// How much of what happens only now and then is in the history.
const (
	forgetfulPupils = 9
	forgetfulAdults = 2
	lostCopies      = 3
	withdrawnCopies = 4
	mendedCopies    = 2
	cornerCopies    = 6 // taken to each class corner
)

// plan puts what must be in every sample, whatever chance does, on certain days
// of lending, counted from the last so that it is recent whatever today is.
func (s *simulation) plan(lending []kiosk.Day) {
	ago := func(n int, do func() error) {
		d := lending[max(0, len(lending)-n)]
		s.plans[d] = append(s.plans[d], do)
	}
	// Who was not in the first grade last year was here whenever the day falls.
	var pupils, grown []*reader
	for _, r := range s.readers {
		switch {
		case r.grade >= 2:
			pupils = append(pupils, r)
		case !r.pupil():
			grown = append(grown, r)
		}
	}
	// Pupils apart from each other, so that no class has many of the cases.
	pick := func(i int) *reader { return pupils[(17+i*41)%len(pupils)] }

	for i := range forgetfulPupils {
		ago(15+i, func() error { return s.keep(pick(i)) })
	}
	for i := range forgetfulAdults {
		ago(45+5*i, func() error { return s.keep(grown[len(grown)-3-4*i]) })
	}
	for i := range lostCopies {
		ago(20+15*i, s.lose)
	}
	for i := range withdrawnCopies {
		ago(30+i, func() error { return s.change("story", kiosk.CopyWithdrawn, kiosk.ConditionDamaged, "rách nát") })
	}
	for i := range mendedCopies {
		ago(6+3*i, func() error { return s.change("story", kiosk.CopyInRepair, kiosk.ConditionWorn, "dán lại bìa") })
	}
	replaced, blocked := pick(forgetfulPupils), pick(forgetfulPupils+1)
	ago(30, func() error { return s.replaceCard(replaced) })
	ago(10, func() error { return s.loseCard(blocked) })
	ago(4, s.survey)
	s.paperwork(ago)
	s.plans[lending[10]] = append(s.plans[lending[10]], s.corners)
	for i := range cornerDays {
		ago(2+3*i, s.cornerDay)
	}
}

// keep lends to a reader who does not come again and so is overdue by today.
func (s *simulation) keep(r *reader) error {
	if _, err := s.enter(r.card); err != nil {
		return err
	}
	for len(r.loans) > 0 {
		if err := s.giveBack(r, r.loans[0]); err != nil {
			return err
		}
	}
	for range 2 {
		if err := s.borrow(r, s.story()); err != nil {
			return err
		}
	}
	r.gone = true
	return nil
}

// story is a story book on the shelf, a favourite rather than another.
func (s *simulation) story() *book {
	for _, k := range s.shelf["story"] {
		if !k.out && !k.away && s.chance(0.05) {
			return k
		}
	}
	return nil
}

// lose is a pupil's report of a book that is gone; the loan ends with it.
func (s *simulation) lose() error {
	for _, r := range s.readers {
		if r.gone || !r.pupil() || len(r.loans) == 0 || s.chance(0.7) {
			continue
		}
		l := r.loans[0]
		if err := s.changeCopy(l.book, kiosk.CopyChange{Status: kiosk.CopyLost}, "học sinh báo mất"); err != nil {
			return err
		}
		r.drop(l)
		return nil
	}
	// Nobody has a book: one is missing from the shelf.
	return s.change("story", kiosk.CopyLost, "", "không thấy trên kệ")
}

// change takes a copy off the shelf.
func (s *simulation) change(shelf string, status kiosk.CopyStatus, c kiosk.Condition, why string) error {
	all := s.shelf[shelf]
	for {
		k := all[s.rng.IntN(len(all))]
		if !k.out && !k.away {
			k.out = true
			return s.changeCopy(k, kiosk.CopyChange{Status: status, Condition: c}, why)
		}
	}
}

func (s *simulation) changeCopy(k *book, c kiosk.CopyChange, why string) error {
	a := s.now(k.barcode, kiosk.KindCopy)
	a.Comment = why
	if _, err := s.desk.Change(s.ctx, a, k.id, c); err != nil {
		return fmt.Errorf("change %s: %w", k.barcode, err)
	}
	return nil
}

// replaceCard gives the reader a new card; the old one is tried once more.
func (s *simulation) replaceCard(r *reader) error {
	old := r.card
	if err := s.endCard(r, kiosk.CardExpired); err != nil {
		return err
	}
	if err := s.putCard(r, s.clock); err != nil {
		return err
	}
	_, err := s.enter(old)
	return err
}

// loseCard is a card reported lost; somebody finds it and tries it.
func (s *simulation) loseCard(r *reader) error {
	for len(r.loans) > 0 {
		if err := s.giveBack(r, r.loans[0]); err != nil {
			return err
		}
	}
	r.gone = true
	if err := s.endCard(r, kiosk.CardLost); err != nil {
		return err
	}
	_, err := s.enter(r.card)
	return err
}

func (s *simulation) endCard(r *reader, to kiosk.CardStatus) error {
	m, err := s.tx.MemberByCard(r.card, s.day.Day)
	if err != nil {
		return fmt.Errorf("card %s: %w", r.card, err)
	}
	m.Card.Status = to
	return s.tx.PutCard(m.Card)
}
