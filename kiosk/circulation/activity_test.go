package circulation_test

import (
	"errors"
	"testing"
	"time"

	"muontra/kiosk"
)

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
		// What lasts takes the room on each of its days.
		fair := must[kiosk.Activity](r)(put(kiosk.Activity{Kind: kiosk.Happening, Day: r.Today().Add(6), Until: r.Today().Add(9), From: 7 * 60, Status: kiosk.ActivityPlanned, Room: true, Text: "Ngày hội đọc sách"}))
		inIt := lesson
		inIt.Day = r.Today().Add(8)
		if _, err := put(inIt); !errors.As(err, &taken) || taken.By.ID != fair.ID {
			r.t.Errorf("a class in the room of a fair: %v", err)
		}
		if err := r.desk.RemoveActivity(ctx, r.staff, fair.ID, true); err != nil {
			r.t.Fatal(err)
		}
		// A class's period is for a day of service; a festival may be on a Sunday.
		var shut *kiosk.RoomShutError
		for _, off := range []kiosk.Day{r.Today().Add(5), kiosk.MustDay("2027-01-01")} {
			x := lesson
			x.Day = off
			if _, err := put(x); !errors.As(err, &shut) || shut.Day != off || (shut.Name == "") != (off.Weekday() == time.Sunday) {
				r.t.Errorf("planned for %s: %v", off, err)
			}
		}
		sunday := must[kiosk.Activity](r)(put(kiosk.Activity{Kind: kiosk.Happening, Day: r.Today().Add(5), Status: kiosk.ActivityPlanned, Text: "Ngày hội"}))
		if err := r.desk.RemoveActivity(ctx, r.staff, sunday.ID, true); err != nil {
			r.t.Fatal(err)
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
