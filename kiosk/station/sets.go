package station

import (
	"context"

	"muontra/kiosk"
)

// set is the table's rows for a set's barcode: of which some is with the
// patron, or without a session with anybody, it is returned; else it is lent.
func (s *Station) set(ctx context.Context, id kiosk.Identity, in Scan, c command) (kiosk.Result, error) {
	a := s.attempt(in, kiosk.KindCopy, c)
	me := s.patron()
	switch {
	case s.session == nil && len(id.SetOut) == 0:
		ans, err := s.cfg.Desk.RefuseSet(ctx, a, *id.Set, kiosk.ReasonNoSession)
		return s.took(ans, in.Code, kiosk.KindCopy, err, act{})
	case s.session == nil:
		ans, err := s.cfg.Desk.ReturnSet(ctx, a, "", id.Set.ID)
		return s.took(ans, in.Code, kiosk.KindCopy, err, act{idle: true})
	case s.onSite:
		ans, err := s.cfg.Desk.UseSetOnSite(ctx, a, me, id.Set.ID)
		if err == nil && !ans.Again {
			s.onSite = false
		}
		return s.took(ans, in.Code, kiosk.KindCopy, err, act{patron: me})
	case len(kiosk.SetLoans(id.SetOut, me)) > 0:
		ans, err := s.cfg.Desk.ReturnSet(ctx, a, me, id.Set.ID)
		return s.took(ans, in.Code, kiosk.KindCopy, err, act{patron: me})
	}
	return s.lendSet(ctx, a, *id.Set, me)
}

func (s *Station) lendSet(ctx context.Context, a kiosk.Attempt, set kiosk.BookSet, me kiosk.ID) (kiosk.Result, error) {
	ans, err := s.cfg.Desk.CheckoutSet(ctx, a, me, set.ID)
	if err == nil && !ans.Again && ans.Result.Outcome == kiosk.Refused {
		s.turn(a.Seq, set.Barcode, set.ID)
		if ans.Result.Reason == kiosk.ReasonOnSiteOnly {
			s.pending.set = set.ID
		}
	}
	return s.took(ans, a.Code, kiosk.KindCopy, err, act{patron: me})
}
