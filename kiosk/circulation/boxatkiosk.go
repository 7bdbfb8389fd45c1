package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// A box at a station. Who stands there is known by a card (patron, any
// reference) or by the browser's sign-in (Attempt.Staff); kiosk.BoxHand says who
// may. The answers are results, so that the station shows them and keeps them
// by their command ids; each act is the same as the desk's own of deposit.go.

// ScanBox does the corner's next step, see kiosk.NextBoxStep. With begin and
// fill the answer has a Filling: books may follow. With count and look nothing
// is done and the result has no outcome. Who may not is answered kindly.
func (d *Desk) ScanBox(ctx context.Context, a kiosk.Attempt, patron, place kiosk.ID) (kiosk.Answer, error) {
	return d.boxAct(ctx, a, patron, place, func(x *intake, p kiosk.Place, all []kiosk.Deposit) error {
		step, b := kiosk.NextBoxStep(all)
		switch step {
		case kiosk.StepBegin:
			b = kiosk.Deposit{ID: x.NewID(), Place: place, Box: p.Code, Until: x.rules.Calendar.OnOrBefore(x.rules.Year.Recall), Begun: x.now, BegunBy: x.event.StaffRef}
			if b.Until.Before(x.today) { // after the recall: the desk says how long
				b.Until = x.today
			}
			x.corner(kiosk.EventHandover, place).Deposits = []kiosk.Deposit{b}
		case kiosk.StepFill:
		case kiosk.StepConfirm:
			b.Confirmed = x.now
			x.corner(kiosk.EventHandover, place).Deposits = []kiosk.Deposit{b}
		case kiosk.StepFound:
			change := x.corner(kiosk.EventHandover, place)
			if err := x.foundBox(&b); err != nil {
				return err
			}
			change.Deposits = []kiosk.Deposit{b}
		default:
			return nil
		}
		in, err := x.inBox(b.ID)
		if err != nil {
			return err
		}
		code := map[kiosk.BoxStep]kiosk.NoteCode{kiosk.StepBegin: kiosk.NoteBoxOpened, kiosk.StepFill: kiosk.NoteBoxOpened, kiosk.StepConfirm: kiosk.NoteBoxConfirmed, kiosk.StepFound: kiosk.NoteBoxFound}[step]
		x.shownBox(code, p, len(in))
		if code == kiosk.NoteBoxOpened {
			x.answer.Filling = &kiosk.Filling{Deposit: b.ID, Count: len(in)}
		}
		return nil
	})
}

// BookIntoBox puts a copy into the box that is being filled, as kiosk.BoxRule
// says. kiosk.ErrBoxOver when the box was handed over meanwhile at another place.
func (d *Desk) BookIntoBox(ctx context.Context, a kiosk.Attempt, patron, place, deposit, copyID kiosk.ID) (kiosk.Answer, error) {
	return d.boxAct(ctx, a, patron, place, func(x *intake, p kiosk.Place, _ []kiosk.Deposit) error {
		b, err := x.boxIn(deposit, kiosk.DepositOpen)
		if err != nil {
			return err
		}
		item, err := x.Item(copyID)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		in, err := x.inBox(deposit)
		if err != nil {
			return err
		}
		x.answer.Result.Copy = item.View()
		x.answer.Filling = &kiosk.Filling{Deposit: deposit, Count: len(in)}
		if slices.ContainsFunc(in, func(c kiosk.DepositCopy) bool { return c.Copy == copyID }) {
			x.shownBox(kiosk.NoteBoxHeld, p, len(in))
			return nil
		}
		if len(in) >= kiosk.MaxBox {
			x.shownBox(kiosk.NoteBoxFull, p, len(in))
			return nil
		}
		change := x.corner(kiosk.EventHandover, place)
		x.event.CopyID = copyID
		find, ok, from, err := x.intoBox(change, b, item)
		if err != nil {
			return err
		}
		if !ok {
			x.event.Payload.Corner = nil
			x.refuse(kiosk.Verdict{Refusals: []kiosk.Refusal{{Reason: stateReason(item.State.Status)}}})
			return nil
		}
		x.answer.Filling.Count++
		x.shownBox(kiosk.NoteBoxAdded, p, len(in)+1)
		notes := &x.answer.Result.Notes
		switch find {
		case kiosk.FindOnLoan:
			*notes = append(*notes, kiosk.Note{Code: kiosk.NoteBoxWasOut})
		case kiosk.FindLost:
			*notes = append(*notes, kiosk.Note{Code: kiosk.NoteFound})
		case kiosk.FindCorner:
			other, err := x.placeByID(from)
			if err != nil {
				return err
			}
			*notes = append(*notes, kiosk.Note{Code: kiosk.NoteBoxFrom, Facts: kiosk.Facts{"place": other.Name}})
		}
		return nil
	})
}

// BookOutOfBox takes a copy out again, to its shelf.
func (d *Desk) BookOutOfBox(ctx context.Context, a kiosk.Attempt, patron, place, deposit, copyID kiosk.ID) (kiosk.Answer, error) {
	return d.boxAct(ctx, a, patron, place, func(x *intake, p kiosk.Place, _ []kiosk.Deposit) error {
		b, err := x.boxIn(deposit, kiosk.DepositOpen)
		if err != nil {
			return err
		}
		row, err := x.BoxOf(copyID)
		if errors.Is(err, kiosk.ErrNotFound) || err == nil && row.Deposit != deposit {
			x.refuse(kiosk.Verdict{Refusals: []kiosk.Refusal{{Reason: kiosk.ReasonNothingToUndo}}})
			return nil
		}
		if err != nil {
			return fmt.Errorf("box of the copy: %w", err)
		}
		item, err := x.Item(copyID)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		change := x.corner(kiosk.EventHandover, place)
		x.event.CopyID = copyID
		x.outAgain(change, b, row, item)
		in, err := x.inBox(deposit)
		if err != nil {
			return err
		}
		r := &x.answer.Result
		r.Outcome, r.Copy = kiosk.Undone, item.View()
		r.Notes = []kiosk.Note{{Code: kiosk.NoteBoxOut, Facts: kiosk.Facts{"place": p.Name, "count": len(in) - 1}}}
		x.answer.Filling = &kiosk.Filling{Deposit: deposit, Count: len(in) - 1}
		return nil
	})
}

// CloseBox hands the box over: its sheet can be printed, and the keeper's next
// scan of it confirms. An empty box stays open, and the answer says so.
func (d *Desk) CloseBox(ctx context.Context, a kiosk.Attempt, patron, place, deposit kiosk.ID) (kiosk.Answer, error) {
	return d.boxAct(ctx, a, patron, place, func(x *intake, p kiosk.Place, _ []kiosk.Deposit) error {
		b, err := x.boxIn(deposit, kiosk.DepositOpen)
		if err != nil {
			return err
		}
		in, err := x.inBox(deposit)
		if err != nil {
			return err
		}
		if len(in) == 0 {
			x.shownBox(kiosk.NoteBoxEmpty, p, 0)
			return nil
		}
		b.Handed = x.now
		x.corner(kiosk.EventHandover, place).Deposits = []kiosk.Deposit{b}
		x.shownBox(kiosk.NoteBoxHanded, p, len(in))
		return nil
	})
}

// shownBox answers with a note about the box.
func (x *deed) shownBox(code kiosk.NoteCode, p kiosk.Place, count int) {
	r := &x.answer.Result
	r.Outcome, r.Notes = kiosk.Shown, []kiosk.Note{{Code: code, Facts: kiosk.Facts{"place": p.Name, "count": count}}}
}

// boxAct runs an act on a corner's box for who stands at the station.
func (d *Desk) boxAct(ctx context.Context, a kiosk.Attempt, patron, place kiosk.ID, fn func(*intake, kiosk.Place, []kiosk.Deposit) error) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		p, err := x.placeByID(place)
		if err != nil {
			return err
		}
		c, err := x.Corner(place)
		if err != nil {
			return fmt.Errorf("corner: %w", err)
		}
		hand, err := x.boxHand(c, patron)
		if err != nil {
			return err
		}
		if !hand.MayHandOver(c) || !c.Ended.IsZero() {
			x.shownBox(kiosk.NoteBoxOfOthers, p, 0)
			return nil
		}
		x.event.StaffRef = hand.Account.ID
		if hand.Account.ID == "" { // a keeper who has no account: the reference of the card says who it was
			x.event.PatronRef = x.answer.Session.Member.Ref
		}
		all, err := x.Deposits(place)
		if err != nil {
			return fmt.Errorf("boxes: %w", err)
		}
		if err := fn(&intake{deed: x}, p, all); err != nil {
			return err
		}
		if ch := x.event.Payload.Corner; ch != nil {
			ch.Source = kiosk.FromKiosk
		}
		return nil
	})
}

// boxHand is who stands before the box: the person of the card, else the account
// that is signed in. The person's session goes on.
func (x *deed) boxHand(c kiosk.Corner, patron kiosk.ID) (h kiosk.BoxHand, err error) {
	if patron == "" {
		if x.Staff == "" {
			return h, nil
		}
		h.Account, err = x.Account(x.Staff)
		return h, err
	}
	m, err := x.MemberByRef(patron, x.today)
	if err != nil {
		return h, fmt.Errorf("patron: %w", err)
	}
	x.answer.Result.Patron = m.View()
	x.answer.Session = &kiosk.Session{Member: m}
	if c.Keeper != "" {
		k, err := x.MemberByRef(c.Keeper, x.today)
		if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
			return h, fmt.Errorf("keeper: %w", err)
		}
		h.Keeper = err == nil && k.ID == m.ID
	}
	all, err := x.Accounts()
	if err != nil {
		return h, fmt.Errorf("accounts: %w", err)
	}
	for _, acc := range all {
		of := kiosk.BoxHand{Account: acc}
		if acc.PatronID == m.ID && (h.Account.ID == "" || of.MayHandOver(c)) && !acc.Disabled {
			h.Account = acc
		}
	}
	return h, nil
}
