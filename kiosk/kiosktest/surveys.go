package kiosktest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

func (t *tx) putSurveys(all []kiosk.Survey) error {
	for _, s := range all {
		if _, err := t.d.classes.get("class", s.Class); err != nil {
			return err
		}
		if !slices.Contains(kiosk.Rounds, s.Round) {
			return fmt.Errorf("survey %s: round %d", s.ID, s.Round)
		}
		for _, other := range t.d.records.Surveys {
			if other.ID != s.ID && other.Class == s.Class && other.Round == s.Round {
				return fmt.Errorf("survey of class %s: %w", s.Class, kiosk.ErrConflict)
			}
		}
		setKey(t, t.d.records.Surveys, s.ID, s)
	}
	return nil
}

func (t *tx) putProposals(all []kiosk.Proposal) error {
	for _, p := range all {
		if err := errors.Join(given("proposal's id", p.ID), given("proposal's day", p.Day.String())); err != nil {
			return err
		}
		setKey(t, t.d.records.Proposals, p.ID, p)
	}
	return nil
}

func (v *view) Survey(class kiosk.ID, round int) (kiosk.Survey, error) {
	for _, s := range v.d.records.Surveys {
		if s.Class == class && s.Round == round {
			s.Lines = slices.Clone(s.Lines)
			return s, nil
		}
	}
	return kiosk.Survey{}, missing("survey", class)
}

func (v *view) Surveys(year kiosk.ID) ([]kiosk.Survey, error) {
	var all []kiosk.Survey
	for _, s := range v.d.records.Surveys {
		c, err := v.d.classes.get("class", s.Class)
		if err != nil {
			return nil, err
		}
		if c.YearID == year && !s.Removed {
			s.Lines = slices.Clone(s.Lines)
			all = append(all, s)
		}
	}
	kiosk.SortSurveys(all)
	return all, nil
}

func (v *view) Proposal(id kiosk.ID) (kiosk.Proposal, error) {
	p, ok := v.d.records.Proposals[id]
	if !ok {
		return p, missing("proposal", id)
	}
	p.Lines = slices.Clone(p.Lines)
	return p, nil
}

func (v *view) Proposals() ([]kiosk.Proposal, error) {
	var all []kiosk.Proposal
	for _, p := range v.d.records.Proposals {
		if !p.Removed {
			p.Lines = slices.Clone(p.Lines)
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b kiosk.Proposal) int {
		return cmp.Or(cmp.Compare(b.Day.String(), a.Day.String()), cmp.Compare(b.ID, a.ID))
	})
	return all, nil
}

func (v *view) UnmetSearches() ([]kiosk.UnmetSearch, error) {
	var all []kiosk.UnmetSearch
	for _, u := range v.d.unmet {
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b kiosk.UnmetSearch) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(fold.Text(a.Text), fold.Text(b.Text)))
	})
	return all, nil
}

func (t *tx) AddUnmetSearch(text string, times int, on kiosk.Day) error {
	key := fold.Text(text)
	if key == "" || times < 1 || on.IsZero() {
		return fmt.Errorf("search %q: no text, no number or no day", text)
	}
	setKey(t, t.d.unmet, key, kiosk.UnmetSearch{Text: text, Times: t.d.unmet[key].Times + times, Last: on})
	return nil
}

func (t *tx) DropUnmetSearches(before kiosk.Day) error {
	for key, u := range t.d.unmet {
		if u.Last.Before(before) {
			dropKey(t, t.d.unmet, key)
		}
	}
	return nil
}
