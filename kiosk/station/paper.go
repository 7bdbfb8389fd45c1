package station

import (
	"context"
	"strings"

	"muontra/kiosk"
)

// paper is a corner's paper that is being copied at the station: somebody who
// may has scanned the code of a week, and children's cards and books are lines of
// it until the code is scanned again or nothing is scanned for FillIdle.
type paper struct {
	kiosk.PaperSheet
	child   *kiosk.Member // whose line it is; nil before the first card
	command string        // that began it: sent again it begins nothing
}

// week is the row of a week's code. The same code ends what it began; another is
// the next week, by the same hand.
func (s *Station) week(ctx context.Context, monday kiosk.Day, place string, in Scan, c command) (kiosk.Result, error) {
	a := s.attempt(in, kiosk.KindUnknown, c)
	if s.counting != nil { // books that are scanned are counted here
		return s.remember(ctx, a, kiosk.Result{Code: in.Code, Kind: kiosk.KindUnknown, Outcome: kiosk.Shown, Notes: []kiosk.Note{{Code: kiosk.NoteCornerPaper}}})
	}
	a.Staff = s.signedIn(c)
	p := s.paper
	if p != nil && (c.id == "" || p.command != c.id) {
		if p.Monday == monday && strings.EqualFold(p.Place.Code, place) {
			return s.paperOver(ctx, a)
		}
		a.Staff = p.Staff
	}
	ans, err := s.cfg.Desk.ReadWeek(ctx, a, s.patron(), monday, place)
	if err == nil && !ans.Again && ans.Paper != nil {
		s.close()
		s.hour = nil
		s.paper = &paper{PaperSheet: *ans.Paper, command: c.id}
	}
	return s.took(ans, in.Code, kiosk.KindUnknown, err, act{})
}

func (s *Station) paperOver(ctx context.Context, a kiosk.Attempt) (kiosk.Result, error) {
	note := kiosk.Note{Code: kiosk.NotePaperOver, Facts: kiosk.Facts{"place": s.paper.Place.Name}}
	s.close()
	return s.remember(ctx, a, kiosk.Result{Code: a.Code, Kind: a.Kind, Outcome: kiosk.Shown, Notes: []kiosk.Note{note}})
}

// onPaper is the table while a paper is copied; false for what ends it: the card
// of somebody grown up, a box.
func (s *Station) onPaper(ctx context.Context, id kiosk.Identity, in Scan, c command) (kiosk.Result, bool, error) {
	p := s.paper
	facts := kiosk.Facts{"place": p.Place.Name, "week": p.Monday}
	switch {
	case id.Kind == kiosk.KindPatron && id.Member.Category == kiosk.Pupil:
		m := id.Member
		p.child = &m
		r, err := s.remember(ctx, s.attempt(in, kiosk.KindPatron, c), kiosk.Result{
			Code: in.Code, Kind: kiosk.KindPatron, Outcome: kiosk.Shown, Patron: m.View(), Notes: []kiosk.Note{{Code: kiosk.NotePaperChild, Facts: facts}},
		})
		return r, true, err
	case id.Kind == kiosk.KindCopy && id.Set != nil:
		r, err := s.remember(ctx, s.attempt(in, kiosk.KindCopy, c), kiosk.Result{
			Code: in.Code, Kind: kiosk.KindCopy, Outcome: kiosk.Shown, Notes: []kiosk.Note{{Code: kiosk.NotePaperOneByOne, Facts: facts}},
		})
		return r, true, err
	case id.Kind == kiosk.KindCopy:
		child := kiosk.ID("")
		if p.child != nil {
			child = p.child.Ref
		}
		back := child == "" || id.Out != nil && id.Out.PatronRef == child
		ans, err := s.cfg.Desk.CopyPaper(ctx, s.attempt(in, kiosk.KindCopy, c), p.PaperSheet, child, id.Item.ID, back)
		r, err := s.took(ans, in.Code, kiosk.KindCopy, err, act{copy: id.Item.ID, idle: true})
		return r, true, err
	case id.Kind == kiosk.KindPatron, id.Kind == kiosk.KindPlace:
		s.close()
	}
	return kiosk.Result{}, false, nil
}
