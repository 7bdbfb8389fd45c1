package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"muontra/devices/printer"
	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/queue"
	"muontra/store"
)

// newQueue is the print queue over the real printers. Drawn jobs lie in the
// data folder while they are sent, because cards have pupils' names on them.
// changed, which may be nil, is told of every change.
func newQueue(l kiosk.Ledger, data string, now func() time.Time, logger *slog.Logger, changed func(queue.Change)) *queue.Queue {
	return queue.New(queue.Config{
		Ledger: l, Now: now, Logger: logger, Spool: data, Changed: changed, Photo: photosOf(data),
		Open: func(p kiosk.Printer) (queue.Sender, error) { return openPrinter(p, printer.Options{}) },
	})
}

// printerAddress checks the address of a printer and writes it in full.
func printerAddress(text string) (string, error) {
	t, err := printer.ParseTarget(text)
	return t.String(), err
}

// openPrinter makes the sender of a printer.
func openPrinter(p kiosk.Printer, o printer.Options) (queue.Sender, error) {
	t, err := printer.ParseTarget(p.Target)
	if err != nil {
		return nil, failureOf(err)
	}
	d, err := printer.Open(t, o)
	if err != nil {
		return nil, failureOf(err)
	}
	return driver{d}, nil
}

// driver is a printer of package devices as the queue speaks to it. The two
// know nothing of each other.
type driver struct{ p printer.Printer }

func (d driver) Send(ctx context.Context, doc queue.Document) (queue.Receipt, error) {
	r, err := d.p.Send(ctx, printer.Job{Name: doc.Name, Format: mediaType(doc.Format), Data: doc.Data, Media: paper(doc)})
	return queue.Receipt{Remote: string(r.Handle), Ignored: r.Ignored}, failureOf(err)
}

func (d driver) State(ctx context.Context) (queue.Status, error) {
	s, err := d.p.State(ctx)
	if err != nil {
		return queue.Status{}, failureOf(err)
	}
	return queue.Status{Kind: string(s.Kind), Reasons: whats(s.Reasons, s.Kind == printer.Stopped), Message: s.Message}, nil
}

func (d driver) JobState(ctx context.Context, remote string) (queue.JobStatus, error) {
	s, err := d.p.JobState(ctx, printer.Handle(remote))
	if err != nil {
		return queue.JobStatus{}, failureOf(err)
	}
	out := queue.JobStatus{Name: s.Name, Reasons: s.Reasons, Message: s.Message, Sheets: s.Sheets}
	switch s.Kind {
	case printer.JobCompleted:
		out.End = queue.Completed
	case printer.JobCanceled:
		out.End = queue.Canceled
	case printer.JobAborted:
		out.End = queue.Aborted
	case printer.JobHeld, printer.JobStopped:
		out.Halted = true
	}
	return out, nil
}

func (d driver) Cancel(ctx context.Context, remote string) error {
	return failureOf(d.p.Cancel(ctx, printer.Handle(remote)))
}

// whats are the codes of reasons that keep a printer from printing; all of
// them when it has stopped and calls none of them an error.
func whats(reasons []printer.Reason, stopped bool) []string {
	var bad, all []string
	for _, r := range reasons {
		code := string(r.What)
		if r.What == printer.Other || code == "" {
			code = r.Text
		}
		if all = append(all, code); r.Severity == printer.Bad {
			bad = append(bad, code)
		}
	}
	if len(bad) == 0 && stopped {
		return all
	}
	return bad
}

// failureOf is an error of a printer as the queue keeps it. Where the printer
// says what it lacks, that is the code: "out of paper" helps more than "not
// ready".
func failureOf(err error) error {
	var e *printer.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	f := &queue.Failure{Code: string(e.Code), Detail: e.Error(), Sent: e.Sent, Err: err}
	if e.Code == printer.NotReady || e.Code == printer.JobFailed {
		if codes := whats(e.Reasons, true); len(codes) > 0 {
			f.Code = codes[0]
		}
	}
	switch e.Code {
	case printer.Refused, printer.Unreachable, printer.NotFound:
		f.Away = true
	case printer.NotReady, printer.Busy:
		f.Away = e.Sent == 0 // it says so itself when that is over
	}
	return f
}

func mediaType(f labels.Format) printer.Format {
	switch f {
	case labels.PDF:
		return printer.PDF
	case labels.ZPL:
		return printer.ZPL
	}
	return printer.Raw
}

// paper is the name of a document's paper, as PWG 5101.1 makes them.
func paper(d queue.Document) string {
	if d.Format != labels.PDF {
		return ""
	}
	if d.Width == 210 && d.Height == 297 {
		return printer.A4
	}
	return fmt.Sprintf("custom_label-%gx%gmm_%[1]gx%[2]gmm", d.Width, d.Height)
}

// send puts a job into the queue of a data folder and waits for its end. When a
// daemon serves the folder it is the daemon that sends; it may print another
// job first, and so the command waits only so long for its own to begin.
func (e *env) send(ctx context.Context, st *store.Store, dir string, p kiosk.Printer, j kiosk.PrintJob, wait time.Duration) int {
	q := newQueue(st, dir, e.now, nil, func(c queue.Change) {
		if c.Job != nil {
			e.printProgress(*c.Job)
		}
	})
	j, err := q.Add(ctx, j)
	if err != nil {
		return e.printRefused(p, err)
	}
	for begun, told := time.Now(), false; !j.State.Ended(); {
		lock, err := lockFolder(dir)
		switch {
		case err == nil:
			j, err = q.RunJob(ctx, j.ID)
			err = errors.Join(err, lock.Unlock())
		case errors.Is(err, store.ErrLocked):
			if !told {
				fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("print_daemon")))
				told = true
			}
			j, err = e.await(ctx, q, j)
		}
		if err != nil {
			return e.fail(sentence("failed", err))
		}
		if ctx.Err() != nil && !j.State.Ended() || j.State == kiosk.PrintWaiting && time.Since(begun) >= wait {
			e.fail(sentence("print_waits", p.Name))
			return exitPartly
		}
	}
	return e.printEnded(p, j)
}

// await looks for a while how far the daemon is with a job.
func (e *env) await(ctx context.Context, q *queue.Queue, j kiosk.PrintJob) (kiosk.PrintJob, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return q.Wait(ctx, j.ID, 100*time.Millisecond, func(now kiosk.PrintJob) bool {
		if now.Sent != j.Sent || now.State != j.State || now.Reason != j.Reason {
			e.printProgress(now)
			j = now
		}
		return true
	})
}

// printProgress is one line that is written over.
func (e *env) printProgress(j kiosk.PrintJob) {
	if j.State.Ended() || j.State == kiosk.PrintWaiting {
		return
	}
	state := e.code("job_", string(j.State))
	if j.Reason != "" {
		state += ": " + e.reason(j.Reason)
	}
	fmt.Fprint(e.stderr, e.word(sentence("print_progress", j.Sent, j.Total, state)))
}

// printEnded says what became of a job.
func (e *env) printEnded(p kiosk.Printer, j kiosk.PrintJob) int {
	fmt.Fprintln(e.stderr)
	if j.State != kiosk.PrintDone {
		return e.fail(sentence("print_failed", p.Name, e.reason(j.Reason), j.Sent, j.Total, j.Detail))
	}
	if j.Reason != "" {
		fmt.Fprintln(e.stderr, "muontra: "+e.word(sentence("print_but", e.reason(j.Reason), j.Detail)))
	}
	fmt.Fprintln(e.stdout, e.word(sentence("print_done", j.Total, p.Name)))
	return exitDone
}

// printRefused says why a job could not be put into the queue.
func (e *env) printRefused(p kiosk.Printer, err error) int {
	if errors.Is(err, queue.ErrDisabled) {
		return e.fail(sentence("printer_off", p.Name, p.Name))
	}
	return e.labelsFailed(err)
}

// reason is a reason's code in the user's language; one that the printer alone
// knows stays as it is.
func (e *env) reason(code string) string { return e.code("reason_", code) }

// code is a word for a code, or the code where there is none.
func (e *env) code(kind, code string) string {
	if _, ok := sentences[kind+code]; !ok {
		return code
	}
	return e.word(said{key: kind + code})
}

// jobTitle is what people read in the list of jobs. It names nobody.
func (e *env) jobTitle(l labels.Layout, n int) string {
	return e.word(sentence("job_title", e.code("layout_", string(l)), n))
}

// folder is the data folder that a command line means.
func (e *env) folder(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	return e.defaultData()
}
