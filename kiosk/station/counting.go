package station

import (
	"context"
	"errors"

	"muontra/kiosk"
)

// Look makes the station read anew whether it counts the stock. It does not
// wait; a station that is too busy looks by itself a little later.
func (s *Station) Look() {
	select {
	case s.inbox <- input{fact: true, do: func(ctx context.Context, s *Station) (kiosk.Result, error) {
		if s.lookCounting(ctx) {
			s.show()
		}
		return kiosk.Result{}, nil
	}}:
	default:
	}
}

// lookCounting reads whether the station counts the stock; it reports a change.
// A station that begins to count lets nobody's session stand on its screen.
func (s *Station) lookCounting(ctx context.Context) bool {
	now, err := s.cfg.Desk.Counting(ctx, s.cfg.Name)
	if err != nil {
		s.log("read the stocktake", err)
		return false
	}
	was := s.counting
	if was == nil && now == nil || was != nil && now != nil && *was == *now {
		return false
	}
	s.counting = now
	if was == nil || now == nil || was.Stocktake != now.Stocktake {
		s.close()
		s.hour, s.screen.Result, s.counted = nil, nil, ""
	}
	return true
}

// count is one scan at a station that counts: nothing is lent or taken back.
func (s *Station) count(ctx context.Context, in Scan, c command) (kiosk.Result, error) {
	a := s.attempt(in, kiosk.KindUnknown, c)
	a.Staff = s.counting.By
	r, err := s.cfg.Desk.CountHere(ctx, a)
	switch {
	case errors.Is(err, kiosk.ErrUsedID):
		return kiosk.Result{}, err
	case errors.Is(err, kiosk.ErrNotCounting):
		s.lookCounting(ctx)
		return s.reject(ctx, in, c, nil, kiosk.ReasonNoStocktake)
	case err != nil:
		return s.failed(in.Code, kiosk.KindUnknown, err), nil
	}
	s.screen.Phase = Idle // also when it was offline: it took a write
	if n := r.Count; n != nil {
		now := *s.counting // a copy: what was shown is never changed again
		now.Place, now.Seen, now.Expected = n.PlaceName, n.Seen, n.Expected
		s.counting = &now
		if n.Copy != "" && n.Outcome != kiosk.CountAgain {
			s.counted = n.Copy
		}
	}
	s.put(r)
	return r, nil
}

// uncount takes the last copy that was counted here out of what was met.
func (s *Station) uncount(ctx context.Context, code string, c command) (kiosk.Result, error) {
	a := s.attempt(Scan{Code: code, At: s.cfg.Now()}, kiosk.KindCopy, c)
	if s.counted == "" {
		ans, err := s.cfg.Desk.Refuse(ctx, a, "", nil, kiosk.ReasonNothingToUndo)
		return s.took(ans, code, kiosk.KindCommand, err, act{})
	}
	a.Staff = s.counting.By
	r, err := s.cfg.Desk.UncountHere(ctx, a, s.counting.Stocktake, s.counted)
	switch {
	case errors.Is(err, kiosk.ErrUsedID):
		return kiosk.Result{}, err
	case errors.Is(err, kiosk.ErrNotNow), errors.Is(err, kiosk.ErrStockClosed):
		s.counted = ""
		ans, err := s.cfg.Desk.Refuse(ctx, a, "", nil, kiosk.ReasonNothingToUndo)
		return s.took(ans, code, kiosk.KindCommand, err, act{})
	case err != nil:
		return s.failed(code, kiosk.KindCommand, err), nil
	}
	s.counted = ""
	s.lookCounting(ctx)
	s.put(r)
	return r, nil
}

// countOnOff makes the station count the stock, at the word of the staff whose
// session it is, or lend again.
func (s *Station) countOnOff(ctx context.Context, code string, c command) (kiosk.Result, error) {
	a := s.attempt(Scan{Code: code, At: s.cfg.Now()}, kiosk.KindCommand, c)
	var ans kiosk.Answer
	var err error
	switch {
	case s.counting != nil:
		ans, err = s.cfg.Desk.StopCounting(ctx, a, s.cfg.Name)
	case s.session == nil:
		ans, err = s.cfg.Desk.Refuse(ctx, a, "", nil, kiosk.ReasonStaffOnly)
	default:
		ans, err = s.cfg.Desk.StartCountingByCard(ctx, a, s.patron())
	}
	if err == nil && !ans.Again {
		s.lookCounting(ctx)
	}
	return s.took(ans, code, kiosk.KindCommand, err, act{})
}
