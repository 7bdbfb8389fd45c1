package kiosk

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// BoxRow is a copy that belongs into a box, with what is known of it.
type BoxRow struct {
	DepositCopy
	Item Item
	Out  *Loan // its open loan
}

// BoxRowState says where a copy of a box is.
type BoxRowState string

// The states. Missing is said only of a box that is being counted.
const (
	RowHere      BoxRowState = "here"
	RowOnLoan    BoxRowState = "on_loan"
	RowElsewhere BoxRowState = "elsewhere" // somebody has put it at another place
	RowLost      BoxRowState = "lost"      // or withdrawn
	RowMissing   BoxRowState = "missing"   // not scanned at the count
)

// State is where the copy is, in its box.
func (r BoxRow) State(d Deposit) BoxRowState {
	switch s := r.Item.State; {
	case r.Out != nil:
		return RowOnLoan
	case s.Status == CopyLost, s.Status == CopyWithdrawn:
		return RowLost
	case s.Place != d.Place, !r.Astray.IsZero():
		return RowElsewhere
	case !d.Counted.IsZero() && r.Seen.Before(d.Counted):
		return RowMissing
	}
	return RowHere
}

// BoxRows are the copies that belong into a box now, by title; with all, those
// that have left it too, in the order in which they came.
func BoxRows(v View, deposit ID, all bool) ([]BoxRow, error) {
	cs, err := v.DepositCopies(deposit)
	if err != nil {
		return nil, fmt.Errorf("copies of box %s: %w", deposit, err)
	}
	var rows []BoxRow
	for _, c := range cs {
		if c.End != InBox && !all {
			continue
		}
		r := BoxRow{DepositCopy: c}
		if r.Item, err = v.Item(c.Copy); err != nil {
			return nil, fmt.Errorf("copy of box %s: %w", deposit, err)
		}
		l, err := v.OpenLoan(c.Copy)
		switch {
		case err == nil:
			r.Out = &l
		case !errors.Is(err, ErrNotFound):
			return nil, fmt.Errorf("open loan: %w", err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// Pick asks for copies to fill a box with.
type Pick struct {
	Place  ID       // the corner: titles that it has had are left out
	Count  int      // how many, at most MaxBox
	Grade  int      // of the titles; 0 for any. Titles that say no grade fit every one
	Levels []string // reading levels, in equal parts; none: any
}

// PickCopies chooses copies that stand in the library for a corner: available,
// on no loan, kept for nobody, of kinds that pupils borrow, of titles that the
// corner has not had; one copy a title while there are enough titles, the levels
// in turn, what was lent least first.
func PickCopies(v View, q Pick) ([]Item, error) {
	busy, err := notToPick(v, q.Place)
	if err != nil {
		return nil, err
	}
	levelOf, err := fitting(v, q)
	if err != nil {
		return nil, err
	}
	byLevel := make([][]Copy, max(len(q.Levels), 1))
	err = v.EachOfStock(func(c Copy) error {
		if busy.copies[c.ID] || busy.titles[c.TitleID] || busy.places[c.State.Place] || c.State.Status != CopyAvailable ||
			c.Kind != Children && c.Kind != Reference || c.SubKind == Dictionary || c.SetID != "" {
			return nil
		}
		if level := levelOf(c.TitleID); level >= 0 {
			byLevel[level] = append(byLevel[level], c)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, copies := range byLevel {
		slices.SortFunc(copies, func(a, b Copy) int {
			return cmp.Or(a.State.Loans-b.State.Loans, CompareAccessions(a, b))
		})
	}
	var picked []Item
	had := map[ID]bool{}
	for _, twice := range []bool{false, true} { // then a second copy of a title
		for more := true; more && len(picked) < q.Count; {
			more = false
			for l := range byLevel {
				n := slices.IndexFunc(byLevel[l], func(c Copy) bool { return twice || !had[c.TitleID] })
				if n < 0 || len(picked) == q.Count {
					continue
				}
				i, err := v.Item(byLevel[l][n].ID)
				if err != nil {
					return nil, err
				}
				byLevel[l] = slices.Delete(byLevel[l], n, n+1)
				had[i.TitleID], more = true, true
				picked = append(picked, i)
			}
		}
	}
	return picked, nil
}

// fitting tells of a title which of the levels it counts to, -1 for none. Titles
// are read only where the level or the grade is asked for.
func fitting(v View, q Pick) (func(title ID) int, error) {
	if len(q.Levels) == 0 && q.Grade == 0 {
		return func(ID) int { return 0 }, nil
	}
	of := map[ID]int{}
	err := v.EachTitle(func(t Title) error {
		level := 0
		if len(q.Levels) > 0 {
			level = slices.Index(q.Levels, t.Level)
		}
		if q.Grade != 0 && t.Grade != 0 && t.Grade != q.Grade {
			level = -1
		}
		of[t.ID] = level
		return nil
	})
	return func(title ID) int {
		if level, known := of[title]; known {
			return level
		}
		return -1
	}, err
}

type notPicked struct{ copies, titles, places map[ID]bool }

func notToPick(v View, corner ID) (n notPicked, err error) {
	n = notPicked{map[ID]bool{}, map[ID]bool{}, map[ID]bool{}}
	ps, err := v.Places()
	if err != nil {
		return n, err
	}
	for _, p := range ps {
		n.places[p.ID] = p.Kind != Library && p.Kind != Shelf
	}
	if err := v.EachLoan(true, func(l Loan) error { n.copies[l.CopyID] = true; return nil }); err != nil {
		return n, err
	}
	holds, err := v.OpenHolds()
	if err != nil {
		return n, err
	}
	for _, h := range holds {
		n.titles[h.TitleID] = true
	}
	ds, err := v.Deposits(corner)
	if err != nil {
		return n, err
	}
	for _, d := range ds {
		cs, err := v.DepositCopies(d.ID)
		if err != nil {
			return n, err
		}
		for _, c := range cs {
			i, err := v.Item(c.Copy)
			if err != nil {
				return n, err
			}
			if c.End != BoxUndone {
				n.titles[i.TitleID] = true
			}
		}
	}
	return n, nil
}
