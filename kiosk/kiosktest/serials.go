package kiosktest

import (
	"cmp"
	"errors"
	"slices"

	"muontra/kiosk"
	"muontra/kiosk/fold"
)

func (v *view) Subscription(id kiosk.ID) (kiosk.Subscription, error) {
	s, err := v.d.subscribed.get("subscription", id)
	return ownSubscription(s), err
}

func (v *view) Subscriptions() ([]kiosk.Subscription, error) {
	all := slices.DeleteFunc(v.d.subscribed.all(), func(s kiosk.Subscription) bool { return s.Removed })
	for i := range all {
		all[i] = ownSubscription(all[i])
	}
	return all, nil
}

// ownSubscription and ownIssue share no list with what is kept; none is nil.
func ownSubscription(s kiosk.Subscription) kiosk.Subscription {
	s.Route = slices.Concat(s.Route)
	return s
}

func ownIssue(i kiosk.Issue) kiosk.Issue {
	i.Copies, i.Moves = slices.Concat(i.Copies), slices.Concat(i.Moves)
	return i
}

func (v *view) Issue(id kiosk.ID) (kiosk.Issue, error) {
	i, err := v.d.issues.get("issue", id)
	return ownIssue(i), err
}

func (v *view) issues(keep func(kiosk.Issue) bool) []kiosk.Issue {
	all := slices.DeleteFunc(v.d.issues.all(), func(i kiosk.Issue) bool { return i.Status == kiosk.IssueDropped || !keep(i) })
	for i := range all {
		all[i] = ownIssue(all[i])
	}
	return all
}

func (v *view) IssuesOf(subscription kiosk.ID) ([]kiosk.Issue, error) {
	all := v.issues(func(i kiosk.Issue) bool { return i.SubscriptionID == subscription })
	slices.SortFunc(all, func(a, b kiosk.Issue) int { return a.Number - b.Number })
	return all, nil
}

func (v *view) DroppedIssuesOf(subscription kiosk.ID) ([]kiosk.Issue, error) {
	all := slices.DeleteFunc(v.d.issues.all(), func(i kiosk.Issue) bool { return i.Status != kiosk.IssueDropped || i.SubscriptionID != subscription })
	for i := range all {
		all[i] = ownIssue(all[i])
	}
	slices.SortFunc(all, func(a, b kiosk.Issue) int { return a.Number - b.Number })
	return all, nil
}

func (v *view) SerialRegister(from, to kiosk.Day) ([]kiosk.SerialEntry, error) {
	all := v.issues(func(i kiosk.Issue) bool { return !i.Expected.Before(from) && !i.Expected.After(to) })
	slices.SortFunc(all, func(a, b kiosk.Issue) int {
		return cmp.Or(cmp.Compare(a.Expected.String(), b.Expected.String()), a.Number-b.Number, cmp.Compare(a.ID, b.ID))
	})
	var entries []kiosk.SerialEntry
	for _, i := range all {
		if s := ownSubscription(v.d.subscribed.rows[i.SubscriptionID]); !s.Removed {
			entries = append(entries, kiosk.SerialEntry{Issue: i, Subscription: s, Title: v.d.titles.rows[s.TitleID]})
		}
	}
	kiosk.SortSerialRegister(entries, fold.Order)
	return entries, nil
}

func (t *tx) PutSubscription(s kiosk.Subscription) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.titles.get("title", s.TitleID); err != nil {
		return err
	}
	if err := t.d.places.need("place", s.PlaceID); err != nil {
		return err
	}
	if s.PerPeriod < 1 || s.PerPeriod > kiosk.MaxPerPeriod || s.First < 1 || s.Copies < 1 || s.From.IsZero() || s.To.Before(s.From) {
		return errors.New("a subscription of nothing")
	}
	t.d.subscribed.put(t, s.ID, ownSubscription(s))
	if err := natural("price", s.Price); err != nil {
		return err
	}
	if err := in("frequency", s.Frequency, kiosk.Frequencies...); err != nil {
		return err
	}
	return given("subscription's id", string(s.ID))
}

func (t *tx) PutIssue(i kiosk.Issue) (err error) {
	defer t.whole(&err)()
	if _, err := t.d.subscribed.get("subscription", i.SubscriptionID); err != nil {
		return err
	}
	for _, o := range t.d.issues.rows {
		if o.SubscriptionID == i.SubscriptionID && o.Number == i.Number && o.ID != i.ID {
			return conflict("issue %d", i.Number)
		}
	}
	came := i.Status == kiosk.IssueReceived || i.Status == kiosk.IssueBound || i.Status == kiosk.IssueWithdrawn
	if i.Number < 1 || i.Expected.IsZero() || came != !i.Received.IsZero() || came != (i.Count > 0) {
		return errors.New("an issue that came and did not")
	}
	t.d.issues.put(t, i.ID, ownIssue(i))
	if err := in("status of an issue", i.Status, kiosk.IssueStatuses...); err != nil {
		return err
	}
	return given("issue's id", string(i.ID))
}
