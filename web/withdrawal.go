package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"muontra/kiosk"
	"muontra/web/words"
)

// withdrawalLine is a copy of a list as it is shown.
type withdrawalLine struct {
	kiosk.WithdrawalItem
	Item kiosk.Item
}

// readWithdrawal reads a list with its copies.
func (s *Server) readWithdrawal(r *http.Request) (row withdrawalRow, lines []withdrawalLine, err error) {
	err = s.Ledger.View(r.Context(), func(v kiosk.View) error {
		one, err := v.Withdrawal(kiosk.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		rules, _, _, err := s.rulesIn(v)
		if err != nil {
			return err
		}
		row = withdrawalRowOf(one, rules.Location)
		for _, i := range one.Items {
			item, err := v.Item(i.Copy)
			if err != nil {
				return err
			}
			lines = append(lines, withdrawalLine{i, item})
		}
		return nil
	})
	return row, lines, err
}

var withdrawalList = list[withdrawalLine]{Title: "weed.list", Columns: []column[withdrawalLine]{
	{Key: "accession", Word: "list.accession", Kind: codeCell, Of: func(l withdrawalLine) any { return cmp.Or(l.Item.Accession, l.Item.Barcode) }},
	{Key: "title", Word: "list.title", Kind: textCell, Of: func(l withdrawalLine) any { return l.Item.Title.Name() }},
	{Key: "kind", Word: "list.kind", Kind: textCell, Of: func(l withdrawalLine) any { return string(l.Item.Kind) }, Say: func(l withdrawalLine) string { return "kind." + string(l.Item.Kind) }},
	{Key: "year", Word: "weed.published", Kind: numberCell, Of: func(l withdrawalLine) any { return known(l.Item.Title.Year) }},
	{Key: "cause", Word: "weed.cause", Kind: textCell, Of: func(l withdrawalLine) any { return string(l.Reason) }, Say: func(l withdrawalLine) string { return "weed.cause." + string(l.Reason) }},
	{Key: "price", Word: "list.price", Kind: moneyCell, Of: func(l withdrawalLine) any { return l.Price }},
}}

func (s *Server) withdrawal(w http.ResponseWriter, r *http.Request) error {
	return s.showWithdrawal(w, r, http.StatusOK, newForm())
}

func (s *Server) showWithdrawal(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	row, lines, err := s.readWithdrawal(r)
	if err != nil {
		return err
	}
	lang := s.lang(r)
	mine := callerOf(r).is(kiosk.Librarian)
	state := row.State()
	l := withdrawalList
	if mine && (state == kiosk.WithdrawalProposed || state == kiosk.WithdrawalApproved) {
		l.Pick = func(l withdrawalLine) (string, string) {
			return string(l.Copy), l.Item.Accession + " " + l.Item.Title.Name()
		}
	}
	var school kiosk.School
	var today kiosk.Day
	err = s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if school, err = kiosk.SchoolOf(v); err != nil {
			return err
		}
		today, err = s.today(v)
		return err
	})
	if err != nil {
		return err
	}
	data := map[string]any{
		"W": row, "State": state, "F": f, "Mine": mine, "Open": state == kiosk.WithdrawalProposed || state == kiosk.WithdrawalApproved,
		"Causes": choices(lang, "weed.cause.", kiosk.WithdrawalCauses), "Approver": joinDots(school.Management, school.Title), "Day": today.String(), "Filter": row.Name,
	}
	if status != http.StatusOK {
		if data["List"], err = l.shown(s, r, lines); err != nil {
			return err
		}
		s.deskPage(w, r, status, "withdrawal.html", data)
		return nil
	}
	return showList(s, w, r, l, lines, "withdrawal.html", data)
}

func joinDots(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

// changeWithdrawal adds copies, takes the ticked ones off, or gives the list up.
func (s *Server) changeWithdrawal(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	to := withdrawalPath + "/" + string(id)
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if f.Is("what", "drop") || f.Is("what", "take_up") {
			drop := f.Is("what", "drop")
			if err := s.Withdrawing.DropWithdrawal(r.Context(), a, id, drop); err != nil {
				return "", err
			}
			s.done(r, to, s.dropBack(id, !drop), "weed.said."+f.Get("what"))
			return to, nil
		}
		var was kiosk.Withdrawal
		var more []kiosk.WithdrawalItem
		err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
			if was, err = v.Withdrawal(id); err != nil || f.Is("what", "remove") {
				return err
			}
			add := newForm("numbers", f.Get("numbers"), "cause", f.Get("cause"))
			more, err = s.itemsOf(v, add)
			return err
		})
		if err != nil {
			return "", err
		}
		items := append(slices.Clone(was.Items), more...)
		if f.Is("what", "remove") {
			items = slices.DeleteFunc(items, func(i kiosk.WithdrawalItem) bool { return slices.Contains(f.Values["pick"], string(i.Copy)) })
		}
		done, err := s.Withdrawing.ChangeWithdrawal(r.Context(), a, id, was.Name, items, func(now kiosk.Withdrawal) error {
			if !slices.Equal(now.Items, was.Items) {
				return kiosk.ErrNotNow
			}
			return nil
		})
		if err != nil {
			return "", err
		}
		s.done(r, to, func(ctx context.Context, a kiosk.Attempt) error {
			_, err := s.Withdrawing.ChangeWithdrawal(ctx, a, id, was.Name, was.Items, nil)
			return err
		}, "weed.changed", "n", len(done.Items))
		return to, nil
	}, func(status int) error { return s.showWithdrawal(w, r, status, f) })
}

// approveWithdrawal writes the approval down, by the management itself or by the
// librarian after a signature on paper, or takes it back.
func (s *Server) approveWithdrawal(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	to := withdrawalPath + "/" + string(id)
	who, on := f.Get("approver"), f.day("day", false)
	if f.Is("what", "unapprove") {
		who, on = "", kiosk.Day{}
	} else if who == "" {
		f.Wrong["approver"] = "missing"
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var was kiosk.Withdrawal
		err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
			was, err = v.Withdrawal(id)
			return err
		})
		if err != nil {
			return "", err
		}
		if _, err := s.Withdrawing.ApproveWithdrawal(r.Context(), a, id, who, on); err != nil {
			return "", err
		}
		key := "weed.approved_now"
		if who == "" {
			key = "weed.unapproved"
		}
		var back func(context.Context, kiosk.Attempt) error
		if callerOf(r).is(kiosk.Librarian) {
			back = func(ctx context.Context, a kiosk.Attempt) error {
				_, err := s.Withdrawing.UndoApproval(ctx, a, was)
				return err
			}
		}
		s.done(r, to, back, key)
		return to, nil
	}, func(status int) error { return s.showWithdrawal(w, r, status, f) })
}

func (s *Server) withdrawalClosePage(w http.ResponseWriter, r *http.Request) error {
	f, lang, closed := newForm(), s.lang(r), false
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		list, err := v.Withdrawal(kiosk.ID(r.PathValue("id")))
		if err != nil || list.State() == kiosk.WithdrawalClosed {
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
		all, err := v.Withdrawals()
		n := 1
		for _, one := range all {
			if !one.Closed.IsZero() {
				n++
			}
		}
		f.Values.Set("number", words.T(lang, "weed.usual_number", "n", n))
		f.Values.Set("day", today.String())
		f.Values.Set("place", words.T(lang, "stock.usual_place"))
		return err
	})
	if err != nil {
		return err
	}
	if closed {
		http.Redirect(w, r, withdrawalPath+"/"+r.PathValue("id")+"/minutes", http.StatusSeeOther)
		return nil
	}
	return s.showWithdrawalClose(w, r, http.StatusOK, f)
}

func (s *Server) showWithdrawalClose(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	row, _, err := s.readWithdrawal(r)
	if err != nil {
		return err
	}
	s.deskPage(w, r, status, "withdrawalclose.html", map[string]any{"W": row, "F": f, "Board": boardNumbers, "Words": words.DongInWords(row.Worth)})
	return nil
}

func (s *Server) closeWithdrawal(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	if !f.Is("sure", "yes") {
		f.Wrong["sure"] = "missing"
	}
	m := kiosk.WithdrawalPaper{Number: f.Get("number"), Day: f.day("day", true), Hour: f.Get("hour"), Place: f.Get("place"), Note: f.Get("note"), Board: boardForm(f)}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if _, err := s.Withdrawing.CloseWithdrawal(r.Context(), a, id, m); err != nil {
			return "", err
		}
		return withdrawalPath + "/" + string(id) + "/minutes", nil
	}, func(status int) error { return s.showWithdrawalClose(w, r, status, f) })
}

// causeSum is a line of the minutes' table.
type causeSum struct {
	Name  string
	N     int
	Worth int64
	Whole bool
}

// withdrawalMinutes is the paper: of a proposal it is the list to sign, of a
// closed one the minutes.
func (s *Server) withdrawalMinutes(w http.ResponseWriter, r *http.Request) error {
	row, lines, err := s.readWithdrawal(r)
	if err != nil {
		return err
	}
	school, err := s.schoolNow(r)
	if err != nil {
		return err
	}
	lang := s.lang(r)
	var sums, kinds []causeSum
	for _, c := range kiosk.WithdrawalCauses {
		sum := causeSum{Name: words.T(lang, "weed.cause."+string(c))}
		for _, l := range lines {
			if l.Reason == c {
				sum.N++
				sum.Worth += l.Price
			}
		}
		if sum.N > 0 {
			sums = append(sums, sum)
		}
	}
	for _, k := range kiosk.Kinds {
		sum := causeSum{Name: words.T(lang, "kind."+string(k))}
		for _, l := range lines {
			if l.Item.Kind == k {
				sum.N++
				sum.Worth += l.Price
			}
		}
		if sum.N > 0 {
			kinds = append(kinds, sum)
		}
	}
	all := causeSum{words.T(lang, "minutes.all"), len(lines), row.Worth, true}
	s.deskPage(w, r, http.StatusOK, "withdrawalminutes.html", map[string]any{
		"W": row, "M": row.Minutes, "Lines": lines, "School": school, "Sums": append(sums, all), "Kinds": append(kinds, all),
		"Words": words.DongInWords(row.Worth), "CountWords": words.InWords(int64(len(lines))), "State": row.State(),
	})
	return nil
}
