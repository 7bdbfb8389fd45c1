package main

import (
	"slices"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/web"
)

// The librarian's counter is begun at its first use, while the stations go on: one
// that waited for them would stop every page.
func TestCounterBeginsAtItsFirstUse(t *testing.T) {
	p := startProgram(t, programConfig{data: t.TempDir()})
	for range 2 {
		begun := make(chan web.Counter)
		go func() {
			c := p.counter(kiosk.ID("thu-thu"))
			for ; c == nil && t.Context().Err() == nil; c = p.counter(kiosk.ID("thu-thu")) { // the stations are not begun yet
				time.Sleep(10 * time.Millisecond)
			}
			begun <- c
		}()
		select {
		case <-begun:
		case <-time.After(patience):
			t.Fatal("the counter was never begun")
		}
	}
	if !slices.Contains(p.stationNames(), kiosk.DefaultStation) {
		t.Error("the default station is gone")
	}
}
