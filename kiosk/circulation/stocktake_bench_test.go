package circulation_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/kiosktest"
	"muontra/store"
)

// BenchmarkStocktake counts 5,300 copies on SQLite by four devices at once, each
// scanning without pause, and reads the missing list while they do. One of the four
// is a kiosk's own scanner: its act reads as well at which place the station is. scans/s is of
// all four together (the goal is 8); list-ratio is the missing list beside reading
// every copy once in the same run, list-ms its time.
func BenchmarkStocktake(b *testing.B) {
	const copies, each, devices = 5300, 50, 4
	clock := kiosktest.NewClock()
	st, err := store.Open(b.Context(), b.TempDir(), store.Options{Now: clock.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	desk := &circulation.Desk{Ledger: st, Now: clock.Now}
	staff := kiosk.Attempt{Station: kiosk.DefaultStation}
	code := func(n int) string { return fmt.Sprintf("3%07d", n) }
	err = st.Update(b.Context(), func(tx kiosk.Tx) error {
		staff.Staff = tx.NewID()
		if err := tx.PutAccount(kiosk.Account{ID: staff.Staff, Name: "thuvien", Role: kiosk.Librarian, CreatedAt: clock.Now()}); err != nil {
			return err
		}
		places, err := tx.Places()
		if err != nil {
			return err
		}
		for n := range copies {
			t := kiosk.Title{ID: tx.NewID(), Title: fmt.Sprintf("Truyện mẫu %d", n), Language: "vi"}
			c := kiosk.Copy{ID: tx.NewID(), TitleID: t.ID, Barcode: code(n), Kind: kiosk.Children, HomePlace: places[n%len(places)].ID, Price: 25_000}
			if c.Accession, err = tx.NextAccession(c.Kind.Prefix()); err != nil {
				return err
			}
			if err := tx.PutTitle(t); err != nil {
				return err
			}
			if err := tx.PutCopy(c); err != nil {
				return err
			}
			s := kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood, Place: c.HomePlace}
			if err := tx.Append(&kiosk.Event{Type: kiosk.EventCopyAdded, CopyID: c.ID, OccurredAt: clock.Now(), RecordedAt: clock.Now(), ClockOK: true, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{s}}}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	s, err := desk.OpenStocktake(b.Context(), staff, "Mẫu", nil)
	if err != nil {
		b.Fatal(err)
	}
	if err := desk.StartCounting(b.Context(), staff, kiosk.DefaultStation, s.ID, ""); err != nil {
		b.Fatal(err)
	}
	// at scans once at a device.
	at := func(device int, code string) error {
		if device > 0 {
			_, err := desk.CountCopy(b.Context(), staff, kiosk.CountScan{Stocktake: s.ID, Code: code})
			return err
		}
		a := staff
		a.Code, a.Kind = code, kiosk.KindCopy
		r, err := desk.CountHere(b.Context(), a)
		if err == nil && (r.Count == nil || r.Count.Copy == "") {
			err = fmt.Errorf("the station counted nothing: %+v", r)
		}
		return err
	}
	took := func(fn func(kiosk.View) error) time.Duration {
		start := time.Now()
		if err := st.View(b.Context(), fn); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	next, rounds := 0, 0
	var scanning, list, whole time.Duration
	for b.Loop() {
		from := next
		next = (next + devices*each) % (copies - devices*each)
		start := time.Now()
		var wg sync.WaitGroup
		for d := range devices {
			wg.Go(func() {
				for n := range each {
					if err := at(d, code(from+d*each+n)); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		list += took(func(v kiosk.View) error { _, err := v.Counted(s.ID); return err })
		wg.Wait()
		scanning += time.Since(start)
		whole += took(func(v kiosk.View) error { return v.EachItem(func(kiosk.Item) error { return nil }) })
		rounds++
	}
	b.ReportMetric(float64(rounds*devices*each)/scanning.Seconds(), "scans/s")
	b.ReportMetric(float64(list.Milliseconds())/float64(rounds), "list-ms")
	b.ReportMetric(float64(list)/float64(whole), "list-ratio")
	b.ReportMetric(0, "ns/op")
}
