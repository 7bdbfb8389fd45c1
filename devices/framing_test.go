package devices

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

// A serial line may cut its bytes anywhere: it must not matter where.
func TestFramingDoesNotDependOnChunks(t *testing.T) {
	for _, path := range scanFiles(t) {
		s := readScanFile(t, path)
		if s.kind != "serial" {
			continue
		}
		f := newFramer(DefaultGap)
		var got []reading
		for _, step := range s.steps {
			for _, b := range step.data {
				got = f.feed([]byte{b}, got)
			}
			got = f.idle(step.silence, got)
		}
		if !slices.Equal(showAll(got), s.want) {
			t.Errorf("%s byte by byte: read %q, want %q", path, showAll(got), s.want)
		}
	}
}

func TestFramingLength(t *testing.T) {
	longest := strings.Repeat("7", MaxScan)
	f := newFramer(DefaultGap)
	got := f.feed([]byte(longest+"\r"), nil)
	if len(got) != 1 || got[0].text != longest || f.takeLost() != 0 {
		t.Fatalf("a scan of %d bytes: %d readings", MaxScan, len(got))
	}
	got = f.feed([]byte(longest+"7"), nil)
	got = f.feed([]byte(longest), got)
	got = f.feed([]byte("tail\r\n30000016\r"), got)
	if lost := f.takeLost(); len(got) != 1 || got[0].text != "30000016" || lost != 1 {
		t.Errorf("after too long a scan: %q, %d lost; want the next scan alone, 1 lost", showAll(got), lost)
	}
	// Silence ends a flood too.
	f = newFramer(DefaultGap)
	got = f.feed([]byte(longest+longest), nil)
	got = f.idle(DefaultGap, got)
	got = f.feed([]byte("30000024\r"), got)
	if lost := f.takeLost(); len(got) != 1 || got[0].text != "30000024" || lost != 1 {
		t.Errorf("after a flood and silence: %q, %d lost", showAll(got), lost)
	}
}

func TestFramingSilence(t *testing.T) {
	f := newFramer(100 * time.Millisecond)
	got := f.feed([]byte("30000016"), nil)
	// Empty reads that did not wait are no silence, however many.
	for range 1000 {
		got = f.idle(time.Microsecond, got)
	}
	if len(got) != 0 {
		t.Fatalf("ended after no silence: %q", showAll(got))
	}
	if got = f.idle(99*time.Millisecond, got); len(got) != 1 {
		t.Fatalf("not ended after 100 ms of silence: %q", showAll(got))
	}
	if f.patience() != idleRead {
		t.Errorf("patience %v with nothing half read", f.patience())
	}

	// Once a terminator was seen, silence must be longer; if it comes all the
	// same, the scanner has none any more.
	got = f.feed([]byte("30000024\r30000032"), nil)
	got = f.idle(400*time.Millisecond, got)
	if len(got) != 1 {
		t.Fatalf("half a code handed on: %q", showAll(got))
	}
	got = f.idle(100*time.Millisecond, got)
	got = f.feed([]byte("30000040"), got)
	got = f.idle(100*time.Millisecond, got)
	if len(got) != 3 {
		t.Errorf("suffix switched off: %q", showAll(got))
	}
}

func TestFramingRawAndDrop(t *testing.T) {
	f := newFramer(DefaultGap)
	got := f.feed([]byte("\n\x00]C030000016\r\nhalf"), nil)
	if len(got) != 1 || string(got[0].raw) != "\x00]C030000016\r" {
		t.Fatalf("raw %q", got)
	}
	f.drop()
	if f.takeLost() != 1 || f.takeLost() != 0 {
		t.Error("a half scan is to be counted once")
	}
	if got = f.feed([]byte("30000024\r"), nil); len(got) != 1 || got[0].text != "30000024" {
		t.Errorf("the half scan came back: %q", showAll(got))
	}
	f.drop()
	if f.takeLost() != 0 {
		t.Error("nothing was half read")
	}
}

func FuzzFramer(f *testing.F) {
	for _, path := range scanFiles(f) {
		if s := readScanFile(f, path); s.kind == "serial" {
			var all []byte
			for _, step := range s.steps {
				all = append(all, step.data...)
			}
			f.Add(all, byte(3))
		}
	}
	f.Add(bytes.Repeat([]byte("x"), MaxScan+2), byte(200))
	f.Fuzz(func(t *testing.T, data []byte, cut byte) {
		if len(data) > 3*MaxScan {
			return
		}
		whole := newFramer(DefaultGap)
		want := whole.feed(data, nil)
		pieces := newFramer(DefaultGap)
		var got []reading
		for rest := data; len(rest) > 0; {
			n := min(len(rest), int(cut)+1)
			got = pieces.feed(rest[:n], got)
			rest = rest[n:]
		}
		want = whole.idle(time.Second, want)
		got = pieces.idle(time.Second, got)
		if !slices.Equal(showAll(got), showAll(want)) {
			t.Fatalf("in pieces %q, whole %q", showAll(got), showAll(want))
		}
		for _, r := range got {
			if r.text == "" || len(r.raw) > MaxScan+1 || isControl(r.text[0]) || isControl(r.text[len(r.text)-1]) {
				t.Fatalf("bad reading %q", r)
			}
			if strings.ContainsAny(r.text, "\r\n\t") || !bytes.Contains(data, []byte(r.text)) || !bytes.Contains(data, r.raw) {
				t.Fatalf("%q was not in what was read", r.text)
			}
		}
		if again := pieces.feed([]byte("\r30000016\r"), nil); len(again) != 1 || again[0].text != "30000016" {
			t.Fatalf("out of step afterwards: %q", showAll(again))
		}
	})
}
