package circulation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"muontra/kiosk"
)

// intake is an act of taking in new stock under way. Unlike a deed it may
// leave any number of events, one for each copy, and answers with a value of
// its own.
type intake struct {
	*deed
	events []kiosk.Event
	met    []kiosk.ID // copies that a stocktake met for the first time
}

// takeIn runs fn in one transaction for a member of the staff, keeps its answer
// under the command's id, and publishes its events.
func takeIn[T any](ctx context.Context, d *Desk, a kiosk.Attempt, fn func(*intake) (T, error)) (T, error) {
	var answer, none T
	if a.Staff == "" {
		return none, kiosk.ErrStaffOnly
	}
	var done *intake
	err := d.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		x := &intake{deed: &deed{Tx: tx, Attempt: a, now: d.Now().UTC()}}
		done = x
		if again, err := x.answeredBefore(&answer); again || err != nil {
			return err
		}
		err := x.begin()
		if err != nil {
			return err
		}
		if answer, err = fn(x); err != nil {
			return err
		}
		return x.keep(answer)
	})
	if err != nil {
		return none, err
	}
	if d.Publish != nil {
		for _, e := range done.events {
			d.Publish(e)
		}
	}
	return answer, nil
}

// tell appends what happened to one copy. before is nil for a copy that comes
// into being; equal states are no change.
func (x *intake) tell(t kiosk.EventType, p kiosk.Payload, before *kiosk.CopyState, after kiosk.CopyState) error {
	e := x.event
	e.Type, e.CopyID, e.Payload = t, after.CopyID, p
	if before == nil || *before != after {
		e.Payload.Changes.Copies = []kiosk.CopyState{after}
		if before != nil {
			e.Payload.Before.Copies = []kiosk.CopyState{*before}
		}
	}
	if err := x.Append(&e); err != nil {
		return fmt.Errorf("append %s: %w", t, err)
	}
	x.events = append(x.events, e)
	return nil
}

// form checks the fields of a receipt or line and keeps the first that cannot
// be taken.
type form struct{ err *kiosk.FieldError }

func (f *form) wrong(field string, p kiosk.FieldProblem, facts kiosk.Facts) {
	if f.err == nil {
		f.err = &kiosk.FieldError{Field: field, Problem: p, Facts: facts}
	}
}

// failed is f's error as one, nil when there is none.
func (f *form) failed() error {
	if f.err == nil {
		return nil
	}
	return f.err
}

// text trims a text in place and bounds it. Only a note has lines.
func (f *form) text(field string, s *string, most int) {
	*s = strings.TrimSpace(*s)
	if !utf8.ValidString(*s) || strings.ContainsFunc(*s, func(r rune) bool {
		return unicode.IsControl(r) && (r != '\n' || field != "note" && field != "title.summary")
	}) {
		f.wrong(field, kiosk.FieldMalformed, nil)
	}
	if n := utf8.RuneCountInString(*s); n > most {
		f.wrong(field, kiosk.FieldTooLong, kiosk.Facts{"have": n, "max": most})
	}
}

func (f *form) given(field, s string) {
	if s == "" {
		f.wrong(field, kiosk.FieldMissing, nil)
	}
}

func within[N int | int64](f *form, field string, n, least, most N) {
	if n < least || n > most {
		f.wrong(field, kiosk.FieldOutOfRange, kiosk.Facts{"value": n, "min": least, "max": most})
	}
}

func among[S ~string](f *form, field string, s S, all []S) {
	switch {
	case s == "":
		f.wrong(field, kiosk.FieldMissing, nil)
	case !slices.Contains(all, s):
		f.wrong(field, kiosk.FieldUnknown, kiosk.Facts{"value": kiosk.Escaped(string(s))})
	}
}

// receipt finds a receipt whose lines may be changed.
func (x *intake) receipt(id kiosk.ID) (kiosk.Receipt, error) {
	r, err := x.Receipt(id)
	if err != nil {
		return r, fmt.Errorf("receipt: %w", err)
	}
	if r.Closed {
		return r, &kiosk.ReceiptClosedError{Receipt: r.ID, Entry: r.Entry}
	}
	return r, nil
}

// copiesOf are the copies of a line that are not withdrawn, those with a
// number before the others.
func (x *intake) copiesOf(l kiosk.ReceiptLine) ([]kiosk.ProcessingItem, error) {
	ps, err := x.ProcessingOf(l.ReceiptID)
	if err != nil {
		return nil, fmt.Errorf("copies of the receipt: %w", err)
	}
	return slices.DeleteFunc(ps, func(p kiosk.ProcessingItem) bool {
		return p.LineID != l.ID || p.Item.State.Status == kiosk.CopyWithdrawn
	}), nil
}

// comment is the person's, or the code of the act itself.
func (x *intake) comment(code string) string { return cmp.Or(x.Comment, code) }
