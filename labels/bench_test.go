package labels

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"testing"
	"time"

	"codeberg.org/go-fonts/dejavu/dejavusanscondensed"
	"codeberg.org/go-fonts/dejavu/dejavusanscondensedbold"
	"codeberg.org/go-pdf/fpdf"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"

	"muontra/labels/ink"
	"muontra/labels/symbol"
)

// counted is what one job draws, to have the bare library draw as much.
type counted struct {
	recorder
	texts []string
	rects int
	at    [][2]float64
}

func (c *counted) Rect(_, _, _, _ float64, _ ink.Color) { c.rects++ }
func (c *counted) Text(x, y float64, _ ink.Font, s string, _ ink.Color) {
	c.texts, c.at = append(c.texts, s), append(c.at, [2]float64{x, y})
}
func (c *counted) Bars(_, _ float64, s *symbol.Symbol, _, _ float64) { c.rects += len(s.Bars) }

// bare draws n rectangles and the strings with the library alone.
func bare(texts []string, at [][2]float64, rects, pages int) error {
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetAutoPageBreak(false, 0)
	doc.AddUTF8FontFromBytes("f", "", dejavusanscondensed.TTF)
	doc.AddUTF8FontFromBytes("f", "B", dejavusanscondensedbold.TTF)
	for page := range pages {
		doc.AddPage()
		doc.SetFont("f", "", 7)
		for i := page * len(texts) / pages; i < (page+1)*len(texts)/pages; i++ {
			doc.Text(at[i][0], at[i][1], texts[i])
		}
		for i := range rects / pages {
			doc.Rect(10+float64(i%190), 10+float64(i/190), 0.25, 8, "F")
		}
	}
	return doc.Output(io.Discard)
}

// BenchmarkSheet is 1,000 labels, 65-up, to PDF: this package without and
// with verifying, against the bare library with as many rectangles and
// strings, turn by turn in the same run. Goals: at most 1.5; verifying at
// most 3 times one encoding and one decoding by gozxing a label.
func BenchmarkSheet(b *testing.B) {
	j := job(b, CopyLabel, "a4-65", PDF)
	j.Items = manyItems(1000)
	c := &counted{recorder: recorder{grid: symbol.Vector}}
	var rep Report
	units, err := j.units()
	if err != nil {
		b.Fatal(err)
	}
	p := j.pen(c, &rep)
	for i, u := range units {
		_, x, y := j.place(i)
		p.label(u.subject, x, y, j.Adjust)
		if err := u.draw(p); err != nil {
			b.Fatal(err)
		}
	}
	pages := j.pages(1000)
	took := func(f func() error) time.Duration {
		t := time.Now()
		if err := f(); err != nil {
			b.Fatal(err)
		}
		return time.Since(t)
	}
	ours := func(unverified bool) func() error {
		return func() error {
			k := j
			k.unverified = unverified
			_, err := Render(context.Background(), io.Discard, k)
			return err
		}
	}
	var tBare, tOurs, tVerified, tCodec time.Duration
	for b.Loop() {
		tBare += took(func() error { return bare(c.texts, c.at, c.rects, pages) })
		tOurs += took(ours(true))
		tVerified += took(ours(false))
		tCodec += took(func() error { return codec(j.Items[0].Barcode, 1000) })
	}
	b.ReportMetric(float64(tOurs)/float64(tBare), "ours/bare")
	b.ReportMetric(float64(tVerified)/float64(tBare), "verified/bare")
	b.ReportMetric(float64(tVerified-tOurs)/float64(tCodec), "verifying/codec")
	b.ReportMetric(tOurs.Seconds()*1000/float64(b.N), "ours-ms")
	b.ReportMetric(tBare.Seconds()*1000/float64(b.N), "bare-ms")
	b.ReportMetric(0, "ns/op")
}

// codec encodes and decodes a text n times, as gozxing's own callers do.
func codec(text string, n int) error {
	hints := map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_MARGIN: 20}
	for range n {
		m, err := oned.NewCode128Writer().Encode(text, gozxing.BarcodeFormat_CODE_128, 0, 10, hints)
		if err != nil {
			return err
		}
		bmp, err := gozxing.NewBinaryBitmapFromImage(m)
		if err != nil {
			return err
		}
		if _, err := oned.NewCode128Reader().Decode(bmp, nil); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkRoll is 1,000 labels for a label printer at 203 dpi.
func BenchmarkRoll(b *testing.B) {
	j := job(b, CopyLabel, "35x22", TSPL)
	j.Items = manyItems(1000)
	for b.Loop() {
		if _, err := Render(context.Background(), io.Discard, j); err != nil {
			b.Fatal(err)
		}
	}
}

// 5,000 labels need little memory, and tell how far they are: a roll that of
// one row, a PDF about a kilobyte a label.
func TestManyLabelsInLittleMemory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector has a memory of its own")
	}
	for _, c := range []struct {
		stock  string
		format Format
		most   uint64
	}{{"35x22", TSPL, 16 << 20}, {"a4-65", PDF, 48 << 20}} {
		j := job(t, CopyLabel, c.stock, c.format)
		j.Items = manyItems(5000)
		render(t, job(t, CopyLabel, c.stock, c.format)) // fonts are measured once and stay
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		before, peak, told := m.HeapAlloc, uint64(0), 0
		j.Progress = func(done, total int) {
			told++
			if done%1000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc-min(before, m.HeapAlloc))
			}
		}
		rep, err := Render(context.Background(), io.Discard, j)
		if err != nil || rep.Labels != 5000 || rep.Verified != 5000 || told != 5000 {
			t.Errorf("%+v, told %d times, %v", rep, told, err)
		}
		if peak > c.most {
			t.Errorf("%s: %d MB", c.format, peak>>20)
		}
		t.Logf("%s: %d KB more than before", c.format, peak>>10)
	}
}

// A PDF of one label is small: the fonts are subset.
func TestOneLabelIsSmall(t *testing.T) {
	j := job(t, CopyLabel, "a4-65", PDF)
	j.Items = j.Items[:1]
	if b, _ := render(t, j); len(b) > 60<<10 || !bytes.HasPrefix(b, []byte("%PDF-")) {
		t.Errorf("%d bytes", len(b))
	}
}
