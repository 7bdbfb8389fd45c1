package paper

import (
	"encoding/xml"
	"fmt"
	"html/template"
	"strings"

	"muontra/kiosk/register"
	"muontra/labels/ink"
	"muontra/web/words"
)

// svg is a picture for a page; a millimetre is a unit.
type svg struct{ strings.Builder }

func colour(c ink.Color) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// Rect fills a rectangle.
func (s *svg) Rect(x, y, w, h float64, c ink.Color) {
	fmt.Fprintf(s, `<rect x="%.2f" y="%.2f" width="%.2f" height="%.2f" fill="%s"/>`, x, y, w, h, colour(c))
}

// Text sets a line, as wide as it is on paper whatever font the browser has.
func (s *svg) Text(x, y float64, f ink.Font, text string, c ink.Color) {
	fmt.Fprintf(s, `<text x="%.2f" y="%.2f" font-size="%.2f" textLength="%.2f" lengthAdjust="spacingAndGlyphs" fill="%s">`, x, y, f.Size*ink.PointMM, f.Width(text), colour(c))
	_ = xml.EscapeText(s, []byte(text)) // a Builder takes everything
	s.WriteString(`</text>`)
}

// Picture is a plot for a page: without a style or a script of its own, and named
// for those who do not see it. Its figures stand in the tables too.
func Picture(d Doc, p register.Plot, w, h float64) template.HTML {
	var s svg
	title := words.T(d.Lang, "reg.plot."+p.Key)
	fmt.Fprintf(&s, `<svg class="report-plot" viewBox="0 0 %.0f %.0f" role="img" aria-label="`, w, h)
	_ = xml.EscapeText(&s, []byte(title))
	s.WriteString(`" font-family="DejaVu Sans Condensed, Roboto Condensed, Arial Narrow, sans-serif">`)
	Draw(&s, d, p, 0, 0, w, h)
	s.WriteString(`</svg>`)
	return template.HTML(s.String())
}
