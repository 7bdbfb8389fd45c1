package sheet

import (
	"fmt"
	"math"

	"muontra/labels/say"
)

// Adjust is what one printer needs so that the print lies on the labels. It
// belongs to the printer, not to the stock. The zero value changes nothing.
type Adjust struct {
	X      float64 `json:"offset_x"` // mm to move the print to the right
	Y      float64 `json:"offset_y"` // mm to move it down
	ScaleX float64 `json:"scale_x"`  // 0 is taken as 1
	ScaleY float64 `json:"scale_y"`
}

// Cross is where the calibration page's cross stands from the left and the
// top edge of the page, and Ruler how long its rulers are, in mm.
const (
	Cross = 20.0
	Ruler = 100.0
)

// Measured is the Adjust of a printer from its calibration page, printed with
// no adjustment: left and top are the distances of the cross from the paper's
// edges, width and height the lengths of the two rulers, all as a ruler reads
// them in mm.
func Measured(left, top, width, height float64) (Adjust, error) {
	kx, ky := width/Ruler, height/Ruler
	a := Adjust{X: -(left - kx*Cross) / kx, Y: -(top - ky*Cross) / ky, ScaleX: 1 / kx, ScaleY: 1 / ky}
	return a, a.sane()
}

// Scales are the two factors, 1 where none is set.
func (a Adjust) Scales() (x, y float64) {
	x, y = a.ScaleX, a.ScaleY
	if x == 0 {
		x = 1
	}
	if y == 0 {
		y = 1
	}
	return x, y
}

func (a Adjust) sane() error {
	x, y := a.Scales()
	for _, v := range []float64{x, y} {
		if math.IsNaN(v) || v < 0.95 || v > 1.05 {
			return say.New("scale", "scale", fmt.Sprintf("%.3f", v))
		}
	}
	return nil
}

// Check sees that every label of the stock stays on its page with the
// adjustment. A sheet whose labels begin at the paper's edge may lose its
// unprintable strip there, but nothing more. Faults: scale, off_sheet.
func (a Adjust) Check(s Stock) error {
	if err := a.sane(); err != nil {
		return err
	}
	for _, v := range []float64{a.X, a.Y} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return say.New("stock_value", "stock", s.Name, "field", "offset", "value", v)
		}
	}
	kx, ky := a.Scales()
	left, top, right, bottom := s.Inset()
	if s.Kind == Roll {
		// The inner margin that every layout keeps; beyond it text is cut.
		left, top, right, bottom = Padding, Padding, Padding, Padding
	}
	x0, y0 := s.At(0)
	x1, y1 := s.At(s.Per() - 1)
	edges := []struct {
		edge say.Key
		over float64
	}{
		{"edge.left", -(a.X + kx*(x0+left))},
		{"edge.top", -(a.Y + ky*(y0+top))},
		{"edge.right", a.X + kx*(x1+s.LabelW-right) - s.PageW},
		{"edge.bottom", a.Y + ky*(y1+s.LabelH-bottom) - s.PageH},
	}
	for _, e := range edges {
		if e.over > slack {
			return say.New("off_sheet", "over", e.over, "edge", e.edge)
		}
	}
	return nil
}

// Padding is the white that every layout keeps along a label's edges, in mm:
// label printers and peeling fingers are about that exact.
const Padding = 1.0
