package store

import (
	"muontra/kiosk"
	"muontra/kiosk/fold"
)

var subscriptions = recordTable[kiosk.Subscription]{
	name: "subscription", code: "subscription_differs",
	cols: "id, title_id, code, frequency, per_period, begins, ends, first, copies, price, supplier, place_id, lend, route, note, removed",
	args: func(s kiosk.Subscription) []any {
		return []any{s.ID, s.TitleID, s.Code, s.Frequency, s.PerPeriod, s.From.String(), s.To.String(), s.First, s.Copies, s.Price, s.Supplier, orNull(s.PlaceID), bit(s.Lend), jsonText(s.Route), s.Note, bit(s.Removed)}
	},
	to: func(s *kiosk.Subscription) []any {
		return []any{&s.ID, &s.TitleID, &s.Code, &s.Frequency, &s.PerPeriod, dayCol{&s.From}, dayCol{&s.To}, &s.First, &s.Copies, &s.Price, &s.Supplier, refCol{&s.PlaceID}, &s.Lend, jsonCol[string]{&s.Route}, &s.Note, &s.Removed}
	},
}

var issues = recordTable[kiosk.Issue]{
	name: "issue", code: "issue_differs",
	cols: "id, subscription_id, number, expected, status, received, count, copies, claimed, claim_note, moves",
	args: func(i kiosk.Issue) []any {
		return []any{i.ID, i.SubscriptionID, i.Number, i.Expected.String(), i.Status, i.Received.String(), i.Count, jsonText(i.Copies), i.Claimed.String(), i.ClaimNote, jsonText(i.Moves)}
	},
	to: func(i *kiosk.Issue) []any {
		return []any{&i.ID, &i.SubscriptionID, &i.Number, dayCol{&i.Expected}, &i.Status, dayCol{&i.Received}, &i.Count, jsonCol[kiosk.ID]{&i.Copies}, dayCol{&i.Claimed}, &i.ClaimNote, jsonCol[kiosk.IssueMove]{&i.Moves}}
	},
}

func (v *view) Subscription(id kiosk.ID) (kiosk.Subscription, error) { return subscriptions.get(v, id) }

func (v *view) Subscriptions() ([]kiosk.Subscription, error) {
	return subscriptions.list(v, `AND removed = 0 ORDER BY rowid`)
}

func (v *view) Issue(id kiosk.ID) (kiosk.Issue, error) { return issues.get(v, id) }

func (v *view) IssuesOf(subscription kiosk.ID) ([]kiosk.Issue, error) {
	return issues.list(v, `AND subscription_id = $2 AND status <> 'dropped' ORDER BY number`, subscription)
}

func (v *view) DroppedIssuesOf(subscription kiosk.ID) ([]kiosk.Issue, error) {
	return issues.list(v, `AND subscription_id = $2 AND status = 'dropped' ORDER BY number`, subscription)
}

// SerialRegister reads the issues by one query, and each title once.
func (v *view) SerialRegister(from, to kiosk.Day) ([]kiosk.SerialEntry, error) {
	subs, err := v.Subscriptions()
	if err != nil {
		return nil, err
	}
	of, titles := map[kiosk.ID]kiosk.Subscription{}, map[kiosk.ID]kiosk.Title{}
	for _, s := range subs {
		of[s.ID] = s
		if titles[s.TitleID], err = v.Title(s.TitleID); err != nil {
			return nil, err
		}
	}
	all, err := issues.list(v, `AND expected >= $2 AND expected <= $3 AND status <> 'dropped' ORDER BY expected, number, id`, from.String(), to.String())
	if err != nil {
		return nil, err
	}
	var entries []kiosk.SerialEntry
	for _, i := range all {
		if s, ok := of[i.SubscriptionID]; ok {
			entries = append(entries, kiosk.SerialEntry{Issue: i, Subscription: s, Title: titles[s.TitleID]})
		}
	}
	kiosk.SortSerialRegister(entries, fold.Order)
	return entries, nil
}

func (t *tx) PutSubscription(s kiosk.Subscription) error { return subscriptions.put(t, s) }
func (t *tx) PutIssue(i kiosk.Issue) error               { return issues.put(t, i) }
