package kiosktest

import (
	"errors"
	"time"

	"muontra/kiosk"
)

func wishes(t *try) {
	var a kiosk.Account
	var one, two kiosk.Wish
	t.update(func(tx kiosk.Tx) error {
		a = kiosk.Account{ID: tx.NewID(), Name: "thu-thu-mau", Role: kiosk.Librarian, PasswordHash: "x", CreatedAt: Start}
		one = kiosk.Wish{ID: tx.NewID(), Text: "Truyện mẫu về sao", From: kiosk.WishAtKiosk, Class: "3A", At: Start, Times: 1, Status: kiosk.Wished}
		two = kiosk.Wish{ID: tx.NewID(), Text: "Sách <b>mẫu</b>", From: kiosk.WishAtCatalogue, At: Start.Add(time.Hour), Times: 2, Status: kiosk.Wished}
		return errors.Join(tx.PutAccount(a), tx.PutWish(one), tx.PutWish(two))
	})
	one.Status, one.Note, one.DoneAt, one.DoneBy, one.Times = kiosk.WishOrdered, "Về tháng sau", Start.Add(2*time.Hour), a.ID, 3
	t.update(func(tx kiosk.Tx) error { return tx.PutWish(one) })
	look := func(what string) {
		t.tb.Helper()
		t.view(func(v kiosk.View) error {
			all, err := v.Wishes()
			equal(t, what, all, []kiosk.Wish{two, one})
			w, err2 := v.Wish(one.ID)
			equal(t, what+", one", w, one)
			if w, err := v.WaitingWish("sach B mau b"); err != nil || w != two {
				t.tb.Errorf("%s, the one that waits: %+v %v", what, w, err)
			}
			if _, err := v.WaitingWish(one.Text); !errors.Is(err, kiosk.ErrNotFound) {
				t.tb.Errorf("%s, one that was decided on waits: %v", what, err)
			}
			if _, err := v.Wish("nope"); !errors.Is(err, kiosk.ErrNotFound) {
				t.tb.Errorf("an unknown wish: %v", err)
			}
			return errors.Join(err, err2)
		})
	}
	look("wishes")
	put := func(change func(*kiosk.Wish)) func(kiosk.Tx) error {
		return func(tx kiosk.Tx) error {
			w := two
			change(&w)
			return tx.PutWish(w)
		}
	}
	t.fails("no such account", kiosk.ErrNotFound, put(func(w *kiosk.Wish) { w.DoneBy = "nope" }))
	t.fails("no text", nil, put(func(w *kiosk.Wish) { w.Text = "" }))
	t.fails("no such status", nil, put(func(w *kiosk.Wish) { w.Status = "maybe" }))
	t.fails("asked for by nobody", nil, put(func(w *kiosk.Wish) { w.Times = 0 }))
	look("after refusals")
}
