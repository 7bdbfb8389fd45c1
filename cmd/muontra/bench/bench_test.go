package bench

import (
	"os"
	"testing"
)

// Everything that needs no daemon is measured here on its smallest scale, so that
// a measure that has come apart is noticed; the command's own test does the rest.
func TestMeasuresWork(t *testing.T) {
	for _, m := range []string{"checkout", "callers", "million", "race", "screens"} {
		g := &Rig{Dir: t.TempDir(), Size: Small}
		n := 0
		err := g.Run(t.Context(), m, func(r Row) {
			n++
			if r.Name == "" || r.Unit == "" || r.Value <= 0 {
				t.Errorf("%s: %+v", m, r)
			}
			if m == "race" && !r.Met {
				t.Errorf("two stations got one copy: %v", r)
			}
		})
		if err != nil || n == 0 {
			t.Errorf("%s: %d rows: %v", m, n, err)
		}
	}
	if err := (&Rig{}).Run(t.Context(), "nothing", nil); err == nil {
		t.Error("a measure that is none was taken")
	}
}

// BenchmarkFigures measures the same as `muontra bench`, a sub-benchmark a
// measure, and reports value and ratio:
//
//	go test ./cmd/muontra/bench -run '^$' -bench 'Figures/checkout' -benchtime 1x
//
// Those of the running daemon need MUONTRA_PROGRAM, the program's file; what
// needs the sample school is in the command alone.
func BenchmarkFigures(b *testing.B) {
	for _, m := range Measures {
		b.Run(m.Name, func(b *testing.B) {
			g := &Rig{Dir: b.TempDir(), Size: Full, Program: os.Getenv("MUONTRA_PROGRAM")}
			if m.Name == "size" || (m.Name == "http" || m.Name == "start") && g.Program == "" {
				b.Skip("needs the running daemon: muontra bench " + m.Name)
			}
			for b.Loop() {
				err := g.Run(b.Context(), m.Name, func(r Row) {
					b.ReportMetric(r.Value, r.Name)
					if r.Ratio > 0 {
						b.ReportMetric(r.Ratio, r.Name+"-ratio")
					}
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
