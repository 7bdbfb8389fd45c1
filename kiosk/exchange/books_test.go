package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/kiosk/kiosktest"
)

func TestAccessionRegister(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		const list = "Số ĐKCB,Tên sách,Tác giả,NXB,Năm XB,Giá tiền,Môn loại,Vị trí,Tình trạng,Mã vạch,Ngày nhập\n" +
			"TK.00012,Sách Mẫu Một,Tác Giả Mẫu,Kim Đồng,2019,\"25.000\",813,K1,Tốt,,5/9/2020\n" +
			"tk13,Sách Mẫu Một,Tác Giả Mẫu,Kim Đồng,2019,\"25,000đ\",813,K1,Rách nát,,\n" +
			"TN.5,Sách Mẫu Hai,,,,,,Góc lớp 1A,,987654321,\n" +
			"17,Sách Mẫu Ba,,,,,,k1,Mất,,\n" +
			",Sách Mẫu Bốn,,,,,,,,TN.00009,\n"
		imports(t, l, exchange.Titles, list, "5 added, 0 updated, 0 unchanged, 0 rejected")
		imports(t, l, exchange.Titles, list, "0 added, 0 updated, 5 unchanged, 0 rejected")
		got := map[string]kiosk.Item{}
		for _, it := range items(t, l) {
			got[it.Accession] = it
		}
		a, b, c, d, e := got["TK.00012"], got["TK.00013"], got["TN.00005"], got["TK.00017"], got["TN.00009"]
		if a.TitleID == "" || a.TitleID != b.TitleID || a.Price != 25000 || b.Price != 25000 || a.Title.Year != 2019 || a.Title.ClassNumber != "813" || a.Received.String() != "2020-09-05" {
			t.Errorf("a %+v\nb %+v", a, b)
		}
		if _, ok := kiosk.CopySeries.Serial(a.Barcode); !ok || b.State.Condition != kiosk.ConditionDamaged || a.State.Status != kiosk.CopyAvailable {
			t.Errorf("a %+v\nb %+v", a, b)
		}
		if c.Barcode != "987654321" || c.Kind != kiosk.Children || d.State.Status != kiosk.CopyLost || d.HomePlace != a.HomePlace || c.HomePlace == a.HomePlace {
			t.Errorf("c %+v\nd %+v", c, d)
		}
		if e.Barcode != "TN.00009" || e.Kind != kiosk.Children {
			t.Errorf("e %+v", e)
		}
		view(t, l, func(v kiosk.View) error {
			seq, err := v.LastSeq()
			if seq != 5 {
				t.Errorf("%d events", seq)
			}
			return err
		})
		kiosktest.NewWorld(t, l, "2026-11-24 09:00:00").Replayed()
		// Numbers that are handed out go on from the greatest.
		imports(t, l, exchange.Titles, "Tên sách,Số lượng,Loại sách\nSách Mẫu Năm,1,STK\n", "1 added, 0 updated, 0 unchanged, 0 rejected")
		if its := items(t, l); its[3].Accession != "TK.00018" && its[len(its)-1].Accession != "TK.00018" && !strings.Contains(fmt.Sprint(its), "TK.00018") {
			t.Errorf("the next number: %v", its)
		}
	})
}

func TestTitlesByNumber(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		const list = "Tên sách;Tác giả;Số lượng;Loại sách;Năm XB\n" +
			"Sách Mẫu Toán;;3;SGK;2020\n" +
			"Sách Mẫu Toán;;2;SGK;2021\n" +
			"Sách Mẫu Truyện;Tác Giả Mẫu;4;Sách thiếu nhi;\n" +
			"Sách Mẫu Từ Điển;;;Từ điển;\n" +
			"Sách Mẫu Không Còn;;0;STK;\n"
		imports(t, l, exchange.Titles, list, "5 added, 0 updated, 0 unchanged, 0 rejected")
		imports(t, l, exchange.Titles, list, "0 added, 0 updated, 5 unchanged, 0 rejected")
		n := map[string]int{}
		for _, it := range items(t, l) {
			n[string(it.Kind)+" "+it.SubKind]++
		}
		if n["textbook "] != 5 || n["children "] != 4 || n["reference dictionary"] != 1 || len(n) != 3 {
			t.Errorf("%v", n)
		}
		// One more was bought.
		imports(t, l, exchange.Titles, "Tên sách;Số lượng;Năm XB;Loại sách\nSách Mẫu Toán;4;2020;SGK\n", "0 added, 1 updated, 0 unchanged, 0 rejected")
		if got := len(items(t, l)); got != 11 {
			t.Errorf("%d copies", got)
		}
	})
}

// A file may name some copies of a title and count the rest.
func TestNumberAndCodesTogether(t *testing.T) {
	l := memory(t)
	const list = "Tên sách,Số ĐKCB,Số lượng\nSách Mẫu,TK.00001,\nSách Mẫu,,2\nSách Mẫu,,1\n"
	imports(t, l, exchange.Titles, list, "3 added, 0 updated, 0 unchanged, 0 rejected")
	imports(t, l, exchange.Titles, list, "0 added, 0 updated, 3 unchanged, 0 rejected")
	if n := len(items(t, l)); n != 4 {
		t.Errorf("%d copies", n)
	}
}

func TestBookRowsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		w := kiosktest.NewWorld(t, l, "2026-11-24 09:00:00")
		w.Patron(kiosk.Pupil, "20000018", "Học Sinh Mẫu", "1A", 1)
		w.Copy("30000019", "Sách Đang Mượn", kiosk.Reference, "")
		w.Lent("20000018", "30000019", "2026-12-01")
		for _, c := range []struct {
			row  string
			code exchange.Code
			col  exchange.Column
		}{
			{",,,,", exchange.Missing, exchange.ColTitle},
			{"Sách Mẫu,,20000018,,", exchange.CodeInUse, exchange.ColBarcode},
			{"Sách Mẫu,," + kiosk.CommandCodes[1].Barcode + ",,", exchange.CommandCode, exchange.ColBarcode},
			{"Sách Mẫu,,X1,,", exchange.Duplicate, exchange.ColBarcode},
			{"Sách Mẫu,TK.00500,,,", exchange.Duplicate, exchange.ColAccession},
			{"Sách Mẫu,,,rẻ,", exchange.BadNumber, exchange.ColPrice},
			{"Sách Mẫu,,,,978-604-0-00000-9", exchange.BadISBN, exchange.ColISBN},
			{"Sách Khác,,30000019,,", exchange.OtherTitle, exchange.ColTitle},
			{"Sách Đang Mượn,,30000019,,,Mất", exchange.OnLoan, exchange.ColStatus},
		} {
			data := "Tên sách,Số ĐKCB,Mã vạch,Giá tiền,ISBN,Trạng thái\nSách Mẫu Không Lỗi,TK.00500,X1,1000,,\n" + strings.Replace(c.row, ",,,,", ",,,5000,", 1) + "\n"
			if strings.HasPrefix(c.row, "Sách") {
				data = "Tên sách,Số ĐKCB,Mã vạch,Giá tiền,ISBN,Trạng thái\nSách Mẫu Không Lỗi,TK.00500,X1,1000,,\n" + c.row + "\n"
			}
			p := apply(t, l, read(t, exchange.Titles, "x.csv", data))
			it := p.Items[1]
			if it.Action != exchange.Wrong || it.Problem.Code != c.code || it.Problem.Column != c.col || it.Row != 3 {
				t.Errorf("%q: %+v %+v", c.row, it, it.Problem)
			}
		}
		if n := len(items(t, l)); n != 2 {
			t.Errorf("%d copies", n)
		}
	})
}

func TestTitleMatching(t *testing.T) {
	for _, c := range []struct{ name, first, second, want string }{
		{"by ISBN, the words corrected", "isbn,title,copies\n9786042000017,Sách Mẫu Sai,1", "isbn,title,copies\n978-604-2-00001-7,Sách Mẫu Đúng,1", "0 added, 1 updated, 0 unchanged, 0 rejected"},
		{"volumes are titles of their own", "title,remainder,copies\nSách Mẫu,Tập 1,1", "title,remainder,copies\nSách Mẫu,Tập 2,1", "1 added, 0 updated, 0 unchanged, 0 rejected"},
		{"another year is another title", "title,year,copies\nSách Mẫu,2018,1", "title,year,copies\nSách Mẫu,2020,1", "1 added, 0 updated, 0 unchanged, 0 rejected"},
		{"another author is another title", "title,authors,copies\nSách Mẫu,A B,1", "title,authors,copies\nSách Mẫu,C D,1", "1 added, 0 updated, 0 unchanged, 0 rejected"},
		{"what was not known is filled in", "title,copies\nSách Mẫu,1", "title,authors,year,copies\nSách Mẫu,A B,2020,1", "0 added, 1 updated, 0 unchanged, 0 rejected"},
		{"case and marks", "title,copies\nSách Mẫu,1", "title,copies\nSACH MAU,1", "0 added, 0 updated, 1 unchanged, 0 rejected"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := memory(t)
			imports(t, l, exchange.Titles, c.first, "1 added, 0 updated, 0 unchanged, 0 rejected")
			imports(t, l, exchange.Titles, c.second, c.want)
			imports(t, l, exchange.Titles, c.second, "0 added, 0 updated, 1 unchanged, 0 rejected")
		})
	}
}

func TestCopiesChange(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		imports(t, l, exchange.Copies, "Số ĐKCB,Tên sách,Vị trí\nTK.1,Sách Mẫu,K1\n", "1 added, 0 updated, 0 unchanged, 0 rejected")
		const second = "Số ĐKCB,Mã vạch,Giá tiền,Vị trí,Trạng thái,Tình trạng,Phân nhóm\nTK.00001,OLD-1,12000,K2,Đang sửa,Cũ,Truyện\n"
		imports(t, l, exchange.Copies, second, "0 added, 1 updated, 0 unchanged, 0 rejected")
		imports(t, l, exchange.Copies, second, "0 added, 0 updated, 1 unchanged, 0 rejected")
		it := items(t, l)[0]
		if it.Barcode != "OLD-1" || it.Price != 12000 || it.State.Place != it.HomePlace || it.State.Status != kiosk.CopyInRepair || it.State.Condition != kiosk.ConditionWorn || it.SubKind != kiosk.Story {
			t.Errorf("%+v", it)
		}
		imports(t, l, exchange.Copies, "Số ĐKCB\nTK.00099\n", "0 added, 0 updated, 0 unchanged, 1 rejected")
		kiosktest.NewWorld(t, l, "2026-11-24 09:00:00").Replayed()
	})
}

func TestLoans(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		w := kiosktest.NewWorld(t, l, "2026-11-24 09:00:00")
		w.Patron(kiosk.Pupil, "20000018", "Học Sinh Mẫu Một", "1A", 1)
		w.Patron(kiosk.Pupil, "20000026", "Học Sinh Mẫu Hai", "1A", 1)
		w.Copy("30000019", "Sách Mẫu Một", kiosk.Reference, "")
		w.Copy("30000027", "Sách Mẫu Hai", kiosk.Reference, "")
		w.Copy("30000035", "Sách Mẫu Ba", kiosk.Reference, "")
		w.CopyStatus("30000035", kiosk.CopyLost)
		const list = "Mã vạch sách,Số thẻ,Ngày mượn,Hạn trả,Ngày trả\n" +
			"30000019,20000018,2/11/2026,9/11/2026,\n" +
			"TK.00002,20000018,2/10/2026,9/10/2026,5/10/2026\n" +
			"30000027,20000026,2026-11-20T02:30:00Z,2026-11-27,\n"
		imports(t, l, exchange.Loans, list, "3 added, 0 updated, 0 unchanged, 0 rejected")
		imports(t, l, exchange.Loans, list, "0 added, 0 updated, 3 unchanged, 0 rejected")
		view(t, l, func(v kiosk.View) error {
			n := 0
			return v.EachLoan(false, func(x kiosk.Loan) error {
				if n++; n > 3 || x.Open() == (x.DueOn == kiosk.MustDay("2026-10-09")) {
					t.Errorf("%d: %+v", n, x)
				}
				return nil
			})
		})
		for _, c := range []struct {
			row  string
			code exchange.Code
		}{
			{"30000019,20000026,20/11/2026,27/11/2026,", exchange.LentToOther},
			{"30000019,99999999,20/11/2026,27/11/2026,", exchange.UnknownPatron},
			{"39999999,20000018,20/11/2026,27/11/2026,", exchange.UnknownCopy},
			{"30000035,20000018,20/11/2026,27/11/2026,", exchange.NotLendable},
			{"30000027,20000018,20/11/2026,,", exchange.Missing},
			{"30000027,20000018,20/11/2026,19/11/2026,", exchange.BadSpan},
			{"30000027,20000018,20/11/2027,27/11/2027,", exchange.BadSpan},
			{"30000027,20000018,khi nào đó,27/11/2026,", exchange.BadDate},
		} {
			p := apply(t, l, read(t, exchange.Loans, "x.csv", firstLine(list)+"\n"+c.row+"\n"))
			if it := p.Items[0]; it.Action != exchange.Wrong || it.Problem.Code != c.code {
				t.Errorf("%s: %+v %+v", c.row, it, it.Problem)
			}
		}
		w.Replayed()
	})
}
