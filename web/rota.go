package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// Rotas are the acts on the rota of introductions.
type Rotas interface {
	PutActivities(ctx context.Context, a kiosk.Attempt, all []kiosk.Activity, look func(kiosk.View) error) (now, before []kiosk.Activity, err error)
}

// rotaPath is the rota of introductions: which class has which week.
const rotaPath = "/desk/rota"

func (s *Server) rotaRoutes() []route {
	if s.Yearly == nil {
		return nil
	}
	return []route{
		{"GET", rotaPath, reader, s.rota},
		{"POST", rotaPath, librarian, s.makeRota},
		{"GET", rotaPath + "/edit", librarian, s.editRota},
		{"POST", rotaPath + "/edit", librarian, s.changeRota},
	}
}

// rota is what the pages show.
type rota struct {
	Year     kiosk.SchoolYear
	Years    []kiosk.SchoolYear
	Today    kiosk.Day
	From, To kiosk.Day // of the lessons: what the weeks are made of
	Weeks    []kiosk.RotaWeek
	Classes  []kiosk.Class
}

// Ended reports whether the year is over: nothing can be planned in it.
func (x rota) Ended() bool { return x.To.Before(x.Today) }

func (s *Server) rotaOf(v kiosk.View, r *http.Request) (x rota, err error) {
	rules, today, _, err := s.rulesIn(v)
	if err != nil {
		return x, err
	}
	x.Today = today
	if x.Year, x.Years, err = yearOf(v, r.URL.Query(), rules.Year); err != nil {
		return x, err
	}
	all, err := v.Activities(x.Year.Start, x.Year.End)
	if err != nil {
		return x, err
	}
	if x.Classes, err = v.Classes(x.Year.ID); err != nil {
		return x, err
	}
	slices.SortStableFunc(x.Classes, byClass)
	x.From, x.To = lessonsFrom(x.Year), x.Year.Recall
	if !x.Year.Contains(x.To) {
		x.To = x.Year.End
	}
	at, err := v.Rules(x.Year.Start)
	if err != nil {
		return x, err
	}
	from, to := at.Calendar.OnOrAfter(x.From), x.To // the first week is one with a lesson
	for _, a := range all {                         // one in the summer is shown too
		if a.IsTurn() && a.Day.Before(from) {
			from = a.Day
		}
		if a.IsTurn() && a.Day.After(to) {
			to = a.Day
		}
	}
	x.Weeks = kiosk.RotaWeeks(at.Calendar, from, to, all)
	return x, nil
}

// lessonsFrom is the day of a school year on which schools begin: 5 September. What
// lies before it is the summer.
func lessonsFrom(y kiosk.SchoolYear) kiosk.Day {
	if d := (kiosk.Day{Year: y.Start.Year, Month: 9, Day: 5}); y.Contains(d) {
		return d
	}
	return y.Start
}

// rotaRow is a week with one turn, or with none.
type rotaRow struct {
	activityRow
	Nr  int
	On  kiosk.Day
	Is  string // the key of its words
	Why string // why the library is shut
}

func rotaList(mine bool) list[rotaRow] {
	l := list[rotaRow]{Title: "work.rota", Columns: []column[rotaRow]{
		{Key: "week", Word: "rota.week", Kind: numberCell, Of: func(r rotaRow) any { return r.Nr }},
		{Key: "day", Word: "activity.day", Kind: dayCell, Of: func(r rotaRow) any { return r.On }},
		{Key: "class", Word: "list.class", Kind: codeCell, Of: func(r rotaRow) any { return r.Class }},
		{Key: "teacher", Word: "activity.teacher", Kind: nameCell, Of: func(r rotaRow) any { return r.TeacherName }},
		{Key: "what", Word: "activity.what", Kind: textCell, Of: func(r rotaRow) any { return cmp.Or(r.What(), r.Why) }},
		{Key: "status", Word: "activity.status", Kind: textCell, Of: func(r rotaRow) any { return r.Is }, Say: func(r rotaRow) string { return r.Is }, Mark: func(r rotaRow) string {
			switch r.Is {
			case "activity.status.done":
				return "free"
			case "rota.late":
				return "out"
			}
			return ""
		}},
	}, Mute: func(r rotaRow) bool {
		return r.Is == "rota.shut" || r.Is == "rota.none" || r.Is == "activity.status.cancelled"
	}}
	if mine {
		l.Columns[4].Link = func(r rotaRow) string {
			if r.ID == "" {
				return ""
			}
			return activitiesPath + "/" + string(r.ID) + "?back=rota"
		}
	}
	return l
}

// rows are the weeks, one line for each turn.
func (x rota) rows(v kiosk.View) (rows []rotaRow, err error) {
	for i, w := range x.Weeks {
		if len(w.Turns) == 0 {
			row := rotaRow{Nr: i + 1, On: cmp.Or(w.Day, w.Monday), Is: "rota.free"}
			switch {
			case w.Day.IsZero():
				row.Is, row.Why = "rota.shut", w.Shut
			case w.Monday.Add(6).Before(x.Today):
				row.Is = "rota.none"
			}
			rows = append(rows, row)
		}
		for _, a := range w.Turns {
			row := rotaRow{Nr: i + 1, On: a.Day, Is: "activity.status." + string(a.Status)}
			if a.Status == kiosk.ActivityPlanned && a.Day.Before(x.Today) {
				row.Is = "rota.late"
			}
			if row.activityRow, err = activityRowOf(v, a, x.Today, kiosk.MostSeats); err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// rota shows the year's weeks.
func (s *Server) rota(w http.ResponseWriter, r *http.Request) error {
	f := newForm("order", "class")
	return s.showRota(w, r, http.StatusOK, f)
}

func (s *Server) showRota(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var x rota
	var rows, now []rotaRow
	free := 0
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if x, err = s.rotaOf(v, r); err != nil {
			return err
		}
		rows, err = x.rows(v)
		return err
	})
	if err != nil {
		return err
	}
	for _, row := range rows {
		if monday(row.On) == monday(x.Today) && row.ID != "" {
			now = append(now, row)
		}
		if row.Is == "rota.free" && !row.On.Before(x.Today) {
			free++
		}
	}
	if f.Get("from") == "" && f.Get("to") == "" {
		from := x.From
		if from.Before(x.Today) {
			from = x.Today
		}
		f.Values.Set("from", from.String())
		f.Values.Set("to", x.To.String())
	}
	lang, mine := s.lang(r), callerOf(r).is(kiosk.Librarian)
	return showListAs(s, w, r, status, rotaList(mine), rows, "rota.html", map[string]any{
		"X": x, "F": f, "Mine": mine, "Now": now, "Free": free, "Filter": words.T(lang, "classes.of_year", "year", x.Year.Name),
		"Orders": []choice{{"class", words.T(lang, "rota.order.class")}, {"grade", words.T(lang, "rota.order.grade")}},
	})
}

// rotaYear keeps the year that a page shows in the addresses of its forms.
func rotaYear(path string, x rota) string { return path + "?year=" + string(x.Year.ID) }

// makeRota gives each free week a class.
func (s *Server) makeRota(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	from, to := f.day("from", true), f.day("to", true)
	var x rota
	var lines []kiosk.Activity
	err = s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if x, err = s.rotaOf(v, r); err != nil {
			return err
		}
		lines, err = x.turns(v, f.Is("order", "grade"), from, to)
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case len(f.Wrong) > 0:
	case to.Before(from):
		f.Wrong["to"] = "rota_backwards"
	case !x.Year.Contains(from):
		f.Wrong["from"] = "outside_year"
	case !x.Year.Contains(to):
		f.Wrong["to"] = "outside_year"
	case len(x.Classes) == 0:
		f.Trouble = words.T(s.lang(r), "rota.no_classes")
		return s.showRota(w, r, http.StatusUnprocessableEntity, f)
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if err := s.putRota(r, a, lines, nil, "rota.made"); err != nil {
			return "", err
		}
		return rotaYear(rotaPath, x), nil
	}, func(status int) error { return s.showRota(w, r, status, f) })
}

// putRota writes turns down, with the way back.
func (s *Server) putRota(r *http.Request, a kiosk.Attempt, lines []kiosk.Activity, look func(kiosk.View) error, said string) error {
	now, before, err := s.Yearly.PutActivities(r.Context(), a, lines, look)
	if err != nil {
		return err
	}
	s.done(r, rotaPath, func(ctx context.Context, a kiosk.Attempt) error {
		back := slices.Clone(before)
		for _, n := range now {
			if !slices.ContainsFunc(before, func(b kiosk.Activity) bool { return b.ID == n.ID }) {
				n.Removed = true
				back = append(back, n)
			}
		}
		_, _, err := s.Yearly.PutActivities(ctx, a, back, func(v kiosk.View) error {
			for _, n := range now {
				if is, err := v.Activity(n.ID); err != nil {
					return err
				} else if !sameTurn(is, n) {
					return errChangedSince
				}
			}
			return nil
		})
		return err
	}, said, "n", len(now))
	return nil
}

// sameTurn reports whether two turns say the same.
func sameTurn(a, b kiosk.Activity) bool {
	return a.Day == b.Day && a.Class == b.Class && a.Teacher == b.Teacher && a.Text == b.Text && a.Status == b.Status && a.Removed == b.Removed && len(a.Titles) == len(b.Titles)
}

// turns are the lines that the rota gives the free weeks of a time, each with the
// theme of its month and the class's own teacher where the corners know one.
func (x rota) turns(v kiosk.View, byGrade bool, from, to kiosk.Day) (lines []kiosk.Activity, err error) {
	keepers, err := keepersOf(v, x.Today)
	if err != nil {
		return nil, err
	}
	var weeks []kiosk.RotaWeek
	for _, w := range x.Weeks {
		if !w.Monday.After(to) {
			weeks = append(weeks, w)
		}
	}
	if from.Before(x.Today) {
		from = x.Today
	}
	for _, t := range kiosk.RotaTurns(kiosk.RotaOrder(x.Classes, byGrade), weeks, from) {
		if !t.Day.After(to) {
			lines = append(lines, turnOf(t.Day, t.Class.Name, keepers[t.Class.ID]))
		}
	}
	return lines, nil
}

// turnOf is a new turn.
func turnOf(day kiosk.Day, class string, teacher kiosk.ID) kiosk.Activity {
	return kiosk.Activity{
		Kind: kiosk.Introduction, Day: day, Status: kiosk.ActivityPlanned, Class: class, Teacher: teacher, Channel: kiosk.ChannelFlag,
		Text: themeOf(day),
	}
}

// themeOf is the theme of the month that most of a day's week lies in, as the school's
// plan has them (seed R234).
func themeOf(d kiosk.Day) string {
	return words.T(words.VI, fmt.Sprintf("rota.theme.%d", monday(d).Add(3).Month))
}

// keepersOf are the teachers who keep the classes' corners, by class: nobody else is
// known to belong to one.
func keepersOf(v kiosk.View, today kiosk.Day) (map[kiosk.ID]kiosk.ID, error) {
	corners, err := v.Corners()
	of := map[kiosk.ID]kiosk.ID{}
	for _, c := range corners {
		if err != nil || c.Class == "" || c.Keeper == "" || !c.Ended.IsZero() {
			continue
		}
		m, err := v.MemberByRef(c.Keeper, today)
		if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return nil, err
		}
		if err == nil && m.Category == kiosk.Teacher && m.Status != kiosk.PatronLeft {
			of[c.Class] = c.Keeper
		}
	}
	return of, err
}

// teacherChoices are the grown-ups who may hold something, by given name.
func teacherChoices(v kiosk.View, today kiosk.Day) ([]choice, error) {
	var staff []kiosk.Member
	err := v.EachMember(today, func(m kiosk.Member) error {
		if (m.Category == kiosk.Teacher || m.Category == kiosk.Manager) && m.Status != kiosk.PatronLeft {
			staff = append(staff, m)
		}
		return nil
	})
	slices.SortStableFunc(staff, func(a, b kiosk.Member) int { return cmp.Compare(fold.NameOrder(a.Name), fold.NameOrder(b.Name)) })
	all := []choice{{"", "-"}}
	for _, m := range staff {
		all = append(all, choice{string(m.Ref), m.Name})
	}
	return all, err
}
