package web

import (
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// copyList is the copies that need work, or lack something. It is long: the
// ledger sorts it by these keys.
var copyList = list[kiosk.Item]{
	Title: "copies.title",
	Columns: []column[kiosk.Item]{
		{Key: kiosk.ByAccession, Word: "list.accession", Kind: codeCell, Of: func(i kiosk.Item) any { return i.Accession }, Link: func(i kiosk.Item) string { return copyPath(i.ID) }},
		{Key: kiosk.ByBarcode, Word: "list.barcode", Kind: codeCell, Of: func(i kiosk.Item) any { return i.Barcode }, Link: func(i kiosk.Item) string { return copyPath(i.ID) }},
		{Key: kiosk.ByTitle, Word: "list.title", Kind: textCell, Of: func(i kiosk.Item) any { return i.Title.Title }, Link: func(i kiosk.Item) string { return titlePath(i.TitleID) }, Note: func(i kiosk.Item) string { return i.Title.Remainder }},
		{Key: kiosk.ByKind, Word: "list.kind", Kind: textCell, Of: func(i kiosk.Item) any { return string(i.Kind) }, Say: func(i kiosk.Item) string { return "kind." + string(i.Kind) }, Codes: codesOf("kind.", kiosk.Kinds)},
		{Key: kiosk.ByPlace, Word: "list.place", Kind: textCell, Of: func(i kiosk.Item) any { return i.PlaceName }},
		{Key: kiosk.ByStatus, Word: "list.status", Kind: textCell, Of: func(i kiosk.Item) any { return string(i.State.Status) }, Say: func(i kiosk.Item) string { return "copy.status." + string(i.State.Status) }, Codes: codesOf("copy.status.", copyStatuses)},
		{Key: kiosk.ByCondition, Word: "copy.condition", Kind: textCell, Of: func(i kiosk.Item) any { return string(i.State.Condition) }, Say: func(i kiosk.Item) string { return "copy.condition." + string(i.State.Condition) }, Codes: codesOf("copy.condition.", copyConditions)},
		{Key: kiosk.ByPrice, Word: "list.price", Kind: moneyCell, Of: func(i kiosk.Item) any { return i.Price }},
		{Key: kiosk.ByLoans, Word: "copy.loans", Kind: numberCell, Of: func(i kiosk.Item) any { return i.State.Loans }},
		{Key: kiosk.ByNote, Word: "copy.note", Kind: textCell, Of: func(i kiosk.Item) any { return i.Note }},
	},
	Mute: func(i kiosk.Item) bool { return i.State.Status == kiosk.CopyWithdrawn },
}

var (
	copyStatuses   = []kiosk.CopyStatus{kiosk.CopyInRepair, kiosk.CopyLost, kiosk.CopyInProcessing, kiosk.CopyAvailable, kiosk.CopyWithdrawn}
	copyConditions = []kiosk.Condition{kiosk.ConditionGood, kiosk.ConditionWorn, kiosk.ConditionDamaged}
)

// copies lists copies by what they are doing, their wear, or what their data
// lacks.
func (s *Server) copies(w http.ResponseWriter, r *http.Request) error {
	q := kiosk.CopyQuery{Status: kiosk.CopyStatus(r.URL.Query().Get("status")), Condition: kiosk.Condition(r.URL.Query().Get("condition")), Lack: kiosk.Lack(r.URL.Query().Get("lack"))}
	if !slices.Contains(copyStatuses, q.Status) {
		q.Status = ""
	}
	if !slices.Contains(copyConditions, q.Condition) {
		q.Condition = ""
	}
	if !slices.Contains(kiosk.Lacks, q.Lack) {
		q.Lack = ""
	}
	lang := s.lang(r)
	said := ""
	switch {
	case q.Lack != "":
		said = words.T(lang, "lack."+string(q.Lack))
	case q.Status != "":
		said = words.T(lang, "copy.status."+string(q.Status))
	case q.Condition != "":
		said = words.T(lang, "copy.condition."+string(q.Condition))
	}
	from := source[kiosk.Item]{
		Count: func(v kiosk.View) (int, error) { return v.CountCopies(q) },
		Each:  func(v kiosk.View, p kiosk.Page, fn func(kiosk.Item) error) error { return v.EachCopy(q, p, fn) },
	}
	return showLong(s, w, r, copyList, from, "copies.html", map[string]any{"Q": q, "Filter": said, "Lacks": kiosk.Lacks, "Statuses": copyStatuses, "Conditions": copyConditions[1:]})
}

// copyIn is the copy that a path names, with its open loan.
func (s *Server) copyIn(r *http.Request) (i kiosk.Item, out *kiosk.Loan, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		if i, err = v.Item(kiosk.ID(r.PathValue("id"))); err != nil {
			return err
		}
		out, err = openLoanOf(v, i.ID)
		return err
	})
	return i, out, err
}

// copyPage is one copy: what it is doing, what can be done, what happened.
func (s *Server) copyPage(w http.ResponseWriter, r *http.Request) error {
	var i kiosk.Item
	var out *kiosk.Loan
	var past []pastEvent
	var holder kiosk.Member
	var leftBy *kiosk.Withdrawal
	home := ""
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if i, err = v.Item(kiosk.ID(r.PathValue("id"))); err != nil {
			return err
		}
		if out, err = openLoanOf(v, i.ID); err != nil {
			return err
		}
		if out != nil {
			today, err := s.today(v)
			if err != nil {
				return err
			}
			// Somebody who was forgotten is not named.
			if holder, err = v.MemberByRef(out.PatronRef, today); err != nil && !isNotFound(err) {
				return err
			}
		}
		if i.State.Status == kiosk.CopyWithdrawn {
			if leftBy, err = withdrawalOf(v, i.ID); err != nil {
				return err
			}
		}
		places, err := v.Places()
		if err != nil {
			return err
		}
		if n := slices.IndexFunc(places, func(p kiosk.Place) bool { return p.ID == i.HomePlace }); n >= 0 {
			home = places[n].Name
		}
		es, err := v.EventsOfCopy(i.ID, mostPast)
		if err != nil {
			return err
		}
		past, err = s.past(v, s.lang(r), es)
		return err
	})
	if err != nil {
		return err
	}
	s.deskPage(w, r, http.StatusOK, "copy.html", map[string]any{"I": i, "Out": out, "Holder": holder, "Home": home, "Past": past, "LeftBy": leftBy})
	return nil
}

// withdrawalOf is the closed withdrawal by which a copy left, nil where none is known:
// it may have left before the school used this program.
func withdrawalOf(v kiosk.View, id kiosk.ID) (*kiosk.Withdrawal, error) {
	all, err := v.Withdrawals()
	if err != nil {
		return nil, err
	}
	for _, w := range all {
		if !w.Closed.IsZero() && slices.ContainsFunc(w.Items, func(i kiosk.WithdrawalItem) bool { return i.Copy == id }) {
			return &w, nil
		}
	}
	return nil, nil
}

// promised reports whether a copy is kept for somebody.
func (s *Server) promised(r *http.Request, i kiosk.Item) (yes bool, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		queue, err := v.HoldsOf(i.TitleID)
		yes = slices.ContainsFunc(queue, func(h kiosk.Hold) bool { return h.CopyID == i.ID })
		return err
	})
	return yes, err
}

// copyDeeds are the buttons of a copy's page: what each makes of the copy.
var copyDeeds = map[string]kiosk.CopyChange{
	"repair":   {Status: kiosk.CopyInRepair},
	"repaired": {Status: kiosk.CopyAvailable},
	"lost":     {Status: kiosk.CopyLost},
	"found":    {Status: kiosk.CopyAvailable},
	"damaged":  {Condition: kiosk.ConditionDamaged},
}

// doCopy does what a button of a copy's page says.
func (s *Server) doCopy(w http.ResponseWriter, r *http.Request) error {
	i, out, err := s.copyIn(r)
	if err != nil {
		return err
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	to := copyPath(i.ID)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		what := f.Get("what")
		if what == "pieces" {
			return to, s.missPieces(r, a, i, to)
		}
		c, known := copyDeeds[what]
		if !known {
			return "", errBadBody
		}
		if i.State.Status == kiosk.CopyWithdrawn {
			return "", kiosk.ErrWithdrawn
		}
		if out != nil && what != "lost" && what != "damaged" {
			return "", kiosk.ErrCopyOnLoan
		}
		was, err := s.promised(r, i)
		if err != nil {
			return "", err
		}
		done, err := s.Cataloguing.Change(r.Context(), a, i.ID, c)
		if err != nil {
			return "", err
		}
		is, err := s.promised(r, i)
		if err != nil {
			return "", err
		}
		text := words.T(s.lang(r), "copy.did."+what)
		switch {
		case is && !was:
			text += " " + words.T(s.lang(r), "copy.kept_next")
		case was && !is:
			text += " " + words.T(s.lang(r), "copy.waits_again")
		}
		s.done(r, to, s.undoOf(done.Result.EventSeq), "loans.said", "text", text)
		return to, nil
	}, s.refused(w, r, f, to))
}
