package kiosktest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"muontra/kiosk"
)

// actsTogether: acts that come at once are each done whole or not at all,
// whatever happens to the others, and a caller that was answered with nil finds
// its event in the ledger.
func actsTogether(t *try) {
	s := t.stocked(60)
	mine := errors.New("changed my mind")
	var mu sync.Mutex
	seqs := map[int64]bool{}
	var wg sync.WaitGroup
	for i, c := range s.copies {
		wg.Go(func() {
			ctx, stop := context.WithCancel(context.Background())
			defer stop()
			var seq int64
			act := func() error {
				return t.l.Act(ctx, func(tx kiosk.Tx) (err error) {
					if _, err = lend(tx, c, s.patron.Ref); err != nil {
						return err
					}
					if seq, err = tx.LastSeq(); err != nil {
						return err
					}
					switch i % 6 {
					case 1:
						return mine
					case 2:
						panic(fmt.Sprint("act ", i))
					case 3:
						stop() // the caller goes away before the end
					}
					return nil
				})
			}
			if i%6 == 2 {
				defer func() {
					if p := recover(); p != fmt.Sprint("act ", i) {
						t.tb.Errorf("act %d panicked with %v", i, p)
					}
				}()
			}
			err := act()
			switch i % 6 {
			case 1:
				if err != mine {
					t.tb.Errorf("act %d returned %v, want the function's own error as it is", i, err)
				}
			case 3:
				if !errors.Is(err, context.Canceled) {
					t.tb.Errorf("act %d returned %v, want that its caller went away", i, err)
				}
			default:
				if err != nil {
					t.tb.Errorf("act %d: %v", i, err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				seqs[seq] = true
			}
		})
	}
	wg.Wait()
	t.view(func(v kiosk.View) error {
		last, err := v.LastSeq()
		if err != nil {
			return err
		}
		events, err := v.Events(0, 1000)
		if err != nil {
			return err
		}
		equal(t, "events and the last number", int64(len(events)), last)
		lent := 0
		for i, e := range events {
			equal(t, "number", e.Seq, int64(i+1))
			if e.Type == kiosk.EventCheckedOut {
				lent++
				if !seqs[e.Seq] {
					t.tb.Errorf("event %d is of an act that failed", e.Seq)
				}
			}
		}
		equal(t, "acts done", lent, 30)
		for i, c := range s.copies {
			_, err := v.OpenLoan(c.ID)
			if failed := i%6 == 1 || i%6 == 2 || i%6 == 3; failed != errors.Is(err, kiosk.ErrNotFound) {
				t.tb.Errorf("copy %d: %v", i, err)
			}
		}
		return nil
	})
}
