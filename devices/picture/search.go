package picture

import (
	"context"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
)

// search is the work on one picture.
type search struct {
	ctx     context.Context
	readers lineReaders
	votes   map[Code]int
	found   []Code

	line, sharp []float32 // kept from line to line
}

func newSearch(ctx context.Context) *search {
	return &search{ctx: ctx, readers: newLineReaders(), votes: map[Code]int{}}
}

// voices is how many lines must say a text. Code 128 has a checksum of 103
// values, EAN of ten: among random stripes one line in two hundred is an EAN.
func voices(k Kind) int {
	if k == EAN13 {
		return 4
	}
	return 2
}

func (s *search) vote(k Kind, text string) {
	c := Code{text, k}
	s.votes[c]++
	if s.votes[c] == voices(k) {
		s.take(k, text)
	}
}

// take notes a code that is sure.
func (s *search) take(k Kind, text string) {
	for _, c := range s.found {
		if c.Text == text {
			return
		}
	}
	s.found = append(s.found, Code{text, k})
}

func (s *search) several() bool { return len(s.found) > 1 }

// over says that there is no more to do: something is found, or time is up.
func (s *search) over() bool { return len(s.found) > 0 || s.ctx.Err() != nil }

// The sizes, in pixels of the longer side, at which a picture is looked at.
const (
	usual = 1600 // a label that fills a third of it has 4 pixels a module
	fine  = 3200 // for a label far away
)

var (
	upright = []float64{0, 90}
	slanted = []float64{15, -15, 30, -30, 45, -45, 60, -60, 75, -75}
	nearly  = []float64{4, -4, 8, -8, 94, 86, 98, 82}
)

// look tries what reads most pictures first and goes on until something is
// found. The rest of what is in the picture is then looked for once more, in
// the easy ways: a second label that can be read as well as the first.
func (s *search) look(whole grey) {
	g := whole.within(usual)
	apart := max(2, max(g.w, g.h)/160)
	passes := []func(){
		func() { s.scan(g, lines{upright, 3, false, 32}, 2*apart) },
		func() { s.squares(g) },
		func() { s.scan(g, lines{upright, 5, true, 24}, apart) },
		func() { s.scan(g, lines{slanted, 3, false, 32}, apart) },
		func() { s.squares(g.soft()) },
		func() { s.stretched(g) },
		func() { s.scan(g, lines{nearly, 9, true, 32}, apart) },
		func() { s.scan(g, lines{slanted, 5, true, 24}, apart) },
		func() { s.squares(g.resize(max(1, g.w/2), max(1, g.h/2))) },
		func() { s.far(whole, g) },
		func() { s.plain(g) },
	}
	for _, pass := range passes {
		if s.over() {
			break
		}
		pass()
	}
	if s.over() && !s.several() && s.ctx.Err() == nil {
		s.scanAngle(g, lines{nil, 3, false, 32}, 0, apart)
		s.scanAngle(g, lines{nil, 3, false, 32}, 90, apart)
		s.squares(g)
	}
}

// stretched draws QR codes that are seen from the side long again.
func (s *search) stretched(g grey) {
	g = g.within(usual / 2)
	for _, turn := range []float64{0, 45} {
		t := g
		if turn != 0 {
			t = g.turned(turn)
		}
		for _, k := range []float64{1.25, 1.6} {
			for _, upright := range []bool{true, false} {
				if s.over() {
					return
				}
				if upright {
					s.squares(t.resize(t.w, int(float64(t.h)*k)))
				} else {
					s.squares(t.resize(int(float64(t.w)*k), t.h))
				}
			}
		}
	}
}

// far looks at the picture larger, where the camera saw more than g has; a
// small picture is drawn larger.
func (s *search) far(whole, g grey) {
	switch {
	case max(whole.w, whole.h) > max(g.w, g.h)*5/4:
		f := whole.within(fine)
		s.scan(f, lines{upright, 3, false, 32}, max(f.w, f.h)/200)
		if !s.over() {
			s.squares(f)
		}
	case max(g.w, g.h) <= usual/2:
		s.squares(g.resize(2*g.w, 2*g.h).soft())
	}
}

// plain is gozxing's own way, as hard as it tries. One line is enough here when
// no other said anything else.
func (s *search) plain(g grey) {
	defer func() { _ = recover() }()
	src, err := gozxing.NewPlanarYUVLuminanceSource(g.pix, g.w, g.h, 0, 0, g.w, g.h, false)
	if err != nil {
		return
	}
	bmp, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(src))
	if err != nil {
		return
	}
	res, err := oned.NewCode128Reader().Decode(bmp, tryHarder)
	if err != nil || res.GetText() == "" {
		return
	}
	c := Code{res.GetText(), Code128}
	for other := range s.votes {
		if other.Kind == Code128 && other != c {
			return
		}
	}
	s.take(c.Kind, c.Text)
}
