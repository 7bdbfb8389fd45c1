package register

import "slices"

// The lines of a page: as many as the paper holds at the height that a line
// with two rows of text needs. They are part of what a register is: line 27 of
// page 3 is there for ever.
const (
	TallLines = 26 // of an upright sheet
	WideLines = 15
)

// PerPage is how many lines a page of the sheet has.
func (s *Sheet) PerPage() int {
	if s.Wide {
		return WideLines
	}
	return TallLines
}

// Page is a page of a part.
type Page struct {
	Part   *Part
	First  bool // of its part
	Last   bool
	Number int // of the part, from 1
	Lines  []Numbered
	Before Sums // carried from the page before
	Here   Sums // of this page
	After  Sums // carried on
	Closed bool // every line on it was closed
}

// Numbered is a line with its number, 0 for a heading or a sum among the lines.
type Numbered struct {
	Line
	Number int
	Closed bool
}

// Pages calls fn with each page of a part that holds a line of the period, or
// with all. A part without lines is one empty page.
func (s *Source) Pages(sheet *Sheet, part *Part, fn func(Page) error) error {
	per := sheet.PerPage()
	page := Page{Part: part, First: true, Number: 1, Before: Sums{}, Here: Sums{}}
	number, shown, wanted := 0, false, false
	flush := func(last bool) error {
		page.After = page.Before.clone()
		for k, v := range page.Here {
			page.After[k] += v
		}
		page.Last, page.Closed = last, len(page.Lines) > 0
		for _, l := range page.Lines {
			page.Closed = page.Closed && (l.Closed || l.Number == 0)
		}
		if wanted || s.From.IsZero() || sheet.Report || last && !shown {
			shown = true
			if err := fn(page); err != nil {
				return err
			}
			page.First = false
		}
		page = Page{Part: part, First: page.First, Number: page.Number + 1, Before: page.After, Here: Sums{}}
		wanted = false
		return nil
	}
	put := func(l Numbered) error {
		// The last page must be known as such when it is given away, so a full one
		// waits for the line after it.
		if len(page.Lines) == per && !sheet.Report {
			if err := flush(false); err != nil {
				return err
			}
		}
		page.Lines = append(page.Lines, l)
		page.Here.add(part.Columns, l.Line)
		wanted = wanted || s.In(l.Day)
		return nil
	}
	err := s.lines(part, func(l Line, closed bool) error {
		if l.Head != nil {
			if len(page.Lines) == per-1 && !sheet.Report { // a heading does not stand alone below
				if err := put(Numbered{Line: Line{Day: l.Day}}); err != nil {
					return err
				}
			}
			if err := put(Numbered{Line: Line{Head: l.Head, Day: l.Day}}); err != nil {
				return err
			}
			l.Head = nil
		}
		if l.Corrects > 0 && len(l.Cells) > 0 {
			l.Cells = slices.Clone(l.Cells)
			last := len(l.Cells) - 1
			word := "reg.corrected"
			if l.Mark == Back {
				word = "reg.taken_back"
			}
			if part.Columns[last].Kind == Text {
				l.Cells[last] = Words{W(word), l.Cells[last]}
			}
		}
		n := 0
		if !l.Aside {
			number++
			n = number
		}
		return put(Numbered{l, n, closed})
	})
	if err != nil {
		return err
	}
	return flush(true)
}

// Totals are the sums of all lines of a part, and how many lines it has.
func (s *Source) Totals(part *Part) (sums Sums, lines int, err error) {
	sums = Sums{}
	err = s.lines(part, func(l Line, _ bool) error {
		sums.add(part.Columns, l)
		lines++
		return nil
	})
	return sums, lines, err
}

// Faults are the sums of a part, and its single figures, that do not agree with their
// second count.
func (s *Source) Faults(part *Part) ([]Fault, error) {
	faults, _, err := s.Prove(part)
	return faults, err
}

// Prove counts the sums and the single figures of a part a second time. none are those
// that have no second count: keys of columns that are summed, and of lines.
func (s *Source) Prove(part *Part) (faults []Fault, none []string, err error) {
	if part.Proof != nil || hasSum(part.Columns) {
		says, lines, err := s.Totals(part)
		if err != nil {
			return nil, nil, err
		}
		counted := map[string]int64{}
		if part.Proof != nil {
			if counted, err = part.Proof(); err != nil {
				return nil, nil, err
			}
		}
		for _, c := range part.Columns {
			switch n, ok := counted[c.Key]; {
			case ok && n != says[c.Key]:
				faults = append(faults, Fault{Part: part.Key, Column: c.Key, Says: says[c.Key], Counted: n})
			case !ok && c.Sum && lines > 0:
				none = append(none, c.Key)
			}
		}
	}
	if part.ProofOf == nil {
		return faults, none, nil
	}
	counted, err := part.ProofOf()
	if err != nil {
		return nil, nil, err
	}
	return faults, none, s.lines(part, func(l Line, _ bool) error {
		first := true
		for at, c := range part.Columns {
			if c.Kind != Number || c.Sum || at >= len(l.Cells) {
				continue
			}
			key := l.Key
			if !first {
				key += " " + c.Key
			}
			first = false
			switch n, ok := counted[key]; {
			case l.Cells[at] == nil:
			case !ok:
				none = append(none, key)
			case n != whole(l.Cells[at]):
				faults = append(faults, Fault{Part: part.Key, Column: c.Key, Line: l.Key, Name: l.Cells[0], Says: whole(l.Cells[at]), Counted: n})
			}
		}
		return nil
	})
}

func hasSum(cols []Column) bool {
	return slices.ContainsFunc(cols, func(c Column) bool { return c.Sum })
}
