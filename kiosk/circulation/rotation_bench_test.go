package circulation_test

import (
	"errors"
	"fmt"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/kiosktest"
	"muontra/store"
)

// BenchmarkRotation prepares a rotation of all corners, and moves one box of it,
// beside reading the same rows once: the sheets have to read them anyway.
func BenchmarkRotation(b *testing.B) {
	for _, size := range [][2]int{{19, 40}, {100, 200}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			clock := kiosktest.NewClock()
			st, err := store.Open(b.Context(), b.TempDir(), store.Options{Now: clock.Now})
			if err != nil {
				b.Fatal(err)
			}
			defer st.Close()
			desk := &circulation.Desk{Ledger: st, Now: clock.Now}
			staff := kiosk.Attempt{Station: kiosk.DefaultStation, Staff: "x"}
			var corners []kiosk.ID
			for c := range size[0] {
				corners = append(corners, benchCorner(b, desk, staff, c, size[1]))
			}
			r := kiosk.Rotation{Name: "Đo"}
			for i, c := range corners {
				r.Moves = append(r.Moves, kiosk.Move{From: c, To: corners[(i+1)%len(corners)]})
			}
			ctx := b.Context()
			b.Run("prepare", func(b *testing.B) {
				for b.Loop() {
					got, err := desk.PrepareRotation(ctx, staff, r)
					if err == nil {
						_, err = desk.CloseRotation(ctx, staff, got.ID)
					}
					if err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("read all boxes", func(b *testing.B) {
				for b.Loop() {
					err := st.View(ctx, func(v kiosk.View) error {
						ds, err := v.Deposits("")
						for _, d := range ds {
							_, err2 := kiosk.BoxRows(v, d.ID, false)
							err = errors.Join(err, err2)
						}
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("move one and back", func(b *testing.B) {
				got, err := desk.PrepareRotation(ctx, staff, r)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					_, err := desk.MoveBox(ctx, staff, got.ID, corners[0])
					_, err2 := desk.MoveBoxBack(ctx, staff, got.ID, corners[0])
					if err := errors.Join(err, err2); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

func benchCorner(b *testing.B, desk *circulation.Desk, staff kiosk.Attempt, n, copies int) kiosk.ID {
	b.Helper()
	ctx := b.Context()
	p, err := desk.AddPlace(ctx, staff, kiosk.Place{Code: fmt.Sprintf("G%03d", n), Name: fmt.Sprintf("Góc %03d", n), Kind: kiosk.ClassCorner})
	if err != nil {
		b.Fatal(err)
	}
	_, err = desk.SetCorner(ctx, staff, p.ID, func(c kiosk.Corner) (kiosk.Corner, error) { return c, nil })
	d, err2 := desk.BeginHandover(ctx, staff, p.ID, kiosk.Day{})
	var ids []kiosk.ID
	err3 := desk.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		t := kiosk.Title{ID: tx.NewID(), Title: fmt.Sprint("Truyện ", n)}
		err := tx.PutTitle(t)
		var states []kiosk.CopyState
		for range copies {
			c := kiosk.Copy{ID: tx.NewID(), TitleID: t.ID, Kind: kiosk.Children}
			code, err2 := tx.NextBarcode(kiosk.CopySeries)
			c.Barcode = code
			err = errors.Join(err, err2, tx.PutCopy(c))
			ids, states = append(ids, c.ID), append(states, kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood})
		}
		return errors.Join(err, tx.Append(&kiosk.Event{Type: kiosk.EventCopyAdded, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: states}}}))
	})
	_, err4 := desk.FillBox(ctx, staff, d.ID, ids)
	_, err5 := desk.HandOver(ctx, staff, d.ID)
	_, err6 := desk.ConfirmHandover(ctx, staff, d.ID)
	if err := errors.Join(err, err2, err3, err4, err5, err6); err != nil {
		b.Fatal(err)
	}
	return p.ID
}
