package station_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// One copy comes back at one station in the moment in which another child scans
// it at the other: the writer does one after the other, and who ends up with the
// copy is what the order of the events says (F15).
func TestReturnAndCheckoutAtOnce(t *testing.T) {
	onEveryLedger(t, func(t *testing.T, newLedger func(*testing.T) kiosk.Ledger) {
		r := newRig(t, newLedger(t), "two")
		for n := range 20 {
			a, b, book := fmt.Sprintf("A%03d", n), fmt.Sprintf("B%03d", n), fmt.Sprintf("X%03d", n)
			r.Patron(kiosk.Pupil, a, "Mẫu A", "3A", 3)
			r.Patron(kiosk.Pupil, b, "Mẫu B", "3A", 3)
			r.Copy(book, "Truyện mẫu", kiosk.Children, "")
			r.Advance(2 * time.Second)
			r.want(r.scanAt("desk", station.Scan{Code: a}), kiosk.SessionOpened, "")
			r.want(r.scanAt("desk", station.Scan{Code: book}), kiosk.CheckedOut, "")
			r.want(r.scanAt("two", station.Scan{Code: b}), kiosk.SessionOpened, "")
			r.Advance(2 * time.Second)
			var back, out kiosk.Result
			var wg sync.WaitGroup
			wg.Go(func() { back, _ = r.stations["desk"].Scan(t.Context(), station.Scan{Code: book}) })
			wg.Go(func() { out, _ = r.stations["two"].Scan(t.Context(), station.Scan{Code: book}) })
			wg.Wait()
			if back.Outcome != kiosk.Returned {
				t.Fatalf("the return: %+v", back)
			}
			has, _ := r.Borrower(book)
			switch {
			case out.Outcome == kiosk.CheckedOut && out.EventSeq > back.EventSeq && has == b:
			case out.Outcome == kiosk.Refused && out.Reason == kiosk.ReasonOnLoanToOther && out.EventSeq < back.EventSeq && has == "":
			default:
				t.Errorf("returned as event %d, the other got %s/%s as event %d, and %q has it", back.EventSeq, out.Outcome, out.Reason, out.EventSeq, has)
			}
			r.scanAt("desk", station.Scan{Code: "%FINISH"})
			r.scanAt("two", station.Scan{Code: "%FINISH"})
		}
	})
}
