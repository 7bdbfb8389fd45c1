package sample

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// offered is how many cards and copies a demo offers.
const offered = 5

// Find looks for what a demo offers to try in a ledger that has been built
// before, at the instant now. It returns kiosk.ErrNotFound when there is no
// patron in it, so that the school has yet to be built.
func Find(ctx context.Context, ledger kiosk.Ledger, now time.Time) (School, error) {
	var s School
	err := ledger.View(ctx, func(v kiosk.View) error {
		f := finder{View: v, now: now, open: map[kiosk.ID][]kiosk.LoanItem{}, out: map[kiosk.ID]kiosk.Loan{}, corner: map[kiosk.ID]bool{}}
		if err := f.look(); err != nil {
			return err
		}
		if len(f.members) == 0 {
			return kiosk.ErrNotFound
		}
		s.Name = f.rules.Site.Name
		cards := f.pupils()
		for _, m := range cards {
			s.Cards = append(s.Cards, cardOf(m))
		}
		for _, i := range f.copies(cards) {
			s.Copies = append(s.Copies, copyOf(i))
		}
		f.others(&s, cards)
		return f.deadCards(&s)
	})
	if err != nil {
		return School{}, fmt.Errorf("look into the sample school: %w", err)
	}
	return s, nil
}

// finder holds the ledger's patrons and copies while it chooses among them.
type finder struct {
	kiosk.View
	now     time.Time
	today   kiosk.Day
	rules   kiosk.Rules
	members []kiosk.Member
	items   []kiosk.Item
	open    map[kiosk.ID][]kiosk.LoanItem // by patron
	out     map[kiosk.ID]kiosk.Loan       // by copy
	corner  map[kiosk.ID]bool             // places that are class corners
}

func (f *finder) look() error {
	loc, err := kiosk.LocationOf(f)
	if err != nil {
		return err
	}
	f.today = kiosk.DayOf(f.now, loc)
	if f.rules, err = f.Rules(f.today); err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	if err := f.EachMember(f.today, func(m kiosk.Member) error { f.members = append(f.members, m); return nil }); err != nil {
		return fmt.Errorf("patrons: %w", err)
	}
	byID := map[kiosk.ID]kiosk.Item{}
	if err := f.EachItem(func(i kiosk.Item) error {
		if i.SetID == "" { // a set is lent as one
			f.items = append(f.items, i)
		}
		byID[i.ID] = i
		return nil
	}); err != nil {
		return fmt.Errorf("copies: %w", err)
	}
	if err := f.EachLoan(true, func(l kiosk.Loan) error {
		f.out[l.CopyID] = l
		f.open[l.PatronRef] = append(f.open[l.PatronRef], kiosk.LoanItem{Loan: l, Item: byID[l.CopyID]})
		return nil
	}); err != nil {
		return fmt.Errorf("loans: %w", err)
	}
	places, err := f.Places()
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	for _, p := range places {
		f.corner[p.ID] = p.Kind == kiosk.ClassCorner
	}
	return nil
}

// lends reports whether the copy may be lent to the member now. Holds are not
// looked at: the sample has none.
func (f *finder) lends(m kiosk.Member, i kiosk.Item) bool {
	if m.Card.Barcode == "" || i.Barcode == "" || f.corner[i.State.Place] {
		return false
	}
	if _, out := f.out[i.ID]; out {
		return false
	}
	v, _ := kiosk.CanCheckOut(kiosk.Checkout{Member: m, Item: i, Open: f.open[m.Ref], Ready: 1, Now: f.now}, f.rules)
	return v.Says() == kiosk.Yes
}

// story is a copy that a pupil who may borrow at all may borrow.
func (f *finder) story(m kiosk.Member) bool {
	return slices.ContainsFunc(f.items, func(i kiosk.Item) bool { return i.SubKind == kiosk.Story && f.lends(m, i) })
}

// pupils picks those who may borrow: of a grade that is served today, with
// nothing at home and from different classes as far as there are such.
func (f *finder) pupils() []kiosk.Member {
	served := map[int]bool{}
	for _, s := range f.rules.Timetable {
		if s.Weekday == f.today.Weekday() {
			for _, g := range s.Grades {
				served[g] = true
			}
		}
	}
	var picked []kiosk.Member
	classes := map[string]int{}
	taken := map[kiosk.ID]bool{}
	pass := func(same int, want func(kiosk.Member) bool) {
		for _, m := range f.members {
			if len(picked) < offered && m.Category == kiosk.Pupil && !taken[m.ID] && classes[m.Class] < same && want(m) && f.story(m) {
				picked, taken[m.ID] = append(picked, m), true
				classes[m.Class]++
			}
		}
	}
	free := func(m kiosk.Member) bool { return len(f.open[m.Ref]) == 0 }
	pass(1, func(m kiosk.Member) bool { return served[m.Grade] && free(m) })
	pass(2, func(m kiosk.Member) bool { return served[m.Grade] && free(m) })
	pass(len(f.members), func(m kiosk.Member) bool { return served[m.Grade] && free(m) })
	pass(len(f.members), free)
	pass(len(f.members), func(kiosk.Member) bool { return true })
	return picked
}

// copies picks copies of different titles that every one of the members may
// borrow, stories first.
func (f *finder) copies(members []kiosk.Member) []kiosk.Item {
	var picked []kiosk.Item
	titles := map[string]bool{} // volumes of one title are one
	for _, story := range []bool{true, false} {
		for _, i := range f.items {
			if len(picked) == offered {
				return picked
			}
			if titles[i.Title.Title] || (i.SubKind == kiosk.Story) != story {
				continue
			}
			if !slices.ContainsFunc(members, func(m kiosk.Member) bool { return !f.lends(m, i) }) {
				picked, titles[i.Title.Title] = append(picked, i), true
			}
		}
	}
	return picked
}

// others fills what shows a rule at work.
func (f *finder) others(s *School, cards []kiosk.Member) {
	pupil := map[kiosk.ID]bool{} // by ref
	for _, m := range f.members {
		pupil[m.Ref] = m.Category == kiosk.Pupil
		late := slices.ContainsFunc(f.open[m.Ref], func(l kiosk.LoanItem) bool { return l.LateHere(f.today) })
		switch {
		case s.Overdue.Barcode == "" && m.Category == kiosk.Pupil && late && m.Card.Barcode != "":
			s.Overdue = cardOf(m)
		case s.Teacher.Barcode == "" && m.Category == kiosk.Teacher && f.story(m):
			s.Teacher = cardOf(m)
		case s.Blocked.Barcode == "" && m.Status == kiosk.PatronBlocked && m.Card.Barcode != "":
			s.Blocked = cardOf(m)
		}
	}
	for _, i := range f.items {
		l, out := f.out[i.ID]
		offered := out && slices.ContainsFunc(cards, func(m kiosk.Member) bool { return m.Ref == l.PatronRef })
		line := f.rules.Policies.For(kiosk.Pupil, i.Kind, i.SubKind)
		switch {
		case s.OnSiteOnly.Barcode == "" && !out && line.OnSiteOnly && i.SubKind == kiosk.Dictionary && i.State.Status == kiosk.CopyAvailable:
			s.OnSiteOnly = copyOf(i)
		case s.OnLoan.Barcode == "" && out && pupil[l.PatronRef] && !offered && line.Term == kiosk.TermDays:
			s.OnLoan = copyOf(i)
		}
	}
}

// deadCards finds cards that are no more: their serials are the gaps among
// those of the active cards.
func (f *finder) deadCards(s *School) error {
	active, last := map[int]bool{}, 0
	for _, m := range f.members {
		if n, ok := kiosk.PatronSeries.Serial(m.Card.Barcode); ok {
			active[n], last = true, max(last, n)
		}
	}
	for n := 1; n <= last; n++ {
		if active[n] {
			continue
		}
		m, err := f.MemberByCard(kiosk.PatronSeries.Make(n), f.today)
		switch {
		case errors.Is(err, kiosk.ErrNotFound):
		case err != nil:
			return fmt.Errorf("card: %w", err)
		case m.Card.Status == kiosk.CardLost && s.Blocked.Barcode == "":
			s.Blocked = cardOf(m)
		case m.Card.Status == kiosk.CardExpired && s.Replaced.Barcode == "":
			s.Replaced = cardOf(m)
		}
	}
	return nil
}

func cardOf(m kiosk.Member) Card { return Card{m.Card.Barcode, m.Name, m.Class} }

func copyOf(i kiosk.Item) Copy {
	t := i.Title.Title
	if i.Title.Remainder != "" {
		t += ", " + i.Title.Remainder
	}
	return Copy{i.Barcode, i.Accession, t}
}
