package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"muontra/kiosk"
	"muontra/web/words"
)

// CornerActs are the acts that a phone sends from a corner.
type CornerActs interface {
	LendInCorner(ctx context.Context, a kiosk.Attempt, from kiosk.CornerSource, corner, patron, copyID kiosk.ID) (kiosk.CornerDone, error)
	ReturnInCorner(ctx context.Context, a kiosk.Attempt, from kiosk.CornerSource, corner, copyID kiosk.ID) (kiosk.CornerDone, error)
	ReadInCorner(ctx context.Context, a kiosk.Attempt, from kiosk.CornerSource, corner, patron kiosk.ID, r kiosk.Reading) (kiosk.CornerDone, error)
	RemoveReading(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.CornerDone, error)
	Undo(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, seq int64) (kiosk.Answer, error)
	Refuse(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, item *kiosk.Item, reasons ...kiosk.Reason) (kiosk.Answer, error)
}

// cornerStation is where acts of a corner are said to have been done.
const cornerStation = "corner"

const (
	mostActs    = 100
	mostLeft    = 100_000
	maxActsBody = 256 << 10
)

// phoneAct is one act as a phone sends it: version 1.
type phoneAct struct {
	V       int          `json:"v"`
	ID      string       `json:"id"` // made on the phone, once for ever
	Kind    string       `json:"kind"`
	Place   kiosk.ID     `json:"place"`
	Pupil   kiosk.ID     `json:"pupil"`
	Copy    kiosk.ID     `json:"copy"`
	Code    string       `json:"code"`  // in place of a copy that the phone does not know
	Count   int          `json:"count"` // of readings
	Of      string       `json:"of"`    // the act that is taken back
	Force   bool         `json:"force"` // lend though a rule is against it
	Week    string       `json:"week"`  // the Monday of the paper that it is copied from, "" for what happens now
	At      float64      `json:"at"`    // ms of the phone's clock
	Contact *phoneClocks `json:"contact"`
}

// phoneClocks are both clocks when phone and server last met before the act.
type phoneClocks struct {
	Server float64 `json:"server"`
	Phone  float64 `json:"phone"`
}

// The kinds of acts.
const (
	phoneLend   = "lend"
	phoneReturn = "return"
	phoneRead   = "read"
	phoneUndo   = "undo"
)

// body is what the id stands for.
func (a phoneAct) body() string {
	body := fmt.Sprintf("%s %s %s %s %q %d %s", a.Kind, a.Place, a.Pupil, a.Copy, a.Code, a.Count, a.Of)
	if a.Week != "" {
		body += " of " + a.Week
	}
	return body
}

func (a phoneAct) wellFormed() bool {
	switch a.Kind {
	case phoneLend:
		if a.Pupil == "" || a.Copy == "" && a.Code == "" {
			return false
		}
	case phoneReturn:
		if a.Copy == "" && a.Code == "" {
			return false
		}
	case phoneRead:
		if a.Count < 1 || a.Count > kiosk.MaxReadings {
			return false
		}
	case phoneUndo:
		if a.Of == "" {
			return false
		}
	default:
		return false
	}
	if monday, err := kiosk.ParseDay(a.Week); a.Week != "" && (err != nil || monday != mondayOf(monday)) {
		return false
	}
	return a.V == 1 && a.At > 0 && short(string(a.Place), 64) && short(string(a.Pupil), 64) && short(string(a.Copy), 64) && len(a.Code) <= 256 && short(a.Of, 64)
}

// What a phone is to do with an act that was answered.
const (
	actDone  = "done"
	actTold  = "told"  // done or refused, and a person has to know
	actStuck = "stuck" // not understood: it stays on the phone until a person has seen to it
	actWaits = "waits" // somebody else has to send it
)

// actAnswer is what became of one act.
type actAnswer struct {
	ID          string           `json:"id"`
	State       string           `json:"state"`
	Outcome     kiosk.Outcome    `json:"outcome,omitempty"`
	Rule        kiosk.CornerRule `json:"rule,omitempty"`
	Reason      kiosk.Reason     `json:"reason,omitempty"`
	Message     string           `json:"message,omitempty"`
	Due         string           `json:"due,omitempty"`
	Seq         int64            `json:"seq,omitempty"` // of the event that it left
	MayOverride bool             `json:"may_override,omitempty"`
}

// cornerActs does what a phone sends, one act after the other in its order. An
// act that cannot be done is answered and holds up no other; when the ledger is
// busy the rest is answered later.
func (s *Server) cornerActs(w http.ResponseWriter, r *http.Request) error {
	if s.CornerActs == nil {
		return errNotFound
	}
	var body struct {
		SentAt float64           `json:"sent_at"` // ms of the phone's clock
		Acts   []json.RawMessage `json:"acts"`
		Left   int               `json:"left"` // acts that it holds beside these
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxActsBody)
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		if p, known := asProblem(err); known {
			return p
		}
		return errBadBody
	}
	if body.SentAt <= 0 || len(body.Acts) == 0 || len(body.Acts) > mostActs || body.Left < 0 || body.Left > mostLeft {
		return errBadBody
	}
	p := phonePost{s: s, r: r, me: callerOf(r).account, lang: s.lang(r), sent: millis(body.SentAt), now: s.Now().UTC(), last: map[kiosk.ID]time.Time{}}
	answers := []actAnswer{}
	for _, raw := range body.Acts {
		var named struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(raw, &named) != nil || named.ID == "" || !short(named.ID, 64) {
			return errBadBody
		}
		var act phoneAct
		if json.Unmarshal(raw, &act) != nil || !act.wellFormed() {
			answers = append(answers, actAnswer{ID: named.ID, State: actStuck, Message: p.say("unreadable")})
			continue
		}
		answer, err := p.do(act)
		if err != nil {
			if len(answers) == 0 {
				return err
			}
			s.log.Warn("acts of a phone were not all taken", "taken", len(answers), "of", len(body.Acts), "error", err)
			break
		}
		answers = append(answers, answer)
	}
	held := body.Left + len(body.Acts) - len(answers)
	for _, a := range answers {
		if a.State == actWaits || a.State == actStuck {
			held++
		}
	}
	s.holdsUnsent(r, held)
	writeJSON(w, http.StatusOK, map[string]any{"now": s.Now().UnixMilli(), "answers": answers})
	return nil
}

// holdsUnsent writes down how many acts the phone still holds. An answer does not
// wait for it, nor fail with it: the next sending says it again.
func (s *Server) holdsUnsent(r *http.Request, n int) {
	c := callerOf(r)
	if !c.phone {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	err := s.Ledger.View(ctx, func(v kiosk.View) error {
		b, err := browserThat(v, func(b kiosk.Browser) bool { return b.ID == c.browser })
		if err == nil && b.Unsent == n {
			err = kiosk.ErrNotFound // it is known
		}
		return err
	})
	if err == nil {
		err = s.Ledger.Update(ctx, func(tx kiosk.Tx) error {
			b, err := browserThat(tx, func(b kiosk.Browser) bool { return b.ID == c.browser })
			if err != nil || b.ID == "" {
				return err
			}
			b.Unsent, b.Contact = n, s.Now().UTC()
			return tx.PutBrowser(b)
		})
	}
	if err != nil && !isNotFound(err) {
		s.log.Debug("note what a phone still holds", "error", err)
	}
}

func millis(ms float64) time.Time { return time.UnixMilli(int64(ms)).UTC() }

// phonePost is one sending of a phone.
type phonePost struct {
	s         *Server
	r         *http.Request
	me        *signedIn
	lang      words.Lang
	sent, now time.Time
	last      map[kiosk.ID]time.Time // when the act before was done, by corner
}

func (p *phonePost) say(key string, pairs ...any) string {
	return words.T(p.lang, "phone.told."+key, pairs...)
}

// at is when an act was done: never before the one that the phone did before it.
func (p *phonePost) at(a phoneAct) time.Time {
	c := kiosk.PhoneClock{At: millis(a.At), Sent: p.sent, Server: p.now}
	if a.Contact != nil && a.Contact.Server > 0 && a.Contact.Phone > 0 {
		c.MetServer, c.MetPhone = millis(a.Contact.Server), millis(a.Contact.Phone)
	}
	t, _ := c.Time()
	if last := p.last[a.Place]; t.Before(last) {
		t = last
	}
	p.last[a.Place] = t
	return t
}

// do does one act. An error is a fault or a busy ledger: the act is not
// answered and comes again.
func (p *phonePost) do(a phoneAct) (actAnswer, error) {
	answer := actAnswer{ID: a.ID, State: actDone}
	var corner kiosk.Corner
	var ref kiosk.ID
	var item kiosk.Item
	var trouble kiosk.Reason
	err := p.s.Ledger.View(p.r.Context(), func(v kiosk.View) (err error) {
		corner, err = v.Corner(a.Place)
		if errors.Is(err, kiosk.ErrNotFound) || err == nil && !keeps(p.me, corner) {
			answer.State, answer.Message = actWaits, p.say("not_yours")
			return nil
		}
		if err != nil || a.Kind == phoneRead || a.Kind == phoneUndo {
			return err
		}
		if a.Kind == phoneLend {
			if ref, trouble, err = p.pupilOf(v, corner, a.Pupil); err != nil {
				return err
			}
		}
		item, err = itemOf(v, a)
		if errors.Is(err, kiosk.ErrNotFound) {
			trouble = kiosk.ReasonUnknownBarcode
			return nil
		}
		return err
	})
	if err != nil || answer.State == actWaits {
		return answer, err
	}
	at := kiosk.Attempt{Station: cornerStation, Staff: p.me.id, CommandID: a.ID, Body: a.body(), At: p.at(a), Code: a.Code}
	from := kiosk.FromPhone
	if a.Week != "" {
		from = kiosk.FromSheet
		if at.At, err = p.onPaper(a, at.At); err != nil {
			return answer, err
		}
		if at.At.IsZero() {
			answer.State, answer.Message = actStuck, p.say("no_week")
			return answer, nil
		}
	}
	if a.Force {
		at.Comment = p.say("forced")
		at.Body += " force"
	}
	if trouble != "" {
		return p.refuse(answer, at, ref, item, trouble)
	}
	ctx, acts := p.r.Context(), p.s.CornerActs
	var done kiosk.CornerDone
	switch a.Kind {
	case phoneLend:
		done, err = acts.LendInCorner(ctx, at, from, a.Place, ref, item.ID)
	case phoneReturn:
		done, err = acts.ReturnInCorner(ctx, at, from, a.Place, item.ID)
	case phoneRead:
		done, err = acts.ReadInCorner(ctx, at, from, a.Place, "", kiosk.Reading{Count: a.Count})
	case phoneUndo:
		return p.undo(answer, at, a)
	}
	var field *kiosk.FieldError
	switch {
	case errors.Is(err, kiosk.ErrUsedID):
		answer.State, answer.Message = actStuck, p.say("used_id")
		return answer, nil
	case errors.As(err, &field):
		answer.State, answer.Message = actStuck, p.say("unreadable")
		return answer, nil
	case err != nil:
		return answer, err
	}
	return p.told(answer, a.Kind, done, item), nil
}

// onPaper is when something was written that a phone copies from the paper of a
// week: in that week, in the order in which it is copied; zero for a week that is
// to come or too long ago.
func (p *phonePost) onPaper(a phoneAct, copied time.Time) (time.Time, error) {
	monday, err := kiosk.ParseDay(a.Week)
	if err != nil {
		return time.Time{}, err
	}
	var at time.Time
	err = p.s.Ledger.View(p.r.Context(), func(v kiosk.View) error {
		loc, err := kiosk.LocationOf(v)
		if err != nil {
			return err
		}
		today, err := p.s.today(v)
		if err != nil || monday.After(today) || today.Sub(monday) > 7*sheetBack {
			return err
		}
		day := monday
		if a.Kind == phoneRead { // a count is the week's, so it stands at its end
			if day = monday.Add(4); day.After(today) {
				day = today
			}
		}
		// The hours of the copying within an afternoon of that day.
		h, m, s := copied.In(loc).Clock()
		at = p.s.paperTime(day, loc, (h*3600+m*60+s)/4)
		return nil
	})
	return at, err
}

// pupilOf is the pupil of an act with the reference of now: one who is or was in
// the corner's class this year. Whom nobody knows any more, or who is another
// class's, is a refusal.
func (p *phonePost) pupilOf(v kiosk.View, c kiosk.Corner, id kiosk.ID) (ref kiosk.ID, trouble kiosk.Reason, err error) {
	m, err := v.Patron(id)
	if errors.Is(err, kiosk.ErrNotFound) {
		return "", kiosk.ReasonCardExpired, nil
	}
	if err != nil || c.Class == "" || p.me.role == kiosk.Librarian {
		return m.Ref, "", err
	}
	placed, err := v.EnrolmentsOf(m.ID)
	if err != nil {
		return "", "", err
	}
	for _, e := range placed {
		if e.ClassID == c.Class {
			return m.Ref, "", nil
		}
	}
	return "", kiosk.ReasonNotForLoan, nil
}

// itemOf is the copy of an act.
func itemOf(v kiosk.View, a phoneAct) (kiosk.Item, error) {
	if a.Copy != "" {
		return v.Item(a.Copy)
	}
	code, err := kiosk.NormalizeCode(a.Code)
	if err != nil {
		return kiosk.Item{}, kiosk.ErrNotFound
	}
	return itemOfCode(v, code)
}

// refuse keeps an act that cannot be done as a refusal, which the desk sees.
func (p *phonePost) refuse(answer actAnswer, at kiosk.Attempt, ref kiosk.ID, item kiosk.Item, why kiosk.Reason) (actAnswer, error) {
	var of *kiosk.Item
	if item.ID != "" {
		of = &item
	}
	_, err := p.s.CornerActs.Refuse(p.r.Context(), at, ref, of, why)
	if errors.Is(err, kiosk.ErrUsedID) {
		answer.State, answer.Message = actStuck, p.say("used_id")
		return answer, nil
	}
	answer.State, answer.Outcome, answer.Reason = actTold, kiosk.Refused, why
	answer.Message = p.reason(kiosk.Refusal{Reason: why}, item.Title.Name(), at.Code)
	return answer, err
}

// undo takes back what an earlier act of the same corner did.
func (p *phonePost) undo(answer actAnswer, at kiosk.Attempt, a phoneAct) (actAnswer, error) {
	var was kiosk.CornerAct
	var e kiosk.Event
	err := p.s.Ledger.View(p.r.Context(), func(v kiosk.View) (err error) {
		if was, err = v.CornerAct(a.Of); err != nil || was.Done.Event == 0 {
			return err
		}
		e, err = v.Event(was.Done.Event)
		return err
	})
	if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
		return answer, err
	}
	// An act that was never done, or done elsewhere, leaves nothing to take back.
	if err != nil || e.Payload.Corner == nil || e.Payload.Corner.Place != a.Place {
		answer.Message = p.say("nothing_to_undo")
		return answer, nil
	}
	answer.Outcome = kiosk.Undone
	if e.Type == kiosk.EventRead {
		_, err = p.s.CornerActs.RemoveReading(p.r.Context(), at, was.Done.Loan)
		answer.Message = p.say("undone")
		return answer, err
	}
	at.At = time.Time{}
	done, err := p.s.CornerActs.Undo(p.r.Context(), at, "", e.Seq)
	if err != nil {
		return answer, err
	}
	answer.Outcome, answer.Message, answer.Seq = done.Result.Outcome, p.say("undone"), done.Result.EventSeq
	if done.Result.Outcome == kiosk.Refused {
		// Sent again after days it is refused because it was done.
		again, err := p.reversed(e)
		if err != nil {
			return answer, err
		}
		if answer.Outcome = kiosk.Undone; !again {
			answer.State, answer.Outcome, answer.Message = actTold, kiosk.Refused, p.say("not_undone")
		}
	}
	return answer, nil
}

// reversed reports whether an event's loan is no loan any more.
func (p *phonePost) reversed(e kiosk.Event) (is bool, err error) {
	err = p.s.Ledger.View(p.r.Context(), func(v kiosk.View) error {
		for _, l := range e.Payload.Changes.Loans {
			now, err := v.Loan(l.ID)
			if err != nil {
				return err
			}
			is = is || now.End == kiosk.LoanUndone || !l.Open() && now.Open()
		}
		return nil
	})
	return is, err
}

// quiet are the rules about which nobody has to be told.
var quiet = map[kiosk.CornerRule]bool{"": true, kiosk.RuleAlready: true}

// told says in words what became of an act.
func (p *phonePost) told(answer actAnswer, kind string, d kiosk.CornerDone, item kiosk.Item) actAnswer {
	answer.Outcome, answer.Rule, answer.Reason, answer.Seq = d.Outcome, d.Rule, d.Reason, d.Event
	if !d.DueOn.IsZero() {
		answer.Due = d.DueOn.String()
	}
	if !quiet[d.Rule] {
		answer.State = actTold
	}
	title := item.Title.Name()
	if d.Outcome == kiosk.Refused {
		for _, r := range d.Refusals {
			answer.MayOverride = kind == phoneLend && r.Reason.Askable() && (answer.MayOverride || r.Reason == d.Reason)
		}
		if len(d.Refusals) > 0 {
			answer.Message = p.reason(d.Refusals[0], title, "")
		}
		return answer
	}
	switch key := kind + "." + string(d.Rule); {
	case kind == phoneLend && d.Rule == "" && len(d.Refusals) > 0:
		answer.Message = p.say("lend.late", "title", title, "due", words.Date(d.DueOn))
	case words.Has(p.lang, "phone.told."+key):
		place := ""
		for _, n := range d.Notes {
			if n.Code == kiosk.NoteElsewhere {
				place = fmt.Sprint(n.Facts["place"])
			}
		}
		answer.Message = p.say(key, "title", title, "due", words.Date(d.DueOn), "place", place)
	}
	return answer
}

func (p *phonePost) reason(r kiosk.Refusal, title, code string) string {
	facts := kiosk.Facts{"title": title, "code": code}
	for k, v := range r.Facts {
		if k != "title" {
			facts[k] = v
		}
	}
	key := "phone.told.no." + string(r.Reason)
	if !words.Has(p.lang, key) {
		key = "phone.told.no.other"
	}
	return words.Fact(p.lang, key, facts)
}
