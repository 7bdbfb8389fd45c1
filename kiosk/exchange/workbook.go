package exchange

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Tab is one sheet of a workbook of several. Its rows are written as they are
// yielded: none of them is kept. A text that is too long for its column goes on below in
// its cell; one that is alone in its row, a heading, goes on over the empty cells.
type Tab struct {
	Name   string
	Header []string
	Widths []float64 // of the columns, in letters
	Right  []bool    // which columns hold numbers: their headings stand to the right as they do; nil for none
	Rows   func(yield func(RowStyle, []Cell) error) error
}

// RowStyle is how a row is shown.
type RowStyle int

// The styles.
const (
	PlainRow RowStyle = iota
	BoldRow           // a heading or a sum
	RedRow            // what takes something back, or is wrong
)

// WriteTabs writes a workbook: in each sheet a frozen header, texts and codes as
// text, real dates, as [WriteList] does. What is more than some megabytes of a sheet
// goes into a file in dir meanwhile, "" for the system's folder.
func WriteTabs(w io.Writer, dir string, tabs []Tab) error {
	f := excelize.NewFile(excelize.Options{TmpDir: dir})
	defer f.Close()
	styles, err := newRowStyles(f)
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for i, t := range tabs {
		name := sheetName(t.Name)
		for n := 2; used[name]; n++ {
			name = sheetName(strconv.Itoa(n) + " " + t.Name)
		}
		used[name] = true
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err != nil {
			return err
		}
		if err := writeTab(f, name, t, styles); err != nil {
			return fmt.Errorf("sheet %s: %w", name, err)
		}
	}
	return f.Write(w)
}

// The font of a new workbook, which a style that names none does not get.
const (
	sheetFont = "Calibri"
	sheetSize = 11.0
)

// tabStyles are the styles of a row of a tab.
type tabStyles struct {
	sheetStyles
	headRight int // above numbers
	alone     int // a text that has its row for itself
}

// newRowStyles are the styles of cells, by the row's.
func newRowStyles(f *excelize.File) (all [3]tabStyles, err error) {
	dayFormat, timeFormat, number := "dd/mm/yyyy", "dd/mm/yyyy hh:mm:ss", "#,##0"
	bold := &excelize.Font{Bold: true, Family: sheetFont, Size: sheetSize}
	for i, font := range []*excelize.Font{nil, bold, {Color: "B40000", Family: sheetFont, Size: sheetSize}} {
		s := &all[i]
		for _, x := range []struct {
			to    *int
			style excelize.Style
		}{
			{&s.head, excelize.Style{Font: bold, NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Horizontal: "left", Indent: 1, Vertical: "center"}}},
			{&s.headRight, excelize.Style{Font: bold, NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Horizontal: "right", Vertical: "center"}}},
			// A text keeps off the number on its left, which ends at the same line.
			{&s.text, excelize.Style{Font: font, NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Horizontal: "left", Indent: 1, Vertical: "center"}}},
			{&s.alone, excelize.Style{Font: font, NumFmt: 49, Alignment: &excelize.Alignment{Horizontal: "left", Indent: 1, Vertical: "center"}}},
			{&s.day, excelize.Style{Font: font, CustomNumFmt: &dayFormat, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center"}}},
			{&s.time, excelize.Style{Font: font, CustomNumFmt: &timeFormat, Alignment: &excelize.Alignment{Vertical: "center"}}},
			{&s.number, excelize.Style{Font: font, CustomNumFmt: &number, Alignment: &excelize.Alignment{Vertical: "center"}}},
		} {
			if *x.to, err = f.NewStyle(&x.style); err != nil {
				return all, err
			}
		}
	}
	return all, nil
}

// A4 paper, as the format numbers it; the header's height has room for four lines,
// which some programs do not make by themselves.
const (
	paperA4    = 9
	headHeight = 64.0
	headLines  = 4
)

// onPaper has a sheet printed across one page's width, the header on each page.
func onPaper(f *excelize.File, name string) error {
	landscape, a4, wide, high, fit := "landscape", paperA4, 1, 0, true
	if err := f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + strings.ReplaceAll(name, "'", "''") + "'!$1:$1", Scope: name}); err != nil {
		return err
	}
	return f.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &wide, FitToHeight: &high})
}

// headWidth is how wide a column must be, in letters, for its heading to fit the header's
// lines with no word broken.
func headWidth(text string) float64 {
	longest := 0
	for _, word := range strings.Fields(text) {
		longest = max(longest, utf8.RuneCountInString(word))
	}
	return 1.2*max(float64(longest), float64(utf8.RuneCountInString(text))/(headLines-1)) + 1
}

// lineHeight is the height of a line of text in points.
const lineHeight = 15.0

// linesOf is how many lines a text has in a column of so many letters, rather too many
// than too few: programs have other fonts, and not all make a row as high as its text.
func linesOf(text string, width float64) int {
	const wide, indent = 1.12, 2.0
	room := max(1, (width-indent)/wide)
	if float64(len(text)) <= room { // bytes are no fewer than letters
		return 1
	}
	lines, at := 1, 0.0
	for _, word := range strings.Fields(text) {
		w := float64(utf8.RuneCountInString(word))
		switch {
		case at > 0 && at+1+w > room:
			lines++
			at = w
		case at > 0:
			at += 1 + w
		default:
			at = w
		}
		for ; at > room; at -= room { // a word that is broken
			lines++
		}
	}
	return lines
}

func writeTab(f *excelize.File, name string, t Tab, styles [3]tabStyles) error {
	if err := onPaper(f, name); err != nil {
		return err
	}
	sw, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	widths := make([]float64, len(t.Header))
	for i, width := range t.Widths {
		widths[i] = max(width, headWidth(t.Header[i]))
		if err := sw.SetColWidth(i+1, i+1, widths[i]); err != nil {
			return err
		}
	}
	cells := make([]any, len(t.Header))
	for i, h := range t.Header {
		style := styles[0].head
		if i < len(t.Right) && t.Right[i] {
			style = styles[0].headRight
		}
		cells[i] = excelize.Cell{StyleID: style, Value: h}
	}
	if err := sw.SetRow("A1", cells, excelize.RowOpts{Height: headHeight}); err != nil {
		return err
	}
	n := 1
	err = t.Rows(func(style RowStyle, row []Cell) error {
		n++
		clear(cells)
		high := 1
		for i := range cells {
			if i >= len(row) {
				break
			}
			v, err := valueOf(row[i])
			if err != nil {
				return fmt.Errorf("row %d, column %d: %w", n, i+1, err)
			}
			cells[i] = styles[style].cell(v)
			if v.kind == numberValue {
				cells[i] = excelize.Cell{StyleID: styles[style].number, Value: v.number}
			}
			if c, is := cells[i].(excelize.Cell); is && c.StyleID == styles[style].text {
				if alone := i+1 < len(cells) && (i+1 >= len(row) || row[i+1] == nil); alone && (len(row) == 1 || style == BoldRow) {
					c.StyleID = styles[style].alone
					cells[i] = c
				} else {
					high = max(high, linesOf(v.text, widths[i]))
				}
			}
		}
		var o []excelize.RowOpts
		if high > 1 {
			o = append(o, excelize.RowOpts{Height: min(lineHeight*float64(high), excelize.MaxRowHeight)})
		}
		return sw.SetRow("A"+strconv.Itoa(n), cells, o...)
	})
	if err != nil {
		return err
	}
	return sw.Flush()
}
