package kiosktest

import (
	"errors"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"muontra/kiosk"
)

func searchMarks(t *try) {
	t.shelf(
		kiosk.Title{Title: "Dương cầm cho em"},
		kiosk.Title{Title: "Con đường đến trường"},
		kiosk.Title{Title: "Đường tới lớp"},
		kiosk.Title{Title: "Ánh dương"},
		kiosk.Title{Title: "Hoà bình"}, kiosk.Title{Title: "Bông hoa nhỏ"},
	)
	for _, q := range []string{"đường", "ĐƯỜNG", norm.NFD.String("đường")} {
		t.finds(q, "Đường tới lớp", "Con đường đến trường", "Dương cầm cho em", "Ánh dương")
	}
	t.finds("dương", "Dương cầm cho em", "Ánh dương", "Đường tới lớp", "Con đường đến trường")
	t.finds("duong", "Dương cầm cho em", "Đường tới lớp", "Con đường đến trường", "Ánh dương")
	for _, q := range []string{"hòa", "hoà", norm.NFD.String("hòa"), "HÒA"} {
		t.finds(q, "Hoà bình", "Bông hoa nhỏ")
	}
}

func searchSlips(t *try) {
	t.shelf(
		kiosk.Title{Title: "Dế Mèn phiêu lưu ký", Authors: []string{"Tô Hoài"}, Series: "Tủ sách vàng"},
		kiosk.Title{Title: "Đất rừng phương Nam", Authors: []string{"Đoàn Giỏi"}},
		kiosk.Title{Title: "Vật lí vui"},
	)
	for _, q := range []string{"de mem phieu luu", "dế mền phieuu lưu", "mne phieu", "phieu lu ky", "to haoi", "tu sach vang", "đe men pheu luu ky"} {
		t.findsFirst(q, "Dế Mèn phiêu lưu ký")
	}
	for _, q := range []string{"dat ruwng", "phuong nma", "daon gioi", "dat run phuong"} {
		t.findsFirst(q, "Đất rừng phương Nam")
	}
	t.view(func(v kiosk.View) error {
		h, err := v.Browse(kiosk.TitleQuery{Text: "phuong nma"}, kiosk.Day{}, 0, 10)
		if h.Near != 1 || h.Total != 1 {
			t.tb.Errorf("near %d of %d, want 1 of 1", h.Near, h.Total)
		}
		return err
	})
	// More words than the title has.
	for _, q := range []string{"Vật lí vui (bản mới)", "sách vật lí vui", "sach vat li vui tap 2 nam 2020", "vật lí vui nhà xuất bản mẫu"} {
		t.findsFirst(q, "Vật lí vui")
	}
	for _, q := range []string{"Đất rừng phương Nam quyển mới", "dat rung quyen moi", "đất rừng (tái bản)"} {
		t.findsFirst(q, "Đất rừng phương Nam")
	}
	t.finds("zzzzzz qqqqq")
	t.finds("đất zzzzzz qqqqq")
}

// findsFirst fails unless the query finds the title before others.
func (t *try) findsFirst(query, title string) {
	t.tb.Helper()
	t.view(func(v kiosk.View) error {
		_, fs, err := v.Search(query, 0, 10)
		if len(fs) == 0 || fs[0].Title.Title != title {
			t.tb.Errorf("search %q: %+v, want %s first", query, fs, title)
		}
		return err
	})
}

func searchFacets(t *try) {
	day := kiosk.MustDay
	t.update(func(tx kiosk.Tx) error {
		for _, x := range []struct {
			title  kiosk.Title
			kind   kiosk.Kind
			on     string
			status kiosk.CopyStatus
		}{
			{kiosk.Title{Title: "Truyện A", Level: "N1", Grade: 1, Subjects: []string{"Loài vật", "Truyện"}}, kiosk.Children, "2025-09-01", kiosk.CopyAvailable},
			{kiosk.Title{Title: "Truyện B", Level: "N1", Grade: 2, Subjects: []string{"Truyện"}}, kiosk.Children, "2026-11-01", kiosk.CopyAvailable},
			{kiosk.Title{Title: "Truyện C", Level: "N2", Grade: 2}, kiosk.Reference, "2026-11-02", kiosk.CopyLost},
			{kiosk.Title{Title: "Truyện D", Grade: 2}, kiosk.Reference, "", kiosk.CopyWithdrawn},
			{kiosk.Title{Title: "Bản đồ", Grade: 2}, kiosk.Map, "2026-11-02", kiosk.CopyAvailable},
		} {
			x.title.ID = tx.NewID()
			c := kiosk.Copy{ID: tx.NewID(), TitleID: x.title.ID, Kind: x.kind, Received: day(x.on)}
			var err error
			if c.Barcode, err = tx.NextBarcode(kiosk.CopySeries); err != nil {
				return err
			}
			if err := errors.Join(tx.PutTitle(x.title), tx.PutCopy(c)); err != nil {
				return err
			}
			if _, err := register(tx, c, x.status); err != nil {
				return err
			}
		}
		return nil
	})
	one := func(value string, n int) kiosk.FacetCount { return kiosk.FacetCount{Value: value, N: n} }
	t.view(func(v kiosk.View) error {
		h, err := v.Browse(kiosk.TitleQuery{Text: "truyen"}, day("2026-10-01"), 0, 10)
		equal(t, "total", h.Total, 4)
		equal(t, "facets", h.Facets, kiosk.Facets{
			Kinds: []kiosk.FacetCount{one("children", 2), one("reference", 1)}, Levels: []kiosk.FacetCount{one("N1", 2), one("N2", 1)}, Grades: []kiosk.FacetCount{one("2", 3), one("1", 1)},
			Subjects: []kiosk.FacetCount{one("Truyện", 2), one("Loài vật", 1)}, Fresh: 2,
		})
		g, err2 := v.Browse(kiosk.TitleQuery{Text: "truyen", Grade: 2, Kind: kiosk.Children}, day("2026-10-01"), 0, 10)
		equal(t, "narrowed", g.Total, 1)
		equal(t, "narrowed facets", g.Facets, kiosk.Facets{
			Kinds: []kiosk.FacetCount{one("children", 1), one("reference", 1)}, Levels: []kiosk.FacetCount{one("N1", 1)}, Grades: []kiosk.FacetCount{one("1", 1), one("2", 1)}, Subjects: []kiosk.FacetCount{one("Truyện", 1)}, Fresh: 1,
		})
		fresh, err3 := v.Browse(kiosk.TitleQuery{Since: day("2026-11-01")}, kiosk.Day{}, 0, 2)
		equal(t, "fresh", fresh.Total, 3)
		equal(t, "page", len(fresh.Found), 2)
		equal(t, "newest first", fresh.Found[0].Title.Title, "Bản đồ")
		s, err4 := v.Browse(kiosk.TitleQuery{Subject: "Loài vật", Level: "N1"}, kiosk.Day{}, 0, 10)
		equal(t, "subject", s.Total, 1)
		none, err5 := v.Browse(kiosk.TitleQuery{Level: "N9"}, kiosk.Day{}, 0, 10)
		equal(t, "none", none.Total, 0)
		return errors.Join(err, err2, err3, err4, err5)
	})
}

func fullTitles(t *try) {
	var a kiosk.Title
	t.update(func(tx kiosk.Tx) error {
		a = kiosk.Title{ID: tx.NewID(), Title: "Góc sân", Authors: []string{"Trần Mẫu A", "Lê Mẫu B", "Bùi Mẫu C"}, Relators: []kiosk.Relator{kiosk.Author, kiosk.Illustrator, kiosk.Author},
			Edition: "In lần thứ 2", Series: "Tủ sách vàng", ClassScheme: kiosk.DDC, Size: "21 cm", Link: "https://example.edu.vn/a", Summary: "Câu một.\nCâu hai."}
		return tx.PutTitle(a)
	})
	check := func() {
		t.view(func(v kiosk.View) error {
			got, err := v.Title(a.ID)
			equal(t, "title", got, a)
			equal(t, "role", []kiosk.Relator{got.RelatorOf(0), got.RelatorOf(1), got.RelatorOf(9)}, []kiosk.Relator{kiosk.Author, a.RelatorOf(1), kiosk.Author})
			return err
		})
	}
	check()
	t.finds("tu sach vang", "Góc sân")
	a.Relators = []kiosk.Relator{"", "", ""} // all authors: kept as nil
	t.update(func(tx kiosk.Tx) error { return tx.PutTitle(a) })
	a.Relators = nil
	check()
	t.fails("an unknown scheme", nil, func(tx kiosk.Tx) error { b := a; b.ClassScheme = "x"; return tx.PutTitle(b) })
}

func mergedTitle(t *try) {
	s := t.stocked(1)
	var old kiosk.Title
	t.update(func(tx kiosk.Tx) error {
		old = kiosk.Title{ID: tx.NewID(), Title: "Dế Mèn trùng", ISBN: "9786042088787", MergedInto: s.title.ID}
		return tx.PutTitle(old)
	})
	t.view(func(v kiosk.View) error {
		got, err := v.Title(old.ID)
		equal(t, "pointer", got, old)
		byISBN, err2 := v.TitlesByISBN(old.ISBN)
		equal(t, "by isbn", len(byISBN), 0)
		err3 := v.EachTitle(func(x kiosk.Title) error {
			if x.ID == old.ID {
				t.tb.Errorf("a merged title is listed")
			}
			return nil
		})
		return errors.Join(err, err2, err3)
	})
	t.finds("trung")
	old.MergedInto = ""
	t.update(func(tx kiosk.Tx) error { return tx.PutTitle(old) })
	t.finds("trung", "Dế Mèn trùng")
	t.fails("a title merged into itself", nil, func(tx kiosk.Tx) error { old.MergedInto = old.ID; return tx.PutTitle(old) })
}

func titlesAlike(t *try) {
	t.shelf(
		kiosk.Title{Title: "Dế Mèn phiêu lưu ký", Authors: []string{"Tô Hoài"}, ISBN: "9786042088787"},
		kiosk.Title{Title: "Dế mèn phiêu lưu kí", Remainder: "tập 2"},
		kiosk.Title{Title: "DE MEN PHIEU LUU KY", Authors: []string{"Tô Hoài"}},
		kiosk.Title{Title: "Dế Mèn phiêu lưu ký", Authors: []string{"Người Khác Mẫu"}},
		kiosk.Title{Title: "Sách khác", ISBN: "9786042088787"},
		// Spelt in both ways, the author as the field writes him and as he is called.
		kiosk.Title{Title: "Truyện quý ở nước Mỹ", Authors: []string{"Mẫu, Văn Bình"}},
		kiosk.Title{Title: "Truyện quí ở nước Mĩ", Authors: []string{"Người Khác Mẫu", "Văn Bình Mẫu"}},
		// Other words, and volumes that share the ISBN of their set.
		kiosk.Title{Title: "Bàn tay"}, kiosk.Title{Title: "Bàn tai"},
		kiosk.Title{Title: "Kho báu", Remainder: "tập 1", ISBN: "9786042000017"},
		kiosk.Title{Title: "Kho báu", Remainder: "tập 2", ISBN: "9786042000017"},
	)
	names := func(ts []kiosk.Title) string {
		var all []string
		for _, x := range ts {
			all = append(all, x.Title+"/"+x.Remainder+"/"+strings.Join(x.Authors, ","))
		}
		return strings.Join(all, "; ")
	}
	t.view(func(v kiosk.View) error {
		a, err := v.Alike(kiosk.Title{Title: "dế mèn  phiêu lưu KÝ"})
		equal(t, "by title", names(a), "Dế Mèn phiêu lưu ký//Tô Hoài; DE MEN PHIEU LUU KY//Tô Hoài; Dế Mèn phiêu lưu ký//Người Khác Mẫu")
		b, err2 := v.Alike(kiosk.Title{ISBN: "604208878X"})
		if _, ok := kiosk.ISBNOf("604208878X"); ok {
			equal(t, "by the other form of the isbn", names(b), "Dế Mèn phiêu lưu ký//Tô Hoài; Sách khác//")
		}
		c, err3 := v.Alike(a[0])
		equal(t, "not itself", slices.ContainsFunc(c, func(x kiosk.Title) bool { return x.ID == a[0].ID }), false)
		d, err4 := v.Duplicates(10)
		if len(d) != 2 {
			t.tb.Fatalf("duplicates %+v", d)
		}
		equal(t, "duplicates", names(d[0]), "Dế Mèn phiêu lưu ký//Tô Hoài; DE MEN PHIEU LUU KY//Tô Hoài; Sách khác//")
		equal(t, "duplicates", names(d[1]), "Truyện quý ở nước Mỹ//Mẫu, Văn Bình; Truyện quí ở nước Mĩ//Người Khác Mẫu,Văn Bình Mẫu")
		none, err5 := v.Duplicates(0)
		equal(t, "none asked for", len(none), 0)
		return errors.Join(err, err2, err3, err4, err5)
	})
}

func copiesWhere(t *try) {
	s := t.stocked(4)
	t.update(func(tx kiosk.Tx) error {
		for i, st := range []kiosk.CopyStatus{kiosk.CopyInRepair, kiosk.CopyLost, kiosk.CopyWithdrawn} {
			if _, err := register(tx, s.copies[i], st); err != nil {
				return err
			}
		}
		c := s.copies[3]
		c.Price, c.Labelled, c.Note = 12000, true, "bìa rời"
		return tx.PutCopy(c)
	})
	t.view(func(v kiosk.View) error {
		var errs []error
		count := func(q kiosk.CopyQuery, want int) {
			n, err := v.CountCopies(q)
			items := 0
			err2 := v.EachCopy(q, kiosk.Page{}, func(kiosk.Item) error { items++; return nil })
			if n != want || items != want {
				t.tb.Errorf("%+v: %d, %d items, want %d", q, n, items, want)
			}
			errs = append(errs, err, err2)
		}
		count(kiosk.CopyQuery{}, 3)
		count(kiosk.CopyQuery{Status: kiosk.CopyInRepair}, 1)
		count(kiosk.CopyQuery{Status: kiosk.CopyWithdrawn}, 1)
		count(kiosk.CopyQuery{Condition: kiosk.ConditionDamaged}, 0)
		count(kiosk.CopyQuery{Condition: kiosk.ConditionGood}, 3)
		count(kiosk.CopyQuery{Lack: kiosk.LackPrice}, 2)
		count(kiosk.CopyQuery{Lack: kiosk.LackLabel, Status: kiosk.CopyLost}, 1)
		count(kiosk.CopyQuery{Lack: kiosk.LackLevel}, 3)
		var items []kiosk.Item
		err := v.EachCopy(kiosk.CopyQuery{}, kiosk.Page{From: 1, Most: 1}, func(i kiosk.Item) error { items = append(items, i); return nil })
		if len(items) != 1 || items[0].ID != s.copies[1].ID {
			t.tb.Errorf("second page: %+v", items)
		}
		i, err2 := v.Item(s.copies[3].ID)
		equal(t, "note", i.Note, "bìa rời")
		c, err3 := v.Completeness()
		equal(t, "copies and titles", []int{c.Copies, c.Titles}, []int{3, 1})
		equal(t, "missing", []int{c.Missing[kiosk.LackPrice], c.Missing[kiosk.LackLabel], c.Missing[kiosk.LackLevel]}, []int{2, 2, 1})
		return errors.Join(append(errs, err, err2, err3)...)
	})
}

func recordHistory(t *try) {
	s := t.stocked(2)
	var other kiosk.Title
	t.update(func(tx kiosk.Tx) error {
		other = kiosk.Title{ID: tx.NewID(), Title: "Trùng"}
		after := s.title
		after.Title = "Tên mới"
		return errors.Join(tx.PutTitle(other),
			tx.Append(&kiosk.Event{Type: kiosk.EventTitleChanged, Payload: kiosk.Payload{Edited: &kiosk.Edited{Title: s.title.ID, Titles: []kiosk.TitleEdit{{Before: s.title, After: after}}}}}),
			tx.Append(&kiosk.Event{Type: kiosk.EventTitlesMerged, Payload: kiosk.Payload{Edited: &kiosk.Edited{Title: s.title.ID, Other: other.ID}}}))
	})
	t.view(func(v kiosk.View) error {
		es, err := v.EventsOfTitle(s.title.ID, 10)
		if len(es) != 2 || es[0].Type != kiosk.EventTitlesMerged || es[1].Payload.Edited.Titles[0].After.Title != "Tên mới" {
			t.tb.Errorf("history of the title: %+v", es)
		}
		of, err2 := v.EventsOfTitle(other.ID, 10)
		equal(t, "of the other", len(of), 1)
		cs, err3 := v.EventsOfCopy(s.copies[0].ID, 10)
		if len(cs) != 1 || cs[0].Type != kiosk.EventCopyAdded {
			t.tb.Errorf("history of a copy: %+v", cs)
		}
		one, err4 := v.EventsOfTitle(s.title.ID, 1)
		equal(t, "limit", len(one), 1)
		no, err5 := v.EventsOfCopy("", 5)
		equal(t, "of no copy", len(no), 0)
		return errors.Join(err, err2, err3, err4, err5)
	})
}
