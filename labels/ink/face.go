package ink

import (
	"sync"
	"sync/atomic"

	"codeberg.org/go-fonts/dejavu/dejavusanscondensed"
	"codeberg.org/go-fonts/dejavu/dejavusanscondensedbold"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// PointMM is a point in millimetres.
const PointMM = 25.4 / 72

// Face is a font that comes with the program. It measures the same for every
// canvas, so a line that fits in one output fits in all.
type Face struct {
	name, style string // as the PDF knows it
	ttf         []byte
	open        sync.Once
	mu          sync.Mutex // guards buf
	buf         sfnt.Buffer
	font        *sfnt.Font
	// metrics keeps what was measured, by rune: measuring 1,000 labels must
	// not walk the outlines 1,000 times. 0 is "not measured yet". A block of runes
	// is there once one of them was: a table of all would be half a megabyte of
	// zeros in the program's file for each face.
	metrics [1 << 16 / block]atomic.Pointer[[block]atomic.Uint64]
}

// block is how many runes are kept together.
const block = 256

// The faces: DejaVu Sans Condensed has all Vietnamese letters and is narrow
// enough for labels.
var (
	Regular = &Face{name: "dejavu", style: "", ttf: dejavusanscondensed.TTF}
	Bold    = &Face{name: "dejavu", style: "B", ttf: dejavusanscondensedbold.TTF}
)

// faces are all of them, in the order in which documents have them.
var faces = []*Face{Regular, Bold}

// metric is what is known of a rune, in units of 1/1000 em: its advance and
// how far its ink reaches above and below the baseline.
type metric struct {
	has                  bool
	advance, top, bottom int16
}

func (f *Face) parse() *sfnt.Font {
	f.open.Do(func() {
		p, err := sfnt.Parse(f.ttf)
		if err != nil {
			panic(err) // the font is part of the program
		}
		f.font = p
	})
	return f.font
}

func (f *Face) metric(r rune) metric {
	if r < 0 || r > 0xFFFF {
		return metric{}
	}
	runes := f.metrics[r/block].Load()
	if runes == nil {
		f.metrics[r/block].CompareAndSwap(nil, new([block]atomic.Uint64))
		runes = f.metrics[r/block].Load()
	}
	v := runes[r%block].Load()
	if v == 0 {
		v = f.measure(r)
		runes[r%block].Store(v)
	}
	return metric{v&2 != 0, int16(v >> 16), int16(v >> 32), int16(v >> 48)}
}

// measure packs a rune's metric: bit 0 is always set, bit 1 when the font has
// the rune.
func (f *Face) measure(r rune) uint64 {
	p := f.parse()
	f.mu.Lock()
	defer f.mu.Unlock()
	g, err := p.GlyphIndex(&f.buf, r)
	if err != nil || g == 0 {
		return 1
	}
	em := fixed.I(1000)
	box, adv, err := p.GlyphBounds(&f.buf, g, em, font.HintingNone)
	if err != nil {
		return 1
	}
	return 3 | uint64(uint16(adv.Round()))<<16 | uint64(uint16(int16((-box.Min.Y).Ceil())))<<32 | uint64(uint16(int16(box.Max.Y.Ceil())))<<48
}

// Has says whether the face can draw a rune. Runes above U+FFFF are refused
// whatever the font holds: the PDF library cannot write them.
func (f *Face) Has(r rune) bool { return f.metric(r).has }

// Font is a face at a size in points.
type Font struct {
	Face *Face
	Size float64
}

// Width is the advance of a text in mm.
func (f Font) Width(text string) float64 {
	sum := 0
	for _, r := range text {
		sum += int(f.Face.metric(r).advance)
	}
	return float64(sum) / 1000 * f.Size * PointMM
}

// Reach is how far the ink of a text reaches above and below its baseline, in
// mm: "Ế" reaches higher than "e".
func (f Font) Reach(text string) (up, down float64) {
	var top, bottom int16
	for _, r := range text {
		m := f.Face.metric(r)
		top, bottom = max(top, m.top), max(bottom, m.bottom)
	}
	k := f.Size * PointMM / 1000
	return float64(top) * k, float64(bottom) * k
}

// Line is the distance from one baseline to the next, in mm, at which the
// marks of Vietnamese capitals clear the descenders above them.
func (f Font) Line() float64 { return f.Size * PointMM * 1.22 }

// Ascent is the part of Line above the baseline, in mm.
func (f Font) Ascent() float64 { return f.Size * PointMM * 0.98 }
