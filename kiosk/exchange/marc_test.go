package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/kiosk/exchange/marc"
)

// fullTitles are titles with all that a record can say.
func fullTitles(t *testing.T, l kiosk.Ledger) []kiosk.Title {
	t.Helper()
	all := []kiosk.Title{
		{Title: "Dế Mèn phiêu lưu ký", Remainder: "tập 1 / bản đẹp", Authors: []string{"Tô Hoài", "Andersen, H. C.", "Người Vẽ Mẫu"}, Relators: []kiosk.Relator{"", kiosk.Translator, kiosk.Illustrator},
			Publisher: "Kim Đồng", PubPlace: "H.", Year: 2019, Edition: "Tái bản lần thứ 3", Series: "Tủ sách Vàng", ISBN: "9786042088787", ClassNumber: "895.9223", ClassScheme: kiosk.DDC,
			Subjects: []string{"Loài vật", "Phiêu lưu"}, Grade: 3, Level: "green", Language: "vi", Pages: 172, Size: "21 cm", Price: 45000, CallNumber: "V23/T450H",
			Link: "https://example.edu.vn/de-men?a=1&b=<2>", Summary: "Chú dế đi xa.\n\"Hay\" & vui."},
		{Title: "Sách 19 lớp", ClassNumber: "53(075)", ClassScheme: kiosk.Classes19, Language: "vi"},
		{Title: "O chuột", Authors: []string{"Tô Hoài"}, ClassNumber: "V2", Language: "ru"},
		{Title: "???", Language: "vi"},
		{Title: "Một tác giả, hai tên", Authors: []string{"Lê Mẫu A, Trần Mẫu B"}, Language: "xx"},
	}
	err := l.Update(context.Background(), func(tx kiosk.Tx) error {
		for i := range all {
			all[i].ID = tx.NewID()
			if err := tx.PutTitle(all[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func titlesOf(t *testing.T, l kiosk.Ledger) (all []kiosk.Title) {
	t.Helper()
	err := l.View(context.Background(), func(v kiosk.View) error {
		return v.EachTitle(func(x kiosk.Title) error { all = append(all, x); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// What a library exports, in any form, it finds unchanged; another library gets
// the same titles, in all fields, and no copies.
func TestFullTitlesGoRound(t *testing.T) {
	l := memory(t)
	fullTitles(t, l)
	want := titlesOf(t, l)
	for _, ending := range []string{".xlsx", ".csv", ".mrc", ".xml"} {
		name := export(t, l, exchange.Titles, ending, false)
		table, err := exchange.ReadFile(exchange.Titles, name)
		if err != nil {
			t.Fatalf("%s: %v", ending, err)
		}
		if c := apply(t, l, table).Counts(); c.Unchanged != len(want) {
			t.Errorf("%s at home: %s", ending, c)
		}
		other := memory(t)
		if p := apply(t, other, table); p.Counts().Added != len(want) {
			t.Errorf("%s elsewhere: %s %s", ending, p.Counts(), problems(p))
		}
		got := titlesOf(t, other)
		for i := range want {
			w := want[i]
			if ending == ".xlsx" || ending == ".csv" {
				w.Summary = strings.ReplaceAll(w.Summary, "\n", " ") // a cell of a list is one line
			}
			if i < len(got) {
				w.ID = got[i].ID
			}
			if i >= len(got) || !reflect.DeepEqual(got[i], w) {
				t.Errorf("%s:\n got %+v\nwant %+v", ending, got[i], w)
			}
		}
		err = other.View(context.Background(), func(v kiosk.View) error {
			return v.EachItem(func(i kiosk.Item) error {
				t.Errorf("%s: a copy came with %s", ending, i.Title.Title)
				return nil
			})
		})
		if err != nil {
			t.Error(err)
		}
	}
	for _, s := range []exchange.Subject{exchange.Patrons, exchange.Copies, exchange.Loans} {
		_, err := exchange.Export(context.Background(), l, s, filepath.Join(t.TempDir(), "x.mrc"), exchange.ExportOptions{Now: now})
		var fe *exchange.FileError
		if !errors.As(err, &fe) || fe.Code != exchange.FileTitles {
			t.Errorf("%s as MARC: %v", s, err)
		}
	}
}

// YAZ, which libraries have used for thirty years, reads what is written here,
// and what it writes is read here.
func TestMARCByYAZ(t *testing.T) {
	yaz, err := exec.LookPath("yaz-marcdump")
	if err != nil {
		t.Skip("no yaz-marcdump on this machine: install Debian's yaz to compare MARC with it")
	}
	l := memory(t)
	fullTitles(t, l)
	mrc, xml := export(t, l, exchange.Titles, ".mrc", false), export(t, l, exchange.Titles, ".xml", false)
	run := func(args ...string) []byte {
		t.Helper()
		var out, fault bytes.Buffer
		c := exec.Command(yaz, args...)
		c.Stdout, c.Stderr = &out, &fault
		if err := c.Run(); err != nil || fault.Len() > 0 {
			t.Fatalf("yaz-marcdump %v: %v %s", args, err, &fault)
		}
		return out.Bytes()
	}
	dump := string(run("-i", "marc", "-o", "line", mrc))
	for _, want := range []string{"245 10 $a Dế Mèn phiêu lưu ký $b tập 1 / bản đẹp", "700 1  $a Người Vẽ Mẫu $4 ill", "020    $a 9786042088787", "082 04 $a 895.9223", "260    $a H. $b Kim Đồng $c 2019"} {
		if !strings.Contains(dump, want) {
			t.Errorf("yaz does not see %q in\n%s", want, dump)
		}
	}
	if strings.Contains(strings.ToLower(dump), "warning") || strings.Contains(dump, "No separator") {
		t.Errorf("yaz warns:\n%s", dump)
	}
	ours, err := os.ReadFile(mrc)
	if err != nil {
		t.Fatal(err)
	}
	records, err := marc.Read(ours)
	if err != nil {
		t.Fatal(err)
	}
	for name, theirs := range map[string][]byte{
		"its MARCXML": run("-i", "marc", "-o", "marcxml", mrc), "its ISO 2709 of our XML": run("-i", "marcxml", "-o", "marc", xml), "our XML": run("-i", "marcxml", "-o", "marcxml", xml),
	} {
		got, err := marc.Read(theirs)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i := range got {
			if i >= len(records) || !reflect.DeepEqual(got[i].Fields, records[i].Fields) {
				t.Errorf("%s, record %d:\n got %+v\nwant %+v", name, i+1, got[i].Fields, records[i].Fields)
			}
		}
	}
}

// A record as another library's program writes it: ISBD punctuation, the price
// in 020 $c, copies in 952 as Koha exports them.
func TestMARCOfOthers(t *testing.T) {
	f := func(tag string, pairs ...string) marc.Field {
		x := marc.Field{Tag: tag, Ind1: ' ', Ind2: ' '}
		for i := 0; i < len(pairs); i += 2 {
			x.Subfields = append(x.Subfields, marc.Subfield{Code: pairs[i][0], Value: pairs[i+1]})
		}
		return x
	}
	var b bytes.Buffer
	err := marc.WriteBinary(&b, []marc.Record{{Leader: "00000cam a2200000 a 4500", Fields: []marc.Field{
		{Tag: "001", Data: "12345"}, {Tag: "008", Data: "200101s2019    vm            000 0 vie d"},
		f("020", "a", "978-604-2-08878-7 (bìa mềm)", "c", "45.000 đ"), f("082", "a", "895.922/334", "2", "23"), f("100", "a", "Tô Hoài,", "e", "tác giả"),
		f("245", "a", "Dế Mèn phiêu lưu ký :", "b", "truyện dài /", "c", "Tô Hoài ; minh hoạ: Người Vẽ Mẫu"), f("260", "a", "H. :", "b", "Kim Đồng,", "c", "c2019."),
		f("300", "a", "172 tr. ;", "c", "21 cm."), f("650", "a", "Văn học thiếu nhi."), f("700", "a", "Người Vẽ Mẫu", "e", "minh hoạ"),
		f("952", "p", "KM0001", "i", "TN.00011"), f("952", "p", "KM0002", "i", "TN.00012"),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		table, err := exchange.Read(exchange.Titles, "koha.mrc", b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if c := apply(t, l, table).Counts(); c.Added != 2 {
			t.Errorf("counts %s", c)
		}
		got := titlesOf(t, l)
		want := kiosk.Title{ID: got[0].ID, Title: "Dế Mèn phiêu lưu ký", Remainder: "truyện dài", Authors: []string{"Tô Hoài", "Người Vẽ Mẫu"}, Relators: []kiosk.Relator{"", kiosk.Illustrator},
			Publisher: "Kim Đồng", PubPlace: "H.", Year: 2019, ISBN: "9786042088787", ClassNumber: "895.922334", ClassScheme: kiosk.DDC, Subjects: []string{"Văn học thiếu nhi"},
			Language: "vi", Pages: 172, Size: "21 cm", Price: 45000}
		if len(got) != 1 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("\n got %+v\nwant %+v", got, want)
		}
		err = l.View(context.Background(), func(v kiosk.View) error {
			i, err := v.ItemByBarcode("KM0002")
			if i.Accession != "TN.00012" {
				t.Errorf("copy %+v", i.Copy)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if c := apply(t, l, table).Counts(); c.Unchanged != 2 {
			t.Errorf("again: %s", c)
		}
	})
}

func TestBrokenMARC(t *testing.T) {
	l := memory(t)
	fullTitles(t, l)
	name := export(t, l, exchange.Titles, ".mrc", false)
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	latin := bytes.Replace(good, []byte("Kim Đồng"), []byte("Kim \xd0\xe2\xc2\xff\xfeng"), 1)
	for what, c := range map[string]struct {
		data []byte
		code exchange.Code
	}{
		"cut short": {good[:len(good)-30], exchange.FileMARC}, "a length that lies": {append([]byte("09999"), good[5:]...), exchange.FileMARC},
		"XML cut short":   {[]byte(`<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>x`), exchange.FileMARC},
		"no record in it": {[]byte(`<collection xmlns="http://www.loc.gov/MARC21/slim"></collection>`), exchange.FileMARC},
		"another code":    {latin, exchange.FileMARCText},
	} {
		_, err := exchange.Read(exchange.Titles, "x.mrc", c.data)
		var fe *exchange.FileError
		if !errors.As(err, &fe) || fe.Code != c.code {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := 0; i < len(good); i += 7 { // no byte makes it panic
		bad := bytes.Clone(good)
		bad[i] ^= 0x15
		_, _ = marc.Read(bad)
	}
}
