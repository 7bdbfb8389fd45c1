package ink

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"muontra/labels/symbol"
)

func grid(t testing.TB, dpi int) symbol.Grid {
	t.Helper()
	g, err := symbol.GridOf(dpi)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// drawn is the dots of one letter at a size.
func drawn(t *testing.T, g symbol.Grid, f Font, s string) []byte {
	t.Helper()
	r := NewRaster(g, true)
	r.Clear(12, 12)
	r.Text(2, 9, f, s, Black)
	return bytes.Clone(r.grey.Pix)
}

func darkAbove(pix []byte, w, y0, y1 int) (n int) {
	for _, v := range pix[y0*w : y1*w] {
		if v < 128 {
			n++
		}
	}
	return n
}

// Every mark of every Vietnamese letter is black dots of its own: with its
// mark a letter differs from the same letter without, also at the sizes and
// on the printers where a dot is large.
func TestMarksAreDrawn(t *testing.T) {
	for _, dpi := range []int{203, 300} {
		g := grid(t, dpi)
		for _, f := range []Font{{Bold, 6.6}, {Regular, 6.6}, {Bold, 12}} {
			for _, r := range vietnamese {
				s := string(r)
				base := norm.NFD.String(s)
				for n := len(base) - 1; n > 0; n-- {
					// One mark less each time: ế, ê, e.
					if base[n]&0xC0 == 0x80 {
						continue
					}
					less := norm.NFC.String(base[:n])
					if bytes.Equal(drawn(t, g, f, s), drawn(t, g, f, less)) {
						t.Errorf("%d dpi, %.1f pt: %s looks like %s", dpi, f.Size, s, less)
					}
				}
			}
		}
		// And the marks are above the letter, where they belong.
		f := Font{Bold, 10}
		up, _ := f.Reach("e")
		top, w := g.Dots(9-up)-1, g.Dots(12)
		if n := darkAbove(drawn(t, g, f, "e"), w, 0, top); n != 0 {
			t.Errorf("%d dots above an e", n)
		}
		circumflex := darkAbove(drawn(t, g, f, "ê"), w, 0, top)
		both := darkAbove(drawn(t, g, f, "ế"), w, 0, top)
		if circumflex < 6 || both < circumflex+4 {
			t.Errorf("%d dpi: %d dots above ê, %d above ế", dpi, circumflex, both)
		}
	}
}

// The letters of the PDF are those of the raster: a PDF whose text extracts
// well may still show "De" for "Dế".
func TestPDFDrawsTheSameLetters(t *testing.T) {
	tool, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("pdftoppm is not installed (package poppler-utils)")
	}
	const cell, columns = 12.0, 16
	letters := []rune(vietnamese)
	rows := (len(letters) + columns - 1) / columns
	w, h := cell*columns, cell*float64(rows)
	doc := NewPDF("letters", "vi", time.Unix(0, 0).UTC())
	doc.Page(w, h)
	r := NewRaster(grid(t, 300), false)
	r.Clear(w, h)
	f := Font{Bold, 20}
	for _, c := range []Canvas{doc, r} {
		for i, ch := range letters {
			c.Text(float64(i%columns)*cell+2, float64(i/columns)*cell+9, f, string(ch), Black)
		}
	}
	dir := t.TempDir()
	var b bytes.Buffer
	if err := doc.Write(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "p.pdf"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, "-r", "300", "-gray", "-png", "-singlefile", filepath.Join(dir, "p.pdf"), filepath.Join(dir, "p")).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v %s", err, out)
	}
	file, err := os.Open(filepath.Join(dir, "p.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	page, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	grey := func(img image.Image, x, y int) int { return int(color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y) }
	px := grid(t, 300).Dots(cell)
	for i, ch := range letters {
		x0, y0 := int(float64(i%columns)*cell*300/25.4), int(float64(i/columns)*cell*300/25.4)
		black, apart := 0, 0
		for y := y0; y < y0+px; y++ {
			for x := x0; x < x0+px; x++ {
				a := grey(r.rgba, x, y)
				if a < 128 {
					black++
				}
				// A dot counts as apart when nothing near it is like it: the
				// two renderers round a letter's place by up to a dot.
				best := 255
				for dy := -1; dy <= 1; dy++ {
					for dx := -1; dx <= 1; dx++ {
						if p := image.Pt(x+dx, y+dy); p.In(page.Bounds()) {
							d := grey(page, p.X, p.Y) - a
							best = min(best, max(d, -d))
						}
					}
				}
				if best > 110 {
					apart++
				}
			}
		}
		if black < 100 || apart > black/50+2 {
			t.Errorf("%c: %d of %d dots are elsewhere in the PDF", ch, apart, black)
		}
	}
}

func TestPDFIsDeterministicAndAsksForActualSize(t *testing.T) {
	make1 := func() []byte {
		doc := NewPDF("Nhãn", "vi", time.Date(2026, 9, 5, 7, 0, 0, 0, time.UTC))
		doc.Page(100, 50)
		doc.Text(5, 10, Font{Bold, 9}, "Dế Mèn phiêu lưu ký", Black)
		doc.Rect(1, 1, 3, 3, Color{200, 10, 10})
		img := image.NewRGBA(image.Rect(0, 0, 8, 8))
		if err := doc.Image(50, 5, 10, 10, img); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := doc.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	a := make1()
	if !bytes.Equal(a, make1()) {
		t.Error("two runs gave two files")
	}
	if !bytes.Contains(a, []byte("/PrintScaling /None")) {
		t.Error("viewers may scale the page")
	}
	i := bytes.LastIndex(a, []byte("startxref\n")) + len("startxref\n")
	n := 0
	for _, c := range a[i:] {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	if !bytes.HasPrefix(a[n:], []byte("xref\n")) {
		t.Errorf("the cross-reference table is not at %d", n)
	}
	if tool, err := exec.LookPath("qpdf"); err == nil {
		name := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(name, a, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(tool, "--check", name).CombinedOutput(); err != nil {
			t.Errorf("qpdf: %v %s", err, out)
		}
	}
}

// What the library cannot write is an error, not a panic.
func TestPDFDoesNotPanic(t *testing.T) {
	doc := NewPDF("", "vi", time.Unix(0, 0))
	doc.Page(50, 50)
	doc.Text(5, 10, Font{Regular, 9}, "not cleaned 😀", Black)
	if err := doc.Write(new(bytes.Buffer)); err == nil {
		t.Error("an emoji was written")
	}
}

// Ink on a symbol is found when it is read back.
func TestVerifyFindsInkOnASymbol(t *testing.T) {
	for _, kind := range []symbol.Kind{symbol.Code128, symbol.QR} {
		s, err := symbol.New(kind, "30001234")
		if err != nil {
			t.Fatal(err)
		}
		for _, mono := range []bool{true, false} {
			r := NewRaster(grid(t, 203), mono)
			draw := func() {
				r.Clear(60, 40)
				m := grid(t, 203).MM(4)
				r.Bars(8, 8, s, m, 10)
			}
			draw()
			if n, err := r.Verify(); n != 1 || err != nil {
				t.Errorf("%s: %d, %v", kind, n, err)
			}
			draw()
			r.Rect(5, 9, 30, 6, White)
			var bad *NotRead
			if _, err := r.Verify(); !errors.As(err, &bad) || bad.Want != "30001234" {
				t.Errorf("%s: ink on the bars passed: %v", kind, err)
			}
			if n, _ := r.Verify(); n != 0 {
				t.Error("a symbol is counted twice")
			}
		}
	}
	s, _ := symbol.New(symbol.Code128, "30001234")
	r := NewRaster(grid(t, 203), true)
	r.Clear(20, 10)
	r.Bars(1, 1, s, 0.25, 5)
	if _, err := r.Verify(); err == nil {
		t.Error("a symbol over the edge passed")
	}
	doc := NewPDF("", "vi", time.Unix(0, 0))
	doc.Page(50, 50)
	doc.Bars(5, 5, s, 0.02, 5) // finer than any printer
	if _, err := doc.Verify(); err == nil {
		t.Error("bars finer than a dot of 600 dpi passed")
	}
}
