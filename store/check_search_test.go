package store

import (
	"testing"

	"muontra/kiosk"
)

// A connection that has searched before, and checks after another has written:
// SQLite's integrity check of a search table trusts what its connection
// remembers of the table. It must not be told as a damaged database.
func TestCheckAfterASearch(t *testing.T) {
	st, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, title := range []string{"Dế Mèn phiêu lưu ký", "Đất rừng phương Nam", "Ngõ nhỏ, phố nhỏ", "Kính vạn hoa"} {
		err := st.Update(t.Context(), func(tx kiosk.Tx) error {
			return tx.PutTitle(kiosk.Title{ID: tx.NewID(), Title: title, Language: "vi"})
		})
		if err != nil {
			t.Fatal(err)
		}
		for range readers + 1 {
			faults, err := st.Check(t.Context())
			if err != nil || len(faults) > 0 {
				t.Fatalf("after %s: %v %v", title, faults, err)
			}
			// Every reading connection searches, so that each remembers the table.
			for range readers {
				err := st.View(t.Context(), func(v kiosk.View) error {
					_, _, err := v.Search("de men", 0, 10)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
