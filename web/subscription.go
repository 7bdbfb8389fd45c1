package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
	"muontra/web/words"
)

// issueNote is what stands in the record of a copy of an issue.
func (s *Server) issueNote(r *http.Request, i kiosk.Issue) string {
	return words.T(words.VI, "serials.copy_note", "n", i.Number, "day", words.Date(i.Expected))
}

// issueRow is an issue in a list.
type issueRow struct {
	kiosk.SerialEntry
	Today kiosk.Day
}

// State is the issue in one word: its status, or that it is late.
func (i issueRow) State() string {
	if i.Issue.Late(i.Subscription.Frequency, i.Today) {
		return "late"
	}
	if i.Issue.Here() && i.Missing() > 0 {
		return "short"
	}
	return string(i.Issue.Status)
}

var issueColumns = []column[issueRow]{
	{Key: "number", Word: "serials.number", Kind: numberCell, Of: func(i issueRow) any { return i.Issue.Number }},
	{Key: "expected", Word: "serials.expected", Kind: dayCell, Of: func(i issueRow) any { return i.Issue.Expected }},
	{Key: "state", Word: "list.status", Kind: textCell, Of: func(i issueRow) any { return i.State() }, Say: func(i issueRow) string { return "serials.state." + i.State() }, Mark: func(i issueRow) string {
		switch i.State() {
		case "received":
			return "free"
		case "late", "short":
			return "out"
		}
		return ""
	}},
	{Key: "received", Word: "serials.received_on", Kind: dayCell, Of: func(i issueRow) any { return i.Issue.Received }},
	{Key: "count", Word: "serials.count", Kind: numberCell, Of: func(i issueRow) any { return i.Issue.Count }},
	{Key: "missing", Word: "serials.missing", Kind: numberCell, Of: func(i issueRow) any { return i.Missing() }},
	{Key: "claimed", Word: "serials.claimed", Kind: dayCell, Of: func(i issueRow) any { return i.Issue.Claimed }, Note: func(i issueRow) string { return i.Issue.ClaimNote }},
	{Key: "at", Word: "serials.at", Kind: textCell, Of: func(i issueRow) any { return i.Issue.At() }},
}

var subscriptionList = list[issueRow]{
	Title: "serials.issues", Columns: issueColumns,
	Pick: func(i issueRow) (string, string) { return string(i.Issue.ID), words.Date(i.Issue.Expected) },
	Mute: func(i issueRow) bool {
		return i.Issue.Status == kiosk.IssueBound || i.Issue.Status == kiosk.IssueWithdrawn
	},
}

// subscription is one serial: its issues, with what can be done with them.
func (s *Server) subscription(w http.ResponseWriter, r *http.Request) error {
	return s.showSubscription(w, r, http.StatusOK, newForm())
}

func (s *Server) showSubscription(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	var rows []issueRow
	var row serialRow
	var place string
	onSite := false
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		all, err := s.serialRows(v, s.lang(r), today)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(x serialRow) bool { return string(x.ID) == r.PathValue("id") })
		if at < 0 {
			return kiosk.ErrNotFound
		}
		row = all[at]
		issues, err := v.IssuesOf(row.ID)
		if err != nil {
			return err
		}
		for _, i := range issues {
			rows = append(rows, issueRow{kiosk.SerialEntry{Issue: i, Subscription: row.Subscription, Title: row.Title}, today})
		}
		places, err := v.Places()
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(places, func(p kiosk.Place) bool { return p.ID == row.PlaceID }); i >= 0 {
			place = places[i].Name
		}
		rules, err := v.Rules(today)
		if err != nil {
			return err
		}
		line := rules.Policies.For(kiosk.Pupil, kiosk.SerialIssue, "")
		onSite = row.Lend && (line.OnSiteOnly || line.NotForLoan)
		return nil
	})
	if err != nil {
		return err
	}
	return showListAs(s, w, r, status, subscriptionList, rows, "subscription.html", map[string]any{"F": f, "S": row, "Place": place, "Filter": row.Title.Title + " · " + row.Every, "OnSite": onSite})
}

// doSubscription does what the page of a serial asks of its issues.
func (s *Server) doSubscription(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	to := serialPath(id)
	n := 0
	if f.Is("what", "receive") {
		n = f.count("count", 0, 0, kiosk.MaxIssueCopies)
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		if f.Is("what", "remove") {
			ans, err := s.Cataloguing.RemoveSubscription(r.Context(), a, id)
			if err != nil {
				return "", err
			}
			s.done(r, serialsPath, s.undoOf(ans.Result.EventSeq), "serials.removed")
			return serialsPath, nil
		}
		ids, err := s.pickedIssues(r.Context(), f, id)
		if err != nil {
			return "", atField("pick", err)
		}
		if f.Is("what", "receive") {
			return to, atField("pick", s.receivePicked(r, a, id, ids, n))
		}
		ans, err := s.doIssues(r, a, f, ids)
		if err != nil {
			return "", atField("pick", err)
		}
		s.done(r, to, s.undoOf(ans.Result.EventSeq), "serials.did."+f.Get("what"), "n", len(ids))
		return to, nil
	}, func(status int) error { return s.showSubscription(w, r, status, f) })
}

// pickedIssues are the ticked ones of a subscription, or of any when that is "".
func (s *Server) pickedIssues(ctx context.Context, f *form, of kiosk.ID) ([]kiosk.ID, error) {
	var ids []kiosk.ID
	err := s.Ledger.View(ctx, func(v kiosk.View) error {
		for _, p := range f.Values["pick"] {
			i, err := v.Issue(kiosk.ID(p))
			if err != nil {
				return err
			}
			if of != "" && i.SubscriptionID != of {
				return kiosk.ErrNotFound
			}
			ids = append(ids, i.ID)
		}
		return nil
	})
	if err == nil && len(ids) == 0 {
		err = &kiosk.SerialError{Problem: kiosk.SerialNothing}
	}
	return ids, err
}

func (s *Server) doIssues(r *http.Request, a kiosk.Attempt, f *form, ids []kiosk.ID) (kiosk.Answer, error) {
	switch f.Get("what") {
	case "claim":
		return s.Cataloguing.ClaimIssues(r.Context(), a, ids, f.Get("note"))
	case "give_up":
		return s.Cataloguing.GiveUpIssues(r.Context(), a, ids)
	case "bound", "withdrawn":
		return s.Cataloguing.CloseIssues(r.Context(), a, ids, kiosk.IssueStatus(f.Get("what")))
	}
	return kiosk.Answer{}, errBadBody
}

// receivePicked takes in issues, each by an act of its own, taken back together.
// n is how many copies came of each, 0 for as many as were ordered.
func (s *Server) receivePicked(r *http.Request, a kiosk.Attempt, sub kiosk.ID, ids []kiosk.ID, n int) error {
	var order kiosk.Subscription
	issues := map[kiosk.ID]kiosk.Issue{}
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		if order, err = v.Subscription(sub); err != nil {
			return err
		}
		for _, id := range ids {
			if issues[id], err = v.Issue(id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n == 0 {
		n = order.Copies
	}
	var seqs []int64
	for _, id := range ids {
		one := a
		one.CommandID += "-" + string(id)
		_, ans, err := s.Cataloguing.ReceiveIssue(r.Context(), one, id, n, s.issueNote(r, issues[id]))
		if err != nil {
			if len(seqs) == 0 {
				return err
			}
			break // what was taken in is told, with its way back; the rest still waits
		}
		seqs = append(seqs, ans.Result.EventSeq)
	}
	s.done(r, serialPath(sub), func(ctx context.Context, a kiosk.Attempt) error {
		for _, seq := range slices.Backward(seqs) {
			one := a
			one.CommandID += "-" + strconv.FormatInt(seq, 10)
			if _, err := s.Cataloguing.TakeBack(ctx, one, seq); err != nil {
				return err
			}
		}
		return nil
	}, "serials.received_n", "n", len(seqs))
	return nil
}
