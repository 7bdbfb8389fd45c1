package kiosktest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// cornerTables are what events leave of corners.
type cornerTables struct {
	corners   table[kiosk.Corner]
	deposits  table[kiosk.Deposit]
	copies    table[kiosk.DepositCopy]
	own       table[kiosk.OwnBooks]
	readings  table[kiosk.Reading]
	rotations table[kiosk.Rotation]
	finds     table[kiosk.Find]
	acts      map[string]kiosk.CornerAct
}

func newCornerTables() cornerTables {
	return cornerTables{
		newTable[kiosk.Corner](), newTable[kiosk.Deposit](), newTable[kiosk.DepositCopy](), newTable[kiosk.OwnBooks](),
		newTable[kiosk.Reading](), newTable[kiosk.Rotation](), newTable[kiosk.Find](), map[string]kiosk.CornerAct{},
	}
}

// own makes a value that shares no list with the ledger's.
func own[T any](x T, wrap func(T) *kiosk.CornerChange, unwrap func(*kiosk.CornerChange) T) T {
	return unwrap(wrap(x).Tidied())
}

func ownCorner(c kiosk.Corner) kiosk.Corner {
	return own(c, func(c kiosk.Corner) *kiosk.CornerChange { return &kiosk.CornerChange{Corners: []kiosk.Corner{c}} }, func(c *kiosk.CornerChange) kiosk.Corner { return c.Corners[0] })
}

func ownRotation(r kiosk.Rotation) kiosk.Rotation {
	return own(r, func(r kiosk.Rotation) *kiosk.CornerChange {
		return &kiosk.CornerChange{Rotations: []kiosk.Rotation{r}}
	}, func(c *kiosk.CornerChange) kiosk.Rotation { return c.Rotations[0] })
}

func (v *view) Corner(place kiosk.ID) (kiosk.Corner, error) {
	c, err := v.d.corners.corners.get("corner", place)
	return ownCorner(c), err
}

func (v *view) Corners() ([]kiosk.Corner, error) {
	all := v.d.corners.corners.all()
	for i := range all {
		all[i] = ownCorner(all[i])
	}
	return sorted(all, func(c kiosk.Corner) string { return v.d.places.rows[c.Place].Code + "\x00" + string(c.Place) }), nil
}

func (v *view) Deposit(id kiosk.ID) (kiosk.Deposit, error) {
	return v.d.corners.deposits.get("deposit", id)
}

func (v *view) Deposits(place kiosk.ID) ([]kiosk.Deposit, error) {
	all := slices.DeleteFunc(v.d.corners.deposits.all(), func(d kiosk.Deposit) bool { return place != "" && d.Place != place })
	slices.Reverse(all)
	return all, nil
}

func (v *view) DepositCopies(deposit kiosk.ID) ([]kiosk.DepositCopy, error) {
	return v.boxCopies(func(c kiosk.DepositCopy) bool { return c.Deposit == deposit }), nil
}

func (v *view) boxCopies(keep func(kiosk.DepositCopy) bool) []kiosk.DepositCopy {
	return slices.DeleteFunc(v.d.corners.copies.all(), func(c kiosk.DepositCopy) bool { return !keep(c) })
}

func (v *view) BoxOf(copyID kiosk.ID) (kiosk.DepositCopy, error) {
	in := v.boxCopies(func(c kiosk.DepositCopy) bool { return c.Copy == copyID && c.End == kiosk.InBox })
	if len(in) == 0 {
		return kiosk.DepositCopy{}, missing("box of copy", copyID)
	}
	return in[0], nil
}

func (v *view) DepositsOfCopy(copyID kiosk.ID) ([]kiosk.DepositCopy, error) {
	return v.boxCopies(func(c kiosk.DepositCopy) bool { return c.Copy == copyID }), nil
}

func (v *view) ItemsAt(place kiosk.ID) ([]kiosk.Item, error) {
	return v.items(func(c kiosk.Copy) bool { return place != "" && v.d.states[c.ID].Place == place }), nil
}

func (v *view) OwnBooks(place kiosk.ID) ([]kiosk.OwnBooks, error) {
	return slices.DeleteFunc(v.d.corners.own.all(), func(o kiosk.OwnBooks) bool { return place != "" && o.Place != place }), nil
}

func (v *view) Readings(place kiosk.ID, from, to kiosk.Day) ([]kiosk.Reading, error) {
	all := slices.DeleteFunc(v.d.corners.readings.all(), func(r kiosk.Reading) bool {
		return r.Removed || place != "" && r.Place != place || r.Day.Before(from) || r.Day.After(to)
	})
	return sorted(all, func(r kiosk.Reading) string { return r.Day.String() }), nil
}

func (v *view) Reading(id kiosk.ID) (kiosk.Reading, error) {
	return v.d.corners.readings.get("reading", id)
}

func (v *view) Finds(deposit kiosk.ID) ([]kiosk.Find, error) {
	return slices.DeleteFunc(v.d.corners.finds.all(), func(f kiosk.Find) bool { return f.Deposit != deposit }), nil
}

func (v *view) Find(id kiosk.ID) (kiosk.Find, error) { return v.d.corners.finds.get("find", id) }

func (v *view) OpenFinds() ([]kiosk.Find, error) {
	return slices.DeleteFunc(v.d.corners.finds.all(), func(f kiosk.Find) bool { return f.Settled != kiosk.FindOpen }), nil
}

func (v *view) Rotation(id kiosk.ID) (kiosk.Rotation, error) {
	r, err := v.d.corners.rotations.get("rotation", id)
	return ownRotation(r), err
}

func (v *view) Rotations() ([]kiosk.Rotation, error) {
	all := v.d.corners.rotations.all()
	slices.Reverse(all)
	for i := range all {
		all[i] = ownRotation(all[i])
	}
	return all, nil
}

func (v *view) CornerAct(command string) (kiosk.CornerAct, error) {
	a, ok := v.d.corners.acts[command]
	if !ok {
		return a, missing("corner act", command)
	}
	return a, nil
}

func (v *view) CornerActs(since time.Time) ([]kiosk.CornerAct, error) {
	var all []kiosk.CornerAct
	for _, a := range v.d.corners.acts {
		if !a.At.Before(since.Truncate(time.Second)) {
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(a, b kiosk.CornerAct) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Command, a.Command)) })
	return all, nil
}

func (v *view) CornerLoans(place kiosk.ID, since time.Time) ([]kiosk.LoanItem, error) {
	return v.cornerLoans(place, func(l kiosk.Loan) bool { return !l.CheckedOutAt.Before(since) && l.End != kiosk.LoanUndone }), nil
}

func (v *view) OpenCornerLoans(place kiosk.ID) ([]kiosk.LoanItem, error) {
	return v.cornerLoans(place, kiosk.Loan.Open), nil
}

func (v *view) cornerLoans(place kiosk.ID, keep func(kiosk.Loan) bool) []kiosk.LoanItem {
	var ls []kiosk.LoanItem
	for _, l := range v.loans(func(l kiosk.Loan) bool { return l.Corner != "" && (place == "" || l.Corner == place) && keep(l) }) {
		ls = append(ls, kiosk.LoanItem{Loan: l, Item: v.item(v.d.copies.rows[l.CopyID])})
	}
	return ls
}

func (v *view) EventsOfCorner(place kiosk.ID, limit int) ([]kiosk.Event, error) {
	about := []kiosk.EventType{kiosk.EventCorner, kiosk.EventHandover, kiosk.EventBoxBack, kiosk.EventRotation}
	return v.newest(limit, func(e kiosk.Event) bool {
		return e.CopyID == "" && slices.Contains(about, e.Type) && e.Payload.Corner != nil && e.Payload.Corner.Place == place
	})
}

// putCorner writes what an event leaves of corners.
func (t *tx) putCorner(c *kiosk.CornerChange) error {
	if c = c.Tidied(); c == nil {
		return nil
	}
	d := &t.d.corners
	var wrong error
	need := func(errs ...error) { wrong = cmp.Or(wrong, errors.Join(errs...)) }
	corner := func(place kiosk.ID) error { _, err := d.corners.get("corner", place); return err }
	for _, x := range c.Corners {
		_, err := t.d.places.get("place", x.Place)
		need(err, t.d.classes.need("class", x.Class))
		d.corners.put(t, x.Place, x)
	}
	for _, x := range c.Deposits {
		need(corner(x.Place), given("deposit's id", x.ID))
		d.deposits.put(t, x.ID, x)
	}
	for _, inBox := range []bool{false, true} { // ends before beginnings
		for _, x := range c.Copies {
			if (x.End == kiosk.InBox) != inBox {
				continue
			}
			_, err := d.deposits.get("deposit", x.Deposit)
			_, err2 := t.d.copies.get("copy", x.Copy)
			need(err, err2, in("end", x.End, kiosk.DepositEnds...), given("id", x.ID))
			if was, err := t.BoxOf(x.Copy); err == nil && was.ID != x.ID && x.End == kiosk.InBox {
				return conflict("copy %s in two boxes", x.Copy)
			}
			d.copies.put(t, x.ID, x)
		}
	}
	for _, x := range c.Own {
		need(corner(x.Place), given("id", x.ID))
		if x.Quantity < 1 {
			need(fmt.Errorf("own books: %d", x.Quantity))
		}
		d.own.put(t, x.ID, x)
	}
	for _, x := range c.Readings {
		need(corner(x.Place), t.d.copies.need("copy", x.Copy), given("id", x.ID), given("day", x.Day.String()))
		if x.Count < 1 {
			need(fmt.Errorf("readings: %d", x.Count))
		}
		d.readings.put(t, x.ID, x)
	}
	for _, x := range c.Rotations {
		need(given("rotation's name", x.Name), given("id", x.ID))
		d.rotations.put(t, x.ID, x)
	}
	for _, x := range c.Finds {
		_, err := d.deposits.get("deposit", x.Deposit)
		need(err, t.d.copies.need("copy", x.Copy), in("kind of find", x.Kind, kiosk.FindKinds...), in("find's end", x.Settled, kiosk.FindDones...), given("id", x.ID))
		d.finds.put(t, x.ID, x)
	}
	if c.Act != nil {
		need(given("command", c.Act.Command))
		if _, ok := d.acts[c.Act.Command]; ok {
			return conflict("corner act %s", c.Act.Command)
		}
		setKey(t, d.acts, c.Act.Command, *c.Act)
	}
	return wrong
}
