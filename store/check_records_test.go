package store

import (
	"fmt"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
)

// What the events say of stocktakes, withdrawals and activities is compared with
// every column that is stored.
func TestCheckNamesRecords(t *testing.T) {
	s, p := lived(t)
	var take kiosk.Stocktake
	err := s.Update(t.Context(), func(tx kiosk.Tx) error {
		rules, err := tx.Rules(kiosktest.Today)
		if err != nil {
			return err
		}
		classes, err := tx.Classes(rules.Year.ID)
		if err != nil || len(classes) == 0 {
			return fmt.Errorf("no class to ask: %w", err)
		}
		class := classes[0].ID
		take = kiosk.Stocktake{ID: tx.NewID(), Name: "Mẫu", Opened: kiosktest.Start, OpenedBy: "x"}
		lot := kiosk.Interloan{ID: tx.NewID(), Lender: "Thư viện mẫu", Received: kiosktest.Today, Due: kiosktest.Today, By: "x"}
		w := kiosk.Withdrawal{ID: tx.NewID(), Name: "Mẫu", At: kiosktest.Start, By: "x"}
		a := kiosk.Activity{ID: tx.NewID(), Kind: kiosk.Display, Day: kiosktest.Today, Status: kiosk.ActivityDone, Text: "Mẫu", By: "x"}
		books := kiosk.TextbookLine{ID: tx.NewID(), TitleID: p.Story.TitleID, From: 1, To: 2, Quantity: 2}
		if err := tx.PutTextbookLine(books); err != nil {
			return err
		}
		return tx.Append(&kiosk.Event{Type: kiosk.EventStockOpened, OccurredAt: kiosktest.Start, RecordedAt: kiosktest.Start, ClockOK: true, Payload: kiosk.Payload{Records: &kiosk.Records{
			Stocktakes: []kiosk.Stocktake{take}, Lines: []kiosk.StockLine{{Stocktake: take.ID, Copy: p.Story.ID, Expected: true}},
			Strays:      []kiosk.StockStray{{Stocktake: take.ID, Code: "x", At: kiosktest.Start, Times: 1}},
			Withdrawals: []kiosk.Withdrawal{w}, Activities: []kiosk.Activity{a},
			Surveys:    []kiosk.Survey{{ID: tx.NewID(), Class: class, Round: 1, Day: kiosktest.Today, Pupils: 30, By: "x"}},
			Proposals:  []kiosk.Proposal{{ID: tx.NewID(), Name: "Mẫu", Day: kiosktest.Today, By: "x"}},
			Interloans: []kiosk.Interloan{lot}, InterloanBooks: []kiosk.InterloanBook{{ID: tx.NewID(), Lot: lot.ID, Nr: 1, Title: "Mẫu", Quantity: 2}},
			Quantities: []kiosk.StockQuantity{{Stocktake: take.ID, Line: books.ID, Expected: 2, Counted: 1, Seen: kiosktest.Start, By: "x"}},
			Stations:   []kiosk.CountingStation{{Station: "desk", Stocktake: take.ID, By: "x", Since: kiosktest.Start}},
		}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	clean(t, s)
	for _, c := range []struct{ change, back, code string }{
		{`UPDATE stocktake SET closed = opened`, `UPDATE stocktake SET closed = ''`, "stocktake_differs"},
		{`UPDATE stocktake_line SET lost = 1`, `UPDATE stocktake_line SET lost = 0`, "stocktake_line_differs"},
		{`UPDATE stocktake_line SET away = 1`, `UPDATE stocktake_line SET away = 0`, "stocktake_line_differs"},
		{`UPDATE stocktake_stray SET times = 2`, `UPDATE stocktake_stray SET times = 1`, "stray_differs"},
		{`UPDATE withdrawal SET record = replace(record, 'Mẫu', 'Khác')`, `UPDATE withdrawal SET record = replace(record, 'Khác', 'Mẫu')`, "withdrawal_differs"},
		{`UPDATE stocktake_quantity SET record = json_set(record, '$.counted', 2)`, `UPDATE stocktake_quantity SET record = json_set(record, '$.counted', 1)`, "stocktake_quantity_differs"},
		{`UPDATE stocktake_station SET stocktake_id = NULL`, `UPDATE stocktake_station SET stocktake_id = (SELECT id FROM stocktake)`, "counting_station_differs"},
		{`UPDATE activity SET removed = 1`, `UPDATE activity SET removed = 0`, "activity_differs"},
		{`UPDATE survey SET round = 2`, `UPDATE survey SET round = 1`, "survey_differs"},
		{`UPDATE proposal SET removed = 1`, `UPDATE proposal SET removed = 0`, "proposal_differs"},
		{`UPDATE interloan SET removed = 1`, `UPDATE interloan SET removed = 0`, "interloan_differs"},
		{`UPDATE interloan_book SET gone = 1`, `UPDATE interloan_book SET gone = 0`, "interloan_book_differs"},
	} {
		for i, q := range []string{c.change, c.back} {
			err := s.Update(t.Context(), func(k kiosk.Tx) error { return k.(*tx).exec("spoil", q) })
			if err != nil {
				t.Fatal(q, err)
			}
			faults, err := s.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			named := false
			for _, f := range faults {
				named = named || f.Code == c.code
			}
			if named != (i == 0) {
				t.Errorf("%s: named %v, faults %v", q, named, faults)
			}
		}
	}
}
