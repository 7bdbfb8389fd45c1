package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/web/words"
)

// yearRoutes are the beginning of a school year.
func (s *Server) yearRoutes() []route {
	return []route{
		{"GET", "/desk/year", librarian, s.yearPage},
		{"POST", "/desk/year", librarian, s.putYear},
		{"GET", "/desk/year/class/{id}", librarian, named(s.yearClass)},
		{"POST", "/desk/year/class/{id}", librarian, named(s.putYearClass)},
		{"POST", "/desk/year/list", librarian, s.putYearList},
		{"POST", "/desk/year/list/drop", librarian, s.dropYearList},
		{"POST", "/desk/year/list/decide", librarian, s.decideYearList},
		{"POST", "/desk/year/begin", librarian, s.beginYear},
		{"POST", "/desk/year/undo", librarian, s.undoYear},
	}
}

// yearView is the page: the plan as it would be done now.
type yearView struct {
	From     kiosk.SchoolYear
	Order    kiosk.PromotionOrder
	Plan     kiosk.PromotionPlan
	Moves    []moveRow
	Pupils   int
	Empty    []string // new classes without pupils of last year
	List     *listState
	Last     *lastYear
	Ready    bool
	Early    bool // the year that ends has long to go: it must be said that this is meant
	Problems []kiosk.PromotionProblem
}

// moveRow is a line of the table of classes.
type moveRow struct {
	kiosk.Class
	To         string
	ToGrade    int
	Leaves     bool
	N          int
	Exceptions int
}

// lastYear is the last beginning of a year.
type lastYear struct {
	kiosk.Promotion
	Year     kiosk.SchoolYear
	Undoable bool
	Until    kiosk.Day
}

func (s *Server) readYear(ctx context.Context, lang words.Lang) (y yearView, err error) {
	var classes []kiosk.Class
	err = s.Ledger.View(ctx, func(v kiosk.View) (err error) {
		if y.Order, y.From, err = s.readDraft(v); err != nil {
			return err
		}
		if classes, err = v.Classes(y.From.ID); err != nil {
			return err
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		y.Early = kiosk.EarlyFor(y.From, today)
		return y.readLast(s, v)
	})
	if err != nil || y.From.ID == "" {
		return y, err
	}
	if y.Plan, err = s.People.TryPromotion(ctx, y.Order); err != nil {
		return y, err
	}
	y.Problems = y.Plan.Problems
	n, odd := map[string]int{}, map[string]int{}
	count := func(p kiosk.PlannedPupil) {
		y.Pupils++
		n[p.FromClass]++
		if f, ok := y.Order.Fates[p.Patron.ID]; ok && f != (kiosk.PupilFate{}) {
			odd[p.FromClass]++
		}
	}
	for _, c := range y.Plan.Classes {
		if len(c.From) == 0 && len(c.Pupils) == 0 {
			y.Empty = append(y.Empty, c.Name)
		}
		for _, p := range c.Pupils {
			count(p)
		}
	}
	for _, p := range y.Plan.Leavers {
		count(p)
	}
	for _, m := range y.Plan.Moves {
		i := slices.IndexFunc(classes, func(c kiosk.Class) bool { return c.ID == m.From })
		c := classes[i]
		if n[c.Name] > 0 || len(y.Plan.Stopped()) > 0 {
			y.Moves = append(y.Moves, moveRow{c, m.To, m.Grade, m.Leaves, n[c.Name], odd[c.Name]})
		}
	}
	if err := y.readList(ctx, s, lang); err != nil {
		return y, err
	}
	y.Ready = len(y.Plan.Stopped()) == 0 && (y.List == nil || len(y.List.Doubts) == 0)
	return y, nil
}

func (y *yearView) readLast(s *Server, v kiosk.View) error {
	done, err := v.Promotions()
	if err != nil || len(done) == 0 {
		return err
	}
	l := &lastYear{Promotion: done[0], Undoable: done[0].Undoable(s.Now())}
	years, err := v.Years()
	for _, x := range years {
		if x.ID == l.YearID {
			l.Year = x
		}
	}
	loc, err2 := siteZone(v)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	l.Until = kiosk.DayOf(l.At, loc).Add(kiosk.PromotionUndoDays)
	y.Last = l
	return nil
}

// formOfDraft are the dates and the table of classes as their form shows them.
func formOfDraft(y yearView) *form {
	o := y.Order.Year
	f := newForm("name", o.Name, "start", o.Start.String(), "semester2", o.Semester2.String(), "recall", o.Recall.String(), "end", o.End.String())
	var extra []string
	for _, c := range y.Order.Extra {
		extra = append(extra, c.Name)
	}
	f.Values.Set("extra", strings.Join(extra, ", "))
	for _, m := range y.Moves {
		f.Values.Set("to-"+string(m.ID), m.To)
		if m.Leaves {
			f.Values.Set("leaves-"+string(m.ID), "yes")
			continue
		}
		f.Values.Set("grade-"+string(m.ID), strconv.Itoa(m.ToGrade))
	}
	return f
}

// yearPage shows the plan, and what can be changed about it.
func (s *Server) yearPage(w http.ResponseWriter, r *http.Request) error {
	return s.showYear(w, r, http.StatusOK, nil, newForm())
}

// showYear shows the draft's form, from the draft where f is nil, and the form that
// begins the year.
func (s *Server) showYear(w http.ResponseWriter, r *http.Request, status int, f, begin *form) error {
	if s.People == nil {
		return errNotFound
	}
	y, err := s.readYear(r.Context(), s.lang(r))
	if err != nil {
		return err
	}
	if f == nil {
		f = formOfDraft(y).stamp()
	}
	s.deskPage(w, r, status, "year.html", map[string]any{"Y": y, "F": f, "Begin": begin})
	return nil
}

// errNotSure says that something unusual was not said to be meant.
var errNotSure = errors.New("not said to be meant")

// beginYear does the plan.
func (s *Server) beginYear(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		y, err := s.readYear(r.Context(), s.lang(r))
		if err != nil {
			return "", err
		}
		if f.Get("from") != string(y.From.ID) { // the page is of before the year was begun
			return "", &kiosk.PromotionError{Problems: []kiosk.PromotionProblem{{Trouble: kiosk.PromotionBegun, Class: y.From.Name}}}
		}
		if y.List != nil && len(y.List.Doubts) > 0 {
			return "", kiosk.ErrNotNow
		}
		if y.Early && y.Ready && !f.Is("sure", "yes") { // where it is not ready, the promotion says why
			return "", atField("sure", errNotSure)
		}
		var write func(kiosk.Tx) error
		if _, table, same := s.newList.get(); table != nil {
			write = func(tx kiosk.Tx) error {
				plan, err := exchange.NewPlan(tx, table, exchange.Options{Now: s.Now(), Year: y.Order.Year.Name, Account: a.Staff, Station: a.Station, Same: same})
				if err != nil {
					return err
				}
				_, err = exchange.ApplyIn(r.Context(), tx, plan)
				return err
			}
		}
		if _, err := s.People.Promote(r.Context(), a, y.Order, write); err != nil {
			return "", err
		}
		s.newList.set("", nil, nil)
		s.done(r, "/desk/year", nil, "year.begun", "year", y.Order.Year.Name, "up", y.Plan.Promoted+y.Plan.Repeating, "left", len(y.Plan.Leavers))
		return "/desk/year", nil
	}, func(status int) error {
		if f.Err("sure") == "" {
			return s.refused(w, r, f, "/desk/year")(status)
		}
		return s.showYear(w, shownAt(r, "/desk/year", ""), status, nil, f)
	})
}

// undoYear takes the last beginning back, within a week.
func (s *Server) undoYear(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		done, err := s.People.Unpromote(r.Context(), a, kiosk.ID(f.Get("promotion")))
		if err != nil {
			return "", err
		}
		key := "year.undone"
		if len(done.Kept)+len(done.Changed)+done.Gone > 0 {
			key = "year.undone_partly"
		}
		s.done(r, "/desk/year", nil, key, "n", done.Withdrawn, "back", done.Restored, "kept", len(done.Kept), "changed", len(done.Changed), "gone", done.Gone)
		return "/desk/year", nil
	}, s.refused(w, r, f, "/desk/year"))
}
