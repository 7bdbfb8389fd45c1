package station_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// faulty is a ledger whose disk can be full or whose writer can be busy.
type faulty struct {
	kiosk.Ledger
	err error
}

func (f *faulty) Update(ctx context.Context, fn func(kiosk.Tx) error) error {
	if f.err != nil {
		return f.err
	}
	return f.Ledger.Update(ctx, fn)
}

func (f *faulty) Act(ctx context.Context, fn func(kiosk.Tx) error) error {
	if f.err != nil {
		return f.err
	}
	return f.Ledger.Act(ctx, fn)
}

// A store that refuses writes: nothing is acknowledged, the page says so, and
// the station comes back by itself with the session it had.
func TestAFullDisk(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		f := &faulty{Ledger: newLedger(t)}
		r := newRig(t, f)
		open("HS001")(r)
		f.err = errors.New("database or disk is full")
		r.want(r.scan("S001"), kiosk.Refused, kiosk.ReasonStorageFailure)
		if sc := r.station.Screen(); sc.Phase != station.Offline || sc.Patron == nil {
			t.Errorf("phase %s, patron %v", sc.Phase, sc.Patron)
		}
		f.err = nil
		// The same code at once is no double scan: the child tries again.
		r.want(r.scanAt("desk", station.Scan{Code: "S001"}), kiosk.CheckedOut, "")
		if sc := r.station.Screen(); sc.Phase != station.Session {
			t.Errorf("phase %s after a write that was taken", sc.Phase)
		}
		// Without a scan the station tries by itself.
		f.err = errors.New("database or disk is full")
		r.want(r.scan("S002"), kiosk.Refused, kiosk.ReasonStorageFailure)
		f.err = nil
		r.Advance(3 * time.Second)
		if sc := r.poke(); sc.Phase != station.Session {
			t.Errorf("phase %s: the station does not come back", sc.Phase)
		}
		r.Replayed()
	})
}

func TestABusyStore(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		f := &faulty{Ledger: newLedger(t)}
		r := newRig(t, f)
		f.err = kiosk.ErrBusy
		r.want(r.scan("HS001"), kiosk.Refused, kiosk.ReasonBusy)
		if sc := r.station.Screen(); sc.Phase != station.Idle {
			t.Errorf("phase %s: a busy store is not a broken one", sc.Phase)
		}
		f.err = nil
		// A command that was not taken may be sent again with its id.
		res, err := r.station.Scan(t.Context(), station.Scan{Code: "HS001", CommandID: "c1"})
		if err != nil {
			t.Fatal(err)
		}
		r.want(res, kiosk.SessionOpened, "")
	})
}
