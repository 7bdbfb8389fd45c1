// Package sheet knows the papers that labels come on: where on an A4 sheet or
// a roll each label lies, and how a particular printer moves and stretches
// what is sent to it. All lengths are millimetres.
package sheet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"

	"muontra/labels/say"
)

// Kind is how a paper is fed.
type Kind string

// The kinds of paper.
const (
	Sheet Kind = "sheet" // a page of labels to peel off
	Roll  Kind = "roll"  // a label printer's roll; a "page" is one row of labels
	Card  Kind = "card"  // a page of card paper, cut along printed lines
	Page  Kind = "page"  // a plain page
)

// Stock is one kind of label paper. A librarian edits it as JSON and compares
// it with the sheet in her hand; all fields but the name are measured with a
// ruler.
type Stock struct {
	Name    string  `json:"name"`
	Text    string  `json:"text,omitempty"` // one line for people; the built-in stocks have theirs in both languages
	Kind    Kind    `json:"kind"`
	PageW   float64 `json:"page_width"`
	PageH   float64 `json:"page_height"` // of a roll: of one label
	Left    float64 `json:"margin_left"` // of the first label
	Top     float64 `json:"margin_top"`
	PitchX  float64 `json:"pitch_x"` // from one label's left edge to the next one's
	PitchY  float64 `json:"pitch_y"` // of a roll: label and gap
	Columns int     `json:"columns"`
	Rows    int     `json:"rows"`
	LabelW  float64 `json:"label_width"`
	LabelH  float64 `json:"label_height"`
	Radius  float64 `json:"corner_radius"`
	Edge    float64 `json:"edge"` // strip along the page's edges that the printer cannot print
	DPI     int     `json:"dpi"`  // of the printers that take it, unless a printer says otherwise
}

// Per is how many labels a sheet, or a row of a roll, holds.
func (s Stock) Per() int { return s.Columns * s.Rows }

// Describe is the stock in one line.
func (s Stock) Describe(lang string) string {
	if s.Text != "" {
		return s.Text
	}
	return say.Word(lang, "stock."+s.Name)
}

// At is the top left corner of label i of a page, from 0, row by row.
func (s Stock) At(i int) (x, y float64) {
	return s.Left + float64(i%s.Columns)*s.PitchX, s.Top + float64(i/s.Columns)*s.PitchY
}

// Inset is how far from each edge of a label printing must stay, because on
// some label of the page that strip lies where the printer cannot print. It
// is the same for all labels, so that they look alike.
func (s Stock) Inset() (left, top, right, bottom float64) {
	xn, yn := s.At(s.Per() - 1)
	return max(0, s.Edge-s.Left), max(0, s.Edge-s.Top),
		max(0, xn+s.LabelW-(s.PageW-s.Edge)), max(0, yn+s.LabelH-(s.PageH-s.Edge))
}

var nameOK = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,31}$`)

// least and most bound every length: nothing that is printed here is smaller
// or larger, and a wrong unit (inches, dots) shows at once.
const (
	leastLabel = 8.0
	mostPage   = 500.0
	mostCount  = 50 // columns or rows
	slack      = 0.05
)

// Check finds what cannot be true of a stock: stock_value for a field on its
// own, stock_page when the labels reach over the page's edge, stock_overlap
// when they lie on each other.
func (s Stock) Check() error {
	bad := func(field string, v any) error {
		return say.New("stock_value", "stock", s.Name, "field", field, "value", v)
	}
	if !nameOK.MatchString(s.Name) {
		return bad("name", fmt.Sprintf("%.40q", s.Name))
	}
	switch s.Kind {
	case Sheet, Roll, Card, Page:
	default:
		return bad("kind", fmt.Sprintf("%.40q", string(s.Kind)))
	}
	for _, f := range []struct {
		name       string
		v          float64
		from, upto float64
	}{
		{"page_width", s.PageW, leastLabel, mostPage},
		{"page_height", s.PageH, leastLabel, mostPage},
		{"margin_left", s.Left, 0, mostPage},
		{"margin_top", s.Top, 0, mostPage},
		{"label_width", s.LabelW, leastLabel, mostPage},
		{"label_height", s.LabelH, leastLabel, mostPage},
		{"pitch_x", s.PitchX, 0, mostPage},
		{"pitch_y", s.PitchY, 0, mostPage},
		{"corner_radius", s.Radius, 0, min(s.LabelW, s.LabelH) / 2},
		{"edge", s.Edge, 0, 20},
	} {
		if math.IsNaN(f.v) || f.v < f.from || f.v > f.upto {
			return bad(f.name, f.v)
		}
	}
	if s.Columns < 1 || s.Columns > mostCount {
		return bad("columns", s.Columns)
	}
	if s.Rows < 1 || s.Rows > mostCount || s.Kind == Roll && s.Rows != 1 {
		return bad("rows", s.Rows)
	}
	if s.DPI != 203 && s.DPI != 300 && s.DPI != 600 {
		return bad("dpi", s.DPI)
	}
	if s.Columns > 1 && s.PitchX < s.LabelW-slack {
		return say.New("stock_overlap", "stock", s.Name, "over", s.LabelW-s.PitchX, "field", "pitch_x", "pitch", s.PitchX, "size", s.LabelW)
	}
	if (s.Rows > 1 || s.Kind == Roll) && s.PitchY < s.LabelH-slack {
		return say.New("stock_overlap", "stock", s.Name, "over", s.LabelH-s.PitchY, "field", "pitch_y", "pitch", s.PitchY, "size", s.LabelH)
	}
	x, y := s.At(s.Per() - 1)
	if over := x + s.LabelW - s.PageW; over > slack {
		return say.New("stock_page", "stock", s.Name, "over", over, "edge", say.Key("edge.right"), "page", s.PageW)
	}
	if over := y + s.LabelH - s.PageH; over > slack {
		return say.New("stock_page", "stock", s.Name, "over", over, "edge", say.Key("edge.bottom"), "page", s.PageH)
	}
	return nil
}

// Read reads stocks of one's own from JSON: a list of objects with the fields
// of [Stock]. Unknown fields, and stocks that fail Check, are faults.
func Read(b []byte) ([]Stock, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var list []Stock
	if err := d.Decode(&list); err != nil {
		return nil, say.New("stock_json", "why", err.Error())
	}
	seen := map[string]bool{}
	for _, s := range list {
		if err := s.Check(); err != nil {
			return nil, err
		}
		if seen[s.Name] {
			return nil, say.New("stock_value", "stock", s.Name, "field", "name", "value", "twice the same")
		}
		seen[s.Name] = true
	}
	return list, nil
}

// Find looks a stock up by name, first among own and then among the built-in
// ones. It returns the fault unknown_stock with the names that there are.
func Find(name string, own ...Stock) (Stock, error) {
	all := append(append([]Stock(nil), own...), Stocks()...)
	names := make([]any, len(all))
	for i, s := range all {
		if s.Name == name {
			return s, nil
		}
		names[i] = s.Name
	}
	return Stock{}, say.New("unknown_stock", "stock", fmt.Sprintf("%.40q", strings.TrimSpace(name)), "choose", names)
}
