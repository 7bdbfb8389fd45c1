package register_test

import (
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/exchange"
	. "muontra/kiosk/register"
)

// Books of a list that was read in by mistake were never the library's: no sum counts
// them, as come or as gone, and their numbers are struck out.
func TestListTakenBackIsInNoSum(t *testing.T) {
	w := world(t)
	w.Patron(kiosk.Pupil, "20000001", "Mẫu An", "2A", 2)
	w.Copy("30000013", "Truyện mẫu", kiosk.Children, "TN.00001")
	ctx, staff := t.Context(), kiosk.Attempt{Station: kiosk.DefaultStation}
	if err := w.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		staff.Staff = tx.NewID()
		return tx.PutAccount(kiosk.Account{ID: staff.Staff, Name: "thuthu", Role: kiosk.Librarian, PasswordHash: "x", CreatedAt: w.Now()})
	}); err != nil {
		t.Fatal(err)
	}
	look := func() (sums []Sums, struck int) {
		t.Helper()
		for _, sheet := range Sheets() {
			_ = open(t, w, sheet, Ask{}, func(s *Source) {
				parts, err := sheet.Parts(s)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range parts {
					if faults, err := s.Faults(&p); err != nil || len(faults) > 0 {
						t.Errorf("%s %s: %v, %v", sheet.Name, p.Key, faults, err)
					}
					n, _, err := s.Totals(&p)
					if err != nil {
						t.Fatal(err)
					}
					sums = append(sums, n)
					if err := p.Lines(func(l Line) error {
						if l.Mark == Struck {
							struck++
						}
						return nil
					}); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
		return sums, struck
	}
	before, none := look()
	table, err := exchange.Read(exchange.Copies, "x.csv", []byte("Mã vạch,Số ĐKCB,Tên sách,Giá tiền,Loại sách,Ngày nhập\n30000039,TN.00003,Sách Mẫu Nhầm,20000,Sách thiếu nhi,1/10/2026\n30000047,TK.00003,Sách Mẫu Khác,20000,STK,1/10/2026\n"))
	if err != nil {
		t.Fatal(err)
	}
	var plan *exchange.Plan
	if err := w.Ledger.Update(ctx, func(tx kiosk.Tx) (err error) {
		if plan, err = exchange.NewPlan(tx, table, exchange.Options{Now: w.Now()}); err == nil {
			plan, err = exchange.ApplyIn(ctx, tx, plan)
		}
		return err
	}); err != nil || plan.Counts().Added != 2 {
		t.Fatal(err, plan.Counts())
	}
	desk := &circulation.Desk{Ledger: w.Ledger, Now: w.Now}
	if u, err := desk.UndoImport(ctx, staff, plan.Wrote(), "Nhập nhầm", nil); err != nil || u.Copies != 2 {
		t.Fatal(err, u)
	}
	after, struck := look()
	if none != 0 || struck != 2 {
		t.Errorf("%d lines are struck out", struck)
	}
	for i := range before {
		for key, n := range before[i] {
			if after[i][key] != n {
				t.Errorf("%d: %s was %d, is %d", i, key, n, after[i][key])
			}
		}
	}
}
