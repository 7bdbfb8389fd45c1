package labels

import (
	"fmt"

	"muontra/kiosk"
	"muontra/labels/ink"
	"muontra/labels/symbol"
)

// The class sheet: three columns of twelve, so that a class of up to 36 (a
// primary class has at most 35) is one page.
const (
	classColumns = 3
	classRows    = 12
	classPer     = classColumns * classRows
)

// classPages makes a page of every class, and more when it has more pupils
// than a page holds. Pupils keep their order.
func classPages(members []kiosk.Member) []unit {
	var order []string
	by := map[string][]kiosk.Member{}
	for _, m := range members {
		if _, ok := by[m.Class]; !ok {
			order = append(order, m.Class)
		}
		by[m.Class] = append(by[m.Class], m)
	}
	var units []unit
	for _, class := range order {
		list := by[class]
		pages := (len(list) + classPer - 1) / classPer
		for i := range pages {
			part := list[i*classPer : min(len(list), (i+1)*classPer)]
			units = append(units, unit{class, "class-" + class, func(p *pen) error {
				return p.classPage(class, part, i*classPer, i+1, pages)
			}})
		}
	}
	return units
}

// classPage is the barcodes of one class's pupils, for the young children who
// lose their cards: the sheet stays at the desk or with the teacher.
func (p *pen) classPage(class string, list []kiosk.Member, before, page, pages int) error {
	in := p.in
	head := p.word("no_class")
	if class != "" {
		head = p.word("class", "class", class)
	}
	big := ink.Font{Face: ink.Bold, Size: 22}
	small := ink.Font{Face: ink.Regular, Size: 9}
	right := p.clean(p.set.School)
	second := ""
	if p.set.Year != "" {
		second = p.clean(p.word("year", "year", p.set.Year))
	}
	if pages > 1 {
		if second != "" {
			second += " · "
		}
		second += p.word("sheet.page", "page", page, "pages", pages)
	}
	p.text(in.x, in.y+8, big, p.fit(big, p.clean(head), in.w*0.5), ink.Black)
	right = p.fit(small, right, in.w*0.48)
	p.text(in.x+in.w-small.Width(right), in.y+small.Ascent(), small, right, ink.Black)
	second = p.fit(small, second, in.w*0.48)
	p.text(in.x+in.w-small.Width(second), in.y+small.Line()+small.Ascent(), small, second, ink.Black)

	const top = 12.0
	w, h := in.w/classColumns, (in.h-top)/classRows
	for i, m := range list {
		p.subject = memberSubject(m)
		cell := box{in.x + float64(i%classColumns)*w, in.y + top + float64(i/classColumns)*h, w, h}
		if err := p.classCell(cell, before+i+1, m); err != nil {
			return err
		}
	}
	return nil
}

func (p *pen) classCell(b box, n int, m kiosk.Member) error {
	s, err := p.encode(m.Card.Barcode)
	if err != nil {
		return err
	}
	p.frame(b, hair, ink.Grey)
	name := ink.Font{Face: ink.Bold, Size: 9.5}
	text := fmt.Sprintf("%d. %s", n, p.clean(m.Name))
	name = ink.Shrink(name.Face, text, b.w-3, name.Size, 7.5)
	p.text(b.x+1.5, b.y+0.6+name.Ascent(), name, p.fit(name, text, b.w-3), ink.Black)
	y := b.y + 0.6 + name.Line() + 0.4
	num := ink.Font{Face: ink.Regular, Size: 6.5}
	if s.Kind == symbol.QR {
		high := b.y + b.h - y - 0.4
		module, ok := p.c.Grid().Module(s, high, mostQR)
		if !ok {
			return p.tooSmall("does_not_fit", "way.height", s.Text, module*float64(s.Width()), high)
		}
		side := module * float64(s.Width())
		p.bars(box{b.x + 1, y, side, high}, s, module)
		p.text(b.x+side+2, y+high/2, num, p.fit(num, s.Text, b.w-side-3), ink.Black)
		return nil
	}
	module, err := p.module(s, b.w-1, mostBars)
	if err != nil {
		return err
	}
	high := b.y + b.h - y - num.Line() - 0.8
	p.bars(box{b.x + 0.5, y, b.w - 1, high}, s, module)
	p.centre(b, y+high+0.3+num.Ascent(), num, p.fit(num, s.Text, b.w-2), ink.Black)
	return nil
}
