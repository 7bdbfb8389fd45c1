package queue_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/labels"
	"muontra/labels/queue"
)

// fake is a printer whose behaviour a test changes while the queue runs.
type fake struct {
	mu   sync.Mutex
	docs []document // each Send, in order

	// take is how Send deals with a document: nil reads it all.
	take   func(ctx context.Context, d io.Reader) (int64, error)
	remote string
	ignore []string
	state  queue.Status
	away   error // of State
	jobs   []func() (queue.JobStatus, error)
	cancel func() error

	cancelled []string
	asked     int
}

// document is what arrived.
type document struct {
	name string
	data []byte
	err  error
}

func (f *fake) set(fn func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fn()
}

func (f *fake) sent() []document {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]document(nil), f.docs...)
}

func (f *fake) Send(ctx context.Context, d queue.Document) (queue.Receipt, error) {
	f.mu.Lock()
	take, remote, ignore := f.take, f.remote, f.ignore
	f.mu.Unlock()
	var got bytes.Buffer
	r := io.TeeReader(d.Data, &got)
	var err error
	if take == nil {
		_, err = io.Copy(io.Discard, r)
	} else {
		_, err = take(ctx, r)
	}
	f.mu.Lock()
	f.docs = append(f.docs, document{d.Name, got.Bytes(), err})
	f.mu.Unlock()
	return queue.Receipt{Remote: remote, Ignored: ignore}, err
}

func (f *fake) State(context.Context) (queue.Status, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	return f.state, f.away
}

// JobState plays the list, and then its last line for ever.
func (f *fake) JobState(context.Context, string) (queue.JobStatus, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	next := f.jobs[0]
	if len(f.jobs) > 1 {
		f.jobs = f.jobs[1:]
	}
	return next()
}

func (f *fake) Cancel(_ context.Context, remote string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cancelled = append(f.cancelled, remote)
	if f.cancel != nil {
		return f.cancel()
	}
	return nil
}

// off is a printer that is switched off.
func off(context.Context, io.Reader) (int64, error) {
	return 0, &queue.Failure{Code: "refused", Detail: "connection refused", Away: true}
}

// takes is a printer that takes n bytes, and then fails; with n < 0, all.
func takes(n int64, fail error) func(context.Context, io.Reader) (int64, error) {
	return func(_ context.Context, r io.Reader) (int64, error) {
		sent, _ := io.CopyN(io.Discard, r, n)
		if f := (*queue.Failure)(nil); errors.As(fail, &f) {
			f.Sent = sent
		}
		return sent, fail
	}
}

// stuck is a printer that takes n bytes and then waits until it is left alone.
func stuck(n int64, began chan<- struct{}) func(context.Context, io.Reader) (int64, error) {
	return func(ctx context.Context, r io.Reader) (int64, error) {
		sent := int64(0)
		for sent < n { // in pieces, as drivers do
			k, err := io.CopyN(io.Discard, r, min(1024, n-sent))
			if sent += k; err != nil {
				break
			}
		}
		r.Read(make([]byte, 1)) // comes back for more
		close(began)
		<-ctx.Done()
		return sent, &queue.Failure{Code: "canceled", Sent: sent, Err: ctx.Err()}
	}
}

// patience makes a test's waits short.
var patience = queue.Patience{
	Poll: 10 * time.Millisecond, State: 5 * time.Millisecond, Job: 2 * time.Millisecond, Step: 2 * time.Millisecond,
	Silent: 250 * time.Millisecond, Reply: time.Second,
}

// rig is a queue with a school, over fakes.
type rig struct {
	testing.TB
	*queue.Queue
	ledger kiosk.Ledger
	people kiosktest.People
	cfg    queue.Config
	fakes  map[string]*fake
	ids    map[string]kiosk.ID // printers by name

	mu      sync.Mutex
	changes []queue.Change
}

func newRig(t testing.TB, printers ...string) *rig {
	t.Helper()
	return rigOver(t, kiosktest.NewMemory(nil), printers...)
}

func rigOver(t testing.TB, l kiosk.Ledger, printers ...string) *rig {
	t.Helper()
	people, err := kiosktest.School(context.Background(), l)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{TB: t, ledger: l, people: people, fakes: map[string]*fake{}, ids: map[string]kiosk.ID{}}
	r.update(func(tx kiosk.Tx) error { // the school's books are on their shelves already
		for _, b := range people.Books() {
			b.Copy.Labelled = false
			if err := tx.PutCopy(b.Copy); err != nil {
				return err
			}
		}
		return nil
	})
	for _, name := range printers {
		r.addPrinter(kiosk.Printer{Name: name, Target: "tcp://x:9100", Language: "zpl", Stock: "35x22", ScaleX: 1, ScaleY: 1})
	}
	r.cfg = queue.Config{
		Ledger: l, Now: func() time.Time { return kiosktest.Start }, Spool: t.TempDir(), Patience: patience,
		Open: func(p kiosk.Printer) (queue.Sender, error) {
			if p.Target == "nonsense" {
				return nil, &queue.Failure{Code: "bad_target", Detail: p.Target}
			}
			return r.fakes[p.Name], nil
		},
		Changed: func(c queue.Change) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.changes = append(r.changes, c)
		},
	}
	r.Queue = queue.New(r.cfg)
	return r
}

func (r *rig) addPrinter(p kiosk.Printer) {
	r.Helper()
	r.fakes[p.Name] = &fake{state: queue.Status{Kind: queue.Unknown}}
	r.update(func(tx kiosk.Tx) error {
		p.ID = tx.NewID()
		r.ids[p.Name] = p.ID
		return tx.PutPrinter(p)
	})
}

func (r *rig) update(fn func(kiosk.Tx) error) {
	r.Helper()
	if err := r.ledger.Update(context.Background(), fn); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) view(fn func(kiosk.View) error) {
	r.Helper()
	if err := r.ledger.View(context.Background(), fn); err != nil {
		r.Fatal(err)
	}
}

// run runs the queue until stop.
func (r *rig) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Queue.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				r.Error(err)
			}
		})
	}
	r.Cleanup(stop)
	return stop
}

// again is the next life of the program on the same ledger.
func (r *rig) again() {
	r.Queue = queue.New(r.cfg)
}

// books are n copies of the school, to have labels.
func (r *rig) books(n int) (ids []kiosk.ID) {
	for _, b := range r.people.Books()[:n] {
		ids = append(ids, b.Copy.ID)
	}
	return ids
}

// add puts a job of n copy labels into a printer's queue.
func (r *rig) add(printer string, n int) kiosk.ID {
	r.Helper()
	j, err := r.Add(context.Background(), kiosk.PrintJob{PrinterID: r.ids[printer], Title: "nhãn", Layout: "copy", Subjects: r.books(n)})
	if err != nil {
		r.Fatal(err)
	}
	return j.ID
}

func (r *rig) job(id kiosk.ID) (j kiosk.PrintJob) {
	r.Helper()
	r.view(func(v kiosk.View) (err error) { j, err = v.PrintJob(id); return err })
	return j
}

// wait waits for what a test expects of a job.
func (r *rig) wait(id kiosk.ID, what string, ok func(kiosk.PrintJob) bool) kiosk.PrintJob {
	r.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for {
		j := r.job(id)
		if ok(j) {
			return j
		}
		if time.Now().After(deadline) {
			r.Fatalf("the job is not %s: %+v", what, j)
		}
		time.Sleep(time.Millisecond)
	}
}

func (r *rig) waitState(id kiosk.ID, s kiosk.PrintState) kiosk.PrintJob {
	r.Helper()
	return r.wait(id, string(s), func(j kiosk.PrintJob) bool { return j.State == s })
}

// until waits for anything else.
func (r *rig) until(what string, ok func() bool) {
	r.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			r.Fatal("never: " + what)
		}
	}
}

// quiet gives the queue some turns in which nothing must happen.
func (r *rig) quiet() { time.Sleep(6 * patience.Poll) }

// rendered is what the labels from..n of a copy job are as ZPL.
func (r *rig) rendered(from, n int) []byte {
	r.Helper()
	var b bytes.Buffer
	r.view(func(v kiosk.View) error {
		set, own, err := queue.School(v, kiosktest.Start)
		if err != nil {
			return err
		}
		j := labels.Job{Settings: set, Layout: labels.CopyLabel, Format: labels.ZPL, Stock: stockOf(r, "35x22", own...), When: kiosktest.Start}
		for _, id := range r.books(n)[from:] {
			i, err := v.Item(id)
			if err != nil {
				return err
			}
			j.Items = append(j.Items, i)
		}
		_, err = labels.Render(context.Background(), &b, j)
		return err
	})
	return b.Bytes()
}

// labelled is how many of the school's first n copies bear their label.
func (r *rig) labelled(n int) (have int) {
	r.view(func(v kiosk.View) error {
		for _, id := range r.books(n) {
			i, err := v.Item(id)
			if err != nil {
				return err
			}
			if i.Labelled {
				have++
			}
		}
		return nil
	})
	return have
}
