package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"muontra/kiosk"
)

// mostTogether is how many acts share one commit at the most: a commit that
// fails is all of theirs, so it is kept to what a school's stations can ask at
// one moment.
const mostTogether = 64

// asked is an act that waits for its turn.
type asked struct {
	ctx  context.Context
	fn   func(kiosk.Tx) error
	lead chan struct{} // closed when it is to take the writer for all that wait
	done chan struct{} // closed once err stands
	err  error
	// panicked is what fn panicked with; its own goroutine is to know of it.
	panicked any
}

// line is the acts that wait, first come first. While there are any, the first
// of them leads: it waits for the writer, the others for it.
type line struct {
	mu   sync.Mutex
	wait []*asked
	busy bool          // somebody leads, or does a turn
	want int           // how many are waited for; 0 for no matter
	come chan struct{} // closed when they are there

	// Of the turn before, by who has the writer:
	answered int           // how many acts it did
	commit   time.Duration // how long its commit took
	rests    int           // so many turns more nobody is waited for
}

func (l *line) join(a *asked) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wait = append(l.wait, a)
	if !l.busy {
		l.busy = true
		close(a.lead)
	}
	if l.want > 0 && len(l.wait) >= l.want {
		l.want = 0
		close(l.come)
	}
}

// pass gives the lead to the first that waits.
func (l *line) pass() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = len(l.wait) > 0
	if l.busy {
		close(l.wait[0].lead)
	}
}

// leave reports whether a was still waiting; it waits no more then.
func (l *line) leave(a *asked) bool {
	l.mu.Lock()
	i := slices.Index(l.wait, a)
	if i >= 0 {
		l.wait = slices.Delete(l.wait, i, i+1)
	}
	l.mu.Unlock()
	if i < 0 {
		return false
	}
	select {
	case <-a.lead:
		l.pass()
	default:
	}
	return true
}

// next takes the acts whose turn it is.
func (l *line) next() []*asked {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.wait), mostTogether)
	turn := slices.Clone(l.wait[:n])
	l.wait = slices.Delete(l.wait, 0, n)
	return turn
}

// gather waits a moment for those whom the turn before has answered, where the
// commit is so slow that a second one for them costs more: callers who scan
// without a pause would else be two halves that wait for each other's commits. It
// costs an act at most an eighth of a commit, only in a crowd, and when nobody
// came it is left for a while.
func (l *line) gather() {
	const (
		crowd   = 4
		share   = 8
		tooSoon = 100 * time.Microsecond // to be worth a timer
		rest    = 16                     // turns
	)
	limit := l.commit / share
	if l.rests--; l.rests > 0 || limit < tooSoon {
		return
	}
	l.mu.Lock()
	here := len(l.wait)
	want := min(here+l.answered, mostTogether)
	if want < crowd || here >= want || l.answered == 0 {
		l.mu.Unlock()
		return
	}
	come := make(chan struct{})
	l.want, l.come = want, come
	l.mu.Unlock()
	t := time.NewTimer(limit)
	defer t.Stop()
	select {
	case <-come:
	case <-t.C:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.want = 0
	if len(l.wait) == here {
		l.rests = rest
	}
}

// Act is Update for what is over in a moment. Acts that wait for the writer at
// the same time are done one after the other in one transaction and share its
// commit, because a commit waits for the disk and everything else does not: on a
// slow disk, sixteen children wait as long as one. Each act fails alone; only a
// fault of the transaction itself is everybody's. An act is answered after the
// commit, never before.
func (s *Store) Act(ctx context.Context, fn func(kiosk.Tx) error) error {
	a := &asked{ctx: ctx, fn: fn, lead: make(chan struct{}), done: make(chan struct{})}
	s.acts.join(a)
	limit := time.NewTimer(s.opt.Wait)
	defer limit.Stop()
	var writer chan *session // nil while another leads
	var err error
	for lead := a.lead; err == nil; {
		select {
		case <-a.done:
			return a.answer()
		case <-lead:
			lead, writer = nil, s.writer
		case ses, ok := <-writer:
			if err = closedErr(ok); err == nil {
				s.together(ses)
				return a.answer()
			}
		case <-limit.C:
			err = fmt.Errorf("waited %v for the database: %w", s.opt.Wait, kiosk.ErrBusy)
		case <-ctx.Done():
			err = fault("wait for the database", ctx.Err())
		}
	}
	if s.acts.leave(a) {
		return err
	}
	<-a.done
	return a.answer()
}

// answer is what the act's caller gets once it is done.
func (a *asked) answer() error {
	if a.panicked != nil {
		panic(a.panicked)
	}
	return a.err
}

// together does the acts whose turn it is, the caller's first, on the writer's
// session.
func (s *Store) together(ses *session) {
	s.acts.gather()
	turn := s.acts.next()
	s.acts.answered = len(turn)
	// Nobody is told before the session is back (deferred below), so that who comes
	// after a done act finds the writer free.
	defer func() {
		s.acts.pass()
		for _, a := range turn {
			close(a.done)
		}
		s.checkpoints.wrote(len(turn))
	}()
	defer func() {
		if ses != nil {
			s.acts.commit = ses.committed
		}
		s.writer <- ses
	}()
	err := s.turn(&ses, turn)
	// A full disk has a way out: the acts that found no room, and those whose
	// transaction it ended, are done once more.
	full := func(a *asked) bool { return NoRoom(a.err) }
	if slices.ContainsFunc(turn, full) && s.MakeRoom() {
		var more []*asked
		for _, a := range turn {
			if a.panicked == nil && (full(a) || err != nil && errors.Is(a.err, err)) {
				a.err = nil
				more = append(more, a)
			}
		}
		s.turn(&ses, more)
	}
}

// turn does the acts in one transaction. The error is a fault of the transaction:
// nothing of it was kept then, and it is the answer of each act that has none of
// its own.
func (s *Store) turn(ses **session, turn []*asked) error {
	// The transaction of several is nobody's own: it does not end with one caller's
	// context.
	ctx := context.Background()
	if len(turn) == 1 {
		ctx = turn[0].ctx
	}
	err := s.transact(ctx, ses, s.writeDB, beginWrite, func(t *tx) error {
		for _, a := range turn {
			if err := a.plain(t); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, errApart) {
		err = s.again(ctx, ses, turn)
	}
	if err != nil {
		for _, a := range turn {
			// What an act was refused before the fault is still its own answer.
			if a.err == nil && a.panicked == nil {
				a.err = err
			}
		}
	}
	return err
}

// errApart rolls back acts that were done without savepoints, because one of
// them failed when it had written something.
var errApart = errors.New("the acts are done again, each in a savepoint")

// plain runs the act as a part of the transaction, without a savepoint: that
// costs each act something for what hardly ever happens. An act that fails before
// it writes has nothing to take back and is only answered. One that fails later
// is errApart.
func (a *asked) plain(t *tx) error {
	mine := &tx{view{s: t.s, ctx: a.ctx, now: t.now, checked: t.checked, plain: true}}
	err := a.run(mine)
	if err == nil && a.panicked == nil {
		err = mine.alive()
	}
	t.checked, t.touched = t.checked || mine.checked, t.touched || mine.touched
	a.err = err
	if mine.wrote && (err != nil || a.panicked != nil || mine.broken) {
		return errApart
	}
	return nil
}

// again does the acts once more, each in a savepoint of its own.
func (s *Store) again(ctx context.Context, ses **session, turn []*asked) error {
	for _, a := range turn {
		a.err, a.panicked = nil, nil
	}
	return s.transact(ctx, ses, s.writeDB, beginWrite, func(t *tx) error {
		if len(turn) == 1 {
			return turn[0].alone(t)
		}
		for _, a := range turn {
			if err := a.among(t); err != nil {
				return err
			}
		}
		return nil
	})
}

// alone runs the only act of a transaction.
func (a *asked) alone(t *tx) error {
	err := a.run(t)
	if a.panicked != nil {
		return errPanicked
	}
	return err
}

// errPanicked rolls back what an act did before it panicked.
var errPanicked = errors.New("the act panicked")

// among runs the act in a savepoint of a transaction that it shares. The error
// is a fault of the transaction, which is over then.
func (a *asked) among(t *tx) error {
	if _, err := t.s.step("SAVEPOINT act"); err != nil {
		return fault("savepoint", err)
	}
	mine := &tx{view{s: t.s, ctx: a.ctx, now: t.now}}
	err := a.run(mine)
	if err == nil && a.panicked == nil {
		err = mine.alive()
	}
	t.touched = t.touched || mine.touched
	if err != nil || a.panicked != nil {
		a.err = err
		t.s.forget() // what was read of unwritten settings is not so
		if _, err := t.s.step("ROLLBACK TO act"); err != nil {
			return fault("roll back an act", err) // a full disk ends all of it
		}
	}
	if _, err := t.s.step("RELEASE act"); err != nil {
		return fault("end of an act", err)
	}
	return nil
}

// run calls the act's function and catches its panic for its own goroutine.
func (a *asked) run(t *tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			a.panicked = p
		}
	}()
	return a.fn(t)
}
