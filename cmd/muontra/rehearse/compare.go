package rehearse

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/register"
	"muontra/store"
)

// compare looks each act up that was answered as done, looks who has which book
// and who is in which class, and has the whole ledger checked.
func (r *rehearsal) compare(ctx context.Context) error {
	if err := r.check(ctx); err != nil {
		return err
	}
	if r.placed != nil {
		now, err := r.pupils(ctx)
		if err != nil {
			return err
		}
		r.f.Misplaced += r.misplaced(now)
	}
	r.f.Acts = len(r.told)
	return r.view(ctx, func(v kiosk.View, today kiosk.Day) (err error) {
		if r.f.LoansOther, err = r.loansOther(v, today); err != nil {
			return err
		}
		if r.f.Events, err = v.LastSeq(); err != nil {
			return err
		}
		for _, x := range r.told {
			e, err := v.Event(x.seq)
			switch {
			case errors.Is(err, kiosk.ErrNotFound):
				r.f.Lost++
			case err != nil:
				return err
			case e.Payload.Outcome != x.outcome, x.kind != "" && x.kind != e.Type:
				r.f.Changed++
			}
		}
		return nil
	})
}

func (r *rehearsal) check(ctx context.Context) error {
	st, err := store.Open(ctx, r.life.data, store.Options{Now: func() time.Time { return r.now }})
	if err != nil {
		return err
	}
	defer st.Close()
	faults, err := st.Check(ctx)
	for _, x := range faults {
		r.f.Faults = append(r.f.Faults, x.Code)
	}
	if err != nil {
		return err
	}
	return st.View(ctx, func(v kiosk.View) error {
		for _, sheet := range register.Sheets() {
			wrong, err := sums(v, sheet, r.now)
			if err != nil {
				return fmt.Errorf("%s: %w", sheet.Name, err)
			}
			for _, w := range wrong {
				r.f.Faults = append(r.f.Faults, "sums_differ "+sheet.Name+" "+w.Part+" "+w.Column)
			}
		}
		return nil
	})
}

// sums counts all sums of a register or report a second time, and says which do not
// agree.
func sums(v kiosk.View, sheet *register.Sheet, now time.Time) (wrong []register.Fault, err error) {
	src, err := register.Open(v, sheet, register.Ask{}, now)
	if err != nil {
		return nil, err
	}
	parts, err := sheet.Parts(src)
	for i := range parts {
		if err != nil {
			break
		}
		faults, none, failed := src.Prove(&parts[i])
		for _, key := range none {
			faults = append(faults, register.Fault{Part: parts[i].Key, Column: key + " (counted once)"})
		}
		wrong, err = append(wrong, faults...), failed
	}
	return wrong, err
}

// loansOther counts the books that are with another, or in the library, than the
// children were told. Whose card was not met is not asked.
func (r *rehearsal) loansOther(v kiosk.View, today kiosk.Day) (n int, err error) {
	with := map[string]string{} // card by book, as it was answered
	for card, books := range r.has {
		for _, b := range books {
			with[b] = card
		}
	}
	cards, bars := map[kiosk.ID]string{}, map[kiosk.ID]string{}
	if err := v.EachMember(today, func(m kiosk.Member) error { cards[m.Ref] = m.Card.Barcode; return nil }); err != nil {
		return 0, err
	}
	if err := v.EachItem(func(i kiosk.Item) error { bars[i.ID] = i.Barcode; return nil }); err != nil {
		return 0, err
	}
	err = v.EachLoan(true, func(l kiosk.Loan) error {
		book, card := bars[l.CopyID], cards[l.PatronRef]
		_, met := r.has[card]
		switch want, told := with[book]; {
		case told && want == card:
			delete(with, book)
		case told || met:
			n++
		}
		return nil
	})
	return n + len(with), err
}

// misplaced counts the pupils who are not where the new year has put them. Of a
// leaver the name may have gone by then.
func (r *rehearsal) misplaced(now map[string]pupil) (n int) {
	for card, want := range r.placed {
		if got, there := now[card]; got != want && !(want.left && (!there || got.left)) {
			n++
		}
	}
	return n
}

// view reads the ledger as it lies in the folder, while no program serves it.
func (r *rehearsal) view(ctx context.Context, fn func(kiosk.View, kiosk.Day) error) error {
	st, err := store.Open(ctx, r.life.data, store.Options{Now: func() time.Time { return r.now }})
	if err != nil {
		return err
	}
	defer st.Close()
	return st.View(ctx, func(v kiosk.View) error {
		loc, err := kiosk.LocationOf(v)
		if err != nil {
			return err
		}
		return fn(v, kiosk.DayOf(r.now, loc))
	})
}

// pupils are all of them by card, as the class lists have them now.
func (r *rehearsal) pupils(ctx context.Context) (map[string]pupil, error) {
	all := map[string]pupil{}
	err := r.view(ctx, func(v kiosk.View, today kiosk.Day) error {
		return v.EachMember(today, func(m kiosk.Member) error {
			if m.Category == kiosk.Pupil && m.Card.Barcode != "" {
				p := pupil{class: m.Class, grade: m.Grade}
				if m.Status == kiosk.PatronLeft {
					p = pupil{left: true}
				}
				all[m.Card.Barcode] = p
			}
			return nil
		})
	})
	return all, err
}
