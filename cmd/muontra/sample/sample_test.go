package sample

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muontra/kiosk"
	"muontra/kiosk/circulation"
	"muontra/kiosk/kiosktest"
)

// small is a history that takes a moment.
var small = size{recent: 6, busy: 0.5, thin: 0.02}

// todays are days on which a demo may be started; there are more of them
// without the race detector.
var todays = []struct{ name, day string }{
	{"a Sunday", "2026-11-22"},
	{"a Saturday after a holiday", "2027-01-02"},
	{"after the recall", "2027-05-25"},
	{"the summer", "2026-07-15"},
}

// built is a sample school at half past eight of a day.
type built struct {
	kiosk.Ledger
	today kiosk.Day
	now   time.Time
	School
}

func buildOn(t *testing.T, l func(func() time.Time) kiosk.Ledger, day string, sz size) built {
	t.Helper()
	loc, err := time.LoadLocation(kiosk.DefaultZone)
	if err != nil {
		t.Fatal(err)
	}
	b := built{today: kiosk.MustDay(day)}
	b.now = b.today.At(8, 30, loc)
	b.Ledger = l(func() time.Time { return b.now })
	told := 0
	b.School, err = build(t.Context(), b, b.today, b.now, func(done, total int, what string) {
		if done < told || done > total || what == "" {
			t.Errorf("progress %d of %d after %d: %q", done, total, told, what)
		}
		told = done
	}, sz)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func inMemory(now func() time.Time) kiosk.Ledger { return kiosktest.NewMemory(now) }

func (b built) view(t *testing.T, fn func(kiosk.View) error) {
	t.Helper()
	if err := b.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// events are all of the ledger's.
func (b built) events(t *testing.T) []kiosk.Event {
	t.Helper()
	var all []kiosk.Event
	b.view(t, func(v kiosk.View) error {
		for {
			es, err := v.Events(int64(len(all)), 1000)
			if err != nil || len(es) == 0 {
				return err
			}
			all = append(all, es...)
		}
	})
	return all
}

// A demo can lend whatever day it is, shows each of the rules that its School
// promises, and has a sound history.
func TestTodays(t *testing.T) {
	for _, day := range todays {
		t.Run(day.name, func(t *testing.T) {
			b := buildOn(t, inMemory, day.day, small)
			checkHistory(t, b)
			checkOffer(t, b)
		})
	}
}

func checkOffer(t *testing.T, b built) {
	t.Helper()
	if len(b.Cards) != 5 || len(b.Copies) != 5 {
		t.Fatalf("%d cards and %d copies", len(b.Cards), len(b.Copies))
	}
	rules := b.checkToday(t)
	desk := &circulation.Desk{Ledger: b, Now: func() time.Time { return b.now }}
	for _, card := range b.Cards {
		if card.Name == "" || card.Class == "" {
			t.Errorf("card %+v", card)
		}
		for _, c := range b.Copies {
			ref, id, a := scan(t, desk, card.Barcode, c.Barcode)
			if a.Result.Outcome != kiosk.CheckedOut {
				t.Fatalf("%s borrows %s: %s %s", card.Name, c.Title, a.Result.Outcome, a.Result.Reason)
			}
			if due := a.Result.Loan.DueOn; !rules.Calendar.Open(due) || !due.After(b.today) || due.After(rules.Year.Recall) {
				t.Errorf("due on %s, %s", due, due.Weekday())
			}
			if _, err := desk.Return(t.Context(), kiosk.Attempt{Station: kiosk.DefaultStation}, ref, id); err != nil {
				t.Fatal(err)
			}
		}
	}
	free := b.Copies[0].Barcode
	for _, x := range []struct {
		card, copy string
		want       kiosk.Reason
	}{
		{b.Overdue.Barcode, free, kiosk.ReasonOverdue},
		{b.Teacher.Barcode, free, ""},
		{b.Blocked.Barcode, free, kiosk.ReasonCardBlocked},
		{b.Replaced.Barcode, free, kiosk.ReasonCardExpired},
		{b.Cards[0].Barcode, b.OnSiteOnly.Barcode, kiosk.ReasonOnSiteOnly},
		{b.Cards[0].Barcode, b.OnLoan.Barcode, kiosk.ReasonOnLoanToOther},
	} {
		if _, _, a := scan(t, desk, x.card, x.copy); a.Result.Reason != x.want {
			t.Errorf("card %s, copy %s: %s %q, want %q", x.card, x.copy, a.Result.Outcome, a.Result.Reason, x.want)
		}
	}
}

// checkToday checks that today is open, served and ends no year.
func (b built) checkToday(t *testing.T) kiosk.Rules {
	t.Helper()
	var rules kiosk.Rules
	b.view(t, func(v kiosk.View) (err error) { rules, err = v.Rules(b.today); return err })
	if rules.Year.ID == "" || !rules.Year.Contains(b.today) || !rules.Calendar.Open(b.today) || rules.Site.Name != Name {
		t.Fatalf("today is not open: %+v", rules.Year)
	}
	if s := rules.Timetable.At(b.now, rules.Location); len(s.Grades) == 0 {
		t.Error("nobody is served today")
	}
	return rules
}

// scan is a card and then a copy: the answer is the card's when it is refused.
func scan(t *testing.T, d *circulation.Desk, card, code string) (ref, copyID kiosk.ID, a kiosk.Answer) {
	t.Helper()
	who, err := d.Identify(t.Context(), card)
	if err != nil || who.Kind != kiosk.KindPatron {
		t.Fatalf("card %q is %q, %v", card, who.Kind, err)
	}
	what, err := d.Identify(t.Context(), code)
	if err != nil || what.Kind != kiosk.KindCopy {
		t.Fatalf("copy %q is %q, %v", code, what.Kind, err)
	}
	at := kiosk.Attempt{Station: kiosk.DefaultStation, Code: card, Kind: kiosk.KindPatron}
	if a, err = d.Enter(t.Context(), at, card); err == nil && a.Result.Outcome == kiosk.SessionOpened {
		at.Code, at.Kind = code, kiosk.KindCopy
		a, err = d.Checkout(t.Context(), at, who.Member.Ref, what.Item.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return who.Member.Ref, what.Item.ID, a
}

// checkHistory: the events are in the order of time, on open days, before
// today, and their replay gives the loans and copies as they are.
func checkHistory(t *testing.T, b built) {
	t.Helper()
	replay := kiosk.NewProjection()
	rules := map[kiosk.Day]kiosk.Rules{}
	b.view(t, func(v kiosk.View) error {
		loc, err := kiosk.LocationOf(v)
		if err != nil {
			return err
		}
		last := time.Time{}
		for i, e := range b.events(t) {
			replay.Apply(e)
			on := kiosk.DayOf(e.OccurredAt, loc)
			r, ok := rules[on]
			if !ok {
				if r, err = v.Rules(on); err != nil {
					return err
				}
				rules[on] = r
			}
			if e.Seq != int64(i+1) || !e.ClockOK || e.RecordedAt.Before(last) || !e.RecordedAt.Equal(e.OccurredAt) || !on.Before(b.today) {
				t.Fatalf("event %d out of order: %+v", i+1, e)
			}
			last = e.RecordedAt
			if e.Type != kiosk.EventCopyAdded && !r.Calendar.Open(on) {
				t.Errorf("event %d: %s on %s, %s, when the library is shut", e.Seq, e.Type, on, on.Weekday())
			}
			for _, l := range e.Payload.Changes.Loans {
				if !r.Calendar.Open(l.DueOn) || l.DueOn.After(r.Year.Recall) {
					t.Errorf("event %d: due on %s, %s", e.Seq, l.DueOn, l.DueOn.Weekday())
				}
			}
		}
		return nil
	})
	b.view(t, func(v kiosk.View) error {
		loans, copies := 0, 0
		if err := v.EachLoan(false, func(l kiosk.Loan) error {
			loans++
			r, ok := replay.Loans[l.ID]
			if !ok || !r.CheckedOutAt.Equal(l.CheckedOutAt) || !r.ReturnedAt.Equal(l.ReturnedAt) {
				t.Errorf("loan %+v is %+v after replay", l, r)
			}
			r.CheckedOutAt, r.ReturnedAt = l.CheckedOutAt, l.ReturnedAt
			if r != l {
				t.Errorf("loan %+v is %+v after replay", l, r)
			}
			return nil
		}); err != nil {
			return err
		}
		if err := v.EachItem(func(i kiosk.Item) error {
			copies++
			if replay.Copies[i.ID] != i.State {
				t.Errorf("copy %+v is %+v after replay", i.State, replay.Copies[i.ID])
			}
			return nil
		}); err != nil {
			return err
		}
		if loans != len(replay.Loans) || copies != len(replay.Copies) || copies != Copies {
			t.Errorf("%d loans and %d copies, %d and %d after replay", loans, copies, len(replay.Loans), len(replay.Copies))
		}
		return nil
	})
}

// A school day in November, looked at from every side.
func TestSchoolDay(t *testing.T) {
	c := &counted{sets: map[[2]any]int{}}
	b := buildOn(t, func(now func() time.Time) kiosk.Ledger { c.Ledger = inMemory(now); return c }, "2026-11-24", small)
	t.Run("figures", func(t *testing.T) { checkFigures(t, b, c) })
	t.Run("history", func(t *testing.T) { checkHistory(t, b) })
	t.Run("varied", func(t *testing.T) { checkVaried(t, b) })
	t.Run("paperwork", func(t *testing.T) { checkPaperwork(t, b) })
	t.Run("same again", func(t *testing.T) {
		sameLines(t, digest(t, b), digest(t, buildOn(t, inMemory, "2026-11-24", small)))
	})
	t.Run("not built over", func(t *testing.T) { checkNotBuiltOver(t, b) })
	t.Run("offer", func(t *testing.T) { checkOffer(t, b) })
	t.Run("opened again", func(t *testing.T) { checkOpenToday(t, b) })
}

// checkVaried: the screens have something of everything to show.
func checkVaried(t *testing.T, b built) {
	t.Helper()
	types, reasons := map[kiosk.EventType]int{}, map[kiosk.Reason]int{}
	for _, e := range b.events(t) {
		types[e.Type]++
		if e.Type == kiosk.EventRefused {
			reasons[e.Payload.Reason]++
		}
	}
	for _, want := range []kiosk.EventType{
		kiosk.EventCopyAdded, kiosk.EventCopyChanged, kiosk.EventVisit, kiosk.EventCheckedOut, kiosk.EventReturned,
		kiosk.EventRenewed, kiosk.EventUsedOnSite, kiosk.EventRefused,
	} {
		if types[want] == 0 {
			t.Errorf("no %s", want)
		}
	}
	for _, want := range []kiosk.Reason{kiosk.ReasonCardBlocked, kiosk.ReasonCardExpired, kiosk.ReasonOnSiteOnly, kiosk.ReasonUnknownBarcode} {
		if reasons[want] == 0 {
			t.Errorf("no refusal for %s", want)
		}
	}
	overdue, lost, status := map[kiosk.ID]bool{}, 0, map[kiosk.CopyStatus]int{}
	b.view(t, func(v kiosk.View) error {
		if err := v.EachLoan(false, func(l kiosk.Loan) error {
			if l.Overdue(b.today) {
				overdue[l.PatronRef] = true
			}
			if l.End == kiosk.LoanLost {
				lost++
			}
			return nil
		}); err != nil {
			return err
		}
		return v.EachItem(func(i kiosk.Item) error { status[i.State.Status]++; return nil })
	})
	if len(overdue) < forgetfulPupils+forgetfulAdults || len(overdue) > 60 {
		t.Errorf("%d patrons are overdue", len(overdue))
	}
	if status[kiosk.CopyLost] != lostCopies || status[kiosk.CopyWithdrawn] != withdrawnCopies || status[kiosk.CopyInRepair] != mendedCopies || lost > lostCopies {
		t.Errorf("statuses %v, %d loans ended as lost", status, lost)
	}
}

// checkPaperwork: the desk's pages for lessons, the room, textbooks and serials
// have something of everything.
func checkPaperwork(t *testing.T, b built) {
	t.Helper()
	b.view(t, func(v kiosk.View) error {
		rules, err := v.Rules(b.today)
		if err != nil {
			return err
		}
		lessons, err := v.Lessons(rules.Year.Start, rules.Year.End)
		waiting, back := 0, 0
		for _, l := range lessons {
			switch {
			case l.Status == kiosk.LessonWaiting && !l.On.Before(b.today):
				waiting++
			case l.Status == kiosk.LessonBack && l.Given == l.Count:
				back++
			}
		}
		if err != nil || waiting != 2 || back != 1 {
			t.Errorf("%d lessons wait and %d are over, %v", waiting, back, err)
		}
		acts, err := v.Activities(rules.Year.Start, rules.Year.End)
		planned, done := 0, 0
		for _, a := range acts {
			for _, o := range acts {
				if a.Meets(o) {
					t.Errorf("%s and %s are in the room at once on %s", a.Class, o.Class, a.Day)
				}
			}
			switch {
			case a.Status == kiosk.ActivityPlanned && a.Day.Before(b.today), a.Status == kiosk.ActivityDone && !a.Day.Before(b.today):
				t.Errorf("%s on %s", a.Status, a.Day)
			case a.Status == kiosk.ActivityPlanned:
				planned++
			default:
				done++
			}
		}
		if err != nil || planned != plannedAhead || done != periodsDays {
			t.Errorf("%d periods planned and %d done, %v", planned, done, err)
		}
		outs, err := v.Handouts()
		books := 0
		for _, h := range outs {
			books += h.Out()
		}
		if want := 2*5*handedOut - (handedOut - 2); err != nil || books != want {
			t.Errorf("%d textbooks handed out, want %d, %v", books, want, err)
		}
		subs, err := v.Subscriptions()
		came, asked, expected := 0, 0, 0
		for _, s := range subs {
			issues, err := v.IssuesOf(s.ID)
			if err != nil {
				return err
			}
			for _, i := range issues {
				switch {
				case i.Here():
					came++
				case !i.Claimed.IsZero():
					asked++
				case i.Status == kiosk.IssueExpected:
					expected++
				}
			}
		}
		if len(subs) != ordered || came < 3*ordered || asked != 1 || expected == 0 {
			t.Errorf("%d serials, %d numbers came, %d asked for, %d expected", len(subs), came, asked, expected)
		}
		return err
	})
}

// sameLines compares two schools that should differ in their ids only.
func sameLines(t *testing.T, one, two []string) {
	t.Helper()
	for i := range min(len(one), len(two)) {
		if one[i] != two[i] {
			t.Fatalf("line %d differs:\n%s\n%s", i, one[i], two[i])
		}
	}
	if len(one) != len(two) {
		t.Errorf("%d and %d lines", len(one), len(two))
	}
}

// digest is everything of a school that people or scanners see.
func digest(t *testing.T, b built) []string {
	lines := []string{fmt.Sprintf("%+v", b.School)}
	b.view(t, func(v kiosk.View) error {
		card, code := map[kiosk.ID]string{}, map[kiosk.ID]string{}
		return errors.Join(
			v.EachMember(b.today, func(m kiosk.Member) error {
				card[m.Ref] = m.Name
				lines = append(lines, fmt.Sprint(m.Card.Barcode, m.Name, m.Class, m.Grade, m.BirthDate, m.Sex, m.Category, m.CreatedAt.UTC()))
				return nil
			}),
			v.EachItem(func(i kiosk.Item) error {
				code[i.ID] = i.Barcode
				s, title := i.State, i.Title
				s.CopyID, s.Place, title.ID = "", "", ""
				lines = append(lines, fmt.Sprintf("%s %s %s %v %v %s %d", i.Barcode, i.Accession, i.PlaceName, s, title, i.Received, i.Price))
				return nil
			}),
			v.EachLoan(false, func(l kiosk.Loan) error {
				lines = append(lines, fmt.Sprint(card[l.PatronRef], code[l.CopyID], l.CheckedOutAt.UTC(), l.DueOn, l.Renewals, l.ReturnedAt.UTC(), l.End, l.Type))
				return nil
			}),
		)
	})
	return lines
}

// checkNotBuiltOver: nothing is built over a school that is there.
func checkNotBuiltOver(t *testing.T, b built) {
	t.Helper()
	before := len(b.events(t))
	if _, err := Build(t.Context(), b, b.today, b.now, nil); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("built again: %v", err)
	}
	if after := len(b.events(t)); after != before {
		t.Errorf("%d events became %d", before, after)
	}
	if _, err := Build(t.Context(), b, b.today.Add(1), b.now, nil); err == nil {
		t.Error("built for a day that is not now's")
	}
}

// A start that is given up leaves nothing behind.
func TestBuildIsAllOrNothing(t *testing.T) {
	b := built{today: kiosk.MustDay("2026-11-24"), now: time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)}
	b.Ledger = inMemory(func() time.Time { return b.now })
	ctx, stop := context.WithCancel(t.Context())
	_, err := build(ctx, b, b.today, b.now, func(_, _ int, what string) {
		if strings.HasPrefix(what, "history 2026-03") {
			stop()
		}
	}, small)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("a cancelled build: %v", err)
	}
	if n := len(b.events(t)); n != 0 {
		t.Errorf("%d events of a build that was given up", n)
	}
	if _, err := Find(t.Context(), b, b.now); !errors.Is(err, kiosk.ErrNotFound) {
		t.Errorf("found in an empty ledger: %v", err)
	}
}

// checkOpenToday: kept data is opened again on days when the school is shut.
func checkOpenToday(t *testing.T, b built) {
	t.Helper()
	for _, day := range []string{"2026-11-25", "2026-12-06", "2027-02-18", "2027-05-22"} {
		b.today = kiosk.MustDay(day)
		b.now = b.today.At(1, 30, time.UTC) // half past eight at the school
		if err := OpenToday(t.Context(), b, b.today); err != nil {
			t.Fatal(err)
		}
		b.checkToday(t)
		s, err := Find(t.Context(), b, b.now)
		if err != nil || len(s.Cards) != offered || len(s.Copies) != offered {
			t.Errorf("%s: %d cards, %d copies, %v", day, len(s.Cards), len(s.Copies), err)
		}
	}
}

// One act that fails fails the batch, so that its outer transaction rolls back.
func TestBatchFailsAsAWhole(t *testing.T) {
	l := inMemory(nil)
	wrong := errors.New("wrong")
	err := l.Update(t.Context(), func(tx kiosk.Tx) error {
		b := &batch{tx: tx}
		put := func(tx kiosk.Tx) error {
			return tx.PutPlace(kiosk.Place{ID: tx.NewID(), Code: "Z1", Name: "Z", Kind: kiosk.Elsewhere})
		}
		if err := b.Update(t.Context(), put); err != nil {
			t.Error(err)
		}
		if err := b.Update(t.Context(), func(kiosk.Tx) error { return wrong }); !errors.Is(err, wrong) {
			t.Error(err)
		}
		if err := b.Update(t.Context(), func(kiosk.Tx) error { t.Error("an act after the failure"); return nil }); !errors.Is(err, wrong) {
			t.Error(err)
		}
		return b.Err()
	})
	if !errors.Is(err, wrong) {
		t.Fatal(err)
	}
	err = l.View(t.Context(), func(v kiosk.View) error {
		ps, err := v.Places()
		if slices.ContainsFunc(ps, func(p kiosk.Place) bool { return p.Code == "Z1" }) {
			t.Error("the failed batch left a place")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
