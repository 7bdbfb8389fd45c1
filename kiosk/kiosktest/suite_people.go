package kiosktest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

func patronsComeBack(t *try) {
	var p kiosk.Patron
	t.update(func(tx kiosk.Tx) error {
		p = kiosk.Patron{ID: tx.NewID(), Ref: tx.NewID(), Category: kiosk.Teacher, Name: "Giáo Viên Mẫu", BirthDate: kiosk.MustDay("1990-02-28"),
			Sex: "f", SectorCode: "0123456789", Entitled: true, Status: kiosk.PatronActive, CreatedAt: Start}
		return tx.PutPatron(p)
	})
	for _, change := range []func(){func() {}, func() { p.Name, p.Status, p.Entitled, p.BirthDate = "Tên Mới", kiosk.PatronLeft, false, kiosk.Day{} }} {
		change()
		t.update(func(tx kiosk.Tx) error { return tx.PutPatron(p) })
		t.view(func(v kiosk.View) error {
			got, err := v.Patron(p.ID)
			equal(t, "patron", got, p)
			m, err2 := v.MemberByRef(p.Ref, Today)
			equal(t, "member", m, kiosk.Member{Patron: p})
			return errors.Join(err, err2)
		})
	}
	t.view(func(v kiosk.View) error {
		_, err := v.Patron("nope")
		t.notFound("patron", err)
		_, err = v.MemberByRef("nope", Today)
		t.notFound("ref", err)
		_, err = v.MemberByCard("nope", Today)
		t.notFound("card", err)
		return nil
	})
}

func lostCard(t *try) {
	s := t.stocked(0)
	for _, status := range []kiosk.CardStatus{kiosk.CardActive, kiosk.CardLost, kiosk.CardExpired} {
		s.card.Status = status
		t.update(func(tx kiosk.Tx) error { return tx.PutCard(s.card) })
		t.view(func(v kiosk.View) error {
			m, err := v.MemberByCard(s.card.Barcode, Today)
			equal(t, "member", m, kiosk.Member{Patron: s.patron, Card: s.card})
			return err
		})
	}
	// With a new card, the old one is still told apart.
	card := s.card
	t.update(func(tx kiosk.Tx) error {
		card.ID, card.Barcode, card.Status = tx.NewID(), "THE-2", kiosk.CardActive
		return tx.PutCard(card)
	})
	t.view(func(v kiosk.View) error {
		old, err := v.MemberByCard("THE-1", Today)
		equal(t, "old card", old.Card, s.card)
		m, err2 := v.MemberByRef(s.patron.Ref, Today)
		equal(t, "by reference", m.Card, card)
		return errors.Join(err, err2)
	})
}

func newestActiveCard(t *try) {
	s := t.stocked(0)
	t.update(func(tx kiosk.Tx) error {
		for i, status := range []kiosk.CardStatus{kiosk.CardActive, kiosk.CardActive, kiosk.CardLost} {
			c := kiosk.Card{ID: tx.NewID(), PatronID: s.patron.ID, Barcode: fmt.Sprintf("THE-%d", i+2), Status: status, IssuedAt: Start.Add(time.Duration(i+1) * time.Hour)}
			if err := tx.PutCard(c); err != nil {
				return err
			}
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		m, err := v.MemberByRef(s.patron.Ref, Today)
		equal(t, "card", m.Card.Barcode, "THE-3")
		return errors.Join(err, v.EachMember(Today, func(m kiosk.Member) error {
			if want := map[kiosk.ID]string{s.patron.ID: "THE-3"}[m.ID]; m.Card.Barcode != want {
				t.tb.Errorf("%s has card %q, want %q", m.ID, m.Card.Barcode, want)
			}
			return nil
		}))
	})
}

// class puts a class of the year that contains the day, which is put too when
// it is not stored yet.
func class(tx kiosk.Tx, on kiosk.Day, name string, grade int) (kiosk.Class, error) {
	r, err := tx.Rules(on)
	if err != nil {
		return kiosk.Class{}, err
	}
	if r.Year.ID == "" {
		r.Year.ID = tx.NewID()
		if err := tx.PutYear(r.Year); err != nil {
			return kiosk.Class{}, err
		}
	}
	c := kiosk.Class{ID: tx.NewID(), YearID: r.Year.ID, Name: name, Grade: grade}
	return c, tx.PutClass(c)
}

func enrol(tx kiosk.Tx, p kiosk.Patron, c kiosk.Class, since kiosk.Day) error {
	return tx.PutEnrolment(kiosk.Enrolment{ID: tx.NewID(), PatronID: p.ID, ClassID: c.ID, YearID: c.YearID, Since: since})
}

func classByYear(t *try) {
	s := t.stocked(0)
	this, next := kiosk.MustDay("2026-11-23"), kiosk.MustDay("2027-11-23")
	t.update(func(tx kiosk.Tx) error {
		a, err := class(tx, this, "2A", 2)
		b, err2 := class(tx, this, "2B", 2)
		c, err3 := class(tx, next, "3A", 3)
		if err := errors.Join(err, err2, err3); err != nil {
			return err
		}
		// Into 2B in the middle of the year; next year's class is known already.
		return errors.Join(enrol(tx, s.patron, a, kiosk.MustDay("2026-09-05")), enrol(tx, s.patron, b, kiosk.MustDay("2027-01-10")), enrol(tx, s.patron, c, kiosk.MustDay("2027-09-05")))
	})
	for day, want := range map[string]string{"2026-08-20": "2B", "2026-09-05": "2A", "2026-11-23": "2A", "2027-01-10": "2B", "2027-05-31": "2B", "2027-06-01": "3A", "2027-11-23": "3A", "2028-06-01": ""} {
		t.view(func(v kiosk.View) error {
			m, err := v.MemberByCard(s.card.Barcode, kiosk.MustDay(day))
			n, err2 := v.MemberByRef(s.patron.Ref, kiosk.MustDay(day))
			if m.Class != want || n.Class != want {
				t.tb.Errorf("on %s: class %q and %q, want %q", day, m.Class, n.Class, want)
			}
			return errors.Join(err, err2)
		})
	}
}

func membersInOrder(t *try) {
	t.update(func(tx kiosk.Tx) error {
		a, err := class(tx, Today, "2A", 2)
		b, err2 := class(tx, Today, "1B", 1)
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		for _, x := range []struct {
			name  string
			class kiosk.Class
		}{{"Mẫu Cô", kiosk.Class{}}, {"Mẫu Văn Bình", a}, {"Mẫu Thị An", a}, {"Đỗ Mẫu An", a}, {"Mẫu Yến", b}, {"Mẫu Đạt", a}, {"Mẫu Dung", a}, {"Mẫu Ân", a}} {
			p := kiosk.Patron{ID: tx.NewID(), Ref: tx.NewID(), Category: kiosk.Pupil, Name: x.name, Status: kiosk.PatronActive}
			if err := tx.PutPatron(p); err != nil {
				return err
			}
			if x.class.ID != "" {
				if err := enrol(tx, p, x.class, Today); err != nil {
					return err
				}
			}
		}
		return nil
	})
	stop := errors.New("enough")
	t.view(func(v kiosk.View) error {
		var got []string
		err := v.EachMember(Today, func(m kiosk.Member) error {
			got = append(got, m.Class+" "+m.Name)
			_, err := v.MemberByRef(m.Ref, Today) // a visit may look at anything
			return err
		})
		equal(t, "members", got, []string{"1B Mẫu Yến", "2A Đỗ Mẫu An", "2A Mẫu Thị An", "2A Mẫu Ân", "2A Mẫu Văn Bình", "2A Mẫu Dung", "2A Mẫu Đạt", " Mẫu Cô"})
		if err := v.EachMember(Today, func(kiosk.Member) error { return stop }); err != stop {
			t.tb.Errorf("a visit that stops returned %v", err)
		}
		r, err2 := v.Rules(Today)
		cs, err3 := v.Classes(r.Year.ID)
		if !slices.EqualFunc(cs, []string{"1B", "2A"}, func(c kiosk.Class, n string) bool { return c.Name == n }) {
			t.tb.Errorf("classes %+v", cs)
		}
		return errors.Join(err, err2, err3)
	})
}

func patronsChecked(t *try) {
	s := t.stocked(0)
	p := s.patron
	t.fails("a patron without a reference", nil, func(tx kiosk.Tx) error { q := p; q.ID, q.Ref = tx.NewID(), ""; return tx.PutPatron(q) })
	t.fails("another's reference", kiosk.ErrConflict, func(tx kiosk.Tx) error { q := p; q.ID = tx.NewID(); return tx.PutPatron(q) })
	t.fails("another reference", kiosk.ErrConflict, func(tx kiosk.Tx) error { q := p; q.Ref = tx.NewID(); return tx.PutPatron(q) })
	t.fails("no category", nil, func(tx kiosk.Tx) error { q := p; q.Category = "alien"; return tx.PutPatron(q) })
	t.fails("no status", nil, func(tx kiosk.Tx) error { q := p; q.Status = ""; return tx.PutPatron(q) })
	t.fails("no name", nil, func(tx kiosk.Tx) error { q := p; q.Name = ""; return tx.PutPatron(q) })
	t.fails("a card of nobody", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		return tx.PutCard(kiosk.Card{ID: tx.NewID(), PatronID: "nope", Barcode: "B", Status: kiosk.CardActive, IssuedAt: Start})
	})
	t.fails("a card without a barcode", nil, func(tx kiosk.Tx) error {
		return tx.PutCard(kiosk.Card{ID: tx.NewID(), PatronID: p.ID, Status: kiosk.CardActive, IssuedAt: Start})
	})
	t.fails("a class twice", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		_, err := class(tx, Today, "2A", 2)
		_, err2 := class(tx, Today, "2A", 2)
		return errors.Join(err, err2)
	})
	t.fails("a class of no year", kiosk.ErrNotFound, func(tx kiosk.Tx) error { return tx.PutClass(kiosk.Class{ID: tx.NewID(), YearID: "nope", Name: "2A"}) })
	t.fails("enrolled in no class", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		return tx.PutEnrolment(kiosk.Enrolment{ID: tx.NewID(), PatronID: p.ID, ClassID: "nope", YearID: "nope"})
	})
	t.fails("enrolled in another year's class", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		a, err := class(tx, Today, "2A", 2)
		b, err2 := class(tx, Today.Add(400), "3A", 3)
		return errors.Join(err, err2, tx.PutEnrolment(kiosk.Enrolment{ID: tx.NewID(), PatronID: p.ID, ClassID: a.ID, YearID: b.YearID}))
	})
}
