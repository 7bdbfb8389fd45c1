package kiosktest

import (
	"errors"

	"muontra/kiosk"
)

// interloansComeBack: lots of other libraries' books follow from their events.
func interloansComeBack(t *try) {
	s := t.stocked(1)
	event := func(tx kiosk.Tx, r kiosk.Records) error {
		return tx.Append(&kiosk.Event{Type: kiosk.EventInterloan, Station: "desk", OccurredAt: Start, RecordedAt: Start, ClockOK: true, Payload: kiosk.Payload{Records: &r}})
	}
	var old, lot, gone kiosk.Interloan
	var a, b, dropped kiosk.InterloanBook
	t.update(func(tx kiosk.Tx) error {
		old = kiosk.Interloan{ID: tx.NewID(), Lender: "Trường mẫu A", Received: Today.Add(-40), Due: Today.Add(-1), By: "x"}
		lot = kiosk.Interloan{ID: tx.NewID(), Lender: "Thư viện mẫu", Place: s.place.ID, Received: Today, Due: Today.Add(30), By: "x"}
		gone = kiosk.Interloan{ID: tx.NewID(), Lender: "Nhầm", Received: Today, Due: Today, By: "x", Removed: true}
		a = kiosk.InterloanBook{ID: tx.NewID(), Lot: lot.ID, Nr: 1, Title: "Sách mẫu", Code: "TV.001", Quantity: 1}
		b = kiosk.InterloanBook{ID: tx.NewID(), Lot: lot.ID, Nr: 2, Title: "Truyện mẫu", Quantity: 5, Back: 2, Lost: 1, Last: Today}
		dropped = kiosk.InterloanBook{ID: tx.NewID(), Lot: lot.ID, Nr: 3, Title: "Bỏ", Code: "TV.003", Quantity: 1, Removed: true}
		same := kiosk.InterloanBook{ID: tx.NewID(), Lot: old.ID, Nr: 1, Title: "Trước", Code: "TV.001", Quantity: 1}
		return event(tx, kiosk.Records{Interloans: []kiosk.Interloan{old, lot, gone}, InterloanBooks: []kiosk.InterloanBook{a, b, dropped, same}})
	})
	t.view(func(v kiosk.View) error {
		all, err := v.Interloans()
		equal(t, "lots", all, []kiosk.Interloan{lot, old})
		one, err2 := v.Interloan(gone.ID)
		equal(t, "one that was taken away", one, gone)
		books, err3 := v.InterloanBooks(lot.ID)
		equal(t, "books", books, []kiosk.InterloanBook{a, b})
		x, err4 := v.InterloanBook(dropped.ID)
		equal(t, "a line that was taken away", x, dropped)
		y, err5 := v.InterloanByCode("TV.001")
		equal(t, "by code, received last", y, a)
		for what, code := range map[string]string{"one that was dropped": "TV.003", "no code": "", "an unknown code": "nope"} {
			_, nf := v.InterloanByCode(code)
			t.notFound(what, nf)
		}
		_, nf := v.Interloan("nope")
		t.notFound("lot", nf)
		_, nf = v.InterloanBook("nope")
		t.notFound("line", nf)
		n, err6 := v.InterloanLines(lot.ID)
		none, err7 := v.InterloanLines("nope")
		equal(t, "lines ever", []int{n, none}, []int{3, 0})
		return errors.Join(err, err2, err3, err4, err5, err6, err7)
	})
	a.Back, a.Last = 1, Today
	t.update(func(tx kiosk.Tx) error {
		return event(tx, kiosk.Records{InterloanBooks: []kiosk.InterloanBook{a}})
	})
	t.view(func(v kiosk.View) error {
		x, err := v.InterloanByCode("TV.001")
		if x.Lot != old.ID {
			t.tb.Errorf("given back, the code still is of %+v", x)
		}
		return err
	})
	for what, x := range map[string]kiosk.InterloanBook{
		"a second line with a code": {ID: "n", Lot: lot.ID, Nr: 4, Title: "x", Code: "TV.001", Quantity: 1},
		"a second line of a number": {ID: "n", Lot: lot.ID, Nr: 2, Title: "x", Quantity: 1},
	} {
		t.fails(what, kiosk.ErrConflict, func(tx kiosk.Tx) error {
			return event(tx, kiosk.Records{InterloanBooks: []kiosk.InterloanBook{x}})
		})
	}
	t.fails("a line of no lot", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		return event(tx, kiosk.Records{InterloanBooks: []kiosk.InterloanBook{{ID: "n", Lot: "nope", Nr: 1, Title: "x", Quantity: 1}}})
	})
	t.fails("more back than there were", nil, func(tx kiosk.Tx) error {
		return event(tx, kiosk.Records{InterloanBooks: []kiosk.InterloanBook{{ID: "n", Lot: lot.ID, Nr: 9, Title: "x", Quantity: 1, Back: 2}}})
	})
}
