package labels

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"muontra/kiosk"
	"muontra/labels/sheet"
)

// The school of these tests.
var school = Settings{School: "Trường Tiểu học Trưng Trắc", Year: "2026-2027"}

func item(n int, title, author, class, level string) kiosk.Item {
	it := kiosk.Item{
		Copy: kiosk.Copy{Barcode: kiosk.CopySeries.Make(n), Accession: kiosk.Accession("TK", n), Kind: kiosk.Reference},
		Title: kiosk.Title{
			Title: title, ClassNumber: class, Level: level,
		},
	}
	if author != "" {
		it.Title.Authors = []string{author}
	}
	return it
}

func books() []kiosk.Item {
	return []kiosk.Item{
		item(123, "Dế Mèn phiêu lưu ký", "Tô Hoài", "895.92234", "green"),
		item(124, "Đất rừng phương Nam", "Đoàn Giỏi", "895.9223", "Đ"),
		item(125, "Những tấm lòng cao cả và những câu chuyện khác dành cho thiếu nhi", "Edmondo De Amicis", "853", "orange"),
		item(126, "Ở lại với dòng sông", "Nguyễn Ngọc Thuần", "53(075)", "yellow"),
		item(127, "Kể chuyện Bác Hồ", "", "", "white"),
		item(128, "Toán 3", "Hà Huy Khoái", "510.71", "xanh dương"),
		item(129, "Quê nội", "Võ Quảng", "895", ""),
	}
}

func pupils(n int) []kiosk.Member {
	names := []string{"Nguyễn Thị Ngọc Ánh", "Trần Đức Dũng", "Lê Hoàng Thuỳ Dương", "Phạm Quốc Bảo", "Đỗ Thị Mỹ Huyền",
		"Vũ Ngọc Quỳnh Như", "Hồ Tôn Nữ Phương Thảo", "Ngô Gia Bảo", "Bùi Xuân Trường", "Đặng Ái Ly"}
	list := make([]kiosk.Member, n)
	for i := range list {
		list[i] = kiosk.Member{
			Patron: kiosk.Patron{Category: kiosk.Pupil, Name: names[i%len(names)]},
			Card:   kiosk.Card{Barcode: kiosk.PatronSeries.Make(i + 1)},
			Class:  "3A", Grade: 3,
		}
	}
	return list
}

func rooms() []kiosk.Place {
	return []kiosk.Place{
		{Code: "K1", Name: "Giá truyện thiếu nhi", Kind: kiosk.Shelf, Barcode: "40000010"},
		{Code: "GL-1A", Name: "Lớp 1A, cô Nguyễn Thị Hường", Kind: kiosk.ClassCorner, Barcode: "40000028"},
		{Name: "Sân trường", Kind: kiosk.Outdoor},
	}
}

// manyItems is n copies with the titles of books in turn.
func manyItems(n int) []kiosk.Item {
	base := books()
	list := make([]kiosk.Item, n)
	for i := range list {
		list[i] = base[i%len(base)]
		list[i].Barcode = kiosk.CopySeries.Make(i + 1)
		list[i].Accession = kiosk.Accession("TK", i+1)
	}
	return list
}

func stock(t testing.TB, name string) sheet.Stock {
	t.Helper()
	s, err := sheet.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// job is a job with everything that any layout needs.
func job(t testing.TB, layout Layout, stockName string, format Format) Job {
	t.Helper()
	return Job{Settings: school, Layout: layout, Stock: stock(t, stockName), Format: format,
		Items: books(), Members: pupils(7), Places: rooms()}
}

func render(t testing.TB, j Job) ([]byte, Report) {
	t.Helper()
	var b bytes.Buffer
	rep, err := Render(context.Background(), &b, j)
	if err != nil {
		t.Fatalf("%s on %s as %s: %v", j.Layout, j.Stock.Name, j.Format, err)
	}
	return b.Bytes(), rep
}

func name(j Job) string {
	return fmt.Sprintf("%s_%s_%s", j.Layout, j.Stock.Name, j.Format)
}
