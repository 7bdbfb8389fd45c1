package kiosktest

import (
	"cmp"
	"slices"

	"muontra/kiosk"
)

func (v *view) Set(id kiosk.ID) (kiosk.BookSet, error) { return v.d.sets.get("set", id) }

func (v *view) SetByBarcode(barcode string) (kiosk.BookSet, error) {
	if s, ok := v.d.sets.rows[v.d.barcodes[barcode]]; ok && barcode != "" {
		return s, nil
	}
	return kiosk.BookSet{}, missing("set", barcode)
}

func (v *view) Sets() ([]kiosk.BookSet, error) {
	all := v.d.sets.all()
	slices.SortStableFunc(all, func(a, b kiosk.BookSet) int { return a.Grade - b.Grade })
	return all, nil
}

func (v *view) ItemsOfSet(id kiosk.ID) ([]kiosk.Item, error) {
	is := v.items(func(c kiosk.Copy) bool { return id != "" && c.SetID == id })
	slices.SortStableFunc(is, func(a, b kiosk.Item) int {
		return cmp.Or(cmp.Compare(a.Title.Title, b.Title.Title), cmp.Compare(a.Title.Remainder, b.Title.Remainder), cmp.Compare(a.Accession, b.Accession), cmp.Compare(a.ID, b.ID))
	})
	return is, nil
}

func (v *view) SetMembers() ([]kiosk.SetMember, error) {
	var all []kiosk.SetMember
	for _, i := range v.items(func(c kiosk.Copy) bool { return c.SetID != "" }) {
		all = append(all, kiosk.SetMember{Item: i, Loan: v.d.loans.rows[v.d.openLoan[i.ID]]})
	}
	slices.SortStableFunc(all, func(a, b kiosk.SetMember) int {
		return cmp.Or(cmp.Compare(a.SetID, b.SetID), cmp.Compare(a.Title.Title, b.Title.Title), cmp.Compare(a.Title.Remainder, b.Title.Remainder), cmp.Compare(a.Accession, b.Accession), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

func (v *view) EventsOfSet(id kiosk.ID, limit int) ([]kiosk.Event, error) {
	return v.newest(limit, func(e kiosk.Event) bool { return id != "" && e.CopyID == "" && e.Payload.Set == id })
}

func (v *view) TextbookLine(id kiosk.ID) (kiosk.TextbookLine, error) {
	l, err := v.d.lines.get("textbook line", id)
	return v.counted(l), err
}

func (v *view) TextbookLines() ([]kiosk.TextbookLine, error) {
	all := v.d.lines.all()
	for i, l := range all {
		all[i] = v.counted(l)
	}
	return all, nil
}

// counted is a line with what its handouts say.
func (v *view) counted(l kiosk.TextbookLine) kiosk.TextbookLine {
	l.HandedOut, l.Lost = 0, 0
	for _, h := range v.d.handouts.rows {
		if h.LineID == l.ID && !h.Removed {
			l.HandedOut, l.Lost = l.HandedOut+h.Out(), l.Lost+h.Lost
		}
	}
	return l
}
