package devices

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// scanFile is one of testdata/scans: what a scanner sends, and what must be read.
//
// Lines "# want: "TEXT" [AIM]" are the readings in order, TEXT quoted as in Go.
// "# kind:" is serial, keyboard or hidpos. Each other line is one chunk or one
// report in hexadecimal, or "silence DURATION".
type scanFile struct {
	kind  string
	want  []string
	steps []scanStep
}

type scanStep struct {
	data    []byte
	silence time.Duration
}

func readScanFile(t testing.TB, path string) scanFile {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var s scanFile
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if kind, ok := strings.CutPrefix(line, "# kind: "); ok {
			s.kind = kind
		} else if want, ok := strings.CutPrefix(line, "# want: "); ok {
			quoted, err := strconv.QuotedPrefix(want)
			if err != nil {
				t.Fatalf("%s: %s: %v", path, line, err)
			}
			text, _ := strconv.Unquote(quoted)
			s.want = append(s.want, fmt.Sprintf("%s %q", strings.TrimSpace(want[len(quoted):]), text))
		} else if silence, ok := strings.CutPrefix(line, "silence "); ok {
			d, err := time.ParseDuration(silence)
			if err != nil {
				t.Fatal(err)
			}
			s.steps = append(s.steps, scanStep{silence: d})
		} else if line != "" && line[0] != '#' {
			data, err := hex.DecodeString(strings.ReplaceAll(line, " ", ""))
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			s.steps = append(s.steps, scanStep{data: data})
		}
	}
	return s
}

func (s scanFile) decoder(t testing.TB) decoder {
	switch s.kind {
	case "serial":
		return newFramer(DefaultGap)
	case "keyboard":
		return newKeyboard([]keyLayout{bootLayout}, DefaultGap)
	case "hidpos":
		return newPOS(nil)
	}
	t.Fatalf("kind %q", s.kind)
	return nil
}

func show(r reading) string { return fmt.Sprintf("%s %q", r.aim, r.text) }

func showAll(rs []reading) []string {
	var all []string
	for _, r := range rs {
		all = append(all, show(r))
	}
	return all
}

func scanFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../testdata/scans/*.hex")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scan files: %v", err)
	}
	return files
}

func TestScanFiles(t *testing.T) {
	for _, path := range scanFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".hex"), func(t *testing.T) {
			s := readScanFile(t, path)
			d := s.decoder(t)
			var got []reading
			for _, step := range s.steps {
				if step.data != nil {
					got = d.feed(step.data, got)
				} else {
					got = d.idle(step.silence, got)
				}
			}
			if !slices.Equal(showAll(got), s.want) {
				t.Errorf("read %q\nwant %q", showAll(got), s.want)
			}
		})
	}
}
