package exchange

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

// value is one cell to write: a text (also a code), a number, a day, or a
// moment.
type value struct {
	text   string
	number int64
	day    kiosk.Day
	at     time.Time // in the school's zone
	kind   valueKind
}

type valueKind int

const (
	textValue valueKind = iota
	numberValue
	dayValue
	timeValue
)

func text(s string) value { return value{text: fold.NFC(s)} }

// number writes nothing for "not known", which zero is.
func number(n int64) value {
	if n == 0 {
		return value{}
	}
	return count(n)
}

// count writes zero too.
func count(n int64) value { return value{kind: numberValue, number: n} }

func day(d kiosk.Day) value {
	if d.IsZero() {
		return value{}
	}
	return value{kind: dayValue, day: d}
}

func moment(t time.Time, loc *time.Location) value {
	if t.IsZero() {
		return value{}
	}
	return value{kind: timeValue, at: t.In(loc)}
}

// csvText is a value in a .csv: days as YYYY-MM-DD, moments in UTC.
func (v value) csvText() string {
	switch v.kind {
	case numberValue:
		return strconv.FormatInt(v.number, 10)
	case dayValue:
		return v.day.String()
	case timeValue:
		return v.at.UTC().Format(time.RFC3339)
	}
	return defuse(v.text)
}

func writeCSV(w io.Writer, header []string, rows [][]value) error {
	b := bufio.NewWriter(w)
	if _, err := b.Write(bom); err != nil {
		return err
	}
	c := csv.NewWriter(b)
	if err := c.Write(header); err != nil {
		return err
	}
	rec := make([]string, len(header))
	for _, row := range rows {
		for i, v := range row {
			rec[i] = v.csvText()
		}
		if err := c.Write(rec); err != nil {
			return err
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return err
	}
	return b.Flush()
}

// writeWorkbook writes one sheet: a frozen header, codes as text, real dates.
// Whatever does not fit in memory goes into dir, beside the file itself.
func writeWorkbook(w io.Writer, dir, sheet string, header []string, rows [][]value) error {
	f := excelize.NewFile(excelize.Options{TmpDir: dir})
	defer f.Close()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	styles, err := newStyles(f)
	if err != nil {
		return err
	}
	sw, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, width := range widths(header, rows) {
		if err := sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	cells := make([]any, len(header))
	for i, h := range header {
		cells[i] = excelize.Cell{StyleID: styles.head, Value: h}
	}
	if err := sw.SetRow("A1", cells); err != nil {
		return err
	}
	for n, row := range rows {
		for i, v := range row {
			cells[i] = styles.cell(v)
		}
		if err := sw.SetRow("A"+strconv.Itoa(n+2), cells); err != nil {
			return fmt.Errorf("row %d: %w", n+2, err)
		}
	}
	if err := sw.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

type sheetStyles struct{ head, text, day, time, number int }

func newStyles(f *excelize.File) (s sheetStyles, err error) {
	dayFormat, timeFormat := "dd/mm/yyyy", "dd/mm/yyyy hh:mm:ss"
	for _, x := range []struct {
		to    *int
		style excelize.Style
	}{
		{&s.head, excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49}},
		{&s.text, excelize.Style{NumFmt: 49}}, // "@": digits stay as they are, also when edited
		{&s.day, excelize.Style{CustomNumFmt: &dayFormat}},
		{&s.time, excelize.Style{CustomNumFmt: &timeFormat}},
	} {
		if *x.to, err = f.NewStyle(&x.style); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s sheetStyles) cell(v value) any {
	switch v.kind {
	case numberValue:
		return v.number
	case dayValue:
		return excelize.Cell{StyleID: s.day, Value: v.day.At(0, 0, time.UTC)}
	case timeValue:
		// A spreadsheet knows no zones: the wall clock is what it shows.
		at := v.at
		wall := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
		return excelize.Cell{StyleID: s.time, Value: wall}
	}
	if v.text == "" {
		return nil
	}
	return excelize.Cell{StyleID: s.text, Value: defuse(v.text)}
}

// widths fit the header and the first rows.
func widths(header []string, rows [][]value) []float64 {
	out := make([]float64, len(header))
	for i, h := range header {
		out[i] = float64(utf8.RuneCountInString(h))
	}
	for _, row := range rows[:min(len(rows), 200)] {
		for i, v := range row {
			out[i] = max(out[i], float64(utf8.RuneCountInString(v.csvText())))
		}
	}
	for i := range out {
		out[i] = min(max(out[i]+2, 6), 50)
	}
	return out
}
