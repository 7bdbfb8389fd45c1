package store

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
)

// What the writer's session remembers is what stands in the file, whoever changed
// it last: each step is done by one of two stores on one folder, and both
// writers then read what a view on the other reads.
func TestWhatIsRememberedIsSo(t *testing.T) {
	s, p := school(t)
	other := open(t, s.Dir())
	refs := []kiosk.ID{p.One.Ref, p.Two.Ref, p.Blocked.Ref}
	books := []kiosktest.Book{p.Story, p.Story2, p.Subject, p.Comic}
	type facts struct {
		Members  []kiosk.Member
		Items    []kiosk.Item
		Holds    [][]kiosk.Hold
		Open     [][]kiosk.LoanItem
		Out      []kiosk.Loan // without an ID where a copy is in
		Seq      int64
		Recorded time.Time
	}
	read := func(v kiosk.View) (f facts, err error) {
		for _, r := range refs {
			m, err := v.MemberByRef(r, kiosktest.Today)
			if err != nil {
				return f, err
			}
			ls, err := v.OpenLoansOf(r)
			if err != nil {
				return f, err
			}
			f.Members, f.Open = append(f.Members, m), append(f.Open, ls)
		}
		for _, b := range books {
			i, err := v.Item(b.ID)
			if err != nil {
				return f, err
			}
			hs, err := v.HoldsOf(b.TitleID)
			if err != nil {
				return f, err
			}
			out, err := v.OpenLoan(b.ID)
			if err != nil && !errors.Is(err, kiosk.ErrNotFound) {
				return f, err
			}
			f.Items, f.Holds, f.Out = append(f.Items, i), append(f.Holds, hs), append(f.Out, out)
		}
		if f.Seq, err = v.LastSeq(); err != nil {
			return f, err
		}
		f.Recorded, err = v.LastRecorded()
		return f, err
	}
	var loan kiosk.Loan
	mine := errors.New("changed my mind")
	// changed is the loan changed by an event, which names what was before or not.
	changed := func(tx kiosk.Tx, named bool, change func(*kiosk.Loan)) error {
		e := &kiosk.Event{Type: kiosk.EventRenewed, CopyID: loan.CopyID, PatronRef: loan.PatronRef}
		if named {
			e.Payload.Before.Loans = []kiosk.Loan{loan}
		}
		change(&loan)
		e.Payload.Changes.Loans = []kiosk.Loan{loan}
		return tx.Append(e)
	}
	closed := func(l *kiosk.Loan) { l.End, l.ReturnedAt = kiosk.LoanReturned, kiosktest.Start.Add(time.Hour) }
	opened := func(l *kiosk.Loan) { l.End, l.ReturnedAt = kiosk.LoanOpen, time.Time{} }
	steps := []struct {
		name string
		do   func(tx kiosk.Tx) error
		fail error
	}{
		{"nothing", func(tx kiosk.Tx) error { return nil }, nil},
		{"a checkout", func(tx kiosk.Tx) (err error) {
			loan, err = checkout(tx, p.One.Card, p.Story.Barcode, "c1", kiosktest.Start)
			return err
		}, nil},
		{"a checkout that is rolled back", func(tx kiosk.Tx) error {
			if _, err := checkout(tx, p.Two.Card, p.Comic.Barcode, "c2", kiosktest.Start); err != nil {
				return err
			}
			if _, err := read(tx); err != nil {
				return err
			}
			return mine
		}, mine},
		{"a renewal", func(tx kiosk.Tx) error {
			return changed(tx, true, func(l *kiosk.Loan) { l.DueOn, l.Renewals = l.DueOn.Add(7), 1 })
		}, nil},
		{"a renewal that names no loan before", func(tx kiosk.Tx) error {
			return changed(tx, false, func(l *kiosk.Loan) { l.DueOn, l.Renewals = l.DueOn.Add(7), 2 })
		}, nil},
		{"a second loan of the patron", func(tx kiosk.Tx) error {
			_, err := checkout(tx, p.One.Card, p.Subject.Barcode, "c3", kiosktest.Start.Add(-time.Minute))
			return err
		}, nil},
		{"a return", func(tx kiosk.Tx) error { return changed(tx, true, closed) }, nil},
		{"a return that is taken back", func(tx kiosk.Tx) error { return changed(tx, true, opened) }, nil},
		{"the loan to another patron", func(tx kiosk.Tx) error {
			return changed(tx, true, func(l *kiosk.Loan) { l.PatronRef = p.Two.Ref })
		}, nil},
		{"a loan of a copy that is out", func(tx kiosk.Tx) error {
			again := loan
			again.ID = tx.NewID()
			return tx.Append(&kiosk.Event{Type: kiosk.EventCheckedOut, CopyID: again.CopyID, PatronRef: again.PatronRef, Payload: kiosk.Payload{Changes: kiosk.Changes{Loans: []kiosk.Loan{again}}}})
		}, kiosk.ErrConflict},
		{"a return that names no loan before", func(tx kiosk.Tx) error { return changed(tx, false, closed) }, nil},
		{"a name and a status", func(tx kiosk.Tx) error {
			m, err := tx.MemberByRef(p.One.Ref, kiosktest.Today)
			if err != nil {
				return err
			}
			m.Name, m.Status = m.Name+" Mẫu", kiosk.PatronBlocked
			return tx.PutPatron(m.Patron)
		}, nil},
		{"a title", func(tx kiosk.Tx) error {
			b, err := tx.Title(p.Story.TitleID)
			if err != nil {
				return err
			}
			b.Title += " II"
			return tx.PutTitle(b)
		}, nil},
		{"a hold", func(tx kiosk.Tx) error {
			return tx.PutHold(kiosk.Hold{ID: tx.NewID(), TitleID: p.Comic.TitleID, PatronRef: p.Two.Ref, PlacedAt: kiosktest.Start, Status: kiosk.HoldWaiting})
		}, nil},
		{"a copy's note", func(tx kiosk.Tx) error {
			i, err := tx.Item(p.Subject.ID)
			if err != nil {
				return err
			}
			i.Note = "gáy rách"
			return tx.PutCopy(i.Copy)
		}, nil},
		{"a copy's state and place", func(tx kiosk.Tx) error {
			places, err := tx.Places()
			if err != nil {
				return err
			}
			i, err := tx.Item(p.Story2.ID)
			if err != nil {
				return err
			}
			before := i.State
			i.State.Condition = kiosk.ConditionWorn
			for _, at := range places {
				if at.ID != before.Place {
					i.State.Place = at.ID
				}
			}
			return tx.Append(&kiosk.Event{Type: kiosk.EventCopyChanged, CopyID: i.ID, Payload: kiosk.Payload{
				Before: kiosk.Changes{Copies: []kiosk.CopyState{before}}, Changes: kiosk.Changes{Copies: []kiosk.CopyState{i.State}}}})
		}, nil},
		{"an event under a wrong clock", func(tx kiosk.Tx) error {
			return tx.Append(&kiosk.Event{Type: kiosk.EventHelp, RecordedAt: kiosktest.Start.AddDate(-50, 0, 0)})
		}, nil},
	}
	for i, st := range steps {
		who := []*Store{s, other}[i%2]
		run := who.Act
		if i%3 == 1 {
			run = who.Update
		}
		err := run(t.Context(), func(tx kiosk.Tx) error {
			if _, err := read(tx); err != nil { // all of it is remembered before
				return err
			}
			return st.do(tx)
		})
		if !errors.Is(err, st.fail) {
			t.Fatalf("%s: %v", st.name, err)
		}
		for j, w := range []*Store{s, other} {
			var got, want facts
			err := errors.Join(
				w.Act(t.Context(), func(tx kiosk.Tx) (err error) { got, err = read(tx); return err }),
				w.View(t.Context(), func(v kiosk.View) (err error) { want, err = read(v); return err }))
			if err != nil {
				t.Fatalf("%s: %v", st.name, err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("after %s the writer of store %d has\n%+v\nand the file\n%+v", st.name, j, got, want)
			}
		}
	}
	clean(t, s)
}

// An act that fails when it has written takes nothing of those beside it along,
// and leaves nothing of its own, though they were done without savepoints; those
// that fail before do not make the others be done again.
func TestActsFailAlone(t *testing.T) {
	s := open(t, t.TempDir())
	mine := errors.New("changed my mind")
	runs := 0
	errs, commits := queued(t, s,
		func(tx kiosk.Tx) error { runs++; return note("before")(tx) },
		func(tx kiosk.Tx) error { return mine },
		note("after"))
	if errs[0] != nil || errs[1] != mine || errs[2] != nil || commits != 1 || runs != 1 {
		t.Errorf("%v in %d commits, the first was done %d times", errs, commits, runs)
	}
	runs = 0
	errs, _ = queued(t, s,
		func(tx kiosk.Tx) error { runs++; return note("one")(tx) },
		func(tx kiosk.Tx) error { return errors.Join(note("never")(tx), mine) },
		func(tx kiosk.Tx) error {
			// Its caller goes on after a write that failed in the middle.
			bad := &kiosk.Event{Type: kiosk.EventHelp, Payload: kiosk.Payload{Changes: kiosk.Changes{Copies: []kiosk.CopyState{{CopyID: "none", Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood}}}}}
			if err := tx.Append(bad); err == nil {
				return fmt.Errorf("the state of no copy was written")
			}
			return note("three")(tx)
		})
	if errs[0] != nil || !errors.Is(errs[1], mine) || errs[2] != nil || runs != 2 {
		t.Errorf("%v, the first was done %d times", errs, runs)
	}
	err := s.View(t.Context(), func(v kiosk.View) error {
		es, err := v.Events(0, 100)
		var told []string
		for _, e := range es {
			told = append(told, e.Payload.Comment)
		}
		if want := []string{"", "before", "after", "", "one", "three"}; !reflect.DeepEqual(told, want) {
			t.Errorf("events %q, want %q", told, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	clean(t, s)
}

// A view remembers which school year a day is in, and not longer than it is so:
// whoever moves the year, in this process or another, the class of a pupil is the
// new year's.
func TestTheYearOfADayIsReadAnew(t *testing.T) {
	s, p := school(t)
	other := open(t, s.Dir())
	var was kiosk.SchoolYear
	class := func(from *Store) (name string) {
		t.Helper()
		if err := from.View(t.Context(), func(v kiosk.View) error {
			m, err := v.MemberByCard(p.One.Card, kiosktest.Today)
			name = m.Class
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return name
	}
	if err := s.View(t.Context(), func(v kiosk.View) error {
		r, err := v.Rules(kiosktest.Today)
		was = r.Year
		return err
	}); err != nil {
		t.Fatal(err)
	}
	old := class(s)
	if old == "" || class(other) != old {
		t.Fatalf("the pupil is in %q and %q", old, class(other))
	}
	next := kiosk.SchoolYear{ID: "the-next", Name: "the next", Start: kiosktest.Today, Semester2: kiosktest.Today.Add(100), Recall: kiosktest.Today.Add(200), End: kiosktest.Today.Add(250)}
	for i, by := range []*Store{other, s} {
		if err := by.Update(t.Context(), func(tx kiosk.Tx) error { return tx.PutYear(next) }); err != nil {
			t.Fatal(err)
		}
		for _, from := range []*Store{s, other} {
			if got := class(from); got != "" {
				t.Errorf("%d: in the new year, which has no classes, the pupil is in %s", i, got)
			}
		}
		back := next
		back.Start, back.Semester2 = kiosktest.Today.Add(20), kiosktest.Today.Add(120)
		if err := by.Update(t.Context(), func(tx kiosk.Tx) error { return tx.PutYear(back) }); err != nil {
			t.Fatal(err)
		}
		for _, from := range []*Store{s, other} {
			if got := class(from); got != old {
				t.Errorf("%d: back in %s the pupil is in %q, want %s", i, was.Name, got, old)
			}
		}
	}
}
