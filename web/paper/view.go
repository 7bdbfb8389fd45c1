package paper

import (
	"html/template"
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/register"
	"muontra/web/words"
)

// View is a sheet as a page shows it: of a book one page of one part, of a report
// everything.
type View struct {
	Title, Caption string
	Report, Single bool
	Parts          []PartView
	Tabs           []Tab // of a book with several parts
	Plots          []PlotView
	Signs          []string
	Page, Pages    int
	Faults         []string
	Superior       string
	School         string
	Before, After  []ParagraphView
	Which          []register.Choice // that may be shown in place of this one
	Of             kiosk.ID
	Pack           []PackView // of a pack: what may be in it
}

// ParagraphView is a paragraph between the tables.
type ParagraphView struct{ Text, Kind string }

// PackView is a sheet that may be in a pack.
type PackView struct {
	Name, Title string
	Here        bool
}

// Tab leads to another part.
type Tab struct {
	Name, Key string
	Here      bool
}

// PlotView is a plot.
type PlotView struct {
	Title   string
	Picture template.HTML
}

// PartView is a table.
type PartView struct {
	Title         string
	Groups, Heads []HeadView
	Rows          []RowView
	Sums          []RowView // of the page: carried in stands first among Rows
	Empty         string    // what is said in place of lines, "" when there are some
}

// HeadView is a heading; Span is over how many columns, Down over how many rows.
type HeadView struct {
	Text, Kind string
	Span, Down int
}

// RowView is a row; Head is a heading across it.
type RowView struct {
	Head  string
	Mark  string
	Cells []CellView
}

// CellView is a cell. Label is its heading again: on a phone a row is a card.
type CellView struct {
	Label, Text, Kind string
	Bad               bool
	Span              int
}

// Screen makes the view of a page of a part; page 0 or one past the end is the
// last. Of a report both are left aside.
func Screen(d Doc, part string, page int) (View, error) {
	v := View{Title: d.Title(), Caption: d.Caption(), Report: d.Sheet.Report, Single: d.Sheet.Single, Superior: d.Source.School.Superior, School: d.Source.School.Name}
	parts, err := d.parts()
	if err != nil {
		return v, err
	}
	for _, p := range parts {
		for _, f := range p.faults {
			v.Faults = append(v.Faults, d.FaultText(&p.Part, f))
		}
	}
	for _, x := range []struct {
		of func(*register.Source) ([]register.Paragraph, error)
		to *[]ParagraphView
	}{{d.Sheet.Before, &v.Before}, {d.Sheet.After, &v.After}} {
		prose, err := d.prose(x.of)
		if err != nil {
			return v, err
		}
		for _, p := range prose {
			*x.to = append(*x.to, ParagraphView{d.Text(p.Text, register.Text), string(p.Kind)})
		}
	}
	if d.Sheet.Pack {
		for _, name := range register.MayPack() {
			v.Pack = append(v.Pack, PackView{name, words.T(d.Lang, "reg."+name), slices.Contains(d.Source.Packed, name)})
		}
	}
	if d.Sheet.Which != nil {
		v.Of = d.Source.Of.ID
		if v.Which, err = d.Sheet.Which(d.Source.View); err != nil {
			return v, err
		}
	}
	if d.Sheet.Plots != nil {
		plots, err := d.Sheet.Plots(d.Source)
		if err != nil {
			return v, err
		}
		for _, p := range plots {
			v.Plots = append(v.Plots, PlotView{words.T(d.Lang, "reg.plot."+p.Key), Picture(d, p, 120, 50)})
		}
	}
	if d.Sheet.Report {
		for _, p := range parts {
			lines, pg, err := (&setter{Doc: d}).collect(p)
			if err != nil {
				return v, err
			}
			pg.Lines, pg.Last = lines, true
			v.Parts = append(v.Parts, d.view(p, pg))
		}
		return v, nil
	}
	at := parts[0]
	for _, p := range parts {
		if p.Key == part {
			at = p
		}
	}
	if len(parts) > 1 {
		for _, p := range parts {
			v.Tabs = append(v.Tabs, Tab{d.PartTitle(&p.Part), p.Key, p == at})
		}
	}
	var shown register.Page
	err = d.Source.Pages(d.Sheet, &at.Part, func(pg register.Page) error {
		if v.Pages == 0 || pg.Number == page || page <= 0 || pg.Number < page {
			shown = pg
		}
		v.Pages = pg.Number
		return nil
	})
	if err != nil {
		return v, err
	}
	v.Page = shown.Number
	v.Parts = []PartView{d.view(at, shown)}
	return v, nil
}

// view makes the table of a page.
func (d Doc) view(p *part, pg register.Page) PartView {
	cols := d.columns(&p.Part)
	v := PartView{Title: d.PartTitle(&p.Part)}
	if len(pg.Lines) == 0 {
		v.Empty = d.Nothing()
	}
	grouped := false
	for _, c := range cols {
		grouped = grouped || c.Group != ""
	}
	for i, c := range cols {
		if !grouped {
			v.Heads = append(v.Heads, HeadView{d.Label(c), string(c.Kind), 1, 1})
			continue
		}
		if c.Group == "" {
			v.Groups = append(v.Groups, HeadView{d.Label(c), string(c.Kind), 1, 2})
			continue
		}
		v.Heads = append(v.Heads, HeadView{d.Label(c), string(c.Kind), 1, 1})
		if i > 0 && cols[i-1].Group == c.Group {
			v.Groups[len(v.Groups)-1].Span++
		} else {
			v.Groups = append(v.Groups, HeadView{d.Group(c), "group", 1, 1})
		}
	}
	sums := hasSums(cols)
	if sums && !d.Sheet.Report && pg.Number > 1 {
		v.Rows = append(v.Rows, d.sumView(p, cols, "reg.carried_in", pg.Before, false))
	}
	for _, l := range pg.Lines {
		if l.Head != nil {
			v.Rows = append(v.Rows, RowView{Head: d.Text(l.Head, register.Text)})
			continue
		}
		r := RowView{Mark: string(l.Mark)}
		for i, t := range d.cells(&p.Part, l) {
			r.Cells = append(r.Cells, CellView{Label: d.full(cols[i]), Text: t, Kind: string(cols[i].Kind), Span: 1})
		}
		v.Rows = append(v.Rows, r)
	}
	if !sums || v.Empty != "" {
		return v
	}
	if !d.Sheet.Report && (pg.Number > 1 || !pg.Last) {
		v.Sums = append(v.Sums, d.sumView(p, cols, "reg.page_sum", pg.Here, false))
	}
	key := "reg.carried_out"
	if pg.Last {
		key = "reg.total"
	}
	v.Sums = append(v.Sums, d.sumView(p, cols, key, pg.After, pg.Last))
	return v
}

// full is a heading with what stands above it.
func (d Doc) full(c register.Column) string {
	if g := d.Group(c); g != "" {
		return g + ": " + d.Label(c)
	}
	return d.Label(c)
}

func (d Doc) sumView(p *part, cols []register.Column, key string, sums register.Sums, last bool) RowView {
	r := RowView{Mark: "sum"}
	name := CellView{Text: words.T(d.Lang, key), Kind: "text"}
	for i, t := range d.sumCells(cols, sums) {
		if !cols[i].Sum && len(r.Cells) == 0 {
			name.Span++
			continue
		}
		if len(r.Cells) == 0 && name.Span > 0 {
			r.Cells = append(r.Cells, name)
		}
		c := CellView{Label: d.full(cols[i]), Text: t, Kind: string(cols[i].Kind), Span: 1, Bad: last && cols[i].Sum && p.wrong(cols[i].Key)}
		if c.Bad {
			c.Text = "≠ " + words.Number(sums[cols[i].Key])
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}
