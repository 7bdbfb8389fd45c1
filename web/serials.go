package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/web/words"
)

// SerialKeeping are the acts on newspapers and magazines.
type SerialKeeping interface {
	SaveSubscription(context.Context, kiosk.Attempt, kiosk.Subscription, kiosk.Title, func(kiosk.Subscription) error) (kiosk.Subscription, kiosk.Answer, error)
	RemoveSubscription(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.Answer, error)
	ReceiveIssue(ctx context.Context, a kiosk.Attempt, id kiosk.ID, count int, note string) (kiosk.Issue, kiosk.Answer, error)
	ClaimIssues(ctx context.Context, a kiosk.Attempt, ids []kiosk.ID, note string) (kiosk.Answer, error)
	GiveUpIssues(ctx context.Context, a kiosk.Attempt, ids []kiosk.ID) (kiosk.Answer, error)
	MoveIssue(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.Issue, kiosk.Answer, error)
	CloseIssues(ctx context.Context, a kiosk.Attempt, ids []kiosk.ID, how kiosk.IssueStatus) (kiosk.Answer, error)
}

const (
	serialsPath      = "/desk/serials"
	serialLatePath   = serialsPath + "/late"
	serialRoundPath  = serialsPath + "/round"
	serialRegPath    = serialsPath + "/register"
	serialLetterPath = serialsPath + "/letter"
)

func serialPath(id kiosk.ID) string { return serialsPath + "/" + string(id) }

func (s *Server) serialRoutes() []route {
	if s.Cataloguing == nil {
		return nil
	}
	return []route{
		{"GET", serialsPath, librarian, s.serials},
		{"POST", serialsPath + "/scan", librarian, s.scanSerial},
		{"GET", serialsPath + "/new", librarian, named(s.newSubscription)},
		{"POST", serialsPath + "/new", librarian, s.addSubscription},
		{"GET", serialLatePath, librarian, s.lateIssues},
		{"POST", serialLatePath, librarian, s.doLateIssues},
		{"GET", serialLetterPath, librarian, s.claimLetter},
		{"GET", serialRoundPath, librarian, s.issuesRound},
		{"POST", serialRoundPath, librarian, s.moveIssue},
		{"GET", serialRegPath, librarian, s.serialRegister},
		{"GET", serialsPath + "/{id}", librarian, named(s.subscription)},
		{"POST", serialsPath + "/{id}", librarian, named(s.doSubscription)},
		{"GET", serialsPath + "/{id}/edit", librarian, named(s.editSubscription)},
		{"POST", serialsPath + "/{id}/edit", librarian, named(s.changeSubscription)},
	}
}

// serialRow is a subscription with how its issues are.
type serialRow struct {
	kiosk.Subscription
	Title            kiosk.Title
	Came, Late, Gone int
	Next             kiosk.Issue
	Over             bool
	Every            string // how often, as a sentence
}

func (s *Server) serialRows(v kiosk.View, l words.Lang, today kiosk.Day) ([]serialRow, error) {
	subs, err := v.Subscriptions()
	if err != nil {
		return nil, err
	}
	var rows []serialRow
	for _, sub := range subs {
		row := serialRow{Subscription: sub, Over: sub.To.Before(today), Every: words.T(l, "serials.every."+string(sub.Frequency), "n", sub.PerPeriod)}
		if row.Title, err = v.Title(sub.TitleID); err != nil {
			return nil, err
		}
		all, err := v.IssuesOf(sub.ID)
		if err != nil {
			return nil, err
		}
		for _, i := range all {
			switch {
			case !i.Received.IsZero():
				row.Came++
			case i.Status == kiosk.IssueGivenUp:
				row.Gone++
			case i.Late(sub.Frequency, today):
				row.Late++
			case i.Status == kiosk.IssueExpected && row.Next.ID == "":
				row.Next = i
			}
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b serialRow) int {
		if a.Over != b.Over {
			if a.Over {
				return 1
			}
			return -1
		}
		return compareText(fold.Order(a.Title.Title), fold.Order(b.Title.Title))
	})
	return rows, nil
}

var serialList = list[serialRow]{
	Title: "work.serials",
	Columns: []column[serialRow]{
		{Key: "title", Word: "serials.name", Kind: textCell, Of: func(r serialRow) any { return r.Title.Title }, Link: func(r serialRow) string { return serialPath(r.ID) }, Note: func(r serialRow) string { return r.Every }},
		{Key: "to", Word: "serials.to", Kind: dayCell, Of: func(r serialRow) any { return r.To }},
		{Key: "copies", Word: "serials.copies", Kind: numberCell, Of: func(r serialRow) any { return r.Copies }},
		{Key: "price", Word: "list.price", Kind: moneyCell, Of: func(r serialRow) any { return r.Price }},
		{Key: "supplier", Word: "serials.supplier", Kind: textCell, Of: func(r serialRow) any { return r.Supplier }},
		{Key: "came", Word: "serials.came", Kind: numberCell, Of: func(r serialRow) any { return r.Came }},
		{Key: "late", Word: "serials.late", Kind: numberCell, Of: func(r serialRow) any { return r.Late }, Mark: func(r serialRow) string {
			if r.Late > 0 {
				return "out"
			}
			return ""
		}},
		{Key: "next", Word: "serials.next", Kind: dayCell, Of: func(r serialRow) any { return r.Next.Expected }},
	},
	Mute: func(r serialRow) bool { return r.Over },
}

// serials lists what is subscribed to, with the field into which a cover is
// scanned.
func (s *Server) serials(w http.ResponseWriter, r *http.Request) error {
	var rows []serialRow
	err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
		today, err := s.today(v)
		if err != nil {
			return err
		}
		rows, err = s.serialRows(v, s.lang(r), today)
		return err
	})
	if err != nil {
		return err
	}
	late := 0
	for _, row := range rows {
		late += row.Late
	}
	return showList(s, w, r, serialList, rows, "serials.html", map[string]any{"Late": late, "Any": len(rows) > 0})
}

// serialMeant finds the issue that a scanned cover, or a copy's barcode, means
// when it comes (or, with moving, when it goes on).
func serialMeant(v kiosk.View, code string, today kiosk.Day, moving bool) (kiosk.Issue, kiosk.Subscription, error) {
	none := &kiosk.SerialError{Problem: kiosk.SerialUnknown}
	subs, err := v.Subscriptions()
	if err != nil {
		return kiosk.Issue{}, kiosk.Subscription{}, err
	}
	cover, isCover := kiosk.SerialCodeOf(code)
	item, err := v.ItemByBarcode(code)
	if acc, ok := kiosk.AccessionOf(code); ok && isNotFound(err) {
		item, err = v.ItemByAccession(acc)
	}
	if err != nil && !isNotFound(err) {
		return kiosk.Issue{}, kiosk.Subscription{}, err
	}
	var issues []kiosk.Issue
	of := map[kiosk.ID]kiosk.Subscription{}
	for _, sub := range subs {
		if item.ID == "" && (!isCover || sub.Code != cover.Code) || item.ID != "" && sub.TitleID != item.TitleID {
			continue
		}
		all, err := v.IssuesOf(sub.ID)
		if err != nil {
			return kiosk.Issue{}, kiosk.Subscription{}, err
		}
		of[sub.ID] = sub
		for _, i := range all {
			if item.ID != "" && !slices.Contains(i.Copies, item.ID) || moving && !i.Travels(sub) {
				continue
			}
			issues = append(issues, i)
		}
	}
	if len(of) == 0 {
		return kiosk.Issue{}, kiosk.Subscription{}, none
	}
	var one kiosk.Issue
	found := false
	if moving {
		if cover.Issue > 0 && item.ID == "" {
			issues = slices.DeleteFunc(issues, func(i kiosk.Issue) bool { return i.Number != cover.Issue && i.Number%100 != cover.Issue })
		}
		if len(issues) == 1 {
			one, found = issues[0], true
		}
	} else {
		one, found = kiosk.IssueFor(issues, cover.Issue, today)
	}
	if !found {
		which := &kiosk.SerialError{Problem: kiosk.SerialWhich}
		for id := range of {
			which.Subscription = max(which.Subscription, id) // the newest
		}
		return one, kiosk.Subscription{}, which
	}
	return one, of[one.SubscriptionID], nil
}

// scanSerial takes in the issue whose cover was scanned. Where several may be
// meant, the serial's page opens to choose.
func (s *Server) scanSerial(w http.ResponseWriter, r *http.Request) error {
	f, err := sentForm(w, r)
	if err != nil {
		return err
	}
	code := f.code("code")
	if f.Get("code") == "" {
		f.fault("code", kiosk.FieldMissing, nil)
	}
	return s.act(w, r, f, func(a kiosk.Attempt) (string, error) {
		var i kiosk.Issue
		var sub kiosk.Subscription
		var title kiosk.Title
		err := s.Ledger.View(r.Context(), func(v kiosk.View) error {
			today, err := s.today(v)
			if err != nil {
				return err
			}
			if i, sub, err = serialMeant(v, code, today, false); err != nil {
				return err
			}
			title, err = v.Title(sub.TitleID)
			return err
		})
		var which *kiosk.SerialError
		if errors.As(err, &which) && which.Subscription != "" {
			to := serialPath(which.Subscription)
			s.memory.put(callerOf(r).account, &said{page: to, key: "serials.which", bad: true})
			return to, nil
		}
		if err != nil {
			return "", err
		}
		got, ans, err := s.Cataloguing.ReceiveIssue(r.Context(), a, i.ID, sub.Copies, s.issueNote(r, i))
		if err != nil {
			return "", err
		}
		s.done(r, serialsPath, s.undoOf(ans.Result.EventSeq), "serials.received", "title", title.Title, "number", got.Number, "n", got.Count)
		return serialsPath, nil
	}, s.refused(w, r, f, serialsPath))
}

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
	return showList(s, w, r, subscriptionList, rows, "subscription.html", map[string]any{"S": row, "Place": place, "Filter": row.Title.Title + " · " + row.Every, "OnSite": onSite})
}

// doSubscription does what the page of a serial asks of its issues.
func (s *Server) doSubscription(w http.ResponseWriter, r *http.Request) error {
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	id := kiosk.ID(r.PathValue("id"))
	to := serialPath(id)
	n := f.count("count", 0, 0, kiosk.MaxIssueCopies)
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
			return "", err
		}
		if f.Is("what", "receive") {
			return to, s.receivePicked(r, a, id, ids, n)
		}
		ans, err := s.doIssues(r, a, f, ids)
		if err != nil {
			return "", err
		}
		s.done(r, to, s.undoOf(ans.Result.EventSeq), "serials.did."+f.Get("what"), "n", len(ids))
		return to, nil
	}, s.refused(w, r, f, to))
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
