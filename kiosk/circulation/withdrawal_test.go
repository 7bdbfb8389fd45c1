package circulation_test

import (
	"errors"
	"testing"
	"time"

	"muontra/kiosk"
)

func TestWithdrawal(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		items := r.stock(4)
		r.CopyStatus(items[1].Barcode, kiosk.CopyLost)
		list := func(ns ...int) (all []kiosk.WithdrawalItem) {
			for _, n := range ns {
				all = append(all, kiosk.WithdrawalItem{Copy: items[n].ID, Reason: kiosk.CauseTorn, Price: 25_000})
			}
			return all
		}
		refused := func(err error, why kiosk.ListedReason) {
			r.t.Helper()
			var listed *kiosk.CopyListedError
			if !errors.As(err, &listed) || listed.Reason != why {
				r.t.Errorf("%v, want %s", err, why)
			}
		}
		w := must[kiosk.Withdrawal](r)(r.desk.ProposeWithdrawal(ctx, r.staff, "Thanh lý mẫu", list(0, 1, 0)))
		if len(w.Items) != 2 {
			r.t.Errorf("%d copies on the list: one was put down twice", len(w.Items))
		}
		_, err := r.desk.ProposeWithdrawal(ctx, r.staff, "Nữa", list(0))
		refused(err, kiosk.ListedElsewhere)
		loan := r.Lent("20000016", items[2].Barcode, "2026-12-01")
		_, err = r.desk.ProposeWithdrawal(ctx, r.staff, "Nữa", list(2))
		refused(err, kiosk.ListedOnLoan)
		paper := kiosk.WithdrawalPaper{Number: "02/TL", Board: board}
		if _, err := r.desk.CloseWithdrawal(ctx, r.staff, w.ID, paper); !errors.Is(err, kiosk.ErrNotApproved) {
			r.t.Errorf("closed without approval: %v", err)
		}
		w = must[kiosk.Withdrawal](r)(r.desk.ApproveWithdrawal(ctx, r.staff, w.ID, "Bà Mẫu, Phó Hiệu trưởng", kiosk.Day{}))
		if w.State() != kiosk.WithdrawalApproved || w.ApprovedOn != r.Today() {
			r.t.Errorf("%+v", w)
		}
		// Another list is another approval.
		w = must[kiosk.Withdrawal](r)(r.desk.ChangeWithdrawal(ctx, r.staff, w.ID, "Thanh lý mẫu", list(0, 1, 3), nil))
		if w.State() != kiosk.WithdrawalProposed {
			r.t.Error("the approval outlived the list")
		}
		must[kiosk.Withdrawal](r)(r.desk.ApproveWithdrawal(ctx, r.staff, w.ID, "Bà Mẫu", r.Today()))
		if err := r.desk.DropWithdrawal(ctx, r.staff, w.ID, true); err != nil {
			r.t.Fatal(err)
		}
		if err := r.desk.DropWithdrawal(ctx, r.staff, w.ID, true); !errors.Is(err, kiosk.ErrNotNow) {
			r.t.Error(err)
		}
		if err := r.desk.DropWithdrawal(ctx, r.staff, w.ID, false); err != nil {
			r.t.Fatal(err)
		}
		if _, err := r.desk.CloseWithdrawal(ctx, r.staff, w.ID, kiosk.WithdrawalPaper{Number: "02/TL"}); !isField(err, "board") {
			r.t.Error(err)
		}
		r.Advance(time.Minute)
		w = must[kiosk.Withdrawal](r)(r.desk.CloseWithdrawal(ctx, r.staff, w.ID, paper))
		if v, unpriced := w.Value(); v != 75_000 || unpriced != 0 {
			r.t.Error(v, unpriced)
		}
		for _, n := range []int{0, 1, 3} {
			if r.status(items[n].Barcode) != kiosk.CopyWithdrawn {
				r.t.Errorf("copy %d is in stock", n)
			}
		}
		// There is no way back, and the numbers are used up.
		for name, err := range map[string]error{
			"dropped":  r.desk.DropWithdrawal(ctx, r.staff, w.ID, true),
			"changed":  errOf(r.desk.ChangeWithdrawal(ctx, r.staff, w.ID, "x", nil, nil)),
			"approved": errOf(r.desk.ApproveWithdrawal(ctx, r.staff, w.ID, "", kiosk.Day{})),
			"closed":   errOf(r.desk.CloseWithdrawal(ctx, r.staff, w.ID, paper)),
		} {
			if !errors.Is(err, kiosk.ErrWithdrawalDone) {
				r.t.Errorf("%s after the close: %v", name, err)
			}
		}
		_, err = r.desk.ProposeWithdrawal(ctx, r.staff, "Nữa", list(0))
		refused(err, kiosk.ListedGone)
		next := r.Copy("39999999", "Truyện mới", kiosk.Children, "")
		if next.Accession != "TN.00005" {
			r.t.Errorf("the next number is %s", next.Accession)
		}
		if r.status(items[2].Barcode) != kiosk.CopyAvailable || loan.ID == "" {
			r.t.Error("what was not on the list has changed")
		}
		gone := 0
		for _, e := range r.Events() {
			if e.Type == kiosk.EventWithdrawn {
				gone++
			}
		}
		if gone != 3 {
			r.t.Errorf("%d events of copies that left", gone)
		}
	})
}

func errOf[T any](_ T, err error) error { return err }

func TestActivities(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := r.t.Context()
		teacher := r.Patron(kiosk.Teacher, "20000040", "Phạm Mẫu Hoa", "", 0)
		book := r.stock(1)[0]
		put := func(a kiosk.Activity) (kiosk.Activity, error) { return r.desk.PutActivity(ctx, r.staff, a, nil) }
		lesson := kiosk.Activity{Kind: kiosk.LibraryLesson, Day: r.Today(), From: 8 * 60, To: 8*60 + 35, Status: kiosk.ActivityPlanned, Class: "2A", Teacher: teacher.Ref, Room: true, Text: "Tiếng Việt"}
		first := must[kiosk.Activity](r)(put(lesson))
		clash := lesson
		clash.Kind, clash.Teacher, clash.From, clash.To = kiosk.ReadingPeriod, "", 8*60+30, 9*60
		var taken *kiosk.RoomTakenError
		if _, err := put(clash); !errors.As(err, &taken) || taken.By.ID != first.ID {
			r.t.Errorf("two classes in the room: %v", err)
		}
		clash.From = 8*60 + 35
		after := must[kiosk.Activity](r)(put(clash))
		first.From, first.To = 8*60+40, 9*60
		if _, err := put(first); !errors.As(err, &taken) {
			r.t.Errorf("moved into another: %v", err)
		}
		if err := r.desk.RemoveActivity(ctx, r.staff, after.ID, true); err != nil {
			r.t.Fatal(err)
		}
		must[kiosk.Activity](r)(put(first))
		if err := r.desk.RemoveActivity(ctx, r.staff, after.ID, false); !errors.As(err, &taken) {
			r.t.Errorf("put back into a room that is taken: %v", err)
		}
		for field, a := range map[string]kiosk.Activity{
			"class":   {Kind: kiosk.ReadingPeriod, Day: r.Today(), Status: kiosk.ActivityDone},
			"teacher": {Kind: kiosk.LibraryLesson, Day: r.Today(), Status: kiosk.ActivityDone, Class: "2A"},
			"channel": {Kind: kiosk.Introduction, Day: r.Today(), Status: kiosk.ActivityDone, Text: "x"},
			"text":    {Kind: kiosk.Display, Day: r.Today(), Status: kiosk.ActivityDone},
			"day":     {Kind: kiosk.Display, Day: r.Today().Add(1), Status: kiosk.ActivityDone, Text: "x"},
			"until":   {Kind: kiosk.Display, Day: r.Today(), Until: r.Today().Add(-1), Status: kiosk.ActivityDone, Text: "x"},
			"to":      {Kind: kiosk.Display, Day: r.Today(), From: 600, To: 500, Status: kiosk.ActivityDone, Text: "x"},
			"taken":   {Kind: kiosk.Gift, Day: r.Today(), Status: kiosk.ActivityDone, Donor: kiosk.DonorPupils},
			"of":      {Kind: kiosk.Gift, Day: r.Today(), Status: kiosk.ActivityDone, Donor: kiosk.DonorPupils, Taken: 1, Of: first.ID},
			"titles":  {Kind: kiosk.Bibliography, Day: r.Today(), Status: kiosk.ActivityDone, Text: "x", Titles: []kiosk.Annotated{{Title: "x"}}},
			"kind":    {Kind: "party", Day: r.Today(), Status: kiosk.ActivityDone, Text: "x"},
			"status":  {Kind: kiosk.Display, Day: r.Today(), Text: "x"},
			"people":  {Kind: kiosk.Display, Day: r.Today(), Status: kiosk.ActivityDone, Text: "x", People: -1},
		} {
			if _, err := put(a); !isField(err, field) {
				r.t.Errorf("%s: %v", field, err)
			}
		}
		campaign := must[kiosk.Activity](r)(put(kiosk.Activity{Kind: kiosk.Campaign, Day: r.Today(), Status: kiosk.ActivityPlanned, Text: "Góp sách", Goal: 567}))
		for _, g := range []kiosk.Activity{
			{Class: "2A", Donor: kiosk.DonorPupils, Taken: 12, Refused: 1}, {Class: "2A", Donor: kiosk.DonorPupils, Taken: 3, Corner: true}, {Donor: kiosk.DonorOrganisation, Text: "Nhà sách Mẫu", Taken: 40},
		} {
			g.Kind, g.Day, g.Status, g.Of = kiosk.Gift, r.Today(), kiosk.ActivityDone, campaign.ID
			must[kiosk.Activity](r)(put(g))
		}
		must[kiosk.Activity](r)(put(kiosk.Activity{Kind: kiosk.Introduction, Day: r.Today(), Status: kiosk.ActivityDone, Channel: kiosk.ChannelFlag, Titles: []kiosk.Annotated{{Title: book.TitleID, Text: "Hay\nvà vui"}}}))
		r.view(func(v kiosk.View) error {
			all, err := v.Activities(r.Today(), r.Today())
			if len(all) != 6 {
				r.t.Errorf("%d activities", len(all))
			}
			s := kiosk.SumCampaign(campaign.ID, all)
			if s.Taken != 55 || s.Refused != 1 || s.Corner != 3 || s.Library != 52 || s.Classes["2A"] != 15 || s.Donors[kiosk.DonorOrganisation] != 40 {
				r.t.Errorf("%+v", s)
			}
			return err
		})
		var year kiosk.SchoolYear
		r.view(func(v kiosk.View) error {
			rules, err := v.Rules(r.Today())
			year = rules.Year
			return err
		})
		var lines []kiosk.Activity
		for _, l := range kiosk.UsualPlan(year) {
			lines = append(lines, kiosk.Activity{Day: l.Day, Text: "Việc mẫu"})
		}
		n, err := r.desk.PlanYear(ctx, r.staff, year, lines)
		if err != nil || n != len(lines) || n < 50 {
			r.t.Error(n, err)
		}
		if _, err := r.desk.PlanYear(ctx, r.staff, year, lines); !errors.Is(err, kiosk.ErrNotPlanned) {
			r.t.Error(err)
		}
	})
}
