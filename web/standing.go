package web

import (
	"slices"
	"strings"

	"muontra/kiosk"
)

// mostStands is how many places a line of the desk's lists names.
const mostStands = 2

// foundRow is a title as the desk's lists show it: how many of its copies are on
// the shelf and where, or else when the first comes back.
type foundRow struct {
	kiosk.Found
	Free, Total int
	Where       string
	Back        kiosk.Day // zero with a free copy, or when none is lent
}

func foundRows(found []kiosk.Found) []foundRow {
	rows := make([]foundRow, len(found))
	for i, f := range found {
		r := foundRow{Found: f}
		var places []string
		for _, c := range f.Copies {
			if c.Item.State.Status == kiosk.CopyWithdrawn {
				continue
			}
			r.Total++
			switch {
			case c.Available:
				r.Free++
				if p := c.Item.PlaceName; p != "" && !slices.Contains(places, p) {
					places = append(places, p)
				}
			case !c.DueOn.IsZero() && (r.Back.IsZero() || r.Back.After(c.DueOn)):
				r.Back = c.DueOn
			}
		}
		if len(places) > mostStands {
			places = append(places[:mostStands], "…")
		}
		r.Where = strings.Join(places, ", ")
		if r.Free > 0 {
			r.Back = kiosk.Day{}
		}
		rows[i] = r
	}
	return rows
}
