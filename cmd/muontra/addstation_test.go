//go:build linux

package main

import (
	"context"
	"errors"
	"slices"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/station"
)

// A station that was added by mistake goes away again, and its name is free; one at
// which something was scanned, or that has a scanner, stays.
func TestAddedStationIsTakenAway(t *testing.T) {
	p := startProgram(t, programConfig{})
	add := func(name string) func(context.Context) error {
		t.Helper()
		back, err := p.scannerDesk.AddStation(t.Context(), name)
		if err != nil || back == nil {
			t.Fatalf("%s: %v", name, err)
		}
		return back
	}
	stored := func(name string) bool {
		t.Helper()
		has := false
		if err := p.store.View(t.Context(), func(v kiosk.View) error {
			all, err := v.Stations()
			has = slices.ContainsFunc(all, func(s kiosk.Station) bool { return s.Name == name })
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return has
	}
	scan := func(name string) {
		t.Helper()
		s, ok := p.station(name)
		if !ok {
			t.Fatalf("%s is no station", name)
		}
		if _, err := s.Scan(t.Context(), station.Scan{Code: "99999999", At: p.cfg.now()}); err != nil {
			t.Fatal(err)
		}
	}
	scan(kiosk.DefaultStation) // the program runs
	back := add("lop-2")
	s, _ := p.station("lop-2")
	if again, err := p.scannerDesk.AddStation(t.Context(), "lop-2"); again != nil || err != nil {
		t.Errorf("one that was there: %v", err)
	}
	if err := back(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, there := p.station("lop-2"); there || stored("lop-2") || slices.Contains(p.stationNames(), "lop-2") {
		t.Error("the station is still there")
	}
	until(t, "it serves no more", func() bool {
		_, err := s.Scan(t.Context(), station.Scan{Code: "99999999", At: p.cfg.now()})
		return errors.Is(err, station.ErrStopped)
	})
	// Made anew it works, and the first way back is not this one's.
	second := add("lop-2")
	if err := back(t.Context()); !errors.Is(err, kiosk.ErrNotUndoable) {
		t.Errorf("the first way back: %v", err)
	}
	scan("lop-2")
	if err := second(t.Context()); !errors.Is(err, kiosk.ErrNotUndoable) || !stored("lop-2") {
		t.Errorf("one where something was scanned: %v", err)
	}
	third := add("lop-3")
	if err := p.store.Update(t.Context(), func(tx kiosk.Tx) error {
		return tx.PutStationDevice(kiosk.StationDevice{Key: "usb:mau", Station: "lop-3", Setting: "usb:mau"})
	}); err != nil {
		t.Fatal(err)
	}
	if err := third(t.Context()); !errors.Is(err, kiosk.ErrNotUndoable) || !stored("lop-3") {
		t.Errorf("one with a scanner: %v", err)
	}
	// What was done at it by its page alone is in the ledger.
	fourth := add("lop-4")
	if err := p.store.Update(t.Context(), func(tx kiosk.Tx) error {
		return tx.Append(&kiosk.Event{Type: kiosk.EventClockRight, Station: "lop-4", OccurredAt: p.cfg.now()})
	}); err != nil {
		t.Fatal(err)
	}
	if err := fourth(t.Context()); !errors.Is(err, kiosk.ErrNotUndoable) || !stored("lop-4") {
		t.Errorf("one at which something was done: %v", err)
	}
}
