package kiosk

import "errors"

// Term says how a policy line counts the days of a loan.
type Term string

// The terms.
const (
	TermDays     Term = "days"
	TermSemester Term = "semester" // until the end of the semester
	TermYear     Term = "year"     // until the year's recall
)

// LoanType is the type of the loans that the term makes.
func (t Term) LoanType() LoanType {
	switch t {
	case TermSemester:
		return SemesterLoan
	case TermYear:
		return YearLoan
	}
	return HomeLoan
}

// PolicyLine gives the terms for the copies of a kind to the patrons of a
// category. An empty key field means "any".
type PolicyLine struct {
	Category     Category
	Kind         Kind
	SubKind      string
	Limit        int // copies at once, counted among the loans that this same line governs
	Term         Term
	Days         int // with TermDays
	Renewals     int
	OnSiteOnly   bool
	NotForLoan   bool
	EntitledOnly bool // only to patrons with the entitlement flag; others are told "not for loan"
}

func (l PolicyLine) matches(c Category, k Kind, sub string) bool {
	return (l.Category == "" || l.Category == c) && (l.Kind == "" || l.Kind == k) && (l.SubKind == "" || l.SubKind == sub)
}

// specificity ranks what is known about the copy over what is known about the
// patron: sub-kind, then kind, then category.
func (l PolicyLine) specificity() int {
	n := 0
	if l.SubKind != "" {
		n += 4
	}
	if l.Kind != "" {
		n += 2
	}
	if l.Category != "" {
		n++
	}
	return n
}

// Policies are the school's policy lines.
type Policies []PolicyLine

// Check reports a missing fallback line, two lines with one key, or a negative
// number.
func (p Policies) Check() error {
	type key struct {
		c Category
		k Kind
		s string
	}
	seen := map[key]bool{}
	for _, l := range p {
		k := key{l.Category, l.Kind, l.SubKind}
		if seen[k] {
			return errors.New("policies: two lines for the same category, kind and sub-kind")
		}
		seen[k] = true
		if l.Limit < 0 || l.Days < 0 || l.Renewals < 0 || l.Limit > 1000 || l.Days > 1000 || l.Renewals > 100 {
			return errors.New("policies: a number out of range")
		}
	}
	if !seen[key{}] {
		return errors.New("policies: the fallback line (any category, any kind) is missing")
	}
	return nil
}

// For returns the line that governs copies of kind k and sub-kind sub lent to
// category c: the most specific that matches.
func (p Policies) For(c Category, k Kind, sub string) PolicyLine {
	best, rank := PolicyLine{NotForLoan: true}, -1
	for _, l := range p {
		if l.matches(c, k, sub) && l.specificity() > rank {
			best, rank = l, l.specificity()
		}
	}
	return best
}

// DefaultPolicies are the house rules a school starts with; all are editable.
func DefaultPolicies() Policies {
	p := Policies{
		{Limit: 2, Term: TermDays, Days: 7, Renewals: 1},
		{Category: Pupil, Limit: 2, Term: TermDays, Days: 7, Renewals: 1},
		{Category: ClassGroup, Limit: 40, Term: TermDays, Days: 30, Renewals: 2},
		{Category: Guest, Limit: 1, Term: TermDays, Days: 7},
		{Kind: Professional, NotForLoan: true},
		{Kind: Textbook, NotForLoan: true},
		{Kind: Equipment, NotForLoan: true},
		{Category: Pupil, Kind: Textbook, Limit: 20, Term: TermYear, EntitledOnly: true},
		{Category: Pupil, SubKind: Dictionary, OnSiteOnly: true},
		{Category: Pupil, Kind: SerialIssue, OnSiteOnly: true},
		{Category: Pupil, Kind: Map, OnSiteOnly: true},
		{Category: Pupil, Kind: Picture, OnSiteOnly: true},
	}
	for _, c := range []Category{Teacher, Staff, Manager} {
		p = append(p,
			PolicyLine{Category: c, Limit: 5, Term: TermDays, Days: 30, Renewals: 2},
			PolicyLine{Category: c, Kind: Professional, Limit: 20, Term: TermSemester, Renewals: 1},
			PolicyLine{Category: c, Kind: Textbook, Limit: 30, Term: TermSemester, Renewals: 1},
			PolicyLine{Category: c, Kind: Equipment, Limit: 5, Term: TermDays, Days: 7, Renewals: 2},
		)
	}
	return p
}
