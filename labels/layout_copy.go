package labels

import (
	"muontra/kiosk"
	"muontra/labels/ink"
	"muontra/labels/say"
	"muontra/labels/symbol"
)

// copyLabel is the label that is scanned: school, title, barcode, accession
// number.
func (p *pen) copyLabel(it kiosk.Item) error {
	s, err := p.encode(it.Barcode)
	if err != nil {
		return err
	}
	return p.copyPart(p.in, box{0, 0, p.w, p.h}, it, s)
}

// The widest modules that labels in the hand need, in mm.
const (
	mostBars = 0.39
	mostQR   = 0.85
)

func clamp(v, least, most float64) float64 { return max(least, min(v, most)) }

// copyPart draws the copy label with its ink in in; the quiet zone may use
// all of out.
func (p *pen) copyPart(in, out box, it kiosk.Item, s *symbol.Symbol) error {
	if s.Kind == symbol.QR {
		return p.copyQR(in, out, it, s)
	}
	quiet := p.c.Grid().Least(s) / float64(s.Width()) * float64(s.Quiet())
	width := min(out.w, in.w+2*quiet)
	module, err := p.module(s, width, mostBars)
	if err != nil {
		return err
	}
	u := clamp(min(in.h/19, in.w/32), 0.75, 1.7)
	school := ink.Font{Face: ink.Regular, Size: 5.2 * u}
	title := ink.Font{Face: ink.Bold, Size: 6.6 * u}
	code := ink.Font{Face: ink.Bold, Size: 8 * u}
	const gap = 0.6
	schoolText := p.fit(school, p.clean(p.set.School), in.w)
	titleText := p.clean(fullTitle(it.Title))
	lines := 1
	if title.Width(titleText) > in.w {
		lines = 2
	}
	// What does not leave the bars their height goes, the least needed first:
	// the title's second line, the school, the title.
	fixed := code.Line() + 2*gap
	h := func() float64 {
		v := in.h - fixed - float64(lines)*title.Line()
		if schoolText != "" {
			v -= school.Line()
		}
		return v
	}
	if lines == 2 && h() < 5.5*u {
		lines = 1
	}
	if h() < leastBars {
		schoolText = ""
	}
	if h() < leastBars {
		lines = 0
	}
	if h() < leastBars {
		return p.tooSmall("does_not_fit", "way.height", s.Text, leastBars+fixed+p.h-in.h, p.h)
	}
	wrapped, cut := title.Wrap(titleText, in.w, lines)
	if lines == 0 {
		wrapped, cut = nil, titleText != ""
	}
	p.cut = p.cut || cut
	lines = len(wrapped)
	high := min(h(), 14*u)

	y := in.y + (h()-high)/2
	if schoolText != "" {
		p.centre(in, y+school.Ascent(), school, schoolText, ink.Black)
		y += school.Line()
	}
	for _, l := range wrapped {
		p.centre(in, y+title.Ascent(), title, l, ink.Black)
		y += title.Line()
	}
	y += gap
	x := clamp(in.x+(in.w-width)/2, out.x, out.x+out.w-width)
	p.bars(box{x, y, width, high}, s, module)
	y += high + gap
	p.codeLine(in, y+code.Ascent(), code, u, it)
	return nil
}

// codeLine sets the accession number for people and, smaller, the barcode's
// own text, to be typed when a scratched label does not scan.
func (p *pen) codeLine(in box, y float64, f ink.Font, u float64, it kiosk.Item) {
	acc, num := p.clean(it.Accession), it.Barcode
	if acc == "" || acc == num {
		f = ink.Shrink(f.Face, num, in.w, f.Size, 4)
		p.centre(in, y, f, p.fit(f, num, in.w), ink.Black)
		return
	}
	f = ink.Shrink(f.Face, acc, in.w*0.6, f.Size, 4)
	acc = p.fit(f, acc, in.w*0.6)
	rest := in.w - f.Width(acc) - 1.5
	small := ink.Shrink(ink.Regular, num, rest, 5.8*u, 4)
	num = p.fit(small, num, rest)
	if in.w > 1.6*(f.Width(acc)+small.Width(num)+2) {
		// On a wide label the two would drift apart: keep them together.
		w := f.Width(acc) + 2.5 + small.Width(num)
		in = box{in.x + (in.w-w)/2, in.y, w, in.h}
	}
	p.text(in.x, y, f, acc, ink.Black)
	p.text(in.x+in.w-small.Width(num), y, small, num, ink.Black)
}

// copyQR has the symbol on the left and the texts beside it.
func (p *pen) copyQR(in, out box, it kiosk.Item, s *symbol.Symbol) error {
	module, ok := p.c.Grid().Module(s, min(out.h, out.w*0.62), mostQR)
	if !ok {
		need, way, have := module*float64(s.Width()), say.Key("way.height"), out.h
		if out.w*0.62 < out.h {
			need, way, have = need/0.62, "way.width", out.w
		}
		return p.tooSmall("does_not_fit", way, s.Text, need, have)
	}
	side := module * float64(s.Width())
	p.bars(box{out.x, out.y, side, out.h}, s, module)
	x := max(out.x+side, in.x)
	text := box{x, in.y, in.x + in.w - x, in.h}
	u := clamp(min(in.h/19, text.w/17), 0.75, 1.9)
	school := ink.Font{Face: ink.Regular, Size: 5.2 * u}
	title := ink.Font{Face: ink.Bold, Size: 6.6 * u}
	acc := p.clean(it.Accession)
	code := ink.Shrink(ink.Bold, acc, text.w, 9*u, 4)
	num := ink.Shrink(ink.Regular, it.Barcode, text.w, 5.8*u, 4)
	bottom := code.Line() + num.Line()
	schoolLines, _ := school.Wrap(p.clean(p.set.School), text.w, 2)
	free := text.h - bottom - float64(len(schoolLines))*school.Line()
	if free < title.Line() {
		schoolLines, free = nil, text.h-bottom
	}
	titleLines := []string(nil)
	if n := int(free / title.Line()); n > 0 {
		var cut bool
		titleLines, cut = title.Wrap(p.clean(fullTitle(it.Title)), text.w, min(n, 4))
		p.cut = p.cut || cut
	}
	y := text.y
	for _, l := range schoolLines {
		p.text(text.x, y+school.Ascent(), school, l, ink.Black)
		y += school.Line()
	}
	for _, l := range titleLines {
		p.text(text.x, y+title.Ascent(), title, l, ink.Black)
		y += title.Line()
	}
	y = text.y + text.h - bottom
	p.text(text.x, y+code.Ascent(), code, p.fit(code, acc, text.w), ink.Black)
	p.text(text.x, y+code.Line()+num.Ascent(), num, p.fit(num, it.Barcode, text.w), ink.Black)
	return nil
}

// fullTitle is a title with its volume, which tells two labels apart.
func fullTitle(t kiosk.Title) string {
	if t.Remainder == "" {
		return t.Title
	}
	return t.Title + ". " + t.Remainder
}
