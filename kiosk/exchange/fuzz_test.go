package exchange_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk/exchange"
	"muontra/kiosk/exchange/marc"
)

// FuzzWorkbook: whatever calls itself a workbook is read, or refused with a
// reason; it neither falls nor fills the memory.
func FuzzWorkbook(f *testing.F) {
	x := excelize.NewFile()
	row(x, "Sheet1", 1, "Họ và tên", "Lớp", "Số thẻ")
	row(x, "Sheet1", 2, "Mẫu Văn An", "1A", "H1")
	f.Add(rendered(x), uint8(0))
	f.Add([]byte("PK\x03\x04"), uint8(1))
	f.Add([]byte{}, uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, subject uint8) {
		if len(data) > 32<<10 {
			return
		}
		s := exchange.Subjects[int(subject)%len(exchange.Subjects)]
		table, err := exchange.Read(s, "x.xlsx", data)
		if err != nil || len(table.Rows) > 3 {
			return
		}
		apply(t, memory(t), table)
	})
}

// FuzzMARC: records of other programs are read or refused, and what was read is
// read again as it was written.
func FuzzMARC(f *testing.F) {
	for _, name := range []string{"*.mrc", "*.xml"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "imports", name))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			if len(b) < 16<<10 {
				f.Add(b)
			}
		}
	}
	f.Add([]byte("00026     2200025   4500\x1e\x1d"))
	f.Add([]byte(`<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a2200000 i 4500</leader></record></collection>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 16<<10 {
			return
		}
		records, err := marc.Read(data)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := marc.WriteXML(&b, records); err != nil {
			return // a field that no file can hold is refused on the way out
		}
		again, err := marc.Read(b.Bytes())
		if err != nil || len(again) != len(records) {
			t.Errorf("%d records, written and read again %d: %v", len(records), len(again), err)
		}
	})
}
