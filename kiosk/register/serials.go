package register

import (
	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// serials is the serials register: a block a newspaper or magazine, a line an issue.
var serials = &Sheet{
	Name: "serials", Period: Year, Signs: []string{"librarian"},
	Parts: func(s *Source) ([]Part, error) {
		return []Part{{Columns: []Column{
			{Key: "issue", Kind: Number, Width: 16}, {Key: "expected", Kind: Day, Width: 24}, {Key: "received", Kind: Day, Width: 24, Later: true},
			{Key: "copies", Kind: Number, Width: 16, Sum: true, Later: true}, {Key: "missing", Kind: Number, Width: 16, Sum: true, Later: true}, {Key: "money", Kind: Money, Width: 24, Sum: true, Later: true},
			{Key: "claimed", Kind: Day, Width: 24, Later: true}, {Key: "note", Kind: Text, Width: 40, Later: true},
		}, Lines: s.serialLines, Proof: s.proveSerials}}, nil
	},
}

func (s *Source) serialLines(yield func(Line) error) error {
	all, err := s.View.SerialRegister(s.From, s.To)
	if err != nil {
		return err
	}
	kiosk.SortSerialRegister(all, fold.Order)
	var of kiosk.ID
	for _, e := range all {
		i := e.Issue
		missing := 0
		if i.Status != kiosk.IssueExpected || i.Expected.Before(s.Today) {
			missing = e.Missing()
		}
		l := Line{Key: string(i.ID), Day: i.Expected, Cells: []any{i.Number, i.Expected, i.Received, i.Count, missing, int64(i.Count) * e.Subscription.Price, i.Claimed, Words{W("reg.issue." + string(i.Status)), i.ClaimNote}}}
		if e.Title.ID != of {
			l.Head, of = Words{e.Title.Title, e.Subscription.Supplier}, e.Title.ID
		}
		if err := yield(l); err != nil {
			return err
		}
	}
	return nil
}
