package store

import (
	"context"
	"testing"
	"time"

	"muontra/kiosk"
)

func TestOpenSeeds(t *testing.T) {
	now := time.Date(2026, 11, 23, 2, 25, 0, 0, time.UTC)
	s, err := Open(t.Context(), t.TempDir(), Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(context.Background(), func(v kiosk.View) error {
		r, err := v.Rules(kiosk.MustDay("2026-11-23"))
		if err != nil {
			return err
		}
		if r.Year.Name != "2026-2027" || len(r.Policies) == 0 {
			t.Errorf("rules %+v", r)
		}
		ps, err := v.Places()
		if len(ps) != 7 {
			t.Errorf("%d places", len(ps))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
