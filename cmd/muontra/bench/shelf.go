package bench

import (
	"context"
	"fmt"
	"os"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/store"
)

// A small school: what one librarian keeps.
const (
	smallCopies = 5000
	titles      = 400
	readers     = 256
)

// shelf is a store with the desk that lends from it.
type shelf struct {
	store  *store.Store
	desk   *circulation.Desk
	refs   []kiosk.ID
	copies []kiosk.ID
	next   int // the copy that is lent next
	sent   int // commands
}

// small is the folder of a school with 5,000 copies, closed.
func (g *Rig) small(ctx context.Context) (string, error) {
	if g.seed != "" {
		return g.seed, nil
	}
	dir, err := g.folder("seed")
	if err != nil {
		return "", err
	}
	s, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		return "", err
	}
	defer s.Close()
	if err := s.Update(ctx, func(tx kiosk.Tx) error { return furnish(tx, time.Now()) }); err != nil {
		return "", err
	}
	if err := s.Close(); err != nil {
		return "", err
	}
	g.seed = dir
	return dir, nil
}

// furnish writes readers, titles and copies, and a school year around now in
// which lending is open, whatever the day of the measurement.
func furnish(tx kiosk.Tx, now time.Time) error {
	loc, err := kiosk.LocationOf(tx)
	if err != nil {
		return err
	}
	today := kiosk.DayOf(now, loc)
	year := kiosk.SchoolYear{ID: tx.NewID(), Name: "bench", Start: today.Add(-1), Semester2: today.Add(90), Recall: today.Add(200), End: today.Add(250)}
	if err := tx.PutYear(year); err != nil {
		return err
	}
	for i := range readers {
		p := kiosk.Patron{ID: tx.NewID(), Ref: tx.NewID(), Category: kiosk.Teacher, Name: fmt.Sprintf("Mẫu %d", i), Status: kiosk.PatronActive, CreatedAt: now.UTC()}
		if err := tx.PutPatron(p); err != nil {
			return err
		}
		c := kiosk.Card{ID: tx.NewID(), PatronID: p.ID, Barcode: cardOf(i), Status: kiosk.CardActive, IssuedAt: now.UTC()}
		if err := tx.PutCard(c); err != nil {
			return err
		}
	}
	places, err := tx.Places()
	if err != nil {
		return err
	}
	var title kiosk.ID
	for i := range smallCopies {
		if i%(smallCopies/titles) == 0 {
			t := kiosk.Title{ID: tx.NewID(), Title: fmt.Sprintf("Truyện mẫu %d", i), Language: "vi"}
			if err := tx.PutTitle(t); err != nil {
				return err
			}
			title = t.ID
		}
		// Its label has been scanned before: the first scan of a copy's life writes that down too.
		c := kiosk.Copy{ID: tx.NewID(), TitleID: title, Barcode: bookOf(i), Kind: kiosk.Children, Labelled: true}
		if len(places) > 0 {
			c.HomePlace = places[0].ID
		}
		if c.Accession, err = tx.NextAccession(c.Kind.Prefix()); err != nil {
			return err
		}
		if err := tx.PutCopy(c); err != nil {
			return err
		}
		st := kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood, Place: c.HomePlace}
		if err := tx.Append(&kiosk.Event{Type: kiosk.EventCopyAdded, CopyID: c.ID, ClockOK: true, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{st}}}}); err != nil {
			return err
		}
	}
	return nil
}

func cardOf(i int) string { return fmt.Sprintf("HS%06d", i) }
func bookOf(i int) string { return fmt.Sprintf("S%06d", i) }

// openShelf opens a folder as the daemon would, on the disk named vfs, and lends
// the copies that bar numbers from 0 to 4,999.
func openShelf(ctx context.Context, dir, vfs string, bar func(int) string) (*shelf, error) {
	s, err := store.Open(ctx, dir, store.Options{VFS: vfs})
	if err != nil {
		return nil, err
	}
	x := &shelf{store: s, desk: &circulation.Desk{Ledger: s, Now: time.Now}}
	err = s.View(ctx, func(v kiosk.View) error {
		loc, err := kiosk.LocationOf(v)
		if err != nil {
			return err
		}
		for i := range readers {
			m, err := v.MemberByCard(cardOf(i), kiosk.DayOf(time.Now(), loc))
			if err != nil {
				return err
			}
			x.refs = append(x.refs, m.Ref)
		}
		for i := range smallCopies {
			it, err := v.ItemByBarcode(bar(i))
			if err != nil {
				return err
			}
			x.copies = append(x.copies, it.ID)
		}
		return nil
	})
	if err != nil {
		s.Close()
		return nil, err
	}
	return x, nil
}

// close gives the store and its folder back.
func (x *shelf) close() error {
	err := x.store.Close()
	if rerr := os.RemoveAll(x.store.Dir()); err == nil {
		err = rerr
	}
	return err
}

// lent is a checkout to be made, or made.
type lent struct {
	ref, copy kiosk.ID
	command   string
}

// books are n copies, scattered over the file, three to a reader: readers from
// the first on, so that callers with their own readers do not meet.
func (x *shelf) books(n, first int) []lent {
	out := make([]lent, 0, n)
	for i := range n {
		x.next++
		x.sent++
		out = append(out, lent{x.refs[(first+i/3)%len(x.refs)], x.copies[(x.next*7919)%len(x.copies)], fmt.Sprint("b", x.sent)})
	}
	return out
}

func (x *shelf) checkout(ctx context.Context, l lent) error {
	a, err := x.desk.Checkout(ctx, kiosk.Attempt{Station: kiosk.DefaultStation, Code: "bench", Kind: kiosk.KindCopy, CommandID: l.command}, l.ref, l.copy)
	if err == nil && a.Result.Outcome != kiosk.CheckedOut {
		err = fmt.Errorf("a checkout was answered %s/%s", a.Result.Outcome, a.Result.Reason)
	}
	return err
}

// back takes everything in, unmeasured.
func (x *shelf) back(ctx context.Context, all []lent) error {
	return x.store.Update(ctx, func(tx kiosk.Tx) error {
		for _, l := range all {
			loan, err := tx.OpenLoan(l.copy)
			if err != nil {
				return err
			}
			before := loan
			loan.End, loan.ReturnedAt = kiosk.LoanReturned, time.Now()
			e := kiosk.Event{Type: kiosk.EventReturned, CopyID: l.copy, PatronRef: l.ref, Station: kiosk.DefaultStation, ClockOK: true,
				Payload: kiosk.Payload{Outcome: kiosk.Returned, Before: kiosk.Changes{Loans: []kiosk.Loan{before}}, Changes: kiosk.Changes{Loans: []kiosk.Loan{loan}}}}
			if err := tx.Append(&e); err != nil {
				return err
			}
		}
		return nil
	})
}

// timed is one round of checkouts, one after the other: the time of each, in
// milliseconds, and of all.
func (x *shelf) timed(ctx context.Context, n int) (each []float64, all time.Duration, err error) {
	list := x.books(n, x.next%len(x.refs))
	for _, l := range list {
		began := time.Now()
		if err := x.checkout(ctx, l); err != nil {
			return nil, 0, err
		}
		took := time.Since(began)
		each, all = append(each, ms(took)), all+took
	}
	return each, all, x.back(ctx, list)
}

func ms(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

func rate(n int, d time.Duration) float64 { return float64(n) / d.Seconds() }
