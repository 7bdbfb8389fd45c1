package sample

import (
	"fmt"

	"muontra/kiosk"
)

// survey has every class but the last answer the textbook survey: most pupils own
// their books, some have the library's, a few lack one.
func (s *simulation) survey() error {
	if !s.this.Contains(s.day.Day) {
		return nil // in the holidays before the year
	}
	classes, err := s.tx.Classes(s.this.ID)
	if err != nil {
		return fmt.Errorf("classes: %w", err)
	}
	lines, err := s.tx.TextbookLines()
	if err != nil {
		return fmt.Errorf("textbook lines: %w", err)
	}
	pupils := map[string]int{}
	if err := s.tx.EachMember(s.day.Day, func(m kiosk.Member) error {
		if m.Category == kiosk.Pupil && m.Status != kiosk.PatronLeft {
			pupils[m.Class]++
		}
		return nil
	}); err != nil {
		return fmt.Errorf("members: %w", err)
	}
	for n, c := range classes {
		if n == len(classes)-1 || pupils[c.Name] == 0 {
			continue
		}
		x := kiosk.Survey{Class: c.ID, Round: kiosk.RoundOf(s.this.SchoolYear, s.day.Day), Day: s.day.Day, Pupils: pupils[c.Name]}
		x.Full, x.Notebooks, x.Tools = x.Pupils, x.Pupils-n%2, x.Pupils-n%3
		seen := map[kiosk.ID]bool{}
		for i, l := range lines {
			t, err := s.tx.Title(l.TitleID)
			if err != nil {
				return fmt.Errorf("title: %w", err)
			}
			if t.Grade != c.Grade || seen[t.ID] || len(x.Lines) == kiosk.MostSurveyLines {
				continue
			}
			seen[t.ID] = true
			lacks, lent := (n+i)%9/7, min(x.Pupils, 1+(n*3+i)%4)
			x.Lines = append(x.Lines, kiosk.SurveyLine{Title: t.ID, Own: max(0, x.Pupils-lent-lacks), Lent: lent})
			x.Full = min(x.Full, x.Pupils-lacks)
		}
		if _, err := s.desk.AnswerSurvey(s.ctx, s.asLibrarian(), x, nil); err != nil {
			return fmt.Errorf("survey of %s: %w", c.Name, err)
		}
	}
	return nil
}
