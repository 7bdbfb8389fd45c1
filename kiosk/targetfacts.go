package kiosk

import "slices"

// ThemeCases are the sub-kinds that have a bookcase of their own, to which the plan
// adds every year (seed R67).
var ThemeCases = []string{Law, Ethics, HoChiMinh}

// IssueDue is an issue of a newspaper or magazine that should have come by Due, with
// the day on which it came, zero while it did not.
type IssueDue struct {
	Due, Came Day
}

// readIssues reads the issues of the year that should have come by today.
func readIssues(v View, f *TargetFacts) error {
	all, err := v.SerialRegister(f.Year.Start, f.Today)
	for _, e := range all {
		d := IssueDue{Due: e.Issue.Expected.Add(e.Subscription.Frequency.Grace())}
		if e.Issue.Count > 0 {
			d.Came = e.Issue.Received
		}
		if !d.Came.IsZero() && d.Came.Before(d.Due) {
			d.Due = d.Came
		}
		if !d.Due.After(f.Today) {
			f.Issues = append(f.Issues, d)
		}
	}
	return err
}

// surveyRounds are the days on which classes of the year answered the textbook survey,
// each round once.
func (f TargetFacts) surveyRounds() (all []Day) {
	for _, s := range f.Corners.Surveys {
		if !s.Removed && !s.Day.After(f.Today) && slices.ContainsFunc(f.Classes, func(c Class) bool { return c.ID == s.Class }) {
			all = append(all, s.Day)
		}
	}
	return all
}

// roundsDue is how many rounds of the survey are due by a day.
func (f TargetFacts) roundsDue(d Day) int { return RoundOf(f.Year, d) }

// themes are the days on which each of the theme cases had its first new copy of the
// year.
func (f TargetFacts) themes() (all []Day) {
	for _, c := range ThemeCases {
		if day, had := f.Themes[c]; had {
			all = append(all, day)
		}
	}
	return all
}

// webMonths are the days on which a month had its first book introduced on the
// school's website.
func (f TargetFacts) webMonths() (all []Day) {
	seen := map[Day]bool{}
	for _, a := range f.done(Introduction) {
		if m := (Day{a.Day.Year, a.Day.Month, 1}); a.Channel == ChannelWebsite && !seen[m] {
			seen[m] = true
			all = append(all, a.Day)
		}
	}
	return all
}
