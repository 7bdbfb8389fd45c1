// Package circulation holds the acts of a library: to enter, lend, take back,
// renew, read here, take back the last act, change a copy's state. Each act is
// one transaction of the ledger: it reads, decides by the pure rules of package
// kiosk, appends one event with the after-images of what it changed, and
// commits; refusals are events too. The event is published after the commit
// and never before.
//
// An act that carries a command id is done once: the answer is kept in the
// same transaction, and the same command sent again gets it back.
//
// New stock comes in by acts of the staff (intake.go): a receipt, its lines,
// the steps of processing. Each is one transaction too, but leaves an event for
// each copy, and answers with a value of its own; what it refuses is an error
// of package kiosk that carries its facts.
package circulation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"muontra/kiosk"
)

// Desk does the acts on a ledger.
type Desk struct {
	Ledger  kiosk.Ledger
	Now     func() time.Time  // the wall clock
	Publish func(kiosk.Event) // called after each commit; must not block; may be nil
}

// deed is one act under way.
type deed struct {
	kiosk.Tx
	kiosk.Attempt
	now    time.Time
	counts time.Time // what days are counted from: now, if the clock may be right
	clock  kiosk.WrongClock
	today  kiosk.Day
	rules  kiosk.Rules
	event  kiosk.Event
	answer kiosk.Answer
	open   []kiosk.LoanItem // the patron's loans as the act leaves them; nil when they are to be read
}

// act runs fn in one transaction, appends the event that fn has prepared, keeps
// the answer, and publishes.
func (d *Desk) act(ctx context.Context, a kiosk.Attempt, fn func(*deed) error) (kiosk.Answer, error) {
	var done *deed
	err := d.Ledger.Act(ctx, func(tx kiosk.Tx) error {
		x := &deed{Tx: tx, Attempt: a, now: d.Now().UTC()}
		done = x
		if again, err := x.answeredBefore(&x.answer.Result); again || err != nil {
			x.answer.Again = again
			return err
		}
		if err := x.begin(); err != nil {
			return err
		}
		if err := fn(x); err != nil {
			return err
		}
		return x.end()
	})
	if err != nil {
		return kiosk.Answer{}, err
	}
	if d.Publish != nil && done.event.Seq > 0 {
		d.Publish(done.event)
	}
	return done.answer, nil
}

// answeredBefore reads the answer to the same command, if it was done before.
func (x *deed) answeredBefore(to any) (bool, error) {
	if x.CommandID == "" {
		return false, nil
	}
	old, err := x.Tx.Answer(x.Station, x.CommandID)
	switch {
	case errors.Is(err, kiosk.ErrNotFound):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("answer to command %s: %w", x.CommandID, err)
	case old.Body != x.Body:
		return false, kiosk.ErrUsedID
	}
	if err := json.Unmarshal(old.Result, to); err != nil {
		return false, fmt.Errorf("answer to command %s: %w", x.CommandID, err)
	}
	return true, nil
}

func (x *deed) begin() error {
	loc, err := kiosk.LocationOf(x)
	if err != nil {
		return err
	}
	last, err := x.LastRecorded()
	if err != nil {
		return fmt.Errorf("last event: %w", err)
	}
	x.clock, x.counts = kiosk.ClockAt(x.now, last), x.now
	if x.clock != "" && !last.IsZero() {
		x.counts = last
	}
	x.today = kiosk.DayOf(x.counts, loc)
	if x.rules, err = x.Rules(x.today); err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	at := x.At
	if at.IsZero() {
		at = x.now
	}
	x.event = kiosk.Event{
		Station: x.Station, StaffRef: x.Staff,
		OccurredAt: at.UTC(), RecordedAt: x.now,
		ClockOK: x.clock == "",
	}
	x.answer.Result = kiosk.Result{Seq: x.Seq, Code: x.Code, Kind: x.Kind}
	return nil
}

func (x *deed) end() error {
	r := &x.answer.Result
	if x.event.Type != "" {
		p := &x.event.Payload
		p.Outcome, p.Reason, p.Refusals, p.Notes = r.Outcome, r.Reason, r.Refusals, r.Notes
		if err := x.Append(&x.event); err != nil {
			return fmt.Errorf("append %s: %w", x.event.Type, err)
		}
		r.EventSeq = x.event.Seq
	}
	if s := x.answer.Session; s != nil {
		if err := x.refresh(s); err != nil {
			return err
		}
	}
	return x.keep(r)
}

// keep writes down the answer to a command that has an id.
func (x *deed) keep(r any) error {
	if x.CommandID == "" {
		return nil
	}
	b, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	return x.PutAnswer(kiosk.Answered{Station: x.Station, CommandID: x.CommandID, Body: x.Body, Result: b, At: x.now})
}

// refresh fills the session with the loans as the act left them.
func (x *deed) refresh(s *kiosk.Session) error {
	open := x.open
	if open == nil {
		var err error
		if open, err = x.OpenLoansOf(s.Member.Ref); err != nil {
			return fmt.Errorf("open loans: %w", err)
		}
	}
	line := x.rules.Policies.For(s.Member.Category, kiosk.Children, "")
	s.Limit, s.Left = line.Limit, line.Limit
	s.Loans = make([]kiosk.LoanView, 0, len(open))
	for _, l := range open {
		s.Loans = append(s.Loans, l.View(x.today))
		if l.Corner == "" && x.rules.Policies.For(s.Member.Category, l.Item.Kind, l.Item.SubKind) == line {
			s.Left--
		}
	}
	s.Left = max(s.Left, 0)
	return nil
}

// about puts the patron and the copy of the act into its event and answer.
func (x *deed) about(m *kiosk.Member, i *kiosk.Item) {
	if m != nil {
		x.event.PatronRef = m.Ref
		x.answer.Result.Patron = m.View()
		x.answer.Session = &kiosk.Session{Member: *m}
	}
	if i != nil {
		x.event.CopyID = i.ID
		x.answer.Result.Copy = i.View()
	}
}

// refuse makes the act a refusal.
func (x *deed) refuse(v kiosk.Verdict) {
	x.event.Type = kiosk.EventRefused
	r := &x.answer.Result
	r.Outcome, r.Reason, r.Refusals = kiosk.Refused, v.Reason(), v.Refusals
	r.MayOverride = v.Says() == kiosk.Ask
}

// allowed reports whether the verdict lets the act go on, by itself or by a
// librarian's override, and makes the act a refusal when not.
func (x *deed) allowed(v kiosk.Verdict) bool {
	switch {
	case v.Says() == kiosk.Yes:
		x.answer.Result.Notes = v.Notes
	case v.Says() == kiosk.Ask && x.Overrides():
		x.answer.Result.Notes = append(v.Notes, kiosk.Note{Code: kiosk.NoteOverridden})
		x.answer.Result.Refusals = v.Refusals
		x.event.Payload.Comment = x.Comment
	default:
		x.refuse(v)
		return false
	}
	return true
}

// changeLoan and changeCopy put an after-image, with what was before it, into
// the event.
func (x *deed) changeLoan(before *kiosk.Loan, after kiosk.Loan) {
	p := &x.event.Payload
	if before != nil {
		p.Before.Loans = append(p.Before.Loans, *before)
	}
	p.Changes.Loans = append(p.Changes.Loans, after)
}

func (x *deed) changeCopy(before, after kiosk.CopyState) {
	p := &x.event.Payload
	p.Before.Copies = append(p.Before.Copies, before)
	p.Changes.Copies = append(p.Changes.Copies, after)
}

// showLoan puts a loan of the item into the answer.
func (x *deed) showLoan(l kiosk.Loan, i kiosk.Item) {
	v := kiosk.LoanItem{Loan: l, Item: i}.View(x.today)
	x.answer.Result.Loan = &v
}

// Rules are the settings that hold now.
func (d *Desk) Rules(ctx context.Context) (kiosk.Rules, error) {
	var r kiosk.Rules
	err := d.Ledger.View(ctx, func(v kiosk.View) error {
		loc, err := kiosk.LocationOf(v)
		if err != nil {
			return err
		}
		r, err = v.Rules(kiosk.DayOf(d.Now(), loc))
		return err
	})
	if err != nil {
		return r, fmt.Errorf("rules: %w", err)
	}
	return r, nil
}

// Remember keeps the answer to a command that did nothing in the ledger.
func (d *Desk) Remember(ctx context.Context, a kiosk.Attempt, r kiosk.Result) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		x.answer.Result = r
		return nil
	})
}

// Probe reports whether the ledger takes a write.
func (d *Desk) Probe(ctx context.Context) error {
	return d.Ledger.Update(ctx, func(kiosk.Tx) error { return nil })
}
