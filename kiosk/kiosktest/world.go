package kiosktest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"muontra/kiosk"
)

// World furnishes a ledger for one test, with the codes that the test chooses
// and a clock that it moves. What a call cannot do fails the test.
type World struct {
	Ledger kiosk.Ledger
	tb     testing.TB
	clock  *Clock
	loc    *time.Location
}

// NewWorld is a furnisher whose clock stands at clock ("2006-01-02 15:04:05",
// the school's own time). A ledger that tells fresh from old by its own time, as
// of stored answers, needs the same clock: NewWorldBy.
func NewWorld(tb testing.TB, l kiosk.Ledger, clock string) *World {
	tb.Helper()
	w := NewWorldBy(tb, l, NewClock())
	w.Set(clock)
	return w
}

// NewWorldBy is a furnisher that goes by a clock which the ledger goes by too.
func NewWorldBy(tb testing.TB, l kiosk.Ledger, clock *Clock) *World {
	tb.Helper()
	w := &World{Ledger: l, tb: tb, clock: clock}
	w.view(func(v kiosk.View) error {
		s, err := v.Site()
		if err != nil {
			return err
		}
		w.loc, err = s.Location()
		return err
	})
	return w
}

// Now is the world's clock.
func (w *World) Now() time.Time { return w.clock.Now() }

// Advance moves the clock on.
func (w *World) Advance(d time.Duration) { w.clock.Add(d) }

// Set moves the clock to a time of the school.
func (w *World) Set(clock string) {
	w.tb.Helper()
	t, err := time.ParseInLocation(time.DateTime, clock, w.loc)
	if err != nil {
		w.tb.Fatal(err)
	}
	w.clock.Set(t)
}

// Today is the clock's day.
func (w *World) Today() kiosk.Day { return kiosk.DayOf(w.Now(), w.loc) }

// Patron adds somebody with a card; class is "" outside classes.
func (w *World) Patron(category kiosk.Category, card, name, class string, grade int) kiosk.Patron {
	w.tb.Helper()
	var p kiosk.Patron
	w.update(func(tx kiosk.Tx) error {
		p = kiosk.Patron{ID: tx.NewID(), Ref: tx.NewID(), Category: category, Name: name, Status: kiosk.PatronActive, CreatedAt: w.Now().UTC()}
		if err := tx.PutPatron(p); err != nil {
			return err
		}
		if err := tx.PutCard(kiosk.Card{ID: tx.NewID(), PatronID: p.ID, Barcode: card, Status: kiosk.CardActive, IssuedAt: w.Now().UTC()}); err != nil {
			return err
		}
		if class == "" {
			return nil
		}
		c, err := classOf(tx, w.Today(), class, grade)
		if err != nil {
			return err
		}
		return tx.PutEnrolment(kiosk.Enrolment{ID: tx.NewID(), PatronID: p.ID, ClassID: c.ID, YearID: c.YearID, Since: w.Today()})
	})
	return p
}

func classOf(tx kiosk.Tx, today kiosk.Day, name string, grade int) (kiosk.Class, error) {
	r, err := tx.Rules(today)
	if err != nil {
		return kiosk.Class{}, err
	}
	have, err := tx.Classes(r.Year.ID)
	if err != nil {
		return kiosk.Class{}, err
	}
	for _, c := range have {
		if c.Name == name {
			return c, nil
		}
	}
	c := kiosk.Class{ID: tx.NewID(), YearID: r.Year.ID, Name: name, Grade: grade}
	return c, tx.PutClass(c)
}

// Card changes the status of a card.
func (w *World) Card(barcode string, s kiosk.CardStatus) {
	w.tb.Helper()
	w.update(func(tx kiosk.Tx) error {
		m, err := tx.MemberByCard(barcode, w.Today())
		if err != nil {
			return err
		}
		m.Card.Status = s
		return tx.PutCard(m.Card)
	})
}

// Copy adds a registered copy of a title of its own.
func (w *World) Copy(barcode, title string, kind kiosk.Kind, sub string) kiosk.Item {
	w.tb.Helper()
	var i kiosk.Item
	w.update(func(tx kiosk.Tx) error {
		t := kiosk.Title{ID: tx.NewID(), Title: title, Language: "vi", CallNumber: "V23"}
		if err := tx.PutTitle(t); err != nil {
			return err
		}
		i = kiosk.Item{Title: t, Copy: kiosk.Copy{ID: tx.NewID(), TitleID: t.ID, Barcode: barcode, Kind: kind, SubKind: sub, Received: w.Today()}}
		var err error
		if i.Accession, err = tx.NextAccession(kind.Prefix()); err != nil {
			return err
		}
		if pp, err := tx.Places(); err != nil {
			return err
		} else if len(pp) > 0 {
			i.HomePlace = pp[0].ID
		}
		if err := tx.PutCopy(i.Copy); err != nil {
			return err
		}
		i.State = kiosk.CopyState{CopyID: i.ID, Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood, Place: i.HomePlace}
		return tx.Append(w.event(kiosk.EventCopyAdded, i.ID, "", kiosk.Changes{Copies: []kiosk.CopyState{i.State}}))
	})
	return i
}

// CopyStatus changes what a copy is doing.
func (w *World) CopyStatus(barcode string, s kiosk.CopyStatus) {
	w.tb.Helper()
	w.update(func(tx kiosk.Tx) error {
		i, err := tx.ItemByBarcode(barcode)
		if err != nil {
			return err
		}
		i.State.Status = s
		return tx.Append(w.event(kiosk.EventCopyChanged, i.ID, "", kiosk.Changes{Copies: []kiosk.CopyState{i.State}}))
	})
}

// Lent takes over a loan of the past, as an opening balance does.
func (w *World) Lent(card, barcode, due string) kiosk.Loan {
	w.tb.Helper()
	var l kiosk.Loan
	w.update(func(tx kiosk.Tx) error {
		m, err := tx.MemberByCard(card, w.Today())
		if err != nil {
			return err
		}
		i, err := tx.ItemByBarcode(barcode)
		if err != nil {
			return err
		}
		l = kiosk.Loan{
			ID: tx.NewID(), CopyID: i.ID, PatronRef: m.Ref, Type: kiosk.HomeLoan,
			CheckedOutAt: kiosk.MustDay(due).Add(-7).At(9, 0, w.loc).UTC(), DueOn: kiosk.MustDay(due), Station: kiosk.DefaultStation,
		}
		return tx.Append(w.event(kiosk.EventLoanAdded, i.ID, m.Ref, kiosk.Changes{Loans: []kiosk.Loan{l}}))
	})
	return l
}

// Hold reserves the title of a copy for a card's holder.
func (w *World) Hold(card, barcode string) {
	w.tb.Helper()
	w.update(func(tx kiosk.Tx) error {
		m, err := tx.MemberByCard(card, w.Today())
		if err != nil {
			return err
		}
		i, err := tx.ItemByBarcode(barcode)
		if err != nil {
			return err
		}
		h := kiosk.Hold{ID: tx.NewID(), TitleID: i.TitleID, PatronRef: m.Ref, PlacedAt: w.Now().UTC(), Status: kiosk.HoldWaiting}
		e := w.event(kiosk.EventHoldPlaced, "", m.Ref, kiosk.Changes{})
		e.Payload.Lending = &kiosk.LendingEdit{Holds: []kiosk.HoldEdit{{After: h}}}
		return errors.Join(tx.PutHold(h), tx.Append(e))
	})
}

// Borrower is the card of the patron who has the copy, "" on the shelf.
func (w *World) Borrower(barcode string) (card string, due kiosk.Day) {
	w.tb.Helper()
	w.view(func(v kiosk.View) error {
		i, err := v.ItemByBarcode(barcode)
		if err != nil {
			return err
		}
		l, err := v.OpenLoan(i.ID)
		if errors.Is(err, kiosk.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		m, err := v.MemberByRef(l.PatronRef, w.Today())
		card, due = m.Card.Barcode, l.DueOn
		return err
	})
	return card, due
}

// Events are all events so far.
func (w *World) Events() []kiosk.Event {
	w.tb.Helper()
	var all []kiosk.Event
	w.view(func(v kiosk.View) error {
		for {
			after := int64(0)
			if len(all) > 0 {
				after = all[len(all)-1].Seq
			}
			more, err := v.Events(after, 500)
			if err != nil || len(more) == 0 {
				return err
			}
			all = append(all, more...)
		}
	})
	return all
}

// Replayed fails the test unless replaying all events gives the loans and copy
// states that the ledger has.
func (w *World) Replayed() {
	w.tb.Helper()
	p := kiosk.NewProjection()
	for _, e := range w.Events() {
		p.Apply(e)
	}
	w.view(func(v kiosk.View) error {
		n := 0
		err := v.EachLoan(false, func(l kiosk.Loan) error {
			n++
			want := p.Loans[l.ID]
			same := l.CheckedOutAt.Equal(want.CheckedOutAt) && l.ReturnedAt.Equal(want.ReturnedAt)
			l.CheckedOutAt, l.ReturnedAt, want.CheckedOutAt, want.ReturnedAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}
			if !same || l != want {
				w.tb.Errorf("loan %s is %+v, replay gives %+v", l.ID, l, want)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if n != len(p.Loans) {
			w.tb.Errorf("%d loans, replay gives %d", n, len(p.Loans))
		}
		n = 0
		err = v.EachItem(func(i kiosk.Item) error {
			n++
			if i.State != p.Copies[i.ID] {
				w.tb.Errorf("copy %s is %+v, replay gives %+v", i.Barcode, i.State, p.Copies[i.ID])
			}
			return nil
		})
		if n != len(p.Copies) {
			w.tb.Errorf("%d copies, replay gives %d", n, len(p.Copies))
		}
		if err != nil {
			return err
		}
		return w.replayedStock(v, p.Stock)
	})
}

// replayedStock compares serials in the same way.
func (w *World) replayedStock(v kiosk.View, p kiosk.StockRows) error {
	for id, want := range p.Subscriptions {
		s, err := v.Subscription(id)
		if err != nil {
			return err
		}
		w.sameRecord(s, want)
	}
	for id, want := range p.Issues {
		i, err := v.Issue(id)
		if err != nil {
			return err
		}
		w.sameRecord(i, want)
	}
	for id, want := range p.Handouts {
		h, err := v.Handout(id)
		if err != nil {
			return err
		}
		w.sameRecord(h, want)
	}
	for id, want := range p.Lessons {
		l, err := v.Lesson(id)
		if err != nil {
			return err
		}
		w.sameRecord(l, want)
	}
	return nil
}

// sameRecord compares records as events keep them.
func (w *World) sameRecord(have, want any) {
	a, err := json.Marshal(have)
	b, err2 := json.Marshal(want)
	if err != nil || err2 != nil || string(a) != string(b) {
		w.tb.Errorf("a record is %s, replay gives %s (%v, %v)", a, b, err, err2)
	}
}

func (w *World) event(t kiosk.EventType, copyID, ref kiosk.ID, c kiosk.Changes) *kiosk.Event {
	now := w.Now().UTC()
	return &kiosk.Event{Type: t, CopyID: copyID, PatronRef: ref, OccurredAt: now, RecordedAt: now, ClockOK: true, Payload: kiosk.Payload{Changes: c}}
}

func (w *World) update(fn func(kiosk.Tx) error) {
	w.tb.Helper()
	if err := w.Ledger.Update(context.Background(), fn); err != nil {
		w.tb.Fatal(err)
	}
}

func (w *World) view(fn func(kiosk.View) error) {
	w.tb.Helper()
	if err := w.Ledger.View(context.Background(), fn); err != nil {
		w.tb.Fatal(err)
	}
}
