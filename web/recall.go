package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// Recalling are the acts that call books back.
type Recalling interface {
	StartRecall(ctx context.Context, a kiosk.Attempt, o kiosk.Recall) (kiosk.Recall, error)
	SetRecallClosed(ctx context.Context, a kiosk.Attempt, id kiosk.ID, closed bool) error
	UndoRecall(ctx context.Context, a kiosk.Attempt, id kiosk.ID) error
}

const recallPath = "/desk/recall"

func (s *Server) recallRoutes() []route {
	if s.Lending == nil {
		return nil
	}
	return []route{
		{"GET", recallPath, reader, s.recalls},
		{"POST", recallPath, librarian, s.startRecall},
		{"GET", recallPath + "/new", librarian, s.newRecall},
		{"GET", recallPath + "/{id}", reader, named(s.recallRun)},
		{"POST", recallPath + "/{id}", librarian, named(s.doRecall)},
		{"GET", recallPath + "/{id}/counts", reader, named(s.recallCounts)},
	}
}

// recallRow is a recall with how far it is.
type recallRow struct {
	kiosk.Recall
	Day       kiosk.Day
	All, Back int
}

// Out is how many books are still out.
func (r recallRow) Out() int { return r.All - r.Back }

// Moved is how many due dates were moved.
func (r recallRow) Moved() int { return len(r.Record.Events) }

// recallGroup is a class, or those outside classes, of a recall.
type recallGroup struct {
	Name      string
	All, Back int
	outside   bool
}

// Out is how many books of the group are still out.
func (g recallGroup) Out() int { return g.All - g.Back }

func recallRowOf(v kiosk.View, r kiosk.Recall, rules kiosk.Rules) (recallRow, error) {
	row := recallRow{Recall: r, Day: kiosk.DayOf(r.At, rules.Location), All: len(r.Record.Loans)}
	for _, id := range r.Record.Loans {
		l, err := v.Loan(id)
		if err != nil {
			return row, err
		}
		if !l.Open() {
			row.Back++
		}
	}
	return row, nil
}

var recallList = list[recallRow]{
	Title: "work.recall",
	Columns: []column[recallRow]{
		{Key: "name", Word: "list.called", Kind: textCell, Of: func(r recallRow) any { return r.Name }},
		{Key: "made", Word: "list.made", Kind: dayCell, Of: func(r recallRow) any { return r.Day }},
		{Key: "due", Word: "list.due", Kind: dayCell, Of: func(r recallRow) any { return r.Due }},
		{Key: "books", Word: "list.copies", Kind: numberCell, Of: func(r recallRow) any { return r.All }},
		{Key: "back", Word: "list.given_back", Kind: numberCell, Of: func(r recallRow) any { return r.Back }},
		{Key: "out", Word: "list.still_out", Kind: numberCell, Of: func(r recallRow) any { return r.Out() }},
	},
	Mute: func(r recallRow) bool { return !r.Standing() },
}

// recalls lists the recalls, the newest first.
func (s *Server) recalls(w http.ResponseWriter, r *http.Request) error {
	var rows []recallRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		rules, err := v.Rules(today)
		if err != nil {
			return err
		}
		all, err := v.Recalls()
		if err != nil {
			return err
		}
		for _, one := range all {
			row, err := recallRowOf(v, one, rules)
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return showOwn(s, w, r, http.StatusOK, recallList, rows, "recalls.html", map[string]any{"Mine": callerOf(r).is(kiosk.Librarian)})
}

func (s *Server) newRecall(w http.ResponseWriter, r *http.Request) error {
	f := newForm()
	f.Values["category"] = []string{string(kiosk.Pupil)}
	return s.recallForm(w, r, http.StatusOK, f)
}

// Ticked reports whether one of several boxes of a name is ticked.
func (f *form) Ticked(name, value string) bool { return slices.Contains(f.Values[name], value) }

func (s *Server) recallForm(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	lang := s.lang(r)
	var classes []choice
	var open int
	var last kiosk.Day
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		list, err := s.classesNow(v)
		if err != nil {
			return err
		}
		slices.SortStableFunc(list, byClass)
		for _, c := range list {
			classes = append(classes, choice{c.Name, c.Name})
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		rules, err := v.Rules(today)
		if err != nil {
			return err
		}
		last = rules.Calendar.OnOrBefore(rules.Year.Recall)
		return v.EachLoan(true, func(kiosk.Loan) error { open++; return nil })
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "recallnew.html", map[string]any{
		"F": f, "Classes": classes, "Kinds": choices(lang, "kind.", kiosk.Kinds), "Who": choices(lang, "patron.category.", kiosk.Categories), "Open": open, "Last": last,
	})
	return nil
}

// startRecall makes a recall of a form.
func (s *Server) startRecall(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	o := kiosk.Recall{Name: f.Get("name"), Due: f.day("due", true)}
	for _, k := range f.Values["kind"] {
		o.Record.Kinds = append(o.Record.Kinds, kiosk.Kind(k))
	}
	for _, c := range f.Values["category"] {
		o.Record.Categories = append(o.Record.Categories, kiosk.Category(c))
	}
	o.Record.Classes = f.Values["class"]
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		run, err := s.Lending.StartRecall(r.Context(), a, o)
		if err != nil {
			return "", err
		}
		to := recallPath + "/" + string(run.ID)
		s.done(r, to, func(ctx context.Context, a kiosk.Attempt) error { return s.Lending.UndoRecall(ctx, a, run.ID) },
			"recall.started", "n", len(run.Record.Loans), "moved", len(run.Record.Events))
		return to, nil
	}, func(status int) error { return s.recallForm(w, r, status, f) })
}

// readRecall reads a recall with its groups.
func (s *Server) readRecall(r *http.Request) (row recallRow, groups []recallGroup, who []choice, err error) {
	lang := s.lang(r)
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		run, err := v.Recall(kiosk.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		rules, err := v.Rules(today)
		if err != nil {
			return err
		}
		if row, err = recallRowOf(v, run, rules); err != nil {
			return err
		}
		if groups, err = recallGroups(v, lang, run, today); err != nil {
			return err
		}
		who, err = s.whoChoices(v, lang)
		return err
	})
	return row, groups, who, err
}

func recallGroups(v kiosk.View, lang words.Lang, run kiosk.Recall, today kiosk.Day) ([]recallGroup, error) {
	of := map[kiosk.ID]kiosk.Member{}
	err := v.EachMember(today, func(m kiosk.Member) error {
		of[m.Ref] = m
		return nil
	})
	if err != nil {
		return nil, err
	}
	at := map[string]*recallGroup{}
	for _, id := range run.Record.Loans {
		l, err := v.Loan(id)
		if err != nil {
			return nil, err
		}
		m := of[l.PatronRef]
		g := recallGroup{Name: m.Class}
		if m.Class == "" {
			g = recallGroup{Name: words.T(lang, "recall.others"), outside: true}
		}
		if at[g.Name] == nil {
			at[g.Name] = &g
		}
		at[g.Name].All++
		if !l.Open() {
			at[g.Name].Back++
		}
	}
	var groups []recallGroup
	for _, g := range at {
		groups = append(groups, *g)
	}
	slices.SortFunc(groups, func(a, b recallGroup) int {
		if a.outside != b.outside {
			if a.outside {
				return 1
			}
			return -1
		}
		return cmp.Compare(fold.Order(a.Name), fold.Order(b.Name))
	})
	return groups, nil
}

// recallRun shows what of a recall is back and what is still out.
func (s *Server) recallRun(w http.ResponseWriter, r *http.Request) error {
	f := loanFilterOf(r.URL.Query())
	row, groups, who, err := s.readRecall(r)
	if err != nil {
		return err
	}
	mine := callerOf(r).is(kiosk.Librarian)
	l := list[loanRow]{Title: "recall.list", Columns: loanColumns(mine)}
	filter := row.Name
	if text := f.words(s.lang(r)); text != "" {
		filter += " · " + text
	}
	q := f.query()
	q.Among = append([]kiosk.ID{}, row.Record.Loans...) // what of it is still open
	return showLong(s, w, r, l, s.openLoans(s.lang(r), q), "recallrun.html", map[string]any{
		"R": row, "Groups": groups, "F": newForm("who", f.Who), "Who": who, "Filter": filter, "Mine": mine, "Counts": mine && s.Counter != nil,
	})
}

// recallCounts are the figures of the page, which asks for them again and again.
func (s *Server) recallCounts(w http.ResponseWriter, r *http.Request) error {
	row, groups, _, err := s.readRecall(r)
	if err != nil {
		return err
	}
	s.page(w, r, http.StatusOK, "recallcounts", map[string]any{"R": row, "Groups": groups})
	return nil
}

// doRecall closes a recall, opens it again, or takes it back.
func (s *Server) doRecall(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	to := recallPath + "/" + string(id)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if f.Is("what", "undo") {
			if err := s.Lending.UndoRecall(r.Context(), a, id); err != nil {
				return "", err
			}
			s.done(r, to, nil, "recall.undone_now")
			return to, nil
		}
		closed := f.Is("what", "close")
		if err := s.Lending.SetRecallClosed(r.Context(), a, id, closed); err != nil {
			return "", err
		}
		key := "recall.opened"
		if closed {
			key = "recall.closed_now"
		}
		s.done(r, to, func(ctx context.Context, a kiosk.Attempt) error {
			return s.Lending.SetRecallClosed(ctx, a, id, !closed)
		}, key)
		return to, nil
	}, s.refused(w, r, f, to))
}
