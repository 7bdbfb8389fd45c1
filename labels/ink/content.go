package ink

import (
	"math"
	"strconv"
	"unicode/utf16"
)

// content is what stands in a page of a PDF: operators and their numbers
// (ISO 32000-1, 7.8.2). Lengths are in PDF units, upwards.
type content []byte

// num writes a number with at most three decimals (0.35 micrometres) and
// returns it as it was written. A sheet is 4,000 of them, so they are written
// as integers of thousandths.
func (c *content) num(v float64) float64 {
	n := int64(math.Round(v * 1000))
	v = float64(n) / 1000
	if n < 0 {
		*c = append(*c, '-')
		n = -n
	}
	*c = strconv.AppendInt(*c, n/1000, 10)
	if n %= 1000; n != 0 {
		*c = append(*c, '.', '0'+byte(n/100), '0'+byte(n/10%10), '0'+byte(n%10))
	}
	*c = append(*c, ' ')
	return v
}

func (c *content) rect(x, y, w, h float64) (float64, float64, float64, float64) {
	x, y, w, h = c.num(x), c.num(y), c.num(w), c.num(h)
	*c = append(*c, "re "...)
	return x, y, w, h
}

// coloured writes what draw writes, in a colour; black is what a page begins with.
func (c *content) coloured(col Color, draw func()) {
	if col != Black {
		*c = append(*c, "q "...)
		for _, v := range [3]uint8{col.R, col.G, col.B} {
			c.num(float64(v) / 255)
		}
		*c = append(*c, "rg "...)
	}
	draw()
	if col != Black {
		*c = append(*c, " Q"...)
	}
}

// filled writes a path and fills it.
func (c *content) filled(col Color, path func()) {
	c.coloured(col, func() {
		path()
		*c = append(*c, 'f')
	})
}

// text writes a line in a font of the page's resources, its letters as UTF-16.
func (c *content) text(x, y float64, font string, size float64, text string) {
	*c = append(*c, "BT /"+font+" "...)
	c.num(size)
	*c = append(*c, "Tf "...)
	c.num(x)
	c.num(y)
	*c = append(*c, "Td ("...)
	for _, r := range text {
		var units [2]uint16
		for _, u := range utf16.AppendRune(units[:0], r) {
			for _, b := range [2]byte{byte(u >> 8), byte(u)} {
				switch b {
				case '\\', '(', ')':
					*c = append(*c, '\\', b)
				case '\r': // a reader takes a bare one for a line's end
					*c = append(*c, '\\', 'r')
				default:
					*c = append(*c, b)
				}
			}
		}
	}
	*c = append(*c, ") Tj ET"...)
}
