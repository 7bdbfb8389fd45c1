package station_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/station"
)

// The same copy at two stations in the same instant: one checkout, one refusal.
func TestTwoStationsOneCopy(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t), "two")
		const pairs = 25
		for n := range pairs {
			a, b := fmt.Sprintf("A%03d", n), fmt.Sprintf("B%03d", n)
			book := fmt.Sprintf("X%03d", n)
			r.Patron(kiosk.Pupil, a, "Mẫu A", "3A", 3)
			r.Patron(kiosk.Pupil, b, "Mẫu B", "3A", 3)
			r.Copy(book, "Truyện mẫu", kiosk.Children, "")
			r.Advance(2 * time.Second)
			r.want(r.scanAt("desk", station.Scan{Code: a}), kiosk.SessionOpened, "")
			r.want(r.scanAt("two", station.Scan{Code: b}), kiosk.SessionOpened, "")
			var got [2]kiosk.Result
			var wg sync.WaitGroup
			for i, name := range []string{"desk", "two"} {
				wg.Go(func() {
					var err error
					if got[i], err = r.stations[name].Scan(t.Context(), station.Scan{Code: book}); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			won, lost := got[0], got[1]
			if won.Outcome != kiosk.CheckedOut {
				won, lost = lost, won
			}
			r.want(won, kiosk.CheckedOut, "")
			r.want(lost, kiosk.Refused, kiosk.ReasonOnLoanToOther)
		}
		r.Replayed()
	})
}

// A hundred scans at once, and one in the middle of another: each gets its
// answer and the state is that of some order of them.
func TestManyScansAtOnce(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t), "two")
		codes := []string{"HS001", "S001", "S002", "%UNDO", "HS002", "4711", "S003", "%RENEW", "TD01", "\x00"}
		var wg sync.WaitGroup
		for n := range 100 {
			wg.Go(func() {
				name := []string{"desk", "two"}[n%2]
				res, err := r.stations[name].Scan(t.Context(), station.Scan{Code: codes[n%len(codes)]})
				if err != nil || res.Outcome == "" {
					t.Errorf("%+v, %v", res, err)
				}
			})
		}
		wg.Wait()
		r.Replayed()
	})
}

func TestAScanThatWaitedIsDroppedAndTold(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t))
		open("HS001")(r)
		old := r.Now()
		r.Advance(4 * time.Second)
		r.want(r.scanAt("desk", station.Scan{Code: "S001", At: old}), kiosk.Refused, kiosk.ReasonBusy)
		if card, _ := r.Borrower("S001"); card != "" {
			t.Error("a scan that waited too long was done")
		}
		// The child scans again at once, and it is no double scan.
		r.want(r.scanAt("desk", station.Scan{Code: "S001"}), kiosk.CheckedOut, "")
	})
}

// How the scanners are is never too old to be shown: nobody says it again.
func TestDevicesThatWaitedAreShown(t *testing.T) {
	store := openStore(t)
	now := time.Date(2026, 11, 24, 2, 25, 0, 0, time.UTC)
	s := station.New(station.Config{
		Name: "desk", Now: func() time.Time { return now }, Desk: &circulation.Desk{Ledger: store, Now: func() time.Time { return now }},
		Show: func(station.Screen) {},
	})
	s.SetDevices([]station.Device{{Name: "scanner", Kind: "hid", Connected: true}})
	now = now.Add(time.Minute)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	for limit := time.Now().Add(2 * time.Minute); len(s.Screen().Devices) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("the screen shows no scanner: %+v", s.Screen())
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if r := s.Screen().Result; r != nil {
		t.Errorf("a result of nobody's: %+v", r)
	}
}

func TestAStoppedStationSaysSo(t *testing.T) {
	s := station.New(station.Config{Name: "desk", Now: time.Now, Desk: &circulation.Desk{Ledger: openStore(t), Now: time.Now}})
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := s.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Scan(t.Context(), station.Scan{Code: "S001"}); !errors.Is(err, station.ErrStopped) {
		t.Errorf("%v", err)
	}
}
