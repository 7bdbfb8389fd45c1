package exchange

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk"
)

func TestWriteList(t *testing.T) {
	rows := [][]Cell{
		{"00012345", "Truyện mẫu", 3, int64(25000), kiosk.MustDay("2026-11-24"), time.Date(2026, 11, 24, 9, 25, 0, 0, time.FixedZone("", 7*3600))},
		{"=1+1", "+1", 0, nil, kiosk.Day{}, time.Time{}},
		{"-2", "\tx", 1, nil, nil, nil},
		{"@SUM(A1)", "'đã có", 1, nil, nil, nil},
	}
	var b bytes.Buffer
	if err := WriteList(&b, "Quá hạn [3A]: tên dài hơn ba mươi mốt chữ cái", []string{"Mã", "Tên", "Số", "Giá", "Ngày", "Lúc"}, slices.Values(rows)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetList()[0]
	if strings.ContainsAny(sheet, "[]:") || len([]rune(sheet)) > 31 {
		t.Errorf("sheet %q", sheet)
	}
	for cell, want := range map[string]string{
		"A1": "Mã", "A2": "00012345", "C2": "3", "D2": "25000", "E2": "24/11/2026", "F2": "24/11/2026 09:25:00",
		"B3": "'+1", "A3": "'=1+1", "C3": "0", "E3": "", "F3": "", "A4": "'-2", "B4": "x", "A5": "'@SUM(A1)", "B5": "'đã có",
	} {
		if got, err := f.GetCellValue(sheet, cell); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", cell, got, want, err)
		}
		if formula, err := f.GetCellFormula(sheet, cell); err != nil || formula != "" {
			t.Errorf("%s is a formula: %q (%v)", cell, formula, err)
		}
	}
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "A3": excelize.CellTypeInlineString} {
		if got, err := f.GetCellType(sheet, cell); err != nil || got != want {
			t.Errorf("%s has type %v, want %v (%v)", cell, got, want, err)
		}
	}
	p, err := f.GetPanes(sheet)
	if err != nil || !p.Freeze || p.YSplit != 1 {
		t.Errorf("the header is not frozen: %+v (%v)", p, err)
	}
	if err := WriteList(&b, "x", []string{"a"}, slices.Values([][]Cell{{struct{}{}}})); err == nil {
		t.Error("a cell of anything was written")
	}
}

func BenchmarkWriteList(b *testing.B) {
	rows := func(yield func([]Cell) bool) {
		for i := range 10_000 {
			if !yield([]Cell{fmt.Sprintf("TN.%05d", i), "Truyện mẫu: Chú chó nhỏ và vầng trăng", i, kiosk.MustDay("2026-11-24")}) {
				return
			}
		}
	}
	for b.Loop() {
		if err := WriteList(&bytes.Buffer{}, "x", []string{"a", "b", "c", "d"}, rows); err != nil {
			b.Fatal(err)
		}
	}
}
