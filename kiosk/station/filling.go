package station

import (
	"context"
	"errors"
	"time"

	"muontra/kiosk"
)

// FillIdle is how long a box that is being filled stays open on the screen
// without a scan or touch: books are fetched between two scans. The box itself
// stays open in the ledger, and is gone on with at any station or at the desk.
const FillIdle = 5 * time.Minute

// filling is a corner's box that is being filled at the station: by the patron
// of the session, or by the librarian who is signed in at its page.
type filling struct {
	place    kiosk.Place
	deposit  kiosk.ID
	count    int
	signedIn kiosk.ID
	command  string // that began it: sent again it begins nothing
}

// shown is the filling on the screen.
func (f *filling) shown() *Box {
	if f == nil {
		return nil
	}
	return &Box{Place: f.place.Name, Count: f.count}
}

// kept says, when somebody stops in the middle, that the box stays open.
func (f *filling) kept() []kiosk.Note {
	if f == nil {
		return nil
	}
	return []kiosk.Note{{Code: kiosk.NoteBoxKept, Facts: kiosk.Facts{"place": f.place.Name, "count": f.count}}}
}

// box is the row of a corner's box. Its second scan ends what the first began.
// In somebody's session, and for the librarian at the page, it is the hand-over's
// next step where there is one and the person may; else a corner's hour begins.
// In the session of somebody who may not, it says whose box it is, and the
// session goes on.
func (s *Station) box(ctx context.Context, p kiosk.Place, in Scan, c command) (kiosk.Result, error) {
	a := s.attempt(in, kiosk.KindPlace, c)
	me := s.patron()
	switch {
	case s.fill != nil && s.fill.place.ID == p.ID && (c.id == "" || s.fill.command != c.id):
		return s.handOver(ctx, a, c)
	case s.hour != nil && s.hour.place.ID == p.ID, me == "" && s.signedIn(c) == "":
		return s.hourBegins(ctx, p, in, c)
	}
	a.Staff = s.signedIn(c)
	ans, err := s.cfg.Desk.ScanBox(ctx, a, me, p.ID)
	switch {
	case err != nil:
		return s.took(ans, in.Code, kiosk.KindPlace, err, act{})
	case ans.Result.Outcome == "": // nothing to hand over
		return s.hourBegins(ctx, p, in, c)
	case !ans.Again && ans.Filling != nil:
		s.fill = &filling{place: p, deposit: ans.Filling.Deposit, signedIn: a.Staff, command: c.id}
		s.hour = nil
	}
	return s.tookBox(ans, in.Code, kiosk.KindPlace, nil, act{})
}

// signedIn is the librarian at the station's page, where that person's own
// session or filling is meant.
func (s *Station) signedIn(c command) kiosk.ID {
	if s.session != nil {
		return ""
	}
	return c.signedIn
}

// handOver ends the filling.
func (s *Station) handOver(ctx context.Context, a kiosk.Attempt, c command) (kiosk.Result, error) {
	f := s.fill
	a.Staff = f.signedIn
	ans, err := s.cfg.Desk.CloseBox(ctx, a, s.patron(), f.place.ID, f.deposit)
	if err == nil && !ans.Again && (len(ans.Result.Notes) == 0 || ans.Result.Notes[0].Code != kiosk.NoteBoxEmpty) {
		s.fill = nil
	}
	return s.tookBox(ans, a.Code, kiosk.KindPlace, err, act{})
}

// copyIntoBox puts a book into the box.
func (s *Station) copyIntoBox(ctx context.Context, id kiosk.Identity, in Scan, c command) (kiosk.Result, error) {
	a := s.attempt(in, kiosk.KindCopy, c)
	f := s.fill
	if id.Set != nil {
		return s.remember(ctx, a, kiosk.Result{
			Code: in.Code, Kind: kiosk.KindCopy, Outcome: kiosk.Shown,
			Notes: []kiosk.Note{{Code: kiosk.NoteBoxOneByOne, Facts: kiosk.Facts{"place": f.place.Name, "count": f.count}}},
		})
	}
	a.Staff = f.signedIn
	ans, err := s.cfg.Desk.BookIntoBox(ctx, a, s.patron(), f.place.ID, f.deposit, id.Item.ID)
	this := act{}
	if r := ans.Result; err == nil && len(r.Notes) == 1 && r.Notes[0].Code == kiosk.NoteBoxAdded {
		// With more to say a loan was ended or another box opened: that is for the desk.
		this = act{seq: r.EventSeq, copy: id.Item.ID, box: f.deposit, patron: s.patron()}
	}
	return s.tookBox(ans, in.Code, kiosk.KindCopy, err, this)
}

// outOfBox takes the last book out again.
func (s *Station) outOfBox(ctx context.Context, a kiosk.Attempt, copyID kiosk.ID, c command) (kiosk.Result, error) {
	f := s.fill
	a.Staff = f.signedIn
	ans, err := s.cfg.Desk.BookOutOfBox(ctx, a, s.patron(), f.place.ID, f.deposit, copyID)
	return s.tookBox(ans, a.Code, kiosk.KindCommand, err, act{})
}

// tookBox puts the answer about a box on the screen. One that was handed over
// elsewhere meanwhile is told so, and the filling here ends.
func (s *Station) tookBox(ans kiosk.Answer, code string, kind kiosk.CodeKind, err error, this act) (kiosk.Result, error) {
	if errors.Is(err, kiosk.ErrBoxOver) {
		r := kiosk.Result{Seq: s.screen.Seq + 1, Code: code, Kind: kind, Outcome: kiosk.Shown, Notes: []kiosk.Note{{Code: kiosk.NoteBoxElsewhere, Facts: kiosk.Facts{"place": s.fill.place.Name}}}}
		s.fill, s.lastAct = nil, act{}
		s.put(r)
		return r, nil
	}
	if err == nil && !ans.Again {
		if s.fill != nil && ans.Filling != nil {
			s.fill.count = ans.Filling.Count
		}
		s.lastAct = this
	}
	return s.took(ans, code, kind, err, this)
}
