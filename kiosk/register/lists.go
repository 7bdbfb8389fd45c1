package register

import (
	"errors"
	"strconv"
	"strings"

	"muontra/kiosk"
)

// bibliography is an annotated list of titles in groups (thư mục). It says nothing of
// any reader.
var bibliography = &Sheet{
	Name: "bibliography", Report: true, Single: true, Period: NoPeriod, Signs: []string{"librarian"},
	Which: func(v kiosk.View) ([]Choice, error) {
		years, err := v.Years()
		if err != nil {
			return nil, err
		}
		var all []Choice
		for _, y := range years {
			acts, err := v.Activities(y.Start, y.End)
			if err != nil {
				return nil, err
			}
			for _, a := range acts {
				if a.Kind == kiosk.Bibliography || a.Kind == kiosk.Display && len(a.Titles) > 0 {
					all = append([]Choice{{a.ID, a.Text}}, all...)
				}
			}
		}
		return all, nil
	},
	Before: func(s *Source) ([]Paragraph, error) {
		if s.Of.ID == "" {
			return []Paragraph{P("reg.no_bibliography")}, nil
		}
		return nil, nil
	},
	Parts: func(s *Source) ([]Part, error) {
		return []Part{{Columns: []Column{
			{Key: "author_title", Kind: Text, Width: 60}, {Key: "imprint", Kind: Text, Width: 36}, {Key: "call_number", Kind: Code, Width: 20}, {Key: "annotation", Kind: Text, Width: 74},
		}, Lines: s.bibliographyLines}}, nil
	},
}

func (s *Source) bibliographyLines(yield func(Line) error) error {
	if s.Of.ID == "" {
		return nil
	}
	a, err := s.View.Activity(s.Of.ID)
	if err != nil {
		return err
	}
	var groups []string
	of := map[string][]kiosk.Annotated{}
	for _, t := range a.Titles {
		if _, has := of[t.Group]; !has {
			groups = append(groups, t.Group)
		}
		of[t.Group] = append(of[t.Group], t)
	}
	for _, g := range groups {
		for i, t := range of[g] {
			title, err := s.View.Title(t.Title)
			if errors.Is(err, kiosk.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			text := t.Text
			if text == "" {
				text = title.Summary
			}
			l := Line{Key: string(t.Title) + g, Cells: []any{authorTitle(title), imprint(title), title.CallNumber, text}}
			if i == 0 && g != "" {
				l.Head = g
			}
			if err := yield(l); err != nil {
				return err
			}
		}
	}
	return nil
}

// imprint is the place, publisher and year of a title.
func imprint(t kiosk.Title) string {
	year := ""
	if t.Year > 0 {
		year = strconv.Itoa(t.Year)
	}
	var parts []string
	for _, p := range []string{t.PubPlace, t.Publisher, year} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// proposal is what the library would like to buy (bản đề nghị mua), for the management to
// sign (seed R53, R192).
var proposal = &Sheet{
	Name: "purchase-proposal", Report: true, Single: true, Official: true, Period: NoPeriod, Signs: []string{"librarian", "head"},
	Which: func(v kiosk.View) ([]Choice, error) {
		ps, err := v.Proposals()
		var all []Choice
		for _, p := range ps {
			all = append(all, Choice{p.ID, p.Name})
		}
		return all, err
	},
	Before: func(s *Source) ([]Paragraph, error) {
		p, err := s.proposal()
		if err != nil || p.ID == "" {
			return []Paragraph{P("reg.no_proposal")}, err
		}
		all := []Paragraph{{Text: p.Name, Kind: Centred}, P("reg.proposal_to", "school", s.School.Name), P("reg.proposal_asks")}
		if p.Funding != "" {
			all = append(all, P("reg.proposal_funding", "funding", p.Funding))
		}
		return all, nil
	},
	After: func(s *Source) ([]Paragraph, error) {
		p, err := s.proposal()
		if err != nil || p.ID == "" {
			return nil, err
		}
		n, money, unpriced := p.Sum()
		all := []Paragraph{P("reg.proposal_sum", "n", n, "money", Dong(money), "words", DongSay(money))}
		if unpriced > 0 {
			all = append(all, P("reg.proposal_unpriced", "n", unpriced))
		}
		if p.Note != "" {
			all = append(all, Paragraph{Text: p.Note})
		}
		return all, nil
	},
	Parts: func(s *Source) ([]Part, error) {
		return []Part{{Columns: []Column{
			{Key: "book", Kind: Text, Width: 64}, {Key: "kind", Kind: Text, Width: 26}, {Key: "why", Kind: Text, Width: 36}, {Key: "asked", Kind: Number, Width: 16}, {Key: "quantity", Kind: Number, Width: 16, Sum: true}, {Key: "price_each", Kind: Money, Width: 22}, {Key: "money", Kind: Money, Width: 26, Sum: true},
		}, Lines: func(yield func(Line) error) error {
			p, err := s.proposal()
			if err != nil {
				return err
			}
			for i, l := range p.Lines {
				if err := yield(Line{Key: strconv.Itoa(i), Cells: []any{l.Text, W("kind." + string(l.Kind)), W("proposal.why." + string(l.Why)), l.Asked, l.Quantity, l.Price, l.Money()}}); err != nil {
					return err
				}
			}
			return nil
		}, Proof: s.proveProposal}}, nil
	},
}

func (s *Source) proposal() (kiosk.Proposal, error) {
	if s.Of.ID == "" {
		return kiosk.Proposal{}, nil
	}
	return s.View.Proposal(s.Of.ID)
}
