package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// Surveying are the acts on the textbook survey.
type Surveying interface {
	AnswerSurvey(context.Context, kiosk.Attempt, kiosk.Survey, func(kiosk.Survey) error) (kiosk.Survey, error)
}

const surveysPath = "/desk/surveys"

// surveyRoutes are the textbook survey: a form a class, which its teacher or the
// librarian fills.
func (s *Server) surveyRoutes() []route {
	if s.Yearly == nil {
		return nil
	}
	return []route{
		{"GET", surveysPath, keeper, s.surveys},
		{"GET", surveysPath + "/{class}/{round}", keeper, named(s.survey)},
		{"POST", surveysPath + "/{class}/{round}", keeper, named(s.answerSurvey)},
	}
}

// surveyRow is a class in the list of a round.
type surveyRow struct {
	Class kiosk.Class
	S     kiosk.Survey // a zero one while the class has not answered
}

// Answered reports whether the class has.
func (r surveyRow) Answered() bool { return r.S.ID != "" }

// surveyClasses are this year's classes that the caller may answer for, by grade.
func (s *Server) surveyClasses(v kiosk.View, r *http.Request) ([]kiosk.Class, error) {
	all, err := s.classesNow(v)
	if err != nil {
		return nil, err
	}
	c := callerOf(r)
	all = slices.DeleteFunc(slices.Clone(all), func(x kiosk.Class) bool { return !c.is(kiosk.Librarian) && !c.account.account.Own(x.ID) })
	slices.SortFunc(all, byClass)
	return all, nil
}

var surveyList = list[surveyRow]{
	Title: "work.surveys",
	Columns: []column[surveyRow]{
		{Key: "class", Word: "list.class", Kind: codeCell, Of: func(r surveyRow) any { return r.Class.Name }},
		{Key: "day", Word: "list.date", Kind: dayCell, Of: func(r surveyRow) any { return r.S.Day }},
		{Key: "pupils", Word: "list.pupils", Kind: numberCell, Of: func(r surveyRow) any { return r.answered(r.S.Pupils) }},
		{Key: "full", Word: "list.full", Kind: numberCell, Of: func(r surveyRow) any { return r.answered(r.S.Full) }},
		{Key: "lacking", Word: "list.lacking", Kind: numberCell, Of: func(r surveyRow) any { return r.answered(r.S.Lacking()) }},
	},
}

// answered is the number of a class that has answered, nil of another.
func (r surveyRow) answered(n int) any {
	if !r.Answered() {
		return nil
	}
	return n
}

func (s *Server) surveys(w http.ResponseWriter, r *http.Request) error {
	var rows []surveyRow
	round := 0
	if n, err := strconv.Atoi(r.URL.Query().Get("round")); err == nil && slices.Contains(kiosk.Rounds, n) {
		round = n
	}
	answered := 0
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rules, today, _, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		if round == 0 {
			round = kiosk.RoundOf(rules.Year, today)
		}
		classes, err := s.surveyClasses(v, r)
		if err != nil {
			return err
		}
		all, err := v.Surveys(rules.Year.ID)
		for _, c := range classes {
			row := surveyRow{Class: c}
			if i := slices.IndexFunc(all, func(x kiosk.Survey) bool { return x.Class == c.ID && x.Round == round }); i >= 0 {
				row.S = all[i]
				answered++
			}
			rows = append(rows, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	return showOwn(s, w, r, http.StatusOK, surveyList, rows, "surveys.html", map[string]any{"Round": round, "Rounds": kiosk.Rounds, "Answered": answered, "Mine": callerOf(r).is(kiosk.Librarian)})
}

// surveyed is what the form of a class and round shows.
type surveyed struct {
	Class  kiosk.Class
	Round  int
	S      kiosk.Survey
	Books  []kiosk.Title
	Pupils int // of the class, as it stands today
	Today  kiosk.Day
	Hits   []kiosk.Found // of the search for a book that is not on the list
	Q      string
	Mine   bool
}

// readSurvey reads it; another's class is as if it were not there. added are books
// that are put on the list.
func (s *Server) readSurvey(r *http.Request, added []string) (x surveyed, err error) {
	x.Round, _ = strconv.Atoi(r.PathValue("round"))
	x.Mine = callerOf(r).is(kiosk.Librarian)
	if !slices.Contains(kiosk.Rounds, x.Round) {
		return x, errNotFound
	}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		classes, err := s.surveyClasses(v, r)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(classes, func(c kiosk.Class) bool { return string(c.ID) == r.PathValue("class") })
		if i < 0 {
			return errNotFound
		}
		x.Class = classes[i]
		if x.Today, err = s.today(v); err != nil {
			return err
		}
		if x.S, err = v.Survey(x.Class.ID, x.Round); err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return err
		}
		if err := v.EachMember(x.Today, func(m kiosk.Member) error {
			if m.Class == x.Class.Name && m.Category == kiosk.Pupil && m.Status != kiosk.PatronLeft {
				x.Pupils++
			}
			return nil
		}); err != nil {
			return err
		}
		if x.Q = queryText(r.URL.Query()); x.Q != "" {
			hits, err := v.Browse(kiosk.TitleQuery{Text: x.Q}, x.Today, 0, pageLimit)
			if err != nil {
				return err
			}
			x.Hits = hits.Found
		}
		x.Books, err = surveyBooks(v, x.Class, x.S, added)
		return err
	})
	return x, err
}

// surveyBooks are the textbooks that a class is asked for: those of its grade that the
// library has, those that the grade's other classes were asked for, and what was
// added.
func surveyBooks(v kiosk.View, c kiosk.Class, s kiosk.Survey, added []string) ([]kiosk.Title, error) {
	of := map[kiosk.ID]kiosk.Title{}
	want := func(id kiosk.ID) error {
		if _, has := of[id]; has || id == "" {
			return nil
		}
		t, err := v.Title(id)
		if errors.Is(err, kiosk.ErrNotFound) {
			return nil
		}
		of[id] = t
		return err
	}
	lines, err := v.TextbookLines()
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		t, err := v.Title(l.TitleID)
		if err != nil {
			return nil, err
		}
		if t.Grade == c.Grade && l.Quantity > 0 {
			of[t.ID] = t
		}
	}
	books := map[kiosk.ID]bool{} // titles of which the library has a copy; of many copies the same few titles would be read for each
	if err := v.EachOfStock(func(b kiosk.Copy) error {
		if b.Kind == kiosk.Textbook && b.State.Status != kiosk.CopyWithdrawn {
			books[b.TitleID] = true
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for id := range books {
		t, err := v.Title(id)
		if err != nil {
			return nil, err
		}
		if t.Grade == c.Grade {
			of[id] = t
		}
	}
	classes, err := v.Classes(c.YearID)
	if err != nil {
		return nil, err
	}
	others, err := v.Surveys(c.YearID)
	if err != nil {
		return nil, err
	}
	for _, o := range append(others, s) {
		if o.Class == c.ID || slices.ContainsFunc(classes, func(x kiosk.Class) bool { return x.ID == o.Class && x.Grade == c.Grade }) {
			for _, l := range o.Lines {
				if err := want(l.Title); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, id := range added {
		if err := want(kiosk.ID(id)); err != nil {
			return nil, err
		}
	}
	var all []kiosk.Title
	for _, t := range of {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b kiosk.Title) int {
		return cmp.Or(cmp.Compare(fold.Order(a.Title+" "+a.Remainder), fold.Order(b.Title+" "+b.Remainder)), cmp.Compare(a.ID, b.ID))
	})
	return all[:min(len(all), kiosk.MostSurveyLines)], nil
}

func formOfSurvey(x kiosk.Survey) *form {
	f := newForm("day", "", "pupils", "", "full", "", "notebooks", "", "tools", "", "note", "")
	if x.ID == "" || x.Removed {
		return f
	}
	for field, n := range map[string]int{"pupils": x.Pupils, "full": x.Full, "notebooks": x.Notebooks, "tools": x.Tools} {
		f.Values.Set(field, strconv.Itoa(n))
	}
	f.Values.Set("day", x.Day.String())
	f.Values.Set("note", x.Note)
	for _, l := range x.Lines {
		f.Values.Add("book", string(l.Title))
		f.Values.Set("own_"+string(l.Title), strconv.Itoa(l.Own))
		f.Values.Set("lent_"+string(l.Title), strconv.Itoa(l.Lent))
	}
	return f
}

func (s *Server) survey(w http.ResponseWriter, r *http.Request) error {
	x, err := s.readSurvey(r, r.URL.Query()["add"])
	if err != nil {
		return err
	}
	f := formOfSurvey(x.S).stamp()
	if f.Get("pupils") == "" {
		f.Values.Set("pupils", strconv.Itoa(x.Pupils))
		f.Values.Set("day", x.Today.String())
	}
	return s.showSurvey(w, r, http.StatusOK, f, x)
}

// surveyLine is a book in the form.
type surveyLine struct {
	Title kiosk.Title
	Lacks int // as it is written down
	Known bool
}

func (s *Server) showSurvey(w http.ResponseWriter, r *http.Request, status int, f *form, x surveyed) error {
	school, err := s.schoolNow(r)
	if err != nil {
		return err
	}
	var lines []surveyLine
	for _, t := range x.Books {
		l := surveyLine{Title: t}
		for _, stored := range x.S.Lines {
			if stored.Title == t.ID && !x.S.Removed {
				l.Lacks, l.Known = x.S.Lacks(stored), true
			}
		}
		lines = append(lines, l)
	}
	s.deskPage(w, r, status, "survey.html", map[string]any{"F": f, "X": x, "Lines": lines, "School": school})
	return nil
}

// surveyOf reads the form. A book with nothing typed beside it was not asked for.
func surveyOf(f *form, x surveyed) kiosk.Survey {
	a := kiosk.Survey{Class: x.Class.ID, Round: x.Round, Day: f.day("day", true), Note: f.Get("note"),
		Pupils: f.count("pupils", -1, 1, kiosk.MostSurveyed), Full: f.count("full", 0, 0, kiosk.MostSurveyed), Notebooks: f.count("notebooks", 0, 0, kiosk.MostSurveyed), Tools: f.count("tools", 0, 0, kiosk.MostSurveyed)}
	for _, t := range x.Books {
		own, lent := "own_"+string(t.ID), "lent_"+string(t.ID)
		if f.Get(own) != "" || f.Get(lent) != "" {
			a.Lines = append(a.Lines, kiosk.SurveyLine{Title: t.ID, Own: f.count(own, 0, 0, kiosk.MostSurveyed), Lent: f.count(lent, 0, 0, kiosk.MostSurveyed)})
		}
	}
	return a
}

func (s *Server) answerSurvey(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	x, err := s.readSurvey(r, f.Values["book"])
	if err != nil {
		return err
	}
	to := surveysPath + "?round=" + strconv.Itoa(x.Round)
	answer := surveyOf(f, x)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		before, err := s.Yearly.AnswerSurvey(r.Context(), a, answer, func(now kiosk.Survey) error { return f.stale(formOfSurvey(now)) })
		if err != nil {
			return "", err
		}
		s.done(r, surveysPath, func(ctx context.Context, a kiosk.Attempt) error {
			back := before
			if before.ID == "" {
				back = answer
				back.Removed = true
			}
			_, err := s.Yearly.AnswerSurvey(ctx, a, back, nil)
			return err
		}, "survey.saved", "class", x.Class.Name)
		return to, nil
	}, func(status int) error { return s.showSurvey(w, r, status, f, x) })
}
