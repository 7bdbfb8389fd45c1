// Package paper sets the registers and reports of package register: as a PDF, as a
// workbook, and as what a page shows. It decides how a cell reads and where it
// stands; what is in it is the register's, and the words are package words'.
package paper

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/register"
	"muontra/web/words"
)

// Doc is a sheet that is to be set, in a language.
type Doc struct {
	Sheet  *register.Sheet
	Source *register.Source
	Lang   words.Lang
	Now    time.Time
	// Scratch is the folder for what does not fit in memory, "" for the system's.
	Scratch string
	// Step is told how many of a pack's sheets are done; nil for nobody.
	Step func(done, of int)
}

// Open prepares a sheet for setting. What was asked for and cannot be given is a
// *register.AskError; see [Trouble] for its words.
func Open(v kiosk.View, name string, a register.Ask, lang words.Lang, now time.Time) (Doc, error) {
	s := register.Find(name)
	if s == nil {
		return Doc{}, register.ErrNoSheet
	}
	src, err := register.Open(v, s, a, now)
	return Doc{Sheet: s, Source: src, Lang: lang, Now: now}, err
}

// Trouble says what is wrong with what was asked for, and what to do; "" for an
// error of another kind.
func Trouble(lang words.Lang, err error) string {
	if errors.Is(err, register.ErrNoSheet) {
		return words.T(lang, "reg.trouble.no_sheet")
	}
	var a *register.AskError
	if !errors.As(err, &a) {
		return ""
	}
	return words.T(lang, "reg.trouble."+string(a.Trouble), "from", words.Date(a.From), "to", words.Date(a.To), "class", a.Class, "of", a.Of, "first", a.Years[0], "second", a.Years[1])
}

// Title is the sheet's name, Caption what it is of: the time, the class.
func (d Doc) Title() string { return words.T(d.Lang, "reg."+d.Sheet.Name) }

// Caption says of which time and class the sheet is, "" for the whole book.
func (d Doc) Caption() string {
	s := d.Source
	var all []string
	switch {
	case d.Sheet.Which != nil:
		if s.Of.Name != "" && !d.Sheet.Official { // minutes say it in their own words
			all = append(all, s.Of.Name)
		}
	case d.Sheet.Period == register.NoPeriod:
		all = append(all, words.T(d.Lang, "reg.as_it_is", "day", d.date(s.Today)))
	case s.From.IsZero():
	case s.From == s.To:
		all = append(all, words.T(d.Lang, "reg.on_day", "day", d.date(s.From)))
	default:
		all = append(all, words.T(d.Lang, "reg.from_to", "from", d.date(s.From), "to", d.date(s.To)))
	}
	if s.Class != "" {
		all = append(all, words.T(d.Lang, "reg.class", "class", s.Class))
	}
	return strings.Join(all, " · ")
}

// Nothing says that a part has no lines.
func (d Doc) Nothing() string {
	switch {
	case d.Sheet.Report:
		return words.T(d.Lang, "reg.empty_part")
	case !d.Source.From.IsZero():
		return words.T(d.Lang, "reg.empty_time")
	}
	return words.T(d.Lang, "reg.empty")
}

// PartTitle is the name of a part, "" for the only one.
func (d Doc) PartTitle(p *register.Part) string {
	if p.Key == "" {
		return ""
	}
	return words.T(d.Lang, "reg."+d.Sheet.Name+"."+p.Key)
}

// Label is the heading of a column, Group what stands above it.
func (d Doc) Label(c register.Column) string {
	if c.Label != "" {
		return c.Label
	}
	return words.T(d.Lang, "reg.col."+c.Key)
}

// Group is what stands above a column and its neighbours, "" for nothing.
func (d Doc) Group(c register.Column) string {
	if c.Group == "" {
		return ""
	}
	return words.T(d.Lang, "reg.group."+c.Group)
}

// FaultText says in words which sum does not agree.
func (d Doc) FaultText(p *register.Part, f register.Fault) string {
	label := f.Column
	for _, c := range p.Columns {
		if c.Key == f.Column {
			label = d.Label(c)
			if g := d.Group(c); g != "" {
				label = g + ": " + label
			}
		}
	}
	if t := d.PartTitle(p); t != "" {
		label = t + ", " + label
	}
	if f.Line != "" {
		return words.T(d.Lang, "reg.fault_line", "line", d.Text(f.Name, register.Text), "says", words.Number(f.Says), "counted", words.Number(f.Counted))
	}
	return words.T(d.Lang, "reg.fault", "column", label, "says", words.Number(f.Says), "counted", words.Number(f.Counted))
}

var roman = [...]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}

// Roman is a day as library registers write it: 26.XI.2026.
func Roman(d kiosk.Day) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d.%s.%04d", d.Day, roman[d.Month], d.Year)
}

// date is a day as the sheet writes it: with a Roman month in the books.
func (d Doc) date(x kiosk.Day) string {
	if d.Sheet.Report {
		return words.Date(x)
	}
	return Roman(x)
}

// Text is a cell as people read it.
func (d Doc) Text(c any, kind register.Kind) string {
	switch c := c.(type) {
	case nil:
		return ""
	case string:
		return c
	case int:
		return d.Text(int64(c), kind)
	case int64:
		if c == 0 && kind != register.Text {
			return ""
		}
		return words.Number(c)
	case kiosk.Day:
		return d.date(c)
	case register.Figure:
		t := strconv.FormatFloat(float64(c), 'f', -1, 64)
		if d.Lang == words.VI {
			t = strings.Replace(t, ".", ",", 1)
		}
		return t
	case register.Tenths:
		point := "."
		if d.Lang == words.VI {
			point = ","
		}
		return fmt.Sprintf("%d%s%d", c/10, point, c%10)
	case register.Unit:
		return words.T(d.Lang, "target.unit."+string(c.Of), "n", d.Text(c.Figure, register.Code))
	case register.SubKind:
		if key := "sub." + string(c); words.Has(d.Lang, key) {
			return words.T(d.Lang, key)
		}
		return string(c)
	case register.Word:
		return words.T(d.Lang, c.Key, d.facts(c.Facts)...)
	case register.Words:
		var all []string
		for _, x := range c {
			if t := d.Text(x, register.Text); t != "" {
				all = append(all, t)
			}
		}
		return strings.Join(all, "; ")
	}
	return fmt.Sprint(c)
}

// cells are a line's texts by the columns; the number stands before them when the
// part is numbered.
func (d Doc) cells(p *register.Part, l register.Numbered) []string {
	var all []string
	if !p.NoNumbers {
		n := ""
		if l.Number > 0 {
			n = strconv.Itoa(l.Number)
		}
		all = append(all, n)
	}
	for i, c := range p.Columns {
		var v any
		if i < len(l.Cells) {
			v = l.Cells[i]
		}
		text := d.Text(v, c.Kind)
		if n, whole := v.(int); c.Zero && whole && n == 0 {
			text = words.Number(0)
		}
		all = append(all, text)
	}
	return all
}

// columns are a part's columns with that of the running number.
func (d Doc) columns(p *register.Part) []register.Column {
	if p.NoNumbers {
		return p.Columns
	}
	return append([]register.Column{{Key: "number", Kind: register.Number, Width: 11}}, p.Columns...)
}

// sumCells are the texts of a row of sums: its name in the first columns, as far as
// they have no sum.
func (d Doc) sumCells(cols []register.Column, sums register.Sums) []string {
	all := make([]string, len(cols))
	for i, c := range cols {
		if c.Sum && !unknown(c, sums) {
			all[i] = words.Number(sums[c.Key])
		}
	}
	return all
}

// unknown reports whether a sum is of prices of which none is known: it is empty, as
// they are, and not nothing.
func unknown(c register.Column, sums register.Sums) bool {
	return c.Kind == register.Money && sums[c.Key] == 0
}

func hasSums(cols []register.Column) bool {
	for _, c := range cols {
		if c.Sum {
			return true
		}
	}
	return false
}

// part is a part with the sums that do not agree.
type part struct {
	register.Part
	faults []register.Fault
}

// parts are the sheet's parts, each with its faults.
func (d Doc) parts() ([]*part, error) {
	ps, err := d.Sheet.Parts(d.Source)
	if err != nil {
		return nil, err
	}
	var all []*part
	for _, p := range ps {
		x := &part{Part: p}
		if x.faults, err = d.Source.Faults(&x.Part); err != nil {
			return nil, err
		}
		x.markLines()
		if p.Optional && len(x.faults) == 0 {
			_, lines, err := d.Source.Totals(&x.Part)
			if err != nil {
				return nil, err
			}
			if lines == 0 {
				continue
			}
		}
		all = append(all, x)
	}
	return all, nil
}

// markLines shows the lines in red that do not agree with their own second count; what
// stands there is a text then, which nobody adds up further.
func (p *part) markLines() {
	of := map[string]register.Fault{}
	for _, f := range p.faults {
		if f.Line != "" {
			of[f.Line] = f
		}
	}
	if len(of) == 0 {
		return
	}
	lines := p.Lines
	p.Lines = func(yield func(register.Line) error) error {
		return lines(func(l register.Line) error {
			if f, wrong := of[l.Key]; wrong {
				l.Mark, l.Cells = register.Back, slices.Clone(l.Cells)
				for i, c := range p.Columns {
					if c.Key == f.Column {
						l.Cells[i] = "≠ " + words.Number(f.Says)
					}
				}
			}
			return yield(l)
		})
	}
}

// wrong reports whether a column's sum does not agree.
func (p *part) wrong(key string) bool {
	for _, f := range p.faults {
		if f.Column == key && f.Line == "" {
			return true
		}
	}
	return false
}

// whole reports whether every line is shown, so that the sums of all are the sums of
// what is seen: of a book that runs over the years a time may be asked for, and
// its sums go on from before.
func (d Doc) whole() bool {
	return d.Source.From.IsZero() || d.Sheet.Period != register.AllTime
}
