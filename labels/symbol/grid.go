package symbol

import (
	"math"

	"muontra/labels/say"
)

// Grid is the dots that a device prints. A module is a whole number of them:
// a bar that is 2 dots here and 3 there is what scanners refuse.
type Grid struct {
	DPI     int
	PerMM   float64 // dots a millimetre
	MinDots int     // of a Code 128 module; about 0.25 mm everywhere
}

// Vector is the grid of PDF: the dots of a 300 dpi printer, which are whole
// dots at 600 dpi too. The smallest module is 0.254 mm.
var Vector = Grid{DPI: 300, PerMM: 300 / 25.4, MinDots: 3}

// GridOf is the grid of a printer: 203 (8 dots a millimetre), 300 or 600 dpi.
func GridOf(dpi int) (Grid, error) {
	switch dpi {
	case 203:
		return Grid{203, 8, 2}, nil
	case 300:
		return Vector, nil
	case 600:
		return Grid{600, 600 / 25.4, 6}, nil
	}
	return Grid{}, say.New("dpi", "dpi", dpi)
}

// Dots is a length in whole dots.
func (g Grid) Dots(mm float64) int { return int(math.Round(mm * g.PerMM)) }

// MM is the length of n dots.
func (g Grid) MM(n int) float64 { return float64(n) / g.PerMM }

// least is the smallest module of a kind, in dots: about 0.25 mm for the bars
// of Code 128, which laser scanners and cheap imagers read at arm's length,
// and 0.5 mm for QR, which phones read.
func (g Grid) least(k Kind) int {
	if k == QR {
		return 2 * g.MinDots
	}
	return g.MinDots
}

// Least is the narrowest that the symbol can be with its quiet zones, in mm.
func (g Grid) Least(s *Symbol) float64 { return g.MM(g.least(s.Kind) * s.Width()) }

// Module is the largest module, in mm, at which the symbol with its quiet
// zones is at most width mm wide and the module itself at most most mm. When
// even the smallest module is too wide, it is returned with false.
func (g Grid) Module(s *Symbol, width, most float64) (float64, bool) {
	n := g.least(s.Kind)
	if g.MM(n*s.Width()) > width+1e-9 {
		return g.MM(n), false
	}
	for g.MM(n+1) <= most && g.MM((n+1)*s.Width()) <= width {
		n++
	}
	return g.MM(n), true
}
