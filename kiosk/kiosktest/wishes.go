package kiosktest

import (
	"fmt"
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

func (v *view) Wishes() ([]kiosk.Wish, error) {
	all := v.d.wishes.all()
	slices.SortFunc(all, func(a, b kiosk.Wish) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return -compareID(a.ID, b.ID)
	})
	return all, nil
}

func compareID(a, b kiosk.ID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (v *view) Wish(id kiosk.ID) (kiosk.Wish, error) { return v.d.wishes.get("wish", id) }

func (t *tx) PutWish(w kiosk.Wish) (err error) {
	defer t.whole(&err)()
	if err := t.d.accounts.need("account", w.DoneBy); err != nil {
		return err
	}
	if w.At.IsZero() || w.Times < 1 || w.Text == "" || !slices.Contains(kiosk.WishStatuses, w.Status) {
		return fmt.Errorf("wish %s: no time, no text or no status", w.ID)
	}
	w.At, w.DoneAt = ms(w.At), ms(w.DoneAt)
	t.d.wishes.put(t, w.ID, w)
	return given("wish's id", string(w.ID))
}

func (v *view) WaitingWish(text string) (kiosk.Wish, error) {
	all, err := v.Wishes()
	if err != nil {
		return kiosk.Wish{}, err
	}
	for _, w := range all {
		if w.Status == kiosk.Wished && fold.Text(w.Text) == fold.Text(text) {
			return w, nil
		}
	}
	return kiosk.Wish{}, missing("wish", text)
}
