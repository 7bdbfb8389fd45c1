package exchange

import "strings"

// A grid is one sheet, given row by row so that nothing is kept but what is
// asked for.
type grid struct {
	name   string // "" for a .csv
	merges []span
	// next returns the next row and its number as the sheet shows it; ok is
	// false after the last. The cells are the caller's.
	next func() (row []cell, number int, ok bool, err error)
}

// cell is a cell as a person sees it, and, where a spreadsheet keeps something
// else behind it, that: a date's serial number, all digits of a long number.
type cell struct {
	text string
	raw  string // "" when it is the same
}

// blank reports whether there is nothing in the cell.
func (c cell) blank() bool { return c.text == "" && c.raw == "" }

// span is a merged range; rows count from 1, columns from 0, ends included.
type span struct {
	top, left, bottom, right int
}

// maxCell is the longest text of a cell that is kept, in bytes. Longer ones
// are cut there and found too long by the row's own checks.
const maxCell = 4096

func makeCell(text, raw string) cell {
	text, raw = clean(text), clean(raw)
	if raw == text {
		raw = ""
	}
	return cell{text: undefuse(text), raw: raw}
}

// clean trims a cell and takes the errors of formulas for nothing.
func clean(s string) string {
	if len(s) > maxCell {
		s = strings.ToValidUTF8(s[:maxCell], "")
	}
	s = strings.TrimSpace(s)
	switch s {
	case "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!":
		return ""
	}
	return s
}

func blankRow(row []cell) bool {
	for _, c := range row {
		if !c.blank() {
			return false
		}
	}
	return true
}
