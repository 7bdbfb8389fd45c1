package paper

import (
	"io"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/kiosk/register"
	"muontra/web/words"
)

// Workbook writes the sheet as an .xlsx, a sheet a part. Of each no more than some
// megabytes are held; the rest goes to Scratch until the file is written.
func Workbook(w io.Writer, d Doc) error {
	tabs, err := d.tabs()
	if err != nil {
		return err
	}
	if d.Sheet.Pack {
		more, err := d.packTabs()
		if err != nil {
			return err
		}
		tabs = append(tabs, more...)
	}
	return exchange.WriteTabs(w, d.Scratch, tabs)
}

// tabs are the sheets of the workbook.
func (d Doc) tabs() ([]exchange.Tab, error) {
	parts, err := d.parts()
	if err != nil {
		return nil, err
	}
	tabs, err := d.proseTab()
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		name := d.PartTitle(&p.Part)
		if name == "" {
			name = d.Title()
		}
		cols := d.columns(&p.Part)
		t := exchange.Tab{Name: name}
		for i, c := range cols {
			label := d.Label(c)
			if g := d.Group(c); g != "" {
				label = g + ": " + label
			}
			t.Header = append(t.Header, label)
			width := max(7, c.Width*0.62)
			if i == 0 && !c.Sum && len(cols) > 1 && cols[1].Sum { // else the word runs on over empty cells
				width = max(width, totalWidth)
			}
			t.Widths = append(t.Widths, width)
			t.Right = append(t.Right, c.Kind == register.Number || c.Kind == register.Money)
		}
		t.Rows = func(yield func(exchange.RowStyle, []exchange.Cell) error) error { return d.rows(p, cols, yield) }
		tabs = append(tabs, t)
	}
	return tabs, nil
}

// totalWidth is the room, in letters, for the word before the sums.
const totalWidth = 14.0

// proseTab is what a paper says around its tables, on a sheet of its own; none for a
// paper without prose.
func (d Doc) proseTab() ([]exchange.Tab, error) {
	before, err := d.prose(d.Sheet.Before)
	if err != nil {
		return nil, err
	}
	after, err := d.prose(d.Sheet.After)
	if err != nil || len(before)+len(after) == 0 {
		return nil, err
	}
	return []exchange.Tab{{Name: words.T(d.Lang, "reg.prose"), Header: []string{d.Title()}, Widths: []float64{110},
		Rows: func(yield func(exchange.RowStyle, []exchange.Cell) error) error {
			for _, p := range append(before, after...) {
				style := exchange.PlainRow
				if p.Kind == register.Headline {
					style = exchange.BoldRow
				}
				if err := yield(style, []exchange.Cell{d.Text(p.Text, register.Text)}); err != nil {
					return err
				}
			}
			return nil
		}}}, nil
}

func (d Doc) rows(p *part, cols []register.Column, yield func(exchange.RowStyle, []exchange.Cell) error) error {
	var after register.Sums
	whole, lines := true, 0
	err := d.Source.Pages(d.Sheet, &p.Part, func(pg register.Page) error {
		after, whole = pg.After, pg.Last
		for _, l := range pg.Lines {
			if l.Head == nil && len(l.Cells) == 0 || l.Head == nil && !d.Source.In(l.Day) && !d.Sheet.Report {
				continue
			}
			lines++
			if l.Head != nil {
				if err := yield(exchange.BoldRow, []exchange.Cell{d.Text(l.Head, register.Text)}); err != nil {
					return err
				}
				continue
			}
			style := exchange.PlainRow
			switch l.Mark {
			case register.Bold:
				style = exchange.BoldRow
			case register.Back:
				style = exchange.RedRow
			}
			if err := yield(style, d.sheetCells(p, l)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if lines == 0 {
		if err := yield(exchange.PlainRow, []exchange.Cell{d.Nothing()}); err != nil {
			return err
		}
	}
	if lines > 0 && whole && d.whole() && hasSums(cols) {
		row := make([]exchange.Cell, len(cols))
		named := false
		for i, c := range cols {
			switch {
			case c.Sum && p.wrong(c.Key):
				row[i] = "≠ " + words.Number(after[c.Key]) // no number that anybody adds up further
			case c.Sum && !unknown(c, after):
				row[i] = after[c.Key]
			case c.Sum:
			case !named:
				row[i], named = words.T(d.Lang, "reg.total"), true
			}
		}
		if err := yield(exchange.BoldRow, row); err != nil {
			return err
		}
	}
	for _, f := range p.faults {
		if err := yield(exchange.RedRow, []exchange.Cell{d.FaultText(&p.Part, f)}); err != nil {
			return err
		}
	}
	return nil
}

// sheetCells are a line's cells as a workbook holds them: days as days, numbers as
// numbers, all else as text.
func (d Doc) sheetCells(p *part, l register.Numbered) []exchange.Cell {
	var row []exchange.Cell
	if !p.NoNumbers {
		var n exchange.Cell
		if l.Number > 0 {
			n = l.Number
		}
		row = append(row, n)
	}
	for i, c := range p.Columns {
		var v any
		if i < len(l.Cells) {
			v = l.Cells[i]
		}
		switch v := v.(type) {
		case nil:
			row = append(row, nil)
		case kiosk.Day:
			row = append(row, v)
		case int:
			row = append(row, int64(v))
		case int64:
			if v == 0 && c.Kind == register.Money {
				row = append(row, nil) // not known
				continue
			}
			row = append(row, v)
		default:
			row = append(row, d.Text(v, c.Kind))
		}
	}
	return row
}
