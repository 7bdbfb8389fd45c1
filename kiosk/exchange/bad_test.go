package exchange_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
)

func TestFilesThatAreNoLists(t *testing.T) {
	other := excelize.NewFile()
	row(other, "Sheet1", 1, "Tháng", "Tiền điện", "Tiền nước")
	row(other, "Sheet1", 2, 1, 200000, 50000)
	headerOnly := excelize.NewFile()
	row(headerOnly, "Sheet1", 1, "Họ và tên", "Lớp")
	for name, c := range map[string]struct {
		data []byte
		code exchange.Code
		says string // in the text
	}{
		"nothing":            {nil, exchange.FileEmpty, "empty"},
		"a mark only":        {[]byte("\xEF\xBB\xBF\r\n"), exchange.FileEmpty, "empty"},
		"an old workbook":    {append([]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, make([]byte, 600)...), exchange.FileOld, "save it as .xlsx"},
		"a page called .xls": {[]byte("<html><table><tr><td>Họ tên</td></tr></table></html>"), exchange.FileOld, "save it as .xlsx"},
		"a PDF":              {[]byte("%PDF-1.7\nHọ tên,Lớp\n"), exchange.FileOther, ".xlsx or .csv"},
		"a picture":          {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), exchange.FileOther, ".xlsx or .csv"},
		"bytes":              {[]byte("Họ tên,Lớp\n\x00\x01\x02"), exchange.FileOther, ".xlsx or .csv"},
		"another zip":        {zipped(t, map[string]int{"word/document.xml": 10}), exchange.FileOther, ".xlsx or .csv"},
		"a cut workbook":     {sample(t, "danh-sach-sach.xlsx")[:3000], exchange.FileBroken, "damaged"},
		"a zip bomb":         {zipped(t, map[string]int{"[Content_Types].xml": 10, "xl/worksheets/sheet1.xml": 100 << 20}), exchange.FileTooBig, "64 MB"},
		"another workbook":   {rendered(other), exchange.FileNoHeader, "Họ và tên"},
		"another .csv":       {[]byte("a,b\n1,2\n"), exchange.FileNoHeader, "Họ và tên"},
		"no rows":            {rendered(headerOnly), exchange.FileNoRows, "not one row"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := exchange.Read(exchange.Patrons, "x.xlsx", c.data)
			var fe *exchange.FileError
			if !errors.As(err, &fe) || fe.Code != c.code || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("%v", err)
			}
			if vi := fe.Text(exchange.Vietnamese); vi == err.Error() || strings.Contains(vi, "{") || strings.Contains(err.Error(), "{") {
				t.Errorf("words: %s / %s", vi, err)
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

// zipped has files of so many zero bytes.
func zipped(tb testing.TB, files map[string]int) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for name, size := range files {
		w, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.CopyN(w, zeros{}, int64(size)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Every other row of 10,000 is wrong: the good ones come in, each bad one is
// named, and the file of rejects, mended, brings the rest.
func TestEveryOtherRowWrong(t *testing.T) {
	const half = 5000 / thin
	l := sqlite(t)
	var b strings.Builder
	b.WriteString("Họ và tên,Ngày sinh,Lớp\n")
	for i := range 2 * half {
		born := fmt.Sprintf("%02d/%02d/2017", i%28+1, i%12+1)
		if i%2 == 1 {
			born = "31/02/2017"
		}
		fmt.Fprintf(&b, "%s %d,%s,%dA\n", "Học Sinh Mẫu A", i, born, i%5+1)
	}
	p := imports(t, l, exchange.Patrons, b.String(), fmt.Sprintf("%d added, 0 updated, 0 unchanged, %d rejected", half, half))
	for i, it := range p.Items {
		if (it.Action == exchange.Wrong) != (i%2 == 1) || it.Row != i+2 {
			t.Fatalf("item %d: %+v", i, it)
		}
	}
	if got := p.Items[1].Line(exchange.Vietnamese); got != "dòng 3, cột “Ngày sinh”: “31/02/2017” không phải ngày: hãy ghi ngày/tháng/năm, ví dụ 05/09/2017" {
		t.Errorf("line: %s", got)
	}
	name := filepath.Join(t.TempDir(), "rejects.xlsx")
	if ok, err := exchange.WriteRejects(name, p, exchange.Vietnamese); err != nil || !ok {
		t.Fatal(ok, err)
	}
	f, err := excelize.OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil || len(rows) != half+1 || strings.Join(rows[0], "|") != "Họ và tên|Ngày sinh|Lớp|Lý do không nhập" {
		t.Fatalf("%d rows, %v, %v", len(rows), rows[0], err)
	}
	for i := range half {
		if err := f.SetCellValue(f.GetSheetName(0), fmt.Sprintf("B%d", i+2), "01/03/2017"); err != nil {
			t.Fatal(err)
		}
	}
	imports(t, l, exchange.Patrons, string(rendered(f)), fmt.Sprintf("%d added, 0 updated, 0 unchanged, 0 rejected", half))
}

func TestRejectsKeepWhatTheSheetSays(t *testing.T) {
	l := memory(t)
	p := imports(t, l, exchange.Patrons, "DANH SÁCH HỌC SINH LỚP 2B\nSTT,Họ đệm,Tên,Ngày sinh\n1,Học Sinh Mẫu,An,hôm qua\n2,=Học Sinh,Bình,1/1/2018\n", "1 added, 0 updated, 0 unchanged, 1 rejected")
	name := filepath.Join(t.TempDir(), "r.csv")
	if ok, err := exchange.WriteRejects(name, p, exchange.English); err != nil || !ok {
		t.Fatal(ok, err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(b), "\xEF\xBB\xBFHọ đệm,Tên,Ngày sinh,Lớp,Reason for rejection\nHọc Sinh Mẫu,An,hôm qua,2B,") {
		t.Errorf("%s", b)
	}
	imports(t, l, exchange.Patrons, strings.Replace(string(b), "hôm qua", "2/1/2018", 1), "1 added, 0 updated, 0 unchanged, 0 rejected")
	good := imports(t, l, exchange.Patrons, "name,class\nHọc Sinh Mẫu Tốt,1A\n", "1 added, 0 updated, 0 unchanged, 0 rejected")
	none := filepath.Join(t.TempDir(), "none.csv")
	if ok, err := exchange.WriteRejects(none, good, exchange.English); ok || err != nil {
		t.Error(ok, err)
	}
	if _, err := os.Stat(none); !errors.Is(err, os.ErrNotExist) {
		t.Error("a file without rows was written")
	}
}

// Formulas and HTML are text, and come out again so that nobody runs them.
func TestFormulasAndHTMLAreText(t *testing.T) {
	l := memory(t)
	f := excelize.NewFile()
	row(f, "Sheet1", 1, "Họ và tên", "Lớp", "Số thẻ")
	row(f, "Sheet1", 2, "<script>alert(1)</script> Mẫu", "1A", "H1")
	row(f, "Sheet1", 3, "=cmd|' /C calc'!A0", "1A", "H2")
	if err := f.SetCellFormula("Sheet1", "A4", `HYPERLINK("http://example.invalid","Mẫu")`); err != nil {
		t.Fatal(err)
	}
	row(f, "Sheet1", 5, "@SUM(1+1)*Mẫu", "1A", "+H4")
	must(f.SetCellValue("Sheet1", "B4", "1A"))
	p := apply(t, l, read(t, exchange.Patrons, "x.xlsx", string(rendered(f))))
	if got := p.Counts().String(); got != "3 added, 0 updated, 0 unchanged, 1 rejected" { // the formula has no value
		t.Errorf("%s\n%s", got, problems(p))
	}
	name := export(t, l, exchange.Patrons, ".csv", false)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"'=cmd|' /C calc'!A0", "'@SUM(1+1)*Mẫu", "'+H4", "<script>alert(1)</script> Mẫu"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%q is not in\n%s", want, b)
		}
	}
}

// Numbers, dates and zeros as spreadsheets keep them.
func TestSpreadsheetCells(t *testing.T) {
	l := memory(t)
	f := excelize.NewFile()
	must(f.SetSheetRow("Sheet1", "A1", &[]any{"Số thẻ", "Họ tên", "Ngày sinh", "Lớp", "Mã học sinh"}))
	zeros, us := "00000", "m/d/yy"
	padded, american := style(f, excelize.Style{CustomNumFmt: &zeros}), style(f, excelize.Style{CustomNumFmt: &us})
	row(f, "Sheet1", 2, 123, "Học Sinh Mẫu Một", date(2018, 5, 9), 12.6, 123456789012345)
	must(f.SetCellStyle("Sheet1", "A2", "A2", padded))
	must(f.SetCellStyle("Sheet1", "C2", "C2", american))
	row(f, "Sheet1", 3, 123456789012345678, "Học Sinh Mẫu Hai", 43229, "5A1", "0000000012")
	row(f, "Sheet1", 4, "00007", "Học Sinh Mẫu Ba", "09.05.2018", date(2026, 1, 5), "")
	p := apply(t, l, read(t, exchange.Patrons, "x.xlsx", string(rendered(f))))
	if got := p.Counts().String(); got != "2 added, 0 updated, 0 unchanged, 1 rejected" || p.Items[2].Problem.Code != exchange.ClassIsDate {
		t.Fatalf("%s\n%s", got, problems(p))
	}
	ms := map[string]kiosk.Member{}
	for _, m := range members(t, l) {
		ms[m.Class] = m
	}
	if m := ms["12.6"]; m.Card.Barcode != "00123" || m.BirthDate.String() != "2018-05-09" || m.SectorCode != "123456789012345" {
		t.Errorf("%+v", m)
	}
	if m := ms["5A1"]; !strings.HasPrefix(m.Card.Barcode, "1234567890123456") || len(m.Card.Barcode) != 18 || m.BirthDate.String() != "2018-05-09" || m.SectorCode != "0000000012" {
		t.Errorf("%+v", m)
	}
}

func TestMergedClassesAndRepeatedHeader(t *testing.T) {
	l := memory(t)
	f := excelize.NewFile()
	row(f, "Sheet1", 1, "Lớp", "Họ tên", "Ngày sinh")
	for i := range 9 {
		row(f, "Sheet1", i+2, "", fmt.Sprintf("Học Sinh Mẫu %s", given[i]), "1/1/2018")
	}
	must(f.SetCellValue("Sheet1", "A2", "1A"))
	must(f.MergeCell("Sheet1", "A2", "A5"))
	row(f, "Sheet1", 6, "Lớp", "Họ tên", "Ngày sinh")
	must(f.SetCellValue("Sheet1", "A7", "1B"))
	must(f.MergeCell("Sheet1", "A7", "A12"))
	imports(t, l, exchange.Patrons, string(rendered(f)), "8 added, 0 updated, 0 unchanged, 0 rejected")
	n := map[string]int{}
	for _, m := range members(t, l) {
		n[m.Class]++
	}
	if n["1A"] != 4 || n["1B"] != 4 {
		t.Errorf("%v", n)
	}
}

func TestApplyIsWholeOrNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		var plan *exchange.Plan
		table := read(t, exchange.Titles, "x.csv", "Tên sách,Số lượng\nSách Mẫu Một,300\nSách Mẫu Hai,2\n"+strings.Repeat("Sách Mẫu Ba,1\n", 300))
		view(t, l, func(v kiosk.View) (err error) {
			plan, err = exchange.NewPlan(v, table, exchange.Options{Now: now})
			return err
		})
		ctx, cancel := context.WithCancel(context.Background())
		_, err := exchange.Apply(ctx, l, plan, func(done, total int) {
			if done >= 100 {
				cancel()
			}
		})
		if err == nil {
			t.Fatal("done in spite of the cut")
		}
		view(t, l, func(v kiosk.View) error {
			seq, err := v.LastSeq()
			if n := len(items(t, l)); n != 0 || seq != 0 {
				t.Errorf("%d copies, %d events are left", n, seq)
			}
			return err
		})
		// The plan is decided again: what somebody else added is not doubled.
		imports(t, l, exchange.Titles, "Tên sách,Số lượng\nSách Mẫu Hai,2\n", "1 added, 0 updated, 0 unchanged, 0 rejected")
		done, err := exchange.Apply(context.Background(), l, plan, nil)
		if err != nil || done.Counts().Unchanged != 1 {
			t.Errorf("%v, %v", done.Counts(), err)
		}
	})
}

// Every code has its words in both languages.
func TestWords(t *testing.T) {
	var all [2]map[string]string
	for i, l := range []string{"vi", "en"} {
		b, err := os.ReadFile("words/" + l + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &all[i]); err != nil {
			t.Fatal(err)
		}
	}
	for k := range all[1] {
		if all[0][k] == "" {
			t.Errorf("%s has no Vietnamese words", k)
		}
	}
	for k := range all[0] {
		if all[1][k] == "" && !strings.HasPrefix(k, "column.") && !strings.HasPrefix(k, "value.") {
			t.Errorf("%s has no English words", k)
		}
	}
	src, err := os.ReadFile("problem.go")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(src)) {
		name, code, ok := strings.Cut(line, " Code = \"")
		if !ok {
			continue
		}
		code, _, _ = strings.Cut(code, "\"")
		group := "problem."
		if strings.HasPrefix(strings.TrimSpace(name), "File") {
			group = "file."
		}
		for i := range all {
			if all[i][group+code] == "" {
				t.Errorf("%s%s has no words", group, code)
			}
		}
	}
	for _, s := range exchange.Subjects {
		for _, c := range exchange.Columns(s) {
			if c.Title(s, exchange.Vietnamese) == string(c) && c != exchange.ColISBN {
				t.Errorf("column %s has no Vietnamese title", c)
			}
		}
	}
}
