package register

import (
	"cmp"
	"slices"

	"muontra/kiosk"
)

// corners is the class-corner register: what was handed over, how it was used, and
// what the classes brought themselves.
var corners = &Sheet{
	Name: "class-corners", Wide: true, Period: Year, Names: true, Signs: []string{"librarian", "head"},
	Parts: func(s *Source) ([]Part, error) {
		return []Part{
			{Key: "handover", Lines: s.handovers, Proof: s.proveHandovers, Columns: []Column{
				{Key: "handed", Kind: Day, Width: 24}, {Key: "box", Kind: Code, Width: 16}, {Key: "accessions", Kind: Text, Width: 62}, {Key: "copies", Kind: Number, Width: 16, Sum: true},
				{Key: "condition", Kind: Text, Width: 30}, {Key: "handed_by", Kind: Text, Width: 34}, {Key: "keeper", Kind: Text, Width: 40},
				{Key: "confirmed", Kind: Day, Width: 24}, {Key: "until", Kind: Day, Width: 24}, {Key: "ended", Kind: Day, Width: 24, Later: true},
			}},
			{Key: "use", Lines: s.cornerUse, Proof: s.proveCornerUse, NoNumbers: true, Columns: []Column{
				{Key: "week_from", Kind: Day, Width: 24}, {Key: "corner", Kind: Text, Width: 40}, {Key: "readings", Kind: Number, Width: 20, Sum: true}, {Key: "readers_counted", Kind: Number, Width: 24, Sum: true}, {Key: "lent_there", Kind: Number, Width: 24, Sum: true}, {Key: "own_there", Kind: Number, Width: 24},
			}},
			{Key: "own", Lines: s.ownBooks, Proof: s.proveOwnBooks, Columns: []Column{
				{Key: "date", Kind: Day, Width: 24}, {Key: "corner", Kind: Text, Width: 40}, {Key: "what", Kind: Text, Width: 60}, {Key: "copies", Kind: Number, Width: 16, Sum: true}, {Key: "given_back", Kind: Day, Width: 24, Later: true},
			}},
		}, nil
	},
}

// places are all by their id.
func (s *Source) places() (map[kiosk.ID]kiosk.Place, error) {
	all, err := s.View.Places()
	of := map[kiosk.ID]kiosk.Place{}
	for _, p := range all {
		of[p.ID] = p
	}
	return of, err
}

func (s *Source) handovers(yield func(Line) error) error {
	places, err := s.places()
	if err != nil {
		return err
	}
	all, err := s.View.Corners()
	if err != nil {
		return err
	}
	for _, c := range all {
		keeper, _, err := s.Who(c.Keeper)
		if err != nil {
			return err
		}
		ds, err := s.View.Deposits(c.Place)
		if err != nil {
			return err
		}
		slices.SortFunc(ds, func(a, b kiosk.Deposit) int { return cmp.Or(a.Begun.Compare(b.Begun), cmp.Compare(a.ID, b.ID)) })
		first := true
		for _, d := range ds {
			if d.Undone || d.Handed.IsZero() || !s.In(s.DayOf(d.Handed)) {
				continue
			}
			copies, err := s.View.DepositCopies(d.ID)
			if err != nil {
				return err
			}
			x, err := s.boxOf(copies)
			if err != nil {
				return err
			}
			giver, err := s.accountName(d.BegunBy)
			if err != nil {
				return err
			}
			l := Line{Key: string(d.ID), Day: s.DayOf(d.Handed), Cells: []any{s.DayOf(d.Handed), d.Box, x.numbers, x.n, x.conditions, giver, keeper.Name, nil, d.Until, nil}}
			if !d.Confirmed.IsZero() {
				l.Cells[7] = s.DayOf(d.Confirmed)
			}
			if !d.Ended.IsZero() {
				l.Cells[9] = s.DayOf(d.Ended)
			}
			if first {
				l.Head, first = places[c.Place].Name, false
			}
			if err := yield(l); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Source) cornerUse(yield func(Line) error) error {
	places, err := s.places()
	if err != nil {
		return err
	}
	all, err := s.View.Corners()
	if err != nil {
		return err
	}
	type week struct {
		from  kiosk.Day
		place kiosk.ID
	}
	type use struct{ readings, readers, loans int }
	of := map[week]*use{}
	at := func(d kiosk.Day, p kiosk.ID) *use {
		w := week{d.Add(-(int(d.Weekday()) + 6) % 7), p}
		if of[w] == nil {
			of[w] = &use{}
		}
		return of[w]
	}
	from, _ := s.Bounds()
	for _, c := range all {
		rs, err := s.View.Readings(c.Place, s.From, s.To)
		if err != nil {
			return err
		}
		for _, r := range rs {
			if !r.Removed {
				u := at(r.Day, c.Place)
				u.readings, u.readers = u.readings+r.Count, u.readers+r.Readers
			}
		}
		ls, err := s.View.CornerLoans(c.Place, from)
		if err != nil {
			return err
		}
		for _, l := range ls {
			if d := s.DayOf(l.CheckedOutAt); l.End != kiosk.LoanUndone && s.In(d) {
				at(d, c.Place).loans++
			}
		}
	}
	var weeks []week
	for w := range of {
		weeks = append(weeks, w)
	}
	own, err := s.View.OwnBooks("")
	if err != nil {
		return err
	}
	slices.SortFunc(weeks, func(a, b week) int {
		return cmp.Or(cmp.Compare(a.from.String(), b.from.String()), cmp.Compare(places[a.place].Code, places[b.place].Code))
	})
	for _, w := range weeks {
		u := of[w]
		day := w.from
		if day.Before(s.From) {
			day = s.From
		}
		if err := yield(Line{Key: w.from.String() + " " + string(w.place), Day: day, Cells: []any{w.from, places[w.place].Name, u.readings, u.readers, u.loans, ownThere(own, w.place, w.from)}}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Source) ownBooks(yield func(Line) error) error {
	places, err := s.places()
	if err != nil {
		return err
	}
	all, err := s.View.OwnBooks("")
	if err != nil {
		return err
	}
	for _, b := range all {
		if s.In(b.Since) {
			if err := yield(Line{Key: string(b.ID), Day: b.Since, Cells: []any{b.Since, places[b.Place].Name, b.Text, b.Quantity, b.GivenBack}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// rotations is the rotation register (sổ luân chuyển): each box's way from corner to
// corner, counted.
var rotations = &Sheet{
	Name: "rotations", Period: Year, Signs: []string{"librarian"},
	Parts: func(s *Source) ([]Part, error) {
		return []Part{{Columns: []Column{
			{Key: "date", Kind: Day, Width: 24}, {Key: "from_corner", Kind: Text, Width: 40}, {Key: "to_corner", Kind: Text, Width: 40}, {Key: "copies_planned", Kind: Number, Width: 22, Sum: true}, {Key: "copies_moved", Kind: Number, Width: 22, Sum: true, Later: true}, {Key: "copies_in", Kind: Number, Width: 22, Sum: true, Later: true}, {Key: "until", Kind: Day, Width: 24},
		}, Lines: s.rotationLines, Proof: s.proveRotations}}, nil
	},
}

func (s *Source) rotationLines(yield func(Line) error) error {
	places, err := s.places()
	if err != nil {
		return err
	}
	all, err := s.View.Rotations()
	if err != nil {
		return err
	}
	for _, r := range slices.Backward(all) {
		first := true
		for n, m := range r.Moves {
			day := r.Day
			if !m.Done.IsZero() {
				day = s.DayOf(m.Done)
			}
			if r.Undone || !s.In(day) {
				continue
			}
			in, err := s.cameIn(m)
			if err != nil {
				return err
			}
			l := Line{Key: string(r.ID) + " " + string(rune('a'+n%26)), Day: day, Cells: []any{day, places[m.From].Name, places[m.To].Name, m.Copies, m.Out, in, r.Until}}
			if first {
				l.Head, first = r.Name, false
			}
			if err := yield(l); err != nil {
				return err
			}
		}
	}
	return nil
}
