package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/say"
	"muontra/labels/sheet"
)

// The errors of what people ask a queue to do.
var (
	ErrUnderWay = errors.New("the job is waiting or being printed")
	ErrEnded    = errors.New("the job has ended")
	ErrDisabled = errors.New("the printer is out of use")
	// ErrFrom is a label that the job does not have, or a job whose pages
	// cannot be counted as labels.
	ErrFrom = errors.New("the job cannot go on from there")

	errNotNow = errors.New("the job is in another state")
)

// Add puts a job at the end of its printer's queue. It fills in ID, State,
// Total and times, the printer's stock where the job names none, and drops
// the subjects before From. A job that cannot be is a *say.Fault here already;
// one that cannot be drawn fails when its turn comes.
func (q *Queue) Add(ctx context.Context, j kiosk.PrintJob) (kiosk.PrintJob, error) {
	err := q.cfg.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		p, err := printerOf(tx, j.PrinterID)
		if err != nil {
			return err
		}
		if p.Disabled {
			return ErrDisabled
		}
		if j.Stock == "" {
			j.Stock = p.Stock
		}
		if err := checkStock(tx, j); err != nil {
			return err
		}
		if err := prepare(&j); err != nil {
			return err
		}
		j.ID, j.CreatedAt = tx.NewID(), q.now()
		j.State, j.ChangedAt = kiosk.PrintWaiting, j.CreatedAt
		return tx.PutPrintJob(j)
	})
	if err != nil {
		return kiosk.PrintJob{}, err
	}
	q.tell(j)
	q.kick(j.PrinterID)
	return j, nil
}

// checkStock sees that a job's stock is known and that so many of its labels
// can be used up.
func checkStock(v kiosk.View, j kiosk.PrintJob) error {
	own, err := Stocks(v)
	if err != nil {
		return err
	}
	s, err := sheet.Find(j.Stock, own...)
	if err != nil {
		return err
	}
	if n := s.Per(); j.Skip < 0 || j.Skip >= n {
		return say.New("skip", "skip", j.Skip, "stock", s.Name, "count", n, "most", n-1)
	}
	return nil
}

// prepare checks what can be checked without drawing.
func prepare(j *kiosk.PrintJob) error {
	l := labels.Layout(j.Layout)
	if !slices.Contains(labels.Layouts, l) {
		all := make([]any, len(labels.Layouts))
		for i, l := range labels.Layouts {
			all[i] = string(l)
		}
		return say.New("unknown_layout", "layout", fmt.Sprintf("%.40q", j.Layout), "choose", all)
	}
	j.Reason, j.Detail, j.Remote, j.Sent = "", "", "", 0
	switch {
	case ofSubjects(l):
		if j.From < 0 || j.From > 0 && j.From >= len(j.Subjects) {
			return ErrFrom
		}
		j.Subjects, j.From = j.Subjects[j.From:], 0
		j.Total = len(j.Subjects)
	case j.From != 0:
		return ErrFrom
	case withoutSubjects(l):
		j.Subjects, j.Total = nil, 1
	default:
		j.Total = len(j.Subjects) // known better when it is drawn
	}
	if j.Total == 0 {
		return say.New("nothing_selected")
	}
	return nil
}

func printerOf(v kiosk.View, id kiosk.ID) (kiosk.Printer, error) {
	all, err := v.Printers()
	if err != nil {
		return kiosk.Printer{}, err
	}
	i := slices.IndexFunc(all, func(p kiosk.Printer) bool { return p.ID == id })
	if i < 0 {
		return kiosk.Printer{}, kiosk.ErrNotFound
	}
	return all[i], nil
}

// Stop ends a job that waits or is under way; it can be tried again or
// continued. It returns when nothing more goes to the printer, which may
// still print what it has. ErrEnded: there was nothing left to stop.
func (q *Queue) Stop(ctx context.Context, id kiosk.ID) error { return q.end(ctx, id, errStopped) }

// Cancel is Stop for a job that nobody wants any more, and also takes away a
// failed one that its printer's other jobs wait for.
func (q *Queue) Cancel(ctx context.Context, id kiosk.ID) error { return q.end(ctx, id, errCancelled) }

// The causes by which a job's context ends; the text is the job's reason.
var (
	errStopped   = errors.New(ReasonStopped)
	errCancelled = errors.New(ReasonCancelled)
)

func (q *Queue) end(ctx context.Context, id kiosk.ID, why error) error {
	j, err := q.change(ctx, id, func(_ kiosk.Tx, j *kiosk.PrintJob) error {
		switch {
		case j.State == kiosk.PrintWaiting, j.State.Ended() && j.State != kiosk.PrintDone && why == errCancelled:
			j.State, j.Reason, j.Detail = kiosk.PrintStopped, why.Error(), ""
			return nil
		case j.State.Ended():
			return ErrEnded
		}
		return errNotNow
	})
	switch {
	case err == nil:
		q.release(j.PrinterID, id)
		return nil
	case !errors.Is(err, errNotNow):
		return err
	}
	w, _ := q.worker(j.PrinterID)
	done, ok := w.interrupt(id, why)
	if !ok {
		// Another process sends it, or it ended between the two looks.
		return ErrUnderWay
	}
	select {
	case <-done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if j, err = q.job(ctx, id); err == nil && j.State != kiosk.PrintStopped {
		err = ErrEnded // it was faster
	}
	return err
}

// Retry sends a job that has ended again, from the label it last began with.
func (q *Queue) Retry(ctx context.Context, id kiosk.ID) error {
	return q.again(ctx, id, func(kiosk.Tx, *kiosk.PrintJob) error { return nil })
}

// Continue sends the rest of a job that has ended, done ones included: a raw
// printer that jams has already taken everything. from is the first label to
// print, counted from 0; skip how many labels of the sheet that is in the
// printer now are used up. ErrFrom for a label that the job has not, and for
// pages; a *say.Fault for a skip that the stock has not.
func (q *Queue) Continue(ctx context.Context, id kiosk.ID, from, skip int) error {
	return q.again(ctx, id, func(tx kiosk.Tx, j *kiosk.PrintJob) error {
		if from < 0 || from >= j.Total || from > 0 && !ofSubjects(labels.Layout(j.Layout)) {
			return ErrFrom
		}
		j.From, j.Skip = from, skip
		return checkStock(tx, *j)
	})
}

func (q *Queue) again(ctx context.Context, id kiosk.ID, fn func(kiosk.Tx, *kiosk.PrintJob) error) error {
	j, err := q.change(ctx, id, func(tx kiosk.Tx, j *kiosk.PrintJob) error {
		if !j.State.Ended() {
			return ErrUnderWay
		}
		p, err := printerOf(tx, j.PrinterID)
		if err != nil {
			return err
		}
		if p.Disabled {
			return ErrDisabled
		}
		if err := fn(tx, j); err != nil {
			return err
		}
		j.State, j.Reason, j.Detail, j.Remote, j.Sent = kiosk.PrintWaiting, "", "", "", j.From
		return nil
	})
	if err != nil {
		return err
	}
	q.release(j.PrinterID, "")
	q.kick(j.PrinterID)
	return nil
}

// Disable puts a printer out of use and stops what waits for it. Its jobs stay
// readable.
func (q *Queue) Disable(ctx context.Context, printer kiosk.ID) error {
	var stopped []kiosk.PrintJob
	err := q.cfg.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		p, err := printerOf(tx, printer)
		if err != nil {
			return err
		}
		jobs, err := tx.PrintJobs(true, manyJobs)
		if err != nil {
			return err
		}
		stopped = stopped[:0]
		for _, j := range jobs {
			if j.PrinterID != printer || j.State != kiosk.PrintWaiting {
				continue
			}
			j.State, j.Reason, j.ChangedAt = kiosk.PrintStopped, ReasonDisabled, q.now()
			if err := tx.PutPrintJob(j); err != nil {
				return err
			}
			stopped = append(stopped, j)
		}
		p.Disabled = true
		return tx.PutPrinter(p)
	})
	if err != nil {
		return err
	}
	for _, j := range stopped {
		q.tell(j)
	}
	return nil
}

// Wait returns a job once it has ended, or as it is when ctx ends. It only
// reads, and so also sees jobs that another process sends.
func (q *Queue) Wait(ctx context.Context, id kiosk.ID, every time.Duration, seen func(kiosk.PrintJob) bool) (kiosk.PrintJob, error) {
	for {
		j, err := q.job(context.WithoutCancel(ctx), id)
		if err != nil || j.State.Ended() || seen != nil && !seen(j) || ctx.Err() != nil {
			return j, err
		}
		rest(ctx, every, nil)
	}
}
