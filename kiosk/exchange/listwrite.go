package exchange

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"muontra/kiosk"
)

// Cell is a cell of a list that is not one of the exchange's own subjects: a
// string, which stays a text whatever it looks like, an int or int64, a
// kiosk.Day, or a time.Time, of which the wall clock is shown. Nil, and a zero
// day or time, leave the cell empty.
type Cell any

// WriteList writes a list as an .xlsx workbook of one sheet: a frozen header,
// texts and codes as text, real dates. A text that a spreadsheet program could
// take for a formula gets an apostrophe before it.
func WriteList(w io.Writer, sheet string, header []string, rows iter.Seq[[]Cell]) error {
	var all [][]value
	for row := range rows {
		cells := make([]value, len(header))
		for i, c := range row {
			v, err := valueOf(c)
			if err != nil {
				return fmt.Errorf("row %d, column %d: %w", len(all)+1, i+1, err)
			}
			cells[i] = v
		}
		all = append(all, cells)
	}
	return writeWorkbook(w, "", sheetName(sheet), header, all)
}

func valueOf(c Cell) (value, error) {
	switch c := c.(type) {
	case nil:
		return value{}, nil
	case string:
		return text(c), nil
	case int:
		return count(int64(c)), nil
	case int64:
		return count(c), nil
	case kiosk.Day:
		return day(c), nil
	case time.Time:
		return moment(c, c.Location()), nil
	}
	return value{}, fmt.Errorf("no cell can be made of a %T", c)
}

// maxSheetName is the longest name that a workbook allows, in letters.
const maxSheetName = 31

// sheetName leaves out of a name what a workbook does not allow.
func sheetName(s string) string {
	s = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, s), " '")
	if r := []rune(s); len(r) > maxSheetName {
		s = strings.TrimRight(string(r[:maxSheetName]), " '")
	}
	if s == "" {
		return "1"
	}
	return s
}
