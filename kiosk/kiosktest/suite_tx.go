package kiosktest

import (
	"context"
	"errors"
	"sync"
	"time"

	"muontra/kiosk"
)

func errorRollsBack(t *try) {
	s := t.stocked(1)
	mine := errors.New("changed my mind")
	err := t.l.Update(context.Background(), func(tx kiosk.Tx) error {
		if _, err := lend(tx, s.copies[0], s.patron.Ref); err != nil {
			t.tb.Errorf("lend: %v", err)
		}
		p := s.patron
		p.Name = "Tên Khác"
		_, err := tx.NextBarcode(kiosk.PatronSeries)
		_, err2 := tx.NextAccession("TN")
		st, err3 := tx.Site()
		st.Name = "Trường Khác"
		if err := errors.Join(err, err2, err3, tx.PutSite(st), tx.PutPatron(p), tx.PutPolicies(kiosk.Policies{{Limit: 9}}), tx.PutTitle(kiosk.Title{ID: tx.NewID(), Title: "Không có"}),
			tx.PutAnswer(kiosk.Answered{Station: "desk", CommandID: "c", At: Start})); err != nil {
			t.tb.Errorf("writes: %v", err)
		}
		if _, err := tx.Rules(Today); err != nil { // remembered, and to be forgotten
			t.tb.Errorf("rules: %v", err)
		}
		return mine
	})
	if err != mine {
		t.tb.Errorf("update returned %v, want the function's own error as it is", err)
	}
	t.untouched(s)
}

// untouched fails unless the ledger is as stocked(1) left it.
func (t *try) untouched(s stock) {
	t.tb.Helper()
	t.update(func(tx kiosk.Tx) error {
		n, err := tx.LastSeq()
		equal(t, "last seq", n, 1)
		p, err2 := tx.Patron(s.patron.ID)
		equal(t, "patron", p, s.patron)
		r, err3 := tx.Rules(Today)
		equal(t, "policies", r.Policies, kiosk.DefaultPolicies())
		equal(t, "site's name", r.Site.Name, "")
		_, nf := tx.OpenLoan(s.copies[0].ID)
		t.notFound("loan", nf)
		_, nf = tx.Answer("desk", "c")
		t.notFound("answer", nf)
		total, _, err4 := tx.Search("khong co", 0, 10)
		equal(t, "titles found", total, 0)
		a, err5 := tx.NextAccession("TN")
		equal(t, "next number", a, "TN.00002")
		b, err6 := tx.NextBarcode(kiosk.PatronSeries)
		equal(t, "next barcode", b, kiosk.PatronSeries.Make(1))
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
}

func panicRollsBack(t *try) {
	s := t.stocked(1)
	func() {
		defer func() {
			if recover() == nil {
				t.tb.Errorf("the panic did not reach the caller")
			}
		}()
		_ = t.l.Update(context.Background(), func(tx kiosk.Tx) error {
			if _, err := lend(tx, s.copies[0], s.patron.Ref); err != nil {
				t.tb.Errorf("lend: %v", err)
			}
			panic("a fault in an act")
		})
	}()
	t.untouched(s)
}

func failedWrite(t *try) {
	s := t.stocked(2)
	t.update(func(tx kiosk.Tx) error {
		// Each fails at its last step; what it did before must go.
		if _, err := lend(tx, s.copies[0], s.patron.Ref); err != nil {
			return err
		}
		if _, err := lend(tx, s.copies[0], s.other.Ref); !errors.Is(err, kiosk.ErrConflict) {
			t.tb.Errorf("second loan: %v", err)
		}
		c := s.copies[1]
		c.ID, c.Barcode = tx.NewID(), "MOI" // its number is another's
		if err := tx.PutCopy(c); !errors.Is(err, kiosk.ErrConflict) {
			t.tb.Errorf("copy: %v", err)
		}
		p := s.patron
		p.ID = tx.NewID() // its reference is another's
		if err := tx.PutPatron(p); !errors.Is(err, kiosk.ErrConflict) {
			t.tb.Errorf("patron: %v", err)
		}
		e := loanEvent(kiosk.EventCheckedOut)
		return tx.Append(e)
	})
	t.view(func(v kiosk.View) error {
		n, err := v.LastSeq()
		equal(t, "last seq", n, 4) // two copies added, one loan, the event after the failures
		members := 0
		err2 := v.EachMember(Today, func(kiosk.Member) error { members++; return nil })
		equal(t, "patrons", members, 2)
		_, nf := v.ItemByBarcode("MOI")
		t.notFound("copy", nf)
		return errors.Join(err, err2)
	})
	t.update(func(tx kiosk.Tx) error {
		used, err := tx.BarcodeInUse("MOI")
		equal(t, "the barcode of the copy that was refused is in use", used, false)
		return err
	})
}

func endedContext(t *try) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ran := false
	err := t.l.Update(ctx, func(kiosk.Tx) error { ran = true; return nil })
	if !errors.Is(err, context.Canceled) || ran {
		t.tb.Errorf("update with an ended context: %v, ran %v", err, ran)
	}
	if err := t.l.View(ctx, func(kiosk.View) error { return nil }); !errors.Is(err, context.Canceled) {
		t.tb.Errorf("view with an ended context: %v", err)
	}
	// Ended in the middle: nothing is kept.
	s := t.stocked(1)
	ctx, cancel = context.WithCancel(context.Background())
	defer cancel()
	err = t.l.Update(ctx, func(tx kiosk.Tx) error {
		_, err := lend(tx, s.copies[0], s.patron.Ref)
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.tb.Errorf("update that was cancelled: %v", err)
	}
	t.untouched(s)
}

func busyWriter(t *try) {
	inside, leave := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		err := t.l.Update(context.Background(), func(kiosk.Tx) error {
			close(inside)
			<-leave
			return nil
		})
		if err != nil {
			t.tb.Errorf("the writer who was there first: %v", err)
		}
	})
	<-inside
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	err := t.l.Update(ctx, func(kiosk.Tx) error { return nil })
	if !errors.Is(err, kiosk.ErrBusy) {
		t.tb.Errorf("second writer: %v, want %v", err, kiosk.ErrBusy)
	}
	close(leave)
	wg.Wait()
	t.update(func(kiosk.Tx) error { return nil })
}

func concurrent(t *try) {
	const writers, each = 8, 12
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				err := t.l.Update(context.Background(), func(tx kiosk.Tx) error {
					before, err := tx.LastSeq()
					if err != nil {
						return err
					}
					e := loanEvent(kiosk.EventHelp)
					if err := tx.Append(e); err != nil {
						return err
					}
					if e.Seq != before+1 {
						t.tb.Errorf("seq %d after %d", e.Seq, before)
					}
					return nil
				})
				if err != nil {
					t.tb.Errorf("update: %v", err)
				}
			}
		})
	}
	wg.Wait()
	t.view(func(v kiosk.View) error {
		es, err := v.Events(0, 1000)
		if len(es) != writers*each {
			t.tb.Errorf("%d events", len(es))
		}
		for i, e := range es {
			if e.Seq != int64(i)+1 {
				t.tb.Errorf("event %d has number %d", i+1, e.Seq)
				break
			}
		}
		return err
	})
}

func oneWinner(t *try) {
	s := t.stocked(1)
	var wg sync.WaitGroup
	var mu sync.Mutex
	won, lost := 0, 0
	for i := range 8 {
		ref := []kiosk.ID{s.patron.Ref, s.other.Ref}[i%2]
		wg.Go(func() {
			err := t.l.Update(context.Background(), func(tx kiosk.Tx) error {
				_, err := lend(tx, s.copies[0], ref)
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case errors.Is(err, kiosk.ErrConflict):
				lost++
			default:
				t.tb.Errorf("lend: %v", err)
			}
		})
	}
	wg.Wait()
	if won != 1 || lost != 7 {
		t.tb.Errorf("%d won, %d lost", won, lost)
	}
}
