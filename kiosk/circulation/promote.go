package circulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"muontra/kiosk"
)

// TryPromotion computes what the beginning of a school year would do, and
// writes nothing.
func (d *Desk) TryPromotion(ctx context.Context, o kiosk.PromotionOrder) (plan kiosk.PromotionPlan, err error) {
	rules, err := d.Rules(ctx)
	if err != nil {
		return plan, err
	}
	err = d.Ledger.View(ctx, func(v kiosk.View) error {
		f, _, err := promotionFacts(v, o, rules.Today(d.Now()))
		if err != nil {
			return err
		}
		plan = kiosk.PlanPromotion(f, o)
		return nil
	})
	return plan, err
}

// promotionFacts reads what a plan is made of, and the new year as it is
// stored, without ID when it is not.
func promotionFacts(v kiosk.View, o kiosk.PromotionOrder, today kiosk.Day) (f kiosk.PromotionFacts, to kiosk.SchoolYear, err error) {
	years, err := v.Years()
	if err != nil {
		return f, to, fmt.Errorf("years: %w", err)
	}
	f.Today = today
	to = o.Year
	to.ID = ""
	for _, y := range years {
		if y.ID == o.From {
			f.From = y
		}
		if y.Name == o.Year.Name {
			to.ID = y.ID
		}
	}
	if f.From.ID == "" {
		return f, to, fmt.Errorf("year that ends: %w", kiosk.ErrNotFound)
	}
	done, err := v.Promotions()
	if err != nil {
		return f, to, fmt.Errorf("promotions: %w", err)
	}
	f.FromBegun = stands(done, f.From.ID)
	f.Begun = to.ID != "" && stands(done, to.ID)
	if f.Classes, err = v.Classes(f.From.ID); err != nil {
		return f, to, fmt.Errorf("classes: %w", err)
	}
	already, err := readNewYear(v, &f, to.ID)
	if err != nil {
		return f, to, err
	}
	return f, to, readPupils(v, &f, already)
}

// stands reports whether a year was begun by a promotion that was not taken
// back.
func stands(done []kiosk.Promotion, year kiosk.ID) bool {
	return slices.ContainsFunc(done, func(p kiosk.Promotion) bool { return p.YearID == year && p.Undone.IsZero() })
}

// readNewYear reads who is in a class of the new year already. Its empty
// classes are not facts: the plan says what they are.
func readNewYear(v kiosk.View, f *kiosk.PromotionFacts, year kiosk.ID) (already map[kiosk.ID]string, err error) {
	if year == "" {
		return nil, nil
	}
	classes, err := v.Classes(year)
	if err != nil {
		return nil, fmt.Errorf("classes: %w", err)
	}
	placed, err := placedIn(v, year, kiosk.Day{Year: 9999, Month: 12, Day: 31})
	if err != nil {
		return nil, err
	}
	name, filled := map[kiosk.ID]string{}, map[kiosk.ID]bool{}
	for _, class := range placed {
		filled[class] = true
	}
	for _, c := range classes {
		name[c.ID] = c.Name
		if filled[c.ID] {
			f.Existing = append(f.Existing, c)
		}
	}
	already = map[kiosk.ID]string{}
	for patron, class := range placed {
		already[patron] = name[class]
	}
	return already, nil
}

// placedIn is the class of each patron in a year, on a day.
func placedIn(v kiosk.View, year kiosk.ID, on kiosk.Day) (map[kiosk.ID]kiosk.ID, error) {
	es, err := v.EnrolmentsIn(year)
	if err != nil {
		return nil, fmt.Errorf("enrolments: %w", err)
	}
	of := map[kiosk.ID][]kiosk.Enrolment{}
	for _, e := range es {
		of[e.PatronID] = append(of[e.PatronID], e)
	}
	placed := map[kiosk.ID]kiosk.ID{}
	for patron, list := range of {
		if e, ok := kiosk.PlacedOn(list, on); ok {
			placed[patron] = e.ClassID
		}
	}
	return placed, nil
}

// readPupils reads the pupils of the year that ends, in the order of their
// names, with the books that they have at home.
func readPupils(v kiosk.View, f *kiosk.PromotionFacts, already map[kiosk.ID]string) error {
	placed, err := placedIn(v, f.From.ID, f.From.End)
	if err != nil {
		return err
	}
	open := map[kiosk.ID]int{}
	if err := v.EachLoan(true, func(l kiosk.Loan) error { open[l.PatronRef]++; return nil }); err != nil {
		return fmt.Errorf("open loans: %w", err)
	}
	err = v.EachMember(f.From.End, func(m kiosk.Member) error {
		class, ok := placed[m.ID]
		if ok && m.Category == kiosk.Pupil && m.Status != kiosk.PatronLeft {
			f.Pupils = append(f.Pupils, kiosk.PromotionPupil{Patron: m.Patron, Class: class, Open: open[m.Ref], Already: already[m.ID]})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("pupils: %w", err)
	}
	return nil
}

// Promote begins a school year: one transaction and one event. Enrolments are
// added, none is changed; who leaves keeps what is owed and cannot borrow. list,
// which may be nil, then reads the new list of pupils in the same transaction.
// A plan that cannot be done is a *kiosk.PromotionError; a year that has begun
// is one too.
func (d *Desk) Promote(ctx context.Context, a kiosk.Attempt, o kiosk.PromotionOrder, list func(kiosk.Tx) error) (kiosk.ID, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.ID, error) {
		f, year, err := promotionFacts(x, o, x.today)
		if err != nil {
			return "", err
		}
		plan := kiosk.PlanPromotion(f, o)
		if stop := plan.Stopped(); len(stop) > 0 {
			return "", &kiosk.PromotionError{Problems: stop}
		}
		p := kiosk.Promotion{ID: x.NewID(), FromYear: f.From.ID, At: x.now, By: x.Staff}
		if year, err = x.beginYear(year); err != nil {
			return "", err
		}
		p.YearID = year.ID
		if err := x.place(&p, plan, year); err != nil {
			return "", err
		}
		for _, l := range plan.Leavers {
			p.Record.Left = append(p.Record.Left, kiosk.StatusBefore{Patron: l.Patron.ID, Status: l.Patron.Status, LeftOn: l.Patron.LeftOn})
			l.Patron.Status, l.Patron.LeftOn = kiosk.PatronLeft, x.today
			if err := x.PutPatron(l.Patron); err != nil {
				return "", fmt.Errorf("leaver: %w", err)
			}
		}
		if list != nil {
			if err := x.withList(&p, list); err != nil {
				return "", err
			}
		}
		if p.Seq, err = x.tellYear(kiosk.EventYearPromoted, kiosk.Payload{Begins: p.ID}); err != nil {
			return "", err
		}
		return p.ID, x.PutPromotion(p)
	})
}

func (x *intake) tellYear(t kiosk.EventType, p kiosk.Payload) (int64, error) {
	e := x.event
	e.Type, e.Payload = t, p
	if err := x.Append(&e); err != nil {
		return 0, fmt.Errorf("append %s: %w", t, err)
	}
	x.events = append(x.events, e)
	return e.Seq, nil
}

// beginYear stores the year; a new one gets the usual calendar.
func (x *intake) beginYear(y kiosk.SchoolYear) (kiosk.SchoolYear, error) {
	fresh := y.ID == ""
	if fresh {
		y.ID = x.NewID()
	}
	if err := x.PutYear(y); err != nil {
		return y, fmt.Errorf("school year: %w", err)
	}
	if fresh {
		if err := x.PutCalendar(y.ID, kiosk.DefaultCalendar(y)); err != nil {
			return y, fmt.Errorf("calendar: %w", err)
		}
	}
	return y, nil
}

// place makes the plan's classes and puts the pupils in.
func (x *intake) place(p *kiosk.Promotion, plan kiosk.PromotionPlan, year kiosk.SchoolYear) error {
	have, err := x.Classes(year.ID)
	if err != nil {
		return fmt.Errorf("classes: %w", err)
	}
	for _, c := range plan.Classes {
		class := kiosk.Class{ID: c.ID, YearID: year.ID, Name: c.Name, Grade: c.Grade}
		if class.ID == "" {
			// An empty one of a beginning that was taken back is used again.
			i := slices.IndexFunc(have, func(h kiosk.Class) bool { return strings.EqualFold(h.Name, c.Name) })
			if i >= 0 {
				class.ID = have[i].ID
			}
			class.ID = cmp.Or(class.ID, x.NewID())
			if err := x.PutClass(class); err != nil {
				return fmt.Errorf("class %s: %w", c.Name, err)
			}
			p.Record.Classes = append(p.Record.Classes, class.ID)
		}
		for _, one := range c.Pupils {
			if one.Already != "" {
				continue
			}
			e := kiosk.Enrolment{ID: x.NewID(), PatronID: one.Patron.ID, ClassID: class.ID, YearID: year.ID, Since: year.Start}
			if err := x.PutEnrolment(e); err != nil {
				return fmt.Errorf("enrolment: %w", err)
			}
			p.Record.Enrolments = append(p.Record.Enrolments, e.ID)
		}
	}
	return nil
}

// withList lets the new list write, and notes what it added.
func (x *intake) withList(p *kiosk.Promotion, list func(kiosk.Tx) error) error {
	before := map[kiosk.ID]bool{}
	each := func(fn func(kiosk.ID)) error {
		return x.EachMember(x.today, func(m kiosk.Member) error { fn(m.ID); return nil })
	}
	if err := each(func(id kiosk.ID) { before[id] = true }); err != nil {
		return fmt.Errorf("patrons: %w", err)
	}
	if err := list(x.Tx); err != nil {
		return err
	}
	es, err := x.EnrolmentsIn(p.YearID)
	if err != nil {
		return fmt.Errorf("enrolments: %w", err)
	}
	ours := map[kiosk.ID]bool{}
	for _, id := range p.Record.Enrolments {
		ours[id] = true
	}
	for _, e := range es {
		if !ours[e.ID] && e.ID > p.ID { // ids grow: it was added since the beginning
			p.Record.Enrolments = append(p.Record.Enrolments, e.ID)
		}
	}
	return each(func(id kiosk.ID) {
		if !before[id] {
			p.Record.Added = append(p.Record.Added, id)
		}
	})
}

// Unpromote takes the beginning of a year back within a week, by a reversing
// event: its enrolments, and later moves of the same pupils within the new
// year, count no more; leavers are as they were. Loans are left alone. What
// could not be taken back is told.
func (d *Desk) Unpromote(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.PromotionUndone, error) {
	return takeIn(ctx, d, a, func(x *intake) (done kiosk.PromotionUndone, err error) {
		p, err := x.Promotion(id)
		if err != nil {
			return done, fmt.Errorf("promotion: %w", err)
		}
		if !p.Undoable(x.now) {
			return done, kiosk.ErrTooLate
		}
		if err := x.takeOut(p, &done); err != nil {
			return done, err
		}
		for _, l := range p.Record.Left {
			if err := x.restore(l, &done); err != nil {
				return done, err
			}
		}
		if _, err := x.tellYear(kiosk.EventUndone, kiosk.Payload{Reverses: p.Seq, Begins: p.ID}); err != nil {
			return done, err
		}
		p.Undone = x.now
		return done, x.PutPromotion(p)
	})
}

func (x *intake) takeOut(p kiosk.Promotion, done *kiosk.PromotionUndone) error {
	es, err := x.EnrolmentsIn(p.YearID)
	if err != nil {
		return fmt.Errorf("enrolments: %w", err)
	}
	ours := map[kiosk.ID]bool{}
	for _, id := range p.Record.Enrolments {
		e, err := x.Enrolment(id)
		if err != nil {
			return fmt.Errorf("enrolment: %w", err)
		}
		if e.PatronID == "" {
			done.Gone++
			continue
		}
		ours[e.PatronID] = true
	}
	for _, e := range es {
		if !ours[e.PatronID] {
			if e.ID > p.ID && !slices.Contains(done.Kept, e.PatronID) {
				done.Kept = append(done.Kept, e.PatronID)
			}
			continue
		}
		e.Withdrawn = true
		if err := x.PutEnrolment(e); err != nil {
			return fmt.Errorf("enrolment: %w", err)
		}
		done.Withdrawn++
	}
	return nil
}

func (x *intake) restore(l kiosk.StatusBefore, done *kiosk.PromotionUndone) error {
	who, err := x.Patron(l.Patron)
	if errors.Is(err, kiosk.ErrNotFound) {
		done.Gone++
		return nil
	}
	if err != nil {
		return fmt.Errorf("leaver: %w", err)
	}
	if who.Status != kiosk.PatronLeft {
		done.Changed = append(done.Changed, who.ID)
		return nil
	}
	who.Status, who.LeftOn = l.Status, l.LeftOn
	if err := x.PutPatron(who); err != nil {
		return fmt.Errorf("leaver: %w", err)
	}
	done.Restored++
	return nil
}
