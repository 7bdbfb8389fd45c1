package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// LendInCorner lends a copy to a pupil in a corner. What is asked for is
// described at kiosk.CornerView. patron is any reference of the pupil. An act
// that arrives when it happens is decided like one at the kiosk, by the line of
// the corner's kind, and may be refused; a.Comment overrides what can be. One
// that comes late has happened: it is recorded as kiosk.LateLending says, with
// what stood against it in Refusals.
func (d *Desk) LendInCorner(ctx context.Context, a kiosk.Attempt, from kiosk.CornerSource, corner, patron, copyID kiosk.ID) (kiosk.CornerDone, error) {
	return d.inCorner(ctx, a, from, corner, func(x *cornerDeed) error {
		m, err := x.MemberByRef(patron, x.today)
		if err != nil {
			return fmt.Errorf("patron: %w", err)
		}
		c, err := x.facts(m.Ref, copyID)
		if err != nil {
			return err
		}
		x.event.PatronRef = m.Ref
		x.aboutCopy(c.Item)
		now, err := x.meanwhile(c.Item, c.Out, m.Ref)
		if err != nil {
			return err
		}
		rule := kiosk.LateLending(now)
		switch rule {
		case kiosk.RuleRefused:
			x.no(kiosk.Refusal{Reason: stateReason(c.Item.State.Status)})
			return nil
		case kiosk.RuleAlready:
			x.done.Outcome, x.done.Rule, x.done.Loan, x.done.DueOn = kiosk.CheckedOut, rule, c.Out.ID, c.Out.DueOn
			x.event.Type = kiosk.EventCorner
			return nil
		}
		terms, err := kiosk.CornerTermsOf(x, x.place.Kind)
		if err != nil {
			return fmt.Errorf("terms of corners: %w", err)
		}
		against := x.against(c, terms)
		if len(against) > 0 && !x.late && !x.Overrides() {
			x.no(against...)
			return nil
		}
		x.done.Refusals = against
		if len(against) > 0 {
			x.event.Payload.Comment = x.Comment
		}
		happened := kiosk.DayOf(x.at, x.rules.Location)
		loan := kiosk.Loan{
			ID: x.NewID(), CopyID: copyID, PatronRef: m.Ref, Type: kiosk.HomeLoan, CheckedOutAt: x.at,
			DueOn: x.rules.Calendar.Due(happened, terms.Days, x.rules.Year.Recall), Station: x.Station, Corner: corner,
		}
		state := c.Item.State
		if rule != kiosk.RulePast { // else it has come back since, and lies where it lies
			if state, err = x.offTrolley(c.Item); err != nil {
				return err
			}
		}
		state.Loans++
		if state.Status == kiosk.CopyLost {
			state.Status = kiosk.CopyAvailable
			x.note(kiosk.NoteFound, nil)
		}
		switch rule {
		case kiosk.RulePast:
			loan.End, loan.ReturnedAt = kiosk.LoanReturned, now.Next
		case kiosk.RuleHandedOn:
			over := *c.Out
			over.End, over.ReturnedAt = kiosk.LoanReturned, x.at
			x.changeLoan(c.Out, over)
		}
		x.changeLoan(nil, loan)
		x.changeCopy(c.Item.State, state)
		if err := x.fulfil(c); err != nil {
			return err
		}
		if rule == "" || rule == kiosk.RuleFound || rule == kiosk.RuleHandedOn {
			if err := x.stranger(c.Item, &rule); err != nil {
				return err
			}
		}
		x.event.Type = kiosk.EventCheckedOut
		x.done.Outcome, x.done.Rule, x.done.Loan, x.done.DueOn = kiosk.CheckedOut, rule, loan.ID, loan.DueOn
		return x.prove(c.Item)
	})
}

// ReturnInCorner takes a copy back in a corner, whoever had it. It always works;
// kiosk.LateReturn says what is made of it.
func (d *Desk) ReturnInCorner(ctx context.Context, a kiosk.Attempt, from kiosk.CornerSource, corner, copyID kiosk.ID) (kiosk.CornerDone, error) {
	return d.inCorner(ctx, a, from, corner, func(x *cornerDeed) error {
		item, err := x.Item(copyID)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		x.aboutCopy(item)
		out, err := x.outNow(copyID)
		if err != nil {
			return err
		}
		rule := kiosk.LateReturn(kiosk.Meanwhile{At: x.at, Out: out, Status: item.State.Status})
		x.event.Type, x.done.Outcome = kiosk.EventReturned, kiosk.Returned
		if rule == kiosk.RuleAlready {
			x.event.Type = kiosk.EventCorner
			x.done.Rule = rule
			return x.stranger(item, &x.done.Rule)
		}
		if out != nil {
			after := *out
			after.End, after.ReturnedAt = kiosk.LoanReturned, x.at
			x.changeLoan(out, after)
			x.event.PatronRef = out.PatronRef
			x.done.Loan = out.ID
			if day := kiosk.DayOf(x.at, x.rules.Location); day.After(out.DueOn) {
				x.note(kiosk.NoteWasOverdue, kiosk.Facts{"days": day.Sub(out.DueOn)})
			}
		}
		if item.State.Status == kiosk.CopyLost {
			found := item.State
			found.Status = kiosk.CopyAvailable
			x.changeCopy(item.State, found)
			x.note(kiosk.NoteFound, nil)
		}
		x.done.Rule = rule
		if err := x.stranger(item, &x.done.Rule); err != nil {
			return err
		}
		return x.prove(item)
	})
}

// ReadInCorner counts readings in a corner: r.Count of them, by r.Readers pupils
// where that was counted, on the day on which it happened; or one of a book that
// was named (r.Copy). patron is the reference of the pupil who read, or "". The
// answer's Loan is the reading's id, for RemoveReading.
func (d *Desk) ReadInCorner(ctx context.Context, a kiosk.Attempt, from kiosk.CornerSource, corner, patron kiosk.ID, r kiosk.Reading) (kiosk.CornerDone, error) {
	return d.inCorner(ctx, a, from, corner, func(x *cornerDeed) error {
		var f form
		within(&f, "count", r.Count, 1, kiosk.MaxReadings)
		within(&f, "readers", r.Readers, 0, min(r.Count, kiosk.MaxReadings))
		if err := f.failed(); err != nil {
			return err
		}
		if patron != "" {
			m, err := x.MemberByRef(patron, x.today)
			if err != nil {
				return fmt.Errorf("patron: %w", err)
			}
			x.event.PatronRef = m.Ref
		}
		r.ID, r.Place, r.Source, r.Removed = x.NewID(), corner, from, false
		if r.Class == "" {
			r.Class = x.atCorner.Class
		}
		if r.Day.IsZero() {
			r.Day = kiosk.DayOf(x.at, x.rules.Location)
		}
		if r.Day.After(x.today) {
			return &kiosk.FieldError{Field: "day", Problem: kiosk.FieldInFuture, Facts: kiosk.Facts{"max": x.today}}
		}
		x.event.Type = kiosk.EventRead
		if r.Copy != "" {
			item, err := x.Item(r.Copy)
			if err != nil {
				return fmt.Errorf("copy: %w", err)
			}
			x.aboutCopy(item)
			state := item.State
			state.OnSite += r.Count
			x.changeCopy(item.State, state)
		}
		x.change.Readings = []kiosk.Reading{r}
		x.done.Outcome, x.done.Loan = kiosk.UsedOnSite, r.ID
		return nil
	})
}

// RemoveReading takes a count back; twice is once.
func (d *Desk) RemoveReading(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.CornerDone, error) {
	var r kiosk.Reading
	if err := d.Ledger.View(ctx, func(v kiosk.View) (err error) { r, err = v.Reading(id); return err }); err != nil {
		return kiosk.CornerDone{}, err
	}
	return d.inCorner(ctx, a, kiosk.FromDesk, r.Place, func(x *cornerDeed) error {
		r, err := x.Reading(id)
		if err != nil || r.Removed {
			return err
		}
		r.Removed = true
		x.event.Type = kiosk.EventRead
		x.change.Readings = []kiosk.Reading{r}
		x.done.Outcome = kiosk.Undone
		if r.Copy == "" {
			return nil
		}
		item, err := x.Item(r.Copy)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		state := item.State
		state.OnSite = max(state.OnSite-r.Count, 0)
		x.changeCopy(item.State, state)
		return nil
	})
}

// cornerDeed is an act in a corner under way.
type cornerDeed struct {
	*deed
	atCorner kiosk.Corner
	place    kiosk.Place
	at       time.Time // when it happened
	late     bool      // it arrives when it is over: nobody can be refused any more
	change   *kiosk.CornerChange
	done     kiosk.CornerDone
}

// soon is how long after an act its news still counts as the act itself.
const soon = 2 * time.Minute

// inCorner runs fn as one act in a corner, once for each command id for ever.
func (d *Desk) inCorner(ctx context.Context, a kiosk.Attempt, from kiosk.CornerSource, corner kiosk.ID, fn func(*cornerDeed) error) (kiosk.CornerDone, error) {
	if a.Staff == "" && from != kiosk.FromKiosk {
		return kiosk.CornerDone{}, kiosk.ErrStaffOnly
	}
	if !slices.Contains(kiosk.CornerSources, from) {
		return kiosk.CornerDone{}, &kiosk.FieldError{Field: "source", Problem: kiosk.FieldUnknown}
	}
	var x *cornerDeed
	err := d.Ledger.Act(ctx, func(tx kiosk.Tx) error {
		now := d.Now().UTC()
		x = &cornerDeed{deed: &deed{Tx: tx, Attempt: a, now: now}}
		if a.CommandID != "" {
			old, err := tx.CornerAct(a.CommandID)
			switch {
			case err == nil && old.Body != a.Body:
				return kiosk.ErrUsedID
			case err == nil:
				x.done, x.done.Again = old.Done, true
				return nil
			case !errors.Is(err, kiosk.ErrNotFound):
				return fmt.Errorf("act %s: %w", a.CommandID, err)
			}
		}
		at, sure := kiosk.CornerTime(a.At, now)
		x.at, x.late, x.Attempt.At = at.UTC().Truncate(time.Millisecond), !sure || now.Sub(at) > soon, at
		if err := x.begin(); err != nil {
			return err
		}
		var err error
		if x.atCorner, err = x.Corner(corner); err != nil {
			return fmt.Errorf("corner: %w", err)
		}
		if x.place, err = x.placeByID(corner); err != nil {
			return err
		}
		if !sure {
			x.note(kiosk.NoteWrongClock, kiosk.Facts{"due_on": x.today})
			x.event.ClockOK = x.event.ClockOK && a.At.IsZero()
		}
		x.change = &kiosk.CornerChange{Place: corner, Source: from}
		x.event.Payload.Corner = x.change
		if err := fn(x); err != nil {
			return err
		}
		return x.endInCorner()
	})
	if err != nil {
		return kiosk.CornerDone{}, err
	}
	if d.Publish != nil && x.event.Seq > 0 {
		d.Publish(x.event)
	}
	return x.done, nil
}

func (x *cornerDeed) endInCorner() error {
	x.done.At, x.done.Notes = x.at, x.answer.Result.Notes
	x.change.Rule = x.done.Rule
	p := &x.event.Payload
	p.Outcome, p.Reason, p.Refusals, p.Notes = x.done.Outcome, x.done.Reason, x.done.Refusals, x.done.Notes
	if x.event.Type == "" {
		return nil // it was so already, and nobody asks for it again
	}
	if x.CommandID != "" {
		last, err := x.LastSeq()
		if err != nil {
			return err
		}
		x.done.Event = last + 1
		x.change.Act = &kiosk.CornerAct{Command: x.CommandID, Body: x.Body, At: x.now, Done: x.done}
	}
	if err := x.Append(&x.event); err != nil {
		return fmt.Errorf("append %s: %w", x.event.Type, err)
	}
	x.done.Event = x.event.Seq
	return nil
}

func (x *cornerDeed) aboutCopy(i kiosk.Item) {
	x.event.CopyID = i.ID
	x.done.Copy, x.done.CopyID = i.View(), i.ID
}

func (x *cornerDeed) no(rs ...kiosk.Refusal) {
	v := kiosk.Verdict{Refusals: rs}
	x.event.Type = kiosk.EventRefused
	x.done.Outcome, x.done.Rule, x.done.Reason, x.done.Refusals = kiosk.Refused, kiosk.RuleRefused, v.Reason(), rs
}

func stateReason(s kiosk.CopyStatus) kiosk.Reason {
	if s == kiosk.CopyWithdrawn {
		return kiosk.ReasonWithdrawn
	}
	return kiosk.ReasonNotProcessed
}

// against is what stands against a lending, which a person may override.
func (x *cornerDeed) against(c kiosk.Checkout, t kiosk.CornerTerms) (rs []kiosk.Refusal) {
	rs = slices.Clone(kiosk.CanEnter(c.Member).Refusals)
	if !x.atCorner.Ended.IsZero() {
		rs = append(rs, kiosk.Refusal{Reason: kiosk.ReasonClosed})
	}
	if class, err := x.Class(x.atCorner.Class); t.OwnClass && err == nil && class.Name != c.Member.Class {
		rs = append(rs, kiosk.Refusal{Reason: kiosk.ReasonNotForLoan, Facts: kiosk.Facts{"class": class.Name}})
	}
	if slices.ContainsFunc(c.Holds, func(h kiosk.Hold) bool { return h.CopyID == c.Item.ID && h.PatronRef != c.Member.Ref }) {
		rs = append(rs, kiosk.Refusal{Reason: kiosk.ReasonReservedForOther})
	}
	have := 0
	for _, l := range c.Open {
		if l.Corner != "" {
			have++
		}
	}
	if have >= t.Limit {
		rs = append(rs, kiosk.Refusal{Reason: kiosk.ReasonLimitReached, Facts: kiosk.Facts{"have": have, "limit": t.Limit}})
	}
	return rs
}

func (x *deed) outNow(copyID kiosk.ID) (*kiosk.Loan, error) {
	l, err := x.OpenLoan(copyID)
	switch {
	case errors.Is(err, kiosk.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("open loan: %w", err)
	}
	return &l, nil
}

// maxKnown is how far back the history of a copy is looked at for what happened
// after an act that comes late.
const maxKnown = 200

// meanwhile is what is known of the copy for an act of the corner.
func (x *cornerDeed) meanwhile(i kiosk.Item, out *kiosk.Loan, ref kiosk.ID) (kiosk.Meanwhile, error) {
	m := kiosk.Meanwhile{At: x.at, Out: out, Mine: out != nil && out.PatronRef == ref, Status: i.State.Status}
	if !x.late {
		return m, nil
	}
	known := func(t time.Time) {
		if t.After(x.at) && (m.Next.IsZero() || t.Before(m.Next)) {
			m.Next = t
		}
	}
	es, err := x.EventsOfCopy(i.ID, maxKnown)
	if err != nil {
		return m, fmt.Errorf("history of the copy: %w", err)
	}
	for _, e := range es {
		// A loan of the past that a late act left has its own times.
		for _, l := range e.Payload.Changes.Loans {
			if l.End != kiosk.LoanUndone {
				known(l.CheckedOutAt)
				known(l.ReturnedAt)
			}
		}
		for _, s := range e.Payload.Before.Copies {
			for _, t := range e.Payload.Changes.Copies {
				if s.CopyID == i.ID && t.CopyID == i.ID && s.Place != t.Place {
					known(e.OccurredAt)
				}
			}
		}
	}
	boxes, err := x.DepositsOfCopy(i.ID)
	if err != nil {
		return m, fmt.Errorf("boxes of the copy: %w", err)
	}
	for _, b := range boxes {
		if b.End != kiosk.BoxUndone {
			known(b.EndedAt)
		}
	}
	return m, nil
}

// stranger tells that a copy belongs to another place than the corner, and puts
// it on the list of the corner's box as a find.
func (x *cornerDeed) stranger(i kiosk.Item, rule *kiosk.CornerRule) error {
	if i.State.Place == x.place.ID || i.State.Place == "" {
		return x.backHome(i)
	}
	home, err := x.placeByID(i.State.Place)
	if err != nil {
		return err
	}
	x.note(kiosk.NoteElsewhere, kiosk.Facts{"place": home.Name})
	if *rule == "" {
		*rule = kiosk.RuleStranger
	}
	if x.event.Type != kiosk.EventReturned && x.event.Type != kiosk.EventCorner {
		return nil // lent: it does not lie here
	}
	boxes, err := x.Deposits(x.place.ID)
	if err != nil {
		return fmt.Errorf("boxes: %w", err)
	}
	n := slices.IndexFunc(boxes, func(b kiosk.Deposit) bool { return b.Ended.IsZero() })
	if n < 0 {
		return nil
	}
	finds, err := x.Finds(boxes[n].ID)
	if err != nil {
		return fmt.Errorf("finds: %w", err)
	}
	if slices.ContainsFunc(finds, func(f kiosk.Find) bool { return f.Copy == i.ID && f.Settled == kiosk.FindOpen }) {
		return nil
	}
	kind := kiosk.FindShelf
	if slices.Contains(kiosk.CornerKinds, home.Kind) {
		kind = kiosk.FindCorner
	}
	x.change.Finds = append(x.change.Finds, kiosk.Find{ID: x.NewID(), Deposit: boxes[n].ID, Place: x.place.ID, Kind: kind, Copy: i.ID, From: home.ID, At: x.at})
	return nil
}

// backHome notes that a copy that lay in the library is in its corner again.
func (x *cornerDeed) backHome(i kiosk.Item) error {
	row, err := x.BoxOf(i.ID)
	if errors.Is(err, kiosk.ErrNotFound) || err == nil && row.Astray.IsZero() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("box of the copy: %w", err)
	}
	x.change.Before = append(x.change.Before, row)
	row.Astray, row.Seen = time.Time{}, x.at
	x.change.Copies = append(x.change.Copies, row)
	return nil
}
