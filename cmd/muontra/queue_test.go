package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"muontra/devices/printer"
	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/labels/queue"
	"muontra/labels/sheet"
	"muontra/store"
)

// rawPrinter is a label printer on a port, good or bad.
type rawPrinter struct {
	net.Listener
	mu    sync.Mutex
	jobs  []string // the documents that arrived, as far as they did
	conns []net.Conn
}

// How a rawPrinter deals with a document.
const (
	swallow  = "takes all"
	hang     = "hangs after 3 bytes"
	cut      = "closes in the middle"
	overSoon = "closes in good order after 3 bytes"
)

func newRawPrinter(t testing.TB, how string) *rawPrinter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &rawPrinter{Listener: l}
	t.Cleanup(func() {
		l.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, c := range p.conns {
			c.Close()
		}
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.conns = append(p.conns, c)
			p.mu.Unlock()
			go p.serve(c.(*net.TCPConn), how)
		}
	}()
	return p
}

func (p *rawPrinter) serve(c *net.TCPConn, how string) {
	if how != swallow {
		c.SetReadBuffer(1) // the system's least
		c.Read(make([]byte, 3))
	}
	switch how {
	case swallow:
		b, _ := io.ReadAll(c)
		if len(b) > 0 { // not only a look whether it is on
			p.mu.Lock()
			p.jobs = append(p.jobs, string(b))
			p.mu.Unlock()
		}
	case hang:
		return // the connection stays
	case cut:
		c.SetLinger(0)
	}
	c.Close()
}

func (p *rawPrinter) target() string { return "tcp://" + p.Addr().String() }

func (p *rawPrinter) documents() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.jobs...)
}

// labelsOf counts the labels of a document in ZPL.
func labelsOf(doc string) int { return strings.Count(doc, "^XA") }

// refusing is an address where nothing listens.
func refusing(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "tcp://" + l.Addr().String()
}

// stocked is a data folder with a few copies.
func stocked(t testing.TB, n int) (data string) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	withFolder(t, data, func(st *store.Store) {
		w := kiosktest.NewWorld(t, st, time.Now().UTC().Add(7*time.Hour).Format(time.DateTime))
		w.Patron(kiosk.Pupil, "HS001", "Mẫu Văn An", "3A", 3)
		for i := range n {
			w.Copy(fmt.Sprintf("S%03d", i+1), fmt.Sprintf("Truyện mẫu %d", i+1), kiosk.Children, "")
		}
	})
	return data
}

// withFolder opens a data folder for a look.
func withFolder(t testing.TB, data string, fn func(*store.Store)) {
	t.Helper()
	st, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	fn(st)
}

// printed are the jobs of a folder, the newest first, and how many copies bear
// their label.
func printed(t testing.TB, data string) (jobs []kiosk.PrintJob, labelled int) {
	t.Helper()
	withFolder(t, data, func(st *store.Store) { jobs, labelled = printedIn(t, st) })
	return jobs, labelled
}

func printedIn(t testing.TB, st *store.Store) (jobs []kiosk.PrintJob, labelled int) {
	t.Helper()
	if err := st.View(t.Context(), func(v kiosk.View) (err error) {
		if jobs, err = v.PrintJobs(false, 100); err != nil {
			return err
		}
		return v.EachItem(func(i kiosk.Item) error {
			if i.Labelled {
				labelled++
			}
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	return jobs, labelled
}

func command(t testing.TB, want int, says string, args ...string) cli {
	t.Helper()
	c := runCLI(t, "", append(args, "--lang", "en")...)
	if c.code != want || !strings.Contains(c.stdout+c.stderr, says) {
		t.Errorf("muontra %s: exit %d, want %d and %q\n%s%s", strings.Join(args, " "), c.code, want, says, c.stdout, c.stderr)
	}
	return c
}

func TestPrintersCommand(t *testing.T) {
	data, good := stocked(t, 1), newRawPrinter(t, swallow)
	command(t, exitDone, "no printer yet", "printers", "--data", data)
	for _, x := range []struct {
		code int
		says string
		args string
	}{
		{exitUsage, "use:", "dance"},
		{exitUsage, "use:", "add"},
		{exitUsage, "--target", "add zebra --language zpl"},
		{exitUsage, "--language", "add zebra --language pcl --target " + good.target()},
		{exitUsage, "--language", "add zebra --target " + good.target()},
		{exitUsage, "printer's address", "add zebra --language zpl --target http://x"},
		{exitUsage, "--dpi", "add zebra --language zpl --dpi 72 --target " + good.target()},
		{exitUsage, "letter", "add zebra --language zpl --stock letter --target " + good.target()},
		{exitUsage, "--offset", "add zebra --language zpl --offset 1 --target " + good.target()},
		{exitUsage, "--scale 1,1", "add zebra --language zpl --scale 1.01,1 --target " + good.target()},
		{exitUsage, "fall off", "add zebra --language zpl --offset 9,0 --target " + good.target()},
		{exitFailed, "no printer", "test zebra"},
		{exitDone, "added", "add zebra --language zpl --stock 35x22 --offset 0.5,-0.5 --target " + good.target()},
		{exitDone, "changed", "add zebra --dpi 203"},
		{exitDone, "added", "add off --language tspl --target " + refusing(t)},
		{exitDone, "added", "add office --target ipp://127.0.0.1:1/ipp/print"},
		{exitDone, "1 labels printed on zebra", "test zebra"},
		{exitFailed, "refuses the connection", "test off"},
		{exitDone, "out of use", "remove off"},
		{exitFailed, "out of use", "test off"},
	} {
		command(t, x.code, x.says, append(append([]string{"printers"}, strings.Fields(x.args)...), "--data", data)...)
	}
	if docs := good.documents(); len(docs) != 1 || labelsOf(docs[0]) != 1 {
		t.Errorf("the test label: %d documents", len(docs))
	}
	list := command(t, exitDone, "zebra\t"+good.target()+"\tzpl\t35x22\tunknown\t", "printers", "--data", data)
	if !strings.Contains(list.stdout, "office\tipp://127.0.0.1:1/ipp/print\tpdf\ta4-65\taway\t") || strings.Contains(list.stdout, "off\t") {
		t.Errorf("%s", list.stdout)
	}
	command(t, exitDone, "off\t", "printers", "list", "--all", "--data", data)
	withFolder(t, data, func(st *store.Store) {
		if err := st.View(t.Context(), func(v kiosk.View) error {
			p, err := v.PrinterByName("zebra")
			if p.OffsetX != 0.5 || p.OffsetY != -0.5 || p.ScaleX != 1 || p.DPI != 203 {
				t.Errorf("%+v", p)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}

// Without a daemon the command sends itself; copies are labelled when they are
// printed, and not when they are not.
func TestLabelsOnAPrinter(t *testing.T) {
	const n = 5
	data, good, bad := stocked(t, n), newRawPrinter(t, swallow), newRawPrinter(t, cut)
	add := func(name, target string) {
		command(t, exitDone, "added", "printers", "add", name, "--language", "zpl", "--target", target, "--data", data)
	}
	add("zebra", good.target())
	add("cut", bad.target())
	add("off", refusing(t))
	print := func(want int, says string, args ...string) {
		t.Helper()
		command(t, want, says, append([]string{"labels", "copies", "--data", data}, args...)...)
	}
	print(exitUsage, "choose one", "--printer", "zebra", "--out", "x.pdf")
	print(exitFailed, "no printer", "--printer", "nothing")
	print(exitUsage, "letter", "--printer", "zebra", "--stock", "letter")
	print(exitFailed, "nothing to print", "--printer", "zebra", "--accession", "NV.00001")
	print(exitFailed, "refuses the connection", "--printer", "off", "--new")
	print(exitFailed, "broke off", "--printer", "cut", "--new")
	if jobs, labelled := printed(t, data); len(jobs) != 2 || jobs[0].State != kiosk.PrintFailed || jobs[1].State != kiosk.PrintFailed || labelled != 0 {
		t.Errorf("%d labelled; %+v", labelled, jobs)
	}
	print(exitDone, "5 labels printed on zebra", "--printer", "zebra", "--new")
	if docs := good.documents(); len(docs) != 1 || labelsOf(docs[0]) != n {
		t.Errorf("%d documents", len(docs))
	}
	jobs, labelled := printed(t, data)
	if jobs[0].State != kiosk.PrintDone || jobs[0].Title != "copy labels: 5" || labelled != n {
		t.Errorf("%d labelled; %+v", labelled, jobs[0])
	}
	print(exitFailed, "nothing to print", "--printer", "zebra", "--new")

	// The school's own stock and settings, in files too.
	own, err := sheet.Find("a4-24")
	if err != nil {
		t.Fatal(err)
	}
	stocks := fmt.Sprintf(`[{"name":"cua-truong","text":"giấy của trường","kind":"sheet","page_width":210,"page_height":297,"margin_left":5,"margin_top":10,`+
		`"pitch_x":66,"pitch_y":30,"columns":3,"rows":9,"label_width":64,"label_height":%g,"edge":4,"dpi":600}]`, own.LabelH-8)
	withFolder(t, data, func(st *store.Store) {
		if err := st.Update(t.Context(), func(tx kiosk.Tx) error {
			if err := tx.PutSetting(queue.SettingStocks, stocks); err != nil {
				return err
			}
			return tx.PutSetting(queue.SettingLabels, `{"symbol":"qr"}`)
		}); err != nil {
			t.Fatal(err)
		}
	})
	command(t, exitDone, "cua-truong\tgiấy của trường", "labels", "--stock", "list", "--data", data)
	out := filepath.Join(t.TempDir(), "x.pdf")
	print(exitDone, "5 labels on 1 pages", "--stock", "cua-truong", "--out", out)
	if b, err := os.ReadFile(out); err != nil || !bytes.HasPrefix(b, []byte("%PDF")) {
		t.Error(err)
	}
	print(exitUsage, "letter", "--stock", "letter", "--out", out)
}

// The daemon sends what a command puts into the queue. A printer that hangs
// holds up neither a checkout nor another printer, and what it had is not sent
// again by the next daemon.
func TestDaemonPrints(t *testing.T) {
	data, good, bad := stocked(t, 3), newRawPrinter(t, swallow), newRawPrinter(t, hang)
	d := startDaemon(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	for name, target := range map[string]string{"zebra": good.target(), "stuck": bad.target()} {
		command(t, exitDone, "added", "printers", "add", name, "--language", "zpl", "--target", target, "--data", data)
	}
	stuck := make(chan cli, 1)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		var out, errs bytes.Buffer
		e := &env{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }, now: time.Now}
		code := run(ctx, e, []string{"labels", "copies", "--printer", "stuck", "--data", data, "--lang", "en"})
		stuck <- cli{code, out.String(), errs.String()}
	}()
	c := command(t, exitDone, "3 labels printed on zebra", "labels", "copies", "--printer", "zebra", "--data", data)
	if !strings.Contains(c.stderr, "the muontra that runs") {
		t.Errorf("%+v", c)
	}
	if docs := good.documents(); len(docs) != 1 || labelsOf(docs[0]) != 3 {
		t.Errorf("%d documents", len(docs))
	}
	withFolder(t, data, func(st *store.Store) {
		for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
			jobs, _ := printedIn(t, st)
			sending := 0
			for _, j := range jobs {
				if j.State == kiosk.PrintSending {
					sending++
				}
			}
			if sending == 1 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("nothing hangs: %+v", jobs)
			}
		}
	})
	// The printer hangs until the daemon ends: a checkout that waited for it would
	// not be answered before.
	for _, x := range []struct {
		code string
		want kiosk.Outcome
	}{{"HS001", kiosk.SessionOpened}, {"S001", kiosk.CheckedOut}, {"%FINISH", kiosk.SessionEnded}} {
		if r := d.scan("desk", x.code); r.Outcome != x.want {
			t.Errorf("%s while a printer hangs: %+v", x.code, r)
		}
	}
	if code := d.stop(); code != exitDone {
		t.Errorf("the daemon ended with %d", code)
	}
	if c := <-stuck; c.code != exitFailed || !strings.Contains(c.stderr, "muontra ended while it printed") {
		t.Errorf("%+v", c)
	}

	d = startDaemon(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
	defer d.stop()
	command(t, exitDone, "1 labels printed on zebra", "printers", "test", "zebra", "--data", data)
	jobs, _ := printed(t, data)
	for _, j := range jobs {
		if j.Reason != "" && (j.State != kiosk.PrintStopped || j.Reason != queue.ReasonInterrupted) {
			t.Errorf("%+v", j)
		}
	}
	bad.mu.Lock()
	defer bad.mu.Unlock()
	if len(bad.conns) != 1 {
		t.Errorf("the stuck printer was spoken to %d times", len(bad.conns))
	}
	if c := runCLI(t, "", "check", "--data", data); c.code != exitDone {
		t.Errorf("%+v", c)
	}
}

// The real drivers, on printers that misbehave: each fails its own job with
// what was wrong, and the job can be printed elsewhere from where it stopped.
func TestPrintersThatMisbehave(t *testing.T) {
	data := stocked(t, 4)
	st, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	impatient := printer.Options{Dial: patience, Stall: 2 * time.Second, Finish: 2 * time.Second, Reply: 2 * time.Second}
	garbage := newRawPrinter(t, swallow)
	garbageWeb, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer garbageWeb.Close()
	go func() {
		for {
			c, err := garbageWeb.Accept()
			if err != nil {
				return
			}
			c.Read(make([]byte, 4096))
			c.Write([]byte("no printer at all\r\n\r\n"))
			c.Close()
		}
	}()
	q := queue.New(queue.Config{
		Ledger: st, Spool: data, Patience: queue.Patience{Poll: 20 * time.Millisecond},
		Open: func(p kiosk.Printer) (queue.Sender, error) { return openPrinter(p, impatient) },
	})
	kinds := []struct{ name, target, language string }{
		{"good", garbage.target(), "zpl"},
		{"refuses", refusing(t), "zpl"},
		{hang, newRawPrinter(t, hang).target(), "zpl"},
		{cut, newRawPrinter(t, cut).target(), "zpl"},
		{overSoon, newRawPrinter(t, overSoon).target(), "zpl"},
		{"garbage", "ipp://" + garbageWeb.Addr().String() + "/ipp/print", "pdf"},
	}
	want := map[string]string{"refuses": "refused", hang: "timed_out", cut: "cut_off", overSoon: "cut_off", "garbage": "garbage"}
	printers, jobs := map[string]kiosk.ID{}, map[string]kiosk.ID{}
	var subjects []kiosk.ID
	if err := st.Update(t.Context(), func(tx kiosk.Tx) error {
		for _, k := range kinds {
			p := kiosk.Printer{ID: tx.NewID(), Name: k.name, Target: k.target, Language: k.language, Stock: "35x22", ScaleX: 1, ScaleY: 1}
			printers[k.name] = p.ID
			if err := tx.PutPrinter(p); err != nil {
				return err
			}
		}
		return tx.EachItem(func(i kiosk.Item) error { subjects = append(subjects, i.Copy.ID); return nil })
	}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- q.Run(ctx) }()
	defer func() { cancel(); <-done }()
	for _, k := range kinds {
		for range 2 {
			j, err := q.Add(ctx, kiosk.PrintJob{PrinterID: printers[k.name], Layout: "copy", Subjects: subjects})
			if err != nil {
				t.Fatal(err)
			}
			if jobs[k.name] == "" {
				jobs[k.name] = j.ID
			}
		}
	}
	for _, k := range kinds {
		limit, stop := context.WithTimeout(ctx, patience)
		j, err := q.Wait(limit, jobs[k.name], 5*time.Millisecond, nil)
		stop()
		switch {
		case err != nil:
			t.Error(err)
		case k.name == "good" && j.State == kiosk.PrintDone:
		case k.name != "good" && j.State == kiosk.PrintFailed && j.Reason == want[k.name] && j.Detail != "" && j.Sent <= j.Total:
		default:
			t.Errorf("%s: %+v", k.name, j)
		}
	}
	all, _ := printedIn(t, st)
	waiting := 0
	for _, j := range all {
		if j.State == kiosk.PrintWaiting {
			waiting++
		}
	}
	if waiting != len(want) {
		t.Errorf("%d jobs wait for the %d printers that failed one", waiting, len(want))
	}
}

// Each code that can stand in a job or a printer's state has words.
func TestReasonsHaveWords(t *testing.T) {
	codes := append([]string(nil), queue.Reasons...)
	for file, re := range map[string]string{
		"errors.go": `\bCode = "([a-z_]+)"`,
		"state.go":  `\bWhat = "([a-z_]+)"`,
	} {
		src, err := os.ReadFile(filepath.Join("..", "..", "devices", "printer", file))
		if err != nil {
			t.Fatal(err)
		}
		block := string(src)
		// The first constant of a block bears the type, the others follow it.
		for _, m := range regexp.MustCompile(`(?m)^\t[A-Z]\w+\s+(?:Code|What)\s+= "([a-z_]+)"`).FindAllStringSubmatch(block, -1) {
			codes = append(codes, m[1])
		}
		if !regexp.MustCompile(re).MatchString(regexp.MustCompile(`\s+`).ReplaceAllString(block, " ")) {
			t.Errorf("%s has no codes any more", file)
		}
	}
	if len(codes) < 40 {
		t.Errorf("only %d codes found", len(codes))
	}
	for _, c := range codes {
		if _, ok := sentences["reason_"+c]; !ok {
			t.Errorf("no words for %q", c)
		}
	}
	for _, k := range []string{queue.Unknown, queue.Idle, queue.Processing, queue.Halted, queue.Away} {
		if _, ok := sentences["printer_is_"+k]; !ok {
			t.Errorf("no words for a printer that is %q", k)
		}
	}
}
