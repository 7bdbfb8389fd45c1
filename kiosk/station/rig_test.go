package station_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/kiosktest"
	"muontra/kiosk/station"
	"muontra/store"
)

// clocked is a ledger with the clock it goes by: stored answers are forgotten
// after a day of that clock.
type clocked struct {
	kiosk.Ledger
	clock *kiosktest.Clock
}

// clockOf is the clock that a ledger goes by.
func clockOf(t testing.TB, l kiosk.Ledger) *kiosktest.Clock {
	switch l := l.(type) {
	case clocked:
		return l.clock
	case *faulty:
		return clockOf(t, l.Ledger)
	}
	t.Fatalf("a %T has no clock", l)
	return nil
}

// onEveryLedger runs a test on the in-memory ledger and on SQLite.
func onEveryLedger(t *testing.T, test func(*testing.T, func(*testing.T) kiosk.Ledger)) {
	t.Run("memory", func(t *testing.T) {
		test(t, func(*testing.T) kiosk.Ledger {
			clock := kiosktest.NewClock()
			return clocked{kiosktest.NewMemory(clock.Now), clock}
		})
	})
	t.Run("sqlite", func(t *testing.T) { test(t, func(t *testing.T) kiosk.Ledger { return openStore(t) }) })
}

func openStore(t testing.TB) kiosk.Ledger {
	clock := kiosktest.NewClock()
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return clocked{st, clock}
}

// rig is a world with one or more stations, at 09:25 on Tuesday 24 November
// 2026: grade 3's morning, in the first break.
type rig struct {
	*kiosktest.World
	t        testing.TB
	desk     *circulation.Desk
	station  *station.Station
	stations map[string]*station.Station

	mu      sync.Mutex
	screens []station.Screen
}

func newRig(t testing.TB, l kiosk.Ledger, more ...string) *rig {
	r := &rig{World: kiosktest.NewWorldBy(t, l, clockOf(t, l)), t: t, stations: map[string]*station.Station{}}
	r.Set("2026-11-24 09:25:00")
	r.desk = &circulation.Desk{Ledger: l, Now: r.Now}
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for _, name := range append([]string{kiosk.DefaultStation}, more...) {
		s := station.New(station.Config{Name: name, Desk: r.desk, Now: r.Now, Show: r.show})
		r.stations[name] = s
		wg.Go(func() { s.Run(ctx) })
	}
	r.station = r.stations[kiosk.DefaultStation]
	t.Cleanup(func() { stop(); wg.Wait() })
	r.Patron(kiosk.Pupil, "HS001", "Mẫu Văn An", "3A", 3)
	r.Patron(kiosk.Pupil, "HS002", "Mẫu Thị Bình", "3A", 3)
	r.Patron(kiosk.Teacher, "GV001", "Mẫu Thị Cúc", "", 0)
	r.Copy("S001", "Truyện mẫu một", kiosk.Reference, kiosk.Story)
	r.Copy("S002", "Truyện mẫu hai", kiosk.Children, "")
	r.Copy("S003", "Truyện mẫu ba", kiosk.Children, "")
	r.Copy("TD01", "Từ điển mẫu", kiosk.Reference, kiosk.Dictionary)
	return r
}

func (r *rig) show(s station.Screen) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.screens = append(r.screens, s)
}

// scan scans a code well after the one before, so that it is no double scan.
func (r *rig) scan(code string) kiosk.Result {
	r.t.Helper()
	r.Advance(2 * time.Second)
	return r.scanAt(kiosk.DefaultStation, station.Scan{Code: code})
}

func (r *rig) scanAt(name string, s station.Scan) kiosk.Result {
	r.t.Helper()
	res, err := r.stations[name].Scan(r.t.Context(), s)
	if err != nil {
		r.t.Fatalf("scan %s: %v", s.Code, err)
	}
	return res
}

func (r *rig) do(c kiosk.Command, copyCode string) kiosk.Result {
	r.t.Helper()
	r.Advance(2 * time.Second)
	res, err := r.station.Do(r.t.Context(), station.Action{Command: c, Copy: copyCode})
	if err != nil {
		r.t.Fatalf("%s: %v", c, err)
	}
	return res
}

// poke wakes the station so that it sees what the moved clock has ended.
func (r *rig) poke() station.Screen {
	r.t.Helper()
	r.do(kiosk.Touch, "")
	return r.station.Screen()
}

// want fails unless the result has the outcome and reason.
func (r *rig) want(res kiosk.Result, o kiosk.Outcome, why kiosk.Reason) {
	r.t.Helper()
	if res.Outcome != o || res.Reason != why {
		b, _ := json.Marshal(res)
		r.t.Fatalf("%s/%s, want %s/%s: %s", res.Outcome, res.Reason, o, why, b)
	}
}
