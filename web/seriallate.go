package web

import (
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// titled is issue columns behind the serial's name.
func titled(more ...column[issueRow]) []column[issueRow] {
	first := column[issueRow]{Key: "title", Word: "serials.name", Kind: textCell, Of: func(i issueRow) any { return i.Title.Title }, Link: func(i issueRow) string { return serialPath(i.Subscription.ID) }}
	supplier := column[issueRow]{Key: "supplier", Word: "serials.supplier", Kind: textCell, Of: func(i issueRow) any { return i.Subscription.Supplier }}
	return slices.Concat([]column[issueRow]{first}, more, []column[issueRow]{supplier})
}

var lateList = list[issueRow]{
	Title: "serials.late_title", Sort: "expected", Columns: titled(issueColumns[0], issueColumns[1], issueColumns[2], column[issueRow]{Key: "want", Word: "serials.want", Kind: numberCell, Of: func(i issueRow) any { return i.Want() }}, issueColumns[6]),
	Pick: func(i issueRow) (string, string) {
		return string(i.Issue.ID), i.Title.Title + " " + words.Date(i.Issue.Expected)
	},
}

// issueRows reads the register between two days, as far as keep wants it.
func (s *Server) issueRows(r *http.Request, span func(today kiosk.Day) (from, to kiosk.Day), keep func(issueRow) bool) (rows []issueRow, today kiosk.Day, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		if today, err = s.today(v); err != nil {
			return err
		}
		from, to := span(today)
		all, err := v.SerialRegister(from, to)
		if err != nil {
			return err
		}
		for _, e := range all {
			if row := (issueRow{e, today}); keep(row) {
				rows = append(rows, row)
			}
		}
		return nil
	})
	return rows, today, err
}

// owed are the issues that did not come in time, or not all copies of them.
func (s *Server) owed(r *http.Request) ([]issueRow, kiosk.Day, error) {
	return s.issueRows(r, func(today kiosk.Day) (kiosk.Day, kiosk.Day) { return today.Add(-kiosk.MaxSubscription), today },
		func(i issueRow) bool { return i.State() == "late" || i.State() == "short" })
}

// lateIssues lists what did not come, to ask the suppliers for it.
func (s *Server) lateIssues(w http.ResponseWriter, r *http.Request) error {
	return s.showLateIssues(w, r, http.StatusOK, newForm())
}

func (s *Server) showLateIssues(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	rows, _, err := s.owed(r)
	if err != nil {
		return err
	}
	return showListAs(s, w, r, status, lateList, rows, "seriallate.html", map[string]any{"F": f, "Rows": len(rows)})
}

func (s *Server) doLateIssues(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		ids, err := s.pickedIssues(r.Context(), f, "")
		if err != nil {
			return "", atField("pick", err)
		}
		if !f.Is("what", "claim") && !f.Is("what", "give_up") {
			return "", errBadBody
		}
		ans, err := s.doIssues(r, a, f, ids)
		if err != nil {
			return "", atField("pick", err)
		}
		s.done(r, serialLatePath, s.undoOf(ans.Result.EventSeq), "serials.did."+f.Get("what"), "n", len(ids))
		return serialLatePath, nil
	}, func(status int) error { return s.showLateIssues(w, r, status, f) })
}

// claim is a letter to one supplier.
type claim struct {
	Supplier string
	Issues   []issueRow
	Sum      int // copies that are missing
}

// Want is how many copies of an issue are asked for.
func (i issueRow) Want() int {
	if i.Issue.Here() {
		return i.Missing()
	}
	return i.Subscription.Copies
}

// claimLetter is a letter to each supplier that owes issues, to print and sign.
// It changes nothing: that it was sent is noted in the list.
func (s *Server) claimLetter(w http.ResponseWriter, r *http.Request) error {
	rows, _, err := s.owed(r)
	if err != nil {
		return err
	}
	var letters []claim
	slices.SortStableFunc(rows, func(a, b issueRow) int {
		return compareText(fold.Order(a.Subscription.Supplier), fold.Order(b.Subscription.Supplier))
	})
	for _, i := range rows {
		if n := len(letters); n == 0 || letters[n-1].Supplier != i.Subscription.Supplier {
			letters = append(letters, claim{Supplier: i.Subscription.Supplier})
		}
		l := &letters[len(letters)-1]
		l.Issues, l.Sum = append(l.Issues, i), l.Sum+i.Want()
	}
	var head letterhead
	err = s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		head, err = s.paperNow(v, s.lang(r))
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "serialletter.html", map[string]any{"Letters": letters, "Paper": head})
	return nil
}

// Next is where the issue goes next, in words.
func (i issueRow) Next(l words.Lang) string {
	stop, _ := i.Issue.NextStop(i.Subscription)
	if stop == "" {
		return words.T(l, "serials.home")
	}
	return stop
}

// issuesRound shows the issues that are on their way through the classes.
func (s *Server) issuesRound(w http.ResponseWriter, r *http.Request) error {
	return s.showRound(w, r, http.StatusOK, newForm())
}

func (s *Server) showRound(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	rows, _, err := s.issueRows(r, func(today kiosk.Day) (kiosk.Day, kiosk.Day) { return today.Add(-200), today.Add(31) },
		func(i issueRow) bool { return i.Issue.Travels(i.Subscription) })
	if err != nil {
		return err
	}
	lang := s.lang(r)
	round := list[issueRow]{Title: "serials.round", Columns: titled(issueColumns[0], issueColumns[3],
		column[issueRow]{Key: "at", Word: "serials.at", Kind: textCell, Of: func(i issueRow) any { return i.Issue.At() }},
		column[issueRow]{Key: "next", Word: "serials.next_stop", Kind: textCell, Of: func(i issueRow) any { return i.Next(lang) }})}
	type line struct {
		issueRow
		Next string
		Way  []kiosk.IssueMove
	}
	var lines []line
	for _, i := range rows {
		lines = append(lines, line{i, i.Next(lang), i.Issue.Moves})
	}
	return showListAs(s, w, r, status, round, rows, "serialround.html", map[string]any{"F": f, "Rows": lines})
}

// moveIssue sends an issue on, by a touch or by a scan of its cover or copy.
func (s *Server) moveIssue(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	scanned := f.Get("issue") == ""
	if f.Button = !scanned; scanned && f.Get("code") == "" {
		f.fault("code", kiosk.FieldMissing, nil)
	}
	code := f.code("code")
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var i kiosk.Issue
		var title kiosk.Title
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			today, err := s.today(v)
			if err != nil {
				return err
			}
			var sub kiosk.Subscription
			if id := f.Get("issue"); id != "" {
				if i, err = v.Issue(kiosk.ID(id)); err == nil {
					sub, err = v.Subscription(i.SubscriptionID)
				}
			} else {
				i, sub, err = serialMeant(v, code, today, true)
			}
			if err != nil {
				return err
			}
			title, err = v.Title(sub.TitleID)
			return err
		})
		if isNotFound(err) {
			err = &kiosk.SerialError{Problem: kiosk.SerialUnknown}
		}
		if err != nil {
			return "", atField("code", err)
		}
		moved, ans, err := s.Cataloguing.MoveIssue(r.Context(), a, i.ID)
		if err != nil {
			return "", atField("code", err)
		}
		key := "serials.moved"
		if moved.At() == "" {
			key = "serials.came_home"
		}
		s.done(r, serialRoundPath, s.undoOf(ans.Result.EventSeq), key, "title", title.Title, "number", moved.Number, "stop", moved.At())
		return serialRoundPath, nil
	}, func(status int) error {
		if !scanned {
			return s.refused(w, r, f, serialRoundPath)(status)
		}
		return s.showRound(w, r, status, f)
	})
}

var registerList = list[issueRow]{Title: "serials.register", Columns: titled(issueColumns[0], issueColumns[1], issueColumns[3], issueColumns[4], issueColumns[5], issueColumns[2])}

// serialRegister is the register of newspapers and magazines between two days,
// the school year when nobody asks.
func (s *Server) serialRegister(w http.ResponseWriter, r *http.Request) error {
	f := newForm("from", r.URL.Query().Get("from"), "to", r.URL.Query().Get("to"))
	from, to := f.day("from", false), f.day("to", false)
	if from.IsZero() || to.IsZero() || to.Before(from) {
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			today, err := s.today(v)
			if err != nil {
				return err
			}
			rules, err := v.Rules(today)
			from, to = rules.Year.Start, rules.Year.End
			return err
		})
		if err != nil {
			return err
		}
		f = newForm("from", from.String(), "to", to.String())
	}
	rows, _, err := s.issueRows(r, func(kiosk.Day) (kiosk.Day, kiosk.Day) { return from, to }, func(issueRow) bool { return true })
	if err != nil {
		return err
	}
	return showList(s, w, r, registerList, rows, "serialregister.html", map[string]any{"F": f, "Filter": words.T(s.lang(r), "serials.between", "from", words.Date(from), "to", words.Date(to))})
}

// explainedSerial says why an act on serials was refused, "" for another error.
func explainedSerial(l words.Lang, e *kiosk.SerialError) string {
	return words.T(l, "serials.trouble."+string(e.Problem), "number", e.Number)
}
