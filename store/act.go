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
	done chan struct{} // closed once err stands
	err  error
	// panicked is what fn panicked with; its own goroutine is to know of it.
	panicked any
}

// line is the acts that wait, first come first.
type line struct {
	mu   sync.Mutex
	wait []*asked
}

func (l *line) join(a *asked) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wait = append(l.wait, a)
}

// leave reports whether a was still waiting; it waits no more then.
func (l *line) leave(a *asked) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.wait, a)
	if i < 0 {
		return false
	}
	l.wait = slices.Delete(l.wait, i, i+1)
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

// Act is Update for what is over in a moment. Acts that wait for the writer at
// the same time are done one after the other in one transaction and share its
// commit, because a commit waits for the disk and everything else does not: on a
// slow disk, sixteen children wait as long as one. Each act has a savepoint, so
// it fails alone; only a fault of the transaction itself is everybody's. An act
// is answered after the commit, never before.
func (s *Store) Act(ctx context.Context, fn func(kiosk.Tx) error) error {
	a := &asked{ctx: ctx, fn: fn, done: make(chan struct{})}
	s.acts.join(a)
	limit := time.NewTimer(s.opt.Wait)
	defer limit.Stop()
	var err error
	select {
	case <-a.done: // somebody else's turn was ours too
	case ses, ok := <-s.writer:
		if err = closedErr(ok); err == nil {
			s.together(ses)
		}
	case <-limit.C:
		err = fmt.Errorf("waited %v for the database: %w", s.opt.Wait, kiosk.ErrBusy)
	case <-ctx.Done():
		err = fault("wait for the database", ctx.Err())
	}
	if err != nil && s.acts.leave(a) {
		return err
	}
	<-a.done
	if a.panicked != nil {
		panic(a.panicked)
	}
	return a.err
}

// together does the acts whose turn it is on the writer's session. An act that
// asked for the writer and finds that it was done meanwhile has nothing to do
// here but to give the session back.
func (s *Store) together(ses *session) {
	turn := s.acts.next()
	if len(turn) == 0 {
		s.writer <- ses
		return
	}
	// Nobody is told before the session is back, so that who comes after a done
	// act finds the writer free.
	defer func() {
		for _, a := range turn {
			close(a.done)
		}
		s.checkpoints.wrote(len(turn))
	}()
	if len(turn) == 1 {
		a := turn[0]
		a.err = s.using(a.ctx, ses, s.writer, s.writeDB, beginWrite, func(t *tx) error {
			return a.alone(t)
		})
		return
	}
	// The transaction is nobody's own: it does not end with one caller's context.
	err := s.using(context.Background(), ses, s.writer, s.writeDB, beginWrite, func(t *tx) error {
		for _, a := range turn {
			if err := a.among(t); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		for _, a := range turn {
			// What an act was refused before the fault is still its own answer.
			if a.err == nil && a.panicked == nil {
				a.err = err
			}
		}
	}
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
		t.s.at = 0 // what was read of unwritten settings is not so
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
