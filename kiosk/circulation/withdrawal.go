package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// ProposeWithdrawal puts copies on a list to leave the stock. Each stays in it,
// and may be lent, until the minutes are closed. A copy that cannot be put down
// is a *kiosk.CopyListedError.
func (d *Desk) ProposeWithdrawal(ctx context.Context, a kiosk.Attempt, name string, items []kiosk.WithdrawalItem) (kiosk.Withdrawal, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Withdrawal, error) {
		w := kiosk.Withdrawal{ID: x.NewID(), Name: name, Items: items, At: x.instant(), By: x.Staff}
		return w, x.putWithdrawal(&w)
	})
}

// ChangeWithdrawal writes another name and list. What was approved is approved no
// more: the management approves a list, not a name. look refuses when the stored
// one is not what the caller saw.
func (d *Desk) ChangeWithdrawal(ctx context.Context, a kiosk.Attempt, id kiosk.ID, name string, items []kiosk.WithdrawalItem, look func(kiosk.Withdrawal) error) (kiosk.Withdrawal, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Withdrawal, error) {
		w, err := x.openWithdrawal(id)
		if err != nil {
			return w, err
		}
		if look != nil {
			if err := look(w); err != nil {
				return w, err
			}
		}
		if !slices.Equal(w.Items, items) {
			w.Approved, w.ApprovedBy, w.Approver, w.ApprovedOn = time.Time{}, "", "", kiosk.Day{}
		}
		w.Name, w.Items = name, items
		return w, x.putWithdrawal(&w)
	})
}

// ApproveWithdrawal writes down who of the management approved the list, and on
// which day; a zero day is today. Without a name the approval is taken back.
func (d *Desk) ApproveWithdrawal(ctx context.Context, a kiosk.Attempt, id kiosk.ID, who string, on kiosk.Day) (kiosk.Withdrawal, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Withdrawal, error) {
		w, err := x.openWithdrawal(id)
		if err != nil {
			return w, err
		}
		var f form
		f.text("approver", &who, kiosk.MaxText)
		if who == "" {
			if w.Approved.IsZero() {
				return w, kiosk.ErrNotNow
			}
			w.Approved, w.ApprovedBy, w.Approver, w.ApprovedOn = time.Time{}, "", "", kiosk.Day{}
			return w, x.record(kiosk.EventWithdrawal, kiosk.Records{Withdrawals: []kiosk.Withdrawal{w}})
		}
		if on.IsZero() {
			on = x.today
		}
		proposed := kiosk.DayOf(w.At, x.rules.Location)
		if on.Before(proposed) || on.After(x.today) {
			f.wrong("day", kiosk.FieldOutOfRange, kiosk.Facts{"min": proposed, "max": x.today})
		}
		if err := f.failed(); err != nil {
			return w, err
		}
		if len(w.Items) == 0 {
			return w, kiosk.ErrNoItems
		}
		w.Approved, w.ApprovedBy, w.Approver, w.ApprovedOn = x.instant(), x.Staff, who, on
		return w, x.record(kiosk.EventWithdrawal, kiosk.Records{Withdrawals: []kiosk.Withdrawal{w}})
	})
}

// UndoApproval makes the approval of a list what it was before it was written down, or
// taken back. A list that was changed since is kiosk.ErrNotUndoable: it was approved as
// it was.
func (d *Desk) UndoApproval(ctx context.Context, a kiosk.Attempt, was kiosk.Withdrawal) (kiosk.Withdrawal, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Withdrawal, error) {
		w, err := x.openWithdrawal(was.ID)
		if err != nil {
			return w, err
		}
		if !slices.Equal(w.Items, was.Items) {
			return w, kiosk.ErrNotUndoable
		}
		w.Approved, w.ApprovedBy, w.Approver, w.ApprovedOn = was.Approved, was.ApprovedBy, was.Approver, was.ApprovedOn
		return w, x.record(kiosk.EventWithdrawal, kiosk.Records{Withdrawals: []kiosk.Withdrawal{w}})
	})
}

// DropWithdrawal gives a list up, or takes it up again. kiosk.ErrNotNow when it
// is so already.
func (d *Desk) DropWithdrawal(ctx context.Context, a kiosk.Attempt, id kiosk.ID, drop bool) error {
	_, err := takeIn(ctx, d, a, func(x *intake) (struct{}, error) {
		w, err := x.Withdrawal(id)
		if err != nil {
			return struct{}{}, fmt.Errorf("withdrawal: %w", err)
		}
		switch {
		case !w.Closed.IsZero():
			return struct{}{}, kiosk.ErrWithdrawalDone
		case w.Dropped.IsZero() != drop:
			return struct{}{}, kiosk.ErrNotNow
		case drop:
			w.Dropped = x.instant()
			return struct{}{}, x.record(kiosk.EventWithdrawal, kiosk.Records{Withdrawals: []kiosk.Withdrawal{w}})
		}
		w.Dropped = time.Time{}
		return struct{}{}, x.putWithdrawal(&w)
	})
	return err
}

// CloseWithdrawal closes the minutes: every copy of an approved list leaves the
// stock, each by an event of its own. Its number stays its own and is never used
// again. There is no way back.
func (d *Desk) CloseWithdrawal(ctx context.Context, a kiosk.Attempt, id kiosk.ID, m kiosk.WithdrawalPaper) (kiosk.Withdrawal, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Withdrawal, error) {
		w, err := x.openWithdrawal(id)
		if err != nil {
			return w, err
		}
		if w.Approved.IsZero() {
			return w, kiosk.ErrNotApproved
		}
		if len(w.Items) == 0 {
			return w, kiosk.ErrNoItems
		}
		var f form
		f.text("number", &m.Number, kiosk.MaxMinutesText)
		f.given("number", m.Number)
		f.text("hour", &m.Hour, kiosk.MaxMinutesText)
		f.text("place", &m.Place, kiosk.MaxText)
		f.text("note", &m.Note, kiosk.MaxNoteText)
		if m.Day.IsZero() {
			m.Day = x.today
		}
		if m.Day.Before(w.ApprovedOn) || m.Day.After(x.today) {
			f.wrong("day", kiosk.FieldOutOfRange, kiosk.Facts{"min": w.ApprovedOn, "max": x.today})
		}
		f.board(&m.Board)
		if err := f.failed(); err != nil {
			return w, err
		}
		for _, i := range w.Items {
			item, err := x.listable(w, i.Copy)
			if err != nil {
				return w, err
			}
			state := item.State
			state.Status = kiosk.CopyWithdrawn
			if err := x.tell(kiosk.EventWithdrawn, kiosk.Payload{Comment: m.Number}, &item.State, state); err != nil {
				return w, err
			}
		}
		w.Closed, w.ClosedBy, w.Minutes = x.instant(), x.Staff, &m
		return w, x.record(kiosk.EventWithdrawal, kiosk.Records{Withdrawals: []kiosk.Withdrawal{w}})
	})
}

// openWithdrawal is a withdrawal that may still be changed.
func (x *intake) openWithdrawal(id kiosk.ID) (kiosk.Withdrawal, error) {
	w, err := x.Withdrawal(id)
	switch {
	case err != nil:
		return w, fmt.Errorf("withdrawal: %w", err)
	case !w.Closed.IsZero():
		return w, kiosk.ErrWithdrawalDone
	case !w.Dropped.IsZero():
		return w, kiosk.ErrNotNow
	}
	return w, nil
}

// putWithdrawal looks through a list and writes it.
func (x *intake) putWithdrawal(w *kiosk.Withdrawal) error {
	var f form
	f.text("name", &w.Name, kiosk.MaxStockName)
	f.given("name", w.Name)
	within(&f, "items", len(w.Items), 0, kiosk.MostCodes)
	w.Items = slices.Clone(w.Items)
	for i := range w.Items {
		among(&f, "reason", w.Items[i].Reason, kiosk.WithdrawalCauses)
		within(&f, "price", w.Items[i].Price, 0, kiosk.MaxPrice)
	}
	if err := f.failed(); err != nil {
		return err
	}
	seen := map[kiosk.ID]bool{}
	w.Items = slices.DeleteFunc(w.Items, func(i kiosk.WithdrawalItem) bool {
		twice := seen[i.Copy]
		seen[i.Copy] = true
		return twice
	})
	others, err := x.Withdrawals()
	if err != nil {
		return fmt.Errorf("withdrawals: %w", err)
	}
	others = slices.DeleteFunc(others, func(o kiosk.Withdrawal) bool {
		return o.ID == w.ID || o.State() != kiosk.WithdrawalProposed && o.State() != kiosk.WithdrawalApproved
	})
	for _, i := range w.Items {
		item, err := x.listable(*w, i.Copy)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(others, func(o kiosk.Withdrawal) bool { return o.Lists(i.Copy) }) {
			return &kiosk.CopyListedError{Copy: *item.View(), Reason: kiosk.ListedElsewhere}
		}
	}
	return x.record(kiosk.EventWithdrawal, kiosk.Records{Withdrawals: []kiosk.Withdrawal{*w}})
}

// listable is a copy that can leave the stock.
func (x *intake) listable(w kiosk.Withdrawal, id kiosk.ID) (kiosk.Item, error) {
	item, err := x.Item(id)
	if err != nil {
		return item, fmt.Errorf("copy: %w", err)
	}
	if item.State.Status == kiosk.CopyWithdrawn || item.State.Status == kiosk.CopyInProcessing {
		return item, &kiosk.CopyListedError{Copy: *item.View(), Reason: kiosk.ListedGone}
	}
	_, err = x.OpenLoan(id)
	if err == nil {
		return item, &kiosk.CopyListedError{Copy: *item.View(), Reason: kiosk.ListedOnLoan}
	}
	if !errors.Is(err, kiosk.ErrNotFound) {
		return item, fmt.Errorf("open loan: %w", err)
	}
	return item, nil
}
