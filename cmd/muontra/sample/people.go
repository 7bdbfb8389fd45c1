package sample

import (
	"fmt"
	"time"

	"muontra/kiosk"
)

// pupilsByGrade and classesByGrade are the seed's, from grade 1.
var (
	pupilsByGrade  = [5]int{101, 109, 122, 123, 112}
	classesByGrade = [5]int{3, 4, 4, 4, 4}
)

// adults are the seed's: managers, staff, class and specialist teachers.
var adults = []struct {
	category kiosk.Category
	count    int
}{{kiosk.Manager, 2}, {kiosk.Staff, 3}, {kiosk.Teacher, 20 + 6}}

// entitled is how many pupils borrow a textbook set for the year.
const entitled = 4

// className is one class with its number of pupils.
type className struct {
	name   string
	grade  int
	letter int
	size   int
}

// classNames are 1A to 5D, the first ones of a grade one larger where it does
// not share out evenly.
func classNames() []className {
	var cs []className
	for g := range 5 {
		n := classesByGrade[g]
		for i := range n {
			c := className{name: fmt.Sprintf("%d%c", g+1, 'A'+i), grade: g + 1, letter: i, size: pupilsByGrade[g] / n}
			if i < pupilsByGrade[g]%n {
				c.size++
			}
			cs = append(cs, c)
		}
	}
	return cs
}

// reader is a patron as the history knows them.
type reader struct {
	patron   kiosk.Patron
	card     string
	grade    int // this year; 0 for adults
	appetite float64
	loans    []*lent
	gone     bool // comes no more: forgot what is at home, or lost the card
}

func (r *reader) pupil() bool { return r.grade > 0 }

// people stores the patrons with a card each, the classes and the enrolments.
// Who is in grade 2 or above was a grade lower last year, in the class of the
// same letter.
func (b *builder) people() error {
	namer := namer{b.rng, map[string]bool{}}
	now, before := map[string]kiosk.ID{}, map[string]kiosk.ID{}
	for _, c := range classNames() {
		now[c.name] = b.tx.NewID()
		if err := b.tx.PutClass(kiosk.Class{ID: now[c.name], YearID: b.this.ID, Name: c.name, Grade: c.grade}); err != nil {
			return err
		}
		if c.grade == 1 {
			continue
		}
		was := fmt.Sprintf("%d%c", c.grade-1, 'A'+c.letter)
		before[c.name] = b.tx.NewID()
		if err := b.tx.PutClass(kiosk.Class{ID: before[c.name], YearID: b.last.ID, Name: was, Grade: c.grade - 1}); err != nil {
			return err
		}
	}
	for _, c := range classNames() {
		for _, p := range namer.people(c.size) {
			since := b.last.stocked()
			if c.grade == 1 {
				if since = b.this.stocked(); !since.Before(b.today) {
					since = b.this.Start
				}
			}
			r, err := b.putPatron(p, kiosk.Pupil, since, b.birthday(c.grade))
			if err != nil {
				return err
			}
			r.grade = c.grade
			if err := b.tx.PutEnrolment(kiosk.Enrolment{ID: b.tx.NewID(), PatronID: r.patron.ID, ClassID: now[c.name], YearID: b.this.ID, Since: b.this.Start}); err != nil {
				return err
			}
			if c.grade == 1 {
				continue
			}
			if err := b.tx.PutEnrolment(kiosk.Enrolment{ID: b.tx.NewID(), PatronID: r.patron.ID, ClassID: before[c.name], YearID: b.last.ID, Since: b.last.Start}); err != nil {
				return err
			}
		}
	}
	for i := range entitled {
		p := b.readers[(i+1)*len(b.readers)/(entitled+1)].patron
		p.Entitled = true
		if err := b.tx.PutPatron(p); err != nil {
			return err
		}
	}
	for _, a := range adults {
		for _, p := range namer.people(a.count) {
			if _, err := b.putPatron(p, a.category, b.last.stocked(), kiosk.Day{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// birthday is of a child who begins grade 1 in the year of the sixth birthday.
func (b *builder) birthday(grade int) kiosk.Day {
	jan1 := kiosk.Day{Year: b.this.Start.Year - 5 - grade, Month: time.January, Day: 1}
	return jan1.Add(b.rng.IntN(365))
}

func (b *builder) putPatron(p person, category kiosk.Category, since, born kiosk.Day) (*reader, error) {
	at := since.At(7, 30, b.loc)
	r := &reader{appetite: b.rng.Float64(), patron: kiosk.Patron{
		ID: b.tx.NewID(), Ref: b.tx.NewID(), Category: category, Name: p.name, BirthDate: born, Sex: p.sex,
		Status: kiosk.PatronActive, CreatedAt: at,
	}}
	if err := b.tx.PutPatron(r.patron); err != nil {
		return nil, fmt.Errorf("patron %s: %w", p.name, err)
	}
	b.readers = append(b.readers, r)
	return r, b.putCard(r, at)
}

// putCard gives the reader a new card.
func (b *builder) putCard(r *reader, at time.Time) (err error) {
	if r.card, err = b.tx.NextBarcode(kiosk.PatronSeries); err != nil {
		return fmt.Errorf("card: %w", err)
	}
	return b.tx.PutCard(kiosk.Card{ID: b.tx.NewID(), PatronID: r.patron.ID, Barcode: r.card, Status: kiosk.CardActive, IssuedAt: at})
}
