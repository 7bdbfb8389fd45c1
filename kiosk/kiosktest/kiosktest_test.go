package kiosktest

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"muontra/kiosk"
)

func TestMemory(t *testing.T) {
	TestLedger(t, func(*testing.T) kiosk.Ledger { return NewMemory(nil) })
}

// recorder is a test that only notes that it failed.
type recorder struct {
	mu   sync.Mutex
	said []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(f string, a ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, fmt.Sprintf(f, a...))
}
func (r *recorder) Fatalf(f string, a ...any) { r.Errorf(f, a...); runtime.Goexit() }

// TestSuiteMissesEachRule takes one rule at a time out of a Memory: the suite
// must notice each, or it would not notice a store without it.
func TestSuiteMissesEachRule(t *testing.T) {
	for _, missing := range []rule{oneOpenLoan, rollsBack, writesWhole, oneBarcode, accessionStays, gapFree, answerOnce, classOfYear, afterImages, skipsUsed, folds, marksFirst, entriesFollow, registersFirst} {
		t.Run(string(missing), func(t *testing.T) {
			var failed []string
			for _, c := range suite {
				m := NewMemory(nil)
				m.dropped[missing] = true
				r := &recorder{}
				done := make(chan struct{})
				go func() {
					defer close(done)
					c.test(&try{tb: r, l: m})
				}()
				<-done
				if len(r.said) > 0 {
					failed = append(failed, c.name)
				}
			}
			if len(failed) == 0 {
				t.Errorf("the suite passes without the rule %q", missing)
			}
			t.Logf("without it fail: %s", strings.Join(failed, "; "))
		})
	}
}
