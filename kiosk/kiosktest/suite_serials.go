package kiosktest

import (
	"errors"

	"muontra/kiosk"
)

// serialsComeBack puts two subscriptions and their issues, and reads them in
// every way that there is.
func serialsComeBack(t *try) {
	s := t.stocked(1)
	var one, two kiosk.Subscription
	var first, second, gone, other kiosk.Issue
	t.update(func(tx kiosk.Tx) error {
		one = kiosk.Subscription{
			ID: tx.NewID(), TitleID: s.title.ID, Code: "1234-5679", Frequency: kiosk.Weekly, PerPeriod: 2, From: kiosk.MustDay("2026-09-07"), To: kiosk.MustDay("2027-05-31"), First: 12,
			Copies: 3, Price: 9000, Supplier: "Bưu điện mẫu", PlaceID: s.place.ID, Lend: true, Route: []string{"2A", "2B"}, Note: "mẫu",
		}
		two = kiosk.Subscription{ID: tx.NewID(), TitleID: s.title.ID, Frequency: kiosk.Quarterly, PerPeriod: 1, From: kiosk.MustDay("2026-01-01"), To: kiosk.MustDay("2026-12-31"), First: 1, Copies: 1}
		second = kiosk.Issue{ID: tx.NewID(), SubscriptionID: one.ID, Number: 13, Expected: kiosk.MustDay("2026-09-10"), Status: kiosk.IssueExpected, Claimed: kiosk.MustDay("2026-09-20"), ClaimNote: "gọi điện"}
		first = kiosk.Issue{
			ID: tx.NewID(), SubscriptionID: one.ID, Number: 12, Expected: kiosk.MustDay("2026-09-07"), Status: kiosk.IssueReceived, Received: kiosk.MustDay("2026-09-08"), Count: 2,
			Copies: []kiosk.ID{s.copies[0].ID}, Moves: []kiosk.IssueMove{{Stop: "2A", On: kiosk.MustDay("2026-09-09")}, {On: kiosk.MustDay("2026-09-12")}},
		}
		gone = kiosk.Issue{ID: tx.NewID(), SubscriptionID: one.ID, Number: 14, Expected: kiosk.MustDay("2026-09-14"), Status: kiosk.IssueDropped}
		other = kiosk.Issue{ID: tx.NewID(), SubscriptionID: two.ID, Number: 1, Expected: kiosk.MustDay("2026-10-01"), Status: kiosk.IssueGivenUp}
		return errors.Join(tx.PutSubscription(one), tx.PutSubscription(two), tx.PutIssue(second), tx.PutIssue(first), tx.PutIssue(gone), tx.PutIssue(other))
	})
	t.view(func(v kiosk.View) error {
		all, err := v.Subscriptions()
		equal(t, "subscriptions", all, []kiosk.Subscription{one, two})
		got, err2 := v.Subscription(one.ID)
		equal(t, "subscription", got, one)
		is, err3 := v.IssuesOf(one.ID)
		equal(t, "issues", is, []kiosk.Issue{first, second})
		dropped, err6 := v.DroppedIssuesOf(one.ID)
		equal(t, "dropped issues", dropped, []kiosk.Issue{gone})
		i, err4 := v.Issue(first.ID)
		equal(t, "issue", i, first)
		reg, err5 := v.SerialRegister(kiosk.MustDay("2026-09-08"), kiosk.MustDay("2026-10-01"))
		equal(t, "register", reg, []kiosk.SerialEntry{{Issue: second, Subscription: one, Title: s.title}, {Issue: other, Subscription: two, Title: s.title}})
		_, nf := v.Issue("nope")
		t.notFound("issue", nf)
		_, nf = v.Subscription("nope")
		t.notFound("subscription", nf)
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
	two.Removed = true
	t.update(func(tx kiosk.Tx) error { return tx.PutSubscription(two) })
	t.view(func(v kiosk.View) error {
		all, err := v.Subscriptions()
		equal(t, "without the removed", all, []kiosk.Subscription{one})
		reg, err2 := v.SerialRegister(kiosk.MustDay("2026-09-08"), kiosk.MustDay("2026-10-01"))
		equal(t, "register without the removed", len(reg), 1)
		return errors.Join(err, err2)
	})
	t.fails("two issues of a number", kiosk.ErrConflict, func(tx kiosk.Tx) error {
		x := second
		x.ID, x.Number = tx.NewID(), 12
		return tx.PutIssue(x)
	})
	t.fails("an issue that came without a copy", nil, func(tx kiosk.Tx) error {
		x := second
		x.Status = kiosk.IssueReceived
		return tx.PutIssue(x)
	})
	t.fails("a subscription that ends before it begins", nil, func(tx kiosk.Tx) error {
		x := one
		x.To = x.From.Add(-1)
		return tx.PutSubscription(x)
	})
	t.fails("a subscription of no title", kiosk.ErrNotFound, func(tx kiosk.Tx) error {
		x := one
		x.TitleID = "nope"
		return tx.PutSubscription(x)
	})
}
