package web

import (
	"net/http"

	"muontra/kiosk"
	"muontra/web/words"
)

// criterionView is a line of the self-assessment.
type criterionView struct {
	kiosk.Criterion
	Value, Threshold string
	Known, Met       bool
	Note             string
}

type standardView struct {
	Nr    int
	Lines []criterionView
	Met   bool
}

// assessment is the self-assessment by the five standards, each line with what
// stands behind it. A library meets level 1 only when all five do.
func (s *Server) assessment(w http.ResponseWriter, r *http.Request) error {
	return s.showAssessment(w, r, http.StatusOK, nil)
}

func (s *Server) showAssessment(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var x targetsSeen
	var own kiosk.Assessment
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if own, err = kiosk.AssessmentOf(v); err != nil {
			return err
		}
		x, err = s.targetFacts(v, r)
		return err
	})
	if err != nil {
		return err
	}
	lang := s.lang(r)
	if f == nil {
		f = formOfAssessment(lang)(own).stamp()
	}
	standards := make([]standardView, 5)
	all := true
	for i := range standards {
		standards[i] = standardView{Nr: i + 1, Met: true}
	}
	for _, c := range kiosk.Criteria {
		least := c.Min
		if t, is := own.Thresholds[c.Key]; is {
			least = t
		}
		line := criterionView{Criterion: c, Threshold: figure(lang, least), Note: own.Notes[c.Key]}
		value, known := c.Value(x.TargetsRead, own)
		line.Known, line.Met = known, known && value >= least
		if known {
			line.Value = figure(lang, value)
		}
		st := &standards[c.Standard-1]
		st.Lines = append(st.Lines, line)
		st.Met = st.Met && line.Met
		all = all && line.Met
	}
	school, err := s.schoolNow(r)
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "assessment.html", map[string]any{
		"Standards": standards, "All": all, "Year": x.Facts.Year, "Years": x.Years, "Mine": callerOf(r).is(kiosk.Librarian), "F": f, "School": school, "Census": x.Census, "Pupils": len(x.Facts.Pupils), "Day": x.Facts.Today,
	})
	return nil
}

// formOfAssessment is what the school says of itself as its form shows it.
func formOfAssessment(lang words.Lang) func(kiosk.Assessment) *form {
	return func(own kiosk.Assessment) *form {
		f := newForm()
		for _, c := range kiosk.Criteria {
			least := c.Min
			if t, is := own.Thresholds[c.Key]; is {
				least = t
			}
			f.Values.Set("least_"+c.Key, figure(lang, least))
			f.Values.Set("note_"+c.Key, own.Notes[c.Key])
			if n, is := own.Values[c.Key]; is && c.Typed {
				f.Values.Set("value_"+c.Key, figure(lang, n))
			}
		}
		return f
	}
}

// mostAssessed bounds what is typed: copies, square metres, shares.
const mostAssessed = 1_000_000

func (s *Server) setAssessment(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	own := kiosk.Assessment{Values: map[string]float64{}, Thresholds: map[string]float64{}, Notes: map[string]string{}}
	number := func(field string) float64 {
		n := f.length(field)
		if f.Wrong[field] == "" && (n < 0 || n > mostAssessed) {
			f.fault(field, kiosk.FieldOutOfRange, kiosk.Facts{"min": 0, "max": mostAssessed})
		}
		return n
	}
	for _, c := range kiosk.Criteria {
		if f.Get("least_"+c.Key) != "" {
			if n := number("least_" + c.Key); n != c.Min {
				own.Thresholds[c.Key] = n
			}
		}
		if c.Typed && f.Get("value_"+c.Key) != "" {
			own.Values[c.Key] = number("value_" + c.Key)
		}
		if note := f.text("note_"+c.Key, 0, kiosk.MaxText); note != "" {
			own.Notes[c.Key] = note
		}
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		return keepPage(s, r, a, s.Yearly, f, pageForm[kiosk.Assessment]{
			Key: kiosk.AssessmentSetting, Page: assessmentPath, Said: "assess.saved", FormOf: formOfAssessment(s.lang(r)),
		}, own)
	}, func(status int) error { return s.showAssessment(w, r, status, f) })
}
