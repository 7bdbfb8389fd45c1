package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/kiosk/kiosktest"
)

func export(tb testing.TB, l kiosk.Ledger, s exchange.Subject, ending string, keys bool) string {
	tb.Helper()
	name := filepath.Join(tb.TempDir(), string(s)+ending)
	if _, err := exchange.Export(context.Background(), l, s, name, exchange.ExportOptions{Now: now, Keys: keys}); err != nil {
		tb.Fatal(err)
	}
	return name
}

// roundTrip exports everything in every form and imports it again: nothing may
// be new.
func roundTrip(t *testing.T, l kiosk.Ledger) {
	t.Helper()
	for _, s := range exchange.Subjects {
		for _, ending := range []string{".xlsx", ".csv"} {
			for _, keys := range []bool{false, true} {
				name := export(t, l, s, ending, keys)
				table, err := exchange.ReadFile(s, name)
				if err != nil {
					t.Errorf("%s%s: %v", s, ending, err)
					continue
				}
				if len(table.Sheets[0].Unread) > 0 {
					t.Errorf("%s%s keys=%t: unread %q", s, ending, keys, table.Sheets[0].Unread)
				}
				p := apply(t, l, table)
				if c := p.Counts(); c.Unchanged != c.Total() || c.Total() == 0 {
					t.Errorf("%s%s keys=%t: %s\n%s", s, ending, keys, c, problems(p))
					for _, it := range p.Items {
						if it.Action == exchange.Add || it.Action == exchange.Change {
							t.Logf("  row %d, %s", it.Row, it.What)
						}
					}
				}
			}
		}
	}
}

func TestRoundTripOfTheSampleSchool(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		p, err := kiosktest.School(context.Background(), l)
		if err != nil {
			t.Fatal(err)
		}
		w := kiosktest.NewWorld(t, l, "2026-11-24 09:00:00")
		w.Lent(p.One.Card, p.Story.Barcode, "2026-12-01")
		w.Lent(p.Teacher.Card, p.Professional.Barcode, "2027-01-11")
		roundTrip(t, l)
		w.Replayed()
	})
}

// bigSchool is a year's stock with every awkward text in it.
func bigSchool(t *testing.T, l kiosk.Ledger) {
	var people, books, loans strings.Builder
	people.WriteString("name,birth_date,sex,class,sector_code,status\n")
	for i := range 200 {
		name := pupil(i)
		if i%25 == 0 {
			name = "=HYPERLINK(Học Sinh Mẫu)"
		}
		fmt.Fprintf(&people, "%s,2017-%02d-%02d,%s,%d%c,%s,\n", name, i%12+1, i%28+1, []string{"m", "f", ""}[i%3], i/40+1, 'A'+rune(i/10%4), []string{"", fmt.Sprintf("%010d", i)}[i%2])
	}
	books.WriteString("accession_number,title,remainder,authors,publisher,year,isbn,kind,sub_kind,price,source,received_on,home_place,condition,status,copies,call_number,subjects\n")
	for i := range 180 {
		title := fmt.Sprintf("Sách Mẫu %d", i/3)
		if i/3%20 == 0 {
			title = fmt.Sprintf("'+Sách <b>Mẫu</b> %d", i/3)
		}
		fmt.Fprintf(&books, "TK.%05d,%s,%s,\"Tác Giả Mẫu, Người Khác\",-NXB,%d,,STK,%s,%d,%s,2020-09-0%d,%s,%s,%s,,@V%d,\n", i+1, title, []string{"", "Tập 1"}[i/30%2], 2000+i/3%20,
			[]string{"truyện cười dân gian", "Từ điển", "", "Pháp luật"}[i%4], i%5*1000, []string{"", "Phụ huynh", "Mua"}[i%3], i%9+1, []string{"K1", "Kệ sách số 12", "Góc lớp 1A", "1B"}[i%4],
			[]string{"good", "worn", "Rách"}[i%3], []string{"available", "Mất", "in_repair"}[i%3], i/3)
	}
	for i := range 20 {
		fmt.Fprintf(&books, ",Sách Giáo Khoa Mẫu %d,,,,2021,,SGK,,12000,,,,,,5,,Toán; Văn\n", i)
	}
	if p := apply(t, l, read(t, exchange.Patrons, "p.csv", people.String())); p.Counts().Added < 200 {
		t.Fatalf("patrons: %s\n%s", p.Counts(), problems(p))
	}
	imports(t, l, exchange.Titles, books.String(), "200 added, 0 updated, 0 unchanged, 0 rejected")
	all, ms := items(t, l), members(t, l)
	loans.WriteString("copy_barcode,card_number,checked_out_at,due_on,returned_at,renewals,loan_type,station\n")
	n := 0
	for i, it := range all {
		if it.State.Status != kiosk.CopyAvailable || i%2 == 0 {
			continue
		}
		n++
		fmt.Fprintf(&loans, "%s,%s,2026-10-%02dT03:0%d:17Z,2026-11-10,%s,1,home,desk\n", it.Barcode, ms[i%len(ms)].Card.Barcode, i%28+1, i%10, []string{"", "2026-11-03T04:05:06Z"}[i%3%2])
	}
	imports(t, l, exchange.Loans, loans.String(), fmt.Sprintf("%d added, 0 updated, 0 unchanged, 0 rejected", n))
}

func TestRoundTripOfABigSchool(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		bigSchool(t, l)
		roundTrip(t, l)
	})
}

// A library is restored from its exports alone, in the order that the package
// comment names, and exports the same again.
func TestRestoreFromExports(t *testing.T) {
	from, to := memory(t), memory(t)
	bigSchool(t, from)
	for _, s := range []exchange.Subject{exchange.Copies, exchange.Titles, exchange.Patrons, exchange.Loans} {
		table, err := exchange.ReadFile(s, export(t, from, s, ".xlsx", false))
		if err != nil {
			t.Fatal(err)
		}
		p := apply(t, to, table)
		if c := p.Counts(); c.Rejected > 0 || s != exchange.Titles && c.Added != c.Total() {
			t.Errorf("%s: %s\n%s", s, c, problems(p))
		}
	}
	for _, s := range exchange.Subjects {
		a, b := rowsOf(t, export(t, from, s, ".csv", true), s), rowsOf(t, export(t, to, s, ".csv", true), s)
		for i := range max(len(a), len(b)) {
			if i >= len(a) || i >= len(b) || a[i] != b[i] {
				t.Errorf("%s: %d and %d rows, the first that differ:\n%v\n%v", s, len(a), len(b), a[min(i, len(a)-1)], b[min(i, len(b)-1)])
				break
			}
		}
	}
}

// rowsOf are the lines without the ids, which belong to one database.
func rowsOf(t *testing.T, name string, s exchange.Subject) []string {
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(b), "\n")
	if s == exchange.Titles || s == exchange.Loans {
		for i, l := range lines {
			_, lines[i], _ = strings.Cut(l, ",")
		}
	}
	if s == exchange.Copies {
		for i, l := range lines {
			if k := strings.Index(l, ",00000000-"); k >= 0 {
				lines[i] = l[:k] + l[k+37:]
			}
		}
	}
	slices.Sort(lines)
	return lines
}

func TestExportedForm(t *testing.T) {
	l := memory(t)
	imports(t, l, exchange.Patrons, "name,class,card_number,birth_date\n=Học Sinh Mẫu,1A,00123,2019-05-09\n", "1 added, 0 updated, 0 unchanged, 0 rejected")
	raw, err := os.ReadFile(export(t, l, exchange.Patrons, ".csv", false))
	if err != nil {
		t.Fatal(err)
	}
	want := "\xEF\xBB\xBFSố thẻ,Họ và tên,Ngày sinh,Giới tính,Lớp,Khối,Đối tượng,Mã định danh Bộ GD&ĐT,Trạng thái\n00123,'=Học Sinh Mẫu,2019-05-09,,1A,1,Học sinh,,Đang hoạt động\n"
	if string(raw) != want {
		t.Errorf("got\n%swant\n%s", raw, want)
	}
	name := export(t, l, exchange.Patrons, ".xlsx", true)
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	f, err := excelize.OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	if v, _ := f.GetCellValue(sheet, "A2"); v != "00123" {
		t.Errorf("card %q", v)
	}
	if v, _ := f.GetCellValue(sheet, "C2"); v != "09/05/2019" {
		t.Errorf("birth date %q", v)
	}
	if v, _ := f.GetCellFormula(sheet, "B2"); v != "" {
		t.Errorf("formula %q", v)
	}
	if p, err := f.GetPanes(sheet); err != nil || !p.Freeze || p.YSplit != 1 {
		t.Errorf("panes %+v %v", p, err)
	}
	rows, _ := f.GetRows(sheet)
	if got := strings.Join(rows[0], ","); got != "card_number,name,birth_date,sex,class,grade,category,sector_code,status" {
		t.Errorf("keys %s", got)
	}
}

func TestExportKeepsTheOldFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := exchange.Export(context.Background(), memory(t), exchange.Titles, filepath.Join(dir, "x.pdf"), exchange.ExportOptions{Now: now}); err == nil {
		t.Error("a .pdf was written")
	}
	name := filepath.Join(dir, "x.csv")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := exchange.Export(ctx, sqlite(t), exchange.Titles, name, exchange.ExportOptions{Now: now}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if b, _ := os.ReadFile(name); !bytes.Equal(b, []byte("old")) {
		t.Errorf("the old file is %q", b)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".muontra*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestManyRowsWithProgress(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		l := sqlite(t)
		f := excelize.NewFile()
		row(f, "Sheet1", 1, "STT", "Họ và tên", "Ngày sinh", "Lớp")
		for i := range 5000 / thin {
			row(f, "Sheet1", i+2, i+1, pupil(i), date(2017, i%12+1, i%28+1), fmt.Sprintf("%d%c", i/1000+1, 'A'+rune(i/40%25)))
		}
		data := rendered(f)
		start := time.Now()
		table := read(t, exchange.Patrons, "x.xlsx", string(data))
		var plan *exchange.Plan
		view(t, l, func(v kiosk.View) (err error) {
			plan, err = exchange.NewPlan(v, table, exchange.Options{Now: now})
			return err
		})
		calls, last := 0, -1
		done, err := exchange.Apply(context.Background(), l, plan, func(n, total int) {
			if calls++; n < last || n > total {
				t.Errorf("progress %d of %d after %d", n, total, last)
			}
			last = n
		})
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(start)
		t.Logf("the rows in %v, %d calls: %s", took, calls, done.Counts())
		if c := done.Counts(); c.Rejected > 0 || c.Added < 4500/thin || calls < 5 || last != c.Added {
			t.Errorf("%s, %d calls, last %d", c, calls, last)
		}
		if took > 60*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
