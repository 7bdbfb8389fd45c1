package kiosktest

import (
	"errors"

	"muontra/kiosk"
)

func setsComeBack(t *try) {
	s := t.stocked(3)
	var later, first kiosk.BookSet
	var line kiosk.TextbookLine
	t.update(func(tx kiosk.Tx) error {
		later = kiosk.BookSet{ID: tx.NewID(), Name: "Bộ lớp 5", Grade: 5, Programme: kiosk.ProgrammeOld, Barcode: "BO5"}
		first = kiosk.BookSet{ID: tx.NewID(), Name: "Bộ lớp 1", Grade: 1, Programme: kiosk.Programme2018, Barcode: "BO1"}
		line = kiosk.TextbookLine{ID: tx.NewID(), TitleID: s.title.ID, Year: 2024, From: 1, To: 30, Quantity: 28, Price: 21000, PlaceID: s.place.ID, Received: kiosk.MustDay("2025-08-15")}
		err := errors.Join(tx.PutSet(later), tx.PutSet(first), tx.PutTextbookLine(line))
		for _, c := range s.copies[:2] {
			i, err2 := tx.Item(c.ID)
			i.SetID = first.ID
			err = errors.Join(err, err2, tx.PutCopy(i.Copy))
		}
		return err
	})
	t.view(func(v kiosk.View) error {
		all, err := v.Sets()
		equal(t, "sets by grade", all, []kiosk.BookSet{first, later})
		one, err2 := v.Set(first.ID)
		equal(t, "set", one, first)
		by, err3 := v.SetByBarcode("BO5")
		equal(t, "set by barcode", by, later)
		items, err4 := v.ItemsOfSet(first.ID)
		if len(items) != 2 || items[0].SetID != first.ID {
			t.tb.Errorf("members: %+v", items)
		}
		members, err9 := v.SetMembers()
		if len(members) != 2 || members[0].Item.ID != items[0].ID || members[1].Item.ID != items[1].ID || members[0].Out() || members[0].State != items[0].State {
			t.tb.Errorf("members of all sets: %+v", members)
		}
		none, err5 := v.ItemsOfSet(later.ID)
		outside, err6 := v.ItemsOfSet("")
		if len(none)+len(outside) != 0 {
			t.tb.Errorf("an empty set has %d members, no set %d", len(none), len(outside))
		}
		_, nf := v.Set("nope")
		t.notFound("set", nf)
		_, nf = v.SetByBarcode(s.card.Barcode)
		t.notFound("a card's barcode as a set's", nf)
		_, nf = v.SetByBarcode("")
		t.notFound("no barcode", nf)
		got, err7 := v.TextbookLine(line.ID)
		equal(t, "textbook line", got, line)
		lines, err8 := v.TextbookLines()
		equal(t, "textbook lines", lines, []kiosk.TextbookLine{line})
		_, nf = v.TextbookLine("nope")
		t.notFound("textbook line", nf)
		return errors.Join(err, err2, err3, err4, err5, err6, err7, err8, err9)
	})
	var lent kiosk.Loan
	t.update(func(tx kiosk.Tx) error {
		lent = kiosk.Loan{ID: tx.NewID(), CopyID: s.copies[1].ID, PatronRef: s.patron.Ref, Type: kiosk.HomeLoan, CheckedOutAt: Start, DueOn: kiosk.MustDay("2026-11-30"), Renewals: 1, Station: "desk"}
		return tx.Append(&kiosk.Event{Type: kiosk.EventCheckedOut, CopyID: lent.CopyID, PatronRef: lent.PatronRef, Payload: kiosk.Payload{Changes: kiosk.Changes{Loans: []kiosk.Loan{lent}}}})
	})
	t.view(func(v kiosk.View) error {
		members, err := v.SetMembers()
		for _, m := range members {
			want := kiosk.Loan{}
			if m.Item.ID == lent.CopyID {
				want = lent
			}
			equal(t, "loan of a member", m.Loan, want)
		}
		return err
	})
	// A set's history: its own events, the newest first, not its members'.
	t.update(func(tx kiosk.Tx) error {
		for _, e := range []*kiosk.Event{
			{Type: kiosk.EventSetChanged, Payload: kiosk.Payload{Set: first.ID}},
			{Type: kiosk.EventRefused, Payload: kiosk.Payload{Set: later.ID}},
			{Type: kiosk.EventRefused, CopyID: s.copies[0].ID},
			{Type: kiosk.EventReturned, Payload: kiosk.Payload{Set: first.ID}},
		} {
			if err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		es, err := v.EventsOfSet(first.ID, 10)
		if len(es) != 2 || es[0].Type != kiosk.EventReturned || es[1].Type != kiosk.EventSetChanged {
			t.tb.Errorf("history: %+v", es)
		}
		last, err2 := v.EventsOfSet(first.ID, 1)
		if len(last) != 1 {
			t.tb.Errorf("%d events, asked for one", len(last))
		}
		none, err3 := v.EventsOfSet("", 10)
		if len(none) != 0 {
			t.tb.Errorf("events of no set: %+v", none)
		}
		return errors.Join(err, err2, err3)
	})
}
