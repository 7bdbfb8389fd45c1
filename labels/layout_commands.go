package labels

import (
	"math"

	"muontra/kiosk"
	"muontra/labels/ink"
)

// commands is the sheet beside the scanner: a picture, a word and a barcode
// for each thing a child may want. The pictures are for those who cannot read
// yet.
func (p *pen) commands() error {
	in := p.in
	head := ink.Shrink(ink.Bold, p.word("commands"), in.w, 30, 12)
	p.centre(in, in.y+head.Ascent(), head, p.fit(head, p.word("commands"), in.w), blue)
	how := ink.Shrink(ink.Regular, p.word("commands.how"), in.w, 14, 8)
	y := in.y + head.Line() + how.Ascent()
	p.centre(in, y, how, p.fit(how, p.word("commands.how"), in.w), ink.Black)
	top := in.y + head.Line() + how.Line() + 4
	row := (in.y + in.h - top) / float64(len(kiosk.CommandCodes))
	for i, c := range kiosk.CommandCodes {
		b := box{in.x, top + float64(i)*row, in.w, row - 4}
		if err := p.command(b, c); err != nil {
			return err
		}
	}
	return nil
}

// commandColors are the tiles' colours, in the order of the codes: green to
// finish, red to undo, as the kiosk's buttons.
var commandColors = map[kiosk.Command]ink.Color{
	kiosk.Finish:   {R: 38, G: 135, B: 55},
	kiosk.Undo:     {R: 200, G: 40, B: 45},
	kiosk.RenewAll: blue,
	kiosk.OnSite:   {R: 120, G: 70, B: 160},
	kiosk.Help:     {R: 240, G: 138, B: 29},
}

func (p *pen) command(b box, c kiosk.CommandCode) error {
	s, err := p.encode(c.Barcode)
	if err != nil {
		return err
	}
	p.frame(b, 0.3, ink.Grey)
	side := min(b.h-6, b.w*0.2)
	tile := box{b.x + 4, b.y + (b.h-side)/2, side, side}
	color, ok := commandColors[c.Command]
	if !ok {
		color = blue
	}
	p.rect(tile, color)
	p.pictogram(tile, c.Command, color.On())

	right := b.w * 0.36
	area := box{b.x + b.w - right - 2, b.y + 4, right, b.h - 8}
	num := ink.Font{Face: ink.Regular, Size: 8}
	if s.Rows > 1 {
		module, ok := p.c.Grid().Module(s, min(area.h, area.w), 1.3)
		if !ok {
			return p.tooSmall("does_not_fit", "way.height", s.Text, module*float64(s.Width()), area.h)
		}
		p.bars(area, s, module)
	} else {
		module, err := p.module(s, area.w, 0.51)
		if err != nil {
			return err
		}
		high := min(area.h-num.Line()-0.5, 24)
		y := area.y + (area.h-high-num.Line()-0.5)/2
		p.bars(box{area.x, y, area.w, high}, s, module)
		p.centre(area, y+high+0.5+num.Ascent(), num, s.Text, ink.Black)
	}
	mid := box{tile.x + side + 3, b.y, area.x - tile.x - side - 4, b.h}
	return p.stack(mid, []line{
		{ink.Bold, 30, 10, p.word("command." + string(c.Command)), 0},
		{ink.Regular, 13, 7, p.word("command." + string(c.Command) + ".how"), 1},
	})
}

// pictogram draws what a command does, in a unit square laid over the tile.
func (p *pen) pictogram(b box, c kiosk.Command, color ink.Color) {
	pt := func(x, y float64) ink.Point { return ink.Point{X: x, Y: y} }
	switch c {
	case kiosk.Finish: // a tick
		p.poly(b, color, pt(.16, .54), pt(.27, .43), pt(.42, .58), pt(.74, .24), pt(.85, .35), pt(.42, .80))
	case kiosk.Undo: // an arrow that turns back
		p.poly(b, color, ring(.52, .55, .17, .29, 180, 400)...)
		p.poly(b, color, pt(.10, .52), pt(.57-.09, .52), pt(.29, .80))
	case kiosk.RenewAll: // a clock
		p.poly(b, color, ring(.5, .5, .27, .36, 0, 360)...)
		p.poly(b, color, pt(.46, .28), pt(.54, .28), pt(.54, .54), pt(.46, .54))
		p.poly(b, color, pt(.46, .46), pt(.70, .46), pt(.70, .54), pt(.46, .54))
	case kiosk.OnSite: // an open book
		p.poly(b, color, pt(.12, .28), pt(.30, .24), pt(.48, .32), pt(.48, .80), pt(.30, .72), pt(.12, .76))
		p.poly(b, color, pt(.88, .28), pt(.70, .24), pt(.52, .32), pt(.52, .80), pt(.70, .72), pt(.88, .76))
	default: // a question mark
		f := ink.Font{Face: ink.Bold, Size: b.h * 0.8 / ink.PointMM}
		up, down := f.Reach("?")
		p.centre(b, b.y+(b.h-up-down)/2+up, f, "?", color)
	}
}

// ring is the part of a ring round cx, cy from one angle to another, in
// degrees from the right, clockwise as y points down.
func ring(cx, cy, inner, outer, from, to float64) []ink.Point {
	const step = 6
	var out []ink.Point
	for a := from; a <= to; a += step {
		out = append(out, onCircle(cx, cy, outer, a))
	}
	for a := to; a >= from; a -= step {
		out = append(out, onCircle(cx, cy, inner, a))
	}
	return out
}

func onCircle(cx, cy, r, degrees float64) ink.Point {
	s, c := math.Sincos(degrees * math.Pi / 180)
	return ink.Point{X: cx + r*c, Y: cy + r*s}
}

// colours is the key to the reading levels, to hang on the wall: the same
// colours and letters as on the spines.
func (p *pen) colours() error {
	in := p.in
	head := ink.Shrink(ink.Bold, p.word("colours"), in.w, 30, 12)
	p.centre(in, in.y+head.Ascent(), head, p.fit(head, p.word("colours"), in.w), ink.Black)
	how := ink.Font{Face: ink.Regular, Size: 13}
	y := in.y + head.Line()
	lines, _ := how.Wrap(p.word("colours.how"), in.w, 2)
	for _, l := range lines {
		p.centre(in, y+how.Ascent(), how, l, ink.Black)
		y += how.Line()
	}
	y += 4
	levels := p.set.levels()
	if len(levels) == 0 {
		return nil
	}
	row := min(40, (in.y+in.h-y)/float64(len(levels)))
	for _, l := range levels {
		c, err := parseColor(l.Color)
		if err != nil {
			return err
		}
		p.band(box{in.x, y, 60, row - 4}, p.clean(l.Letter), c)
		name := p.clean(l.Name)
		f := ink.Shrink(ink.Bold, name, in.w-68, min(34, row/ink.PointMM*0.6), 8)
		p.text(in.x+68, y+(row-4)/2+f.Size*ink.PointMM*0.36, f, p.fit(f, name, in.w-68), ink.Black)
		y += row
	}
	return nil
}
