package register_test

import (
	"fmt"
	"testing"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	. "muontra/kiosk/register"
)

// The donors' register counts what came by receipts and what was brought to campaigns,
// each book once: what a receipt took into the stock is the class's that brought it.
func TestDonorsOfCampaigns(t *testing.T) {
	w := world(t)
	w.Patron(kiosk.Pupil, "20000001", "Mẫu An", "2A", 2)
	story := w.Copy("30000013", "Truyện mẫu", kiosk.Children, "TN.00001")
	desk := &circulation.Desk{Ledger: w.Ledger, Now: w.Now}
	ctx, staff := t.Context(), kiosk.Attempt{Station: kiosk.DefaultStation}
	if err := w.Ledger.Update(ctx, func(tx kiosk.Tx) error {
		staff.Staff = tx.NewID()
		return tx.PutAccount(kiosk.Account{ID: staff.Staff, Name: "thuthu", Role: kiosk.Librarian, PasswordHash: "x", CreatedAt: w.Now()})
	}); err != nil {
		t.Fatal(err)
	}
	receipt := func(source kiosk.AcquisitionSource, class string, n int) kiosk.ID {
		t.Helper()
		r, err := desk.OpenReceipt(ctx, staff, kiosk.Receipt{Source: source, Supplier: "Nơi mẫu", DonorClass: class, Date: w.Today()})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := desk.AddLine(ctx, staff, kiosk.ReceiptLine{ReceiptID: r.ID, TitleID: story.TitleID, Kind: kiosk.Reference, Quantity: n, Price: 10_000, HomePlace: story.HomePlace}, story.Title); err != nil {
			t.Fatal(err)
		}
		return r.ID
	}
	put := func(a kiosk.Activity) kiosk.Activity {
		t.Helper()
		a.Day, a.Status = w.Today(), kiosk.ActivityDone
		if a.Kind == kiosk.Gift {
			a.Donor = kiosk.DonorPupils
		}
		a, err := desk.PutActivity(ctx, staff, a, nil)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	rows := func(when string, part string, want ...string) {
		t.Helper()
		var have []string
		if err := open(t, w, Find("donors"), Ask{}, func(s *Source) {
			parts, err := Find("donors").Parts(s)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range parts {
				if faults, err := s.Faults(&p); err != nil || len(faults) > 0 {
					t.Errorf("%s: sums of %s: %v, %v", when, p.Key, faults, err)
				}
				if p.Key != part {
					continue
				}
				if err := p.Lines(func(l Line) error {
					if part == "classes" {
						have = append(have, fmt.Sprint(l.Key, " ", l.Cells[1], " ", l.Cells[2], " ", l.Cells[3]))
					} else {
						have = append(have, fmt.Sprint(l.Cells[2], " ", l.Cells[3], " ", l.Cells[5]))
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(have) != fmt.Sprint(want) {
			t.Errorf("%s, %s: %q, want %q", when, part, have, want)
		}
	}

	parent := receipt(kiosk.Donation, "", 4)
	call := put(kiosk.Activity{Kind: kiosk.Campaign, Text: "Đợt mẫu"})
	put(kiosk.Activity{Kind: kiosk.Gift, Of: call.ID, Class: "2A", Taken: 5})
	put(kiosk.Activity{Kind: kiosk.Gift, Of: call.ID, Class: "2B", Taken: 3, Refused: 1})
	put(kiosk.Activity{Kind: kiosk.Gift, Of: call.ID, Class: "2A", Taken: 6, Corner: true})
	put(kiosk.Activity{Kind: kiosk.Gift, Of: call.ID, Class: "2C", Refused: 2}) // nothing was taken
	rows("not in the stock", "classes", " 1 4 40000", "2A 2 11 0", "2B 1 3 0")

	// The campaign's books come into the stock by one receipt, with one over; what
	// went to the corner is in no receipt.
	call.Receipt = receipt(kiosk.Donation, "", 9)
	if _, err := desk.PutActivity(ctx, staff, call, nil); err != nil {
		t.Fatal(err)
	}
	rows("in one receipt", "classes", " 2 5 130000", "2A 2 11 0", "2B 1 3 0")
	rows("in one receipt", "gifts", "2A 6 <nil>", " 4 1", " 9 2")

	// A gift with a receipt of its own, all of one class: the value is the class's.
	own := put(kiosk.Activity{Kind: kiosk.Gift, Of: call.ID, Class: "2B", Taken: 4, Receipt: receipt(kiosk.Donation, "", 2)})
	rows("fewer in the stock than were taken", "classes", " 2 5 130000", "2A 2 11 0", "2B 2 5 20000")

	// What was bought is no gift; a receipt that is none is refused.
	own.Receipt = receipt(kiosk.Purchase, "", 2)
	if _, err := desk.PutActivity(ctx, staff, own, nil); err == nil {
		t.Error("a purchase is taken for a gift")
	}
	own.Receipt = parent
	if err := desk.RemoveActivity(ctx, staff, own.ID, true); err != nil {
		t.Fatal(err)
	}
	rows("taken away", "classes", " 3 7 150000", "2A 2 11 0", "2B 1 3 0")
}
