package paper

import (
	"fmt"
	"io"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/kiosk/register"
	"muontra/web/words"
)

// longBook is a register of so many pages, of which no line is kept; at is called
// when half of a page's lines were given. more makes the titles longer.
func longBook(pages int, more string, at func(page int)) *register.Sheet {
	return &register.Sheet{Name: "loans-pupils", Wide: true, Period: register.Year, Parts: func(*register.Source) ([]register.Part, error) {
		cols := []register.Column{
			{Key: "lent", Kind: register.Day, Width: 19}, {Key: "name", Kind: register.Text, Width: 42}, {Key: "class", Kind: register.Code, Width: 16},
			{Key: "accession", Kind: register.Code, Width: 20}, {Key: "book", Kind: register.Text, Width: 58}, {Key: "copies", Kind: register.Number, Width: 20, Sum: true},
		}
		day := kiosk.MustDay("2026-11-26")
		return []register.Part{{Columns: cols, Lines: func(yield func(register.Line) error) error {
			for i := range pages * register.WideLines {
				if i%register.WideLines == register.WideLines/2 {
					at(i / register.WideLines)
				}
				l := register.Line{Key: "x", Day: day, Cells: []any{day, fmt.Sprintf("Nguyễn Mẫu %d", i), "3A", fmt.Sprintf("TN.%06d", i), fmt.Sprintf("Truyện mẫu: chú mèo thứ %d", i*7919) + more, 1}}
				if err := yield(l); err != nil {
					return err
				}
			}
			return nil
		}}}, nil
	}}
}

// writers are the two kinds of file.
var writers = []struct {
	name  string
	write func(io.Writer, Doc) error
}{{"pdf", PDF}, {"xlsx", Workbook}}

// writeLong makes a file of a long book.
func writeLong(tb testing.TB, w *kiosktest.World, v kiosk.View, write func(io.Writer, Doc) error, pages int, more string, at func(page int)) {
	tb.Helper()
	sheet := longBook(pages, more, at)
	src, err := register.Open(v, sheet, register.Ask{From: kiosk.MustDay("2026-11-26"), To: kiosk.MustDay("2026-11-26")}, w.Now())
	if err == nil {
		err = write(io.Discard, Doc{Sheet: sheet, Source: src, Lang: words.VI, Now: w.Now(), Scratch: tb.TempDir()})
	}
	if err != nil {
		tb.Fatal(err)
	}
}

// What is held while a file is made does not grow with its pages: of a PDF a page at a
// time, of a workbook's sheet the 16 MB (in a buffer twice as large) after which its
// library takes the disk. The lines of the PDF would be 23 MB, those of the workbook 42 in a
// buffer of 64.
func TestFilesAreNotHeld(t *testing.T) {
	const few = 100
	w := world(t)
	for _, k := range writers {
		many, more, room := 3000, "", uint64(8<<20)
		if k.name == "xlsx" {
			many, more, room = 2000, strings.Repeat(" và những chuyện khác", 60), 32<<20
		}
		held := func(pages int) (most uint64) {
			view(t, w, func(v kiosk.View) error {
				writeLong(t, w, v, k.write, pages, more, func(page int) {
					if page < pages-1 {
						return
					}
					runtime.GC()
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					most = max(most, m.HeapAlloc)
				})
				return nil
			})
			return most
		}
		held(few) // the fonts are opened once
		a, b := held(few), held(many)
		t.Logf("%s: %.1f MB held at page %d, %.1f MB at page %d", k.name, float64(a)/1e6, few, float64(b)/1e6, many)
		if b > a+room {
			t.Errorf("%s: what is held grows with the pages", k.name)
		}
	}
}

// BenchmarkHeld tells what is reachable, and what the heap was at most, while a PDF
// and a workbook of 200, 2,000 and 10,000 pages are made, in MB, and how many times that
// of 200 pages it is for 10,000. One round is enough:
//
//	go test ./web/paper -run '^$' -bench Held -benchtime 1x
func BenchmarkHeld(b *testing.B) {
	w := world(b)
	for b.Loop() {
		for _, k := range writers {
			live := map[int]float64{}
			for _, pages := range []int{200, 2000, 10_000} {
				runtime.GC()
				s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
				var peak float64
				view(b, w, func(v kiosk.View) error {
					writeLong(b, w, v, k.write, pages, "", func(int) {
						metrics.Read(s)
						live[pages] = max(live[pages], float64(s[0].Value.Uint64())/1e6)
						peak = max(peak, float64(s[1].Value.Uint64())/1e6)
					})
					return nil
				})
				b.ReportMetric(live[pages], fmt.Sprintf("%s-%d-live-MB", k.name, pages))
				b.ReportMetric(peak, fmt.Sprintf("%s-%d-peak-MB", k.name, pages))
			}
			b.ReportMetric(live[10_000]/live[200], k.name+"-ratio")
		}
	}
}
