package main

import "testing"

// It rests once after work, when two looks have found nothing, and not again
// before there is something to give back.
func TestRestIsDueAfterWork(t *testing.T) {
	var r rest
	used := uint64(0)
	for i, step := range []struct {
		asked uint64 // kilobytes since the look before
		due   bool
	}{
		{20 << 10, false}, {100, false}, {100, true}, // the start
		{100, false}, {100, false}, {9 << 10, false}, // work begins
		{9 << 10, false}, {10, false}, {10, true}, {10, false},
		{400, false}, {400, false}, // a little is not worth it
	} {
		used += step.asked << 10
		if got := r.due(used); got != step.due {
			t.Errorf("look %d: %v", i, got)
		}
	}
}
