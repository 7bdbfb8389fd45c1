package labels

import (
	"image"
	"slices"
	"time"

	"muontra/kiosk"
	"muontra/labels/say"
	"muontra/labels/sheet"
	"muontra/labels/symbol"
)

// Layout is what is printed.
type Layout string

// The layouts.
const (
	CopyLabel   Layout = "copy"        // school, title, barcode, accession number; of Items
	SpineLabel  Layout = "spine"       // level, sign, call number, accession number; of Items
	BothLabel   Layout = "both"        // spine and copy label in one; of Items
	ShelfLabel  Layout = "shelf"       // of Places
	PlaceLabel  Layout = "place"       // for a class corner's box, a trolley, a case; of Places
	PatronCard  Layout = "card"        // of Members
	ClassSheet  Layout = "class-sheet" // all barcodes of a class on a page; of Members
	Commands    Layout = "commands"    // the command barcodes with pictures; a page
	Colours     Layout = "colours"     // the key to the reading levels' colours; a page
	Calibration Layout = "calibration" // rulers and outlines of the stock; a page, or one row of a roll
	TestLabel   Layout = "test"        // one label that shows whether a printer works
)

// Layouts lists all layouts.
var Layouts = []Layout{CopyLabel, SpineLabel, BothLabel, ShelfLabel, PlaceLabel, PatronCard, ClassSheet, Commands, Colours, Calibration, TestLabel}

// page says whether the layout fills a page rather than a label.
func (l Layout) page() bool {
	return l == ClassSheet || l == Commands || l == Colours
}

// Format is how the output is written.
type Format string

// The formats. PNG is a preview of one page in true proportions.
const (
	PDF  Format = "pdf"
	ZPL  Format = "zpl"
	TSPL Format = "tspl"
	EPL  Format = "epl"
	PNG  Format = "png"
)

// Formats lists all formats.
var Formats = []Format{PDF, ZPL, TSPL, EPL, PNG}

func (f Format) thermal() bool { return f == ZPL || f == TSPL || f == EPL }

// Job is one order to print. Of Items, Members and Places the layout takes
// the one it is about; their order is the order of the labels.
type Job struct {
	Settings
	Layout Layout
	Stock  sheet.Stock
	Format Format

	Items   []kiosk.Item
	Members []kiosk.Member
	Places  []kiosk.Place

	Skip   int          // labels of the first sheet that are used up
	Adjust sheet.Adjust // of the printer
	DPI    int          // of a label printer or a preview: 203, 300, 600; 0 is the stock's (a preview: 203)
	Page   int          // which page a PNG shows, from 1; 0 is the first

	// Outline draws the labels' edges in grey, for a preview on the screen.
	Outline bool
	// When is the date of a PDF; the zero time is one fixed day.
	When time.Time
	// Photo finds a patron's picture; nil, or a nil picture, prints none.
	Photo func(kiosk.Member) (image.Image, error)
	// Progress is told after each label how many of how many are done.
	Progress func(done, total int)

	unverified bool // for the benchmark that tells what verifying costs
}

// Report is what came of a job.
type Report struct {
	Labels      int // printed; of a page layout: pages
	Pages       int // sheets, or rows of a roll
	Verified    int // barcodes that were read back from the drawing
	Cut         int // labels with a text that was too long and ends with "…"
	Substituted []Substituted
}

// Substituted is a text in which something could not be drawn.
type Substituted struct {
	Subject string // the barcode or accession number of the label
	Text    string
	Runes   []rune // what was replaced by "?" or left out
}

// maxSubstituted bounds the list: a librarian reads the first ones.
const maxSubstituted = 1000

func (r *Report) substituted(subject, text string, lost []rune) {
	if len(r.Substituted) >= maxSubstituted {
		return
	}
	for i := len(r.Substituted) - 1; i >= 0 && r.Substituted[i].Subject == subject; i-- {
		if r.Substituted[i].Text == text {
			return
		}
	}
	r.Substituted = append(r.Substituted, Substituted{subject, text, lost})
}

// check finds what makes the job impossible before anything is drawn.
func (j *Job) check() error {
	if !slices.Contains(Layouts, j.Layout) {
		return say.New("unknown_layout", "layout", quote(string(j.Layout)), "choose", names(Layouts))
	}
	if !slices.Contains(Formats, j.Format) {
		return say.New("unknown_format", "format", quote(string(j.Format)), "choose", names(Formats))
	}
	if err := j.Settings.Check(); err != nil {
		return err
	}
	if err := j.Stock.Check(); err != nil {
		return err
	}
	if j.Format.thermal() {
		if j.Stock.Kind != sheet.Roll {
			return say.New("thermal_sheet", "format", string(j.Format), "stock", j.Stock.Name)
		}
		if x, y := j.Adjust.Scales(); x != 1 || y != 1 {
			return say.New("scale_thermal")
		}
	}
	if j.Layout.page() && j.Stock.Kind == sheet.Roll {
		return say.New("needs_page", "layout", string(j.Layout), "stock", j.Stock.Name)
	}
	if err := j.Adjust.Check(j.Stock); err != nil {
		return err
	}
	if n := j.Stock.Per(); !j.onPages() && (j.Skip < 0 || j.Skip >= n) {
		return say.New("skip", "skip", j.Skip, "stock", j.Stock.Name, "count", n, "most", n-1)
	}
	return nil
}

// onPages says whether the job's units are whole pages.
func (j *Job) onPages() bool {
	return j.Layout.page() || j.Layout == Calibration && j.Stock.Kind != sheet.Roll
}

// grid is the dots of the job's output.
func (j *Job) grid() (symbol.Grid, error) {
	dpi := j.DPI
	switch {
	case j.Format == PDF:
		return symbol.Vector, nil
	case dpi == 0 && j.Format == PNG:
		dpi = 203
	case dpi == 0:
		dpi = j.Stock.DPI
	}
	return symbol.GridOf(dpi)
}

func names[T ~string](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}
