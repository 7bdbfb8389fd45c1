package register

import (
	"strconv"
	"strings"

	"muontra/kiosk"
)

// targets says where each target of the plan stands; assessment how the library meets
// the five standards of Circular 16/2022.
var (
	targets = &Sheet{
		Name: "targets", Report: true, Wide: true, Single: true, Period: Year, Signs: []string{"librarian", "head"},
		Before: func(s *Source) ([]Paragraph, error) {
			x, err := s.targetsRead()
			if err != nil {
				return nil, err
			}
			all := []Paragraph{P("target.census", "day", x.Census, "pupils", len(x.Facts.Pupils), "teachers", len(x.Facts.Teachers))}
			if x.Later > 0 {
				all = append(all, P("target.later", "n", x.Later))
			}
			return all, nil
		},
		Parts: func(s *Source) ([]Part, error) {
			return []Part{{Columns: []Column{
				{Key: "target", Kind: Text, Width: 40}, {Key: "means", Kind: Text, Width: 66}, {Key: "goal", Kind: Text, Width: 28}, {Key: "have", Kind: Code, Width: 22}, {Key: "now", Kind: Code, Width: 20}, {Key: "need", Kind: Text, Width: 34},
			}, Lines: s.targetLines}}, nil
		},
	}
	assessment = &Sheet{
		Name: "self-assessment", Report: true, Single: true, Official: true, Period: Year, Signs: []string{"librarian", "head"},
		Before: func(s *Source) ([]Paragraph, error) {
			x, err := s.targetsRead()
			return []Paragraph{{Text: W("assess.sub", "year", s.Year.Name), Kind: Centred}, P("assess.census", "day", x.Census, "pupils", len(x.Facts.Pupils))}, err
		},
		After: func(s *Source) ([]Paragraph, error) {
			all := true
			err := s.eachCriterion(func(_ kiosk.Criterion, _, _ float64, _, met bool, _ string) error {
				all = all && met
				return nil
			})
			key := "assess.no_level"
			if all {
				key = "assess.level1"
			}
			return []Paragraph{{Text: W(key), Kind: Headline}, P("assess.all_five")}, err
		},
		Parts: func(s *Source) ([]Part, error) {
			return []Part{{Columns: []Column{
				{Key: "criterion", Kind: Text, Width: 60}, {Key: "least", Kind: Code, Width: 20}, {Key: "value", Kind: Code, Width: 20}, {Key: "verdict", Kind: Text, Width: 24}, {Key: "evidence", Kind: Text, Width: 70},
			}, Lines: s.assessmentLines}}, nil
		},
	}
)

func (s *Source) targetsRead() (kiosk.TargetsRead, error) {
	if s.targets != nil {
		return *s.targets, nil
	}
	rules, err := s.View.Rules(s.To)
	if err != nil {
		return kiosk.TargetsRead{}, err
	}
	x, err := ReadTargets(s.View, s.Year, s.To, rules)
	if err == nil {
		s.targets = &x
	}
	return x, err
}

// Figure is a cell with a number of two decimals at most, as the language writes it.
type Figure float64

// Tenths is a cell with so many tenths, always written with one decimal.
type Tenths int

// Unit is a cell with a figure in a target's unit.
type Unit struct {
	Of     kiosk.TargetUnit
	Figure Figure
}

func goal(t kiosk.Target) Word {
	if t.Max > 0 {
		return W("target.range", "min", Figure(t.Min), "max", Unit{t.Unit, Figure(t.Max)})
	}
	return W("target.least", "min", Unit{t.Unit, Figure(t.Min)})
}

func (s *Source) targetLines(yield func(Line) error) error {
	x, err := s.targetsRead()
	if err != nil {
		return err
	}
	for _, t := range kiosk.Targets {
		st := x.Facts.Measure(x.Settings.Of(t))
		var need any = W("target.need."+string(t.Key), "n", st.Need)
		switch {
		case st.Unmeasured():
			need = W("target.unmeasured")
		case st.Above():
			need = W("target.above")
		case st.Met():
			need = W("target.met")
		}
		var have any = st.Have
		if st.Of > 0 {
			have = strconv.Itoa(st.Have) + "/" + strconv.Itoa(st.Of)
		}
		if err := yield(Line{Key: string(t.Key), Cells: []any{W("target." + string(t.Key)), W("target.means." + string(t.Key)), goal(st.Target), have, Unit{t.Unit, Figure(st.Now)}, need}}); err != nil {
			return err
		}
	}
	return nil
}

// eachCriterion calls fn with each line of the self-assessment, its least and its
// value, whether the value is known and met, and the school's note.
func (s *Source) eachCriterion(fn func(c kiosk.Criterion, least, value float64, known, met bool, note string) error) error {
	x, err := s.targetsRead()
	if err != nil {
		return err
	}
	own, err := kiosk.AssessmentOf(s.View)
	if err != nil {
		return err
	}
	for _, c := range kiosk.Criteria {
		least := c.Min
		if t, is := own.Thresholds[c.Key]; is {
			least = t
		}
		value, known := c.Value(x, own)
		if err := fn(c, least, value, known, known && value >= least, own.Notes[c.Key]); err != nil {
			return err
		}
	}
	return nil
}

func verdict(known, met bool) Word {
	switch {
	case !known:
		return W("assess.unknown")
	case met:
		return W("assess.met")
	}
	return W("assess.not_met")
}

func (s *Source) assessmentLines(yield func(Line) error) error {
	standard := 0
	return s.eachCriterion(func(c kiosk.Criterion, least, value float64, known, met bool, note string) error {
		l := Line{Key: c.Key, Cells: []any{W("assess." + c.Key), Figure(least), nil, verdict(known, met), Words{W("assess.behind." + c.Key), strings.TrimSpace(note)}}}
		if known {
			l.Cells[2] = Figure(value)
		}
		if c.Standard != standard {
			standard = c.Standard
			l.Head = W("assess.standard." + strconv.Itoa(standard))
		}
		return yield(l)
	})
}
