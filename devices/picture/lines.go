package picture

import (
	"math"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
)

// lines is one way to lay lines over a picture: the angles, in degrees, and how
// each line is made ready.
type lines struct {
	angles []float64
	thick  int  // how many lines beside each other are one: their mean has less noise
	sharp  bool // against blur
	window int  // pixels in which light and dark are compared
}

// perPixel is how many samples of a line there are for each pixel: edges lie
// between pixels, and bars are compared by their widths.
const perPixel = 2

// lineReaders read a line of black and white.
type lineReaders struct {
	code128, ean13 oned.RowDecoder
}

func newLineReaders() lineReaders {
	return lineReaders{
		oned.NewCode128Reader().(oned.RowDecoder),
		oned.NewEAN13Reader().(oned.RowDecoder),
	}
}

// scan lays the lines over the picture, about apart pixels from each other.
func (s *search) scan(g grey, l lines, apart int) {
	for _, angle := range l.angles {
		if s.over() {
			return
		}
		s.scanAngle(g, l, angle, apart)
	}
}

// scanAngle lays lines of one angle. Where one holds a code, the others of this
// angle are read all the same: a second code is to be seen too.
func (s *search) scanAngle(g grey, l lines, angle float64, apart int) {
	sin, cos := math.Sincos(angle * math.Pi / 180)
	reach := int(math.Abs(float64(g.w)*sin)+math.Abs(float64(g.h)*cos)) / 2
	for d := 0; d <= reach; d += apart {
		s.scanLine(g, l, sin, cos, float64(d))
		if d > 0 {
			s.scanLine(g, l, sin, cos, float64(-d))
		}
		if s.ctx.Err() != nil || s.several() {
			return
		}
	}
}

// scanLine reads one line, off pixels beside the centre.
func (s *search) scanLine(g grey, l lines, sin, cos, off float64) {
	s.line = g.sample(s.line[:0], sin, cos, off, l.thick)
	if len(s.line) < minLine {
		return
	}
	v := s.line
	if l.sharp {
		v = s.sharpen(v)
	}
	row := s.blackWhite(v, l.window*perPixel)
	s.readRow(row)
}

// minLine is the shortest line, in samples, that can hold a code.
const minLine = 60 * perPixel

// readRow reads all codes of a row, in both directions, and counts a voice for
// each.
func (s *search) readRow(row *gozxing.BitArray) {
	for range 2 {
		for _, one := range []struct {
			kind Kind
			dec  oned.RowDecoder
		}{{Code128, s.readers.code128}, {EAN13, s.readers.ean13}} {
			res := decodeRow(one.dec, row)
			if res == nil {
				continue
			}
			s.vote(one.kind, res.GetText())
			if p := res.GetResultPoints(); len(p) == 2 && one.kind == Code128 {
				// What lies beside it on the same line.
				for _, rest := range besides(row, int(p[0].GetX()), int(p[1].GetX())) {
					if other := decodeRow(one.dec, rest); other != nil {
						s.vote(one.kind, other.GetText())
					}
				}
			}
		}
		row.Reverse()
	}
}

// besides are the parts of a row left and right of a code.
func besides(row *gozxing.BitArray, from, to int) []*gozxing.BitArray {
	from, to = max(0, min(from, to)), min(row.GetSize(), max(from, to))
	var parts []*gozxing.BitArray
	for _, r := range [][2]int{{0, from}, {to, row.GetSize()}} {
		if r[1]-r[0] < minLine {
			continue
		}
		part := gozxing.NewBitArray(r[1] - r[0])
		for i := r[0]; i < r[1]; i++ {
			if row.Get(i) {
				part.Set(i - r[0])
			}
		}
		parts = append(parts, part)
	}
	return parts
}

func decodeRow(d oned.RowDecoder, row *gozxing.BitArray) (res *gozxing.Result) {
	defer func() {
		if recover() != nil {
			res = nil
		}
	}()
	res, err := d.DecodeRow(0, row, nil)
	if err != nil || res == nil || res.GetText() == "" {
		return nil
	}
	return res
}

// sample takes the brightness along a line through the picture, the mean of
// thick lines a pixel apart.
func (g grey) sample(out []float32, sin, cos, off float64, thick int) []float32 {
	margin := float64(thick)/2 + 1.5
	cx, cy := float64(g.w-1)/2-off*sin, float64(g.h-1)/2+off*cos
	lo, hi := math.Inf(-1), math.Inf(1)
	clip := func(at, step, most float64) {
		switch {
		case margin > most-margin: // the picture is a thread
			hi = math.Inf(-1)
		case math.Abs(step) < 1e-9:
			if at < margin || at > most-margin {
				hi = math.Inf(-1)
			}
		default:
			a, b := (margin-at)/step, (most-margin-at)/step
			lo, hi = max(lo, min(a, b)), min(hi, max(a, b))
		}
	}
	clip(cx, cos, float64(g.w-1))
	clip(cy, sin, float64(g.h-1))
	if hi <= lo {
		return out
	}
	for range int((hi - lo) * perPixel) {
		out = append(out, 0)
	}
	const one = 1 << 16
	dx, dy := int(cos*one/perPixel), int(sin*one/perPixel)
	for k := range thick {
		j := float64(k) - float64(thick-1)/2
		x, y := int((cx+lo*cos-j*sin)*one), int((cy+lo*sin+j*cos)*one)
		for i := range out {
			at := (y>>16)*g.w + x>>16
			fx, fy := x>>8&255, y>>8&255
			a, b := int(g.pix[at]), int(g.pix[at+1])
			c, d := int(g.pix[at+g.w]), int(g.pix[at+g.w+1])
			top, low := a<<8+(b-a)*fx, c<<8+(d-c)*fx
			out[i] += float32(top<<8 + (low-top)*fy)
			x, y = x+dx, y+dy
		}
	}
	for i := range out {
		out[i] /= float32(thick) * one
	}
	return out
}

// sharpen adds what a sample differs from those a pixel and a half away.
func (s *search) sharpen(v []float32) []float32 {
	const m = 3 * perPixel / 2
	s.sharp = append(s.sharp[:0], v...)
	for i := m; i < len(v)-m; i++ {
		s.sharp[i] = v[i] + 1.2*(2*v[i]-v[i-m]-v[i+m])
	}
	return s.sharp
}

// leastContrast is the difference of brightness below which there is nothing but
// paper.
const leastContrast = 12

// blackWhite makes a line black and white: each sample against the middle of
// the lightest and the darkest around it.
func (s *search) blackWhite(v []float32, window int) *gozxing.BitArray {
	block := max(4, window/2)
	n := (len(v) + block - 1) / block
	lo, hi := make([]float32, n+2), make([]float32, n+2)
	for b := range n {
		l, h := float32(math.Inf(1)), float32(math.Inf(-1))
		for _, x := range v[b*block : min(len(v), (b+1)*block)] {
			l, h = min(l, x), max(h, x)
		}
		lo[b+1], hi[b+1] = l, h
	}
	lo[0], hi[0], lo[n+1], hi[n+1] = lo[1], hi[1], lo[n], hi[n]
	row := gozxing.NewBitArray(len(v))
	for b := range n {
		l := min(lo[b], lo[b+1], lo[b+2])
		h := max(hi[b], hi[b+1], hi[b+2])
		if h-l < leastContrast {
			continue
		}
		mid := (l + h) / 2
		for i := b * block; i < min(len(v), (b+1)*block); i++ {
			if v[i] < mid {
				row.Set(i)
			}
		}
	}
	return row
}
