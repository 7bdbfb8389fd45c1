package kiosktest

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"muontra/kiosk"
)

// shelf puts titles with one copy each.
func (t *try) shelf(titles ...kiosk.Title) {
	t.tb.Helper()
	t.update(func(tx kiosk.Tx) error {
		for _, b := range titles {
			b.ID = tx.NewID()
			if err := tx.PutTitle(b); err != nil {
				return err
			}
			if _, err := addCopy(tx, b.ID, kiosk.Children, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

// finds fails unless the query finds these titles, in this order.
func (t *try) finds(query string, titles ...string) {
	t.tb.Helper()
	t.view(func(v kiosk.View) error {
		total, fs, err := v.Search(query, 0, 100)
		var got []string
		for _, f := range fs {
			got = append(got, f.Title.Title)
		}
		if strings.Join(got, "|") != strings.Join(titles, "|") || total != len(titles) {
			t.tb.Errorf("search %.60q: %d of %d %q, want %q", query, len(got), total, got, titles)
		}
		return err
	})
}

func searchWords(t *try) {
	t.shelf(
		kiosk.Title{Title: "Dế Mèn phiêu lưu ký", Authors: []string{"Tô Hoài"}, Subjects: []string{"Loài vật"}, ISBN: "9786042088787"},
		kiosk.Title{Title: "Đất rừng phương Nam", Authors: []string{"Đoàn Giỏi"}, Publisher: "Kim Đồng"},
	)
	for _, q := range []string{"de men", "Dế Mèn", norm.NFD.String("dế mèn"), "MEN DE", "phieu luu", "to hoai", "loai vat", "men phi", "9786042088787", "978-604-2-08878-7", "TN.00001", "tn 1", kiosk.CopySeries.Make(1)} {
		t.finds(q, "Dế Mèn phiêu lưu ký")
	}
	for _, q := range []string{"dat rung", "đất rừng", "ĐẤT", "phuong nam", "doan gioi", "kim dong", "dat gioi"} {
		t.finds(q, "Đất rừng phương Nam")
	}
	for _, q := range []string{"xoong", "phuong bac cuc", "TN.00003", "9786042088788"} {
		t.finds(q)
	}
	t.finds("", "Đất rừng phương Nam", "Dế Mèn phiêu lưu ký") // the newest first
	t.update(func(tx kiosk.Tx) error {                        // under its new name only
		i, err := tx.ItemByAccession("TN.00001")
		if err != nil {
			return err
		}
		i.Title.Title, i.Title.Authors, i.Title.Subjects = "O chuột", nil, nil
		return tx.PutTitle(i.Title)
	})
	t.finds("de men phieu")
	t.finds("to hoai")
	t.finds("o chuot", "O chuột")
}

func searchRanks(t *try) {
	t.shelf(
		kiosk.Title{Title: "Vở bài tập", Subjects: []string{"Toán"}},
		kiosk.Title{Title: "Vui học Toán"},
		kiosk.Title{Title: "Toán tuổi thơ"},
		kiosk.Title{Title: "Toán"},
		kiosk.Title{Title: "Tự nhiên", Authors: []string{"Toán Văn Mẫu"}},
	)
	t.finds("toán", "Toán", "Toán tuổi thơ", "Vui học Toán", "Vở bài tập", "Tự nhiên")
	t.view(func(v kiosk.View) error {
		var got []string
		for off := range 6 {
			total, fs, err := v.Search("toan", off, 1)
			if err != nil {
				return err
			}
			equal(t, "total", total, 5)
			for _, f := range fs {
				got = append(got, f.Title.Title)
			}
		}
		equal(t, "pages", got, []string{"Toán", "Toán tuổi thơ", "Vui học Toán", "Vở bài tập", "Tự nhiên"})
		total, fs, err := v.Search("", 1, 2)
		if total != 5 || len(fs) != 2 || fs[0].Title.Title != "Toán" {
			t.tb.Errorf("second page of the newest: %d, %+v", total, fs)
		}
		_, fs, err2 := v.Search("toan", -5, 0)
		equal(t, "none asked for", len(fs), 0)
		return errors.Join(err, err2)
	})
	var many []kiosk.Title
	for i := range 120 {
		many = append(many, kiosk.Title{Title: fmt.Sprintf("Truyện mẫu số %d", i)})
	}
	t.shelf(many...)
	t.view(func(v kiosk.View) error {
		total, fs, err := v.Search("truyen mau", 0, 1000)
		equal(t, "total", total, 120)
		equal(t, "at most a hundred", len(fs), 100)
		return err
	})
}

func searchShows(t *try) {
	s := t.stocked(5)
	var withdrawn, kept, bare kiosk.Copy
	t.update(func(tx kiosk.Tx) error {
		if _, err := lend(tx, s.copies[0], s.patron.Ref); err != nil {
			return err
		}
		withdrawn, kept = s.copies[2], s.copies[3]
		if _, err := register(tx, withdrawn, kiosk.CopyWithdrawn); err != nil {
			return err
		}
		if _, err := register(tx, s.copies[4], kiosk.CopyInRepair); err != nil {
			return err
		}
		bare = kiosk.Copy{ID: tx.NewID(), TitleID: s.title.ID, Barcode: "TRAN", Kind: kiosk.Children}
		return errors.Join(tx.PutCopy(bare), tx.PutHold(kiosk.Hold{ID: tx.NewID(), TitleID: s.title.ID, PatronRef: s.other.Ref, CopyID: kept.ID, PlacedAt: Start, Status: kiosk.HoldReady}))
	})
	t.view(func(v kiosk.View) error {
		_, fs, err := v.Search("dế mèn", 0, 10)
		if len(fs) != 1 {
			t.tb.Fatalf("found %+v", fs)
		}
		type seen struct {
			id        kiosk.ID
			available bool
			due       kiosk.Day
		}
		var got []seen
		for _, c := range fs[0].Copies {
			got = append(got, seen{c.Item.ID, c.Available, c.DueOn})
			equal(t, "title of the copy", c.Item.Title, s.title)
		}
		equal(t, "copies", got, []seen{{bare.ID, false, kiosk.Day{}}, {s.copies[0].ID, false, Today.Add(7)}, {s.copies[1].ID, true, kiosk.Day{}}, {kept.ID, false, kiosk.Day{}}, {s.copies[4].ID, false, kiosk.Day{}}})
		return err
	})
}

func searchAnyText(t *try) {
	t.shelf(kiosk.Title{Title: "Dế Mèn phiêu lưu ký"})
	for _, q := range []string{`"`, `""`, `de AND`, `de NOT men`, `title:de`, `{title} : de`, `de* ^men`, `(`, `NEAR(de men)`, `'; DROP TABLE title; --`, "\x00", "de\x00men", "%", "_", "***", "🙂", "\xff\xfe", strings.Repeat("de ", 500), strings.Repeat("x", 5000)} {
		err := t.l.View(bg, func(v kiosk.View) error {
			_, _, err := v.Search(q, 0, 20)
			return err
		})
		if err != nil {
			t.tb.Errorf("search %.40q: %v", q, err)
		}
	}
	t.finds(`"dế" (mèn)`, "Dế Mèn phiêu lưu ký")
	t.finds("de-men!", "Dế Mèn phiêu lưu ký")
	t.finds("!!!")
}
