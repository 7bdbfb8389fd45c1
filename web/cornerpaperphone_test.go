package web_test

import (
	"testing"
	"time"

	"muontra/kiosk"
)

// What a phone copies from the paper of a week counts as of that week and as from
// paper, in the order in which it is copied; a week to come, or of long ago, stays
// on the phone for a person to see to.
func TestAPhoneCopiesTheCornersPaper(t *testing.T) {
	t.Parallel()
	c := newClassroom(t) // a Tuesday
	p := c.teacherPhone()
	monday := c.Today().Add(-8)
	lent := c.did("w1", "lend", 0, "pupil", c.an.ID, "copy", c.books[0].ID, "week", monday.String())
	answers := c.send(p, lent, c.did("w2", "read", 0, "count", 31, "week", monday.String()))
	if answers[0]["outcome"] != string(kiosk.CheckedOut) || answers[1]["outcome"] != string(kiosk.UsedOnSite) {
		t.Fatalf("%v", answers)
	}
	c.Advance(time.Minute)
	if again := c.send(p, lent); again[0]["outcome"] != string(kiosk.CheckedOut) {
		t.Errorf("sent again: %v", again)
	}
	c.view(func(v kiosk.View) error {
		l, err := v.OpenLoan(c.books[0].ID)
		if err != nil {
			return err
		}
		loc, err := kiosk.LocationOf(v)
		if kiosk.DayOf(l.CheckedOutAt, loc) != monday {
			t.Errorf("lent on %v", l.CheckedOutAt)
		}
		all, err2 := v.Readings(c.corner, monday, monday.Add(4))
		if len(all) != 1 || all[0].Count != 31 || all[0].Day != monday.Add(4) || all[0].Source != kiosk.FromSheet {
			t.Errorf("readings: %+v", all)
		}
		if err == nil {
			err = err2
		}
		return err
	})
	n := 0
	for _, e := range c.Events() {
		if ch := e.Payload.Corner; ch != nil && ch.Source == kiosk.FromSheet && ch.Act != nil {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d events are marked as from paper, want 2", n)
	}
	back := c.send(p, c.did("w3", "return", 0, "copy", c.books[0].ID, "week", monday.String()))
	if back[0]["outcome"] != string(kiosk.Returned) || c.holder(c.books[0]) != "" {
		t.Errorf("returned on paper: %v", back)
	}
	for id, week := range map[string]string{"next": monday.Add(14).String(), "old": monday.Add(-7 * 20).String(), "tuesday": c.Today().String(), "none": "soon"} {
		if a := c.send(p, c.did("b"+id, "read", 0, "count", 1, "week", week)); a[0]["state"] != "stuck" {
			t.Errorf("%s: %v", id, a)
		}
	}
	c.Replayed()
}
