package kiosktest

import (
	"errors"
	"time"

	"muontra/kiosk"
)

// houseFigures are counted as the lists would count them.
func houseFigures(t *try) {
	s := t.stocked(5)
	var elsewhere kiosk.Place
	t.update(func(tx kiosk.Tx) error {
		elsewhere = kiosk.Place{ID: tx.NewID(), Code: "X9", Name: "Góc mẫu", Kind: kiosk.Shelf}
		if err := tx.PutPlace(elsewhere); err != nil {
			return err
		}
		labelled := s.copies[1]
		labelled.Labelled = true
		if err := tx.PutCopy(labelled); err != nil {
			return err
		}
		// One moved, one lost, one withdrawn; one without a number or an event.
		for i, st := range map[int]kiosk.CopyState{
			2: {Status: kiosk.CopyAvailable, Place: elsewhere.ID}, 3: {Status: kiosk.CopyLost, Place: s.place.ID}, 4: {Status: kiosk.CopyWithdrawn, Place: s.place.ID},
		} {
			st.CopyID, st.Condition = s.copies[i].ID, kiosk.ConditionGood
			if err := tx.Append(&kiosk.Event{Type: kiosk.EventCopyChanged, CopyID: st.CopyID, OccurredAt: Start, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{st}}}}); err != nil {
				return err
			}
		}
		if err := tx.PutCopy(kiosk.Copy{ID: tx.NewID(), TitleID: s.title.ID, Barcode: "OHNE", Kind: kiosk.Children, HomePlace: elsewhere.ID}); err != nil {
			return err
		}
		// One that needs no number is past processing.
		chart := kiosk.Copy{ID: tx.NewID(), TitleID: s.title.ID, Barcode: "BANDO", Kind: kiosk.Map, HomePlace: s.place.ID}
		if err := tx.PutCopy(chart); err != nil {
			return err
		}
		st := kiosk.CopyState{CopyID: chart.ID, Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood, Place: s.place.ID}
		return tx.Append(&kiosk.Event{Type: kiosk.EventCopyAdded, CopyID: chart.ID, OccurredAt: Start, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{st}}}})
	})
	t.view(func(v kiosk.View) error {
		f, err := v.HouseFigures()
		equal(t, "figures", f, kiosk.HouseFigures{Patrons: 2, Copies: 7, Unlabelled: 3, At: map[kiosk.ID]int{s.place.ID: 4, elsewhere.ID: 2}})
		return err
	})
}

// openLoansOfAll come with their copies, oldest first, and without those that
// ended.
func openLoansOfAll(t *try) {
	s := t.stocked(3)
	var want []kiosk.LoanItem
	t.update(func(tx kiosk.Tx) error {
		for i, c := range s.copies {
			at := Start.Add(-time.Duration(i) * time.Hour)
			l := kiosk.Loan{ID: tx.NewID(), CopyID: c.ID, PatronRef: s.patron.Ref, Type: kiosk.HomeLoan, CheckedOutAt: at, DueOn: Today.Add(7), Station: kiosk.DefaultStation}
			if i == 1 {
				l.ReturnedAt, l.End = at.Add(time.Minute), kiosk.LoanReturned
			}
			if err := tx.Append(&kiosk.Event{Type: kiosk.EventLoanAdded, CopyID: c.ID, PatronRef: l.PatronRef, OccurredAt: at, Payload: kiosk.Payload{Changes: kiosk.Changes{Loans: []kiosk.Loan{l}}}}); err != nil {
				return err
			}
			if i != 1 {
				item, err := tx.Item(c.ID)
				if err != nil {
					return err
				}
				want = append([]kiosk.LoanItem{{Loan: l, Item: item}}, want...)
			}
		}
		return nil
	})
	t.view(func(v kiosk.View) error {
		all, err := v.OpenLoans()
		equal(t, "open loans", all, want)
		one, err2 := v.OpenLoansOf(s.patron.Ref)
		equal(t, "and of one", one, want)
		return errors.Join(err, err2)
	})
}
