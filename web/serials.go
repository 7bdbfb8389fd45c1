package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

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
		{"POST", serialLatePath, librarian, named(s.doLateIssues)},
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
	return s.showSerials(w, r, http.StatusOK, newForm())
}

func (s *Server) showSerials(w http.ResponseWriter, r *http.Request, status int, f *form) error {
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
	return showListAs(s, w, r, status, serialList, rows, "serials.html", map[string]any{"F": f, "Late": late, "Any": len(rows) > 0})
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
			return "", atField("code", err)
		}
		got, ans, err := s.Cataloguing.ReceiveIssue(r.Context(), a, i.ID, sub.Copies, s.issueNote(r, i))
		if err != nil {
			return "", atField("code", err)
		}
		s.done(r, serialsPath, s.undoOf(ans.Result.EventSeq), "serials.received", "title", title.Title, "number", got.Number, "n", got.Count)
		return serialsPath, nil
	}, func(status int) error { return s.showSerials(w, shownAt(r, serialsPath, ""), status, f) })
}
