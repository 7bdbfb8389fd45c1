package circulation_test

import (
	"errors"
	"fmt"
	"testing"

	"muontra/kiosk"
)

// The same book asked for again is one wish while it waits, and a new one after
// it was decided on; the box is full at some time, and what is too long or says
// nothing is refused.
func TestWishesAreCounted(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		add := func(text string) kiosk.Wish {
			t.Helper()
			return must[kiosk.Wish](r)(r.desk.AddWish(ctx, kiosk.Wish{Text: text, From: kiosk.WishAtKiosk, Note: "not theirs to write", Status: kiosk.WishHere}))
		}
		first := add("  Truyện  rồng mẫu ")
		if first.Text != "Truyện rồng mẫu" || first.Times != 1 || first.Status != kiosk.Wished || first.Note != "" {
			t.Errorf("%+v", first)
		}
		if again := add("truyen rong mau"); again.ID != first.ID || again.Times != 2 || again.Text != first.Text {
			t.Errorf("again: %+v", again)
		}
		never := func(kiosk.Wish) error { return errors.New("seen otherwise") }
		fine := func(kiosk.Wish) error { return nil }
		if _, err := r.desk.AnswerWish(ctx, r.staff, first.ID, kiosk.WishNo, "", never); err == nil {
			t.Error("decided on what was seen otherwise")
		}
		if _, err := r.desk.AnswerWish(ctx, kiosk.Attempt{}, first.ID, kiosk.WishNo, "", fine); !errors.Is(err, kiosk.ErrStaffOnly) {
			t.Errorf("decided by nobody: %v", err)
		}
		if _, err := r.desk.AnswerWish(ctx, r.staff, "nope", kiosk.WishNo, "", fine); !errors.Is(err, kiosk.ErrNotFound) {
			t.Errorf("no such wish: %v", err)
		}
		if before := must[kiosk.Wish](r)(r.desk.AnswerWish(ctx, r.staff, first.ID, kiosk.WishNo, "Hết bán", fine)); before.Status != kiosk.Wished {
			t.Errorf("before: %+v", before)
		}
		if later := add("Truyện rồng mẫu"); later.ID == first.ID {
			t.Error("a wish that was decided on is counted again")
		}
		for _, text := range []string{"", " x ", fmt.Sprintf("%0121d", 1)} {
			var field *kiosk.FieldError
			if _, err := r.desk.AddWish(ctx, kiosk.Wish{Text: text, From: kiosk.WishAtKiosk}); !errors.As(err, &field) || field.Field != "wish" {
				t.Errorf("%q: %v", text, err)
			}
		}
		err := r.desk.Ledger.Update(ctx, func(tx kiosk.Tx) error {
			for i := range kiosk.MostWaiting {
				if err := tx.PutWish(kiosk.Wish{ID: tx.NewID(), Text: fmt.Sprint("Mẫu ", i), From: kiosk.WishAtKiosk, At: first.At, Times: 1, Status: kiosk.Wished}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.desk.AddWish(ctx, kiosk.Wish{Text: "Một cuốn nữa", From: kiosk.WishAtKiosk}); !errors.Is(err, kiosk.ErrManyWishes) {
			t.Errorf("a full box: %v", err)
		}
	})
}
