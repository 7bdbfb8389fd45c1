package circulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// RenewLoans extends many loans for the staff, each by an event of its own in
// one transaction. What the rules refuse is told with its reason and stays.
func (d *Desk) RenewLoans(ctx context.Context, a kiosk.Attempt, loans []kiosk.ID) (kiosk.Bulk, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Bulk, error) {
		return x.eachLoan(loans, func(l kiosk.LoanItem) (kiosk.Verdict, error) {
			m, err := x.MemberByRef(l.PatronRef, x.today)
			if err != nil {
				return kiosk.Verdict{}, fmt.Errorf("patron: %w", err)
			}
			v, after, err := x.extend(m, l)
			if err != nil || v.Says() != kiosk.Yes {
				return v, err
			}
			x.changeLoan(&l.Loan, after)
			x.event.Type, x.event.Payload.Outcome = kiosk.EventRenewed, kiosk.Renewed
			return v, nil
		})
	})
}

// ReturnLoans takes many copies back that the staff has before them, each by an
// event of its own in one transaction.
func (d *Desk) ReturnLoans(ctx context.Context, a kiosk.Attempt, loans []kiosk.ID) (kiosk.Bulk, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Bulk, error) {
		return x.eachLoan(loans, func(l kiosk.LoanItem) (kiosk.Verdict, error) {
			_, notes, err := x.giveBack(l)
			x.event.Payload.Outcome, x.event.Payload.Notes = kiosk.Returned, notes
			return kiosk.Verdict{}, err
		})
	})
}

// eachLoan does fn on each of the loans that is still open, and appends the
// event that fn has prepared. A loan that is named twice is one.
func (x *intake) eachLoan(loans []kiosk.ID, fn func(kiosk.LoanItem) (kiosk.Verdict, error)) (kiosk.Bulk, error) {
	b := kiosk.Bulk{Done: []kiosk.BulkDone{}, Refused: []kiosk.BulkRefused{}}
	blank := x.event
	seen := map[kiosk.ID]bool{}
	for _, id := range loans {
		if seen[id] {
			continue
		}
		seen[id] = true
		l, err := x.Loan(id)
		if err != nil {
			return b, fmt.Errorf("loan: %w", err)
		}
		item, err := x.Item(l.CopyID)
		if err != nil {
			return b, fmt.Errorf("copy: %w", err)
		}
		if !l.Open() {
			b.Refused = append(b.Refused, kiosk.BulkRefused{Loan: id, Copy: *item.View()})
			continue
		}
		x.event = blank
		x.event.CopyID, x.event.PatronRef = l.CopyID, l.PatronRef
		v, err := fn(kiosk.LoanItem{Loan: l, Item: item})
		if err != nil {
			return b, err
		}
		if v.Says() != kiosk.Yes {
			b.Refused = append(b.Refused, kiosk.BulkRefused{Loan: id, Copy: *item.View(), Reason: v.Reason(), Facts: v.Refusals[0].Facts})
			continue
		}
		if err := x.append(); err != nil {
			return b, err
		}
		b.Done = append(b.Done, kiosk.BulkDone{Loan: id, Copy: l.CopyID, Event: x.event.Seq})
	}
	return b, nil
}

// append appends the event that was prepared.
func (x *intake) append() error {
	if err := x.Append(&x.event); err != nil {
		return fmt.Errorf("append %s: %w", x.event.Type, err)
	}
	x.events = append(x.events, x.event)
	return nil
}

// bulkEvents are the events that UndoAll takes back.
var bulkEvents = []kiosk.EventType{kiosk.EventRenewed, kiosk.EventDueConfirmed, kiosk.EventReturned, kiosk.EventRecalled, kiosk.EventHoldPlaced, kiosk.EventHoldReady, kiosk.EventHoldCancelled, kiosk.EventCompensated, kiosk.EventShelved, kiosk.EventCheckedOut}

// UndoAll takes back events of RenewLoans and its like, and the loans and returns of a
// corner's paper, the newest first, in one
// transaction. Those whose loan has changed since are left: a
// *kiosk.PartlyUndoneError beside what was done, or kiosk.ErrNotUndoable when
// that is all of them.
func (d *Desk) UndoAll(ctx context.Context, a kiosk.Attempt, seqs []int64) error {
	left, err := takeIn(ctx, d, a, func(x *intake) (int, error) {
		left := 0
		blank := x.event
		for _, seq := range slices.SortedFunc(slices.Values(seqs), func(a, b int64) int { return cmp.Compare(b, a) }) {
			e, err := x.Event(seq)
			if errors.Is(err, kiosk.ErrNotFound) {
				return 0, kiosk.ErrNotUndoable
			}
			if err != nil {
				return 0, fmt.Errorf("event %d: %w", seq, err)
			}
			ok := slices.Contains(bulkEvents, e.Type)
			if ok {
				if ok, err = x.changesStand(e); err != nil {
					return 0, err
				}
			}
			if !ok {
				left++
				continue
			}
			x.event = blank
			if err := x.reverse(e); err != nil {
				return 0, err
			}
			x.event.Payload.Outcome = kiosk.Undone
			if err := x.append(); err != nil {
				return 0, err
			}
		}
		if left == len(seqs) {
			return 0, kiosk.ErrNotUndoable
		}
		return left, nil
	})
	if err == nil && left > 0 {
		return &kiosk.PartlyUndoneError{Undone: len(seqs) - left, Left: left}
	}
	return err
}
