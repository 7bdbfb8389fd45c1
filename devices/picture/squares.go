package picture

import (
	"math"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// squares looks for QR codes. What is found is painted white and looked for
// again, so that a second one is seen too.
func (s *search) squares(g grey) {
	for range 2 {
		if s.several() || s.ctx.Err() != nil {
			return
		}
		text, points := readSquare(g)
		if text == "" {
			return
		}
		s.take(QR, text)
		if s.several() || len(points) < 3 {
			return
		}
		g = g.without(points)
	}
}

func readSquare(g grey) (text string, points []gozxing.ResultPoint) {
	defer func() {
		if recover() != nil {
			text, points = "", nil
		}
	}()
	src, err := gozxing.NewPlanarYUVLuminanceSource(g.pix, g.w, g.h, 0, 0, g.w, g.h, false)
	if err != nil {
		return "", nil
	}
	bmp, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(src))
	if err != nil {
		return "", nil
	}
	res, err := qrcode.NewQRCodeReader().Decode(bmp, tryHarder)
	if err != nil {
		return "", nil
	}
	return res.GetText(), res.GetResultPoints()
}

var tryHarder = map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}

// without paints a code white: its corners' box and a third more on each side.
func (g grey) without(points []gozxing.ResultPoint) grey {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range points {
		x0, x1 = min(x0, p.GetX()), max(x1, p.GetX())
		y0, y1 = min(y0, p.GetY()), max(y1, p.GetY())
	}
	more := max(x1-x0, y1-y0) / 3
	out := grey{g.w, g.h, append([]byte(nil), g.pix...)}
	for y := max(0, int(y0-more)); y < min(g.h, int(y1+more)); y++ {
		for x := max(0, int(x0-more)); x < min(g.w, int(x1+more)); x++ {
			out.pix[y*g.w+x] = 255
		}
	}
	return out
}

// soft is the picture with each pixel the mean of its neighbours.
func (g grey) soft() grey {
	if g.w < 3 || g.h < 3 {
		return g
	}
	out := grey{g.w, g.h, append([]byte(nil), g.pix...)}
	for y := 1; y < g.h-1; y++ {
		a, b, c := g.pix[(y-1)*g.w:y*g.w], g.pix[y*g.w:(y+1)*g.w], g.pix[(y+1)*g.w:(y+2)*g.w]
		o := out.pix[y*g.w : (y+1)*g.w]
		for x := 1; x < g.w-1; x++ {
			o[x] = byte((int(a[x-1]) + 2*int(a[x]) + int(a[x+1]) +
				2*int(b[x-1]) + 4*int(b[x]) + 2*int(b[x+1]) +
				int(c[x-1]) + 2*int(c[x]) + int(c[x+1]) + 8) >> 4)
		}
	}
	return out
}

// turned is the picture turned by an angle in degrees, what was outside white.
func (g grey) turned(angle float64) grey {
	sin, cos := math.Sincos(angle * math.Pi / 180)
	w := int(math.Abs(float64(g.w)*cos) + math.Abs(float64(g.h)*sin))
	h := int(math.Abs(float64(g.w)*sin) + math.Abs(float64(g.h)*cos))
	out := newGrey(w, h)
	for y := range h {
		v := float64(y) - float64(h)/2
		for x := range w {
			u := float64(x) - float64(w)/2
			sx, sy := u*cos-v*sin+float64(g.w)/2, u*sin+v*cos+float64(g.h)/2
			out.pix[y*w+x] = g.at(sx, sy)
		}
	}
	return out
}

func (g grey) at(x, y float64) byte {
	ix, iy := int(math.Floor(x)), int(math.Floor(y))
	if ix < 0 || iy < 0 || ix >= g.w-1 || iy >= g.h-1 {
		return 255
	}
	fx, fy := x-float64(ix), y-float64(iy)
	p := iy*g.w + ix
	top := float64(g.pix[p])*(1-fx) + float64(g.pix[p+1])*fx
	low := float64(g.pix[p+g.w])*(1-fx) + float64(g.pix[p+g.w+1])*fx
	return byte(top*(1-fy) + low*fy + 0.5)
}
