package labels

import (
	"fmt"

	"muontra/kiosk"
	"muontra/labels/ink"
	"muontra/labels/sheet"
	"muontra/labels/symbol"
)

// calibration is the page that aligns a printer: a cross at a known place,
// two rulers of 100 mm, and the outlines of the stock's labels to hold
// against a sheet of them. [sheet.Measured] makes the adjustment from the
// four numbers that are read off it.
func (p *pen) calibration(adj sheet.Adjust) error {
	if p.stock.Per() > 1 {
		for i := range p.stock.Per() {
			x, y := p.stock.At(i)
			p.frame(box{x, y, p.stock.LabelW, p.stock.LabelH}, hair, pale)
		}
	}
	const c, r = sheet.Cross, sheet.Ruler
	p.rect(box{c - 8, c - hair/2, 16, hair}, ink.Black)
	p.rect(box{c - hair/2, c - 8, hair, 16}, ink.Black)
	mark := ink.Font{Face: ink.Bold, Size: 12}
	p.text(c-8, c-2, mark, "A", ink.Black)
	p.text(c+1.5, c-4, mark, "B", ink.Black)

	x0, y0 := 50.0, 45.0
	p.ruler(x0, y0, r, true)
	p.text(x0+r+6, y0+4, mark, "C", ink.Black)
	p.ruler(c, 60, r, false)
	p.text(c, 60+r+8, mark, "D", ink.Black)

	f := ink.Font{Face: ink.Regular, Size: 11}
	head := ink.Font{Face: ink.Bold, Size: 14}
	sx, sy := adj.Scales()
	at := box{50, 62, p.w - 50 - 14, 120}
	p.text(at.x, at.y+head.Ascent(), head, p.fit(head, p.word("calibration", "stock", p.stock.Name), at.w), ink.Black)
	y := at.y + head.Line() + 2
	for _, key := range []string{"calibration.how1", "calibration.how2", "calibration.how3", "calibration.how4"} {
		lines, _ := f.Wrap(p.word(key), at.w, 4)
		for _, l := range lines {
			p.text(at.x, y+f.Ascent(), f, l, ink.Black)
			y += f.Line()
		}
		y += 2
	}
	now := p.word("calibration.now", "x", adj.X, "y", adj.Y, "sx", fmt.Sprintf("%.4f", sx), "sy", fmt.Sprintf("%.4f", sy))
	p.text(at.x, y+f.Ascent(), f, p.fit(f, now, at.w), ink.Black)
	return nil
}

// pale is for outlines that words run over.
var pale = ink.Color{R: 195, G: 195, B: 195}

// ruler draws a ruler with a tick each millimetre and a number each ten. The
// middle of the first and of the last tick are exactly length apart.
func (p *pen) ruler(x, y, length float64, across bool) {
	num := ink.Font{Face: ink.Regular, Size: 7}
	for mm := 0; mm <= int(length); mm++ {
		tick := 2.0
		switch {
		case mm%10 == 0:
			tick = 5
		case mm%5 == 0:
			tick = 3.5
		}
		at := float64(mm) - hair/2
		label := ""
		if mm%10 == 0 {
			label = fmt.Sprint(mm)
		}
		if across {
			p.rect(box{x + at, y, hair, tick}, ink.Black)
			p.text(x+float64(mm)-num.Width(label)/2, y+tick+0.3+num.Ascent(), num, label, ink.Black)
		} else {
			p.rect(box{x, y + at, tick, hair}, ink.Black)
			p.text(x+tick+0.8, y+float64(mm)+num.Size*ink.PointMM*0.36, num, label, ink.Black)
		}
	}
}

// rollRuler is one label of a roll's calibration row: a frame 1 mm inside the
// label and millimetre ticks from its edges, to read how far it is off.
func (p *pen) rollRuler(column int) error {
	pad := sheet.Padding
	p.frame(box{pad, pad, p.w - 2*pad, p.h - 2*pad}, hair, ink.Black)
	for mm := 2; mm < int(p.w)-1; mm++ {
		tick := 1.0
		if mm%5 == 0 {
			tick = 2
		}
		p.rect(box{float64(mm) - hair/2, pad, hair, tick}, ink.Black)
	}
	for mm := 2; mm < int(p.h)-1; mm++ {
		tick := 1.0
		if mm%5 == 0 {
			tick = 2
		}
		p.rect(box{pad, float64(mm) - hair/2, tick, hair}, ink.Black)
	}
	return p.stack(box{4, 4, p.w - 8, p.h - 8}, []line{
		{ink.Bold, 8, 4, p.stock.Name, 0},
		{ink.Regular, 7, 4, fmt.Sprintf("%d · %.0f × %.0f mm", column, p.w, p.h), 0},
		{ink.Regular, 7, 4, fmt.Sprintf("%d dpi", p.c.Grid().DPI), 0},
	})
}

// testCode is the barcode of a test label; its series is neither a patron's
// nor a copy's nor a command's.
var testCode = kiosk.Series('1').Make(1)

// test is one label that shows a printer's letters, bars and edges.
func (p *pen) test() error {
	s, err := p.encodeAs(symbol.Code128, testCode)
	if err != nil {
		return err
	}
	p.frame(p.in, 0.25, ink.Black)
	b := box{p.in.x + 0.6, p.in.y + 0.6, p.in.w - 1.2, p.in.h - 1.2}
	rest, err := p.placeBars(b, s)
	if err != nil {
		return err
	}
	return p.stack(rest, []line{
		{ink.Bold, rest.h * 0.34 / ink.PointMM, 4.5, p.word("test"), 0},
		{ink.Regular, rest.h * 0.3 / ink.PointMM, 4.5, p.word("test.marks"), 0},
		{ink.Regular, rest.h * 0.26 / ink.PointMM, 4, fmt.Sprintf("%s · %d dpi", p.stock.Name, p.c.Grid().DPI), 0},
	})
}
