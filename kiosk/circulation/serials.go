package circulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"muontra/kiosk"
)

// SaveSubscription makes a subscription (no ID) or changes one, with the issues
// that it leads to expect (seed R80). Its title is s.TitleID, or t made new when
// that is empty. Issues that came, were asked for or given up stay as they are;
// the others follow the new plan. look is as in EditTitle.
func (d *Desk) SaveSubscription(ctx context.Context, a kiosk.Attempt, s kiosk.Subscription, t kiosk.Title, look func(kiosk.Subscription) error) (kiosk.Subscription, kiosk.Answer, error) {
	done := s
	ans, err := d.staffAct(ctx, a, func(x *deed) error {
		s := s // a new one is new again when the act is done once more
		var before *kiosk.Subscription
		var now kiosk.Subscription
		if s.ID != "" {
			var err error
			if now, err = x.livingSubscription(s.ID); err != nil {
				return err
			}
			if look != nil {
				if err := look(now); err != nil {
					return err
				}
			}
			s.TitleID, before = now.TitleID, &now
		}
		if err := x.checkSubscription(&s, now); err != nil {
			return err
		}
		title, err := x.serialTitle(s.TitleID, t)
		if err != nil {
			return err
		}
		s.TitleID = title.ID
		if s.ID == "" {
			s.ID = x.NewID()
		}
		x.serials()
		if err := x.changeSubscription(before, s); err != nil {
			return err
		}
		done = s
		return x.replan(s)
	})
	return done, ans, err
}

// serialTitle is the title with the id, or the serial that has the title of t
// already, or t made new.
func (x *deed) serialTitle(id kiosk.ID, t kiosk.Title) (kiosk.Title, error) {
	if id == "" && t.Title != "" {
		alike, err := x.Alike(t)
		if err != nil {
			return t, fmt.Errorf("titles: %w", err)
		}
		for _, old := range alike {
			items, err := x.ItemsOfTitle(old.ID)
			if err != nil {
				return t, fmt.Errorf("copies: %w", err)
			}
			if !slices.ContainsFunc(items, func(i kiosk.Item) bool { return i.Kind != kiosk.SerialIssue }) {
				return old, nil
			}
		}
	}
	return (&intake{deed: x}).titleOf(id, t)
}

func (x *deed) serials() {
	x.event.Type = kiosk.EventSerials
	x.event.Payload.Comment = x.Comment
	x.answer.Result.Outcome = kiosk.Shown
}

func (x *deed) livingSubscription(id kiosk.ID) (kiosk.Subscription, error) {
	s, err := x.Subscription(id)
	if err == nil && s.Removed {
		err = kiosk.ErrNotNow
	}
	if err != nil {
		return s, fmt.Errorf("subscription: %w", err)
	}
	return s, nil
}

func (x *deed) checkSubscription(s *kiosk.Subscription, now kiosk.Subscription) error {
	var f form
	if s.Code = strings.TrimSpace(s.Code); s.Code != "" && s.Code != now.Code {
		c, ok := kiosk.SerialCodeOf(s.Code)
		if !ok {
			f.wrong("code", kiosk.FieldMalformed, nil)
		}
		s.Code = c.Code
	}
	among(&f, "frequency", s.Frequency, kiosk.Frequencies)
	within(&f, "per_period", s.PerPeriod, 1, kiosk.MaxPerPeriod)
	within(&f, "first", s.First, 1, kiosk.MaxIssueNumber)
	within(&f, "copies", s.Copies, 1, kiosk.MaxIssueCopies)
	within(&f, "price", s.Price, 0, kiosk.MaxPrice)
	f.text("supplier", &s.Supplier, kiosk.MaxText)
	f.text("note", &s.Note, kiosk.MaxNoteText)
	switch {
	case s.From.IsZero():
		f.wrong("from", kiosk.FieldMissing, nil)
	case s.To.IsZero():
		f.wrong("to", kiosk.FieldMissing, nil)
	case s.To.Before(s.From) || s.To.Sub(s.From) > kiosk.MaxSubscription:
		f.wrong("to", kiosk.FieldOutOfRange, kiosk.Facts{"min": s.From, "max": s.From.Add(kiosk.MaxSubscription)})
	}
	within(&f, "from", s.From.Year, kiosk.MinYear, 9999)
	if len(s.Route) > kiosk.MaxRoute {
		f.wrong("route", kiosk.FieldTooLong, kiosk.Facts{"max": kiosk.MaxRoute})
	}
	places, err := x.Places()
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	open := func(p kiosk.Place) bool { return !p.Closed }
	if s.PlaceID != "" && s.PlaceID != now.PlaceID && !slices.ContainsFunc(places, func(p kiosk.Place) bool { return p.ID == s.PlaceID && open(p) }) {
		f.wrong("place", kiosk.FieldUnknown, nil)
	}
	if s.Lend && s.PlaceID == "" {
		f.wrong("place", kiosk.FieldMissing, nil)
	}
	if err := f.failed(); err != nil {
		return err
	}
	return x.checkRoute(s, now, places)
}

// checkRoute takes stops that are classes of this year or places; what an older
// route has stays.
func (x *deed) checkRoute(s *kiosk.Subscription, now kiosk.Subscription, places []kiosk.Place) error {
	var f form
	classes, err := x.Classes(x.rules.Year.ID)
	if err != nil {
		return fmt.Errorf("classes: %w", err)
	}
	var route []string
	for _, stop := range s.Route {
		known := slices.Contains(now.Route, stop)
		for _, c := range classes {
			if strings.EqualFold(c.Name, stop) {
				stop, known = c.Name, true
			}
		}
		for _, p := range places {
			if !known && !p.Closed && (strings.EqualFold(p.Name, stop) || strings.EqualFold(p.Code, stop)) {
				stop, known = p.Name, true
			}
		}
		if !known {
			f.wrong("route", kiosk.FieldUnknown, kiosk.Facts{"value": stop})
		}
		route = append(route, stop)
	}
	s.Route = route
	return f.failed()
}

// replan makes the waiting issues those of the subscription's plan.
func (x *deed) replan(s kiosk.Subscription) error {
	all, err := x.allIssues(s.ID)
	if err != nil {
		return err
	}
	have, planned := map[int]kiosk.Issue{}, map[int]bool{}
	for _, i := range all {
		have[i.Number] = i
	}
	for _, p := range s.Plan() {
		planned[p.Number] = true
		i, had := have[p.Number]
		switch {
		case !had:
			err = x.changeIssue(nil, kiosk.Issue{ID: x.NewID(), SubscriptionID: s.ID, Number: p.Number, Expected: p.Expected, Status: kiosk.IssueExpected})
		case i.Status == kiosk.IssueDropped || i.Status == kiosk.IssueExpected && i.Claimed.IsZero() && i.Expected != p.Expected:
			after := i
			after.Status, after.Expected = kiosk.IssueExpected, p.Expected
			err = x.changeIssue(&i, after)
		}
		if err != nil {
			return err
		}
	}
	return x.dropIssues(all, func(i kiosk.Issue) bool { return !planned[i.Number] && i.Claimed.IsZero() })
}

func (x *deed) dropIssues(all []kiosk.Issue, drop func(kiosk.Issue) bool) error {
	for _, i := range all {
		if i.Status != kiosk.IssueExpected || !drop(i) {
			continue
		}
		after := i
		after.Status = kiosk.IssueDropped
		if err := x.changeIssue(&i, after); err != nil {
			return err
		}
	}
	return nil
}

// allIssues are a subscription's issues, those that were dropped too.
func (x *deed) allIssues(subscription kiosk.ID) ([]kiosk.Issue, error) {
	all, err := x.IssuesOf(subscription)
	if err == nil {
		var dropped []kiosk.Issue
		dropped, err = x.DroppedIssuesOf(subscription)
		all = append(all, dropped...)
	}
	if err != nil {
		return nil, fmt.Errorf("issues: %w", err)
	}
	return all, nil
}

// RemoveSubscription ends a subscription that should not be: nothing more of it
// is expected. What came of it stays in the register only if it stays; use its
// last day to end one that ran.
func (d *Desk) RemoveSubscription(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		s, err := x.livingSubscription(id)
		if err != nil {
			return err
		}
		all, err := x.IssuesOf(id)
		if err != nil {
			return fmt.Errorf("issues: %w", err)
		}
		for _, i := range all {
			if !i.Received.IsZero() {
				return &kiosk.SerialError{Problem: kiosk.SerialCame}
			}
		}
		x.serials()
		after := s
		after.Removed = true
		return x.changeSubscription(&s, after)
	})
}

// issueOf is an issue with its subscription.
func (x *deed) issueOf(id kiosk.ID) (kiosk.Issue, kiosk.Subscription, error) {
	i, err := x.Issue(id)
	if err != nil {
		return i, kiosk.Subscription{}, fmt.Errorf("issue: %w", err)
	}
	s, err := x.livingSubscription(i.SubscriptionID)
	return i, s, err
}

// ReceiveIssue takes in count copies of an issue, in all: more of one that came
// in part are added to it. Where the subscription says so each becomes a copy
// with a barcode and a number in the register; note stands in its record.
func (d *Desk) ReceiveIssue(ctx context.Context, a kiosk.Attempt, id kiosk.ID, count int, note string) (kiosk.Issue, kiosk.Answer, error) {
	var after kiosk.Issue
	ans, err := d.staffAct(ctx, a, func(x *deed) error {
		i, s, err := x.issueOf(id)
		if err != nil {
			return err
		}
		switch i.Status {
		case kiosk.IssueExpected, kiosk.IssueGivenUp:
		case kiosk.IssueReceived:
			if count == i.Count {
				return &kiosk.SerialError{Problem: kiosk.SerialNotWaiting}
			}
		default:
			return &kiosk.SerialError{Problem: kiosk.SerialNotWaiting}
		}
		var f form
		f.text("note", &note, kiosk.MaxNoteText)
		within(&f, "count", count, max(1, len(i.Copies)), kiosk.MaxIssueCopies)
		if err := f.failed(); err != nil {
			return err
		}
		x.serials()
		after = i
		after.Status, after.Count = kiosk.IssueReceived, count
		if after.Received.IsZero() {
			after.Received = x.today
		}
		if s.Lend {
			if after.Copies, err = x.numberCopies(s, slices.Clone(i.Copies), count, note); err != nil {
				return err
			}
		}
		return x.changeIssue(&i, after)
	})
	return after, ans, err
}

// numberCopies adds copies to those there are, until there are n.
func (x *deed) numberCopies(s kiosk.Subscription, have []kiosk.ID, n int, note string) ([]kiosk.ID, error) {
	for len(have) < n {
		code, err := x.NextBarcode(kiosk.CopySeries)
		if err != nil {
			return nil, fmt.Errorf("barcode: %w", err)
		}
		acc, err := x.NextAccession(kiosk.SerialIssue.Prefix())
		if err != nil {
			return nil, fmt.Errorf("accession number: %w", err)
		}
		c := kiosk.Copy{
			ID: x.NewID(), TitleID: s.TitleID, Barcode: code, Accession: acc, Kind: kiosk.SerialIssue, Price: s.Price, Source: string(kiosk.Purchase),
			Received: x.today, HomePlace: s.PlaceID, Note: note,
		}
		if err := x.PutCopy(c); err != nil {
			return nil, fmt.Errorf("copy: %w", err)
		}
		p := &x.event.Payload
		p.Changes.Copies = append(p.Changes.Copies, kiosk.CopyState{CopyID: c.ID, Status: kiosk.CopyAvailable, Condition: kiosk.ConditionGood, Place: s.PlaceID})
		have = append(have, c.ID)
	}
	return have, nil
}

// ClaimIssues notes that the supplier was asked for issues that did not come,
// or came in part.
func (d *Desk) ClaimIssues(ctx context.Context, a kiosk.Attempt, ids []kiosk.ID, note string) (kiosk.Answer, error) {
	return d.eachIssue(ctx, a, ids, func(x *deed, i *kiosk.Issue, s kiosk.Subscription) error {
		var f form
		f.text("note", &note, kiosk.MaxText)
		if i.Status != kiosk.IssueExpected && !(i.Here() && i.Missing(s) > 0) {
			f.err = nil
			return &kiosk.SerialError{Problem: kiosk.SerialNotWaiting, Number: i.Number}
		}
		i.Claimed, i.ClaimNote = x.today, note
		return f.failed()
	})
}

// GiveUpIssues says that issues will not come any more.
func (d *Desk) GiveUpIssues(ctx context.Context, a kiosk.Attempt, ids []kiosk.ID) (kiosk.Answer, error) {
	return d.eachIssue(ctx, a, ids, func(x *deed, i *kiosk.Issue, _ kiosk.Subscription) error {
		if i.Status != kiosk.IssueExpected {
			return &kiosk.SerialError{Problem: kiosk.SerialNotWaiting, Number: i.Number}
		}
		i.Status = kiosk.IssueGivenUp
		return nil
	})
}

// MoveIssue sends an issue on to its next class or place, or home after the last
// (seed R126).
func (d *Desk) MoveIssue(ctx context.Context, a kiosk.Attempt, id kiosk.ID) (kiosk.Issue, kiosk.Answer, error) {
	var moved kiosk.Issue
	ans, err := d.eachIssue(ctx, a, []kiosk.ID{id}, func(x *deed, i *kiosk.Issue, s kiosk.Subscription) error {
		stop, home := i.NextStop(s)
		if stop == "" && !home {
			return &kiosk.SerialError{Problem: kiosk.SerialNoRoute, Number: i.Number}
		}
		i.Moves = append(slices.Clone(i.Moves), kiosk.IssueMove{Stop: stop, On: x.today})
		moved = *i
		return nil
	})
	return moved, ans, err
}

// CloseIssues ends issues at the end of a year: bound into a volume, or
// withdrawn. Their copies are withdrawn; one that is on loan refuses the whole.
func (d *Desk) CloseIssues(ctx context.Context, a kiosk.Attempt, ids []kiosk.ID, how kiosk.IssueStatus) (kiosk.Answer, error) {
	return d.eachIssue(ctx, a, ids, func(x *deed, i *kiosk.Issue, _ kiosk.Subscription) error {
		var f form
		among(&f, "how", how, []kiosk.IssueStatus{kiosk.IssueBound, kiosk.IssueWithdrawn})
		if err := f.failed(); err != nil {
			return err
		}
		if !i.Here() {
			return &kiosk.SerialError{Problem: kiosk.SerialNotHere, Number: i.Number}
		}
		i.Status = how
		for _, id := range i.Copies {
			c, err := x.Item(id)
			if err != nil {
				return fmt.Errorf("copy: %w", err)
			}
			if _, err := x.OpenLoan(id); err == nil {
				return &kiosk.SerialError{Problem: kiosk.SerialOnLoan, Number: i.Number}
			} else if !errors.Is(err, kiosk.ErrNotFound) {
				return fmt.Errorf("open loan: %w", err)
			}
			if c.State.Status == kiosk.CopyWithdrawn {
				continue
			}
			gone := c.State
			gone.Status = kiosk.CopyWithdrawn
			x.changeCopy(c.State, gone)
		}
		return nil
	})
}

// eachIssue changes issues in one act: all, or none.
func (d *Desk) eachIssue(ctx context.Context, a kiosk.Attempt, ids []kiosk.ID, change func(*deed, *kiosk.Issue, kiosk.Subscription) error) (kiosk.Answer, error) {
	return d.staffAct(ctx, a, func(x *deed) error {
		x.serials()
		done := map[kiosk.ID]bool{}
		for _, id := range ids {
			if done[id] {
				continue
			}
			done[id] = true
			i, s, err := x.issueOf(id)
			if err != nil {
				return err
			}
			after := i
			if err := change(x, &after, s); err != nil {
				return err
			}
			if err := x.changeIssue(&i, after); err != nil {
				return err
			}
		}
		if len(done) == 0 {
			return &kiosk.SerialError{Problem: kiosk.SerialNothing}
		}
		return nil
	})
}
