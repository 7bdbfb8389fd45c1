package sample

import (
	"context"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
)

// dayWeight is how many registered copies a day of history weighs in the progress.
const dayWeight = 20

// recallDays is how many open days before the closing day books are called in;
// nothing more is lent on them.
const recallDays = 5

// serviceDay is one day of the history.
type serviceDay struct {
	kiosk.Day
	term  term
	lends bool
	close bool // the last day before the recall: everybody brings what they have
}

// serviceDays are the open days from the start of service of the last school
// year to yesterday.
func (b *builder) serviceDays() []serviceDay {
	var days []serviceDay
	for _, t := range []term{b.last, b.this} {
		closing := t.closing()
		lastLent := closing
		for range recallDays {
			lastLent = t.cal.OnOrBefore(lastLent.Add(-1))
		}
		for d := t.opening(); d.Before(b.today) && !d.After(closing); d = d.Add(1) {
			if t.cal.Open(d) {
				days = append(days, serviceDay{Day: d, term: t, lends: !d.After(lastLent), close: d == closing})
			}
		}
	}
	return days
}

// simulation plays the history on a desk whose clock it moves.
type simulation struct {
	*builder
	ctx   context.Context
	desk  *circulation.Desk
	size  size
	clock time.Time
	day   serviceDay
	busy  bool
	shelf map[string][]*book // by what it is asked for
	plans map[kiosk.Day][]func() error

	librarian    kiosk.ID // whose acts those in corners are
	classCorners []*corner
}

// lent is a copy that a reader has at home.
type lent struct {
	book    *book
	since   kiosk.Day
	due     kiosk.Day
	renewed bool
}

// history lends for a year, by the acts of circulation inside the one open
// transaction.
func (b *builder) history(ctx context.Context, sz size) error {
	ledger := &batch{tx: b.tx}
	s := &simulation{builder: b, ctx: ctx, size: sz, shelf: map[string][]*book{}, plans: map[kiosk.Day][]func() error{}}
	s.desk = &circulation.Desk{Ledger: ledger, Now: func() time.Time { return s.clock }}
	for _, k := range b.books {
		s.shelf[wish(k)] = append(s.shelf[wish(k)], k)
	}
	days := b.serviceDays()
	var lending []kiosk.Day
	for _, d := range days {
		if d.lends {
			lending = append(lending, d.Day)
		}
	}
	s.plan(lending)
	busyFrom := lending[max(0, len(lending)-sz.recent)]
	for _, d := range days {
		s.day, s.busy = d, !d.Before(busyFrom)
		if err := s.play(); err != nil {
			return fmt.Errorf("history of %s: %w", d.Day, err)
		}
		b.step(dayWeight, "history "+d.String())
	}
	return ledger.Err()
}

// wish is what a reader asks for.
func wish(k *book) string {
	switch {
	case k.kind == kiosk.Reference && k.sub == kiosk.Story:
		return "story"
	case k.kind == kiosk.Reference && k.sub == kiosk.Dictionary:
		return "dictionary"
	case k.kind == kiosk.Reference:
		return "reference"
	case k.kind == kiosk.Professional:
		return "professional"
	}
	return "aid"
}

// call is a reader who comes on the day, at a second of it.
type call struct {
	at  int
	who *reader
}

// play lives one day: what arrives and what was planned in the morning, then
// the readers in the order in which they come.
func (s *simulation) play() error {
	s.clock = s.day.At(7, 30, s.loc)
	for len(s.issues) > 0 && !s.issues[0].on.After(s.day.Day) {
		if err := s.register(s.issues[0].title, s.issues[0].copy, s.day.Day); err != nil {
			return err
		}
		s.issues = s.issues[1:]
	}
	s.clock = s.day.At(8, 5, s.loc)
	for _, do := range s.plans[s.day.Day] {
		if err := do(); err != nil {
			return err
		}
	}
	var calls []call
	for _, r := range s.readers {
		if s.comes(r) {
			calls = append(calls, call{s.hour(r), r})
		}
	}
	slices.SortStableFunc(calls, func(a, b call) int { return a.at - b.at })
	for _, c := range calls {
		if at := s.day.At(0, 0, s.loc).Add(time.Duration(c.at) * time.Second); at.After(s.clock) {
			s.clock = at
		}
		if err := s.visit(c.who); err != nil {
			return fmt.Errorf("%s: %w", c.who.patron.Name, err)
		}
	}
	return nil
}

// chance is true so often.
func (s *simulation) chance(p float64) bool { return s.rng.Float64() < p }

// comes decides whether the reader comes today. It draws the same number of
// chances whatever the answer, so that a small change moves little.
func (s *simulation) comes(r *reader) bool {
	draw := s.rng.Float64()
	if r.gone {
		return false
	}
	has := len(r.loans) > 0
	if s.day.close {
		return has
	}
	if !s.day.lends {
		return has && draw < 0.4
	}
	rate := s.rate()
	if !r.pupil() {
		return draw < 0.12*rate || s.pressing(r) && draw < 0.4
	}
	grade := r.grade
	if s.day.term.ID == s.last.ID {
		grade--
	}
	if grade == 0 {
		return false
	}
	friday := s.day.Weekday() == time.Friday
	own := int(s.day.Weekday())+1 == grade || friday && grade == 1
	switch {
	case own && has:
		return draw < 0.93
	case has && s.pressing(r):
		return draw < 0.3
	case own:
		return draw < 0.4*rate*r.appetite
	case friday:
		return draw < 0.08*rate*r.appetite
	}
	return draw < 0.015*rate*r.appetite
}

// rate is how busy the day is, 1 for a real school's.
func (s *simulation) rate() float64 {
	if s.busy {
		return s.size.busy
	}
	return s.size.thin
}

// pressing reports whether something the reader has is due.
func (s *simulation) pressing(r *reader) bool {
	for _, l := range r.loans {
		if s.day.Sub(l.due) > -2 {
			return true
		}
	}
	return false
}

// hour is the second of the day at which the reader comes: pupils in the
// breaks, teachers mostly after noon.
func (s *simulation) hour(r *reader) int {
	minute := func(from, minutes int) int { return (from + s.rng.IntN(minutes)) * 60 }
	n := s.rng.IntN(10)
	switch {
	case !r.pupil() && n < 7:
		return minute(13*60+45, 120) + s.rng.IntN(60)
	case r.pupil() && n < 7:
		return minute(9*60+20, 18) + s.rng.IntN(60)
	case r.pupil() && n < 9:
		return minute(15*60+10, 18) + s.rng.IntN(60)
	}
	return minute(8*60+15, 60) + s.rng.IntN(60)
}
