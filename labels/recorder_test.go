package labels

import (
	"fmt"
	"image"
	"strings"

	"muontra/labels/ink"
	"muontra/labels/symbol"
)

// recorder is a canvas that writes down what is drawn, a line an act, for
// the goldens and to know where the symbols are.
type recorder struct {
	grid    symbol.Grid
	lines   []string
	symbols []recorded
}

type recorded struct {
	text       string
	x, y, w, h float64 // mm, quiet zones included
}

func (r *recorder) Grid() symbol.Grid { return r.grid }

func (r *recorder) add(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

func hex(c ink.Color) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func (r *recorder) Rect(x, y, w, h float64, c ink.Color) {
	r.add("rect %.2f %.2f %.2f x %.2f %s", x, y, w, h, hex(c))
}

func (r *recorder) Poly(points []ink.Point, c ink.Color) {
	r.add("poly of %d from %.2f %.2f %s", len(points), points[0].X, points[0].Y, hex(c))
}

func (r *recorder) Text(x, y float64, f ink.Font, text string, c ink.Color) {
	face := "regular"
	if f.Face == ink.Bold {
		face = "bold"
	}
	r.add("text %.2f %.2f %s %.2f %s %q", x, y, face, f.Size, hex(c), text)
}

func (r *recorder) Bars(x, y float64, s *symbol.Symbol, module, h float64) {
	r.add("%s %.2f %.2f module %.4f height %.2f %q", s.Kind, x, y, module, h, s.Text)
	q := float64(s.Quiet()) * module
	b := recorded{s.Text, x - q, y, float64(s.Width()) * module, h}
	if s.Rows > 1 {
		b.y, b.h = y-q, b.w
	}
	r.symbols = append(r.symbols, b)
}

func (r *recorder) Image(x, y, w, h float64, img image.Image) error {
	r.add("image %.2f %.2f %.2f x %.2f of %v", x, y, w, h, img.Bounds().Size())
	return nil
}

func (r *recorder) Verify() (int, error) { return 0, nil }

// record draws the units of a job's page with the recorder.
func record(j Job, g symbol.Grid, page int) (*recorder, error) {
	r := &recorder{grid: g}
	units, err := j.units()
	if err != nil {
		return nil, err
	}
	var rep Report
	p := j.pen(r, &rep)
	for i, u := range units {
		at, x, y := j.place(i)
		if at != page {
			continue
		}
		r.add("-- %s", u.subject)
		p.label(u.subject, x, y, j.Adjust)
		if j.onPages() {
			p.page()
		}
		if err := u.draw(p); err != nil {
			return nil, err
		}
		if err := p.close(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *recorder) String() string { return strings.Join(r.lines, "\n") + "\n" }
