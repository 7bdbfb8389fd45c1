package web

import (
	"testing"

	"muontra/kiosk"
	"muontra/web/words"
)

// What the paperwork does to a copy stands in the copy's history in words: a
// stocktake and a withdrawal are told of a copy as a loan is.
func TestPastSaysWhatThePaperworkDid(t *testing.T) {
	for _, typ := range []kiosk.EventType{kiosk.EventStockCounted, kiosk.EventStockMissed, kiosk.EventWithdrawn} {
		for _, l := range words.Langs {
			if key := "past." + string(typ); !words.Has(l, key) {
				t.Errorf("%s has no words for %s", l, key)
			}
		}
	}
}
