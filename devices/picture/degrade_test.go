package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"

	"muontra/labels/symbol"
)

// harm is what happens to a label between the printer and the camera.
type harm struct {
	name     string
	perMM    float64 // pixels a millimetre
	turn     float64 // degrees, in the picture's plane
	tilt     float64 // degrees, away from the camera
	blur     float64 // standard deviation, pixels
	noise    float64 // standard deviation, of 255
	contrast float64 // what is left of it, 1 all
	light    float64 // how much darker the right edge is than the left, 0 even, 1 black
	glare    float64 // width of a white spot over the label's edge, of the label's height
	quality  int     // of the JPEG; 0 for none
}

// harms are the conditions of the measurement.
var harms = []harm{
	{name: "clean", perMM: 12},
	{name: "clean small", perMM: 8},
	{name: "clean smaller", perMM: 6},
	{name: "turned 5", perMM: 12, turn: 5},
	{name: "turned 15", perMM: 12, turn: 15},
	{name: "turned 30", perMM: 12, turn: 30},
	{name: "turned 45", perMM: 12, turn: 45},
	{name: "turned 90", perMM: 12, turn: 90},
	{name: "turned 180", perMM: 12, turn: 180},
	{name: "blur 1", perMM: 12, blur: 1},
	{name: "blur 1.5", perMM: 12, blur: 1.5},
	{name: "blur 2", perMM: 12, blur: 2},
	{name: "noise 20", perMM: 12, noise: 20},
	{name: "noise 40", perMM: 12, noise: 40},
	{name: "tilt 20", perMM: 12, tilt: 20},
	{name: "tilt 35", perMM: 12, tilt: 35},
	{name: "tilt 50", perMM: 12, tilt: 50},
	{name: "low contrast", perMM: 12, contrast: .25, noise: 4},
	{name: "uneven light", perMM: 12, light: .8, noise: 4},
	{name: "glare", perMM: 12, glare: .6},
	{name: "jpeg 20", perMM: 12, turn: 3, quality: 20},
	{name: "phone, good", perMM: 12, turn: 8, tilt: 20, blur: .8, noise: 8, contrast: .6, light: .4, quality: 75},
	{name: "phone, bad", perMM: 10, turn: 13, tilt: 30, blur: 1.2, noise: 15, contrast: .5, light: .5, quality: 60},
}

// photograph draws a symbol on a white label on a grey, grained table, 640 x
// 480, and does the harm to it. Every picture of a seed is another one: the
// place, the sign of the angles, the direction of the light.
func photograph(t testing.TB, s *symbol.Symbol, h harm, seed uint64) *image.Gray {
	t.Helper()
	const w, ht = 640, 480
	rnd := rand.New(rand.NewPCG(seed, 7))
	const dots = 8 // of the drawing, a module
	pix, pw, ph := s.Paint(dots)
	module := .25
	if s.Kind == symbol.QR {
		module = .5
	}
	if s.Rows == 1 { // as high as on a label: 10 mm
		row := pix[:pw]
		ph = int(10 / module * dots)
		pix = bytes.Repeat(row, ph)
	}
	perDot := module / dots * h.perMM // pixels a dot
	lw, lh := float64(pw)*perDot, float64(ph)*perDot
	sign := func() float64 { return float64(rnd.IntN(2)*2 - 1) }
	turn := (h.turn*sign() + rnd.Float64() - .5) * math.Pi / 180
	tilt := h.tilt * sign() * math.Pi / 180
	across := rnd.IntN(2) == 0 // the axis of the tilt
	cx, cy := w/2+rnd.Float64()*40-20, ht/2+rnd.Float64()*40-20
	sin, cos := math.Sincos(turn)
	tsin, tcos := math.Sincos(tilt)
	far := 110 * h.perMM // the camera is 11 cm away
	// paper is the brightness of the label's plane at a point, in dots.
	paper := func(x, y float64) float64 {
		const rim = 6 // dots of white beyond the quiet zone
		ix, iy := int(math.Floor(x)), int(math.Floor(y))
		switch {
		case ix >= 0 && iy >= 0 && ix < pw && iy < ph:
			return 20 + float64(pix[iy*pw+ix])*225/255
		case ix >= -rim && iy >= -rim*4 && ix < pw+rim && iy < ph+rim*4:
			return 245
		}
		return 110
	}
	img := image.NewGray(image.Rect(0, 0, w, ht))
	light := make([]float64, w*ht)
	const sub = 3
	for y := range ht {
		for x := range w {
			var sum float64
			for i := range sub * sub {
				u := float64(x) + (float64(i%sub)+.5)/sub - cx
				v := float64(y) + (float64(i/sub)+.5)/sub - cy
				u, v = u*cos+v*sin, -u*sin+v*cos
				// Back through the perspective onto the tilted plane.
				if across {
					k := far / (far*tcos - u*tsin)
					u, v = u*k, v*k*tcos
				} else {
					k := far / (far*tcos - v*tsin)
					u, v = u*k*tcos, v*k
				}
				sum += paper((u+lw/2)/perDot, (v+lh/2)/perDot)
			}
			light[y*w+x] = sum / (sub * sub)
		}
	}
	if h.glare > 0 {
		gx, gy, r := cx+lw/2*sign(), cy-lh/2*sign(), h.glare*min(lh, 120)
		for y := range ht {
			for x := range w {
				d := math.Hypot(float64(x)-gx, float64(y)-gy) / r
				light[y*w+x] += 255 * math.Exp(-d*d*d*d)
			}
		}
	}
	light = gauss(light, w, ht, h.blur)
	contrast := h.contrast
	if contrast == 0 {
		contrast = 1
	}
	dir := sign()
	for y := range ht {
		for x := range w {
			v := 128 + (light[y*w+x]-128)*contrast
			v *= 1 - h.light*(.5+dir*(float64(x)/w-.5))
			v += rnd.NormFloat64() * h.noise
			img.SetGray(x, y, color.Gray{Y: byte(max(0, min(255, v)))})
		}
	}
	if h.quality > 0 {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: h.quality}); err != nil {
			t.Fatal(err)
		}
		out, err := jpeg.Decode(&b)
		if err != nil {
			t.Fatal(err)
		}
		return out.(*image.Gray)
	}
	return img
}

func gauss(v []float64, w, h int, sd float64) []float64 {
	if sd == 0 {
		return v
	}
	r := int(3*sd + 1)
	k := make([]float64, 2*r+1)
	var sum float64
	for i := range k {
		k[i] = math.Exp(-float64((i-r)*(i-r)) / (2 * sd * sd))
		sum += k[i]
	}
	pass := func(v []float64, step, n, lines, lstep int) []float64 {
		out := make([]float64, len(v))
		for l := range lines {
			for i := range n {
				var s float64
				for j, kk := range k {
					p := max(0, min(n-1, i+j-r))
					s += kk * v[l*lstep+p*step]
				}
				out[l*lstep+i*step] = s / sum
			}
		}
		return out
	}
	return pass(pass(v, 1, w, h, w), w, h, w, 1)
}
