package kiosk

import (
	"cmp"
	"slices"
	"time"
)

// What the school reads of its corners: each is computed of the ledger for a
// span of days, for a page, a sheet or a register on paper.

// CornerMonth is a line of the class-corner register (seed R130): one corner in
// one month.
type CornerMonth struct {
	Place     Place
	Class     string
	Year      int
	Month     time.Month
	Readings  int // counted in the corner
	Readers   int // pupils who read, where that was counted
	Loans     int
	Borrowers int // different pupils who borrowed
	In, Out   int // the library's books that came and went
	Rotations int // boxes that came by rotation
	Own       int // the class's own books there at its end
}

// CornerRegister has a line for each corner and month of the days, by code and
// month, from the first month in which anything was there.
func CornerRegister(v View, from, to Day) ([]CornerMonth, error) {
	x, err := readCorners(v)
	if err != nil {
		return nil, err
	}
	type key struct {
		place ID
		y     int
		m     time.Month
	}
	lines := map[key]*CornerMonth{}
	var order []key
	for _, c := range x.corners {
		for d := (Day{from.Year, from.Month, 1}); !d.After(to); d = d.AddMonths(1) {
			k := key{c.Place, d.Year, d.Month}
			l := &CornerMonth{Place: x.places[c.Place], Class: x.classes[c.Place], Year: d.Year, Month: d.Month}
			for _, o := range x.own[c.Place] {
				if last := d.AddMonths(1).Add(-1); !o.Since.After(last) && (o.GivenBack.IsZero() || o.GivenBack.After(last)) {
					l.Own += o.Quantity
				}
			}
			lines[k], order = l, append(order, k)
		}
	}
	at := func(place ID, d Day) *CornerMonth {
		l := lines[key{place, d.Year, d.Month}]
		if l == nil || d.Before(from) || d.After(to) {
			return &CornerMonth{}
		}
		return l
	}
	rs, err := v.Readings("", from, to)
	if err != nil {
		return nil, err
	}
	for _, r := range rs {
		l := at(r.Place, r.Day)
		l.Readings += r.Count
		l.Readers += r.Readers
	}
	ls, err := v.CornerLoans("", from.At(0, 0, x.zone))
	if err != nil {
		return nil, err
	}
	who := map[*CornerMonth]map[ID]bool{}
	for _, loan := range ls {
		l := at(loan.Corner, DayOf(loan.CheckedOutAt, x.zone))
		l.Loans++
		if who[l] == nil {
			who[l] = map[ID]bool{}
		}
		who[l][loan.PatronRef] = true
		l.Borrowers = len(who[l])
	}
	for _, d := range x.deposits {
		if d.Rotation != "" && !d.Undone {
			at(d.Place, DayOf(d.Begun, x.zone)).Rotations++
		}
		for _, c := range x.copies[d.ID] {
			if c.End == BoxUndone || d.Undone {
				continue
			}
			at(d.Place, DayOf(c.Since, x.zone)).In++
			if c.End != InBox {
				at(d.Place, DayOf(c.EndedAt, x.zone)).Out++
			}
		}
	}
	var out []CornerMonth
	began := map[ID]bool{}
	for _, k := range order {
		l := *lines[k]
		if idle := (l == CornerMonth{Place: l.Place, Class: l.Class, Year: l.Year, Month: l.Month}); idle && !began[k.place] {
			continue // it was no corner yet
		}
		began[k.place] = true
		out = append(out, l)
	}
	return out, nil
}

// cornersRead is what the registers look at.
type cornersRead struct {
	corners  []Corner
	places   map[ID]Place
	classes  map[ID]string // by place
	own      map[ID][]OwnBooks
	deposits []Deposit // oldest first
	copies   map[ID][]DepositCopy
	zone     *time.Location
}

func readCorners(v View) (x cornersRead, err error) {
	site, err := v.Site()
	if err != nil {
		return x, err
	}
	if x.zone, err = site.Location(); err != nil {
		return x, err
	}
	if x.corners, err = v.Corners(); err != nil {
		return x, err
	}
	places, err := v.Places()
	if err != nil {
		return x, err
	}
	x.places, x.classes, x.own, x.copies = map[ID]Place{}, map[ID]string{}, map[ID][]OwnBooks{}, map[ID][]DepositCopy{}
	for _, p := range places {
		x.places[p.ID] = p
	}
	for _, c := range x.corners {
		if c.Class == "" {
			continue
		}
		class, err := v.Class(c.Class)
		if err != nil {
			return x, err
		}
		x.classes[c.Place] = class.Name
	}
	own, err := v.OwnBooks("")
	if err != nil {
		return x, err
	}
	for _, o := range own {
		x.own[o.Place] = append(x.own[o.Place], o)
	}
	if x.deposits, err = v.Deposits(""); err != nil {
		return x, err
	}
	slices.Reverse(x.deposits)
	for _, d := range x.deposits {
		if x.copies[d.ID], err = v.DepositCopies(d.ID); err != nil {
			return x, err
		}
	}
	return x, nil
}

// RotationLine is a line of the rotation register (seed R131): one box, once.
type RotationLine struct {
	Rotation  Rotation
	Nth       int // of the school's rotations, from 1
	From, To  Place
	Box       string
	Moved     Day // zero while the box waits
	Copies    int // that were to go
	Out       int // that went
	Confirmed Day // by the keeper of To
}

// RotationRegister has the boxes of all rotations that count, oldest first.
func RotationRegister(v View) ([]RotationLine, error) {
	x, err := readCorners(v)
	if err != nil {
		return nil, err
	}
	all, err := v.Rotations()
	if err != nil {
		return nil, err
	}
	boxes := map[ID]Deposit{}
	for _, d := range x.deposits {
		boxes[d.ID] = d
	}
	var lines []RotationLine
	n := 0
	for _, r := range slices.Backward(all) {
		if r.Undone {
			continue
		}
		n++
		for _, m := range r.Moves {
			l := RotationLine{Rotation: r, Nth: n, From: x.places[m.From], To: x.places[m.To], Copies: m.Copies, Out: m.Out}
			l.Box = l.From.Code
			if !m.Done.IsZero() {
				l.Moved = DayOf(m.Done, x.zone)
			}
			if b, ok := boxes[m.Deposit]; ok {
				l.Box = b.Box
				if !b.Confirmed.IsZero() {
					l.Confirmed = DayOf(b.Confirmed, x.zone)
				}
			}
			lines = append(lines, l)
		}
	}
	return lines, nil
}

// CornerBook is how a copy of the corners was used in a span of days.
type CornerBook struct {
	Item     Item
	Place    Place // whose box it is in now; zero when it has left the corners
	Loans    int
	Readings int // when it was named
}

// Used is how often anybody had it.
func (b CornerBook) Used() int { return b.Loans + b.Readings }

// CornerBooks are the copies that stand in a corner's box, or were used in one
// in the days: the most used first, and those that nobody touched last.
func CornerBooks(v View, from, to Day) ([]CornerBook, error) {
	x, err := readCorners(v)
	if err != nil {
		return nil, err
	}
	by := map[ID]*CornerBook{}
	var order []ID
	book := func(id ID) *CornerBook {
		if by[id] == nil {
			by[id], order = &CornerBook{}, append(order, id)
		}
		return by[id]
	}
	for _, d := range x.deposits {
		for _, c := range x.copies[d.ID] {
			if c.End == InBox {
				book(c.Copy).Place = x.places[d.Place]
			}
		}
	}
	ls, err := v.CornerLoans("", from.At(0, 0, x.zone))
	if err != nil {
		return nil, err
	}
	for _, l := range ls {
		if !DayOf(l.CheckedOutAt, x.zone).After(to) {
			book(l.CopyID).Loans++
		}
	}
	rs, err := v.Readings("", from, to)
	if err != nil {
		return nil, err
	}
	for _, r := range rs {
		if r.Copy != "" {
			book(r.Copy).Readings += r.Count
		}
	}
	out := make([]CornerBook, 0, len(order))
	for _, id := range order {
		if by[id].Item, err = v.Item(id); err != nil {
			return nil, err
		}
		out = append(out, *by[id])
	}
	slices.SortStableFunc(out, func(a, b CornerBook) int {
		return cmp.Or(cmp.Compare(b.Used(), a.Used()), cmp.Compare(a.Item.Accession, b.Item.Accession))
	})
	return out, nil
}

// WearLine is a copy that left a box: its condition at hand-over and at return.
type WearLine struct {
	DepositCopy
	Box   string
	Place Place
	Item  Item
	Day   Day // on which it left
}

// Worse reports whether it came back worse, or did not come back.
func (w WearLine) Worse() bool {
	rank := map[Condition]int{ConditionGood: 0, ConditionWorn: 1, ConditionDamaged: 2}
	return w.End == BoxCopyLost || rank[w.Back] > rank[w.Condition]
}

// CornerWear are the copies that left a box on the days, oldest first.
func CornerWear(v View, from, to Day) ([]WearLine, error) {
	x, err := readCorners(v)
	if err != nil {
		return nil, err
	}
	var lines []WearLine
	for _, d := range x.deposits {
		for _, c := range x.copies[d.ID] {
			day := DayOf(c.EndedAt, x.zone)
			if c.End == InBox || c.End == BoxUndone || day.Before(from) || day.After(to) {
				continue
			}
			item, err := v.Item(c.Copy)
			if err != nil {
				return nil, err
			}
			lines = append(lines, WearLine{c, d.Box, x.places[d.Place], item, day})
		}
	}
	slices.SortStableFunc(lines, func(a, b WearLine) int { return a.EndedAt.Compare(b.EndedAt) })
	return lines, nil
}
