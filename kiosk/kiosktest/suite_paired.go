package kiosktest

import (
	"errors"
	"time"

	"muontra/kiosk"
)

func pairedStations(t *try) {
	var a kiosk.Account
	var one, two kiosk.PairedStation
	t.update(func(tx kiosk.Tx) error {
		a = kiosk.Account{ID: tx.NewID(), Name: "thu-thu-mau", Role: kiosk.Librarian, PasswordHash: "x", CreatedAt: Start}
		one = kiosk.PairedStation{ID: tx.NewID(), Station: "cua-so", Program: true, Hash: digest("1"), PairedAt: Start, PairedBy: a.ID, SeenAt: Start}
		two = kiosk.PairedStation{ID: tx.NewID(), Station: "cua-so", Hash: digest("2"), PairedAt: Start.Add(time.Minute), PairedBy: a.ID, SeenAt: Start.Add(time.Hour)}
		return errors.Join(tx.PutAccount(a), tx.PutStation(kiosk.Station{ID: tx.NewID(), Name: "cua-so"}), tx.PutPairedStation(two), tx.PutPairedStation(one))
	})
	t.view(func(v kiosk.View) error {
		got, err := v.PairedStations()
		equal(t, "paired stations", got, []kiosk.PairedStation{one, two})
		return err
	})
	one.Removed, one.SeenAt = true, Start.Add(2*time.Hour)
	t.update(func(tx kiosk.Tx) error { return tx.PutPairedStation(one) })
	t.view(func(v kiosk.View) error {
		got, err := v.PairedStations()
		equal(t, "a removed one", got, []kiosk.PairedStation{one, two})
		return err
	})
	put := func(change func(*kiosk.PairedStation)) func(kiosk.Tx) error {
		return func(tx kiosk.Tx) error {
			p := two
			change(&p)
			return tx.PutPairedStation(p)
		}
	}
	t.fails("a token that another has", kiosk.ErrConflict, put(func(p *kiosk.PairedStation) { p.Hash = one.Hash }))
	t.fails("the station of one dropped", kiosk.ErrConflict, func(tx kiosk.Tx) error { return tx.DropStation("cua-so") })
	t.fails("no such station", kiosk.ErrNotFound, put(func(p *kiosk.PairedStation) { p.Station = "khong-co" }))
	t.fails("no such account", kiosk.ErrNotFound, put(func(p *kiosk.PairedStation) { p.PairedBy = "nope" }))
	t.fails("no hash", nil, put(func(p *kiosk.PairedStation) { p.Hash = "short" }))
	t.view(func(v kiosk.View) error {
		got, err := v.PairedStations()
		equal(t, "after refusals", got, []kiosk.PairedStation{one, two})
		return err
	})
}
