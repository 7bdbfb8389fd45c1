package exchange

import (
	"context"
	"fmt"

	"muontra/kiosk"
)

// Doubt is a row that would add somebody who may be known already: of the same
// name, but with another day of birth, without one, or in several places. A
// person decides, by [Options].Same.
type Doubt struct {
	Item       Item
	Index      int // of the row, for Options.Same
	Birth      kiosk.Day
	Class      string
	Sector     string
	Candidates []Candidate
}

// Candidate is who the row may be about.
type Candidate struct {
	Patron kiosk.Patron
	Class  string // the present one, "" for none
}

// decided finds the patrons that a person has chosen for rows.
func (m *patronMatcher) decided(people []*person) {
	for i, id := range m.d.plan.options.Same {
		if i < 0 || i >= len(people) || people[i] == nil {
			continue
		}
		if k := m.byID[id]; k != nil && k.row < 0 {
			m.rows[i] = k
			k.claim(i, m.d.table.Rows[i].Sheet)
		}
	}
}

// doubts lists the rows that add somebody of a name that is known, now that all
// sure ones are found. A row about which a person has decided is none.
func (m *patronMatcher) doubts(people []*person) {
	for i, p := range people {
		k := m.rows[i]
		if p == nil || k == nil || !k.isNew || k.row != i || !p.pupil() {
			continue
		}
		if _, decided := m.d.plan.options.Same[i]; decided {
			continue
		}
		d := Doubt{Item: m.d.plan.Items[i], Index: i, Birth: p.birth, Class: p.class, Sector: p.sector}
		for _, o := range m.byName[p.spelled.folded] {
			if !o.isNew && o.row < 0 && o.patron.Category == kiosk.Pupil {
				d.Candidates = append(d.Candidates, Candidate{o.patron, o.class})
			}
		}
		if len(d.Candidates) > 0 {
			m.d.plan.Doubts = append(m.d.plan.Doubts, d)
		}
	}
	m.d.plan.Found = map[kiosk.ID]bool{}
	for _, k := range m.rows {
		if k != nil && !k.isNew {
			m.d.plan.Found[k.patron.ID] = true
		}
	}
}

// ApplyIn is [Apply] within a transaction of the caller's.
func ApplyIn(ctx context.Context, tx kiosk.Tx, p *Plan) (*Plan, error) {
	fresh, err := p.writeIn(ctx, tx, func(int, int) {})
	if err != nil {
		return nil, fmt.Errorf("import %s: %w", p.Subject, err)
	}
	return fresh, nil
}
