package circulation_test

import (
	"testing"
	"time"

	"muontra/kiosk"
)

// A return at the kiosk that is undone leaves no mark that the copy lies in the
// library, and a return in a corner's hour that is undone leaves the mark that it
// had found, and no find.
func TestUndoneReturnOfACornersCopy(t *testing.T) {
	inRoom(t, func(m *room) {
		b, items := m.filled(m.a, 2)
		astray := func(i kiosk.Item) (out bool) {
			t.Helper()
			m.view(func(v kiosk.View) error {
				row, err := v.BoxOf(i.ID)
				out = !row.Astray.IsZero()
				return err
			})
			return out
		}
		finds := func() (open int) {
			t.Helper()
			m.view(func(v kiosk.View) error {
				all, err := v.OpenFinds()
				open = len(all)
				return err
			})
			return open
		}
		at := kiosk.Attempt{Station: "desk", Code: items[0].Barcode}
		m.lend(m.at(0, ""), m.a, m.an, items[0])
		m.Advance(time.Hour)
		back := must[kiosk.Answer](m.rig)(m.desk.Return(t.Context(), at, "", items[0].ID))
		equal(m.rig, "lies in the library", astray(items[0]), true)
		equal(m.rig, "undone", must[kiosk.Answer](m.rig)(m.desk.Undo(t.Context(), at, "", back.Result.EventSeq)).Result.Outcome, kiosk.Undone)
		equal(m.rig, "lies in the library after that", astray(items[0]), false)
		card, _ := m.Borrower(items[0].Barcode)
		equal(m.rig, "who has it", card, "20000001")

		// Returned there, and then lent in its corner: undone, it lies in the library again.
		must[kiosk.Answer](m.rig)(m.desk.Return(t.Context(), at, "", items[0].ID))
		m.Advance(time.Hour)
		lent := must[kiosk.Answer](m.rig)(m.desk.LendInHour(t.Context(), at, m.a.Place, m.binh.Ref, items[0].ID))
		equal(m.rig, "lent", lent.Result.Outcome, kiosk.CheckedOut)
		must[kiosk.Answer](m.rig)(m.desk.ReturnInHour(t.Context(), at, m.a.Place, m.binh.Ref, items[0].ID))
		equal(m.rig, "back in its corner", astray(items[0]), false)

		// A book of the hallway that is given back here becomes a find, and by undoing none.
		_, others := m.filled(m.hall, 1)
		m.Lent("20000001", others[0].Barcode, "2026-12-01")
		stray := must[kiosk.Answer](m.rig)(m.desk.ReturnInHour(t.Context(), at, m.a.Place, "", others[0].ID))
		equal(m.rig, "finds", finds(), 1)
		equal(m.rig, "undone", must[kiosk.Answer](m.rig)(m.desk.Undo(t.Context(), at, "", stray.Result.EventSeq)).Result.Outcome, kiosk.Undone)
		equal(m.rig, "finds after that", finds(), 0)

		// What was seen to since stays: the box was counted with the book in it.
		m.lend(m.at(0, ""), m.a, m.an, items[1])
		m.Advance(time.Hour)
		back = must[kiosk.Answer](m.rig)(m.desk.Return(t.Context(), at, "", items[1].ID))
		must[kiosk.Deposit](m.rig)(m.desk.CountBox(t.Context(), m.staff, b.ID))
		m.Advance(time.Minute)
		must[kiosk.BoxScan](m.rig)(m.desk.ScanCount(t.Context(), m.staff, b.ID, items[1].Barcode))
		must[kiosk.Answer](m.rig)(m.desk.Undo(t.Context(), at, "", back.Result.EventSeq))
		equal(m.rig, "counted since", astray(items[1]), false)
		m.Replayed()
	})
}
