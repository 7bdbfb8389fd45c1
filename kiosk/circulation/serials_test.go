package circulation_test

import (
	"errors"
	"fmt"
	"testing"

	"muontra/kiosk"
)

// weekly is a subscription of three copies a week of a new title, from Monday 2
// November 2026 to the end of the month: numbers 40 to 44. Today is the 24th.
func (r *rig) weekly(change func(*kiosk.Subscription)) kiosk.Subscription {
	r.t.Helper()
	s := kiosk.Subscription{Frequency: kiosk.Weekly, PerPeriod: 1, From: kiosk.MustDay("2026-11-02"), To: kiosk.MustDay("2026-11-30"), First: 40, Copies: 3, Price: 9000, Supplier: "Bưu điện mẫu", PlaceID: r.shelf.ID}
	if change != nil {
		change(&s)
	}
	s, _, err := r.desk.SaveSubscription(r.t.Context(), r.staff, s, kiosk.Title{Title: "Báo Nhi Đồng"}, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

func (r *rig) issuesOf(s kiosk.Subscription) (all []kiosk.Issue) {
	r.t.Helper()
	r.view(func(v kiosk.View) (err error) {
		all, err = v.IssuesOf(s.ID)
		return err
	})
	return all
}

func (r *rig) takeBack(a kiosk.Answer, err error) {
	r.t.Helper()
	if err == nil {
		_, err = r.desk.TakeBack(r.t.Context(), r.staff, a.Result.EventSeq)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func shown(all []kiosk.Issue) (text string) {
	for _, i := range all {
		text += fmt.Sprintf("%d %s %s %d/%d; ", i.Number, i.Expected, i.Status, i.Count, len(i.Copies))
	}
	return text
}

func isSerial(err error, p kiosk.SerialProblem) bool {
	var e *kiosk.SerialError
	return errors.As(err, &e) && e.Problem == p
}

func TestSerialIsExpectedAndComes(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		s := r.weekly(nil)
		const plan = "40 2026-11-02 expected 0/0; 41 2026-11-09 expected 0/0; 42 2026-11-16 expected 0/0; 43 2026-11-23 expected 0/0; 44 2026-11-30 expected 0/0; "
		if got := shown(r.issuesOf(s)); got != plan {
			t.Fatal(got)
		}
		is := r.issuesOf(s)
		if !is[0].Late(s.Frequency, r.Today()) || is[3].Late(s.Frequency, r.Today()) {
			t.Error("what is late on the 24th")
		}
		// Two of three copies come, then the third; the first receipt taken back.
		i, ans, err := r.desk.ReceiveIssue(ctx, r.staff, is[0].ID, 2, "")
		if err != nil || i.Missing(s) != 1 || i.Received != r.Today() {
			t.Errorf("%+v %v", i, err)
		}
		first := ans
		i, ans, err = r.desk.ReceiveIssue(ctx, r.staff, is[0].ID, 3, "")
		if err != nil || i.Missing(s) != 0 {
			t.Errorf("%+v %v", i, err)
		}
		if _, err := r.desk.TakeBack(ctx, r.staff, first.Result.EventSeq); !errors.Is(err, kiosk.ErrNotUndoable) {
			t.Errorf("the first receipt taken back after the second: %v", err)
		}
		r.takeBack(ans, nil)
		r.takeBack(first, nil)
		if got := shown(r.issuesOf(s)); got != plan {
			t.Error(got)
		}
		if _, _, err := r.desk.ReceiveIssue(ctx, r.staff, is[1].ID, 0, ""); err == nil {
			t.Error("an issue without a copy")
		}
		// Asked for, then given up, then it comes all the same.
		must[kiosk.Answer](r)(r.desk.ClaimIssues(ctx, r.staff, []kiosk.ID{is[1].ID, is[2].ID, is[1].ID}, "gọi điện"))
		must[kiosk.Answer](r)(r.desk.GiveUpIssues(ctx, r.staff, []kiosk.ID{is[1].ID}))
		if all := r.issuesOf(s); all[1].Missing(s) != 3 || all[2].Claimed != r.Today() || all[2].ClaimNote != "gọi điện" {
			t.Error(shown(all))
		}
		if _, err := r.desk.GiveUpIssues(ctx, r.staff, []kiosk.ID{is[2].ID, is[1].ID}); !isSerial(err, kiosk.SerialNotWaiting) || r.issuesOf(s)[2].Status != kiosk.IssueExpected {
			t.Errorf("all or nothing: %v", err)
		}
		if i, _, err := r.desk.ReceiveIssue(ctx, r.staff, is[1].ID, 3, ""); err != nil || i.Status != kiosk.IssueReceived {
			t.Errorf("%+v %v", i, err)
		}
		if _, err := r.desk.RemoveSubscription(ctx, r.staff, s.ID); !isSerial(err, kiosk.SerialCame) {
			t.Errorf("removed with what came: %v", err)
		}
		r.view(func(v kiosk.View) error {
			reg, err := v.SerialRegister(kiosk.MustDay("2026-11-09"), kiosk.MustDay("2026-11-16"))
			if len(reg) != 2 || reg[0].Title.Title != "Báo Nhi Đồng" || reg[0].Issue.Received != r.Today() || reg[0].Missing() != 0 {
				t.Errorf("register: %+v", reg)
			}
			return err
		})
	})
}

// The plan may change: what came or was asked for stays, the rest follows, and
// undo brings the old plan back.
func TestSubscriptionChanges(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		s := r.weekly(nil)
		is := r.issuesOf(s)
		if _, _, err := r.desk.ReceiveIssue(ctx, r.staff, is[0].ID, 3, ""); err != nil {
			t.Fatal(err)
		}
		must[kiosk.Answer](r)(r.desk.ClaimIssues(ctx, r.staff, []kiosk.ID{is[4].ID}, ""))
		was := shown(r.issuesOf(s))
		s.Frequency, s.Code = kiosk.Fortnightly, "1234-5679"
		_, ans, err := r.desk.SaveSubscription(ctx, r.staff, s, kiosk.Title{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(r.issuesOf(s)); got != "40 2026-11-02 received 3/0; 41 2026-11-16 expected 0/0; 42 2026-11-30 expected 0/0; 44 2026-11-30 expected 0/0; " {
			t.Error(got)
		}
		r.takeBack(ans, nil)
		if got := shown(r.issuesOf(s)); got != was {
			t.Error(got)
		}
		if _, _, err := r.desk.SaveSubscription(ctx, r.staff, s, kiosk.Title{}, nil); err != nil {
			t.Errorf("a second time: %v", err)
		}
		for name, change := range map[string]func(*kiosk.Subscription){
			"code": func(s *kiosk.Subscription) { s.Code = "1234-5678" }, "frequency": func(s *kiosk.Subscription) { s.Frequency = "hourly" },
			"per_period": func(s *kiosk.Subscription) { s.PerPeriod = 8 }, "to": func(s *kiosk.Subscription) { s.To = s.From.Add(-1) }, "copies": func(s *kiosk.Subscription) { s.Copies = 0 },
			"route": func(s *kiosk.Subscription) { s.Route = []string{"9Z"} }, "place": func(s *kiosk.Subscription) { s.PlaceID, s.Lend = "", true },
			"from": func(s *kiosk.Subscription) { s.From = kiosk.Day{} }, "first": func(s *kiosk.Subscription) { s.First = -1 }, "price": func(s *kiosk.Subscription) { s.Price = -1 },
		} {
			bad := s
			change(&bad)
			var field *kiosk.FieldError
			if _, _, err := r.desk.SaveSubscription(ctx, r.staff, bad, kiosk.Title{}, nil); !errors.As(err, &field) || field.Field != name {
				t.Errorf("%s: %v", name, err)
			}
		}
		// One that nothing came of goes, and comes back.
		other, ans, err := r.desk.SaveSubscription(ctx, r.staff, kiosk.Subscription{Frequency: kiosk.Monthly, PerPeriod: 2, From: kiosk.MustDay("2027-01-31"), To: kiosk.MustDay("2027-03-31"), First: 1, Copies: 1}, kiosk.Title{Title: "Tạp chí mẫu"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(r.issuesOf(other)); got != "1 2027-01-31 expected 0/0; 2 2027-02-14 expected 0/0; 3 2027-02-28 expected 0/0; 4 2027-03-15 expected 0/0; 5 2027-03-31 expected 0/0; " {
			t.Error(got)
		}
		r.takeBack(r.desk.RemoveSubscription(ctx, r.staff, other.ID))
		if got := len(r.issuesOf(other)); got != 5 {
			t.Errorf("%d issues", got)
		}
		r.takeBack(ans, nil)
		if _, _, err := r.desk.ReceiveIssue(ctx, r.staff, r.allIssue(other), 1, ""); !errors.Is(err, kiosk.ErrNotNow) {
			t.Errorf("an issue of a subscription that was taken back: %v", err)
		}
	})
}

// allIssue is an issue of a subscription that expects none any more.
func (r *rig) allIssue(s kiosk.Subscription) (id kiosk.ID) {
	r.view(func(v kiosk.View) error {
		all, err := v.DroppedIssuesOf(s.ID)
		if len(all) > 0 {
			id = all[0].ID
		}
		return err
	})
	return id
}

// Issues that are lent are copies with numbers; they go round the classes, and
// are bound at the end of the year.
func TestIssuesAreLentGoRoundAndEnd(t *testing.T) {
	onEveryLedger(t, func(r *rig) {
		ctx := t.Context()
		teacher := r.Patron(kiosk.Teacher, "20000909", "Cô Mẫu Hoa", "", 0)
		r.Patron(kiosk.Pupil, "20000016", "Nguyễn Mẫu An", "2A", 2)
		s := r.weekly(func(s *kiosk.Subscription) { s.Lend, s.Copies, s.Route = true, 2, []string{"2a", r.shelf.Code} })
		is := r.issuesOf(s)
		i, ans, err := r.desk.ReceiveIssue(ctx, r.staff, is[0].ID, 2, "Số 40")
		if err != nil || len(i.Copies) != 2 {
			t.Fatalf("%+v %v", i, err)
		}
		item := r.item(kiosk.Copy{ID: i.Copies[1]})
		if item.Accession != "BC.00002" || item.Kind != kiosk.SerialIssue || item.Note != "Số 40" || item.State.Status != kiosk.CopyAvailable || item.State.Place != r.shelf.ID {
			t.Errorf("%+v", item)
		}
		r.takeBack(ans, nil)
		if c := r.item(kiosk.Copy{ID: i.Copies[0]}); c.State.Status != kiosk.CopyWithdrawn || r.issuesOf(s)[0].Status != kiosk.IssueExpected {
			t.Errorf("taken back: %+v", c.State)
		}
		if i, ans, err = r.desk.ReceiveIssue(ctx, r.staff, is[0].ID, 2, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := r.desk.Checkout(ctx, r.staff, teacher.Ref, i.Copies[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := r.desk.TakeBack(ctx, r.staff, ans.Result.EventSeq); !errors.Is(err, kiosk.ErrNotUndoable) {
			t.Errorf("taken back while a copy is lent: %v", err)
		}
		for _, want := range []string{"2A", r.shelf.Name, ""} {
			i, _, err := r.desk.MoveIssue(ctx, r.staff, is[0].ID)
			if err != nil || i.At() != want {
				t.Errorf("at %q, want %q: %v", i.At(), want, err)
			}
		}
		if _, _, err := r.desk.MoveIssue(ctx, r.staff, is[0].ID); !isSerial(err, kiosk.SerialNoRoute) {
			t.Errorf("on from home: %v", err)
		}
		if _, _, err := r.desk.MoveIssue(ctx, r.staff, is[1].ID); !isSerial(err, kiosk.SerialNoRoute) {
			t.Errorf("what did not come goes on: %v", err)
		}
		if _, err := r.desk.CloseIssues(ctx, r.staff, []kiosk.ID{is[0].ID}, kiosk.IssueBound); !isSerial(err, kiosk.SerialOnLoan) {
			t.Errorf("bound while lent: %v", err)
		}
		if _, err := r.desk.Return(ctx, r.staff, teacher.Ref, i.Copies[0]); err != nil {
			t.Fatal(err)
		}
		ans = must[kiosk.Answer](r)(r.desk.CloseIssues(ctx, r.staff, []kiosk.ID{is[0].ID}, kiosk.IssueBound))
		if c := r.item(kiosk.Copy{ID: i.Copies[0]}); c.State.Status != kiosk.CopyWithdrawn || r.issuesOf(s)[0].Status != kiosk.IssueBound {
			t.Errorf("bound: %+v", c.State)
		}
		r.takeBack(ans, nil)
		if c := r.item(kiosk.Copy{ID: i.Copies[0]}); c.State.Status != kiosk.CopyAvailable || r.issuesOf(s)[0].Status != kiosk.IssueReceived {
			t.Errorf("unbound: %+v", c.State)
		}
		if _, err := r.desk.CloseIssues(ctx, r.staff, []kiosk.ID{is[1].ID}, kiosk.IssueWithdrawn); !isSerial(err, kiosk.SerialNotHere) {
			t.Errorf("withdrawn before it came: %v", err)
		}
		if _, err := r.desk.CloseIssues(ctx, r.staff, nil, kiosk.IssueWithdrawn); !isSerial(err, kiosk.SerialNothing) {
			t.Errorf("nothing: %v", err)
		}
	})
}
