package exchange_test

import (
	"errors"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/exchange"
	"muontra/kiosk/kiosktest"
)

// A row of a name that is known, with another day of birth, waits for a
// person's word; what was decided holds also when it is applied.
func TestDoubts(t *testing.T) {
	l := kiosktest.NewMemory(nil)
	w := kiosktest.NewWorld(t, l, "2026-11-24 09:00:00")
	born := func(card, name, class, birth string) kiosk.ID {
		p := w.Patron(kiosk.Pupil, card, name, class, 1)
		p.BirthDate = kiosk.MustDay(birth)
		if err := l.Update(t.Context(), func(tx kiosk.Tx) error { return tx.PutPatron(p) }); err != nil {
			t.Fatal(err)
		}
		return p.ID
	}
	an, binh := born("A1", "Trần Mẫu An", "1A", "2020-01-02"), born("A2", "Lê Mẫu Bình", "1A", "2020-03-04")
	born("A3", "Lê Mẫu Bình", "1B", "2020-07-08")
	table, err := exchange.Read(exchange.Patrons, "moi.csv", []byte("Họ và tên,Ngày sinh,Lớp\nTrần Mẫu An,02/01/2020,2A\nLê Mẫu Bình,05/03/2020,2A\nPhạm Mẫu Chi,01/01/2021,1A\n"))
	if err != nil {
		t.Fatal(err)
	}
	plan := func(same map[int]kiosk.ID) (p *exchange.Plan) {
		err := l.View(t.Context(), func(v kiosk.View) (err error) {
			p, err = exchange.NewPlan(v, table, exchange.Options{Now: w.Now(), Same: same})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := plan(nil)
	if len(p.Doubts) != 1 || p.Doubts[0].Index != 1 || len(p.Doubts[0].Candidates) != 2 || p.Doubts[0].Class != "2A" {
		t.Fatalf("doubts %+v", p.Doubts)
	}
	if !p.Found[an] || p.Found[binh] {
		t.Errorf("found %v", p.Found)
	}
	if p := plan(map[int]kiosk.ID{1: ""}); len(p.Doubts) != 0 || p.Counts().Added != 2 {
		t.Errorf("somebody new: %+v, %v", p.Doubts, p.Counts())
	}
	p = plan(map[int]kiosk.ID{1: binh, 7: an, -1: an})
	if len(p.Doubts) != 0 || p.Counts().Added != 1 || !p.Found[binh] {
		t.Errorf("the same: %+v, %v", p.Doubts, p.Counts())
	}
	fails := errors.New("taken back")
	err = l.Update(t.Context(), func(tx kiosk.Tx) error {
		if _, err := exchange.ApplyIn(t.Context(), tx, p); err != nil {
			return err
		}
		got, err := tx.Patron(binh)
		if got.BirthDate != kiosk.MustDay("2020-03-05") {
			t.Errorf("the day of birth is %s", got.BirthDate)
		}
		return errors.Join(err, fails)
	})
	if !errors.Is(err, fails) {
		t.Fatal(err)
	}
	if p := plan(nil); p.Counts().Added != 2 {
		t.Errorf("an import within a transaction outlives it: %v", p.Counts())
	}
}
