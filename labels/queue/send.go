package queue

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/labels"
	"muontra/labels/say"
)

// do brings one waiting job to its printer and writes down how it ended. Its
// error is the storage's; whatever becomes of the job is no error.
func (w *worker) do(ctx context.Context, id kiosk.ID) error {
	jobCtx, end := context.WithCancelCause(ctx)
	r := w.begin(id, end)
	defer w.finish(r)

	s := &sending{w: w, ctx: jobCtx}
	taken, err := s.take(id)
	if err != nil || !taken {
		return err
	}
	defer s.close()
	out, bad := s.send()
	if bad == nil && out.Remote != "" {
		bad = s.follow(out.Remote)
	}
	if bad != nil {
		return s.ended(bad)
	}
	return s.done(out)
}

// sending is one job on its way.
type sending struct {
	w       *worker
	ctx     context.Context // ends with the program, and when a person stops the job
	job     kiosk.PrintJob
	printer kiosk.Printer
	order   labels.Job
	bad     error // why there is no order
	spool   *spool
	sender  Sender
}

// take writes down that the job is being sent, before a byte of it is, and
// reads what it is about in the same transaction. taken is false when somebody
// was faster.
func (s *sending) take(id kiosk.ID) (taken bool, err error) {
	q := s.w.q
	s.job, err = q.change(s.ctx, id, func(tx kiosk.Tx, j *kiosk.PrintJob) (err error) {
		if j.State != kiosk.PrintWaiting {
			return errNotNow
		}
		if s.printer, err = printerOf(tx, j.PrinterID); err != nil {
			return err
		}
		s.order, s.bad = order(tx, *j, s.printer, q.now())
		s.order.Photo = q.cfg.Photo
		if s.bad != nil && !ours(s.bad) {
			return s.bad // the storage's
		}
		j.State, j.Reason, j.Detail, j.Remote, j.Sent = kiosk.PrintSending, "", "", "", j.From
		return nil
	})
	if errors.Is(err, errNotNow) {
		return false, nil
	}
	return err == nil, err
}

// ours reports whether an error is about the job, and not the storage's.
func ours(err error) bool {
	var fault *say.Fault
	var f *Failure
	return errors.As(err, &fault) || errors.As(err, &f)
}

func (s *sending) close() {
	if s.spool != nil {
		s.spool.remove()
	}
}

// trouble is why a job was not printed. Trouble of the printer holds its other
// jobs; of a label that cannot be drawn it does not.
type trouble struct {
	*Failure
	ofPrinter bool
	stop      bool // ends as stopped, not failed
}

func (s *sending) send() (Receipt, *trouble) {
	q := s.w.q
	if s.bad != nil {
		return Receipt{}, s.undrawable(s.bad)
	}
	var err error
	if s.spool, err = draw(s.ctx, q.cfg.Spool, s.job.From, s.order); err != nil {
		return Receipt{}, s.undrawable(err)
	}
	if s.sender, err = q.cfg.Open(s.printer); err != nil {
		return Receipt{}, &trouble{Failure: failure(err), ofPrinter: true}
	}
	ctx, stopNotes := context.WithCancel(s.ctx)
	noted := make(chan struct{})
	go func() { defer close(noted); s.note(ctx) }()
	out, err := s.sender.Send(s.ctx, Document{
		Name: documentName(s.job), Format: s.order.Format, Data: s.spool, Width: s.order.Stock.PageW, Height: s.order.Stock.PageH,
	})
	stopNotes()
	<-noted
	if err == nil {
		s.job.Sent, s.job.Total = s.spool.labels(s.spool.size), s.job.From+s.spool.total
		return out, nil
	}
	f := failure(err)
	s.job.Sent = s.spool.labels(f.Sent)
	return out, &trouble{Failure: f, ofPrinter: true}
}

// undrawable is the trouble of a job that no printer was asked to print.
func (s *sending) undrawable(err error) *trouble {
	var fault *say.Fault
	if errors.As(err, &fault) {
		return &trouble{Failure: &Failure{Code: fault.Code, Detail: fault.In(s.order.Lang), Err: err}}
	}
	return &trouble{Failure: failure(err)}
}

// note writes down from time to time how far the sender has come, so that
// after a power cut it is known where to look for the last label.
func (s *sending) note(ctx context.Context) {
	sent := s.job.Sent
	for {
		rest(ctx, s.w.q.cfg.Step, nil)
		if ctx.Err() != nil {
			return
		}
		n := s.spool.gone()
		if n == sent {
			continue
		}
		if _, err := s.w.q.change(ctx, s.job.ID, func(_ kiosk.Tx, j *kiosk.PrintJob) error {
			j.Sent, j.Total = n, s.job.From+s.spool.total
			return nil
		}); err == nil {
			sent = n
		}
	}
}

// follow asks the printer about the job until it has ended there.
func (s *sending) follow(remote string) *trouble {
	q := s.w.q
	s.job.State, s.job.Remote = kiosk.PrintPrinting, remote
	s.job.Sent = s.job.From // from now on: what lies printed in the tray
	s.write("printing")
	known := false
	heard := time.Now()
	for {
		rest(s.ctx, q.cfg.Job, nil)
		if s.ctx.Err() != nil {
			return s.leave(remote)
		}
		once, cancel := context.WithTimeout(s.ctx, q.cfg.Reply)
		st, err := s.sender.JobState(once, remote)
		cancel()
		if s.ctx.Err() != nil {
			continue
		}
		how, howErr := s.w.ask(s.ctx, s.sender)
		switch {
		case err != nil && failure(err).Code == notFound, err == nil && st.Name != "" && !strings.Contains(st.Name, string(s.job.ID)):
			// Many printers forget a job as soon as it is printed. It was
			// printed if it was known before and nothing is wrong now.
			if known && howErr == nil && how.Kind != Halted && len(how.Reasons) == 0 {
				return nil
			}
			return &trouble{Failure: &Failure{Code: ReasonForgotten}, stop: true}
		case err != nil:
			f := failure(err)
			if time.Since(heard) > q.cfg.Silent {
				return &trouble{Failure: f, ofPrinter: true}
			}
			s.reason(f.Code, f.Detail, s.job.Sent)
			continue
		}
		known, heard = true, time.Now()
		sent := s.job.Sent
		if st.Sheets >= 0 {
			sent = max(sent, s.spool.sheets(st.Sheets))
		}
		switch st.End {
		case Completed:
			return nil
		case Canceled:
			s.job.Sent = sent
			return &trouble{Failure: &Failure{Code: ReasonAtPrinter, Detail: detail(st)}, stop: true}
		case Aborted:
			s.job.Sent = sent
			code := ReasonAborted
			if len(how.Reasons) > 0 {
				code = how.Reasons[0]
			}
			return &trouble{Failure: &Failure{Code: code, Detail: detail(st)}, ofPrinter: true}
		}
		code, text := "", ""
		if (how.Kind == Halted || st.Halted) && len(how.Reasons) > 0 {
			code, text = how.Reasons[0], how.Message
		} else if st.Halted {
			code, text = ReasonNotReady, detail(st)
		}
		s.reason(code, text, sent)
	}
}

// leave ends following because the program ends, or because a person stops the
// job: then the printer, too, is told to stop. nil is a job that was faster.
func (s *sending) leave(remote string) *trouble {
	bad := &trouble{Failure: &Failure{Code: ReasonInterrupted, Err: s.ctx.Err()}}
	if why := context.Cause(s.ctx); why != errStopped && why != errCancelled {
		return bad
	}
	bye, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), s.w.q.cfg.Reply)
	defer cancel()
	if err := s.sender.Cancel(bye, remote); err != nil {
		bad.Detail = failure(err).Error()
		if st, err := s.sender.JobState(bye, remote); err == nil && st.End == Completed {
			return nil
		}
	}
	return bad
}

func detail(st JobStatus) string {
	parts := slices.Clone(st.Reasons)
	if st.Message != "" {
		parts = append(parts, st.Message)
	}
	return strings.Join(parts, ", ")
}

// reason writes what the job waits for at its printer, and how far it is, when
// that is new.
func (s *sending) reason(code, text string, sent int) {
	if s.job.Reason == code && s.job.Detail == text && s.job.Sent == sent {
		return
	}
	s.job.Reason, s.job.Detail, s.job.Sent = code, text, sent
	s.write("note a reason")
}

// write puts what happened to the job into the ledger, whatever it takes.
func (s *sending) write(what string) error {
	q := s.w.q
	s.job.ChangedAt = q.now()
	err := q.insist(s.ctx, what, func(tx kiosk.Tx) error { return tx.PutPrintJob(s.job) })
	if err == nil {
		q.tell(s.job)
	}
	return err
}

// ended writes a job that was not printed to its end.
func (s *sending) ended(bad *trouble) error {
	q := s.w.q
	s.job.State, s.job.Reason, s.job.Detail = kiosk.PrintFailed, bad.Code, bad.Detail
	switch why := context.Cause(s.ctx); {
	case why == errStopped || why == errCancelled:
		s.job.State, s.job.Reason = kiosk.PrintStopped, why.Error()
		bad.ofPrinter = false
	case why != nil:
		s.job.State, s.job.Reason, s.job.Detail = kiosk.PrintStopped, ReasonInterrupted, ""
		bad.ofPrinter = false
	case bad.stop:
		s.job.State = kiosk.PrintStopped
	}
	if s.job.State == kiosk.PrintFailed {
		q.cfg.Logger.Warn("print job failed", "job", s.job.ID, "printer", s.printer.Name, "code", s.job.Reason, "labels", s.job.Sent)
	}
	if bad.ofPrinter {
		s.w.wasAway = bad.Away
		s.w.asked = time.Now()
		s.w.setState(func(p *PrinterState) {
			p.Held = s.job.ID
			if bad.Away {
				p.Kind, p.Reasons, p.Message, p.At = Away, []string{bad.Code}, bad.Failure.Detail, q.now()
			}
		})
	}
	return s.write("end a job")
}

// done writes a job that is printed, and that its copies bear their labels. A
// thousand copies are not one transaction: a checkout may wait behind it.
func (s *sending) done(out Receipt) error {
	q := s.w.q
	s.job.State, s.job.Reason, s.job.Detail = kiosk.PrintDone, "", ""
	if len(out.Ignored) > 0 {
		s.job.Reason, s.job.Detail = ReasonIgnored, strings.Join(out.Ignored, ", ")
	}
	s.job.Total = s.job.From + s.spool.total
	s.job.Sent, s.job.ChangedAt = s.job.Total, q.now()
	var copies []kiosk.ID
	if marksLabelled(labels.Layout(s.job.Layout)) {
		copies = s.job.Subjects
	}
	const atOnce = 50
	for len(copies) > atOnce {
		err := q.insist(s.ctx, "mark labelled", func(tx kiosk.Tx) error { return labelled(tx, copies[:atOnce], q.now()) })
		if err != nil {
			return err
		}
		copies = copies[atOnce:]
	}
	err := q.insist(s.ctx, "end a job", func(tx kiosk.Tx) error {
		if err := labelled(tx, copies, q.now()); err != nil {
			return err
		}
		return tx.PutPrintJob(s.job)
	})
	if err == nil {
		q.tell(s.job)
	}
	return err
}
