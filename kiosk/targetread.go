package kiosk

import (
	"encoding/json"
	"slices"
	"time"
)

// TargetSettingsOf are the school's own goals; zero ones until it sets any.
func TargetSettingsOf(v View) (t TargetSettings, err error) {
	text, err := v.Setting(TargetsSetting)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &t)
	}
	return t, err
}

// AssessmentOf is what the school says of itself; a zero one until it does.
func AssessmentOf(v View) (a Assessment, err error) {
	text, err := v.Setting(AssessmentSetting)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &a)
	}
	return a, err
}

// TargetsRead are the facts of a year's targets with what papers say beside them.
type TargetsRead struct {
	Facts    TargetFacts
	Settings TargetSettings
	Census   Day
	Members  map[ID]Member // of the census, by person
	Later    int           // pupils who came after the census
	Labelled int           // copies in stock with a label
	Priced   int           // and with a price
}

// ReadTargets reads what the targets of a year are measured from, up to today or the
// year's end. rules are today's.
func ReadTargets(v View, year SchoolYear, today Day, rules Rules) (x TargetsRead, err error) {
	f := &x.Facts
	f.Year, f.Today, f.Location, f.Calendar = year, today, rules.Location, rules.Calendar
	if f.Today.After(f.Year.End) {
		f.Today = f.Year.End
	}
	if x.Settings, err = TargetSettingsOf(v); err != nil {
		return x, err
	}
	x.Census = x.Settings.CensusOf(f.Year, f.Today)
	if x.Census.Before(f.Year.Start) {
		x.Census = f.Year.Start
	}
	person := map[ID]ID{}
	f.TeacherOf, x.Members, f.Themes = person, map[ID]Member{}, map[string]Day{}
	belongs := func(m Member, on Day) bool {
		return m.Status != PatronLeft || !m.LeftOn.IsZero() && m.LeftOn.After(on)
	}
	err = v.EachMember(x.Census, func(m Member) error {
		person[m.Ref] = m.ID
		switch {
		case !belongs(m, x.Census):
			return nil
		case m.Category == Pupil && m.Class != "":
			f.Pupils = append(f.Pupils, m.ID)
		case m.Category == Teacher:
			f.Teachers = append(f.Teachers, m.ID)
			f.Grown++
		case m.Category == Staff, m.Category == Manager:
			f.Grown++
		}
		x.Members[m.ID] = m
		return nil
	})
	if err != nil {
		return x, err
	}
	if f.Today != x.Census {
		err = v.EachMember(f.Today, func(m Member) error {
			if m.Category == Pupil && m.Class != "" && belongs(m, f.Today) && !slices.Contains(f.Pupils, m.ID) {
				x.Later++
			}
			return nil
		})
		if err != nil {
			return x, err
		}
	}
	old, err := v.OldRefs()
	if err != nil {
		return x, err
	}
	for _, o := range old {
		person[o.Ref] = o.PatronID
	}
	deeds, err := v.FirstDeeds(f.Year.Start.At(0, 0, f.Location), f.Today.Add(1).At(0, 0, f.Location))
	if err != nil {
		return x, err
	}
	f.Deeds = deedsBy(person, deeds)
	if f.Classes, err = v.Classes(f.Year.ID); err != nil {
		return x, err
	}
	f.ClassSize = map[ID]int{}
	for _, c := range f.Classes {
		for _, id := range f.Pupils {
			if x.Members[id].Class == c.Name {
				f.ClassSize[c.ID]++
			}
		}
	}
	if f.Activities, err = v.Activities(f.Year.Start, f.Year.End); err != nil {
		return x, err
	}
	homes := map[ID]bool{}
	err = v.EachItem(func(i Item) error {
		if st := i.State.Status; st == CopyWithdrawn || st == CopyLost || st == CopyInProcessing {
			return nil
		}
		f.Copies++
		if i.HomePlace != "" {
			homes[i.HomePlace] = true
		}
		if i.Labelled {
			x.Labelled++
		}
		if i.Price > 0 {
			x.Priced++
		}
		if i.Kind == Reference || i.Kind == Children {
			f.Reference = append(f.Reference, i.Received)
		}
		if day := i.Received; f.Year.Contains(day) && !day.After(f.Today) && slices.Contains(ThemeCases, i.SubKind) {
			if was, had := f.Themes[i.SubKind]; !had || day.Before(was) {
				f.Themes[i.SubKind] = day
			}
		}
		return nil
	})
	if err != nil {
		return x, err
	}
	takes, err := v.Stocktakes()
	if err != nil {
		return x, err
	}
	f.Stocktakes = wholeStocktakes(takes, f.Year, homes)
	lists, err := v.Withdrawals()
	for _, l := range lists {
		if l.Minutes != nil && f.Year.Contains(l.Minutes.Day) {
			f.Withdrawn = append(f.Withdrawn, l.Minutes.Day)
		}
	}
	if err != nil {
		return x, err
	}
	if err := readIssues(v, f); err != nil {
		return x, err
	}
	if err := readTeacherSets(v, f); err != nil {
		return x, err
	}
	return x, readCornerFacts(v, f)
}

// deedsBy are deeds by person: who got a new reference in the year counts once.
func deedsBy(person map[ID]ID, deeds []FirstDeeds) map[ID]FirstDeeds {
	by := map[ID]FirstDeeds{}
	first := func(a, b time.Time) time.Time {
		if a.IsZero() || !b.IsZero() && b.Before(a) {
			return b
		}
		return a
	}
	for _, d := range deeds {
		id := person[d.Ref]
		if id == "" {
			continue
		}
		was := by[id]
		by[id] = FirstDeeds{Ref: d.Ref, Visited: first(was.Visited, d.Visited), Read: first(was.Read, d.Read), Borrowed: first(was.Borrowed, d.Borrowed)}
	}
	return by
}

// Value is what a line of the self-assessment comes to; false while it is not known.
func (c Criterion) Value(x TargetsRead, own Assessment) (value float64, known bool) {
	share := func(n, of int) (float64, bool) {
		if of == 0 {
			return 0, false
		}
		return float64(int(float64(n)/float64(of)*10_000+0.5)) / 100, true
	}
	switch {
	case c.Typed:
		value, known = own.Values[c.Key]
		return value, known
	case c.Target != "":
		for _, t := range Targets {
			if t.Key == c.Target {
				return x.Facts.Measure(t).Now, true
			}
		}
	}
	switch c.Key {
	case "copies_per_pupil":
		v, ok := share(x.Facts.Copies, len(x.Facts.Pupils))
		return float64(int(v+0.5)) / 100, ok
	case "labelled":
		return share(x.Labelled, x.Facts.Copies)
	case "priced":
		return share(x.Priced, x.Facts.Copies)
	case "software":
		return 1, true
	case "plan":
		n := 0
		for _, a := range x.Facts.Activities {
			if a.Kind == PlanItem {
				n++
			}
		}
		return float64(n), true
	}
	return 0, false
}
