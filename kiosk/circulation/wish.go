package circulation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"muontra/kiosk"
)

// AddWish writes down what a reader asks the library for. What waits already
// under the same words is counted once more instead: a class that wants one book
// makes one line. It refuses what Wish.Check does, and with ErrManyWishes when
// too many wait. It leaves no event: nothing of the stock or of a person changes.
func (d *Desk) AddWish(ctx context.Context, w kiosk.Wish) (kiosk.Wish, error) {
	w.Text, w.Class = strings.Join(strings.Fields(w.Text), " "), strings.Join(strings.Fields(w.Class), " ")
	w.Status, w.Note, w.DoneBy = kiosk.Wished, "", ""
	if err := w.Check(); err != nil {
		return kiosk.Wish{}, err
	}
	err := d.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		old, err := tx.WaitingWish(w.Text)
		if err == nil {
			w = old
			w.Times++
			return tx.PutWish(w)
		}
		if !errors.Is(err, kiosk.ErrNotFound) {
			return fmt.Errorf("waiting wish: %w", err)
		}
		all, err := tx.Wishes()
		if err != nil {
			return fmt.Errorf("wishes: %w", err)
		}
		waiting := 0
		for _, w := range all {
			if w.Status == kiosk.Wished {
				waiting++
			}
		}
		if waiting >= kiosk.MostWaiting {
			return kiosk.ErrManyWishes
		}
		w.ID, w.At, w.Times = tx.NewID(), d.Now().UTC(), 1
		return tx.PutWish(w)
	})
	return w, err
}

// AnswerWish sets what becomes of a wish, and gives it as it was before. seen
// may refuse the wish as it stands, with an error of its own.
func (d *Desk) AnswerWish(ctx context.Context, a kiosk.Attempt, id kiosk.ID, status kiosk.WishStatus, note string, seen func(kiosk.Wish) error) (kiosk.Wish, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Wish, error) {
		before, err := x.Wish(id)
		if err != nil {
			return before, fmt.Errorf("wish: %w", err)
		}
		if err := seen(before); err != nil {
			return before, err
		}
		w := before
		w.Status, w.Note, w.DoneAt, w.DoneBy = status, strings.TrimSpace(note), x.now, a.Staff
		if err := w.Check(); err != nil {
			return before, err
		}
		return before, x.PutWish(w)
	})
}

// TakeBackAnswer makes of a wish what it was before it was answered; how often it was
// wished meanwhile stays.
func (d *Desk) TakeBackAnswer(ctx context.Context, a kiosk.Attempt, before kiosk.Wish) (kiosk.Wish, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Wish, error) {
		w, err := x.Wish(before.ID)
		if err != nil {
			return w, fmt.Errorf("wish: %w", err)
		}
		w.Status, w.Note, w.DoneAt, w.DoneBy = before.Status, before.Note, before.DoneAt, before.DoneBy
		return w, x.PutWish(w)
	})
}
