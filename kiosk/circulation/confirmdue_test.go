package circulation_test

import (
	"errors"
	"testing"

	"muontra/kiosk"
)

// Loans of a wrong clock wait for a person, once the clock is right: kept, or
// given another day; taken back, they wait again. Those of a right clock do not.
func TestConfirmDue(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		an := r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "3A", 3)
		binh := r.Patron(kiosk.Pupil, "20000024", "Trần Mẫu Bình", "3B", 3)
		codes := []string{"30000012", "30000029", "30000036"}
		at := kiosk.Attempt{Station: kiosk.DefaultStation}
		loan, copies := map[string]kiosk.ID{}, map[string]kiosk.ID{}
		for _, code := range codes {
			copies[code] = r.Copy(code, "Truyện mẫu "+code, kiosk.Children, "").ID
		}
		lend := func(clock, code string, to kiosk.Patron) {
			t.Helper()
			r.Set(clock)
			a := must[kiosk.Answer](r)(r.desk.Checkout(t.Context(), at, to.Ref, copies[code]))
			if a.Result.Outcome != kiosk.CheckedOut {
				t.Fatalf("at %s: %+v", clock, a.Result)
			}
			loan[code] = a.Result.Loan.ID
		}
		unsure := func() (n int) {
			t.Helper()
			r.view(func(v kiosk.View) (err error) {
				n, _, err = v.CountOpenLoans(kiosk.OpenLoanQuery{On: r.Today(), Unsure: true})
				return err
			})
			return n
		}
		lend("2026-11-24 09:25:00", codes[0], an)
		lend("1970-01-01 07:00:00", codes[1], an)
		lend("1970-01-01 07:05:00", codes[2], binh)
		if _, err := r.desk.ConfirmDue(t.Context(), r.staff, []kiosk.ID{loan[codes[1]]}, kiosk.Day{}); !errors.Is(err, kiosk.ErrClockWrong) {
			t.Errorf("while the clock is wrong: %v", err)
		}
		r.Set("2026-11-25 09:25:00")
		if n := unsure(); n != 2 {
			t.Fatalf("%d loans wait, not two", n)
		}
		_, was := r.Borrower(codes[1])
		kept := must[kiosk.Bulk](r)(r.desk.ConfirmDue(t.Context(), r.staff, []kiosk.ID{loan[codes[1]]}, kiosk.Day{}))
		if _, due := r.Borrower(codes[1]); due != was || len(kept.Done) != 1 || unsure() != 1 {
			t.Errorf("kept: due %v, was %v; %+v; %d wait", due, was, kept, unsure())
		}
		sunday := r.Today().Add(11) // 6 December 2026
		moved := must[kiosk.Bulk](r)(r.desk.ConfirmDue(t.Context(), r.staff, []kiosk.ID{loan[codes[2]]}, sunday))
		if _, due := r.Borrower(codes[2]); due != sunday.Add(-2) || unsure() != 0 {
			t.Errorf("moved to the Friday before %v: %v; %d wait", sunday, due, unsure())
		}
		if err := r.desk.UndoAll(t.Context(), r.staff, moved.Events()); err != nil {
			t.Fatal(err)
		}
		if unsure() != 1 {
			t.Errorf("taken back, %d wait", unsure())
		}
		must[kiosk.Answer](r)(r.desk.Return(t.Context(), r.staff, "", copies[codes[2]]))
		if unsure() != 0 {
			t.Error("what came back waits")
		}
	})
}
