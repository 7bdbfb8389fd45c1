// Package slip sets the slips that go home with a reader: two to an A4 sheet,
// to be cut apart in the middle. Every sentence is the caller's.
package slip

import (
	"io"
	"time"

	"muontra/labels/ink"
)

// Slip is what one reader is told.
type Slip struct {
	School, Head string
	Greeting     string
	Text         string
	Books        []Book
	Ask          string
	Thanks       string
	Foot         string // place, day, who signs
}

// Book is a title with the line that tells of it.
type Book struct{ Title, Line string }

// Doc is the slips of one printing.
type Doc struct {
	Title string // of the document
	Lang  string // "vi"
	When  time.Time
	Slips []Slip
	// More says that n more books have no room on a slip.
	More func(n int) string
}

// The sheet, in mm: A4 upright, two halves of A5 with the cut between them.
const (
	pageW, pageH = 210.0, 297.0
	half         = pageH / 2
	margin       = 16.0
	mostBooks    = 5
)

// Write makes the PDF. A sheet with an odd last slip has an empty half.
func Write(w io.Writer, d Doc) error {
	p := ink.NewPDF(d.Title, d.Lang, d.When)
	for i, s := range d.Slips {
		if i%2 == 0 {
			p.Page(pageW, pageH)
			for x := 6.0; x < pageW-6; x += 4 { // where to cut
				p.Rect(x, half, 2, 0.2, ink.Grey)
			}
		}
		draw(p, float64(i%2)*half, s, d.More)
	}
	if len(d.Slips) == 0 {
		p.Page(pageW, pageH)
	}
	return p.Write(w)
}

func draw(c ink.Canvas, top float64, s Slip, more func(int) string) {
	const width = pageW - 2*margin
	y := top + margin - 4
	small, body, bold := ink.Font{Face: ink.Regular, Size: 10}, ink.Font{Face: ink.Regular, Size: 13}, ink.Font{Face: ink.Bold, Size: 13}
	line := func(f ink.Font, x float64, text string, lines int) {
		text, _ = ink.Clean(text)
		got, _ := f.Wrap(text, width-(x-margin), lines)
		for _, l := range got {
			y += f.Line()
			c.Text(x, y, f, l, ink.Black)
		}
	}
	line(small, margin, s.School, 1)
	head, _ := ink.Clean(s.Head)
	f := ink.Shrink(ink.Bold, head, width, 17, 11)
	y += f.Line() + 1
	c.Text((pageW-f.Width(head))/2, y, f, head, ink.Black)
	y += 4
	line(bold, margin, s.Greeting, 2)
	y += 2
	line(body, margin, s.Text, 3)
	y += 2
	books := s.Books
	if len(books) > mostBooks {
		books = books[:mostBooks-1]
	}
	for _, b := range books {
		c.Rect(margin+1, y+body.Line()-2.6, 1.6, 1.6, ink.Black)
		line(bold, margin+6, b.Title, 1)
		line(small, margin+6, b.Line, 1)
	}
	if n := len(s.Books) - len(books); n > 0 && more != nil {
		line(body, margin+6, more(n), 1)
	}
	y += 2
	line(body, margin, s.Ask, 4)
	line(body, margin, s.Thanks, 2)
	foot, _ := ink.Clean(s.Foot)
	foot, _ = small.Cut(foot, width)
	c.Text(pageW-margin-small.Width(foot), top+half-margin+6, small, foot, ink.Black)
}
