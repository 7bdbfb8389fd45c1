package kiosktest

import (
	"errors"

	"muontra/kiosk"
)

// unmade: what was made by mistake goes without a trace while nothing refers to it,
// and stays, whole, as soon as something does.
func unmade(t *try) {
	s := t.stocked(1)
	var title kiosk.Title
	var set kiosk.BookSet
	var line kiosk.TextbookLine
	t.update(func(tx kiosk.Tx) error {
		title = kiosk.Title{ID: tx.NewID(), Title: "Tên gõ nhầm", Authors: []string{"Trần Mẫu"}, Subjects: []string{"Mẫu"}}
		set = kiosk.BookSet{ID: tx.NewID(), Name: "Bộ gõ nhầm", Barcode: "BO-NHAM"}
		line = kiosk.TextbookLine{ID: tx.NewID(), TitleID: title.ID, Year: 2026, From: 1, To: 5, Quantity: 5}
		return errors.Join(tx.PutTitle(title), tx.PutSet(set), tx.PutTextbookLine(line))
	})
	t.finds("go nham", "Tên gõ nhầm")
	t.fails("a title with textbooks", kiosk.ErrConflict, func(tx kiosk.Tx) error { return tx.DropTitle(title.ID) })
	t.fails("a title with a copy", kiosk.ErrConflict, func(tx kiosk.Tx) error { return tx.DropTitle(s.title.ID) })
	t.update(func(tx kiosk.Tx) error { // the act may go on after a refusal, and nothing is half gone
		if err := tx.DropTitle(title.ID); !errors.Is(err, kiosk.ErrConflict) {
			t.tb.Errorf("used: %v", err)
		}
		return nil
	})
	t.finds("go nham", "Tên gõ nhầm")
	t.view(func(v kiosk.View) error {
		got, err := v.Title(title.ID)
		equal(t, "title", got, title)
		return err
	})
	t.update(func(tx kiosk.Tx) error {
		return errors.Join(tx.DropTextbookLine(line.ID), tx.DropTitle(title.ID), tx.DropSet(set.ID))
	})
	t.finds("go nham")
	t.view(func(v kiosk.View) error {
		_, err := v.Title(title.ID)
		t.notFound("title", err)
		_, err = v.Set(set.ID)
		t.notFound("set", err)
		_, err = v.TextbookLine(line.ID)
		t.notFound("textbook line", err)
		return nil
	})
	t.update(func(tx kiosk.Tx) error {
		used, err := tx.BarcodeInUse("BO-NHAM")
		equal(t, "the barcode is free", used, false)
		return err
	})
	for what, drop := range map[string]func(kiosk.Tx) error{
		"title":         func(tx kiosk.Tx) error { return tx.DropTitle(title.ID) },
		"set":           func(tx kiosk.Tx) error { return tx.DropSet(set.ID) },
		"textbook line": func(tx kiosk.Tx) error { return tx.DropTextbookLine(line.ID) },
	} {
		t.fails(what+" twice", kiosk.ErrNotFound, drop)
	}
	t.update(func(tx kiosk.Tx) error {
		set.ID = tx.NewID()
		c := s.copies[0]
		c.SetID = set.ID
		return errors.Join(tx.PutSet(set), tx.PutCopy(c))
	})
	t.fails("a set with a book", kiosk.ErrConflict, func(tx kiosk.Tx) error { return tx.DropSet(set.ID) })
}
