package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"muontra/kiosk"
)

// A corner's paper that is copied at a station: the code of a week, then a
// child's card and the child's books. Who may is known as with a box
// (boxatkiosk.go), by an account; the acts are those of the corner, dated back
// into the week and marked as from paper.

// ReadWeek looks whose paper the code of a week is. The answer's Paper says that
// it may be copied now; without one a note says why not.
func (d *Desk) ReadWeek(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, monday kiosk.Day, code string) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		r := &x.answer.Result
		say := func(n kiosk.NoteCode, p kiosk.Place) error {
			r.Outcome, r.Notes = kiosk.Shown, []kiosk.Note{{Code: n, Facts: kiosk.Facts{"place": p.Name, "week": monday}}}
			return nil
		}
		places, err := x.Places()
		if err != nil {
			return fmt.Errorf("places: %w", err)
		}
		i := slices.IndexFunc(places, func(p kiosk.Place) bool { return strings.EqualFold(p.Code, code) })
		if i < 0 {
			return say(kiosk.NoteCornerPaper, kiosk.Place{})
		}
		p := places[i]
		c, err := x.Corner(p.ID)
		if errors.Is(err, kiosk.ErrNotFound) || err == nil && !c.Ended.IsZero() {
			return say(kiosk.NoteCornerPaper, kiosk.Place{})
		}
		if err != nil {
			return fmt.Errorf("corner: %w", err)
		}
		hand, err := x.boxHand(c, patron)
		switch {
		case err != nil:
			return err
		case hand.Account.ID == "" || !hand.MayHandOver(c):
			return say(kiosk.NoteCornerPaper, p)
		case monday.After(x.today) || x.today.Sub(monday) > 7*kiosk.PaperWeeks:
			return say(kiosk.NotePaperOld, p)
		}
		x.answer.Session = nil // the paper is copied, nobody borrows
		r.Patron = nil
		x.answer.Paper = &kiosk.PaperSheet{Place: p, Monday: monday, Staff: hand.Account.ID}
		return say(kiosk.NotePaperOn, p)
	})
}

// CopyPaper takes a line of the paper: the copy is lent to the child, or with
// back, or for no child, returned. What is scanned later counts as later in the
// week, so that a book may come and go.
func (d *Desk) CopyPaper(ctx context.Context, a kiosk.Attempt, of kiosk.PaperSheet, child, copyID kiosk.ID, back bool) (kiosk.Answer, error) {
	at := d.hourly(a)
	at.Staff = of.Staff
	var m kiosk.Member
	err := d.Ledger.View(ctx, func(v kiosk.View) error {
		loc, err := kiosk.LocationOf(v)
		if err != nil {
			return err
		}
		now := d.Now().In(loc)
		at.At = of.Monday.At(0, 0, loc).Add(now.Sub(kiosk.DayOf(now, loc).At(0, 0, loc)))
		if at.At.After(now) {
			at.At = now
		}
		if child != "" {
			m, err = v.MemberByRef(child, kiosk.DayOf(now, loc))
		}
		return err
	})
	if err != nil {
		return kiosk.Answer{}, fmt.Errorf("paper of a corner: %w", err)
	}
	var done kiosk.CornerDone
	if back || child == "" {
		done, err = d.ReturnInCorner(ctx, at, kiosk.FromSheet, of.Place.ID, copyID)
	} else {
		done, err = d.LendInCorner(ctx, at, kiosk.FromSheet, of.Place.ID, child, copyID)
	}
	if err != nil {
		return kiosk.Answer{}, err
	}
	ans, err := d.hourAnswer(ctx, a, of.Place.ID, "", done)
	if child != "" {
		ans.Result.Patron = m.View()
	}
	ans.Result.Notes = append(ans.Result.Notes, kiosk.Note{Code: kiosk.NotePaperWeek, Facts: kiosk.Facts{"place": of.Place.Name, "week": of.Monday}})
	return ans, err
}
