package web

import (
	"net/http"

	"strconv"

	"muontra/kiosk"
	"muontra/web/words"
)

// boardForm reads the lines of a board: name1, position1, role1 and on.
func boardForm(f *form) (all []kiosk.BoardMember) {
	for i := 1; i <= kiosk.MostBoard; i++ {
		n := strconv.Itoa(i)
		all = append(all, kiosk.BoardMember{Name: f.Get("name" + n), Position: f.Get("position" + n), Role: f.Get("role" + n)})
	}
	return all
}

// boardNumbers are the lines of a board's form.
var boardNumbers = func() (all []string) {
	for i := 1; i <= 5; i++ {
		all = append(all, strconv.Itoa(i))
	}
	return all
}()

// usualBoard fills a board as the school's papers have it.
func usualBoard(lang words.Lang, f *form, school kiosk.School) {
	f.Values.Set("name1", school.Management)
	f.Values.Set("position1", school.Title)
	f.Values.Set("role1", words.T(lang, "board.head"))
	f.Values.Set("name2", school.Librarian)
	f.Values.Set("position2", words.T(lang, "board.librarian"))
	f.Values.Set("role2", words.T(lang, "board.secretary"))
}

// closePage is the form of a stocktake's minutes, with what the close will do. One
// that is closed has its minutes: an old link leads to them.
func (s *Server) closePage(w http.ResponseWriter, r *http.Request) error {
	f := newForm("method", string(kiosk.StockPeriodic))
	lang, closed := s.lang(r), false
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		take, err := v.Stocktake(kiosk.ID(r.PathValue("id")))
		if err != nil || !take.Open() {
			closed = err == nil
			return err
		}
		school, err := kiosk.SchoolOf(v)
		if err != nil {
			return err
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		usualBoard(lang, f, school)
		f.Values.Set("day", today.String())
		f.Values.Set("place", words.T(lang, "stock.usual_place"))
		all, err := v.Stocktakes()
		n := 1
		for _, one := range all {
			if !one.Open() {
				n++
			}
		}
		f.Values.Set("number", words.T(lang, "stock.usual_number", "n", n))
		return err
	})
	if err != nil {
		return err
	}
	if closed {
		http.Redirect(w, r, stocktakePath+"/"+r.PathValue("id")+"/minutes", http.StatusSeeOther)
		return nil
	}
	return s.showClose(w, r, http.StatusOK, f)
}

func (s *Server) showClose(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	x, err := s.readStocktake(r)
	if err != nil {
		return err
	}
	var waiting []placeSum
	missing, expected := 0, 0
	for _, p := range x.places() {
		if !p.Begun {
			waiting = append(waiting, p)
			expected += p.Unmet
		} else {
			missing += p.Unmet
		}
	}
	s.deskPage(w, r, status, "stockclose.html", map[string]any{
		"T": x.Row, "F": f, "Methods": choices(s.lang(r), "stock.method.", kiosk.StockMethods), "Board": boardNumbers,
		"Missing": missing, "Waiting": waiting, "Expected": expected,
	})
	return nil
}

func (s *Server) closeStocktake(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	m := kiosk.StockMinutes{
		Number: f.Get("number"), Day: f.day("day", true), Hour: f.Get("hour"), Place: f.Get("place"), Method: kiosk.StockMethod(f.Get("method")),
		Note: f.Get("note"), All: f.Is("all", "yes"), Board: boardForm(f),
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if _, err := s.Stocktaking.CloseStocktake(r.Context(), a, id, m); err != nil {
			return "", err
		}
		return stocktakePath + "/" + string(id) + "/minutes", nil
	}, func(status int) error { return s.showClose(w, r, status, f) })
}

func (s *Server) reopenStocktake(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	to := stocktakePath + "/" + string(id)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if err := s.Stocktaking.ReopenStocktake(r.Context(), a, id); err != nil {
			return "", err
		}
		s.done(r, to, nil, "stock.reopened")
		return to, nil
	}, s.refused(w, r, f, to))
}

// kindSum is a line of the minutes' table: a kind, a condition, or the whole.
type kindSum struct {
	Name  string
	Whole bool
	kiosk.StockSum
}

// stockMinutes is the paper of a closed stocktake.
func (s *Server) stockMinutes(w http.ResponseWriter, r *http.Request) error {
	x, err := s.readStocktake(r)
	if err != nil {
		return err
	}
	if x.Row.Open() {
		return errNotFound
	}
	m, lang := x.Row.Minutes, s.lang(r)
	var kinds, conditions []kindSum
	for _, k := range kiosk.Kinds {
		if sum, is := m.Sums.Kinds[k]; is {
			kinds = append(kinds, kindSum{Name: words.T(lang, "kind."+string(k)), StockSum: sum})
		}
	}
	kinds = append(kinds, kindSum{Name: words.T(lang, "minutes.all"), Whole: true, StockSum: m.Sums.All})
	there := kindSum{Name: words.T(lang, "minutes.all"), Whole: true}
	for _, c := range kiosk.Conditions {
		if sum, is := m.Sums.Condition[c]; is {
			conditions = append(conditions, kindSum{Name: words.T(lang, "copy.condition."+string(c)), StockSum: sum})
		}
	}
	there.StockSum = m.Sums.All
	conditions = append(conditions, there)
	var missing, misplaced, surplus []stockRow
	for _, l := range x.Lines {
		row := stockRow{l, x.state(l), x.placeName(l.Place), x.placeName(l.SeenAt)}
		switch {
		case l.Final == kiosk.StockMissing:
			missing = append(missing, row)
		case row.State == kiosk.StockMisplaced:
			misplaced = append(misplaced, row)
		case row.State == kiosk.StockSurplus:
			surplus = append(surplus, row)
		}
	}
	school, err := s.schoolNow(r)
	if err != nil {
		return err
	}
	lost := m.Sums.All.Worth(kiosk.StockMissing)
	s.deskPage(w, r, http.StatusOK, "stockminutes.html", map[string]any{
		"T": x.Row, "M": m, "School": school, "Kinds": kinds, "Conditions": conditions, "Missing": missing, "Misplaced": misplaced, "Surplus": surplus, "Strays": x.Strays,
		"Worth": words.DongInWords(m.Sums.All.WorthThere()), "Lost": lost, "LostWords": words.DongInWords(lost),
		"There": words.InWords(int64(m.Sums.All.There())), "Mine": callerOf(r).is(kiosk.Librarian),
		"Faults": faultsOf(m.Sums), "Lines": linesSum(m.Quantities),
	})
	return nil
}

// quantitySum is the last line of the quantity lines' table.
type quantitySum struct {
	Expected, Counted, Missing, Over int
	Worth                            int64
}

func linesSum(all []kiosk.QuantityMinutes) (sum quantitySum) {
	for _, q := range all {
		sum.Expected += q.Expected
		sum.Counted += q.Counted
		sum.Missing += q.Missing()
		sum.Over += q.Over()
		sum.Worth += q.Worth()
	}
	return sum
}

// faultsOf are the columns in which the kinds do not add up to the whole, in copies
// or in money, by the keys of their words: a paper never shows such a sum as right.
func faultsOf(s kiosk.StockSums) (where []string) {
	n, worth := map[kiosk.StockState]int{}, map[kiosk.StockState]int64{}
	for _, k := range s.Kinds {
		for st, c := range k.Count {
			n[st] += c
			worth[st] += k.Value[st]
		}
	}
	there := 0
	for _, c := range s.Condition {
		there += c.There()
	}
	for _, st := range kiosk.StockStates {
		if n[st] != s.All.Count[st] || worth[st] != s.All.Value[st] {
			where = append(where, "stock.is."+string(st))
		}
	}
	if there != s.All.There() {
		where = append(where, "stock.paper_conditions")
	}
	return where
}

// schoolNow is what papers say of the school.
func (s *Server) schoolNow(r *http.Request) (school kiosk.School, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		school, err = kiosk.SchoolOf(v)
		return err
	})
	return school, err
}
