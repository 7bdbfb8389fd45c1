package ink

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"muontra/labels/symbol"
)

const perMM = 72 / 25.4 // PDF units a millimetre

// PDF writes pages of vectors with the fonts embedded and subset. The same
// drawing and the same time give the same bytes.
type PDF struct {
	doc     *fpdf.Fpdf
	height  float64 // of the page, in PDF units
	font    Font
	color   Color
	images  int
	path    content
	pending []proof
	line    []byte // a raster line of a proof
}

// proof is a symbol as its numbers were written into the file.
type proof struct {
	s     *symbol.Symbol
	rects []float64 // x, y, w, h of every bar in PDF units, as written
}

// NewPDF begins a document. when is its date; lang its language ("vi").
func NewPDF(title, lang string, when time.Time) *PDF {
	return &PDF{doc: newDoc(title, lang, when)}
}

func newDoc(title, lang string, when time.Time) *fpdf.Fpdf {
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetCreationDate(when)
	doc.SetModificationDate(when)
	doc.SetCatalogSort(true)
	doc.SetProducer("muontra", true)
	doc.SetTitle(title, true)
	doc.SetLang(lang)
	doc.SetAutoPageBreak(false, 0)
	doc.SetMargins(0, 0, 0)
	for _, f := range faces {
		doc.AddUTF8FontFromBytes(f.name, f.style, f.ttf)
	}
	return doc
}

// Page begins a page of a size in mm.
func (p *PDF) Page(w, h float64) {
	p.doc.AddPageFormat("P", fpdf.SizeType{Wd: w, Ht: h})
	p.height = h * perMM
}

// Grid is the vector grid.
func (p *PDF) Grid() symbol.Grid { return symbol.Vector }

// Rect fills a rectangle.
func (p *PDF) Rect(x, y, w, h float64, c Color) {
	p.fill(c, func() { p.path.rect(x*perMM, p.height-(y+h)*perMM, w*perMM, h*perMM) })
}

// Poly fills a polygon.
func (p *PDF) Poly(points []Point, c Color) {
	if len(points) < 3 {
		return
	}
	p.fill(c, func() {
		for i, q := range points {
			p.path.num(q.X * perMM)
			p.path.num(p.height - q.Y*perMM)
			if i == 0 {
				p.path = append(p.path, "m "...)
			} else {
				p.path = append(p.path, "l "...)
			}
		}
		p.path = append(p.path, "h "...)
	})
}

// fill writes a path and fills it, all at once: one fill for all bars of a
// symbol leaves no seams and costs a fifth of a call a bar.
func (p *PDF) fill(c Color, path func()) {
	p.path = p.path[:0]
	p.path.filled(c, path)
	p.doc.RawWriteStr(string(p.path))
}

// Text sets a line.
func (p *PDF) Text(x, y float64, f Font, text string, c Color) {
	if text == "" {
		return
	}
	if f != p.font {
		p.doc.SetFont(f.Face.name, f.Face.style, f.Size)
		p.font = f
	}
	if c != p.color {
		p.doc.SetTextColor(int(c.R), int(c.G), int(c.B))
		p.color = c
	}
	p.doc.Text(x, y, text)
}

// Bars draws a symbol.
func (p *PDF) Bars(x, y float64, s *symbol.Symbol, module, h float64) {
	down := module
	if s.Rows == 1 {
		down = h
	}
	pr := proof{s: s, rects: make([]float64, 0, 4*len(s.Bars))}
	p.fill(Black, func() {
		for _, b := range s.Bars {
			bx, by, bw, bh := p.path.rect(
				(x+float64(b.X)*module)*perMM, p.height-(y+float64(b.Y+b.H)*down)*perMM,
				float64(b.W)*module*perMM, float64(b.H)*down*perMM)
			pr.rects = append(pr.rects, bx, by, bw, bh)
		}
	})
	p.pending = append(p.pending, pr)
}

// Image draws a picture as JPEG.
func (p *PDF) Image(x, y, w, h float64, img image.Image) error {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 88}); err != nil {
		return err
	}
	p.images++
	name := "i" + strconv.Itoa(p.images)
	opt := fpdf.ImageOptions{ImageType: "JPG"}
	p.doc.RegisterImageOptionsReader(name, opt, &b)
	p.doc.ImageOptions(name, x, y, w, h, false, opt, 0, "")
	return p.doc.Error()
}

// Verify rasters each symbol from the numbers that were written, at 600 dpi
// where it stands on the page, and decodes it.
func (p *PDF) Verify() (int, error) {
	n := len(p.pending)
	defer func() { p.pending = p.pending[:0] }()
	for _, pr := range p.pending {
		if err := p.prove(pr); err != nil {
			return n, err
		}
	}
	return n, nil
}

func (p *PDF) prove(pr proof) error {
	const dots = 600.0 / 72
	x0, x1 := math.Inf(1), math.Inf(-1)
	y0, y1 := math.Inf(1), math.Inf(-1)
	for i := 0; i < len(pr.rects); i += 4 {
		r := pr.rects[i:]
		x0, x1 = min(x0, r[0]), max(x1, r[0]+r[2])
		y0, y1 = min(y0, r[1]), max(y1, r[1]+r[3])
	}
	quiet := float64(pr.s.Quiet()) * (x1 - x0) / float64(pr.s.Cols)
	left := math.Floor((x0 - quiet) * dots)
	w := int(math.Ceil((x1+quiet)*dots) - left)
	top, h := 0.0, 1
	if pr.s.Rows > 1 {
		top = math.Floor((y0 - quiet) * dots)
		h = int(math.Ceil((y1+quiet)*dots) - top)
	}
	if cap(p.line) < w*h {
		p.line = make([]byte, w*h)
	}
	pix := p.line[:w*h]
	for i := range pix {
		pix[i] = 255
	}
	for i := 0; i < len(pr.rects); i += 4 {
		r := pr.rects[i:]
		from, to := int(math.Round(r[0]*dots-left)), int(math.Round((r[0]+r[2])*dots-left))
		ya, yb := 0, 1
		if h > 1 {
			ya, yb = int(math.Round(r[1]*dots-top)), int(math.Round((r[1]+r[3])*dots-top))
			// PDF counts upwards.
			ya, yb = h-yb, h-ya
		}
		for y := ya; y < yb; y++ {
			clear(pix[y*w+from : y*w+to])
		}
	}
	return check(pr.s, pix, w, h)
}

// Write finishes the document. A panic inside the library becomes an error:
// an exotic text must not stop a school's printing.
func (p *PDF) Write(w io.Writer) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("pdf: %v", r)
		}
	}()
	if err := p.doc.Output(actualSize{w}); err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	return nil
}

// actualSize asks the viewer to print without scaling (ISO 32000-1, 12.2):
// "fit to page" is why labels do not align, and the library has no call for
// it. The catalogue is the last object before the cross-reference table, so
// only the table's own address moves. The library gives the whole file in one piece,
// which is passed on in parts, so that it is not held twice.
type actualSize struct{ w io.Writer }

const catalogHead, printActual = "/Type /Catalog\n", "/ViewerPreferences <</PrintScaling /None>>\n"

func (a actualSize) Write(pdf []byte) (int, error) {
	parts := [][]byte{pdf}
	i := bytes.LastIndex(pdf, []byte(catalogHead))
	j := bytes.LastIndex(pdf, []byte("\nstartxref\n"))
	if i >= 0 && j > i {
		k := j + len("\nstartxref\n")
		end := k + bytes.IndexByte(pdf[k:], '\n')
		if addr, err := strconv.Atoi(string(pdf[k:end])); err == nil && addr >= i {
			parts = [][]byte{pdf[:i+len(catalogHead)], []byte(printActual), pdf[i+len(catalogHead) : k], strconv.AppendInt(nil, int64(addr+len(printActual)), 10), pdf[end:]}
		}
	}
	for _, p := range parts {
		if _, err := a.w.Write(p); err != nil {
			return 0, err
		}
	}
	return len(pdf), nil
}
