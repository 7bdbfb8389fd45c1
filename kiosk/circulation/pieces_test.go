package circulation_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"muontra/kiosk"
)

// A game of twelve pieces comes back: the pieces are asked for, what is missing
// is noted, and that can be taken back.
func TestPieces(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		items := r.stock(2)
		rec := kiosk.RecordOf(items[0])
		rec.Pieces, rec.Note = 12, "Hộp mẫu"
		must[kiosk.Answer](r)(r.desk.EditCopy(ctx, r.staff, items[0].ID, rec, nil))
		for _, n := range []int{-1, kiosk.MaxPieces + 1} {
			bad := rec
			bad.Pieces = n
			r.wrongField("pieces", second(r.desk.EditCopy(ctx, r.staff, items[0].ID, bad, nil)), "pieces", kiosk.FieldOutOfRange)
		}
		for _, i := range items {
			r.Lent("20000016", i.Barcode, "2026-12-01")
		}
		res := r.returned(items[0])
		n := slices.IndexFunc(res.Notes, func(n kiosk.Note) bool { return n.Code == kiosk.NotePieces })
		if res.Outcome != kiosk.Returned || n < 0 || res.Notes[n].Facts["count"] != 12 {
			t.Fatalf("the pieces are not asked for: %+v", res)
		}
		if res := r.returned(items[1]); hasNote(res, kiosk.NotePieces) {
			t.Errorf("a book is asked for its pieces: %v", res.Notes)
		}
		r.wrongField("of a book", second(r.desk.MissPieces(ctx, r.staff, items[1].ID, "x")), "pieces", kiosk.FieldUnexpected)
		r.wrongField("no room", second(r.desk.MissPieces(ctx, r.staff, items[0].ID, strings.Repeat("x", kiosk.MaxNoteText))), "note", kiosk.FieldTooLong)
		if err := second(r.desk.MissPieces(ctx, kiosk.Attempt{}, items[0].ID, "x")); !errors.Is(err, kiosk.ErrStaffOnly) {
			t.Errorf("a patron notes it: %v", err)
		}
		noted := must[kiosk.Answer](r)(r.desk.MissPieces(ctx, r.staff, items[0].ID, "24/11/2026: thiếu mảnh"))
		now := r.item(items[0].Copy)
		equal(r, "condition", now.State.Condition, kiosk.ConditionDamaged)
		equal(r, "note", now.Note, "Hộp mẫu\n24/11/2026: thiếu mảnh")
		must[kiosk.Answer](r)(r.desk.TakeBack(ctx, r.staff, noted.Result.EventSeq))
		now = r.item(items[0].Copy)
		equal(r, "condition, taken back", now.State.Condition, kiosk.ConditionGood)
		equal(r, "note, taken back", now.Note, "Hộp mẫu")
		equal(r, "pieces", now.Pieces, 12)
	})
}
