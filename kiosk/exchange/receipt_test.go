package exchange_test

import (
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/exchange"
	"muontra/kiosk/kiosktest"
)

// A file cannot do what a step of processing does: register a new copy, or
// take one back from the register.
func TestStepsAreNotImported(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		w := kiosktest.NewWorld(t, l, "2026-11-24 09:00:00")
		desk := &circulation.Desk{Ledger: l, Now: func() time.Time { return w.Now() }}
		var staff kiosk.ID
		if err := l.Update(t.Context(), func(tx kiosk.Tx) error {
			staff = tx.NewID()
			return tx.PutAccount(kiosk.Account{ID: staff, Name: "thuthu", Role: kiosk.Librarian, PasswordHash: "x", CreatedAt: w.Now()})
		}); err != nil {
			t.Fatal(err)
		}
		by := kiosk.Attempt{Staff: staff}
		r, err := desk.OpenReceipt(t.Context(), by, kiosk.Receipt{Source: kiosk.Purchase, Supplier: "Nhà sách mẫu", Date: w.Today()})
		if err != nil {
			t.Fatal(err)
		}
		var place kiosk.ID
		if err := l.View(t.Context(), func(v kiosk.View) error {
			pp, err := v.Places()
			place = pp[0].ID
			return err
		}); err != nil {
			t.Fatal(err)
		}
		line, err := desk.AddLine(t.Context(), by, kiosk.ReceiptLine{ReceiptID: r.ID, Kind: kiosk.Children, Quantity: 1, HomePlace: place}, kiosk.Title{Title: "Sách Mẫu Mới"})
		if err != nil {
			t.Fatal(err)
		}
		i := line.Copies[0]
		file := func(status string) *exchange.Plan {
			return apply(t, l, read(t, exchange.Copies, "x.csv", "Mã vạch,Tên sách,Trạng thái\n"+i.Barcode+",Sách Mẫu Mới,"+status+"\n"))
		}
		refused := func(p *exchange.Plan) {
			t.Helper()
			if it := p.Items[0]; it.Action != exchange.Wrong || it.Problem.Code != exchange.ByReceipt {
				t.Errorf("%+v %+v", it, it.Problem)
			}
		}
		refused(file("available"))
		if _, err := desk.Register(t.Context(), by, []kiosk.ID{i.ID}); err != nil {
			t.Fatal(err)
		}
		refused(file("in_processing"))
		if p := file("in_repair"); p.Counts().Updated != 1 {
			t.Errorf("a registered copy's repair is imported: %+v", p.Items[0].Problem)
		}
		w.Replayed()
	})
}

// Two children of one name and birthday are two when each has a card; the same
// line twice is one child.
func TestNamesakesWithCards(t *testing.T) {
	onBoth(t, func(t *testing.T, l kiosk.Ledger) {
		const head = "Số thẻ,Họ và tên,Ngày sinh,Lớp\n"
		const two = head + "A1,Mẫu Văn An,01/01/2018,1A\nA2,Mẫu Văn An,01/01/2018,1A\n"
		imports(t, l, exchange.Patrons, two, "2 added, 0 updated, 0 unchanged, 0 rejected")
		imports(t, l, exchange.Patrons, two, "0 added, 0 updated, 2 unchanged, 0 rejected")
		const twice = head + ",Mẫu Thị Bình,02/02/2018,1A\n,Mẫu Thị Bình,02/02/2018,1A\n"
		imports(t, l, exchange.Patrons, twice, "1 added, 0 updated, 1 unchanged, 0 rejected")
	})
}
