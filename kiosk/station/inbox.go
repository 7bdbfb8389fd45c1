package station

import (
	"context"
	"fmt"
	"strings"
	"time"

	"muontra/kiosk"
)

// Scan does one scan and waits for its result. A refusal is a result; the
// errors are ErrUsedID, ErrStopped and the context's.
func (s *Station) Scan(ctx context.Context, in Scan) (kiosk.Result, error) {
	return s.ask(ctx, s.scanInput(in))
}

// Deliver puts a scan into the inbox and does not wait. It reports false when
// the inbox is full: the scan is lost and the caller should tell.
func (s *Station) Deliver(in Scan) bool {
	select {
	case s.inbox <- s.scanInput(in):
		return true
	default:
		return false
	}
}

func (s *Station) scanInput(in Scan) input {
	now := s.cfg.Now()
	if in.At.IsZero() || in.At.After(now) {
		in.At = now
	}
	return input{arrived: in.At, do: func(ctx context.Context, s *Station) (kiosk.Result, error) {
		return s.once(ctx, in.CommandID, "scan "+in.Code, func(c command) (kiosk.Result, error) {
			c.staff, c.signedIn = in.Staff, in.SignedIn
			r, err := s.scan(ctx, in, c)
			if err == nil && s.cfg.Observe != nil {
				s.cfg.Observe(in, r)
			}
			return r, err
		})
	}}
}

// Do does one action and waits for its result. ErrUnknownAction for an action
// that is none.
func (s *Station) Do(ctx context.Context, in Action) (kiosk.Result, error) {
	switch in.Command {
	case kiosk.Finish, kiosk.Undo, kiosk.Renew, kiosk.RenewAll, kiosk.OnSite, kiosk.Help, kiosk.Touch, kiosk.CountOn:
	default:
		return kiosk.Result{}, fmt.Errorf("%w: %q", ErrUnknownAction, in.Command)
	}
	return s.ask(ctx, input{arrived: s.cfg.Now(), do: func(ctx context.Context, s *Station) (kiosk.Result, error) {
		return s.once(ctx, in.CommandID, fmt.Sprintf("action %s %s", in.Command, in.Copy), func(c command) (kiosk.Result, error) {
			c.staff = in.Staff
			return s.command(ctx, in.Command, in.Copy, c)
		})
	}})
}

// Admit opens the session of a patron without a card in hand. The session
// before it ends, as with another card.
func (s *Station) Admit(ctx context.Context, in Admit) (kiosk.Result, error) {
	return s.ask(ctx, input{arrived: s.cfg.Now(), do: func(ctx context.Context, s *Station) (kiosk.Result, error) {
		return s.once(ctx, in.CommandID, "admit "+string(in.Patron), func(c command) (kiosk.Result, error) {
			c.staff = in.Staff
			ans, err := s.cfg.Desk.Admit(ctx, s.attempt(Scan{At: s.cfg.Now()}, kiosk.KindPatron, c), in.Patron)
			if err == nil && !ans.Again {
				s.close()
				s.pending = refused{seq: s.screen.Seq + 1, card: ans.Card}
			}
			return s.took(ans, "", kiosk.KindPatron, err, act{})
		})
	}})
}

// Override does again what was refused, with a librarian's yes. ErrNoComment
// without a comment; ErrOtherSession when who was refused has left the station,
// or the present patron was not refused that.
func (s *Station) Override(ctx context.Context, in Override) (kiosk.Result, error) {
	if strings.TrimSpace(in.Comment) == "" || in.Staff == "" {
		return kiosk.Result{}, ErrNoComment
	}
	return s.ask(ctx, input{arrived: s.cfg.Now(), do: func(ctx context.Context, s *Station) (kiosk.Result, error) {
		return s.once(ctx, in.CommandID, overrideBody(in), func(c command) (kiosk.Result, error) {
			if in.For != "" && (s.session == nil || s.patron() != in.For) {
				return kiosk.Result{}, ErrOtherSession
			}
			c.staff, c.comment = in.Staff, in.Comment
			return s.override(ctx, in, c)
		})
	}})
}

// overrideBody is what an override sent again has to be the same in.
func overrideBody(in Override) string {
	if in.Refused == 0 {
		return fmt.Sprintf("override %s %s", in.Copy, in.Comment)
	}
	return fmt.Sprintf("override %d %s %s", in.Refused, in.Copy, in.Comment)
}

// SetDevices tells the station which scanners it has and whether they answer.
func (s *Station) SetDevices(d []Device) {
	if d == nil {
		d = []Device{}
	}
	select {
	case s.inbox <- input{fact: true, do: func(_ context.Context, s *Station) (kiosk.Result, error) {
		s.screen.Devices = d
		s.show()
		return kiosk.Result{}, nil
	}}:
	case <-s.done:
	}
}

// ask puts in into the inbox and waits. A full inbox is a busy station.
func (s *Station) ask(ctx context.Context, in input) (kiosk.Result, error) {
	in.reply = make(chan reply, 1)
	select {
	case s.inbox <- in:
	case <-s.done:
		return kiosk.Result{}, ErrStopped
	default:
		return kiosk.Result{
			Seq: s.Screen().Seq, Kind: kiosk.KindUnknown, Outcome: kiosk.Refused, Reason: kiosk.ReasonBusy,
			Refusals: []kiosk.Refusal{{Reason: kiosk.ReasonBusy}},
		}, nil
	}
	select {
	case r := <-in.reply:
		return r.result, r.err
	case <-s.done:
		return kiosk.Result{}, ErrStopped
	case <-ctx.Done():
		return kiosk.Result{}, ctx.Err()
	}
}

// command is what an act carries of the command that asked for it.
type command struct {
	id, body string
	staff    kiosk.ID
	signedIn kiosk.ID // the librarian at the station's own page, who may fill boxes without a card
	comment  string
}

// kept is how many answers to commands the station itself remembers; the
// ledger keeps those of acts for a day.
const kept = 256

type answered struct {
	body   string
	result kiosk.Result
}

// answers remembers the newest answers, so that a command sent again is
// answered without asking the ledger.
type answers struct {
	byID  map[string]answered
	order []string
}

func (a *answers) put(id, body string, r kiosk.Result) {
	if a.byID == nil {
		a.byID = map[string]answered{}
	}
	if len(a.order) >= kept {
		delete(a.byID, a.order[0])
		a.order = a.order[1:]
	}
	a.byID[id] = answered{body, r}
	a.order = append(a.order, id)
}

// once does a command that carries an id at most once.
func (s *Station) once(ctx context.Context, id, body string, do func(command) (kiosk.Result, error)) (kiosk.Result, error) {
	if id == "" {
		return do(command{})
	}
	if old, ok := s.answers.byID[id]; ok {
		if old.body != body {
			return kiosk.Result{}, ErrUsedID
		}
		return old.result, nil
	}
	r, err := do(command{id: id, body: body})
	if err != nil {
		return r, err
	}
	if r.Reason == kiosk.ReasonBusy || r.Reason == kiosk.ReasonStorageFailure {
		return r, nil // nothing was done: the same command may be tried again
	}
	s.answers.put(id, body, r)
	return r, nil
}

func (v Service) equal(o Service) bool {
	same := func(a, b *time.Time) bool { return a == nil && b == nil || a != nil && b != nil && a.Equal(*b) }
	if v.Open != o.Open || v.Day != o.Day || v.Today.Teachers != o.Today.Teachers || !same(v.BreakEndsAt, o.BreakEndsAt) || len(v.Today.Grades) != len(o.Today.Grades) {
		return false
	}
	for i, g := range v.Today.Grades {
		if o.Today.Grades[i] != g {
			return false
		}
	}
	return true
}
