package sample

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"muontra/kiosk"
)

// visit is one reader at the station: card, what is brought back, what is taken.
func (s *simulation) visit(r *reader) error {
	a, err := s.enter(r.card)
	if err != nil {
		return err
	}
	if a.Result.Outcome != kiosk.SessionOpened {
		return nil
	}
	// Now and then a child comes without the book at home and asks for another;
	// more so when it is late, since a book that can be found comes in time.
	had, forgets := len(r.loans), 0.03
	if s.late(r) {
		forgets = 0.2
	}
	empty := s.day.lends && r.pupil() && had > 0 && s.chance(forgets)
	if !empty {
		if err := s.bring(r); err != nil {
			return err
		}
	}
	if s.chance(0.012) {
		if err := s.strange(r); err != nil {
			return err
		}
	}
	if r.pupil() && s.chance(0.06) {
		if err := s.readHere(r); err != nil {
			return err
		}
	}
	again := 0.15 + 0.6*s.rate() // who brought all back may want no more
	if !s.day.lends || s.late(r) && !empty || len(r.loans) == 0 && had > 0 && !s.chance(again) {
		return nil
	}
	return s.take(r)
}

// late reports whether the reader has something overdue.
func (s *simulation) late(r *reader) bool {
	return slices.ContainsFunc(r.loans, func(l *lent) bool { return s.day.After(l.due) })
}

// bring returns or renews what the reader has at home.
func (s *simulation) bring(r *reader) error {
	for _, l := range slices.Clone(r.loans) {
		var p float64 // of bringing it back
		left := l.due.Sub(s.day.Day)
		switch {
		case s.day.close:
			p = 1
		case !s.day.lends:
			p = 0.8
		case r.pupil() && (left <= 0 || s.day.Sub(l.since) >= 4):
			p = 0.97
		case r.pupil():
			p = 0.1
		case left < 0:
			p = 0.3 // teachers keep books long
		case left < 7:
			p = 0.6
		default:
			p = 0.05
		}
		switch {
		case s.chance(p):
			if err := s.giveBack(r, l); err != nil {
				return err
			}
		case s.day.lends && !l.renewed && left >= 0 && left <= 4 && s.chance(0.5):
			if err := s.renew(r, l); err != nil {
				return err
			}
		}
	}
	return nil
}

// take borrows for the reader, sometimes one more than the house allows.
func (s *simulation) take(r *reader) error {
	want := 1
	if s.chance(0.35) {
		want++
	}
	most := 2
	if !r.pupil() {
		most = 5
	}
	for len(r.loans) < most && want > 0 {
		want--
		if err := s.borrow(r, s.choose(r)); err != nil {
			return err
		}
	}
	if r.pupil() && len(r.loans) >= most && s.chance(0.05) {
		return s.borrow(r, s.choose(r))
	}
	return nil
}

// choose picks a copy from the shelf, a favourite rather than another; nil when
// there is none to be had.
func (s *simulation) choose(r *reader) *book {
	kind := "story"
	switch n := s.rng.IntN(20); {
	case r.pupil() && n < 5:
		kind = "reference"
	case r.pupil() && n == 19:
		kind = "dictionary" // for reading here only: it is refused
	case !r.pupil() && n < 11:
		kind = "professional"
	case !r.pupil() && n < 15:
		kind = "reference"
	case !r.pupil() && n < 17:
		kind = "aid"
	}
	all := s.shelf[kind]
	for range 30 {
		k := all[int(float64(len(all))*math.Pow(s.rng.Float64(), 1.4))]
		fits := !r.pupil() || k.grade == 0 || k.grade == r.grade
		if fits && !k.out && !k.away {
			return k
		}
	}
	return nil
}

// now is the attempt of a scan at this moment; the clock then goes on as a
// child's hands do.
func (s *simulation) now(code string, kind kiosk.CodeKind) kiosk.Attempt {
	s.clock = s.clock.Add(time.Duration(3+s.rng.IntN(4)) * time.Second)
	return kiosk.Attempt{Station: kiosk.DefaultStation, Code: code, Kind: kind}
}

func (s *simulation) enter(card string) (kiosk.Answer, error) {
	a, err := s.desk.Enter(s.ctx, s.now(card, kiosk.KindPatron), card)
	if err != nil {
		return a, fmt.Errorf("enter: %w", err)
	}
	return a, nil
}

func (s *simulation) borrow(r *reader, k *book) error {
	if k == nil {
		return nil
	}
	a, err := s.desk.Checkout(s.ctx, s.now(k.barcode, kiosk.KindCopy), r.patron.Ref, k.id)
	if err != nil {
		return fmt.Errorf("borrow %s: %w", k.barcode, err)
	}
	if a.Result.Outcome != kiosk.CheckedOut {
		return nil
	}
	if r.pupil() && s.chance(0.01) { // the wrong book was scanned
		u, err := s.desk.Undo(s.ctx, s.now(string(kiosk.Undo), kiosk.KindCommand), r.patron.Ref, a.Result.EventSeq)
		if err != nil {
			return fmt.Errorf("undo: %w", err)
		}
		if u.Result.Outcome != kiosk.Undone {
			return errors.New("a fresh checkout could not be undone")
		}
		return nil
	}
	k.out = true
	r.loans = append(r.loans, &lent{book: k, since: s.day.Day, due: a.Result.Loan.DueOn})
	return nil
}

func (s *simulation) giveBack(r *reader, l *lent) error {
	if _, err := s.desk.Return(s.ctx, s.now(l.book.barcode, kiosk.KindCopy), r.patron.Ref, l.book.id); err != nil {
		return fmt.Errorf("return %s: %w", l.book.barcode, err)
	}
	l.book.out = false
	r.drop(l)
	return nil
}

func (r *reader) drop(l *lent) {
	r.loans = slices.DeleteFunc(r.loans, func(x *lent) bool { return x == l })
}

func (s *simulation) renew(r *reader, l *lent) error {
	a, err := s.desk.Renew(s.ctx, s.now(l.book.barcode, kiosk.KindCopy), r.patron.Ref, l.book.id)
	if err != nil {
		return fmt.Errorf("renew %s: %w", l.book.barcode, err)
	}
	l.renewed = true
	if a.Result.Outcome == kiosk.Renewed {
		l.due = a.Result.Loan.DueOn
	}
	return nil
}

// readHere counts a copy as read in the library; what may only be read here is
// asked for as often as a story.
func (s *simulation) readHere(r *reader) error {
	shelf := s.shelf[[]string{"dictionary", "story"}[s.rng.IntN(2)]]
	k := shelf[s.rng.IntN(len(shelf))]
	if k.out || k.away {
		return nil
	}
	if _, err := s.desk.UseOnSite(s.ctx, s.now(k.barcode, kiosk.KindCopy), r.patron.Ref, k.id, ""); err != nil {
		return fmt.Errorf("read %s here: %w", k.barcode, err)
	}
	return nil
}

// strange scans what is nobody's: the code of a child's own exercise book.
func (s *simulation) strange(r *reader) error {
	code := fmt.Sprintf("MAU-%04d", s.rng.IntN(10000))
	if _, err := s.desk.Refuse(s.ctx, s.now(code, kiosk.KindUnknown), r.patron.Ref, nil, kiosk.ReasonUnknownBarcode); err != nil {
		return fmt.Errorf("strange code: %w", err)
	}
	return nil
}
