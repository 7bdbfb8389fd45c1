package exchange

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muontra/kiosk"
)

// Apply does a plan: it decides each row again and writes the accepted ones,
// all in one transaction. The plan it returns is the one that was done; it may
// differ from the one it was given when somebody wrote in between. progress,
// which may be nil, is called now and then with the steps done and their
// number; it must not touch the ledger.
//
// With an error nothing was written. It is kiosk.ErrBusy when the ledger could
// not be had.
func Apply(ctx context.Context, l kiosk.Ledger, p *Plan, progress func(done, total int)) (*Plan, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	var fresh *Plan
	err := l.Update(ctx, func(tx kiosk.Tx) (err error) {
		fresh, err = p.writeIn(ctx, tx, progress)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("import %s: %w", p.Subject, err)
	}
	return fresh, nil
}

// writeIn decides again and writes.
func (p *Plan) writeIn(ctx context.Context, tx kiosk.Tx, progress func(done, total int)) (*Plan, error) {
	fresh, err := NewPlan(tx, p.table, p.options)
	if err != nil {
		return nil, err
	}
	w := &writer{tx: tx, options: fresh.options, people: map[kiosk.ID]int{}}
	total := len(fresh.steps)
	for i, s := range fresh.steps {
		if i%100 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			progress(i, total)
		}
		if err := s.write(w); err != nil {
			return nil, fmt.Errorf("step %d of %d: %w", i+1, total, err)
		}
	}
	progress(total, total)
	fresh.wrote = w.wrote
	return fresh, nil
}

// writer is what the steps write through.
type writer struct {
	tx      kiosk.Tx
	options Options
	wrote   kiosk.Imported
	people  map[kiosk.ID]int // where in it a patron is
}

// person is what is kept of a patron, one thing for all rows about it.
func (w *writer) person(before kiosk.Patron, id kiosk.ID) *kiosk.ImportedPatron {
	i, has := w.people[id]
	if !has {
		i = len(w.wrote.Patrons)
		w.people[id] = i
		w.wrote.Patrons = append(w.wrote.Patrons, kiosk.ImportedPatron{Before: before, After: before})
	}
	return &w.wrote.Patrons[i]
}

func (w *writer) now() time.Time { return w.options.Now.UTC() }

// event is one of this import's.
func (w *writer) event(t kiosk.EventType) *kiosk.Event {
	return &kiosk.Event{Type: t, StaffRef: w.options.Account, Station: w.options.Station, OccurredAt: w.now(), ClockOK: true}
}

// barcode takes a free code of a series that no row of the file brings itself.
func (w *writer) barcode(s kiosk.Series, reserved map[string]bool) (string, error) {
	code, err := w.tx.NextBarcode(s)
	if err != nil {
		return "", fmt.Errorf("next barcode: %w", err)
	}
	for reserved[code] {
		n, ok := s.Serial(code)
		if !ok || n >= kiosk.MaxSerial {
			return "", errors.New("no barcode left")
		}
		code = s.Make(n + 1)
		if used, err := w.tx.BarcodeInUse(code); err != nil {
			return "", fmt.Errorf("next barcode: %w", err)
		} else if used {
			reserved[code] = true
		}
	}
	return code, nil
}

// yearDraft is the school year of a file of patrons.
type yearDraft struct {
	year   kiosk.SchoolYear
	stored bool
}

func (d *yearDraft) id(w *writer) (kiosk.ID, error) {
	if d.stored {
		return d.year.ID, nil
	}
	if d.year.ID == "" {
		d.year.ID = w.tx.NewID()
	}
	if err := w.tx.PutYear(d.year); err != nil {
		return "", fmt.Errorf("school year %s: %w", d.year.Name, err)
	}
	if err := w.tx.PutCalendar(d.year.ID, kiosk.DefaultCalendar(d.year)); err != nil {
		return "", fmt.Errorf("calendar of %s: %w", d.year.Name, err)
	}
	d.stored = true
	return d.year.ID, nil
}

// classDraft is a class that exists, or will when its first pupil is written.
type classDraft struct {
	class  kiosk.Class
	stored bool
	book   *classBook
}

func (d *classDraft) put(w *writer) (kiosk.Class, error) {
	if d.stored {
		return d.class, nil
	}
	year, err := d.book.year.id(w)
	if err != nil {
		return kiosk.Class{}, err
	}
	d.class.ID, d.class.YearID = w.tx.NewID(), year
	if err := w.tx.PutClass(d.class); err != nil {
		return kiosk.Class{}, fmt.Errorf("class %s: %w", d.class.Name, err)
	}
	d.stored = true
	return d.class, nil
}

// patronDraft is a patron of the file; several rows may be about one.
type patronDraft struct {
	patron kiosk.Patron
	cards  map[string]bool // that the file brings
}

func (d *patronDraft) addCard(code string) {
	if d.cards == nil {
		d.cards = map[string]bool{}
	}
	d.cards[code] = true
}

// patronStep writes what one row says of a patron.
type patronStep struct {
	draft    *patronDraft
	after    kiosk.Patron
	first    bool // the patron is new
	put      bool
	card     string      // to add
	class    *classDraft // to be enrolled in
	reserved map[string]bool
}

func (s *patronStep) write(w *writer) error {
	p := s.after
	if s.first {
		p.ID, p.Ref, p.CreatedAt = w.tx.NewID(), w.tx.NewID(), w.now()
		s.draft.patron = p
	}
	old := s.draft.patron
	before := old
	if s.first {
		before = kiosk.Patron{}
	}
	kept := w.person(before, old.ID)
	p.ID, p.Ref, p.CreatedAt = old.ID, old.Ref, old.CreatedAt
	if s.put {
		if err := w.tx.PutPatron(p); err != nil {
			return fmt.Errorf("patron: %w", err)
		}
		s.draft.patron = p
		after, err := w.tx.Patron(p.ID) // as it is stored: an undo compares with that
		if err != nil {
			return fmt.Errorf("patron: %w", err)
		}
		kept.After = after
	}
	card := s.card
	if s.first && len(s.draft.cards) == 0 {
		var err error
		if card, err = w.barcode(kiosk.PatronSeries, s.reserved); err != nil {
			return err
		}
	}
	if card != "" {
		c := kiosk.Card{ID: w.tx.NewID(), PatronID: p.ID, Barcode: card, Status: kiosk.CardActive, IssuedAt: w.now()}
		if err := w.tx.PutCard(c); err != nil {
			return fmt.Errorf("card %s: %w", card, err)
		}
		kept.Cards = append(kept.Cards, c.ID)
	}
	if s.class == nil {
		return nil
	}
	c, err := s.class.put(w)
	if err != nil {
		return err
	}
	e := kiosk.Enrolment{ID: w.tx.NewID(), PatronID: p.ID, ClassID: c.ID, YearID: c.YearID, Since: s.class.book.since}
	if err := w.tx.PutEnrolment(e); err != nil {
		return fmt.Errorf("enrolment in %s: %w", c.Name, err)
	}
	kept.Enrolments = append(kept.Enrolments, e.ID)
	return nil
}
