package queue_test

import (
	"errors"
	"slices"
	"testing"

	"muontra/kiosk"
	"muontra/labels/queue"
)

// What a printer that keeps account of jobs says becomes of them.
func TestFollow(t *testing.T) {
	is := func(s queue.JobStatus) func() (queue.JobStatus, error) {
		return func() (queue.JobStatus, error) { return s, nil }
	}
	fails := func(code string) func() (queue.JobStatus, error) {
		return func() (queue.JobStatus, error) { return queue.JobStatus{}, &queue.Failure{Code: code, Detail: "x"} }
	}
	goes := is(queue.JobStatus{Sheets: 1})
	idle, empty := queue.Status{Kind: queue.Idle}, queue.Status{Kind: queue.Halted, Reasons: []string{"media_empty"}}
	for _, x := range []struct {
		name   string
		jobs   []func() (queue.JobStatus, error)
		state  queue.Status
		want   kiosk.PrintState
		reason string
		sent   int
		held   bool
	}{
		{"done", []func() (queue.JobStatus, error){goes, goes, is(queue.JobStatus{End: queue.Completed, Sheets: 4})}, idle, kiosk.PrintDone, "", 4, false},
		{"does not count", []func() (queue.JobStatus, error){is(queue.JobStatus{Sheets: -1}), is(queue.JobStatus{End: queue.Completed, Sheets: -1})}, idle, kiosk.PrintDone, "", 4, false},
		{"cancelled there", []func() (queue.JobStatus, error){goes, is(queue.JobStatus{End: queue.Canceled, Sheets: 2})}, idle, kiosk.PrintStopped, queue.ReasonAtPrinter, 2, false},
		{"aborted", []func() (queue.JobStatus, error){is(queue.JobStatus{End: queue.Aborted, Sheets: 3})}, idle, kiosk.PrintFailed, queue.ReasonAborted, 3, true},
		{"aborted and says why", []func() (queue.JobStatus, error){is(queue.JobStatus{End: queue.Aborted, Sheets: 3})}, empty, kiosk.PrintFailed, "media_empty", 3, true},
		{"forgets what it has printed", []func() (queue.JobStatus, error){goes, fails("not_found")}, idle, kiosk.PrintDone, "", 4, false},
		{"forgets in trouble", []func() (queue.JobStatus, error){goes, fails("not_found")}, empty, kiosk.PrintStopped, queue.ReasonForgotten, 1, false},
		{"never knew it", []func() (queue.JobStatus, error){fails("not_found")}, idle, kiosk.PrintStopped, queue.ReasonForgotten, 0, false},
		{"counts anew", []func() (queue.JobStatus, error){is(queue.JobStatus{End: queue.Completed, Name: "somebody else's"})}, idle, kiosk.PrintStopped, queue.ReasonForgotten, 0, false},
		{"goes away", []func() (queue.JobStatus, error){goes, fails("unreachable")}, idle, kiosk.PrintFailed, "unreachable", 1, true},
		{"comes back", []func() (queue.JobStatus, error){goes, fails("unreachable"), fails("garbage"), goes, is(queue.JobStatus{End: queue.Completed})}, idle, kiosk.PrintDone, "", 4, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, "office")
			f := r.fakes["office"]
			f.remote, f.jobs, f.state = "17", x.jobs, x.state
			id := r.add("office", 4)
			r.run()
			j := r.waitState(id, x.want)
			if j.Reason != x.reason || j.Sent != x.sent || j.Remote != "17" {
				t.Errorf("%+v", j)
			}
			if held := r.States()[r.ids["office"]].Held != ""; held != x.held {
				t.Errorf("held: %v", held)
			}
			if n := r.labelled(4); n == 4 != (x.want == kiosk.PrintDone) || n != 0 && n != 4 {
				t.Errorf("%d copies labelled", n)
			}
			if docs := f.sent(); len(docs) != 1 {
				t.Errorf("sent %d times", len(docs))
			}
		})
	}
}

// Out of paper is shown while the job waits at the printer, and goes when
// paper is in.
func TestPaperRunsOut(t *testing.T) {
	r := newRig(t, "office")
	f := r.fakes["office"]
	f.remote, f.state = "17", queue.Status{Kind: queue.Halted, Reasons: []string{"media_empty"}, Message: "load A4"}
	ended := queue.NotYet
	f.jobs = []func() (queue.JobStatus, error){func() (queue.JobStatus, error) {
		return queue.JobStatus{Sheets: 1, Halted: f.state.Kind == queue.Halted, End: ended}, nil
	}}
	f.ignore = []string{"print-scaling"}
	id := r.add("office", 3)
	r.run()
	j := r.wait(id, "waiting for paper", func(j kiosk.PrintJob) bool { return j.Reason == "media_empty" })
	if j.State != kiosk.PrintPrinting || j.Sent != 1 || j.Detail != "load A4" {
		t.Errorf("%+v", j)
	}
	if s := r.States()[r.ids["office"]]; s.Kind != queue.Halted || !slices.Equal(s.Reasons, []string{"media_empty"}) || s.Held != "" {
		t.Errorf("%+v", s)
	}
	f.set(func() { f.state = queue.Status{Kind: queue.Processing} })
	r.wait(id, "printing again", func(j kiosk.PrintJob) bool { return j.State == kiosk.PrintPrinting && j.Reason == "" })
	f.set(func() { ended = queue.Completed })
	// What the printer will not do is told of a job that is done, too.
	if j := r.waitState(id, kiosk.PrintDone); j.Reason != queue.ReasonIgnored || j.Detail != "print-scaling" {
		t.Errorf("%+v", j)
	}
}

// A person's stop reaches the printer; a job that was faster is done.
func TestStopAtThePrinter(t *testing.T) {
	for _, faster := range []bool{false, true} {
		r := newRig(t, "office")
		f := r.fakes["office"]
		ended := queue.NotYet
		f.remote, f.state = "17", queue.Status{Kind: queue.Processing}
		f.jobs = []func() (queue.JobStatus, error){func() (queue.JobStatus, error) { return queue.JobStatus{Sheets: 1, End: ended}, nil }}
		if faster {
			f.cancel = func() error { ended = queue.Completed; return &queue.Failure{Code: "too_late"} }
		}
		id := r.add("office", 3)
		r.run()
		r.wait(id, "printing", func(j kiosk.PrintJob) bool { return j.State == kiosk.PrintPrinting && j.Sent == 1 })
		if err := r.Retry(bg, id); !errors.Is(err, queue.ErrUnderWay) {
			t.Errorf("retry of a job under way: %v", err)
		}
		err := r.Stop(bg, id)
		j := r.job(id)
		switch {
		case faster && (!errors.Is(err, queue.ErrEnded) || j.State != kiosk.PrintDone):
			t.Errorf("faster: %v %+v", err, j)
		case !faster && (err != nil || j.State != kiosk.PrintStopped || j.Reason != queue.ReasonStopped || j.Sent != 1):
			t.Errorf("stopped: %v %+v", err, j)
		}
		f.set(func() {
			if !slices.Equal(f.cancelled, []string{"17"}) {
				t.Errorf("cancelled %v", f.cancelled)
			}
		})
	}
}
