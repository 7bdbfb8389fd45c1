package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // the formats of cameras, screens and messengers
	_ "image/jpeg"
	_ "image/png"
	"math"

	_ "golang.org/x/image/webp"
)

// grey is a picture's brightness, a byte a pixel, 0 black.
type grey struct {
	w, h int
	pix  []byte
}

func newGrey(w, h int) grey { return grey{w, h, make([]byte, w*h)} }

// open decodes a picture after a look at how large it says it is: a file of a
// few bytes can claim to be a wall.
func open(b []byte) (g grey, err error) {
	if len(b) > MostBytes {
		return g, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(b))
	}
	// The decoders are well tested; a picture that makes one panic all the same
	// is a bad picture and not the daemon's end.
	defer func() {
		if p := recover(); p != nil {
			g, err = grey{}, fmt.Errorf("%w: %v", ErrNoPicture, p)
		}
	}()
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return g, fmt.Errorf("%w: %v", ErrNoPicture, err)
	}
	if c.Width > MostPixels/c.Height {
		return g, fmt.Errorf("%w: %d x %d", ErrTooLarge, c.Width, c.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return g, fmt.Errorf("%w: %v", ErrNoPicture, err)
	}
	return brightness(img), nil
}

// brightness takes the brightness of each pixel, on white where the picture is
// transparent. The usual formats have short ways: a pixel by way of color.Color
// takes twenty times as long.
func brightness(img image.Image) grey {
	r := img.Bounds()
	g := newGrey(r.Dx(), r.Dy())
	for y := range g.h {
		row := g.pix[y*g.w : (y+1)*g.w]
		switch m := img.(type) {
		case *image.YCbCr:
			copy(row, m.Y[y*m.YStride:])
		case *image.NYCbCrA:
			copy(row, m.Y[y*m.YStride:])
		case *image.Gray:
			copy(row, m.Pix[y*m.Stride:])
		case *image.RGBA:
			p := m.Pix[y*m.Stride:]
			for x := range row {
				q := p[4*x : 4*x+4]
				row[x] = byte(luma(uint32(q[0]), uint32(q[1]), uint32(q[2])) + 255 - uint32(q[3]))
			}
		case *image.NRGBA:
			p := m.Pix[y*m.Stride:]
			for x := range row {
				q := p[4*x : 4*x+4]
				a := uint32(q[3])
				row[x] = byte((luma(uint32(q[0]), uint32(q[1]), uint32(q[2]))*a + 255*(255-a)) / 255)
			}
		default:
			for x := range row {
				c := color.NRGBAModel.Convert(img.At(r.Min.X+x, r.Min.Y+y)).(color.NRGBA)
				a := uint32(c.A)
				row[x] = byte((luma(uint32(c.R), uint32(c.G), uint32(c.B))*a + 255*(255-a)) / 255)
			}
		}
	}
	return g
}

// luma is ITU-R BT.601's, as in a JPEG.
func luma(r, g, b uint32) uint32 { return (19595*r + 38470*g + 7471*b + 1<<15) >> 16 }

// within scales down to at most side pixels a side; a smaller picture stays.
func (g grey) within(side int) grey {
	most := max(g.w, g.h)
	if most <= side {
		return g
	}
	return g.resize(max(1, g.w*side/most), max(1, g.h*side/most))
}

// resize scales to w x h: down by the mean of the area that a pixel covers,
// edges by their part, so that no bar is wider than its neighbour; up by
// straight lines between pixels.
func (g grey) resize(w, h int) grey {
	out := newGrey(w, h)
	across, down := spans(g.w, w), spans(g.h, h)
	sum := make([]float32, w)
	line := make([]float32, w)
	for y, d := range down {
		clear(sum)
		for i, wy := range d.part {
			src := g.pix[(d.from+i)*g.w : (d.from+i+1)*g.w]
			for x, a := range across {
				var v float32
				for j, wx := range a.part {
					v += wx * float32(src[a.from+j])
				}
				line[x] = v
			}
			for x, v := range line {
				sum[x] += wy * v
			}
		}
		for x, v := range sum {
			out.pix[y*w+x] = byte(min(255, v+0.5))
		}
	}
	return out
}

// span is which pixels of the source make one of the target, and how much each.
type span struct {
	from int
	part []float32
}

func spans(have, want int) []span {
	all := make([]span, want)
	k := float64(have) / float64(want)
	for i := range all {
		lo, hi := float64(i)*k, float64(i+1)*k
		up := k < 1
		if up { // between the two nearest centres
			lo = (lo+hi)/2 - 0.5
			hi = lo + 1
		}
		from := max(0, int(lo))
		s := span{from: from}
		var total float64
		for p := from; p < have && float64(p) < hi; p++ {
			part := min(hi, float64(p+1)) - max(lo, float64(p)) // of the pixel's area
			if up {
				part = 1 - min(1, math.Abs(float64(p)-lo))
			}
			s.part = append(s.part, float32(part))
			total += part
		}
		if total <= 0 {
			s.part, total = []float32{1}, 1
			s.from = min(from, have-1)
		}
		for j := range s.part {
			s.part[j] /= float32(total)
		}
		all[i] = s
	}
	return all
}
