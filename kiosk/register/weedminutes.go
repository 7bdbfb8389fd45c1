package register

import (
	"cmp"
	"slices"

	"muontra/kiosk"
)

// withdrawalMinutes are the minutes of a withdrawal (biên bản thanh lý), or the list that
// is proposed while they are not closed.
var withdrawalMinutes = &Sheet{
	Name: "withdrawal-minutes", Report: true, Single: true, Official: true, Period: NoPeriod,
	Which: func(v kiosk.View) ([]Choice, error) {
		ws, err := v.Withdrawals()
		var all []Choice
		for _, w := range ws {
			number := ""
			switch {
			case w.State() == kiosk.WithdrawalDropped:
				continue
			case w.Minutes != nil:
				number = w.Minutes.Number
			}
			all = append(all, Choice{w.ID, paperName(number, w.Name)})
		}
		return all, err
	},
	Before: (*Source).weedProse,
	After:  (*Source).weedNote,
	Signers: func(s *Source) ([]Signer, kiosk.Day, error) {
		w, err := s.withdrawal()
		switch {
		case err != nil || w.ID == "":
			return nil, s.Today, err
		case w.Minutes != nil:
			return board(w.Minutes.Board, s.School), w.Minutes.Day, nil
		}
		return []Signer{{Role: W("board.librarian"), Name: s.School.Librarian}, {Role: W("minutes.sign_management"), Name: s.School.Management, Head: true}}, s.Today, nil
	},
	Parts: func(s *Source) ([]Part, error) {
		sums := func(key, what string, of func(kiosk.WithdrawalItem, kiosk.Item) Word) Part {
			return Part{Key: key, NoNumbers: true, Columns: []Column{{Key: what, Kind: Text, Width: 80}, {Key: "copies", Kind: Number, Width: 36, Sum: true}, {Key: "money", Kind: Money, Width: 50, Sum: true}},
				Lines: func(yield func(Line) error) error { return s.weedSums(of, yield) }, Proof: s.proveWeeded("money")}
		}
		return []Part{
			sums("causes", "cause", func(i kiosk.WithdrawalItem, _ kiosk.Item) Word { return W("weed.cause." + string(i.Reason)) }),
			sums("kinds", "kind", func(_ kiosk.WithdrawalItem, x kiosk.Item) Word { return W("kind." + string(x.Kind)) }),
			{Key: "annex", Lines: s.weedLines, Proof: s.proveWeeded("price"), Columns: []Column{
				{Key: "book", Kind: Text, Width: 62}, {Key: "author", Kind: Text, Width: 36}, {Key: "kind", Kind: Text, Width: 26}, {Key: "accession", Kind: Code, Width: 22}, {Key: "price", Kind: Money, Width: 22, Sum: true}, {Key: "cause", Kind: Text, Width: 26},
			}},
		}, nil
	},
}

func (s *Source) withdrawal() (kiosk.Withdrawal, error) {
	if s.Of.ID == "" {
		return kiosk.Withdrawal{}, nil
	}
	return s.View.Withdrawal(s.Of.ID)
}

func (s *Source) weedProse() ([]Paragraph, error) {
	w, err := s.withdrawal()
	if err != nil || w.ID == "" {
		return []Paragraph{P("reg.no_minutes")}, err
	}
	if w.Minutes == nil {
		all := []Paragraph{{Text: W("reg.weed_proposed"), Kind: Centred}, {Text: w.Name, Kind: Centred}}
		if w.Approver != "" {
			all = append(all, P("weed.approved_by", "who", w.Approver, "day", w.ApprovedOn))
		}
		return all, nil
	}
	m := w.Minutes
	all := append([]Paragraph{
		{Text: W("minutes.no", "number", m.Number), Kind: Centred}, {Text: w.Name, Kind: Centred},
		P("weed.paper_when", "hour", dotted(m.Hour), "day", m.Day.Day, "month", int(m.Day.Month), "year", m.Day.Year, "place", dotted(m.Place)),
	}, attending(m.Board)...)
	if w.Approver != "" {
		all = append(all, P("weed.approved_by", "who", w.Approver, "day", w.ApprovedOn))
	}
	return all, nil
}

func (s *Source) weedNote() ([]Paragraph, error) {
	w, err := s.withdrawal()
	if err != nil || w.ID == "" {
		return nil, err
	}
	value, unpriced := w.Value()
	all := []Paragraph{
		P("weed.paper_sum", "n", len(w.Items), "count", InWords(len(w.Items))),
		P("weed.paper_worth", "money", Dong(value), "words", DongSay(value)),
	}
	if unpriced > 0 {
		all = append(all, P("stock.paper_unpriced", "n", unpriced))
	}
	if w.Minutes != nil && w.Minutes.Note != "" {
		all = append(all, Paragraph{Text: W("minutes.note"), Kind: Headline}, Paragraph{Text: w.Minutes.Note})
	}
	return all, nil
}

// eachWeeded calls fn with each copy of the list.
func (s *Source) eachWeeded(fn func(kiosk.WithdrawalItem, kiosk.Item) error) error {
	w, err := s.withdrawal()
	if err != nil {
		return err
	}
	for _, i := range w.Items {
		x, err := s.View.Item(i.Copy)
		if err != nil {
			return err
		}
		if err := fn(i, x); err != nil {
			return err
		}
	}
	return nil
}

func (s *Source) weedSums(of func(kiosk.WithdrawalItem, kiosk.Item) Word, yield func(Line) error) error {
	type sum struct {
		what   Word
		copies int
		money  int64
	}
	var all []*sum
	if err := s.eachWeeded(func(i kiosk.WithdrawalItem, x kiosk.Item) error {
		w := of(i, x)
		n := slices.IndexFunc(all, func(s *sum) bool { return s.what.Key == w.Key })
		if n < 0 {
			n, all = len(all), append(all, &sum{what: w})
		}
		all[n].copies++
		all[n].money += i.Price
		return nil
	}); err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b *sum) int {
		return cmp.Or(cmp.Compare(b.copies, a.copies), cmp.Compare(a.what.Key, b.what.Key))
	})
	for _, x := range all {
		if err := yield(Line{Key: x.what.Key, Cells: []any{x.what, x.copies, x.money}}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Source) weedLines(yield func(Line) error) error {
	return s.eachWeeded(func(i kiosk.WithdrawalItem, x kiosk.Item) error {
		number := x.Accession
		if number == "" {
			number = x.Barcode
		}
		authors := Words{}
		for _, a := range x.Title.Authors {
			authors = append(authors, a)
		}
		return yield(Line{Key: string(i.Copy), Cells: []any{x.Title.Name(), authors, W("kind." + string(x.Kind)), number, i.Price, W("weed.cause." + string(i.Reason))}})
	})
}

// proveWeeded is the list's sum as the events have it.
func (s *Source) proveWeeded(money string) func() (map[string]int64, error) {
	return func() (map[string]int64, error) {
		copies, value, err := s.proveWithdrawn()
		return map[string]int64{"copies": copies, money: value}, err
	}
}
