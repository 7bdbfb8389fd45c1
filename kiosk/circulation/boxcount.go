package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// FillBox puts chosen copies into a box that is being filled, in one event; what
// cannot go in is left out. The answer says how many went in.
func (d *Desk) FillBox(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID, copies []kiosk.ID) (int, error) {
	return takeIn(ctx, d, a, func(x *intake) (int, error) {
		b, err := x.boxIn(deposit, kiosk.DepositOpen)
		if err != nil {
			return 0, err
		}
		in, err := x.inBox(deposit)
		if err != nil {
			return 0, err
		}
		change := x.corner(kiosk.EventHandover, b.Place)
		n := 0
		for _, id := range copies {
			if slices.ContainsFunc(in, func(c kiosk.DepositCopy) bool { return c.Copy == id }) || len(in) >= kiosk.MaxBox {
				continue
			}
			item, err := x.Item(id)
			if err != nil {
				return 0, fmt.Errorf("copy: %w", err)
			}
			if out, err := x.outNow(id); err != nil || out != nil { // chosen from the list, not seen
				if err != nil {
					return 0, err
				}
				continue
			}
			_, ok, _, err := x.intoBox(change, b, item)
			if err != nil {
				return 0, err
			}
			if ok {
				in = append(in, kiosk.DepositCopy{Copy: id})
				n++
			}
		}
		if n == 0 {
			return 0, nil
		}
		return n, x.append()
	})
}

// CountBox begins a count of a box: from now on each scan says that a book is
// there, and what is not scanned is missing.
func (d *Desk) CountBox(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID) (kiosk.Deposit, error) {
	return d.stepBox(ctx, a, deposit, func(x *intake, b *kiosk.Deposit) error { b.Counted = x.now; return nil }, kiosk.DepositHanded, kiosk.DepositConfirmed)
}

// ScanCount is a scan of the count. A book that does not belong into the box is
// put on its list as a find, once.
func (d *Desk) ScanCount(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID, code string) (kiosk.BoxScan, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.BoxScan, error) {
		done := kiosk.BoxScan{Deposit: deposit, At: x.now}
		b, err := x.boxIn(deposit, kiosk.DepositHanded, kiosk.DepositConfirmed)
		if err != nil {
			return done, err
		}
		item, err := x.scanned(code)
		unknown := errors.Is(err, kiosk.ErrNotFound)
		if err != nil && !unknown {
			return done, err
		}
		change := x.corner(kiosk.EventHandover, b.Place)
		x.event.CopyID = item.ID
		if unknown {
			return x.find(b, kiosk.Find{Kind: kiosk.FindPrivate, Code: kiosk.Escaped(code)}, done)
		}
		done.Copy, done.CopyID, done.Condition = item.View(), item.ID, item.State.Condition
		out, err := x.outNow(item.ID)
		if err != nil {
			return done, err
		}
		row, err := x.BoxOf(item.ID)
		if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return done, fmt.Errorf("box of the copy: %w", err)
		}
		if err != nil || row.Deposit != deposit {
			kind, _ := kiosk.BoxRule(item.State.Status, out, row.Deposit != "")
			if kind == "" {
				kind = kiosk.FindShelf
			}
			return x.find(b, kiosk.Find{Kind: kind, Copy: item.ID, From: item.State.Place}, done)
		}
		if item.State.Status == kiosk.CopyWithdrawn || item.State.Status == kiosk.CopyInProcessing {
			return x.find(b, kiosk.Find{Kind: kiosk.FindWithdrawn, Copy: item.ID, From: item.State.Place}, done)
		}
		// It belongs here and is here: whoever had it has brought it.
		done.Done = kiosk.BoxSeen
		if out != nil {
			done.Find = kiosk.FindOnLoan
			x.takeFromReader(item, out)
		}
		state := item.State
		state.Place = b.Place
		if state.Status == kiosk.CopyLost {
			done.Find, state.Status = kiosk.FindLost, kiosk.CopyAvailable
		}
		if state != item.State {
			x.changeCopy(item.State, state)
		}
		row.Seen, row.Astray = x.now, time.Time{}
		change.Copies = []kiosk.DepositCopy{row}
		return done, x.append()
	})
}

// find puts a find on the box's list, unless it stands there.
func (x *intake) find(b kiosk.Deposit, f kiosk.Find, done kiosk.BoxScan) (kiosk.BoxScan, error) {
	done.Done, done.Find, done.From = kiosk.BoxFound, f.Kind, f.From
	all, err := x.Finds(b.ID)
	if err != nil {
		return done, fmt.Errorf("finds: %w", err)
	}
	if slices.ContainsFunc(all, func(o kiosk.Find) bool { return o.Settled == kiosk.FindOpen && o.Copy == f.Copy && o.Code == f.Code }) {
		return done, nil
	}
	f.ID, f.Deposit, f.Place, f.At = x.NewID(), b.ID, b.Place, x.now
	x.corner(kiosk.EventFind, b.Place).Finds = []kiosk.Find{f}
	return done, x.append()
}

// SettleFind settles a find by one touch. Taken: it stays in this box from now
// on. Sent: it goes back to where it belongs. Handed: a private book to its
// owner, a withdrawn one to the librarian. What is in the hand is no longer lost
// and no longer on loan, either way. Settled twice is once.
func (d *Desk) SettleFind(ctx context.Context, a kiosk.Attempt, id kiosk.ID, how kiosk.FindDone) (kiosk.Find, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Find, error) {
		f, err := x.Find(id)
		if err != nil || f.Settled != kiosk.FindOpen {
			return f, err
		}
		firm := f.Kind == kiosk.FindPrivate || f.Kind == kiosk.FindWithdrawn
		if how == kiosk.FindOpen || firm != (how == kiosk.FindHanded) || !slices.Contains(kiosk.FindDones, how) {
			return f, &kiosk.FieldError{Field: "how", Problem: kiosk.FieldUnexpected}
		}
		change := x.corner(kiosk.EventFind, f.Place)
		f.Settled, f.DoneAt = how, x.now
		change.Finds = []kiosk.Find{f}
		if firm {
			return f, x.append()
		}
		item, err := x.Item(f.Copy)
		if err != nil {
			return f, fmt.Errorf("copy: %w", err)
		}
		x.event.CopyID = item.ID
		if how == kiosk.FindTaken {
			b, err := x.boxIn(f.Deposit, kiosk.DepositHanded, kiosk.DepositConfirmed, kiosk.DepositOpen)
			if err != nil {
				return f, err
			}
			in, err := x.BoxOf(item.ID)
			if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
				return f, fmt.Errorf("box of the copy: %w", err)
			}
			if in.Deposit != b.ID {
				if _, ok, _, err := x.intoBox(change, b, item); err != nil || !ok {
					return f, errors.Join(err, orOver(ok))
				}
				if in.ID != "" {
					change.Before = []kiosk.DepositCopy{in}
				}
			}
			return f, x.append()
		}
		out, err := x.outNow(item.ID)
		if err != nil {
			return f, err
		}
		x.takeFromReader(item, out)
		if item.State.Status == kiosk.CopyLost {
			s := item.State
			s.Status = kiosk.CopyAvailable
			x.changeCopy(item.State, s)
		}
		return f, x.append()
	})
}

func orOver(ok bool) error {
	if ok {
		return nil
	}
	return kiosk.ErrBoxOver
}

// SettleMissing settles a book that was not scanned at the count: it is here
// after all, or it is lost, which ends its loan as lost too.
func (d *Desk) SettleMissing(ctx context.Context, a kiosk.Attempt, deposit, copyID kiosk.ID, lost bool) (kiosk.BoxScan, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.BoxScan, error) {
		done := kiosk.BoxScan{Deposit: deposit, CopyID: copyID, At: x.now}
		row, err := x.BoxOf(copyID)
		if err != nil || row.Deposit != deposit {
			return done, errors.Join(err, orOver(row.Deposit == deposit))
		}
		item, err := x.Item(copyID)
		if err != nil {
			return done, fmt.Errorf("copy: %w", err)
		}
		done.Copy = item.View()
		change := x.corner(kiosk.EventHandover, row.Place)
		change.Before = []kiosk.DepositCopy{row}
		x.event.CopyID = copyID
		if !lost {
			done.Done, row.Seen, row.Astray = kiosk.BoxSeen, x.now, time.Time{}
			change.Copies = []kiosk.DepositCopy{row}
			return done, x.append()
		}
		if err := x.loseCopy(item); err != nil {
			return done, err
		}
		if err := x.outOfBox(row, item, kiosk.BoxCopyLost, "", &done); err != nil {
			return done, err
		}
		return done, x.append()
	})
}

// loseCopy declares a copy lost, with its open loan, within the event under way.
func (x *intake) loseCopy(item kiosk.Item) error {
	out, err := x.outNow(item.ID)
	if err != nil {
		return err
	}
	if out != nil {
		over := *out
		over.End, over.ReturnedAt = kiosk.LoanLost, x.now
		x.changeLoan(out, over)
	}
	s := item.State
	s.Status = kiosk.CopyLost
	x.changeCopy(item.State, s)
	return nil
}

// LoseBox notes that nobody knows where a box is: what should stand in it is
// lost until it is scanned. What pupils have on loan is not in the box.
func (d *Desk) LoseBox(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID) (kiosk.Deposit, error) {
	return d.stepBox(ctx, a, deposit, func(x *intake, b *kiosk.Deposit) error {
		b.BoxLost = x.now
		return x.turnBox(*b, kiosk.CopyAvailable, kiosk.CopyLost)
	}, kiosk.DepositHanded, kiosk.DepositConfirmed)
}

// FindBox is the scan of a lost box that is here again, with its books.
func (d *Desk) FindBox(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID) (kiosk.Deposit, error) {
	return d.stepBox(ctx, a, deposit, (*intake).foundBox, kiosk.DepositLost)
}

func (x *intake) foundBox(b *kiosk.Deposit) error {
	b.BoxLost = time.Time{}
	return x.turnBox(*b, kiosk.CopyLost, kiosk.CopyAvailable)
}

// turnBox brings the books that stand in a box from one state into another.
func (x *intake) turnBox(b kiosk.Deposit, from, to kiosk.CopyStatus) error {
	in, err := x.inBox(b.ID)
	if err != nil {
		return err
	}
	for _, row := range in {
		item, err := x.Item(row.Copy)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		out, err := x.outNow(row.Copy)
		if err != nil {
			return err
		}
		if s := item.State; out == nil && s.Status == from && s.Place == b.Place {
			s.Status = to
			x.changeCopy(item.State, s)
		}
	}
	return nil
}

// EndCorner closes a corner, whose class was dissolved or split: nothing is lent
// there any more, and its boxes stand on the list of what is called back. Opened
// again it is as before.
func (d *Desk) EndCorner(ctx context.Context, a kiosk.Attempt, place kiosk.ID, why string, ended bool) (kiosk.Corner, error) {
	now := d.Now().UTC()
	return d.SetCorner(ctx, a, place, func(c kiosk.Corner) (kiosk.Corner, error) {
		switch {
		case ended && c.Ended.IsZero():
			c.Ended, c.Closing = now, why
		case !ended:
			c.Ended, c.Closing = time.Time{}, ""
		}
		return c, nil
	})
}
