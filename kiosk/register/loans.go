package register

import (
	"cmp"
	"fmt"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

func orderOf(t kiosk.Title) string { return fold.Order(t.Title + " " + t.Remainder) }

// orders remembers orderOf while titles are sorted, where each is compared again
// and again.
type orders map[kiosk.ID]string

func (o orders) compare(a, b kiosk.Title) int { return cmp.Compare(o.of(a), o.of(b)) }

func (o orders) of(t kiosk.Title) string {
	k, ok := o[t.ID]
	if !ok {
		k = orderOf(t)
		o[t.ID] = k
	}
	return k
}

// The loan registers (sổ mượn - trả): a loan a line, in the order in which they
// were made, so that a line keeps its number. Where the old book is signed, the
// station stands that saw the card and the copy. Equipment has its own.
var (
	pupilLoans = loanSheet("loans-pupils", "class", func(m kiosk.Member, known bool) bool { return !known || isPupil(m) },
		func(k kiosk.Kind) bool { return booked(k) })
	teacherLoans = loanSheet("loans-teachers", "group", func(m kiosk.Member, known bool) bool { return known && !isPupil(m) },
		func(k kiosk.Kind) bool { return booked(k) })
	equipmentLoans = loanSheet("equipment-loans", "group", func(kiosk.Member, bool) bool { return true },
		func(k kiosk.Kind) bool { return !booked(k) })
)

func isPupil(m kiosk.Member) bool { return m.Category == kiosk.Pupil || m.Category == kiosk.ClassGroup }

func loanSheet(name, group string, who func(m kiosk.Member, known bool) bool, what func(kiosk.Kind) bool) *Sheet {
	title := "book"
	if name == "equipment-loans" {
		title = "thing"
	}
	cols := []Column{
		{Key: "lent", Kind: Day, Width: 19}, {Key: "name", Kind: Text, Width: 42}, {Key: group, Kind: Code, Width: 16},
		{Key: "accession", Kind: Code, Width: 20}, {Key: title, Kind: Text, Width: 58}, {Key: "signed_out", Kind: Text, Width: 18},
		{Key: "due", Kind: Day, Width: 19}, {Key: "back", Kind: Day, Width: 19, Later: true}, {Key: "signed_in", Kind: Text, Width: 18, Later: true}, {Key: "note", Kind: Text, Width: 26, Later: true},
	}
	sheet := &Sheet{Name: name, Wide: true, Period: Year, Class: name == "loans-pupils", Names: true, Signs: []string{"librarian"}}
	sheet.Parts = func(s *Source) ([]Part, error) {
		lines := func(yield func(Line) error) error {
			from, to := s.Bounds()
			return s.loansIn(from, to, func(l kiosk.LoanItem) error {
				if !what(l.Item.Kind) {
					return nil
				}
				m, known, err := s.Who(l.PatronRef)
				if err != nil || !who(m, known) || s.Class != "" && m.Class != s.Class {
					return err
				}
				return yield(s.loanLine(l, m, known))
			})
		}
		part := Part{Columns: cols, Lines: lines}
		// The whole day's loans of all registers together are the ledger's.
		return []Part{part}, nil
	}
	sheet.First = func(s *Source) (kiosk.Day, error) {
		return s.firstLoan(func(l kiosk.FirstLoan) (bool, error) {
			if !what(l.Kind) {
				return false, nil
			}
			m, known, err := s.Who(l.PatronRef)
			return err == nil && who(m, known) && (s.Class == "" || m.Class == s.Class), err
		})
	}
	return sheet
}

// firstLoan is the day of the first loan of the time that is wanted, zero for none.
func (s *Source) firstLoan(wanted func(kiosk.FirstLoan) (bool, error)) (first kiosk.Day, err error) {
	if s.firsts == nil {
		all, err := s.View.FirstLoans(s.Bounds())
		if err != nil {
			return first, err
		}
		s.firsts = append([]kiosk.FirstLoan{}, all...) // none is read too
	}
	for _, l := range s.firsts {
		day := s.DayOf(l.At)
		if !first.IsZero() && !day.Before(first) {
			continue
		}
		switch is, err := wanted(l); {
		case err != nil:
			return first, err
		case is:
			first = day
		}
	}
	return first, nil
}

func (s *Source) loanLine(l kiosk.LoanItem, m kiosk.Member, known bool) Line {
	day := s.DayOf(l.CheckedOutAt)
	var name any = m.Name
	if !known {
		name = W("reg.name_gone")
	}
	var group any = m.Class
	if m.Class == "" && known {
		group = W("patron.category." + string(m.Category))
	}
	line := Line{Key: string(l.ID), Day: day, Cells: []any{
		day, name, group, cmp.Or(l.Item.Accession, l.Item.Barcode), l.Item.Title.Name(), station(l.Station), l.DueOn, nil, nil, nil,
	}}
	note := Words{}
	if l.Renewals > 0 {
		note = append(note, W("reg.renewed", "n", l.Renewals))
	}
	switch l.End {
	case kiosk.LoanUndone:
		line.Mark = Struck
		note = append(note, W("reg.undone"))
	case kiosk.LoanLost:
		note = append(note, W("reg.lost"))
	case kiosk.LoanReturned:
		back := s.DayOf(l.ReturnedAt)
		line.Cells[7], line.Cells[8] = back, s.clock(l)
		if late := back.Sub(l.DueOn); late > 0 {
			note = append(note, W("reg.late", "n", late))
		}
	default:
		if late := s.Today.Sub(l.DueOn); late > 0 {
			note = append(note, W("reg.days_over", "n", late))
		}
	}
	line.Cells[9] = note
	return line
}

// station is what a station is called on paper.
func station(name string) any {
	if name == kiosk.DefaultStation {
		return W("reg.default_station")
	}
	return name
}

// clock is the time of day of a return: where it was is not kept with the loan.
func (s *Source) clock(l kiosk.LoanItem) string {
	at := l.ReturnedAt.In(s.Loc)
	return fmt.Sprintf("%02d:%02d", at.Hour(), at.Minute())
}
