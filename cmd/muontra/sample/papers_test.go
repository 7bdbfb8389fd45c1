package sample

import (
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
)

// addPapers has what the sample's history has none of: boxes that went on, books of a
// class, a gift, a newspaper, introductions, a list of withdrawal, a proposal.
func addPapers(t *testing.T, b built) {
	t.Helper()
	ctx := t.Context()
	desk := &circulation.Desk{Ledger: b.Ledger, Now: func() time.Time { return b.now }}
	staff := kiosk.Attempt{Station: kiosk.DefaultStation}
	fatal := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	fatal(b.Update(ctx, func(tx kiosk.Tx) error {
		staff.Staff = tx.NewID()
		return tx.PutAccount(kiosk.Account{ID: staff.Staff, Name: "thuthu", Role: kiosk.Librarian, PasswordHash: "x", CreatedAt: b.now})
	}))
	var corners []kiosk.Corner
	var story kiosk.Item
	var spare []kiosk.Item
	var class string
	b.view(t, func(v kiosk.View) (err error) {
		if corners, err = v.Corners(); err != nil {
			return err
		}
		classes, err := v.Classes(mustYear(t, v, b.today).ID)
		class = classes[0].Name
		if err != nil {
			return err
		}
		return v.EachItem(func(i kiosk.Item) error {
			if _, err := v.OpenLoan(i.ID); err == nil || i.State.Status != kiosk.CopyAvailable || i.Accession == "" || i.Price == 0 {
				return nil
			}
			if i.Kind == kiosk.Reference && len(spare) < 4 {
				story = i
				spare = append(spare, i)
			}
			return nil
		})
	})
	// A box that is handed over after one book was taken out of it again.
	box, err := desk.BeginHandover(ctx, staff, corners[2].Place, b.today.Add(30))
	fatal(err)
	for _, i := range spare[:2] {
		_, err = desk.ScanIntoBox(ctx, staff, box.ID, i.Barcode)
		fatal(err)
	}
	_, err = desk.TakeOutOfBox(ctx, staff, box.ID, spare[0].ID)
	fatal(err)
	_, err = desk.HandOver(ctx, staff, box.ID)
	fatal(err)
	r, err := desk.PrepareRotation(ctx, staff, kiosk.Rotation{Name: "Đợt mẫu", Moves: []kiosk.Move{{From: corners[0].Place, To: corners[1].Place}, {From: corners[1].Place, To: corners[0].Place}}})
	fatal(err)
	_, err = desk.MoveBox(ctx, staff, r.ID, corners[0].Place)
	fatal(err)
	_, err = desk.AddOwnBooks(ctx, staff, kiosk.OwnBooks{Place: corners[0].Place, Text: "Truyện tranh", Quantity: 9})
	fatal(err)
	_, err = desk.ReadInCorner(ctx, staff, kiosk.FromDesk, corners[2].Place, "", kiosk.Reading{Count: 1, Copy: spare[1].ID})
	fatal(err)
	receipt, err := desk.OpenReceipt(ctx, staff, kiosk.Receipt{Source: kiosk.Donation, Supplier: "Phụ huynh mẫu", DonorClass: class, Date: b.today})
	fatal(err)
	gift, err := desk.AddLine(ctx, staff, kiosk.ReceiptLine{ReceiptID: receipt.ID, TitleID: story.TitleID, Kind: kiosk.Reference, Quantity: 3, Price: 20_000, HomePlace: story.HomePlace}, story.Title)
	fatal(err)
	var ids []kiosk.ID
	for _, c := range gift.Copies {
		ids = append(ids, c.ID)
	}
	_, err = desk.Register(ctx, staff, ids)
	fatal(err)
	// A campaign: two classes' books, of which a receipt took one class's into the stock,
	// and a corner's.
	call, err := desk.PutActivity(ctx, staff, kiosk.Activity{Kind: kiosk.Campaign, Day: b.today, Status: kiosk.ActivityDone, Text: "Đợt mẫu"}, nil)
	fatal(err)
	for _, g := range []kiosk.Activity{{Class: class, Taken: 2, Receipt: receipt.ID}, {Class: "2A", Taken: 5}, {Class: class, Taken: 7, Corner: true}} {
		g.Kind, g.Of, g.Day, g.Status, g.Donor = kiosk.Gift, call.ID, b.today, kiosk.ActivityDone, kiosk.DonorPupils
		_, err = desk.PutActivity(ctx, staff, g, nil)
		fatal(err)
	}
	sub, _, err := desk.SaveSubscription(ctx, staff, kiosk.Subscription{Frequency: kiosk.Weekly, PerPeriod: 1, From: b.today.Add(-21), To: b.today.Add(60), First: 1, Copies: 2, Price: 5_000}, kiosk.Title{Title: "Báo mẫu"}, nil)
	fatal(err)
	b.view(t, func(v kiosk.View) error {
		issues, err := v.IssuesOf(sub.ID)
		ids = nil
		for _, i := range issues[:2] {
			ids = append(ids, i.ID)
		}
		return err
	})
	_, _, err = desk.ReceiveIssue(ctx, staff, ids[0], 1, "")
	fatal(err)
	_, err = desk.PutActivity(ctx, staff, kiosk.Activity{Kind: kiosk.Introduction, Day: b.today, Status: kiosk.ActivityDone, Text: "Sách hay", Channel: kiosk.ChannelFlag, People: 300}, nil)
	fatal(err)
	_, err = desk.ProposeWithdrawal(ctx, staff, "Thanh lý mẫu", []kiosk.WithdrawalItem{{Copy: spare[3].ID, Reason: kiosk.CauseTorn, Price: 15_000}})
	fatal(err)
	_, err = desk.PutProposal(ctx, staff, kiosk.Proposal{Name: "Đề nghị mẫu", Day: b.today, Lines: []kiosk.ProposalLine{{Text: "Khủng long", Kind: kiosk.Children, Quantity: 3, Price: 12_000, Why: kiosk.WhyWish}}}, nil)
	fatal(err)
}

func mustYear(t *testing.T, v kiosk.View, d kiosk.Day) kiosk.SchoolYear {
	t.Helper()
	r, err := v.Rules(d)
	if err != nil {
		t.Fatal(err)
	}
	return r.Year
}
