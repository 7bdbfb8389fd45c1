package station

import (
	"context"
	"slices"

	"muontra/kiosk"
)

// command does what a button asks for.
func (s *Station) command(ctx context.Context, cmd kiosk.Command, copyCode string, c command) (kiosk.Result, error) {
	return s.commandAs(ctx, cmd, copyCode, "", c)
}

// commandAs does a command that came by a button (code "") or a barcode.
func (s *Station) commandAs(ctx context.Context, cmd kiosk.Command, copyCode, code string, c command) (kiosk.Result, error) {
	in := Scan{Code: code, At: s.cfg.Now()}
	a := s.attempt(in, kiosk.KindCommand, c)
	me := s.patron()
	switch cmd {
	case kiosk.Touch:
		s.keepOpen()
		return kiosk.Result{Seq: s.screen.Seq, Kind: kiosk.KindCommand, Outcome: kiosk.Shown}, nil
	case kiosk.Help:
		ans, err := s.cfg.Desk.CallHelp(ctx, a, me)
		return s.took(ans, code, kiosk.KindCommand, err, act{})
	case kiosk.Undo:
		if s.counting != nil && s.session == nil {
			return s.uncount(ctx, code, c)
		}
		return s.undo(ctx, code, c)
	case kiosk.CountOn:
		return s.countOnOff(ctx, code, c)
	}
	if s.session == nil && (s.fill == nil && s.paper == nil || cmd != kiosk.Finish) {
		ans, err := s.cfg.Desk.Refuse(ctx, a, "", nil, kiosk.ReasonNoSession)
		return s.took(ans, code, kiosk.KindCommand, err, act{})
	}
	switch cmd {
	case kiosk.Finish:
		return s.finish(ctx, code, kiosk.KindCommand, c)
	case kiosk.RenewAll:
		ans, err := s.cfg.Desk.RenewAll(ctx, a, me)
		return s.took(ans, code, kiosk.KindCommand, err, act{patron: me})
	case kiosk.Renew:
		return s.renew(ctx, copyCode, c)
	default: // kiosk.OnSite
		return s.readHere(ctx, code, c)
	}
}

// finish ends the session. Nothing about the patron is in the answer.
func (s *Station) finish(ctx context.Context, code string, kind kiosk.CodeKind, c command) (kiosk.Result, error) {
	a := s.attempt(Scan{Code: code, At: s.cfg.Now()}, kind, c)
	if s.paper != nil {
		return s.paperOver(ctx, a)
	}
	kept := s.fill.kept()
	s.close()
	return s.remember(ctx, a, kiosk.Result{Code: code, Kind: kind, Outcome: kiosk.SessionEnded, Notes: kept})
}

// undo takes back the last act of the session, once; without a session the
// last idle return, for as long as it stands on the screen.
func (s *Station) undo(ctx context.Context, code string, c command) (kiosk.Result, error) {
	a := s.attempt(Scan{Code: code, At: s.cfg.Now()}, kiosk.KindCommand, c)
	l := s.lastAct
	if s.fill != nil && l.seq > 0 && l.box == s.fill.deposit {
		return s.outOfBox(ctx, a, l.copy, c)
	}
	if l.seq > 0 && (s.session == nil) == l.idle && (!l.idle || s.cfg.Now().Before(l.until)) {
		ans, err := s.cfg.Desk.Undo(ctx, a, s.patron(), l.seq)
		return s.took(ans, code, kiosk.KindCommand, err, act{})
	}
	ans, err := s.cfg.Desk.Refuse(ctx, a, s.patron(), nil, kiosk.ReasonNothingToUndo)
	return s.took(ans, code, kiosk.KindCommand, err, act{})
}

// renew extends one loan: the named copy's, or the last copy of the session.
func (s *Station) renew(ctx context.Context, copyCode string, c command) (kiosk.Result, error) {
	a := s.attempt(Scan{Code: copyCode, At: s.cfg.Now()}, kiosk.KindCommand, c)
	me := s.patron()
	target := s.lastAct.copy
	if copyCode != "" {
		id, err := s.cfg.Desk.Identify(ctx, copyCode)
		if err != nil {
			return s.failed(copyCode, kiosk.KindCommand, err), nil
		}
		target = ""
		if id.Kind == kiosk.KindCopy && id.Out != nil && id.Out.PatronRef == me {
			target = id.Item.ID
		}
	}
	has := false
	if target != "" {
		var err error
		if has, err = s.cfg.Desk.Holds(ctx, me, target); err != nil {
			return s.failed(copyCode, kiosk.KindCommand, err), nil
		}
	}
	if has {
		ans, err := s.cfg.Desk.Renew(ctx, a, me, target)
		if err == nil && !ans.Again && ans.Result.Outcome == kiosk.Refused && ans.Result.Copy != nil {
			s.turn(a.Seq, ans.Result.Copy.Barcode, target)
		}
		return s.took(ans, copyCode, kiosk.KindCommand, err, act{copy: target, patron: me})
	}
	ans, err := s.cfg.Desk.Refuse(ctx, a, me, nil, kiosk.ReasonUnknownBarcode)
	return s.took(ans, copyCode, kiosk.KindCommand, err, act{})
}

// readHere makes the last checkout of the session a reading here, or the copy
// that may only be read here and was just refused; before a book, the next
// copy scanned.
func (s *Station) readHere(ctx context.Context, code string, c command) (kiosk.Result, error) {
	a := s.attempt(Scan{Code: code, At: s.cfg.Now()}, kiosk.KindCommand, c)
	me := s.patron()
	if s.pending.set != "" {
		ans, err := s.cfg.Desk.UseSetOnSite(ctx, a, me, s.pending.set)
		return s.took(ans, code, kiosk.KindCommand, err, act{patron: me})
	}
	target, loan := s.pending.item, kiosk.ID("")
	if target == "" && s.lastAct.loan != "" {
		target, loan = s.lastAct.copy, s.lastAct.loan
	}
	if target == "" {
		s.onSite = true
		return s.remember(ctx, a, kiosk.Result{
			Code: code, Kind: kiosk.KindCommand, Outcome: kiosk.Shown, Notes: []kiosk.Note{{Code: kiosk.NoteNextOnSite}},
		})
	}
	ans, err := s.cfg.Desk.UseOnSite(ctx, a, me, target, loan)
	return s.took(ans, code, kiosk.KindCommand, err, act{copy: target, patron: me})
}

// override does again, with a librarian's yes, what was refused. It is never
// done for another patron than who was refused: ErrOtherSession.
func (s *Station) override(ctx context.Context, in Override, c command) (kiosk.Result, error) {
	scan := Scan{Code: in.Copy, At: s.cfg.Now()}
	if s.session == nil && in.Copy == "" && s.pending.card != "" {
		if in.Refused != 0 && in.Refused != s.pending.seq {
			return kiosk.Result{}, ErrOtherSession
		}
		a := s.attempt(scan, kiosk.KindPatron, c)
		ans, err := s.cfg.Desk.Enter(ctx, a, s.pending.card)
		return s.took(ans, in.Copy, kiosk.KindPatron, err, act{})
	}
	if s.session == nil {
		return s.reject(ctx, scan, c, nil, kiosk.ReasonNoSession)
	}
	me := s.patron()
	theirs := slices.DeleteFunc(slices.Clone(s.turned), func(t turnedAway) bool {
		return t.patron != me || in.Refused != 0 && t.seq != in.Refused
	})
	if in.Refused != 0 && len(theirs) == 0 {
		return kiosk.Result{}, ErrOtherSession
	}
	code := in.Copy
	switch {
	case code != "":
	case in.Refused != 0:
		code = theirs[0].code
	default:
		code = s.pending.copy
	}
	id, err := s.cfg.Desk.Identify(ctx, code)
	if err != nil {
		return s.failed(code, kiosk.KindUnknown, err), nil
	}
	if id.Kind != kiosk.KindCopy {
		return s.reject(ctx, scan, c, nil, kiosk.ReasonUnknownBarcode)
	}
	what := id.Item.ID
	if id.Set != nil {
		what = id.Set.ID
	}
	// Who is named was looked up by the sender; otherwise the refusal tells.
	if in.For == "" && !slices.ContainsFunc(theirs, func(t turnedAway) bool { return t.what == what }) {
		return kiosk.Result{}, ErrOtherSession
	}
	a := s.attempt(Scan{Code: code, At: scan.At}, kiosk.KindCopy, c)
	if id.Set != nil {
		return s.lendSet(ctx, a, *id.Set, me)
	}
	if id.Out != nil && id.Out.PatronRef == me {
		ans, err := s.cfg.Desk.Renew(ctx, a, me, id.Item.ID)
		return s.took(ans, code, kiosk.KindCopy, err, act{copy: id.Item.ID, patron: me})
	}
	return s.lend(ctx, a, id.Item, me)
}
