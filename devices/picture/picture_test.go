package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"

	"muontra/labels/symbol"
)

func drawn(t testing.TB, kind symbol.Kind, text string) *symbol.Symbol {
	t.Helper()
	s, err := symbol.New(kind, text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// put draws a symbol onto a picture at so many pixels a module.
func put(dst draw.Image, s *symbol.Symbol, x, y, module int) {
	pix, w, h := s.Paint(module)
	if s.Rows == 1 {
		h = 24 * module
		pix = bytes.Repeat(pix[:w], h)
	}
	src := &image.Gray{Pix: pix, Stride: w, Rect: image.Rect(0, 0, w, h)}
	draw.Draw(dst, image.Rect(x, y, x+w, y+h), src, image.Point{}, draw.Src)
}

func sheet(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(g, g.Rect, image.NewUniform(color.Gray{Y: 240}), image.Point{}, draw.Src)
	return g
}

func read(t testing.TB, b []byte) ([]Code, error) {
	t.Helper()
	return NewReader(1).Read(context.Background(), b)
}

func wantOne(t *testing.T, what string, b []byte, kind Kind, text string) {
	t.Helper()
	codes, err := read(t, b)
	if err != nil || len(codes) != 1 || codes[0] != (Code{text, kind}) {
		t.Errorf("%s: %v, %v, want %s %s", what, codes, err, kind, text)
	}
}

func TestFormatsAndKinds(t *testing.T) {
	g := sheet(900, 400)
	put(g, drawn(t, symbol.Code128, "TK.00123"), 100, 100, 4)
	rgba := image.NewRGBA(g.Rect)
	draw.Draw(rgba, g.Rect, g, image.Point{}, draw.Src)
	nrgba := image.NewNRGBA(g.Rect) // the paper is transparent
	for y := range 400 {
		for x := range 900 {
			if v := g.GrayAt(x, y).Y; v < 128 {
				nrgba.SetNRGBA(x, y, color.NRGBA{A: 255})
			}
		}
	}
	deep := image.NewGray16(g.Rect)
	draw.Draw(deep, g.Rect, g, image.Point{}, draw.Src)
	var j, colour, gi bytes.Buffer
	if err := errors.Join(jpeg.Encode(&j, g, nil), jpeg.Encode(&colour, rgba, nil), gif.Encode(&gi, g, nil)); err != nil {
		t.Fatal(err)
	}
	webp, err := os.ReadFile("testdata/label.webp") // Go has no writer of WebP
	if err != nil {
		t.Fatal(err)
	}
	for what, b := range map[string][]byte{
		"WebP": webp, "PNG, grey": encoded(t, g), "PNG, colour": encoded(t, rgba), "PNG, transparent": encoded(t, nrgba), "PNG, 16 bit": encoded(t, deep),
		"JPEG, grey": j.Bytes(), "JPEG, colour": colour.Bytes(), "GIF": gi.Bytes(),
	} {
		wantOne(t, what, b, Code128, "TK.00123")
	}

	m, err := oned.NewEAN13Writer().Encode("8935244817638", gozxing.BarcodeFormat_EAN_13, 0, 1, map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_MARGIN: 24})
	if err != nil {
		t.Fatal(err)
	}
	ean := sheet(m.GetWidth()*3, 300)
	for x := range ean.Rect.Dx() {
		for y := 60; y < 240; y++ {
			if m.Get(x/3, 0) {
				ean.SetGray(x, y, color.Gray{Y: 10})
			}
		}
	}
	wantOne(t, "EAN-13", encoded(t, ean), EAN13, "8935244817638")

	q := sheet(500, 500)
	put(q, drawn(t, symbol.QR, "20000014"), 100, 100, 6)
	wantOne(t, "QR", encoded(t, q), QR, "20000014")
}

// A camera says in EXIF how the picture is to be turned; we read it as it is,
// turned and mirrored all eight ways.
func TestAnyOrientation(t *testing.T) {
	for _, kind := range []symbol.Kind{symbol.Code128, symbol.QR} {
		g := sheet(640, 480)
		put(g, drawn(t, kind, "30000021"), 100, 120, 4)
		for o := 1; o <= 8; o++ {
			out := image.NewGray(image.Rect(0, 0, 640, 480))
			if o >= 5 {
				out = image.NewGray(image.Rect(0, 0, 480, 640))
			}
			for y := range 480 {
				for x := range 640 {
					u, v := x, y
					if o == 2 || o == 3 || o == 6 || o == 7 {
						u = 639 - x
					}
					if o == 3 || o == 4 || o == 7 || o == 8 {
						v = 479 - y
					}
					if o >= 5 {
						u, v = v, u
					}
					out.SetGray(u, v, g.GrayAt(x, y))
				}
			}
			wantOne(t, fmt.Sprintf("%s, orientation %d", kind, o), withOrientation(t, out, o), Kind(kind), "30000021")
		}
	}
}

// withOrientation is a JPEG with an EXIF block that says so.
func withOrientation(t *testing.T, img image.Image, o int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	exif[len(exif)-7] = byte(o)
	app1 := append([]byte{0xFF, 0xE1, 0, byte(len(exif) + 2)}, exif...)
	return append(append([]byte{0xFF, 0xD8}, app1...), b.Bytes()[2:]...)
}

func TestSeveralCodes(t *testing.T) {
	same := sheet(1000, 500)
	put(same, drawn(t, symbol.Code128, "30000013"), 40, 100, 3)
	put(same, drawn(t, symbol.QR, "30000013"), 600, 100, 6)
	wantOne(t, "the same text in two symbols", encoded(t, same), Code128, "30000013")

	several := map[string]func(*image.Gray){
		"one over the other": func(g *image.Gray) {
			put(g, drawn(t, symbol.Code128, "30000013"), 100, 60, 3)
			put(g, drawn(t, symbol.Code128, "30000021"), 100, 300, 3)
		},
		"side by side": func(g *image.Gray) {
			put(g, drawn(t, symbol.Code128, "30000013"), 30, 200, 3)
			put(g, drawn(t, symbol.Code128, "30000021"), 500, 200, 3)
		},
		"one lying, one standing": func(g *image.Gray) {
			put(g, drawn(t, symbol.Code128, "30000013"), 30, 200, 3)
			up := image.NewGray(image.Rect(0, 0, 400, 100))
			put(up, drawn(t, symbol.Code128, "30000021"), 0, 0, 3)
			for y := range 100 {
				for x := range 400 {
					g.SetGray(700+y, 50+x, up.GrayAt(x, y))
				}
			}
		},
		"two QR": func(g *image.Gray) {
			put(g, drawn(t, symbol.QR, "30000013"), 60, 100, 6)
			put(g, drawn(t, symbol.QR, "30000021"), 560, 240, 6)
		},
		"a QR and bars": func(g *image.Gray) {
			put(g, drawn(t, symbol.Code128, "30000013"), 60, 100, 3)
			put(g, drawn(t, symbol.QR, "30000021"), 560, 240, 6)
		},
	}
	for what, fill := range several {
		g := sheet(1000, 500)
		fill(g)
		codes, err := read(t, encoded(t, g))
		if err != nil || len(codes) != 2 {
			t.Errorf("%s: %v, %v", what, codes, err)
		}
	}

	twelve := sheet(1600, 1200)
	put12 := map[string]bool{}
	for i := range 12 {
		text := fmt.Sprintf("3000%04d", i*37+10)
		put12[text] = true
		put(twelve, drawn(t, symbol.Code128, text), 40+(i%3)*520, 60+(i/3)*280, 3)
	}
	codes, err := read(t, encoded(t, twelve))
	if err != nil || len(codes) < 2 {
		t.Errorf("twelve: %v, %v", codes, err)
	}
	for _, c := range codes {
		if !put12[c.Text] {
			t.Errorf("twelve: %q stands nowhere", c.Text)
		}
	}
}

// A far label: a large picture in which it is small.
func TestFarLabel(t *testing.T) {
	g := sheet(3200, 2400)
	put(g, drawn(t, symbol.Code128, "30000047"), 1500, 1200, 2)
	wantOne(t, "small in a large picture", encoded(t, g), Code128, "30000047")
}

func TestNothingToRead(t *testing.T) {
	good := encoded(t, photograph(t, drawn(t, symbol.Code128, "30000013"), harms[0], 1))
	var j bytes.Buffer
	if err := jpeg.Encode(&j, sheet(800, 600), nil); err != nil {
		t.Fatal(err)
	}
	wall := pngHeader(8000, 6300) // 50 megapixels
	for what, c := range map[string]struct {
		b    []byte
		want error
	}{
		"nothing":               {nil, ErrNoPicture},
		"text":                  {[]byte("30000013\r\n"), ErrNoPicture},
		"a PDF":                 {[]byte("%PDF-1.7\n"), ErrNoPicture},
		"cut short":             {good[:len(good)/3], ErrNoPicture},
		"only its beginning":    {j.Bytes()[:300], ErrNoPicture},
		"50 megapixels":         {wall, ErrTooLarge},
		"a line of 2 gigapixel": {pngHeader(1<<31-1, 1), ErrTooLarge},
		"13 MB":                 {make([]byte, MostBytes+1), ErrTooLarge},
		"an empty sheet":        {j.Bytes(), ErrNoCode},
		"one pixel":             {encoded(t, sheet(1, 1)), ErrNoCode},
		"a thread":              {encoded(t, sheet(4000, 1)), ErrNoCode},
		"a standing thread":     {encoded(t, sheet(2, 3000)), ErrNoCode},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		codes, err := read(t, c.b)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, c.want) || codes != nil {
			t.Errorf("%s: %v, %v, want %v", what, codes, err, c.want)
		}
		if c.want == ErrTooLarge && after.TotalAlloc-before.TotalAlloc > 1<<20 {
			t.Errorf("%s: %d bytes were taken for a refusal", what, after.TotalAlloc-before.TotalAlloc)
		}
	}
}

// pngHeader is a PNG that says how large it is and has nothing more.
func pngHeader(w, h uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	chunk = append(binary.BigEndian.AppendUint32(chunk, h), 8, 2, 0, 0, 0)
	binary.Write(&b, binary.BigEndian, uint32(len(chunk)-4))
	b.Write(chunk)
	binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(chunk))
	return b.Bytes()
}

// What is no barcode must not become one: noise, stripes of chance, print.
func TestNoFalseText(t *testing.T) {
	most := 9
	if raceEnabled {
		most = 3
	}
	for seed := range most {
		rnd := rand.New(rand.NewPCG(uint64(seed), 3))
		g := sheet(640, 480)
		switch seed % 3 {
		case 0:
			for i := range g.Pix {
				g.Pix[i] = byte(rnd.IntN(256))
			}
		case 1: // stripes of chance over the whole picture
			dark := false
			for x := 0; x < 640; {
				run := 2 * (1 + rnd.IntN(4))
				for i := x; dark && i < min(640, x+run); i++ {
					for y := 100; y < 380; y++ {
						g.SetGray(i, y, color.Gray{Y: 20})
					}
				}
				x, dark = x+run, !dark
			}
		case 2: // bricks of chance
			for y := 0; y < 480; y += 4 {
				for x := 0; x < 640; x += 4 {
					if rnd.IntN(2) == 0 {
						draw.Draw(g, image.Rect(x, y, x+4, y+4), image.Black, image.Point{}, draw.Src)
					}
				}
			}
		}
		if codes, err := read(t, encoded(t, g)); !errors.Is(err, ErrNoCode) {
			t.Errorf("seed %d: %v, %v", seed, codes, err)
		}
	}
}

// No more pictures at once than there are places, and who waits may give up.
func TestPlacesAndTime(t *testing.T) {
	r := NewReader(1)
	r.slots <- struct{}{} // somebody else's picture
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := r.Read(ctx, encoded(t, sheet(10, 10))); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without a place: %v", err)
	}
	<-r.slots

	// Time that is up ends the search, with what there is.
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	img := photograph(t, drawn(t, symbol.Code128, "30000013"), harms[0], 1)
	for ctx, want := range map[context.Context]int{context.Background(): 1, gone: 0} {
		s := newSearch(ctx)
		s.look(brightness(img))
		if len(s.found) != want {
			t.Errorf("found %v, want %d", s.found, want)
		}
	}

	b := encoded(t, img)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if codes, err := r.Read(context.Background(), b); err != nil || len(codes) != 1 || codes[0].Text != "30000013" {
				t.Errorf("in a crowd: %v, %v", codes, err)
			}
		})
	}
	wg.Wait()
}

// FuzzPicture: whatever bytes come, an answer and no panic. The corpus has
// pictures of each format, cut and changed.
func FuzzPicture(f *testing.F) {
	g := sheet(200, 60)
	put(g, drawn(f, symbol.Code128, "3000"), 10, 10, 2)
	var j, gi bytes.Buffer
	if err := errors.Join(jpeg.Encode(&j, g, nil), gif.Encode(&gi, g, nil)); err != nil {
		f.Fatal(err)
	}
	q := sheet(90, 90)
	put(q, drawn(f, symbol.QR, "3"), 0, 0, 3)
	for _, b := range [][]byte{encoded(f, g), j.Bytes(), gi.Bytes(), encoded(f, q), pngHeader(5000, 5000), []byte("RIFF\x1a\x00\x00\x00WEBPVP8L"), nil} {
		f.Add(b)
		f.Add(b[:len(b)/2])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, _, err := image.DecodeConfig(bytes.NewReader(b)); err == nil && c.Width*c.Height > 1<<20 {
			return // sound, but slow here
		}
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		codes, err := NewReader(1).Read(ctx, b)
		if (err == nil) != (len(codes) > 0) {
			t.Errorf("%v, %v", codes, err)
		}
		for _, c := range codes {
			if c.Text == "" || c.Kind == "" {
				t.Errorf("an empty code: %v", codes)
			}
		}
	})
}

// BenchmarkPicture: a good photo of a phone, ours beside gozxing alone; and the
// dearest, in which there is nothing.
func BenchmarkPicture(b *testing.B) {
	h := harms[len(harms)-2]
	img := photograph(b, drawn(b, symbol.Code128, "30000013"), h, 4)
	enc := encoded(b, img)
	g := brightness(img)
	b.Run("ours", func(b *testing.B) {
		var plain time.Duration
		for b.Loop() {
			s := newSearch(context.Background())
			s.look(g)
			b.StopTimer()
			start := time.Now()
			plainly(symbol.Code128, img)
			plain += time.Since(start)
			b.StartTimer()
		}
		b.ReportMetric(float64(b.Elapsed())/float64(plain), "of-gozxing-alone")
	})
	b.Run("with decoding", func(b *testing.B) {
		for b.Loop() {
			if _, err := read(b, enc); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("nothing in 12 megapixels", func(b *testing.B) {
		var j bytes.Buffer
		if err := jpeg.Encode(&j, sheet(4000, 3000), nil); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := read(b, j.Bytes()); !errors.Is(err, ErrNoCode) {
				b.Fatal(err)
			}
		}
	})
}
