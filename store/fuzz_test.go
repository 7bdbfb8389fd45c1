package store

import (
	"testing"

	"muontra/kiosk"
)

// FuzzSearch: whatever is typed into a search is text. FTS has operators, quotes
// and errors of its own, and none of them may be reached.
func FuzzSearch(f *testing.F) {
	for _, q := range []string{"de men", `"`, `a" OR title:*`, "NEAR(a b, 2)", "a AND NOT", "*", "^a", "-a", "{a b}:c", "đ", "'; --", "\x00", "a\xffb", "phiêu lưu", "phieuluu ky", "()", "a*", "1", "  "} {
		f.Add(q)
	}
	s, _ := school(f)
	f.Fuzz(func(t *testing.T, q string) {
		err := s.View(t.Context(), func(v kiosk.View) error {
			total, found, err := v.Search(q, 0, 20)
			if err == nil && (total < len(found) || len(found) > 20) {
				t.Errorf("%q: %d of %d", q, len(found), total)
			}
			return err
		})
		if err != nil {
			t.Errorf("%q: %v", q, err)
		}
	})
}
