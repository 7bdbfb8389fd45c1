package sample

import (
	"fmt"

	"muontra/kiosk"
)

// How much goes on in the class corners of the sample.
const (
	cornerDays  = 12 // on which somebody notes what was read and lent
	cornerReads = 9  // least readings of a class on such a day
)

// corner is a class corner of the sample.
type corner struct {
	class className
	place kiosk.ID
	books []*book
	lent  map[*book]bool
}

// corners makes a corner of each class's place and hands a box of story books
// over to it, where they stay.
func (s *simulation) corners() error {
	s.librarian = s.tx.NewID()
	classes, err := s.tx.Classes(s.this.ID)
	if err != nil {
		return fmt.Errorf("classes: %w", err)
	}
	var teachers []*reader
	for _, r := range s.readers {
		if r.patron.Category == kiosk.Teacher {
			teachers = append(teachers, r)
		}
	}
	all := s.shelf["story"]
	for n, c := range classNames() {
		x := &corner{class: c, place: s.places[c.name], lent: map[*book]bool{}}
		_, err := s.desk.SetCorner(s.ctx, s.asLibrarian(), x.place, func(k kiosk.Corner) (kiosk.Corner, error) {
			for _, class := range classes {
				if class.Name == c.name {
					k.Class = class.ID
				}
			}
			k.Keeper = teachers[n%len(teachers)].patron.Ref
			return k, nil
		})
		if err != nil {
			return fmt.Errorf("corner of %s: %w", c.name, err)
		}
		b, err := s.desk.BeginHandover(s.ctx, s.asLibrarian(), x.place, s.this.Recall)
		if err != nil {
			return fmt.Errorf("box of %s: %w", c.name, err)
		}
		for len(x.books) < cornerCopies {
			k := all[s.rng.IntN(len(all))]
			if k.out || k.away {
				continue
			}
			k.away = true
			if _, err := s.desk.ScanIntoBox(s.ctx, s.asLibrarian(), b.ID, k.barcode); err != nil {
				return fmt.Errorf("into the box of %s: %w", c.name, err)
			}
			x.books = append(x.books, k)
		}
		if _, err := s.desk.HandOver(s.ctx, s.asLibrarian(), b.ID); err != nil {
			return fmt.Errorf("box of %s: %w", c.name, err)
		}
		if n%7 != 3 { // a few keepers have not come by yet
			if _, err := s.desk.ConfirmHandover(s.ctx, s.asLibrarian(), b.ID); err != nil {
				return fmt.Errorf("box of %s: %w", c.name, err)
			}
		}
		s.classCorners = append(s.classCorners, x)
	}
	return nil
}

// asLibrarian is an act of the librarian at her desk.
func (s *simulation) asLibrarian() kiosk.Attempt {
	a := s.now("", kiosk.KindCopy)
	a.Staff = s.librarian
	return a
}

// cornerDay is a day in the corners: readings are counted, a book is lent, one
// that was lent comes back.
func (s *simulation) cornerDay() error {
	for n, x := range s.classCorners {
		if _, err := s.desk.ReadInCorner(s.ctx, s.asLibrarian(), kiosk.FromSheet, x.place, "", kiosk.Reading{Count: cornerReads + s.rng.IntN(20), Readers: cornerReads}); err != nil {
			return fmt.Errorf("readings of %s: %w", x.class.name, err)
		}
		k := x.books[s.rng.IntN(len(x.books)/2+n%2)]
		if x.lent[k] {
			if _, err := s.desk.ReturnInCorner(s.ctx, s.asLibrarian(), kiosk.FromPhone, x.place, k.id); err != nil {
				return fmt.Errorf("return in %s: %w", x.class.name, err)
			}
			delete(x.lent, k)
			continue
		}
		r := s.pupilOf(x.class.name)
		if r == nil {
			continue
		}
		done, err := s.desk.LendInCorner(s.ctx, s.asLibrarian(), kiosk.FromPhone, x.place, r.patron.Ref, k.id)
		if err != nil {
			return fmt.Errorf("lend in %s: %w", x.class.name, err)
		}
		x.lent[k] = done.Outcome == kiosk.CheckedOut
	}
	return nil
}

// pupilOf is some pupil of a class who may borrow.
func (s *simulation) pupilOf(class string) *reader {
	for range 60 {
		r := s.readers[s.rng.IntN(len(s.readers))]
		if !r.pupil() || r.gone {
			continue
		}
		if m, err := s.tx.MemberByRef(r.patron.Ref, s.day.Day); err == nil && m.Class == class {
			return r
		}
	}
	return nil
}
