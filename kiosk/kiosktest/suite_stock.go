package kiosktest

import (
	"errors"
	"slices"

	"muontra/kiosk"
)

func titlesComeBack(t *try) {
	var a, b kiosk.Title
	t.update(func(tx kiosk.Tx) error {
		a = kiosk.Title{ID: tx.NewID(), Title: "Đất rừng phương Nam", Remainder: "tập 1", Authors: []string{"Đoàn Giỏi", "Người Vẽ Mẫu"}, Publisher: "Kim Đồng", PubPlace: "H.",
			Year: 2019, ISBN: "9786042088787", ClassNumber: "895.9223", Subjects: []string{"Truyện", "Nam Bộ"}, Grade: 4, Level: "N4", Language: "vi", Pages: 304, Price: 65000, CallNumber: "ĐG/Đ"}
		b = kiosk.Title{ID: tx.NewID(), Title: "Góc sân và khoảng trời", ISBN: "9786042088787"}
		return errors.Join(tx.PutTitle(a), tx.PutTitle(b))
	})
	check := func(order ...kiosk.Title) {
		t.view(func(v kiosk.View) error {
			got, err := v.Title(a.ID)
			equal(t, "title", got, a)
			_, nf := v.Title("nope")
			t.notFound("title", nf)
			var all []kiosk.Title
			err2 := v.EachTitle(func(x kiosk.Title) error { all = append(all, x); return nil })
			equal(t, "titles", all, order)
			return errors.Join(err, err2)
		})
	}
	check(a, b)
	t.view(func(v kiosk.View) error {
		ts, err := v.TitlesByISBN("9786042088787")
		equal(t, "by isbn", ts, []kiosk.Title{a, b})
		none, err2 := v.TitlesByISBN("")
		if len(none) != 0 {
			t.tb.Errorf("titles without an isbn: %+v", none)
		}
		return errors.Join(err, err2)
	})
	a.Authors, a.Subjects, a.ISBN, a.Title = []string{"Một Tên"}, nil, "", "Đất rừng"
	t.update(func(tx kiosk.Tx) error { return tx.PutTitle(a) })
	check(a, b)
	t.fails("a title without a title", nil, func(tx kiosk.Tx) error { return tx.PutTitle(kiosk.Title{ID: tx.NewID()}) })
	t.fails("a price below zero", nil, func(tx kiosk.Tx) error { return tx.PutTitle(kiosk.Title{ID: tx.NewID(), Title: "x", Price: -1}) })
}

func copiesComeBack(t *try) {
	s := t.stocked(0)
	var c kiosk.Copy
	t.update(func(tx kiosk.Tx) error {
		set := kiosk.BookSet{ID: tx.NewID(), Name: "Bộ lớp 2", Grade: 2, Programme: "2018", Barcode: "BO2"}
		c = kiosk.Copy{ID: tx.NewID(), TitleID: s.title.ID, Barcode: "S-0001", Accession: "tk 7", Kind: kiosk.Reference, SubKind: kiosk.Dictionary,
			Price: 42000, Source: "grant", Received: kiosk.MustDay("2025-09-01"), HomePlace: s.place.ID, SetID: set.ID, Labelled: true, Pieces: 12,
			State: kiosk.CopyState{Status: kiosk.CopyLost}} // only an event says so
		return errors.Join(tx.PutSet(set), tx.PutCopy(c), tx.PutTextbookLine(kiosk.TextbookLine{ID: tx.NewID(), TitleID: s.title.ID, From: 1, To: 30, Quantity: 30, PlaceID: s.place.ID}))
	})
	c.Accession = "TK.00007" // kept in its canonical form
	c.State = kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyInProcessing, Condition: kiosk.ConditionGood, Place: s.place.ID}
	t.same("a copy that no event registered", c, s)
	t.update(func(tx kiosk.Tx) error {
		c.State.Status, c.State.Condition, c.State.OnSite, c.State.Loans = kiosk.CopyAvailable, kiosk.ConditionWorn, 3, 5
		return tx.Append(&kiosk.Event{Type: kiosk.EventCopyAdded, CopyID: c.ID, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{c.State}}}})
	})
	t.same("a registered copy", c, s)
	t.update(func(tx kiosk.Tx) error {
		ps, err := tx.Places()
		s.place = ps[1]
		c.State.Place, c.State.Status = s.place.ID, kiosk.CopyInRepair
		changed := c
		changed.Labelled, changed.Price = false, 0
		c.Labelled, c.Price = false, 0
		return errors.Join(err, tx.PutCopy(changed), tx.Append(&kiosk.Event{Type: kiosk.EventCopyChanged, CopyID: c.ID,
			Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{c.State}}}}))
	})
	t.same("a copy that was moved", c, s)
	t.view(func(v kiosk.View) error {
		_, err := v.Item("nope")
		t.notFound("copy", err)
		_, err = v.ItemByBarcode(s.card.Barcode)
		t.notFound("a card's barcode as a copy's", err)
		_, err = v.ItemByAccession("TK.00008")
		t.notFound("number", err)
		_, err = v.MemberByCard(c.Barcode, Today)
		t.notFound("a copy's barcode as a card's", err)
		return nil
	})
}

// same compares a copy by every way to it.
func (t *try) same(what string, c kiosk.Copy, s stock) {
	t.tb.Helper()
	want := kiosk.Item{Copy: c, Title: s.title, PlaceName: s.place.Name}
	t.view(func(v kiosk.View) error {
		i, err := v.Item(c.ID)
		equal(t, what, i, want)
		i, err2 := v.ItemByBarcode(c.Barcode)
		equal(t, what+", by barcode", i, want)
		i, err3 := v.ItemByAccession("TK.7")
		equal(t, what+", by number", i, want)
		is, err4 := v.ItemsOfTitle(c.TitleID)
		equal(t, what+", by title", is, []kiosk.Item{want})
		return errors.Join(err, err2, err3, err4)
	})
}

func copiesInOrder(t *try) {
	s := t.stocked(0)
	t.update(func(tx kiosk.Tx) error {
		for i, a := range []string{"TK.100000", "TK.00002", "GK.00005", "TK.99999", ""} {
			c := kiosk.Copy{ID: tx.NewID(), TitleID: s.title.ID, Barcode: "B" + string(rune('0'+i)), Accession: a, Kind: kiosk.Reference}
			if err := tx.PutCopy(c); err != nil {
				return err
			}
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		var got []string
		err := v.EachItem(func(i kiosk.Item) error { got = append(got, i.Accession); return nil })
		want := []string{"", "GK.00005", "TK.00002", "TK.99999", "TK.100000"}
		equal(t, "copies", got, want)
		var came []string
		err3 := v.EachOfStock(func(c kiosk.Copy) error {
			came = append(came, c.Accession)
			i, err := v.Item(c.ID)
			equal(t, "a copy of the stock", c, i.Copy)
			return err
		})
		equal(t, "the stock", came, []string{"TK.100000", "TK.00002", "GK.00005", "TK.99999", ""})
		var sorted []kiosk.Copy
		errs := v.EachOfStock(func(c kiosk.Copy) error { sorted = append(sorted, c); return nil })
		slices.SortFunc(sorted, kiosk.CompareAccessions)
		for i, c := range sorted {
			equal(t, "sorted in Go as in the ledger", c.Accession, want[i])
		}
		is, err2 := v.ItemsOfTitle(s.title.ID)
		if !slices.EqualFunc(is, want, func(i kiosk.Item, a string) bool { return i.Accession == a }) {
			t.tb.Errorf("copies of the title: %+v", is)
		}
		return errors.Join(err, err2, err3, errs)
	})
}

func copiesChecked(t *try) {
	s := t.stocked(1)
	c := s.copies[0]
	put := func(change func(*kiosk.Copy)) func(kiosk.Tx) error {
		return func(tx kiosk.Tx) error {
			d := c
			d.ID, d.Barcode, d.Accession = tx.NewID(), "MOI", "TN.00077"
			change(&d)
			return tx.PutCopy(d)
		}
	}
	t.fails("no title", kiosk.ErrNotFound, put(func(d *kiosk.Copy) { d.TitleID = "nope" }))
	t.fails("no place", kiosk.ErrNotFound, put(func(d *kiosk.Copy) { d.HomePlace = "nope" }))
	t.fails("no set", kiosk.ErrNotFound, put(func(d *kiosk.Copy) { d.SetID = "nope" }))
	t.fails("no barcode", nil, put(func(d *kiosk.Copy) { d.Barcode = "" }))
	t.fails("no kind", nil, put(func(d *kiosk.Copy) { d.Kind = "spoon" }))
	t.fails("a price below zero", nil, put(func(d *kiosk.Copy) { d.Price = -5 }))
	t.fails("another's barcode", kiosk.ErrConflict, put(func(d *kiosk.Copy) { d.Barcode = c.Barcode }))
	t.fails("another's number", kiosk.ErrConflict, put(func(d *kiosk.Copy) { d.Accession = c.Accession }))
	t.fails("another's number, written otherwise", kiosk.ErrConflict, put(func(d *kiosk.Copy) { d.Accession = "tn 1" }))
	t.fails("textbooks of no title", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		return tx.PutTextbookLine(kiosk.TextbookLine{ID: tx.NewID(), TitleID: "nope"})
	})
	t.fails("textbooks below zero", nil, func(tx kiosk.Tx) error {
		return tx.PutTextbookLine(kiosk.TextbookLine{ID: tx.NewID(), TitleID: s.title.ID, Quantity: -1})
	})
	t.update(put(func(*kiosk.Copy) {})) // that one was right
}

func oneSpace(t *try) {
	s := t.stocked(1)
	t.update(func(tx kiosk.Tx) error {
		return errors.Join(tx.PutSet(kiosk.BookSet{ID: tx.NewID(), Name: "Bộ", Barcode: "BO-1"}),
			tx.PutPlace(kiosk.Place{ID: tx.NewID(), Code: "GX", Kind: kiosk.Hallway, Barcode: "GX-1"}),
			tx.PutPlace(kiosk.Place{ID: tx.NewID(), Code: "GY", Kind: kiosk.Hallway}), tx.PutPlace(kiosk.Place{ID: tx.NewID(), Code: "GZ", Kind: kiosk.Hallway}))
	})
	for _, code := range []string{s.card.Barcode, s.copies[0].Barcode, "BO-1", "GX-1", kiosk.CommandCodes[0].Barcode, kiosk.CommandCodes[1].Alias} {
		t.fails(code+" on a card", kiosk.ErrConflict, func(tx kiosk.Tx) error {
			return tx.PutCard(kiosk.Card{ID: tx.NewID(), PatronID: s.patron.ID, Barcode: code, Status: kiosk.CardActive, IssuedAt: Start})
		})
		t.fails(code+" on a copy", kiosk.ErrConflict, func(tx kiosk.Tx) error {
			return tx.PutCopy(kiosk.Copy{ID: tx.NewID(), TitleID: s.title.ID, Barcode: code, Kind: kiosk.Map})
		})
		t.fails(code+" on a set", kiosk.ErrConflict, func(tx kiosk.Tx) error {
			return tx.PutSet(kiosk.BookSet{ID: tx.NewID(), Name: "Bộ", Barcode: code})
		})
		t.fails(code+" on a place", kiosk.ErrConflict, func(tx kiosk.Tx) error {
			return tx.PutPlace(kiosk.Place{ID: tx.NewID(), Code: "GW", Kind: kiosk.Hallway, Barcode: code})
		})
		t.update(func(tx kiosk.Tx) error {
			used, err := tx.BarcodeInUse(code)
			equal(t, code+" in use", used, true)
			return err
		})
	}
	// A code that its owner gives up is free again.
	t.update(func(tx kiosk.Tx) error {
		s.card.Barcode = "THE-MOI"
		if err := tx.PutCard(s.card); err != nil {
			return err
		}
		used, err := tx.BarcodeInUse("THE-1")
		equal(t, "the code that was given up is in use", used, false)
		c := s.copies[0]
		c.Barcode = "THE-1"
		return errors.Join(err, tx.PutCopy(c))
	})
	t.view(func(v kiosk.View) error {
		_, err := v.MemberByCard("THE-1", Today)
		t.notFound("card", err)
		i, err := v.ItemByBarcode("THE-1")
		equal(t, "copy", i.ID, s.copies[0].ID)
		return err
	})
}

func accessions(t *try) {
	s := t.stocked(1) // TN.00001
	c := s.copies[0]
	t.update(func(tx kiosk.Tx) error {
		c.Accession = "TN.00009"
		return tx.PutCopy(c)
	})
	t.fails("the number that a copy had once", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		return tx.PutCopy(kiosk.Copy{ID: tx.NewID(), TitleID: s.title.ID, Barcode: "B", Accession: "TN.00001", Kind: kiosk.Children})
	})
	t.update(func(tx kiosk.Tx) error {
		var got []string
		for _, p := range []string{"TN", "TN", "GK", "TN"} {
			a, err := tx.NextAccession(p)
			if err != nil {
				return err
			}
			got = append(got, a)
		}
		equal(t, "numbers", got, []string{"TN.00010", "TN.00011", "GK.00001", "TN.00012"})
		return tx.PutCopy(kiosk.Copy{ID: tx.NewID(), TitleID: s.title.ID, Barcode: "B", Accession: "TN.00011", Kind: kiosk.Children})
	})
	t.fails("a prefix that is none", nil, func(tx kiosk.Tx) error { _, err := tx.NextAccession("T N"); return err })
	t.update(func(tx kiosk.Tx) error { // back to the number it had is no new use
		c.Accession = "TN.00001"
		return tx.PutCopy(c)
	})
}

func barcodes(t *try) {
	s := t.stocked(1) // has taken 3000001
	t.update(func(tx kiosk.Tx) error {
		return tx.PutCard(kiosk.Card{ID: tx.NewID(), PatronID: s.patron.ID, Barcode: kiosk.CopySeries.Make(3), Status: kiosk.CardActive, IssuedAt: Start})
	})
	t.update(func(tx kiosk.Tx) error {
		a, err := tx.NextBarcode(kiosk.CopySeries)
		b, err2 := tx.NextBarcode(kiosk.CopySeries) // the third is a card's
		c, err3 := tx.NextBarcode(kiosk.PatronSeries)
		d, err4 := tx.NextBarcode(kiosk.CommandSeries) // the first six are commands'
		equal(t, "barcodes", []string{s.copies[0].Barcode, a, b, c, d},
			[]string{kiosk.CopySeries.Make(1), kiosk.CopySeries.Make(2), kiosk.CopySeries.Make(4), kiosk.PatronSeries.Make(1), kiosk.CommandSeries.Make(7)})
		used, err5 := tx.BarcodeInUse(a)
		equal(t, "a code that was only handed out is in use", used, false)
		return errors.Join(err, err2, err3, err4, err5)
	})
}
