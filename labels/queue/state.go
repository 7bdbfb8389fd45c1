package queue

import (
	"context"
	"errors"
	"slices"
	"time"

	"muontra/kiosk"
)

// PrinterState is how a printer was when it was last asked.
type PrinterState struct {
	Printer kiosk.ID
	Kind    string   // as of Status; Away when it could not be asked
	Reasons []string // codes, worst first
	Message string
	// Held is the job after whose failure the printer's other jobs wait; ""
	// when none do.
	Held kiosk.ID
	At   time.Time // when it was asked; zero for never
}

// States are the printers that the queue has met.
func (q *Queue) States() map[kiosk.ID]PrinterState {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := make(map[kiosk.ID]PrinterState, len(q.workers))
	for id, w := range q.workers {
		all[id] = w.state
	}
	return all
}

// Watch has the printers asked how they are from time to time, until stop is
// called. Without a watcher only a printer that jobs wait for is asked.
func (q *Queue) Watch() (stop func()) {
	q.mu.Lock()
	q.watchers++
	var printers []kiosk.ID
	for id := range q.workers {
		printers = append(printers, id)
	}
	q.mu.Unlock()
	for _, id := range printers {
		q.kick(id)
	}
	stopped := false
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if !stopped {
			stopped = true
			q.watchers--
		}
	}
}

// release lets a printer's jobs go on: a person has acted. When job is named,
// only if they wait for that one.
func (q *Queue) release(printer, job kiosk.ID) {
	w, _ := q.workerIfAny(printer)
	if w == nil {
		return
	}
	changed := w.setState(func(s *PrinterState) {
		if job == "" || s.Held == job {
			s.Held = ""
		}
	})
	if changed {
		q.kick(printer)
	}
}

func (q *Queue) workerIfAny(printer kiosk.ID) (*worker, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w, ok := q.workers[printer]
	return w, ok
}

// setState changes what is known of the printer and tells when it is new.
func (w *worker) setState(fn func(*PrinterState)) (changed bool) {
	w.q.mu.Lock()
	was := w.state
	fn(&w.state)
	now := w.state
	w.q.mu.Unlock()
	if was.Kind == now.Kind && was.Message == now.Message && was.Held == now.Held && slices.Equal(was.Reasons, now.Reasons) && was.At.IsZero() == now.At.IsZero() {
		return false
	}
	w.q.cfg.Changed(Change{Printer: &now})
	return true
}

// ask asks the printer how it is. A held printer that has been seen away and
// is well again goes on; one that was well all along while it lost a job says
// nothing about the next one.
func (w *worker) ask(ctx context.Context, s Sender) (Status, error) {
	once, cancel := context.WithTimeout(ctx, w.q.cfg.Reply)
	defer cancel()
	st, err := s.State(once)
	if ctx.Err() != nil {
		return st, ctx.Err()
	}
	w.asked = time.Now()
	if err != nil {
		f := failure(err)
		st = Status{Kind: Away, Reasons: []string{f.Code}, Message: f.Detail}
	}
	well := err == nil && st.Kind != Halted && len(st.Reasons) == 0
	w.setState(func(p *PrinterState) {
		p.Kind, p.Reasons, p.Message, p.At = st.Kind, st.Reasons, st.Message, w.q.now()
		switch {
		case p.Held == "":
		case !well:
			w.wasAway = true
		case w.wasAway:
			p.Held = ""
		}
	})
	return st, err
}

// failure reads any error as a failure.
func failure(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{Code: ReasonFailed, Detail: err.Error(), Err: err}
}
