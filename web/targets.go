package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/register"
	"muontra/web/words"
)

const (
	targetsPath    = "/desk/targets"
	assessmentPath = targetsPath + "/assessment"
)

func (s *Server) targetRoutes() []route {
	if s.Yearly == nil {
		return nil
	}
	return []route{
		{"GET", targetsPath, reader, s.targets},
		{"POST", targetsPath, librarian, s.setTargets},
		{"GET", targetsPath + "/goals", librarian, s.goals},
		{"GET", targetsPath + "/missing/{class}", keeper, named(s.missingOf)},
		{"GET", whoPath + "/{target}", reader, named(s.whoLacks)},
		{"GET", recordsPath, reader, s.records},
		{"POST", recordsPath, librarian, s.fileRecord},
		{"GET", assessmentPath, reader, s.assessment},
		{"POST", assessmentPath, librarian, s.setAssessment},
	}
}

// targetsSeen are the facts of a year, with the years to choose from.
type targetsSeen struct {
	kiosk.TargetsRead
	Years []kiosk.SchoolYear
}

// targetFacts reads what the targets of the year that the query names are measured
// from.
func (s *Server) targetFacts(v kiosk.View, r *http.Request) (x targetsSeen, err error) {
	rules, today, _, err := s.rulesIn(v)
	if err != nil {
		return x, err
	}
	year, years, err := yearOf(v, r.URL.Query(), rules.Year)
	if err != nil {
		return x, err
	}
	x.Years = years
	x.TargetsRead, err = register.ReadTargets(v, year, today, rules)
	return x, err
}

// targetView is a target as the page shows it.
type targetView struct {
	kiosk.Standing
	Goal, NowText string
	Plot          plot
	Who           bool // it can be listed who or what is missing
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
		_, who := x.Missing(t.Key)
		all = append(all, targetView{st, goalText(lang, st.Target), inUnit(lang, st.Unit, st.Now), plotOf(st), who && !st.Met()})
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
		return byClass(a.Class, b.Class)
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
		{Key: "read", Word: "target.read", Kind: dayCell, Of: func(m kiosk.Member) any {
			if deeds[m.ID].Read.IsZero() {
				return kiosk.Day{}
			}
			return kiosk.DayOf(deeds[m.ID].Read, x.Facts.Location)
		}},
	}}
	return showList(s, w, r, l, rows, "missing.html", map[string]any{"Class": class, "N": len(rows), "Year": x.Facts.Year, "Filter": words.T(lang, "target.of_class", "class", class.Name), "Mine": c.is(kiosk.Librarian)})
}

// goals is the form of the school's own goals.
func (s *Server) goals(w http.ResponseWriter, r *http.Request) error {
	var set kiosk.TargetSettings
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		set, err = kiosk.TargetSettingsOf(v)
		return err
	})
	if err != nil {
		return err
	}
	return s.showGoals(w, r, http.StatusOK, formOfGoals(s.lang(r))(set).stamp())
}

func formOfGoals(lang words.Lang) func(kiosk.TargetSettings) *form {
	return func(set kiosk.TargetSettings) *form {
		f := newForm("census", set.Census.String())
		for _, t := range kiosk.Targets {
			t = set.Of(t)
			f.Values.Set("min_"+string(t.Key), figure(lang, t.Min))
			if t.Max > 0 {
				f.Values.Set("max_"+string(t.Key), figure(lang, t.Max))
			}
		}
		return f
	}
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
		return keepPage(s, r, a, s.Yearly, f, pageForm[kiosk.TargetSettings]{
			Key: kiosk.TargetsSetting, Page: targetsPath, Said: "target.saved", FormOf: formOfGoals(s.lang(r)),
		}, set)
	}, func(status int) error { return s.showGoals(w, r, status, f) })
}
