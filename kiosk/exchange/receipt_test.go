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
