package labels

import (
	"image"
	"math"

	"muontra/labels/ink"
	"muontra/labels/say"
	"muontra/labels/sheet"
	"muontra/labels/symbol"
)

// box is a rectangle in mm from a label's top left corner.
type box struct{ x, y, w, h float64 }

// pen draws one label, or one page: it moves what a layout draws to the
// label's place on the sheet as this printer needs it, cleans the texts, and
// keeps where ink went, to refuse a label with ink outside of it or on the
// quiet zone of its barcode.
type pen struct {
	c      ink.Canvas
	set    *Settings
	stock  *sheet.Stock
	report *Report

	ox, oy, sx, sy float64 // from label to canvas
	w, h           float64 // of the label
	in             box     // where a layout may put ink
	subject        string  // whose label it is, for errors and the report

	inked []box
	zones []zone
	cut   bool
}

type zone struct {
	box
	payload string
}

// label makes the pen ready for the next label.
func (p *pen) label(subject string, x, y float64, adj sheet.Adjust) {
	p.sx, p.sy = adj.Scales()
	p.ox, p.oy = adj.X+x*p.sx, adj.Y+y*p.sy
	p.w, p.h = p.stock.LabelW, p.stock.LabelH
	l, t, r, b := p.stock.Inset()
	pad := sheet.Padding
	l, t, r, b = max(l, pad), max(t, pad), max(r, pad), max(b, pad)
	p.in = box{l, t, p.w - l - r, p.h - t - b}
	p.subject, p.cut = subject, false
	p.inked, p.zones = p.inked[:0], p.zones[:0]
}

func (p *pen) word(key string, pairs ...any) string { return say.Word(p.set.Lang, key, pairs...) }

// clean makes a text drawable and reports what was lost.
func (p *pen) clean(text string) string {
	out, lost := ink.Clean(text)
	if len(lost) > 0 {
		p.report.substituted(p.subject, text, lost)
	}
	return out
}

func (p *pen) rect(b box, c ink.Color) {
	p.inked = append(p.inked, b)
	p.c.Rect(p.ox+b.x*p.sx, p.oy+b.y*p.sy, b.w*p.sx, b.h*p.sy, c)
}

// hair is the thickness of a thin line, in mm: a dot of a 203 dpi printer.
const hair = 0.125

// frame draws a rectangle's outline, inside it.
func (p *pen) frame(b box, line float64, c ink.Color) {
	p.rect(box{b.x, b.y, b.w, line}, c)
	p.rect(box{b.x, b.y + b.h - line, b.w, line}, c)
	p.rect(box{b.x, b.y + line, line, b.h - 2*line}, c)
	p.rect(box{b.x + b.w - line, b.y + line, line, b.h - 2*line}, c)
}

// poly fills a polygon given in a unit square that is laid over b.
func (p *pen) poly(b box, c ink.Color, unit ...ink.Point) {
	at := make([]ink.Point, len(unit))
	for i, u := range unit {
		at[i] = ink.Point{X: p.ox + (b.x+u.X*b.w)*p.sx, Y: p.oy + (b.y+u.Y*b.h)*p.sy}
	}
	p.inked = append(p.inked, b)
	p.c.Poly(at, c)
}

func (p *pen) image(b box, img image.Image) error {
	p.inked = append(p.inked, b)
	return p.c.Image(p.ox+b.x*p.sx, p.oy+b.y*p.sy, b.w*p.sx, b.h*p.sy, img)
}

// text sets a clean line with its baseline at y.
func (p *pen) text(x, y float64, f ink.Font, text string, c ink.Color) {
	if text == "" {
		return
	}
	up, down := f.Reach(text)
	p.inked = append(p.inked, box{x, y - up, f.Width(text), up + down})
	f.Size *= p.sy
	p.c.Text(p.ox+x*p.sx, p.oy+y*p.sy, f, text, c)
}

// centre sets a clean line in the middle of b's width.
func (p *pen) centre(b box, y float64, f ink.Font, text string, c ink.Color) {
	p.text(b.x+(b.w-f.Width(text))/2, y, f, text, c)
}

// fit cuts a line to a width and remembers that it was cut.
func (p *pen) fit(f ink.Font, text string, width float64) string {
	s, cut := f.Cut(text, width)
	p.cut = p.cut || cut
	return s
}

// encode makes the symbol of a label.
func (p *pen) encode(payload string) (*symbol.Symbol, error) {
	kind := p.set.Symbol
	if kind == "" {
		kind = symbol.Code128
	}
	return p.encodeAs(kind, payload)
}

func (p *pen) encodeAs(kind symbol.Kind, payload string) (*symbol.Symbol, error) {
	if payload == "" {
		return nil, say.New("no_barcode", "subject", p.subject)
	}
	return symbol.New(kind, payload)
}

// module is the module at which a symbol with its quiet zones fits into a
// width, or the fault does_not_fit.
func (p *pen) module(s *symbol.Symbol, width, most float64) (float64, error) {
	m, ok := p.c.Grid().Module(s, width, most)
	if !ok {
		need := m * float64(s.Width())
		return 0, p.tooSmall("does_not_fit", "way.width", s.Text, need, width)
	}
	return m, nil
}

// leastBars is the least height of a Code 128 in mm (ISO/IEC 15417 asks for 5
// mm, for scanners held by hand).
const leastBars = 5.0

// tooSmall is the fault that says by how much; the choice of other stocks is
// added where the job is known.
func (p *pen) tooSmall(code string, way say.Key, payload string, need, have float64) error {
	return say.New(code, "subject", p.subject, "payload", payload, "stock", p.stock.Name, "way", way,
		"need", need, "have", have, "over", math.Ceil((need-have)*10-1e-6)/10, "choose", []any(nil))
}

// bars draws a symbol in the middle of b, quiet zones included: b.w must hold
// them. It returns where its dark part is.
func (p *pen) bars(b box, s *symbol.Symbol, module float64) box {
	w := float64(s.Cols) * module
	h := b.h
	quiet := float64(s.Quiet()) * module
	z := box{b.x + (b.w-w)/2, b.y, w, h}
	if s.Rows > 1 {
		h = w
		z = box{z.x, b.y + (b.h-h)/2, w, h}
		p.zones = append(p.zones, zone{box{z.x - quiet, z.y - quiet, w + 2*quiet, h + 2*quiet}, s.Text})
	} else {
		p.zones = append(p.zones, zone{box{z.x - quiet, z.y, w + 2*quiet, h}, s.Text})
	}
	p.c.Bars(p.ox+z.x*p.sx, p.oy+z.y*p.sy, s, module*p.sx, h*p.sy)
	return z
}

// close judges the finished label: nothing outside of it, nothing on a quiet
// zone.
func (p *pen) close() error {
	const eps = 0.01
	out := func(b box) float64 {
		return max(-b.x, -b.y, b.x+b.w-p.w, b.y+b.h-p.h)
	}
	for _, b := range p.inked {
		if over := out(b); over > eps {
			return say.New("off_label", "subject", p.subject, "stock", p.stock.Name, "over", math.Ceil(over*10)/10, "choose", []any(nil))
		}
	}
	for i, z := range p.zones {
		if over := out(z.box); over > eps {
			return say.New("off_label", "subject", p.subject, "stock", p.stock.Name, "over", math.Ceil(over*10)/10, "choose", []any(nil))
		}
		near := p.inked
		for _, o := range p.zones[:i] {
			near = append(near[:len(near):len(near)], o.box)
		}
		for _, b := range near {
			over := min(z.x+z.w-b.x, b.x+b.w-z.x, z.y+z.h-b.y, b.y+b.h-z.y)
			if over > eps {
				return say.New("covered", "subject", p.subject, "payload", z.payload, "over", math.Ceil(over*10)/10, "choose", []any(nil))
			}
		}
	}
	if p.cut {
		p.report.Cut++
	}
	return nil
}

// page makes the whole page the label.
func (p *pen) page() {
	p.w, p.h = p.stock.PageW, p.stock.PageH
	e := max(p.stock.Edge, sheet.Padding)
	p.in = box{e, e, p.w - 2*e, p.h - 2*e}
}

// outline shows the label's edge in a preview; it is not ink on the label.
func (p *pen) outline() {
	inked := p.inked
	p.frame(box{0, 0, p.w, p.h}, hair, ink.Color{R: 190, G: 190, B: 190})
	p.inked = inked
}
