package labels

import (
	"muontra/kiosk"
	"muontra/labels/ink"
	"muontra/labels/say"
	"muontra/labels/symbol"
)

// shelfLabel is the label on a shelf: its code large, its name, and the
// barcode that is scanned when books are put there.
func (p *pen) shelfLabel(pl kiosk.Place) error {
	return p.placePart(pl, []line{
		{ink.Regular, 0.12, 5, p.clean(p.kindWord(pl)), 2},
		{ink.Bold, 0.36, 9, p.clean(placeCode(pl)), 0},
		{ink.Regular, 0.15, 5, p.clean(placeName(pl)), 1},
	}, false)
}

// placeLabel is the label on a class corner's box, a trolley or a case: whose
// it is, and framed, to be seen across a classroom.
func (p *pen) placeLabel(pl kiosk.Place) error {
	year := ""
	if p.set.Year != "" {
		year = p.word("year", "year", p.set.Year)
	}
	return p.placePart(pl, []line{
		{ink.Regular, 0.10, 5, p.clean(p.set.School), 4},
		{ink.Bold, 0.12, 5, p.clean(p.kindWord(pl)), 2},
		{ink.Bold, 0.30, 9, p.clean(placeCode(pl)), 0},
		{ink.Regular, 0.12, 5, p.clean(placeName(pl)), 1},
		{ink.Regular, 0.09, 5, p.clean(year), 3},
	}, true)
}

func (p *pen) kindWord(pl kiosk.Place) string {
	key := "place." + string(pl.Kind)
	if w := p.word(key); w != key {
		return w
	}
	return ""
}

func placeCode(pl kiosk.Place) string {
	if pl.Code == "" {
		return pl.Name
	}
	return pl.Code
}

func placeName(pl kiosk.Place) string {
	if pl.Code == "" || pl.Name == pl.Code {
		return ""
	}
	return pl.Name
}

// placePart sets the lines, whose sizes are shares of the label's height, and
// the barcode below them, or beside them as QR. Without a barcode the lines
// have the label to themselves.
func (p *pen) placePart(pl kiosk.Place, lines []line, framed bool) error {
	b := p.in
	if framed {
		p.frame(b, 0.4, ink.Black)
		side, foot := max(1, b.w*0.025), max(0.6, b.h*0.015)
		b = box{b.x + side, b.y + foot, b.w - 2*side, b.h - 2*foot}
	}
	if pl.Barcode != "" {
		s, err := p.encode(pl.Barcode)
		if err != nil {
			return err
		}
		if s.Kind == symbol.QR {
			b, err = p.placeQR(b, s)
		} else {
			b, err = p.placeBars(b, s)
		}
		if err != nil {
			return err
		}
	}
	for i := range lines {
		lines[i].size *= b.h / ink.PointMM
	}
	return p.stack(b, lines)
}

// placeBars puts a Code 128 with its text at the foot of b and returns what is
// left above.
func (p *pen) placeBars(b box, s *symbol.Symbol) (box, error) {
	f := ink.Font{Face: ink.Regular, Size: clamp(b.h*0.07/ink.PointMM, 4.5, 9)}
	f = ink.Shrink(f.Face, s.Text, b.w, f.Size, 4)
	high := clamp(b.h*0.3, leastBars, 20)
	module, err := p.module(s, b.w, 0.51)
	if err != nil {
		return b, err
	}
	foot := high + f.Line() + 0.4
	y := b.y + b.h - foot
	p.bars(box{b.x, y, b.w, high}, s, module)
	p.centre(b, y+high+0.4+f.Ascent(), f, p.fit(f, s.Text, b.w), ink.Black)
	b.h -= foot + 0.4
	return b, nil
}

// placeQR puts a QR at the right of b and returns what is left beside it.
func (p *pen) placeQR(b box, s *symbol.Symbol) (box, error) {
	side := min(b.h, b.w*0.55)
	module, ok := p.c.Grid().Module(s, side, 1.3)
	if !ok {
		way := say.Key("way.height")
		have := p.h
		if side < b.h {
			way, have = "way.width", p.w
		}
		return b, p.tooSmall("does_not_fit", way, s.Text, module*float64(s.Width())+have-side, have)
	}
	side = module * float64(s.Width())
	p.bars(box{b.x + b.w - side, b.y, side, b.h}, s, module)
	b.w -= side
	return b, nil
}
