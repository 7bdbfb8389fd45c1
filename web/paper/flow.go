package paper

import (
	"strconv"

	"muontra/kiosk/register"
	"muontra/labels/ink"
	"muontra/web/words"
)

// The tables of a report stand in two columns below its plots.
const (
	flowLine   = 4.5
	singleLine = 7.0 // two rows of text
	gutter     = 6.0
	flowBottom = 44.0 // kept for signatures on the last page, and as a margin before
)

// flow sets a report: plots, then the parts, the narrow ones in two columns.
func (s *setter) flow(parts []*part) error {
	s.page()
	s.head("", 1)
	y := s.top()
	for _, p := range parts {
		for _, f := range p.faults {
			s.text(s.left, y, s.width, ink.Font{Face: ink.Bold, Size: 8}, s.FaultText(&p.Part, f), -1, red)
			y += 4
		}
	}
	before, err := s.prose(s.Sheet.Before)
	if err != nil {
		return err
	}
	if len(before) > 0 {
		y = s.paragraphs(before, y) + 1
	}
	high := flowLine
	if s.Sheet.Single {
		high = singleLine
	}
	half := (s.width - gutter) / 2
	if s.Sheet.Plots != nil {
		plots, err := s.Sheet.Plots(s.Source)
		if err != nil {
			return err
		}
		const tall = 46.0
		x, w := s.left, half
		for i, p := range plots {
			if i%2 == 0 && i == len(plots)-1 {
				w = s.width // the odd one has the whole width
			}
			s.plot(p, x, y, w, tall)
			if i%2 == 0 && i < len(plots)-1 {
				x = s.left + half + gutter
				continue
			}
			x, y = s.left, y+tall+4
		}
	}
	all, _, err := s.signers()
	if err != nil {
		return err
	}
	bottom := flowBottom // what a long table leaves free on each page
	if s.Sheet.Single {
		bottom = margin
	}
	at := [2]float64{y, y}
	for _, p := range parts {
		lines, page, err := s.collect(p)
		if err != nil {
			return err
		}
		wide := s.Sheet.Single || tableWidth(s.columns(&p.Part)) > half*1.25
		for first := true; first || len(lines) > 0; first = false {
			side := 0
			if wide {
				at[0] = max(at[0], at[1])
			} else if at[1] < at[0] {
				side = 1
			}
			room := int((s.h-bottom-at[side]-16)/high) - 2
			if room < min(4, len(lines)+1) {
				if side == 0 && !wide && at[1] < at[0]-1 {
					at[0] = s.h // the other column may have room
					continue
				}
				s.page()
				s.head("", s.pages)
				at = [2]float64{s.top(), s.top()}
				continue
			}
			x, w := s.left+float64(side)*(half+gutter), half
			if wide {
				w = s.width
			}
			n := min(room, len(lines))
			page.Lines, page.Last = lines[:n], n == len(lines)
			lines = lines[n:]
			top := at[side]
			if t := s.PartTitle(&p.Part); t != "" {
				s.text(x, top+3, w, ink.Font{Face: ink.Bold, Size: 9}, t, -1, ink.Black)
				top += 4.5
			}
			at[side] = s.table(p, page, x, top, w, high) + 4
			if wide {
				at[1] = at[0]
			}
		}
	}
	after, err := s.prose(s.Sheet.After)
	if err != nil {
		return err
	}
	end := max(at[0], at[1])
	if len(after) > 0 {
		end = s.paragraphs(after, end)
	}
	if len(all) > 0 && end > s.h-signsHigh(len(all)) {
		s.page()
		s.head("", s.pages)
	}
	return s.signs()
}

func tableWidth(cols []register.Column) (w float64) {
	for _, c := range cols {
		w += c.Width
	}
	return w
}

// collect are all lines of a part, as one page.
func (s *setter) collect(p *part) (lines []register.Numbered, page register.Page, err error) {
	err = s.Source.Pages(s.Sheet, &p.Part, func(pg register.Page) error {
		lines, page = append(lines, pg.Lines...), pg
		return nil
	})
	return lines, page, err
}

// plot draws bars into a frame.
func (s *setter) plot(p register.Plot, x, y, w, h float64) {
	s.text(x, y+3.2, w, ink.Font{Face: ink.Bold, Size: 9}, words.T(s.Lang, "reg.plot."+p.Key), -1, ink.Black)
	Draw(s.pdf, s.Doc, p, x, y+5, w, h-5)
}

// The bars of a plot: told apart in grey too, by how dark they are.
var shades = []ink.Color{{R: 30, G: 80, B: 130}, {R: 170, G: 190, B: 205}, {R: 225, G: 150, B: 40}}

// board is what a plot is drawn on: a page of a PDF, or an SVG.
type board interface {
	Rect(x, y, w, h float64, c ink.Color)
	Text(x, y float64, f ink.Font, text string, c ink.Color)
}

// Draw draws a plot without its title: bars over their labels, with the values
// above them as far as there is room, and what each shade means.
func Draw(c board, d Doc, p register.Plot, x, y, w, h float64) {
	small := ink.Font{Face: ink.Regular, Size: 7}
	legend := 0.0
	if len(p.Series) > 1 {
		legend = 4
		lx := x
		for i, s := range p.Series {
			c.Rect(lx, y, 2.6, 2.6, shades[i%len(shades)])
			label, _ := ink.Clean(words.T(d.Lang, "reg.col."+s.Key))
			c.Text(lx+3.4, y+2.4, small, label, ink.Black)
			lx += 3.4 + small.Width(label) + 5
		}
	}
	const foot = 4.0
	top, base := y+legend+4, y+h-foot
	var most int64 = 1
	for _, s := range p.Series {
		for _, v := range s.Values {
			most = max(most, v)
		}
	}
	c.Rect(x, base, w, 0.2, ink.Black)
	if len(p.Labels) == 0 {
		return
	}
	step := w / float64(len(p.Labels))
	bar := step * 0.72 / float64(len(p.Series))
	if bar > 12 {
		bar = 12
	}
	skip := 1 // labels that stand too close are left out
	for _, l := range p.Labels {
		text, _ := ink.Clean(d.Text(l, register.Code))
		for small.Width(text)+0.6 > step*float64(skip) && skip < len(p.Labels) {
			skip++
		}
	}
	for i, l := range p.Labels {
		mid := x + step*(float64(i)+0.5)
		for j, s := range p.Series {
			if i >= len(s.Values) || s.Values[i] <= 0 {
				continue
			}
			v := s.Values[i]
			high := (base - top) * float64(v) / float64(most)
			bx := mid - bar*float64(len(p.Series))/2 + bar*float64(j)
			c.Rect(bx, base-high, bar*0.94, high, shades[j%len(shades)])
			if text := strconv.FormatInt(v, 10); small.Width(text) <= step/float64(len(p.Series))*1.05 {
				c.Text(bx+(bar*0.94-small.Width(text))/2, base-high-0.8, small, text, ink.Black)
			}
		}
		if i%skip == 0 {
			text, _ := ink.Clean(d.Text(l, register.Code))
			c.Text(mid-small.Width(text)/2, base+3.2, small, text, ink.Black)
		}
	}
}
