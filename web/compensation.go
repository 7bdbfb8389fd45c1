package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"muontra/kiosk"
	"muontra/web/words"
)

// Settling are the acts on books that were lost or damaged.
type Settling interface {
	EndLoanHarmed(ctx context.Context, a kiosk.Attempt, loan kiosk.ID, c kiosk.Compensation) (kiosk.Compensation, int64, error)
	SetCompensation(ctx context.Context, a kiosk.Attempt, id kiosk.ID, c kiosk.Compensation, look func(kiosk.Compensation) error) (int64, error)
}

const compensationPath = "/desk/compensation"

func (s *Server) compensationRoutes() []route {
	if s.Lending == nil {
		return nil
	}
	return []route{
		{"GET", loansPath + "/{id}", librarian, named(s.loanPageOf)},
		{"POST", loansPath + "/{id}", librarian, named(s.harmLoan)},
		{"GET", compensationPath, reader, s.compensations},
		{"GET", compensationPath + "/{id}", librarian, named(s.compensation)},
		{"POST", compensationPath + "/{id}", librarian, named(s.setCompensation)},
	}
}

// harmRow is a compensation with what it is about.
type harmRow struct {
	kiosk.Compensation
	Item   kiosk.Item
	Member kiosk.Member
	Found  bool // the lost copy is there again
}

func harmRowOf(v kiosk.View, c kiosk.Compensation, today kiosk.Day) (h harmRow, err error) {
	h.Compensation = c
	if h.Item, err = v.Item(c.CopyID); err != nil {
		return h, err
	}
	m, err := v.MemberByRef(c.PatronRef, today)
	if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
		return h, err
	}
	h.Member = m
	h.Found = c.Cause == kiosk.HarmLost && h.Item.State.Status == kiosk.CopyAvailable && c.Kind != kiosk.CompensationBack
	return h, nil
}

func harmList(mine bool, lang words.Lang) list[harmRow] {
	l := list[harmRow]{Title: "work.compensation", Columns: []column[harmRow]{
		{Key: "day", Word: "list.date", Kind: dayCell, Of: func(h harmRow) any { return h.Day }},
		{Key: "title", Word: "list.title", Kind: textCell, Of: func(h harmRow) any { return h.Item.Title.Name() }, Note: func(h harmRow) string {
			if h.Found {
				return words.T(lang, "harm.found")
			}
			return ""
		}},
		{Key: "accession", Word: "list.accession", Kind: codeCell, Of: func(h harmRow) any { return h.Item.Accession }},
		{Key: "name", Word: "list.name", Kind: nameCell, Of: func(h harmRow) any { return h.Member.Name }},
		{Key: "class", Word: "list.class", Kind: codeCell, Of: func(h harmRow) any { return h.Member.Class }},
		{Key: "cause", Word: "harm.cause", Kind: textCell, Of: func(h harmRow) any { return string(h.Cause) }, Say: func(h harmRow) string { return "harm." + string(h.Cause) }},
		{Key: "kind", Word: "harm.kind", Kind: textCell, Of: func(h harmRow) any { return string(h.Kind) }, Say: func(h harmRow) string { return "harm.kind." + string(h.Kind) }, Mark: func(h harmRow) string {
			if h.Kind == kiosk.CompensationOpen {
				return "out"
			}
			return ""
		}},
		{Key: "amount", Word: "harm.amount", Kind: moneyCell, Of: func(h harmRow) any { return h.Amount }},
		{Key: "note", Word: "harm.note", Kind: textCell, Of: func(h harmRow) any { return h.Comment }},
	}}
	if mine {
		l.Columns[1].Link = func(h harmRow) string { return compensationPath + "/" + string(h.ID) }
	}
	return l
}

// compensations lists a school year's lost and damaged books with their sums.
func (s *Server) compensations(w http.ResponseWriter, r *http.Request) error {
	var rows []harmRow
	var years []kiosk.SchoolYear
	var year kiosk.SchoolYear
	var paid int64
	counts := map[kiosk.CompensationKind]int{}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		rules, err := v.Rules(today)
		if err != nil {
			return err
		}
		if years, err = v.Years(); err != nil {
			return err
		}
		year = rules.Year
		if want := kiosk.ID(r.URL.Query().Get("year")); want != "" {
			for _, y := range years {
				if y.ID == want {
					year = y
				}
			}
		}
		all, err := v.Compensations()
		if err != nil {
			return err
		}
		for _, c := range all {
			if !year.Contains(c.Day) {
				continue
			}
			h, err := harmRowOf(v, c, today)
			if err != nil {
				return err
			}
			rows = append(rows, h)
			counts[c.Kind]++
			paid += c.Amount
		}
		return nil
	})
	if err != nil {
		return err
	}
	return showList(s, w, r, harmList(callerOf(r).is(kiosk.Librarian), s.lang(r)), rows, "compensations.html", map[string]any{
		"Year": year, "Years": years, "Paid": paid, "Open": counts[kiosk.CompensationOpen], "Same": counts[kiosk.CompensationSame], "N": len(rows),
		"Filter": words.T(s.lang(r), "classes.of_year", "year", year.Name),
	})
}

// harmOfForm reads what was lost or damaged, and what is given for it.
func harmOfForm(f *form) kiosk.Compensation {
	c := kiosk.Compensation{Cause: kiosk.Harm(f.Get("cause")), Kind: kiosk.CompensationKind(f.Get("kind")), Comment: f.Get("note"), Day: f.day("day", false)}
	c.Amount = f.whole("amount", 0, true)
	return c
}

func formOfHarm(c kiosk.Compensation) *form {
	amount := ""
	if c.Amount > 0 {
		amount = strconv.FormatInt(c.Amount, 10)
	}
	return newForm("cause", string(c.Cause), "kind", string(c.Kind), "amount", amount, "note", c.Comment, "day", c.Day.String())
}

// loanPageOf shows one open loan with what can be done when its book is lost or
// comes back damaged.
func (s *Server) loanPageOf(w http.ResponseWriter, r *http.Request) error {
	return s.showLoan(w, r, http.StatusOK, newForm("cause", string(kiosk.HarmLost), "kind", string(kiosk.CompensationOpen)))
}

func (s *Server) showLoan(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var row loanRow
	lang := s.lang(r)
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		l, err := v.Loan(kiosk.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		if row.Item, err = v.Item(l.CopyID); err != nil {
			return err
		}
		row.Loan = l
		today, err := s.today(v)
		if err != nil {
			return err
		}
		row.Late = max(today.Sub(l.DueOn), 0)
		m, err := v.MemberByRef(l.PatronRef, today)
		if errors.Is(err, kiosk.ErrNotFound) {
			return nil
		}
		row.Member = m
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "loan.html", map[string]any{"L": row, "F": f, "Causes": choices(lang, "harm.", kiosk.Harms), "Kinds": choices(lang, "harm.kind.", kiosk.CompensationKinds[:4])})
	return nil
}

// harmLoan ends a loan whose book is lost or damaged.
func (s *Server) harmLoan(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	c := harmOfForm(f)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		_, seq, err := s.Lending.EndLoanHarmed(r.Context(), a, kiosk.ID(r.PathValue("id")), c)
		if err != nil {
			return "", err
		}
		s.done(r, compensationPath, s.undoEvent(seq), "harm.done."+string(c.Cause))
		return compensationPath, nil
	}, func(status int) error { return s.showLoan(w, r, status, f) })
}

// compensation is the form of one that is known.
func (s *Server) compensation(w http.ResponseWriter, r *http.Request) error {
	return s.showCompensation(w, r, http.StatusOK, nil)
}

func (s *Server) showCompensation(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var row harmRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		c, err := v.Compensation(kiosk.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		today, err := s.today(v)
		if err != nil {
			return err
		}
		row, err = harmRowOf(v, c, today)
		return err
	})
	if err != nil {
		return err
	}
	if row.Removed {
		return errNotFound
	}
	if f == nil {
		f = formOfHarm(row.Compensation).stamp()
	}
	s.deskPage(w, r, status, "compensation.html", map[string]any{"C": row, "F": f, "Kinds": choices(s.lang(r), "harm.kind.", kiosk.CompensationKinds)})
	return nil
}

func (s *Server) setCompensation(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	c := harmOfForm(f)
	lang := s.lang(r)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		seq, err := s.Lending.SetCompensation(r.Context(), a, kiosk.ID(r.PathValue("id")), c, func(now kiosk.Compensation) error {
			stored := formOfHarm(now)
			stored.say = func(field, value string) string {
				if field == "kind" {
					return words.T(lang, "harm.kind."+value)
				}
				return value
			}
			return f.stale(stored)
		})
		if err != nil {
			return "", err
		}
		// What was given for a lost copy is given back because the copy is there
		// again: the next step is on its page.
		var item kiosk.Item
		err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
			now, err := v.Compensation(kiosk.ID(r.PathValue("id")))
			if err != nil {
				return err
			}
			item, err = v.Item(now.CopyID)
			return err
		})
		if err != nil {
			return "", err
		}
		if c.Kind == kiosk.CompensationBack && item.State.Status == kiosk.CopyLost {
			s.done(r, copyPath(item.ID), s.undoEvent(seq), "harm.saved_look")
			return copyPath(item.ID), nil
		}
		s.done(r, compensationPath, s.undoEvent(seq), "harm.saved")
		return compensationPath, nil
	}, func(status int) error { return s.showCompensation(w, r, status, f) })
}
