package queue_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/labels/queue"
	"muontra/labels/say"
	"muontra/labels/sheet"
	"muontra/store"
)

var bg = context.Background()

func stockOf(t testing.TB, name string, own ...sheet.Stock) sheet.Stock {
	t.Helper()
	s, err := sheet.Find(name, own...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A job is sent once, written down as sending before its first byte goes out,
// and its copies bear their labels when it is done and not before.
func TestDone(t *testing.T) {
	r := newRig(t, "zebra")
	const n = 4
	receive(r, r.books(n)[0])
	var id kiosk.ID
	began := make(chan kiosk.PrintJob, 1)
	r.fakes["zebra"].take = func(_ context.Context, d io.Reader) (int64, error) {
		began <- r.job(id)
		if k := r.labelled(n); k != 0 {
			t.Errorf("%d copies are labelled before a byte went out", k)
		}
		return io.Copy(io.Discard, d)
	}
	id = r.add("zebra", n)
	r.run()
	if j := <-began; j.State != kiosk.PrintSending || j.Sent != 0 {
		t.Errorf("while the first byte goes out: %+v", j)
	}
	j := r.waitState(id, kiosk.PrintDone)
	if j.Sent != n || j.Total != n || j.Reason != "" {
		t.Errorf("%+v", j)
	}
	if k := r.labelled(n); k != n {
		t.Errorf("%d of %d copies are labelled", k, n)
	}
	r.view(func(v kiosk.View) error {
		p, err := v.ProcessingOfCopy(r.books(n)[0])
		if p.Labelled != kiosktest.Today || !p.Stamped.IsZero() {
			t.Errorf("the step of processing: %+v", p)
		}
		return err
	})
	r.quiet()
	docs := r.fakes["zebra"].sent()
	if len(docs) != 1 || !bytes.Equal(docs[0].data, r.rendered(0, n)) || !strings.Contains(docs[0].name, string(id)) {
		t.Errorf("%d documents arrived", len(docs))
	}
	left, err := os.ReadDir(r.cfg.Spool)
	if err != nil || len(left) != 0 {
		t.Errorf("left on the disk: %v %v", left, err)
	}
	var states []string
	r.mu.Lock()
	for _, c := range r.changes {
		if c.Job != nil && (len(states) == 0 || states[len(states)-1] != string(c.Job.State)) {
			states = append(states, string(c.Job.State))
		}
	}
	r.mu.Unlock()
	if got := strings.Join(states, " "); got != "waiting sending done" {
		t.Errorf("told: %s", got)
	}
}

// receive gives a copy a row of processing.
func receive(r *rig, copyID kiosk.ID) {
	r.update(func(tx kiosk.Tx) error {
		item, err := tx.Item(copyID)
		if err != nil {
			return err
		}
		entry, err := tx.NextReceiptEntry()
		if err != nil {
			return err
		}
		rc := kiosk.Receipt{ID: tx.NewID(), Entry: entry, Source: kiosk.Purchase, Supplier: "nhà sách", Date: kiosktest.Today, CreatedAt: kiosktest.Start}
		line := kiosk.ReceiptLine{ID: tx.NewID(), ReceiptID: rc.ID, TitleID: item.TitleID, Kind: item.Kind, SubKind: item.SubKind, Quantity: 1, HomePlace: item.HomePlace}
		return errors.Join(tx.PutReceipt(rc), tx.PutReceiptLine(line),
			tx.PutProcessing(kiosk.Processing{CopyID: copyID, LineID: line.ID, Registered: kiosktest.Today}))
	})
}

// Only the label that a book is lent by counts; a spine alone does not.
func TestSpinesDoNotLabel(t *testing.T) {
	r := newRig(t, "zebra")
	j, err := r.Add(bg, kiosk.PrintJob{PrinterID: r.ids["zebra"], Layout: "spine", Subjects: r.books(2)})
	if err != nil {
		t.Fatal(err)
	}
	r.run()
	r.waitState(j.ID, kiosk.PrintDone)
	if k := r.labelled(2); k != 0 {
		t.Errorf("%d copies count as labelled", k)
	}
}

// A job is stopped in its middle; the rest is printed from the label that a
// person names, and exactly the rest.
func TestStopAndContinue(t *testing.T) {
	r := newRig(t, "zebra")
	const n, k = 8, 3
	whole := r.rendered(0, n)
	began := make(chan struct{})
	r.fakes["zebra"].take = stuck(int64(len(whole)-len(r.rendered(k, n)))+10, began)
	id := r.add("zebra", n)
	r.run()
	<-began
	// How far it has come is on disk while it is still under way.
	r.wait(id, "noted", func(j kiosk.PrintJob) bool { return j.State == kiosk.PrintSending && j.Sent == k && j.Total == n })
	if err := r.Stop(bg, id); err != nil {
		t.Fatal(err)
	}
	j := r.job(id)
	if j.State != kiosk.PrintStopped || j.Reason != queue.ReasonStopped || j.Sent != k {
		t.Fatalf("stopped: %+v", j)
	}
	if got := r.labelled(n); got != 0 {
		t.Errorf("%d copies are labelled by half a job", got)
	}
	for _, bad := range []int{-1, n, n + 1} {
		if err := r.Continue(bg, id, bad, 0); !errors.Is(err, queue.ErrFrom) {
			t.Errorf("continue from %d: %v", bad, err)
		}
	}
	var fault *say.Fault
	if err := r.Continue(bg, id, k, 7); !errors.As(err, &fault) || fault.Code != "skip" {
		t.Errorf("skip 7 of a row of one: %v", err)
	}
	r.fakes["zebra"].set(func() { r.fakes["zebra"].take = nil })
	if err := r.Continue(bg, id, k, 0); err != nil {
		t.Fatal(err)
	}
	j = r.waitState(id, kiosk.PrintDone)
	if j.Sent != n || j.Total != n || j.From != k {
		t.Errorf("continued: %+v", j)
	}
	docs := r.fakes["zebra"].sent()
	if len(docs) != 2 || !bytes.Equal(docs[1].data, r.rendered(k, n)) {
		t.Errorf("%d documents; the second is not the rest", len(docs))
	}
	if got := r.labelled(n); got != n {
		t.Errorf("%d of %d copies are labelled", got, n)
	}
	if err := r.Stop(bg, id); !errors.Is(err, queue.ErrEnded) {
		t.Errorf("stop of a done job: %v", err)
	}
	// A raw printer that jams has already taken everything.
	if err := r.Continue(bg, id, n-1, 0); err != nil {
		t.Fatal(err)
	}
	r.until("the last label again", func() bool { return len(r.fakes["zebra"].sent()) == 3 })
	if docs := r.fakes["zebra"].sent(); !bytes.Equal(docs[2].data, r.rendered(n-1, n)) {
		t.Error("not the last label")
	}
}

// A printer that is off fails one job. The others wait for it, and go on by
// themselves when it is back.
func TestOfflineThenBack(t *testing.T) {
	r := newRig(t, "zebra", "office")
	z := r.fakes["zebra"]
	z.take, z.away = off, &queue.Failure{Code: "refused", Away: true}
	first, second, third := r.add("zebra", 1), r.add("zebra", 2), r.add("zebra", 3)
	r.run()
	j := r.waitState(first, kiosk.PrintFailed)
	if j.Reason != "refused" || j.Detail != "connection refused" || j.Sent != 0 {
		t.Errorf("%+v", j)
	}
	r.until("held", func() bool { s := r.States()[r.ids["zebra"]]; return s.Held == first && s.Kind == queue.Away })
	r.quiet()
	for _, id := range []kiosk.ID{second, third} {
		if j := r.job(id); j.State != kiosk.PrintWaiting {
			t.Errorf("a later job: %+v", j)
		}
	}
	r.waitState(r.add("office", 1), kiosk.PrintDone)
	z.set(func() { z.take, z.away = nil, nil })
	r.waitState(second, kiosk.PrintDone)
	r.waitState(third, kiosk.PrintDone)
	if j := r.job(first); j.State != kiosk.PrintFailed {
		t.Errorf("the failed job was sent again by itself: %+v", j)
	}
	if err := r.Retry(bg, first); err != nil {
		t.Fatal(err)
	}
	r.waitState(first, kiosk.PrintDone)
	if docs := z.sent(); len(docs) != 4 { // one refused, three printed
		t.Errorf("%d documents", len(docs))
	}
}

// A printer that loses a job although it can be reached says nothing about the
// next one: its jobs wait for a person, or until it was off and on.
func TestHeldForAPerson(t *testing.T) {
	for _, how := range []string{"retry", "cancel", "continue", "off and on"} {
		t.Run(how, func(t *testing.T) {
			r := newRig(t, "zebra")
			z := r.fakes["zebra"]
			z.state = queue.Status{Kind: queue.Idle}
			cut := int64(len(r.rendered(0, 4)) - len(r.rendered(2, 4)))
			z.take = takes(cut+1, &queue.Failure{Code: "timed_out", Detail: "no byte moved"})
			first, second := r.add("zebra", 4), r.add("zebra", 1)
			r.run()
			if j := r.waitState(first, kiosk.PrintFailed); j.Sent != 2 || j.Reason != "timed_out" {
				t.Errorf("%+v", j)
			}
			z.set(func() { z.take = nil })
			r.quiet()
			if j := r.job(second); j.State != kiosk.PrintWaiting {
				t.Fatalf("the next job: %+v", j)
			}
			var err error
			switch how {
			case "retry":
				err = r.Retry(bg, first)
			case "cancel":
				err = r.Cancel(bg, first)
			case "continue":
				err = r.Continue(bg, first, 2, 0)
			case "off and on":
				z.set(func() { z.away = &queue.Failure{Code: "unreachable"} })
				r.until("away", func() bool { return r.States()[r.ids["zebra"]].Kind == queue.Away })
				z.set(func() { z.away = nil })
			}
			if err != nil {
				t.Fatal(err)
			}
			r.waitState(second, kiosk.PrintDone)
			want := map[string]kiosk.PrintState{"retry": kiosk.PrintDone, "continue": kiosk.PrintDone, "cancel": kiosk.PrintStopped, "off and on": kiosk.PrintFailed}[how]
			if j := r.waitState(first, want); how == "cancel" && j.Reason != queue.ReasonCancelled {
				t.Errorf("%+v", j)
			}
			if how == "continue" {
				if docs := z.sent(); !bytes.Equal(docs[1].data, r.rendered(2, 4)) {
					t.Error("not the rest")
				}
			}
		})
	}
}

// A printer that hangs takes nothing from another one.
func TestPrintersAreIndependent(t *testing.T) {
	r := newRig(t, "zebra", "office")
	began := make(chan struct{})
	r.fakes["zebra"].take = stuck(3, began)
	stuckJob := r.add("zebra", 2)
	r.run()
	<-began
	for range 3 {
		r.waitState(r.add("office", 1), kiosk.PrintDone)
	}
	if j := r.job(stuckJob); j.State != kiosk.PrintSending {
		t.Errorf("%+v", j)
	}
	if err := r.Cancel(bg, stuckJob); err != nil {
		t.Fatal(err)
	}
	if j := r.job(stuckJob); j.State != kiosk.PrintStopped || j.Reason != queue.ReasonCancelled || j.Sent != 0 {
		t.Errorf("%+v", j)
	}
}

// What cannot be drawn fails its own job with nothing printed, and holds none.
func TestWhatCannotBePrinted(t *testing.T) {
	r := newRig(t, "zebra")
	r.addPrinter(kiosk.Printer{Name: "lost", Target: "nonsense", Language: "zpl", Stock: "35x22", ScaleX: 1, ScaleY: 1})
	put := func(j kiosk.PrintJob) kiosk.ID {
		t.Helper()
		if j.PrinterID == "" {
			j.PrinterID = r.ids["zebra"]
		}
		j, err := r.Add(bg, j)
		if err != nil {
			t.Fatal(err)
		}
		return j.ID
	}
	unknown := append(r.books(2), "no-such-copy")
	for _, x := range []struct {
		name         string
		job          kiosk.PrintJob
		code, detail string
	}{
		{"unknown ids", kiosk.PrintJob{Layout: "copy", Subjects: unknown}, queue.ReasonUnknown, "no-such-copy"},
		{"unknown patron", kiosk.PrintJob{Layout: "card", Subjects: []kiosk.ID{"nobody"}}, queue.ReasonUnknown, "nobody"},
		{"unknown place", kiosk.PrintJob{Layout: "shelf", Subjects: []kiosk.ID{"nowhere"}}, queue.ReasonUnknown, "nowhere"},
		{"a sheet in a label printer", kiosk.PrintJob{Layout: "copy", Stock: "a4-65", Subjects: r.books(1)}, "thermal_sheet", "a4-65"},
		{"a page on a roll", kiosk.PrintJob{Layout: "commands"}, "needs_page", "35x22"},
		{"no such address", kiosk.PrintJob{Layout: "copy", PrinterID: r.ids["lost"], Subjects: r.books(1)}, "bad_target", "nonsense"},
	} {
		id := put(x.job)
		stop := r.run()
		j := r.waitState(id, kiosk.PrintFailed)
		if j.Reason != x.code || !strings.Contains(j.Detail, x.detail) || j.Sent != 0 {
			t.Errorf("%s: %+v", x.name, j)
		}
		stop()
		r.again()
	}
	if docs := r.fakes["zebra"].sent(); len(docs) != 0 {
		t.Errorf("%d documents of jobs that cannot be", len(docs))
	}
	r.add("zebra", 1)
	good := put(kiosk.PrintJob{Layout: "copy", Subjects: unknown})
	after := r.add("zebra", 2)
	r.run()
	r.waitState(good, kiosk.PrintFailed)
	r.waitState(after, kiosk.PrintDone)
}

// A setting that nobody can read is told of, and mends by itself.
func TestSettings(t *testing.T) {
	r := newRig(t, "zebra")
	own := stockOf(t, "35x22")
	own.Name, own.Text, own.PageW, own.LabelW, own.PitchX = "tu-mua", "giấy tự mua", 40, 40, 42
	b, err := json.Marshal([]sheet.Stock{own})
	if err != nil {
		t.Fatal(err)
	}
	set := func(key, value string) {
		r.update(func(tx kiosk.Tx) error { return tx.PutSetting(key, value) })
	}
	set(queue.SettingStocks, string(b))
	set(queue.SettingLabels, `{"school":"Trường Tự Đặt"}`)
	j, err := r.Add(bg, kiosk.PrintJob{PrinterID: r.ids["zebra"], Layout: "both", Stock: "tu-mua", Subjects: r.books(1)})
	if err != nil {
		t.Fatal(err)
	}
	r.view(func(v kiosk.View) error {
		s, own, err := queue.School(v, kiosktest.Start)
		if s.School != "Trường Tự Đặt" || s.Year != "2026-2027" || len(own) != 1 {
			t.Errorf("%+v %d", s, len(own))
		}
		return err
	})
	set(queue.SettingLabels, `{"scheme":"no such scheme"}`)
	stop := r.run()
	if got := r.waitState(j.ID, kiosk.PrintFailed); got.Reason != "settings" || !strings.Contains(got.Detail, "no such scheme") {
		t.Errorf("%+v", got)
	}
	set(queue.SettingLabels, "")
	if err := r.Retry(bg, j.ID); err != nil {
		t.Fatal(err)
	}
	r.waitState(j.ID, kiosk.PrintDone)
	stop()
	// ^PW is the width in dots: 40 mm at 203 dpi.
	if docs := r.fakes["zebra"].sent(); len(docs) != 1 || !bytes.Contains(docs[0].data, []byte("^PW320")) {
		t.Errorf("not the school's own stock: %d documents %.80s", len(docs), docs[len(docs)-1].data)
	}
}

func TestAddRefuses(t *testing.T) {
	r := newRig(t, "zebra", "old")
	if err := r.Disable(bg, r.ids["old"]); err != nil {
		t.Fatal(err)
	}
	good := kiosk.PrintJob{PrinterID: r.ids["zebra"], Layout: "copy", Subjects: r.books(3)}
	for _, x := range []struct {
		name   string
		change func(*kiosk.PrintJob)
		want   string // an error's text, or a fault's code
	}{
		{"no printer", func(j *kiosk.PrintJob) { j.PrinterID = "none" }, kiosk.ErrNotFound.Error()},
		{"out of use", func(j *kiosk.PrintJob) { j.PrinterID = r.ids["old"] }, queue.ErrDisabled.Error()},
		{"no layout", func(j *kiosk.PrintJob) { j.Layout = "poster" }, "unknown_layout"},
		{"no stock", func(j *kiosk.PrintJob) { j.Stock = "letter" }, "unknown_stock"},
		{"nothing", func(j *kiosk.PrintJob) { j.Subjects = nil }, "nothing_selected"},
		{"beyond the end", func(j *kiosk.PrintJob) { j.From = 3 }, queue.ErrFrom.Error()},
		{"negative skip", func(j *kiosk.PrintJob) { j.Skip = -1 }, "skip"},
		{"from the middle of a page", func(j *kiosk.PrintJob) { j.Layout, j.From = "commands", 1 }, queue.ErrFrom.Error()},
	} {
		j := good
		x.change(&j)
		_, err := r.Add(bg, j)
		var fault *say.Fault
		switch {
		case err == nil:
			t.Errorf("%s: taken", x.name)
		case errors.As(err, &fault) && fault.Code == x.want, strings.Contains(err.Error(), x.want):
		default:
			t.Errorf("%s: %v", x.name, err)
		}
	}
	good.From = 1
	if j, err := r.Add(bg, good); err != nil || j.Total != 2 || j.From != 0 || len(j.Subjects) != 2 || j.State != kiosk.PrintWaiting || j.Stock != "35x22" {
		t.Errorf("from the second label: %+v %v", j, err)
	}
}

// Jobs that another process wrote are found; those of a printer that is put out
// of use stop.
func TestOtherProcesses(t *testing.T) {
	r := newRig(t, "zebra")
	r.run()
	r.quiet()
	elsewhere := queue.New(r.cfg)
	j, err := elsewhere.Add(bg, kiosk.PrintJob{PrinterID: r.ids["zebra"], Layout: "test"})
	if err != nil {
		t.Fatal(err)
	}
	r.waitState(j.ID, kiosk.PrintDone)
	// A printer that is new, too.
	r.addPrinter(kiosk.Printer{Name: "new", Target: "tcp://x", Language: "epl", Stock: "50x30", ScaleX: 1, ScaleY: 1})
	r.waitState(r.add("new", 1), kiosk.PrintDone)
	if d := r.fakes["new"].sent(); len(d) != 1 || !bytes.Contains(d[0].data, []byte("GW")) {
		t.Error("not in the printer's own language")
	}

	z := r.fakes["zebra"]
	z.set(func() { z.take, z.away = off, errors.New("off") })
	first, second := r.add("zebra", 1), r.add("zebra", 1)
	r.waitState(first, kiosk.PrintFailed)
	if err := elsewhere.Disable(bg, r.ids["zebra"]); err != nil {
		t.Fatal(err)
	}
	if j := r.job(second); j.State != kiosk.PrintStopped || j.Reason != queue.ReasonDisabled {
		t.Errorf("%+v", j)
	}
	if err := r.Retry(bg, second); !errors.Is(err, queue.ErrDisabled) {
		t.Errorf("retry on a printer out of use: %v", err)
	}
	r.until("told that the job was stopped elsewhere", func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, c := range r.changes {
			if c.Job != nil && c.Job.ID == second && c.Job.State == kiosk.PrintStopped {
				return true
			}
		}
		return false
	})
}

// A program that ends, or dies, leaves no job that is sent again by itself.
func TestRestart(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(bg, dir, store.Options{Now: func() time.Time { return kiosktest.Start }})
	if err != nil {
		t.Fatal(err)
	}
	r := rigOver(t, st, "zebra")
	const n, k = 6, 2
	began := make(chan struct{})
	r.fakes["zebra"].take = stuck(int64(len(r.rendered(0, n))-len(r.rendered(k, n))), began)
	id, waiting := r.add("zebra", n), r.add("zebra", 1)
	stop := r.run()
	<-began
	stop()
	if j := r.job(id); j.State != kiosk.PrintStopped || j.Reason != queue.ReasonInterrupted || j.Sent != k {
		t.Errorf("ended while it was sent: %+v", j)
	}
	// As a power cut leaves it, with what had been drawn.
	r.update(func(tx kiosk.Tx) error {
		j, err := tx.PrintJob(id)
		if err != nil {
			return err
		}
		j.State, j.Reason = kiosk.PrintSending, ""
		return tx.PutPrintJob(j)
	})
	drawn := filepath.Join(r.cfg.Spool, "muontra-print-1.tmp")
	if err := os.WriteFile(drawn, []byte("^XA"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}

	st, err = store.Open(bg, dir, store.Options{Now: func() time.Time { return kiosktest.Start }})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	r.ledger, r.cfg.Ledger = st, st
	r.fakes["zebra"].take = nil
	r.again()
	stop = r.run()
	defer stop()
	r.waitState(waiting, kiosk.PrintDone)
	if j := r.job(id); j.State != kiosk.PrintStopped || j.Reason != queue.ReasonInterrupted || j.Sent != k {
		t.Errorf("died while it was sent: %+v", j)
	}
	if _, err := os.Stat(drawn); !os.IsNotExist(err) {
		t.Errorf("what had been drawn is still there: %v", err)
	}
	if got := r.labelled(n) - r.labelled(1); got != 0 {
		t.Errorf("%d copies of the stopped job are labelled", got)
	}
	if err := r.Continue(bg, id, k, 0); err != nil {
		t.Fatal(err)
	}
	r.waitState(id, kiosk.PrintDone)
	docs := r.fakes["zebra"].sent()
	if len(docs) != 3 || !bytes.Equal(docs[2].data, r.rendered(k, n)) {
		t.Errorf("%d documents arrived; the last is not the rest", len(docs))
	}
	if got := r.labelled(n); got != n {
		t.Errorf("%d of %d copies are labelled", got, n)
	}
}

// RunJob sends one job and nothing else.
func TestRunJob(t *testing.T) {
	r := newRig(t, "zebra")
	before, id := r.add("zebra", 1), r.add("zebra", 2)
	j, err := r.RunJob(bg, id)
	if err != nil || j.State != kiosk.PrintDone {
		t.Errorf("%+v %v", j, err)
	}
	if j := r.job(before); j.State != kiosk.PrintWaiting {
		t.Errorf("%+v", j)
	}
	if _, err := r.RunJob(bg, "none"); !errors.Is(err, kiosk.ErrNotFound) {
		t.Error(err)
	}
}

// Printers are asked how they are while somebody watches, and else left alone.
func TestWatch(t *testing.T) {
	r := newRig(t, "zebra")
	r.run()
	r.quiet()
	z := r.fakes["zebra"]
	asked := func() (n int) { z.set(func() { n = z.asked }); return n }
	if n := asked(); n != 0 {
		t.Errorf("asked %d times for nobody", n)
	}
	stop := r.Watch()
	z.set(func() { z.state = queue.Status{Kind: queue.Halted, Reasons: []string{"door_open"}} })
	r.until("seen", func() bool {
		s := r.States()[r.ids["zebra"]]
		return s.Kind == queue.Halted && len(s.Reasons) == 1 && s.Reasons[0] == "door_open" && !s.At.IsZero()
	})
	stop()
	stop()
	r.quiet()
	n := asked()
	r.quiet()
	if m := asked(); m != n {
		t.Errorf("asked %d times more after the watcher left", m-n)
	}
}
