package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// Return takes the copy back. It always works, whatever the loan's or the
// copy's state; a lost copy is thereby found. With a patron only that patron's
// loan is ended; with "" anybody's, and the answer does not say whose.
// It returns kiosk.ErrMoved when there is no such loan.
func (d *Desk) Return(ctx context.Context, a kiosk.Attempt, patron kiosk.ID, copyID kiosk.ID) (kiosk.Answer, error) {
	return d.act(ctx, a, func(x *deed) error {
		loan, err := x.OpenLoan(copyID)
		if errors.Is(err, kiosk.ErrNotFound) || err == nil && patron != "" && loan.PatronRef != patron {
			return kiosk.ErrMoved
		}
		if err != nil {
			return fmt.Errorf("open loan: %w", err)
		}
		item, err := x.Item(copyID)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		if patron != "" {
			m, err := x.MemberByRef(patron, x.today)
			if err != nil {
				return fmt.Errorf("patron: %w", err)
			}
			x.about(&m, &item)
		} else {
			x.about(nil, &item)
			x.event.PatronRef = loan.PatronRef
		}
		after, notes, err := x.giveBack(kiosk.LoanItem{Loan: loan, Item: item})
		if err != nil {
			return err
		}
		x.answer.Result.Notes = notes
		if err := x.noteShort(item.SetID, copyID); err != nil {
			return err
		}
		x.answer.Result.Outcome = kiosk.Returned
		x.showLoan(after, item)
		return x.prove(item)
	})
}

// giveBack makes the act a return of the loan, with what is to be said about it.
func (x *deed) giveBack(was kiosk.LoanItem) (kiosk.Loan, []kiosk.Note, error) {
	holds, err := x.HoldsOf(was.Item.TitleID)
	if err != nil {
		return kiosk.Loan{}, nil, fmt.Errorf("holds: %w", err)
	}
	notes := kiosk.OnReturn(was, holds, x.rules, x.counts)
	after := was.Loan
	after.End, after.ReturnedAt = kiosk.LoanReturned, x.event.OccurredAt
	x.changeLoan(&was.Loan, after)
	corner, err := x.askBack(was.Item)
	if err != nil {
		return after, nil, err
	}
	if corner != "" { // its corner has it first, whoever waits in the library
		notes = slices.DeleteFunc(notes, func(n kiosk.Note) bool { return n.Code == kiosk.NoteReserved })
		notes = append(notes, kiosk.Note{Code: kiosk.NoteElsewhere, Facts: kiosk.Facts{"place": corner}})
		holds = nil
	}
	state := was.Item.State
	if state.Status == kiosk.CopyLost {
		state.Status = kiosk.CopyAvailable
	}
	// What somebody waits for is kept at the desk, what is to be mended too.
	if _, waits := kiosk.NextHold(holds); corner == "" && !waits && state.Status == kiosk.CopyAvailable {
		place, name, err := x.toTrolley(was.Item)
		if err != nil {
			return after, nil, err
		}
		if state.Place = place; name != "" {
			notes = append(notes, kiosk.Note{Code: kiosk.NoteTrolley, Facts: kiosk.Facts{"place": name}})
		}
	}
	if state != was.Item.State {
		x.changeCopy(was.Item.State, state)
	}
	x.event.Type = kiosk.EventReturned
	return after, notes, x.keepForNext(was.Item, holds)
}

// askBack notes, within the return under way, that a copy of a corner's box lies
// in the library and is to go back; the answer is the corner's name, "" for a
// copy of no box.
func (x *deed) askBack(i kiosk.Item) (string, error) {
	row, err := x.BoxOf(i.ID)
	if errors.Is(err, kiosk.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("box of the copy: %w", err)
	}
	p, err := x.placeByID(row.Place)
	if err != nil {
		return "", err
	}
	was := row
	row.Astray = x.now
	x.event.Payload.Corner = &kiosk.CornerChange{Place: row.Place, Source: kiosk.FromKiosk, Copies: []kiosk.DepositCopy{row}, Before: []kiosk.DepositCopy{was}}
	return p.Name, nil
}
