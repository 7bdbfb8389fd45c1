package register

import (
	"strconv"

	"muontra/kiosk"
)

// oldScheme is the library by the older scheme of points, for a school that still keeps
// that title. The points are what the school gives itself; what the program counts
// stands beside them.
var oldScheme = &Sheet{
	Name: "old-scheme", Report: true, Single: true, Official: true, Period: Year, Signs: []string{"librarian", "head"},
	Before: func(s *Source) ([]Paragraph, error) {
		return []Paragraph{{Text: W("old.sub", "year", s.Year.Name), Kind: Centred}, P("old.about")}, nil
	},
	After: func(s *Source) ([]Paragraph, error) {
		o, err := kiosk.OldSchemeOf(s.View)
		if err != nil {
			return nil, err
		}
		points, most := o.Sum()
		all := []Paragraph{P("old.sum", "points", Figure(points), "most", Figure(most))}
		switch n := o.Title(); {
		case o.Titles == [3]float64{}:
			all = append(all, P("old.no_thresholds"))
		case n == 0:
			all = append(all, Paragraph{Text: W("old.no_title"), Kind: Headline})
		default:
			all = append(all, Paragraph{Text: W("old.title." + strconv.Itoa(n)), Kind: Headline})
		}
		return all, nil
	},
	Parts: func(s *Source) ([]Part, error) {
		return []Part{{Columns: []Column{{Key: "standard", Kind: Text, Width: 56}, {Key: "figures", Kind: Text, Width: 70}, {Key: "most", Kind: Code, Width: 18}, {Key: "points", Kind: Code, Width: 18}, {Key: "note", Kind: Text, Width: 40}}, Lines: s.oldSchemeLines}}, nil
	},
}

func (s *Source) oldSchemeLines(yield func(Line) error) error {
	o, err := kiosk.OldSchemeOf(s.View)
	if err != nil {
		return err
	}
	x, err := s.targetsRead()
	if err != nil {
		return err
	}
	st, err := s.Stock()
	if err != nil {
		return err
	}
	c := s.remaining(st, s.To)
	done := func(k kiosk.ActivityKind) (n int) {
		for _, a := range x.Facts.Activities {
			if a.Counts(k, x.Facts.Year.Start, x.Facts.Today) {
				n++
			}
		}
		return n
	}
	borrowed := 0
	for _, id := range x.Facts.Pupils {
		if !x.Facts.Deeds[id].Borrowed.IsZero() {
			borrowed++
		}
	}
	figures := []Word{
		W("old.figures.1", "copies", c.Copies, "textbooks", c.Textbook, "professional", c.Professional, "reference", c.Reference+c.Children, "serials", c.Serials),
		W("old.figures.2"),
		W("old.figures.3", "labelled", x.Labelled, "copies", x.Facts.Copies),
		W("old.figures.4", "borrowed", borrowed, "pupils", len(x.Facts.Pupils), "introductions", done(kiosk.Introduction), "lists", done(kiosk.Bibliography)),
		W("old.figures.5", "stocktakes", len(x.Facts.Stocktakes), "withdrawals", len(x.Facts.Withdrawn)),
	}
	for i := range kiosk.OldStandards {
		l := Line{Key: strconv.Itoa(i), Cells: []any{W("old.standard." + strconv.Itoa(i+1)), figures[i], nil, nil, o.Notes[i]}}
		if o.Most[i] > 0 {
			l.Cells[2], l.Cells[3] = Figure(o.Most[i]), Figure(o.Points[i])
		}
		if err := yield(l); err != nil {
			return err
		}
	}
	return nil
}
