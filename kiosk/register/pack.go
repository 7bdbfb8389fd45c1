package register

import "slices"

// pack is what the school hands to the body above it, in one file: the sheets that
// were asked for, those that are usual when none were (seed R102, R221). Only
// sheets that name no pupil can be in it.
var pack = &Sheet{
	Name: "pack", Report: true, Single: true, Period: Year, Pack: true,
	Before: func(s *Source) ([]Paragraph, error) {
		all := []Paragraph{P("reg.pack_to", "to", dotted(s.School.Superior)), P("reg.pack_has")}
		for _, name := range s.Packed {
			all = append(all, Paragraph{Text: W("reg." + name), Kind: Indented})
		}
		return all, nil
	},
	Signs: []string{"librarian", "head"},
	Parts: func(*Source) ([]Part, error) { return nil, nil },
}

// usualPack are the sheets of a pack when nobody says which; mayPack are those that
// may be in one, in their order.
var (
	usualPack = []string{"year", "sector-figures", "targets", "self-assessment", "general-register", "textbook-survey", "introductions", "plan", "stocktake-minutes", "withdrawal-minutes"}
	mayPack   = []string{"month", "semester", "year", "sector-figures", "targets", "self-assessment", "records", "old-scheme", "general-register", "textbook-register", "catalogue", "catalogue-equipment", "journal", "textbook-survey", "introductions", "plan", "ranking-classes", "stocktake-minutes", "withdrawal-minutes", "bibliography", "purchase-proposal"}
)

// MayPack lists the sheets that may be in a pack.
func MayPack() []string { return slices.Clone(mayPack) }

// packed are the sheets that were asked for, in their order.
func packed(want []string) ([]string, error) {
	if len(want) == 0 {
		return usualPack, nil
	}
	for _, name := range want {
		if !slices.Contains(mayPack, name) {
			return nil, &AskError{Trouble: NotPacked, Of: name}
		}
	}
	return slices.DeleteFunc(slices.Clone(mayPack), func(n string) bool { return !slices.Contains(want, n) }), nil
}

// AskIn is what a sheet within the pack is asked for: the pack's time, where it has
// one.
func (s *Source) AskIn(sheet *Sheet) Ask {
	if sheet.Period == NoPeriod {
		return Ask{}
	}
	return Ask{From: s.From, To: s.To}
}
