package sample

import (
	"context"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// term is a school year with its usual calendar, as the history keeps it. The
// calendar that is stored may have today opened in it.
type term struct {
	kiosk.SchoolYear
	cal kiosk.Calendar
}

// opening is the first day on which pupils are served.
func (t term) opening() kiosk.Day {
	return t.cal.OnOrAfter(kiosk.Day{Year: t.Start.Year, Month: time.September, Day: 6})
}

// stocked is the day on which what the library already had was taken over, and
// on which those who were already there got their cards.
func (t term) stocked() kiosk.Day { return kiosk.Day{Year: t.Start.Year, Month: time.August, Day: 20} }

// closing is the last day before the recall; nothing is lent on it.
func (t term) closing() kiosk.Day { return t.cal.OnOrBefore(t.Recall) }

// settings stores the two school years, the calendars, the timetable and the
// places.
func (b *builder) settings() error {
	rules, err := b.tx.Rules(b.today)
	if err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	this := lendable(rules.Year, b.today)
	if this.ID == "" {
		this.ID = b.tx.NewID()
	}
	last := kiosk.YearOf(this.Start.Add(-1))
	years, err := b.tx.Years()
	if err != nil {
		return fmt.Errorf("years: %w", err)
	}
	if i := slices.IndexFunc(years, func(y kiosk.SchoolYear) bool { return y.Name == last.Name }); i >= 0 {
		last = years[i]
	} else {
		last.ID = b.tx.NewID()
	}
	b.last = term{last, kiosk.DefaultCalendar(last)}
	b.this = term{this, kiosk.DefaultCalendar(this)}
	for _, t := range []term{b.last, b.this} {
		if err := b.tx.PutYear(t.SchoolYear); err != nil {
			return err
		}
	}
	if err := b.tx.PutCalendar(last.ID, b.last.cal); err != nil {
		return err
	}
	if err := b.tx.PutCalendar(this.ID, openOn(b.this.cal, b.today)); err != nil {
		return err
	}
	if err := b.tx.PutTimetable(served(rules.Timetable, b.today.Weekday())); err != nil {
		return err
	}
	return b.putPlaces()
}

// lendable puts the recall off when it leaves no time for an ordinary loan.
func lendable(y kiosk.SchoolYear, today kiosk.Day) kiosk.SchoolYear {
	if y.Recall.Before(today.Add(8)) {
		y.Recall = today.Add(14)
	}
	if y.End.Before(y.Recall) {
		y.End = y.Recall
	}
	return y
}

// openOn is the calendar with d an open day. A closure that contains d is cut
// in two around it.
func openOn(c kiosk.Calendar, d kiosk.Day) kiosk.Calendar {
	c.Weekdays[d.Weekday()] = true
	var cs []kiosk.Closure
	for _, x := range c.Closures {
		if d.Before(x.From) || d.After(x.To) {
			cs = append(cs, x)
			continue
		}
		if x.From.Before(d) {
			cs = append(cs, kiosk.Closure{From: x.From, To: d.Add(-1), Name: x.Name})
		}
		if x.To.After(d) {
			cs = append(cs, kiosk.Closure{From: d.Add(1), To: x.To, Name: x.Name})
		}
	}
	c.Closures = cs
	return c
}

// served is the timetable with somebody served on w.
func served(tt kiosk.Timetable, w time.Weekday) kiosk.Timetable {
	for _, s := range tt {
		if s.Weekday == w {
			return tt
		}
	}
	all := []int{1, 2, 3, 4, 5}
	return append(slices.Clone(tt),
		kiosk.Slot{Weekday: w, Grades: all, Teachers: true, Note: "Ngày phục vụ của trường mẫu"},
		kiosk.Slot{Weekday: w, Afternoon: true, Grades: all, Teachers: true, Note: "Ngày phục vụ của trường mẫu"},
	)
}

// OpenToday makes today an open day that lends, as Build does: for a demo that
// is started again on kept data. It changes nothing when today is one already.
func OpenToday(ctx context.Context, ledger kiosk.Ledger, today kiosk.Day) error {
	err := ledger.Update(ctx, func(tx kiosk.Tx) error {
		rules, err := tx.Rules(today)
		if err != nil {
			return fmt.Errorf("rules: %w", err)
		}
		y := lendable(rules.Year, today)
		if y.ID == "" {
			return nil // past the sample's own years; no stored recall closes anything
		}
		if y != rules.Year {
			if err := tx.PutYear(y); err != nil {
				return err
			}
		}
		if !rules.Calendar.Open(today) {
			if err := tx.PutCalendar(y.ID, openOn(rules.Calendar, today)); err != nil {
				return err
			}
		}
		return tx.PutTimetable(served(rules.Timetable, today.Weekday()))
	})
	if err != nil {
		return fmt.Errorf("open the sample school on %s: %w", today, err)
	}
	return nil
}

// putPlaces adds a corner for each class to the places of a new ledger, and
// makes sure of the library and its six shelves.
func (b *builder) putPlaces() error {
	old, err := b.tx.Places()
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	for _, p := range old {
		b.places[p.Code] = p.ID
	}
	put := func(code, name string, kind kiosk.PlaceKind) error {
		if b.places[code] != "" {
			return nil
		}
		p := kiosk.Place{ID: b.tx.NewID(), Code: code, Name: name, Kind: kind}
		b.places[code] = p.ID
		return b.tx.PutPlace(p)
	}
	if err := put("TV", "Thư viện", kiosk.Library); err != nil {
		return err
	}
	for n := 1; n <= 6; n++ {
		if err := put(fmt.Sprintf("K%d", n), fmt.Sprintf("Kệ %d", n), kiosk.Shelf); err != nil {
			return err
		}
	}
	for _, c := range classNames() {
		if err := put(c.name, "Góc lớp "+c.name, kiosk.ClassCorner); err != nil {
			return err
		}
	}
	return nil
}
