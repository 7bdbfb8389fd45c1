package paper

import (
	"io"

	"muontra/kiosk/register"
	"muontra/labels/ink"
	"muontra/web/words"
)

// The sheet of A4, in mm.
const (
	short, long = 210.0, 297.0
	margin      = 12.0
	bound       = 18.0 // on the left, where books are bound
	titleAt     = 24.0 // the baseline of the title
	tableAt     = 36.0
)

var (
	red  = ink.Color{R: 180}
	pale = ink.Color{R: 232, G: 232, B: 232}
)

// The hair lines of tables are black, so that they stay in a copy.
const hair = 0.15

// setter sets a document.
type setter struct {
	Doc
	pdf         *ink.Book
	w, h        float64
	left, width float64
	pages       int  // set so far
	running     bool // pages are numbered through, whatever they are pages of
}

// PDF writes the sheet as it is printed, page by page: what is held does not grow with
// the pages.
func PDF(w io.Writer, d Doc) error {
	s := newSetter(d, ink.NewBook(w, d.Title(), string(d.Lang), d.Now))
	if err := s.set(); err != nil {
		return err
	}
	if d.Sheet.Pack {
		if err := s.pack(); err != nil {
			return err
		}
	}
	return s.pdf.Close()
}

func newSetter(d Doc, pdf *ink.Book) *setter {
	s := &setter{Doc: d, pdf: pdf, w: short, h: long}
	if d.Sheet.Wide {
		s.w, s.h = long, short
	}
	s.left, s.width = bound, s.w-bound-margin
	return s
}

// set sets the document's pages.
func (s *setter) set() error {
	parts, err := s.parts()
	if err != nil {
		return err
	}
	if s.Sheet.Report {
		return s.flow(parts)
	}
	return s.book(parts)
}

// book sets numbered pages of so many lines each, part by part.
func (s *setter) book(parts []*part) error {
	for i, p := range parts {
		err := s.Source.Pages(s.Sheet, &p.Part, func(pg register.Page) error {
			s.page()
			s.head(s.PartTitle(&p.Part), pg.Number)
			y := s.top()
			if pg.First {
				y = s.faults(p, y)
			}
			s.table(p, pg, s.left, y, s.width, s.lineHeight())
			if pg.Last && i == len(parts)-1 {
				if err := s.signs(); err != nil {
					return err
				}
			}
			return s.pdf.Err() // the disk may be full: nobody waits for the rest of the pages
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *setter) lineHeight() float64 {
	if s.Sheet.Wide {
		return 6.6
	}
	return 7
}

func (s *setter) page() {
	s.pdf.Page(s.w, s.h)
	s.pages++
}

// text sets a line between x and x+w: left, centred (0) or right, in a size that is
// made smaller when the line is too long.
func (s *setter) text(x, y, w float64, f ink.Font, text string, side int, c ink.Color) {
	text, _ = ink.Clean(text)
	if f.Width(text) > w {
		f = ink.Shrink(f.Face, text, w, f.Size, 5.5)
	}
	text, _ = f.Cut(text, w)
	switch {
	case side == 0:
		x += (w - f.Width(text)) / 2
	case side > 0:
		x += w - f.Width(text)
	}
	s.pdf.Text(x, y, f, text, c)
}

var (
	plain   = ink.Font{Face: ink.Regular, Size: 8}
	strong  = ink.Font{Face: ink.Bold, Size: 8}
	running = ink.Font{Face: ink.Regular, Size: 9}
	school  = ink.Font{Face: ink.Bold, Size: 9}
	title   = ink.Font{Face: ink.Bold, Size: 14}
)

// head is what stands above each page: the body above the school, the school, the
// page; the sheet's name, and what it is of.
func (s *setter) head(of string, number int) {
	if s.running {
		number = s.pages
	}
	sc := s.Source.School
	left := s.width * 0.6
	if s.Sheet.Official {
		left = s.width * 0.42
	}
	s.text(s.left, margin+3, left, running, sc.Superior, -1, ink.Black)
	s.text(s.left, margin+7.5, left, school, sc.Name, -1, ink.Black)
	at := margin + 3.0
	if s.Sheet.Official {
		s.text(s.left+s.width*0.45, at, s.width*0.55, school, words.T(s.Lang, "minutes.republic"), 0, ink.Black)
		s.text(s.left+s.width*0.45, at+4.5, s.width*0.55, school, words.T(s.Lang, "minutes.motto"), 0, ink.Black)
		at += 9
	}
	s.text(s.left+s.width*0.6, at, s.width*0.4, running, words.T(s.Lang, "reg.page", "n", number), 1, ink.Black)
	down := s.top() - tableAt
	s.text(s.left, titleAt+2+down, s.width, title, s.Title(), 0, ink.Black)
	second := of
	if c := s.Caption(); c != "" {
		if second != "" {
			second += " · "
		}
		second += c
	}
	s.text(s.left, titleAt+8+down, s.width, running, second, 0, ink.Black)
}

// top is where a page's matter begins: lower below the nation's name and motto.
func (s *setter) top() float64 {
	if s.Sheet.Official {
		return tableAt + 5
	}
	return tableAt
}

// faults says in red which sums do not agree.
func (s *setter) faults(p *part, y float64) float64 {
	for i, f := range p.faults {
		if i == 3 { // they stand in red in the table too
			break
		}
		s.text(s.left, y-3+float64(i)*3.6, s.width, ink.Font{Face: ink.Bold, Size: 8}, s.FaultText(&p.Part, f), -1, red)
		if i > 0 {
			y += 3.6
		}
	}
	return y
}

// widths are the columns' widths on a table of a width.
func widths(cols []register.Column, width float64) []float64 {
	sum := 0.0
	for _, c := range cols {
		sum += c.Width
	}
	ws := make([]float64, len(cols))
	for i, c := range cols {
		ws[i] = c.Width * width / sum
	}
	return ws
}

// table sets a page of a part, and returns where it ends.
func (s *setter) table(p *part, pg register.Page, left, top, width, high float64) float64 {
	cols := s.columns(&p.Part)
	ws := widths(cols, width)
	y := s.headings(cols, ws, left, top)
	begin := y
	ruleX := func(from, to float64) {
		if to <= from {
			return
		}
		x := left
		for i := 0; i <= len(ws); i++ {
			s.pdf.Rect(x, from, hair, to-from+hair, ink.Black)
			if i < len(ws) {
				x += ws[i]
			}
		}
	}
	rule := func(y float64) { s.pdf.Rect(left, y, width, hair, ink.Black) }
	book := !s.Sheet.Report
	sums := hasSums(cols)
	if book && sums && pg.Number > 1 {
		y = s.sumRow(p, cols, ws, left, y, high, words.T(s.Lang, "reg.carried_in"), pg.Before, false)
		rule(y)
		begin = y
	}
	if len(pg.Lines) == 0 { // in place of a row, and of sums of nothing
		s.text(left+1.5, y+high*0.66, width-3, plain, s.Nothing(), 0, ink.Black)
		s.pdf.Rect(left, y, hair, high, ink.Black)
		s.pdf.Rect(left+width, y, hair, high, ink.Black)
		y += high
		rule(y)
		return y
	}
	for _, l := range pg.Lines {
		if l.Head != nil {
			ruleX(begin, y)
			s.pdf.Rect(left, y+hair, width, high-hair, pale)
			s.text(left+1.5, y+high*0.66, width-3, ink.Font{Face: ink.Bold, Size: 8.5}, s.Text(l.Head, register.Text), -1, ink.Black)
			s.pdf.Rect(left, y, hair, high, ink.Black)
			s.pdf.Rect(left+width, y, hair, high, ink.Black)
			y += high
			rule(y)
			begin = y
			continue
		}
		x := left
		for i, text := range s.cells(&p.Part, l) {
			s.cell(cols[i], x, y, ws[i], high, text, l.Mark)
			x += ws[i]
		}
		if l.Mark == register.Struck {
			s.pdf.Rect(left+1, y+high/2, width-2, 0.25, ink.Black)
		}
		y += high
		rule(y)
	}
	ruleX(begin, y)
	if sums && (book || pg.Last) {
		if book && (pg.Number > 1 || !pg.Last) {
			y = s.sumRow(p, cols, ws, left, y, high, words.T(s.Lang, "reg.page_sum"), pg.Here, false)
			rule(y)
		}
		key := "reg.carried_out"
		if pg.Last {
			key = "reg.total"
		}
		y = s.sumRow(p, cols, ws, left, y, high, words.T(s.Lang, key), pg.After, pg.Last)
		rule(y)
	}
	return y
}

// sumRow sets a row of sums. The last one of a part is not printed as right where
// it does not agree.
func (s *setter) sumRow(p *part, cols []register.Column, ws []float64, left, y, high float64, name string, sums register.Sums, last bool) float64 {
	wide := 0.0 // the name's room: up to the first sum
	for i, c := range cols {
		if c.Sum {
			break
		}
		wide += ws[i]
	}
	if short := words.T(s.Lang, "reg.total_short"); last && strong.Width(name) > wide-2 {
		name = short
	}
	s.text(left+1, y+high*0.66, wide-2, strong, name, 1, ink.Black)
	s.pdf.Rect(left, y, hair, high, ink.Black)
	x := left
	for i := range cols {
		if x >= left+wide-0.001 {
			s.pdf.Rect(x, y, hair, high, ink.Black)
		}
		x += ws[i]
	}
	s.pdf.Rect(x, y, hair, high, ink.Black)
	x = left
	for i, text := range s.sumCells(cols, sums) {
		wrong := last && cols[i].Sum && p.wrong(cols[i].Key)
		if text != "" || wrong {
			colour := ink.Black
			if wrong {
				colour, text = red, "≠ "+words.Number(sums[cols[i].Key])
			}
			s.text(x+0.7, y+high*0.66, ws[i]-1.4, strong, text, 1, colour)
		}
		x += ws[i]
	}
	return y + high
}

// cell sets a cell: numbers to the right, days and codes in the middle, words in up
// to three lines.
func (s *setter) cell(c register.Column, x, y, w, h float64, text string, m register.Mark) {
	if text == "" {
		return
	}
	f := plain
	if m == register.Bold {
		f = strong
	}
	colour := ink.Black
	if m == register.Back {
		colour = red
	}
	const pad = 0.7
	switch c.Kind {
	case register.Number, register.Money:
		s.text(x+pad, y+h*0.66, w-2*pad, f, text, 1, colour)
		return
	case register.Day, register.Code:
		s.text(x+pad, y+h*0.66, w-2*pad, f, text, 0, colour)
		return
	}
	text, _ = ink.Clean(text)
	for _, try := range []struct {
		size float64
		rows int
	}{{8, 1}, {7, 2}, {6.25, 2}, {5, 3}} {
		f.Size = try.size
		if float64(try.rows)*f.Line() > h {
			continue
		}
		lines, cut := f.Wrap(text, w-2*pad, try.rows)
		if cut && try.rows < 3 {
			continue
		}
		at := y + (h-float64(len(lines))*f.Line())/2 + f.Ascent()
		for _, l := range lines {
			s.pdf.Text(x+pad, at, f, l, colour)
			at += f.Line()
		}
		return
	}
	// A low row has room for one line only.
	f.Size = 8
	s.text(x+pad, y+h*0.66, w-2*pad, f, text, -1, colour)
}

// headings sets the table's head, in two rows where columns stand in groups.
func (s *setter) headings(cols []register.Column, ws []float64, left, top float64) float64 {
	const upper, lower = 4.6, 8.4
	grouped := false
	for _, c := range cols {
		grouped = grouped || c.Group != ""
	}
	high := lower
	if grouped {
		high = upper + lower
	}
	width := 0.0
	for _, w := range ws {
		width += w
	}
	s.pdf.Rect(left, top, width, high, pale)
	x := left
	for i := 0; i < len(cols); i++ {
		c := cols[i]
		y, h := top, high
		if c.Group != "" {
			if i == 0 || cols[i-1].Group != c.Group {
				wide := 0.0
				for j := i; j < len(cols) && cols[j].Group == c.Group; j++ {
					wide += ws[j]
				}
				s.text(x+0.5, top+upper*0.72, wide-1, ink.Font{Face: ink.Bold, Size: 7.5}, s.Group(c), 0, ink.Black)
				s.pdf.Rect(x, top+upper, wide, hair, ink.Black)
			}
			y, h = top+upper, lower
			if i == 0 || cols[i-1].Group != c.Group {
				s.pdf.Rect(x, top, hair, high, ink.Black)
			} else {
				s.pdf.Rect(x, y, hair, h, ink.Black)
			}
		} else {
			s.pdf.Rect(x, top, hair, high, ink.Black)
		}
		s.heading(x, y, ws[i], h, s.Label(c))
		x += ws[i]
	}
	s.pdf.Rect(x, top, hair, high, ink.Black)
	s.pdf.Rect(left, top, width, hair, ink.Black)
	s.pdf.Rect(left, top+high, width, hair, ink.Black)
	return top + high
}

func (s *setter) heading(x, y, w, h float64, text string) {
	text, _ = ink.Clean(text)
	for _, size := range []float64{7.5, 6.5, 5.5} {
		f := ink.Font{Face: ink.Bold, Size: size}
		lines, cut := f.Wrap(text, w-1, int(h/f.Line()))
		if cut && size > 5.5 || tooWide(f, text, w-1) && size > 5.5 {
			continue
		}
		at := y + (h-float64(len(lines))*f.Line())/2 + f.Ascent()
		for _, l := range lines {
			s.pdf.Text(x+(w-f.Width(l))/2, at, f, l, ink.Black)
			at += f.Line()
		}
		return
	}
}

// tooWide reports whether a word of a text is broken in a column.
func tooWide(f ink.Font, text string, w float64) bool {
	word := ""
	for _, r := range text + " " {
		if r != ' ' {
			word += string(r)
			continue
		}
		if f.Width(word) > w {
			return true
		}
		word = ""
	}
	return false
}
