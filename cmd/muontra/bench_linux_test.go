//go:build linux

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"muontra/cmd/muontra/bench"
)

// The figures of the running daemon, measured by the command itself on its
// smallest scale, and nothing of it left behind.
func TestBenchCommand(t *testing.T) {
	bin, tmp := builtProgram(t), t.TempDir()
	measures := []string{"http", "start"}
	if os.Getenv("MUONTRA_LONG") != "" && !slow {
		measures = append(measures, "size")
	}
	for _, m := range measures {
		out, err := exec.CommandContext(t.Context(), bin, "bench", m, "--json", "--small", "--dir", tmp).Output()
		if err != nil {
			t.Fatalf("bench %s: %v: %s", m, err, out)
		}
		n := 0
		for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); n++ {
			var r bench.Row
			if err := dec.Decode(&r); err != nil || r.Name == "" || r.Value <= 0 || r.Unit == "" {
				t.Errorf("bench %s: %+v %v", m, r, err)
			}
		}
		if n == 0 {
			t.Errorf("bench %s printed nothing", m)
		}
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if c := runCLI(t, "", "bench", "nothing"); c.code != exitUsage || !strings.Contains(c.stderr, "checkout") {
		t.Errorf("bench nothing: %+v", c)
	}
}
