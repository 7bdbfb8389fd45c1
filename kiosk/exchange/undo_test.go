package exchange_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/exchange"
	"muontra/kiosk/kiosktest"
	"muontra/store"
)

// undoRig is a ledger whose librarian takes lists back.
type undoRig struct {
	*kiosktest.World
	t    *testing.T
	l    kiosk.Ledger
	desk *circulation.Desk
	by   kiosk.Attempt
}

func onUndoRig(t *testing.T, f func(r *undoRig)) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		w := kiosktest.NewWorld(t, l, "2026-11-24 09:00:00")
		r := &undoRig{World: w, t: t, l: l, desk: &circulation.Desk{Ledger: l, Now: w.Now}, by: kiosk.Attempt{Station: kiosk.DefaultStation}}
		if err := l.Update(t.Context(), func(tx kiosk.Tx) error {
			r.by.Staff = tx.NewID()
			return tx.PutAccount(kiosk.Account{ID: r.by.Staff, Name: "thuthu", Role: kiosk.Librarian, PasswordHash: "x", CreatedAt: w.Now()})
		}); err != nil {
			t.Fatal(err)
		}
		f(r)
		w.Replayed()
		if db, is := l.(*store.Store); is {
			if faults, err := db.Check(t.Context()); err != nil || len(faults) > 0 {
				t.Error(faults, err)
			}
		}
	})
}

// undo takes a list back and tells how much of it, and what stays.
func (r *undoRig) undo(p *exchange.Plan) string {
	r.t.Helper()
	steps := 0
	u, err := r.desk.UndoImport(r.t.Context(), r.by, p.Wrote(), "Nhập nhầm", func(done, total int) {
		if steps++; done > total {
			r.t.Errorf("%d of %d", done, total)
		}
	})
	if err != nil || steps == 0 {
		r.t.Fatal(err, steps)
	}
	out := fmt.Sprintf("%d patrons, %d titles, %d copies, %d loans", u.Patrons, u.Titles, u.Copies, u.Loans)
	for _, k := range u.Kept {
		out += fmt.Sprintf("; %s %s", k.Kind, k.Why)
	}
	return out
}

func (r *undoRig) titles() (all []string) {
	view(r.t, r.l, func(v kiosk.View) error {
		return v.EachTitle(func(t kiosk.Title) error { all = append(all, t.Title); return nil })
	})
	slices.Sort(all)
	return all
}

// A list of people that was the wrong one: who was added is gone, who was changed is
// as before; who has borrowed since, or was corrected, stays and is told.
func TestPeopleOfAListAreTakenBack(t *testing.T) {
	onUndoRig(t, func(r *undoRig) {
		const before = "Họ và tên,Ngày sinh,Lớp,Mã thẻ\nNguyễn Mẫu An,01/02/2019,2A,20000016\n"
		imports(t, r.l, exchange.Patrons, before, "1 added, 0 updated, 0 unchanged, 0 rejected")
		was := members(t, r.l)
		p := imports(t, r.l, exchange.Patrons, "Họ và tên,Ngày sinh,Lớp,Mã thẻ\nNguyễn Mẫu An,03/02/2019,2B,20000016\nTrần Mẫu Bình,,2B,20000024\nLê Mẫu Chi,,2B,20000032\nPhạm Mẫu Duy,,2B,20000040\n", "3 added, 1 updated, 0 unchanged, 0 rejected")
		r.Copy("30000013", "Truyện mẫu", kiosk.Children, "")
		r.Lent("20000032", "30000013", "2026-11-20")
		var duy kiosk.Member
		view(t, r.l, func(v kiosk.View) (err error) { duy, err = v.MemberByCard("20000040", r.Today()); return err })
		duy.Patron.Sex = "m"
		if _, err := r.desk.ChangePatron(t.Context(), r.by, duy.Patron, nil); err != nil {
			t.Fatal(err)
		}
		if got := r.undo(p); got != "2 patrons, 0 titles, 0 copies, 0 loans; patron changed; patron lent" {
			t.Error(got)
		}
		now := members(t, r.l)
		if len(now) != 3 || now[0].Name != "Nguyễn Mẫu An" || now[0].Class != "2A" || now[0].Patron != was[0].Patron {
			t.Errorf("%+v", now)
		}
		// The right list is read in as if the other had not been.
		imports(t, r.l, exchange.Patrons, "Họ và tên,Ngày sinh,Lớp,Mã thẻ\nNguyễn Mẫu An,01/02/2019,2A,20000016\nTrần Mẫu Bình,,3C,\n", "1 added, 0 updated, 1 unchanged, 0 rejected")
		// Twice there is nothing left to take back.
		if got := r.undo(p); !strings.HasPrefix(got, "0 patrons") {
			t.Error("twice: " + got)
		}
	})
}

// A wrong list of books: the catalogue is as before, the numbers are struck out, and
// the right list takes them up.
func TestBooksOfAListAreTakenBack(t *testing.T) {
	onUndoRig(t, func(r *undoRig) {
		const head = "Mã vạch,Số ĐKCB,Tên sách,Giá tiền,Loại sách\n"
		imports(t, r.l, exchange.Copies, head+"30000013,TN.00001,Sách Mẫu Cũ,10000,Sách thiếu nhi\n", "1 added, 0 updated, 0 unchanged, 0 rejected")
		old := items(t, r.l)[0]
		p := imports(t, r.l, exchange.Copies, head+
			"30000013,TN.00001,Sách Mẫu Cũ,99000,Sách thiếu nhi\n"+
			"30000021,TN.00002,Sách Mẫu Cũ,10000,Sách thiếu nhi\n"+
			"30000039,TN.00003,Sách Mẫu Nhầm,20000,Sách thiếu nhi\n"+
			"30000047,TN.00004,Sách Mẫu Đã Mượn,20000,Sách thiếu nhi\n", "3 added, 1 updated, 0 unchanged, 0 rejected")
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		r.Lent("20000016", "30000047", "2026-11-20")
		if got := r.undo(p); got != "0 patrons, 1 titles, 3 copies, 0 loans; copy lent; title used" {
			t.Error(got)
		}
		if got := r.titles(); !slices.Equal(got, []string{"Nhập nhầm", "Sách Mẫu Cũ", "Sách Mẫu Đã Mượn"}) {
			t.Error(got)
		}
		for _, i := range items(t, r.l) {
			switch i.Accession {
			case "TN.00001":
				if i.Copy != old.Copy {
					t.Errorf("was %+v, is %+v", old.Copy, i.Copy)
				}
			case "TN.00002", "TN.00003":
				if i.State.Status != kiosk.CopyWithdrawn || i.Title.Title != "Nhập nhầm" {
					t.Errorf("%+v", i)
				}
			default:
				if i.State.Status != kiosk.CopyAvailable || i.Title.Title != "Sách Mẫu Đã Mượn" {
					t.Errorf("%+v", i)
				}
			}
		}
		imports(t, r.l, exchange.Copies, head+"30000039,TN.00003,Sách Mẫu Đúng,30000,Sách thiếu nhi\n", "0 added, 1 updated, 0 unchanged, 0 rejected")
		view(t, r.l, func(v kiosk.View) error {
			i, err := v.ItemByAccession("TN.00003")
			if i.Title.Title != "Sách Mẫu Đúng" || i.State.Status != kiosk.CopyAvailable || i.Price != 30_000 {
				t.Errorf("%+v", i)
			}
			return err
		})
		imports(t, r.l, exchange.Copies, head+"30000039,TN.00003,Sách Mẫu Đúng,30000,Sách thiếu nhi\n", "0 added, 0 updated, 1 unchanged, 0 rejected")
	})
}

// Titles that brought no copies go without a trace; loans never were.
func TestTitlesAndLoansOfAListAreTakenBack(t *testing.T) {
	onUndoRig(t, func(r *undoRig) {
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		item := r.Copy("30000013", "Truyện mẫu", kiosk.Children, "")
		was := r.titles()
		p := imports(t, r.l, exchange.Titles, "Tên sách,Số lượng,Loại sách\nSách Mẫu Một,0,STK\nSách Mẫu Hai,0,STK\n", "2 added, 0 updated, 0 unchanged, 0 rejected")
		if got := r.undo(p); got != "0 patrons, 2 titles, 0 copies, 0 loans" || !slices.Equal(r.titles(), was) {
			t.Error(got, r.titles())
		}
		p = imports(t, r.l, exchange.Loans, "Mã vạch,Mã thẻ,Ngày mượn,Hạn trả,Ngày trả\n30000013,20000016,2/10/2026,9/10/2026,5/10/2026\n30000013,20000016,2/11/2026,9/12/2026,\n", "2 added, 0 updated, 0 unchanged, 0 rejected")
		if got := r.undo(p); got != "0 patrons, 0 titles, 0 copies, 2 loans" {
			t.Error(got)
		}
		view(t, r.l, func(v kiosk.View) error {
			_, err := v.OpenLoan(item.ID)
			if !errors.Is(err, kiosk.ErrNotFound) {
				t.Error("still on loan", err)
			}
			i, err := v.Item(item.ID)
			if i.State != item.State {
				t.Errorf("%+v", i.State)
			}
			return err
		})
	})
}
