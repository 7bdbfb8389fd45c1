package store

import (
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
)

// Papers that say something else than the events before them are named.
func TestCheckNamesPapers(t *testing.T) {
	at := kiosktest.Start
	for _, c := range []struct {
		name, code string
		spoil      func(*kiosk.Stocktake, *kiosk.Withdrawal, *kiosk.RegisterClosing)
	}{
		{"as it is", "", func(*kiosk.Stocktake, *kiosk.Withdrawal, *kiosk.RegisterClosing) {}},
		{"one more is missing", "minutes_differ", func(s *kiosk.Stocktake, _ *kiosk.Withdrawal, _ *kiosk.RegisterClosing) {
			s.Minutes.Sums.All.Count[kiosk.StockMissing]++
		}},
		{"no minutes", "minutes_differ", func(s *kiosk.Stocktake, _ *kiosk.Withdrawal, _ *kiosk.RegisterClosing) { s.Minutes = nil }},
		{"strange codes", "minutes_differ", func(s *kiosk.Stocktake, _ *kiosk.Withdrawal, _ *kiosk.RegisterClosing) { s.Minutes.Sums.Strays = 2 }},
		{"counted by number", "minutes_differ", func(s *kiosk.Stocktake, _ *kiosk.Withdrawal, _ *kiosk.RegisterClosing) {
			s.Minutes.Quantities = []kiosk.QuantityMinutes{{Title: "x"}}
		}},
		{"a copy that stayed", "withdrawal_copy_in_stock", func(_ *kiosk.Stocktake, w *kiosk.Withdrawal, _ *kiosk.RegisterClosing) {
			w.Items = []kiosk.WithdrawalItem{{Copy: "?"}}
		}},
		{"lines left out", "register_closing_differs", func(_ *kiosk.Stocktake, _ *kiosk.Withdrawal, r *kiosk.RegisterClosing) { r.Before = 3 }},
		{"a correction of what comes", "register_closing_differs", func(_ *kiosk.Stocktake, _ *kiosk.Withdrawal, r *kiosk.RegisterClosing) {
			r.Lines[1].Fixes = 3
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, p := lived(t)
			err := s.Update(t.Context(), func(tx kiosk.Tx) error {
				take := kiosk.Stocktake{ID: tx.NewID(), Name: "Mẫu", Opened: at, OpenedBy: "x", Closed: at, ClosedBy: "x", Minutes: &kiosk.StockMinutes{
					Number: "1", Day: kiosktest.Today, Method: kiosk.StockPeriodic,
					Sums: kiosk.StockSums{All: kiosk.StockSum{Count: map[kiosk.StockState]int{kiosk.StockSeen: 1}}, Strays: 1},
				}}
				w := kiosk.Withdrawal{ID: tx.NewID(), Name: "Mẫu", At: at, By: "x", Closed: at}
				closing := &kiosk.RegisterClosing{Register: "x", Part: "1", Day: kiosktest.Today, Lines: []kiosk.ClosedLine{{Key: "a", Cells: []byte("[]")}, {Key: "b", Cells: []byte("[]"), Fixes: 1}}}
				c.spoil(&take, &w, closing)
				for i := range w.Items {
					w.Items[i].Copy = p.Story.ID
				}
				err := tx.Append(&kiosk.Event{Type: kiosk.EventStockClosed, OccurredAt: at, RecordedAt: at, ClockOK: true, Payload: kiosk.Payload{Records: &kiosk.Records{
					Stocktakes: []kiosk.Stocktake{take}, Lines: []kiosk.StockLine{{Stocktake: take.ID, Copy: p.Story.ID, Expected: true, Seen: at}},
					Strays: []kiosk.StockStray{{Stocktake: take.ID, Code: "x", At: at, Times: 1}}, Withdrawals: []kiosk.Withdrawal{w},
				}}})
				if err != nil {
					return err
				}
				return tx.Append(&kiosk.Event{Type: kiosk.EventRegisterClosed, OccurredAt: at, RecordedAt: at, ClockOK: true, Payload: kiosk.Payload{Closing: closing}})
			})
			if err != nil {
				t.Fatal(err)
			}
			faults, err := s.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if c.code == "" {
				if len(faults) > 0 {
					t.Errorf("faults: %v", faults)
				}
				return
			}
			for _, f := range faults {
				if f.Code != c.code {
					t.Errorf("another fault: %v", f)
				}
			}
			if len(faults) == 0 || strings.TrimSpace(faults[0].Text) == "" {
				t.Error("no fault is named")
			}
		})
	}
}
