package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muontra/kiosk"
)

// UndoImport takes a list back that was read in, as when it was the wrong file: all
// of it in one transaction, each thing by an event of its own, the last written
// first. What somebody has used or changed since stays, and is told with the reason.
//
// A person who was added is erased, as one that was typed by mistake. A copy's number
// in the register is never given again: its line is struck out, under a title of the
// name void, so that the titles that the list made can go. progress, which may be
// nil, is called now and then with the things done and their number; it must not
// touch the ledger.
func (d *Desk) UndoImport(ctx context.Context, a kiosk.Attempt, in kiosk.Imported, void string, progress func(done, total int)) (kiosk.ImportUndone, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.ImportUndone, error) {
		u := &importUndo{intake: x, ctx: ctx, blank: x.event, void: void, total: in.Len(), progress: progress}
		for _, part := range []func() error{
			func() error { return each(u, in.Loans, u.loan) },
			func() error { return each(u, in.Patrons, u.patron) },
			func() error { return each(u, in.Copies, u.copy) },
			func() error { return each(u, in.Titles, u.title) }, // once their copies are gone
		} {
			if err := part(); err != nil {
				return u.done, err
			}
		}
		u.events = nil // thousands of them: nobody is told one by one, as when the list was read in
		return u.done, nil
	})
}

// importUndo is the taking back of one list.
type importUndo struct {
	*intake
	ctx      context.Context
	blank    kiosk.Event // the event as it is before anything is said in it
	void     string
	voided   kiosk.ID // the title of that name, once there is one
	n, total int
	progress func(done, total int)
	done     kiosk.ImportUndone
}

// each takes the things of one kind back, the last first.
func each[T any](u *importUndo, all []T, back func(T) error) error {
	for _, one := range slices.Backward(all) {
		if u.n%100 == 0 {
			if err := u.ctx.Err(); err != nil {
				return err
			}
			if u.progress != nil {
				u.progress(u.n, u.total)
			}
		}
		u.n++
		u.event = u.blank
		if err := back(one); err != nil {
			return err
		}
	}
	return nil
}

func (u *importUndo) keep(kind kiosk.ImportKind, id kiosk.ID, why kiosk.KeptWhy) error {
	u.done.Kept = append(u.done.Kept, kiosk.ImportKept{Kind: kind, ID: id, Why: why})
	return nil
}

// loan takes a loan back that the list took over: it never was one.
func (u *importUndo) loan(seq int64) error {
	e, err := u.Event(seq)
	if err != nil {
		return fmt.Errorf("event %d: %w", seq, err)
	}
	for _, was := range e.Payload.Changes.Loans {
		now, err := u.Loan(was.ID)
		if err != nil {
			return fmt.Errorf("loan: %w", err)
		}
		if !sameLoan(now, was) {
			return u.keep(kiosk.ImportLoan, was.ID, kiosk.KeptChanged)
		}
		item, err := u.Item(was.CopyID)
		if err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		never, state := now, item.State
		never.End, never.ReturnedAt = kiosk.LoanUndone, u.event.OccurredAt
		state.Loans = max(0, state.Loans-1)
		u.changeLoan(&now, never)
		u.changeCopy(item.State, state)
	}
	u.event.Type, u.event.CopyID, u.event.PatronRef, u.event.Payload.Reverses = kiosk.EventUndone, e.CopyID, e.PatronRef, seq
	u.done.Loans++
	return u.append()
}

func (u *importUndo) patron(p kiosk.ImportedPatron) error {
	now, err := u.Patron(p.After.ID)
	if errors.Is(err, kiosk.ErrNotFound) {
		return nil // erased since: nothing is left to take back
	}
	if err != nil {
		return fmt.Errorf("patron: %w", err)
	}
	if now != p.After {
		return u.keep(kiosk.ImportPatron, now.ID, kiosk.KeptChanged)
	}
	if p.Before.ID == "" {
		return u.added(now, p)
	}
	for _, id := range p.Cards {
		if err := u.turnCard(now, id, kiosk.CardActive, kiosk.CardExpired); errors.Is(err, kiosk.ErrNotNow) {
			continue // lost or replaced since
		} else if err != nil {
			return err
		}
		if err := u.changed(now, kiosk.PatronCardBack, id); err != nil {
			return err
		}
	}
	for _, id := range p.Enrolments {
		e, err := u.Enrolment(id)
		if err != nil {
			return fmt.Errorf("enrolment: %w", err)
		}
		if e.Withdrawn {
			continue
		}
		e.Withdrawn = true
		if err := u.PutEnrolment(e); err != nil {
			return fmt.Errorf("enrolment: %w", err)
		}
		if err := u.changed(now, kiosk.PatronUnmoved, ""); err != nil {
			return err
		}
	}
	u.done.Patrons++
	if p.Before == p.After {
		return nil
	}
	if err := u.PutPatron(p.Before); err != nil {
		return fmt.Errorf("patron: %w", err)
	}
	return u.changed(p.Before, kiosk.PatronEdited, "")
}

// added erases somebody whom the list added, unless anything was written down of
// the person since.
func (u *importUndo) added(now kiosk.Patron, p kiosk.ImportedPatron) error {
	loans, err := u.LoansOf(now.ID, 1)
	if err != nil {
		return fmt.Errorf("loans: %w", err)
	}
	if len(loans) > 0 {
		return u.keep(kiosk.ImportPatron, now.ID, kiosk.KeptLent)
	}
	used, err := u.writtenOf(now)
	if err != nil {
		return err
	}
	cards, err := u.CardsOf(now.ID)
	if err != nil {
		return fmt.Errorf("cards: %w", err)
	}
	placed, err := u.EnrolmentsOf(now.ID)
	if err != nil {
		return fmt.Errorf("enrolments: %w", err)
	}
	if used || slices.ContainsFunc(cards, func(c kiosk.Card) bool { return c.Status != kiosk.CardActive || !slices.Contains(p.Cards, c.ID) }) {
		return u.keep(kiosk.ImportPatron, now.ID, kiosk.KeptUsed)
	}
	for _, e := range placed {
		if !slices.Contains(p.Enrolments, e.ID) {
			return u.keep(kiosk.ImportPatron, now.ID, kiosk.KeptChanged)
		}
	}
	if err := u.forget(now); errors.Is(err, kiosk.ErrReserved) {
		return u.keep(kiosk.ImportPatron, now.ID, kiosk.KeptUsed)
	} else if err != nil {
		return err
	}
	u.done.Patrons++
	return nil
}

// writtenOf reports whether somebody waits for a book or has notes.
func (x *intake) writtenOf(p kiosk.Patron) (bool, error) {
	holds, err := x.OpenHoldsOf(p.Ref)
	if err != nil {
		return false, fmt.Errorf("holds: %w", err)
	}
	notes, err := x.NotesOf(p.ID)
	if err != nil {
		return false, fmt.Errorf("notes: %w", err)
	}
	return len(holds)+len(notes) > 0, nil
}

func (u *importUndo) copy(c kiosk.ImportedCopy) error {
	item, err := u.Item(c.After.ID)
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	if _, err := u.OpenLoan(item.ID); err == nil {
		return u.keep(kiosk.ImportCopy, item.ID, kiosk.KeptLent)
	} else if !errors.Is(err, kiosk.ErrNotFound) {
		return fmt.Errorf("open loan: %w", err)
	}
	if item.Copy != c.After {
		why := kiosk.KeptChanged
		if item.State.Loans > c.After.State.Loans {
			why = kiosk.KeptLent
		}
		return u.keep(kiosk.ImportCopy, item.ID, why)
	}
	after := c.Before
	if c.Before.ID == "" {
		waiting, err := u.HoldsOf(item.TitleID)
		if err != nil {
			return fmt.Errorf("holds: %w", err)
		}
		_, boxed := u.BoxOf(item.ID)
		if boxed != nil && !errors.Is(boxed, kiosk.ErrNotFound) {
			return fmt.Errorf("box of the copy: %w", boxed)
		}
		if len(waiting) > 0 || boxed == nil {
			return u.keep(kiosk.ImportCopy, item.ID, kiosk.KeptUsed)
		}
		after = c.After
		after.State.Status = kiosk.CopyWithdrawn
		if after.TitleID, err = u.voidTitle(); err != nil {
			return err
		}
	} else if after.Barcode != item.Barcode {
		used, err := u.BarcodeInUse(after.Barcode)
		if err != nil {
			return fmt.Errorf("barcode: %w", err)
		}
		if used {
			return u.keep(kiosk.ImportCopy, item.ID, kiosk.KeptUsed)
		}
	}
	if err := u.PutCopy(after); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	what := kiosk.Payload{Reverses: c.Seq}
	if c.Before.ID == "" {
		what.Comment = kiosk.MadeByMistake
	}
	if now := bare(item.Copy); now != bare(after) {
		what.Edited = &kiosk.Edited{Title: item.TitleID, Copies: []kiosk.CopyEdit{{Before: now, After: bare(after)}}}
	}
	u.done.Copies++
	kind := kiosk.EventUndone
	if c.Seq == 0 {
		kind = kiosk.EventCopyChanged
	}
	return u.tell(kind, what, &item.State, after.State)
}

// voidTitle is the title under which the numbers stand that are struck out.
func (u *importUndo) voidTitle() (kiosk.ID, error) {
	if u.voided != "" {
		return u.voided, nil
	}
	t := kiosk.Title{ID: u.NewID(), Title: u.void, Language: "vi"}
	if err := u.PutTitle(t); err != nil {
		return "", fmt.Errorf("title: %w", err)
	}
	u.voided = t.ID
	return t.ID, u.titleTold(kiosk.TitleEdit{After: t})
}

func (u *importUndo) titleTold(e kiosk.TitleEdit) error {
	id := e.After.ID
	if id == "" {
		id = e.Before.ID
	}
	u.event = u.blank
	u.event.Type = kiosk.EventTitleChanged
	u.event.Payload.Edited = &kiosk.Edited{Title: id, Titles: []kiosk.TitleEdit{e}}
	err := u.append()
	u.event = u.blank
	return err
}

func (u *importUndo) title(t kiosk.TitleEdit) error {
	now, err := u.Title(t.After.ID)
	if errors.Is(err, kiosk.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("title: %w", err)
	}
	if !sameTitle(now, t.After) {
		return u.keep(kiosk.ImportTitle, now.ID, kiosk.KeptChanged)
	}
	if t.Before.ID == "" {
		err = u.DropTitle(now.ID)
	} else {
		err = u.PutTitle(t.Before)
	}
	if errors.Is(err, kiosk.ErrConflict) {
		return u.keep(kiosk.ImportTitle, now.ID, kiosk.KeptUsed)
	}
	if err != nil {
		return fmt.Errorf("title: %w", err)
	}
	u.done.Titles++
	return u.titleTold(kiosk.TitleEdit{Before: now, After: t.Before})
}
