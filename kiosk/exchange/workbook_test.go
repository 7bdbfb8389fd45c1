package exchange

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// In a sheet no text is cut off by its neighbour: a row is as high as its longest text, a
// heading runs on over empty cells; and the header is on every page that is printed.
func TestTabsAreReadable(t *testing.T) {
	var b bytes.Buffer
	long := strings.Repeat("học sinh khác nhau đã mượn về nhà ", 5)
	err := WriteTabs(&b, t.TempDir(), []Tab{{Name: "Năm 'mẫu'", Header: []string{"Tên", "Cách tính", "Số"}, Widths: []float64{10, 40, 8}, Right: []bool{false, false, true},
		Rows: func(yield func(RowStyle, []Cell) error) error {
			for _, r := range []struct {
				style RowStyle
				cells []Cell
			}{{BoldRow, []Cell{long}}, {PlainRow, []Cell{"Ngắn", "Ngắn", 3}}, {PlainRow, []Cell{"Ngắn", long, 3}}, {BoldRow, []Cell{"Tổng cộng", nil, 6}}, {PlainRow, []Cell{strings.Repeat(long, 20)}}, {PlainRow, []Cell{"Ngắn", strings.Repeat(long, 20), 3}}} {
				if err := yield(r.style, r.cells); err != nil {
					return err
				}
			}
			return nil
		}}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetList()[0]
	high := func(row int) float64 {
		h, err := f.GetRowHeight(sheet, row)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	if high(2) != high(3) || high(3) != high(5) || high(4) < 4*high(3) {
		t.Errorf("the rows are %v, %v, %v and %v high", high(2), high(3), high(4), high(5))
	}
	if high(7) > excelize.MaxRowHeight {
		t.Errorf("a row is %v high", high(7))
	}
	align := func(cell string) excelize.Alignment {
		id, err := f.GetCellStyle(sheet, cell)
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.GetStyle(id)
		if err != nil || s.Alignment == nil {
			t.Fatalf("%s: %v, %+v", cell, err, s)
		}
		return *s.Alignment
	}
	for cell, wraps := range map[string]bool{"A2": false, "B3": true, "B4": true, "A5": false} {
		if align(cell).WrapText != wraps {
			t.Errorf("%s wraps: %v", cell, !wraps)
		}
	}
	if align("C1").Horizontal != "right" || align("B1").Horizontal != "left" {
		t.Errorf("the headings stand %s and %s", align("B1").Horizontal, align("C1").Horizontal)
	}
	names := f.GetDefinedName()
	if len(names) != 1 || names[0].Name != "_xlnm.Print_Titles" || names[0].RefersTo != "'Năm ''mẫu'!$1:$1" || names[0].Scope != sheet {
		t.Errorf("what is printed on each page: %+v", names)
	}
}

func TestLinesOfATextInAColumn(t *testing.T) {
	for text, want := range map[string]int{"": 1, "một hai": 1, "một hai ba bốn": 2, "một hai ba bốn năm sáu": 3, "mộthaibabốnnăm": 2} {
		if got := linesOf(text, 14); got != want {
			t.Errorf("%q has %d lines, want %d", text, got, want)
		}
	}
}
