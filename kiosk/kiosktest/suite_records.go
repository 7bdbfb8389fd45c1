package kiosktest

import (
	"errors"
	"time"

	"muontra/kiosk"
)

// recordsComeBack: an event's paperwork is written with it and read again.
func recordsComeBack(t *try) {
	s := t.stocked(3)
	var take, older kiosk.Stocktake
	var w kiosk.Withdrawal
	var a, b, gone kiosk.Activity
	lines := make([]kiosk.StockLine, 2)
	event := func(tx kiosk.Tx, typ kiosk.EventType, r kiosk.Records) error {
		return tx.Append(&kiosk.Event{Type: typ, Station: "desk", OccurredAt: Start, RecordedAt: Start, ClockOK: true, Payload: kiosk.Payload{Records: &r}})
	}
	var place kiosk.ID
	t.update(func(tx kiosk.Tx) error {
		places, err := tx.Places()
		if err != nil {
			return err
		}
		place = places[0].ID
		take = kiosk.Stocktake{ID: tx.NewID(), Name: "Mẫu", Places: []kiosk.ID{place}, Opened: Start.Add(time.Hour), OpenedBy: "x", Since: 2}
		older = kiosk.Stocktake{ID: tx.NewID(), Name: "Trước", Opened: Start, OpenedBy: "x"}
		lines[0] = kiosk.StockLine{Stocktake: take.ID, Copy: s.copies[0].ID, Expected: true, Place: place, Seen: Start, SeenAt: place, By: "x", Condition: kiosk.ConditionWorn}
		lines[1] = kiosk.StockLine{Stocktake: take.ID, Copy: s.copies[1].ID, Expected: true}
		w = kiosk.Withdrawal{ID: tx.NewID(), Name: "Thanh lý", Items: []kiosk.WithdrawalItem{{Copy: s.copies[2].ID, Reason: kiosk.CauseTorn, Price: 5}}, At: Start, By: "x"}
		a = kiosk.Activity{ID: tx.NewID(), Kind: kiosk.ReadingPeriod, Day: kiosk.MustDay("2026-11-24"), From: 60, To: 90, Status: kiosk.ActivityDone, Class: "2A", Titles: []kiosk.Annotated{{Title: s.title.ID, Text: "x"}}}
		b = kiosk.Activity{ID: tx.NewID(), Kind: kiosk.Display, Day: kiosk.MustDay("2026-11-24"), Status: kiosk.ActivityPlanned, Text: "Trưng bày"}
		gone = kiosk.Activity{ID: tx.NewID(), Kind: kiosk.Display, Day: kiosk.MustDay("2026-11-24"), Status: kiosk.ActivityPlanned, Text: "Bỏ", Removed: true}
		elsewhere := kiosk.StockLine{Stocktake: older.ID, Copy: s.copies[2].ID, Place: place, Seen: Start, SeenAt: place, Away: true, By: "x"}
		return errors.Join(
			event(tx, kiosk.EventStockOpened, kiosk.Records{Stocktakes: []kiosk.Stocktake{older, take}, Lines: lines}),
			event(tx, kiosk.EventStockCounted, kiosk.Records{Lines: []kiosk.StockLine{elsewhere}}),
			event(tx, kiosk.EventStockCounted, kiosk.Records{Strays: []kiosk.StockStray{{Stocktake: take.ID, Code: "x", At: Start, Times: 1}, {Stocktake: take.ID, Code: "y", At: Start, Times: 2}}}),
			event(tx, kiosk.EventStockCounted, kiosk.Records{Strays: []kiosk.StockStray{{Stocktake: take.ID, Code: "y", At: Start}}}), // taken back
			event(tx, kiosk.EventWithdrawal, kiosk.Records{Withdrawals: []kiosk.Withdrawal{w}}),
			event(tx, kiosk.EventActivity, kiosk.Records{Activities: []kiosk.Activity{a, b, gone}}),
			tx.Append(&kiosk.Event{Type: kiosk.EventShelved, CopyID: s.copies[1].ID, OccurredAt: Start, RecordedAt: Start}))
	})
	here := []kiosk.CountingStation{{Station: "cua-so", Stocktake: take.ID, Place: place, By: "x", Since: Start}, {Station: "desk", Stocktake: take.ID, By: "x", Since: Start}}
	t.update(func(tx kiosk.Tx) error {
		return event(tx, kiosk.EventStockStation, kiosk.Records{Stations: []kiosk.CountingStation{here[1], here[0], {Station: "kho", Stocktake: take.ID, By: "x", Since: Start}}})
	})
	t.update(func(tx kiosk.Tx) error {
		return event(tx, kiosk.EventStockStation, kiosk.Records{Stations: []kiosk.CountingStation{{Station: "kho", By: "x", Since: Start}}})
	})
	t.view(func(v kiosk.View) error {
		stations, err := v.CountingStations()
		equal(t, "counting stations", stations, here)
		return err
	})
	var books kiosk.TextbookLine
	var counted kiosk.StockQuantity
	t.update(func(tx kiosk.Tx) error {
		books = kiosk.TextbookLine{ID: tx.NewID(), TitleID: s.title.ID, From: 1, To: 30, Quantity: 30}
		other := kiosk.TextbookLine{ID: tx.NewID(), TitleID: s.title.ID, From: 31, To: 40, Quantity: 10}
		counted = kiosk.StockQuantity{Stocktake: take.ID, Line: books.ID, Expected: 30, Counted: 28, Seen: Start, By: "x"}
		return errors.Join(tx.PutTextbookLine(books), tx.PutTextbookLine(other), event(tx, kiosk.EventStockCounted, kiosk.Records{Quantities: []kiosk.StockQuantity{counted, {Stocktake: take.ID, Line: other.ID, By: "x"}}}))
	})
	t.view(func(v kiosk.View) error {
		got, err := v.StockQuantities(take.ID)
		equal(t, "counted by number", got, []kiosk.StockQuantity{counted})
		return err
	})
	lines[1].Final, lines[1].Before = kiosk.StockMissing, kiosk.CopyAvailable
	w.Closed = Start
	t.update(func(tx kiosk.Tx) error {
		return errors.Join(event(tx, kiosk.EventStockClosed, kiosk.Records{Lines: lines[1:]}), event(tx, kiosk.EventWithdrawal, kiosk.Records{Withdrawals: []kiosk.Withdrawal{w}}))
	})
	t.fails("closed minutes are changed", nil, func(tx kiosk.Tx) error {
		return event(tx, kiosk.EventWithdrawal, kiosk.Records{Withdrawals: []kiosk.Withdrawal{w}})
	})
	t.view(func(v kiosk.View) error {
		all, err := v.Stocktakes()
		equal(t, "stocktakes", all, []kiosk.Stocktake{take, older})
		one, err2 := v.Stocktake(take.ID)
		equal(t, "stocktake", one, take)
		line, err3 := v.StockLine(take.ID, s.copies[0].ID)
		equal(t, "line", line, lines[0])
		counted, err4 := v.Counted(take.ID)
		for i, l := range counted {
			equal(t, "counted line", l.StockLine, lines[i])
			equal(t, "put on its shelf since", l.Handled, i == 1)
			equal(t, "its title", l.Title, s.title.Title)
		}
		equal(t, "lines", len(counted), 2)
		met, expected, err5 := v.StockProgress(take.ID)
		equal(t, "progress", []int{met, expected}, []int{1, 2})
		met, expected, err12 := v.StockProgress(older.ID)
		equal(t, "progress by a copy that was not expected", []int{met, expected}, []int{0, 0})
		beside, err13 := v.StockLine(older.ID, s.copies[2].ID)
		equal(t, "belongs to a place that is not counted", beside.Away, true)
		missed, err6 := v.Missed()
		equal(t, "missed", missed, map[kiosk.ID]int{s.copies[1].ID: 1})
		strays, err7 := v.Strays(take.ID)
		equal(t, "strays", len(strays), 1)
		wanted, err8 := v.Withdrawal(w.ID)
		equal(t, "withdrawal", wanted, w)
		acts, err9 := v.Activities(kiosk.MustDay("2026-11-01"), kiosk.MustDay("2026-11-24"))
		equal(t, "activities", acts, []kiosk.Activity{b, a})
		removed, err10 := v.Activity(gone.ID)
		equal(t, "one that was taken away", removed, gone)
		none, err11 := v.Activities(kiosk.MustDay("2026-11-25"), kiosk.MustDay("2026-11-26"))
		equal(t, "no activities", len(none), 0)
		_, nf := v.Stocktake("x")
		t.notFound("stocktake", nf)
		_, nf = v.StockLine(take.ID, s.copies[2].ID)
		t.notFound("line", nf)
		_, nf = v.Withdrawal("x")
		t.notFound("withdrawal", nf)
		_, nf = v.Activity("x")
		t.notFound("activity", nf)
		return errors.Join(err, err2, err3, err4, err5, err6, err7, err8, err9, err10, err11, err12, err13)
	})
}

// firstDeeds: visitors, readers and home borrowers are three things.
func firstDeeds(t *try) {
	s := t.stocked(3)
	hour := func(n int) time.Time { return Start.Add(time.Duration(n) * time.Hour) }
	t.update(func(tx kiosk.Tx) error {
		loan := func(n int, ref, copy kiosk.ID, typ kiosk.LoanType, end kiosk.LoanEnd) error {
			l := kiosk.Loan{ID: tx.NewID(), CopyID: copy, PatronRef: ref, Type: typ, CheckedOutAt: hour(n), DueOn: kiosk.MustDay("2026-12-01"), End: end, Station: "desk"}
			if end != kiosk.LoanOpen {
				l.ReturnedAt = hour(n + 1)
			}
			return tx.Append(&kiosk.Event{Type: kiosk.EventCheckedOut, CopyID: copy, PatronRef: ref, Station: "desk", OccurredAt: hour(n), RecordedAt: hour(n), ClockOK: true, Payload: kiosk.Payload{Changes: kiosk.Changes{Loans: []kiosk.Loan{l}}}})
		}
		event := func(n int, typ kiosk.EventType, ref kiosk.ID) error {
			return tx.Append(&kiosk.Event{Type: typ, PatronRef: ref, Station: "desk", OccurredAt: hour(n), RecordedAt: hour(n), ClockOK: true})
		}
		return errors.Join(
			event(1, kiosk.EventVisit, s.patron.Ref),
			loan(2, s.patron.Ref, s.copies[0].ID, kiosk.YearLoan, kiosk.LoanReturned), // read, not borrowed home
			loan(4, s.patron.Ref, s.copies[0].ID, kiosk.HomeLoan, kiosk.LoanOpen),
			loan(5, s.other.Ref, s.copies[1].ID, kiosk.HomeLoan, kiosk.LoanUndone), // never was
			event(6, kiosk.EventRefused, s.other.Ref),
			event(7, kiosk.EventUsedOnSite, s.other.Ref))
	})
	t.view(func(v kiosk.View) error {
		all, err := v.FirstDeeds(Start, hour(100))
		want := []kiosk.FirstDeeds{{Ref: s.patron.Ref, Visited: hour(1), Read: hour(2), Borrowed: hour(4)}, {Ref: s.other.Ref, Visited: hour(5), Read: hour(7)}}
		kiosk.SortDeeds(want)
		equal(t, "first deeds", all, want)
		some, err2 := v.FirstDeeds(hour(7), hour(8))
		equal(t, "in an hour", some, []kiosk.FirstDeeds{{Ref: s.other.Ref, Visited: hour(7), Read: hour(7)}})
		none, err3 := v.FirstDeeds(hour(8), hour(9))
		equal(t, "in none", len(none), 0)
		n, err5 := v.LoansBetween(Start, hour(100))
		equal(t, "loans between", n, 2)
		last, err4 := v.LastLent()
		equal(t, "last lent", last, map[kiosk.ID]time.Time{s.copies[0].ID: hour(4)})
		return errors.Join(err, err2, err3, err4, err5)
	})
}
