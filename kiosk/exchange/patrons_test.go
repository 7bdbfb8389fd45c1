package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/kiosk/kiosktest"
)

func TestPatrons(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		const list = "Họ và tên,Ngày sinh,Giới tính,Lớp,Số thẻ\n" +
			"Học Sinh Mẫu Một,05/09/2017,Nam,3A,HS001\n" +
			"Học Sinh Mẫu Hai,6-9-17,Nữ,3A,\n" +
			"Học Sinh Mẫu Ba,2017-09-07,,12.6,00123\n"
		p := imports(t, l, exchange.Patrons, list, "3 added, 0 updated, 0 unchanged, 0 rejected")
		if p.Year != "2026-2027" {
			t.Errorf("year %q", p.Year)
		}
		imports(t, l, exchange.Patrons, list, "0 added, 0 updated, 3 unchanged, 0 rejected")
		got := map[string]kiosk.Member{}
		for _, m := range members(t, l) {
			got[m.Name] = m
		}
		one, two, three := got["Học Sinh Mẫu Một"], got["Học Sinh Mẫu Hai"], got["Học Sinh Mẫu Ba"]
		if one.Card.Barcode != "HS001" || one.Class != "3A" || one.Grade != 3 || one.Sex != "m" || one.BirthDate.String() != "2017-09-05" || one.Category != kiosk.Pupil {
			t.Errorf("one: %+v", one)
		}
		if _, ok := kiosk.PatronSeries.Serial(two.Card.Barcode); !ok || two.Sex != "f" || two.BirthDate.String() != "2017-09-06" {
			t.Errorf("two: %+v", two)
		}
		if three.Card.Barcode != "00123" || three.Class != "12.6" || three.Grade != 12 {
			t.Errorf("three: %+v", three)
		}
	})
}

// Two children of one name in one class, of whom the file knows no more: both
// are there, and the same file again adds and changes nothing.
func TestSameNameTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		const list = "name,class\nHọc Sinh Mẫu An,1A\nHọc Sinh Mẫu Bình,1A\nHọc Sinh Mẫu An,1A\nHọc Sinh Mẫu An,1B\n"
		imports(t, l, exchange.Patrons, list, "4 added, 0 updated, 0 unchanged, 0 rejected")
		imports(t, l, exchange.Patrons, list, "0 added, 0 updated, 4 unchanged, 0 rejected")
		imports(t, l, exchange.Patrons, "name,class\nHỌC SINH MẪU AN,1a\nhoc sinh mau binh,1A\nHọc Sinh Mẫu Ân,1A\n",
			"1 added, 0 updated, 2 unchanged, 0 rejected") // Ân is not An
		if n := len(members(t, l)); n != 5 {
			t.Errorf("%d patrons", n)
		}
	})
}

func TestPatronMatching(t *testing.T) {
	for _, c := range []struct{ name, first, second, want string }{
		{"by card, the name corrected", "Số thẻ,Họ tên,Lớp\nT1,Học Sinh Mẫu Sai,1A", "Số thẻ,Họ tên,Lớp\nT1,Học Sinh Mẫu Đúng,1A", "0 added, 1 updated, 0 unchanged, 0 rejected"},
		{"by sector code, in another class", "Mã học sinh,Họ tên,Lớp\n0123456789,Học Sinh Mẫu,1A", "Mã học sinh,Họ tên,Lớp\n0123456789,Học Sinh Mẫu,1B", "0 added, 1 updated, 0 unchanged, 0 rejected"},
		{"by name, birth date and class", "Họ tên,Ngày sinh,Lớp\nHọc Sinh Mẫu,1/2/2018,1A", "Họ tên,Ngày sinh,Lớp,Giới tính\nHọc Sinh Mẫu,01/02/2018,1A,Nữ", "0 added, 1 updated, 0 unchanged, 0 rejected"},
		{"by name and birth date into another class", "Họ tên,Ngày sinh,Lớp\nHọc Sinh Mẫu,1/2/2018,1A", "Họ tên,Ngày sinh,Lớp\nHọc Sinh Mẫu,01/02/2018,1B", "0 added, 1 updated, 0 unchanged, 0 rejected"},
		{"another birth date is another child", "Họ tên,Ngày sinh,Lớp\nHọc Sinh Mẫu,1/2/2018,1A", "Họ tên,Ngày sinh,Lớp\nHọc Sinh Mẫu,01/03/2018,1A", "1 added, 0 updated, 0 unchanged, 0 rejected"},
		{"a name alone moves nobody", "Họ tên,Lớp\nHọc Sinh Mẫu,1A", "Họ tên,Lớp\nHọc Sinh Mẫu,1B", "1 added, 0 updated, 0 unchanged, 0 rejected"},
		{"empty cells say nothing", "Họ tên,Ngày sinh,Lớp,Giới tính,Số thẻ\nHọc Sinh Mẫu,1/2/2018,1A,Nam,X1", "Họ tên,Ngày sinh,Lớp,Giới tính,Số thẻ\nHọc Sinh Mẫu,,1A,,", "0 added, 0 updated, 1 unchanged, 0 rejected"},
		{"lost marks are no news", "Họ tên,Lớp,Số thẻ\nHọc Sinh Mẫu,1A,X1", "Họ tên,Lớp,Số thẻ\nHoc Sinh Mau,1A,X1", "0 added, 0 updated, 1 unchanged, 0 rejected"},
		{"the tone mark elsewhere", "Họ tên,Lớp\nHọc Sinh Mẫu Hòa,1A", "Họ tên,Lớp\nHọc Sinh Mẫu Hoà,1A", "0 added, 0 updated, 1 unchanged, 0 rejected"},
		{"a card of the school's own later", "Họ tên,Lớp\nHọc Sinh Mẫu,1A", "Họ tên,Lớp,Số thẻ\nHọc Sinh Mẫu,1A,OLD-7", "0 added, 1 updated, 0 unchanged, 0 rejected"},
		{"a card handed on to another child", "Số thẻ,Họ tên,Lớp,Ngày sinh\nT1,Học Sinh Mẫu Cũ,1A,1/1/2018", "Số thẻ,Họ tên,Lớp,Ngày sinh\nT1,Học Sinh Mẫu Mới,1A,2/2/2019", "0 added, 0 updated, 0 unchanged, 1 rejected"},
		{"card and code of two children", "Số thẻ,Mã học sinh,Họ tên,Lớp\nT1,0000000001,Học Sinh Mẫu A,1A\nT2,0000000002,Học Sinh Mẫu B,1A", "Số thẻ,Mã học sinh,Họ tên,Lớp\nT1,0000000002,Học Sinh Mẫu A,1A", "0 added, 0 updated, 0 unchanged, 1 rejected"},
		{"gone from the school", "Họ tên,Lớp,Trạng thái\nHọc Sinh Mẫu,1A,Đang học", "Họ tên,Lớp,Trạng thái\nHọc Sinh Mẫu,1A,Đã chuyển đi", "0 added, 1 updated, 0 unchanged, 0 rejected"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := memory(t)
			n := strings.Count(c.first, "\n")
			imports(t, l, exchange.Patrons, c.first, fmt.Sprintf("%d added, 0 updated, 0 unchanged, 0 rejected", n))
			imports(t, l, exchange.Patrons, c.second, c.want)
			if p := imports2(t, l, c.second); p.Added+p.Updated > 0 {
				t.Errorf("again: %s", p)
			}
		})
	}
}

func imports2(t *testing.T, l kiosk.Ledger, data string) exchange.Counts {
	return apply(t, l, read(t, exchange.Patrons, "x.csv", data)).Counts()
}

func TestPatronRowsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		w := kiosktest.NewWorld(t, l, "2026-11-24 09:00:00")
		w.Copy("30000019", "Sách Mẫu", kiosk.Reference, "")
		for _, c := range []struct {
			row  string
			code exchange.Code
			col  exchange.Column
		}{
			{",1A,,", exchange.Missing, exchange.ColName},
			{"12345,1A,,", exchange.BadName, exchange.ColName},
			{"Học Sinh Mẫu,,,", exchange.Missing, exchange.ColClass},
			{"Học Sinh Mẫu,1A,31/02/2018,", exchange.BadDate, exchange.ColBirth},
			{"Học Sinh Mẫu,1A,05/25/2018,", exchange.BadDate, exchange.ColBirth},
			{"Học Sinh Mẫu,1A,2018,", exchange.BadDate, exchange.ColBirth},
			{"Học Sinh Mẫu,1A,," + kiosk.CommandCodes[0].Barcode, exchange.CommandCode, exchange.ColCard},
			{"Học Sinh Mẫu,1A,,%finish", exchange.CommandCode, exchange.ColCard},
			{"Học Sinh Mẫu,1A,,30000019", exchange.CodeInUse, exchange.ColCard},
			{"Học Sinh Mẫu,1A,," + strings.Repeat("9", 65), exchange.BadCode, exchange.ColCard},
			{"Học Sinh Mẫu,một lớp có tên dài quá mức,,", exchange.BadClass, exchange.ColClass},
		} {
			p := apply(t, l, read(t, exchange.Patrons, "x.csv", "Họ tên,Lớp,Ngày sinh,Số thẻ\nHọc Sinh Mẫu Không Lỗi,1A,,\n"+c.row+"\n"))
			it := p.Items[1]
			if it.Action != exchange.Wrong || it.Problem.Code != c.code || it.Problem.Column != c.col || it.Row != 3 {
				t.Errorf("%q: %+v %+v", c.row, it, it.Problem)
			}
		}
		if n := len(members(t, l)); n != 1 {
			t.Errorf("%d patrons", n)
		}
	})
}

func TestDuplicateCardInFile(t *testing.T) {
	l := memory(t)
	p := imports(t, l, exchange.Patrons, "Họ tên,Lớp,Số thẻ\nHọc Sinh Mẫu A,1A,X1\nHọc Sinh Mẫu B,1A,X1\nHọc Sinh Mẫu A,1A,X1\n", "1 added, 0 updated, 1 unchanged, 1 rejected")
	if pr := p.Items[1].Problem; pr.Code != exchange.Duplicate || pr.Facts["row"] != "2" {
		t.Errorf("%+v", pr)
	}
}

func TestEnrolmentsAreAdded(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		imports(t, l, exchange.Patrons, "Họ tên,Ngày sinh,Lớp\nHọc Sinh Mẫu,1/2/2018,3A\n", "1 added, 0 updated, 0 unchanged, 0 rejected")
		next := apply(t, l, read(t, exchange.Patrons, "x.csv", "Họ tên,Ngày sinh,Lớp\nHọc Sinh Mẫu,1/2/2018,4A\n"),
			func(o *exchange.Options) { o.Year = "2027-2028" })
		if next.Counts().Updated != 1 {
			t.Errorf("%s", next.Counts())
		}
		if m := members(t, l); len(m) != 1 || m[0].Class != "3A" {
			t.Errorf("this year: %+v", m)
		}
		view(t, l, func(v kiosk.View) error {
			years, err := v.Years()
			if err != nil || len(years) != 2 {
				t.Fatalf("years %+v, %v", years, err)
			}
			return v.EachMember(kiosk.MustDay("2027-10-01"), func(m kiosk.Member) error {
				if m.Class != "4A" || m.Grade != 4 {
					t.Errorf("next year: %+v", m)
				}
				return nil
			})
		})
		imports(t, l, exchange.Patrons, "Họ tên,Ngày sinh,Lớp\nHọc Sinh Mẫu,1/2/2018,3B\n", "0 added, 1 updated, 0 unchanged, 0 rejected")
		if m := members(t, l); m[0].Class != "3B" {
			t.Errorf("moved: %+v", m[0])
		}
	})
}

func TestBadYear(t *testing.T) {
	l := memory(t)
	table := read(t, exchange.Patrons, "x.csv", "Họ tên,Lớp\nHọc Sinh Mẫu,1A\n")
	for _, y := range []string{"2026", "2026-2028", "abc", "2027-2026"} {
		view(t, l, func(v kiosk.View) error {
			_, err := exchange.NewPlan(v, table, exchange.Options{Now: now, Year: y})
			if err == nil {
				t.Errorf("year %q is taken", y)
			}
			return nil
		})
	}
}

func TestStaff(t *testing.T) {
	l := memory(t)
	const list = "DANH SÁCH CÁN BỘ GIÁO VIÊN NHÂN VIÊN,,,\n,,,\nSTT,Họ và tên,Chức vụ,Ngày sinh\n1,Cô Giáo Mẫu,Giáo viên,1/1/1985\n2,Thầy Mẫu,Phó Hiệu trưởng,2/2/1975\n3,Cô Mẫu,Kế toán,3/3/1990\n,Tổng số: 3 người,,\n"
	p := imports(t, l, exchange.Patrons, list, "3 added, 0 updated, 0 unchanged, 0 rejected")
	imports(t, l, exchange.Patrons, list, "0 added, 0 updated, 3 unchanged, 0 rejected")
	if p.Table().Passed != 1 {
		t.Errorf("%d lines passed", p.Table().Passed)
	}
	want := map[string]kiosk.Category{"Cô Giáo Mẫu": kiosk.Teacher, "Thầy Mẫu": kiosk.Manager, "Cô Mẫu": kiosk.Staff}
	for _, m := range members(t, l) {
		if want[m.Name] != m.Category || m.Class != "" {
			t.Errorf("%s: %s %q", m.Name, m.Category, m.Class)
		}
	}
	imports(t, l, exchange.Patrons, "Họ tên,Tổ chuyên môn\nGiáo Viên Mẫu,Tổ 1\n", "1 added, 0 updated, 0 unchanged, 0 rejected")
}

// What a library has no business with is not kept, and said to be left.
func TestColumnsLeftUnread(t *testing.T) {
	table := read(t, exchange.Patrons, "x.csv", "STT,Họ tên,Lớp,Dân tộc,Họ tên cha,SĐT liên hệ,Số định danh cá nhân,Mã định danh Bộ GD&ĐT\n"+
		"1,Học Sinh Mẫu,1A,Kinh,BÍ MẬT CHA,0900000000,001234567890,0123456789\n")
	if got := strings.Join(table.Sheets[0].Unread, "|"); got != "STT|Dân tộc|Họ tên cha|SĐT liên hệ|Số định danh cá nhân" {
		t.Errorf("unread: %s", got)
	}
	row := *table.Rows[0]
	row.Sheet = nil // an address may look like a number
	if dump := fmt.Sprintf("%+v", row); strings.Contains(dump, "BÍ MẬT") || strings.Contains(dump, "0900") || strings.Contains(dump, "001234567890") {
		t.Errorf("kept: %s", dump)
	}
	l := memory(t)
	imports(t, l, exchange.Patrons, "Họ tên,Lớp,Mã định danh\nHọc Sinh Mẫu,1A,001234567890\n", "1 added, 0 updated, 0 unchanged, 0 rejected")
	if m := members(t, l)[0]; m.SectorCode != "" {
		t.Errorf("a citizen's number was kept: %q", m.SectorCode)
	}
}
