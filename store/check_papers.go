package store

import (
	"fmt"
	"maps"
	"slices"

	"muontra/kiosk"
)

// papers compares what was signed with what the events say: a stocktake's minutes
// with its lines, a closed withdrawal with the copies that it took out, and the
// lines of registers that were closed with those before them.
func (c *checker) papers(want kiosk.RecordProjection) error {
	c.minutes(want)
	if err := c.withdrawn(want); err != nil {
		return err
	}
	return c.closings()
}

// minutes counts the lines of each closed stocktake anew.
func (c *checker) minutes(want kiosk.RecordProjection) {
	counted := map[kiosk.ID]map[kiosk.StockState]int{}
	for k, l := range want.Lines {
		if counted[k.Stocktake] == nil {
			counted[k.Stocktake] = map[kiosk.StockState]int{}
		}
		counted[k.Stocktake][l.ClosedState()]++
	}
	strays, lines := map[kiosk.ID]int{}, map[kiosk.ID]int{}
	for k := range want.Strays {
		strays[k.Stocktake]++
	}
	for k, q := range want.Quantities {
		if !q.Seen.IsZero() {
			lines[k.Stocktake]++
		}
	}
	for _, id := range slices.Sorted(maps.Keys(want.Stocktakes)) {
		s := want.Stocktakes[id]
		if s.Open() != (s.Minutes == nil) && !s.Dropped {
			c.add("minutes_differ", string(id), "closed without minutes, or open with them")
		}
		if s.Minutes == nil {
			continue
		}
		for _, st := range kiosk.StockStates {
			if said, is := s.Minutes.Sums.All.Of(st), counted[id][st]; said != is {
				c.add("minutes_differ", string(id), "%s: the minutes say %d, the lines %d", st, said, is)
			}
		}
		if said, is := s.Minutes.Sums.Strays, strays[id]; said != is {
			c.add("minutes_differ", string(id), "strange codes: the minutes say %d, the list %d", said, is)
		}
		if said, is := len(s.Minutes.Quantities), lines[id]; said != is {
			c.add("minutes_differ", string(id), "lines counted by number: the minutes say %d, the list %d", said, is)
		}
	}
}

// withdrawn looks whether what a closed withdrawal lists has left the stock.
func (c *checker) withdrawn(want kiosk.RecordProjection) error {
	gone := map[kiosk.ID]bool{}
	_, err := rows(c.v, "withdrawn copies", `SELECT copy_id FROM copy_state WHERE status = 'withdrawn'`, nil, func(row scanner) (struct{}, error) {
		var id kiosk.ID
		err := row.Scan(&id)
		gone[id] = true
		return struct{}{}, err
	})
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(want.Withdrawals)) {
		w := want.Withdrawals[id]
		if w.Closed.IsZero() {
			continue
		}
		for _, i := range w.Items {
			if !gone[i.Copy] {
				c.add("withdrawal_copy_in_stock", string(i.Copy), "withdrawal %s took it out", id)
			}
		}
	}
	return nil
}

// closings follows the closed lines of each part of a register: each closing goes
// on where the one before ended, and corrects only what stands before it.
func (c *checker) closings() error {
	names, err := rows(c.v, "closed registers", `SELECT DISTINCT json_extract(payload, '$.closing.register') FROM event WHERE type = 'register_closed' ORDER BY 1`, nil, func(row scanner) (name string, err error) {
		err = row.Scan(&name)
		return name, err
	})
	if err != nil {
		return err
	}
	for _, name := range names {
		all, err := c.v.Closings(name)
		if err != nil {
			return err
		}
		closed := map[string]int{}
		for _, x := range all {
			part := name + " " + x.Part
			if x.Before != closed[x.Part] {
				c.add("register_closing_differs", part, "%d lines were closed before, the closing of %s says %d", closed[x.Part], x.Day, x.Before)
			}
			for i, l := range x.Lines {
				if n := x.Before + i + 1; l.Fixes < 0 || l.Fixes >= n {
					c.add("register_closing_differs", part, "line %d corrects line %s", n, fmt.Sprint(l.Fixes))
				}
			}
			closed[x.Part] += len(x.Lines)
		}
	}
	return nil
}
