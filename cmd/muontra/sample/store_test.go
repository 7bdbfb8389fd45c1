//go:build !race

package sample

import (
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/store"
)

func init() {
	todays = append(todays, []struct{ name, day string }{
		{"a Friday with one week behind it", "2026-09-11"},
		{"Tết", "2027-02-06"},
		{"near the recall", "2027-05-14"},
		{"the last day of the year", "2027-05-31"},
		{"the first day of the next", "2026-06-01"},
	}...)
}

// The demo as it is served: the full history in a real file, which the store's
// own check finds clean. Without the race detector, under which SQLite is
// twenty times slower; there is one goroutine here.
func TestFullDemoInAStore(t *testing.T) {
	var st *store.Store
	began := time.Now()
	b := buildOn(t, func(now func() time.Time) kiosk.Ledger {
		var err error
		if st, err = store.Open(t.Context(), t.TempDir(), store.Options{Now: now}); err != nil {
			t.Fatal(err)
		}
		return st
	}, "2026-11-24", fullSize)
	defer st.Close()
	took := time.Since(began)
	types := map[kiosk.EventType]int{}
	for _, e := range b.events(t) {
		types[e.Type]++
	}
	t.Logf("built in %v: %v", took, types)
	if types[kiosk.EventCheckedOut] < 2000 || types[kiosk.EventRenewed] == 0 || types[kiosk.EventUndone] == 0 {
		t.Errorf("a thin year: %v", types)
	}
	checkHistory(t, b)
	faults, err := st.Check(t.Context())
	if err != nil || len(faults) > 0 {
		t.Errorf("check: %v, %v", faults, err)
	}

	// Neither ledger's own order shows in the school.
	sameLines(t, digest(t, b), digest(t, buildOn(t, inMemory, "2026-11-24", fullSize)))
}
