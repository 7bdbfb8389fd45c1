package station

import (
	"context"
	"time"

	"muontra/kiosk"
)

// HourIdle is how long a corner's hour goes on without a scan.
const HourIdle = 10 * time.Minute

// hour is a corner's hour at the station: its box was scanned, and its books go
// by the corner's rules until the box is scanned again.
type hour struct {
	place   kiosk.Place
	until   time.Time
	command string // that began it: sent again it begins nothing
}

// hourBegins begins a corner's hour, or ends the one of the same box.
func (s *Station) hourBegins(ctx context.Context, p kiosk.Place, in Scan, c command) (kiosk.Result, error) {
	note := kiosk.Note{Code: kiosk.NoteCornerHour, Facts: kiosk.Facts{"place": p.Name}}
	again := s.hour != nil && c.id != "" && s.hour.command == c.id
	if !again {
		s.close()
		if s.hour != nil && s.hour.place.ID == p.ID {
			s.hour = nil
			note.Code = kiosk.NoteCornerHourOver
		} else {
			s.hour = &hour{place: p, until: s.cfg.Now().Add(HourIdle), command: c.id}
		}
	}
	return s.remember(ctx, s.attempt(in, kiosk.KindPlace, c), kiosk.Result{
		Code: in.Code, Kind: kiosk.KindPlace, Outcome: kiosk.Shown, Notes: []kiosk.Note{note},
	})
}

// ofHour reports whether a copy is one of the corner whose hour it is.
func (s *Station) ofHour(i kiosk.Item) bool {
	return s.hour != nil && i.State.Place == s.hour.place.ID
}

// copyInHour lends to the child whose card was scanned, or takes back: what the
// child has, or any book when no child is before the screen.
func (s *Station) copyInHour(ctx context.Context, id kiosk.Identity, in Scan, c command) (kiosk.Result, error) {
	a := s.attempt(in, kiosk.KindCopy, c)
	me, corner := s.patron(), s.hour.place.ID
	var ans kiosk.Answer
	var err error
	if me == "" || id.Out != nil && id.Out.PatronRef == me {
		ans, err = s.cfg.Desk.ReturnInHour(ctx, a, corner, me, id.Item.ID)
	} else {
		ans, err = s.cfg.Desk.LendInHour(ctx, a, corner, me, id.Item.ID)
	}
	this := act{copy: id.Item.ID, patron: me, idle: me == ""}
	if l := ans.Result.Loan; err == nil && l != nil {
		this.loan = l.ID
	}
	return s.took(ans, in.Code, kiosk.KindCopy, err, this)
}

// hourPasses keeps an hour in which something is scanned, and ends one in which
// nothing is; it reports a change.
func (s *Station) hourPasses(scanned bool) bool {
	switch {
	case s.hour == nil:
		return false
	case scanned:
		s.hour.until = s.cfg.Now().Add(HourIdle)
		return false
	case s.cfg.Now().Before(s.hour.until):
		return false
	}
	s.hour = nil
	return true
}
