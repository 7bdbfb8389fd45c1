package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
)

// The benchmarks report ratios, measured in one run and in turns, since the
// machine's own speed says nothing:
//
//	go test ./store -run '^$' -bench . -benchtime 1x
//
// past is a checkout with 500,000 past loans beside one with 5,000 (goal 1.3).
// What a checkout costs beside the bare statements, cmd/muontra/bench measures.

const rounds, perRound = 7, 300

// shelfLife is a store with a copy for each checkout of a round, and past loans.
type shelfLife struct {
	s    *Store
	card string
	at   time.Time
	bars []string
	n    int
}

func newShelfLife(b *testing.B, past int) *shelfLife {
	b.Helper()
	s := open(b, b.TempDir())
	x := &shelfLife{s: s, at: kiosktest.Start}
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	p, err := kiosktest.School(b.Context(), s)
	must(err)
	x.card = p.Teacher.Card
	var copies []kiosk.Item
	must(s.Update(b.Context(), func(tx kiosk.Tx) error {
		for i := range 5000 {
			c := kiosk.Copy{ID: tx.NewID(), TitleID: p.Comic.TitleID, Kind: kiosk.Children, HomePlace: p.LibraryPlaceID}
			if i%20 == 0 {
				t := kiosk.Title{ID: tx.NewID(), Title: fmt.Sprintf("Truyện mẫu %d", i)}
				if err := tx.PutTitle(t); err != nil {
					return err
				}
				c.TitleID = t.ID
			}
			var err error
			if c.Barcode, err = tx.NextBarcode(kiosk.CopySeries); err != nil {
				return err
			}
			if c.Accession, err = tx.NextAccession("TN"); err != nil {
				return err
			}
			if err := tx.PutCopy(c); err != nil {
				return err
			}
			st := kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood, Place: p.LibraryPlaceID}
			if err := tx.Append(&kiosk.Event{Type: kiosk.EventCopyAdded, CopyID: c.ID, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{st}}}}); err != nil {
				return err
			}
			x.bars = append(x.bars, c.Barcode)
			copies = append(copies, kiosk.Item{Copy: c})
		}
		return nil
	}))
	// The past is written as events, a batch a transaction: a loan and its end in
	// one after-image each.
	persons := p.Persons()
	for done := 0; done < past; {
		must(s.Update(b.Context(), func(tx kiosk.Tx) error {
			for range min(10000, past-done) {
				c := copies[done%len(copies)].Copy
				at := kiosktest.Start.Add(-time.Duration(past-done) * time.Minute)
				l := kiosk.Loan{ID: tx.NewID(), CopyID: c.ID, PatronRef: persons[done%len(persons)].Ref, Type: kiosk.HomeLoan, CheckedOutAt: at, DueOn: kiosktest.Today,
					ReturnedAt: at.Add(time.Hour), End: kiosk.LoanReturned, Station: kiosk.DefaultStation}
				if err := tx.Append(&kiosk.Event{Type: kiosk.EventReturned, CopyID: c.ID, PatronRef: l.PatronRef, OccurredAt: at, RecordedAt: at, Payload: kiosk.Payload{Changes: kiosk.Changes{Loans: []kiosk.Loan{l}}}}); err != nil {
					return err
				}
				done++
			}
			return nil
		}))
	}
	if err := s.Update(b.Context(), func(kiosk.Tx) error { return nil }); err != nil {
		b.Fatal(err)
	}
	_, err = rawExec(b, s, "PRAGMA wal_checkpoint(TRUNCATE)")
	must(err)
	return x
}

func rawExec(b *testing.B, s *Store, q string) (sql.Result, error) {
	ses := <-s.writer
	defer func() { s.writer <- ses }()
	return ses.conn.ExecContext(b.Context(), q)
}

// round is the time of perRound checkouts, each in its transaction. The books go
// back between them, unmeasured, so that the patron's open loans stay few.
func (x *shelfLife) round(b *testing.B) time.Duration {
	var spent time.Duration
	for range perRound {
		x.n++
		x.at = x.at.Add(time.Second)
		bar := x.bars[(x.n*7919)%len(x.bars)] // not side by side in the file
		var l kiosk.Loan
		begun := time.Now()
		err := x.s.Update(context.Background(), func(tx kiosk.Tx) (err error) {
			l, err = checkout(tx, x.card, bar, fmt.Sprint("c", x.n), x.at)
			return err
		})
		spent += time.Since(begun)
		if err == nil {
			err = x.s.Update(context.Background(), func(tx kiosk.Tx) error { return giveBack(tx, l, x.at) })
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return spent
}

func BenchmarkCheckout(b *testing.B) {
	few, many := newShelfLife(b, 5000), newShelfLife(b, 500000)
	few.round(b)
	many.round(b)
	for b.Loop() {
		var past, cost []float64
		for r := range rounds {
			// The order turns, so that nobody is always first.
			var f, m time.Duration
			for i := range 2 {
				switch (r + i) % 2 {
				case 0:
					f = few.round(b)
				case 1:
					m = many.round(b)
				}
			}
			past = append(past, float64(m)/float64(f))
			cost = append(cost, float64(f.Microseconds())/perRound)
		}
		b.ReportMetric(median(past), "past-ratio")
		b.ReportMetric(median(cost), "us/checkout")
	}
	b.ReportMetric(0, "ns/op")
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
