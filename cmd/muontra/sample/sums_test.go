//go:build !race

package sample

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/register"
	"muontra/store"
)

// faults are the sums of a sheet that do not agree, by part and column.
func faultsOf(t *testing.T, b built, name string) map[string]register.Fault {
	t.Helper()
	all := map[string]register.Fault{}
	b.view(t, func(v kiosk.View) error {
		src, parts := openSheet(t, v, b.now, name, register.Ask{})
		for _, p := range parts {
			faults, err := src.Faults(&p)
			if err != nil {
				return err
			}
			for _, f := range faults {
				key := f.Part + "/" + f.Column
				if f.Line != "" {
					key = f.Part + "/" + f.Line
				}
				all[key] = f
			}
		}
		return nil
	})
	return all
}

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

// Every part that has a sum has a second way of counting it; in the sample school they
// agree; and when somebody changes one row in the file behind the program's back, the
// sheet that stands on it says which sum is wrong.
func TestACorruptRowIsSeenOnItsSheet(t *testing.T) {
	dir := t.TempDir()
	var st *store.Store
	b := buildOn(t, func(now func() time.Time) kiosk.Ledger {
		var err error
		if st, err = store.Open(t.Context(), dir, store.Options{Now: now}); err != nil {
			t.Fatal(err)
		}
		return st
	}, "2026-11-20", small)
	defer st.Close()
	addPapers(t, b)

	b.view(t, func(v kiosk.View) error {
		for _, sh := range register.Sheets() {
			_, parts := openSheet(t, v, b.now, sh.Name, register.Ask{})
			for _, p := range parts {
				sums, told := false, p.Proof != nil || p.ProofOf != nil
				for _, c := range p.Columns {
					sums = sums || c.Sum
				}
				if sums && !told && !p.Optional {
					t.Errorf("%s %q has sums that nothing proves", sh.Name, p.Key)
				}
			}
		}
		return nil
	})
	for _, sh := range register.Sheets() {
		if faults := faultsOf(t, b, sh.Name); len(faults) > 0 {
			t.Errorf("%s: %v", sh.Name, faults)
		}
	}
	if t.Failed() {
		return
	}

	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "muontra.db")+"?_pragma=busy_timeout(20000)&_pragma=foreign_keys(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	run := func(q string) {
		t.Helper()
		r, err := db.Exec(q)
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		if n, err := r.RowsAffected(); err != nil || n != 1 {
			t.Fatalf("%s: %d rows, %v", q, n, err)
		}
	}
	for _, c := range []struct {
		sheet, fault string
		spoil, mend  string
	}{
		{"class-corners", "use/readings", `UPDATE reading SET record = json_set(record, '$.count', json_extract(record, '$.count') + 1) WHERE id = (SELECT min(id) FROM reading)`, `UPDATE reading SET record = json_set(record, '$.count', json_extract(record, '$.count') - 1) WHERE id = (SELECT min(id) FROM reading)`},
		{"class-corners", "own/copies", `UPDATE own_books SET record = json_set(record, '$.quantity', 10)`, `UPDATE own_books SET record = json_set(record, '$.quantity', 9)`},
		{"class-corners", "handover/copies", `UPDATE deposit_copy SET record = json_set(record, '$.end', 'undone') WHERE id = (SELECT max(id) FROM deposit_copy WHERE ended = '')`, `UPDATE deposit_copy SET record = json_set(record, '$.end', '') WHERE id = (SELECT max(id) FROM deposit_copy WHERE ended = 'undone')`},
		{"rotations", "/copies_moved", `UPDATE rotation SET record = json_set(record, '$.moves[0].out', json_extract(record, '$.moves[0].out') + 1)`, `UPDATE rotation SET record = json_set(record, '$.moves[0].out', json_extract(record, '$.moves[0].out') - 1)`},
		{"introductions", "/people", `UPDATE activity SET record = json_set(record, '$.people', 3000) WHERE kind = 'introduction'`, `UPDATE activity SET record = json_set(record, '$.people', 300) WHERE kind = 'introduction'`},
		{"serials", "/copies", `UPDATE issue SET count = 2 WHERE id = (SELECT min(id) FROM issue WHERE status = 'received' AND count = 1)`, `UPDATE issue SET count = 1 WHERE count = 2`},
		{"textbook-survey", "round1/full", `UPDATE survey SET record = json_set(record, '$.full', json_extract(record, '$.full') + 1) WHERE id = (SELECT min(id) FROM survey)`, `UPDATE survey SET record = json_set(record, '$.full', json_extract(record, '$.full') - 1) WHERE id = (SELECT min(id) FROM survey)`},
		{"textbook-survey", "needs/own", `UPDATE survey SET record = json_set(record, '$.lines[0].own', json_extract(record, '$.lines[0].own') - 1) WHERE id = (SELECT min(id) FROM survey)`, `UPDATE survey SET record = json_set(record, '$.lines[0].own', json_extract(record, '$.lines[0].own') + 1) WHERE id = (SELECT min(id) FROM survey)`},
		{"donors", "gifts/copies", `UPDATE receipt_line SET quantity = 4`, `UPDATE receipt_line SET quantity = 3`},
		{"donors", "classes/copies", `UPDATE receipt_line SET quantity = 4`, `UPDATE receipt_line SET quantity = 3`},
		{"general-register", "in/copies", `UPDATE receipt_line SET quantity = 4`, `UPDATE receipt_line SET quantity = 3`},
		{"sector-figures", "/gifts", `UPDATE receipt_line SET quantity = 4`, `UPDATE receipt_line SET quantity = 3`},
		{"year", "figures/gifts", `UPDATE receipt_line SET quantity = 4`, `UPDATE receipt_line SET quantity = 3`},
		{"general-register", "remains/copies", `UPDATE copy_state SET status = 'withdrawn' WHERE copy_id = (SELECT min(copy_id) FROM copy_state WHERE status = 'available')`, ``},
	} {
		run(c.spoil)
		faults := faultsOf(t, b, c.sheet)
		if _, told := faults[c.fault]; !told {
			t.Errorf("%s does not tell of %s after %q: %v", c.sheet, c.fault, c.spoil, faults)
		}
		if c.mend == "" {
			continue
		}
		run(c.mend)
		if faults := faultsOf(t, b, c.sheet); len(faults) > 0 {
			t.Errorf("%s after it was mended: %v", c.sheet, faults)
		}
	}
}
