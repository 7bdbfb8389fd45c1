package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/kiosk/fold"
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

// yearDraft is the key under which the plan of the next year is kept until it
// is done, so that nothing is lost when the PC goes off: ids and classes only.
const yearDraft = "year_draft"

// yearList is the new list of pupils while the year is prepared. It has names
// and is not kept beyond the program's run.
type yearList struct {
	mu    sync.Mutex
	name  string
	table *exchange.Table
	same  map[int]kiosk.ID
}

func (l *yearList) get() (name string, table *exchange.Table, same map[int]kiosk.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.name, l.table, l.same
}

func (l *yearList) set(name string, table *exchange.Table, same map[int]kiosk.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.name, l.table, l.same = name, table, same
}

// readDraft is the order as it stands: the kept one, or the usual one from the
// year that has pupils last to the one after.
func (s *Server) readDraft(v kiosk.View) (o kiosk.PromotionOrder, from kiosk.SchoolYear, err error) {
	if from, _, err = s.yearShown(v, ""); err != nil {
		return o, from, err
	}
	done, err := v.Promotions()
	if err != nil {
		return o, from, err
	}
	// The last year that has pupils ends, also before its last day.
	years, err := v.Years()
	if err != nil {
		return o, from, err
	}
	for _, p := range done {
		if p.Undone.IsZero() {
			if i := slices.IndexFunc(years, func(y kiosk.SchoolYear) bool { return y.ID == p.YearID }); i >= 0 && years[i].Start.After(from.Start) {
				from = years[i]
			}
		}
	}
	text, err := v.Setting(yearDraft)
	if err != nil {
		return o, from, err
	}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			return o, from, err
		}
	}
	if o.From != from.ID { // none kept, or of a year that is begun by now
		o = kiosk.PromotionOrder{From: from.ID, Year: kiosk.YearOf(from.Start.Add(370))}
	}
	if o.Fates == nil {
		o.Fates = map[kiosk.ID]kiosk.PupilFate{}
	}
	return o, from, nil
}

// changeDraft changes the order and keeps it.
func (s *Server) changeDraft(ctx context.Context, change func(*kiosk.PromotionOrder) error) error {
	return s.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		o, _, err := s.readDraft(tx)
		if err != nil {
			return err
		}
		if err := change(&o); err != nil {
			return err
		}
		text, err := json.Marshal(o)
		if err != nil {
			return err
		}
		return tx.PutSetting(yearDraft, string(text))
	})
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

// listState is the new list as it would be taken.
type listState struct {
	Name    string
	Counts  exchange.Counts
	Doubts  []exchange.Doubt
	Decided int
	Missing []kiosk.PlannedPupil // promoted, but not in the list
	Wrong   []string
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

// readList plans the new list, as far as it can be told before the pupils are
// in their new classes.
func (y *yearView) readList(ctx context.Context, s *Server, lang words.Lang) error {
	name, table, same := s.newList.get()
	if table == nil {
		return nil
	}
	var plan *exchange.Plan
	err := s.Ledger.View(ctx, func(v kiosk.View) (err error) {
		plan, err = exchange.NewPlan(v, table, exchange.Options{Now: s.Now(), Year: y.Order.Year.Name, Same: same})
		return err
	})
	if err != nil {
		return err
	}
	y.List = &listState{Name: name, Counts: plan.Counts(), Doubts: plan.Doubts, Decided: len(same)}
	for _, it := range plan.Items {
		if it.Action == exchange.Wrong {
			y.List.Wrong = append(y.List.Wrong, words.T(lang, "year.list_row", "row", it.Row, "what", it.What, "why", it.Problem.Text(exchange.Lang(lang))))
		}
	}
	for _, c := range y.Plan.Classes {
		for _, p := range c.Pupils {
			if !plan.Found[p.Patron.ID] {
				y.List.Missing = append(y.List.Missing, p)
			}
		}
	}
	return nil
}

// yearPage shows the plan, and what can be changed about it.
func (s *Server) yearPage(w http.ResponseWriter, r *http.Request) error {
	return s.showYear(w, r, http.StatusOK, nil)
}

func (s *Server) showYear(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	if s.People == nil {
		return errNotFound
	}
	y, err := s.readYear(r.Context(), s.lang(r))
	if err != nil {
		return err
	}
	if f == nil {
		o := y.Order.Year
		f = newForm("name", o.Name, "start", o.Start.String(), "semester2", o.Semester2.String(), "recall", o.Recall.String(), "end", o.End.String())
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
	}
	s.deskPage(w, r, status, "year.html", map[string]any{"Y": y, "F": f})
	return nil
}

// mostExtra is how many new classes one order makes.
const mostExtra = 60

// putYear keeps the dates and the table of classes, and shows the plan anew.
func (s *Server) putYear(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	year := kiosk.SchoolYear{Name: f.text("name", 1, 20), Start: f.day("start", true), Semester2: f.day("semester2", true), Recall: f.day("recall", true), End: f.day("end", true)}
	extra := newClasses(f)
	y, err := s.readYear(r.Context(), s.lang(r))
	if err != nil {
		return err
	}
	var moves []kiosk.ClassMove
	for _, m := range y.Moves {
		id := string(m.ID)
		move := kiosk.ClassMove{From: m.ID, Leaves: f.Is("leaves-"+id, "yes"), To: f.text("to-"+id, 0, kiosk.MaxClassName)}
		if !move.Leaves {
			move.Grade = f.count("grade-"+id, -1, 1, 12)
			if move.To == "" {
				f.fault("to-"+id, kiosk.FieldMissing, nil)
			}
		}
		moves = append(moves, move)
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		err := s.changeDraft(r.Context(), func(o *kiosk.PromotionOrder) error {
			o.Year, o.Extra = year, extra
			if len(moves) > 0 {
				o.Moves = moves
			}
			return nil
		})
		return "/desk/year#plan", err
	}, func(status int) error { return s.showYear(w, r, status, f) })
}

// newClasses reads the names of classes that begin: "1A, 1B, 1C". The grade is
// the number in the name, or 1.
func newClasses(f *form) (all []kiosk.NewClass) {
	for name := range strings.FieldsFuncSeq(f.Get("extra"), func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if len(all) == mostExtra || !short(name, 4*kiosk.MaxClassName) {
			f.fault("extra", kiosk.FieldTooLong, kiosk.Facts{"max": kiosk.MaxClassName})
			return nil
		}
		grade := 1
		if i := strings.IndexAny(name, "0123456789"); i >= 0 {
			end := i
			for end < len(name) && name[end] >= '0' && name[end] <= '9' {
				end++
			}
			if n, err := strconv.Atoi(name[i:end]); err == nil && n >= 1 && n <= 12 {
				grade = n
			}
		}
		all = append(all, kiosk.NewClass{Name: name, Grade: grade})
	}
	return all
}

// yearClass shows each pupil of a class, for the exceptions.
func (s *Server) yearClass(w http.ResponseWriter, r *http.Request) error {
	return s.showYearClass(w, r, http.StatusOK, newForm())
}

func (s *Server) showYearClass(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	if s.People == nil {
		return errNotFound
	}
	y, err := s.readYear(r.Context(), s.lang(r))
	if err != nil {
		return err
	}
	class, pupils := y.pupilsOf(kiosk.ID(r.PathValue("id")))
	if class.ID == "" {
		return errNotFound
	}
	s.deskPage(w, r, status, "yearclass.html", map[string]any{"Y": y, "F": f, "Class": class, "Pupils": pupils, "Fates": kiosk.Fates})
	return nil
}

// fateRow is a pupil with the exception as it is kept.
type fateRow struct {
	kiosk.PlannedPupil
	Chosen kiosk.PupilFate
}

func (y yearView) pupilsOf(id kiosk.ID) (class moveRow, rows []fateRow) {
	i := slices.IndexFunc(y.Moves, func(m moveRow) bool { return m.ID == id })
	if i < 0 {
		return class, nil
	}
	take := func(p kiosk.PlannedPupil) {
		if p.Class == id {
			rows = append(rows, fateRow{p, y.Order.Fates[p.Patron.ID]})
		}
	}
	for _, c := range y.Plan.Classes {
		for _, p := range c.Pupils {
			take(p)
		}
	}
	for _, p := range y.Plan.Leavers {
		take(p)
	}
	slices.SortStableFunc(rows, func(a, b fateRow) int {
		return strings.Compare(fold.NameOrder(a.Patron.Name), fold.NameOrder(b.Patron.Name))
	})
	return y.Moves[i], rows
}

// putYearClass keeps the exceptions of a class.
func (s *Server) putYearClass(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	y, err := s.readYear(r.Context(), s.lang(r))
	if err != nil {
		return err
	}
	class, pupils := y.pupilsOf(kiosk.ID(r.PathValue("id")))
	if class.ID == "" {
		return errNotFound
	}
	fates := map[kiosk.ID]kiosk.PupilFate{}
	for _, p := range pupils {
		id := string(p.Patron.ID)
		one := kiosk.PupilFate{Fate: oneOf(f, "fate-"+id, kiosk.Fates), Class: f.text("class-"+id, 0, kiosk.MaxClassName)}
		if one.Fate == kiosk.FatePromote {
			one.Fate = ""
		}
		fates[p.Patron.ID] = one
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		err := s.changeDraft(r.Context(), func(o *kiosk.PromotionOrder) error {
			for id, one := range fates {
				if one == (kiosk.PupilFate{}) {
					delete(o.Fates, id)
				} else {
					o.Fates[id] = one
				}
			}
			return nil
		})
		return "/desk/year#plan", err
	}, func(status int) error { return s.showYearClass(w, r, status, f) })
}

// putYearList reads the new list of pupils, and writes nothing.
func (s *Server) putYearList(w http.ResponseWriter, r *http.Request) error {
	if s.People == nil {
		return errNotFound
	}
	f, name, data, err := sentFile(w, r, "list")
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		if len(data) == 0 {
			return "", &kiosk.FieldError{Field: "list", Problem: kiosk.FieldMissing}
		}
		table, err := exchange.Read(exchange.Patrons, name, data)
		if err != nil {
			return "", err
		}
		s.newList.set(name, table, map[int]kiosk.ID{})
		return "/desk/year#list", nil
	}, func(status int) error {
		s.memory.put(callerOf(r).account, &said{page: "/desk/year", key: "form.refused", pairs: []any{"why", f.Trouble + " " + f.Err("list")}, bad: true})
		http.Redirect(w, r, "/desk/year", http.StatusSeeOther)
		return nil
	})
}

func (s *Server) dropYearList(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		s.newList.set("", nil, nil)
		return "/desk/year", nil
	}, s.refused(w, r, f, "/desk/year"))
}

// decideYearList says of a doubtful row who it is about.
func (s *Server) decideYearList(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(kiosk.Attempt) (string, error) {
		i, err := strconv.Atoi(f.Get("row"))
		name, table, same := s.newList.get()
		if err != nil || table == nil || i < 0 || i >= len(table.Rows) {
			return "", kiosk.ErrNotNow
		}
		next := map[int]kiosk.ID{i: kiosk.ID(f.Get("who"))}
		for k, v := range same {
			if k != i {
				next[k] = v
			}
		}
		s.newList.set(name, table, next)
		return "/desk/year#list", nil
	}, s.refused(w, r, f, "/desk/year"))
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
		if y.Early && !f.Is("sure", "yes") {
			return "", errNotSure
		}
		if y.List != nil && len(y.List.Doubts) > 0 {
			return "", kiosk.ErrNotNow
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
	}, s.refused(w, r, f, "/desk/year"))
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
