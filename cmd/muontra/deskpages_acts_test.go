package main

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"muontra/kiosk"
)

// yearsWork does, by the desk's own acts, one of each kind that a page is about and
// that ten years of loans do not bring: so that each page of the desk has
// something to show when it is measured.
func yearsWork(b *testing.B, p *program, today kiosk.Day) {
	b.Helper()
	ctx := b.Context()
	var (
		staff   = kiosk.Attempt{Station: kiosk.DefaultStation}
		year    kiosk.SchoolYear
		classes []kiosk.Class
		shelf   kiosk.Place
		line    kiosk.TextbookLine
		free    []kiosk.Item // in stock, on no loan
		done    bool
	)
	ok := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	ok(p.store.View(ctx, func(v kiosk.View) error {
		accounts, err1 := v.Accounts()
		for _, a := range accounts {
			staff.Staff = a.ID
		}
		places, err2 := v.Places()
		years, err3 := v.Years()
		lines, err4 := v.TextbookLines()
		takes, err5 := v.Stocktakes()
		if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
			return err
		}
		done = len(takes) > 0
		shelf, line = places[0], lines[0]
		for _, y := range years {
			if y.Contains(today) {
				year = y
			}
		}
		var err error
		if classes, err = v.Classes(year.ID); err != nil {
			return err
		}
		lent := map[kiosk.ID]bool{}
		err = v.EachLoan(true, func(l kiosk.Loan) error { lent[l.CopyID] = true; return nil })
		return errors.Join(err, v.EachItem(func(i kiosk.Item) error {
			if i.State.Status == kiosk.CopyAvailable && !lent[i.ID] {
				free = append(free, i)
			}
			return nil
		}))
	}))
	var lots []kiosk.Interloan
	ok(p.store.View(ctx, func(v kiosk.View) (err error) { lots, err = v.Interloans(); return err }))
	if len(lots) == 0 {
		lot, err := p.desk.PutInterloan(ctx, staff, kiosk.Interloan{Lender: "Thư viện mẫu", Received: today, Due: today.Add(90)}, nil)
		ok(err)
		_, err = p.desk.AddInterloanBooks(ctx, staff, lot.ID, []kiosk.InterloanBook{{Title: "Sách mẫu mượn về", Code: "TVM-1", Quantity: 1}})
		ok(err)
	}
	if done { // kept from an earlier time
		return
	}
	ids := func(items []kiosk.Item) (all []kiosk.ID) {
		for _, i := range items {
			all = append(all, i.ID)
		}
		return all
	}

	// A teacher, who keeps a corner, has an account, and is on the team.
	teacher := kiosk.Patron{Category: kiosk.Teacher, Name: "Mẫu Cô Giáo", Status: kiosk.PatronActive, CreatedAt: p.cfg.now()}
	corner := [2]kiosk.Place{{Code: "GL-1", Name: "Góc lớp mẫu 1", Kind: kiosk.ClassCorner, Barcode: "GL-1"}, {Code: "GL-2", Name: "Góc lớp mẫu 2", Kind: kiosk.ClassCorner, Barcode: "GL-2"}}
	ok(p.store.Update(ctx, func(tx kiosk.Tx) error {
		teacher.ID, teacher.Ref = tx.NewID(), tx.NewID()
		account := kiosk.Account{ID: tx.NewID(), Name: "co.mau", Role: kiosk.Collaborator, PatronID: teacher.ID, CreatedAt: p.cfg.now()}
		corner[0].ID, corner[1].ID = tx.NewID(), tx.NewID()
		return errors.Join(tx.PutPatron(teacher), tx.PutAccount(account), tx.PutPlace(corner[0]), tx.PutPlace(corner[1]))
	}))
	ok(p.desk.SetTeams(ctx, staff, func(t kiosk.Teams) (kiosk.Teams, error) {
		return append(t, kiosk.TeamMember{ID: "m1", Team: kiosk.TeamLibrary, Patron: teacher.ID, Role: "head", From: year.Start}), nil
	}))
	for n, c := range corner {
		_, err := p.desk.SetCorner(ctx, staff, c.ID, func(k kiosk.Corner) (kiosk.Corner, error) {
			k.Class = classes[n].ID
			if n == 0 {
				k.Keeper = teacher.Ref
			}
			return k, nil
		})
		ok(err)
	}
	box, err := p.desk.BeginHandover(ctx, staff, corner[0].ID, today.Add(60))
	ok(err)
	_, err = p.desk.FillBox(ctx, staff, box.ID, ids(free[:40]))
	ok(err)
	_, err = p.desk.HandOver(ctx, staff, box.ID)
	ok(err)
	_, err = p.desk.PrepareRotation(ctx, staff, kiosk.Rotation{Name: "Luân chuyển mẫu", Moves: []kiosk.Move{{From: corner[0].ID, To: corner[1].ID}}})
	ok(err)

	// What is planned and held, asked for, and handed out by number.
	lesson := kiosk.Lesson{What: kiosk.LessonCopies, TitleID: free[60].TitleID, Count: 1, ClassID: classes[0].ID, PatronRef: teacher.Ref, On: today.Add(1), Period: 2}
	_, _, err = p.desk.ReserveLesson(ctx, staff, lesson, true)
	ok(err)
	var picked []kiosk.Annotated
	for _, i := range free[:20] {
		if !slices.ContainsFunc(picked, func(a kiosk.Annotated) bool { return a.Title == i.TitleID }) {
			picked = append(picked, kiosk.Annotated{Title: i.TitleID})
		}
	}
	for _, a := range []kiosk.Activity{
		{Kind: kiosk.Bibliography, Day: today, Status: kiosk.ActivityDone, Text: "Thư mục mẫu", Titles: picked},
		{Kind: kiosk.Introduction, Day: today, Status: kiosk.ActivityDone, Text: "Giới thiệu sách mẫu", Channel: kiosk.ChannelFlag, People: 300},
	} {
		_, err = p.desk.PutActivity(ctx, staff, a, nil)
		ok(err)
	}
	_, err = p.desk.PutProposal(ctx, staff, kiosk.Proposal{Name: "Đề nghị mẫu", Day: today, Lines: []kiosk.ProposalLine{{Text: "Truyện mẫu", Kind: kiosk.Children, Quantity: 2, Price: 30_000, Why: kiosk.ProposalWhys[0]}}}, nil)
	ok(err)
	_, _, err = p.desk.SaveSubscription(ctx, staff, kiosk.Subscription{Frequency: kiosk.Weekly, PerPeriod: 1, From: today.Add(-60), To: today.Add(30), First: 1, Copies: 2, Price: 9000, PlaceID: shelf.ID}, kiosk.Title{Title: "Báo mẫu"}, nil)
	ok(err)
	_, err = p.desk.HandOut(ctx, staff, kiosk.Handout{ClassID: classes[0].ID, On: today, Due: today.Add(100)}, []kiosk.HandoutItem{{Line: line.ID, Quantity: 10}})
	ok(err)

	// A stocktake that was closed, one of the whole house, half of it counted, and a
	// withdrawal in each state.
	board := []kiosk.BoardMember{{Name: "Bà Mẫu", Position: "Hiệu trưởng", Role: "Trưởng ban"}, {Name: "Ông Mẫu", Position: "Thủ thư", Role: "Thư ký"}}
	take, err := p.desk.OpenStocktake(ctx, staff, "Kiểm kê góc mẫu", []kiosk.ID{corner[0].ID})
	ok(err)
	codesOf := func(items []kiosk.Item) (codes [][]string) {
		for _, i := range items {
			codes = append(codes, []string{i.Barcode})
		}
		return codes
	}
	_, err = p.desk.CountFile(ctx, staff, take.ID, corner[0].ID, codesOf(free[:40]))
	ok(err)
	_, err = p.desk.CloseStocktake(ctx, staff, take.ID, kiosk.StockMinutes{Number: "1", Day: today, Hour: p.cfg.now().Format("15:04"), Method: kiosk.StockSpecial, Board: board, All: true})
	ok(err)
	take, err = p.desk.OpenStocktake(ctx, staff, "Kiểm kê mẫu", nil)
	ok(err)
	_, err = p.desk.CountFile(ctx, staff, take.ID, shelf.ID, codesOf(free[500:len(free)/2]))
	ok(err)
	propose := func(n, from int) kiosk.Withdrawal {
		var items []kiosk.WithdrawalItem
		for _, i := range free[from : from+20] {
			items = append(items, kiosk.WithdrawalItem{Copy: i.ID, Reason: kiosk.CauseTorn, Price: i.Price})
		}
		w, err := p.desk.ProposeWithdrawal(ctx, staff, fmt.Sprintf("Thanh lí mẫu %d", n), items)
		ok(err)
		return w
	}
	propose(1, 120)
	for n := 2; n < 4; n++ {
		w := propose(n, n*100)
		_, err = p.desk.ApproveWithdrawal(ctx, staff, w.ID, "Hiệu trưởng mẫu", today)
		ok(err)
		if n == 2 {
			_, err = p.desk.CloseWithdrawal(ctx, staff, w.ID, kiosk.WithdrawalPaper{Number: "1", Day: today, Hour: p.cfg.now().Format("15:04"), Board: board})
			ok(err)
		}
	}
	_, err = p.desk.BeginHandover(ctx, staff, corner[1].ID, today.Add(60))
	ok(err)
}

// workPaths are the pages of what yearsWork did that no link of a first page of
// their kind leads to.
func workPaths(b *testing.B, p *program, today kiosk.Day) (paths []string) {
	b.Helper()
	err := p.store.View(b.Context(), func(v kiosk.View) error {
		takes, err1 := v.Stocktakes()
		for _, t := range takes {
			if t.Open() {
				paths = append(paths, "/desk/stocktake/"+string(t.ID)+"/counts")
			} else {
				paths = append(paths, "/desk/stocktake/"+string(t.ID)+"/minutes")
			}
		}
		lists, err2 := v.Withdrawals()
		for _, w := range lists {
			if w.State() == kiosk.WithdrawalApproved {
				paths = append(paths, "/desk/withdrawals/"+string(w.ID)+"/close")
			}
		}
		acts, err3 := v.Activities(today.Add(-1), today)
		for _, a := range acts {
			paths = append(paths, "/desk/activities/"+string(a.ID))
			if a.Kind == kiosk.Bibliography {
				paths = append(paths, "/desk/activities/"+string(a.ID)+"/list")
			}
		}
		corners, err4 := v.Corners()
		for _, c := range corners {
			paths = append(paths, "/desk/corners/"+string(c.Place)+"/pick", "/desk/targets/missing/"+string(c.Class))
		}
		return errors.Join(err1, err2, err3, err4)
	})
	if err != nil {
		b.Fatal(err)
	}
	return paths
}
