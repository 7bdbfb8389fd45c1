package circulation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"muontra/kiosk"
)

// changed tells of a patron's change, without a name.
func (x *intake) changed(p kiosk.Patron, c kiosk.PatronChange, card kiosk.ID) error {
	e := x.event
	e.Type, e.PatronRef, e.Payload = kiosk.EventPatronChanged, p.Ref, kiosk.Payload{Patron: c, Card: card}
	if err := x.Append(&e); err != nil {
		return fmt.Errorf("append %s: %w", e.Type, err)
	}
	x.events = append(x.events, e)
	return nil
}

// onPatron is an act on one patron. Its answer holds ids only: it is kept for a
// day, and names must not be.
func onPatron(ctx context.Context, d *Desk, a kiosk.Attempt, id kiosk.ID, fn func(*intake, kiosk.Patron) (kiosk.PatronDone, error)) (kiosk.PatronDone, error) {
	return takeIn(ctx, d, a, func(x *intake) (kiosk.PatronDone, error) {
		p, err := x.Patron(id)
		if err != nil {
			return kiosk.PatronDone{}, fmt.Errorf("patron: %w", err)
		}
		done, err := fn(x, p)
		done.Patron = id
		return done, err
	})
}

// checkPatron checks what is typed of a person.
func (x *intake) checkPatron(p *kiosk.Patron) error {
	var f form
	f.text("name", &p.Name, kiosk.MaxPatronName)
	f.given("name", p.Name)
	if p.Name != "" && !strings.ContainsFunc(p.Name, unicode.IsLetter) {
		f.wrong("name", kiosk.FieldMalformed, nil)
	}
	among(&f, "category", p.Category, kiosk.Categories)
	if p.Sex != "" {
		among(&f, "sex", p.Sex, []string{"f", "m"})
	}
	switch oldest := (kiosk.Day{Year: 1920, Month: 1, Day: 1}); {
	case p.BirthDate.IsZero():
	case p.BirthDate.After(x.today):
		f.wrong("birth_date", kiosk.FieldInFuture, kiosk.Facts{"value": p.BirthDate, "max": x.today})
	case p.BirthDate.Before(oldest):
		f.wrong("birth_date", kiosk.FieldOutOfRange, kiosk.Facts{"min": oldest, "max": x.today})
	}
	f.text("sector_code", &p.SectorCode, kiosk.MaxCode)
	if err := f.failed(); err != nil {
		return err
	}
	return nil
}

// alike looks for somebody else with the same code, or the same name and day of
// birth.
func (x *intake) alike(p kiosk.Patron, twin bool) error {
	return x.EachMember(x.today, func(m kiosk.Member) error {
		switch {
		case m.ID == p.ID:
		case p.SectorCode != "" && m.SectorCode == p.SectorCode:
			return &kiosk.AlikeError{Other: m.ID, Field: "sector_code"}
		case !twin && !p.BirthDate.IsZero() && m.BirthDate == p.BirthDate && strings.EqualFold(m.Name, p.Name):
			return &kiosk.AlikeError{Other: m.ID, Field: "name"}
		}
		return nil
	})
}

// AddPatron adds a person, with a card when asked, to a class ("" for those
// outside). Somebody of the same name and day of birth is a *kiosk.AlikeError,
// unless twin says that it is another.
func (d *Desk) AddPatron(ctx context.Context, a kiosk.Attempt, p kiosk.Patron, class kiosk.ID, card, twin bool) (kiosk.PatronDone, error) {
	return takeIn(ctx, d, a, func(x *intake) (done kiosk.PatronDone, err error) {
		p.ID = ""
		if err := x.checkPatron(&p); err != nil {
			return done, err
		}
		if p.Category == kiosk.Pupil && class == "" {
			return done, &kiosk.FieldError{Field: "class", Problem: kiosk.FieldMissing}
		}
		if err := x.alike(p, twin); err != nil {
			return done, err
		}
		p.ID, p.Ref, p.Status, p.CreatedAt = x.NewID(), x.NewID(), kiosk.PatronActive, x.now
		done.Patron = p.ID
		if err := x.PutPatron(p); err != nil {
			return done, fmt.Errorf("patron: %w", err)
		}
		if err := x.changed(p, kiosk.PatronAdded, ""); err != nil {
			return done, err
		}
		if p.Category == kiosk.Pupil {
			if done.Enrolment, err = x.enrol(p, class); err != nil {
				return done, err
			}
		}
		if card {
			done.Card, err = x.newCard(p, kiosk.PatronCardMade)
		}
		return done, err
	})
}

// UndoAddPatron takes back the adding of somebody who was typed by mistake: the
// person is erased, the number of the card is used up. Somebody who has borrowed, or
// of whom anything else was written down since, is kiosk.ErrNotUndoable: that is a
// person who left, or is to be forgotten.
func (d *Desk) UndoAddPatron(ctx context.Context, a kiosk.Attempt, did kiosk.PatronDone) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, did.Patron, func(x *intake, p kiosk.Patron) (done kiosk.PatronDone, err error) {
		loans, err := x.LoansOf(p.ID, 1)
		if err != nil {
			return done, fmt.Errorf("loans: %w", err)
		}
		written, err := x.writtenOf(p)
		if err != nil {
			return done, err
		}
		cards, err := x.CardsOf(p.ID)
		if err != nil {
			return done, fmt.Errorf("cards: %w", err)
		}
		if len(loans) > 0 || written || len(cards) > 1 || len(cards) == 1 && cards[0].ID != did.Card {
			return done, kiosk.ErrNotUndoable
		}
		if err := x.forget(p); errors.Is(err, kiosk.ErrReserved) {
			return done, kiosk.ErrNotUndoable
		} else if err != nil {
			return done, err
		}
		return done, nil
	})
}

// ChangePatron corrects what is known of a person: name, category, day of
// birth, sex, code. seen, which may be nil, looks at what is stored before it is
// changed, and can refuse: the form may have been made of something else.
func (d *Desk) ChangePatron(ctx context.Context, a kiosk.Attempt, p kiosk.Patron, seen func(kiosk.Patron) error) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, p.ID, func(x *intake, old kiosk.Patron) (done kiosk.PatronDone, err error) {
		if seen != nil {
			if err := seen(old); err != nil {
				return done, err
			}
		}
		if err := x.checkPatron(&p); err != nil {
			return done, err
		}
		if err := x.alike(p, true); err != nil {
			return done, err
		}
		old.Name, old.Category, old.BirthDate, old.Sex, old.SectorCode = p.Name, p.Category, p.BirthDate, p.Sex, p.SectorCode
		if err := x.PutPatron(old); err != nil {
			return done, fmt.Errorf("patron: %w", err)
		}
		return done, x.changed(old, kiosk.PatronEdited, "")
	})
}

// SetPatronStatus lets a patron borrow, blocks one (with the reason, which is
// kept as a note about the person; an undo has the attempt's comment instead),
// or says that one has left.
func (d *Desk) SetPatronStatus(ctx context.Context, a kiosk.Attempt, id kiosk.ID, s kiosk.PatronStatus, reason string) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, id, func(x *intake, p kiosk.Patron) (done kiosk.PatronDone, err error) {
		if p.Status == s {
			return done, kiosk.ErrNotNow
		}
		var f form
		f.text("reason", &reason, kiosk.MaxText)
		if s == kiosk.PatronBlocked && x.Comment == "" {
			f.given("reason", reason)
		}
		among(&f, "status", s, []kiosk.PatronStatus{kiosk.PatronActive, kiosk.PatronBlocked, kiosk.PatronLeft})
		if err := f.failed(); err != nil {
			return done, err
		}
		p.Status, p.LeftOn = s, kiosk.Day{}
		change := kiosk.PatronReleased
		switch s {
		case kiosk.PatronBlocked:
			change = kiosk.PatronHalted
		case kiosk.PatronLeft:
			change, p.LeftOn = kiosk.PatronDeparted, x.today
		}
		if err := x.PutPatron(p); err != nil {
			return done, fmt.Errorf("patron: %w", err)
		}
		if reason != "" {
			if done.Note, err = x.putNote(p, reason); err != nil {
				return done, err
			}
		}
		return done, x.changed(p, change, "")
	})
}

// SetEntitled says whether a pupil may have a textbook set for the year (seed
// R18, R77).
func (d *Desk) SetEntitled(ctx context.Context, a kiosk.Attempt, id kiosk.ID, entitled bool) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, id, func(x *intake, p kiosk.Patron) (done kiosk.PatronDone, err error) {
		if p.Entitled == entitled {
			return done, kiosk.ErrNotNow
		}
		p.Entitled = entitled
		if err := x.PutPatron(p); err != nil {
			return done, fmt.Errorf("patron: %w", err)
		}
		if entitled {
			return done, x.changed(p, kiosk.PatronEntitled, "")
		}
		return done, x.changed(p, kiosk.PatronUnentitled, "")
	})
}

// MovePatron puts a pupil into another class from today on; the enrolment in
// the old one stays.
func (d *Desk) MovePatron(ctx context.Context, a kiosk.Attempt, id, class kiosk.ID) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, id, func(x *intake, p kiosk.Patron) (done kiosk.PatronDone, err error) {
		if p.Category != kiosk.Pupil || p.Status == kiosk.PatronLeft {
			return done, kiosk.ErrNotNow
		}
		if done.Enrolment, err = x.enrol(p, class); err != nil {
			return done, err
		}
		return done, x.changed(p, kiosk.PatronMoved, "")
	})
}

// enrol adds an enrolment from today on, or from the first day of a year that
// has not begun.
func (x *intake) enrol(p kiosk.Patron, class kiosk.ID) (kiosk.ID, error) {
	c, err := x.Class(class)
	if errors.Is(err, kiosk.ErrNotFound) {
		return "", &kiosk.FieldError{Field: "class", Problem: kiosk.FieldUnknown}
	}
	if err != nil {
		return "", fmt.Errorf("class: %w", err)
	}
	placed, err := x.EnrolmentsOf(p.ID)
	if err != nil {
		return "", fmt.Errorf("enrolments: %w", err)
	}
	since := x.today
	years, err := x.Years()
	if err != nil {
		return "", fmt.Errorf("years: %w", err)
	}
	for _, y := range years {
		if y.ID == c.YearID && since.Before(y.Start) {
			since = y.Start
		}
	}
	var same []kiosk.Enrolment
	for _, e := range placed {
		if e.YearID == c.YearID {
			same = append(same, e.Enrolment)
		}
	}
	if now, ok := kiosk.PlacedOn(same, since); ok && now.ClassID == class {
		return "", kiosk.ErrNotNow
	}
	e := kiosk.Enrolment{ID: x.NewID(), PatronID: p.ID, ClassID: c.ID, YearID: c.YearID, Since: since}
	if err := x.PutEnrolment(e); err != nil {
		return "", fmt.Errorf("enrolment: %w", err)
	}
	return e.ID, nil
}

// WithdrawEnrolment takes a move back: the enrolment counts no more.
func (d *Desk) WithdrawEnrolment(ctx context.Context, a kiosk.Attempt, id, enrolment kiosk.ID) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, id, func(x *intake, p kiosk.Patron) (done kiosk.PatronDone, err error) {
		e, err := x.Enrolment(enrolment)
		if err != nil {
			return done, fmt.Errorf("enrolment: %w", err)
		}
		if e.PatronID != id || e.Withdrawn {
			return done, kiosk.ErrNotNow
		}
		e.Withdrawn = true
		if err := x.PutEnrolment(e); err != nil {
			return done, fmt.Errorf("enrolment: %w", err)
		}
		return done, x.changed(p, kiosk.PatronUnmoved, "")
	})
}

// NotePatron writes a note about a patron, for the staff.
func (d *Desk) NotePatron(ctx context.Context, a kiosk.Attempt, id kiosk.ID, text string) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, id, func(x *intake, p kiosk.Patron) (done kiosk.PatronDone, err error) {
		var f form
		f.text("note", &text, kiosk.MaxNoteText)
		f.given("note", text)
		if err := f.failed(); err != nil {
			return done, err
		}
		if done.Note, err = x.putNote(p, text); err != nil {
			return done, err
		}
		return done, x.changed(p, kiosk.PatronNoted, "")
	})
}

func (x *intake) putNote(p kiosk.Patron, text string) (kiosk.ID, error) {
	n := kiosk.PatronNote{ID: x.NewID(), PatronID: p.ID, Text: text, At: x.now, By: x.Staff}
	if err := x.PutPatronNote(n); err != nil {
		return "", fmt.Errorf("note: %w", err)
	}
	return n.ID, nil
}

// SetNoteRemoved takes a note away, or puts it back.
func (d *Desk) SetNoteRemoved(ctx context.Context, a kiosk.Attempt, id, note kiosk.ID, removed bool) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, id, func(x *intake, p kiosk.Patron) (done kiosk.PatronDone, err error) {
		n, err := x.PatronNote(note)
		if err != nil {
			return done, fmt.Errorf("note: %w", err)
		}
		if n.PatronID != id || n.Removed == removed {
			return done, kiosk.ErrNotNow
		}
		n.Removed = removed
		if err := x.PutPatronNote(n); err != nil {
			return done, fmt.Errorf("note: %w", err)
		}
		done.Note = n.ID
		if removed {
			return done, x.changed(p, kiosk.PatronUnnoted, "")
		}
		return done, x.changed(p, kiosk.PatronNoted, "")
	})
}

// TellPatron writes down that something was done about a patron outside the
// ledger: a photo, a copy of the data that was handed out.
func (d *Desk) TellPatron(ctx context.Context, a kiosk.Attempt, id kiosk.ID, c kiosk.PatronChange) (kiosk.PatronDone, error) {
	return onPatron(ctx, d, a, id, func(x *intake, p kiosk.Patron) (kiosk.PatronDone, error) {
		return kiosk.PatronDone{}, x.changed(p, c, "")
	})
}
