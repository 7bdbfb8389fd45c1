package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

// Withdrawing are the acts by which copies leave the stock.
type Withdrawing interface {
	ProposeWithdrawal(ctx context.Context, a kiosk.Attempt, name string, items []kiosk.WithdrawalItem) (kiosk.Withdrawal, error)
	ChangeWithdrawal(ctx context.Context, a kiosk.Attempt, id kiosk.ID, name string, items []kiosk.WithdrawalItem, look func(kiosk.Withdrawal) error) (kiosk.Withdrawal, error)
	ApproveWithdrawal(ctx context.Context, a kiosk.Attempt, id kiosk.ID, who string, on kiosk.Day) (kiosk.Withdrawal, error)
	UndoApproval(ctx context.Context, a kiosk.Attempt, was kiosk.Withdrawal) (kiosk.Withdrawal, error)
	DropWithdrawal(ctx context.Context, a kiosk.Attempt, id kiosk.ID, drop bool) error
	CloseWithdrawal(ctx context.Context, a kiosk.Attempt, id kiosk.ID, m kiosk.WithdrawalPaper) (kiosk.Withdrawal, error)
	PageKeeping
}

const withdrawalPath = "/desk/withdrawals"

func (s *Server) withdrawalRoutes() []route {
	if s.Withdrawing == nil {
		return nil
	}
	return []route{
		{"GET", withdrawalPath, reader, s.withdrawals},
		{"POST", withdrawalPath, librarian, s.proposeWithdrawal},
		{"GET", withdrawalPath + "/new", librarian, s.weeding},
		{"POST", withdrawalPath + "/rules", librarian, s.setWeeding},
		{"GET", withdrawalPath + "/{id}", reader, named(s.withdrawal)},
		{"POST", withdrawalPath + "/{id}", librarian, named(s.changeWithdrawal)},
		// The management approves by its own sign-in; the librarian writes down
		// what was signed on paper.
		{"POST", withdrawalPath + "/{id}/approval", reader, named(s.approveWithdrawal)},
		{"GET", withdrawalPath + "/{id}/close", librarian, named(s.withdrawalClosePage)},
		{"POST", withdrawalPath + "/{id}/close", librarian, named(s.closeWithdrawal)},
		{"GET", withdrawalPath + "/{id}/minutes", reader, named(s.withdrawalMinutes)},
	}
}

// withdrawalRow is a withdrawal with its sums.
type withdrawalRow struct {
	kiosk.Withdrawal
	Day      kiosk.Day
	Worth    int64
	Unpriced int
}

func withdrawalRowOf(w kiosk.Withdrawal, loc *time.Location) withdrawalRow {
	row := withdrawalRow{Withdrawal: w, Day: kiosk.DayOf(w.At, loc)}
	row.Worth, row.Unpriced = w.Value()
	return row
}

var withdrawalsList = list[withdrawalRow]{
	Title: "work.withdrawal",
	Columns: []column[withdrawalRow]{
		{Key: "name", Word: "list.called", Kind: textCell, Of: func(r withdrawalRow) any { return r.Name }},
		{Key: "made", Word: "list.made", Kind: dayCell, Of: func(r withdrawalRow) any { return r.Day }},
		{Key: "copies", Word: "list.copies", Kind: numberCell, Of: func(r withdrawalRow) any { return len(r.Items) }},
		{Key: "worth", Word: "list.sum", Kind: moneyCell, Of: func(r withdrawalRow) any { return r.Worth }},
		{Key: "state", Word: "list.status", Kind: textCell, Of: func(r withdrawalRow) any { return string(r.State()) }, Say: func(r withdrawalRow) string { return "weed.state." + string(r.State()) }},
	},
}

func (s *Server) withdrawals(w http.ResponseWriter, r *http.Request) error {
	var rows []withdrawalRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rules, _, _, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		all, err := v.Withdrawals()
		for _, one := range all {
			rows = append(rows, withdrawalRowOf(one, rules.Location))
		}
		return err
	})
	if err != nil {
		return err
	}
	return showOwn(s, w, r, http.StatusOK, withdrawalsList, rows, "withdrawals.html", map[string]any{"Mine": callerOf(r).is(kiosk.Librarian)})
}

// weedingRules are the school's rules of what is proposed.
func weedingRules(v kiosk.View) (kiosk.WeedingRules, error) {
	rules := kiosk.DefaultWeeding
	text, err := v.Setting(kiosk.WeedingSetting)
	if err == nil && text != "" {
		rules = kiosk.WeedingRules{}
		err = json.Unmarshal([]byte(text), &rules)
	}
	return rules, err
}

// weeding lists the candidates by the school's rules; those that are ticked go on
// a list.
func (s *Server) weeding(w http.ResponseWriter, r *http.Request) error {
	year, err := s.yearNow(r)
	if err != nil {
		return err
	}
	return s.showWeeding(w, r, http.StatusOK, newForm("name", words.T(s.lang(r), "weed.usual_name", "year", year.Name)), nil)
}

func (s *Server) candidates(v kiosk.View) (all []kiosk.Candidate, rules kiosk.WeedingRules, err error) {
	if rules, err = weedingRules(v); err != nil {
		return nil, rules, err
	}
	now, today, _, err := s.rulesIn(v)
	if err != nil {
		return nil, rules, err
	}
	missed, err := v.Missed()
	if err != nil {
		return nil, rules, err
	}
	last, err := v.LastLent()
	if err != nil {
		return nil, rules, err
	}
	listed := map[kiosk.ID]bool{}
	lists, err := v.Withdrawals()
	if err != nil {
		return nil, rules, err
	}
	for _, l := range lists {
		if st := l.State(); st == kiosk.WithdrawalProposed || st == kiosk.WithdrawalApproved {
			for _, i := range l.Items {
				listed[i.Copy] = true
			}
		}
	}
	open, err := v.OpenLoans()
	if err != nil {
		return nil, rules, err
	}
	for _, l := range open {
		listed[l.CopyID] = true
	}
	titles := map[kiosk.ID]kiosk.Title{} // of the copies that may be proposed
	err = v.EachOfStock(func(c kiosk.Copy) (err error) {
		i := kiosk.Item{Copy: c, Title: titles[c.TitleID]}
		if listed[c.ID] || !rules.MayWeed(c, last[c.ID], today, now.Location) {
			return nil
		}
		if i.Title.ID == "" {
			if i.Title, err = v.Title(c.TitleID); err != nil {
				return err
			}
			titles[c.TitleID] = i.Title
		}
		if x, is := rules.Weed(i, missed[c.ID], last[c.ID], today, now.Location); is {
			all = append(all, x)
		}
		return nil
	})
	slices.SortFunc(all, func(a, b kiosk.Candidate) int { return kiosk.CompareAccessions(a.Item.Copy, b.Item.Copy) })
	return all, rules, err
}

func (s *Server) showWeeding(w http.ResponseWriter, r *http.Request, status int, f, rulesForm *form) error {
	var all []kiosk.Candidate
	var rules kiosk.WeedingRules
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		all, rules, err = s.candidates(v)
		return err
	})
	if err != nil {
		return err
	}
	if rulesForm == nil {
		rulesForm = formOfWeeding(rules).stamp()
	}
	old, err := s.oldLines(r, rules)
	if err != nil {
		return err
	}
	cause := r.URL.Query().Get("cause")
	type box struct {
		Cause kiosk.WithdrawalCause
		N     int
		Here  bool
	}
	var boxes []box
	for _, c := range kiosk.WithdrawalCauses {
		n := 0
		for _, x := range all {
			if x.Cause == c {
				n++
			}
		}
		if n > 0 {
			boxes = append(boxes, box{c, n, string(c) == cause})
		}
	}
	if cause != "" {
		all = slices.DeleteFunc(all, func(c kiosk.Candidate) bool { return string(c.Cause) != cause })
	}
	lang := s.lang(r)
	l := list[kiosk.Candidate]{Title: "weed.candidates", Columns: []column[kiosk.Candidate]{
		{Key: "accession", Word: "list.accession", Kind: codeCell, Of: func(c kiosk.Candidate) any { return cmp.Or(c.Item.Accession, c.Item.Barcode) }, Link: func(c kiosk.Candidate) string { return "/desk/copies/" + string(c.Item.ID) }},
		{Key: "title", Word: "list.title", Kind: textCell, Of: func(c kiosk.Candidate) any { return c.Item.Title.Name() }},
		{Key: "kind", Word: "list.kind", Kind: textCell, Of: func(c kiosk.Candidate) any { return string(c.Item.Kind) }, Say: func(c kiosk.Candidate) string { return "kind." + string(c.Item.Kind) }},
		{Key: "cause", Word: "weed.cause", Kind: textCell, Of: func(c kiosk.Candidate) any { return string(c.Cause) }, Say: func(c kiosk.Candidate) string { return "weed.cause." + string(c.Cause) }, Note: func(c kiosk.Candidate) string {
			switch c.Cause {
			case kiosk.CauseLost:
				return words.T(lang, "weed.times", "n", c.Times)
			case kiosk.CauseUnused:
				return words.T(lang, "weed.years", "n", c.Years)
			}
			return ""
		}},
		{Key: "year", Word: "weed.published", Kind: numberCell, Of: func(c kiosk.Candidate) any { return known(c.Item.Title.Year) }},
		{Key: "price", Word: "list.price", Kind: moneyCell, Of: func(c kiosk.Candidate) any { return c.Item.Price }},
	}, Pick: func(c kiosk.Candidate) (string, string) {
		return string(c.Item.ID) + " " + string(c.Cause), c.Item.Accession + " " + c.Item.Title.Name()
	}}
	data := map[string]any{"F": f, "Boxes": boxes, "RulesForm": rulesForm, "Kinds": choices(lang, "kind.", kiosk.Kinds), "Cause": cause, "N": len(all), "Old": old, "Causes": choices(lang, "weed.cause.", kiosk.WithdrawalCauses)}
	if status != http.StatusOK {
		if data["List"], err = l.shown(s, r, all); err != nil {
			return err
		}
		s.deskPage(w, r, status, "weeding.html", data)
		return nil
	}
	return showList(s, w, r, l, all, "weeding.html", data)
}

// oldLines are the textbooks counted by number that are of an old programme: they are
// no copies, and leave by their line.
type oldLines struct{ N, Copies, Year int }

func (s *Server) oldLines(r *http.Request, rules kiosk.WeedingRules) (old oldLines, err error) {
	if rules.Before == 0 || !slices.Contains(rules.Programme, kiosk.Textbook) {
		return old, nil
	}
	old.Year = rules.Before
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		lines, err := v.TextbookLines()
		for _, l := range lines {
			if l.Year > 0 && l.Year < rules.Before && l.Shelf() > 0 {
				old.N++
				old.Copies += l.Shelf()
			}
		}
		return err
	})
	return old, err
}

// itemsOf reads the copies of a form: those that are ticked, each with its cause,
// and those whose numbers were typed, with one cause for all.
func (s *Server) itemsOf(v kiosk.View, f *form) (items []kiosk.WithdrawalItem, err error) {
	add := func(id kiosk.ID, why kiosk.WithdrawalCause) error {
		i, err := v.Item(id)
		if errors.Is(err, kiosk.ErrNotFound) {
			return &kiosk.FieldError{Field: "numbers", Problem: kiosk.FieldUnknown}
		}
		if err != nil {
			return err
		}
		items = append(items, kiosk.WithdrawalItem{Copy: id, Reason: why, Price: cmp.Or(i.Price, i.Title.Price)})
		return nil
	}
	for _, p := range f.Values["pick"] {
		id, why, _ := strings.Cut(p, " ")
		if err := add(kiosk.ID(id), kiosk.WithdrawalCause(why)); err != nil {
			return nil, err
		}
	}
	for _, n := range strings.FieldsFunc(f.Get("numbers"), func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == ' ' }) {
		i, err := v.ItemByBarcode(n)
		if errors.Is(err, kiosk.ErrNotFound) {
			i, err = v.ItemByAccession(n)
		}
		if errors.Is(err, kiosk.ErrNotFound) {
			return nil, &besideError{"numbers", &numberError{n}}
		}
		if err != nil {
			return nil, err
		}
		if err := add(i.ID, kiosk.WithdrawalCause(f.Get("cause"))); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// numberError names a typed number that is no copy's.
type numberError struct{ number string }

func (e *numberError) Error() string { return "no copy has the number " + e.number }

func (s *Server) proposeWithdrawal(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var items []kiosk.WithdrawalItem
		err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
			items, err = s.itemsOf(v, f)
			return err
		})
		if err == nil && len(items) == 0 {
			err = &besideError{"numbers", kiosk.ErrNoItems}
		}
		if err != nil {
			return "", err
		}
		done, err := s.Withdrawing.ProposeWithdrawal(r.Context(), a, f.Get("name"), items)
		if err != nil {
			return "", err
		}
		to := withdrawalPath + "/" + string(done.ID)
		s.done(r, to, s.dropBack(done.ID, true), "weed.proposed", "n", len(done.Items))
		return to, nil
	}, func(status int) error { return s.showWeeding(w, r, status, f, nil) })
}

func (s *Server) dropBack(id kiosk.ID, drop bool) func(context.Context, kiosk.Attempt) error {
	return func(ctx context.Context, a kiosk.Attempt) error {
		return s.Withdrawing.DropWithdrawal(ctx, a, id, drop)
	}
}

// numberOrNone is a number in a field that is empty for 0.
func numberOrNone(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// shown is the list as it stands on a page that comes back with a form's faults.
func (l list[T]) shown(s *Server, r *http.Request, rows []T) (*listView, error) {
	lang := s.lang(r)
	return l.view(lang, r.URL, nil, l.short(rows, func(key string) string { return words.T(lang, key) }))
}

func formOfWeeding(r kiosk.WeedingRules) *form {
	f := newForm("lost_times", numberOrNone(r.LostTimes), "unlent", numberOrNone(r.Unlent), "before", numberOrNone(r.Before))
	if r.Worn {
		f.Values.Set("worn", "yes")
	}
	for _, k := range r.Kinds {
		f.Values.Add("kinds", string(k))
	}
	for _, k := range r.Programme {
		f.Values.Add("programme", string(k))
	}
	return f
}

func (s *Server) setWeeding(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	rules := kiosk.WeedingRules{LostTimes: int(f.whole("lost_times", 0, false)), Worn: f.Is("worn", "yes"), Unlent: int(f.whole("unlent", 0, false)), Before: int(f.whole("before", 0, false)), Kinds: []kiosk.Kind{}, Programme: []kiosk.Kind{}}
	for field, n := range map[string][3]int{"lost_times": {rules.LostTimes, 0, 10}, "unlent": {rules.Unlent, 0, 50}, "before": {rules.Before, 0, 2200}} {
		if f.Wrong[field] == "" && (n[0] < n[1] || n[0] > n[2]) {
			f.fault(field, kiosk.FieldOutOfRange, kiosk.Facts{"min": n[1], "max": n[2]})
		}
	}
	for _, k := range f.Values["kinds"] {
		rules.Kinds = append(rules.Kinds, kiosk.Kind(k))
	}
	for _, k := range f.Values["programme"] {
		rules.Programme = append(rules.Programme, kiosk.Kind(k))
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		return keepPage(s, r, a, s.Withdrawing, f, pageForm[kiosk.WeedingRules]{
			Key: kiosk.WeedingSetting, Page: withdrawalPath + "/new", Said: "weed.rules_saved", Usual: kiosk.DefaultWeeding, FormOf: formOfWeeding,
		}, rules)
	}, func(status int) error { return s.showWeeding(w, r, status, newForm(), f) })
}

func explainedWithdrawal(l words.Lang, err error) string {
	var listed *kiosk.CopyListedError
	if errors.As(err, &listed) {
		return words.T(l, "weed.refused."+string(listed.Reason), "copy", cmp.Or(listed.Copy.Accession, listed.Copy.Barcode), "title", listed.Copy.Title)
	}
	var number *numberError
	if errors.As(err, &number) {
		return words.T(l, "weed.no_number", "number", kiosk.Escaped(number.number))
	}
	for of, key := range map[error]string{kiosk.ErrNotApproved: "weed.not_approved", kiosk.ErrWithdrawalDone: "weed.done_already", kiosk.ErrNoItems: "weed.no_items"} {
		if errors.Is(err, of) {
			return words.T(l, key)
		}
	}
	return ""
}
