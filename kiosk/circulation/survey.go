package circulation

import (
	"context"
	"errors"
	"fmt"

	"muontra/kiosk"
)

// AnswerSurvey writes down what a class has of its textbooks in one round, in place of
// what was written before, and gives that: a zero one for the first. look refuses
// when the stored one is not what the caller saw. What does not add up is refused:
// more pupils with a book than there are pupils, more with all books than with one.
func (d *Desk) AnswerSurvey(ctx context.Context, a kiosk.Attempt, s kiosk.Survey, look func(kiosk.Survey) error) (before kiosk.Survey, err error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Survey, error) {
		was, err := x.Survey(s.Class, s.Round)
		switch {
		case errors.Is(err, kiosk.ErrNotFound):
			s.ID = x.NewID()
		case err != nil:
			return was, fmt.Errorf("survey: %w", err)
		default:
			s.ID = was.ID
		}
		if look != nil {
			if err := look(was); err != nil {
				return was, err
			}
		}
		s.By = x.Staff
		if err := x.checkSurvey(&s); err != nil {
			return was, err
		}
		return was, x.record(kiosk.EventSurvey, kiosk.Records{Surveys: []kiosk.Survey{s}})
	})
}

func (x *intake) checkSurvey(s *kiosk.Survey) error {
	var f form
	within(&f, "round", s.Round, 1, len(kiosk.Rounds))
	f.text("note", &s.Note, kiosk.MaxNoteText)
	switch {
	case s.Day.IsZero():
		f.wrong("day", kiosk.FieldMissing, nil)
	case s.Day.After(x.today):
		f.wrong("day", kiosk.FieldInFuture, kiosk.Facts{"max": x.today})
	case s.Day.Before(x.today.AddMonths(-60)):
		f.wrong("day", kiosk.FieldOutOfRange, kiosk.Facts{"min": x.today.AddMonths(-60), "max": x.today})
	}
	within(&f, "pupils", s.Pupils, 1, kiosk.MostSurveyed)
	for _, n := range []struct {
		field string
		n     int
	}{{"full", s.Full}, {"notebooks", s.Notebooks}, {"tools", s.Tools}} {
		within(&f, n.field, n.n, 0, s.Pupils)
	}
	within(&f, "lines", len(s.Lines), 0, kiosk.MostSurveyLines)
	if err := f.failed(); err != nil {
		return err
	}
	seen := map[kiosk.ID]bool{}
	for _, l := range s.Lines {
		own, lent := "own_"+string(l.Title), "lent_"+string(l.Title)
		within(&f, own, l.Own, 0, s.Pupils)
		within(&f, lent, l.Lent, 0, s.Pupils-max(l.Own, 0))
		if s.Full > l.Own+l.Lent {
			f.wrong("full", kiosk.FieldOutOfRange, kiosk.Facts{"value": s.Full, "min": 0, "max": l.Own + l.Lent})
		}
		if _, err := x.Title(l.Title); errors.Is(err, kiosk.ErrNotFound) || seen[l.Title] {
			f.wrong(own, kiosk.FieldUnknown, nil)
		} else if err != nil {
			return fmt.Errorf("textbook of the survey: %w", err)
		}
		seen[l.Title] = true
	}
	return f.failed()
}
