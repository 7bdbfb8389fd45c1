package labels

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"muontra/labels/ink"
	"muontra/labels/say"
	"muontra/labels/sheet"
	"muontra/labels/symbol"
)

// unit is one label, or one page of a page layout.
type unit struct {
	subject string
	code    string // for file names
	draw    func(*pen) error
}

// Render prints a job to w. The errors it returns are *say.Fault for what a
// person can mend, in both languages, the context's error when it was
// stopped, and w's own. When a stream for a label printer breaks, the report
// says how many labels had been written.
func Render(ctx context.Context, w io.Writer, j Job) (Report, error) {
	var rep Report
	if err := j.check(); err != nil {
		return rep, err
	}
	units, err := j.units()
	if err != nil {
		return rep, err
	}
	if len(units) == 0 {
		return rep, say.New("nothing_selected")
	}
	grid, err := j.grid()
	if err != nil {
		return rep, err
	}
	switch {
	case j.Format == PDF:
		err = j.pdf(ctx, w, units, &rep)
	case j.Format == PNG:
		err = j.png(ctx, w, units, grid, &rep)
	default:
		err = j.thermal(ctx, w, units, grid, &rep)
	}
	return rep, err
}

// RenderEach writes one PNG a label, without the sheet around it. open makes
// the file of a name such as "0001-30000017.png".
func RenderEach(ctx context.Context, j Job, open func(name string) (io.WriteCloser, error)) (Report, error) {
	var rep Report
	j.Format, j.Skip = PNG, 0
	if err := j.check(); err != nil {
		return rep, err
	}
	units, err := j.units()
	if err != nil {
		return rep, err
	}
	if len(units) == 0 {
		return rep, say.New("nothing_selected")
	}
	grid, err := j.grid()
	if err != nil {
		return rep, err
	}
	j.Adjust = sheet.Adjust{}
	if err := j.rehearse(ctx, units, grid); err != nil {
		return rep, err
	}
	r := ink.NewRaster(grid, false)
	p := j.pen(r, &rep)
	for i, u := range units {
		if j.onPages() {
			r.Clear(j.Stock.PageW, j.Stock.PageH)
		} else {
			r.Clear(j.Stock.LabelW, j.Stock.LabelH)
		}
		if err := j.one(ctx, p, u, 0, 0); err != nil {
			return rep, err
		}
		if err := j.verify(r, &rep, u); err != nil {
			return rep, err
		}
		if err := savePNG(r, fmt.Sprintf("%04d-%s.png", i+1, fileName(u.code)), open); err != nil {
			return rep, err
		}
		rep.Pages++
		j.did(&rep, i+1, len(units))
	}
	return rep, nil
}

func savePNG(r *ink.Raster, name string, open func(string) (io.WriteCloser, error)) error {
	f, err := open(name)
	if err != nil {
		return err
	}
	if err := r.PNG(f); err != nil {
		f.Close()
		return fmt.Errorf("%s: %w", name, err)
	}
	return f.Close()
}

// fileName keeps what every file system takes.
func fileName(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}, code)
}

func (j *Job) pen(c ink.Canvas, rep *Report) *pen {
	return &pen{c: c, set: &j.Settings, stock: &j.Stock, report: rep}
}

// one draws a unit with its top left corner at x, y of the page and judges it.
func (j *Job) one(ctx context.Context, p *pen, u unit, x, y float64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p.label(u.subject, x, y, j.Adjust)
	if j.onPages() {
		p.page()
	}
	err := u.draw(p)
	if err == nil {
		err = p.close()
	}
	if err != nil {
		return j.advise(err, u, p.c.Grid())
	}
	return nil
}

// verify reads the symbols of a unit back from the canvas.
func (j *Job) verify(c ink.Canvas, rep *Report, u unit) error {
	if j.unverified {
		return nil
	}
	n, err := c.Verify()
	if bad := (*ink.NotRead)(nil); errors.As(err, &bad) {
		return say.New("not_read_back", "subject", u.subject, "payload", bad.Want, "read", quote(bad.Got))
	}
	rep.Verified += n
	return err
}

func (j *Job) did(rep *Report, done, total int) {
	rep.Labels = done
	if j.Progress != nil {
		j.Progress(done, total)
	}
}

// place is where unit i lies: on which page, from 0, and where on it.
func (j *Job) place(i int) (page int, x, y float64) {
	if j.onPages() {
		return i, 0, 0
	}
	n := i + j.Skip
	page = n / j.Stock.Per()
	x, y = j.Stock.At(n % j.Stock.Per())
	return page, x, y
}

func (j *Job) pages(units int) int {
	last, _, _ := j.place(units - 1)
	return last + 1
}

func (j *Job) pdf(ctx context.Context, w io.Writer, units []unit, rep *Report) error {
	when := j.When
	if when.IsZero() {
		when = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	lang := j.Lang
	if lang == "" {
		lang = say.Languages[0]
	}
	title, _ := ink.Clean(j.School + " " + string(j.Layout))
	doc := ink.NewPDF(title, lang, when.UTC())
	p := j.pen(doc, rep)
	for i, u := range units {
		page, x, y := j.place(i)
		if page >= rep.Pages {
			doc.Page(j.Stock.PageW, j.Stock.PageH)
			rep.Pages = page + 1
		}
		if err := j.one(ctx, p, u, x, y); err != nil {
			return err
		}
		if err := j.verify(doc, rep, u); err != nil {
			return err
		}
		j.did(rep, i+1, len(units))
	}
	if err := doc.Write(w); err != nil {
		return fmt.Errorf("labels: %w", err)
	}
	return nil
}

// png draws one page, for a preview.
func (j *Job) png(ctx context.Context, w io.Writer, units []unit, grid symbol.Grid, rep *Report) error {
	want := max(j.Page, 1)
	rep.Pages = j.pages(len(units))
	if j.Page < 0 || want > rep.Pages {
		return say.New("page", "page", j.Page, "pages", rep.Pages)
	}
	r := ink.NewRaster(grid, false)
	r.Clear(j.Stock.PageW, j.Stock.PageH)
	p := j.pen(r, rep)
	done := 0
	for i, u := range units {
		page, x, y := j.place(i)
		if page+1 != want {
			continue
		}
		if err := j.one(ctx, p, u, x, y); err != nil {
			return err
		}
		done++
		if err := j.verify(r, rep, u); err != nil {
			return err
		}
		if j.Outline && !j.onPages() {
			p.outline()
		}
		j.did(rep, done, len(units))
	}
	return r.PNG(w)
}

// thermal writes a row of labels at a time, so that a roll of any length
// needs the memory of one row. The whole job is laid out once before the
// first byte: a roll that stops in the middle is worse than one that does not
// start.
func (j *Job) thermal(ctx context.Context, w io.Writer, units []unit, grid symbol.Grid, rep *Report) error {
	if err := j.rehearse(ctx, units, grid); err != nil {
		return err
	}
	write := map[Format]func(io.Writer, ink.Bits, ink.Feed) error{ZPL: ink.ZPL, TSPL: ink.TSPL, EPL: ink.EPL}[j.Format]
	feed := ink.Feed{Width: j.Stock.PageW, Height: j.Stock.PageH, Gap: max(0, j.Stock.PitchY-j.Stock.LabelH)}
	out := bufio.NewWriterSize(w, 64<<10)
	r := ink.NewRaster(grid, true)
	p := j.pen(r, rep)
	for i := 0; i < len(units); {
		r.Clear(j.Stock.PageW, j.Stock.PageH)
		page, _, _ := j.place(i)
		for ; i < len(units); i++ {
			at, x, y := j.place(i)
			if at != page {
				break
			}
			if err := j.one(ctx, p, units[i], x, y); err != nil {
				return err
			}
			if err := j.verify(r, rep, units[i]); err != nil {
				return err
			}
		}
		if err := write(out, r.Bits(), feed); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
		rep.Pages++
		j.did(rep, i, len(units))
	}
	return nil
}

// rehearse lays every unit out without drawing. What it reports is dropped:
// the real drawing will say it again.
func (j *Job) rehearse(ctx context.Context, units []unit, grid symbol.Grid) error {
	var dry Report
	p := j.pen(ink.Blank{G: grid}, &dry)
	for i, u := range units {
		_, x, y := j.place(i)
		if err := j.one(ctx, p, u, x, y); err != nil {
			return err
		}
	}
	return nil
}

// advise adds to a label that does not fit what would: the same label drawn
// on each other stock of the same kind, and as QR.
func (j *Job) advise(err error, u unit, grid symbol.Grid) error {
	var f *say.Fault
	if !errors.As(err, &f) {
		return err
	}
	switch f.Code {
	case "does_not_fit", "no_room", "off_label", "covered":
	default:
		return err
	}
	const most = 4
	var choose []any
	fits := func(set Settings, s sheet.Stock) bool {
		var dry Report
		p := &pen{c: ink.Blank{G: grid}, set: &set, stock: &s, report: &dry}
		p.label(u.subject, 0, 0, sheet.Adjust{})
		return u.draw(p) == nil && p.close() == nil
	}
	if !j.onPages() {
		for _, s := range sheet.Stocks() {
			if s.Kind == j.Stock.Kind && s.Name != j.Stock.Name && len(choose) < most && fits(j.Settings, s) {
				choose = append(choose, s.Name)
			}
		}
		if j.Symbol != symbol.QR {
			set := j.Settings
			set.Symbol = symbol.QR
			if fits(set, j.Stock) {
				choose = append(choose, say.Key("choose.qr"))
			}
		}
	}
	return f.With("choose", choose)
}

func quote(s string) string { return fmt.Sprintf("%.40q", s) }
