package main

import (
	"io"
	"os"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/kiosk/register"
	sheets "muontra/web/paper"
	"muontra/web/words"
)

// BenchmarkRegisters makes every register and report of ten years of a library as a
// page, a PDF and a workbook, and reports the slowest of each; goal 2 s to a page, 5 s
// to a file. As its reference stands what the ledger alone takes to give all copies
// and the loans of a year. Run it for one round:
//
//	go test ./cmd/muontra -run '^$' -bench Registers -benchtime 1x
//
// With MUONTRA_BENCH_DATA the ten years are kept in that folder for the next time.
func BenchmarkRegisters(b *testing.B) {
	today := kiosk.MustDay("2026-11-24")
	c := kiosktest.NewClock()
	c.Set(today.At(9, 25, time.FixedZone("+7", 7*60*60)))
	p := startProgram(b, programConfig{now: c.Now, data: os.Getenv("MUONTRA_BENCH_DATA")})
	tenYears(b, p, today)
	took := func(fn func(kiosk.View) error) float64 {
		b.Helper()
		begun := time.Now()
		if err := p.store.View(b.Context(), fn); err != nil {
			b.Fatal(err)
		}
		return float64(time.Since(begun).Microseconds()) / 1000
	}
	kinds := []struct {
		name string
		set  func(sheets.Doc) error
	}{
		{"page", func(d sheets.Doc) error { _, err := sheets.Screen(d, "", 1); return err }},
		{"pdf", func(d sheets.Doc) error { return sheets.PDF(io.Discard, d) }},
		{"xlsx", func(d sheets.Doc) error { return sheets.Workbook(io.Discard, d) }},
	}
	for b.Loop() {
		bare := took(func(v kiosk.View) error {
			if err := v.EachItem(func(kiosk.Item) error { return nil }); err != nil {
				return err
			}
			y := kiosk.YearOf(today.Add(-365))
			loc := time.FixedZone("+7", 7*60*60)
			return v.LoansIn(y.Start.At(0, 0, loc), y.End.At(0, 0, loc), func(kiosk.LoanItem) error { return nil })
		})
		b.ReportMetric(bare, "bare-ms")
		for _, k := range kinds {
			worst, of := 0.0, ""
			for _, s := range register.Sheets() {
				ask := register.Ask{}
				if s.Period == register.Year { // a whole year, not the one just begun
					y := kiosk.YearOf(today.Add(-365))
					ask.From, ask.To = y.Start, y.End
				}
				ms := took(func(v kiosk.View) error {
					d, err := sheets.Open(v, s.Name, ask, words.VI, c.Now())
					if err != nil {
						return err
					}
					return k.set(d)
				})
				b.Logf("%s %s %.0f ms", s.Name, k.name, ms)
				if ms > worst {
					worst, of = ms, s.Name
				}
			}
			b.Logf("slowest to %s: %s", k.name, of)
			b.ReportMetric(worst, "worst-"+k.name+"-ms")
		}
	}
}
