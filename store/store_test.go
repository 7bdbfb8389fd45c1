package store

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/kiosktest"
)

// open opens a store in dir for one test, on the sample clock.
func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{Now: kiosktest.NewClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil && err != ErrClosed {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// clean fails unless the check finds nothing.
func clean(t testing.TB, s *Store) {
	t.Helper()
	faults, err := s.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Errorf("check: %s %s: %s", f.Code, f.Subject, f.Text)
	}
}

// copyFile copies a database that nobody is writing.
func copyFile(t testing.TB, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLedger(t *testing.T) {
	// The schema is made once: it is the slow part of a new store.
	template := t.TempDir()
	if err := open(t, template).Close(); err != nil {
		t.Fatal(err)
	}
	kiosktest.TestLedger(t, func(t *testing.T) kiosk.Ledger {
		dir := t.TempDir()
		copyFile(t, filepath.Join(template, dbName), filepath.Join(dir, dbName))
		return open(t, dir)
	})
}

// school is a store with the sample school.
func school(t testing.TB) (*Store, kiosktest.People) {
	t.Helper()
	s := open(t, t.TempDir())
	p, err := kiosktest.School(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return s, p
}

// checkout is the hot path of the kiosk: what a scan of a book reads and writes.
func checkout(tx kiosk.Tx, card, barcode, command string, at time.Time) (kiosk.Loan, error) {
	today := kiosktest.Today
	r, err := tx.Rules(today)
	if err != nil {
		return kiosk.Loan{}, err
	}
	holder, err := tx.MemberByCard(card, today)
	if err != nil {
		return kiosk.Loan{}, err
	}
	m, err := tx.MemberByRef(holder.Ref, today)
	if err != nil {
		return kiosk.Loan{}, err
	}
	i, err := tx.ItemByBarcode(barcode)
	if err != nil {
		return kiosk.Loan{}, err
	}
	if _, err := tx.OpenLoansOf(m.Ref); err != nil {
		return kiosk.Loan{}, err
	}
	if _, err := tx.OpenLoan(i.ID); err == nil {
		return kiosk.Loan{}, kiosk.ErrConflict
	}
	if _, err := tx.HoldsOf(i.TitleID); err != nil {
		return kiosk.Loan{}, err
	}
	line := r.Policies.For(m.Category, i.Kind, i.SubKind)
	l := kiosk.Loan{ID: tx.NewID(), CopyID: i.ID, PatronRef: m.Ref, Type: line.Term.LoanType(), CheckedOutAt: at, DueOn: today.Add(line.Days), Station: kiosk.DefaultStation}
	state := i.State
	state.Loans++
	if err := tx.Append(&kiosk.Event{Type: kiosk.EventCheckedOut, CopyID: i.ID, PatronRef: m.Ref, Station: kiosk.DefaultStation, OccurredAt: at, RecordedAt: at, ClockOK: true,
		Payload: kiosk.Payload{Outcome: kiosk.CheckedOut, Changes: kiosk.Changes{Loans: []kiosk.Loan{l}, Copies: []kiosk.CopyState{state}}}}); err != nil {
		return l, err
	}
	return l, tx.PutAnswer(kiosk.Answered{Station: kiosk.DefaultStation, CommandID: command, Body: barcode, Result: []byte(`{"outcome":"checked_out"}`), At: at})
}

// giveBack ends a loan.
func giveBack(tx kiosk.Tx, l kiosk.Loan, at time.Time) error {
	l.End, l.ReturnedAt = kiosk.LoanReturned, at
	return tx.Append(&kiosk.Event{Type: kiosk.EventReturned, CopyID: l.CopyID, PatronRef: l.PatronRef, Station: l.Station, OccurredAt: at, RecordedAt: at, ClockOK: true,
		Payload: kiosk.Payload{Outcome: kiosk.Returned, Changes: kiosk.Changes{Loans: []kiosk.Loan{l}}}})
}
