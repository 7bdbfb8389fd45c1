package web

import (
	"context"
	"net/http"
	"strconv"
	"sync"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/web/words"
)

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

// listState is the new list as it would be taken.
type listState struct {
	Name    string
	Counts  exchange.Counts
	Doubts  []exchange.Doubt
	Decided int
	Missing []kiosk.PlannedPupil // promoted, but not in the list
	Wrong   []string
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
