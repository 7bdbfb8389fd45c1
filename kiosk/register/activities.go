package register

import (
	"muontra/kiosk"
)

// introductions is the book-introduction register; planBook is the plan book: a block
// a month, what is planned and what came of it.
var (
	introductions = &Sheet{
		Name: "introductions", Period: Year, Signs: []string{"librarian"},
		Parts: func(s *Source) ([]Part, error) {
			return []Part{{Columns: []Column{
				{Key: "date", Kind: Day, Width: 24}, {Key: "book", Kind: Text, Width: 62}, {Key: "channel", Kind: Text, Width: 34}, {Key: "class", Kind: Code, Width: 16}, {Key: "people", Kind: Number, Width: 18, Sum: true}, {Key: "result", Kind: Text, Width: 34},
			}, Lines: s.introductionLines, Proof: s.proveIntroductions}}, nil
		},
	}
	planBook = &Sheet{
		Name: "plan", Period: Year, Signs: []string{"librarian", "head"},
		Parts: func(s *Source) ([]Part, error) {
			return []Part{{Columns: []Column{
				{Key: "planned", Kind: Text, Width: 84}, {Key: "state", Kind: Text, Width: 24, Later: true}, {Key: "result", Kind: Text, Width: 60, Later: true}, {Key: "note", Kind: Text, Width: 22, Later: true},
			}, Lines: s.planLines}}, nil
		},
	}
)

func (s *Source) activitiesOf(kind kiosk.ActivityKind, to kiosk.Day, fn func(kiosk.Activity) error) error {
	all, err := s.View.Activities(s.From, to)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Kind == kind {
			if err := fn(a); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Source) introductionLines(yield func(Line) error) error {
	return s.activitiesOf(kiosk.Introduction, s.To, func(a kiosk.Activity) error {
		if a.Status != kiosk.ActivityDone {
			return nil
		}
		books := Words{a.Text}
		for _, t := range a.Titles {
			title, err := s.View.Title(t.Title)
			if err != nil {
				return err
			}
			books = append(books, authorTitle(title))
		}
		var channel any
		if a.Channel != "" {
			channel = W("reg.channel." + string(a.Channel))
		}
		return yield(Line{Key: string(a.ID), Day: a.Day, Cells: []any{a.Day, books, channel, a.Class, a.People, Words{a.Result, a.Note}}})
	})
}

// planLines go on to the end of the year: a plan is of what is still to come.
func (s *Source) planLines(yield func(Line) error) error {
	to := s.To
	if to == s.Today {
		to = s.Year.End
	}
	var month kiosk.Day
	return s.activitiesOf(kiosk.PlanItem, to, func(a kiosk.Activity) error {
		l := Line{Key: string(a.ID), Day: a.Day, Cells: []any{a.Text, W("reg.plan." + string(a.Status)), a.Outcome(), a.Note}}
		if l.Day.After(s.To) {
			l.Day = s.To // it stands on the pages that are shown
		}
		if m := (kiosk.Day{Year: a.Day.Year, Month: a.Day.Month, Day: 1}); m != month {
			l.Head, month = W("reg.month_of", "month", int(m.Month), "year", m.Year), m
		}
		return yield(l)
	})
}
