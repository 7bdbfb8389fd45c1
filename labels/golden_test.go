package labels

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"muontra/labels/ink"
	"muontra/labels/sheet"
	"muontra/labels/symbol"
)

var update = flag.Bool("update", false, "write the goldens of testdata/labels anew; say in the commit what changed on paper")

const goldens = "../testdata/labels"

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join(goldens, name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run with -update", err)
	}
	if bytes.Equal(got, want) {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			old := "(nothing)"
			if i < len(w) {
				old = w[i]
			}
			t.Errorf("%s line %d:\n got  %s\n want %s", name, i+1, g[i], old)
			return
		}
	}
	t.Errorf("%s is shorter than the golden", name)
}

// combos are the layouts with the stocks that each goes on.
func combos() map[Layout][]string {
	var labels []string
	for _, s := range sheet.Stocks() {
		if s.Kind != sheet.Page && s.Kind != sheet.Card {
			labels = append(labels, s.Name)
		}
	}
	return map[Layout][]string{
		CopyLabel: labels, SpineLabel: labels, BothLabel: labels, TestLabel: labels,
		ShelfLabel: labels, PlaceLabel: labels, Calibration: append([]string{"a4", "card-a4"}, labels...),
		PatronCard: {"card-a4", "a4-8", "a4-21", "50x30"}, ClassSheet: {"a4"}, Commands: {"a4"}, Colours: {"a4"},
	}
}

// One list of what is drawn for each layout and stock, and for the labels of
// copies also as QR.
func TestGoldenDrawings(t *testing.T) {
	for layout, stocks := range combos() {
		var b strings.Builder
		for _, name := range stocks {
			j := job(t, layout, name, PDF)
			j.Items, j.Members, j.Places = j.Items[:3], j.Members[:2], j.Places[:2]
			g := symbol.Vector
			if j.Stock.Kind == sheet.Roll {
				var err error
				if g, err = symbol.GridOf(203); err != nil {
					t.Fatal(err)
				}
			}
			for _, kind := range []symbol.Kind{symbol.Code128, symbol.QR} {
				if kind == symbol.QR && layout != CopyLabel && layout != BothLabel && layout != PatronCard {
					continue
				}
				j.Symbol = kind
				r, err := record(j, g, 0)
				if err != nil {
					fmt.Fprintf(&b, "== %s %s\nrefused: %v\n", name, kind, err)
					continue
				}
				fmt.Fprintf(&b, "== %s %s\n%s", name, kind, r)
			}
		}
		golden(t, string(layout)+".txt", []byte(b.String()))
	}
}

// The dots of a 203 dpi printer, for the labels that go on the usual roll.
func TestGoldenDots(t *testing.T) {
	for _, layout := range []Layout{CopyLabel, SpineLabel, BothLabel, TestLabel, PlaceLabel} {
		j := job(t, layout, "35x22", ZPL)
		if layout == PlaceLabel {
			j.Stock = stock(t, "50x30")
		}
		j.Items, j.Places = j.Items[:1], j.Places[1:2]
		name := string(layout) + ".png"
		img := dots(t, j)[0]
		file := filepath.Join(goldens, name)
		if *update {
			var b bytes.Buffer
			if err := png.Encode(&b, img); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.Bytes())
			continue
		}
		f, err := os.Open(file)
		if err != nil {
			t.Fatalf("%v; run with -update", err)
		}
		want, err := png.Decode(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		if n := apart(img, want); n != 0 {
			t.Errorf("%s: %d dots differ", name, n)
		}
	}
}

// apart counts the dots in which two pictures differ.
func apart(a, b image.Image) (n int) {
	if a.Bounds() != b.Bounds() {
		return a.Bounds().Dx() * a.Bounds().Dy()
	}
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if r, _, _, _ := a.At(x, y).RGBA(); func() bool { q, _, _, _ := b.At(x, y).RGBA(); return q != r }() {
				n++
			}
		}
	}
	return n
}

// The same job gives the same bytes, today, tomorrow and on another machine.
// The compression may change with Go's release and the last digit of a number
// with the processor, so the sums are compared with those of the same two.
func TestGoldenPDFs(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", runtime.Version(), runtime.GOARCH)
	for _, c := range []struct {
		layout Layout
		stock  string
	}{{CopyLabel, "a4-65"}, {BothLabel, "a4-24"}, {PatronCard, "card-a4"}, {Commands, "a4"}} {
		one, _ := render(t, job(t, c.layout, c.stock, PDF))
		two, _ := render(t, job(t, c.layout, c.stock, PDF))
		if !bytes.Equal(one, two) {
			t.Errorf("%s: two runs, two files", c.layout)
		}
		fmt.Fprintf(&b, "%x %s %s\n", sha256.Sum256(one), c.layout, c.stock)
	}
	if !*update {
		want, err := os.ReadFile(filepath.Join(goldens, "pdf.sha256"))
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(string(want), "\n")
		if now, _, _ := strings.Cut(b.String(), "\n"); now != head {
			t.Skipf("the sums were made with %s, this is %s", head, now)
		}
	}
	golden(t, "pdf.sha256", []byte(b.String()))
}

// Every built-in stock takes every layout that is meant for it: labels that
// cannot hold their barcode would be a trap in the list.
func TestEveryLayoutFitsItsStocks(t *testing.T) {
	for layout, stocks := range combos() {
		for _, name := range stocks {
			j := job(t, layout, name, PDF)
			if _, err := record(j, symbol.Vector, 0); err != nil {
				t.Errorf("%s on %s: %v", layout, name, err)
			}
			if j.Stock.Kind == sheet.Roll {
				j.Format = ZPL
				if rep, err := Render(context.Background(), new(bytes.Buffer), j); err != nil || rep.Labels == 0 {
					t.Errorf("%s on %s as ZPL: %v", layout, name, err)
				}
			}
		}
	}
}

var _ ink.Canvas = (*recorder)(nil)
