package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What comes from outside cannot make a line of its own in the log (A19).
func TestLogLinesCannotBeForged(t *testing.T) {
	data := filepath.Join(t.TempDir(), "school")
	d := startDaemon(t, "serve", "--data", data, "--listen", "127.0.0.1:0", "--verbose")
	const forged = "time=2026-11-25T00:00:00Z level=ERROR msg=forged"
	for _, code := range []string{"x\n" + forged, "\r" + forged, "\u2028" + forged, "\x1b[2J" + forged} {
		d.scan("desk", code)
	}
	logger := loggerTo(d.log, true)
	logger.Info("given", "error", "a\n"+forged, "station", "b\r\n"+forged)
	d.stop()
	b, err := os.ReadFile(filepath.Join(data, "log", "muontra.log"))
	if err != nil {
		t.Fatal(err)
	}
	all := string(b) + d.log.String()
	for line := range strings.Lines(all) {
		if strings.HasPrefix(line, forged) {
			t.Errorf("a forged line: %q", line)
		}
	}
	if strings.ContainsAny(all, "\x1b\r\u2028") {
		t.Error("control characters reach the log")
	}
}
