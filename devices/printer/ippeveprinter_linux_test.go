package printer

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"muontra/devices/printer/printertest"
)

// within asks until the answer is true, for so long at most.
func within(d time.Duration, answer func() bool) bool {
	for end := time.Now().Add(d); ; time.Sleep(20 * time.Millisecond) {
		if answer() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// printCommand is what the printer does with a document: it runs out of paper,
// waits until the test has put some in, and then keeps what it "printed".
const printCommand = `#!/bin/sh
here=$(dirname "$0")
for document; do :; done
echo "STATE: +media-empty-error" >&2
n=0
while [ ! -e "$here/paper" ] && [ ! -e "$here/broken" ] && [ $n -lt 200 ]; do n=$((n+1)); sleep 0.05; done
echo "STATE: -media-empty-error" >&2
[ -e "$here/broken" ] && exit 1
cat "$document" >"$here/printed.part" && mv "$here/printed.part" "$here/printed"
`

func TestIPPEvePrinter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script := filepath.Join(dir, "print")
	if err := os.WriteFile(script, []byte(printCommand), 0o755); err != nil {
		t.Fatal(err)
	}
	touch := func(name string) {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	target, err := ParseTarget(printertest.IPPEverywhere(t, "-f", "application/pdf", "-d", t.TempDir(), "-c", script))
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, target, Options{})

	s, err := p.State(t.Context())
	if err != nil || s.Kind != Idle || !s.AcceptingJobs || !slices.Contains(s.Formats, PDF) || s.Model == "" {
		t.Fatalf("%+v, %v", s, err)
	}

	until := func(h Handle, want JobKind) JobState {
		t.Helper()
		var js JobState
		if !within(2*time.Minute, func() bool {
			js, err = p.JobState(t.Context(), h)
			return err != nil || js.Kind == want || js.Ended()
		}) || err != nil || js.Kind != want {
			t.Fatalf("%+v, %v, want %s", js, err, want)
		}
		return js
	}
	send := func(name string, doc []byte) Handle {
		t.Helper()
		var r Receipt
		var err error
		// It takes one job at a time, and says busy a moment longer than the
		// last one lasts.
		if !within(2*time.Minute, func() bool {
			r, err = p.Send(t.Context(), Job{Name: name, Format: PDF, Data: bytes.NewReader(doc)})
			return CodeOf(err) != Busy
		}) || err != nil || r.Handle == "" || !r.Confirmed {
			t.Fatalf("%+v, %v", r, err)
		}
		if len(r.Ignored) != 0 {
			t.Errorf("the printer ignores %v", r.Ignored)
		}
		return r.Handle
	}

	const name = "Nhãn gáy sách lớp 4A, đợt 2"
	doc := append([]byte("%PDF-1.4\n"), labels(300_000)...)
	h := send(name, doc)
	if js := until(h, JobProcessing); js.Name != name || js.Err() != nil {
		t.Errorf("%+v", js)
	}
	if !within(2*time.Minute, func() bool { s, err = p.State(t.Context()); return err != nil || s.Has(MediaEmpty) }) || err != nil {
		t.Errorf("out of paper: %+v, %v", s, err)
	}
	if found, err := p.(Finder).Find(t.Context(), name); err != nil || found != h {
		t.Errorf("found %q, %v, want %q", found, err, h)
	}
	touch("paper")
	until(h, JobCompleted)
	if printed, err := os.ReadFile(filepath.Join(dir, "printed")); err != nil || !bytes.Equal(printed, doc) {
		t.Errorf("%d bytes printed, %v", len(printed), err)
	}
	if !within(2*time.Minute, func() bool { s, err = p.State(t.Context()); return err != nil || !s.Has(MediaEmpty) }) || err != nil {
		t.Errorf("with paper again: %+v, %v", s, err)
	}
	if err := p.Cancel(t.Context(), h); CodeOf(err) != TooLate {
		t.Errorf("canceling what is done: %v", err)
	}

	os.Remove(filepath.Join(dir, "paper"))
	h = send("bị hủy", doc)
	until(h, JobProcessing)
	if err := p.Cancel(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	touch("paper") // it looks only when its command has ended
	until(h, JobCanceled)

	touch("broken")
	h = send("hỏng", doc)
	if js := until(h, JobAborted); CodeOf(js.Err()) != JobFailed {
		t.Errorf("%+v, %v", js, js.Err())
	}

	if _, err := p.Send(t.Context(), Job{Format: ZPL, Data: strings.NewReader("^XA^XZ")}); CodeOf(err) != NotSupported && CodeOf(err) != Busy {
		t.Errorf("ZPL to a PDF printer: %v", err)
	}
	if _, err := p.JobState(t.Context(), "999"); CodeOf(err) != NotFound {
		t.Error(err)
	}
}
