package store

import (
	"sync"
	"testing"

	"muontra/kiosk"
)

// One who reads alone has one connection opened, a crowd several; at rest all but
// one are closed, and whoever comes next finds everything as before.
func TestConnectionsOfACrowdAreClosedAtRest(t *testing.T) {
	s, p := school(t)
	look := func() error {
		return s.View(t.Context(), func(v kiosk.View) error {
			_, err := v.ItemByBarcode(p.Story.Barcode)
			return err
		})
	}
	opened := func() int { return s.readDB.Stats().OpenConnections }
	for range 3 * readers {
		if err := look(); err != nil {
			t.Fatal(err)
		}
	}
	if n := opened(); n != 1 {
		t.Errorf("%d connections for one reader", n)
	}
	var together, wg sync.WaitGroup
	together.Add(readers)
	for range readers {
		wg.Go(func() {
			if err := s.View(t.Context(), func(kiosk.View) error { together.Done(); together.Wait(); return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := opened(); n != readers {
		t.Errorf("%d connections for %d readers", n, readers)
	}
	for range 2 {
		if err := s.Rest(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := opened(); n != 1 {
			t.Errorf("%d connections at rest", n)
		}
		if err := look(); err != nil {
			t.Error(err)
		}
	}
	if err := s.Act(t.Context(), func(tx kiosk.Tx) error { return tx.PutSetting("rest", "over") }); err != nil {
		t.Error(err)
	}
	// What is in use is left alone, and not waited for.
	if err := s.View(t.Context(), func(kiosk.View) error { return s.Rest(t.Context()) }); err != nil {
		t.Error(err)
	}
	if err := look(); err != nil {
		t.Error(err)
	}
}
