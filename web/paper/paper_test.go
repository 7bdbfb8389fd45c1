package paper

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
	"muontra/kiosk/register"
	"muontra/web/words"
)

func world(t testing.TB) *kiosktest.World {
	t.Helper()
	c := kiosktest.NewClock()
	w := kiosktest.NewWorldBy(t, kiosktest.NewMemory(c.Now), c)
	w.Set("2026-11-26 09:25:00")
	w.Copy("30000001", "Truyện mẫu", kiosk.Reference, "")
	return w
}

func view(t testing.TB, w *kiosktest.World, fn func(kiosk.View) error) {
	t.Helper()
	if err := w.Ledger.View(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// The columns of each register beside those of the books in common use, written down
// by hand: what stands in "|" is a heading, "GROUP: A, B" are columns of a group.
func TestColumnsAsTheBooksHaveThem(t *testing.T) {
	w := world(t)
	for name, want := range map[string][]string{
		"general-register": {
			"Ngày vào sổ|Số vào sổ TQ|Nguồn cung cấp|Số chứng từ|Số bản|Trong đó: Sách|Trong đó: Báo, tạp chí|Thành tiền|Theo loại: SGK|Theo loại: SNV|Theo loại: STK|Theo loại: Thiếu nhi|Theo loại: Khác|Theo ngôn ngữ: Anh|Theo ngôn ngữ: Pháp|Theo ngôn ngữ: Khác|Phụ chú",
			"STT|Ngày vào sổ|Ngày xuất|Số, ngày biên bản|Số bản|Trong đó: Sách|Trong đó: Báo, tạp chí|Thành tiền|Theo loại: SGK|Theo loại: SNV|Theo loại: STK|Theo loại: Thiếu nhi|Theo loại: Khác|Theo ngôn ngữ: Anh|Theo ngôn ngữ: Pháp|Theo ngôn ngữ: Khác|Lý do xuất: Rách nát|Lý do xuất: Lạc hậu|Lý do xuất: Mất|Lý do xuất: Khác|Phụ chú",
			"Hiện còn đến|Năm học|Số bản|Trong đó: Sách|Trong đó: Báo, tạp chí|Thành tiền|Theo loại: SGK|Theo loại: SNV|Theo loại: STK|Theo loại: Thiếu nhi|Theo loại: Khác|Theo ngôn ngữ: Anh|Theo ngôn ngữ: Pháp|Theo ngôn ngữ: Khác",
		},
		"accession-register": {"Ngày|Số ĐKCB|Tác giả và tên sách|Xuất bản: Nơi|Xuất bản: Năm XB|Giá tiền|Môn loại|Số vào sổ TQ|Kiểm kê 20..: 24|Kiểm kê 20..: 25|Kiểm kê 20..: 26|Kiểm kê 20..: 27|Ngày, số biên bản xuất|Phụ chú"},
		"textbook-register":  {"Ngày|Năm XB|Số thứ tự: Từ số|Số thứ tự: Đến số|Số bản|Giá tiền|Thành tiền|Số vào sổ TQ|Kiểm kê 20..: 24|Kiểm kê 20..: 25|Kiểm kê 20..: 26|Kiểm kê 20..: 27|Còn"},
		"loans-pupils":       {"STT|Ngày mượn|Họ tên|Lớp|Số ĐKCB|Tên sách|Ký mượn (trạm quét)|Hạn trả|Ngày trả|Ký trả (giờ quét)|Phụ chú"},
		"loans-teachers":     {"STT|Ngày mượn|Họ tên|Tổ / lớp|Số ĐKCB|Tên sách|Ký mượn (trạm quét)|Hạn trả|Ngày trả|Ký trả (giờ quét)|Phụ chú"},
	} {
		view(t, w, func(v kiosk.View) error {
			d, err := Open(v, name, register.Ask{}, words.VI, w.Now())
			if err != nil {
				return err
			}
			parts, err := d.parts()
			if err != nil {
				return err
			}
			if len(parts) != len(want) {
				t.Errorf("%s has %d parts", name, len(parts))
				return nil
			}
			for i, p := range parts {
				var all []string
				for _, c := range d.columns(&p.Part) {
					all = append(all, d.full(c))
				}
				if got := strings.Join(all, "|"); got != want[i] {
					t.Errorf("%s, part %d:\n got %s\nwant %s", name, i+1, got, want[i])
				}
			}
			return nil
		})
	}
}

// A total that does not agree with its second count is never shown as right: not on the
// page, nor in the workbook, where nobody can add it up further.
func TestWrongTotalsAreShownAsWrong(t *testing.T) {
	w := world(t)
	sheet := &register.Sheet{Name: "catalogue", Period: register.NoPeriod, Parts: func(*register.Source) ([]register.Part, error) {
		return []register.Part{{Columns: []register.Column{{Key: "book", Kind: register.Text, Width: 50}, {Key: "copies", Kind: register.Number, Width: 20, Sum: true}, {Key: "money", Kind: register.Money, Width: 20, Sum: true}},
			Lines: func(yield func(register.Line) error) error {
				return yield(register.Line{Key: "1", Cells: []any{"Truyện mẫu", 3, int64(45_000)}})
			},
			Proof: func() (map[string]int64, error) { return map[string]int64{"copies": 4, "money": 45_000}, nil }}}, nil
	}}
	view(t, w, func(v kiosk.View) error {
		src, err := register.Open(v, sheet, register.Ask{}, w.Now())
		if err != nil {
			return err
		}
		d := Doc{Sheet: sheet, Source: src, Lang: words.VI, Now: w.Now()}
		page, err := Screen(d, "", 1)
		if err != nil {
			return err
		}
		if len(page.Faults) != 1 || !strings.Contains(page.Faults[0], "cộng các dòng được 3, đếm lại được 4") {
			t.Errorf("faults: %q", page.Faults)
		}
		sums := page.Parts[0].Sums[len(page.Parts[0].Sums)-1].Cells
		if c := sums[len(sums)-2]; !c.Bad || c.Text != "≠ 3" {
			t.Errorf("the wrong total is %+v", c)
		}
		if c := sums[len(sums)-1]; c.Bad || c.Text != "45.000" {
			t.Errorf("the right total is %+v", c)
		}
		var b bytes.Buffer
		if err := Workbook(&b, d); err != nil {
			return err
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			return err
		}
		defer f.Close()
		rows, err := f.GetRows(f.GetSheetList()[0])
		if err != nil || len(rows) != 4 || rows[2][2] != "≠ 3" || !strings.Contains(rows[3][0], "đếm lại được 4") {
			t.Errorf("%v %q", err, rows)
		}
		return PDF(&b, d)
	})
}

// Days are written with a Roman month in the books.
func TestRoman(t *testing.T) {
	if got := Roman(kiosk.MustDay("2026-11-26")); got != "26.XI.2026" || Roman(kiosk.Day{}) != "" {
		t.Error(got)
	}
}

// Who waits for a pack sees how many of its sheets are done, and never that all is done
// before it is.
func TestAPackTellsHowFarItIs(t *testing.T) {
	w := world(t)
	for _, k := range writers {
		view(t, w, func(v kiosk.View) error {
			d, err := Open(v, "pack", register.Ask{Sheets: []string{"month", "journal", "catalogue"}}, words.VI, w.Now())
			if err != nil {
				return err
			}
			var told []string
			d.Step = func(done, of int) { told = append(told, fmt.Sprintf("%d/%d", done, of)) }
			err = k.write(io.Discard, d)
			if got := strings.Join(told, " "); got != "0/4 1/4 2/4 3/4" {
				t.Errorf("%s: %s", k.name, got)
			}
			return err
		})
	}
}
