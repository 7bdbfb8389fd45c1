package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"muontra/kiosk"
	"muontra/web/words"
)

// deskBack is how many events before now a desk page that connects reads, to
// show the help calls of the last minutes.
const deskBack = 200

// news is one event as the desk reads it. The librarian may see who and what; a
// helper and the management only that somebody called or was refused, and why.
// The kiosk never shows it to another child.
type news struct {
	Seq         int64        `json:"seq"`
	At          time.Time    `json:"at"`
	Clock       string       `json:"clock"`
	Kind        string       `json:"kind"` // help, refused, alarm, answered, or a movement: see movements
	Station     string       `json:"station"`
	Where       string       `json:"where"` // the station in words
	Patron      string       `json:"patron"`
	Class       string       `json:"class"`
	Copy        string       `json:"copy"` // the barcode, for an override
	Accession   string       `json:"accession"`
	Title       string       `json:"title"`
	Reason      kiosk.Reason `json:"reason"`
	Text        string       `json:"text"`
	Code        string       `json:"code"`
	MayOverride bool         `json:"may_override"`
	MayLendOn   bool         `json:"may_lend_on"`
	MayAnswer   bool         `json:"may_answer"`
	Settled     bool         `json:"settled,omitempty"` // who was refused has got it since
	Answers     int64        `json:"answers,omitempty"` // with answered: the call
	By          string       `json:"by,omitempty"`      // who of the staff did it
	Due         string       `json:"due,omitempty"`
	Set         bool         `json:"set,omitempty"` // copy and title are a set's
}

// movements are the events that change where a book is, or that somebody came.
var movements = map[kiosk.EventType]string{
	kiosk.EventVisit: "visit", kiosk.EventCheckedOut: "checked_out", kiosk.EventReturned: "returned", kiosk.EventRenewed: "renewed",
	kiosk.EventUsedOnSite: "on_site", kiosk.EventUndone: "undone", kiosk.EventCopyChanged: "changed",
}

// deskSocket pushes help calls and refusals, from the event after the number
// that the page has, so that a page that was away misses none.
func (s *Server) deskSocket(w http.ResponseWriter, r *http.Request) error {
	if s.Events == nil {
		return errNotFound
	}
	after, err := s.deskAfter(r)
	if err != nil {
		return err
	}
	lang := s.lang(r)
	sock, err := upgrade(w, r)
	if err != nil || sock == nil {
		return err
	}
	events, stop := s.Events(after)
	defer stop()
	closing := *s.closing.Load()
	pings := time.NewTicker(pingEvery)
	defer pings.Stop()
	code := websocket.CloseGoingAway
	for err == nil {
		select {
		case e, ok := <-events:
			if !ok { // the page asks again from its last number
				sock.close(code)
				return nil
			}
			var b []byte
			if b, err = s.newsOf(r.Context(), lang, callerOf(r).account.role, e); err == nil && b != nil {
				err = sock.send(b)
			}
		case <-pings.C:
			if !s.sessions.alive(callerOf(r).account) {
				sock.close(websocket.ClosePolicyViolation)
				return nil
			}
			err = sock.ping()
		case <-sock.gone:
			sock.close(websocket.CloseNormalClosure)
			return nil
		case <-closing:
			sock.close(websocket.CloseServiceRestart)
			return nil
		case <-r.Context().Done():
			sock.close(code)
			return nil
		}
	}
	s.log.Debug("desk socket", "error", err)
	sock.close(code)
	return nil
}

func (s *Server) deskAfter(r *http.Request) (int64, error) {
	if n, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64); err == nil && n > 0 {
		return n, nil
	}
	var last int64
	err := s.Ledger.View(r.Context(), func(v kiosk.View) (err error) {
		last, err = v.LastSeq()
		return err
	})
	return max(last-deskBack, 0), err
}

// newsOf makes the news of an event for a role, nil when it is none for it.
func (s *Server) newsOf(ctx context.Context, lang words.Lang, role kiosk.Role, e kiosk.Event) ([]byte, error) {
	n := news{Seq: e.Seq, At: e.OccurredAt.UTC(), Station: e.Station, Where: words.T(lang, "desk.live.at", "station", e.Station)}
	if strings.HasPrefix(e.Station, counterPrefix) {
		n.Where = words.T(lang, "desk.live.at_counter")
	}
	all := role == kiosk.Librarian
	switch {
	case e.Type == kiosk.EventHelp:
		n.Kind, n.MayAnswer = "help", role == kiosk.Librarian || role == kiosk.Helper
	case e.Type == kiosk.EventAnswered:
		n.Kind, n.Answers = "answered", e.Payload.Answers
	case e.Type == kiosk.EventRefused:
		n.Kind, n.Reason = "refused", e.Payload.Reason
	case all && e.Calls():
		n.Kind, n.MayAnswer = "alarm", true
	case all && movements[e.Type] != "":
		n.Kind = movements[e.Type]
	default:
		return nil, nil
	}
	refusals := e.Payload.Refusals
	if !all { // the facts of a refusal tell of somebody's books
		refusals = nil
		for _, r := range e.Payload.Refusals {
			refusals = append(refusals, kiosk.Refusal{Reason: r.Reason})
		}
	}
	with := ""
	res := kiosk.Result{Kind: kiosk.KindCopy, Outcome: kiosk.Refused, Reason: e.Payload.Reason, Refusals: refusals}
	err := s.Ledger.View(ctx, func(v kiosk.View) error {
		loc, err := kiosk.LocationOf(v)
		if err != nil {
			return err
		}
		n.Clock = e.OccurredAt.In(loc).Format("15:04")
		if !all {
			return nil
		}
		n.Code = e.Payload.Code
		if err := s.whoAndWhat(v, lang, &n, e, kiosk.DayOf(e.OccurredAt, loc)); err != nil || n.Kind != "refused" {
			return err
		}
		with, err = s.withWhom(v, lang, &n, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	if n.Kind == "refused" {
		n.Text = strings.TrimSpace(refusalText(lang, res) + " " + with)
		here := all && n.Copy != "" && !n.Settled && !strings.HasPrefix(e.Station, counterPrefix)
		n.MayOverride = here && e.PatronRef != "" && askable(e.Payload.Refusals)
		n.MayLendOn = here && e.CopyID != "" && s.Desk != nil && e.PatronRef != "" && e.Payload.Reason == kiosk.ReasonOnLoanToOther
	}
	return json.Marshal(n)
}

// whoAndWhat puts in the people and the copy of an event.
func (s *Server) whoAndWhat(v kiosk.View, lang words.Lang, n *news, e kiosk.Event, on kiosk.Day) error {
	if e.PatronRef != "" {
		// A name that was forgotten since is simply not shown.
		if m, err := v.MemberByRef(e.PatronRef, on); err == nil {
			n.Patron, n.Class = m.Name, m.Class
		}
	}
	if e.CopyID != "" {
		if it, err := v.Item(e.CopyID); err == nil {
			n.Copy, n.Accession, n.Title = it.Barcode, it.Accession, it.Title.Name()
		}
	}
	if e.Payload.Set != "" {
		if x, err := v.Set(e.Payload.Set); err == nil {
			n.Copy, n.Title, n.Set = x.Barcode, x.Name, true
		}
		n.Text = setText(lang, e)
	}
	if e.StaffRef != "" {
		if a, err := v.Account(e.StaffRef); err == nil {
			n.By = a.Name
		}
	}
	if n.Kind == "alarm" {
		name := ""
		if a, err := v.Account(e.Payload.Account); err == nil {
			name = a.Name
		}
		n.Text = words.T(lang, "desk.live.guessed", "n", e.Payload.Times, "name", name)
	}
	if l := e.Payload.Changes.Loans; len(l) > 0 && (n.Kind == "checked_out" || n.Kind == "renewed") {
		n.Due = words.Day(lang, l[0].DueOn)
	}
	if e.Payload.Comment != "" && e.Payload.Comment != kiosk.MadeByMistake && n.Text == "" {
		n.Text = e.Payload.Comment
	}
	return nil
}

// withWhom says, of a copy that was refused because somebody else has it, who has
// it now and until when, and notes when who was refused has got it since.
func (s *Server) withWhom(v kiosk.View, lang words.Lang, n *news, e kiosk.Event) (string, error) {
	if e.CopyID == "" {
		return "", nil
	}
	l, err := v.OpenLoan(e.CopyID)
	if isNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if l.PatronRef == e.PatronRef {
		n.Settled = !l.CheckedOutAt.Before(e.OccurredAt)
		return "", nil
	}
	if e.Payload.Reason != kiosk.ReasonOnLoanToOther {
		return "", nil
	}
	today, err := s.today(v)
	if err != nil {
		return "", err
	}
	m, err := v.MemberByRef(l.PatronRef, today)
	if err != nil && !isNotFound(err) {
		return "", err
	}
	who := m.Name
	if m.Class != "" {
		who += ", " + words.T(lang, "desk.live.class", "class", m.Class)
	}
	if who == "" {
		return words.T(lang, "desk.live.out_until", "day", words.Day(lang, l.DueOn)), nil
	}
	return words.T(lang, "desk.live.with", "name", who, "day", words.Day(lang, l.DueOn)), nil
}

// refusalText is every reason of a refusal, the first as the child was told.
func refusalText(lang words.Lang, res kiosk.Result) string {
	c := words.ForResult(lang, res)
	all := []string{c.Head}
	if c.Text != "" {
		all = append(all, c.Text)
	}
	for _, r := range res.Refusals {
		if r.Reason != res.Reason {
			all = append(all, words.ForResult(lang, kiosk.Result{Kind: res.Kind, Outcome: kiosk.Refused, Reason: r.Reason, Refusals: []kiosk.Refusal{r}}).Head)
		}
	}
	return strings.Join(all, " ")
}

func askable(all []kiosk.Refusal) bool {
	for _, r := range all {
		if !r.Reason.Askable() {
			return false
		}
	}
	return len(all) > 0
}
