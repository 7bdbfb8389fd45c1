package register

import (
	"errors"
	"slices"

	"muontra/kiosk"
)

// prescribed are the records that a school library has to keep, as the school's plan
// and the guides name them (seed R73, R137): registration, loans, the year's work,
// and minutes.
var prescribed = []*Sheet{
	general, accession, textbooks, serials, catalogue, things,
	pupilLoans, teacherLoans, equipmentLoans, journal, corners, rotations,
	planBook, introductions, survey, stockMinutes, withdrawalMinutes,
}

// Prescribed reports whether a record has to be kept.
func Prescribed(name string) bool {
	return slices.ContainsFunc(prescribed, func(s *Sheet) bool { return s.Name == name })
}

// ReadTargets reads what the targets of a year are measured from, with the records
// that were kept in it, up to today or the year's end.
func ReadTargets(v kiosk.View, year kiosk.SchoolYear, today kiosk.Day, rules kiosk.Rules) (kiosk.TargetsRead, error) {
	x, err := kiosk.ReadTargets(v, year, today, rules)
	if err != nil {
		return x, err
	}
	x.Facts.Records, err = Records(v, year, today, rules, false)
	return x, err
}

// errEnough ends the reading of a register at its first line.
var errEnough = errors.New("enough was read")

// Records says of each of the records that have to be kept whether it was, in a year up
// to today. With whole their lines are counted too, which takes as long as all of
// them together.
func Records(v kiosk.View, year kiosk.SchoolYear, today kiosk.Day, rules kiosk.Rules, whole bool) ([]kiosk.RecordKept, error) {
	filed, err := kiosk.RecordsFiledOf(v)
	if err != nil {
		return nil, err
	}
	until := today
	if until.After(year.End) {
		until = year.End
	}
	shared := &Source{View: v, Loc: rules.Location, Today: today, Year: year, From: year.Start, To: until, cache: newCache(), loans: map[[2]int64][]kiosk.LoanItem{}}
	var all []kiosk.RecordKept
	for _, sheet := range prescribed {
		name := sheet.Name
		r := kiosk.RecordKept{Record: name, Filed: filed[year.Name][name]}
		if err := shared.keep(sheet, &r, whole); err != nil {
			return nil, err
		}
		closings, err := v.Closings(name)
		if err != nil {
			return nil, err
		}
		for _, c := range closings {
			r.Fixed += len(c.Lines)
			if year.Contains(c.Day) && r.Closed.Before(c.Day) {
				r.Closed = c.Day
			}
		}
		all = append(all, r)
	}
	return all, nil
}

// keep looks for what stands in a record. What of the ledger one register has read,
// the next has too.
func (s *Source) keep(sheet *Sheet, r *kiosk.RecordKept, whole bool) error {
	tell := func(day kiosk.Day) error {
		switch {
		case day.Before(s.From): // a book that goes on from year to year
			day = s.From
		case day.After(s.To):
			return nil
		}
		r.Lines++
		if r.Since.IsZero() || day.Before(r.Since) {
			r.Since = day
		}
		if r.Last.Before(day) {
			r.Last = day
		}
		if !whole {
			return errEnough
		}
		return nil
	}
	if sheet.Which != nil {
		return s.keepMinutes(sheet == withdrawalMinutes, func(d kiosk.Day) {
			if s.In(d) {
				_ = tell(d)
			}
		})
	}
	if sheet.First != nil && !whole {
		day, err := sheet.First(s)
		if err == nil && !day.IsZero() {
			_ = tell(day)
		}
		return err
	}
	mine := *s
	mine.sheet = r.Record
	read := func() error {
		parts, err := sheet.Parts(&mine)
		for i := range parts {
			if err == nil {
				err = parts[i].Lines(func(l Line) error {
					if l.Aside || l.Mark == Struck || sheet.Period == Year && !s.In(l.Day) {
						return nil
					}
					if l.Day.IsZero() {
						l.Day = s.To
					}
					return tell(l.Day)
				})
			}
		}
		return err
	}
	// Its first line mostly stands in the year's first days: those are read before
	// all of it.
	first := s.From.Add(30)
	if !whole && first.Before(s.To) {
		mine.To = first
		if err := read(); err != nil && !errors.Is(err, errEnough) {
			return err
		}
		mine.From, mine.To = first.Add(1), s.To
	}
	var err error
	if whole || r.Lines == 0 {
		err = enough(read())
	}
	return err
}

func enough(err error) error {
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// firstHappening is the day of the first loan of the time, or else of the first visit, or
// of what was done.
func (s *Source) firstHappening() (kiosk.Day, error) {
	day, err := s.firstLoan(func(kiosk.FirstLoan) (bool, error) { return true, nil })
	if err != nil || !day.IsZero() {
		return day, err
	}
	from, to := s.Bounds()
	err = s.View.VisitsIn(from, to, func(x kiosk.Visit) error {
		day = s.DayOf(x.At)
		return errEnough
	})
	if err := enough(err); err != nil || !day.IsZero() {
		return day, err
	}
	work, err := s.workOf()
	for d := range work {
		if day.IsZero() || d.Before(day) {
			day = d
		}
	}
	return day, err
}

// keepMinutes tells the days of the minutes that were closed.
func (s *Source) keepMinutes(weeded bool, tell func(kiosk.Day)) error {
	if weeded {
		all, err := s.View.Withdrawals()
		for _, w := range all {
			if w.Minutes != nil {
				tell(w.Minutes.Day)
			}
		}
		return err
	}
	all, err := s.View.Stocktakes()
	for _, t := range all {
		if t.Minutes != nil {
			tell(t.Minutes.Day)
		}
	}
	return err
}

// records is the list of the records that have to be kept, with what shows that they
// are: for an inspection, and as the evidence of the fifth standard.
var records = &Sheet{
	Name: "records", Report: true, Single: true, Official: true, Period: Year, Signs: []string{"librarian", "head"},
	Before: func(s *Source) ([]Paragraph, error) {
		all, err := s.kept()
		n := 0
		for _, r := range all {
			if r.Kept() {
				n++
			}
		}
		return []Paragraph{{Text: W("reg.records_sub", "year", s.Year.Name), Kind: Centred}, P("reg.records_sum", "n", n, "of", len(all))}, err
	},
	Parts: func(s *Source) ([]Part, error) {
		return []Part{{Columns: []Column{
			{Key: "record", Kind: Text, Width: 64}, {Key: "lines", Kind: Number, Width: 20}, {Key: "last_line", Kind: Day, Width: 26}, {Key: "closed_lines", Kind: Number, Width: 22}, {Key: "closed_on", Kind: Day, Width: 26}, {Key: "filed_on", Kind: Day, Width: 26}, {Key: "verdict", Kind: Text, Width: 26},
		}, Lines: s.recordLines}}, nil
	},
}

func (s *Source) kept() ([]kiosk.RecordKept, error) {
	rules, err := s.View.Rules(s.To)
	if err != nil {
		return nil, err
	}
	return Records(s.View, s.Year, s.To, rules, true)
}

func (s *Source) recordLines(yield func(Line) error) error {
	all, err := s.kept()
	if err != nil {
		return err
	}
	for _, r := range all {
		state := W("reg.record_kept")
		if !r.Kept() {
			state = W("reg.record_not")
		}
		l := Line{Key: r.Record, Cells: []any{W("reg." + r.Record), r.Lines, r.Last, r.Fixed, r.Closed, r.Filed, state}}
		if !r.Kept() {
			l.Mark = Back
		}
		if err := yield(l); err != nil {
			return err
		}
	}
	return nil
}
