package labels

import (
	"slices"

	"muontra/kiosk"
	"muontra/labels/ink"
)

// spineMost is the width in mm that spine text keeps to: a label goes round
// the spine, and what is further out cannot be seen on the shelf.
const spineMost = 26.0

// spineLabel is the label on the back of a book.
func (p *pen) spineLabel(it kiosk.Item) error { return p.spinePart(p.in, it) }

// line is one line of a stack of centred lines.
type line struct {
	face        *ink.Face
	size, least float64
	text        string
	drop        int // when there is no room the line with the highest goes first; 0 stays
}

// spinePart draws the level's band and, below it, the collection sign, the
// call number and the accession number in lines.
func (p *pen) spinePart(in box, it kiosk.Item) error {
	u := clamp(min(in.h/19, in.w/14), 0.8, 2)
	if lv, c, ok := p.set.level(it.Title.Level); ok {
		band := box{in.x, in.y, in.w, 3.6 * u}
		p.band(band, p.clean(lv.Letter), c)
		in.y, in.h = in.y+band.h+0.4, in.h-band.h-0.4
	}
	width := min(in.w, spineMost)
	lines := []line{{ink.Regular, 7 * u, 4.5, p.clean(p.set.sign(it.Copy)), 1}}
	number := ink.Font{Face: ink.Bold, Size: 8 * u}
	for i, part := range callNumber(*p.set, it) {
		size := 9 * u
		if i == 0 {
			size = 11 * u
		}
		part = p.clean(part)
		for _, l := range breakNumber(p.set.Scheme, part, func(s string) bool { return number.Width(s) <= width }) {
			lines = append(lines, line{ink.Bold, size, 5, l, 0})
		}
	}
	// "TK" and then "TK.00123" would say the same twice; the sign stands when
	// there is a call number between them or no accession number.
	lines = append(lines, line{ink.Regular, 6.5 * u, 4.5, p.clean(it.Accession), 0})
	return p.stack(box{in.x + (in.w-width)/2, in.y, width, in.h}, lines)
}

// band is a reading level: its colour with the letter in it, framed, so that
// white shows on white paper and every colour on a one-colour printer.
func (p *pen) band(b box, letter string, c ink.Color) {
	p.frame(b, 0.25, ink.Black)
	inner := box{b.x + 0.25, b.y + 0.25, b.w - 0.5, b.h - 0.5}
	p.rect(inner, c)
	f := ink.Shrink(ink.Bold, letter, inner.w, inner.h*0.8/ink.PointMM/0.98, 3)
	up, down := f.Reach(letter)
	p.centre(inner, inner.y+(inner.h-up-down)/2+up, f, p.fit(f, letter, inner.w), c.On())
}

// stack sets lines centred below each other in the middle of a box. They
// shrink together until their height fits and each alone until its width
// does; what is still too wide is cut, and what is still too high loses the
// lines that may go. It is the fault no_room when the others are too high at
// their least sizes.
func (p *pen) stack(b box, lines []line) error {
	lines = slices.DeleteFunc(slices.Clone(lines), func(l line) bool { return l.text == "" })
	fonts, h := fitStack(b, lines)
	for h > b.h+0.01 {
		worst := -1
		for i, l := range lines {
			if l.drop > 0 && (worst < 0 || l.drop > lines[worst].drop) {
				worst = i
			}
		}
		if worst < 0 {
			return p.tooSmall("no_room", "way.height", "", h+p.h-b.h, p.h)
		}
		lines = slices.Delete(lines, worst, worst+1)
		p.cut = true
		fonts, h = fitStack(b, lines)
	}
	y := b.y + (b.h-h)/2
	for i, l := range lines {
		p.centre(b, y+fonts[i].Ascent(), fonts[i], p.fit(fonts[i], l.text, b.w), ink.Black)
		y += fonts[i].Line()
	}
	return nil
}

// fitStack finds the fonts of lines in a box, and how high they stand
// together, which is too high when the least sizes are.
func fitStack(b box, lines []line) (fonts []ink.Font, h float64) {
	fonts = make([]ink.Font, len(lines))
	for k := 1.0; k > 0.4; k -= 0.05 {
		h = 0
		for i, l := range lines {
			size := max(l.least, float64(int(l.size*k*4))/4)
			fonts[i] = ink.Shrink(l.face, l.text, b.w, size, l.least)
			h += fonts[i].Line()
		}
		if h <= b.h {
			break
		}
	}
	return fonts, h
}

// leastSpine is the narrowest spine part of a label that has both, in mm.
const leastSpine = 8.0

// bothLabel is spine and copy label in one, with a line to fold at.
func (p *pen) bothLabel(it kiosk.Item) error {
	s, err := p.encode(it.Barcode)
	if err != nil {
		return err
	}
	least := p.c.Grid().Least(s)
	share := 0.62
	if s.Rows > 1 {
		least, share = least/0.62, 0.7
	}
	right := max(least, p.w*share)
	left := p.w - right - p.in.x
	if left < leastSpine {
		return p.tooSmall("does_not_fit", "way.width", s.Text, least+leastSpine+p.in.x, p.w)
	}
	left = min(left, spineMost)
	x := p.in.x + left
	p.rect(box{x - hair, p.in.y, hair, p.in.h}, ink.Black)
	if err := p.spinePart(box{p.in.x, p.in.y, left - hair - 0.4, p.in.h}, it); err != nil {
		return err
	}
	in := box{x + 0.8, p.in.y, p.in.x + p.in.w - x - 0.8, p.in.h}
	return p.copyPart(in, box{x, 0, p.w - x, p.h}, it, s)
}
