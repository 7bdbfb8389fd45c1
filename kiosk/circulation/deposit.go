package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"muontra/kiosk"
)

// BeginHandover opens a box for a corner, whose books stay until a day; or goes
// on with the one that is being filled there, whoever began it and wherever.
func (d *Desk) BeginHandover(ctx context.Context, a kiosk.Attempt, place kiosk.ID, until kiosk.Day) (kiosk.Deposit, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Deposit, error) {
		c, err := x.Corner(place)
		if err != nil {
			return kiosk.Deposit{}, fmt.Errorf("corner: %w", err)
		}
		if !c.Ended.IsZero() {
			return kiosk.Deposit{}, kiosk.ErrCornerEnded
		}
		all, err := x.Deposits(place)
		if err != nil {
			return kiosk.Deposit{}, fmt.Errorf("boxes: %w", err)
		}
		if n := slices.IndexFunc(all, func(b kiosk.Deposit) bool { return b.State() == kiosk.DepositOpen }); n >= 0 {
			return all[n], nil
		}
		if until.IsZero() {
			until = x.rules.Calendar.OnOrBefore(x.rules.Year.Recall)
		}
		if until.Before(x.today) {
			return kiosk.Deposit{}, &kiosk.FieldError{Field: "until", Problem: kiosk.FieldOutOfRange, Facts: kiosk.Facts{"min": x.today}}
		}
		p, err := x.placeByID(place)
		if err != nil {
			return kiosk.Deposit{}, err
		}
		b := kiosk.Deposit{ID: x.NewID(), Place: place, Box: p.Code, Until: until, Begun: x.now, BegunBy: x.Staff}
		x.corner(kiosk.EventHandover, place).Deposits = []kiosk.Deposit{b}
		return b, x.append()
	})
}

// ScanIntoBox puts the copy of a code, a barcode or accession number, into a box
// that is being filled; kiosk.BoxRule says what is made of it. A code of the
// library's that is no copy's is kiosk.ErrNotFound.
func (d *Desk) ScanIntoBox(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID, code string) (kiosk.BoxScan, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.BoxScan, error) {
		done := kiosk.BoxScan{Deposit: deposit, At: x.now}
		b, err := x.boxIn(deposit, kiosk.DepositOpen)
		if err != nil {
			return done, err
		}
		in, err := x.inBox(deposit)
		if err != nil {
			return done, err
		}
		done.Count = len(in)
		item, err := x.scanned(code)
		if errors.Is(err, kiosk.ErrNotFound) {
			done.Done, done.Find = kiosk.BoxRefused, kiosk.FindPrivate
			return done, nil
		}
		if err != nil {
			return done, err
		}
		done.Copy, done.CopyID, done.Condition = item.View(), item.ID, item.State.Condition
		if slices.ContainsFunc(in, func(c kiosk.DepositCopy) bool { return c.Copy == item.ID }) {
			done.Done = kiosk.BoxHeld
			return done, nil
		}
		if len(in) >= kiosk.MaxBox {
			return done, &kiosk.FieldError{Field: "count", Problem: kiosk.FieldOutOfRange, Facts: kiosk.Facts{"max": kiosk.MaxBox}}
		}
		change := x.corner(kiosk.EventHandover, b.Place)
		x.event.CopyID = item.ID
		find, ok, from, err := x.intoBox(change, b, item)
		if err != nil {
			return done, err
		}
		done.Find, done.From = find, from
		if !ok {
			done.Done = kiosk.BoxRefused
			return done, nil
		}
		done.Done, done.Count = kiosk.BoxAdded, done.Count+1
		return done, x.append()
	})
}

// intoBox puts a copy into a box, within the event under way, and takes it out
// of whatever it was in. from is the place where it should have been.
func (x *intake) intoBox(change *kiosk.CornerChange, b kiosk.Deposit, item kiosk.Item) (find kiosk.FindKind, ok bool, from kiosk.ID, err error) {
	out, err := x.outNow(item.ID)
	if err != nil {
		return "", false, "", err
	}
	was, err := x.BoxOf(item.ID)
	other := err == nil
	if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
		return "", false, "", fmt.Errorf("box of the copy: %w", err)
	}
	if find, ok = kiosk.BoxRule(item.State.Status, out, other && was.Deposit != b.ID); !ok {
		return find, false, item.State.Place, nil
	}
	if other {
		from = was.Place
		was.End, was.EndedAt, was.Back = kiosk.BoxMoved, x.now, item.State.Condition
		change.Copies = append(change.Copies, was)
	}
	x.takeFromReader(item, out)
	state := item.State
	state.Place = b.Place
	if state.Status == kiosk.CopyLost {
		state.Status = kiosk.CopyAvailable
	}
	x.changeCopy(item.State, state)
	change.Copies = append(change.Copies, kiosk.DepositCopy{ID: x.NewID(), Deposit: b.ID, Place: b.Place, Copy: item.ID, Condition: state.Condition, Since: x.now, Seen: x.now})
	return find, true, from, nil
}

// takeFromReader ends the loan of a copy that is in the hand, within the event
// under way.
func (x *intake) takeFromReader(item kiosk.Item, out *kiosk.Loan) {
	if out == nil {
		return
	}
	after := *out
	after.End, after.ReturnedAt = kiosk.LoanReturned, x.now
	x.changeLoan(out, after)
	if x.event.CopyID == item.ID {
		x.event.PatronRef = out.PatronRef
	}
}

// boxIn finds a box that is in one of the states.
func (x *intake) boxIn(id kiosk.ID, states ...kiosk.DepositState) (kiosk.Deposit, error) {
	b, err := x.Deposit(id)
	if err != nil {
		return b, fmt.Errorf("box: %w", err)
	}
	if !slices.Contains(states, b.State()) {
		return b, kiosk.ErrBoxOver
	}
	return b, nil
}

// inBox are the copies that belong into the box now.
func (x *deed) inBox(deposit kiosk.ID) ([]kiosk.DepositCopy, error) {
	all, err := x.DepositCopies(deposit)
	if err != nil {
		return nil, fmt.Errorf("copies of the box: %w", err)
	}
	return slices.DeleteFunc(all, func(c kiosk.DepositCopy) bool { return c.End != kiosk.InBox }), nil
}

// TakeOutOfBox takes a copy out again before the hand-over: it goes back to its
// shelf.
func (d *Desk) TakeOutOfBox(ctx context.Context, a kiosk.Attempt, deposit, copyID kiosk.ID) (kiosk.BoxScan, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.BoxScan, error) {
		done := kiosk.BoxScan{Deposit: deposit, CopyID: copyID, At: x.now}
		b, err := x.boxIn(deposit, kiosk.DepositOpen, kiosk.DepositHanded)
		if err != nil {
			return done, err
		}
		in, err := x.inBox(deposit)
		if err != nil {
			return done, err
		}
		done.Count = len(in)
		n := slices.IndexFunc(in, func(c kiosk.DepositCopy) bool { return c.Copy == copyID })
		if n < 0 {
			return done, nil
		}
		item, err := x.Item(copyID)
		if err != nil {
			return done, fmt.Errorf("copy: %w", err)
		}
		change := x.corner(kiosk.EventHandover, b.Place)
		x.event.CopyID = copyID
		x.outAgain(change, b, in[n], item)
		done.Copy, done.Count, done.Done = item.View(), len(in)-1, kiosk.BoxBack
		return done, x.append()
	})
}

// outAgain takes a copy out of a box before its hand-over, within the event under
// way.
func (x *deed) outAgain(change *kiosk.CornerChange, b kiosk.Deposit, row kiosk.DepositCopy, item kiosk.Item) {
	row.End, row.EndedAt = kiosk.BoxUndone, x.now
	change.Copies = []kiosk.DepositCopy{row}
	if item.State.Place == b.Place {
		state := item.State
		state.Place = item.HomePlace
		x.changeCopy(item.State, state)
	}
}

// HandOver ends the scanning: the sheet can be printed and signed.
func (d *Desk) HandOver(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID) (kiosk.Deposit, error) {
	return d.stepBox(ctx, a, deposit, func(x *intake, b *kiosk.Deposit) error {
		in, err := x.inBox(b.ID)
		if err != nil {
			return err
		}
		if len(in) == 0 {
			return kiosk.ErrBoxEmpty
		}
		b.Handed = x.now
		return nil
	}, kiosk.DepositOpen)
}

// ReopenHandover goes back to scanning while the keeper has not confirmed.
func (d *Desk) ReopenHandover(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID) (kiosk.Deposit, error) {
	return d.stepBox(ctx, a, deposit, func(x *intake, b *kiosk.Deposit) error {
		b.Handed = time.Time{}
		return nil
	}, kiosk.DepositHanded)
}

// ConfirmHandover is the keeper's scan of the box: the books are in the corner.
func (d *Desk) ConfirmHandover(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID) (kiosk.Deposit, error) {
	return d.stepBox(ctx, a, deposit, func(x *intake, b *kiosk.Deposit) error {
		b.Confirmed = x.now
		return nil
	}, kiosk.DepositHanded)
}

func (d *Desk) stepBox(ctx context.Context, a kiosk.Attempt, deposit kiosk.ID, step func(*intake, *kiosk.Deposit) error, from ...kiosk.DepositState) (kiosk.Deposit, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.Deposit, error) {
		b, err := x.boxIn(deposit, from...)
		if err != nil {
			return b, err
		}
		if err := step(x, &b); err != nil {
			return b, err
		}
		x.corner(kiosk.EventHandover, b.Place).Deposits = []kiosk.Deposit{b}
		return b, x.append()
	})
}

// ScanBack brings the copy of a code back from the corners to the library, in a
// condition; "" leaves it as it is. Whoever had it on loan has given it back;
// one that was declared lost is found. The last book ends its box. A copy that
// belongs into no box is answered with find.
func (d *Desk) ScanBack(ctx context.Context, a kiosk.Attempt, code string, condition kiosk.Condition) (kiosk.BoxScan, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.BoxScan, error) {
		done := kiosk.BoxScan{At: x.now, Condition: condition}
		item, err := x.scanned(code)
		if err != nil {
			return done, err
		}
		done.Copy, done.CopyID = item.View(), item.ID
		row, err := x.BoxOf(item.ID)
		if errors.Is(err, kiosk.ErrNotFound) {
			done.Done, done.Find, done.From = kiosk.BoxFound, kiosk.FindShelf, item.State.Place
			return done, nil
		}
		if err != nil {
			return done, fmt.Errorf("box of the copy: %w", err)
		}
		done.Deposit, done.From, done.Was, done.Done = row.Deposit, row.Place, row.Condition, kiosk.BoxBack
		x.corner(kiosk.EventBoxBack, row.Place).Before = []kiosk.DepositCopy{row}
		x.event.CopyID = item.ID
		if err := x.outOfBox(row, item, kiosk.BoxReturned, condition, &done); err != nil {
			return done, err
		}
		return done, x.append()
	})
}

// outOfBox ends a copy's stay in its box, within the event under way, and the
// box with its last copy.
func (x *intake) outOfBox(row kiosk.DepositCopy, item kiosk.Item, end kiosk.DepositEnd, condition kiosk.Condition, done *kiosk.BoxScan) error {
	change := x.event.Payload.Corner
	state := item.State
	if condition != "" {
		state.Condition = condition
	}
	out, err := x.outNow(item.ID)
	if err != nil {
		return err
	}
	if end == kiosk.BoxReturned {
		if out != nil {
			done.Find = kiosk.FindOnLoan
			x.takeFromReader(item, out)
		}
		if state.Status == kiosk.CopyLost {
			done.Find = kiosk.FindLost
			state.Status = kiosk.CopyAvailable
		}
		state.Place = item.HomePlace
	}
	if state != item.State {
		x.changeCopy(item.State, state)
	}
	row.End, row.EndedAt, row.Back = end, x.now, state.Condition
	change.Copies = append(change.Copies, row)
	done.Condition = state.Condition
	in, err := x.inBox(row.Deposit)
	if err != nil {
		return err
	}
	if done.Count = len(in) - 1; done.Count > 0 {
		return nil
	}
	b, err := x.Deposit(row.Deposit)
	if err != nil {
		return fmt.Errorf("box: %w", err)
	}
	b.Ended, done.Ended = x.now, true
	change.Deposits = append(change.Deposits, b)
	return nil
}
