package exchange_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
)

var update = flag.Bool("update", false, "write the sample files of testdata/imports again")

// samples are files as schools have them, made of plainly sample names. The
// counts are what a first import says; a second finds all unchanged.
var samples = []struct {
	file    string
	subject exchange.Subject
	make    func() []byte
	first   string
	check   func(t *testing.T, l kiosk.Ledger, p *exchange.Plan)
}{
	{"danh-sach-hoc-sinh.xlsx", exchange.Patrons, tidyPupils, "48 added, 0 updated, 0 unchanged, 0 rejected", nil},
	{"danh-sach-sach.xlsx", exchange.Titles, tidyBooks, "24 added, 0 updated, 0 unchanged, 0 rejected", nil},
	{"csdl-nganh-lop-3a.xlsx", exchange.Patrons, ministryClass, "20 added, 0 updated, 0 unchanged, 0 rejected", checkMinistry},
	{"moi-lop-mot-trang.xlsx", exchange.Patrons, sheetPerClass, "18 added, 0 updated, 0 unchanged, 0 rejected", checkSheets},
	{"danh-sach-giao-vien.xlsx", exchange.Patrons, teachers, "8 added, 0 updated, 0 unchanged, 0 rejected", checkTeachers},
	{"so-dang-ky-ca-biet.xlsx", exchange.Titles, register, "15 added, 0 updated, 0 unchanged, 0 rejected", checkRegister},
	{"hoc-sinh-khoi-1.csv", exchange.Patrons, semicolons, "10 added, 0 updated, 0 unchanged, 0 rejected", nil},
	{"sach-thieu-nhi.csv", exchange.Titles, tabs16, "6 added, 0 updated, 0 unchanged, 0 rejected", nil},
}

func TestSamples(t *testing.T) {
	for _, s := range samples {
		t.Run(s.file, func(t *testing.T) {
			if *update {
				if err := os.WriteFile(filepath.Join("..", "..", "testdata", "imports", s.file), s.make(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			// What is in the folder and what would be made say the same.
			for _, data := range [][]byte{sample(t, s.file), s.make()} {
				l := memory(t)
				table := read(t, s.subject, s.file, string(data))
				p := apply(t, l, table)
				if got := p.Counts().String(); got != s.first {
					t.Errorf("got %s, want %s\n%s", got, s.first, problems(p))
				}
				if s.check != nil {
					s.check(t, l, p)
				}
				again := apply(t, l, table)
				if c := again.Counts(); c.Unchanged != c.Total() {
					t.Errorf("again: %s\n%s", c, problems(again))
				}
			}
		})
	}
}

func checkMinistry(t *testing.T, l kiosk.Ledger, p *exchange.Plan) {
	sheet := p.Table().Sheets[0]
	if sheet.HeaderRow != 4 || len(sheet.Unread) < 15 {
		t.Errorf("header in row %d, unread %q", sheet.HeaderRow, sheet.Unread)
	}
	for _, m := range members(t, l) {
		if m.Class != "3A" || len(m.SectorCode) != 10 || m.SectorCode[0] != '0' || m.BirthDate.Year != 2018 {
			t.Errorf("%+v", m)
		}
	}
}

func checkSheets(t *testing.T, l kiosk.Ledger, p *exchange.Plan) {
	n := map[string]int{}
	for _, m := range members(t, l) {
		n[m.Class]++
		if !strings.HasPrefix(m.Name, "Học Sinh Mẫu ") {
			t.Errorf("name %q", m.Name)
		}
	}
	if fmt.Sprint(n) != "map[1A:6 1B:6 5A1:6]" {
		t.Errorf("classes %v", n)
	}
}

func checkTeachers(t *testing.T, l kiosk.Ledger, p *exchange.Plan) {
	n := map[kiosk.Category]int{}
	for _, m := range members(t, l) {
		n[m.Category]++
	}
	if n[kiosk.Teacher] != 4 || n[kiosk.Manager] != 2 || n[kiosk.Staff] != 2 {
		t.Errorf("%v", n)
	}
}

func checkRegister(t *testing.T, l kiosk.Ledger, p *exchange.Plan) {
	for _, it := range items(t, l) {
		if it.Title.Year != 2021 || it.Title.PubPlace != "H." || it.Price == 0 || it.Received.String() == "" || !strings.HasPrefix(it.Accession, "TK.000") {
			t.Errorf("%+v", it)
		}
	}
}

var given = strings.Fields("An Bình Chi Dũng Giang Hà Hải Hạnh Hiếu Hoa Huy Khang Khánh Lan Linh Long Mai Minh Nam Ngân Ngọc Nhi Phúc Quân Quỳnh Sơn Thảo Trang Tú Uyên Vân Vy")

func pupil(i int) string { return "Học Sinh Mẫu " + given[i%len(given)] }

func book() (*excelize.File, func(cell string, v any)) {
	f := excelize.NewFile()
	return f, func(cell string, v any) { must(f.SetCellValue("Sheet1", cell, v)) }
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func row(f *excelize.File, sheet string, n int, cells ...any) {
	must(f.SetSheetRow(sheet, fmt.Sprintf("A%d", n), &cells))
}

func rendered(f *excelize.File) []byte {
	var b bytes.Buffer
	must(f.Write(&b))
	must(f.Close())
	return b.Bytes()
}

func style(f *excelize.File, s excelize.Style) int {
	id, err := f.NewStyle(&s)
	must(err)
	return id
}

func date(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// tidyPupils is the list that a new user imports first.
func tidyPupils() []byte {
	f, _ := book()
	must(f.SetSheetName("Sheet1", "Học sinh"))
	row(f, "Học sinh", 1, "STT", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp")
	format := "dd/mm/yyyy"
	must(f.SetColStyle("Học sinh", "C", style(f, excelize.Style{CustomNumFmt: &format})))
	must(f.SetColWidth("Học sinh", "B", "B", 28))
	must(f.SetColWidth("Học sinh", "C", "C", 12))
	for i := range 48 {
		grade := i/12 + 1
		class := fmt.Sprintf("%d%c", grade, 'A'+rune(i/6%2))
		row(f, "Học sinh", i+2, i+1, pupil(i), date(2020-grade, i%12+1, i%28+1), []string{"Nam", "Nữ"}[i%2], class)
	}
	return rendered(f)
}

// tidyBooks is the list of books that goes with it.
func tidyBooks() []byte {
	f, _ := book()
	must(f.SetSheetName("Sheet1", "Sách"))
	row(f, "Sách", 1, "STT", "Tên sách", "Tác giả", "Nhà xuất bản", "Năm xuất bản", "Giá tiền", "Loại sách", "Số lượng", "Vị trí")
	must(f.SetColWidth("Sách", "B", "D", 28))
	kinds := []string{"Sách tham khảo", "Sách thiếu nhi", "Sách giáo khoa", "Từ điển"}
	for i := range 24 {
		row(f, "Sách", i+2, i+1, fmt.Sprintf("Truyện Mẫu số %d", i+1), "Tác Giả Mẫu", "Nhà Xuất Bản Mẫu", 2015+i%10, 15000+1000*i, kinds[i%4], i%3+1, fmt.Sprintf("K%d", i%6+1))
	}
	return rendered(f)
}

// ministryClass has the columns of the education sector's class export: a
// preamble, the header in row 4, and far more than a library may know.
func ministryClass() []byte {
	f, set := book()
	set("A1", "SỞ GIÁO DỤC VÀ ĐÀO TẠO MẪU")
	set("A2", "DANH SÁCH HỌC SINH LỚP 3A")
	must(f.MergeCell("Sheet1", "A1", "Y1"))
	must(f.MergeCell("Sheet1", "A2", "Y2"))
	row(f, "Sheet1", 4, "STT", "Mã định danh Bộ GD&ĐT", "Họ tên", "Ngày sinh", "Giới tính", "Dân tộc", "Trạng thái", "SĐT liên hệ", "Nơi sinh chi tiết",
		"Tổ/thôn Hộ khẩu thường trú", "Tỉnh thành quê quán", "Phường Xã quê quán", "Chỗ ở hiện nay", "Số CMND", "Ngày cấp", "Nơi cấp", "Tên cha", "Nghề nghiệp cha",
		"Năm sinh cha", "Tên mẹ", "Nghề nghiệp mẹ", "Năm sinh mẹ", "Lớp học", "Khối học", "Số định danh cá nhân")
	zeros := "0000000000"
	padded := style(f, excelize.Style{CustomNumFmt: &zeros})
	for i := range 20 {
		n := i + 5
		row(f, "Sheet1", n, i+1, fmt.Sprintf("01%08d", i+1), norm.NFD.String(pupil(i))+" ", fmt.Sprintf("%02d/%02d/2018", i%28+1, i%12+1), []string{"Nam", "Nữ"}[i%2],
			"(mẫu)", "Đang học", "0900000000", "(mẫu)", "(mẫu)", "(mẫu)", "(mẫu)", "(mẫu)", "", "", "", "Phụ Huynh Mẫu", "(mẫu)", 1985, "Phụ Huynh Mẫu", "(mẫu)", 1986, "Lớp 3A", "Khối 3", "000000000000")
		if i%2 == 1 { // some of the codes are numbers whose zeros only the format shows
			must(f.SetCellValue("Sheet1", fmt.Sprintf("B%d", n), 100000000+i+1))
			must(f.SetCellStyle("Sheet1", fmt.Sprintf("B%d", n), fmt.Sprintf("B%d", n), padded))
		}
	}
	row(f, "Sheet1", 26, "Tổng số: 20 học sinh")
	must(f.MergeCell("Sheet1", "A26", "F26"))
	row(f, "Sheet1", 28, "", "", "NGƯỜI LẬP BIỂU", "", "", "", "HIỆU TRƯỞNG")
	row(f, "Sheet1", 31, "", "", "Nhân Viên Mẫu")
	return rendered(f)
}

// sheetPerClass names the classes by the sheets, or by a line above the header
// only, with the name in two columns.
func sheetPerClass() []byte {
	f := excelize.NewFile()
	must(f.SetSheetName("Sheet1", "1A"))
	for _, s := range []string{"Lớp 1B", "Sheet3", "Hướng dẫn"} {
		_, err := f.NewSheet(s)
		must(err)
	}
	for k, s := range []string{"1A", "Lớp 1B", "Sheet3"} {
		row(f, s, 1, "TRƯỜNG TIỂU HỌC MẪU")
		title := "DANH SÁCH HỌC SINH NĂM HỌC 2026-2027"
		if s == "Sheet3" {
			title = "DANH SÁCH HỌC SINH LỚP 5A1 - NĂM HỌC 2026-2027"
		}
		row(f, s, 2, title)
		if k == 0 { // one merged header over both parts of the name
			row(f, s, 4, "TT", "Họ và tên (*)", "", "Ngày, tháng, năm sinh", "Nữ", "Họ tên phụ huynh", "Ghi chú")
			must(f.MergeCell(s, "B4", "C4"))
		} else {
			row(f, s, 4, "TT", "Họ đệm", "Tên", "Ngày sinh (dd/mm/yyyy)", "Nữ", "Họ tên phụ huynh", "Ghi chú")
		}
		row(f, s, 5, "(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)")
		for i := range 6 {
			var born any = date(2020, i+1, i+1)
			if i%2 == 0 {
				born = fmt.Sprintf("%d-%d-20", i+1, i+1)
			}
			row(f, s, 6+i, i+1, "Học Sinh Mẫu", given[(6*k+i)%len(given)], born, []string{"", "x"}[i%2], "(mẫu)")
		}
		row(f, s, 12, "", "Danh sách này có 6 học sinh.")
		row(f, s, 13, "", "", "", "Mẫu, ngày 5 tháng 9 năm 2026")
		row(f, s, 17, "", "Giáo Viên Mẫu")
	}
	row(f, "Hướng dẫn", 1, "Không sửa tiêu đề.")
	return rendered(f)
}

func teachers() []byte {
	f, set := book()
	set("A1", "TRƯỜNG TIỂU HỌC MẪU")
	set("A2", "DANH SÁCH CÁN BỘ, GIÁO VIÊN, NHÂN VIÊN")
	row(f, "Sheet1", 4, "STT", "Họ và tên", "Ngày sinh", "Giới tính", "Chức vụ", "Trình độ chuyên môn", "Lớp chủ nhiệm", "Số điện thoại", "Email")
	for i, c := range []string{"Hiệu trưởng", "Phó Hiệu trưởng", "Giáo viên", "GVCN", "Tổ trưởng chuyên môn", "GV Tiếng Anh", "Kế toán", "Nhân viên thư viện"} {
		row(f, "Sheet1", 5+i, i+1, fmt.Sprintf("Giáo Viên Mẫu %s", given[i]), date(1980+i, i+1, 10), []string{"Nữ", "Nam"}[i%2], c, "Đại học", "", "0900000000", "mau@example.invalid")
	}
	row(f, "Sheet1", 13, "", "Tổng cộng: 8 người")
	return rendered(f)
}

// register is an accession register: a header of two rows, the day of entry
// merged over the copies of one day, prices as people write them.
func register() []byte {
	f, set := book()
	set("A1", "SỔ ĐĂNG KÝ CÁ BIỆT SÁCH THAM KHẢO")
	row(f, "Sheet1", 3, "Ngày vào sổ", "Số ĐKCB", "Tác giả", "Tên sách", "Xuất bản", "", "Giá tiền", "Môn loại", "Kiểm kê", "", "Phụ chú")
	row(f, "Sheet1", 4, "", "", "", "", "Nơi", "Năm", "", "", "2025", "2026", "")
	for _, m := range [][2]string{{"A3", "A4"}, {"B3", "B4"}, {"C3", "C4"}, {"D3", "D4"}, {"E3", "F3"}, {"G3", "G4"}, {"H3", "H4"}, {"I3", "J3"}, {"K3", "K4"}} {
		must(f.MergeCell("Sheet1", m[0], m[1]))
	}
	for i := range 15 {
		var day any
		if i%5 == 0 {
			day = fmt.Sprintf("%d/9/2021", i+1)
		}
		var price any = fmt.Sprintf("%d.000", 20+i)
		if i%2 == 1 {
			price = (20 + i) * 1000
		}
		row(f, "Sheet1", 5+i, day, fmt.Sprintf("TK.%05d", i+1), "Tác Giả Mẫu", fmt.Sprintf("Sách Mẫu %d", i/3+1), "H.", 2021, price, "813", "C", "C", "")
	}
	for _, m := range [][2]string{{"A5", "A9"}, {"A10", "A14"}, {"A15", "A19"}} {
		must(f.MergeCell("Sheet1", m[0], m[1]))
	}
	row(f, "Sheet1", 20, "", "", "", "Cộng: 15 bản")
	return rendered(f)
}

func semicolons() []byte {
	var b strings.Builder
	b.WriteString("Mã học sinh;Họ và tên;Ngày sinh;Giới tính;Lớp\r\n")
	for i := range 10 {
		fmt.Fprintf(&b, "%010d;%s;%d/%d/2020;%s;1%c\r\n", 1000+i, pupil(i), i+1, i+1, []string{"Nam", "Nữ"}[i%2], 'A'+rune(i%2))
	}
	b.WriteString(";;;;\r\n;;;;\r\n")
	return []byte("\uFEFF" + b.String())
}

func tabs16() []byte {
	var b strings.Builder
	b.WriteString("Tên sách\tSố lượng\tGiá\tLoại\r\n")
	for i := range 6 {
		fmt.Fprintf(&b, "Truyện Tranh Mẫu %d\t%d\t%d,000đ\tTN\r\n", i+1, i+1, 10+i)
	}
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(b.String())
	must(err)
	return []byte(out)
}
