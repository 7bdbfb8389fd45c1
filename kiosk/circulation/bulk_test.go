package circulation_test

import (
	"errors"
	"testing"

	"muontra/kiosk"
)

// Many loans at once: each by an event of its own, what the rules refuse told
// with its reason, all taken back by one act.
func TestBulk(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		r.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "2A", 2)
		codes := []string{"10000014", "10000022", "10000030", "10000048"}
		for _, c := range codes {
			r.Copy(c, "Truyện mẫu "+c, kiosk.Children, "")
		}
		late := r.Lent("20000016", codes[0], "2026-11-20")
		fresh := r.Lent("20000016", codes[1], "2026-11-26")
		other := r.Lent("20000024", codes[2], "2026-11-27")
		back := r.Lent("20000024", codes[3], "2026-11-27")
		must[kiosk.Answer](r)(r.desk.Return(t.Context(), r.staff, "", back.CopyID))

		did := must[kiosk.Bulk](r)(r.desk.RenewLoans(t.Context(), r.staff, []kiosk.ID{late.ID, fresh.ID, fresh.ID, other.ID, back.ID}))
		if len(did.Done) != 2 || len(did.Refused) != 2 || did.Refused[0].Reason != kiosk.ReasonOverdue || did.Refused[1].Reason != "" {
			t.Fatalf("renewed %+v", did)
		}
		loan := func(id kiosk.ID) (l kiosk.Loan) {
			r.view(func(v kiosk.View) (err error) { l, err = v.Loan(id); return err })
			return l
		}
		if l := loan(fresh.ID); l.DueOn != kiosk.MustDay("2026-12-03") || l.Renewals != 1 {
			t.Errorf("renewed to %v", l)
		}
		// One of the two comes back meanwhile: the other is undone alone.
		must[kiosk.Answer](r)(r.desk.Return(t.Context(), r.staff, "", other.CopyID))
		var partly *kiosk.PartlyUndoneError
		if err := r.desk.UndoAll(t.Context(), r.staff, did.Events()); !errors.As(err, &partly) || partly.Undone != 1 || partly.Left != 1 {
			t.Errorf("undo: %v", err)
		}
		if l := loan(fresh.ID); l.DueOn != fresh.DueOn || l.Renewals != 0 {
			t.Errorf("not taken back: %v", l)
		}
		if err := r.desk.UndoAll(t.Context(), r.staff, did.Events()); !errors.Is(err, kiosk.ErrNotUndoable) {
			t.Errorf("undone twice: %v", err)
		}

		did = must[kiosk.Bulk](r)(r.desk.ReturnLoans(t.Context(), r.staff, []kiosk.ID{late.ID, fresh.ID}))
		if len(did.Done) != 2 || loan(late.ID).Open() {
			t.Errorf("returned %+v", did)
		}
		if err := r.desk.UndoAll(t.Context(), r.staff, did.Events()); err != nil || !loan(late.ID).Open() || !loan(fresh.ID).Open() {
			t.Errorf("undo of returns: %v", err)
		}
		if _, err := r.desk.ReturnLoans(t.Context(), kiosk.Attempt{}, []kiosk.ID{late.ID}); !errors.Is(err, kiosk.ErrStaffOnly) {
			t.Errorf("by nobody: %v", err)
		}
	})
}
