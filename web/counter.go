package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"muontra/kiosk"
	"muontra/kiosk/fold"
	"muontra/kiosk/station"
	"muontra/web/words"
)

// Counter is the station of a librarian's own desk.
type Counter interface {
	Station
	Admit(context.Context, station.Admit) (kiosk.Result, error)
}

// DeskActs are the acts that the staff does beside a kiosk.
type DeskActs interface {
	Checkout(ctx context.Context, a kiosk.Attempt, patron, copyID kiosk.ID) (kiosk.Answer, error)
	CheckoutSet(ctx context.Context, a kiosk.Attempt, patron, set kiosk.ID) (kiosk.Answer, error)
	Renew(ctx context.Context, a kiosk.Attempt, patron, copyID kiosk.ID) (kiosk.Answer, error)
	Return(ctx context.Context, a kiosk.Attempt, patron, copyID kiosk.ID) (kiosk.Answer, error)
	Change(ctx context.Context, a kiosk.Attempt, copyID kiosk.ID, c kiosk.CopyChange) (kiosk.Answer, error)
	Undo(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, seq int64) (kiosk.Answer, error)
}

const (
	counterPath   = "/desk/counter"
	counterPrefix = "counter-"
)

// CounterName is the name of an account's own station, as events keep it: the
// end of the account's id, which is the part that tells two apart.
func CounterName(account kiosk.ID) string {
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(string(account)))
	return counterPrefix + id[max(0, len(id)-12):]
}

// counterRoutes are the scan inbox of the desk.
func (s *Server) counterRoutes() []route {
	return []route{
		{"GET", counterPath, librarian, s.counterPage},
		{"POST", counterPath, librarian, s.counterDo},
	}
}

// someone is a patron to choose from.
type someone struct {
	Ref         kiosk.ID
	Name, Class string
	Category    kiosk.Category
}

// mostFound bounds the names that are offered.
const mostFound = 30

func (s *Server) ownCounter(r *http.Request) (Counter, error) {
	if s.Counter == nil {
		return nil, errNotFound
	}
	c := s.Counter(callerOf(r).account.id)
	if c == nil {
		return nil, errUnavailable
	}
	return c, nil
}

// counterPage shows the present session, its last answer, and the one field.
func (s *Server) counterPage(w http.ResponseWriter, r *http.Request) error {
	return s.showCounter(w, r, http.StatusOK, newForm())
}

func (s *Server) showCounter(w http.ResponseWriter, r *http.Request, status int, f *form) error {
	c, err := s.ownCounter(r)
	if err != nil {
		return err
	}
	sc := c.Screen()
	st := stateOf(s.lang(r), sc, s.Now())
	var reasons []string // the usual ones, one touch each
	data := map[string]any{"S": st, "F": f, "Query": r.URL.Query().Get("q")}
	if q := r.URL.Query().Get("q"); q != "" && short(q, 256) {
		var found []someone
		err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
			found, err = s.findPeople(v, q)
			return err
		})
		if err != nil {
			return err
		}
		data["Found"] = found
	}
	for _, key := range []string{"desk.live.reason1", "desk.live.reason2", "desk.live.reason3"} {
		reasons = append(reasons, words.T(s.lang(r), key))
	}
	data["Reasons"] = reasons
	if res := sc.Result; res != nil {
		data["Pieces"] = askedForPieces(res) && s.Cataloguing != nil
		data["Other"] = res.Outcome == kiosk.Refused && res.Reason == kiosk.ReasonOnLoanToOther && sc.Patron != nil && s.Desk != nil
		var more []string
		for _, refusal := range res.Refusals {
			if refusal.Reason != res.Reason {
				one := kiosk.Result{Kind: res.Kind, Outcome: kiosk.Refused, Reason: refusal.Reason, Refusals: []kiosk.Refusal{refusal}, Patron: res.Patron}
				more = append(more, words.ForResult(s.lang(r), one).Head)
			}
		}
		data["More"] = more
	}
	s.deskPage(w, r, status, "counter.html", data)
	return nil
}

// findPeople finds patrons by the words of a name, in the order of given names.
func (s *Server) findPeople(v kiosk.View, q string) ([]someone, error) {
	today, err := s.today(v)
	if err != nil {
		return nil, err
	}
	want := strings.Fields(fold.Text(q))
	var found []someone
	err = v.EachMember(today, func(m kiosk.Member) error {
		if m.Status == kiosk.PatronLeft {
			return nil
		}
		have := strings.Fields(fold.Text(m.Name + " " + m.Class))
		for _, w := range want {
			if !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, w) }) {
				return nil
			}
		}
		found = append(found, someone{m.Ref, m.Name, m.Class, m.Category})
		return nil
	})
	given := func(p someone) string {
		f := strings.Fields(fold.Text(p.Name))
		return f[len(f)-1] + " " + strings.Join(f, " ") + " " + p.Class
	}
	slices.SortStableFunc(found, func(a, b someone) int { return strings.Compare(given(a), given(b)) })
	return found[:min(len(found), mostFound)], err
}

// isName reports whether what was typed looks like a name and is no code of the
// ledger's own: names have no digits, and a class behind one may.
func (s *Server) isName(ctx context.Context, text string) (bool, error) {
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	if first == "" || !strings.ContainsFunc(first, unicode.IsLetter) || strings.ContainsFunc(first, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		return false, nil
	}
	used := false
	err := s.Ledger.View(ctx, func(v kiosk.View) error {
		for _, look := range []func() error{
			func() error { _, err := v.MemberByCard(text, kiosk.DayOf(s.Now(), s.Now().Location())); return err },
			func() error { _, err := v.ItemByBarcode(text); return err },
		} {
			err := look()
			if err == nil {
				used = true
			} else if !errors.Is(err, kiosk.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	return !used, err
}

// counterDo does what was scanned, typed or pressed.
func (s *Server) counterDo(w http.ResponseWriter, r *http.Request) error {
	c, err := s.ownCounter(r)
	if err != nil {
		return err
	}
	f, err := sentButton(w, r)
	if err != nil {
		return err
	}
	if code := f.Get("code"); f.Get("do") == "" {
		if code == "" {
			http.Redirect(w, r, counterPath, http.StatusSeeOther)
			return nil
		}
		if to, err := s.cornerScanned(r, code); to != "" || err != nil {
			if err == nil {
				http.Redirect(w, r, to, http.StatusSeeOther)
			}
			return err
		}
		name, err := s.isName(r.Context(), code)
		if err != nil {
			return err
		}
		if name {
			http.Redirect(w, r, counterPath+"?q="+url.QueryEscape(code), http.StatusSeeOther)
			return nil
		}
	}
	me := callerOf(r).account.id
	return s.act(w, r, f, func(at kiosk.Attempt) (string, error) {
		if f.Is("do", "pieces") {
			var i kiosk.Item
			err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
				i, err = v.ItemByBarcode(f.Get("copy"))
				return err
			})
			if err != nil {
				return "", err
			}
			return counterPath, s.missPieces(r, at, i, counterPath)
		}
		return counterPath, s.counterAct(r.Context(), c, f, at, me)
	}, func(status int) error {
		if f.Err("comment") == "" {
			return s.refused(w, r, f, counterPath)(status)
		}
		return s.showCounter(w, shownAt(r, counterPath, ""), status, f)
	})
}

func (s *Server) counterAct(ctx context.Context, c Counter, f *form, at kiosk.Attempt, me kiosk.ID) error {
	do := func(cmd kiosk.Command) error {
		_, err := c.Do(ctx, station.Action{Command: cmd, Copy: f.Get("copy"), CommandID: at.CommandID, Staff: me})
		return err
	}
	scan := func(code, id string, again bool) error {
		_, err := c.Scan(ctx, station.Scan{Code: code, CommandID: id, Device: "desk", Staff: me, Again: again})
		return err
	}
	switch f.Get("do") {
	case "":
		return scan(f.Get("code"), at.CommandID, false)
	case "pick":
		_, err := c.Admit(ctx, station.Admit{Patron: kiosk.ID(f.Get("patron")), Staff: me, CommandID: at.CommandID})
		return err
	case "finish":
		return do(kiosk.Finish)
	case "undo":
		return do(kiosk.Undo)
	case "renew":
		return do(kiosk.Renew)
	case "renew_all":
		return do(kiosk.RenewAll)
	case "on_site":
		return do(kiosk.OnSite)
	case "override":
		if err := word(f.Get("comment")); err != nil {
			return atField("comment", err)
		}
		_, err := c.Override(ctx, station.Override{Copy: f.Get("copy"), Comment: f.Get("comment"), Staff: me, CommandID: at.CommandID})
		if errors.Is(err, station.ErrNoComment) {
			return atField("comment", errWordNeeded)
		}
		return err
	case "lend_on":
		if s.Desk == nil {
			return errBadBody
		}
		var item kiosk.Item
		err := s.Ledger.View(ctx, func(v kiosk.View) (err error) {
			item, err = v.ItemByBarcode(f.Get("copy"))
			return err
		})
		if err != nil {
			return err
		}
		back := at
		back.Station, back.CommandID = CounterName(me), at.CommandID+"-back"
		back.Code, back.Kind = item.Barcode, kiosk.KindCopy
		if _, err := s.Desk.Return(ctx, back, "", item.ID); err != nil && !errors.Is(err, kiosk.ErrMoved) {
			return err
		}
		return scan(item.Barcode, at.CommandID+"-lend", true)
	}
	return errBadBody
}
