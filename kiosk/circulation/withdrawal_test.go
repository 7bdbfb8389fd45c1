package circulation_test

import (
	"errors"
	"testing"
	"time"

	"muontra/kiosk"
)

func TestWithdrawal(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		items := r.stock(4)
		r.CopyStatus(items[1].Barcode, kiosk.CopyLost)
		list := func(ns ...int) (all []kiosk.WithdrawalItem) {
			for _, n := range ns {
				all = append(all, kiosk.WithdrawalItem{Copy: items[n].ID, Reason: kiosk.CauseTorn, Price: 25_000})
			}
			return all
		}
		refused := func(err error, why kiosk.ListedReason) {
			r.t.Helper()
			var listed *kiosk.CopyListedError
			if !errors.As(err, &listed) || listed.Reason != why {
				r.t.Errorf("%v, want %s", err, why)
			}
		}
		w := must[kiosk.Withdrawal](r)(r.desk.ProposeWithdrawal(ctx, r.staff, "Thanh lý mẫu", list(0, 1, 0)))
		if len(w.Items) != 2 {
			r.t.Errorf("%d copies on the list: one was put down twice", len(w.Items))
		}
		_, err := r.desk.ProposeWithdrawal(ctx, r.staff, "Nữa", list(0))
		refused(err, kiosk.ListedElsewhere)
		loan := r.Lent("20000016", items[2].Barcode, "2026-12-01")
		_, err = r.desk.ProposeWithdrawal(ctx, r.staff, "Nữa", list(2))
		refused(err, kiosk.ListedOnLoan)
		paper := kiosk.WithdrawalPaper{Number: "02/TL", Board: board}
		if _, err := r.desk.CloseWithdrawal(ctx, r.staff, w.ID, paper); !errors.Is(err, kiosk.ErrNotApproved) {
			r.t.Errorf("closed without approval: %v", err)
		}
		w = must[kiosk.Withdrawal](r)(r.desk.ApproveWithdrawal(ctx, r.staff, w.ID, "Bà Mẫu, Phó Hiệu trưởng", kiosk.Day{}))
		if w.State() != kiosk.WithdrawalApproved || w.ApprovedOn != r.Today() {
			r.t.Errorf("%+v", w)
		}
		// Another list is another approval.
		w = must[kiosk.Withdrawal](r)(r.desk.ChangeWithdrawal(ctx, r.staff, w.ID, "Thanh lý mẫu", list(0, 1, 3), nil))
		if w.State() != kiosk.WithdrawalProposed {
			r.t.Error("the approval outlived the list")
		}
		must[kiosk.Withdrawal](r)(r.desk.ApproveWithdrawal(ctx, r.staff, w.ID, "Bà Mẫu", r.Today()))
		if err := r.desk.DropWithdrawal(ctx, r.staff, w.ID, true); err != nil {
			r.t.Fatal(err)
		}
		if err := r.desk.DropWithdrawal(ctx, r.staff, w.ID, true); !errors.Is(err, kiosk.ErrNotNow) {
			r.t.Error(err)
		}
		if err := r.desk.DropWithdrawal(ctx, r.staff, w.ID, false); err != nil {
			r.t.Fatal(err)
		}
		if _, err := r.desk.CloseWithdrawal(ctx, r.staff, w.ID, kiosk.WithdrawalPaper{Number: "02/TL"}); !isField(err, "board") {
			r.t.Error(err)
		}
		r.Advance(time.Minute)
		w = must[kiosk.Withdrawal](r)(r.desk.CloseWithdrawal(ctx, r.staff, w.ID, paper))
		if v, unpriced := w.Value(); v != 75_000 || unpriced != 0 {
			r.t.Error(v, unpriced)
		}
		for _, n := range []int{0, 1, 3} {
			if r.status(items[n].Barcode) != kiosk.CopyWithdrawn {
				r.t.Errorf("copy %d is in stock", n)
			}
		}
		// There is no way back, and the numbers are used up.
		for name, err := range map[string]error{
			"dropped":  r.desk.DropWithdrawal(ctx, r.staff, w.ID, true),
			"changed":  errOf(r.desk.ChangeWithdrawal(ctx, r.staff, w.ID, "x", nil, nil)),
			"approved": errOf(r.desk.ApproveWithdrawal(ctx, r.staff, w.ID, "", kiosk.Day{})),
			"closed":   errOf(r.desk.CloseWithdrawal(ctx, r.staff, w.ID, paper)),
		} {
			if !errors.Is(err, kiosk.ErrWithdrawalDone) {
				r.t.Errorf("%s after the close: %v", name, err)
			}
		}
		_, err = r.desk.ProposeWithdrawal(ctx, r.staff, "Nữa", list(0))
		refused(err, kiosk.ListedGone)
		next := r.Copy("39999999", "Truyện mới", kiosk.Children, "")
		if next.Accession != "TN.00005" {
			r.t.Errorf("the next number is %s", next.Accession)
		}
		if r.status(items[2].Barcode) != kiosk.CopyAvailable || loan.ID == "" {
			r.t.Error("what was not on the list has changed")
		}
		gone := 0
		for _, e := range r.Events() {
			if e.Type == kiosk.EventWithdrawn {
				gone++
			}
		}
		if gone != 3 {
			r.t.Errorf("%d events of copies that left", gone)
		}
	})
}

func errOf[T any](_ T, err error) error { return err }

// The approval of a list is what it was before it was taken back, with who gave it; a
// list that was changed since is approved anew.
func TestApprovalIsTakenBack(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		i := r.Copy("10000014", "Sách rách mẫu", kiosk.Children, "")
		j := r.Copy("10000022", "Sách rách mẫu hai", kiosk.Children, "")
		item := func(i kiosk.Item) kiosk.WithdrawalItem {
			return kiosk.WithdrawalItem{Copy: i.ID, Reason: kiosk.CauseTorn}
		}
		list := must[kiosk.Withdrawal](r)(r.desk.ProposeWithdrawal(ctx, r.staff, "Thanh lý mẫu", []kiosk.WithdrawalItem{item(i)}))
		read := func() (w kiosk.Withdrawal) {
			r.view(func(v kiosk.View) (err error) { w, err = v.Withdrawal(list.ID); return err })
			return w
		}
		proposed := read()
		must[kiosk.Withdrawal](r)(r.desk.ApproveWithdrawal(ctx, r.staff, list.ID, "Bà Mẫu", kiosk.Day{}))
		approved := read()
		must[kiosk.Withdrawal](r)(r.desk.ApproveWithdrawal(ctx, r.staff, list.ID, "", kiosk.Day{}))
		must[kiosk.Withdrawal](r)(r.desk.UndoApproval(ctx, r.staff, approved))
		equal(r, "approved again", read(), approved)
		must[kiosk.Withdrawal](r)(r.desk.UndoApproval(ctx, r.staff, proposed))
		equal(r, "not approved again", read(), proposed)
		must[kiosk.Withdrawal](r)(r.desk.ChangeWithdrawal(ctx, r.staff, list.ID, list.Name, []kiosk.WithdrawalItem{item(i), item(j)}, nil))
		if _, err := r.desk.UndoApproval(ctx, r.staff, approved); !errors.Is(err, kiosk.ErrNotUndoable) {
			r.t.Errorf("another list is approved: %v", err)
		}
	})
}
