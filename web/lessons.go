package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// LessonKeeping are the acts on what is reserved for lessons.
type LessonKeeping interface {
	ReserveLesson(ctx context.Context, a kiosk.Attempt, l kiosk.Lesson, anyway bool) (kiosk.Lesson, kiosk.Answer, error)
	CancelLesson(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.Answer, error)
	GiveLesson(ctx context.Context, a kiosk.Attempt, id kiosk.ID, codes []string, pieces int) (kiosk.Lesson, kiosk.Answer, error)
	EndLesson(ctx context.Context, a kiosk.Attempt, id kiosk.ID, codes []string) (kiosk.Lesson, kiosk.Answer, error)
}

const lessonsPath = "/desk/lessons"

func lessonPath(id kiosk.ID) string { return lessonsPath + "/" + string(id) }

func (s *Server) lessonRoutes() []route {
	if s.Lending == nil || s.Cataloguing == nil {
		return nil
	}
	return []route{
		{"GET", lessonsPath, librarian, s.lessons},
		{"GET", lessonsPath + "/new", librarian, named(s.newLesson)},
		{"POST", lessonsPath + "/new", librarian, s.reserveLesson},
		{"GET", lessonsPath + "/{id}", librarian, named(s.lesson)},
		{"POST", lessonsPath + "/{id}", librarian, named(s.doLesson)},
	}
}

// lessonRow is a reservation with what it is of and for whom.
type lessonRow struct {
	kiosk.Lesson
	What   string // in words
	Class  kiosk.Class
	Member kiosk.Member // the teacher; zero when nobody knows any more
	Late   bool         // still out after its day, or never handed out
}

func (s *Server) lessonRow(v kiosk.View, lang words.Lang, l kiosk.Lesson, today kiosk.Day) (row lessonRow, err error) {
	row = lessonRow{Lesson: l, Late: l.Open() && l.On.Before(today)}
	if row.Class, err = v.Class(l.ClassID); err != nil {
		return row, err
	}
	if row.Member, err = v.MemberByRef(l.PatronRef, today); err != nil && !isNotFound(err) {
		return row, err
	}
	row.What, err = lessonWhat(v, lang, l)
	return row, err
}

// lessonWhat says what is reserved.
func lessonWhat(v kiosk.View, lang words.Lang, l kiosk.Lesson) (string, error) {
	if l.What == kiosk.LessonSets {
		return words.T(lang, "lessons.what.sets", "grade", l.Grade), nil
	}
	t, err := v.Title(l.TitleID)
	if err != nil {
		return "", err
	}
	return words.T(lang, "lessons.what."+string(l.What), "title", t.Name()), nil
}

var lessonList = list[lessonRow]{
	Title: "work.lessons",
	Columns: []column[lessonRow]{
		{Key: "on", Word: "lessons.on", Kind: dayCell, Of: func(l lessonRow) any { return l.On }, Link: func(l lessonRow) string { return lessonPath(l.ID) }},
		{Key: "period", Word: "lessons.period", Kind: numberCell, Of: func(l lessonRow) any { return known(l.Period) }},
		{Key: "class", Word: "list.class", Kind: codeCell, Of: func(l lessonRow) any { return l.Class.Name }},
		{Key: "teacher", Word: "lessons.teacher", Kind: nameCell, Of: func(l lessonRow) any { return l.Member.Name }},
		{Key: "what", Word: "lessons.what", Kind: textCell, Of: func(l lessonRow) any { return l.What }, Note: func(l lessonRow) string { return l.Note }},
		{Key: "count", Word: "lessons.count", Kind: numberCell, Of: func(l lessonRow) any { return l.Count }},
		{Key: "given", Word: "lessons.given", Kind: numberCell, Of: func(l lessonRow) any { return l.Given }},
		{Key: "state", Word: "list.status", Kind: textCell, Of: func(l lessonRow) any { return string(l.Status) }, Say: func(l lessonRow) string { return "lessons.status." + string(l.Status) }, Mark: func(l lessonRow) string {
			switch {
			case l.Late:
				return "out"
			case l.Status == kiosk.LessonBack:
				return "free"
			}
			return ""
		}},
	},
	Mute: func(l lessonRow) bool { return !l.Open() },
}

// lessonRows are the reservations that are open, and those of two weeks before
// and all that come.
func (s *Server) lessonRows(v kiosk.View, lang words.Lang, from, to kiosk.Day) ([]lessonRow, error) {
	today, err := s.today(v)
	if err != nil {
		return nil, err
	}
	all, err := v.Lessons(from, to)
	if err != nil {
		return nil, err
	}
	var rows []lessonRow
	for _, l := range all {
		row, err := s.lessonRow(v, lang, l, today)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (s *Server) lessons(w http.ResponseWriter, r *http.Request) error {
	var rows []lessonRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		rows, err = s.lessonRows(v, s.lang(r), today.Add(-14), today.Add(366))
		return err
	})
	if err != nil {
		return err
	}
	return showList(s, w, r, lessonList, rows, "lessons.html", nil)
}

// lessonsSoon are those that today's page shows: handed out and not back, or
// waiting for a day up to the next open one.
func (s *Server) lessonsSoon(v kiosk.View, lang words.Lang, today kiosk.Day, c kiosk.Calendar) ([]lessonRow, error) {
	last := today
	for range kiosk.LessonSoon {
		last = c.OnOrAfter(last.Add(1))
	}
	rows, err := s.lessonRows(v, lang, today, today)
	return slices.DeleteFunc(rows, func(l lessonRow) bool { return !l.Open() || l.On.After(last) }), err
}

func (s *Server) newLesson(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := newForm("title", q.Get("title"), "line", q.Get("line"), "grade", q.Get("grade"), "period", "")
	return s.lessonForm(w, r, http.StatusOK, f)
}

// lessonOfForm is what the form chose: a title, a quantity line, or sets.
func lessonOfForm(f *form) kiosk.Lesson {
	l := kiosk.Lesson{TitleID: kiosk.ID(f.Get("title")), LineID: kiosk.ID(f.Get("line"))}
	switch {
	case l.LineID != "":
		l.What = kiosk.LessonPieces
	case l.TitleID != "":
		l.What = kiosk.LessonCopies
	default:
		l.What, l.Grade = kiosk.LessonSets, f.count("grade", 0, 0, 12)
	}
	return l
}

// lessonForm shows what can be reserved, then the form for it.
func (s *Server) lessonForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	lang := s.lang(r)
	data := map[string]any{"F": f, "Q": queryText(r.URL.Query())}
	chosen := f.Get("title") != "" || f.Get("line") != "" || f.Get("grade") != ""
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if !chosen {
			return s.lessonChoices(v, lang, data)
		}
		l := lessonOfForm(f)
		if l.What == kiosk.LessonPieces {
			line, err := v.TextbookLine(l.LineID)
			if err != nil {
				return err
			}
			l.TitleID = line.TitleID
		}
		if data["What"], err = lessonWhat(v, lang, l); err != nil {
			return err
		}
		all, err := s.takers(v, lang)
		var classes, teachers []choice
		for _, c := range all {
			if strings.HasPrefix(c.Value, "class:") {
				classes = append(classes, c)
			} else {
				teachers = append(teachers, c)
			}
		}
		data["Classes"], data["Teachers"] = append([]choice{{"", words.T(lang, "lessons.choose_class")}}, classes...), teachers
		return err
	})
	if errors.Is(err, kiosk.ErrNotFound) {
		return errNotFound // a title or line that the page never offered
	}
	if err != nil {
		return err
	}
	data["Chosen"] = chosen
	s.deskPage(w, r, status, "lessonnew.html", data)
	return nil
}

// lessonChoices is what can be reserved: the titles that a search finds, sets by
// grade, quantity lines.
func (s *Server) lessonChoices(v kiosk.View, lang words.Lang, data map[string]any) error {
	if q := data["Q"].(string); q != "" {
		_, hits, err := v.Search(q, 0, pageLimit)
		if err != nil {
			return err
		}
		data["Hits"] = hits
	}
	sets, err := v.Sets()
	if err != nil {
		return err
	}
	var grades []int
	for _, set := range sets {
		if !slices.Contains(grades, set.Grade) {
			grades = append(grades, set.Grade)
		}
	}
	lines, err := v.TextbookLines()
	if err != nil {
		return err
	}
	all := []choice{{"", words.T(lang, "lessons.choose_line")}}
	for _, l := range lines {
		t, err := v.Title(l.TitleID)
		if err != nil {
			return err
		}
		if l.Quantity > 0 {
			all = append(all, choice{string(l.ID), t.Name() + " (" + strconv.Itoa(l.Shelf()) + ")"})
		}
	}
	slices.SortFunc(all[1:], func(a, b choice) int { return cmp.Compare(fold.Order(a.Text), fold.Order(b.Text)) })
	data["Sets"], data["Lines"] = grades, all
	return nil
}

func (s *Server) reserveLesson(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	l := lessonOfForm(f)
	l.Count, l.Period, l.On, l.Note = f.count("count", -1, 1, kiosk.MaxLesson), f.count("period", 0, 0, kiosk.MaxPeriod), f.day("on", true), f.text("note", 0, kiosk.MaxText)
	class, isClass := strings.CutPrefix(f.Get("class"), "class:")
	if l.ClassID = kiosk.ID(class); !isClass {
		f.fault("class", kiosk.FieldMissing, nil)
	}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		_, _, m, err := s.handoutTo(v, f.Get("teacher"))
		l.PatronRef = m.Ref
		return err
	})
	if isNotFound(err) || err == nil && l.PatronRef == "" {
		f.fault("teacher", kiosk.FieldMissing, nil)
	} else if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		made, ans, err := s.Lending.ReserveLesson(r.Context(), a, l, f.Is("anyway", "yes"))
		if errors.As(err, new(*kiosk.LessonShortError)) {
			f.Values.Set("short", "yes") // the form offers to do it all the same
		}
		if err != nil {
			return "", err
		}
		s.done(r, lessonPath(made.ID), s.undoOf(ans.Result.EventSeq), "lessons.reserved", "n", made.Count)
		return lessonPath(made.ID), nil
	}, func(status int) error { return s.lessonForm(w, r, status, f) })
}

func (s *Server) lesson(w http.ResponseWriter, r *http.Request) error {
	return s.showLesson(w, r, http.StatusOK, newForm())
}

// lessonLoan is a copy that was handed out, and whether it is still out.
type lessonLoan struct {
	kiosk.Item
	Out bool
}

func (s *Server) showLesson(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var row lessonRow
	var loans []lessonLoan
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		l, err := v.Lesson(kiosk.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		if row, err = s.lessonRow(v, s.lang(r), l, today); err != nil {
			return err
		}
		for _, id := range l.Loans {
			loan, err := v.Loan(id)
			if err != nil {
				return err
			}
			i, err := v.Item(loan.CopyID)
			if err != nil {
				return err
			}
			loans = append(loans, lessonLoan{i, loan.Open()})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if f.Get("pieces") == "" {
		f.Values.Set("pieces", strconv.Itoa(row.Count))
	}
	s.deskPage(w, r, status, "lesson.html", map[string]any{"L": row, "Pieces": row.Lesson.What == kiosk.LessonPieces, "F": f, "Loans": loans})
	return nil
}

// codesOf reads codes that were scanned one to a line, as scanners end them.
func (f *form) codesOf(field string) (codes []string) {
	for c := range strings.FieldsFuncSeq(f.Get(field), func(r rune) bool { return r == '\n' || r == ',' || r == ';' }) {
		if c = strings.TrimSpace(c); c != "" {
			codes = append(codes, c)
		}
	}
	return codes
}

// doLesson hands out, takes back or cancels.
func (s *Server) doLesson(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	to := lessonPath(id)
	pieces := f.count("pieces", 0, 0, kiosk.MaxLesson)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var ans kiosk.Answer
		var err error
		var l kiosk.Lesson
		key := "lessons.did." + f.Get("what")
		switch f.Get("what") {
		case "give":
			if l, ans, err = s.Lending.GiveLesson(r.Context(), a, id, f.codesOf("codes"), pieces); l.Given < l.Count {
				key = "lessons.did.give_part"
				if l.What == kiosk.LessonPieces { // they have no barcode for a kiosk
					key = "lessons.did.give_some"
				}
			}
		case "end":
			if l, ans, err = s.Lending.EndLesson(r.Context(), a, id, f.codesOf("codes")); l.Status == kiosk.LessonOut {
				key = "lessons.did.part"
			}
		case "cancel":
			ans, err = s.Lending.CancelLesson(r.Context(), a, id)
		default:
			err = errBadBody
		}
		if err != nil {
			return "", err
		}
		s.done(r, to, s.undoOf(ans.Result.EventSeq), key, "n", l.Given, "of", l.Count)
		return to, nil
	}, func(status int) error { return s.showLesson(w, r, status, f) })
}

// explainedLesson says why an act on a reservation was refused, "" for another
// error.
func explainedLesson(l words.Lang, err error) string {
	var short *kiosk.LessonShortError
	if errors.As(err, &short) {
		t := short.Stock
		return words.T(l, "lessons.short", "want", short.Want, "free", t.Free(), "all", t.All, "out", t.Out, "holds", t.Holds, "reserved", t.Reserved)
	}
	var e *kiosk.LessonError
	if errors.As(err, &e) {
		return words.Fact(l, "lessons.trouble."+string(e.Problem), e.Facts)
	}
	return ""
}
