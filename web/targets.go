package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

const targetsPath = "/desk/targets"

func (s *Server) targetRoutes() []route {
	if s.Yearly == nil {
		return nil
	}
	return []route{
		{"GET", targetsPath, reader, s.targets},
		{"POST", targetsPath, librarian, s.setTargets},
		{"GET", targetsPath + "/goals", librarian, s.goals},
		{"GET", targetsPath + "/missing/{class}", keeper, named(s.missingOf)},
		{"GET", targetsPath + "/assessment", reader, s.assessment},
		{"POST", targetsPath + "/assessment", librarian, s.setAssessment},
	}
}

func targetSettings(v kiosk.View) (t kiosk.TargetSettings, err error) {
	text, err := v.Setting(kiosk.TargetsSetting)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &t)
	}
	return t, err
}

// targetsSeen are the facts of a year with what the page says beside them.
type targetsSeen struct {
	Facts    kiosk.TargetFacts
	Settings kiosk.TargetSettings
	Census   kiosk.Day
	Years    []kiosk.SchoolYear
	Members  map[kiosk.ID]kiosk.Member // of the census, by person
	Later    int                       // pupils who came after the census
	Labelled int                       // copies in stock with a label
	Priced   int                       // and with a price
}

// targetFacts reads what the targets of a year are measured from.
func (s *Server) targetFacts(v kiosk.View, r *http.Request) (x targetsSeen, err error) {
	rules, today, _, err := s.rulesIn(v)
	if err != nil {
		return x, err
	}
	f := &x.Facts
	if f.Year, x.Years, err = yearOf(v, r.URL.Query(), rules.Year); err != nil {
		return x, err
	}
	f.Today, f.Location, f.Calendar = today, rules.Location, rules.Calendar
	if f.Today.After(f.Year.End) {
		f.Today = f.Year.End
	}
	if x.Settings, err = targetSettings(v); err != nil {
		return x, err
	}
	x.Census = x.Settings.CensusOf(f.Year, f.Today)
	if x.Census.Before(f.Year.Start) {
		x.Census = f.Year.Start
	}
	person := map[kiosk.ID]kiosk.ID{}
	f.TeacherOf, x.Members = person, map[kiosk.ID]kiosk.Member{}
	belongs := func(m kiosk.Member, on kiosk.Day) bool {
		return m.Status != kiosk.PatronLeft || !m.LeftOn.IsZero() && m.LeftOn.After(on)
	}
	err = v.EachMember(x.Census, func(m kiosk.Member) error {
		person[m.Ref] = m.ID
		switch {
		case !belongs(m, x.Census):
			return nil
		case m.Category == kiosk.Pupil && m.Class != "":
			f.Pupils = append(f.Pupils, m.ID)
		case m.Category == kiosk.Teacher:
			f.Teachers = append(f.Teachers, m.ID)
		}
		x.Members[m.ID] = m
		return nil
	})
	if err != nil {
		return x, err
	}
	err = v.EachMember(f.Today, func(m kiosk.Member) error {
		if m.Category == kiosk.Pupil && m.Class != "" && belongs(m, f.Today) && !slices.Contains(f.Pupils, m.ID) {
			x.Later++
		}
		return nil
	})
	if err != nil {
		return x, err
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
	if f.Activities, err = v.Activities(f.Year.Start, f.Year.End); err != nil {
		return x, err
	}
	err = v.EachItem(func(i kiosk.Item) error {
		if st := i.State.Status; st == kiosk.CopyWithdrawn || st == kiosk.CopyLost || st == kiosk.CopyInProcessing {
			return nil
		}
		f.Copies++
		if i.Labelled {
			x.Labelled++
		}
		if i.Price > 0 {
			x.Priced++
		}
		if i.Kind == kiosk.Reference || i.Kind == kiosk.Children {
			f.Reference = append(f.Reference, i.Received)
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
	for _, t := range takes {
		if t.Minutes != nil && f.Year.Contains(t.Minutes.Day) {
			f.Stocktakes = append(f.Stocktakes, t.Minutes.Day)
		}
	}
	lists, err := v.Withdrawals()
	for _, l := range lists {
		if l.Minutes != nil && f.Year.Contains(l.Minutes.Day) {
			f.Withdrawn = append(f.Withdrawn, l.Minutes.Day)
		}
	}
	return x, err
}

// deedsBy are deeds by person: who got a new reference in the year counts once.
func deedsBy(person map[kiosk.ID]kiosk.ID, deeds []kiosk.FirstDeeds) map[kiosk.ID]kiosk.FirstDeeds {
	by := map[kiosk.ID]kiosk.FirstDeeds{}
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
		by[id] = kiosk.FirstDeeds{Ref: d.Ref, Visited: first(was.Visited, d.Visited), Read: first(was.Read, d.Read), Borrowed: first(was.Borrowed, d.Borrowed)}
	}
	return by
}

// targetView is a target as the page shows it.
type targetView struct {
	kiosk.Standing
	Goal, NowText string
	Plot          plot
}

// plot is a curve over the year, drawn on the server: it is read in print and in
// grey, and needs no script.
type plot struct {
	Line         string // points of a polyline
	Band, High   float64
	GoalY, MaxY  float64
	LastX, LastY float64
	HasMax       bool
	From, To     string
}

const (
	plotWide = 300.0
	plotTall = 80.0
)

func plotOf(s kiosk.Standing) plot {
	p := plot{HasMax: s.Max > 0}
	top := max(s.Min, s.Max, s.Now) * 1.1
	if top == 0 {
		top = 1
	}
	y := func(v float64) float64 { return round1(plotTall - v/top*plotTall) }
	n := len(s.Points)
	var b strings.Builder
	for i, pt := range s.Points {
		x := 0.0
		if n > 1 {
			x = round1(plotWide * float64(i) / float64(n-1))
		}
		fmt.Fprintf(&b, "%g,%g ", x, y(pt.Now))
		p.LastX, p.LastY = x, y(pt.Now)
	}
	p.Line, p.GoalY, p.MaxY = strings.TrimSpace(b.String()), y(s.Min), y(s.Max)
	p.High, p.Band = p.MaxY, p.GoalY-p.MaxY
	if !p.HasMax {
		p.High, p.Band = 0, p.GoalY
	}
	if n > 0 {
		p.From, p.To = words.Date(s.Points[0].Day), words.Date(s.Points[n-1].Day)
	}
	return p
}

func round1(v float64) float64 { return float64(int(v*10+0.5)) / 10 }

// figure is a number as the language writes it: two decimals at most.
func figure(l words.Lang, v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if l == words.VI {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

func inUnit(l words.Lang, u kiosk.TargetUnit, v float64) string {
	return words.T(l, "target.unit."+string(u), "n", figure(l, v))
}

func goalText(l words.Lang, t kiosk.Target) string {
	if t.Max > 0 {
		return words.T(l, "target.range", "min", figure(l, t.Min), "max", inUnit(l, t.Unit, t.Max))
	}
	return words.T(l, "target.least", "min", inUnit(l, t.Unit, t.Min))
}

// classMissing is how many pupils of a class have not borrowed: a number here,
// names only for the class's own teacher.
type classMissing struct {
	Class         kiosk.Class
	Pupils, None  int
	First, Second int // reading periods by semester
}

func (s *Server) targets(w http.ResponseWriter, r *http.Request) error {
	var x targetsSeen
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		x, err = s.targetFacts(v, r)
		return err
	})
	if err != nil {
		return err
	}
	lang := s.lang(r)
	var all []targetView
	met := 0
	for _, t := range kiosk.Targets {
		st := x.Facts.Measure(x.Settings.Of(t))
		if st.Met() {
			met++
		}
		all = append(all, targetView{st, goalText(lang, st.Target), inUnit(lang, st.Unit, st.Now), plotOf(st)})
	}
	school, err := s.schoolNow(r)
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "targets.html", map[string]any{
		"All": all, "Met": met, "N": len(all), "Year": x.Facts.Year, "Years": x.Years, "Census": x.Census, "Pupils": len(x.Facts.Pupils), "Teachers": len(x.Facts.Teachers), "Later": x.Later,
		"Classes": classesMissing(x), "Mine": callerOf(r).is(kiosk.Librarian), "School": school, "Day": x.Facts.Today,
	})
	return nil
}

func classesMissing(x targetsSeen) (all []classMissing) {
	for _, c := range x.Facts.Classes {
		m := classMissing{Class: c}
		for _, id := range x.Facts.Pupils {
			if x.Members[id].Class == c.Name {
				m.Pupils++
				if x.Facts.Deeds[id].Borrowed.IsZero() {
					m.None++
				}
			}
		}
		m.First, m.Second = x.Facts.PeriodsOf(c.Name)
		all = append(all, m)
	}
	slices.SortStableFunc(all, func(a, b classMissing) int {
		return cmp.Or(cmp.Compare(a.Class.Grade, b.Class.Grade), cmp.Compare(fold.Order(a.Class.Name), fold.Order(b.Class.Name)))
	})
	return all
}

// missingOf lists the pupils of a class who have not borrowed yet: for the
// librarian to hand to the homeroom teacher, and for the teacher's own sign-in.
func (s *Server) missingOf(w http.ResponseWriter, r *http.Request) error {
	var x targetsSeen
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		x, err = s.targetFacts(v, r)
		return err
	})
	if err != nil {
		return err
	}
	i := slices.IndexFunc(x.Facts.Classes, func(c kiosk.Class) bool { return string(c.ID) == r.PathValue("class") })
	c := callerOf(r)
	if i < 0 {
		return errNotFound
	}
	class := x.Facts.Classes[i]
	if !c.is(kiosk.Librarian) && !c.account.account.Own(class.ID) {
		return errForbidden
	}
	var rows []kiosk.Member
	for _, id := range x.Facts.Pupils {
		if m := x.Members[id]; m.Class == class.Name && x.Facts.Deeds[id].Borrowed.IsZero() {
			rows = append(rows, m)
		}
	}
	deeds := x.Facts.Deeds
	lang := s.lang(r)
	l := list[kiosk.Member]{Title: "target.missing", Sort: "name", Columns: []column[kiosk.Member]{
		{Key: "name", Word: "list.name", Kind: nameCell, Of: func(m kiosk.Member) any { return m.Name }},
		{Key: "visited", Word: "target.been", Kind: textCell, Of: func(m kiosk.Member) any {
			if deeds[m.ID].Visited.IsZero() {
				return words.T(lang, "target.not_been")
			}
			return words.T(lang, "target.has_been", "day", words.Date(kiosk.DayOf(deeds[m.ID].Visited, x.Facts.Location)))
		}},
	}}
	return showList(s, w, r, l, rows, "missing.html", map[string]any{"Class": class, "N": len(rows), "Year": x.Facts.Year, "Filter": words.T(lang, "target.of_class", "class", class.Name), "Mine": c.is(kiosk.Librarian)})
}

// goals is the form of the school's own goals.
func (s *Server) goals(w http.ResponseWriter, r *http.Request) error {
	f := newForm()
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		set, err := targetSettings(v)
		f.Values.Set("census", set.Census.String())
		for _, t := range kiosk.Targets {
			t = set.Of(t)
			f.Values.Set("min_"+string(t.Key), figure(s.lang(r), t.Min))
			if t.Max > 0 {
				f.Values.Set("max_"+string(t.Key), figure(s.lang(r), t.Max))
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.showGoals(w, r, http.StatusOK, f)
}

func (s *Server) showGoals(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	s.deskPage(w, r, status, "goals.html", map[string]any{"F": f, "Targets": kiosk.Targets})
	return nil
}

func (s *Server) setTargets(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	set := kiosk.TargetSettings{Census: f.day("census", false), Goals: map[kiosk.TargetKey][2]float64{}}
	for _, t := range kiosk.Targets {
		low, high := "min_"+string(t.Key), "max_"+string(t.Key)
		g := [2]float64{t.Min, 0}
		if f.Get(low) != "" {
			g[0] = f.length(low)
		}
		if f.Get(high) != "" {
			g[1] = f.length(high)
		}
		if g[0] < 0 || g[1] < 0 || g[1] > 0 && g[1] < g[0] || g[0] > 100_000 {
			f.Wrong[low] = "goal"
		}
		if g != [2]float64{t.Min, t.Max} {
			set.Goals[t.Key] = g
		}
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if err := s.Yearly.SetPageSetting(r.Context(), a, kiosk.TargetsSetting, set); err != nil {
			return "", err
		}
		s.done(r, targetsPath, nil, "target.saved")
		return targetsPath, nil
	}, func(status int) error { return s.showGoals(w, r, status, f) })
}

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

func assessmentOf(v kiosk.View) (a kiosk.Assessment, err error) {
	text, err := v.Setting(kiosk.AssessmentSetting)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &a)
	}
	return a, err
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
		if own, err = assessmentOf(v); err != nil {
			return err
		}
		x, err = s.targetFacts(v, r)
		return err
	})
	if err != nil {
		return err
	}
	lang := s.lang(r)
	first := f == nil
	if first {
		f = newForm()
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
		value, known := criterionValue(c, x, own)
		line.Known, line.Met = known, known && value >= least
		if known {
			line.Value = figure(lang, value)
		}
		if first {
			f.Values.Set("least_"+c.Key, figure(lang, least))
			f.Values.Set("note_"+c.Key, line.Note)
			if c.Typed && known {
				f.Values.Set("value_"+c.Key, line.Value)
			}
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

func criterionValue(c kiosk.Criterion, x targetsSeen, own kiosk.Assessment) (value float64, known bool) {
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
		for _, t := range kiosk.Targets {
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
			if a.Kind == kiosk.PlanItem {
				n++
			}
		}
		return float64(n), true
	}
	return 0, false
}

func (s *Server) setAssessment(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	own := kiosk.Assessment{Values: map[string]float64{}, Thresholds: map[string]float64{}, Notes: map[string]string{}}
	for _, c := range kiosk.Criteria {
		if f.Get("least_"+c.Key) != "" {
			if n := f.length("least_" + c.Key); n != c.Min {
				own.Thresholds[c.Key] = n
			}
		}
		if c.Typed && f.Get("value_"+c.Key) != "" {
			own.Values[c.Key] = f.length("value_" + c.Key)
		}
		if note := f.Get("note_" + c.Key); note != "" {
			if !short(note, 4*kiosk.MaxText) {
				f.Wrong["note_"+c.Key] = "too_long"
			}
			own.Notes[c.Key] = note
		}
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if err := s.Yearly.SetPageSetting(r.Context(), a, kiosk.AssessmentSetting, own); err != nil {
			return "", err
		}
		s.done(r, targetsPath+"/assessment", nil, "assess.saved")
		return targetsPath + "/assessment", nil
	}, func(status int) error { return s.showAssessment(w, r, status, f) })
}
