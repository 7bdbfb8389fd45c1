package web

import (
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// asideCopy is a copy that lies where it was set aside for a hold that is over.
type asideCopy struct {
	kiosk.Item
	Shelf kiosk.Place  // to which it goes back, zero where none was chosen
	Next  kiosk.Hold   // for which it is kept now, and not to be shelved; zero for none
	For   kiosk.Member // of Next
}

// leftAside are those copies, the longest first. What lies on the trolley since,
// was put elsewhere, or cannot be lent is not among them.
func leftAside(v kiosk.View, today kiosk.Day) ([]asideCopy, error) {
	all, err := v.LeftAside()
	if err != nil || len(all) == 0 {
		return nil, err
	}
	places, err := v.Places()
	if err != nil {
		return nil, err
	}
	var rows []asideCopy
	for _, a := range all {
		i, err := v.Item(a.CopyID)
		if err != nil {
			return nil, err
		}
		if i.State.Status != kiosk.CopyAvailable || i.State.Place != "" && i.State.Place != i.HomePlace {
			continue
		}
		row := asideCopy{Item: i}
		if n := slices.IndexFunc(places, func(p kiosk.Place) bool { return p.ID == i.HomePlace }); n >= 0 {
			row.Shelf = places[n]
		}
		queue, err := v.HoldsOf(i.TitleID)
		if err != nil {
			return nil, err
		}
		if n := slices.IndexFunc(queue, func(h kiosk.Hold) bool { return h.CopyID == i.ID && !h.Over(today) }); n >= 0 {
			row.Next = queue[n]
			if row.For, err = holdPatron(v, row.Next, today); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// mostAside is how many copies the day page names; the list of what is to be
// shelved has them all.
const mostAside = 8

// asideToday tells on the day page of each such copy where it goes now.
func asideToday(v kiosk.View, today kiosk.Day, lang words.Lang, data map[string]any) error {
	rows, err := leftAside(v, today)
	if err != nil {
		return err
	}
	var wait []cornerNotice
	for _, c := range rows[:min(len(rows), mostAside)] {
		n := cornerNotice{"book-in", c.Title.Name() + " · " + c.Accession, "", "/desk/copies/" + string(c.ID)}
		switch {
		case c.Next.ID != "":
			n.Icon = "helper"
			n.Text = words.T(lang, "aside.next", "who", whoText(lang, c.For), "day", words.Date(c.Next.Until))
		case c.Shelf.ID != "":
			n.Text = words.T(lang, "aside.shelf", "place", placeText(c.Shelf))
		default:
			n.Text = words.T(lang, "aside.no_shelf")
		}
		wait = append(wait, n)
	}
	data["Aside"], data["AsideMore"] = wait, len(rows)-len(wait)
	return nil
}

// whoText names the holder of a hold to the staff.
func whoText(lang words.Lang, m kiosk.Member) string {
	switch {
	case m.ID == "":
		return words.T(lang, "aside.nobody")
	case m.Class == "":
		return m.Name
	}
	return m.Name + ", " + words.T(lang, "patron.of_class", "class", m.Class)
}

// cancelledText says what becomes of the copy that was kept for a cancelled
// hold: the key of its sentence and the facts.
func (s *Server) cancelledText(v kiosk.View, lang words.Lang, done kiosk.HoldDone) (string, []any, error) {
	if done.Copy == "" {
		return "holds.done.cancelled", nil, nil
	}
	i, err := v.Item(done.Copy)
	if err != nil {
		return "", nil, err
	}
	if done.Next == "" {
		if i.PlaceName == "" {
			return "holds.done.to_no_shelf", []any{"copy", i.Accession}, nil
		}
		return "holds.done.to_shelf", []any{"copy", i.Accession, "place", i.PlaceName}, nil
	}
	today, err := s.today(v)
	if err != nil {
		return "", nil, err
	}
	h, err := v.Hold(done.Next)
	if err != nil {
		return "", nil, err
	}
	m, err := holdPatron(v, h, today)
	return "holds.done.to_next", []any{"copy", i.Accession, "who", whoText(lang, m)}, err
}
