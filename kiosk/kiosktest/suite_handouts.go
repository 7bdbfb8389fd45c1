package kiosktest

import (
	"errors"

	"muontra/kiosk"
)

// handoutsComeBack hands out of a line of ten, and finds no more can be out and
// lost than there are.
func handoutsComeBack(t *try) {
	s := t.stocked(1)
	day := kiosk.MustDay
	var line kiosk.TextbookLine
	var class kiosk.Class
	var one, two, gone kiosk.Handout
	t.update(func(tx kiosk.Tx) error {
		years, err := tx.Years()
		if err != nil {
			return err
		}
		class = kiosk.Class{ID: tx.NewID(), YearID: years[0].ID, Name: "9A", Grade: 9}
		line = kiosk.TextbookLine{ID: tx.NewID(), TitleID: s.title.ID, Year: 2024, From: 1, To: 10, Quantity: 10}
		one = kiosk.Handout{ID: tx.NewID(), LineID: line.ID, ClassID: class.ID, Quantity: 6, On: day("2026-09-10"), Due: day("2027-01-10"), Back: 2, Damaged: 1, Lost: 1, Note: "mẫu"}
		two = kiosk.Handout{ID: tx.NewID(), LineID: line.ID, PatronRef: s.patron.Ref, Quantity: 2, On: day("2026-09-01"), Due: day("2027-05-20")}
		gone = kiosk.Handout{ID: tx.NewID(), LineID: line.ID, ClassID: class.ID, Quantity: 9, On: day("2026-09-05"), Due: day("2026-09-06"), Removed: true}
		return errors.Join(tx.PutClass(class), tx.PutTextbookLine(line), tx.PutHandout(one), tx.PutHandout(two), tx.PutHandout(gone))
	})
	t.view(func(v kiosk.View) error {
		open, err := v.Handouts()
		equal(t, "handouts", open, []kiosk.Handout{two, one})
		of, err2 := v.HandoutsOf(line.ID)
		equal(t, "handouts of the line", of, []kiosk.Handout{one, two})
		got, err3 := v.Handout(one.ID)
		equal(t, "handout", got, one)
		l, err4 := v.TextbookLine(line.ID)
		equal(t, "out, lost, on the shelf", []int{l.HandedOut, l.Lost, l.Shelf()}, []int{5, 1, 4})
		all, err5 := v.TextbookLines()
		equal(t, "lines", all, []kiosk.TextbookLine{l})
		refs, err6 := v.NewestRefs()
		for _, r := range refs {
			if r.Ref == s.patron.Ref && !r.Busy {
				t.tb.Errorf("a reference is not busy although books are handed out to it")
			}
		}
		_, nf := v.Handout("nope")
		t.notFound("handout", nf)
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
	t.fails("five of four", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		x := two
		x.ID, x.Quantity = tx.NewID(), 5
		return tx.PutHandout(x)
	})
	t.fails("more in one that is out", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		x := two
		x.Quantity = 7
		return tx.PutHandout(x)
	})
	t.fails("a line of fewer than are out", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		x := line
		x.Quantity = 5
		return tx.PutTextbookLine(x)
	})
	t.fails("more back than went", nil, func(tx kiosk.Tx) error {
		x := two
		x.Back = 3
		return tx.PutHandout(x)
	})
	t.fails("to a class and a person", nil, func(tx kiosk.Tx) error {
		x := two
		x.ClassID = class.ID
		return tx.PutHandout(x)
	})
	two.Back = 2
	t.update(func(tx kiosk.Tx) error { return tx.PutHandout(two) })
	t.view(func(v kiosk.View) error {
		open, err := v.Handouts()
		equal(t, "without what is back", open, []kiosk.Handout{one})
		return err
	})
}
