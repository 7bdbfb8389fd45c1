package queue

import (
	"context"
	"time"

	"muontra/kiosk"
)

// worker owns one printer: only its goroutine speaks to it.
type worker struct {
	q       *Queue
	printer kiosk.ID
	kicked  chan struct{}

	asked   time.Time // when the printer was last asked how it is; the goroutine's own
	wasAway bool      // since it is held it was seen to be away or in trouble; the goroutine's own

	// Guarded by the queue's mu.
	state   PrinterState
	running *running
}

// running is the job that is under way.
type running struct {
	id   kiosk.ID
	end  context.CancelCauseFunc
	done chan struct{} // closed when the job has been written as ended
}

func (w *worker) run(ctx context.Context) {
	for ctx.Err() == nil {
		printer, next, err := w.next(ctx)
		switch {
		case err != nil:
			if ctx.Err() == nil {
				w.q.cfg.Logger.Warn("print queue: read", "error", err)
			}
		case printer.Disabled:
		case next != "" && w.held() == "":
			if err := w.do(ctx, next); err == nil {
				continue
			} else if ctx.Err() == nil {
				w.q.cfg.Logger.Warn("print queue", "job", next, "error", err)
			}
		case next != "" || w.q.watched():
			w.askIfTime(ctx, printer)
			if next != "" && w.held() == "" {
				continue // it is well again
			}
		}
		rest(ctx, min(w.q.cfg.Poll, w.q.cfg.State), w.kicked)
	}
}

// next is the printer as it is now and its oldest waiting job, "" for none.
func (w *worker) next(ctx context.Context) (p kiosk.Printer, job kiosk.ID, err error) {
	err = w.q.cfg.Ledger.View(ctx, func(v kiosk.View) error {
		if p, err = printerOf(v, w.printer); err != nil {
			return err
		}
		jobs, err := v.PrintJobs(true, manyJobs)
		for _, j := range jobs {
			if j.PrinterID == w.printer && j.State == kiosk.PrintWaiting {
				job = j.ID
				break
			}
		}
		return err
	})
	return p, job, err
}

func (w *worker) held() kiosk.ID {
	w.q.mu.Lock()
	defer w.q.mu.Unlock()
	return w.state.Held
}

func (q *Queue) watched() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.watchers > 0
}

func (w *worker) askIfTime(ctx context.Context, p kiosk.Printer) {
	if time.Since(w.asked) < w.q.cfg.State {
		return
	}
	s, err := w.q.cfg.Open(p)
	if err != nil {
		f := failure(err)
		w.setState(func(s *PrinterState) {
			s.Kind, s.Reasons, s.Message, s.At = Away, []string{f.Code}, f.Detail, w.q.now()
		})
		w.asked = time.Now()
		return
	}
	w.ask(ctx, s) // what is wrong stands in the printer's state
}

// begin notes what is under way, so that a person can stop it.
func (w *worker) begin(id kiosk.ID, end context.CancelCauseFunc) *running {
	w.q.mu.Lock()
	defer w.q.mu.Unlock()
	w.running = &running{id: id, end: end, done: make(chan struct{})}
	return w.running
}

func (w *worker) finish(r *running) {
	w.q.mu.Lock()
	w.running = nil
	w.q.mu.Unlock()
	r.end(nil)
	close(r.done)
}

// interrupt stops the job if it is the one under way; done is closed when that
// is written.
func (w *worker) interrupt(id kiosk.ID, why error) (done <-chan struct{}, ok bool) {
	w.q.mu.Lock()
	defer w.q.mu.Unlock()
	if w.running == nil || w.running.id != id {
		return nil, false
	}
	w.running.end(why)
	return w.running.done, true
}
