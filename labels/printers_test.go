package labels

import (
	"bytes"
	"context"
	"errors"
	"image"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"muontra/labels/ink/inktest"
	"muontra/labels/symbol"
)

// dots renders a job for a label printer and reads the stream back.
func dots(t testing.TB, j Job) []*image.Gray {
	t.Helper()
	b, _ := render(t, j)
	read := map[Format]func([]byte) ([]inktest.Bitmap, error){ZPL: inktest.ZPL, TSPL: inktest.TSPL, EPL: inktest.EPL}[j.Format]
	rows, err := read(b)
	if err != nil {
		t.Fatalf("%s: %v", name(j), err)
	}
	g, err := j.grid()
	if err != nil {
		t.Fatal(err)
	}
	imgs := make([]*image.Gray, len(rows))
	for i, r := range rows {
		imgs[i] = r.Image(g.Dots(j.Stock.PageW))
	}
	return imgs
}

// scan decodes the one symbol of a picture, with the public reader and none
// of this house's code.
func scan(img image.Image, kind symbol.Kind) (string, error) {
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return "", err
	}
	var r gozxing.Reader = oned.NewCode128Reader()
	if kind == symbol.QR {
		r = qrcode.NewQRCodeReader()
	}
	res, err := r.Decode(bmp, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", err
	}
	return res.GetText(), nil
}

// The three languages carry the same dots, which are those of the preview's
// layout, and each label's barcode reads from them at 203 and at 300 dpi.
func TestLabelPrinters(t *testing.T) {
	for _, dpi := range []int{203, 300} {
		for _, kind := range []symbol.Kind{symbol.Code128, symbol.QR} {
			for _, c := range []struct {
				layout Layout
				stock  string
			}{{CopyLabel, "35x22"}, {BothLabel, "35x22"}, {CopyLabel, "35x22x3"}, {BothLabel, "50x30"}} {
				j := job(t, c.layout, c.stock, ZPL)
				j.DPI, j.Symbol = dpi, kind
				zpl := dots(t, j)
				j.Format = TSPL
				tspl := dots(t, j)
				j.Format = EPL
				epl := dots(t, j)
				for i := range zpl {
					if apart(zpl[i], tspl[i]) != 0 || apart(zpl[i], epl[i]) != 0 {
						t.Errorf("%s: the languages differ in row %d", name(j), i)
					}
				}
				g, _ := j.grid()
				for i, it := range j.Items {
					row, x, y := j.place(i)
					label := zpl[row].SubImage(image.Rect(g.Dots(x), g.Dots(y), g.Dots(x+j.Stock.LabelW), g.Dots(y+j.Stock.LabelH)))
					if got, err := scan(label, kind); err != nil || got != it.Barcode {
						t.Errorf("%s %d dpi %s: label %d reads %q, %v", name(j), dpi, kind, i, got, err)
					}
				}
			}
		}
	}
}

// Bars are whole dots: every run of black is a multiple of the module.
func TestModulesOnPaper(t *testing.T) {
	for dpi, module := range map[int]int{203: 2, 300: 3} {
		j := job(t, BothLabel, "35x22", TSPL)
		j.DPI = dpi
		g, err := symbol.GridOf(dpi)
		if err != nil {
			t.Fatal(err)
		}
		r, err := record(j, g, 0)
		if err != nil {
			t.Fatal(err)
		}
		b := r.symbols[0]
		img := dots(t, j)[0]
		y := g.Dots(b.y + b.h/2)
		run, runs := 0, 0
		for x := g.Dots(b.x); x < g.Dots(b.x+b.w); x++ {
			if img.GrayAt(x, y).Y == 0 {
				run++
				continue
			}
			if run%module != 0 {
				t.Errorf("%d dpi: a bar of %d dots", dpi, run)
			}
			if run > 0 {
				runs++
			}
			run = 0
		}
		if runs < 20 {
			t.Errorf("%d dpi: %d bars", dpi, runs)
		}
		// And ten modules of white on both sides.
		for x := range 10 * module {
			if img.GrayAt(g.Dots(b.x)+x, y).Y == 0 || img.GrayAt(g.Dots(b.x+b.w)-1-x, y).Y == 0 {
				t.Errorf("%d dpi: ink in the quiet zone, %d dots from its edge", dpi, x)
			}
		}
	}
}

// cutOff is a printer that takes n bytes and hangs up.
type cutOff struct{ n int }

var errHungUp = errors.New("hung up")

func (c *cutOff) Write(b []byte) (int, error) {
	if len(b) > c.n {
		n := c.n
		c.n = 0
		return n, errHungUp
	}
	c.n -= len(b)
	return len(b), nil
}

// A printer that hangs up in the middle: the report says how far it came.
func TestPrinterHangsUp(t *testing.T) {
	j := job(t, CopyLabel, "35x22", TSPL)
	j.Items = manyItems(50)
	for _, c := range []struct{ bytes, labels int }{{3, 0}, {20_000, 3}} {
		rep, err := Render(context.Background(), &cutOff{c.bytes}, j)
		if !errors.Is(err, errHungUp) || rep.Labels != c.labels {
			t.Errorf("after %d bytes: %d labels, %v", c.bytes, rep.Labels, err)
		}
	}
}

// A label that does not fit is found before the first byte goes to the
// printer, even when it is the last one.
func TestNothingHalfPrinted(t *testing.T) {
	for _, f := range []Format{ZPL, TSPL, EPL, PDF} {
		j := job(t, CopyLabel, "35x22", f)
		j.Items = manyItems(20)
		j.Items[19].Barcode = "STN.001234"
		var b bytes.Buffer
		if _, err := Render(context.Background(), &b, j); err == nil || b.Len() != 0 {
			t.Errorf("%s: %d bytes, %v", f, b.Len(), err)
		}
	}
}

func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	j := job(t, CopyLabel, "35x22", ZPL)
	j.Items = manyItems(50)
	j.Progress = func(done, total int) {
		if total != 50 {
			t.Errorf("%d in all", total)
		}
		if done == 10 {
			stop()
		}
	}
	rep, err := Render(ctx, new(bytes.Buffer), j)
	if !errors.Is(err, context.Canceled) || rep.Labels != 10 {
		t.Errorf("%d labels, %v", rep.Labels, err)
	}
}
