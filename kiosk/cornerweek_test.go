package kiosk_test

import (
	"testing"

	"muontra/kiosk"
)

func TestWeekOf(t *testing.T) {
	monday := kiosk.MustDay("2026-11-23")
	for code, want := range map[string]string{"W.2026-11-23": "", "W.2026-11-23.G2A": "G2A", kiosk.WeekCode(monday, "TV.X"): "TV.X"} {
		if day, place, ok := kiosk.WeekOf(code); !ok || day != monday || place != want {
			t.Errorf("%s: %v %q %v", code, day, place, ok)
		}
	}
	for _, code := range []string{"", "W.", "W.2026-13-01", "X.2026-11-23", "30000013", "W.2026-11-23x"} {
		if day, _, ok := kiosk.WeekOf(code); ok {
			t.Errorf("%q is a week: %v", code, day)
		}
	}
}
