package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"muontra/kiosk"
	"muontra/web/words"
)

// Lending are the acts of the staff on loans.
type Lending interface {
	RenewLoans(ctx context.Context, a kiosk.Attempt, loans []kiosk.ID) (kiosk.Bulk, error)
	ConfirmDue(ctx context.Context, a kiosk.Attempt, loans []kiosk.ID, due kiosk.Day) (kiosk.Bulk, error)
	ReturnLoans(ctx context.Context, a kiosk.Attempt, loans []kiosk.ID) (kiosk.Bulk, error)
	UndoAll(ctx context.Context, a kiosk.Attempt, events []int64) error
	Holding
	Recalling
	Settling
	HandingOut
	LessonKeeping
}

// lendingRoutes are the loans as the desk works on them. Management reads the
// lists.
func (s *Server) lendingRoutes() []route {
	if s.Lending == nil {
		return nil
	}
	return []route{
		{"GET", overduePath, reader, s.overdue},
		{"POST", overduePath + "/slips", librarian, s.slips},
		{"GET", loansPath, reader, s.loans},
		{"POST", loansPath, librarian, s.doLoans},
	}
}

const (
	overduePath = "/desk/overdue"
	loansPath   = "/desk/loans"
)

// overdueList and loansList are the lists; a librarian picks rows in them.
func overdueList(mine bool) list[loanRow] {
	l := list[loanRow]{Title: "work.overdue", Columns: loanColumns(mine)}
	if mine {
		l.Pick = pickLoan
	}
	return l
}

func loansList(mine bool) list[loanRow] {
	l := overdueList(mine)
	l.Title = "work.loans"
	l.Columns = slices.Insert(l.Columns, 4, column[loanRow]{Key: kiosk.ByLent, Word: "loans.lent", Kind: dayCell, Of: func(r loanRow) any { return r.Lent }})
	l.Columns = append(l.Columns, column[loanRow]{Key: kiosk.ByRenewals, Word: "loans.renewals", Kind: numberCell, Of: func(r loanRow) any { return r.Renewals }})
	return l
}

// overdue lists what is past its due date, by class and name.
func (s *Server) overdue(w http.ResponseWriter, r *http.Request) error {
	return s.showOverdue(w, r, http.StatusOK, nil)
}

func (s *Server) showOverdue(w http.ResponseWriter, r *http.Request, status int, sent *form) error {
	return s.loanPage(w, r, status, sent, "overdue.html", overdueList(callerOf(r).is(kiosk.Librarian)), true)
}

// loans lists what is out.
func (s *Server) loans(w http.ResponseWriter, r *http.Request) error {
	return s.showLoans(w, r, http.StatusOK, nil)
}

func (s *Server) showLoans(w http.ResponseWriter, r *http.Request, status int, sent *form) error {
	return s.loanPage(w, r, status, sent, "loans.html", loansList(callerOf(r).is(kiosk.Librarian)), false)
}

// loanPage is a list of loans, with what was sent from it where that was refused.
func (s *Server) loanPage(w http.ResponseWriter, r *http.Request, status int, sent *form, page string, l list[loanRow], late bool) error {
	lang, f := s.lang(r), loanFilterOf(r.URL.Query())
	q := f.query()
	q.Late = late
	var loans, people, corners int
	var who []choice
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if who, err = s.whoChoices(v, lang); err != nil {
			return err
		}
		counted := q
		if counted.On, err = s.today(v); err != nil {
			return err
		}
		if loans, people, err = v.CountOpenLoans(counted); err != nil || !late {
			return err
		}
		corners, err = lateInCorners(v, counted.On)
		return err
	})
	if err != nil {
		return err
	}
	typed := newForm("who", f.Who, "kind", string(f.Kind), "until", r.URL.Query().Get("until"))
	if f.Bad {
		typed.Wrong["until"] = words.T(lang, "field.day")
	}
	if sent != nil {
		typed.Trouble = sent.Trouble
		for _, field := range []string{"pick", "due", "to"} {
			typed.Values[field] = sent.Values[field]
			if why := sent.Err(field); why != "" {
				typed.Wrong[field] = why
			}
		}
	}
	return showSource(s, w, r, status, l, s.openLoans(lang, q), page, map[string]any{
		"F": typed, "Who": who, "Kinds": kindChoices(lang), "Filter": f.words(lang), "Query": r.URL.RawQuery,
		"Rows": loans, "People": people, "Mine": callerOf(r).is(kiosk.Librarian), "Unsure": f.Unsure, "LateCorners": corners,
	})
}

// loanForm is a form of a page of loans: what was picked, or all that the list's
// filter shows.
func (s *Server) loanForm(r *http.Request, f *form, late bool) (rows []loanRow, err error) {
	q, err := url.ParseQuery(f.Get("query"))
	if err != nil {
		return nil, errBadBody
	}
	filter := loanFilterOf(q)
	want := filter.query()
	want.Late = late
	if picked := f.Values["pick"]; len(picked) > 0 {
		want = kiosk.OpenLoanQuery{}
		for _, id := range picked {
			want.Among = append(want.Among, kiosk.ID(id))
		}
	} else if filter.Bad {
		return nil, nil
	}
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		rows, err = s.openRows(v, s.lang(r), want)
		return err
	})
	return rows, err
}

// errNothingPicked says that a list had nothing to do the act on.
var errNothingPicked = errors.New("nothing was chosen")

// explainedLending says why an act on loans was refused, "" for another error.
func explainedLending(l words.Lang, err error) string {
	var partly *kiosk.PartlyUndoneError
	var hold *kiosk.HoldError
	if text := explainedLesson(l, err); text != "" {
		return text
	}
	switch {
	case errors.As(err, &hold):
		return explainedHold(l, hold)
	case errors.Is(err, kiosk.ErrNothingRecalled):
		return words.T(l, "recall.nothing")
	case errors.As(err, &partly):
		return words.T(l, "loans.partly_undone", "n", partly.Undone, "left", partly.Left)
	case errors.Is(err, kiosk.ErrClockWrong):
		return words.T(l, "loans.clock_wrong")
	case errors.Is(err, errNothingPicked):
		return words.T(l, "loans.nothing_picked")
	}
	return ""
}

// doLoans renews or takes back the loans that were picked, or renews all that
// are shown. Taking back wants each to be picked: a book must be there.
func (s *Server) doLoans(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	f.Button = true
	query := queryOf(f)
	back := loansPath
	if query != "" {
		back += "?" + query
	}
	act, key := s.Lending.RenewLoans, "loans.renewed"
	switch f.Get("what") {
	case "return":
		act, key = s.Lending.ReturnLoans, "loans.returned"
	case "confirm":
		due := f.day("due", false)
		act, key = func(ctx context.Context, a kiosk.Attempt, ids []kiosk.ID) (kiosk.Bulk, error) {
			return s.Lending.ConfirmDue(ctx, a, ids, due)
		}, "loans.confirmed"
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if len(f.Values["pick"]) == 0 && !f.Is("what", "renew_all") {
			return "", atField("pick", errNothingPicked)
		}
		if f.Is("what", "renew_all") {
			f.Values.Del("pick")
		}
		var ids []kiosk.ID
		for _, id := range f.Values["pick"] {
			ids = append(ids, kiosk.ID(id))
		}
		if len(ids) == 0 {
			rows, err := s.loanForm(r, f, false)
			if err != nil {
				return "", err
			}
			for _, l := range rows {
				ids = append(ids, l.ID)
			}
		}
		if len(ids) == 0 {
			return "", errNothingPicked
		}
		did, err := act(r.Context(), a, ids)
		if errors.Is(err, kiosk.ErrNotFound) {
			return "", errBadBody
		}
		if err != nil {
			return "", err
		}
		s.sayBulk(r, loansPath, key, did)
		return back, nil
	}, func(status int) error { return s.showLoans(w, shownAt(r, loansPath, query), status, f) })
}

// queryOf is the filter of the list that a form stands in, written anew: as it came it
// may hold what no header may.
func queryOf(f *form) string {
	q, err := url.ParseQuery(f.Get("query"))
	if err != nil {
		return ""
	}
	return q.Encode()
}

// sayBulk tells what an act on many loans did, what it left and why, and offers
// the way back.
func (s *Server) sayBulk(r *http.Request, page, key string, did kiosk.Bulk) {
	lang := s.lang(r)
	if len(did.Done) == 0 && len(did.Refused) > 0 {
		s.memory.put(callerOf(r).account, &said{page: page, key: "loans.said", bad: true, pairs: []any{"text", words.T(lang, key+"_none", "list", bulkReasons(lang, did.Refused))}})
		return
	}
	text := words.T(lang, key, "n", len(did.Done))
	if len(did.Refused) > 0 {
		text += " " + words.T(lang, "loans.left", "n", len(did.Refused), "list", bulkReasons(lang, did.Refused))
	}
	var undo func(context.Context, kiosk.Attempt) error
	if events := did.Events(); len(events) > 0 {
		undo = func(ctx context.Context, a kiosk.Attempt) error { return s.Lending.UndoAll(ctx, a, events) }
	}
	s.done(r, page, undo, "loans.said", "text", text)
}

// bulkReasons names the copies that were left, by reason.
func bulkReasons(lang words.Lang, all []kiosk.BulkRefused) string {
	const few = 8
	var order []string
	by := map[string][]string{}
	for _, x := range all {
		why := words.T(lang, "loans.ended")
		if x.Reason != "" {
			why = words.T(lang, "loans.why."+string(x.Reason))
			if x.Facts["lesson"] != nil {
				why = words.Fact(lang, "loans.why.reserved_for_lesson", x.Facts)
			}
		}
		if by[why] == nil {
			order = append(order, why)
		}
		by[why] = append(by[why], cmp.Or(x.Copy.Accession, x.Copy.Barcode))
	}
	var out []string
	for _, why := range order {
		names := by[why]
		text := strings.Join(names[:min(few, len(names))], ", ")
		if len(names) > few {
			text = words.T(lang, "step.and_more", "list", text, "n", len(names)-few)
		}
		out = append(out, why+": "+text)
	}
	return strings.Join(out, "; ")
}
