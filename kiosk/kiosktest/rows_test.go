package kiosktest

import (
	"strings"
	"testing"

	"muontra/kiosk"
)

// Every table of the ledger is among its rows, with what is in it.
func TestRowsHoldEveryTable(t *testing.T) {
	m := NewMemory(nil)
	w := NewWorld(t, m, "2026-11-24 09:25:00")
	before := m.Rows()
	w.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
	w.Copy("30000013", "Truyện mẫu", kiosk.Children, "")
	w.Lent("20000016", "30000013", "2026-12-01")
	after := m.Rows()
	for _, name := range []string{"patrons", "cards", "enrolments", "titles", "copies", "states", "loans", "openLoan"} {
		if len(after[name]) <= len(before[name]) {
			t.Errorf("%s: %d rows before, %d after", name, len(before[name]), len(after[name]))
		}
	}
	for _, row := range after["patrons"] {
		if !strings.Contains(row, "Nguyễn Mẫu An") {
			t.Errorf("patron: %s", row)
		}
	}
	for _, name := range []string{"site", "settings", "corners.corners", "records.Stocktakes", "records.Proposals", "policies", "timetable"} {
		if _, has := after[name]; !has {
			t.Errorf("no rows of %s", name)
		}
	}
	for _, name := range []string{"events", "answers", "barcodes"} {
		if _, has := after[name]; has {
			t.Errorf("%s is history, no state", name)
		}
	}
}
