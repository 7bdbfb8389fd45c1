// Package ink puts rectangles, text, pictures and barcodes on paper: into a
// PDF, into a raster of a printer's own dots, or nowhere at all (to try
// whether something fits). One drawing serves all of them, so a label looks
// the same in every output.
//
// All lengths are millimetres from the top left corner, x to the right and y
// downwards; font sizes are points.
package ink

import (
	"image"

	"muontra/labels/symbol"
)

// Canvas is something that can be drawn on.
type Canvas interface {
	// Grid is the dots that modules and thin lines must be whole numbers of.
	Grid() symbol.Grid
	// Rect fills a rectangle.
	Rect(x, y, w, h float64, c Color)
	// Poly fills a polygon, by the non-zero winding rule.
	Poly(points []Point, c Color)
	// Text sets one line with its baseline at y. The text must have gone
	// through Clean.
	Text(x, y float64, f Font, text string, c Color)
	// Bars draws a symbol with its first dark module at x, y. The module is a
	// width in mm, h the height in mm of a Code 128 (a QR is square).
	Bars(x, y float64, s *symbol.Symbol, module, h float64)
	// Image draws a picture, scaled into the rectangle.
	Image(x, y, w, h float64, img image.Image) error
	// Verify decodes every symbol drawn since the last call from what was
	// drawn, and returns how many there were. The error is a NotRead for the
	// first one that does not read back as its own text.
	Verify() (int, error)
}

// Point is a corner of a polygon, in mm.
type Point struct{ X, Y float64 }

// Color is an RGB colour, 0 to 255 each.
type Color struct{ R, G, B uint8 }

// The colours that every layout uses.
var (
	Black = Color{}
	White = Color{255, 255, 255}
	Grey  = Color{150, 150, 150}
)

// Dark says whether white text reads better on the colour than black text. It
// is also the rule by which a one-colour printer takes the colour as black,
// so a letter on a coloured band stays readable there.
func (c Color) Dark() bool {
	return 299*int(c.R)+587*int(c.G)+114*int(c.B) < 128*1000
}

// On is the colour, black or white, to write in on the colour.
func (c Color) On() Color {
	if c.Dark() {
		return White
	}
	return Black
}

// NotRead is a symbol that did not read back from what was drawn.
type NotRead struct {
	Want, Got string // Got is "" when nothing was read
}

func (e *NotRead) Error() string {
	return "the barcode " + e.Want + " did not read back from what was drawn, but as " + e.Got
}

// check compares what was read with what was meant.
func check(s *symbol.Symbol, grey []byte, w, h int) error {
	got, err := symbol.Read(s.Kind, grey, w, h)
	if err != nil || got != s.Text {
		return &NotRead{Want: s.Text, Got: got}
	}
	return nil
}

// Blank is a canvas that keeps nothing: to find out whether a layout fits.
type Blank struct{ G symbol.Grid }

// Grid is the grid it was made with.
func (b Blank) Grid() symbol.Grid { return b.G }

// Rect draws nothing.
func (Blank) Rect(_, _, _, _ float64, _ Color) {}

// Poly draws nothing.
func (Blank) Poly([]Point, Color) {}

// Text draws nothing.
func (Blank) Text(_, _ float64, _ Font, _ string, _ Color) {}

// Bars draws nothing.
func (Blank) Bars(_, _ float64, _ *symbol.Symbol, _, _ float64) {}

// Image draws nothing.
func (Blank) Image(_, _, _, _ float64, _ image.Image) error { return nil }

// Verify finds nothing to read.
func (Blank) Verify() (int, error) { return 0, nil }
