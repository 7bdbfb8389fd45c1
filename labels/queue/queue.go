package queue

import (
	"context"
	"errors"
	"image"
	"log/slog"
	"slices"
	"sync"
	"time"

	"muontra/kiosk"
)

// Config is what a queue is made of. Ledger and Open are needed.
type Config struct {
	Ledger kiosk.Ledger
	// Open makes the sender of a printer. It touches neither network nor device.
	Open func(kiosk.Printer) (Sender, error)
	Now  func() time.Time
	// Changed is told of each change, after it is on disk, by the goroutine of
	// the printer: it must not wait, nor call the queue.
	Changed func(Change)
	Logger  *slog.Logger // codes and ids only
	// Photo finds a patron's picture for cards; nil prints none.
	Photo func(kiosk.Member) (image.Image, error)
	Spool string // the folder for drawn jobs, this queue's alone; "" is the system's

	Patience
}

// Patience is how often a queue looks and how long it waits. A zero field has
// the value named here.
type Patience struct {
	Poll   time.Duration // for jobs that another process wrote; 2 s
	State  time.Duration // between two questions how an idle printer is; 5 s
	Job    time.Duration // between two questions where a job stands; 1 s
	Step   time.Duration // between two notes of how far a job has come; 1 s
	Silent time.Duration // a printer that does not answer while it prints; 2 min
	Reply  time.Duration // for one answer; 10 s
}

func (p Patience) filled() Patience {
	fill := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	fill(&p.Poll, 2*time.Second)
	fill(&p.State, 5*time.Second)
	fill(&p.Job, time.Second)
	fill(&p.Step, time.Second)
	fill(&p.Silent, 2*time.Minute)
	fill(&p.Reply, 10*time.Second)
	return p
}

// Change is one thing that is different now: a job, or how a printer is. The
// other is nil.
type Change struct {
	Job     *kiosk.PrintJob
	Printer *PrinterState
}

// Queue sends jobs to printers. Two queues must not run on one ledger at the
// same time: the data folder's lock sees to that.
type Queue struct {
	cfg  Config
	wake chan struct{}

	mu       sync.Mutex
	workers  map[kiosk.ID]*worker
	watchers int
	told     map[kiosk.ID]time.Time // of jobs that have not ended: the ChangedAt last told
}

// New makes a queue. Its methods work before and without Run, which alone
// sends.
func New(cfg Config) *Queue {
	cfg.Patience = cfg.Patience.filled()
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Changed == nil {
		cfg.Changed = func(Change) {}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Queue{cfg: cfg, wake: make(chan struct{}, 1), workers: map[kiosk.ID]*worker{}, told: map[kiosk.ID]time.Time{}}
}

// Run sends until ctx ends. Trouble of printers and of the storage is written
// to jobs and log, and is no error of Run.
func (q *Queue) Run(ctx context.Context) error {
	q.start(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	for ctx.Err() == nil {
		printers, err := q.look(ctx)
		if err != nil && ctx.Err() == nil {
			q.cfg.Logger.Warn("print queue: read", "error", err)
		}
		for _, p := range printers {
			if w, made := q.worker(p.ID); made {
				workers.Go(func() { w.run(ctx) })
			}
		}
		rest(ctx, q.cfg.Poll, q.wake)
	}
	return nil
}

// RunJob sends one job and returns how it ended, for a command when no other
// queue runs on the ledger. Jobs beside it stay as they are.
func (q *Queue) RunJob(ctx context.Context, id kiosk.ID) (kiosk.PrintJob, error) {
	q.start(ctx)
	job, err := q.job(ctx, id)
	if err != nil {
		return job, err
	}
	w, _ := q.worker(job.PrinterID)
	if err := w.do(ctx, id); err != nil {
		return job, err
	}
	return q.job(context.WithoutCancel(ctx), id)
}

// start stops what was under way when the program last ended. Nothing is sent
// before that is written.
func (q *Queue) start(ctx context.Context) {
	if err := sweepSpool(q.cfg.Spool); err != nil {
		q.cfg.Logger.Warn("print queue", "error", err)
	}
	var jobs []kiosk.PrintJob
	q.insist(ctx, "stop what was under way", func(tx kiosk.Tx) error {
		all, err := tx.PrintJobs(true, manyJobs)
		if err != nil {
			return err
		}
		jobs = jobs[:0]
		for _, j := range all {
			if j.State != kiosk.PrintSending && j.State != kiosk.PrintPrinting {
				continue
			}
			j.State, j.Reason, j.ChangedAt = kiosk.PrintStopped, ReasonInterrupted, q.now()
			if err := tx.PutPrintJob(j); err != nil {
				return err
			}
			jobs = append(jobs, j)
		}
		return nil
	})
	for _, j := range jobs {
		q.tell(j)
	}
}

// manyJobs is more than ever wait.
const manyJobs = 10_000

// look lists the printers in use and tells of jobs that another process wrote.
func (q *Queue) look(ctx context.Context) ([]kiosk.Printer, error) {
	var printers []kiosk.Printer
	var jobs []kiosk.PrintJob
	err := q.cfg.Ledger.View(ctx, func(v kiosk.View) (err error) {
		if printers, err = v.Printers(); err != nil {
			return err
		}
		if jobs, err = v.PrintJobs(true, manyJobs); err != nil {
			return err
		}
		for id := range q.unseen(jobs) { // ended, and not by us
			j, err := v.PrintJob(id)
			if err != nil {
				return err
			}
			jobs = append(jobs, j)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, j := range jobs {
		q.mu.Lock()
		at, known := q.told[j.ID]
		q.mu.Unlock()
		if known && !j.ChangedAt.After(at) {
			continue
		}
		q.tell(j)
		if j.State == kiosk.PrintWaiting {
			q.kick(j.PrinterID)
		}
	}
	return slices.DeleteFunc(printers, func(p kiosk.Printer) bool { return p.Disabled }), nil
}

// unseen are the jobs that had not ended when they were last told of and are
// not among these.
func (q *Queue) unseen(jobs []kiosk.PrintJob) map[kiosk.ID]bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	gone := map[kiosk.ID]bool{}
	for id := range q.told {
		gone[id] = true
	}
	for _, j := range jobs {
		delete(gone, j.ID)
	}
	return gone
}

// tell publishes a job.
func (q *Queue) tell(j kiosk.PrintJob) {
	q.mu.Lock()
	if j.State.Ended() {
		delete(q.told, j.ID)
	} else {
		q.told[j.ID] = j.ChangedAt
	}
	q.mu.Unlock()
	q.cfg.Changed(Change{Job: &j})
}

// worker is the worker of a printer; made reports that there was none yet.
func (q *Queue) worker(printer kiosk.ID) (w *worker, made bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if w, ok := q.workers[printer]; ok {
		return w, false
	}
	w = &worker{q: q, printer: printer, kicked: make(chan struct{}, 1), state: PrinterState{Printer: printer, Kind: Unknown}}
	q.workers[printer] = w
	return w, true
}

// kick makes a printer's worker look now, or Run for printers that are new.
func (q *Queue) kick(printer kiosk.ID) {
	q.mu.Lock()
	c := q.wake
	if w, ok := q.workers[printer]; ok {
		c = w.kicked
	}
	q.mu.Unlock()
	select {
	case c <- struct{}{}:
	default:
	}
}

func (q *Queue) job(ctx context.Context, id kiosk.ID) (j kiosk.PrintJob, err error) {
	err = q.cfg.Ledger.View(ctx, func(v kiosk.View) error {
		j, err = v.PrintJob(id)
		return err
	})
	return j, err
}

// change reads a job, changes it and writes it back in one transaction, then
// tells of it. An error of fn leaves it as it was.
func (q *Queue) change(ctx context.Context, id kiosk.ID, fn func(kiosk.Tx, *kiosk.PrintJob) error) (kiosk.PrintJob, error) {
	var j kiosk.PrintJob
	err := q.cfg.Ledger.Update(ctx, func(tx kiosk.Tx) (err error) {
		if j, err = tx.PrintJob(id); err != nil {
			return err
		}
		if err = fn(tx, &j); err != nil {
			return err
		}
		j.ChangedAt = q.now()
		return tx.PutPrintJob(j)
	})
	if err == nil {
		q.tell(j)
	}
	return j, err
}

// insist repeats a transaction until it is written: what has happened to paper
// must not be forgotten because the storage was busy. When ctx ends it tries
// once more and gives up; the next start then finds the job under way.
func (q *Queue) insist(ctx context.Context, what string, fn func(kiosk.Tx) error) error {
	for last := false; ; {
		once, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		err := q.cfg.Ledger.Update(once, fn)
		cancel()
		if err == nil || last || errors.Is(err, kiosk.ErrNotFound) || errors.Is(err, errNotNow) {
			return err
		}
		q.cfg.Logger.Warn("print queue: "+what, "error", err)
		last = ctx.Err() != nil
		rest(ctx, time.Second, nil)
	}
}

func (q *Queue) now() time.Time { return q.cfg.Now().UTC() }

// rest waits for a time, a kick or the end.
func rest(ctx context.Context, d time.Duration, kick <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-kick:
	case <-t.C:
	}
}
