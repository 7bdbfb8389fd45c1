package register

import (
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
)

// The sheets of a pack use what one of them has read; of another time none does.
func TestSheetsShareWhatWasRead(t *testing.T) {
	c := kiosktest.NewClock()
	w := kiosktest.NewWorldBy(t, kiosktest.NewMemory(c.Now), c)
	w.Set("2026-11-26 09:25:00")
	w.Copy("30000001", "Truyện mẫu", kiosk.Reference, "")
	err := w.Ledger.View(t.Context(), func(v kiosk.View) error {
		open := func(name string, a Ask) *Source {
			s, err := Open(v, Find(name), a, w.Now())
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		pack := open("pack", Ask{})
		year, general := open("year", pack.AskIn(Find("year"))), open("general-register", pack.AskIn(Find("general-register")))
		week, catalogue := open("week", Ask{}), open("catalogue", Ask{})
		for _, s := range []*Source{year, general, week, catalogue} {
			s.Share(pack)
		}
		st, err := year.Stock()
		if err != nil {
			return err
		}
		for s, shares := range map[*Source]bool{pack: true, general: true, week: false, catalogue: false} {
			if other, err := s.Stock(); err != nil || (other == st) != shares {
				t.Errorf("%s of %v to %v shares: %v, %v", s.sheet, s.From, s.To, other == st, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
