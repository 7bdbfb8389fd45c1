package station

import (
	"context"
	"errors"
	"strings"

	"muontra/kiosk"
)

// scan is the table's rows by what the code is.
func (s *Station) scan(ctx context.Context, in Scan, c command) (kiosk.Result, error) {
	code, err := kiosk.NormalizeCode(in.Code)
	key := code
	if err != nil {
		key = kiosk.Escaped(in.Code)
	}
	if r, double := s.doubled(key, in); double {
		return s.ignore(ctx, in, c, r)
	}
	var r kiosk.Result
	if err != nil {
		r, err = s.reject(ctx, in, c, nil, kiosk.ReasonMalformed)
	} else if _, command := kiosk.CommandOf(code); s.counting != nil && s.session == nil && !command {
		r, err = s.count(ctx, in, c)
	} else {
		r, err = s.known(ctx, code, in, c)
	}
	if err != nil {
		return r, err
	}
	s.last = reading{key, in.At, r}
	s.hourPasses(true)
	return r, nil
}

// doubled answers a repeat of the station's previous code within the window,
// which slides with each reading. What was not taken because the store was
// busy or failed may be scanned again at once.
func (s *Station) doubled(code string, in Scan) (kiosk.Result, bool) {
	l := s.last
	if in.Again || l.code != code || l.at.IsZero() || in.At.Sub(l.at) >= DoubleScan {
		return kiosk.Result{}, false
	}
	if r := l.result.Reason; r == kiosk.ReasonBusy || r == kiosk.ReasonStorageFailure {
		return kiosk.Result{}, false
	}
	s.last.at = in.At
	s.keepOpen()
	return kiosk.Result{
		Seq: s.screen.Seq, Code: in.Code, Kind: l.result.Kind, Outcome: kiosk.Ignored,
		Repeats: l.result.Outcome, Copy: l.result.Copy,
	}, true
}

// ignore answers a double scan. One that carries an id may have been done before
// the station started anew, so the ledger is asked; and it keeps that the scan
// was ignored, lest it be done when it is sent again later.
func (s *Station) ignore(ctx context.Context, in Scan, c command, r kiosk.Result) (kiosk.Result, error) {
	if c.id == "" {
		return r, nil
	}
	ans, err := s.cfg.Desk.Remember(ctx, s.attempt(in, r.Kind, c), r)
	switch {
	case errors.Is(err, kiosk.ErrUsedID):
		return kiosk.Result{}, err
	case err != nil:
		return s.failed(in.Code, r.Kind, err), nil
	}
	return ans.Result, nil
}

// known finds out what the code is and does what the table says. A copy that
// changes hands between the look and the act is looked at again.
func (s *Station) known(ctx context.Context, code string, in Scan, c command) (kiosk.Result, error) {
	for try := 0; ; try++ {
		id, err := s.cfg.Desk.Identify(ctx, code)
		if err != nil {
			return s.failed(in.Code, kiosk.KindUnknown, err), nil
		}
		r, err := s.row(ctx, id, in, c)
		if errors.Is(err, kiosk.ErrMoved) && try < 3 {
			continue
		}
		return r, err
	}
}

func (s *Station) row(ctx context.Context, id kiosk.Identity, in Scan, c command) (kiosk.Result, error) {
	if s.paper != nil {
		if r, is, err := s.onPaper(ctx, id, in, c); is {
			return r, err
		}
	}
	switch id.Kind {
	case kiosk.KindCommand:
		return s.commandAs(ctx, id.Command, "", in.Code, c)
	case kiosk.KindPatron:
		return s.card(ctx, id, in, c)
	case kiosk.KindPlace:
		return s.box(ctx, id.Place, in, c)
	case kiosk.KindCopy:
		if s.fill != nil && !s.onSite {
			return s.copyIntoBox(ctx, id, in, c)
		}
		if id.Set != nil {
			return s.set(ctx, id, in, c)
		}
		if s.ofHour(id.Item) && !s.onSite {
			return s.copyInHour(ctx, id, in, c)
		}
		if s.session != nil {
			return s.copyInSession(ctx, id, in, c)
		}
		return s.copyAlone(ctx, id, in, c)
	case kiosk.KindISBN:
		r := kiosk.Result{
			Code: in.Code, Kind: kiosk.KindISBN, Outcome: kiosk.Shown,
			Copy: &kiosk.CopyView{Title: id.Title.Name(), CallNumber: id.Title.CallNumber},
		}
		return s.remember(ctx, s.attempt(in, kiosk.KindISBN, c), r)
	}
	if of := id.Interloan; of != nil {
		// It is in no register here, so that it cannot be lent: it is told whose it is.
		return s.remember(ctx, s.attempt(in, kiosk.KindUnknown, c), kiosk.Result{
			Code: in.Code, Kind: kiosk.KindUnknown, Outcome: kiosk.Shown, Copy: &kiosk.CopyView{Barcode: of.Book.Code, Title: of.Book.Title},
			Notes: []kiosk.Note{{Code: kiosk.NoteInterloan, Facts: kiosk.Facts{"lender": of.Lender, "due_on": of.Due}}},
		})
	}
	if monday, place, ok := kiosk.WeekOf(strings.ToUpper(strings.TrimSpace(in.Code))); ok {
		return s.week(ctx, monday, place, in, c)
	}
	return s.reject(ctx, in, c, nil, kiosk.ReasonUnknownBarcode)
}

// card: the patron's own card ends the session; another opens the next.
func (s *Station) card(ctx context.Context, id kiosk.Identity, in Scan, c command) (kiosk.Result, error) {
	if s.session != nil && s.session.Member.Ref == id.Member.Ref {
		return s.finish(ctx, in.Code, kiosk.KindPatron, c)
	}
	a := s.attempt(in, kiosk.KindPatron, c)
	ans, err := s.cfg.Desk.Enter(ctx, a, id.Member.Card.Barcode)
	if err == nil && !ans.Again {
		s.close() // also before a card that is refused: the one before must not be shown beside it
		s.pending = refused{seq: a.Seq, card: id.Member.Card.Barcode}
	}
	return s.took(ans, in.Code, kiosk.KindPatron, err, act{})
}

// copyInSession: on the shelf it is lent, the patron's own is returned,
// another's is refused.
func (s *Station) copyInSession(ctx context.Context, id kiosk.Identity, in Scan, c command) (kiosk.Result, error) {
	a := s.attempt(in, kiosk.KindCopy, c)
	me := s.session.Member.Ref
	if s.onSite {
		ans, err := s.cfg.Desk.UseOnSite(ctx, a, me, id.Item.ID, "")
		if err == nil && !ans.Again {
			s.onSite = false
		}
		return s.took(ans, in.Code, kiosk.KindCopy, err, act{copy: id.Item.ID, patron: me})
	}
	if id.Out != nil && id.Out.PatronRef == me {
		ans, err := s.cfg.Desk.Return(ctx, a, me, id.Item.ID)
		return s.took(ans, in.Code, kiosk.KindCopy, err, act{copy: id.Item.ID, patron: me})
	}
	return s.lend(ctx, a, id.Item, me)
}

func (s *Station) lend(ctx context.Context, a kiosk.Attempt, item kiosk.Item, me kiosk.ID) (kiosk.Result, error) {
	ans, err := s.cfg.Desk.Checkout(ctx, a, me, item.ID)
	this := act{copy: item.ID, patron: me}
	if l := ans.Result.Loan; err == nil && l != nil {
		this.loan = l.ID
	}
	if err == nil && !ans.Again && ans.Result.Outcome == kiosk.Refused {
		s.turn(a.Seq, item.Barcode, item.ID)
		if ans.Result.Reason == kiosk.ReasonOnSiteOnly {
			s.pending.item = item.ID
		}
	}
	return s.took(ans, a.Code, kiosk.KindCopy, err, this)
}

// copyAlone: on loan it is returned, whoever had it; otherwise a card is asked
// for, or the reason given why no card would help.
func (s *Station) copyAlone(ctx context.Context, id kiosk.Identity, in Scan, c command) (kiosk.Result, error) {
	if id.Out != nil {
		ans, err := s.cfg.Desk.Return(ctx, s.attempt(in, kiosk.KindCopy, c), "", id.Item.ID)
		return s.took(ans, in.Code, kiosk.KindCopy, err, act{copy: id.Item.ID, idle: true})
	}
	why := kiosk.ReasonNoSession
	switch id.Item.State.Status {
	case kiosk.CopyWithdrawn:
		why = kiosk.ReasonWithdrawn
	case kiosk.CopyLost:
		why = kiosk.ReasonLost
	case kiosk.CopyInProcessing, kiosk.CopyInRepair:
		why = kiosk.ReasonNotProcessed
	}
	return s.reject(ctx, in, c, &id.Item, why)
}

// reject turns a scan away before any act.
func (s *Station) reject(ctx context.Context, in Scan, c command, item *kiosk.Item, why kiosk.Reason) (kiosk.Result, error) {
	kind := kiosk.KindUnknown
	if item != nil {
		kind = kiosk.KindCopy
	}
	ans, err := s.cfg.Desk.Refuse(ctx, s.attempt(in, kind, c), s.patron(), item, why)
	return s.took(ans, in.Code, kind, err, act{})
}

// attempt is the act's sender as circulation wants it.
func (s *Station) attempt(in Scan, kind kiosk.CodeKind, c command) kiosk.Attempt {
	return kiosk.Attempt{
		Station: s.cfg.Name, Code: in.Code, Kind: kind, Seq: s.screen.Seq + 1, At: in.At,
		CommandID: c.id, Body: c.body, Staff: c.staff, Comment: c.comment,
	}
}

// patron is the session's patron reference, "" when idle.
func (s *Station) patron() kiosk.ID {
	if s.session == nil {
		return ""
	}
	return s.session.Member.Ref
}

// took puts an act's answer on the screen.
func (s *Station) took(ans kiosk.Answer, code string, kind kiosk.CodeKind, err error, this act) (kiosk.Result, error) {
	switch {
	case errors.Is(err, kiosk.ErrMoved), errors.Is(err, kiosk.ErrUsedID):
		return kiosk.Result{}, err
	case err != nil:
		return s.failed(code, kind, err), nil
	case ans.Again:
		return ans.Result, nil
	}
	r := ans.Result
	if ans.Session != nil {
		s.session = ans.Session
	}
	s.screen.Phase = Idle // also when it was offline: it took a write
	if s.session != nil {
		s.screen.Phase = Session
	}
	switch r.Outcome {
	case kiosk.CheckedOut, kiosk.Returned, kiosk.Renewed, kiosk.UsedOnSite:
		this.seq = r.EventSeq
		this.until = s.cfg.Now().Add(Clear)
		s.lastAct = this
		s.pending = refused{}
	case kiosk.Undone, kiosk.SessionOpened:
		s.lastAct = act{}
		s.pending = refused{}
	}
	s.put(r)
	return r, nil
}

// put shows a result and starts the screen's time anew.
func (s *Station) put(r kiosk.Result) {
	switch {
	case r.Kind == kiosk.KindPatron:
		r.Code = "" // a card's number is the patron's own
	case r.Reason == kiosk.ReasonMalformed:
		r.Code = kiosk.Escaped(r.Code) // it may be of any length
	}
	s.screen.Result = &r
	s.restart()
	s.show()
}

func (s *Station) restart() {
	idle := s.cfg.Idle
	if s.fill != nil || s.paper != nil {
		idle = FillIdle
	}
	s.endsAt = s.cfg.Now().Add(idle)
}

// keepOpen gives an open session its full time again, without a new result.
func (s *Station) keepOpen() {
	if s.session != nil || s.fill != nil || s.paper != nil {
		s.restart()
		s.show()
	}
}

// failed answers what could not be done because of the store: nothing was
// written, and the screen says so.
func (s *Station) failed(code string, kind kiosk.CodeKind, err error) kiosk.Result {
	why := kiosk.ReasonStorageFailure
	if errors.Is(err, kiosk.ErrBusy) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		why = kiosk.ReasonBusy
	} else {
		s.screen.Phase = Offline
		s.tried = s.cfg.Now()
	}
	s.log("a scan could not be done", err)
	r := s.no(why)
	r.Code, r.Kind = code, kind
	s.put(r)
	return r
}

// turnAway tells that something waited too long and was not done.
func (s *Station) turnAway(why kiosk.Reason) kiosk.Result {
	r := s.no(why)
	s.put(r)
	return r
}

func (s *Station) no(why kiosk.Reason) kiosk.Result {
	return kiosk.Result{
		Seq: s.screen.Seq + 1, Kind: kiosk.KindUnknown, Outcome: kiosk.Refused, Reason: why,
		Refusals: []kiosk.Refusal{{Reason: why}},
	}
}

// remember answers without an act; a command id is kept for a day all the same.
func (s *Station) remember(ctx context.Context, a kiosk.Attempt, r kiosk.Result) (kiosk.Result, error) {
	r.Seq = a.Seq
	if s.session != nil {
		r.Patron = s.session.Member.View()
	}
	if a.CommandID != "" {
		ans, err := s.cfg.Desk.Remember(ctx, a, r)
		switch {
		case errors.Is(err, kiosk.ErrUsedID):
			return kiosk.Result{}, err
		case err != nil:
			return s.failed(a.Code, a.Kind, err), nil
		case ans.Again:
			return ans.Result, nil
		}
	}
	s.put(r)
	return r, nil
}
