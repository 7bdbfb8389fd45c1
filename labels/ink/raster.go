package ink

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	xdraw "golang.org/x/image/draw"

	"muontra/labels/symbol"
)

// Raster is a picture of whole dots. For a preview it has colours and smooth
// letters; for a label printer it is black and white, each dot decided by a
// threshold (dithered letters are hard to read, and dithered bars do not
// scan).
type Raster struct {
	grid    symbol.Grid
	mono    bool
	rgba    *image.RGBA // a preview
	grey    *image.Gray // a printer's dots
	glyphs  map[glyphKey]glyph
	faces   map[Font]font.Face
	pending []zone
	line    []byte
}

type glyphKey struct {
	f Font
	r rune
}

type glyph struct {
	at   image.Rectangle // from the pen's position on the baseline
	mask *image.Alpha
}

// zone is where a symbol was drawn, with its quiet zones.
type zone struct {
	s *symbol.Symbol
	r image.Rectangle
}

// NewRaster makes a raster; Clear gives it its size. mono is for a printer.
func NewRaster(g symbol.Grid, mono bool) *Raster {
	return &Raster{grid: g, mono: mono, glyphs: map[glyphKey]glyph{}, faces: map[Font]font.Face{}}
}

// Clear makes the raster white and w x h mm large. Its memory is used again.
func (r *Raster) Clear(w, h float64) {
	rect := image.Rect(0, 0, r.grid.Dots(w), r.grid.Dots(h))
	r.pending = r.pending[:0]
	if r.mono {
		if r.grey == nil || r.grey.Rect != rect {
			r.grey = image.NewGray(rect)
		}
		for i := range r.grey.Pix {
			r.grey.Pix[i] = 255
		}
		return
	}
	if r.rgba == nil || r.rgba.Rect != rect {
		r.rgba = image.NewRGBA(rect)
	}
	for i := range r.rgba.Pix {
		r.rgba.Pix[i] = 255
	}
}

// Picture is what was drawn so far; it changes with the next drawing.
func (r *Raster) Picture() image.Image {
	if r.mono {
		return r.grey
	}
	return r.rgba
}

// PNG writes the picture.
func (r *Raster) PNG(w io.Writer) error {
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	return enc.Encode(w, r.Picture())
}

// Grid is the printer's.
func (r *Raster) Grid() symbol.Grid { return r.grid }

func (r *Raster) dots(mm float64) int { return r.grid.Dots(mm) }

// Rect fills a rectangle; one with any width is at least a dot wide.
func (r *Raster) Rect(x, y, w, h float64, c Color) {
	x0, y0 := r.dots(x), r.dots(y)
	x1, y1 := max(r.dots(x+w), x0+1), max(r.dots(y+h), y0+1)
	r.fill(image.Rect(x0, y0, x1, y1), c)
}

func (r *Raster) fill(b image.Rectangle, c Color) {
	if r.mono {
		b = b.Intersect(r.grey.Rect)
		v := uint8(255)
		if c.Dark() {
			v = 0
		}
		for y := b.Min.Y; y < b.Max.Y; y++ {
			row := r.grey.Pix[r.grey.PixOffset(b.Min.X, y):]
			for x := range b.Dx() {
				row[x] = v
			}
		}
		return
	}
	draw.Draw(r.rgba, b, image.NewUniform(color.RGBA{c.R, c.G, c.B, 255}), image.Point{}, draw.Src)
}

// inkFrom is the coverage from which a printer's dot is black. It is below a
// half because the stems of small letters are thinner than a dot.
const inkFrom = 0x68

// stamp paints a mask whose top left corner is at p.
func (r *Raster) stamp(p image.Point, m *image.Alpha, c Color) {
	b := m.Rect.Sub(m.Rect.Min).Add(p)
	if !r.mono {
		draw.DrawMask(r.rgba, b, image.NewUniform(color.RGBA{c.R, c.G, c.B, 255}), image.Point{}, m, m.Rect.Min, draw.Over)
		return
	}
	v := uint8(255)
	if c.Dark() {
		v = 0
	}
	clip := b.Intersect(r.grey.Rect)
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		src := m.Pix[(y-b.Min.Y)*m.Stride+clip.Min.X-b.Min.X:]
		dst := r.grey.Pix[r.grey.PixOffset(clip.Min.X, y):]
		for x := range clip.Dx() {
			if src[x] >= inkFrom {
				dst[x] = v
			}
		}
	}
}

// Poly fills a polygon.
func (r *Raster) Poly(points []Point, c Color) {
	if len(points) < 3 {
		return
	}
	k := r.grid.PerMM
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range points {
		x0, x1 = min(x0, p.X*k), max(x1, p.X*k)
		y0, y1 = min(y0, p.Y*k), max(y1, p.Y*k)
	}
	at := image.Pt(int(math.Floor(x0)), int(math.Floor(y0)))
	w, h := int(math.Ceil(x1))-at.X+1, int(math.Ceil(y1))-at.Y+1
	v := vector.NewRasterizer(w, h)
	for i, p := range points {
		x, y := float32(p.X*k-float64(at.X)), float32(p.Y*k-float64(at.Y))
		if i == 0 {
			v.MoveTo(x, y)
		} else {
			v.LineTo(x, y)
		}
	}
	v.ClosePath()
	m := image.NewAlpha(image.Rect(0, 0, w, h))
	v.Draw(m, m.Rect, image.Opaque, image.Point{})
	r.stamp(at, m, c)
}

// Text sets a line, each letter at a whole dot: the same letter is the same
// dots wherever it stands.
func (r *Raster) Text(x, y float64, f Font, text string, c Color) {
	pen, base := x*r.grid.PerMM, r.dots(y)
	unit := f.Size * PointMM / 1000 * r.grid.PerMM
	for _, ch := range text {
		g := r.glyph(f, ch)
		if g.mask != nil {
			r.stamp(g.at.Min.Add(image.Pt(int(math.Round(pen)), base)), g.mask, c)
		}
		pen += float64(f.Face.metric(ch).advance) * unit
	}
}

func (r *Raster) glyph(f Font, ch rune) glyph {
	key := glyphKey{f, ch}
	if g, ok := r.glyphs[key]; ok {
		return g
	}
	var g glyph
	if face := r.face(f); face != nil {
		at, mask, mp, _, ok := face.Glyph(fixed.Point26_6{}, ch)
		if ok && !at.Empty() {
			m := image.NewAlpha(image.Rect(0, 0, at.Dx(), at.Dy()))
			draw.Draw(m, m.Rect, mask, mp, draw.Src)
			g = glyph{at, m}
		}
	}
	r.glyphs[key] = g
	return g
}

func (r *Raster) face(f Font) font.Face {
	if face, ok := r.faces[f]; ok {
		return face
	}
	face, err := opentype.NewFace(f.Face.parse(), &opentype.FaceOptions{
		Size: f.Size * PointMM * r.grid.PerMM, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		face = nil
	}
	r.faces[f] = face
	return face
}

// Bars draws a symbol; its origin and its modules are whole dots.
func (r *Raster) Bars(x, y float64, s *symbol.Symbol, module, h float64) {
	x0, y0, m := r.dots(x), r.dots(y), max(1, r.dots(module))
	down := m
	if s.Rows == 1 {
		down = max(1, r.dots(y+h)-y0)
	}
	for _, b := range s.Bars {
		r.fill(image.Rect(x0+b.X*m, y0+b.Y*down, x0+(b.X+b.W)*m, y0+(b.Y+b.H)*down), Black)
	}
	q := s.Quiet() * m
	z := image.Rect(x0-q, y0, x0+s.Cols*m+q, y0+s.Rows*down)
	if s.Rows > 1 {
		z.Min.Y, z.Max.Y = z.Min.Y-q, z.Max.Y+q
	}
	r.pending = append(r.pending, zone{s, z})
}

// Image draws a picture; for a printer in black and white dots of varying
// density.
func (r *Raster) Image(x, y, w, h float64, img image.Image) error {
	b := image.Rect(r.dots(x), r.dots(y), r.dots(x+w), r.dots(y+h))
	if b.Empty() {
		return nil
	}
	if !r.mono {
		xdraw.BiLinear.Scale(r.rgba, b, img, img.Bounds(), draw.Over, nil)
		return nil
	}
	small := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	xdraw.BiLinear.Scale(small, small.Rect, img, img.Bounds(), draw.Src, nil)
	dots := image.NewPaletted(small.Rect, color.Palette{color.Gray{0}, color.Gray{255}})
	draw.FloydSteinberg.Draw(dots, dots.Rect, small, image.Point{})
	draw.Draw(r.grey, b, dots, image.Point{}, draw.Src)
	return nil
}

// Verify decodes each symbol from the dots with everything that was drawn
// since, and sees that every line of a Code 128 is the same.
func (r *Raster) Verify() (int, error) {
	n := len(r.pending)
	defer func() { r.pending = r.pending[:0] }()
	for _, z := range r.pending {
		if err := r.prove(z); err != nil {
			return n, err
		}
	}
	return n, nil
}

func (r *Raster) prove(z zone) error {
	// A quiet zone that ends with the label may, rounded to dots, end one dot
	// later; there the paper is white.
	page := r.Picture().Bounds()
	if !z.r.In(page.Inset(-1)) {
		return &NotRead{Want: z.s.Text}
	}
	w, h := z.r.Dx(), z.r.Dy()
	if cap(r.line) < w*h {
		r.line = make([]byte, w*h)
	}
	pix := r.line[:w*h]
	for y := range h {
		r.luma(pix[y*w:(y+1)*w], z.r.Min.X, z.r.Min.Y+y)
	}
	if z.s.Rows > 1 {
		return check(z.s, pix, w, h)
	}
	for y := 1; y < h; y++ {
		if !bytes.Equal(pix[:w], pix[y*w:(y+1)*w]) {
			return &NotRead{Want: z.s.Text}
		}
	}
	return check(z.s, pix[:w], w, 1)
}

// luma copies a line of dots from x, y on as grey; what lies outside the
// picture is white.
func (r *Raster) luma(row []byte, x, y int) {
	page := r.Picture().Bounds()
	for i := range row {
		switch {
		case !image.Pt(x+i, y).In(page):
			row[i] = 255
		case r.mono:
			row[i] = r.grey.Pix[r.grey.PixOffset(x+i, y)]
		default:
			p := r.rgba.Pix[r.rgba.PixOffset(x+i, y):]
			row[i] = uint8((299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000)
		}
	}
}

// Bits packs a printer's dots: rows of whole bytes, the left dot in the
// highest bit, 1 is black. The bits that fill the last byte are white.
func (r *Raster) Bits() Bits {
	w, h := r.grey.Rect.Dx(), r.grey.Rect.Dy()
	b := Bits{W: w, H: h, Stride: (w + 7) / 8}
	b.Data = make([]byte, b.Stride*h)
	for y := range h {
		row := r.grey.Pix[y*r.grey.Stride:]
		out := b.Data[y*b.Stride:]
		for x := range w {
			if row[x] < 128 {
				out[x>>3] |= 0x80 >> (x & 7)
			}
		}
	}
	return b
}
