package labels

import (
	"image"

	"muontra/kiosk"
	"muontra/labels/ink"
	"muontra/labels/say"
	"muontra/labels/sheet"
	"muontra/labels/symbol"
)

// blue is the colour of cards and headings; it is dark enough to be black on
// a one-colour printer, with white letters.
var blue = ink.Color{R: 31, G: 95, B: 191}

// card is a patron's card: name, class, school year, barcode, and a photo if
// there is one. Nothing else of a child goes on paper that is lost in the
// yard: no birth date, no sector code, no address.
func (p *pen) card(m kiosk.Member, photo func(kiosk.Member) (image.Image, error)) error {
	s, err := p.encode(m.Card.Barcode)
	if err != nil {
		return err
	}
	if p.stock.Kind == sheet.Card {
		p.frame(box{0, 0, p.w, p.h}, hair, ink.Grey)
	}
	k := clamp(min(p.w/85.6, p.h/54), 0.3, 1.4)
	m1 := max(3*k, p.in.x, p.in.y)
	in := box{m1, m1, p.w - 2*m1, p.h - 2*m1}

	head := box{in.x, in.y, in.w, 9.5 * k}
	p.rect(head, blue)
	title := ink.Font{Face: ink.Bold, Size: 10 * k}
	school := p.clean(p.set.School)
	if school == "" {
		p.centre(head, head.y+head.h/2+title.Size*ink.PointMM*0.36, title, p.word("card"), ink.White)
	} else {
		title.Size = 9.5 * k
		sf := ink.Shrink(ink.Regular, school, head.w-2*k, 8*k, 4)
		p.centre(head, head.y+0.3*k+sf.Ascent(), sf, p.fit(sf, school, head.w-2*k), ink.White)
		p.centre(head, head.y+head.h-1.6*k, title, p.word("card"), ink.White)
	}
	body := box{in.x, in.y + head.h + 1.2*k, in.w, in.h - head.h - 1.2*k}
	if photo != nil {
		img, err := photo(m)
		if err != nil {
			return say.New("photo", "subject", p.subject, "why", err.Error())
		}
		if img != nil {
			b := box{body.x, body.y, 22 * k, body.h}
			if err := p.image(within(b, img), img); err != nil {
				return say.New("photo", "subject", p.subject, "why", err.Error())
			}
			body.x, body.w = body.x+b.w+1*k, body.w-b.w-1*k
		}
	}

	rest, err := p.placeCardSymbol(body, s, k)
	if err != nil {
		return err
	}
	who := p.word("category." + string(m.Category))
	if m.Class != "" {
		who = p.word("class", "class", m.Class)
	}
	name := p.clean(m.Name)
	nf := ink.Shrink(ink.Bold, name, rest.w, 15*k, 10*k)
	names, cut := nf.Wrap(name, rest.w, 2)
	p.cut = p.cut || cut
	var lines []line
	for _, n := range names {
		lines = append(lines, line{ink.Bold, nf.Size, 5, n, 0})
	}
	lines = append(lines, line{ink.Regular, 12 * k, 5, p.clean(who), 0})
	if p.set.Year != "" {
		lines = append(lines, line{ink.Regular, 9 * k, 4.5, p.clean(p.word("year", "year", p.set.Year)), 1})
	}
	return p.stack(rest, lines)
}

// within is the largest rectangle of the picture's shape in b, at its top.
func within(b box, img image.Image) box {
	w, h := float64(img.Bounds().Dx()), float64(img.Bounds().Dy())
	if w < 1 || h < 1 {
		return b
	}
	k := min(b.w/w, b.h/h)
	return box{b.x + (b.w-w*k)/2, b.y, w * k, h * k}
}

// placeCardSymbol puts the symbol at the foot of b, or on its right as QR,
// and returns what is left for the words.
func (p *pen) placeCardSymbol(b box, s *symbol.Symbol, k float64) (box, error) {
	if s.Kind == symbol.QR {
		return p.placeQR(b, s)
	}
	module, err := p.module(s, b.w, 0.43)
	if err != nil {
		return b, err
	}
	num := ink.Shrink(ink.Regular, s.Text, b.w, 8*k, 4)
	high := max(leastBars, 10*k)
	foot := high + 0.4 + num.Line()
	y := b.y + b.h - foot
	p.bars(box{b.x, y, b.w, high}, s, module)
	p.centre(b, y+high+0.4+num.Ascent(), num, p.fit(num, s.Text, b.w), ink.Black)
	b.h -= foot + 0.6
	return b, nil
}
